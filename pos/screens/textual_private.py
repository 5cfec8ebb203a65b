"""Every use of Textual's private names. Written for and measured at Textual 8.2.8, which is pinned.

Four things the public interface does not give: Esc and a digit that come together stay two keys,
a terminal that is gone does not hang the till, an error ends in our hands, and a changed row is
painted at once instead of at the next frame.
"""

from __future__ import annotations

import time
from collections.abc import Iterable
from typing import IO, TYPE_CHECKING, Any

from textual._time import get_time
from textual._xterm_parser import XTermParser
from textual.app import App
from textual.events import Key
from textual.keys import Keys

if TYPE_CHECKING:
    from rich.console import RenderableType
    from textual.driver import Driver
    from textual.widget import Widget

__all__ = ["TillApp", "now", "paint_now"]

now = get_time
"""The clock of `event.time`, in seconds."""

_ESC = "\x1b"
_INTRODUCERS = "[O\x1b"  # what may follow Esc inside a longer sequence


class _Parser(XTermParser):
    """Esc and a character that are no sequence are two keys, at once.

    Textual makes `¡` of Esc and 1 and `alt+a` of Esc and a, and drops the Esc before a `+`.
    """

    def _sequence_to_key_events(self, sequence: str, alt: bool = False) -> Iterable[Key]:
        if alt:
            yield Key("escape", _ESC)
        elif len(sequence) == 2 and sequence[0] == _ESC and sequence[1] not in _INTRODUCERS:
            yield Key("escape", _ESC)
            sequence = sequence[1]
        for key in super()._sequence_to_key_events(sequence):
            if key.key != Keys.Ignore:
                yield key


class _Mouth:
    """The terminal's output; once it cannot be written to, it swallows and says so."""

    def __init__(self, file: IO[str], app: TillApp) -> None:
        self._file, self._app, self._gone = file, app, False

    def write(self, text: str) -> None:
        self._try(lambda: self._file.write(text))

    def flush(self) -> None:
        self._try(self._file.flush)

    def fileno(self) -> int:
        return self._file.fileno()

    def isatty(self) -> bool:
        return self._file.isatty()

    def _try(self, act: Any) -> None:
        while not self._gone:
            try:
                act()
            except BlockingIOError:
                time.sleep(0.005)
            except (OSError, ValueError):
                self._gone = True
                self._app.call_later(self._app.terminal_gone)
            else:
                return


class TillApp(App[int]):
    """An App whose errors and whose terminal are looked after."""

    def failed(self, error: BaseException) -> None:
        """Something went wrong that nobody caught; the app closes after this."""
        raise NotImplementedError

    def terminal_gone(self) -> None:
        """Nobody can see or type any more."""
        raise NotImplementedError

    def get_driver_class(self) -> type[Driver]:
        """Textual's driver, with our parser and our way of losing the terminal."""
        base = super().get_driver_class()
        if base.__module__ != "textual.drivers.linux_driver":
            return base
        from textual.drivers import linux_driver

        vars(linux_driver)["XTermParser"] = _Parser
        app = self

        class TillDriver(linux_driver.LinuxDriver):
            def __init__(self, *args: Any, **options: Any) -> None:
                super().__init__(*args, **options)
                if self._file is not None:
                    vars(self)["_file"] = _Mouth(self._file, app)

            def _run_input_thread(self) -> None:
                try:
                    self.run_input_thread()
                except OSError:
                    app.call_later(app.terminal_gone)
                except BaseException as error:
                    app.call_later(app._handle_exception, error)

        return TillDriver

    @property
    def terminal(self) -> int | None:
        """The file number keys are read from, where there is a real terminal."""
        found = getattr(self._driver, "fileno", None)
        return found if isinstance(found, int) else None

    def _handle_exception(self, error: BaseException) -> None:
        self._return_code = 1
        if self._exception is None and isinstance(error, Exception):
            self._exception = error
            self._exception_event.set()
        self.failed(error)
        self._close_messages_no_wait()

    def panic(self, *renderables: RenderableType) -> None:
        """Textual gives up for a reason of its own."""
        self._handle_exception(RuntimeError("Textual: " + " ".join(map(str, renderables))))


def paint_now(app: TillApp, widget: Widget) -> None:
    """Send what `widget` has marked as changed to the terminal without waiting for a frame."""
    screen = app.screen
    if screen._layout_required or not widget.size:
        return  # the first frame paints all
    screen._dirty_widgets.add(widget)
    screen._on_timer_update()
