"""Facts of stock: what came, went and was counted. Sales move stock by their own records."""

from __future__ import annotations

from typing import Literal

import msgspec

from pos.record.parts import Base, Where

MoveKind = Literal["received", "transferred_in", "transferred_out", "written_off"]


class MovedLine(msgspec.Struct, frozen=True, forbid_unknown_fields=True):
    """A product that moved: `milli` of its unit, negative where it left.

    `value_fen` is by how much the stock's value changes, `paid_fen` what the supplier gets for it;
    None where nobody knows.
    """

    line_no: int
    product_id: int
    sku: str
    barcode: str
    name: str
    unit: str
    milli: int
    value_fen: int | None
    paid_fen: int | None = None


class CountedLine(msgspec.Struct, frozen=True, forbid_unknown_fields=True):
    """A product as counted, and what the books held when it was: the difference moves.

    `value_fen` is the value of the difference; None where nobody knows what the goods cost.
    """

    line_no: int
    product_id: int
    sku: str
    barcode: str
    name: str
    unit: str
    expected_milli: int
    counted_milli: int
    value_fen: int | None

    @property
    def milli(self) -> int:
        """By how much the stock changes: negative is a loss."""
        return self.counted_milli - self.expected_milli


class StockMoved(Base, frozen=True, tag="stock.moved"):
    """Goods came or left beside sales.

    `partner` is the supplier or the other shop, `reference` the number of their slip.
    """

    where: Where
    doc_id: str
    number: str
    move: MoveKind
    partner: str
    reference: str
    reason: str
    lines: tuple[MovedLine, ...]


class StockCounted(Base, frozen=True, tag="stock.counted"):
    """A stocktake (盘点): blind, begun at `frozen_at`, its differences signed by `approver`.

    `whole`: what was not counted was taken to be gone.
    """

    where: Where
    doc_id: str
    number: str
    frozen_at: str
    approver: str
    whole: bool
    reason: str
    lines: tuple[CountedLine, ...]
