"""A real program in a pty, its painted screen read through a terminal emulator (pyte).

The screen is what xterm shows: sequences pyte would print in part are taken out before it sees
them, and its screen is mended where it differs.  Linux only.
"""

from __future__ import annotations

import os
import re
import select
import subprocess
import termios
import time
from collections import deque
from collections.abc import Callable, Mapping, Sequence
from contextlib import AbstractContextManager, suppress
from errno import EAGAIN
from fcntl import ioctl
from pathlib import Path

from pyte.screens import Char, wcwidth

from bench.screen import Screen

_DEFAULTS = {"TERM": "xterm-256color", "COLORTERM": "truecolor", "LANG": "C.UTF-8"}
_NOT_INHERITED = {"COLUMNS", "LINES", "LC_ALL", "NO_COLOR", "FORCE_COLOR", "TERM_PROGRAM"}


class Terminal(AbstractContextManager["Terminal"]):
    """A program in a pty and session of its own; ``started`` is just before it was spawned."""

    def __init__(
        self,
        argv: Sequence[str],
        *,
        columns: int = 80,
        rows: int = 24,
        env: Mapping[str, str] | None = None,
        cwd: Path | None = None,
    ) -> None:
        self._painted: dict[int, str] = {}
        self._raw, self._outbox = bytearray(), bytearray()
        self._inbox: deque[tuple[float, bytes]] = deque()  # read and stamped, not yet parsed
        self._arrived, self._ended = 0.0, False
        self.screen = Screen(columns, rows, lambda answer: self._outbox.extend(answer.encode()))
        kept = {name: value for name, value in os.environ.items() if name not in _NOT_INHERITED}
        self._master, slave = os.openpty()
        try:
            termios.tcsetwinsize(slave, (rows, columns))
            os.set_blocking(self._master, False)
            self.started = time.perf_counter()
            self._process = subprocess.Popen(
                list(argv),
                stdin=slave,
                stdout=slave,
                stderr=slave,
                cwd=cwd,
                env=kept | _DEFAULTS | dict(env or {}),
                start_new_session=True,
                preexec_fn=lambda: ioctl(0, termios.TIOCSCTTY, 0),
            )
        except BaseException:
            os.close(self._master)
            raise
        finally:
            os.close(slave)
        self.pid = self._process.pid

    def _exchange(self, timeout: float) -> None:
        """Give the child what is queued for it; wait for output, stamp and keep all there is."""
        if self._ended:
            return
        with suppress(OSError):
            while self._outbox:
                del self._outbox[: os.write(self._master, self._outbox)]
        poll = select.poll()
        poll.register(self._master, select.POLLIN | (select.POLLOUT if self._outbox else 0))
        if not poll.poll(max(0.0, timeout) * 1000):
            return
        for _ in range(64):  # a child that never stops writing must not hold us here
            try:
                chunk = os.read(self._master, 65536)
            except OSError as error:  # EIO is how Linux says that the other side is closed
                self._ended = error.errno != EAGAIN
                return
            self._inbox.append((time.perf_counter(), chunk))
            self._raw += chunk

    def _paint(self) -> None:
        """Parse the next chunk."""
        self._arrived, chunk = self._inbox.popleft()
        self.screen.feed(chunk)

    def _fail(self, message: str) -> AssertionError:
        if self._ended:
            with suppress(subprocess.TimeoutExpired):
                self._process.wait(1)
            message += f"; the program has ended with {self._process.poll()}"
        return AssertionError(f"{message}. The screen:\n{self.text()}")

    def send(self, data: bytes | str) -> float:
        """Type *data*, all of it; returns the time just before the write."""
        self._outbox += data.encode() if isinstance(data, str) else data
        sent = time.perf_counter()
        self._exchange(0)
        while self._outbox and not self._ended:
            if time.perf_counter() > sent + 30:
                raise self._fail(f"the child does not read: {len(self._outbox)} bytes left")
            self._exchange(0.1)
        return sent

    def pump(self, seconds: float) -> None:
        """Read and paint what comes for that long (0: what is there)."""
        deadline = time.perf_counter() + seconds
        while True:
            left = deadline - time.perf_counter()
            self._exchange(0 if self._inbox else left)
            for _ in range(len(self._inbox)):
                self._paint()
            if self._ended or left <= 0:
                return

    def wait_for(
        self, what: str | re.Pattern[str] | Callable[[Terminal], bool], timeout: float = 10.0
    ) -> float:
        """Pump until the screen shows *what*; returns when the chunk that showed it arrived.

        For what is there already that is the last chunk painted, maybe before the last send.
        """
        deadline, wanted = time.perf_counter() + timeout, what
        if isinstance(what, str):
            what = re.compile(re.escape(what))
        while not (what.search(self.text()) if isinstance(what, re.Pattern) else what(self)):
            left = deadline - time.perf_counter()
            self._exchange(0 if self._inbox else left)
            if left <= 0 or (self._ended and not self._inbox):
                raise self._fail(f"{wanted!r} is not shown after {timeout - left:.1f} s")
            if self._inbox:
                self._paint()
        return self._arrived

    def lines(self) -> list[str]:
        """The painted rows, without blanks at their ends."""
        columns = self.screen.columns
        for y in self.screen.dirty:
            row, x = self.screen.buffer[y], 0
            while x < columns:  # half of a wide character that was overwritten is a blank
                wide = row[x].data > "\u10ff" and wcwidth(row[x].data[0]) == 2
                whole = wide and x + 1 < columns and not row[x + 1].data
                if wide != whole or not row[x].data:
                    row[x] = row[x]._replace(data=" ")
                x += 1 + whole
            self._painted[y] = "".join([row[x].data for x in range(columns)]).rstrip()
        self.screen.dirty.clear()
        return [self._painted[y] for y in range(self.screen.lines)]

    def text(self) -> str:
        """The painted rows as one text."""
        return "\n".join(self.lines())

    def find(self, text: str) -> tuple[int, int] | None:
        """Row and column, in cells, of the first place that shows *text* within one row."""
        for y, line in enumerate(self.lines()):
            if (left := line.find(text)) >= 0:
                row, x = self.screen.buffer[y], 0
                while left > 0 or not row[x].data:
                    left, x = left - len(row[x].data), x + 1
                return y, x
        return None

    def cell(self, row: int, column: int) -> Char:
        """What is painted in one cell; the right half of a wide character has no data."""
        self.lines()
        return self.screen.buffer[row][column]

    def resize(self, columns: int, rows: int) -> None:
        """Change the size of the terminal; the child gets SIGWINCH."""
        self.screen.resize(rows, columns)
        termios.tcsetwinsize(self._master, (rows, columns))

    def signal(self, signum: int) -> None:
        """Send a signal to the child, unless it has ended."""
        self._process.send_signal(signum)

    def wait_exit(self, timeout: float = 10.0) -> int:
        """Wait, painting, until the child ends; returns its exit code or -signal."""
        deadline = time.perf_counter() + timeout
        while (status := self._process.poll()) is None:
            if time.perf_counter() > deadline:
                raise self._fail(f"the program still runs after {timeout} s")
            self.pump(0.01)
            time.sleep(0.002 * self._ended)
        self.pump(0.1)  # what is left; returns at the end of file
        return status

    @property
    def raw(self) -> bytes:
        """Every byte the child wrote."""
        return bytes(self._raw)

    def rss_mb(self) -> float:
        """Resident memory of the child in MB."""
        status = Path(f"/proc/{self.pid}/status").read_text()
        return int(status.split("VmRSS:")[1].split()[0]) / 1024

    def close(self) -> None:
        """Kill the child if it still runs, reap it, close the pty."""
        if self._master >= 0:
            self._process.kill()
            self._process.wait()
            os.close(self._master)
            self._master, self._ended = -1, True

    def __exit__(self, *_: object) -> None:
        self.close()

    def png(self, path: Path, *, cell_height: int = 22) -> None:
        """Draw the painted screen as a picture."""
        from bench.picture import draw

        self.lines()
        draw(self.screen, path, cell_height=cell_height)
