"""Rooms for work on the way to a file: private, and swept up behind a process that died in one."""

from __future__ import annotations

import os
import shutil
import tempfile
from collections.abc import Iterator
from contextlib import ExitStack, contextmanager, suppress
from pathlib import Path

from pos.system import alone_in

MAKING, RESTORING, CHECKING = ".making-", ".restoring-", ".guitai-checking-"
"""What a room's name begins with, by what is done in it."""
_SWEEP_SECONDS = 5


@contextmanager
def room(folder: Path, prefix: str) -> Iterator[Path]:
    """A folder (0700) in `folder` that is gone behind us; what dead processes left goes first."""
    sweep(folder, prefix)
    with ExitStack() as held:
        path = _made(folder, prefix, held)
        try:
            yield path
        finally:
            shutil.rmtree(path, ignore_errors=True)  # what stays is swept up by the next one


def sweep(folder: Path, *prefixes: str) -> None:
    """Remove rooms in `folder` whose process is dead: nobody holds them any more."""
    for name in os.listdir(folder):
        if name.startswith(prefixes):
            # gone meanwhile, another user's, or on a disk that knows no locks: it stays
            with suppress(OSError), alone_in(folder / name, 0) as dead:
                if dead:
                    shutil.rmtree(folder / name, ignore_errors=True)


def _made(folder: Path, prefix: str, held: ExitStack) -> Path:
    while True:
        path = Path(tempfile.mkdtemp(prefix=prefix, dir=folder))
        try:
            held.enter_context(alone_in(path, _SWEEP_SECONDS))
        except FileNotFoundError:
            continue  # swept up before we held it
        except OSError:
            return path  # no locks there: nobody sweeps there either
        if path.exists():
            return path
