"""The business parameters of each method: names, lengths, forms. Unknown ones are refused."""

from __future__ import annotations

import re
from collections.abc import Mapping
from typing import Any

from pos.simulators.alipay.gateway import business
from pos.simulators.wallets.clock import beijing, moment_of

NUMBER = r"[0-9A-Za-z_]{1,64}"
_MONEY = re.compile(r"(0|[1-9]\d{0,8})(\.\d{1,2})?")
_EXPRESS = re.compile(r"([1-9]\d{0,4})([mhd])|1c")
_TIME = re.compile(r"\d{4}-\d\d-\d\d \d\d:\d\d:\d\d")
_SUBJECT = r"[^/=&]{1,256}"
MAX_S = 15 * 86400

_ANY = r"(?s).{0,2048}"
_ORDER = {
    "out_trade_no": NUMBER,
    "total_amount": "money",
    "subject": _SUBJECT,
    "product_code": r"\w{1,64}",
    "seller_id": r"2088\d{12}",
    "body": r"(?s).{0,128}",
    "store_id": r".{0,32}",
    "operator_id": r".{0,28}",
    "terminal_id": r".{0,32}",
    "timeout_express": "express",
    "time_expire": "time",
    "notify_url": _ANY,
    "undiscountable_amount": "money",
    "discountable_amount": "money",
    "goods_detail": "data",
    "extend_params": "data",
    "business_params": "data",
    "query_options": "data",
    "passback_params": _ANY,
}
_WHICH = {"out_trade_no": NUMBER, "trade_no": r"\d{16,64}"}
FORMS: dict[str, tuple[dict[str, str], tuple[str, ...]]] = {
    "alipay.trade.pay": (
        _ORDER | {"scene": "bar_code", "auth_code": r"\d{1,32}"},
        ("out_trade_no", "total_amount", "subject", "scene", "auth_code"),
    ),
    "alipay.trade.precreate": (
        _ORDER | {"qr_code_timeout_express": "express"},
        ("out_trade_no", "total_amount", "subject"),
    ),
    "alipay.trade.query": (_WHICH | {"query_options": "data", "org_pid": _ANY}, ()),
    "alipay.trade.cancel": (_WHICH | {"notify_url": _ANY}, ()),
    "alipay.trade.close": (_WHICH | {"operator_id": r".{0,28}", "notify_url": _ANY}, ()),
    "alipay.trade.refund": (
        _WHICH
        | {
            "refund_amount": "money",
            "refund_reason": r"(?s).{0,256}",
            "out_request_no": r"[0-9A-Za-z_\-|*@]{1,64}",
            "operator_id": r".{0,30}",
            "store_id": r".{0,32}",
            "terminal_id": r".{0,32}",
            "query_options": "data",
            "goods_detail": "data",
        },
        ("refund_amount",),
    ),
    "alipay.trade.fastpay.refund.query": (
        _WHICH | {"out_request_no": r"[0-9A-Za-z_\-|*@]{1,64}", "query_options": "data"},
        ("out_request_no",),
    ),
    "alipay.data.dataservice.bill.downloadurl.query": (
        {"bill_type": "trade|signcustomer", "bill_date": r"\d{4}-\d\d(-\d\d)?"},
        ("bill_type", "bill_date"),
    ),
}


def check(method: str, wish: Mapping[str, Any]) -> None:
    """Raises `GatewayError` 40004 ACQ.INVALID_PARAMETER."""
    form, needed = FORMS[method]
    for name in needed:
        if name not in wish:
            raise business("ACQ.INVALID_PARAMETER", f"参数无效：缺少{name}")
    for name, value in wish.items():
        if name not in form:
            raise business("ACQ.INVALID_PARAMETER", f"参数无效：{name}不是本接口的参数")
        if not _fits(form[name], value):
            raise business("ACQ.INVALID_PARAMETER", f"参数无效：{name}")
    if form.keys() >= _WHICH.keys() and not _WHICH.keys() & wish.keys():
        raise business("ACQ.INVALID_PARAMETER", "参数无效：trade_no与out_trade_no不能同时为空")


def _fits(kind: str, value: Any) -> bool:
    if kind == "data":
        return isinstance(value, (dict, list))
    if not isinstance(value, str):
        return False
    if kind == "money":
        return _is_money(value)
    if kind == "express":
        return _EXPRESS.fullmatch(value) is not None
    if kind == "time":
        return _TIME.fullmatch(value) is not None
    return re.fullmatch(kind, value, re.ASCII) is not None


def _is_money(value: str) -> bool:
    return value.isascii() and _MONEY.fullmatch(value) is not None and fen(value) > 0


def fen(text: str) -> int:
    """`12.3` → 1230."""
    whole, _, part = text.partition(".")
    return int(whole) * 100 + int(part.ljust(2, "0") or "0")


def expiry(wish: Mapping[str, Any], now: float, default_s: float) -> float:
    """When the trade can no longer be paid; the earliest of what was asked for.

    Raises `GatewayError` for a moment that is past.
    """
    ends = [now + default_s]
    for name in ("timeout_express", "qr_code_timeout_express"):
        if name in wish:
            ends.append(now + _seconds(wish[name], now))
    if "time_expire" in wish:
        try:
            moment = moment_of(wish["time_expire"])
        except ValueError as why:
            raise business("ACQ.INVALID_PARAMETER", "参数无效：time_expire") from why
        if not now < moment <= now + MAX_S:
            raise business("ACQ.INVALID_PARAMETER", "参数无效：time_expire")
        ends.append(moment)
    return min(ends)


def _seconds(express: str, now: float) -> float:
    if express == "1c":  # until the end of today
        clock = beijing(now)
        return 86400 - (clock.hour * 3600 + clock.minute * 60 + clock.second)
    seconds = int(express[:-1]) * {"m": 60, "h": 3600, "d": 86400}[express[-1]]
    if seconds > MAX_S:
        raise business("ACQ.INVALID_PARAMETER", "参数无效：timeout_express")
    return seconds
