"""Documents and red-letter forms as the platform's fields: text throughout, yuan, decimals.

Field names and lengths are those of requestBillingNew and saveInvoiceRedConfirm, version 2.0.
"""

from __future__ import annotations

from typing import Any

from pos.clock import local, moment_of
from pos.invoices.document import Document, Item, RedForm, RedReason, RedRow
from pos.invoices.settings import InvoiceSettings
from pos.money import MILLI, half_up, quantity, yuan

KINDS = {"normal": "pc", "special": "bs"}
REASONS: dict[RedReason, str] = {"return": "1", "mistake": "2", "stopped": "3", "allowance": "4"}
"""The platform's numbers; the bureau's are others."""
_ZERO = {"": "", "exempt": "03", "untaxed": "04"}
_WAIVER = {"": "", "earlier": "2", "choice": "3"}
PRICE_DIGITS = 8


def order(document: Document, settings: InvoiceSettings, call_back: str = "") -> dict[str, Any]:
    """The `order` of requestBillingNew; `call_back`: the address for news of it, if any."""
    buyer, seller = document.buyer, settings.seller
    told = {
        "buyerName": buyer.title,
        "buyerTaxNum": buyer.tax_id,
        "buyerTel": buyer.phone,
        "buyerAddress": buyer.address,
        "buyerAccount": f"{buyer.bank} {buyer.account}".strip(),
        "salerTaxNum": seller.tax_id,
        "salerTel": seller.phone,
        "salerAddress": seller.address,
        "salerAccount": f"{seller.bank} {seller.account}".strip(),
        "orderNo": document.invoice_no,
        "invoiceDate": local(moment_of(document.at)).strftime("%Y-%m-%d %H:%M:%S"),
        "clerk": settings.clerk,
        "payee": settings.payee,
        "checker": settings.checker,
        "remark": document.remark,
        "pushMode": _push(buyer.email, buyer.mobile),
        "buyerPhone": buyer.mobile,
        "email": buyer.email,
        "callBackUrl": call_back,
        "invoiceType": "1",
        "invoiceLine": KINDS[document.kind],
        "naturalPersonFlag": "1" if buyer.person and buyer.tax_id else "0",
        "extensionNumber": settings.nuonuo.extension,
    }
    if settings.taxpayer == "small" and any(item.tax_bp == 300 for item in document.items):
        told["surveyAnswerType"] = _WAIVER[settings.waiver]
    told = {name: value for name, value in told.items() if value != ""}
    rows = [row for item in document.items for row in detail_rows(item)]
    return {"order": {**told, "invoiceDetail": rows}}


def detail_rows(item: Item) -> list[dict[str, str]]:
    """A row, and the discount row right behind it."""
    discounted = bool(item.discount_fen)
    row = {
        "goodsName": item.name,
        "goodsCode": item.tax_code,
        "withTaxFlag": "1",
        "price": price_text(item.gross_fen, item.milli),
        "num": quantity(item.milli),
        "unit": item.unit,
        "specType": item.spec,
        **_amounts(item.gross_fen, item.gross_tax_fen),
        "taxRate": rate_text(item.tax_bp),
        "invoiceLineProperty": "2" if discounted else "0",
        "favouredPolicyFlag": _ZERO[item.zero],
    }
    rows = [{name: value for name, value in row.items() if value != ""}]
    if discounted:
        taken = {
            "goodsName": item.name,
            "goodsCode": item.tax_code,
            "withTaxFlag": "1",
            **_amounts(-item.discount_fen, -item.discount_tax_fen),
            "taxRate": rate_text(item.tax_bp),
            "invoiceLineProperty": "1",
            "favouredPolicyFlag": _ZERO[item.zero],
        }
        rows.append({name: value for name, value in taken.items() if value != ""})
    return rows


def red(form: RedForm, settings: InvoiceSettings) -> dict[str, Any]:
    """The form of saveInvoiceRedConfirm; rows only where part of the invoice goes back."""
    told: dict[str, Any] = {
        "billId": form.red_no,
        "orderNo": form.red_no,
        "blueInvoiceLine": KINDS[form.kind],
        "applySource": "0",
        "blueElecInvoiceNumber": form.blue_no,
        "sellerTaxNo": settings.seller.tax_id,
        "sellerName": settings.seller.name,
        "buyerTaxNo": form.buyer_tax_id,
        "buyerName": form.buyer_title,
        "redReason": REASONS[form.reason],
        "autoInvoice": "1",
        "phone": form.phone,
        "email": form.email,
        "extensionNumber": settings.nuonuo.extension,
    }
    told = {name: value for name, value in told.items() if value != ""}
    if form.rows and not form.whole:
        told["detail"] = [_red_row(row) for row in form.rows]
    return told


def _red_row(row: RedRow) -> dict[str, str]:
    item, without = row.item, row.net_fen - row.tax_fen
    told = {
        "blueDetailIndex": str(item.n),
        "goodsName": item.name,
        "unit": item.unit,
        "specType": item.spec,
        "num": quantity(-row.milli),
        "taxExcludedPrice": price_text(without, row.milli),
        "taxExcludedAmount": yuan(-without),
        "taxAmount": yuan(-row.tax_fen),
        "taxRate": rate_text(item.tax_bp),
        "goodsCode": item.tax_code,
        "favouredPolicyFlag": _ZERO[item.zero],
    }
    return {name: value for name, value in told.items() if value != ""}


def price_text(fen: int, milli: int, digits: int = PRICE_DIGITS) -> str:
    """The price of a whole one in yuan, `digits` decimals, without needless zeros."""
    scale = 10**digits
    value = half_up(fen * MILLI * scale, milli * 100)
    whole, part = divmod(value, scale)
    return f"{whole}.{part:0{digits}d}".rstrip("0").rstrip(".")


def rate_text(bp: int) -> str:
    """1300 as `0.13`, 0 as `0`."""
    whole, part = divmod(bp, 10_000)
    return f"{whole}.{part:04d}".rstrip("0").rstrip(".")


def _amounts(fen: int, tax_fen: int) -> dict[str, str]:
    return {
        "tax": yuan(tax_fen),
        "taxExcludedAmount": yuan(fen - tax_fen),
        "taxIncludedAmount": yuan(fen),
    }


def _push(email: str, mobile: str) -> str:
    if email:
        return "2" if mobile else "0"
    return "1" if mobile else "-1"
