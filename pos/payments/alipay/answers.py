"""What Alipay says, as one of our answers. All that comes here has a verified signature.

10000 done, 10003 the customer is at it, 20000 nobody knows, 40004 failed, see `sub_code`
(opendocs alipay.trade.pay, .query, .cancel, .close, .refund, .fastpay.refund.query). A sub code
that is not in these tables decides nothing.
"""

from __future__ import annotations

from decimal import Decimal, InvalidOperation
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
    Unknown,
)
from pos.text import clean

DONE, WAITING, FAILED = "10000", "10003", "40004"
PAY_CODES = {
    "ACQ.PAYMENT_AUTH_CODE_INVALID": "code_invalid",
    "ACQ.BUYER_BALANCE_NOT_ENOUGH": "balance_short",
    "ACQ.BUYER_BANKCARD_BALANCE_NOT_ENOUGH": "balance_short",
    "ACQ.BUYER_PAYMENT_AMOUNT_DAY_LIMIT_ERROR": "limit_reached",
    "ACQ.BUYER_PAYMENT_AMOUNT_MONTH_LIMIT_ERROR": "limit_reached",
    "ACQ.TOTAL_FEE_EXCEED": "limit_reached",
    "ACQ.BEYOND_PAY_RESTRICTION": "merchant_limit",
    "ACQ.BEYOND_PER_RECEIPT_RESTRICTION": "merchant_limit",
    "ACQ.ERROR_BALANCE_PAYMENT_DISABLE": "wallet_refused",
    "ACQ.NO_PAYMENT_INSTRUMENTS_AVAILABLE": "wallet_refused",
    "ACQ.MOBILE_PAYMENT_SWITCH_OFF": "wallet_refused",
    "ACQ.BUYER_ENABLE_STATUS_FORBID": "wallet_refused",
    "ACQ.ERROR_BUYER_CERTIFY_LEVEL_LIMIT": "wallet_refused",
    "ACQ.PAYMENT_REQUEST_HAS_RISK": "wallet_refused",
    "ACQ.BUYER_SELLER_EQUAL": "wallet_refused",
    "ACQ.PULL_MOBILE_CASHIER_FAIL": "pay_failed",
    "ACQ.PAYMENT_FAIL": "pay_failed",
    "ACQ.TRADE_HAS_CLOSE": "closed",
    "ACQ.INVALID_PARAMETER": "request_refused",
    "ACQ.EXIST_FORBIDDEN_WORD": "request_refused",
    "ACQ.ACCESS_FORBIDDEN": "no_permission",
    "ACQ.PARTNER_ERROR": "no_permission",
    "ACQ.SELLER_BEEN_BLOCKED": "no_permission",
    "ACQ.MERCHANT_AGREEMENT_NOT_EXIST": "no_permission",
    "ACQ.ILLEGAL_SIGN_VALIDTY_PERIOD": "no_permission",
}
"""Verified errors of a payment that say that no money moved."""
_ABSENT = "ACQ.TRADE_NOT_EXIST"
_NOT_OPEN = {
    "ACQ.TRADE_STATUS_ERROR",
    "ACQ.REASON_TRADE_STATUS_INVALID",
    "ACQ.REASON_ILLEGAL_STATUS",
    "ACQ.TRADE_HAS_SUCCESS",
    "ACQ.TRADE_HAS_FINISHED",
}
_REFUND_LATER = {"ACQ.SELLER_BALANCE_NOT_ENOUGH": "merchant_balance_short"}
_REFUND_NEVER = {
    "ACQ.REFUND_AMT_NOT_EQUAL_TOTAL": "refund_refused",
    "ACQ.REASON_TRADE_REFUND_FEE_ERR": "refund_refused",
    "ACQ.REASON_TRADE_BEEN_FREEZEN": "refund_refused",
    "ACQ.TRADE_NOT_ALLOW_REFUND": "refund_refused",
    "ACQ.TRADE_HAS_FINISHED": "refund_too_late",
    "ACQ.TRADE_STATUS_ERROR": "refund_refused",
    "ACQ.TRADE_NOT_EXIST": "refund_refused",
    "ACQ.DISCORDANT_REPEAT_REQUEST": "refund_refused",
    "ACQ.BUYER_ERROR": "payer_account_closed",
    "ACQ.BUYER_NOT_EXIST": "payer_account_closed",
    "ACQ.BUYER_ENABLE_STATUS_FORBID": "payer_account_closed",
}
_Kind = TypeVar("_Kind")


class Answer(msgspec.Struct):
    """The fields of any answer that matter here; the buyer is not among them."""

    code: str
    sub_code: str = ""
    out_trade_no: str = ""
    trade_no: str = ""
    trade_status: str = ""
    total_amount: str = ""
    buyer_pay_amount: str = ""
    gmt_payment: str = ""
    send_pay_date: str = ""
    seller_id: str = ""
    qr_code: str = ""
    retry_flag: str = ""
    action: str = ""
    fund_change: str = ""
    out_request_no: str = ""
    refund_amount: str = ""
    refund_status: str = ""
    gmt_refund_pay: str = ""
    bill_download_url: str = ""


def decoded(node: str) -> Answer | None:
    """The signed text as an answer, or None."""
    try:
        return msgspec.json.decode(node, type=Answer)
    except (msgspec.MsgspecError, RecursionError, UnicodeError):
        return None


def fen_of(text: str) -> int | None:
    """`"12.30"` yuan as 1230 fen; None for anything but a plain amount of whole fen."""
    if not text or len(text) > 16 or not text.isascii():
        return None
    try:
        fen = Decimal(text) * 100
    except InvalidOperation:
        return None
    if not fen.is_finite() or fen != fen.to_integral_value() or fen < 0:
        return None
    return int(fen)


def of_trade(answer: Answer, charge: Charge, seller_id: str) -> Paid | Unknown:
    """A verified answer that says paid, held against what was asked."""
    ours = answer.out_trade_no == charge.out_trade_no
    seller = not (seller_id and answer.seller_id) or answer.seller_id == seller_id
    if not ours or not seller or fen_of(answer.total_amount) != charge.fen:
        return Unknown("mismatch")
    if not answer.trade_no.isalnum():
        return Unknown("mismatch")
    payer = fen_of(answer.buyer_pay_amount) if answer.buyer_pay_amount else charge.fen
    if payer is None or payer > charge.fen:
        return Unknown("mismatch")
    moment = _beijing(answer.gmt_payment or answer.send_pay_date)
    return Paid(charge.out_trade_no, answer.trade_no[:64], charge.fen, payer, moment)


def of_pay(answer: Answer, charge: Charge, seller_id: str) -> PayAnswer:
    """A verified answer to a payment code."""
    if answer.code == DONE:
        return of_trade(answer, charge, seller_id)
    if _of_another(answer, charge):
        return Unknown("mismatch")
    if answer.code == WAITING:
        return Pending("user_paying")
    if answer.code == FAILED and answer.sub_code in PAY_CODES:
        code = PAY_CODES[answer.sub_code]
        # the trade may have been made and stand open: it is cancelled before anybody tries again
        return NotPaid(code, answer.sub_code, closed=code != "pay_failed")
    return broken(answer)


def of_query(answer: Answer, charge: Charge, seller_id: str) -> QueryAnswer:
    """A verified answer to a query."""
    if answer.code == FAILED and answer.sub_code == _ABSENT and not _of_another(answer, charge):
        return Missing()
    if answer.code != DONE:
        return broken(answer)
    if answer.out_trade_no != charge.out_trade_no:
        return Unknown("mismatch")
    match answer.trade_status:
        case "TRADE_SUCCESS" | "TRADE_FINISHED":
            return of_trade(answer, charge, seller_id)
        case "WAIT_BUYER_PAY":
            return Pending("user_paying")
        case "TRADE_CLOSED":
            return NotPaid("closed")
    return Unknown("not_understood", clean(answer.trade_status, 32))


def of_cancel(answer: Answer, charge: Charge) -> CancelAnswer:
    """A verified answer to a cancel or close; `retry_flag` Y means that it did not happen yet."""
    if _of_another(answer, charge):
        return Unknown("mismatch")
    if answer.retry_flag == "Y":
        return Unknown("cancel_again")
    if answer.code == DONE:
        return CancelDone(returned=answer.action == "refund")
    if answer.code != FAILED:
        return broken(answer)
    if answer.sub_code == _ABSENT:
        return Missing()
    if answer.sub_code in _NOT_OPEN:
        return AlreadyPaid()
    if answer.sub_code in ("ACQ.SYSTEM_ERROR", ""):
        return broken(answer)
    return CancelRefused("cancel_refused", clean(answer.sub_code, 64))


def of_qr(answer: Answer, charge: Charge) -> str | NotPaid | Unknown:
    """A verified answer to precreate: the QR's text."""
    if _of_another(answer, charge):
        return Unknown("mismatch")
    if answer.code == DONE:
        text = answer.qr_code
        plain = text.isascii() and text.isprintable() and len(text) <= 512
        return text if plain and text.startswith("https://qr.alipay.com/") else Unknown("mismatch")
    if answer.code == FAILED and answer.sub_code in PAY_CODES:
        return NotPaid(PAY_CODES[answer.sub_code], answer.sub_code)
    return broken(answer)


def of_refund(answer: Answer, ask: RefundAsk) -> RefundAnswer:
    """A verified answer to a refund: taken at most; its query tells whether it is done."""
    if answer.out_trade_no and answer.out_trade_no != ask.out_trade_no:
        return Unknown("mismatch")
    if answer.code == DONE:
        return RefundPending()
    if answer.code == FAILED and answer.sub_code in _REFUND_LATER:
        return RefundRefused(_REFUND_LATER[answer.sub_code], answer.sub_code, again=True)
    if answer.code == FAILED and answer.sub_code in _REFUND_NEVER:
        return RefundRefused(_REFUND_NEVER[answer.sub_code], answer.sub_code)
    return broken(answer)


def of_refund_query(answer: Answer, ask: RefundAsk) -> RefundAnswer:
    """A verified answer to a refund's query: 10000 alone is no refund."""
    if answer.code == FAILED and answer.sub_code in (_ABSENT, "ACQ.REFUND_NOT_EXIST"):
        return Missing()
    if answer.code != DONE:
        return broken(answer)
    if not answer.refund_amount and not answer.refund_status:
        return Missing()
    ours = (answer.out_trade_no, answer.out_request_no) == (ask.out_trade_no, ask.out_refund_no)
    amounts = (fen_of(answer.refund_amount), fen_of(answer.total_amount))
    if not ours or amounts != (ask.fen, ask.paid_fen):
        return Unknown("mismatch")
    if answer.refund_status not in ("", "REFUND_SUCCESS"):
        return RefundPending()
    number, moment = clean(answer.trade_no, 64), _beijing(answer.gmt_refund_pay)
    return Refunded(ask.out_refund_no, number, ask.fen, moment)


def broken(answer: Answer) -> Unknown:
    """A verified error that decides nothing."""
    told = clean(answer.sub_code or answer.code, 64)
    if told.startswith("isv.") or answer.code in ("40001", "40002", "40003", "40006", "20001"):
        return Unknown(misconfiguration(told), told, misconfigured=True)
    if answer.code == "40005":
        return Unknown("too_often", told)
    return Unknown("system_error", told)


def misconfiguration(sub_code: str) -> str:
    """Which of our words a technical `sub_code` calls for."""
    if "timestamp" in sub_code:
        return "clock_off"
    if "signature" in sub_code or "app-id" in sub_code or "cert" in sub_code:
        return "keys_refused"
    return "no_permission"


def _of_another(answer: Answer, charge: Charge) -> bool:
    return bool(answer.out_trade_no) and answer.out_trade_no != charge.out_trade_no


def _beijing(text: str) -> str:
    """`2026-01-02 03:04:05` as RFC 3339; empty where it is no such time."""
    plain = clean(text, 40)
    return plain[:19].replace(" ", "T") + "+08:00" if len(plain) >= 19 else ""
