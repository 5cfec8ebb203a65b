"""Selling without a screen: the same rules, the same ledger."""

from __future__ import annotations

import csv
import io
from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING

from msgspec.structs import replace

from pos.access.rights import Session, require
from pos.access.signing import Gate, where_of
from pos.clock import business_date, stamp
from pos.config import fen
from pos.money import MILLI
from pos.record import TenderWay
from pos.refusal import Refused
from pos.sale import entry, tenders
from pos.sale import order as rules
from pos.sale.order import Order, Product
from pos.store.reader import OrderRow, Reader
from pos.text import FNC1, clean, clean_code
from pos.till.closing import come
from pos.till.promoting import Promoter

if TYPE_CHECKING:
    from pos.store.ledger import Ended, Ledger

MOST_CHARACTERS = 64
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
    """A till without a screen, for one operator whose PIN was right.

    His coming goes on record with the first thing he does: what is refused changes nothing.
    """

    def __init__(
        self,
        gate: Gate,
        ledger: Ledger,
        reader: Reader,
        session: Session,
        promoter: Promoter,
    ) -> None:
        if "sell" not in session.rights:
            raise Refused("role_cannot_sell")
        self._gate, self._ledger, self._reader = gate, ledger, reader
        self._settings, self._session, self._promoter = gate.settings, session, promoter

    def order(self, codes: Sequence[str]) -> Order:
        """An open order of `[N*]CODE` words with its offers; a coupon's code is a word too."""
        place = self._ledger.place
        order = Order(place.ids.uuid7(), stamp(place.clock.now()), self._session.operator_id)
        merge = self._settings.sale.merge_repeats
        for word in codes:
            if self._promoter.central(clean_code(word)):
                raise Refused("coupon_counter", code=clean_code(word))
            if self._promoter.knows(clean_code(word)):
                order = replace(order, coupons=(*order.coupons, clean_code(word)))
                continue
            code, product, milli = self._found(word)
            order = rules.add(order, product, code, milli, merge=merge)
        if not order.lines:
            raise Refused("order_empty")
        day = business_date(place.clock.now(), self._settings.shift.cutoff_hour).isoformat()
        order = self._promoter.give(order, day, None, paying=True)
        self._check_coupons(order)
        return order

    def _check_coupons(self, order: Order) -> None:
        """A coupon that gives nothing is refused, so that nobody believes it was taken."""
        given = {offer.code for offer in order.offers.given}
        for code in order.coupons:
            if code not in given:
                raise Refused("coupon_no_use", why=self._promoter.why_not(code))

    def _found(self, word: str) -> tuple[str, Product, int]:
        """The code, the product and the quantity of `[N*]CODE`."""
        if len(word) > MOST_CHARACTERS:
            raise Refused("too_long")
        if not word.strip().replace(FNC1, "").isprintable():
            raise Refused("unknown_code", code=clean(word, 32))
        code, milli = clean_code(word), None
        product = self._reader.product(code)
        head, star, tail = code.partition("*")
        if product is None and star:
            if head.startswith("-"):
                raise Refused("quantity_not_positive")
            milli, code = entry.read_quantity(head), clean_code(tail)
            product = self._reader.product(code)
        if product is None:
            raise Refused("unknown_code", code=clean(code, 32))
        if product.weighed and milli is None:
            raise Refused("weight_missing", name=product.name, code=clean(code, 32))
        return code, product, MILLI if milli is None else milli

    def sell(self, codes: Sequence[str], paid: Sequence[Tendered], ref: str = "") -> Ended:
        """Sell and close; references first, cash last. Refused leaves nothing behind."""
        require("cli.sell", self._session)
        order = self.take(self.order(codes), paid)
        self.come()
        return self._ledger.close_order(order, where_of(self._session), ref)

    @property
    def session(self) -> Session:
        """Who sells."""
        return self._session

    def take(self, order: Order, paid: Sequence[Tendered]) -> Order:
        """The order with what it is paid with. Refused where that is not all of it."""
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
        return order

    def hold(self, codes: Sequence[str]) -> Order:
        """Put an order on hold."""
        require("hold", self._session)
        held = [x for x in self._reader.drafts() if x.state == "held"]
        if len(held) >= self._settings.sale.most_held:
            raise Refused("too_many_held", most=self._settings.sale.most_held)
        order = replace(self.order(codes), state="held")
        self.come()
        self._ledger.save_draft(order)
        return order

    def sold_before(self, ref: str) -> OrderRow | None:
        """The order of this reference, if one is in the ledger."""
        return self._reader.order_of_ref(ref) if ref else None

    def come(self) -> None:
        """The operator's coming is on record, and his shift."""
        if not self._session.shift_id:
            self._session = come(self._gate, self._ledger, self._reader, self._session)

    def cash_of(self, text: str) -> Tendered:
        """The cash column of a file; empty is exactly what is due."""
        return Tendered("cash", entry.read_amount(text) if text else None)


def read_orders(text: str, path: Path) -> list[Wanted]:
    """The orders of a CSV with `ref, code, quantity, cash`; all rows of one ref are one order.

    Refused when a needed column is missing or the text is no CSV.
    """
    reader = csv.DictReader(io.StringIO(text, newline=""), strict=True)
    found: dict[str, Wanted] = {}
    try:
        names = _names(reader.fieldnames or (), path)
        for row in reader:
            ref = clean(row.get(names["ref"]) or "", 64)
            key = ref or f"line {reader.line_num}"
            order = found.setdefault(key, Wanted(ref, reader.line_num, []))
            count = (row.get(names["quantity"]) or "").strip()
            code = row.get(names["code"]) or ""
            order.codes.append(f"{count}*{code}" if count else code)
            order.cash = order.cash or (row.get(names["cash"]) or "").strip()
    except csv.Error as error:
        raise Refused("file_row", path=path, line=reader.line_num, why=str(error)) from error
    return list(found.values())


def _names(header: Sequence[str], path: Path) -> dict[str, str]:
    """What each column is called in this file; an empty text for one that is not there."""
    names = {}
    for key, aliases in COLUMNS.items():
        found = next((name for name in header if name.strip() in aliases), "")
        if not found and key in ("ref", "code"):
            raise Refused("file_header", path=path, columns=key)
        names[key] = found
    return names
