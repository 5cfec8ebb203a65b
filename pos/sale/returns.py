"""Returns: what comes back of lines that were sold, and what it is worth.

A return is a new closed order whose lines are negative and name what they return; an exchange has
both kinds of lines. Money comes from the stored line, never from today's rules: after k of n
thousandths, round(P x k / n) is back in all, so that the k-th part is a difference of two such
sums, the last one closes to zero and the order of returns does not matter. `refunds` has the money.
"""

from __future__ import annotations

from collections.abc import Container, Iterable, Mapping, Sequence
from datetime import date

import msgspec

from pos.money import half_up, line_amount, quantity, tax_within
from pos.record import Adjustment, AdjustmentKind, Condition, GivenOffer, SoldLine, Taken
from pos.refusal import Refused
from pos.sale.order import Product, check_quantity

_NUMBER_DIGITS = 15
Source = tuple[AdjustmentKind, str]
"""What took something off a line: the kind, and the id of the offer if it was one."""
ROUNDING: Source = ("rounding", "")


class Returned(msgspec.Struct, frozen=True):
    """What came back of one sold line before, over all returns, in positive figures."""

    milli: int = 0
    list_fen: int = 0
    net_fen: int = 0
    tax_fen: int = 0
    adjustments: tuple[Adjustment, ...] = ()
    cost_fen: int = 0
    points: int = 0


NOTHING = Returned()


class Sold(msgspec.Struct, frozen=True):
    """A closed order that something comes back of; `number` and `sold_on` are for a person.

    `before` is by line number; `refunded` has fen already given back by tender, counted from 1.
    """

    order_id: str
    lines: tuple[SoldLine, ...]
    tenders: tuple[Taken, ...]
    before: Mapping[int, Returned] = {}
    refunded: Mapping[int, int] = {}
    number: str = ""
    sold_on: str = ""
    person_id: str = ""
    offers: tuple[GivenOffer, ...] = ()

    def line(self, line_no: int) -> SoldLine:
        """The sold line of that number; Refused where there is none or it is a return itself."""
        for line in self.lines:
            if line.line_no == line_no:
                if line.milli <= 0:
                    raise Refused("return_of_return")
                if line.account:
                    raise Refused("topup_not_back")
                return line
        raise Refused("no_line")

    def left(self, line_no: int) -> int:
        """Thousandths of a line that may still come back."""
        return self.line(line_no).milli - self.before.get(line_no, NOTHING).milli


class Wanted(msgspec.Struct, frozen=True):
    """`milli` of a sold line come back, in this condition."""

    line_no: int
    milli: int
    condition: Condition = "stock"


def before_of(lines: Iterable[SoldLine]) -> dict[tuple[str, int], Returned]:
    """What earlier return lines add up to, by the order and line they return."""
    sums: dict[tuple[str, int], Returned] = {}
    for line in lines:
        if line.of_order:
            key = (line.of_order, line.of_line)
            sums[key] = and_back(sums.get(key, NOTHING), line)
    return sums


def everything(sold: Sold) -> tuple[Wanted, ...]:
    """All that may still come back, for a whole-ticket return. Refused where nothing is left."""
    wanted = [
        Wanted(line.line_no, sold.left(line.line_no))
        for line in sold.lines
        if line.milli > 0 and not line.account
    ]
    if not wanted:
        raise Refused("return_of_return")
    found = tuple(one for one in wanted if one.milli > 0)
    if not found:
        raise Refused("all_returned")
    return found


def bring_back(
    sold: Sold, wanted: Sequence[Wanted], *, first_line: int = 1
) -> tuple[SoldLine, ...]:
    """The return lines of what comes back; a sold line may be named twice (some of it damaged).

    Refused: no_line, return_of_return, return_not_positive, return_not_whole, return_too_much.
    """
    before = dict(sold.before)
    lines = []
    for number, one in enumerate(wanted, first_line):
        line = sold.line(one.line_no)
        done = before.get(one.line_no, NOTHING)
        left = line.milli - done.milli
        if one.milli <= 0:
            raise Refused("return_not_positive")
        if one.milli > left:
            raise Refused("return_too_much", name=line.name, left=quantity(left))
        if line.milli % 1000 == 0 and left % 1000 == 0 and one.milli % 1000:
            raise Refused("return_not_whole", name=line.name)
        back = _part(sold.order_id, line, done, one, number)
        before[one.line_no] = and_back(done, back)
        lines.append(back)
    return tuple(lines)


def without_receipt(
    product: Product,
    barcode: str,
    milli: int,
    condition: Condition,
    *,
    line_no: int = 1,
    price_fen: int | None = None,
) -> SoldLine:
    """Goods back at list price, or at a lower `price_fen`; who allows it is decided elsewhere."""
    check_quantity(product, milli)
    if price_fen is not None and not 0 <= price_fen <= product.price_fen:
        raise Refused("return_above_list", list=product.price_fen)
    listed = line_amount(product.price_fen, milli)
    net = listed if price_fen is None else line_amount(price_fen, milli)
    off: tuple[Adjustment, ...] = ()
    if listed != net:
        off = (Adjustment("price", net - listed),)
    return SoldLine(
        line_no,
        product.product_id,
        product.sku,
        barcode,
        product.name,
        product.unit,
        -milli,
        product.price_fen,
        -listed,
        off,
        -net,
        product.tax_bp,
        -tax_within(net, product.tax_bp),
        product.factor,
        condition=condition,
    )


class ReturnStale(Refused):
    """A return that no longer fits what is on disk: something came back in the meantime."""


def check_back(sold: Sold, lines: Sequence[SoldLine], tenders: Sequence[Taken]) -> None:
    """Hold what closes now to what was sold and paid, whatever came back in the meantime.

    `lines` and `tenders` are those of a return that name this order; a sold line that is back as
    a whole gives back what was paid for it and never more. Refused: no_line, return_of_return,
    return_too_much, return_over_paid.
    """
    done = dict(sold.before)
    for back in lines:
        line = sold.line(back.of_line)
        before = done.get(back.of_line, NOTHING)
        left = line.milli - before.milli
        if not 0 < -back.milli <= left:
            raise ReturnStale("return_too_much", name=line.name, left=quantity(left))
        done[back.of_line] = after = and_back(before, back)
        if back.product_id != line.product_id or after.net_fen > max(line.net_fen, 0):
            raise ReturnStale("return_over_paid", name=line.name)
        if not 0 <= -back.tax_fen <= -back.net_fen:
            raise ReturnStale("return_over_paid", name=line.name)
    gone = dict(sold.refunded)
    for taken in tenders:
        place = taken.of_tender
        if taken.fen >= 0 or not 0 < place <= len(sold.tenders):
            raise ReturnStale("return_over_paid", name=taken.reference)
        gone[place] = gone.get(place, 0) - taken.fen
        original = sold.tenders[place - 1]
        if taken.way != original.way or gone[place] > original.fen:
            raise ReturnStale("return_over_paid", name=taken.reference)


def check_limits(
    lines: Sequence[SoldLine],
    *,
    without_receipt_fen: int,
    other_till_fen: int = 0,
    own: Container[str] | None = None,
) -> None:
    """Hold a return to the shop's policy; an override may allow more.

    `own` are the orders this till has on disk, None where all are. What another till sold and head
    office has not confirmed is capped, since two tills could return it twice.
    """
    bare = -sum(line.net_fen for line in lines if not line.of_order)
    if bare > without_receipt_fen:
        raise Refused("return_over_limit", most=without_receipt_fen)
    if own is None:
        return
    foreign = -sum(line.net_fen for line in lines if line.of_order and line.of_order not in own)
    if foreign > other_till_fen:
        raise Refused("return_unconfirmed", most=other_till_fen)


def check_age(sold_on: str, today: str, days: int) -> None:
    """Refuse what was sold more than `days` business days of the calendar ago; 0: no limit."""
    if days and (date.fromisoformat(today) - date.fromisoformat(sold_on)).days > days:
        raise Refused("return_too_late", days=days)


def till_of(number: str, shop: str) -> str:
    """The till of an order number of this shop. Refused: return_other_shop, not_an_order_number."""
    if len(number) != _NUMBER_DIGITS or not (number.isascii() and number.isdigit()):
        raise Refused("not_an_order_number", number=number)
    if number[:4] != shop:
        raise Refused("return_other_shop", shop=number[:4])
    return number[4:6]


# --- parts of a line ---


class _Share(msgspec.Struct, frozen=True):
    """The first so many thousandths of a line."""

    list_fen: int
    net_fen: int
    off: dict[Source, int]


def by_source(adjustments: Sequence[Adjustment]) -> list[tuple[Source, int]]:
    """Fen by kind and offer, each once and none of them 0, in the order of the pricing pipeline."""
    sums: dict[Source, int] = {}
    for one in adjustments:
        source = (one.kind, one.offer)
        sums[source] = sums.get(source, 0) + one.fen
    return [(source, fen) for source, fen in sums.items() if fen]


def adjusted(sums: Mapping[Source, int]) -> tuple[Adjustment, ...]:
    """Such sums as adjustments."""
    return tuple(Adjustment(kind, fen, offer) for (kind, offer), fen in sums.items() if fen)


def _upto(line: SoldLine, milli: int) -> _Share:
    """What the first `milli` of a line are worth; each figure grows with `milli`."""
    net = half_up(line.net_fen * milli, line.milli)
    # halves downwards: where a tie rounds net up, list price stays price times pieces
    whole = line.list_fen - line.net_fen
    off = -((line.milli - 2 * whole * milli) // (2 * line.milli))
    sources = by_source(line.adjustments)
    return _Share(net + off, net, _divide(off, sources, milli, line.milli))


def _divide(
    off: int, sources: Sequence[tuple[Source, int]], milli: int, of: int
) -> dict[Source, int]:
    """`off` over its sources, adding up to it; of one sign, each grows with `milli` as well."""
    out: dict[Source, int] = {}
    left, whole = off, sum(fen for _, fen in sources)
    mixed = len({fen > 0 for _, fen in sources}) > 1
    for place, (source, fen) in enumerate(sources, 1):
        if place == len(sources):
            out[source] = left
        elif mixed:
            out[source] = half_up(fen * milli, of)
        else:
            out[source] = half_up(abs(fen) * left, abs(whole))
        left -= out[source]
        whole -= fen
    return out


def _part(order_id: str, line: SoldLine, before: Returned, wanted: Wanted, number: int) -> SoldLine:
    upto = _upto(line, before.milli + wanted.milli)
    listed = upto.list_fen - before.list_fen
    net = max(0, min(upto.net_fen, line.net_fen) - before.net_fen)
    done = dict(by_source(before.adjustments))
    off = {source: fen - done.get(source, 0) for source, fen in upto.off.items()}
    off.pop(ROUNDING, None)
    off[ROUNDING] = listed - net - sum(off.values())
    return SoldLine(
        number,
        line.product_id,
        line.sku,
        line.barcode,
        line.name,
        line.unit,
        -wanted.milli,
        line.unit_fen,
        -listed,
        adjusted({source: -fen for source, fen in off.items()}),
        -net,
        line.tax_bp,
        -tax_with(line, before, net),
        line.factor,
        _cost(line, before, wanted.milli),
        order_id,
        line.line_no,
        wanted.condition,
        line.seller,
        before.points - half_up(line.points * (before.milli + wanted.milli), line.milli),
    )


def _cost(line: SoldLine, before: Returned, milli: int) -> int | None:
    """What the goods cost when they were sold is what they are worth again."""
    if line.cost_fen is None:
        return None
    return before.cost_fen - half_up(line.cost_fen * (before.milli + milli), line.milli)


def tax_with(line: SoldLine, before: Returned, net: int) -> int:
    """Tax that goes back with `net`: never more than it, and closing with it."""
    if not line.net_fen:
        return 0
    return half_up(line.tax_fen * (before.net_fen + net), line.net_fen) - before.tax_fen


def and_back(before: Returned, back: SoldLine) -> Returned:
    """What came back of a line, with one more return line of it."""
    off = dict(by_source(before.adjustments))
    for source, fen in by_source(back.adjustments):
        off[source] = off.get(source, 0) - fen
    return Returned(
        before.milli - back.milli,
        before.list_fen - back.list_fen,
        before.net_fen - back.net_fen,
        before.tax_fen - back.tax_fen,
        adjusted(off),
        before.cost_fen - (back.cost_fen or 0),
        before.points - back.points,
    )
