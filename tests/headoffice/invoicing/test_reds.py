"""Red letters behind returns: whole, by line, while the invoice is on its way, lapsed."""

from __future__ import annotations

from pos.headoffice.invoicing import asking
from pos.headoffice.projecting import rebuild
from tests.headoffice.invoicing.desk import ONE_DATABASE, Desk


def test_part_and_rest_come_back(desk: Desk) -> None:
    order = desk.sell()
    desk.ask(order)
    desk.settle()
    desk.bring_back(order, order.lines[0])
    desk.settle()
    page = desk.browser.get(desk.path(order))
    assert "已红冲 2.50" in page
    forms = list(desk.sim.book.forms.values())
    assert [form.data["redReason"] for form in forms] == ["1"], "销货退回 in the platform's numbers"
    (row,) = forms[0].data["detail"]
    assert row["blueDetailIndex"] == "1"
    assert row["taxExcludedAmount"] == "-2.21"
    desk.bring_back(order, order.lines[1])
    desk.settle()
    no = order.number
    assert desk.states() == {f"{no}01": "issued", f"{no}R01": "red", f"{no}R02": "red"}
    page = desk.browser.get(desk.path(order))
    assert "已全部红冲" in page
    assert "已全部退货" in page
    assert "<form" not in page


@ONE_DATABASE
def test_all_comes_back_and_no_row_is_named(desk: Desk) -> None:
    order = desk.sell()
    desk.ask(order)
    desk.settle()
    desk.bring_back(order, *order.lines)
    desk.settle()
    (form,) = desk.sim.book.forms.values()
    assert "detail" not in form.data
    reds = [one for one in desk.sim.book.invoices.values() if one.red]
    assert len(reds) == 1


@ONE_DATABASE
def test_a_return_before_the_invoice_is_there_waits_for_it(desk: Desk) -> None:
    order = desk.sell()
    desk.sim.wish("slow", f"{order.number}01")
    desk.ask(order)
    desk.issuer.turn()
    desk.bring_back(order, order.lines[1])
    desk.issuer.turn()
    no = order.number
    assert desk.states() == {f"{no}01": "asked", f"{no}R01": "new"}
    assert not desk.sim.book.forms
    desk.settle(60)
    assert desk.states() == {f"{no}01": "issued", f"{no}R01": "red"}


@ONE_DATABASE
def test_an_invoice_that_fails_takes_its_red_letter_with_it(desk: Desk) -> None:
    order = desk.sell()
    desk.sim.wish("failed", f"{order.number}01")
    desk.ask(order)
    desk.bring_back(order, order.lines[1])
    desk.settle()
    no = order.number
    assert desk.states() == {f"{no}01": "failed", f"{no}R01": "gone"}
    desk.ask(order)
    desk.settle()
    assert desk.rows(f"SELECT total_fen FROM issuing WHERE no = '{no}02'") == [{"total_fen": 250}]


def test_each_return_is_followed_once(desk: Desk) -> None:
    order = desk.sell()
    desk.ask(order)
    desk.settle()
    desk.bring_back(order, order.lines[0])
    desk.settle()
    rebuild(desk.office.house)
    assert desk.rows("SELECT * FROM returns_todo"), "seen anew"
    desk.settle()
    assert not desk.rows("SELECT * FROM returns_todo")
    assert sum(no.count("R") for no in desk.states()) == 1


@ONE_DATABASE
def test_a_form_nobody_confirms_lapses_and_is_asked_for_again(desk: Desk) -> None:
    order = desk.sell()
    desk.ask(order)
    desk.settle()
    no = order.number
    desk.sim.wish("buyer_confirms", f"{no}R01")
    desk.bring_back(order, *order.lines)
    desk.issuer.turn()
    for _ in range(5):
        desk.go(3600)
        desk.issuer.turn()
    assert desk.states()[f"{no}R01"] == "asked"
    desk.go(72 * 3600)
    desk.issuer.turn()
    assert desk.states()[f"{no}R01"] == "lapsed"
    asking.again(desk.office.house, f"{no}R01", "wang")
    desk.settle()
    assert desk.states()[f"{no}R02"] == "red"
    assert "已全部红冲" in desk.browser.get(desk.path(order))
