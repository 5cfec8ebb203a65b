"""Invoices on a real ledger with the platform's simulator: exactly one each, whatever breaks."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import closing
from pathlib import Path

import pytest
from msgspec.structs import replace
from sqlalchemy import text

from pos.invoices.document import Buyer
from pos.record import InvoiceAsked, from_bytes
from pos.refusal import Refused
from pos.sale.returns import Wanted as Back
from pos.store import invoices, persons
from pos.store.reader import Reader
from pos.store.verify import verify_ledger
from pos.till.invoicing import acts, orders, telling
from pos.till.invoicing.orders import Wanted
from tests.shop import MILK, WATER
from tests.store.conftest import WHERE
from tests.till.invoicing import COMPANY, Office, office

PERSON = Buyer("", person=True)


@pytest.fixture
def desk(tmp_path: Path) -> Iterator[Office]:
    with office(tmp_path) as one:
        yield one
        assert verify_ledger(one.config.ledger).ok


def test_an_invoice_from_the_order_to_the_platform(desk: Office) -> None:
    order_id, number = desk.sell(WATER, WATER, MILK)
    no = desk.ask(number)
    assert desk.rows(order_id)[0].state == "asked"
    assert desk.sim.ledger()["invoices"] == []  # on disk before anybody is asked
    desk.settle()
    (row,) = desk.rows(order_id)
    assert (row.state, row.total_fen, len(row.bureau_no)) == ("issued", 930, 20)
    (told,) = desk.sim.ledger()["invoices"]
    assert (told["orderNo"], told["buyerName"]) == (no, COMPANY.title)
    body = desk.ledger.read(
        lambda c: c.exec_driver_sql(
            "SELECT body FROM journal WHERE kind = 'invoice.asked'"
        ).scalar()
    )
    fact = from_bytes(bytes(body or b"")).fact
    assert isinstance(fact, InvoiceAsked)
    assert COMPANY.title.encode() not in bytes(body or b"")  # the record names a person's id alone
    assert COMPANY.title.encode() not in desk.config.ledger.read_bytes()


def test_a_second_request_with_other_data_issues_nothing(desk: Office) -> None:
    order_id, number = desk.sell(WATER)
    desk.ask(number)
    with pytest.raises(Refused, match="invoice_pending"):
        desk.ask(number, PERSON)
    desk.settle()
    with pytest.raises(Refused, match="invoice_exists"):
        desk.ask(number, PERSON)
    assert len(desk.rows(order_id)) == 1


@pytest.mark.parametrize(
    ("buyer", "code"),
    [
        (Buyer("好店🎉", tax_id=COMPANY.tax_id), "invoice_title_sign"),
        (Buyer("长" * 101, tax_id=COMPANY.tax_id), "invoice_title_long"),
        (Buyer("=1+1", tax_id=COMPANY.tax_id), "invoice_title_formula"),
        (Buyer("某公司", tax_id="12345"), "invoice_tax_id_wrong"),
        (Buyer("某公司", tax_id="914403001922038217"), "invoice_tax_id_doubtful"),
    ],
)
def test_bad_buyers_leave_nothing(desk: Office, buyer: Buyer, code: str) -> None:
    order_id, number = desk.sell(WATER)
    head = desk.ledger.head
    with pytest.raises(Refused, match=code):
        desk.ask(number, buyer)
    assert (desk.rows(order_id), desk.ledger.head) == ([], head)


def test_a_doubtful_number_with_a_managers_word(desk: Office) -> None:
    _, number = desk.sell(WATER)
    wanted = Wanted(number, Buyer("某公司", tax_id="914403001922038217"))
    with closing(Reader(desk.config.ledger)) as reader:
        checked = orders.check(desk.config, reader, desk.clock, wanted)
    assert checked.doubts == ("invoice_tax_id_doubtful",)
    acts.ask(desk.ledger, desk.config, wanted, WHERE, confirmed=True)
    desk.settle()
    assert desk.sim.ledger()["invoices"][0]["status"] == "2"


def test_orders_that_cannot_be_invoiced(desk: Office) -> None:
    order_id, number = desk.sell(WATER)
    desk.bring_back(order_id, Back(1, 1000))
    with pytest.raises(Refused, match="invoice_returned"):
        desk.ask(number)
    with closing(Reader(desk.config.ledger)) as reader:
        back = reader.rows("SELECT number FROM orders ORDER BY seq DESC LIMIT 1")[0]["number"]
    with pytest.raises(Refused, match="invoice_nothing"):
        desk.ask(back)
    with pytest.raises(Refused, match="order_unknown"):
        desk.ask("1" * 15)
    _, late = desk.sell(WATER)
    desk.go(61 * 86_400)
    with pytest.raises(Refused, match="invoice_late"):
        desk.ask(late)


def test_part_that_came_back_before_is_not_on_it(desk: Office) -> None:
    order_id, number = desk.sell(WATER, WATER, MILK)
    desk.bring_back(order_id, Back(2, 1000))
    desk.ask(number)
    desk.settle()
    assert [(r.state, r.total_fen) for r in desk.rows(order_id)] == [("issued", 380)]
    assert desk.reds(order_id) == []


def test_a_return_is_followed_by_a_partial_red_letter(desk: Office) -> None:
    order_id, number = desk.sell(WATER, WATER, MILK)
    desk.ask(number)
    desk.settle()
    desk.bring_back(order_id, Back(1, 1000))
    assert desk.reds(order_id) == []  # the return waited for nothing
    desk.settle()
    (red,) = desk.reds(order_id)
    assert (red.state, red.total_fen, red.cause) == ("red", 190, "return")
    form = next(iter(desk.sim.book.forms.values())).data
    assert [(d["blueDetailIndex"], d["num"]) for d in form["detail"]] == [("1", "-1")]
    assert form["redReason"] == "1"
    desk.bring_back(order_id, Back(1, 1000), Back(2, 1000))
    desk.settle()
    assert [r.total_fen for r in desk.reds(order_id)] == [190, 740]
    assert desk.rows(order_id)[0].standing_fen == 0
    desk.settle()
    assert len(desk.reds(order_id)) == 2  # no return is followed twice


def test_a_whole_return_names_no_rows(desk: Office) -> None:
    order_id, number = desk.sell(WATER)
    desk.ask(number)
    desk.settle()
    desk.bring_back(order_id, Back(1, 1000))
    desk.settle()
    assert "detail" not in next(iter(desk.sim.book.forms.values())).data
    with pytest.raises(Refused, match="invoice_returned"):
        desk.ask(number)


def test_two_returns_before_anybody_looked(desk: Office) -> None:
    order_id, number = desk.sell(WATER, WATER, WATER)
    desk.ask(number)
    desk.settle()
    desk.bring_back(order_id, Back(1, 1000))
    desk.bring_back(order_id, Back(1, 1000))
    desk.settle()
    reds = desk.reds(order_id)
    assert [r.red_no[-3:] for r in reds] == ["R01", "R02"]
    assert [(r.state, r.total_fen) for r in reds] == [("red", 190), ("red", 190)]


def test_a_return_while_the_invoice_is_on_its_way(desk: Office) -> None:
    order_id, number = desk.sell(WATER, MILK)
    desk.sim.wish("slow")
    no = desk.ask(number)
    desk.worker.turn()
    desk.bring_back(order_id, Back(2, 1000))
    desk.worker.turn()
    (red,) = desk.reds(order_id)
    assert red.state == "asked"
    assert desk.sim.book.forms == {}
    desk.settle(60)
    assert desk.rows(order_id)[0].state == "issued"
    assert desk.reds(order_id)[0].state == "red"
    assert no in desk.sim.book.invoices


def test_a_return_of_an_invoice_that_never_came(desk: Office) -> None:
    order_id, number = desk.sell(WATER, MILK)
    desk.sim.wish("failed")
    desk.ask(number)
    desk.worker.turn()
    desk.bring_back(order_id, Back(2, 1000))
    desk.settle()
    assert desk.rows(order_id)[0].state == "failed"
    assert desk.rows(order_id)[0].reason == "22 购方税号在电子税局中不存在"
    assert [r.state for r in desk.reds(order_id)] == ["gone"]
    desk.ask(number)  # what is left may be asked for anew
    desk.settle()
    assert [(r.state, r.total_fen) for r in desk.rows(order_id)][1] == ("issued", 190)


def test_an_amended_invoice_waits_for_its_red_letter(desk: Office) -> None:
    order_id, number = desk.sell(WATER, MILK)
    no = desk.ask(number, PERSON)
    desk.settle()
    asked = acts.amend(desk.ledger, desk.config, no, Wanted("", COMPANY), WHERE)
    assert asked.invoices == (number + "02",)
    with pytest.raises(Refused, match="invoice_red_already"):
        acts.amend(desk.ledger, desk.config, no, Wanted("", COMPANY), WHERE)
    desk.worker.turn()
    assert number + "02" not in desk.sim.book.invoices
    desk.settle()
    old, new = desk.rows(order_id)
    assert (old.red_fen, new.state, new.replaces) == (740, "issued", no)
    (red,) = desk.reds(order_id)
    assert (red.cause, red.state) == ("mistake", "red")
    assert desk.sim.book.invoices[new.invoice_no].data["buyerName"] == COMPANY.title


def test_an_amended_failure_is_asked_for_anew(desk: Office) -> None:
    order_id, number = desk.sell(WATER)
    desk.sim.wish("failed")
    no = desk.ask(number)
    desk.settle()
    acts.amend(desk.ledger, desk.config, no, Wanted("", PERSON), WHERE)
    desk.settle()
    assert [r.state for r in desk.rows(order_id)] == ["failed", "issued"]
    assert desk.reds(order_id) == []


def test_a_red_letter_by_row(desk: Office) -> None:
    order_id, number = desk.sell(WATER, WATER, MILK)
    no = desk.ask(number)
    with pytest.raises(Refused, match="invoice_not_issued"):
        acts.take_back(desk.ledger, desk.config, no, {}, "allowance", WHERE)
    desk.settle()
    acts.take_back(desk.ledger, desk.config, no, {1: 1000}, "allowance", WHERE)
    desk.settle()
    (red,) = desk.reds(order_id)
    assert (red.state, red.total_fen, red.cause) == ("red", 190, "allowance")
    with pytest.raises(Refused, match="invoice_unknown"):
        acts.take_back(desk.ledger, desk.config, "nothing", {}, "return", WHERE)


@pytest.mark.parametrize("script", ["lost", "hang", "half", "dropped", "lost_hidden", "unsigned"])
def test_exactly_one_whatever_breaks_and_whoever_dies(desk: Office, script: str) -> None:
    """The till is killed behind every step: in each life it asks before it sends."""
    order_id, number = desk.sell(WATER)
    desk.sim.wish(script)
    desk.ask(number)
    for _ in range(40):
        desk.worker.turn()
        desk.close()
        desk.open()
        desk.go(20)
        if desk.rows(order_id)[0].state != "asked":
            break
    assert desk.rows(order_id)[0].state == "issued"
    assert len(desk.sim.book.invoices) == 1


def test_an_erased_buyer_ends_the_work(desk: Office) -> None:
    order_id, number = desk.sell(WATER)
    desk.ask(number)
    person_id = desk.rows(order_id)[0].person_id
    persons.erase(desk.ledger, person_id, WHERE)
    desk.settle()
    assert desk.rows(order_id)[0].reason == "erased"
    assert desk.sim.book.invoices == {}


def test_one_owner(desk: Office) -> None:
    _, number = desk.sell(WATER)
    own = desk.config.settings.invoices
    for change, code in (({"owner": "headoffice"}, "not_here"), ({"provider": "none"}, "off")):
        settings = replace(desk.config.settings, invoices=replace(own, **change))
        other = type(desk.config)(desk.config.file, settings, desk.config.keymap)
        with pytest.raises(Refused, match=f"invoice_{code}"):
            acts.ask(desk.ledger, other, Wanted(number, COMPANY), WHERE)


def test_what_head_office_issued_is_not_issued_again(desk: Office) -> None:
    sql = text("INSERT INTO received VALUES ('invoice', :n, 'shop', 1, :v)")
    codes = {"asked": "pending", "issued": "exists", "red_asked": "exists", "failed": "", "red": ""}
    for status, code in codes.items():
        _, number = desk.sell(WATER)
        value = f'{{"number":"{number}","status":"{status}","invoice_no":"26332000000000000001"}}'
        row = {"n": number, "v": value}
        desk.ledger.change(lambda c, row=row: c.execute(sql, row))  # type: ignore[misc]
        with closing(Reader(desk.config.ledger)) as reader:
            told = telling.of_order(reader, desk.config, number)["headoffice"]
        assert told["status"] == status
        if code:
            with pytest.raises(Refused, match=f"invoice_{code}"):
                desk.ask(number)
        else:
            desk.ask(number)


def test_by_hand_with_the_workbook(tmp_path: Path) -> None:
    with office(tmp_path, "workbook") as desk:
        order_id, number = desk.sell(WATER)
        no = desk.ask(number)
        desk.settle()
        assert desk.rows(order_id)[0].state == "asked"
        with pytest.raises(Refused, match="invoice_number_wrong"):
            acts.mark(desk.ledger, desk.config, no, "123")
        acts.mark(desk.ledger, desk.config, no, "26332000000000000001")
        assert desk.rows(order_id)[0].state == "issued"
        red = acts.take_back(desk.ledger, desk.config, no, {}, "return", WHERE)
        desk.settle()
        assert desk.reds(order_id)[0].state == "asked"
        acts.mark(desk.ledger, desk.config, red, "26332000000000000002")
        assert desk.reds(order_id)[0].state == "red"
        with closing(Reader(desk.config.ledger)) as reader:
            assert invoices.open_work(reader) == []
