"""What the platform's answers mean. An answer that names another number means nothing."""

from __future__ import annotations

from datetime import UTC, datetime
from typing import Any

import msgspec

from pos.clock import stamp
from pos.invoices.protocol import (
    Accepted,
    DeliverAnswer,
    Delivered,
    Duplicate,
    Failed,
    IssueAnswer,
    Issued,
    Issuing,
    NotFound,
    QueryAnswer,
    RedQueryAnswer,
    RedStatus,
    RedTold,
    Rejected,
    Unknown,
)
from pos.text import clean
from pos.untrusted import decoded

DONE = "E0000"
DUPLICATE = "E9106"
ABSENT = "E9500"
TOKEN_CODES = frozenset({"070304", "070305", "S0002", "070303"})
"""The access token is wrong or over: nothing was done."""
OUR_FAULT = frozenset({"070101", "070306", "070307"})
"""The application's key, its quota of tokens, or its type: nothing was done."""
_PENDING = ("20", "21", "31")
_UNSIGNED = "24"
_RED: dict[str, RedStatus] = {
    "01": "confirmed",
    "02": "waiting",
    "03": "waiting",
    "04": "confirmed",
    "05": "refused",
    "06": "refused",
    "07": "lapsed",
    "08": "gone",
    "09": "gone",
    "10": "failed",
    "11": "failed",
    "12": "refused",
    "13": "gone",
    "15": "applying",
    "16": "failed",
}


class Envelope(msgspec.Struct):
    """What every answer is wrapped in."""

    code: str
    describe: str = ""
    result: Any = None

    @property
    def words(self) -> str:
        """The platform's own words, made harmless."""
        return clean(self.describe, 120)


def envelope(body: bytes) -> Envelope | None:
    """An answer's wrapping; None where it is none."""
    try:
        data = decoded(body, object)
    except msgspec.DecodeError:
        return None
    if not isinstance(data, dict) or not isinstance(data.get("code"), str | int):
        return None
    result = data.get("result")
    if isinstance(result, str) and result[:1] in "[{":
        try:  # some methods wrap their result as text
            result = decoded(result, object)
        except msgspec.DecodeError:
            return None
    return Envelope(clean(str(data["code"]), 20), str(data.get("describe") or ""), result)


def issued_or_not(told: Envelope) -> IssueAnswer:
    """Answer to requestBillingNew."""
    if told.code == DONE:
        result = told.result if isinstance(told.result, dict) else {}
        return Accepted(_text(result, "invoiceSerialNum"))
    if told.code == DUPLICATE:
        return Duplicate()
    if told.code == "E9999" or not told.code.startswith("E"):
        return Unknown(told.code)
    return Rejected(told.code, told.words)


def retried(told: Envelope) -> IssueAnswer:
    """Answer to reInvoice."""
    return Accepted() if told.code == DONE else Rejected(told.code, told.words)


def of_query(told: Envelope, invoice_no: str) -> QueryAnswer:
    """Answer to queryInvoiceResult for one number."""
    if told.code == ABSENT:
        return NotFound()
    if told.code != DONE:
        return Unknown(told.code)
    found = told.result if isinstance(told.result, list) else [told.result]
    ours = [one for one in found if isinstance(one, dict) and one.get("orderNo") == invoice_no]
    if not ours:
        return NotFound() if not any(found) else Unknown("other_number")
    one = ours[0]
    status = _text(one, "status")
    number = _text(one, "allElectronicInvoiceNumber") or _text(one, "invoiceNo")
    if status == "2":
        if len(number) != 20 or not number.isdigit():
            return Unknown("no_number")
        return Issued(
            number,
            _moment(one.get("invoiceTime")),
            _url(one, "pdfUrl"),
            _url(one, "ofdUrl"),
            _url(one, "xmlUrl"),
            _text(one, "serialNo"),
        )
    if status in _PENDING:
        return Issuing()
    cause = _text(one, "failCause") or _text(one, "statusMsg")
    if status in ("22", "24", "3"):
        return Failed(status, cause, resend=status == _UNSIGNED)
    return Unknown(f"status {status}"[:20])


def of_red(told: Envelope) -> IssueAnswer:
    """Answer to saveInvoiceRedConfirm."""
    if told.code == DONE:
        return Accepted(clean(str(told.result or ""), 40))
    if told.code == DUPLICATE:
        return Duplicate()
    if told.code == "E9999" or not told.code.startswith("E"):
        return Unknown(told.code)
    return Rejected(told.code, told.words)


def of_red_query(told: Envelope, red_no: str) -> RedQueryAnswer:
    """Answer to queryInvoiceRedConfirm; the red invoice's number comes in a query of its own."""
    if told.code == ABSENT:
        return NotFound()
    if told.code not in (DONE, "0000"):
        return Unknown(told.code)
    result = told.result if isinstance(told.result, dict) else {}
    found = [one for one in result.get("list") or () if isinstance(one, dict)]
    ours = [one for one in found if one.get("billId") == red_no]
    if not ours:
        return NotFound() if not found else Unknown("other_number")
    status = _text(ours[0], "billStatus")
    if status not in _RED:
        return Unknown(f"status {status}"[:20])
    return RedTold(
        _RED[status],
        _text(ours[0], "billNo"),
        code=status,
        why=_text(ours[0], "billMessage"),
    )


def of_delivery(told: Envelope) -> DeliverAnswer:
    """Answer to deliveryInvoice."""
    return Delivered() if told.code == DONE else Rejected(told.code, told.words)


def _text(data: dict[str, Any], name: str) -> str:
    value = data.get(name)
    return clean(str(value), 200) if value is not None else ""


def _url(data: dict[str, Any], name: str) -> str:
    """An address to show; nothing but http and https is."""
    text = _text(data, name)
    return text if text.startswith(("https://", "http://")) else ""


def _moment(value: object) -> str:
    """The platform's milliseconds since 1970."""
    try:
        return stamp(datetime.fromtimestamp(int(str(value)) / 1000, UTC))
    except (ValueError, OverflowError, OSError):
        return ""
