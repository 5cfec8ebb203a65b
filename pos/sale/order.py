"""An open order and what can be done to its lines.

Orders are values: every function gives back a new order and leaves the old one as it was.
"""

from __future__ import annotations

from typing import Literal

import msgspec
from msgspec.structs import replace

from pos.money import MAX_FEN, MAX_MILLI, MILLI, line_amount
from pos.record import SoldLine, Taken
from pos.refusal import Refused
from pos.sale.offers import NO_OFFERS, Offers

MAX_LINES = 2000
FULL_OFF_BP = 10_000


class Product(msgspec.Struct, frozen=True):
    """What the counter needs to know of a product to sell it. Prices are fen for one unit.

    A pack is a product of its own here: one unit of it takes `factor` units from the stock.
    """

    product_id: int
    sku: str
    name: str
    unit: str
    price_fen: int
    tax_bp: int
    weighed: bool = False
    discountable: bool = True
    member_fen: int | None = None
    lowest_fen: int | None = None
    factor: int = 1


class Line(msgspec.Struct, frozen=True):
    """One line of an open order. The product is held as it was when it was scanned.

    `amount_fen` is what a scale printed on the goods; it stands for price times weight. `seller` is
    the operator who sold it (营业员).
    `account` is whose stored value it pays in: no goods then.
    `returned` is what came back: its figures are those of the line, and nothing changes them.
    """

    line_no: int
    product: Product
    barcode: str
    milli: int
    price_fen: int | None = None
    discount_bp: int = 0
    discount_fen: int = 0
    amount_fen: int | None = None
    returned: SoldLine | None = None
    seller: str = ""
    account: str = ""

    @property
    def plain(self) -> bool:
        """Whether it is sold and nobody has changed its price or given a discount."""
        changed = self.price_fen is not None or self.discount_bp or self.discount_fen
        return not changed and self.returned is None

    @property
    def list_fen(self) -> int:
        """What it costs at list price; negative where it came back."""
        if self.returned is not None:
            return self.returned.list_fen
        if self.amount_fen is not None:
            return self.amount_fen
        return line_amount(self.product.price_fen, self.milli)


class Order(msgspec.Struct, frozen=True):
    """An order from its first line to its end. `next_line` never goes back, so numbers are unique.

    `person_id` is who buys, `delivery_id` where it is to be brought; empty where nobody asked.
    With lines that came back it is a return, or an exchange where it has others too: `reason` says
    why where that is asked, `refund_rounding_fen` is 抹零 of cash that goes back (it lies on the
    lines already), `reopens` names the order that this one takes back as a whole (反结账).
    `coupons` are codes that were shown; `offers` what is given at present, frozen by a tender.
    `points_rate` is what its member earns, in hundredths of a point for a yuan. `points` of the
    member are spent on it; head office holds them under `points_request`.
    """

    order_id: str
    opened_at: str
    operator: str
    lines: tuple[Line, ...] = ()
    next_line: int = 1
    discount_bp: int = 0
    discount_fen: int = 0
    tenders: tuple[Taken, ...] = ()
    rounding_fen: int = 0
    state: Literal["open", "held"] = "open"
    label: str = ""
    person_id: str = ""
    delivery_id: str = ""
    reason: str = ""
    refund_rounding_fen: int = 0
    reopens: str = ""
    note: str = ""
    coupons: tuple[str, ...] = ()
    offers: Offers = NO_OFFERS
    points_rate: int = 0
    points: int = 0
    points_request: str = ""

    @property
    def returned(self) -> tuple[SoldLine, ...]:
        """What comes back."""
        return tuple(line.returned for line in self.lines if line.returned is not None)

    @property
    def sold(self) -> tuple[Line, ...]:
        """What is sold: all that prices, offers and discounts are for."""
        return tuple(line for line in self.lines if line.returned is None)

    def line(self, line_no: int) -> Line:
        """The line of that number; Refused when it is gone."""
        for line in self.lines:
            if line.line_no == line_no:
                return line
        raise Refused("no_line")


def check_open(order: Order) -> None:
    """Refuse changes once money was taken: prices freeze at the first tender."""
    if order.tenders:
        raise Refused("prices_frozen")


def check_quantity(product: Product, milli: int, price_fen: int | None = None) -> None:
    """Refuse a quantity that cannot be meant, at list price or at the changed one."""
    if milli <= 0:
        raise Refused("quantity_not_positive")
    unit_fen = max(product.price_fen, price_fen or 0)
    if milli > MAX_MILLI or line_amount(unit_fen, milli) > MAX_FEN:
        raise Refused("quantity_too_large", most=MAX_MILLI // MILLI)
    if not product.weighed and milli % MILLI:
        raise Refused("quantity_not_whole", name=product.name)


def add(
    order: Order,
    product: Product,
    barcode: str,
    milli: int,
    *,
    merge: bool = True,
    amount_fen: int | None = None,
    seller: str = "",
) -> Order:
    """Put `milli` of a product on the order, for `amount_fen` where its label says so.

    With `merge`, a repeat of the last line's product raises that line's quantity instead, unless
    it is weighed, somebody changed its price or somebody else sold it.
    """
    check_open(order)
    _check_whole(order)
    check_quantity(product, milli)
    if merge and order.lines and not product.weighed:
        last = order.lines[-1]
        same = last.product == product and last.barcode == barcode and last.seller == seller
        if last.plain and same:
            check_quantity(product, last.milli + milli)
            merged = replace(last, milli=last.milli + milli)
            return replace(order, lines=(*order.lines[:-1], merged))
    if len(order.lines) >= MAX_LINES:
        raise Refused("too_many_lines", most=MAX_LINES)
    if amount_fen is not None and not 0 <= amount_fen <= MAX_FEN:
        raise Refused("price_out_of_range")
    line = Line(order.next_line, product, barcode, milli, amount_fen=amount_fen, seller=seller)
    return replace(order, lines=(*order.lines, line), next_line=order.next_line + 1)


def bring_back(order: Order, back: SoldLine) -> Order:
    """Put goods that came back on the order."""
    check_open(order)
    if len(order.lines) >= MAX_LINES:
        raise Refused("too_many_lines", most=MAX_LINES)
    product = Product(
        back.product_id,
        back.sku,
        back.name,
        back.unit,
        back.unit_fen,
        back.tax_bp,
        weighed=bool(back.milli % MILLI),
        factor=back.factor,
    )
    number = order.next_line
    returned = replace(back, line_no=number)
    line = Line(number, product, back.barcode, back.milli, returned=returned)
    return replace(order, lines=(*order.lines, line), next_line=number + 1)


def change(order: Order, line: Line) -> Order:
    """Put `line` in place of the one with its number; what came back stays as it is."""
    check_open(order)
    _sale_line(order, line.line_no)
    lines = tuple(line if old.line_no == line.line_no else old for old in order.lines)
    return replace(order, lines=lines)


def set_quantity(order: Order, line_no: int, milli: int) -> Order:
    """The line now holds `milli`. With less of it, sums taken off line and order end."""
    line = _sale_line(order, line_no)
    check_quantity(line.product, milli, line.price_fen)
    if milli >= line.milli:
        return change(order, replace(line, milli=milli, amount_fen=None))
    less = change(order, replace(line, milli=milli, discount_fen=0, amount_fen=None))
    return replace(less, discount_fen=0)


def set_price(order: Order, line_no: int, fen: int) -> Order:
    """变价: one unit of the line costs `fen`; earlier discounts on the line end."""
    line = _sale_line(order, line_no)
    if fen <= 0 or fen > MAX_FEN or line_amount(fen, line.milli) > MAX_FEN:
        raise Refused("price_out_of_range")
    lowest = line.product.lowest_fen
    if lowest is not None and fen < lowest:
        raise Refused("price_below_lowest", lowest=lowest)
    return change(
        order, replace(line, price_fen=fen, discount_bp=0, discount_fen=0, amount_fen=None)
    )


def discount_line(order: Order, line_no: int, *, bp: int = 0, fen: int = 0) -> Order:
    """Take `bp` basis points or `fen` off a line; both zero ends its discount."""
    line = _sale_line(order, line_no)
    if not line.product.discountable and (bp or fen):
        raise Refused("not_discountable", name=line.product.name)
    whole = line.list_fen if line.price_fen is None else line_amount(line.price_fen, line.milli)
    _check_discount(bp, fen, whole)
    return change(order, replace(line, discount_bp=bp, discount_fen=fen))


def discount_order(order: Order, total_fen: int, *, bp: int = 0, fen: int = 0) -> Order:
    """Take `bp` basis points or `fen` off the order, of which `total_fen` may be discounted."""
    check_open(order)
    if not order.lines:
        raise Refused("order_empty")
    if total_fen <= 0 and (bp or fen):
        raise Refused("nothing_discountable")
    _check_discount(bp, fen, total_fen)
    return replace(order, discount_bp=bp, discount_fen=fen)


def void_line(order: Order, line_no: int) -> Order:
    """Take a line off the order.

    A sum taken off the order was allowed for what stood on it, so it ends; a rate ends with the
    last line.
    """
    check_open(order)
    _check_whole(order)
    gone = order.line(line_no)
    lines = tuple(x for x in order.lines if x.line_no != line_no)
    if gone.returned is not None:
        return replace(order, lines=lines)
    rate = order.discount_bp if any(x.returned is None for x in lines) else 0
    return replace(order, lines=lines, discount_fen=0, discount_bp=rate)


def _check_whole(order: Order) -> None:
    """An order that is taken back as a whole (反结账) gains and loses nothing."""
    if order.reopens:
        raise Refused("reopening_fixed")


def _sale_line(order: Order, line_no: int) -> Line:
    line = order.line(line_no)
    if line.returned is not None:
        raise Refused("return_line_fixed", name=line.product.name)
    if line.account:
        raise Refused("topup_fixed")
    return line


def _check_discount(bp: int, fen: int, most_fen: int) -> None:
    if bp < 0 or fen < 0:
        raise Refused("discount_negative")
    if bp >= FULL_OFF_BP or fen > most_fen:
        raise Refused("discount_too_large")
