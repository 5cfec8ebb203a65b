"""What every gateway can do, and the few things it can answer.

A payment is paid, not paid or unknown. `Paid`, `NotPaid`, `Pending`, `Missing` and `Returned` are
given only for an answer whose signature, ids and amount were checked; all that cannot be checked
is `Unknown`. `NotSent` is the till's own knowledge: no connection came about, so nothing was asked.

Money is fen. Nothing here names a payer: account, openid and bank stay with the provider.
"""

from __future__ import annotations

import re
from datetime import date, datetime
from typing import Literal, Protocol

import msgspec

from pos.payments.codes import PaymentCode

Way = Literal["code", "qr"]
"""Code: the till scans the customer's payment code. Qr: the customer scans the till's screen."""

OUT_NO = re.compile(r"[0-9A-Za-z]{8,32}", re.ASCII)
"""The ids that WeChat Pay, Alipay and aggregators all take."""
MOST_FEN = 10**9


class _Value(msgspec.Struct, frozen=True, forbid_unknown_fields=True, tag=True):
    pass


class Charge(_Value, frozen=True):
    """Money to be asked for: what is sent, and what every answer is held against."""

    out_trade_no: str
    fen: int
    subject: str
    """What the customer's wallet shows, at most 40 characters."""
    shop: str
    till: str
    operator: str = ""

    def __post_init__(self) -> None:
        if not OUT_NO.fullmatch(self.out_trade_no):
            raise ValueError("out_trade_no is 8 to 32 letters and digits")
        if not 0 < self.fen <= MOST_FEN:
            raise ValueError("an amount above 0")


class RefundAsk(_Value, frozen=True):
    """Money to be given back. The same `out_refund_no` is given back once, however often asked."""

    out_trade_no: str
    out_refund_no: str
    paid_fen: int
    fen: int
    reason: str = ""

    def __post_init__(self) -> None:
        if not (OUT_NO.fullmatch(self.out_trade_no) and OUT_NO.fullmatch(self.out_refund_no)):
            raise ValueError("numbers are 8 to 32 letters and digits")
        if not 0 < self.fen <= self.paid_fen <= MOST_FEN:
            raise ValueError("more than was paid, or nothing")


# --- answers about a payment ---


class Paid(_Value, frozen=True):
    """Verified: the provider has the money. `fen` is what was asked, `payer_fen` after coupons."""

    out_trade_no: str
    transaction_id: str
    fen: int
    payer_fen: int
    paid_at: str
    """The provider's time of payment (RFC 3339 with zone); empty where it names none."""


class Pending(_Value, frozen=True):
    """Verified: not decided yet; `code` is a field of the words (`user_paying`, …)."""

    code: str


class NotPaid(_Value, frozen=True):
    """Verified: no money moved. Not `closed`: the provider wants the order reversed first."""

    code: str
    detail: str = ""
    closed: bool = True


class Missing(_Value, frozen=True):
    """Verified: the provider knows no such order — yet."""


class Returned(_Value, frozen=True):
    """Verified: it was paid, and money went back since, in part or whole."""


class Unknown(_Value, frozen=True):
    """Nothing that can be believed. `misconfigured`: a technician is needed, not patience."""

    code: str
    detail: str = ""
    misconfigured: bool = False


class NotSent(_Value, frozen=True):
    """No connection came about: the request never left the till."""

    code: str
    detail: str = ""
    misconfigured: bool = False


class QrReady(_Value, frozen=True):
    """Verified: the text of the QR a customer scans, good until `expires_at`."""

    text: str
    expires_at: datetime


PayAnswer = Paid | Pending | NotPaid | Unknown | NotSent
QrAnswer = QrReady | NotPaid | Unknown | NotSent
QueryAnswer = Paid | Pending | NotPaid | Missing | Returned | Unknown | NotSent


# --- answers about a cancel ---


class CancelDone(_Value, frozen=True):
    """Verified: the provider took the cancel; `returned` where it says that money went back."""

    returned: bool = False


class StillPaying(_Value, frozen=True):
    """Verified: the customer is at it, the cancel did not happen."""


class AlreadyPaid(_Value, frozen=True):
    """Verified: too late to close, ask what became of it."""


class CancelRefused(_Value, frozen=True):
    """Verified: the provider will not cancel this order."""

    code: str
    detail: str = ""


CancelAnswer = CancelDone | StillPaying | AlreadyPaid | CancelRefused | Missing | Unknown | NotSent


# --- answers about a refund ---


class Refunded(_Value, frozen=True):
    """Verified: `fen` went back under our number."""

    out_refund_no: str
    refund_id: str
    fen: int
    refunded_at: str


class RefundPending(_Value, frozen=True):
    """Verified: taken, not done."""


class RefundRefused(_Value, frozen=True):
    """Verified: not given back. `again`: the same number may be tried later, as it is."""

    code: str
    detail: str = ""
    again: bool = False


RefundAnswer = Refunded | RefundPending | RefundRefused | Missing | Unknown | NotSent


# --- answers about a bill ---


class BillFile(_Value, frozen=True):
    """A day's bill as the provider made it (WeChat: CSV; Alipay: ZIP); its hash was checked."""

    channel: str
    day: date
    content: bytes


class NoBill(_Value, frozen=True):
    """Verified: there was no trade that day."""


class BillNotReady(_Value, frozen=True):
    """Verified: it is made later (both after 10:00 of the next day)."""


BillAnswer = BillFile | NoBill | BillNotReady | Unknown | NotSent


class Trouble(_Value, frozen=True):
    """What a technician should see to: `code` is a field of the words, `detail` fills its gap."""

    code: str
    detail: str = ""


class PaymentGateway(Protocol):
    """A way to take money over a network. Calls block; none raises for what a network does.

    Only `pay_code` and `create_qr` may start a payment, and are never repeated for a number.
    """

    @property
    def channel(self) -> str:
        """Its name in records: wechat, alipay, …"""

    def warm(self) -> Trouble | None:
        """Open the connection beforehand; tells what keys, certificates and clocks lack."""

    def pay_code(self, charge: Charge, code: PaymentCode) -> PayAnswer:
        """Take `charge` from the wallet behind a scanned code."""

    def create_qr(self, charge: Charge, expires_at: datetime) -> QrAnswer:
        """A QR for the customer to scan and pay `charge` until `expires_at`."""

    def query(self, charge: Charge) -> QueryAnswer:
        """What became of it."""

    def cancel(self, charge: Charge, way: Way) -> CancelAnswer:
        """Undo a code payment, or close a QR that nobody has paid."""

    def refund(self, ask: RefundAsk) -> RefundAnswer:
        """Give money back through the same channel."""

    def query_refund(self, ask: RefundAsk) -> RefundAnswer:
        """What became of a refund."""

    def fetch_bill(self, day: date) -> BillAnswer:
        """The provider's bill of a day."""

    def close(self) -> None:
        """Close connections; the gateway may be used again."""
