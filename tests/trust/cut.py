"""The network cut: no name is found and no address is reached, this machine's own among them.

`python -m tests.trust.cut WHERE ...` is `pos ...` in a process of its own that reaches nothing:
`apart` in a network namespace of its own, `here` where the system allows none; with `+loopback`
this machine's own addresses stay, for what serves on them.
"""

from __future__ import annotations

import errno
import functools
import shutil
import socket
import struct
import subprocess
import sys
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from fcntl import ioctl
from typing import Any
from unittest import mock

_WEB = (socket.AF_INET, socket.AF_INET6)
_SET_FLAGS, _UP, _RUNNING = 0x8914, 1, 64  # SIOCSIFFLAGS, IFF_UP, IFF_RUNNING


class Line:
    """What was tried while the network was cut; nothing of it went through."""

    def __init__(self) -> None:
        self.tried: list[str] = []

    def refuse(self, what: str) -> OSError:
        """A try, and the error a person without a network gets."""
        self.tried.append(what)
        return OSError(errno.ENETUNREACH, "Network is unreachable")


@contextmanager
def cut(*, loopback: bool = False) -> Iterator[Line]:
    """Cut it for every thread of this process; `loopback` leaves what is on this machine."""
    line = Line()

    def guarded(name: str) -> Any:
        real = getattr(socket.socket, name)

        def call(self: socket.socket, *arguments: Any) -> Any:
            own = loopback and (name == "listen" or arguments[-1][0] in ("127.0.0.1", "::1"))
            if self.family in _WEB and not own:
                raise line.refuse(f"{name} {arguments[-1]}")
            return real(self, *arguments)

        return call

    def find(host: object, *_: object, **__: object) -> None:
        line.refuse(f"name {host}")
        raise socket.gaierror(socket.EAI_AGAIN, "Temporary failure in name resolution")

    names = ("connect", "connect_ex", "bind", "sendto", "listen")
    patches = [mock.patch.object(socket.socket, name, guarded(name)) for name in names]
    if not loopback:
        patches += [mock.patch.object(socket, "getaddrinfo", find)]
    for patch in patches:
        patch.start()
    try:
        yield line
    finally:
        for patch in patches:
            patch.stop()


@functools.cache
def apart() -> tuple[str, ...]:
    """What starts a program in a network namespace of its own; nothing where that is refused."""
    for start in (("unshare", "-n"), ("unshare", "-r", "-n")):
        if (
            shutil.which(start[0])
            and not subprocess.run([*start, "true"], capture_output=True, check=False).returncode
        ):
            return start
    return ()


def alone(*words: str, loopback: bool = False) -> list[str]:
    """The command of `pos WORDS` in a process that reaches nobody."""
    how = ("apart" if apart() else "here") + ("+loopback" if loopback else "")
    return [*apart(), sys.executable, "-m", "tests.trust.cut", how, *words]


def _loopback_up() -> None:
    with socket.socket(socket.AF_INET, socket.SOCK_DGRAM) as asker:
        ioctl(asker, _SET_FLAGS, struct.pack("16sh", b"lo", _UP | _RUNNING))


def main(arguments: Sequence[str]) -> int:
    """`pos` with these arguments, after the first."""
    from pos import cli

    how, _, loopback = arguments[0].partition("+")
    if how == "apart":
        if loopback:
            _loopback_up()
        return cli.start(list(arguments[1:]))
    with cut(loopback=bool(loopback)):
        return cli.start(list(arguments[1:]))


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
