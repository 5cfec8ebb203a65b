"""Selling without a screen: the same rules, the same ledger."""

from __future__ import annotations

import csv
import io
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from typing import TYPE_CHECKING

from msgspec.structs import replace

from pos.access.rights import Session
from pos.access.signing import where_of
from pos.clock import stamp
from pos.config import Settings, fen
from pos.money import MILLI
from pos.record import TenderWay
from pos.refusal import Refused
from pos.sale import entry, tenders
from pos.sale import order as rules
from pos.sale.order import Order
from pos.store.reader import Reader
from pos.text import clean, clean_code

if TYPE_CHECKING:
    from pos.store.ledger import Ended, Ledger

COLUMNS = {"ref": ("ref", "单据号"), "code": ("code", "条码"), "quantity": ("quantity", "数量")}
COLUMNS |= {"cash": ("cash", "现金")}


@dataclass(frozen=True)
class Tendered:
    """What an order is paid with: None is exactly what is due."""

    way: TenderWay
    fen: int | None
    reference: str = ""


@dataclass
class Wanted:
    """An order of a file: its rows and where it starts."""

    ref: str
    line: int
    codes: list[str]
    cash: str = ""


class Headless:
    """A till without a screen, for one operator."""

    def __init__(
        self, ledger: Ledger, reader: Reader, settings: Settings, session: Session
    ) -> None:
        self._ledger, self._reader = ledger, reader
        self._settings, self._session = settings, session

    def order(self, codes: Sequence[str]) -> Order:
        """An open order of `[N*]CODE` words."""
        place = self._ledger.place
        order = Order(place.ids.uuid7(), stamp(place.clock.now()), self._session.operator_id)
        for word in codes:
            code, milli = clean_code(word), MILLI
            product = self._reader.product(code)
            if product is None and (counted := entry.split_counted(code)):
                milli, code = counted[0], clean_code(counted[1])
                product = self._reader.product(code)
            if product is None:
                raise Refused("unknown_code", code=code[:32])
            merge = self._settings.sale.merge_repeats
            order = rules.add(order, product, code, milli, merge=merge)
        if not order.lines:
            raise Refused("order_empty")
        return order

    def sell(self, codes: Sequence[str], paid: Sequence[Tendered], ref: str = "") -> Ended:
        """Sell and close; references first, cash last. Refused leaves nothing behind."""
        order = self.order(codes)
        cash = self._settings.cash
        for tender in sorted(paid, key=lambda t: t.way == "cash"):
            if tender.way == "cash":
                most = fen(cash.most_change)
                order = tenders.take_cash(order, tender.fen, cash.rounding, most)
            else:
                order = tenders.take_reference(
                    order, tender.way, tender.fen, clean(tender.reference, 40)
                )
        if not tenders.paid(order):
            raise Refused("not_enough_cash", due=tenders.due(order))
        return self._ledger.close_order(order, where_of(self._session), ref)

    def hold(self, codes: Sequence[str]) -> Order:
        """Put an order on hold."""
        held = [x for x in self._reader.drafts() if x.state == "held"]
        if len(held) >= self._settings.sale.most_held:
            raise Refused("too_many_held", most=self._settings.sale.most_held)
        order = replace(self.order(codes), state="held")
        self._ledger.save_draft(order)
        return order

    def sold_before(self, ref: str) -> bool:
        """Whether an order of this reference is in the ledger."""
        return self._reader.order_of_ref(ref) is not None

    def cash_of(self, text: str) -> Tendered:
        """The cash column of a file; empty is exactly what is due."""
        return Tendered("cash", entry.read_amount(text) if text else None)


def read_orders(text: str) -> Iterator[Wanted]:
    """The orders of a CSV with `ref, code, quantity, cash`; rows of one ref stand together."""
    reader = csv.DictReader(io.StringIO(text, newline=""))
    names = {}
    for key, aliases in COLUMNS.items():
        found = next((a for a in aliases if a in (reader.fieldnames or ())), None)
        if found is None and key in ("ref", "code"):
            raise Refused("file_header", path="orders", columns=key)
        names[key] = found or ""
    current: Wanted | None = None
    for row in reader:
        ref = clean(row.get(names["ref"]) or "", 64)
        if current is None or ref != current.ref:
            if current is not None:
                yield current
            current = Wanted(ref, reader.line_num, [])
        count = (row.get(names["quantity"]) or "").strip()
        code = row.get(names["code"]) or ""
        current.codes.append(f"{count}*{code}" if count else code)
        current.cash = current.cash or (row.get(names["cash"]) or "").strip()
    if current is not None:
        yield current
