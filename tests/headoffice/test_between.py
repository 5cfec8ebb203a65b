"""Between tills: one of two gets it, and whoever asks again is answered as the first time."""

from __future__ import annotations

import threading
from collections.abc import Callable, Sequence
from functools import partial

import pytest
from msgspec.structs import replace

from pos.clock import stamp
from pos.headoffice import master
from pos.ids import order_number
from pos.protocol.between import (
    Balance,
    Claim,
    Claimed,
    Hold,
    Holds,
    HoldState,
    OrderFound,
    Reserve,
    Reserved,
    Settle,
    Spend,
    Spent,
    Wanted,
)
from pos.protocol.master import Member
from pos.record import GivenOffer, MemberChanged, OrderClosed, SoldLine, Taken, Where, from_bytes
from tests.headoffice.conftest import Office
from tests.headoffice.sides import Ledger, Side

NUMBER = "000101010000001"


@pytest.fixture
def two(office: Office) -> tuple[Side, Side]:
    """Two tills of a shop; the first has sold an order of two lines, a piece each."""
    one = office.till()
    other = office.till(Ledger(till="02", ledger_id="ledger-2").begin())
    one.ledger.sell()
    one.send(one.ledger.batch())
    office.project()
    return one, other


def _hold(request_id: str = "r1", body: str = "{}") -> Hold:
    return Hold(request_id, "1001", "张", 2, 550, "2026-03-02T02:00:00.000Z", body)


def test_a_hold_goes_to_one_till(two: tuple[Side, Side]) -> None:
    one, other = two
    state = one.ask("PUT", "/v1/holds/h1", _hold(), HoldState)
    assert one.ask("PUT", "/v1/holds/h1", _hold(), HoldState) == state  # the answer was lost
    assert one.refused("PUT", "/v1/holds/h1", _hold(body="[]")).code == "conflict"
    assert other.refused("PUT", "/v1/holds/h1", _hold()).code == "conflict"
    assert other.ask("GET", "/v1/holds", None, Holds).holds == (state,)
    assert other.beat().holds == 1
    took = other.ask("POST", "/v1/holds/h1/claim", Claim("c1", "1002"), Claimed)
    assert took == Claimed("h1", "{}")
    assert other.ask("POST", "/v1/holds/h1/claim", Claim("c1", "1002"), Claimed) == took
    assert one.refused("POST", "/v1/holds/h1/claim", Claim("c2", "1001")).code == "claimed"
    assert other.refused("POST", "/v1/holds/h1/claim", Claim("c3", "1001")).code == "claimed"
    assert one.ask("GET", "/v1/holds", None, Holds).holds == ()
    assert one.refused("POST", "/v1/holds/h9/claim", Claim("c2", "1001")).code == "not_found"


def test_another_shop_sees_no_hold(office: Office, two: tuple[Side, Side]) -> None:
    one, _ = two
    one.ask("PUT", "/v1/holds/h1", _hold(), HoldState)
    far = office.till(Ledger(shop="0002").begin())
    assert far.ask("GET", "/v1/holds", None, Holds).holds == ()
    assert far.refused("POST", "/v1/holds/h1/claim", Claim("c", "1001")).code == "not_found"


def _reserve(request_id: str, milli: int = 1000, line: int = 1) -> Reserve:
    return Reserve(request_id, "1001", NUMBER, (Wanted(line, milli),))


def test_an_order_of_another_till_is_found(two: tuple[Side, Side]) -> None:
    one, other = two
    found = other.ask("GET", f"/v1/orders/{NUMBER}", None, OrderFound)
    assert (found.shop, found.till, found.returns, found.reserved) == ("0001", "01", (), ())
    assert found.order.body == one.ledger.sent[2].body
    assert other.refused("GET", "/v1/orders/000101010000009").code == "not_found"
    assert other.refused("GET", "/v1/orders/x").code in ("not_found", "malformed")


def test_two_tills_cannot_return_the_same_line(two: tuple[Side, Side]) -> None:
    one, other = two
    first = other.ask("POST", "/v1/returns", _reserve("r1"), Reserved)
    assert first.state == "held"
    assert other.ask("POST", "/v1/returns", _reserve("r1"), Reserved) == first
    assert one.refused("POST", "/v1/returns", _reserve("r2", 1)).code == "not_enough"
    assert one.refused("POST", "/v1/returns", _reserve("r1")).code == "conflict"
    assert one.ask("GET", f"/v1/orders/{NUMBER}", None, OrderFound).reserved[0].reserved == 1000
    assert [(o.kind, o.request_id) for o in other.beat().open] == [("return", "r1")]
    done = Settle(NUMBER, "000102010000001")
    assert one.refused("POST", "/v1/returns/r1/confirm", done).code == "forbidden"
    for _ in range(2):
        confirmed = other.ask("POST", "/v1/returns/r1/confirm", done, Reserved)
        assert confirmed.state == "confirmed"
    assert other.refused("POST", "/v1/returns/r1/release", Settle(NUMBER)).code == "settled"
    assert one.refused("POST", "/v1/returns", _reserve("r3", 1)).code == "not_enough"
    assert other.beat().open == ()


def test_what_is_released_is_there_again(two: tuple[Side, Side]) -> None:
    one, other = two
    other.ask("POST", "/v1/returns", _reserve("r1", 400), Reserved)
    for _ in range(2):
        released = other.ask("POST", "/v1/returns/r1/release", Settle(NUMBER), Reserved)
        assert released.state == "released"
    assert one.ask("POST", "/v1/returns", _reserve("r2"), Reserved).state == "held"
    assert one.refused("POST", "/v1/returns/zz/release", Settle(NUMBER)).code == "not_found"
    assert one.refused("POST", "/v1/returns", _reserve("r5", line=9)).code == "not_found"


def _returned(side: Side, milli: int) -> str:
    """The record of a return of line 1 of the order, by `side`."""
    sold = from_bytes(side.ledger.sent[0].body.encode())
    assert sold.till == side.ledger.till
    line = SoldLine(
        *(1, 101, "S1", "6900001", "商品1", "瓶", -milli, 300, -300, (), -250, 1300, -29),
        of_order=f"order-{NUMBER}",
        of_line=1,
        condition="stock",
    )
    ledger = side.ledger
    ledger.seq += 1
    number = f"0001{ledger.till}01{ledger.seq:07d}"
    ledger.add(
        OrderClosed(
            ledger.where(),
            f"back-{number}",
            ledger.seq,
            number,
            "",
            stamp(ledger.at),
            (line,),
            (Taken("cash", -250, -250),),
            -250,
            -29,
            0,
            0,
        )
    )
    side.send(ledger.batch())
    return number


def test_the_record_of_a_return_settles_its_reservation(
    office: Office, two: tuple[Side, Side]
) -> None:
    one, other = two
    other.ask("POST", "/v1/returns", _reserve("r1", 600), Reserved)
    _returned(other, 600)
    office.project()
    found = one.ask("GET", f"/v1/orders/{NUMBER}", None, OrderFound)
    assert ([r.body for r in found.returns], found.reserved) == (
        [other.ledger.sent[-1].body],
        (),
    )
    assert other.beat().open == ()
    assert one.ask("POST", "/v1/returns", _reserve("r2", 400), Reserved).state == "held"
    assert one.refused("POST", "/v1/returns", _reserve("r3", 1)).code == "not_enough"
    settled = other.ask("POST", "/v1/returns/r1/confirm", Settle(NUMBER), Reserved)
    assert settled.state == "confirmed"
    assert office.rows("SELECT sku, milli FROM stock WHERE sku = 'S1'") == [
        {"sku": "S1", "milli": -400}
    ]


@pytest.fixture
def member(office: Office) -> Member:
    found = Member("m1", "0001", "888", "gold", points=100, stored_fen=5000)
    master.put(office.house, [found], "9001")
    return found


def _spend(request_id: str, amount: int, asset: str = "stored", order: str = "o1") -> Spend:
    return Spend(request_id, "1001", "0001", "m1", asset, amount, order)  # type: ignore[arg-type]


@pytest.mark.usefixtures("member")
@pytest.mark.parametrize("asset", ["stored", "points"])
def test_a_balance_is_spent_once(two: tuple[Side, Side], asset: str) -> None:
    one, other = two
    whole = 5000 if asset == "stored" else 100
    first = one.ask("POST", "/v1/spends", _spend("s1", whole, asset), Spent)
    assert first.state == "held"
    assert one.ask("POST", "/v1/spends", _spend("s1", whole, asset), Spent) == first
    assert other.refused("POST", "/v1/spends", _spend("s2", 1, asset)).code == "not_enough"
    assert one.refused("POST", "/v1/spends", _spend("s1", 1, asset)).code == "conflict"
    assert other.refused("POST", "/v1/spends/s1/release", Settle("0001")).code == "forbidden"
    for _ in range(2):
        done = one.ask("POST", "/v1/spends/s1/confirm", Settle("0001", NUMBER), Spent)
        assert done.state == "confirmed"
    assert one.refused("POST", "/v1/spends/s1/release", Settle("0001")).code == "settled"
    left = other.ask("GET", "/v1/members/0001/m1", None, Balance)
    assert (left.stored_fen, left.points) == ((0, 100) if asset == "stored" else (5000, 0))


@pytest.mark.usefixtures("member")
def test_a_released_amount_is_there_again(two: tuple[Side, Side]) -> None:
    one, other = two
    one.ask("POST", "/v1/spends", _spend("s1", 5000), Spent)
    assert [(o.kind, o.request_id) for o in one.beat().open] == [("spend", "s1")]
    one.ask("POST", "/v1/spends/s1/release", Settle("0001"), Spent)
    held = other.ask("POST", "/v1/spends", _spend("s2", 3000), Spent)
    assert (held.balance.stored_fen, held.balance.held_fen) == (2000, 3000)
    assert one.refused("GET", "/v1/members/0001/m9").code == "not_found"


def _paid(
    one: Side,
    tender: Taken,
    lines: Sequence[SoldLine] = (),
    who: str = "",
    offers: tuple[GivenOffer, ...] = (),
) -> OrderClosed:
    """The till's next sale, paid with this tender, on its way up."""
    sold = from_bytes(one.ledger.sent[2].body.encode()).fact
    assert isinstance(sold, OrderClosed)
    one.ledger.seq += 1
    number = order_number("0001", one.ledger.till, 1, one.ledger.seq)
    fact = replace(
        sold,
        order_id=f"order-{number}",
        seq=one.ledger.seq,
        number=number,
        tenders=(tender,),
        lines=tuple(lines) or sold.lines,
        person_id=who,
        offers=offers,
    )
    one.ledger.add(fact)
    return fact


@pytest.mark.usefixtures("member")
def test_the_record_that_names_it_settles_what_was_held(
    office: Office, two: tuple[Side, Side]
) -> None:
    one, other = two
    one.ask("POST", "/v1/spends", _spend("s1", 550, order="o9"), Spent)
    one.ask("POST", "/v1/spends", _spend("s2", 100, order="o9"), Spent)
    fact = _paid(one, Taken("stored_value", 550, 550, "s1", account="m1"))
    one.send(one.ledger.batch())
    office.project()
    assert [row.request_id for row in one.beat().open] == ["s2"]  # taken back before the close
    assert other.ask("GET", "/v1/members/0001/m1", None, Balance).stored_fen == 4350
    done = one.ask("POST", "/v1/spends/s1/confirm", Settle("0001", fact.number), Spent)
    assert (done.state, done.balance.stored_fen) == ("confirmed", 4350)
    one.ask("POST", "/v1/spends/s2/release", Settle("0001"), Spent)
    assert other.ask("GET", "/v1/members/0001/m1", None, Balance).stored_fen == 4450


@pytest.mark.usefixtures("member")
def test_points_are_used_and_given_back_by_records(office: Office, two: tuple[Side, Side]) -> None:
    one, other = two
    asked = replace(_spend("s1", 90, order="o9"), asset="points")
    one.ask("POST", "/v1/spends", asked, Spent)
    cash, used = Taken("cash", 550, 550), GivenOffer("p", "积分", "points", 1, 90, "s1", 90)
    _paid(one, cash, who="m1", offers=(used,))
    for points in (60, 30):
        back = replace(used, times=0, fen=-points, code="", points=-points)
        _paid(one, cash, who="m1", offers=(back,))
        for _ in range(2):
            one.send(one.ledger.batch())  # once more changes nothing
            office.project()
        assert one.beat().open == ()
        left = other.ask("GET", "/v1/members/0001/m1", None, Balance).points
        assert left == 100 - (30 if points == 60 else 0)
    confirmed = one.ask("POST", "/v1/spends/s1/confirm", Settle("0001"), Spent)
    assert confirmed.balance.points == 100


def test_accounts_are_what_records_pay_in(office: Office, two: tuple[Side, Side]) -> None:
    one, other = two
    assert one.refused("GET", "/v1/members/0001/p1").code == "not_found"
    one.ledger.add(MemberChanged(Where("1001", "s1", "2026-03-02"), "p1", "joined", "普通会员"))
    sold = from_bytes(one.ledger.sent[2].body.encode()).fact
    assert isinstance(sold, OrderClosed)
    first, *rest = sold.lines
    lines = (replace(first, account="p1"), *(replace(line, points=3) for line in rest))
    _paid(one, Taken("cash", 550, 550), lines, "p1")
    for _ in range(2):
        one.send(one.ledger.batch())  # once more: nothing is paid in twice
        office.project()
    found = other.ask("GET", "/v1/members/0001/p1", None, Balance)
    assert (found.stored_fen, found.points) == (250, 3)
    back = Taken("stored_value", -120, -120, "s1", "o9", 1, account="p1")
    _paid(one, back)
    one.send(one.ledger.batch())
    office.project()
    assert other.ask("GET", "/v1/members/0001/p1", None, Balance).stored_fen == 370


def _race(acts: Sequence[Callable[[], object]]) -> list[str]:
    """What becomes of acts begun at the same moment."""
    found: list[str] = []
    gate = threading.Barrier(len(acts))

    def run(act: Callable[[], object]) -> None:
        gate.wait()
        try:
            act()
        except AssertionError as error:
            found.append(str(error))
        else:
            found.append("done")

    threads = [threading.Thread(target=run, args=(act,)) for act in acts]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    return found


@pytest.mark.usefixtures("member")
def test_tills_at_the_same_moment(office: Office, two: tuple[Side, Side]) -> None:
    one, other = two
    far = office.till(Ledger(till="03", ledger_id="ledger-3").begin())
    tills = (one, other, far)
    for n in range(5):
        one.ask("PUT", f"/v1/holds/race{n}", _hold(f"p{n}"), HoldState)
        path, claim = f"/v1/holds/race{n}/claim", Claim(f"c{n}", "1")
        claims = [partial(side.ask, "POST", path, claim, Claimed) for side in tills]
        assert _race(claims).count("done") == 1
    asked = [
        (side, _spend(f"s{side.ledger.till}{n}", 900, order=f"o{n}"))
        for side in tills
        for n in range(3)
    ]
    spends = [partial(side.ask, "POST", "/v1/spends", spend, Spent) for side, spend in asked]
    assert _race(spends).count("done") == 5
    returns = [
        partial(side.ask, "POST", "/v1/returns", _reserve(f"r{side.ledger.till}", 600), Reserved)
        for side in tills
    ]
    assert _race(returns).count("done") == 1
