"""Lines that were sold, with every kind of discount, and ways to bring them back."""

from __future__ import annotations

from collections.abc import Sequence

from hypothesis import settings
from hypothesis import strategies as st
from msgspec.structs import replace

from pos.money import tax_within
from pos.record import Adjustment, AdjustmentKind, SoldLine
from pos.sale import order as rules
from pos.sale import returns
from pos.sale.returns import Sold, Wanted
from pos.sale.tenders import RoundingMode
from tests.sale.goods import order_of

STEADY = settings(derandomize=True, max_examples=200, deadline=None)
MODES: tuple[RoundingMode, ...] = ("none", "down_jiao", "down_yuan", "half_up_jiao", "half_up_yuan")
KINDS: tuple[AdjustmentKind, ...] = ("promotion", "line_discount", "order_discount", "rounding")


def sold_line(
    milli: int, list_fen: int, off: Sequence[tuple[AdjustmentKind, int]] = (), line_no: int = 1
) -> SoldLine:
    net = list_fen - sum(fen for _, fen in off)
    adjustments = tuple(Adjustment(kind, fen) for kind, fen in off)
    tax = tax_within(net, 1300)
    return SoldLine(
        *(line_no, 1, "A1", "", "可乐", "罐", milli, 350, list_fen, adjustments, net, 1300, tax),
        cost_fen=net * 2 // 3,
        points=net // 100,
    )


@st.composite
def lines_sold(draw: st.DrawFn) -> SoldLine:
    """A line of pieces or of weight, with discounts of one sign or with a raised price."""
    pieces = draw(st.booleans())
    milli = draw(st.integers(1, 12)) * 1000 if pieces else draw(st.integers(1, 3000))
    listed = draw(st.integers(0, 3000)) * milli // 1000 if pieces else draw(st.integers(0, 20_000))
    left = listed
    off: list[tuple[AdjustmentKind, int]] = []
    if draw(st.integers(0, 5)) == 0:
        raised = draw(st.integers(1, 500))
        off.append(("price", -raised))
        left += raised
    for kind in KINDS:
        if draw(st.booleans()):
            fen = draw(st.integers(0, left))
            left -= fen
            off.append((kind, fen))
    return sold_line(milli, listed, [one for one in off if one[1]])


@st.composite
def sold_in_parts(draw: st.DrawFn) -> tuple[SoldLine, list[int]]:
    """A line and a way to bring it back in parts."""
    line = draw(lines_sold())
    unit = 1000 if line.milli % 1000 == 0 else 1
    most = line.milli // unit
    places = draw(st.lists(st.integers(1, most), max_size=6, unique=True))
    ends = sorted({*places, most})
    return line, [(b - a) * unit for a, b in zip([0, *ends], ends, strict=False)]


def by_kind(adjustments: Sequence[Adjustment]) -> dict[str, int]:
    sums: dict[str, int] = {}
    for one in adjustments:
        sums[one.kind] = sums.get(one.kind, 0) + one.fen
    return {kind: fen for kind, fen in sums.items() if fen}


def balanced(line: SoldLine) -> bool:
    return line.list_fen - sum(a.fen for a in line.adjustments) == line.net_fen


def one_by_one(line: SoldLine, parts: Sequence[int]) -> list[SoldLine]:
    """Each part in an order of its own, told what came back before."""
    gone: list[SoldLine] = []
    for milli in parts:
        before = {n: done for (_, n), done in returns.before_of(gone).items()}
        sold = Sold("o1", (line,), (), before)
        gone += returns.bring_back(sold, [Wanted(1, milli)])
    return gone


def returning(lines: Sequence[SoldLine]) -> rules.Order:
    """An open order with what came back."""
    order = order_of()
    for line in lines:
        order = rules.bring_back(order, line)
    return order


def numbered(lines: Sequence[SoldLine]) -> tuple[SoldLine, ...]:
    return tuple(replace(line, line_no=n) for n, line in enumerate(lines, 1))
