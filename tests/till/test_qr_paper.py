"""A payment code on paper: read off the slip, paid, and worth nothing when its time is over."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path

import pytest

from pos.simulators.printer import PrinterServer, Trouble, VirtualPrinter
from pos.store import jobs
from pos.store.jobs import Job
from pos.store.reader import Reader
from pos.till import spool
from tests.shop import MILK
from tests.till.test_printing import RealTime, until
from tests.till.wallets import CHANNELS, Channel, World, world


@pytest.fixture(scope="module")
def keys(tmp_path_factory: pytest.TempPathFactory) -> Path:
    return tmp_path_factory.mktemp("keys")


@pytest.fixture
def server() -> Iterator[PrinterServer]:
    with PrinterServer(VirtualPrinter()) as made:
        yield made


@pytest.fixture
def made(
    tmp_path: Path, keys: Path, server: PrinterServer, monkeypatch: pytest.MonkeyPatch
) -> Iterator[World]:
    monkeypatch.setattr(spool, "RETRY_SECONDS", (0.05,))
    with world(tmp_path, keys) as found:
        set_printer(found, server.port)
        found.shop.hands = RealTime()
        yield found


def set_printer(made: World, port: int) -> None:
    text = made.shop.config_file.read_text("utf-8")
    section = (
        f'[printers.receipt]\nconnection = "network"\nhost = "127.0.0.1"\nport = {port}\n'
        "answer_ms = 200\njob_seconds = 2\nconnect_seconds = 1\n\n[drawer]\n"
    )
    made.shop.config_file.write_text(text.replace("[drawer]\n", section, 1), "utf-8")


def qr_jobs(made: World) -> list[Job]:
    reader = Reader(made.shop.place().path)
    try:
        return [job for job in jobs.jobs(reader, jobs.JOB_STATES) if job.kind == jobs.QR]
    finally:
        reader.close()


def show_qr(made: World, channel: Channel) -> None:
    made.pay_screen(MILK)
    made.person.key(channel)
    made.until(lambda: made.last().qr != "")


@pytest.mark.parametrize("channel", CHANNELS)
def test_the_code_on_paper_is_scanned_and_paid(
    made: World, server: PrinterServer, channel: Channel
) -> None:
    made.open()
    show_qr(made, channel)
    made.person.key("pay_print")
    server.printer.wait_for_receipts(1, 10)
    [slip] = server.printer.receipts
    assert not slip.faults
    assert "5.50" in slip.text
    assert "不是小票" in slip.text
    [code] = slip.codes
    made.sim(channel).scan(code.data.decode())
    made.go(6)
    made.until(made.closed)
    until(lambda: [job.state for job in qr_jobs(made)] == ["printed"])


def test_a_dead_printer_prints_no_dead_code_later(made: World, server: PrinterServer) -> None:
    server.printer.set_trouble(Trouble(refuse=True))
    made.open()
    show_qr(made, "wechat")
    made.person.key("pay_print")
    until(lambda: [job.state for job in qr_jobs(made)] == ["failed"])
    made.person.key("back")
    made.until(lambda: not made.last().live)
    until(lambda: [job.state for job in qr_jobs(made)] == ["cancelled"])
    made.person.leave()


def test_a_restart_prints_no_code_of_before(made: World, server: PrinterServer) -> None:
    server.printer.set_trouble(Trouble(refuse=True))
    made.open()
    show_qr(made, "wechat")
    made.person.key("pay_print")
    until(lambda: [job.state for job in qr_jobs(made)] == ["failed"])
    made.person.leave()
    made.open()
    until(lambda: [job.state for job in qr_jobs(made)] == ["cancelled"])
    made.person.leave()


def test_without_a_live_code_or_a_printer_it_says_so(made: World) -> None:
    made.open()
    made.pay_screen(MILK)
    made.person.enter(made.code("wechat", "asks_for_ever"))
    made.until(lambda: made.last().state == "waiting")
    made.person.key("pay_print")
    assert "失效" in made.person.message.text
    assert qr_jobs(made) == []
