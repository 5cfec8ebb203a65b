"""The till on a terminal: keys to the router, events to the counter, its view to the canvas."""

from __future__ import annotations

import asyncio
import contextlib
import contextvars
import gc
import os
import signal
import sys
import threading
from collections import deque
from collections.abc import Callable, Iterable
from datetime import UTC, datetime
from pathlib import Path

from textual import events
from textual.app import ComposeResult

from pos.clock import local
from pos.commands import BY_ID, LIVE
from pos.screens import crash
from pos.screens.canvas import Canvas
from pos.screens.compose import Composer, Seen
from pos.screens.counter import Counter
from pos.screens.router import Router
from pos.screens.strokes import Stroke, pasted, strokes
from pos.screens.textual_private import TillApp, now, paint_now
from pos.screens.theme import styles
from pos.system import let_go_of_output
from pos.till.events import Acted, Event, Typed
from pos.words.screen import CATALOGUE, ZH, ScreenWords

SETTLED = 0.002
"""Seconds after an event in which the ledger mostly answers: one paint instead of two."""
STALE = 0.030
"""Seconds after which the screen is painted even while more input waits."""
TERMINAL_EVERY = 5.0


class PosApp(TillApp):
    """One screen, one canvas; every key goes to the router before any widget could see it."""

    ENABLE_COMMAND_PALETTE = False
    AUTO_FOCUS = None
    CSS = "Canvas { width: 100%; height: 100%; }"

    def __init__(
        self,
        counter: Counter,
        *,
        log: Path,
        theme: str = "dark",
        words: ScreenWords = ZH,
        clock: Callable[[], str] = lambda: local(datetime.now(UTC)).strftime("%H:%M:%S"),
    ) -> None:
        super().__init__(ansi_color=True)  # our styles are whole, nothing is to be blended in
        self.counter = counter
        self.words = words
        self._log_file = log
        self._clock_text = clock
        self._router = Router(counter)
        self._composer = Composer(words)
        self._canvas = Canvas(styles(theme))
        self._items: deque[Stroke | Event] = deque()
        self._wake_asked = False
        self._painted_at = 0.0
        self._asyncio: asyncio.AbstractEventLoop
        self._surround: contextvars.Context
        self._late: asyncio.TimerHandle | None = None
        self._deadline: float | None = None
        self._ended = self._stopped = self._settled_in = self._line_changed = False
        self._failed_in: dict[str, str] = {}
        self.crashed = False

    def compose(self) -> ComposeResult:
        """The canvas alone."""
        yield self._canvas

    def on_mount(self) -> None:
        """Paint, look after signals and errors, then start the counter."""
        self._asyncio = asyncio.get_running_loop()
        self._surround = contextvars.copy_context()
        self._asyncio.set_exception_handler(self._loop_failed)
        if not self.is_headless:
            for number in (signal.SIGTERM, signal.SIGHUP, signal.SIGINT):
                self._asyncio.add_signal_handler(number, self._end)
            signal.signal(signal.SIGTSTP, signal.SIG_IGN)
            self.set_interval(TERMINAL_EVERY, self._look_at_terminal)
        self._show()
        self.set_interval(1.0, self._second)
        self.call_after_refresh(self._start)

    def _start(self) -> None:
        self.counter.start(self._changed, self._beep)
        self._drain()
        self._paint()

    # input

    async def on_event(self, event: events.Event) -> None:
        """Take keys and pastes for the router; Textual gets the rest, but never the mouse."""
        if isinstance(event, events.Key):
            free = self.counter.free_text
            self._typed(strokes(event.key, event.character, event.time, free))
        elif isinstance(event, events.Paste):
            self._typed(pasted(event.text, event.time))
        elif isinstance(event, events.Resize):
            await super().on_event(event)
            self._show()
        elif not isinstance(event, events.MouseEvent):
            await super().on_event(event)

    def _typed(self, found: Iterable[Stroke]) -> None:
        self._items.extend(found)
        self._drain()
        self._paint_late()

    def _drain(self) -> None:
        """Work off held input until the counter is busy."""
        counter, items, router = self.counter, self._items, self._router
        while items and not counter.busy and not counter.quitting:
            item = items.popleft()
            if isinstance(item, Stroke):
                first = router.settle(item)
                if first:  # they may change the mode or make the counter busy
                    items.appendleft(item)
                items.extendleft(reversed(first or router.take(item)))
                if counter.mode in LIVE and (item.character or item.key == "backspace"):
                    self._line_changed = True
            elif not isinstance(item, Acted) or counter.mode in BY_ID[item.command].modes:
                counter.handle(item)
        if counter.quitting:
            self._end()
        elif router.deadline is not None and router.deadline != self._deadline:
            self._deadline = router.deadline
            wait = max(router.deadline - now(), 0) + 0.001
            self._asyncio.call_later(wait, self.call_later, self._deadline_passed)

    def _deadline_passed(self) -> None:
        """Runs behind all keys that were read before it."""
        if not self._items:
            self._items.extend(self._router.tick(now()))
            self._drain()
            self._paint_late()

    def _changed(self) -> None:
        """From any thread: something came back."""
        if not self._wake_asked:
            self._wake_asked = True
            self._call(self._woken)

    def _woken(self) -> None:
        self._wake_asked = False
        self._items.extend(self.counter.scanned())
        if not self._settled_in and not self.counter.busy:
            self._settled_in = True
            if not self.is_headless:  # all is imported and stays: collecting need not walk over it
                gc.freeze()
                gc.enable()
        self._drain()
        self._paint()

    def _beep(self) -> None:
        self._call(self.bell)

    def _call(self, act: Callable[[], object]) -> None:
        with contextlib.suppress(RuntimeError):  # the loop is closed: nobody is to be told
            self._asyncio.call_soon_threadsafe(act, context=self._surround)

    # paint

    def _paint_late(self) -> None:
        """Paint soon: when the ledger has had its moment, or at once if the screen is stale."""
        if self._late is None:
            stale = now() - self._painted_at > STALE and self.message_queue_size > 0
            self._late = self._asyncio.call_later(0 if stale else SETTLED, self._paint)

    def _paint(self) -> None:
        if self._late is not None:
            self._late.cancel()
            self._late = None
        if self._line_changed and not self.counter.busy:
            self._line_changed = False
            if self.counter.mode in LIVE:
                self.counter.handle(Typed(self._router.text))
        if not self._ended and self._show():
            paint_now(self, self._canvas)
        self._painted_at = now()

    def _show(self) -> bool:
        width, height = self.size
        seen = Seen(self.counter.view(), self._router.text, self._clock_text(), width, height)
        return self._canvas.show(self._composer.rows(seen))

    def _second(self) -> None:
        mode = self.counter.mode
        self.counter.tick()
        if self.counter.mode != mode:  # locked by itself: what was typed was meant for before
            self._router.clear()
        self._drain()
        self._paint()

    # the end

    def _look_at_terminal(self) -> None:
        if self.terminal is not None and not os.isatty(self.terminal):
            self.terminal_gone()

    def terminal_gone(self) -> None:
        """The window was closed or the line was cut: keep the order, go."""
        self._end()

    def _end(self) -> None:
        if not self._ended:
            self._ended = True
            self.stop_counter()
            self.exit(return_code=self.return_code or 0)

    def stop_counter(self) -> None:
        """Let the counter finish, once; an error there is written down too."""
        if self._stopped:
            return
        self._stopped = True
        try:
            self.counter.stop()
        except Exception as error:
            self.failed(error)

    def failed(self, error: BaseException) -> None:
        """Write an error down; `run` tells the person and gives exit code 1."""
        self.crashed = self._ended = True
        crash.record(self._log_file, error)

    def thread_failed(self, told: threading.ExceptHookArgs) -> None:
        """An error in a thread is written down, the same again and again once; it ends the till
        like one on the screen, but for what only works behind."""
        error = told.exc_value or RuntimeError(str(told.exc_type))
        name = told.thread.name if told.thread else ""
        if self._failed_in.get(name) != repr(error):
            self._failed_in[name] = repr(error)
            crash.record(self._log_file, error, f"thread {name}\n")
        self._call(lambda: self._without(name, error))

    def _without(self, thread: str, error: BaseException) -> None:
        if self.counter.goes_on_without(thread):
            self._paint()
        else:
            self._handle_exception(error)

    def _loop_failed(self, loop: asyncio.AbstractEventLoop, told: dict[str, object]) -> None:
        error = told.get("exception")
        if isinstance(error, Exception):
            self._handle_exception(error)
        else:
            crash.record(self._log_file, None, str(told.get("message")))


def run(counter: Counter, *, log: Path, theme: str = "dark", language: str = "zh") -> int:
    """Work the till until it is closed; the exit code (0, or 1 after a crash)."""
    words = CATALOGUE.get(language, ZH)
    app = PosApp(counter, log=log, theme=theme, words=words)
    before, threading.excepthook = threading.excepthook, app.thread_failed
    try:
        app.run(mouse=False)
    except Exception as error:
        app.failed(error)
    finally:
        threading.excepthook = before
        app.stop_counter()
        let_go_of_output()
    if app.crashed:
        with contextlib.suppress(OSError, ValueError):
            print(words.crashed.format(log=log), file=sys.stderr)
        return 1
    return app.return_code or 0
