"""What comes back is held to what is on disk, in the transaction that closes it."""

from __future__ import annotations

from contextlib import closing

import pytest
from msgspec.structs import replace

from pos.record import OrderClosed, SoldLine, Taken
from pos.refusal import Refused
from pos.sale import order as rules
from pos.sale import refunds, returns, tenders
from pos.sale.order import Order
from pos.sale.returns import Returned, Sold, Wanted
from pos.store import returned
from pos.store.ledger import Ledger
from pos.store.reader import Reader
from pos.store.verify import verify_ledger
from tests.shop import APPLE, MILK, WATER
from tests.store.conftest import WHERE, fill


def looked_up(ledger: Ledger, order_id: str, *drafts: Order) -> Sold:
    with closing(Reader(ledger.place.path)) as reader:
        return returned.sold_of(reader.rows, order_id, drafts)


def returning(ledger: Ledger, *lines: SoldLine) -> Order:
    order = Order(ledger.place.ids.uuid7(), "2026-03-02T03:00:00.000Z", "1001")
    for line in lines:
        order = rules.bring_back(order, line)
    return order


def give_back(order: Order, sold: Sold) -> Order:
    order, backs = refunds.give_back(order, [sold], "none")
    return replace(order, tenders=(*order.tenders, *refunds.as_tenders(backs)))


def sell(ledger: Ledger) -> str:
    return ledger.close_order(fill(ledger, WATER, WATER, WATER, MILK), WHERE).order_id


def test_goods_come_back_and_go_where_they_belong(ledger: Ledger) -> None:
    order_id = sell(ledger)
    sold = looked_up(ledger, order_id)
    wanted = [Wanted(1, 1000), Wanted(1, 1000, "damaged"), Wanted(2, 1000)]
    order = give_back(returning(ledger, *returns.bring_back(sold, wanted)), sold)
    ledger.save_draft(order)
    ended = ledger.close_order(order, WHERE)
    fact = ended.fact
    assert isinstance(fact, OrderClosed)
    assert fact.total_fen == -380 - 550 == sum(t.fen for t in fact.tenders)
    with closing(Reader(ledger.place.path)) as reader:
        moves = reader.rows(
            "SELECT kind, milli FROM stock_moves JOIN orders USING (jn) WHERE order_id = ?"
            " ORDER BY n",
            (order.order_id,),
        )
        levels = dict(map(tuple, reader.rows("SELECT product_id, milli FROM stock_levels")))
        rows = reader.rows(
            "SELECT of_order, of_line, condition FROM order_lines WHERE order_id = ?",
            (order.order_id,),
        )
    assert [tuple(row) for row in moves] == [
        ("returned", 1000),
        ("returned", 1000),
        ("damaged", -1000),
        ("returned", 1000),
    ]
    assert levels[1] == -2000  # three went out, one came back that can be sold
    assert {row["of_order"] for row in rows} == {order_id}
    after = looked_up(ledger, order_id)
    assert (after.before[1].milli, after.before[1].net_fen) == (2000, 380)
    assert after.refunded == {}  # cash is cash: no tender of the sale is named
    assert verify_ledger(ledger.place.path).ok


def test_two_returns_of_the_same_goods_do_not_both_close(ledger: Ledger) -> None:
    order_id = sell(ledger)
    sold = looked_up(ledger, order_id)
    first, second = (
        give_back(returning(ledger, *returns.bring_back(sold, [Wanted(1, 2000)])), sold)
        for _ in range(2)
    )
    ledger.save_draft(second)
    ledger.close_order(first, WHERE)
    jn = ledger.head.jn
    with pytest.raises(Refused) as refused:
        ledger.close_order(second, WHERE)
    assert (refused.value.code, refused.value.values["left"]) == ("return_too_much", "1")
    assert ledger.head.jn == jn
    with closing(Reader(ledger.place.path)) as reader:
        assert [draft.order_id for draft in reader.drafts()] == [second.order_id]
        assert len(reader.orders()) == 2
    assert ledger.close_order(first, WHERE).already
    ledger.void_order(replace(second, tenders=()), WHERE, "顾客不退了")
    assert looked_up(ledger, order_id).before[1].milli == 2000  # a voided return returned nothing
    assert verify_ledger(ledger.place.path).ok


@pytest.mark.parametrize(
    ("change", "code"),
    [
        ({"of_line": 9}, "no_line"),
        ({"milli": -4000}, "return_too_much"),
        ({"milli": 0}, "return_too_much"),
        ({"net_fen": -571, "adjustments": ()}, "return_over_paid"),
        ({"net_fen": 10}, "return_over_paid"),
        ({"tax_fen": -600}, "return_over_paid"),
        ({"product_id": 2}, "return_over_paid"),
    ],
)
def test_a_line_that_does_not_fit_what_was_sold_never_closes(
    ledger: Ledger, change: dict[str, int], code: str
) -> None:
    sold = looked_up(ledger, sell(ledger))
    [line] = returns.bring_back(sold, [Wanted(1, 3000)])
    forged = replace(line, **change)
    order = replace(
        returning(ledger, forged), tenders=(Taken("cash", forged.net_fen, forged.net_fen),)
    )
    with pytest.raises(Refused, match=code):
        ledger.close_order(order, WHERE)


def test_a_tender_gives_back_no_more_than_it_took(ledger: Ledger) -> None:
    paid = fill(ledger, WATER, MILK, pay=False)
    paid = tenders.take_reference(paid, "bank", 300, "S00123")
    paid = tenders.take_cash(paid, None, "none", 0)
    order_id = ledger.close_order(paid, WHERE).order_id
    sold = looked_up(ledger, order_id)
    one = give_back(returning(ledger, *returns.bring_back(sold, [Wanted(1, 1000)])), sold)
    assert one.tenders == (Taken("bank", -200, -200, "S00123", order_id, 1),)
    ledger.close_order(one, WHERE)
    sold = looked_up(ledger, order_id)
    assert sold.refunded == {1: 200}
    other = returning(ledger, *returns.bring_back(sold, [Wanted(2, 1000)]))
    for forged in (
        Taken("bank", -550, -550, "", order_id, 1),
        Taken("bank", -550, -550, "", order_id, 3),
        Taken("wechat", -550, -550, "", order_id, 2),
    ):
        with pytest.raises(Refused, match="return_over_paid"):
            ledger.close_order(replace(other, tenders=(forged,)), WHERE)
    other = give_back(other, sold)
    assert [(t.way, t.fen) for t in other.tenders] == [("bank", -100), ("cash", -450)]
    ledger.close_order(other, WHERE)


def test_drafts_of_returns_hold_what_they_name(ledger: Ledger) -> None:
    order_id = sell(ledger)
    sold = looked_up(ledger, order_id)
    draft = returning(ledger, *returns.bring_back(sold, [Wanted(1, 2000)]))
    assert looked_up(ledger, order_id, draft).left(1) == 1000
    assert looked_up(ledger, order_id, draft, draft).before[1] == Returned(
        4000, 800, 760, 88, looked_up(ledger, order_id, draft, draft).before[1].adjustments
    )


def test_no_return_of_a_return_of_nothing_or_of_a_voided_order(ledger: Ledger) -> None:
    order_id = sell(ledger)
    sold = looked_up(ledger, order_id)
    back = give_back(returning(ledger, *returns.bring_back(sold, [Wanted(1, 1000)])), sold)
    ledger.close_order(back, WHERE)
    with pytest.raises(Refused, match="return_of_return"):
        returns.bring_back(looked_up(ledger, back.order_id), [Wanted(1, 1000)])
    with pytest.raises(Refused, match="order_unknown"):
        looked_up(ledger, "nowhere")
    gone = ledger.void_order(fill(ledger, APPLE, pay=False), WHERE, "测试")
    with pytest.raises(Refused, match="order_not_closed"):
        looked_up(ledger, gone.order_id)


def test_a_full_return_and_the_order_that_follows_are_one_act(ledger: Ledger) -> None:
    order_id = sell(ledger)
    sold = looked_up(ledger, order_id)
    order = give_back(returning(ledger, *returns.bring_back(sold, returns.everything(sold))), sold)
    order = replace(order, reason="付错方式", reopens=order_id)
    follow = fill(ledger, WATER, pay=False)
    ended = ledger.close_order(order, WHERE, follow=follow)
    with closing(Reader(ledger.place.path)) as reader:
        assert [draft.order_id for draft in reader.drafts()] == [follow.order_id]
        [row] = reader.rows(
            "SELECT reason, reopened_as FROM orders WHERE order_id = ?", (ended.order_id,)
        )
    assert tuple(row) == ("付错方式", follow.order_id)
    assert verify_ledger(ledger.place.path).ok
