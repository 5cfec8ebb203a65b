"""Duties, a day's invoices and messages at a till whose network is cut."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path

import pytest

from pos.store import invoices, messages
from pos.till.view import FindView
from tests.invoices.template import make
from tests.shop import MILK, WATER, Shop, make_shop
from tests.till.invoicing import COMPANY, TABLE, office
from tests.till.test_devices import until
from tests.trust.cut import cut
from tests.trust.offline import INVOICES, PAPER, Alone, held, runs

TEMPLATE = {"批量开票-导入开票模板.xlsx": "t.xlsx"}
MAIL = {
    "receipts = false ": "receipts = true ",
    'host = ""                  # SMTP': 'host = "mail.invalid" # SMTP',
    'sender = "" ': 'sender = "pos@shop.example" ',
}


@pytest.fixture
def shop(tmp_path: Path) -> Shop:
    return make_shop(tmp_path, PAPER)


DUTIES = (
    *("duties", "close_shift", "sign_out", "close_day", "x_report", "cash_in", "cash_out"),
    *("cash_drop", "reports", "closes", "count_late", "count_next", "count_submit"),
    *("count_clear", "count_sign", "recount", "count_unsigned", "print_slip", "quit"),
    *("report_today", "report_yesterday", "report_week", "report_month", "report_last_month"),
    *("report_range", "report_csv", "report_xlsx"),
)


@runs(*DUTIES)
def test_shift_day_and_reports(shop: Shop) -> None:
    with cut(), held("test_shift_day_and_reports") as ran:
        person = Alone(shop, ran)
        person.sign_in("9001")
        person.sell(WATER, MILK)
        person.key("duties")
        person.key("x_report")
        person.enter("2")
        person.key("back")
        for duty, fen in (("cash_in", "100"), ("cash_out", "30"), ("cash_drop", "20")):
            person.key("duties")
            person.key(duty)
            person.enter(fen)
            person.enter("1")
        reports(person)
        person.key("duties")
        person.key("sign_out")
        person.shop.hands.go(24 * 3600)
        person.sign_in("9001")
        person.key("duties")
        person.key("count_late")
        counted(person)
        person.sell(WATER)
        person.key("duties")
        person.key("close_shift")
        person.key("count_next", "7")
        person.key("up")
        person.key("count_clear")
        counted(person)
        person.sign_in("9001")
        person.key("duties")
        person.key("closes")
        person.enter("1")
        person.key("print_slip")
        person.key("back")
        person.sell(WATER)
        person.key("duties")
        person.key("close_day")
        person.enter("9")
        person.key("count_submit")
        person.key("recount")
        person.enter("8")
        person.key("count_submit")
        person.key("count_unsigned")
        person.enter("3")
        assert person.mode() == "slip"
        person.enter()
        person.key("quit")
        assert person.till.quitting
        person.end()


def counted(person: Alone) -> None:
    """A count that differs and is signed."""
    person.enter("9")
    person.key("count_submit")
    if person.mode() == "counted":
        person.key("count_sign")
        while person.mode() != "slip":
            person.enter("1")
    person.enter()


def reports(person: Alone) -> None:
    """Each range, each file."""

    def made() -> None:
        until(lambda: person.till.view().mode != "working" and not person.till.busy, 20)

    person.key("duties")
    person.key("reports")
    person.enter("1")
    made()
    spans = ("today", "yesterday", "week", "month", "last_month")
    for command in (*(f"report_{span}" for span in spans),):
        person.key(command)
        made()
    person.key("report_range")
    person.enter("2026-03-01 2026-03-02")
    made()
    for command in ("report_csv", "report_xlsx"):
        person.key(command)
        person.enter()
        until(lambda: person.till.view().message is not None and person.message.tone == "ok", 20)
    person.key("print_slip")
    person.key("back")
    person.key("back")


@runs("invoice")
def test_an_invoice_is_asked_for_and_waits(tmp_path: Path) -> None:
    (tmp_path / "tax-codes.csv").write_text(TABLE, "utf-8")
    shop = make_shop(tmp_path, INVOICES)
    with cut(), held("test_an_invoice_is_asked_for_and_waits") as ran:
        person = Alone(shop, ran)
        person.sign_in("9001")
        number = person.sell(WATER)
        person.key("find_orders")
        person.key("invoice")
        for _ in range(3):  # a person, without a title, sent nowhere
            person.enter()
        [order] = person.till.reader.orders()
        assert order.number == number
        [asked] = invoices.of_order(person.till.reader, order.order_id)
        assert asked.state == "asked"
        person.end()


DAY = ("invoice_day", "invoices_before", "invoices_after", "invoices_filter")


def listed(person: Alone) -> list[str]:
    """The states of the day's invoices on the screen."""
    found = person.till.view().panel
    assert isinstance(found, FindView)
    return [row[4] for row in found.rows]


def worked(person: Alone, what: Callable[[], bool]) -> None:
    """Work of its own ends, and this is so."""

    def done() -> bool:
        person.wait()
        return person.mode() == "invoices" and what()

    until(done, 20)


@runs(*DAY, "invoices_issue", "invoices_export")
def test_a_day_s_invoices_go_to_the_workbook(tmp_path: Path) -> None:
    (tmp_path / "tax-codes.csv").write_text(TABLE, "utf-8")
    make(tmp_path / "t.xlsx")
    shop = make_shop(tmp_path, INVOICES | TEMPLATE)
    with cut() as network, held("test_a_day_s_invoices_go_to_the_workbook") as ran:
        person = Alone(shop, ran)
        person.sign_in("9001")
        number = person.sell(WATER)
        file = tmp_path / "orders.csv"
        file.write_text(f"单号,抬头,税号\n{number},{COMPANY.title},{COMPANY.tax_id}\n", "utf-8")
        person.key("duties")
        person.key("invoice_day")
        person.key("invoices_before")
        person.key("invoices_after")
        person.key("invoices_issue")
        person.enter(str(file))
        worked(person, lambda: len(listed(person)) == 1)
        person.key("invoices_export")
        person.enter()
        worked(person, lambda: listed(person) == ["已导出"])
        person.key("invoices_filter")
        assert listed(person) == ["已导出"]
        person.key("invoices_filter")
        assert listed(person) == []
        person.end()
    assert network.tried == []


@runs("invoices_again")
def test_what_failed_is_asked_for_again_and_waits(tmp_path: Path) -> None:
    with office(tmp_path) as desk, held("test_what_failed_is_asked_for_again_and_waits") as ran:
        desk.sim.wish("failed", desk.ask(desk.sell(WATER)[1]))
        desk.settle()
        desk.close()
        with cut() as network:
            person = Alone(desk.shop, ran)
            person.sign_in("9001")
            person.key("duties")
            person.key("invoice_day")
            assert listed(person) == ["失败"]
            person.key("invoices_again")
            until(lambda: network.tried != [])
            person.key("back")  # nobody answers: it goes on behind
            worked(person, lambda: len(listed(person)) == 2)
            assert sorted(listed(person)) == ["失败", "开票中"]
            assert "还有 1 张" in person.message.text
            person.key("back")
            person.sell(WATER)
            person.end()
        desk.open()


def mailed(person: Alone) -> None:
    """A sale whose receipt is asked for by mail; no server answers and it waits."""

    def waits() -> bool:
        rows = messages.latest(person.till.reader)
        return [(row.state, row.tries, row.doubtful) for row in rows] == [("waiting", 1, 0)]

    person.sell(WATER, MILK)
    person.key("last_receipt")
    person.key("mail_receipt")
    person.enter("wang.fang@example.cn")
    until(waits)


@runs("mail_receipt")
def test_a_receipt_by_mail_is_asked_for_and_waits(tmp_path: Path) -> None:
    shop = make_shop(tmp_path, MAIL)
    with cut() as network, held("test_a_receipt_by_mail_is_asked_for_and_waits") as ran:
        person = Alone(shop, ran)
        person.sign_in()
        mailed(person)
        person.end()
    assert network.tried == ["name mail.invalid"]
