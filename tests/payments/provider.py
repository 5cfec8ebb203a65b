"""A provider in a few lines, with a ledger of the money it moved."""

from __future__ import annotations

from dataclasses import dataclass, field
from datetime import datetime
from typing import Literal

from pos.payments.protocol import (
    AlreadyPaid,
    CancelAnswer,
    CancelDone,
    Charge,
    Missing,
    NotPaid,
    Paid,
    PayAnswer,
    Pending,
    QrAnswer,
    QrReady,
    QueryAnswer,
    StillPaying,
    Way,
)

Trade = Literal["none", "open", "paying", "paid", "closed", "returned"]
Customer = Literal["pays", "asked", "short", "broken"]


@dataclass
class Provider:
    """One trade. `taken` and `given` count movements of money; a truthful provider, if slow."""

    charge: Charge
    channel: str
    way: Way
    customer: Customer = "pays"
    trade: Trade = "none"
    taken: int = 0
    given: int = 0
    began: datetime | None = None
    expires: datetime | None = None
    calls: list[str] = field(default_factory=list)

    @property
    def holds(self) -> bool:
        return self.taken > self.given

    def pay(self, now: datetime) -> PayAnswer:
        self.calls.append("pay")
        assert self.trade == "none", "the same number was paid for twice"
        self.began = now
        if self.customer == "pays":
            return self._take()
        if self.customer == "short":
            self.trade = "closed"
            return NotPaid("balance_short")
        self.trade = "paying"
        return Pending("user_paying")

    def create_qr(self, now: datetime, expires: datetime) -> QrAnswer:
        self.calls.append("qr")
        assert self.trade == "none"
        self.began, self.expires = now, expires
        self.trade = "open" if self.channel == "wechat" else "none"
        return QrReady("weixin://wxpay/x", expires)

    def act(self, now: datetime) -> None:
        """The customer confirms, or scans and pays."""
        if self.way == "qr" and self.expires is not None and now < self.expires:
            if self.trade in ("open", "none", "paying"):
                self._take()
        elif self.way == "code" and self.trade == "paying" and self.customer == "asked":
            self._take()

    def tick(self, now: datetime) -> None:
        """WeChat gives up an unpaid code after 45 s by itself."""
        age = (now - self.began).total_seconds() if self.began else 0
        if self.channel == "wechat" and self.way == "code" and self.trade == "paying" and age > 45:
            self.trade = "closed"

    def _take(self) -> Paid:
        self.trade = "paid"
        self.taken += 1
        return self._paid()

    def _paid(self) -> Paid:
        return Paid(self.charge.out_trade_no, "T1", self.charge.fen, self.charge.fen, "")

    def query(self, now: datetime) -> QueryAnswer:
        self.calls.append("query")
        self.tick(now)
        match self.trade:
            case "none":
                return Missing()
            case "open":
                return Pending("not_paid_yet")
            case "paying":
                if self.customer == "broken":
                    return NotPaid("pay_failed", closed=False)
                return Pending("user_paying")
            case "paid":
                return self._paid()
            case "closed" | "returned":
                return NotPaid("closed")

    def cancel(self, now: datetime) -> CancelAnswer:
        self.calls.append("cancel")
        self.tick(now)
        if self.trade == "none":
            return Missing()
        if self.way == "qr":
            if self.trade == "paid":
                return AlreadyPaid()
            self.trade = "closed"
            return CancelDone()
        if self.trade == "paying" and self.channel == "wechat" and self.customer == "asked":
            return StillPaying()
        if self.trade == "paid":
            self.trade = "returned"
            self.given += 1
            return CancelDone(returned=self.channel == "alipay")
        self.trade = "closed" if self.trade != "returned" else "returned"
        return CancelDone()
