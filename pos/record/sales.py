"""Facts of orders: closed, voided, lines taken off, receipts, deliveries."""

from __future__ import annotations

from typing import Literal

from pos.record.parts import Base, GivenOffer, SoldLine, Taken, Where


class OrderClosed(Base, frozen=True, tag="order.closed"):
    """A finished sale or return: sum of net = sum of tenders' `fen`; tax is inside net.

    `person_id` and `delivery_id` are empty where nobody was named and nothing is to be brought;
    `reason` where nobody had to say why goods came back. A full return that an open order with
    the same lines follows (反结账) names it in `reopened_as`.
    """

    where: Where
    order_id: str
    seq: int
    number: str
    ref: str
    opened_at: str
    lines: tuple[SoldLine, ...]
    tenders: tuple[Taken, ...]
    total_fen: int
    tax_fen: int
    rounding_fen: int
    change_fen: int
    person_id: str = ""
    delivery_id: str = ""
    reason: str = ""
    reopened_as: str = ""
    offers: tuple[GivenOffer, ...] = ()
    note: str = ""


class OrderVoided(Base, frozen=True, tag="order.voided"):
    """An order given up as a whole (整单取消); it moves no money and no goods."""

    where: Where
    order_id: str
    seq: int
    number: str
    opened_at: str
    lines: tuple[SoldLine, ...]
    total_fen: int
    reason: str


class LineVoided(Base, frozen=True, tag="line.voided"):
    """Goods taken off an open order (更正): `milli` of them, worth `list_fen` at list price."""

    where: Where
    order_id: str
    line_no: int
    sku: str
    name: str
    milli: int
    unit_fen: int
    list_fen: int


class Reprinted(Base, frozen=True, tag="receipt.reprinted"):
    """A receipt printed once more; `copy` counts from 1."""

    where: Where
    order_id: str
    number: str
    copy: int


class Fulfilled(Base, frozen=True, tag="order.fulfilled"):
    """What became of a closed order that is to be delivered; the order stays as it was."""

    where: Where
    order_id: str
    number: str
    state: Literal["delivered", "undelivered"]
