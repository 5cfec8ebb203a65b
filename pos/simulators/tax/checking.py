"""What the platform checks before it takes an order, in Decimal: (code, words) or None."""

from __future__ import annotations

import re
from decimal import Decimal, InvalidOperation
from typing import Any

Fault = tuple[str, str] | None
Data = dict[str, Any]

_REQUIRED = ("buyerName", "salerTaxNum", "orderNo", "invoiceDate", "clerk", "invoiceType")
_LONGEST = {
    "buyerName": 100, "buyerTaxNum": 20, "buyerTel": 50, "buyerAddress": 80, "buyerAccount": 100,
    "salerTaxNum": 20, "salerTel": 20, "salerAddress": 80, "orderNo": 20, "remark": 200,
    "clerk": 20, "payee": 20, "checker": 20, "buyerPhone": 20, "email": 50,
}  # fmt: skip
_LONGEST_ROW = {"goodsName": 90, "goodsCode": 19, "unit": 20, "specType": 40, "taxRate": 10}
_RATES = {"0.13", "0.09", "0.06", "0.05", "0.03", "0.015", "0.01", "0"}
_DATE = re.compile(r"\d{4}-\d\d-\d\d \d\d:\d\d:\d\d")
_MOST_ROWS = 2000
_CENT = Decimal("0.01")
_TAX_OFF = Decimal("0.06")


def order_fault(order: Data, seller: str) -> Fault:
    """An order of requestBillingNew."""
    for name in _REQUIRED:
        if not isinstance(order.get(name), str) or not order[name]:
            return "E4000", f"{name}不能为空"
    for name, most in _LONGEST.items():
        if len(str(order.get(name, ""))) > most:
            return "E4000", f"{name}长度不能超过{most}"
    if len(order.get("buyerTel", "") + order.get("buyerAddress", "")) > 100:
        return "E4000", "购方地址+电话总共不超100字符"
    if order["invoiceType"] != "1":
        return "E9101", "数电票冲红请对接红字确认单"
    if order.get("invoiceLine") not in ("pc", "bs"):
        return "E9101", "发票种类不正确"
    if not _DATE.fullmatch(order["invoiceDate"]):
        return "E4000", "invoiceDate格式不正确"
    if order["salerTaxNum"] != seller:
        return "E9302", "销方税号与授权税号不一致"
    if order["invoiceLine"] == "bs" and not order.get("buyerTaxNum"):
        return "E4000", "数电专票购方税号不能为空"
    if order.get("pushMode", "1") in ("0", "2") and not order.get("email"):
        return "E4000", "推送邮箱不能为空"
    if order.get("pushMode", "1") in ("1", "2") and not order.get("buyerPhone"):
        return "E4000", "购方手机不能为空"
    rows = order.get("invoiceDetail")
    if not isinstance(rows, list) or not rows:
        return "E9122", "发票明细不能为空"
    if len(rows) > _MOST_ROWS:
        return "E9154", "发票明细不能超过2000行"
    return _rows_fault(rows)


def _rows_fault(rows: list[Data]) -> Fault:
    for number, row in enumerate(rows):
        before = rows[number - 1] if number else None
        behind = rows[number + 1] if number + 1 < len(rows) else None
        fault = _row_fault(row) or _discount_fault(row, before, behind)
        if fault:
            return fault[0], f"第{number + 1}行：{fault[1]}"
    return None


def _row_fault(row: Data) -> Fault:
    if not row.get("goodsName"):
        return "E4000", "商品名称不能为空"
    for name, most in _LONGEST_ROW.items():
        if len(str(row.get(name, ""))) > most:
            return "E4000", f"{name}长度不能超过{most}"
    code = row.get("goodsCode", "")
    if len(code) != 19 or not code.isdigit():
        return "E4000", "商品编码须为19位数字"
    if row.get("taxRate") not in _RATES:
        return "E4000", "税率不正确"
    if row.get("withTaxFlag") not in ("0", "1"):
        return "E4000", "withTaxFlag不正确"
    try:
        tax, without, whole = (
            Decimal(row[name]) for name in ("tax", "taxExcludedAmount", "taxIncludedAmount")
        )
        price = Decimal(row["price"]) if row.get("price") else None
        count = Decimal(row["num"]) if row.get("num") else None
    except KeyError:
        return "E9123", "单价为空时金额、税额均不能为空"
    except (InvalidOperation, TypeError):
        return "E4000", "金额不是数字"
    if without + tax != whole:
        return "E9130", "不含税金额+税额≠含税金额"
    if abs(without * Decimal(row["taxRate"]) - tax) > _TAX_OFF:
        return "E9131", "税额误差超过0.06"
    discount = row.get("invoiceLineProperty") == "1"
    if (whole > 0) is discount or not whole:
        return "E9111", "金额正负不正确"
    if (price is None) is not (count is None):
        return "E9123", "单价与数量须同时为空"
    if count is not None and price is not None:
        if count <= 0 or discount:
            return "E9114", "数量正负不正确"
        amount = whole if row["withTaxFlag"] == "1" else without
        if abs(price * count - amount) >= _CENT:
            return "E4000", "单价乘以数量与金额不符"
    return None


def _discount_fault(row: Data, before: Data | None, behind: Data | None) -> Fault:
    kind = row.get("invoiceLineProperty", "0")
    if kind == "2" and (behind is None or behind.get("invoiceLineProperty") != "1"):
        return "E9110", "被折扣行后须紧邻折扣行"
    if kind != "1":
        return None
    if before is None or before.get("invoiceLineProperty") != "2":
        return "E9110", "折扣行须紧邻被折扣行"
    if row["goodsName"] != before["goodsName"]:
        return "E9105", "折扣行商品名称须与被折扣行一致"
    if row["taxRate"] != before["taxRate"]:
        return "E9112", "折扣行税率须与被折扣行一致"
    if -Decimal(row["taxIncludedAmount"]) > Decimal(before["taxIncludedAmount"]):
        return "E9108", "折扣金额大于商品金额"
    return None


def red_fault(form: Data, blue: Data | None, gone: list[Data]) -> Fault:
    """A form of saveInvoiceRedConfirm against its blue order and the forms already taken."""
    for name in ("blueInvoiceLine", "applySource", "sellerTaxNo", "buyerName", "redReason"):
        if not form.get(name):
            return "E4000", f"{name}不能为空"
    if form["redReason"] not in ("1", "2", "3", "4"):
        return "E4000", "冲红原因不正确"
    if len(str(form.get("orderNo", ""))) > 20 or len(str(form.get("billId", ""))) > 32:
        return "E4000", "单号过长"
    if blue is None or form["blueInvoiceLine"] != blue["invoiceLine"]:
        return "E9102", "对应蓝票不存在"
    if form["buyerName"] != blue["buyerName"]:
        return "E9117", "购方名称与蓝票不一致"
    if form.get("buyerTaxNo", "") != blue.get("buyerTaxNum", ""):
        return "E9118", "购方税号与蓝票不一致"
    rows = form.get("detail") or []
    if not rows:
        return ("E9103", "已有红字确认单") if gone else None
    left = amounts_left(blue, gone)
    for row in rows:
        index = str(row.get("blueDetailIndex", ""))
        if index not in left:
            return "E9102", f"蓝票没有第{index}行或该行为折扣行"
        try:
            without, tax = Decimal(row["taxExcludedAmount"]), Decimal(row["taxAmount"])
            count = Decimal(row.get("num", "-1"))
        except (KeyError, InvalidOperation, TypeError):
            return "E4000", "金额不正确"
        if without >= 0 or tax > 0 or count >= 0:
            return "E9116", "红字金额、数量须为负"
        have_without, have_tax = left[index]
        if -without > have_without + _CENT or -tax > have_tax + _CENT:
            return "E9103", f"第{index}行可冲金额不足"
        if abs(without * Decimal(row["taxRate"]) - tax) > _TAX_OFF:
            return "E9131", "税额误差超过0.06"
        left[index] = (have_without + without, have_tax + tax)
    return None


def amounts_left(blue: Data, gone: list[Data]) -> dict[str, tuple[Decimal, Decimal]]:
    """What each row still stands for, without tax and tax; discount rows are in the row before."""
    left: dict[str, tuple[Decimal, Decimal]] = {}
    last = ""
    for number, row in enumerate(blue["invoiceDetail"], 1):
        without, tax = Decimal(row["taxExcludedAmount"]), Decimal(row["tax"])
        if row.get("invoiceLineProperty") == "1":
            left[last] = (left[last][0] + without, left[last][1] + tax)
        else:
            last = str(number)
            left[last] = (without, tax)
    for form in gone:
        for row in form.get("detail") or []:
            index = str(row["blueDetailIndex"])
            without, tax = Decimal(row["taxExcludedAmount"]), Decimal(row["taxAmount"])
            left[index] = (left[index][0] + without, left[index][1] + tax)
        if not form.get("detail"):
            left = dict.fromkeys(left, (Decimal(0), Decimal(0)))
    return left
