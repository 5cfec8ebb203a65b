"""Receipts on a printer that behaves as printers do: the simulator judges what came out."""

from __future__ import annotations

import sqlite3
import threading
import time
from collections.abc import Callable, Iterator
from pathlib import Path

import pytest

from pos.clock import Clock
from pos.refusal import Refused
from pos.simulators.printer import PrinterServer, Trouble, VirtualPrinter
from pos.store import jobs
from pos.store.jobs import Job
from pos.store.reader import Reader
from pos.till import spool
from pos.till.view import ListView
from tests.shop import MILK, WATER, Hands, Shop, make_shop
from tests.till.person import Person


class RealTime(Hands):
    """The date by hand, but time goes by: devices are waited for."""

    def clock(self) -> Clock:
        return Clock(lambda: self.at, time.monotonic)


@pytest.fixture
def server() -> Iterator[PrinterServer]:
    with PrinterServer(VirtualPrinter()) as made:
        yield made


@pytest.fixture
def printer(server: PrinterServer) -> VirtualPrinter:
    return server.printer


def shop_with(folder: Path, port: int, more: str = "") -> Shop:
    section = (
        f'[printers.receipt]\nconnection = "network"\nhost = "127.0.0.1"\nport = {port}\n'
        f"answer_ms = 200\njob_seconds = 2\nconnect_seconds = 1\n{more}\n[drawer]\n"
    )
    shop = make_shop(folder, {"[drawer]\n": section})
    shop.hands = RealTime()
    return shop


@pytest.fixture
def shop(tmp_path: Path, server: PrinterServer) -> Shop:
    return shop_with(tmp_path, server.port)


@pytest.fixture(autouse=True)
def quick(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(spool, "RETRY_SECONDS", (0.05,))


@pytest.fixture
def opened(shop: Shop) -> Iterator[Callable[[], Person]]:
    people: list[Person] = []

    def open_till() -> Person:
        person = Person(shop)
        person.sign_in()
        people.append(person)
        return person

    yield open_till
    for person in people:
        person.leave()


def sell(person: Person, *codes: str) -> None:
    person.scan(*codes)
    person.enter()
    person.enter("100")


def all_jobs(shop: Shop) -> list[Job]:
    reader = Reader(shop.place().path)
    try:
        return jobs.jobs(reader, jobs.JOB_STATES)
    finally:
        reader.close()


def until(what: Callable[[], bool], seconds: float = 10) -> None:
    end = time.monotonic() + seconds
    while not what():
        assert time.monotonic() < end, "it never came"
        time.sleep(0.01)


def test_drawer_and_receipt_of_a_sale(
    shop: Shop, printer: VirtualPrinter, opened: Callable[[], Person]
) -> None:
    sell(opened(), WATER, MILK)
    printer.wait_for_receipts(1, 10)
    [receipt] = printer.receipts
    assert not receipt.faults
    assert "清溪矿泉水550ml" in receipt.text
    assert [code.data for code in receipt.codes] == [b"000101010000001"]
    until(lambda: [j.state for j in all_jobs(shop)] == ["printed"])
    assert len(printer.kicks) == 1


def test_a_dead_printer_delays_no_sale_and_prints_all_when_it_is_back(
    shop: Shop, printer: VirtualPrinter, opened: Callable[[], Person]
) -> None:
    printer.set_trouble(Trouble(refuse=True))
    person = opened()
    for _ in range(3):
        sell(person, WATER)
    until(lambda: all(j.state == "failed" for j in all_jobs(shop)[:1]))
    printer.set_trouble(Trouble())
    printer.wait_for_receipts(3, 10)
    until(lambda: [j.state for j in all_jobs(shop)] == ["printed"] * 3)
    numbers = [code.data[-1:] for receipt in printer.receipts for code in receipt.codes]
    assert numbers == [b"1", b"2", b"3"]
    assert len(printer.kicks) <= 3


@pytest.mark.parametrize("at", [1, 40, 200, 500])
def test_a_printer_that_dies_in_the_middle_leaves_doubt_and_a_person_decides(
    shop: Shop, printer: VirtualPrinter, opened: Callable[[], Person], at: int
) -> None:
    person = opened()
    sell(person, WATER)
    printer.wait_for_receipts(1, 10)
    until(lambda: [j.state for j in all_jobs(shop)] == ["printed"])
    printer.set_trouble(Trouble(die_after=at))
    sell(person, MILK)
    until(lambda: all_jobs(shop)[1].state in ("uncertain", "failed", "printed"))
    job = all_jobs(shop)[1]
    if job.state != "uncertain":  # it died before a byte of the job: tried again by itself, once
        printer.set_trouble(Trouble())
        until(lambda: all_jobs(shop)[1].state == "printed")
        assert sum("北麓纯牛奶" in receipt.text for receipt in printer.receipts) == 1
        return
    printer.set_trouble(Trouble())
    time.sleep(0.3)
    assert all_jobs(shop)[1].state == "uncertain"  # never again by itself
    person.key("print_jobs")
    person.enter("1")
    person.enter("2")
    until(lambda: all_jobs(shop)[1].state == "printed")
    assert "可能重复" in printer.receipts[-1].text


def test_a_crash_while_sending_is_doubt_and_old_jobs_wait_for_a_person(
    shop: Shop, printer: VirtualPrinter, opened: Callable[[], Person]
) -> None:
    person = opened()
    sell(person, WATER)
    sell(person, MILK)
    printer.wait_for_receipts(2, 10)
    until(lambda: [j.state for j in all_jobs(shop)] == ["printed"] * 2)
    person.leave()
    raw = sqlite3.connect(shop.place().path)
    one, two = (job.job_id for job in all_jobs(shop))
    raw.execute("UPDATE print_jobs SET state = 'sending' WHERE job_id = ?", (one,))
    raw.execute("UPDATE print_jobs SET state = 'queued' WHERE job_id = ?", (two,))
    raw.commit()
    raw.close()
    shop.hands.go(3600)
    again = Person(shop)
    again.sign_in()
    until(lambda: [j.state for j in all_jobs(shop)] == ["uncertain", "failed"])
    time.sleep(0.2)
    assert len(printer.receipts) == 2
    again.key("print_jobs")
    again.enter("1")
    again.enter("1")
    again.key("print_jobs")
    again.enter("1")
    again.enter("3")
    assert [j.state for j in all_jobs(shop)] == ["printed", "cancelled"]
    again.leave()


def test_the_stand_in_prints_when_the_first_is_out(
    tmp_path: Path, server: PrinterServer, printer: VirtualPrinter
) -> None:
    more = (
        'stand_in = "kitchen"\n\n[printers.kitchen]\nconnection = "network"\n'
        f'host = "127.0.0.1"\nport = {server.port}\n'
    )
    shop = shop_with(tmp_path, 9, more)
    person = Person(shop)
    person.sign_in()
    sell(person, WATER)
    printer.wait_for_receipts(1, 15)
    until(lambda: [(j.state, j.printer) for j in all_jobs(shop)] == [("printed", "kitchen")])
    person.leave()


def test_without_a_printer_nothing_waits(tmp_path: Path) -> None:
    shop = make_shop(tmp_path)
    person = Person(shop)
    person.sign_in()
    sell(person, WATER)
    assert [j.state for j in all_jobs(shop)] == ["cancelled"]
    assert person.till.view().header.printer == "打印机 无"
    person.leave()


def test_devices_are_tested_from_the_screen(
    shop: Shop, printer: VirtualPrinter, opened: Callable[[], Person]
) -> None:
    person = opened()
    person.key("devices")
    assert person.mode() == "approving"
    person.approve("2001")
    panel = person.till.view().panel
    assert isinstance(panel, ListView)
    assert [row[0] for row in panel.rows] == ["receipt", "drawer"]
    person.enter("1")
    printer.wait_for_receipts(1, 10)
    until(lambda: person.till.view().message is not None and person.message.tone == "ok")
    assert "receipt" in person.message.text


def test_a_drawer_that_stays_shut_is_told(
    shop: Shop, printer: VirtualPrinter, opened: Callable[[], Person]
) -> None:
    person = opened()
    printer.change(cover_open=True)
    sell(person, WATER)
    until(lambda: person.till.spool is not None and bool(person.till.spool.troubles()))
    until(lambda: person.till.spool is not None and person.till.spool.news.is_set())
    person.till.tick()
    assert "钥匙" in person.message.text
    assert "盖" in person.till.view().header.printer
    assert len(printer.kicks) == 0
    printer.change(cover_open=False)
    printer.wait_for_receipts(1, 10)
    until(lambda: [j.state for j in all_jobs(shop)] == ["printed"])
    assert len(printer.kicks) == 0  # the drawer of an old sale stays shut


def test_a_job_that_is_done_is_kept_in_mind_no_longer(
    opened: Callable[[], Person], printer: VirtualPrinter
) -> None:
    person = opened()
    made = person.till.spool
    assert made is not None
    for _ in range(3):
        sell(person, WATER)
    printer.wait_for_receipts(3)
    until(lambda: not made._taken)


@pytest.mark.parametrize("step", ["begin", "end"])
def test_a_disk_that_refuses_for_a_while_stops_no_printing_and_prints_nothing_twice(
    step: str,
    shop: Shop,
    printer: VirtualPrinter,
    opened: Callable[[], Person],
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    right, refused = getattr(jobs, step), [Refused("disk_full")] * 3

    def full_at_first(*told: object) -> object:
        if refused:
            raise refused.pop()
        return right(*told)

    monkeypatch.setattr(spool, "AGAIN_SECONDS", 0.05)
    monkeypatch.setattr(jobs, step, full_at_first)
    person = opened()
    for number in (1, 2):
        sell(person, WATER)
        printer.wait_for_receipts(number, 10)
    until(lambda: [j.state for j in all_jobs(shop)] == ["printed", "printed"])
    assert not refused
    assert len(printer.receipts) == 2


def test_an_error_while_printing_is_told_and_the_next_receipt_is_printed(
    printer: VirtualPrinter, opened: Callable[[], Person], monkeypatch: pytest.MonkeyPatch
) -> None:
    right, errors, told = jobs.job, [KeyError("x")], list[str]()

    def broken_once(*about: object) -> object:
        if errors:
            raise errors.pop()
        return right(*about)  # type: ignore[arg-type]

    monkeypatch.setattr(threading, "excepthook", lambda t: told.append(t.thread.name))
    monkeypatch.setattr(jobs, "job", broken_once)
    person = opened()
    sell(person, WATER)
    until(lambda: told == ["spool:receipt"])
    assert person.till.goes_on_without(told[0])
    assert person.till.view().header.alarm.startswith("打印出错")
    sell(person, MILK)
    printer.wait_for_receipts(1, 10)
    assert "单号 000101010000002" in printer.receipts[0].text
    assert not person.till.goes_on_without("ledger")
