"""Random days at a real ledger, and what they come to by adding up the facts in plain Python."""

from __future__ import annotations

import random
from collections import Counter, defaultdict
from dataclasses import dataclass, field
from datetime import timedelta

from msgspec.structs import replace

from pos.record import (
    CashMoved,
    DrawerOpened,
    LineVoided,
    OrderClosed,
    Override,
    Reprinted,
    ShiftOpened,
    SoldLine,
    TenderWay,
    Where,
)
from pos.sale import order as rules
from pos.sale import refunds, returns, tenders
from pos.sale.order import Order, Product
from pos.sale.returns import Sold, Wanted
from pos.sale.tenders import RoundingMode
from pos.store.ledger import Ledger
from pos.store.reader import Reader
from tests.shop import APPLE, BAG, MILK, SMOKE, WATER, Shop

CODES = (WATER, MILK, APPLE, BAG, SMOKE)
MODES: tuple[RoundingMode, ...] = ("none", "down_jiao", "down_yuan", "half_up_jiao")
WALLETS: tuple[TenderWay, ...] = ("wechat", "alipay")
WHO = ("1001", "2001")


@dataclass
class Days:
    """A till at work; `facts` is all that closed, in order."""

    shop: Shop
    ledger: Ledger
    rng: random.Random
    where: Where = field(default_factory=lambda: Where("1001", "s-0", "2026-03-02"))
    facts: list[OrderClosed] = field(default_factory=list)
    voided: list[tuple[Where, int]] = field(default_factory=list)
    voided_lines: list[tuple[Where, int]] = field(default_factory=list)
    cash: list[CashMoved] = field(default_factory=list)
    opens: list[Where] = field(default_factory=list)
    overrides: list[Where] = field(default_factory=list)
    reprints: list[Where] = field(default_factory=list)
    gone: list[SoldLine] = field(default_factory=list)
    shifts: list[Where] = field(default_factory=list)
    products: dict[str, Product] = field(default_factory=dict)

    def __post_init__(self) -> None:
        reader = Reader(self.ledger.place.path)
        for code in CODES:
            product = reader.product(code)
            assert product is not None
            self.products[code] = product
        reader.close()

    def run(self, acts: int, *, dates: int = 3) -> None:
        """So many random acts over some business dates, a shift of each operator a date."""
        for day in range(dates):
            for operator in WHO:
                self.open(operator, f"2026-03-{2 + day:02d}")
                for _ in range(acts // dates // len(WHO)):
                    self.act()
                    self.shop.hands.go(self.rng.choice((1, 600)))
            self.shop.hands.at += timedelta(hours=20)

    def open(self, operator: str, business_date: str) -> None:
        """A shift, with a float."""
        self.where = Where(operator, f"s-{operator}-{business_date}", business_date)
        self.shifts.append(self.where)
        self.ledger.write(ShiftOpened(self.where))
        self.move("float", 50_000)

    def act(self) -> None:
        """One thing that happens at a counter."""
        choice = self.rng.randrange(20)
        if choice < 10 or not self.facts:
            self.sell()
        elif choice < 13:
            self.bring_back()
        elif choice == 13:
            self.exchange()
        elif choice == 14:
            self.void_order()
        elif choice == 15:
            self.void_line()
        elif choice == 16:
            self.move(self.rng.choice(("in", "out", "drop")), self.rng.randrange(1, 5000))
        elif choice == 17:
            self.ledger.write(DrawerOpened(self.where, "换零钱"))
            self.opens.append(self.where)
        elif choice == 18:
            fact = self.rng.choice(self.facts)
            self.ledger.write(Reprinted(self.where, fact.order_id, fact.number, 1))
            self.reprints.append(self.where)
        else:
            self.override()

    def basket(self, most: int = 4) -> Order:
        """An open order of some goods, with discounts; of none with `most` 0."""
        rng = self.rng
        order = Order(self.ledger.place.ids.uuid7(), "2026-03-02T02:00:00.000Z", "1001")
        order = replace(order, person_id=rng.choice(("", "", "p1", "p2")))
        for _ in range(rng.randint(1, most) if most else 0):
            code = rng.choice(CODES)
            product = self.products[code]
            milli = rng.randrange(1, 3000) if product.weighed else rng.randrange(1, 7) * 1000
            order = rules.add(order, product, code, milli, merge=False)
            line = order.lines[-1]
            if rng.random() < 0.2:
                order = rules.change(
                    order, replace(line, price_fen=rng.randrange(1, product.price_fen + 50))
                )
            elif rng.random() < 0.3 and product.discountable:
                order = rules.discount_line(order, line.line_no, bp=rng.randrange(1, 3000))
        if most and rng.random() < 0.3:
            order = replace(order, discount_bp=rng.randrange(1, 2000))
        return order

    def sell(self) -> None:
        """A sale by one way or by several."""
        order = self.basket()
        rng = self.rng
        if rng.random() < 0.4 and tenders.due(order) > 3:
            some = rng.randrange(1, tenders.due(order))
            number = self.ledger.place.ids.uuid7().replace("-", "")
            way = rng.choice(WALLETS)
            order = tenders.take_wallet(order, way, some, number)
        if rng.random() < 0.3 and tenders.due(order) > 0:
            part = rng.randrange(1, tenders.due(order) + 1)
            order = tenders.take_reference(order, rng.choice(("bank", "transfer")), part, "REF001")
        if not order.tenders or tenders.due(order):
            mode = rng.choice(MODES)
            asked = tenders.cash_due(order, mode)
            given = asked + rng.randrange(0, 500) if asked else None
            order = tenders.take_cash(order, given, mode, 100_000)
        self.ledger.save_draft(order)
        ended = self.ledger.close_order(order, self.where)
        assert isinstance(ended.fact, OrderClosed)
        self.facts.append(ended.fact)

    def some_back(self) -> tuple[Sold, tuple[SoldLine, ...]] | None:
        """Some lines of an earlier sale."""
        fact = self.rng.choice(self.facts)
        done = returns.before_of(self.gone)
        before = {line: one for (order, line), one in done.items() if order == fact.order_id}
        given = Counter[int]()
        for taken in (taken for one in self.facts for taken in one.tenders):
            if taken.of_order == fact.order_id:
                given[taken.of_tender] -= taken.fen
        sold = Sold(fact.order_id, fact.lines, fact.tenders, before, given)
        wanted = []
        for line in fact.lines:
            left = sold.left(line.line_no) if line.milli > 0 else 0
            if left and self.rng.random() < 0.6:
                step = 1000 if left % 1000 == 0 else left
                wanted.append(Wanted(line.line_no, step * self.rng.randint(1, left // step)))
        if not wanted:
            return None
        return sold, returns.bring_back(sold, wanted)

    def bring_back(self) -> None:
        """A return."""
        found = self.some_back()
        if found is None:
            return
        sold, lines = found
        self.close(self.basket(0), lines, sold, self.rng.choice(MODES))

    def exchange(self) -> None:
        """Goods for goods: what is due is paid, or goes back."""
        found = self.some_back()
        if found is None:
            return
        sold, lines = found
        self.close(self.basket(), lines, sold, "none")

    def close(
        self, order: Order, lines: tuple[SoldLine, ...], sold: Sold, mode: RoundingMode
    ) -> None:
        """Put a return on record."""
        for line in lines:
            order = rules.bring_back(order, line)
        if tenders.due(order) > 0:
            order = tenders.take_cash(order, tenders.due(order) + 100, "none", 100_000)
        else:
            order, backs = refunds.give_back(order, [sold], mode)
            order = replace(order, tenders=refunds.as_tenders(backs))
        ended = self.ledger.close_order(order, self.where)
        assert isinstance(ended.fact, OrderClosed)
        self.gone += [line for line in ended.fact.lines if line.milli < 0]
        self.facts.append(ended.fact)

    def void_order(self) -> None:
        """整单取消."""
        order = self.basket()
        self.ledger.void_order(order, self.where, "测试")
        self.voided.append((self.where, tenders.due(order)))

    def void_line(self) -> None:
        """更正."""
        order = self.basket()
        line = order.lines[0]
        self.ledger.write(
            LineVoided(
                self.where,
                order.order_id,
                line.line_no,
                line.product.sku,
                line.product.name,
                line.milli,
                line.product.price_fen,
                line.list_fen,
            )
        )
        self.voided_lines.append((self.where, line.list_fen))

    def move(self, kind: str, fen: int) -> None:
        """Cash beside sales."""
        fact = CashMoved(self.where, self.ledger.place.ids.uuid7(), kind, fen, "零钱")  # type: ignore[arg-type]
        self.ledger.write(fact)
        self.cash.append(fact)

    def override(self) -> None:
        """Something a manager allowed."""
        fact = Override(
            self.where, self.ledger.place.ids.uuid7(), "price", "9001", "", "2.00", "1.00", "o"
        )
        self.ledger.write(fact)
        self.overrides.append(self.where)


@dataclass
class Sums:
    """What facts come to."""

    orders: int = 0
    returns: int = 0
    net: int = 0
    tax: int = 0
    gross: int = 0
    back: int = 0
    change: int = 0
    rounding: int = 0
    discounts: dict[str, int] = field(default_factory=lambda: defaultdict(int))
    rates: dict[int, list[int]] = field(default_factory=lambda: defaultdict(lambda: [0, 0]))
    ways: dict[str, list[int]] = field(default_factory=lambda: defaultdict(lambda: [0, 0, 0, 0]))
    products: dict[int, list[int]] = field(default_factory=lambda: defaultdict(lambda: [0, 0]))


def sums(facts: list[OrderClosed]) -> Sums:
    """Add up facts, with no SQL."""
    total = Sums()
    for fact in facts:
        total.orders += 1
        total.returns += any(line.milli < 0 for line in fact.lines)
        total.net += fact.total_fen
        total.change += fact.change_fen
        for line in fact.lines:
            total.tax += line.tax_fen
            if line.milli > 0:
                total.gross += line.list_fen
            else:
                total.back += line.net_fen
            total.rates[line.tax_bp][0] += line.net_fen
            total.rates[line.tax_bp][1] += line.tax_fen
            total.products[line.product_id][0] += line.milli * line.factor
            total.products[line.product_id][1] += line.net_fen
            for one in line.adjustments:
                if one.kind == "rounding":
                    total.rounding += one.fen
                else:
                    total.discounts[one.kind] += one.fen
        for taken in fact.tenders:
            way = total.ways[taken.way]
            back = taken.fen < 0
            way[2 if back else 0] += 1
            way[3 if back else 1] += taken.fen
    return total
