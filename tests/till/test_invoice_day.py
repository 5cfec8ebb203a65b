"""A day's invoices on the screen: many from a file, stopped, failed ones again, exported."""

from __future__ import annotations

import time
from collections.abc import Callable, Iterator
from datetime import date
from pathlib import Path

import pytest

from pos.till.view import FindView, ListView, WorkView
from tests.invoices.template import make
from tests.shop import MILK, WATER
from tests.till.invoicing import COMPANY, Office, office
from tests.till.person import Person


@pytest.fixture
def desk(tmp_path: Path) -> Iterator[Office]:
    with office(tmp_path) as one:
        yield one


def opened(desk: Office) -> Person:
    desk.close()
    person = Person(desk.shop)
    person.sign_in("9001")
    if person.mode() != "selling":
        person.enter()
    person.key("duties")
    person.key("invoice_day")
    assert person.mode() == "invoices"
    return person


def until(desk: Office, person: Person, what: Callable[[], bool], go: float = 5.0) -> None:
    end = time.monotonic() + 30
    while not what():
        assert time.monotonic() < end, person.till.view()
        desk.go(go)
        person.wait()
        if person.till.invoicing is not None:
            person.till.invoicing.look()
        time.sleep(0.02)


def page(person: Person) -> FindView:
    found = person.till.view().panel
    assert isinstance(found, FindView)
    return found


def test_many_from_a_file(desk: Office) -> None:
    numbers = [desk.sell(WATER, MILK)[1] for _ in range(3)]
    person = opened(desk)
    assert page(person).rows == ()
    person.enter()
    assert "这里没有发票" in person.message.text
    file = desk.shop.folder / "orders.csv"
    rows = [f"{numbers[0]},{COMPANY.title},{COMPANY.tax_id},", f"{numbers[1]},某公司,12345,"]
    file.write_text("\n".join(["单号,抬头,税号,个人", *rows, f"{numbers[2]},张三,,是"]), "utf-8")
    person.key("invoices_issue")
    person.enter("nowhere.csv")
    assert "nowhere.csv" in person.message.text
    person.enter(str(file))
    assert isinstance(person.till.view().panel, WorkView)
    until(desk, person, lambda: person.mode() == "invoices")
    assert "1 单没有提交" in person.message.text
    assert numbers[1] in person.message.text
    assert "税号 12345" in (desk.shop.folder / "orders-未开.csv").read_text("utf-8-sig")
    shown = page(person)
    assert [row[4] for row in shown.rows] == ["已开", "已开"]
    assert {row[2] for row in shown.rows} == {"张三", COMPANY.title}
    assert "已开 2" in shown.note
    view = person.enter()
    assert isinstance(view.panel, ListView)
    assert view.panel.columns[0].startswith("已开 ")
    person.key("back")
    person.key("invoices_filter")
    person.key("invoices_filter")
    assert page(person).rows == ()
    assert "[失败]" in page(person).title
    person.key("invoices_before")
    assert person.till.state.invoices is not None
    assert person.till.state.invoices.day == date(2026, 3, 1)
    person.key("back")
    assert person.mode() == "selling"
    person.leave()
    desk.open()


def test_what_failed_is_asked_for_again(desk: Office) -> None:
    number = desk.sell(WATER)[1]
    no = desk.ask(number)
    desk.sim.wish("failed", no)
    desk.settle()
    person = opened(desk)
    assert [row[4] for row in page(person).rows] == ["失败"]
    person.key("invoices_again")
    until(desk, person, lambda: person.mode() == "invoices")
    until(desk, person, lambda: "已开 1" in page(person).note)
    assert sorted(row[4] for row in page(person).rows) == ["失败", "已开"]
    person.key("invoices_ask")
    until(desk, person, lambda: person.mode() == "invoices")
    assert "全部办完" in person.message.text
    person.leave()
    desk.open()


def test_work_is_stopped(desk: Office) -> None:
    desk.ask(desk.sell(WATER)[1])
    person = opened(desk)
    person.key("invoices_ask")
    assert person.mode() == "working"  # no time passes: it is under way until somebody stops it
    person.key("back")
    until(desk, person, lambda: person.mode() == "invoices", go=0.0)
    assert "还有 1 张" in person.message.text
    person.leave()
    desk.open()


def test_exported_while_the_till_sells(tmp_path: Path) -> None:
    with office(tmp_path, "workbook") as desk:
        make(desk.shop.folder / desk.config.settings.invoices.template)
        desk.ask(desk.sell(WATER)[1])
        person = opened(desk)
        person.key("invoices_export")
        person.enter()
        until(desk, person, lambda: person.mode() == "invoices")
        assert "已导出 1 张：发票" in person.message.text
        assert [row[4] for row in page(person).rows] == ["已导出"]
        person.key("invoices_export")
        person.enter()
        until(desk, person, lambda: person.mode() == "invoices")
        assert "没有要导出的发票" in person.message.text
        person.leave()
        desk.open()
