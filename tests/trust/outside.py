"""What a till cannot take back: money at a bank. Keeps its own book, and tells of each move."""

from __future__ import annotations

from collections.abc import Iterable
from datetime import date, datetime
from typing import Literal

from pos.payments.codes import PaymentCode
from pos.payments.protocol import (
    CancelDone,
    Charge,
    Missing,
    NoBill,
    NotPaid,
    Paid,
    RefundAsk,
    Refunded,
    Returned,
    Unknown,
)
from tests.trust.life import Ack, Told

Script = Literal["paid", "lost", "refused"]
"""What becomes of the next payment: `lost` is paid, and the answer never comes."""


class Bank:
    """One provider behind both wallets, without a network. A number is charged once, and given
    back once under each refund number, however often it is asked."""

    channel = "wechat"

    def __init__(self, told: Told = lambda _: None, acks: Iterable[Ack] = ()) -> None:
        self._told = told
        self.charged: dict[str, int] = {}
        self.given: dict[str, tuple[str, int]] = {}
        self.script: Script = "paid"
        for ack in acks:
            if ack.act == "charged":
                self.charged[ack.number] = ack.fen
            elif ack.act == "given":
                self.given[ack.order_id] = (ack.number, -ack.fen)

    def held(self, number: str) -> int:
        """Fen that it holds for the shop under a number."""
        back = sum(fen for of, fen in self.given.values() if of == number)
        return self.charged.get(number, 0) - back

    def charge(self, number: str, fen: int) -> None:
        """The customer's money is here now."""
        assert number not in self.charged, "charged twice"
        self.charged[number] = fen
        self._told(Ack("charged", number=number, fen=fen))

    def _give(self, number: str, refund: str, fen: int) -> None:
        if refund not in self.given:
            self.given[refund] = (number, fen)
            self._told(Ack("given", order_id=refund, number=number, fen=-fen))

    def pay_code(self, charge: Charge, code: PaymentCode) -> Paid | NotPaid | Unknown:
        """As the script says."""
        if self.script == "refused":
            return NotPaid("balance_short")
        if charge.out_trade_no not in self.charged:
            self.charge(charge.out_trade_no, charge.fen)
        return Unknown("timeout") if self.script == "lost" else self._paid(charge)

    def query(self, charge: Charge) -> Paid | Missing | Returned:
        """What its book says."""
        if charge.out_trade_no not in self.charged:
            return Missing()
        held = self.held(charge.out_trade_no)
        return self._paid(charge) if held == charge.fen else Returned()

    @staticmethod
    def _paid(charge: Charge) -> Paid:
        return Paid(charge.out_trade_no, f"T{charge.out_trade_no}", charge.fen, charge.fen, "")

    def cancel(self, charge: Charge, way: str) -> CancelDone:
        """Undone; money that had come goes back."""
        held = self.held(charge.out_trade_no)
        if held:
            self._give(charge.out_trade_no, f"C{charge.out_trade_no}", held)
        return CancelDone(returned=held > 0)

    def refund(self, ask: RefundAsk) -> Refunded:
        """Given back."""
        self._give(ask.out_trade_no, ask.out_refund_no, ask.fen)
        return Refunded(ask.out_refund_no, f"R{ask.out_refund_no}", ask.fen, "")

    def query_refund(self, ask: RefundAsk) -> Refunded | Missing:
        """What its book says."""
        return self.refund(ask) if ask.out_refund_no in self.given else Missing()

    def create_qr(self, charge: Charge, expires_at: datetime) -> Unknown:
        """It shows none."""
        return Unknown("not_supported")

    def warm(self) -> None:
        """Nothing to open."""

    def fetch_bill(self, day: date) -> NoBill:
        """It writes none."""
        return NoBill()

    def close(self) -> None:
        """Nothing is open."""
