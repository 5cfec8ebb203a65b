"""Two tills spend one member's balance, points and coupon while answers are lost: never below
zero, never twice."""

from __future__ import annotations

import os
from collections.abc import Callable
from concurrent.futures import Future
from contextlib import suppress
from pathlib import Path
from typing import Any, Literal

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st
from msgspec.structs import replace

from pos.config import load
from pos.protocol.between import Spend, UseCoupon
from pos.record import GivenOffer
from pos.refusal import Refused
from pos.sale import order as rules
from pos.sale import stored, tenders
from pos.sale.offers import Offers, OrderOffer
from pos.sale.order import Order
from pos.store import requests
from pos.store.ledger import Ledger
from pos.store.reader import Reader
from pos.store.verify import verify_ledger
from pos.sync.requests import Requests
from pos.sync.trouble import LinkFailed
from tests.office import Office, OfficeLink
from tests.shop import WATER, make_shop
from tests.store.conftest import WHERE
from tests.till.test_storing import CHANGES

CODE = "QUAN-1"
Asset = Literal["stored", "points", "coupon"]
ACTS = st.lists(
    st.tuples(
        st.integers(0, 1),
        st.sampled_from(("pay", "pay", "void", "die", "settle")),
        st.integers(1, 3),
        st.sampled_from(("ok", "ok", "lost", "down")),
        st.sampled_from(("stored", "points", "coupon")),
    ),
    max_size=14,
)


class Bare:
    """A till of ledger and requests alone."""

    def __init__(self, folder: Path, office: Office) -> None:
        self.shop = make_shop(folder, CHANGES)
        self.config = load(self.shop.config_file)
        self.ledger = self.shop.ledger()
        self.link = OfficeLink(office)
        self.spent = {"stored": 0, "points": 0}
        self.used = 0

    @property
    def requests(self) -> Requests:
        return Requests(self.config, self.shop.hands.clock(), self.link, self._now)  # type: ignore[arg-type]

    def _now(self, job: Callable[[Ledger], Any]) -> Future[Any]:
        done: Future[Any] = Future()
        try:
            done.set_result(job(self.ledger))
        except Refused as refused:
            done.set_exception(refused)
        return done

    def order(self, pieces: int) -> Order:
        reader = Reader(self.ledger.place.path)
        product = reader.product(WATER)
        reader.close()
        assert product is not None
        order = Order(self.shop.ids.uuid7(), "2026-03-02T02:00:00.000Z", "1001")
        return rules.add(order, product, WATER, pieces * 1000)

    def act(self, what: str, pieces: int, fault: str, asset: Asset) -> None:
        order = self.order(pieces)
        self.link.faults = [fault]
        if what == "settle":
            self.settle()
            return
        if asset == "coupon":
            self.coupon(what, pieces, fault)
            return
        fen = stored.check_stored(order, None)
        asked = Spend(self.shop.ids.uuid7(), "1001", "0001", "m", asset, fen, order.order_id)
        self.ledger.save_draft(order)
        try:
            self.requests.spend(asked)
        except Refused:
            self.ledger.void_order(order, WHERE, "测试")
            return
        if asset == "points":
            with_points = replace(order, points=fen, points_request=asked.request_id)
            paid = tenders.take_cash(with_points, None, "none", 0)
        else:
            paid = stored.take_stored(order, fen, asked.request_id, "m")
        if what == "die":
            self.ledger.change(requests.release_unused)  # the tender never came to be
            self.ledger.void_order(order, WHERE, "测试")
        elif what == "void":
            self.ledger.save_draft(paid)
            if asset == "points":
                self.ledger.save_draft(order)  # it names them no longer
            else:
                self.ledger.save_draft(
                    order, also=lambda x: requests.mark(x, asked.request_id, "release")
                )
            self.ledger.void_order(tenders.take_back(paid), WHERE, "测试")
        else:
            self.ledger.save_draft(paid)
            self.ledger.close_order(paid, WHERE)
            self.spent[asset] += fen

    def coupon(self, what: str, pieces: int, fault: str) -> None:
        """Keep a use of the one code there is, then use it, give it up, or die before it is on."""
        order = self.order(pieces)
        self.link.faults = [fault]
        self.ledger.save_draft(order)
        asked = UseCoupon(self.shop.ids.uuid7(), "1001", CODE, order.order_id)
        try:
            self.requests.use_coupon(asked)
        except (Refused, LinkFailed):
            self.ledger.void_order(order, WHERE, "测试")
            return
        given = GivenOffer("coupon", "券", "coupon", 1, 100, CODE)
        offers = Offers(order=(OrderOffer("coupon", 100, "coupon"),), given=(given,))
        with_it = replace(order, coupons=(CODE,), offers=offers)
        if what == "die":
            self.ledger.change(requests.release_unused)
            self.ledger.void_order(order, WHERE, "测试")
            return
        self.ledger.save_draft(with_it)
        if what == "void":
            self.ledger.save_draft(order)  # taken off again
            self.ledger.void_order(order, WHERE, "测试")
        else:
            self.ledger.close_order(tenders.take_cash(with_it, None, "none", 0), WHERE)
            self.used += 1

    def settle(self) -> None:
        with suppress(LinkFailed):
            self.requests.settle()


EXAMPLES = 60 if os.environ.get("POS_TRUST") == "full" else 5


@settings(max_examples=EXAMPLES, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(ACTS, st.integers(0, 3000))
def test_two_tills_and_lost_answers_never_below_zero(
    tmp_path_factory: pytest.TempPathFactory,
    acts: list[tuple[int, str, int, str, Asset]],
    has: int,
) -> None:
    office = Office({("m", "stored"): has, ("m", "points"): has}, codes={CODE: 2})
    tills = [Bare(tmp_path_factory.mktemp("till"), office) for _ in range(2)]
    for which, what, pieces, fault, asset in acts:
        tills[which].act(what, pieces, fault, asset)
        assert office.free("m", asset) >= 0
    for till in tills:
        till.link.faults = []
        till.settle()
        till.settle()
        assert verify_ledger(till.ledger.place.path).ok
        till.ledger.close()
    assert office.lowest >= 0
    assert not [one for one in office.holds.values() if one.state == "held"]
    for asset in ("stored", "points"):
        spent = sum(till.spent[asset] for till in tills)
        assert office.accounts["m", asset] == has - spent
    states = office.used(CODE)
    assert "held" not in states
    assert states.count("confirmed") == sum(till.used for till in tills) <= 2
