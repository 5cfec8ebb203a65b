"""Random till life against a pure model: sales, discounts, mixed tenders, returns, exchanges,
voids, cash, shifts and days closed; every figure of every close is the model's.

Some 5,000 steps; `POS_TRUST=ci` makes it 20,000, `POS_TRUST=full` 100,000.
"""

from __future__ import annotations

import os
import random
import shutil
import tempfile
from collections import Counter
from datetime import date, timedelta
from pathlib import Path
from typing import ClassVar

import pytest
from hypothesis import HealthCheck, Phase, settings
from hypothesis import strategies as st
from hypothesis.stateful import (
    RuleBasedStateMachine,
    invariant,
    precondition,
    rule,
    run_state_machine_as_test,
)

from pos.books.accounts import Accounts
from pos.books.voucher import daily
from pos.config import load
from pos.record import Counted, OrderClosed, ShiftClosed, ShiftOpened, Where
from pos.refusal import Refused
from pos.reports.closes import shift_figures
from pos.sale.counting import Cash, Count, accept, leave, submit
from pos.store import shifts
from pos.store.reader import Reader
from pos.store.verify import verify_ledger
from pos.till import closing
from pos.till.closing import Signed
from tests.conftest import Record
from tests.reports.days import Days
from tests.shop import Shop, make_shop

SIZE = os.environ.get("POS_TRUST", "")
STEPS = 200
RUNS = {"full": 500, "ci": 100}.get(SIZE, 25)
FAST = "/dev/shm" if os.access("/dev/shm", os.W_OK) else None
SEEDS = st.integers(0, 2**32)


class Model:
    """What happened since the last Z, and ever, added up with no SQL."""

    def __init__(self) -> None:
        self.ever = 0
        self.clear()

    def clear(self) -> None:
        """A day was closed."""
        self.net = self.tax = self.orders = self.off = self.voided = 0
        self.ways: Counter[str] = Counter()
        self.rates: Counter[int] = Counter()
        self.sellers: Counter[str] = Counter()
        self.differences = 0
        self.counts = 0

    def sold(self, fact: OrderClosed) -> None:
        """An order closed."""
        net = sum(line.net_fen for line in fact.lines)
        self.net += net
        self.ever += net
        self.orders += 1
        self.tax += sum(line.tax_fen for line in fact.lines)
        self.off += sum(a.fen for line in fact.lines for a in line.adjustments)
        self.sellers[fact.where.operator] += net
        for line in fact.lines:
            self.rates[line.tax_bp] += line.net_fen
        for taken in fact.tenders:
            self.ways[taken.way] += taken.fen


class TillLife(RuleBasedStateMachine):
    """One till, some operators, some days."""

    template: ClassVar[Path]

    def __init__(self) -> None:
        super().__init__()
        self.room = tempfile.TemporaryDirectory(dir=FAST)
        folder = Path(self.room.name) / "shop"
        shutil.copytree(self.template, folder)
        self.shop = Shop(folder)
        self.config = load(self.shop.config_file)
        self.ledger = self.shop.ledger()
        self.reader = Reader(self.ledger.place.path)
        self.days = Days(self.shop, self.ledger, random.Random(0))
        self.model = Model()
        self.day = date(2026, 3, 2)
        self.drawers: dict[str, int] = {}
        self.paid: Counter[str] = Counter()
        self.back: Counter[str] = Counter()
        self.seen = 0
        self.z = 0
        self.last_seq = 0
        self.shift = False

    # what happens

    @rule(who=st.sampled_from(("1001", "2001")), fen=st.sampled_from((0, 20_000, 50_000)))
    @precondition(lambda self: not self.shift)
    def open_shift(self, who: str, fen: int) -> None:
        open_now = {one.operator: one for one in shifts.opened(self.reader)}
        if who in open_now:
            one = open_now[who]
            self.days.where = Where(who, one.shift_id, one.business_date)
        else:
            shift_id = self.ledger.place.ids.uuid7()
            self.days.where = Where(who, shift_id, self.day.isoformat())
            self.ledger.write(ShiftOpened(self.days.where))
            self.drawers[shift_id] = 0
            if fen:
                closing.move_cash(self.ledger, self.days.where, "float", fen, "")
                self.drawers[shift_id] += fen
        self.shift = True

    @rule(seed=SEEDS)
    @precondition(lambda self: self.shift)
    def sell(self, seed: int) -> None:
        self.days.rng.seed(seed)
        self.days.sell()
        self._take_in()

    @rule(seed=SEEDS)
    @precondition(lambda self: self.shift)
    def sell_again(self, seed: int) -> None:
        self.sell(seed)

    @rule(seed=SEEDS)
    @precondition(lambda self: self.shift and self.days.facts)
    def bring_back(self, seed: int) -> None:
        self.days.rng.seed(seed)
        self.days.bring_back()
        self._take_in()

    @rule(seed=SEEDS)
    @precondition(lambda self: self.shift and self.days.facts)
    def exchange(self, seed: int) -> None:
        self.days.rng.seed(seed)
        self.days.exchange()
        self._take_in()

    @rule(seed=SEEDS)
    @precondition(lambda self: self.shift)
    def void(self, seed: int) -> None:
        self.days.rng.seed(seed)
        self.days.void_order()
        self.model.voided += 1
        self.last_seq += 1

    @rule(move=st.sampled_from(("in", "out", "drop")), fen=st.integers(1, 100_000))
    @precondition(lambda self: self.shift)
    def cash(self, move: str, fen: int) -> None:
        where = self.days.where
        closing.move_cash(self.ledger, where, move, fen, "试")  # type: ignore[arg-type]
        self.drawers[where.shift_id] += fen if move == "in" else -fen

    @rule()
    @precondition(lambda self: self.shift)
    def sign_out(self) -> None:
        self.shift = False

    @rule(over=st.sampled_from((0, 0, -500, 130)))
    @precondition(lambda self: self.shift)
    def close_shift(self, over: int) -> None:
        where = self.days.where
        row = shifts.shift(self.reader, where.shift_id)
        assert row is not None
        expected = shift_figures(self.reader, row).expected
        assert expected["cash"] == self.drawers[where.shift_id]
        counted = max(0, expected["cash"] + over)
        declared = {way: fen for way, fen in expected.items() if way != "cash"}
        count = submit(Count(expected), declared, Cash(((1, counted),) if counted else ()))
        if count.stage != "done":
            count = leave(accept(count))
        fact = closing.close_shift(
            self.ledger, self.reader, where, row, Signed(count, {}, ""), 50_000
        )
        self._shift_is(fact, counted)
        self.shift = False

    def _shift_is(self, fact: ShiftClosed, counted: int) -> None:
        assert fact.counted is not None
        cash = Counted(
            "cash", counted, self.drawers[fact.shift_id], counted - self.drawers[fact.shift_id]
        )
        assert fact.counted[0] == cash
        self.model.differences += cash.difference_fen
        self.model.counts += 1
        del self.drawers[fact.shift_id]

    @rule(later=st.integers(0, 2))
    @precondition(lambda self: not self.shift)
    def close_day(self, later: int) -> None:
        where = Where("9001", "", self.day.isoformat())
        model = self.model
        if not model.orders + model.voided + model.counts + len(self.drawers):
            with pytest.raises(Refused, match="day_nothing"):
                closing.close_day(self.ledger, self.reader, where)
            return
        day = closing.close_day(self.ledger, self.reader, where)
        self.z += 1
        found = day.figures
        assert day.z == self.z
        assert (found.net_fen, found.tax_fen, found.orders) == (model.net, model.tax, model.orders)
        assert found.discount_fen + found.rounding_fen == model.off
        assert {way.way: way.net_fen for way in found.tenders} == dict(model.ways)
        assert {rate.tax_bp: rate.net_fen for rate in found.taxes} == dict(model.rates)
        assert {one.key: one.net_fen for one in found.operators} == dict(model.sellers)
        assert found.voided_orders.count == model.voided
        assert day.grand_total_fen == model.ever
        assert day.last_seq in (0, self.last_seq)
        assert (day.counted is not None) == bool(model.counts)
        off = sum(one.difference_fen for one in day.counted or ())
        assert off == model.differences
        assert day.uncounted == len(self.drawers)
        voucher = daily(day, Accounts(), "0001", "01")
        assert voucher.debit_fen == sum(one.credit_fen for one in voucher.entries)
        ways = Accounts().ways.values()
        taken = voucher.entries[: sum(way.net_fen != 0 for way in found.tenders)]  # no entry of 0
        sold = sum(e.debit_fen - e.credit_fen for e in taken if e.account in ways)
        assert sold == model.net
        model.clear()
        self.drawers.clear()
        self.day += timedelta(days=later)
        self.shop.hands.at += timedelta(days=later)

    # what always holds

    def _take_in(self) -> None:
        for fact in self.days.facts[self.seen :]:
            net = sum(line.net_fen for line in fact.lines)
            given = sum(taken.given_fen for taken in fact.tenders)
            assert net == fact.total_fen == given - fact.change_fen
            assert net == sum(taken.fen for taken in fact.tenders)
            self.model.sold(fact)
            self.last_seq += 1
            assert fact.seq == self.last_seq
            cash = sum(taken.fen for taken in fact.tenders if taken.way == "cash")
            self.drawers[fact.where.shift_id] += cash
            self.paid[fact.order_id] += sum(max(taken.fen, 0) for taken in fact.tenders)
            for line in fact.lines:
                if line.of_order:
                    self.back[line.of_order] -= line.net_fen
        self.seen = len(self.days.facts)

    @invariant()
    def never_more_back_than_paid(self) -> None:
        for fact in self.days.facts[-3:]:
            for order_id in {line.of_order for line in fact.lines if line.of_order}:
                assert self.back[order_id] <= self.paid[order_id] + self._goods_given(order_id)

    def _goods_given(self, order_id: str) -> int:
        """What was paid for an exchange's new goods with the old ones."""
        found = next(one for one in self.days.facts if one.order_id == order_id)
        return sum(-line.net_fen for line in found.lines if line.milli < 0)

    def teardown(self) -> None:
        self.reader.close()
        self.ledger.close()
        if self.days.rng.random() < 0.1:
            assert verify_ledger(self.ledger.place.path).ok
        self.room.cleanup()


def test_a_till_against_a_model(tmp_path: Path, record: Record) -> None:
    make_shop(tmp_path)
    TillLife.template = tmp_path
    run_state_machine_as_test(
        TillLife,
        settings=settings(
            max_examples=RUNS,
            stateful_step_count=STEPS,
            deadline=None,
            derandomize=True,
            database=None,
            phases=(Phase.generate, Phase.shrink),
            suppress_health_check=list(HealthCheck),
        ),
    )
    record({"lives": RUNS, "steps": RUNS * STEPS})
