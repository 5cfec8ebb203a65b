"""From an order's stored lines to the invoices it gets. Pure; recomputes no stored figure.

Invoiceable is what the lines cost less what was paid with stored value (the seller has taxed that
already and must not invoice it: STA announcement 2016 No. 53, article 3). The amount and tax of a
row are the line's stored ones; only where stored value paid part of a line its tax is split anew.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Mapping, Sequence

import msgspec
from msgspec.structs import replace

from pos.invoices.buyers import plain_name
from pos.invoices.classification import Class, Classification
from pos.invoices.document import Buyer, Document, Item, Kind, Limits, Sold, Zero
from pos.money import MILLI, allocate, tax_within
from pos.refusal import Refused
from pos.text import clean

PREPAID = "6010000000000000000"
"""预付卡销售和充值: stored value paid in is not taxed, never on a special invoice (article 3)."""
STORED_WAYS = ("stored_value",)
"""Tenders of stored value: taxed when it was paid in, not invoiced when it is spent."""
MOST_PARTS = 10
"""Invoices one order is split into at most; providers refuse more."""


class Order(msgspec.Struct, frozen=True):
    """A closed order: its lines, what later returns took back, and stored value spent on both."""

    number: str
    lines: tuple[Sold, ...]
    returned: tuple[Sold, ...] = ()
    stored_fen: int = 0


class Codes(msgspec.Struct, frozen=True):
    """How goods get a tax code: their own, their category's, the shop's."""

    table: Classification
    default: str = ""
    categories: Mapping[str, str] = {}
    zero: Mapping[str, Zero] = {}

    def of(self, line: Sold) -> Class:
        """Raises what `Classification.leaf` raises."""
        code = line.tax_code or self.categories.get(line.category, "") or self.default
        return self.table.leaf(code, line.name)

    def zero_of(self, line: Sold) -> Zero:
        """Why a line at 0 % bears no tax."""
        if line.tax_code == PREPAID:
            return "untaxed"
        return "" if line.tax_bp else self.zero.get(line.category, "")


def invoiceable(order: Order) -> tuple[Sold, ...]:
    """The lines an invoice may show, without those that came back or cost nothing.

    Raises Refused: invoice_returned where all came back, invoice_stored where stored value paid
    all of it, invoice_nothing where nothing was paid.
    """
    bought = [line for line in order.lines if line.net_fen > 0]
    if not bought:
        raise Refused("invoice_nothing", number=order.number)
    left = [line for line in map(_kept(order.returned), bought) if line.net_fen > 0]
    if not left:
        raise Refused("invoice_returned", number=order.number)
    if order.stored_fen <= 0:
        return tuple(left)
    whole = sum(line.net_fen for line in left)
    if order.stored_fen >= whole:
        raise Refused("invoice_stored", number=order.number)
    shares = allocate(order.stored_fen, [line.net_fen for line in left])
    paid = [_without(line, share) for line, share in zip(left, shares, strict=True)]
    return tuple(line for line in paid if line.net_fen > 0)


def invoiceable_fen(order: Order) -> int:
    """What `invoiceable` adds up to; 0 where there is nothing to invoice."""
    try:
        return sum(line.net_fen for line in invoiceable(order))
    except Refused:
        return 0


def _kept(returned: Iterable[Sold]) -> Callable[[Sold], Sold]:
    back: dict[int, list[Sold]] = {}
    for line in returned:
        back.setdefault(line.line_no, []).append(line)

    def kept(line: Sold) -> Sold:
        gone = back.get(line.line_no, ())
        return replace(
            line,
            milli=line.milli + sum(r.milli for r in gone),
            list_fen=line.list_fen + sum(r.list_fen for r in gone),
            net_fen=line.net_fen + sum(r.net_fen for r in gone),
            tax_fen=line.tax_fen + sum(r.tax_fen for r in gone),
        )

    return kept


def _without(line: Sold, fen: int) -> Sold:
    """A line of which `fen` were paid with stored value."""
    if not fen:
        return line
    net = line.net_fen - fen
    return replace(line, net_fen=net, list_fen=net, tax_fen=tax_within(net, line.tax_bp))


def check_rates(lines: Iterable[Sold], allowed: frozenset[int], waiver: str) -> None:
    """Refused("invoice_rate") for a rate the shop may not bill; ("invoice_waiver") for a small
    taxpayer's 3 % without a reason."""
    for line in lines:
        if line.tax_bp not in allowed:
            percent = f"{line.tax_bp / 100:g}%"
            raise Refused("invoice_rate", name=line.name, rate=percent)
        if line.tax_bp == 300 and 100 in allowed and not waiver:
            raise Refused("invoice_waiver", name=line.name)


def documents(
    order: Order,
    kind: Kind,
    buyer: Buyer,
    codes: Codes,
    limits: Limits,
    first: int,
    at: str,
    remark: str = "",
) -> tuple[Document, ...]:
    """The order's invoices; `first` is the number of the first one, counted over the order's life.

    Raises what `invoiceable` and `Codes.of` raise, and Refused("invoice_too_large").
    """
    if kind == "special" and any(line.tax_code == PREPAID for line in order.lines):
        raise Refused("invoice_prepaid_special", number=order.number)
    lines = [part for line in invoiceable(order) for part in _within(line, limits.fen)]
    told = [(line, codes.of(line)) for line in lines]
    parts = _split(told, limits)
    if len(parts) > MOST_PARTS or first + len(parts) > 100:
        raise Refused("invoice_too_large", number=order.number, parts=len(parts), most=MOST_PARTS)
    words = clean(remark or f"单号 {order.number}", limits.remark)
    return tuple(
        Document(
            number_of(order.number, first + n),
            order.number,
            kind,
            buyer,
            tuple(_items(part, codes, limits)),
            words,
            at,
        )
        for n, part in enumerate(parts)
    )


def number_of(order_number: str, n: int) -> str:
    """The `n`-th invoice's own number: the order's and two digits, at most 20 signs."""
    if not 0 < n < 100:
        raise Refused("invoice_too_many", number=order_number)
    return f"{order_number}{n:02d}"


def _within(line: Sold, most: int) -> list[Sold]:
    """A line in so many parts that none costs more than `most`; whole pieces where it can be."""
    if not most or line.net_fen <= most:
        return [line]
    pieces, odd = divmod(line.milli, MILLI)
    count = -(-line.net_fen // most)
    if not odd and pieces >= count:
        while max(allocate(line.net_fen, allocate(pieces, [1] * count))) > most:
            count += 1
            if count > pieces:
                break
    if not odd and pieces >= count:
        shares = [share * MILLI for share in allocate(pieces, [1] * count)]
    else:
        count = -(-line.net_fen // most)
        shares = allocate(line.milli, [1] * count)
    nets, taxes = allocate(line.net_fen, shares), allocate(line.tax_fen, shares)
    lists = allocate(line.list_fen, shares)
    return [
        replace(line, milli=m, net_fen=n, tax_fen=t, list_fen=g)
        for m, n, t, g in zip(shares, nets, taxes, lists, strict=True)
    ]


def _split(told: Sequence[tuple[Sold, Class]], limits: Limits) -> list[list[tuple[Sold, Class]]]:
    """Lines in their order, a new invoice where the next one would pass a limit."""
    parts: list[list[tuple[Sold, Class]]] = [[]]
    rows = fen = 0
    for line, kind in told:
        more = 2 if line.list_fen > line.net_fen else 1
        if parts[-1] and (
            rows + more > limits.rows or (limits.fen and fen + line.net_fen > limits.fen)
        ):
            parts.append([])
            rows = fen = 0
        parts[-1].append((line, kind))
        rows += more
        fen += line.net_fen
    return parts


def _items(part: Iterable[tuple[Sold, Class]], codes: Codes, limits: Limits) -> Iterable[Item]:
    n = 1
    for line, kind in part:
        discount = max(line.list_fen - line.net_fen, 0)
        gross = line.net_fen + discount
        gross_tax = tax_within(gross, line.tax_bp) if discount else line.tax_fen
        item = Item(
            n=n,
            line_no=line.line_no,
            name=plain_name(line.name, limits.name),
            short_name=kind.short_name,
            tax_code=kind.code,
            spec=clean(line.spec, limits.spec),
            unit=clean(line.unit, limits.unit),
            milli=line.milli,
            tax_bp=line.tax_bp,
            zero=codes.zero_of(line),
            gross_fen=gross,
            gross_tax_fen=gross_tax,
            discount_fen=discount,
            discount_tax_fen=gross_tax - line.tax_fen,
        )
        n += item.rows
        yield item
