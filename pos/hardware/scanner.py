"""Scanners that do not type into the terminal: a serial line or an input device, each a thread.

A scanner that is unplugged is looked for again, ever less often; what it had sent of a code is
never joined to the next one.
"""

from __future__ import annotations

import codecs
import fcntl
import os
import threading
from collections.abc import Callable, Iterator
from contextlib import suppress
from typing import Protocol

from pos.devices import Scanner
from pos.hardware.assembling import Assembler, Noise, Scan
from pos.hardware.device_file import SerialLine
from pos.hardware.keystrokes import EVENT, Keyboard, Lost
from pos.hardware.transport import Broken, Descriptor, Unreachable, reason_of

_GRAB = 0x40044590
"""EVIOCGRAB = _IOW('E', 0x90, int)"""
_TICK = 0.05
_FIRST_WAIT, _LONGEST_WAIT = 0.5, 15.0
_LINE_ENDS = {"\r": "enter", "\n": "enter", "\t": "tab"}

Grab = Callable[[int], None]


def grab(fd: int) -> None:
    """Take an input device for us alone, so that its keys reach no other program."""
    fcntl.ioctl(fd, _GRAB, 1)


class Source(Protocol):
    """Where characters come from."""

    def open(self) -> None:
        """Reach the scanner, or raise Unreachable."""

    def listen(self, seconds: float) -> tuple[bytes, list[str]]:
        """Raw bytes and what they say; both empty when nothing came. Broken, Lost."""

    def close(self) -> None:
        """Let go; never raises."""


class SerialSource:
    """A serial or USB-COM scanner, 8N1. Text is UTF-8; what is not is dropped."""

    def __init__(self, scanner: Scanner) -> None:
        self._line = SerialLine(scanner.device, scanner.baudrate)
        self._decoder = codecs.getincrementaldecoder("utf-8")("replace")

    def open(self) -> None:
        """See `Source`."""
        self._decoder.reset()
        self._line.open()

    def listen(self, seconds: float) -> tuple[bytes, list[str]]:
        """See `Source`."""
        data = self._line.read(seconds)
        said = [_LINE_ENDS.get(c, c) for c in self._decoder.decode(data) if c != "\ufffd"]
        return data, said

    def close(self) -> None:
        """See `Source`."""
        self._line.close()


class InputDevice(Descriptor):
    """A scanner that is a keyboard, read from /dev/input and taken for us alone."""

    def __init__(self, path: str, grab: Grab = grab) -> None:
        super().__init__()
        self._path, self._grab = path, grab
        self._keyboard = Keyboard()
        self._rest = b""

    def open(self) -> None:
        """See `Source`."""
        try:
            self.fd = os.open(self._path, os.O_RDONLY | os.O_NONBLOCK | os.O_CLOEXEC)
            self._grab(self.fd)
        except OSError as error:
            self.close()
            raise Unreachable(reason_of(error), where=self._path) from error
        self._keyboard, self._rest = Keyboard(), b""

    def listen(self, seconds: float) -> tuple[bytes, list[str]]:
        """See `Source`."""
        data = self.read(seconds)
        whole = self._rest + data
        cut = len(whole) - len(whole) % EVENT.size
        self._rest = whole[cut:]
        return data, list(self._keyboard.feed(whole[:cut]))

    def close(self) -> None:
        """See `Source`. The grab ends with the descriptor."""
        if self.fd >= 0:
            with suppress(OSError):
                os.close(self.fd)
            self.fd = -1


def source_of(scanner: Scanner, grab: Grab = grab) -> Source:
    """The source of a `[scanners.NAME]` of mode serial or evdev."""
    if scanner.mode == "serial":
        return SerialSource(scanner)
    return InputDevice(scanner.device, grab)


class Listener:
    """A thread `scanner:NAME` that hands over whole codes until it is stopped.

    The callbacks run in that thread: `on_scan` for codes, `on_noise` for what is none, and
    `on_change` with an empty reason when the scanner is there and with a word when it is not.
    """

    def __init__(
        self,
        name: str,
        scanner: Scanner,
        monotonic: Callable[[], float],
        on_scan: Callable[[Scan], None],
        on_noise: Callable[[Noise], None],
        on_change: Callable[[str], None],
        source: Source | None = None,
    ) -> None:
        self._scanner, self._now = scanner, monotonic
        self._on_scan, self._on_noise, self._on_change = on_scan, on_noise, on_change
        self._source = source or source_of(scanner)
        self._stop = threading.Event()
        self._thread = threading.Thread(target=self._run, name=f"scanner:{name}", daemon=True)

    def start(self) -> None:
        """Begin to listen."""
        self._thread.start()

    def stop(self, seconds: float = 2.0) -> bool:
        """End the thread; whether it ended in time."""
        self._stop.set()
        self._thread.join(seconds)
        return not self._thread.is_alive()

    def _run(self) -> None:
        wait, told = _FIRST_WAIT, None
        while not self._stop.is_set():
            try:
                self._source.open()
                told, wait = self._tell(told, ""), _FIRST_WAIT
                self._listen()
            except (Unreachable, Broken) as error:
                told = self._tell(told, error.code)
            finally:
                self._source.close()
            self._stop.wait(wait)
            wait = min(_LONGEST_WAIT, wait * 2)

    def _tell(self, told: str | None, reason: str) -> str:
        if reason != told:
            self._on_change(reason)
        return reason

    def _listen(self) -> None:
        assembler = Assembler(self._scanner)
        try:
            while not self._stop.is_set():
                for found in _next(self._source, assembler, self._now):
                    self._hand_over(found)
        finally:
            if assembler.waiting:
                self._on_noise(assembler.drop("scan_cut_off"))

    def _hand_over(self, found: Scan | Noise) -> None:
        if isinstance(found, Scan):
            self._on_scan(found)
        else:
            self._on_noise(found)


def _next(source: Source, assembler: Assembler, now: Callable[[], float]) -> Iterator[Scan | Noise]:
    """What the next bytes, or their absence, complete."""
    try:
        data, said = source.listen(_TICK)
    except Lost:
        yield assembler.drop("scan_cut_off")
        return
    moment = now()
    if not data:
        # only an empty line is silence: what waits while we were busy was typed in time
        paused = assembler.silence(moment)
        if paused is not None:
            yield paused
    for char in said:
        found = assembler.type(char, moment)
        if found is not None:
            yield found


def watch_lines(
    scanner: Scanner, monotonic: Callable[[], float], seconds: float, source: Source | None = None
) -> Iterator[str]:
    """For `pos scanner test`: a line for all that arrives, with its time, and for each code.

    `+    3 ms  36 39 30  690` for bytes, `= 6901234567892  E0  24 ms` for a code, `! scan_cut_off`
    for what is none. Ends after `seconds`. Raises Unreachable, Broken.
    """
    heard = source or source_of(scanner)
    heard.open()
    try:
        yield from _watch(heard, Assembler(scanner), monotonic, seconds)
    finally:
        heard.close()


def _watch(
    source: Source, assembler: Assembler, now: Callable[[], float], seconds: float
) -> Iterator[str]:
    end = now() + seconds
    last = now()
    watched = _Watched(source)
    while now() < end:
        found = list(_next(watched, assembler, now))
        if watched.data:
            gap, last = round((now() - last) * 1000), now()
            shown = watched.data.hex(" ") if len(watched.data) <= 24 else f"{len(watched.data)} B"
            yield f"+ {gap:5d} ms  {shown}  {' '.join(watched.said)}"
        for item in found:
            if isinstance(item, Scan):
                yield f"= {item.text}  {item.kind or '-'}  {item.ms} ms"
            else:
                yield f"! {item.fault} ({item.length})"


class _Watched:
    """A source that remembers the last thing it heard."""

    def __init__(self, source: Source) -> None:
        self._source = source
        self.data = b""
        self.said: list[str] = []

    def open(self) -> None:
        self._source.open()

    def listen(self, seconds: float) -> tuple[bytes, list[str]]:
        self.data, self.said = self._source.listen(seconds)
        return self.data, self.said

    def close(self) -> None:
        self._source.close()
