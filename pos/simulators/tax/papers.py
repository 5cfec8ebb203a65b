"""The files behind an invoice's links: the 数电票 XML, unsigned and marked 模拟."""

from __future__ import annotations

from xml.etree.ElementTree import Element, SubElement, tostring  # nosec B405  # writes only, reads nothing

from pos.simulators.tax.book import Book, Invoice
from pos.simulators.wallets.clock import plain
from pos.simulators.wallets.server import Reply


def paper(book: Book, name: str) -> Reply:
    """`NUMBER.xml`, `.pdf` or `.ofd`; the last two are plain words: no shop books them."""
    number, _, kind = name.partition(".")
    invoice = book.by_number(number)
    if invoice is None or kind not in ("xml", "pdf", "ofd"):
        return Reply(404)
    if kind == "xml":
        return Reply(200, xml(book, invoice), {"Content-Type": "application/xml; charset=utf-8"})
    words = f"模拟发票，不能报销 {number} {invoice.data.get('buyerName', '')}\n"
    return Reply(200, words.encode(), {"Content-Type": "text/plain; charset=utf-8"})


def xml(book: Book, invoice: Invoice) -> bytes:
    """The bureau's EInvoice without its signature; look-alike tags as the standard spells them."""
    root = Element("EInvoice")
    head = SubElement(root, "Header")
    _put(head, EIid=invoice.number, EInvoiceTag="SIM", Version="0.31")
    special = "01" if invoice.data.get("invoiceLine") == "bs" else "02"
    label = SubElement(head, "InherentLabel")
    _put(label, InIssuType="Y", EInvoiceType="01", GeneralOrSpecialVAT=special)
    data = SubElement(root, "EInvoiceData")
    seller = SubElement(data, "SellerInformation")
    _put(seller, SellerIdNum=invoice.data.get("salerTaxNum", ""), SellerName="模拟销方")
    buyer = SubElement(data, "BuyerInformation")
    names = {"BuyerIdNum": "buyerTaxNum", "BuyerName": "buyerName"}
    _put(buyer, **{tag: str(invoice.data.get(name, "")) for tag, name in names.items()})
    rows = invoice.data.get("invoiceDetail", [])
    for row in rows:
        item = SubElement(data, "IssuItemInformation")
        _put(
            item,
            ItemName=row["goodsName"],
            Amount=row["taxExcludedAmount"],
            TaxRate=row["taxRate"],
            ComTaxAm=row["tax"],
            TotaltaxIncludedAmount=row["taxIncludedAmount"],
            TaxClassificationCode=row["goodsCode"],
        )
    basic = SubElement(data, "BasicInformation")
    _put(basic, Drawer=str(invoice.data.get("clerk", "")), RequestTime=plain(invoice.at))
    more = SubElement(data, "AdditionalInformation")
    _put(more, Remark=f"模拟 {invoice.data.get('remark', '')}".strip())
    tax = SubElement(root, "TaxSupervisionInfo")
    _put(tax, InvoiceNumber=invoice.number, IssueTime=plain(book.done_at(invoice) or invoice.at))
    written: bytes = tostring(root, "utf-8", xml_declaration=True)
    return written


def _put(parent: Element, **values: str) -> None:
    for tag, text in values.items():
        SubElement(parent, tag).text = text
