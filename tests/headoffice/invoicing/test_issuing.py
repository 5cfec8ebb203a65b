"""Exactly one invoice: lost answers, two at work, a death in between, callbacks of every kind."""

from __future__ import annotations

import threading
from collections.abc import Iterator
from contextlib import suppress

import msgspec

from pos.clock import stamp
from pos.headoffice.house import House
from pos.headoffice.invoicing import callbacks, keeping
from pos.headoffice.invoicing.working import HOLD, Issuer, provider_of
from pos.invoices.document import Document
from pos.invoices.protocol import InvoiceProvider, IssueAnswer
from pos.protocol.master import Changes, Invoice
from tests.headoffice.invoicing.desk import COMPANY, DAY_ONE, ONE_DATABASE, PERSON, Desk

TROUBLE = ("lost", "dropped", "unavailable", "half", "lost_hidden", "unsigned", "callback_twice")


@ONE_DATABASE
def test_whatever_becomes_of_answers(desk: Desk) -> None:
    orders = [desk.sell(1) for _ in TROUBLE]
    for order, name in zip(orders, TROUBLE, strict=True):
        desk.sim.wish(name, f"{order.number}01")
        desk.ask(order)
        desk.go(6)  # forms of one address
    desk.settle(60)
    assert set(desk.states().values()) == {"issued"}
    assert sorted(desk.sim.book.invoices) == sorted(f"{one.number}01" for one in orders)


def test_two_customers_at_once(desk: Desk) -> None:
    order = desk.sell()
    token = desk.browser.token("/sign-in")
    client, path = desk.browser.client, desk.path(order)
    gate, answers = threading.Barrier(4), []

    def send(data: dict[str, str]) -> None:
        gate.wait()
        sent = {"csrf": token} | data
        answers.append(client.post(path, data=sent, follow_redirects=False).status_code)

    threads = [threading.Thread(target=send, args=(one,)) for one in [COMPANY, PERSON] * 2]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert sorted(answers) == [303, 303, 422, 422]
    assert len(desk.rows("SELECT no FROM issuing")) == 1


def test_many_issuers_beside_each_other(desk: Desk) -> None:
    orders = [desk.sell(1) for _ in range(6)]
    for order in orders:
        desk.ask(order)
        desk.go(6)
    issuers = [Issuer(desk.office.house) for _ in range(3)]
    for _ in range(6):
        threads = [threading.Thread(target=one.turn) for one in issuers]
        for thread in threads:
            thread.start()
        for thread in threads:
            thread.join()
        desk.go(10)
    for one in issuers:
        one.stop()
    assert set(desk.states().values()) == {"issued"}
    assert desk.sim.calls["requestBillingNew"] == len(orders), "each was sent by one"


class _Dies(BaseException):
    pass


def _dying(house: House, when: str) -> InvoiceProvider:
    """The provider, whose caller dies before or after an invoice is asked for."""
    made = provider_of(house)
    assert made is not None
    issue = made.issue

    def die(document: Document) -> IssueAnswer:
        if when == "after":
            issue(document)
        raise _Dies

    made.issue = die  # type: ignore[method-assign]
    return made


def test_dead_in_between_and_another_goes_on(desk: Desk) -> None:
    for when in ("before", "after"):
        order = desk.sell(1)
        desk.ask(order)
        dying = Issuer(desk.office.house, lambda house, when=when: _dying(house, when))  # type: ignore[misc]
        with suppress(_Dies):
            dying.turn()
        dying.stop()
        no = f"{order.number}01"
        assert desk.states()[no] == "sending", "on disk before it is sent"
        desk.go(60)
        desk.issuer.turn()
        assert desk.states()[no] == "sending", "nobody takes it from who may be at it"
        desk.go(HOLD.total_seconds())
        desk.settle()
        assert desk.states()[no] == "issued"
        assert sum(one.startswith(order.number) for one in desk.sim.book.invoices) == 1


def test_an_answer_that_comes_too_late_is_thrown_away(desk: Desk) -> None:
    order = desk.sell(1)
    desk.ask(order)
    house, now = desk.office.house, stamp(desk.office.now.moment)
    place = ("0001", f"{order.number}01")
    until = stamp(desk.office.now.moment + HOLD)
    first = house.database.run(lambda work: keeping.claim(work, place, "one", now, until))
    assert first is not None
    assert house.database.run(lambda work: keeping.claim(work, place, "two", now, until)) is None
    desk.go(HOLD.total_seconds() + 1)
    later = stamp(desk.office.now.moment)
    assert house.database.run(lambda work: keeping.claim(work, place, "two", later, later))
    kept = house.database.run(lambda work: keeping.keep(work, first, first.at, "one", later))
    assert not kept


@ONE_DATABASE
def test_callbacks_are_hints(desk: Desk) -> None:
    order = desk.sell(1)
    desk.ask(order)
    desk.issuer.turn()
    (sent,) = desk.sim.book.invoices.values()
    house = desk.office.house
    address = str(sent.data["callBackUrl"])
    assert address == callbacks.address(house, sent.order_no)
    path = address.removeprefix(house.settings.server.url)
    client = desk.browser.client
    forged = {"operater": "callback", "content": '{"c_status":"1","c_fphm":"12345678901234567890"}'}
    assert client.post(path[:-1] + "x", data=forged).status_code == 404
    assert client.post(path, data=forged).status_code == 200
    desk.issuer.turn()
    assert desk.states() == {sent.order_no: "asked"}, "asked at once, and not believed"
    desk.go(2.5)
    assert client.post(path).json()["status"] == "0000"
    desk.issuer.turn()
    assert desk.states() == {sent.order_no: "issued"}
    before = desk.sim.calls["queryInvoiceResult"]
    for _ in range(3):
        assert client.post(path).status_code == 200
    desk.settle()
    assert desk.sim.calls["queryInvoiceResult"] == before, "late ones bring nothing"


def test_tills_are_told(desk: Desk) -> None:
    order = desk.sell(1)

    def told() -> Iterator[Invoice]:
        found = desk.side.ask("GET", "/v1/changes?stream=shop", None, Changes)
        for change in found.changes:
            if change.kind == "invoice" and not change.gone:
                yield msgspec.json.decode(change.value, type=Invoice)

    desk.ask(order)
    (one,) = told()
    assert (one.number, one.status) == (order.number, "asked")
    desk.settle()
    (one,) = told()
    assert one.status == "issued"
    assert len(one.invoice_no) == 20
    assert one.url.endswith(".pdf")
    desk.bring_back(order, *order.lines)
    desk.settle()
    assert [one.status for one in told()] == ["red"]
    day = DAY_ONE.isoformat()
    desk.office.house.database.run(lambda work: keeping.forget_told(work, day, "x"))
    assert list(told()) == [], "in time they are forgotten there"
