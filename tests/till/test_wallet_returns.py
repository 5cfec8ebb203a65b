"""Money of a return goes back to the wallet it came from, behind the return."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path

import pytest

from pos.refusal import Refused
from pos.store import attempts
from pos.store.reader import Reader
from pos.store.verify import verify_ledger
from pos.till import moneyback
from pos.till.events import Entered
from pos.till.view import ChangeView, RefundView
from tests.shop import MILK, SMOKE
from tests.store.conftest import WHERE
from tests.till.person import Person
from tests.till.wallets import CHANNELS, Channel, World, world


@pytest.fixture(scope="module")
def keys(tmp_path_factory: pytest.TempPathFactory) -> Path:
    return tmp_path_factory.mktemp("keys")


@pytest.fixture
def shop_world(tmp_path: Path, keys: Path) -> Iterator[World]:
    with world(tmp_path, keys) as made:
        opened(made)
        yield made


def opened(made: World) -> Person:
    """The manager is at the till, with whatever float it offers."""
    person = made.open("9001")
    if person.mode() != "selling":
        person.enter()
    return person


def refunds(made: World) -> list[attempts.RefundRow]:
    reader = Reader(made.shop.place().path)
    rows = reader.rows("SELECT * FROM payment_refunds ORDER BY rowid")
    reader.close()
    return [attempts.RefundRow(**{n: row[n] for n in row.keys()}) for row in rows]  # noqa: SIM118


def come_back(made: World) -> None:
    """Let time pass until every provider has confirmed."""

    def done() -> bool:
        made.go(1)
        return all(row.state == "refunded" for row in refunds(made))

    made.until(done)


def paid_by(made: World, channel: Channel) -> str:
    view = made.pay_screen(SMOKE, MILK)
    assert view.mode == "paying", view
    made.person.does(Entered(made.code(channel), burst=True))
    made.until(made.closed)
    panel = made.person.till.view().panel
    assert isinstance(panel, ChangeView)
    return panel.number


@pytest.mark.parametrize("channel", CHANNELS)
def test_parts_go_back_to_the_wallet_and_close_to_zero(shop_world: World, channel: Channel) -> None:
    made, person = shop_world, shop_world.person
    number = paid_by(made, channel)
    for code, fen in ((MILK, 550), (SMOKE, 2500)):
        person.key("return_goods")
        person.scan(number, code)
        person.enter()
        view = person.enter()
        assert isinstance(view.panel, RefundView)
        assert [x.amount for x in view.panel.backs] == [f"{fen / 100:.2f}"]
        view = person.enter()
        assert isinstance(view.panel, ChangeView)
        come_back(made)
    assert [row.fen for row in refunds(made)] == [550, 2500]
    assert made.moved() == [(3050, 3050)]
    reader = Reader(made.shop.place().path)
    rows = reader.rows("SELECT fen, reference, of_tender FROM order_tenders WHERE fen < 0")
    reader.close()
    assert [tuple(row) for row in rows] == [
        (-row.fen, row.out_refund_no, 1) for row in refunds(made)
    ]
    person.leave()
    assert verify_ledger(made.shop.place().path).ok


def test_a_refund_without_an_answer_never_holds_up_the_return(shop_world: World) -> None:
    made, person = shop_world, shop_world.person
    number = paid_by(made, "wechat")
    person.leave()
    assert person.till.payments is not None
    person = opened(made)
    assert person.till.payments is not None
    person.till.payments.stop()  # nothing is called any more, as when the line is dead
    person.key("return_goods")
    person.scan(number)
    person.key("return_all")
    person.enter()
    view = person.enter()
    assert isinstance(view.panel, ChangeView)
    [row] = refunds(made)
    assert (row.state, row.open) != ("refunded", 0)
    assert row.open == 1
    person.till.refresh_header()
    assert person.till.state.unresolved == 1
    person.leave()
    opened(made)  # and what was begun is finished after the next start
    come_back(made)
    assert made.moved() == [(3050, 3050)]
    made.person.leave()


@pytest.mark.parametrize(("row", "way"), [("2", "cash"), ("3", "bank")])
def test_what_a_provider_refuses_a_manager_gives_back(
    shop_world: World, row: str, way: str
) -> None:
    made, person = shop_world, shop_world.person
    view = made.pay_screen(SMOKE)
    person.does(Entered(made.code("wechat", "refund_closed"), burst=True))
    made.until(made.closed)
    panel = person.till.view().panel
    assert isinstance(panel, ChangeView)
    person.key("return_goods")
    person.scan(panel.number)
    person.key("return_all")
    person.enter()
    view = person.enter()
    assert isinstance(view.panel, ChangeView)

    def refused() -> bool:
        made.go(10)
        return refunds(made)[0].state == "refused"

    made.until(refused)
    person.key("unresolved")
    person.enter("1")
    person.enter(row)
    person.enter("5")  # why
    if way == "bank":
        person.enter("12")  # no reference
        assert person.mode() == "asking"
        person.enter("778899")
    assert "已记录" in person.message.text
    [refund] = refunds(made)
    assert (refund.state, refund.open) == ("settled", 0)
    assert person.till.state.unresolved == 0
    reader = Reader(made.shop.place().path)
    moves = reader.rows("SELECT move, fen FROM cash_moves WHERE move = 'out'")
    told = reader.rows("SELECT detail FROM events WHERE kind = 'payment.refund_settled'")
    reader.close()
    assert [tuple(x) for x in moves] == ([("out", 2500)] if way == "cash" else [])
    assert told[0]["detail"].startswith(f"{way} 2500")
    person.key("unresolved")
    assert "没有未决" in person.message.text
    number = refund.out_refund_no
    with pytest.raises(Refused, match="refund_running"):
        person.till.submit(
            lambda x: moneyback.refund_settle(x, number, "cash", "", WHERE, "again")
        ).result()
    assert made.moved() == [(2500, 0)]
    person.leave()
    assert verify_ledger(made.shop.place().path).ok
