"""The platform's methods on a book: what each takes and gives, with its codes."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

from pos.simulators.tax.book import MOST_RETRIES, Book, Form, Invoice
from pos.simulators.tax.checking import order_fault, red_fault
from pos.simulators.tax.scripts import script

Data = dict[str, Any]
_WORDS = {
    "20": "开票中",
    "21": "开票成功签章中",
    "2": "开票完成（最终状态）",
    "22": "开票失败",
    "24": "开票成功签章失败",
}
_MOST_NUMBERS = 50


def told(code: str, words: str = "", result: Any = None) -> Data:
    """The wrapping of every answer."""
    return {"code": code, "describe": words or "成功", "result": result}


def request_billing(book: Book, data: Data, seller: str, name: str) -> Data:
    """requestBillingNew."""
    order = data.get("order")
    if not isinstance(order, dict):
        return told("E4000", "order不能为空")
    if order.get("orderNo") in book.invoices:
        return told("E9106", "订单编号不能重复")
    if code := script(name).reject:
        return told(code, "参数不正确（模拟）")
    if fault := order_fault(order, seller):
        return told(*fault)
    return told("E0000", result={"invoiceSerialNum": book.take(order, name).serial})


def query(book: Book, data: Data, base: str) -> Data:
    """queryInvoiceResult."""
    serials, numbers = data.get("serialNos") or [], data.get("orderNos") or []
    if not serials and not numbers:
        return told("E9611", "发票流水号或订单号不能全为空")
    if len(serials) > _MOST_NUMBERS or len(numbers) > _MOST_NUMBERS:
        return told("E4000", "最多查50个")
    for form in list(book.forms.values()):
        book.red_of(form)
    found = [
        i
        for i in book.invoices.values()
        if (i.serial in serials or (not serials and i.order_no in numbers)) and not _hidden(book, i)
    ]
    if not found:
        return told("E9500", "发票不存在")
    return told("E0000", "获取成功", [result(book, invoice, base) for invoice in found])


def _hidden(book: Book, invoice: Invoice) -> bool:
    """For a while after it was taken the platform may not find an order yet."""
    return book.clock.now() < invoice.at + script(invoice.script).hidden_s


def result(book: Book, invoice: Invoice, base: str) -> Data:
    """One invoice as a query tells it; the links lead to this simulator."""
    status = book.status(invoice)
    one: Data = {
        "serialNo": invoice.serial,
        "orderNo": invoice.order_no,
        "status": status,
        "statusMsg": _WORDS[status],
        "failCause": script(invoice.script).cause if status in ("22", "24") else "",
        "payerName": invoice.data.get("buyerName", ""),
        "payerTaxNo": invoice.data.get("buyerTaxNum", ""),
        "salerTaxNum": invoice.data.get("salerTaxNum", ""),
        "invoiceType": "2" if invoice.red else "1",
        "remark": invoice.data.get("remark", ""),
    }
    if status == "2":
        link = f"{base}/file/{invoice.number}"
        one |= {
            "invoiceNo": invoice.number,
            "allElectronicInvoiceNumber": invoice.number,
            "invoiceTime": int((book.done_at(invoice) or invoice.at) * 1000),
            "pdfUrl": f"{link}.pdf",
            "ofdUrl": f"{link}.ofd",
            "xmlUrl": f"{link}.xml",
            "emailNotifyStatus": "1" if invoice.data.get("email") else "4",
            "phoneNotifyStatus": "1" if invoice.data.get("buyerPhone") else "4",
        }
    return one


def re_invoice(book: Book, data: Data) -> Data:
    """reInvoice."""
    wanted = data.get("fpqqlsh"), data.get("orderno")
    found = [i for i in book.invoices.values() if wanted[0] == i.serial or wanted[1] == i.order_no]
    if not found:
        return told("E9500", "发票不存在")
    invoice = found[0]
    if book.status(invoice) not in ("22", "24"):
        return told("E9999", "开票中或已开具，无需重试")
    if invoice.retries >= MOST_RETRIES:
        return told("E9613", "同一流水号(订单号)单日最多重试20次")
    book.retry(invoice)
    return told("E0000", "重试成功")


def save_red(book: Book, data: Data, seller: str, name: str) -> Data:
    """saveInvoiceRedConfirm."""
    if data.get("sellerTaxNo") != seller:
        return told("E9302", "销方税号与授权税号不一致")
    if str(data.get("billId")) in book.forms or data.get("orderNo") in book.invoices:
        return told("E9106", "申请号不能重复")
    if code := script(name).reject:
        return told(code, "参数不正确（模拟）")
    blue = book.by_number(str(data.get("blueElecInvoiceNumber", "")))
    order = blue.data if blue and not blue.red else None
    standing = book.standing_forms(blue.order_no) if blue else []
    if fault := red_fault(data, order, [form.data for form in standing]):
        return told(*fault)
    return told("E0000", result=book.take_form(data, name, blue.order_no if blue else "").bill_id)


def query_red(book: Book, data: Data) -> Data:
    """queryInvoiceRedConfirm."""
    if data.get("identity") not in ("0", "1"):
        return told("E4000", "identity不能为空")
    wanted = (data.get("billId"), data.get("billNo"))
    if not any(wanted):
        return told("E4000", "申请号、编号不能全为空")
    found = [f for f in book.forms.values() if f.bill_id == wanted[0] or f.bill_no == wanted[1]]
    return told("E0000", "查询成功", {"total": len(found), "list": [_form(book, f) for f in found]})


def _form(book: Book, form: Form) -> Data:
    red = book.red_of(form)
    one: Data = {
        "billId": form.bill_id,
        "billNo": form.bill_no,
        "billUuid": f"uuid{form.bill_no}",
        "billStatus": book.form_status(form),
        "billMessage": "红字确认单申请失败（模拟）" if book.form_status(form) == "16" else "",
        "applySource": "0",
        "openStatus": "1" if red is not None and book.status(red) == "2" else "0",
        "redReason": form.data.get("redReason"),
        "blueElecInvoiceNumber": form.data.get("blueElecInvoiceNumber"),
    }
    if red is not None:
        one |= {"invoiceSerialNum": red.serial, "orderNo": red.order_no}
    return one


def cancel_red(book: Book, data: Data) -> Data:
    """confirmInfoCancel."""
    form = book.forms.get(str(data.get("billId")))
    if form is None or book.form_status(form) not in ("02", "15"):
        return told("E9999", "红字确认单状态不允许撤销")
    form.gone_at = book.clock.now()
    return told("E0000")


def deliver(book: Book, data: Data) -> Data:
    """deliveryInvoice."""
    if not data.get("phone") and not data.get("mail"):
        return told("E4000", "交付手机号和交付邮箱至少有一个不为空")
    if book.by_number(str(data.get("invoiceNum", ""))) is None:
        return told("E9999", "发票不存在不能重新交付")
    return told("E0000", "交付成功")


Method = Callable[[Book, Data, str, str, str], Data]
METHODS: dict[str, Method] = {
    "requestBillingNew": lambda book, data, seller, name, base: request_billing(
        book, data, seller, name
    ),
    "queryInvoiceResult": lambda book, data, seller, name, base: query(book, data, base),
    "reInvoice": lambda book, data, seller, name, base: re_invoice(book, data),
    "saveInvoiceRedConfirm": lambda book, data, seller, name, base: save_red(
        book, data, seller, name
    ),
    "queryInvoiceRedConfirm": lambda book, data, seller, name, base: query_red(book, data),
    "confirmInfoCancel": lambda book, data, seller, name, base: cancel_red(book, data),
    "deliveryInvoice": lambda book, data, seller, name, base: deliver(book, data),
}
"""By the last part of the method's name: (book, data, seller, script, base)."""
WRITES = ("requestBillingNew", "saveInvoiceRedConfirm")
"""Methods a script applies to."""
