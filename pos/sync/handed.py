"""Orders that another till wrote, at the door: cleaned and held to bounds, or refused as a whole.

What a till hands over has no money on it, brings nothing back and spends no points
(`till.sharing`), so one that does was made by somebody else.
"""

from __future__ import annotations

import re
from collections.abc import Iterator
from typing import Any

import msgspec
from msgspec.structs import replace

from pos.clock import moment_of
from pos.money import FULL_RATE, MAX_FEN, MAX_MILLI, MILLI, line_amount
from pos.protocol.between import Holds, HoldState, OrderFound
from pos.protocol.records import OwnRecord
from pos.record import OrderClosed, chain, from_bytes
from pos.refusal import Refused
from pos.sale.offers import NO_OFFERS
from pos.sale.order import MAX_LINES, Line, Order
from pos.text import clean, clean_code, harmless
from pos.untrusted import decoded

LONGEST_TEXT = 200
LONGEST_RECORDED = 4000
LONGEST_LABEL = 60
MOST_FACTOR = 100_000
_ID = re.compile(r"[0-9A-Za-z._:-]{1,64}")
MOST_COUPONS = 20
_NAMES = ("name", "unit", "label", "note")
"""Made harmless; every other text is an id or a code: it is right, or the order is refused."""


def listed(told: Holds) -> tuple[HoldState, ...]:
    """Orders that wait, as a list shows them; what has no id that can be asked for is not."""
    return tuple(
        replace(one, label=clean(one.label, LONGEST_LABEL))
        for one in told.holds
        if _ID.fullmatch(one.hold_id)
    )


def claimed(body: str, hold_id: str) -> Order:
    """The order of a hold, without offers: this till gives its own. Refused("ho_bad_order")."""
    try:
        order = msgspec.convert(_cleaned(msgspec.to_builtins(decoded(body, Order))), Order)
    except (msgspec.MsgspecError, RecursionError) as error:
        raise _bad(str(error)) from error
    wrong = next(_wrong_order(order, hold_id), None) or next(_wrong_lines(order.lines), None)
    if wrong is not None:
        raise _bad(wrong)
    return replace(order, state="held", offers=NO_OFFERS)


def found(told: OrderFound, number: str) -> OrderFound:
    """An order of another till as it was told of. Refused("ho_bad_order").

    Its records stay as they are, byte by byte: one with a text that would act is refused.
    """
    sold = _recorded(told.order)
    if not told.number == sold.number == number:
        raise _bad("number")
    for back in map(_recorded, told.returns):
        if all(line.of_order != sold.order_id for line in back.lines):
            raise _bad("returns")
    if len(clean(told.till_seen, LONGEST_TEXT)) != len(told.till_seen):
        raise _bad("till_seen")
    return told


def _cleaned(value: Any, name: str = "") -> Any:
    if isinstance(value, dict):
        return {key: _cleaned(one, key) for key, one in value.items()}
    if isinstance(value, list | tuple):
        return [_cleaned(one, name) for one in value]
    if isinstance(value, str):
        if name in _NAMES:
            return clean(value, LONGEST_TEXT)
        right = clean_code(value) if name in ("barcode", "coupons") else clean(value, LONGEST_TEXT)
        if right != value:
            raise _bad(name)
    return value


def _wrong_order(order: Order, hold_id: str) -> Iterator[str]:
    if order.order_id != hold_id:
        yield "order_id"
    if order.tenders or order.rounding_fen or order.refund_rounding_fen:
        yield "tenders"
    if order.points or order.points_request or order.points_rate < 0:
        yield "points"
    if order.person_id or order.delivery_id or order.reopens or order.reason:
        yield "person_id, delivery_id, reopens, reason"
    if not 0 < len(order.lines) <= MAX_LINES or len(order.coupons) > MOST_COUPONS:
        yield "lines, coupons"
    elif order.next_line <= order.lines[-1].line_no or order.next_line > MAX_MILLI:
        yield "next_line"
    if not 0 <= order.discount_bp < FULL_RATE or not 0 <= order.discount_fen <= MAX_FEN:
        yield "discount"
    try:
        moment_of(order.opened_at)
    except ValueError:
        yield "opened_at"


def _wrong_lines(lines: tuple[Line, ...]) -> Iterator[str]:
    before = 0
    for line in lines:
        if line.returned is not None:
            yield "returned"
        if line.line_no <= before or not _goods_right(line):
            yield f"line {line.line_no}"
        before = line.line_no


def _goods_right(line: Line) -> bool:
    """Whether the counter itself could have put it on an order."""
    sold, changed = line.product, line.price_fen
    sums = (sold.price_fen, line.discount_fen, line.amount_fen, sold.member_fen, sold.lowest_fen)
    return (
        bool(sold.name and sold.sku)
        and all(fen is None or 0 <= fen <= MAX_FEN for fen in sums)
        and (changed is None or 0 < changed <= MAX_FEN)
        and 0 < line.milli <= MAX_MILLI
        and (sold.weighed or not line.milli % MILLI)
        and line_amount(max(sold.price_fen, changed or 0), line.milli) <= MAX_FEN
        and 0 <= line.discount_bp < FULL_RATE
        and 0 <= sold.tax_bp <= FULL_RATE
        and 1 <= sold.factor <= MOST_FACTOR
    )


def _recorded(told: OwnRecord) -> OrderClosed:
    """The closed order of a record whose texts are harmless and whose sums add up."""
    try:
        fact = from_bytes(told.body.encode()).fact
    except (msgspec.MsgspecError, UnicodeError) as error:
        raise _bad(str(error)) from error
    if chain(bytes.fromhex(told.previous), told.body.encode()).hex() != told.hash:
        raise _bad("hash")
    if not isinstance(fact, OrderClosed):
        raise _bad("order.closed")
    for text in _texts(msgspec.to_builtins(fact)):
        if harmless(text, "\x1d") != text or len(text) > LONGEST_RECORDED:
            raise _bad("text")
    nets = [line.list_fen - sum(one.fen for one in line.adjustments) for line in fact.lines]
    sums = (
        [line.net_fen for line in fact.lines] == nets,
        sum(nets) == fact.total_fen,
        sum(line.tax_fen for line in fact.lines) == fact.tax_fen,
        sum(tender.fen for tender in fact.tenders) == fact.total_fen,
        all(abs(line.milli) <= MAX_MILLI and line.milli for line in fact.lines),
    )
    if not all(sums):
        raise _bad("sums")
    return fact


def _texts(value: Any) -> Iterator[str]:
    if isinstance(value, str):
        yield value
    elif isinstance(value, dict):
        for one in value.values():
            yield from _texts(one)
    elif isinstance(value, list | tuple):
        for one in value:
            yield from _texts(one)


def _bad(why: str) -> Refused:
    return Refused("ho_bad_order", why=clean(why, 120))
