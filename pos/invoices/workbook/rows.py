"""Documents as the template's rows: text in every cell, by header. Pure."""

from __future__ import annotations

from collections.abc import Iterable

import msgspec

from pos.invoices.document import Document, Item, Limits
from pos.invoices.settings import InvoiceSettings
from pos.invoices.workbook.template import SERIAL, Column, Sheet
from pos.money import quantity, tax_within, yuan
from pos.refusal import Refused
from pos.text import harmless

MOST_DETAILS = 2000
"""The bureau: over 2,000 detail rows may fail, over 5,000 are refused."""
LIMITS = Limits(name=100, unit=22, spec=40, remark=230, rows=MOST_DETAILS)
Row = dict[str, str]
_KINDS = {"normal": "普通发票", "special": "增值税专用发票"}
_ZERO = {"exempt": "免税", "untaxed": "不征税"}
_WAIVERS = {"earlier": "前期", "choice": "因为"}


class Filled(msgspec.Struct, frozen=True):
    """One invoice's rows."""

    invoice_no: str
    basic: Row
    details: tuple[Row, ...]


def fill(document: Document, settings: InvoiceSettings, basic: Sheet) -> Filled:
    """The rows of one invoice; empty cells are left out."""
    buyer = document.buyer
    waives = settings.taxpayer == "small" and any(i.tax_bp == 300 for i in document.items)
    row = {
        SERIAL: document.invoice_no,
        "发票类型": _KINDS[document.kind],
        "是否含税": "是",
        "受票方自然人标识": "是" if buyer.person else "否",
        "购买方名称": buyer.title,
        "购买方纳税人识别号": buyer.tax_id,
        "购买方地址": buyer.address,
        "购买方电话": buyer.phone,
        "购买方开户银行": buyer.bank,
        "购买方银行账号": buyer.account,
        "备注": document.remark,
        "购买方邮箱": buyer.email,
        "收款人": settings.payee,
        "复核人": settings.checker,
        "放弃享受减按1%征收率原因": _waiver(settings, basic) if waives else "",
    }
    details = tuple(_detail(document.invoice_no, item) for item in document.items)
    return Filled(document.invoice_no, _told(row), details)


def batches(filled: Iterable[Filled], basic: Sheet) -> list[list[Filled]]:
    """Invoices in files: none with more than the lists of the first sheet reach, nor with more
    rows than the bureau takes; the rows of one invoice stay together."""
    most_basic = basic.last - basic.first + 1
    files: list[list[Filled]] = [[]]
    details = 0
    for one in filled:
        if files[-1] and (
            len(files[-1]) == most_basic or details + len(one.details) > MOST_DETAILS
        ):
            files.append([])
            details = 0
        files[-1].append(one)
        details += len(one.details)
    return [file for file in files if file]


def check(row: Row, columns: dict[str, Column], sheet: str) -> None:
    """Refused where a column is missing, too narrow, or takes other values only."""
    for header, text in row.items():
        column = columns.get(header)
        if column is None:
            raise Refused("template_column", sheet=sheet, header=header)
        if column.limit and len(text) > column.limit:
            raise Refused("template_long", header=header, most=column.limit, text=text[:40])
        if column.choices and text not in column.choices:
            raise Refused("template_choice", header=header, text=text[:40])


def _detail(invoice_no: str, item: Item) -> Row:
    # the bureau works tax out of each amount by itself: where a discount row would come to another
    # tax than the order's own, the row shows what was paid and no discount
    apart = tax_within(item.gross_fen, item.tax_bp) - tax_within(item.discount_fen, item.tax_bp)
    shows = item.discount_fen and apart == item.tax_fen
    row = {
        SERIAL: invoice_no,
        "项目名称": item.name,
        "商品和服务税收编码": item.tax_code,
        "规格型号": item.spec,
        "单位": item.unit or "件",
        "数量": quantity(item.milli),
        "金额": yuan(item.gross_fen if shows else item.net_fen),
        "税率": _rate(item.tax_bp),
        "折扣金额": yuan(item.discount_fen) if shows else "",
        "是否使用优惠政策": "是" if item.zero else "",
        "优惠政策类型": _ZERO.get(item.zero, ""),
    }
    return _told(row)


def _rate(bp: int) -> str:
    whole, part = divmod(bp, 10_000)
    return f"{whole}.{part:04d}".rstrip("0").rstrip(".")


def _waiver(settings: InvoiceSettings, basic: Sheet) -> str:
    """The template's own sentence for the reason: it takes no other."""
    column = basic.columns.get("放弃享受减按1%征收率原因")
    start = _WAIVERS.get(settings.waiver, "-")
    return next((c for c in (column.choices if column else ()) if c.startswith(start)), "")


def _told(row: Row) -> Row:
    told = {header: harmless(text, "") for header, text in row.items()}
    return {header: text for header, text in told.items() if text}
