"""Between tills: an order is at one till only, whatever answers are lost; money has an end."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import closing
from pathlib import Path
from typing import Any

import msgspec
import pytest
from sqlalchemy import Connection

from pos.clock import stamp, system_clock
from pos.config import load
from pos.headoffice import master
from pos.protocol.between import Claim, Hold, Reserve, Spend, Wanted
from pos.protocol.master import Member
from pos.refusal import Refused
from pos.sale.order import Order, bring_back
from pos.store import elsewhere, requests
from pos.store.reader import Reader
from pos.sync.link import Link
from pos.sync.requests import Requests
from tests.shop import MILK, WATER
from tests.store.conftest import fill
from tests.sync.office import SOON, Office, TillSide, direct, enrol_till
from tests.sync.proxy import Proxy


@pytest.fixture
def other(tmp_path: Path, office: Office) -> Any:
    found = enrol_till(tmp_path / "other", office, till="02")
    yield found
    found.close()


LINKS: list[Link] = []


@pytest.fixture(autouse=True)
def _closed() -> Iterator[None]:
    yield
    while LINKS:
        LINKS.pop().close()


def asking(till: TillSide, url: str = "") -> Requests:
    """A line of the counter's own, with little patience."""
    LINKS.append(till.new_link(url, msgspec.structs.replace(SOON, read=0.3)))
    config = load(till.shop.config_file)
    return Requests(config, till.shop.hands.clock(), LINKS[-1], direct(till.ledger))


def held(till: TillSide) -> list[str]:
    with closing(Reader(till.ledger.place.path)) as reader:
        return [order.order_id for order in reader.drafts()]


def open_requests(till: TillSide) -> list[tuple[str, str]]:
    with closing(Reader(till.ledger.place.path)) as reader:
        return [(row.kind, row.state) for row in requests.unfinished(reader)]


def put_down(till: TillSide) -> tuple[Hold, str]:
    """An order on hold, and the wish to hand it over, on disk together."""
    order = msgspec.structs.replace(fill(till.ledger, WATER, MILK, pay=False), state="held")
    body = msgspec.json.encode(order).decode()
    hold = Hold(
        till.ledger.place.ids.uuid7(), "1001", "水", 2, 750, stamp(system_clock().now()), body
    )
    till.ledger.save_draft(
        order,
        also=lambda c: requests.put(
            till.ledger, c, hold.request_id, "give", order.order_id, order.order_id,
            msgspec.json.encode(hold),
        ),
    )  # fmt: skip
    return hold, order.order_id


def claim(till: TillSide, hold_id: str) -> Claim:
    wanted = Claim(till.ledger.place.ids.uuid7(), "1001")
    requests.ask(
        till.ledger, wanted.request_id, "claim", hold_id, hold_id, msgspec.json.encode(wanted)
    )
    return wanted


def test_an_order_goes_to_one_other_till(office: Office, till: TillSide, other: TillSide) -> None:
    hold, order_id = put_down(till)
    asking(till).give(hold, order_id)
    assert held(till) == []
    [waiting] = asking(other).holds()
    assert (waiting.hold_id, waiting.label) == (order_id, "水")
    asking(other).claim(order_id, claim(other, order_id))
    assert held(other) == [order_id]
    with pytest.raises(Refused) as refused:
        asking(till).claim(order_id, claim(till, order_id))
    assert refused.value.code == "ho_claimed"
    assert held(till) == []
    assert open_requests(till) == open_requests(other) == []


@pytest.mark.parametrize("fault", ["hole", "reset", "truncated", "portal", "500", "refuse"])
def test_lost_answers_are_asked_for_again(
    office: Office, till: TillSide, other: TillSide, fault: Any
) -> None:
    bad = Proxy(office.port, 1, (fault,))
    hold, order_id = put_down(till)
    with pytest.raises(Refused):
        asking(till, bad.url).give(hold, order_id)
    assert held(till) == [order_id]  # nobody works on it: it is being handed over
    with closing(Reader(till.ledger.place.path)) as reader:
        assert requests.giving(reader) == {order_id}
    till.visit()
    assert held(till) == []
    wanted = claim(other, order_id)
    with pytest.raises(Refused):
        asking(other, bad.url).claim(order_id, wanted)
    other.visit()
    assert held(other) == [order_id]
    assert open_requests(till) == open_requests(other) == []
    bad.stop()


def sold(till: TillSide) -> str:
    till.sell(1)
    till.visit()
    from sqlalchemy import text

    sql = text("SELECT number FROM orders ORDER BY jn DESC LIMIT 1")
    return str(till.ledger.read(lambda c: c.execute(sql).scalar()))


def test_a_return_of_another_till_s_order_is_reserved_once(
    office: Office, till: TillSide, other: TillSide
) -> None:
    number = sold(till)
    found = asking(other).order(number)
    assert found.till == "01"
    asked = Reserve("r-1", "1001", number, (Wanted(1, 1000),))
    assert asking(other).reserve(asked, "return-order").state == "held"
    with pytest.raises(Refused) as refused:
        asking(till).reserve(replace_request(asked, "r-2"), "another")
    assert refused.value.code == "ho_not_enough"
    other.ledger.change(lambda c: requests.release_of(c, "return-order"))
    other.visit()
    assert asking(till).reserve(replace_request(asked, "r-3"), "another").state == "held"


def replace_request(asked: Reserve, request_id: str) -> Reserve:
    return msgspec.structs.replace(asked, request_id=request_id)


def test_a_reservation_whose_answer_was_lost_is_let_go(
    office: Office, till: TillSide, other: TillSide
) -> None:
    number = sold(till)
    bad = Proxy(office.port, 1, ("hole",))
    asked = Reserve("r-9", "1001", number, (Wanted(1, 1000),))
    with pytest.raises(Refused) as refused:
        asking(other, bad.url).reserve(asked, "return-order")
    assert refused.value.code == "ho_unreachable"
    other.visit()
    assert asking(till).reserve(replace_request(asked, "r-10"), "again").state == "held"
    bad.stop()


def test_stored_value_is_held_used_and_given_back(office: Office, till: TillSide) -> None:
    member = Member("M1", "0001", "880001", "gold", stored_fen=0)
    master.put(office.house, [member], "9001")
    line = asking(till)
    assert line.balance("0001", "M1").stored_fen == 0
    with pytest.raises(Refused) as refused:
        line.spend(Spend("s-1", "1001", "0001", "M1", "stored", 500, "o-1"))
    assert refused.value.code == "ho_not_enough"
    assert open_requests(till) == []


def test_offline_everything_is_refused_at_once(office: Office, till: TillSide) -> None:
    office.stop()
    for ask in (
        lambda: asking(till).holds(),
        lambda: asking(till).order("000101010000001"),
        lambda: asking(till).balance("0001", "M1"),
    ):
        with pytest.raises(Refused) as refused:
            ask()
        assert refused.value.code == "ho_unreachable"
    office.start()


def forget(connection: Connection) -> None:
    connection.exec_driver_sql("DELETE FROM sync_requests")


def test_what_head_office_holds_and_nobody_here_knows_is_let_go(
    office: Office, till: TillSide, other: TillSide
) -> None:
    """The ledger was put back to before the request."""
    number = sold(till)
    asked = Reserve("r-20", "1001", number, (Wanted(1, 1000),))
    asking(other).reserve(asked, "return-order")
    other.ledger.change(forget)
    other.visit()
    assert asking(till).reserve(replace_request(asked, "r-21"), "again").state == "held"


def test_goods_dropped_from_an_order_are_let_go_and_those_that_came_back_are_not(
    office: Office, till: TillSide, other: TillSide
) -> None:
    number = sold(till)
    told = asking(other).order(number)
    order_id = elsewhere.order_id_of(msgspec.json.encode(told))
    elsewhere.keep(other.ledger, order_id, msgspec.json.encode(told))
    with closing(Reader(other.ledger.place.path)) as reader:
        found = elsewhere.found(reader.rows, order_id)
    assert found is not None
    line = msgspec.structs.replace(
        found.order.lines[0], milli=-1000, of_order=order_id, of_line=found.order.lines[0].line_no
    )
    empty = Order("return-order", stamp(other.shop.hands.at), "1001")
    with_line = bring_back(empty, line)

    def states() -> list[str]:
        sql = "SELECT state FROM sync_requests ORDER BY request_id"
        return [row[0] for row in other.ledger.read(lambda c: c.exec_driver_sql(sql).all())]

    asked = Reserve("r-1", "1001", number, (Wanted(line.of_line, 1000),))
    asking(other).reserve(asked, "return-order")
    other.ledger.save_draft(empty)  # its goods are not on it yet
    other.ledger.save_draft(with_line)
    assert states() == ["held"]
    other.ledger.save_draft(empty)
    assert states() == ["release"]
    other.visit()
    assert [row["state"] for row in office.rows("SELECT state FROM reserved")] == ["released"]
    asking(other).reserve(replace_request(asked, "r-2"), "return-order")
    other.ledger.save_draft(with_line)
    other.ledger.change(lambda c: requests.settle_order(c, with_line, "000102010000001"))
    assert states() == ["done", "done"]
