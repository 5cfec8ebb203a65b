"""What WeChat Pay says, as one of our answers. All that comes here has a verified signature.

States and codes: pay.weixin.qq.com "付款码支付" 2025.02.17, "商户订单号查询订单" 2024.12.27, "撤销"
2024.12.03, "关闭订单", "退款申请" 2024.09.19. A code that is not in these tables decides nothing.
"""

from __future__ import annotations

from typing import TypeVar

import msgspec

from pos.payments.protocol import (
    AlreadyPaid,
    CancelAnswer,
    CancelDone,
    CancelRefused,
    Charge,
    Missing,
    NotPaid,
    Paid,
    PayAnswer,
    Pending,
    QueryAnswer,
    RefundAnswer,
    RefundAsk,
    Refunded,
    RefundPending,
    RefundRefused,
    Returned,
    StillPaying,
    Unknown,
)
from pos.text import clean

PAY_CODES = {
    "NOT_ENOUGH": "balance_short",
    "NOTENOUGH": "balance_short",
    "AUTH_CODE_EXPIRED": "code_expired",
    "AUTHCODEEXPIRE": "code_expired",
    "AUTH_CODE_INVALID": "code_invalid",
    "AUTH_CODE_ERROR": "code_invalid",
    "RULE_LIMIT": "limit_reached",
    "RULELIMIT": "limit_reached",
    "TRADE_ERROR": "wallet_refused",
    "NOTSUPORTCARD": "card_not_taken",
    "NOT_SUPPORT_CARD": "card_not_taken",
    "ACCOUNT_ERROR": "wallet_refused",
    "NO_AUTH": "no_permission",
    "NOAUTH": "no_permission",
    "APPID_MCHID_NOT_MATCH": "no_permission",
    "MCH_NOT_EXISTS": "no_permission",
    "PARAM_ERROR": "request_refused",
    "INVALID_REQUEST": "request_refused",
    "ORDER_CLOSED": "closed",
    "ORDERCLOSED": "closed",
    "ORDER_REVERSED": "revoked",
    "ORDERREVERSED": "revoked",
    "FREQUENCY_LIMITED": "too_often",
    "FREQUENCY_LIMIT_EXCEED": "too_often",
    "RATELIMIT_EXCEEDED": "too_often",
}
"""Verified errors of a payment that say that no money moved."""
_WAITING = {"USERPAYING", "USER_PAYING"}
_ABSENT = {"ORDER_NOT_EXIST", "ORDERNOTEXIST", "RESOURCE_NOT_EXISTS"}
_PAID_ALREADY = {"ORDER_PAID", "ORDERPAID"}
_CLOSED_ALREADY = {"ORDER_CLOSED", "ORDERCLOSED", "ORDER_REVERSED", "ORDERREVERSED"}
_PENDING = {"NOTPAY": "not_paid_yet", "USERPAYING": "user_paying", "ACCEPT": "user_paying"}
_REFUND_LATER = {
    "NOT_ENOUGH": "merchant_balance_short",
    "FREQUENCY_LIMITED": "too_often",
    "FREQUENCY_LIMIT_EXCEED": "too_often",
    "RATELIMIT_EXCEEDED": "too_often",
}
_REFUND_NEVER = {
    "USER_ACCOUNT_ABNORMAL": "payer_account_closed",
    "INVALID_REQUEST": "refund_refused",
    "PARAM_ERROR": "refund_refused",
    "NO_AUTH": "no_permission",
    "MCH_NOT_EXISTS": "no_permission",
    "REQUEST_BLOCKED": "no_permission",
}
_Kind = TypeVar("_Kind")


class _Amount(msgspec.Struct):
    total: int
    payer_total: int | None = None
    currency: str = "CNY"


class Transaction(msgspec.Struct):
    """The fields of an order that matter here; the payer is not among them."""

    mchid: str
    out_trade_no: str
    trade_state: str
    appid: str | None = None
    transaction_id: str = ""
    success_time: str = ""
    amount: _Amount | None = None


class _Failure(msgspec.Struct):
    code: str


class _Reversed(msgspec.Struct):
    mchid: str
    out_trade_no: str


class _RefundAmount(msgspec.Struct):
    total: int
    refund: int
    currency: str = "CNY"


class _Refund(msgspec.Struct):
    refund_id: str
    out_refund_no: str
    out_trade_no: str
    status: str
    amount: _RefundAmount
    success_time: str = ""


class _Native(msgspec.Struct):
    code_url: str


class BillPlace(msgspec.Struct):
    """Where a bill lies, and the hash of what is inside its gzip."""

    hash_type: str
    hash_value: str
    download_url: str


class Merchant(msgspec.Struct, frozen=True):
    """Whose answers are ours."""

    mchid: str
    appid: str


def decoded(body: bytes, kind: type[_Kind]) -> _Kind | None:
    """`body` as JSON of that shape, or None."""
    try:
        return msgspec.json.decode(body, type=kind)
    except (msgspec.MsgspecError, RecursionError, UnicodeDecodeError):
        return None


def failure(body: bytes) -> str:
    """The provider's error code, made harmless; empty where there is none."""
    told = decoded(body, _Failure)
    return clean(told.code, 64) if told else ""


def of_transaction(body: bytes, charge: Charge, us: Merchant) -> QueryAnswer:
    """A verified answer that describes an order, held against what was asked."""
    order = decoded(body, Transaction)
    if order is None:
        return Unknown("not_understood")
    if order.mchid != us.mchid or order.out_trade_no != charge.out_trade_no:
        return Unknown("mismatch")
    if order.appid is not None and order.appid != us.appid:
        return Unknown("mismatch")
    if order.amount and (order.amount.total != charge.fen or order.amount.currency != "CNY"):
        return Unknown("mismatch")
    match order.trade_state:
        case "SUCCESS":
            return _paid(order, charge)
        case "REFUND":
            return Returned()
        case "CLOSED":
            return NotPaid("closed")
        case "REVOKED":
            return NotPaid("revoked")
        case "PAYERROR":
            return NotPaid("pay_failed", "PAYERROR", closed=False)
        case state if state in _PENDING:
            return Pending(_PENDING[state])
    return Unknown("not_understood", clean(order.trade_state, 32))


def _paid(order: Transaction, charge: Charge) -> Paid | Unknown:
    if order.amount is None or not order.transaction_id.isalnum():
        return Unknown("mismatch")
    payer = charge.fen if order.amount.payer_total is None else order.amount.payer_total
    if not 0 <= payer <= charge.fen:
        return Unknown("mismatch")
    moment = clean(order.success_time, 40)
    return Paid(charge.out_trade_no, order.transaction_id[:64], charge.fen, payer, moment)


def of_pay(status: int, body: bytes, charge: Charge, us: Merchant) -> PayAnswer:
    """A verified answer to a payment code."""
    if status == 202:
        return Pending("user_paying")
    if status == 200:
        answer = of_transaction(body, charge, us)
        return Unknown("not_understood") if isinstance(answer, Missing | Returned) else answer
    code = failure(body)
    if code in _WAITING:
        return Pending("user_paying")
    if 400 <= status < 500 and code in PAY_CODES:
        return NotPaid(PAY_CODES[code], code)
    return broken(status, code)


def of_query(status: int, body: bytes, charge: Charge, us: Merchant) -> QueryAnswer:
    """A verified answer to a query."""
    if status == 200:
        return of_transaction(body, charge, us)
    code = failure(body)
    if status in (400, 404) and code in _ABSENT:
        return Missing()
    return broken(status, code)


def of_reverse(status: int, body: bytes, charge: Charge, us: Merchant) -> CancelAnswer:
    """A verified answer to the reverse of a code payment."""
    if status == 200:
        done = decoded(body, _Reversed)
        if done and done.mchid == us.mchid and done.out_trade_no == charge.out_trade_no:
            return CancelDone()
        return Unknown("mismatch" if done else "not_understood")
    return _not_cancelled(status, failure(body))


def of_close(status: int, body: bytes) -> CancelAnswer:
    """A verified answer to the closing of a QR."""
    return CancelDone() if status == 204 else _not_cancelled(status, failure(body))


def _not_cancelled(status: int, code: str) -> CancelAnswer:
    if code in _WAITING:
        return StillPaying()
    if code in _PAID_ALREADY:
        return AlreadyPaid()
    if code in _CLOSED_ALREADY:
        return CancelDone()
    if status in (400, 404) and code in _ABSENT:
        return Missing()
    if 400 <= status < 500 and status not in (401, 429):
        return CancelRefused("cancel_refused", code)
    return broken(status, code)


def of_qr(status: int, body: bytes) -> str | NotPaid | Unknown:
    """A verified answer to a QR order: its text."""
    if status == 200:
        native = decoded(body, _Native)
        if native is None:
            return Unknown("not_understood")
        text = native.code_url
        if not text.startswith("weixin://wxpay/") or not _plain(text):
            return Unknown("mismatch")
        return text
    code = failure(body)
    if 400 <= status < 500 and code in PAY_CODES:
        return NotPaid(PAY_CODES[code], code)
    return broken(status, code)


def of_refund(status: int, body: bytes, ask: RefundAsk) -> RefundAnswer:
    """A verified answer to a refund or its query."""
    if status == 200:
        return _refund(decoded(body, _Refund), ask)
    code = failure(body)
    if status == 404 and code in _ABSENT:
        return Missing()
    if 400 <= status < 500 and code in _REFUND_LATER:
        return RefundRefused(_REFUND_LATER[code], code, again=True)
    if 400 <= status < 500 and code in _REFUND_NEVER:
        return RefundRefused(_REFUND_NEVER[code], code)
    return broken(status, code)


def _refund(refund: _Refund | None, ask: RefundAsk) -> RefundAnswer:
    if refund is None:
        return Unknown("not_understood")
    ours = (refund.out_refund_no, refund.out_trade_no) == (ask.out_refund_no, ask.out_trade_no)
    amount = refund.amount
    told = (amount.refund, amount.total, amount.currency)
    if not ours or told != (ask.fen, ask.paid_fen, "CNY"):
        return Unknown("mismatch")
    match refund.status:
        case "SUCCESS":
            number, moment = clean(refund.refund_id, 64), clean(refund.success_time, 40)
            return Refunded(ask.out_refund_no, number, ask.fen, moment)
        case "PROCESSING":
            return RefundPending()
        case "CLOSED":
            return RefundRefused("refund_closed", "CLOSED")
        case "ABNORMAL":
            return RefundRefused("refund_abnormal", "ABNORMAL")
    return Unknown("not_understood", clean(refund.status, 32))


def broken(status: int, code: str) -> Unknown:
    """A verified error that decides nothing."""
    if status == 401 or code == "SIGN_ERROR":
        return Unknown("keys_refused", code, misconfigured=True)
    if status == 403 or code in ("NO_AUTH", "NOAUTH"):
        return Unknown("no_permission", code, misconfigured=True)
    if status == 429:
        return Unknown("too_often", code)
    return Unknown("system_error", code)


def _plain(text: str) -> bool:
    return text.isascii() and text.isprintable() and " " not in text and len(text) <= 512
