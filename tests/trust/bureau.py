"""What a till cannot take back either: invoices at the tax bureau. Keeps its own book."""

from __future__ import annotations

from collections.abc import Iterable
from typing import Literal, NamedTuple

from pos.invoices.document import Document, Limits, RedForm
from pos.invoices.protocol import (
    Accepted,
    Delivered,
    Duplicate,
    Issued,
    NotFound,
    NotSent,
    RedTold,
    Rejected,
    Unknown,
)
from tests.trust.life import Ack, Told

Filing = Literal["issued", "lost", "astray", "unsent", "refused"]
"""What becomes of the next invoice: `lost` is issued and the answer never comes, `astray` never
arrives and nobody says so, `unsent` did not leave the till."""


class Filed(NamedTuple):
    """A line of its book: our number, what it is for, fen; a red letter's are negative."""

    number: str
    of: str
    fen: int


class Bureau:
    """A provider of invoices without a network. It does not mind a number that it has had before:
    what is sent twice stands in its book twice."""

    name = "bureau"
    limits = Limits()

    def __init__(self, told: Told = lambda _: None, acks: Iterable[Ack] = ()) -> None:
        self._told = told
        self.script: Filing = "issued"
        self.book = [Filed(ack.number, ack.order_id, ack.fen) for ack in acks if ack.act == "filed"]

    def issue(self, document: Document) -> Accepted | Rejected | NotSent | Unknown:
        """As the script says; what follows is issued."""
        script, self.script = self.script, "issued"
        if script == "unsent":
            return NotSent("connect")
        if script == "astray":
            return Unknown("timeout")
        if script == "refused":
            return Rejected("E9106", "测试")
        self._file(Filed(document.invoice_no, document.order_number, document.total_fen))
        return Unknown("timeout") if script == "lost" else Accepted(f"S{document.invoice_no}")

    def query(self, invoice_no: str, asked_at: str) -> Issued | NotFound:
        """What its book says."""
        return Issued(_bureau_no(invoice_no), asked_at) if self._has(invoice_no) else NotFound()

    def retry(self, invoice_no: str) -> Duplicate:
        """It never fails, and so is never asked again."""
        return Duplicate()

    def red_apply(self, form: RedForm) -> Accepted:
        """Taken back."""
        self._file(Filed(form.red_no, form.blue_no, -form.total_fen))
        return Accepted(f"S{form.red_no}")

    def red_query(self, red_no: str) -> RedTold | NotFound:
        """What its book says."""
        return RedTold("red", number=_bureau_no(red_no)) if self._has(red_no) else NotFound()

    def deliver(self, number: str, email: str, mobile: str) -> Delivered:
        """Nobody looks."""
        return Delivered()

    def close(self) -> None:
        """Nothing is open."""

    def _has(self, number: str) -> bool:
        return any(one.number == number for one in self.book)

    def _file(self, one: Filed) -> None:
        self.book.append(one)
        self._told(Ack("filed", order_id=one.of, number=one.number, fen=one.fen))


def _bureau_no(number: str) -> str:
    return number.zfill(20)
