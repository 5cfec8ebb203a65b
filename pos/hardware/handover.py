"""A CUPS queue and a folder: places that take a whole job at once and never answer."""

from __future__ import annotations

import os
import shutil
import subprocess  # nosec B404  # fixed commands, no shell
import time
from contextlib import suppress
from pathlib import Path

from pos.hardware.transport import Broken, Unreachable


class CupsQueue:
    """`lp -o raw`: what CUPS has taken is CUPS's to print, it does not tell us the end."""

    two_way = False
    keeps = False

    def __init__(self, queue: str, seconds: float = 3.0) -> None:
        self.queue, self.seconds = queue, seconds
        self._path = ""

    def open(self) -> None:
        """See `Transport`: the queue is there and takes jobs."""
        if not self.queue or self.queue.startswith("-"):
            raise Unreachable("queue_unknown", where=self.queue)
        self._path, asker = shutil.which("lp") or "", shutil.which("lpstat")
        if not self._path or not asker:
            raise Unreachable("cups_missing", where="lp")
        call = [asker, "-a", self.queue]
        try:
            told = subprocess.run(  # noqa: S603  # nosec B603  # a fixed command, the queue is no option
                call,
                capture_output=True,
                stdin=subprocess.DEVNULL,
                timeout=self.seconds,
                check=False,
                env={**os.environ, "LC_ALL": "C"},
            )
        except subprocess.TimeoutExpired:
            raise Unreachable("printer_connect_timeout", where=self.queue) from None
        except OSError as error:
            raise Unreachable("cups_missing", where="lpstat") from error
        if told.returncode:
            raise Unreachable("queue_unknown", where=self.queue)
        if b"not accepting" in told.stdout:
            raise Unreachable("queue_refused", where=self.queue)

    def write(self, data: memoryview, seconds: float) -> int:
        """The whole of `data` as one CUPS job."""
        call = [self._path, "-d", self.queue, "-o", "raw", "-t", "guitai", "--", "-"]
        try:
            done = subprocess.run(  # noqa: S603  # nosec B603  # a fixed command, the queue is no option
                call, input=bytes(data), capture_output=True, timeout=max(1.0, seconds), check=False
            )
        except subprocess.TimeoutExpired:
            raise Broken("printer_write_timeout", maybe=True) from None
        except OSError as error:
            raise Broken("cups_missing") from error
        if done.returncode:
            # it may have failed after its job was handed over
            raise Broken("queue_refused", maybe=True)
        return len(data)

    def read(self, seconds: float) -> bytes:
        """Nothing ever comes."""
        return b""

    def finish(self, seconds: float) -> bool:
        """It is CUPS's."""
        return True

    def close(self) -> None:
        """Nothing is held."""


class Folder:
    """`connection = "virtual"`: each job a file, its bytes as they were made, the newest last."""

    two_way = False
    keeps = True

    def __init__(self, folder: Path) -> None:
        self.folder = folder

    def open(self) -> None:
        """See `Transport`."""
        try:
            self.folder.mkdir(parents=True, exist_ok=True)
        except OSError as error:
            raise Unreachable("folder_unwritable", where=str(self.folder)) from error

    def write(self, data: memoryview, seconds: float) -> int:
        """A whole file or none: it gets its name when its last byte is on disk."""
        name = f"{time.time_ns():020d}.bin"
        aside = self.folder / f"{name}.{os.getpid()}.part"
        try:
            with aside.open("xb") as file:
                file.write(data)
                file.flush()
                os.fsync(file.fileno())
            aside.rename(self.folder / name)
        except OSError as error:
            with suppress(OSError):
                aside.unlink(missing_ok=True)
            raise Broken("folder_unwritable") from error
        return len(data)

    def read(self, seconds: float) -> bytes:
        """Nothing ever comes."""
        return b""

    def finish(self, seconds: float) -> bool:
        """It is on disk."""
        return True

    def close(self) -> None:
        """Nothing is held."""
