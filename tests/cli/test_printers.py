"""`pos printer …` against a printer that behaves as printers do."""

from __future__ import annotations

from collections.abc import Iterator

import pytest

from pos.simulators.printer import PrinterServer, VirtualPrinter
from tests.cli.conftest import Pos
from tests.shop import WATER, Shop


@pytest.fixture
def server(shop: Shop) -> Iterator[PrinterServer]:
    with PrinterServer(VirtualPrinter()) as made:
        text = shop.config_file.read_text("utf-8")
        section = (
            f'[printers.front]\nconnection = "network"\nhost = "127.0.0.1"\nport = {made.port}\n'
            "answer_ms = 200\njob_seconds = 2\nconnect_seconds = 1\n\n[drawer]\n"
        )
        shop.config_file.write_text(text.replace("[drawer]\n", section), "utf-8")
        yield made


@pytest.fixture(autouse=True)
def real_time(shop: Shop) -> None:
    import time

    from pos.clock import Clock

    hands = shop.hands
    shop.hands.clock = lambda: Clock(lambda: hands.at, time.monotonic)  # type: ignore[method-assign]


def test_the_doctor_tells_how_each_printer_is(pos: Pos, server: PrinterServer) -> None:
    [well] = pos("printer", "doctor", "--json").json
    assert (well["ok"], well["answers"], well["confirms"], well["words"]) == (True, True, True, [])
    server.printer.change(cover_open=True)
    answer = pos("printer", "doctor", "--json")
    assert answer.code == 1
    assert "盖" in "".join(answer.json[0]["words"])
    server.close()
    gone = pos("printer", "doctor", "front", "--json")
    assert (gone.code, gone.json[0]["ok"]) == (1, False)
    assert "other" in pos("printer", "doctor", "other").why


def test_the_doctor_tells_of_an_open_drawer_where_the_signal_is_known(
    pos: Pos, shop: Shop, server: PrinterServer
) -> None:
    server.printer.change(drawer_open=True)
    assert pos("printer", "doctor", "--json").json[0]["drawer_open"] is None
    text = shop.config_file.read_text("utf-8")
    shop.config_file.write_text(
        text.replace('open_signal = "none"', 'open_signal = "high"'), "utf-8"
    )
    [row] = pos("printer", "doctor", "--json").json
    assert row["drawer_open"] is True
    assert "钱箱" in "".join(row["words"])


def test_a_test_page_and_a_kick(pos: Pos, server: PrinterServer) -> None:
    assert pos("printer", "test", "--json").json["state"] in ("printed", "sent")
    [page] = server.printer.wait_for_receipts(1, 10)
    assert "可口可乐" in page.text
    assert {code.kind for code in page.codes} >= {"CODE128", "EAN13", "QR"}
    assert pos("printer", "test", "--parts", "frob").code == 2
    assert pos("printer", "test", "--drawer", "--json").json["written"] == 5
    server.printer.wait(lambda printer: len(printer.kicks) == 1, 5)
    assert len(server.printer.kicks) == 1


def test_nothing_is_scanned_that_was_not_named(
    pos: Pos, server: PrinterServer, monkeypatch: pytest.MonkeyPatch
) -> None:
    from pos.hardware import discovery

    for name in ("on_usb", "on_device_files", "on_serial", "on_cups"):
        monkeypatch.setattr(discovery, name, list)
    assert pos("printer", "discover", "--json").json == []
    assert pos("printer", "discover", "--hosts", "10.0.0.0/8").code == 1


def test_jobs_wait_until_a_person_or_the_till_takes_them(pos: Pos, server: PrinterServer) -> None:
    number = pos.sell(WATER, "--cash", "5").json["number"]
    [job] = pos("printer", "jobs", "--json", by="1001").json
    assert (job["number"], job["kind"], job["state"]) == (number, "sale", "queued")
    assert pos("printer", "cancel", job["job_id"], by="1001").code == 1
    assert pos("printer", "cancel", job["job_id"][:13], by="2001").code == 0
    assert pos("printer", "jobs", "--json", by="1001").json == []
    assert pos("printer", "retry", job["job_id"], by="2001").code == 1
    [done] = pos("printer", "jobs", "--all", "--json", by="1001").json
    assert done["state"] == "cancelled"


def test_without_a_printer_the_doctor_says_what_to_write(pos: Pos) -> None:
    assert "[printers.receipt]" in pos("printer", "doctor").why


def test_pos_doctor_looks_at_printers_and_templates(
    pos: Pos, shop: Shop, server: PrinterServer
) -> None:
    def told() -> dict[str, tuple[str, str]]:
        return {x["check"]: (x["state"], x["about"]) for x in pos("doctor", "--json").json}

    assert (told()["printers"][0], told()["receipts"][0]) == ("ok", "ok")
    server.printer.change(cover_open=True)
    (shop.folder / "receipts").mkdir()
    (shop.folder / "receipts" / "sale.receipt").write_text("{{ nothing }}\n", "utf-8")
    assert told()["printers"][0] == "warn"
    state, about = told()["receipts"]
    assert state == "fail"
    assert "nothing" in about
