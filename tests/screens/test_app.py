"""The app with a counter that has no till behind it: input, paint, errors, the end."""

from __future__ import annotations

import asyncio
import os
import threading
import time
from collections.abc import Iterable
from pathlib import Path

import pytest
from msgspec.structs import replace
from textual import events
from textual.pilot import Pilot

from pos.screens import app as screens
from pos.screens import crash
from pos.screens.app import PosApp
from pos.text import masked
from pos.till.events import Acted, Entered, Event, Rejected
from pos.words.screen import ZH
from tests.screens.fakes import FakeCounter
from tests.screens.samples import PICTURES, sale
from tests.screens.test_router import EAN, NAMES, TERMINATOR


def keys(text: str) -> list[events.Key]:
    """What a terminal gives for `text` in one write: all of it read at one time."""
    found = [events.Key(TERMINATOR.get(c) or NAMES.get(c, c), c) for c in text]
    for key in found:
        key.time = found[0].time
    return found


async def send(app: PosApp, found: Iterable[events.Event]) -> None:
    """Post events as the input thread does, and wait until all is painted."""
    for event in found:
        app.post_message(event)
    await settled(app)


async def settled(app: PosApp) -> None:
    """Until the queue is empty and late paints and router timers are over."""
    await asyncio.sleep(0.01)
    while app.message_queue_size and not app.crashed:
        await asyncio.sleep(0.01)
    await asyncio.sleep(0.1)


def shown(app: PosApp) -> str:
    """The screen as text."""
    canvas = app.screen.query_one("Canvas")
    return "\n".join(canvas.render_line(y).text.rstrip() for y in range(app.size.height))


def run_app(
    counter: FakeCounter, log: Path, check: object, size: tuple[int, int] = (80, 24)
) -> PosApp:
    """Run an app headless and let `check` work with it."""
    app = PosApp(counter, log=log, clock=lambda: "14:03:22")

    async def main() -> None:
        async with app.run_test(size=size) as pilot:
            await settled(app)
            await check(app, pilot)  # type: ignore[operator]

    asyncio.run(main())
    return app


@pytest.fixture
def counter() -> FakeCounter:
    return FakeCounter()


@pytest.fixture
def log(tmp_path: Path) -> Path:
    return tmp_path / "logs" / "pos.log"


def test_the_counter_starts_after_the_first_paint(counter: FakeCounter, log: Path) -> None:
    counter.seen = PICTURES["sign_in"]

    async def check(app: PosApp, _: Pilot[int]) -> None:
        assert counter.started == 1
        assert "Guitai" in shown(app)
        assert "14:03:22" in shown(app)
        assert app.focused is None

    run_app(counter, log, check)


def test_a_scan_reaches_the_counter_and_the_screen(counter: FakeCounter, log: Path) -> None:
    def line(event: Event) -> None:
        if isinstance(event, Entered):
            counter.add_line(event.text)

    counter.on_event = line

    async def check(app: PosApp, _: Pilot[int]) -> None:
        await send(app, keys(EAN + "\r"))
        assert EAN in shown(app)
        assert counter.events == [Entered(EAN, burst=True)]

    run_app(counter, log, check)


@pytest.mark.parametrize("end", ["\r", "\n", "\t", "\r\n"])
def test_a_thousand_codes_in_one_go(counter: FakeCounter, log: Path, end: str) -> None:
    codes = [f"69{number:011d}" for number in range(1000)]

    async def check(app: PosApp, _: Pilot[int]) -> None:
        await send(app, keys("".join(code + end for code in codes)))
        assert counter.events == [Entered(code, burst=True) for code in codes]

    run_app(counter, log, check)


def test_a_paste_reaches_the_router(counter: FakeCounter, log: Path) -> None:
    async def check(app: PosApp, _: Pilot[int]) -> None:
        await send(app, [events.Paste(f"{EAN}\r\n{EAN}\r\n12")])
        assert counter.events == [Entered(EAN, burst=True)] * 2
        assert " 12" in shown(app)

    run_app(counter, log, check)


def test_an_operator_acts_by_its_timer(counter: FakeCounter, log: Path) -> None:
    async def check(app: PosApp, _: Pilot[int]) -> None:
        await send(app, keys("3*"))
        assert counter.events == [Acted("quantity", "3")]

    run_app(counter, log, check)


def test_too_long_input_is_rejected_once(counter: FakeCounter, log: Path) -> None:
    async def check(app: PosApp, _: Pilot[int]) -> None:
        await send(app, keys("9" * 300 + "\r" + EAN + "\r"))
        assert counter.events == [Rejected("too_long"), Entered(EAN, burst=True)]

    run_app(counter, log, check)


def test_held_keys_are_replayed_in_order(counter: FakeCounter, log: Path) -> None:
    counter.busy = True

    async def check(app: PosApp, _: Pilot[int]) -> None:
        found = [*keys(EAN + "\r"), events.Key("f6", None), *keys("12\r")]
        await send(app, [*found, events.Key("escape", "\x1b"), *keys(EAN + "\r")])
        assert counter.events == []
        counter.busy = False
        threading.Thread(target=counter.changed).start()
        await settled(app)
        assert counter.events == [
            Entered(EAN, burst=True),
            Acted("hold"),
            Entered("12"),
            Acted("back"),
            Entered(EAN, burst=True),
        ]

    run_app(counter, log, check)


def test_each_event_may_make_the_counter_busy(counter: FakeCounter, log: Path) -> None:
    codes = [f"69{number:011d}" for number in range(50)]

    def wait(_: Event) -> None:
        counter.busy = True

        def ready() -> None:
            time.sleep(0.001)
            counter.busy = False
            counter.changed()

        threading.Thread(target=ready).start()

    counter.on_event = wait

    async def check(app: PosApp, _: Pilot[int]) -> None:
        await send(app, keys("".join(code + "\r" for code in codes)))
        for _n in range(100):
            if len(counter.events) == len(codes):
                break
            await settled(app)
        assert counter.events == [Entered(code, burst=True) for code in codes]

    run_app(counter, log, check)


def test_a_mode_that_changes_changes_the_keys_behind_it(counter: FakeCounter, log: Path) -> None:
    def pay(event: Event) -> None:
        if event == Acted("settle"):
            counter.seen = replace(counter.seen, mode="paying")

    counter.on_event = pay

    async def check(app: PosApp, _: Pilot[int]) -> None:
        app.post_message(keys("+")[0])
        await settled(app)
        await send(app, [*keys("50"), events.Key("f7", None)])
        assert counter.events == [Acted("settle"), Acted("bank", "50")]

    run_app(counter, log, check)


def test_ticks_lock_and_clear_what_was_typed(counter: FakeCounter, log: Path) -> None:
    async def check(app: PosApp, _: Pilot[int]) -> None:
        await send(app, keys("12"))
        counter.tick = lambda: setattr(counter, "seen", PICTURES["dialog"])  # type: ignore[method-assign]
        await asyncio.sleep(1.1)
        await send(app, keys("7\r"))
        assert counter.events == [Entered("7")]

    run_app(counter, log, check)


def test_a_beep_from_another_thread_rings(
    counter: FakeCounter, log: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    rung: list[int] = []
    monkeypatch.setattr(PosApp, "bell", lambda _: rung.append(threading.get_ident()))

    async def check(app: PosApp, _: Pilot[int]) -> None:
        other = threading.Thread(target=counter.beep)
        other.start()
        other.join()
        await settled(app)
        assert rung == [threading.get_ident()]

    run_app(counter, log, check)


def test_a_resize_paints_all_anew(counter: FakeCounter, log: Path) -> None:
    counter.seen = sale()

    async def check(app: PosApp, pilot: Pilot[int]) -> None:
        await pilot.resize_terminal(132, 43)
        await settled(app)
        assert len(shown(app).splitlines()) == 43
        await pilot.resize_terminal(50, 10)
        await settled(app)
        assert "80 列 24 行" in shown(app)

    run_app(counter, log, check)


def test_quitting_stops_the_counter_and_exits_0(counter: FakeCounter, log: Path) -> None:
    counter.on_event = lambda _: setattr(counter, "quitting", True)

    async def check(app: PosApp, _: Pilot[int]) -> None:
        await send(app, [events.Key("ctrl+q", "\x11")])

    app = run_app(counter, log, check)
    assert (app.return_code, counter.stopped, app.crashed) == (0, 1, False)


CARD = "6222020200012345678"


def test_an_error_is_written_down_without_numbers(counter: FakeCounter, log: Path) -> None:
    def fail(_: Event) -> None:
        raise ValueError(f"card {CARD}")

    counter.on_event = fail

    async def check(app: PosApp, _: Pilot[int]) -> None:
        await send(app, keys("1\r"))

    with pytest.raises(ValueError, match="card"):
        run_app(counter, log, check)
    text = log.read_text(encoding="utf-8")
    assert "ValueError: card *5678" in text
    assert CARD[:-4] not in text
    assert log.stat().st_mode & 0o077 == 0


def _fails_in(counter: FakeCounter, thread: str, monkeypatch: pytest.MonkeyPatch) -> None:
    """Soon after the start there is an error in a thread of that name."""

    def fail() -> None:
        raise RuntimeError(f"card {CARD}")

    def start(changed: object, beep: object) -> None:
        threading.Thread(target=fail, name=thread).start()

    monkeypatch.setattr(counter, "start", start)


def test_an_error_behind_is_written_down_and_the_till_goes_on(
    counter: FakeCounter, log: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    async def check(app: PosApp, _: Pilot[int]) -> None:
        monkeypatch.setattr(threading, "excepthook", app.thread_failed)
        _fails_in(counter, "spool:test", monkeypatch)
        for times in (1, 2, 3):
            counter.start(lambda: None, lambda: None)
            while len(counter.without) < times:
                await asyncio.sleep(0.01)
        await send(app, keys(EAN + "\r"))
        assert counter.events == [Entered(EAN, burst=True)]

    assert not run_app(counter, log, check).crashed
    assert counter.without == ["spool:test"] * 3
    assert log.read_text(encoding="utf-8").count("thread spool:test") == 1


def test_run_gives_1_after_an_error_in_a_thread(
    counter: FakeCounter,
    log: Path,
    monkeypatch: pytest.MonkeyPatch,
    capsys: pytest.CaptureFixture[str],
) -> None:
    _fails_in(counter, "ledger", monkeypatch)
    run = PosApp.run
    monkeypatch.setattr(PosApp, "run", lambda app, mouse: run(app, headless=True, mouse=mouse))
    assert screens.run(counter, log=log) == 1
    assert counter.stopped == 1
    said = capsys.readouterr().err
    assert ZH.crashed.format(log=log) in said
    assert "Traceback" not in said
    text = log.read_text(encoding="utf-8")
    assert "thread ledger" in text
    assert CARD[:-4] not in text


def test_run_gives_0_when_the_till_is_closed(
    counter: FakeCounter, log: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    run = PosApp.run
    monkeypatch.setattr(PosApp, "run", lambda app, mouse: run(app, headless=True, mouse=mouse))
    counter.quitting = True
    assert screens.run(counter, log=log, language="en") == 0
    assert not log.exists()


def test_a_counter_that_cannot_stop_is_a_crash(
    counter: FakeCounter, log: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    def fail() -> None:
        raise OSError("disk")

    run = PosApp.run
    monkeypatch.setattr(PosApp, "run", lambda app, mouse: run(app, headless=True, mouse=mouse))
    monkeypatch.setattr(counter, "stop", fail)
    counter.quitting = True
    assert screens.run(counter, log=log) == 1
    assert "OSError: disk" in log.read_text(encoding="utf-8")


def test_masking_and_a_log_that_cannot_be_written(tmp_path: Path) -> None:
    said = "line 12345 PIN 690123 card 6222020200012345678 mail a.b@c.example.cn."
    assert masked(said) == "line 12345 PIN * card *5678 mail *@*."
    (tmp_path / "file").touch()
    assert not crash.record(tmp_path / "file" / "pos.log", ValueError("x"))
    assert os.environ["TEXTUAL_FPS"] == "240"
