"""The printer on a serial line (a pseudo terminal) and behind a FIFO, as a character device."""

from __future__ import annotations

import os
import select
import threading
from pathlib import Path
from types import TracebackType
from typing import Self

from pos.simulators.printer.device import VirtualPrinter
from pos.simulators.printer.session import FileChannel, Session, Waker


class _Line:
    """A cable that is always there: one session after another until closed."""

    def __init__(self, printer: VirtualPrinter, descriptor: int, answers: bool) -> None:
        self.printer = printer
        self._descriptor = descriptor
        self._answers = answers
        self._closing = False
        self._waker = Waker()
        printer.on_change.append(self._waker.wake)
        self._thread = threading.Thread(target=self._serve, name="printer-line", daemon=True)
        self._thread.start()

    def __enter__(self) -> Self:
        return self

    def __exit__(
        self,
        kind: type[BaseException] | None,
        error: BaseException | None,
        trace: TracebackType | None,
    ) -> None:
        self.close()

    def close(self) -> None:
        """Takes the cable away."""
        if self._closing:
            return
        self._closing = True
        self._waker.wake()
        self._thread.join()
        self.printer.on_change.remove(self._waker.wake)
        self._waker.close()
        os.close(self._descriptor)

    def _serve(self) -> None:
        while not self._closing:
            trouble = self.printer.trouble
            if trouble.refuse or trouble.close_at_once:
                select.select([self._waker], [], [])
                self._waker.clear()
                continue
            channel = FileChannel(os.dup(self._descriptor), self._answers)
            Session(self.printer, channel, self._waker, lambda: self._closing).run()


class PtyLine(_Line):
    """A serial line. `device` is the path that a till opens, a real character device.

    Speed and parity mean nothing on it, and it has no modem lines.
    """

    def __init__(self, printer: VirtualPrinter) -> None:
        import tty  # not on Windows

        near, self._far = os.openpty()
        tty.setraw(near)
        self.device = os.ttyname(self._far)
        super().__init__(printer, near, answers=True)

    def close(self) -> None:
        """Takes the cable away; the device is gone."""
        if not self._closing:
            super().close()
            os.close(self._far)


class FifoLine(_Line):
    """A FIFO at `path`, made here and removed at the end: bytes go in, nothing comes back."""

    def __init__(self, printer: VirtualPrinter, path: Path) -> None:
        os.mkfifo(path, 0o600)
        self.path = path
        try:
            # open for writing too, so that it does not end when a sender closes
            descriptor = os.open(path, os.O_RDWR | os.O_NONBLOCK)
        except OSError:
            path.unlink()
            raise
        super().__init__(printer, descriptor, answers=False)

    def close(self) -> None:
        """Removes the FIFO."""
        if not self._closing:
            super().close()
            self.path.unlink(missing_ok=True)
