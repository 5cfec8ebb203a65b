"""What is particular to the platform: locks, file modes, free space. Linux and its kin."""

from __future__ import annotations

import fcntl
import os
import stat
import sys
import termios
import time
from collections.abc import Iterator
from contextlib import contextmanager, suppress
from pathlib import Path

from pos.refusal import Refused


class FileLock:
    """An exclusive lock on a file that names its holder; the system frees it when we die."""

    def __init__(self, path: Path, holder: str) -> None:
        """Take the lock or raise Refused("ledger_in_use", holder=...); OSError: the disk fails."""
        self._fd = os.open(path, os.O_RDWR | os.O_CREAT | os.O_CLOEXEC, 0o600)
        try:
            fcntl.flock(self._fd, fcntl.LOCK_EX | fcntl.LOCK_NB)
        except BlockingIOError:
            other = os.read(self._fd, 200).decode("utf-8", "replace").strip()
            os.close(self._fd)
            raise Refused("ledger_in_use", holder=other or "?") from None
        except OSError:
            os.close(self._fd)
            raise
        with suppress(OSError):  # held all the same: a disk that fails shows at the first write
            os.ftruncate(self._fd, 0)
            os.pwrite(self._fd, f"{os.getpid()} {holder}\n".encode(), 0)

    def release(self) -> None:
        """Free the lock; the file stays, empty."""
        if self._fd >= 0:
            with suppress(OSError):
                os.ftruncate(self._fd, 0)
            os.close(self._fd)
            self._fd = -1


_LOOK_AGAIN_SECONDS = 0.02


@contextmanager
def alone_in(folder: Path, seconds: float) -> Iterator[bool]:
    """Hold the lock of a folder; False where another holds it still after so many seconds.

    The system frees it when its holder dies. Nothing is written, so it works on any disk.
    """
    fd = os.open(folder, os.O_RDONLY | os.O_CLOEXEC)
    try:
        yield _locked(fd, time.monotonic() + seconds)
    finally:
        os.close(fd)


def _locked(fd: int, end: float) -> bool:
    while True:
        try:
            fcntl.flock(fd, fcntl.LOCK_EX | fcntl.LOCK_NB)
        except BlockingIOError:
            if time.monotonic() > end:
                return False
            time.sleep(_LOOK_AGAIN_SECONDS)
        else:
            return True


def make_private(path: Path) -> None:
    """Let `path` be a file that only we may read: made empty with mode 0600, or its mode mended.

    For what another library writes by name, an SQLite database above all; what SQLite lays beside
    it has the mode of the file itself. OSError as the disk says.
    """
    try:
        os.close(os.open(path, os.O_WRONLY | os.O_CREAT | os.O_EXCL | os.O_CLOEXEC, 0o600))
    except FileExistsError:  # never opened: to close it would end the locks SQLite has on it here
        if stat.S_IMODE(path.stat().st_mode) & 0o077:
            with suppress(OSError):  # another's file, or a file system without modes
                path.chmod(0o600)


def write_private(path: Path, data: bytes) -> None:
    """Create `path` with mode 0600 and `data` on disk; an existing file is an error."""
    fd = os.open(path, os.O_WRONLY | os.O_CREAT | os.O_EXCL | os.O_CLOEXEC, 0o600)
    try:
        _write_whole(fd, data)
        os.fsync(fd)
    finally:
        os.close(fd)
    sync_folder(path.parent)


def read_private(path: Path) -> bytes:
    """The bytes of a secret; Refused when it is missing or others may read it."""
    try:
        mode = stat.S_IMODE(path.stat().st_mode)
    except FileNotFoundError:
        raise Refused("secret_missing", path=path) from None
    if mode & 0o077:
        raise Refused("secret_mode", path=path, mode=f"{mode:04o}")
    return path.read_bytes()


def replace_file(path: Path, data: bytes) -> None:
    """Put `data` in place of `path` so that a cut leaves the old or the new, never a mix."""
    aside = path.with_name(path.name + ".new")
    fd = os.open(aside, os.O_WRONLY | os.O_CREAT | os.O_TRUNC | os.O_CLOEXEC, 0o600)
    try:
        _write_whole(fd, data)
        os.fsync(fd)
    finally:
        os.close(fd)
    aside.replace(path)
    sync_folder(path.parent)


def _write_whole(fd: int, data: bytes) -> None:
    """A disk that fills up takes a part, and says so only at the next piece."""
    left = memoryview(data)
    while left:
        left = left[os.write(fd, left) :]


def sync_folder(folder: Path) -> None:
    """Make the names in `folder` durable."""
    fd = os.open(folder, os.O_RDONLY | os.O_CLOEXEC)
    try:
        os.fsync(fd)
    finally:
        os.close(fd)


def free_bytes(folder: Path) -> int:
    """Bytes an ordinary process may still write below `folder`."""
    usage = os.statvfs(folder)
    return usage.f_bavail * usage.f_frsize


def read_only(folder: Path) -> bool:
    """Whether the file system of `folder` is mounted so that nobody may write."""
    return bool(os.statvfs(folder).f_flag & os.ST_RDONLY)


_M_ARENA_MAX = -8


def share_one_heap() -> None:
    """All threads take memory from one heap; to be called before the first of them starts.

    Left alone, glibc gives each thread a heap of its own (`M_ARENA_MAX`, mallopt(3)). What one
    frees another cannot use, and a till that works all day grows by the holes. Where the C library
    is another, nothing is changed.
    """
    import ctypes

    mallopt = getattr(ctypes.CDLL(None), "mallopt", None)
    if mallopt is not None:
        mallopt(_M_ARENA_MAX, 1)


def is_terminal() -> bool:
    """Whether a person sits at both ends."""
    return sys.stdin.isatty() and sys.stdout.isatty()


class KeyboardHeld:
    """What is typed is kept unread and unseen, key by key as it comes, until somebody reads it."""

    def __init__(self) -> None:
        self._fd = sys.stdin.fileno()
        self._before = termios.tcgetattr(self._fd)
        held = termios.tcgetattr(self._fd)
        held[0] &= ~(termios.ICRNL | termios.INLCR | termios.IGNCR | termios.IXON)
        held[3] &= ~(termios.ICANON | termios.ECHO)
        termios.tcsetattr(self._fd, termios.TCSANOW, held)

    def give_back(self) -> None:
        """The terminal reads lines again, as before; one that is gone needs nothing."""
        with suppress(termios.error):
            termios.tcsetattr(self._fd, termios.TCSANOW, self._before)


def let_go_of_output() -> None:
    """Write out what is buffered; where nobody reads any more, drop it, so that exit is clean."""
    for stream in (sys.stdout, sys.stderr):
        try:
            stream.flush()
        except (OSError, ValueError):
            with suppress(OSError, ValueError):
                os.dup2(os.open(os.devnull, os.O_WRONLY), stream.fileno())
