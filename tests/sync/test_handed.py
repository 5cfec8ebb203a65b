"""Orders that another till wrote: taken as the counter would have made them, or refused whole."""

from __future__ import annotations

from collections.abc import Callable
from contextlib import closing
from typing import Any

import msgspec
import pytest
from msgspec.structs import replace

from pos.config import load
from pos.protocol.between import Claim, Claimed, OrderFound
from pos.protocol.records import OwnRecord
from pos.record import OrderClosed, Record, Taken, chain, from_bytes, to_bytes
from pos.refusal import Refused
from pos.sale.offers import OrderOffer
from pos.sale.order import Order
from pos.store import requests
from pos.store.ledger import Ledger
from pos.store.reader import Reader
from pos.sync import handed
from pos.sync.requests import Requests
from tests.shop import MILK, WATER, Shop, make_shop
from tests.store.conftest import fill
from tests.sync.office import WHERE, direct

OSC52 = "水\x1b]52;c;cm0=\x07"


@pytest.fixture
def shop(tmp_path: Any) -> Shop:
    return make_shop(tmp_path)


@pytest.fixture
def ledger(shop: Shop) -> Any:
    found = shop.ledger()
    yield found
    found.close()


def other_till(ledger: Ledger) -> Order:
    """An order that this till has not on disk."""
    return replace(fill(ledger, WATER, MILK, pay=False), state="held")


class Answers:
    """A line on which every claim gets this body."""

    def __init__(self, body: bytes) -> None:
        self.body = body

    def ask(self, method: str, target: str, kind: object, message: object) -> Claimed:
        return Claimed(target.split("/")[3], self.body.decode())


def claim(shop: Shop, ledger: Ledger, hold_id: str, body: bytes) -> requests.RequestRow:
    """Claim it; how the request ended."""
    wanted = Claim(ledger.place.ids.uuid7(), "1001")
    asked = msgspec.json.encode(wanted)
    requests.ask(ledger, wanted.request_id, "claim", hold_id, hold_id, asked)
    line: Any = Answers(body)
    try:
        Requests(load(shop.config_file), shop.hands.clock(), line, direct(ledger)).claim(
            hold_id, wanted
        )
    finally:
        with closing(Reader(ledger.place.path)) as reader:
            [row] = [one for one in requests.kept(reader) if one.request_id == wanted.request_id]
    return row


def on_line(order: Order, **changes: Any) -> Order:
    return replace(order, lines=(replace(order.lines[0], **changes), *order.lines[1:]))


def on_product(order: Order, **changes: Any) -> Order:
    return on_line(order, product=replace(order.lines[0].product, **changes))


CASH = Taken("cash", 750, 750)
WRONG: dict[str, Callable[[Order], Order]] = {
    "tender": lambda o: replace(o, tenders=(CASH,)),
    "rounding": lambda o: replace(o, rounding_fen=700),
    "refund rounding": lambda o: replace(o, refund_rounding_fen=700),
    "points": lambda o: replace(o, points=100, points_request="r"),
    "person": lambda o: replace(o, person_id="p"),
    "another order": lambda o: replace(o, order_id="another"),
    "no lines": lambda o: replace(o, lines=()),
    "next line": lambda o: replace(o, next_line=1),
    "line twice": lambda o: replace(o, lines=(o.lines[0], o.lines[0])),
    "all for nothing": lambda o: replace(o, discount_bp=10_000),
    "negative discount": lambda o: replace(o, discount_fen=-1),
    "no moment": lambda o: replace(o, opened_at="now"),
    "operator": lambda o: replace(o, operator=OSC52),
    "coupon": lambda o: replace(o, coupons=(OSC52,)),
    "sku": lambda o: on_product(o, sku=OSC52),
    "no name": lambda o: on_product(o, name="\x1b"),
    "price": lambda o: on_product(o, price_fen=-200),
    "price too large": lambda o: on_product(o, price_fen=10**9 + 1),
    "tax": lambda o: on_product(o, tax_bp=10_001),
    "factor": lambda o: on_product(o, factor=0),
    "barcode": lambda o: on_line(o, barcode=OSC52),
    "quantity": lambda o: on_line(o, milli=-1000),
    "half a piece": lambda o: on_line(o, milli=500),
    "too many": lambda o: on_line(o, milli=10**9),
    "changed price": lambda o: on_line(o, price_fen=0),
    "amount": lambda o: on_line(o, amount_fen=-5),
    "line discount": lambda o: on_line(o, discount_fen=-5),
}


@pytest.mark.parametrize("name", WRONG)
def test_what_no_till_hands_over_is_refused_and_nothing_is_half_done(
    shop: Shop, ledger: Ledger, name: str
) -> None:
    order = other_till(ledger)
    head, body = ledger.head, msgspec.json.encode(WRONG[name](order))
    with pytest.raises(Refused) as refused:
        claim(shop, ledger, order.order_id, body)
    assert refused.value.code == "ho_bad_order"
    with closing(Reader(ledger.place.path)) as reader:
        assert reader.drafts() == []
        assert [row.state for row in requests.kept(reader)] == ["refused"]  # and has its end
    assert ledger.head == head


@pytest.mark.parametrize("body", [b"", b"{}", b"[" * 100_000, b'"\\ud800"', b"{\xff}"])
def test_what_is_no_order_is_refused(body: bytes) -> None:
    with pytest.raises(Refused, match="ho_bad_order"):
        handed.claimed(body.decode("utf-8", "replace"), "x")


def test_goods_that_came_back_are_nobody_else_s(ledger: Ledger) -> None:
    order = other_till(ledger)
    [back, _] = ledger.close_order(fill(ledger, WATER, MILK), WHERE).fact.lines
    body = msgspec.json.encode(on_line(order, returned=replace(back, net_fen=-99_999)))
    with pytest.raises(Refused, match="ho_bad_order"):
        handed.claimed(body.decode(), order.order_id)


def test_names_are_cleaned_and_offers_are_this_till_s_own(shop: Shop, ledger: Ledger) -> None:
    told = other_till(ledger)
    given = replace(told.offers, order=(OrderOffer("order_promotion", 749, "x"),))
    order = replace(on_product(told, name=OSC52, unit=OSC52), label=OSC52, note=OSC52, offers=given)
    row = claim(shop, ledger, order.order_id, msgspec.json.encode(order))
    assert row.state == "done"
    with closing(Reader(ledger.place.path)) as reader:
        [held] = reader.drafts()
        record = reader.rows("SELECT body FROM journal ORDER BY jn DESC LIMIT 1")[0]["body"]
    assert held.lines[0].product.name == held.label == held.note == "水]52;c;cm0="
    assert held.offers == Order("", "", "").offers
    assert (held.lines[1], held.state) == (told.lines[1], "held")
    assert from_bytes(record).fact.total_fen == 750  # type: ignore[union-attr]


def test_an_order_of_this_till_is_not_taken_over(shop: Shop, ledger: Ledger) -> None:
    ended = fill(ledger, WATER, MILK)
    ledger.close_order(ended, WHERE)
    open_here = fill(ledger, WATER, pay=False)
    ledger.save_draft(open_here)
    for own in (replace(ended, tenders=()), replace(open_here, discount_bp=9000)):
        with pytest.raises(Refused, match="ho_bad_order"):
            claim(shop, ledger, own.order_id, msgspec.json.encode(own))
    with closing(Reader(ledger.place.path)) as reader:
        assert reader.drafts() == [open_here]


# --- a closed order that head office told of ---


def told_of(ledger: Ledger, change: Callable[[OrderClosed], OrderClosed]) -> OrderFound:
    """An order closed here as if another till had sold it."""
    ended = ledger.close_order(fill(ledger, WATER, MILK), WHERE)
    fact = change(ended.fact)  # type: ignore[arg-type]
    body = to_bytes(Record(1, "0001", "02", 1, 1, "2026-03-02T02:00:00.000Z", fact))
    digest = chain(bytes(32), body).hex()
    record = OwnRecord(1, 1, body.decode(), digest, "0f" * 64, bytes(32).hex())
    return OrderFound(fact.number, "0001", "02", record)


def first_line(fact: OrderClosed, **changes: Any) -> OrderClosed:
    return replace(fact, lines=(replace(fact.lines[0], **changes), *fact.lines[1:]))


FORGED: dict[str, Callable[[OrderClosed], OrderClosed]] = {
    "a text that acts": lambda f: first_line(f, name=OSC52),
    "a net that does not follow": lambda f: first_line(f, net_fen=f.lines[0].net_fen + 1),
    "another total": lambda f: replace(f, total_fen=f.total_fen + 1),
    "another tax": lambda f: replace(f, tax_fen=f.tax_fen + 1),
    "more tendered": lambda f: replace(f, tenders=(*f.tenders, CASH)),
    "a quantity nobody sells": lambda f: first_line(f, milli=10**12),
}


@pytest.mark.parametrize("name", FORGED)
def test_a_closed_order_that_does_not_add_up_is_refused(ledger: Ledger, name: str) -> None:
    told = told_of(ledger, FORGED[name])
    with pytest.raises(Refused, match="ho_bad_order"):
        handed.found(told, told.number)


def test_a_closed_order_is_what_was_asked_for(ledger: Ledger) -> None:
    told = told_of(ledger, lambda fact: fact)
    assert handed.found(told, told.number) is told
    with pytest.raises(Refused, match="ho_bad_order"):
        handed.found(told, "0" * 15)
    for record in (replace(told.order, hash="00" * 32), replace(told.order, body="{}")):
        with pytest.raises(Refused, match="ho_bad_order"):
            handed.found(replace(told, order=record), told.number)
    with pytest.raises(Refused, match="ho_bad_order"):
        handed.found(replace(told, returns=(told.order,)), told.number)
