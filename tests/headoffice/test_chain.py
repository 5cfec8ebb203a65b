"""Members, gift cards and coupons of a chain: one account and one count, whichever shop asks."""

from __future__ import annotations

import threading
from collections.abc import Sequence

import pytest
from msgspec.structs import replace

from pos.headoffice import master
from pos.ids import order_number
from pos.protocol.between import Balance, CouponUse, Settle, Spend, Spent, UseCoupon
from pos.protocol.master import Changes, Coupon
from pos.protocol.people import Card, Found, Seek
from pos.record import GivenOffer, OrderClosed, Taken, from_bytes
from tests.headoffice.conftest import Office
from tests.headoffice.sides import Ledger, Side

GIFT = "gift-0123456789abcdef"


@pytest.fixture
def shops(office: Office) -> tuple[Side, Side]:
    """A till each in two shops of the chain, which have sold something."""
    found = []
    for shop in ("0001", "0002"):
        ledger = Ledger(shop=shop, ledger_id=f"ledger-{shop}").begin()
        ledger.sell()
        found.append(office.till(ledger))
    return found[0], found[1]


def paid(
    side: Side,
    *tenders: Taken,
    top_up: str = "",
    who: str = "",
    points: int = 0,
    offers: Sequence[GivenOffer] = (),
    order_id: str = "",
) -> OrderClosed:
    """The till's next sale of 5.50, on its way up."""
    ledger = side.ledger
    sold = next(
        fact
        for one in ledger.sent
        if isinstance(fact := from_bytes(one.body.encode()).fact, OrderClosed)
    )
    ledger.seq += 1
    number = order_number(ledger.shop, ledger.till, 1, ledger.seq)
    first, *rest = sold.lines
    fact = replace(
        sold,
        order_id=order_id or f"order-{number}",
        seq=ledger.seq,
        number=number,
        tenders=tenders or (Taken("cash", 550, 550),),
        lines=(replace(first, account=top_up), *(replace(line, points=points) for line in rest)),
        person_id=who,
        offers=tuple(offers),
    )
    ledger.add(fact)
    return fact


def up(office: Office, *sides: Side) -> None:
    for side in sides:
        side.send(side.ledger.batch())
    office.project()


def balance(side: Side, account: str) -> Balance:
    found = side.ask("GET", f"/v1/members/{side.ledger.shop}/{account}", None, Balance)
    assert isinstance(found, Balance)
    return found


def held(side: Side, name: str, account: str, amount: int, asset: str = "stored") -> Spend:
    spend = Spend(name, "1001", side.ledger.shop, account, "stored", amount, f"order-{name}")
    return replace(spend, asset=asset)


def test_what_one_shop_sold_another_takes_and_only_once(
    office: Office, shops: tuple[Side, Side]
) -> None:
    one, far = shops
    paid(one, top_up=GIFT)  # 2.50 on a gift card
    up(office, one)
    assert balance(far, GIFT).stored_fen == balance(one, GIFT).stored_fen == 250
    paid(far, top_up=GIFT)  # and 2.50 more in the other shop
    up(office, far)
    assert balance(far, GIFT).stored_fen == balance(one, GIFT).stored_fen == 500
    assert one.ask("POST", "/v1/spends", held(one, "a", GIFT, 400), Spent).state == "held"
    refused = far.refused("POST", "/v1/spends", held(far, "b", GIFT, 101))
    assert refused.code == "not_enough"
    assert far.ask("POST", "/v1/spends", held(far, "c", GIFT, 100), Spent).state == "held"
    assert far.refused("POST", "/v1/spends/a/release", Settle("0001")).code == "forbidden"
    one.ask("POST", "/v1/spends/a/confirm", Settle("0001"), Spent)
    paid(far, Taken("stored_value", 100, 100, "c", account=GIFT), Taken("cash", 450, 450))
    up(office, far)
    assert balance(one, GIFT).stored_fen == 0
    assert (one.beat().open, far.beat().open) == ((), ())
    rows = office.rows("SELECT member_id FROM balances")
    assert [row["member_id"] for row in rows] == [GIFT]


def test_two_shops_at_the_same_moment_never_spend_more_than_there_is(
    office: Office, shops: tuple[Side, Side]
) -> None:
    for side in shops:
        paid(side, top_up=GIFT)
    up(office, *shops)
    gate = threading.Barrier(10)
    done: list[str] = []

    def spend(side: Side, n: int) -> None:
        gate.wait()
        try:
            side.ask("POST", "/v1/spends", held(side, f"{side.ledger.shop}-{n}", GIFT, 100), Spent)
            done.append("held")
        except AssertionError:
            done.append("refused")

    threads = [threading.Thread(target=spend, args=(side, n)) for side in shops for n in range(5)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert sorted(done) == ["held"] * 5 + ["refused"] * 5
    assert balance(shops[0], GIFT).stored_fen == 0


def card(member_id: str, phone: str, level: str = "普通会员") -> Card:
    return Card(member_id, level, "2026-03-02T02:00:00.000Z", phone * 64, sealed="00" * 20)


def test_who_joined_is_found_at_every_shop(office: Office, shops: tuple[Side, Side]) -> None:
    one, far = shops
    told = card("p1", "a")
    one.ask("PUT", "/v1/people/p1", told, Card)
    found = far.ask("POST", "/v1/people/find", Seek("phone", "a" * 64), Found)
    assert found.people == (told,)
    assert far.ask("POST", "/v1/people/find", Seek("phone", "b" * 64), Found).people == ()
    assert one.refused("PUT", "/v1/people/p2", told).code == "malformed"
    better = replace(told, level="金卡")
    far.ask("PUT", "/v1/people/p1", better, Card)
    changes = one.ask("GET", "/v1/changes?stream=chain&after=", None, Changes).changes
    assert [(x.kind, x.key) for x in changes] == [("member", "p1")]
    far.ask("PUT", "/v1/people/p1", Card("p1", erased=True), Card)
    assert one.ask("POST", "/v1/people/find", Seek("phone", "a" * 64), Found).people == ()
    back = one.ask("PUT", "/v1/people/p1", told, Card)
    assert back == Card("p1", erased=True), "who was erased stays so"
    [row] = office.rows("SELECT phone_mac, sealed, wrapped_key FROM people")
    assert set(row.values()) == {""}


def test_who_joined_twice_has_one_account(office: Office, shops: tuple[Side, Side]) -> None:
    one, far = shops
    one.ask("PUT", "/v1/people/p1", card("p1", "a"), Card)
    paid(one, who="p1", points=30)
    paid(far, who="p2", points=20)
    up(office, *shops)
    spent = far.ask("POST", "/v1/spends", held(far, "early", "p2", 5, "points"), Spent)
    assert spent.balance.points == 15
    far.ask("POST", "/v1/spends/early/confirm", Settle("0002"), Spent)
    far.ask("POST", "/v1/spends", held(far, "open", "p2", 7, "points"), Spent)
    for _ in range(2):
        far.ask("PUT", "/v1/people/p2", card("p2", "a"), Card)
        assert balance(one, "p1").points == balance(far, "p2").points == 30 + 20 - 5 - 7
    found = one.ask("POST", "/v1/people/find", Seek("phone", "a" * 64), Found)
    assert [x.member_id for x in found.people] == ["p1"]
    far.ask("POST", "/v1/spends/open/release", Settle("0002"), Spent)
    assert far.ask("POST", "/v1/spends", held(far, "all", "p2", 45, "points"), Spent).state
    assert one.refused("POST", "/v1/spends", held(one, "x", "p1", 1, "points")).code == "not_enough"


def use(name: str, code: str = "QUAN-1", order: str = "") -> UseCoupon:
    return UseCoupon(name, "1001", code, order or f"order-{name}")


def test_a_coupon_is_used_once_by_all_tills(office: Office, shops: tuple[Side, Side]) -> None:
    one, far = shops
    codes = [Coupon("QUAN-1", "two-off"), Coupon("QUAN-2", "two-off", 2)]
    master.put(office.house, codes, "admin")
    kept = one.ask("POST", "/v1/coupons", use("a"), CouponUse)
    assert (kept.offer_id, kept.state, kept.uses_left) == ("two-off", "held", 0)
    assert one.ask("POST", "/v1/coupons", use("a"), CouponUse) == kept, "a lost answer"
    assert one.refused("POST", "/v1/coupons", use("a", "QUAN-2")).code == "conflict"
    assert far.refused("POST", "/v1/coupons", use("b")).code == "not_enough"
    assert far.refused("POST", "/v1/coupons", use("b", "NONE")).code == "not_found"
    assert far.refused("POST", "/v1/coupons/a/release", Settle("a")).code == "forbidden"
    assert [(x.kind, x.request_id) for x in one.beat().open] == [("coupon", "a")]
    for _ in range(2):
        assert one.ask("POST", "/v1/coupons/a/release", Settle("a"), CouponUse).uses_left == 1
    assert one.refused("POST", "/v1/coupons/a/confirm", Settle("a")).code == "settled"
    far.ask("POST", "/v1/coupons", use("b"), CouponUse)
    given = GivenOffer("two-off", "两元券", "coupon", 1, 200, "QUAN-1", 0)
    fact = paid(far, Taken("cash", 350, 350), offers=[given], order_id="order-b")
    up(office, far)
    up(office, far)  # once more changes nothing
    assert far.beat().open == ()
    done = far.ask("POST", "/v1/coupons/b/confirm", Settle("b", fact.number), CouponUse)
    assert (done.state, done.uses_left) == ("confirmed", 0)
    assert one.refused("POST", "/v1/coupons", use("c")).code == "not_enough"


def test_a_record_counts_where_nobody_asked(office: Office, shops: tuple[Side, Side]) -> None:
    """A till that was put back to an earlier state had let its coupon go."""
    one, far = shops
    master.put(office.house, [Coupon("QUAN-1", "two-off")], "admin", shop="0001")
    given = GivenOffer("two-off", "两元券", "coupon", 1, 200, "QUAN-1", 0)
    paid(one, Taken("cash", 350, 350), offers=[given])
    up(office, one)
    assert one.refused("POST", "/v1/coupons", use("a")).code == "not_enough"
    assert far.refused("POST", "/v1/coupons", use("a")).code == "not_found", "another shop's"
    master.put(office.house, [], "admin", shop="0001", gone=[("coupon", "QUAN-1")])
    assert one.refused("POST", "/v1/coupons", use("a")).code == "not_found"
