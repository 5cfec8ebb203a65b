"""Work in a child process of ours that tells how far it is, line by line in JSON.

For what a running till must not load or wait for: its memory and its second stay its own. The
child writes a `Step` for each stretch of work and, last, its result or a `Failed`. SIGTERM, SIGINT
and a reader that went away stop it.
"""

from __future__ import annotations

import os
import signal
import subprocess  # nosec B404  # fixed commands, no shell
import sys
import tempfile
from collections.abc import Callable, Sequence
from pathlib import Path
from types import FrameType
from typing import IO, Generic, TypeVar

import msgspec

import pos
from pos.refusal import Refused

Value = str | int
T = TypeVar("T")

_END_SECONDS = 10.0
_ENCODER = msgspec.json.Encoder()


class Step(msgspec.Struct, frozen=True, tag_field="kind", tag="step"):
    """A line of the child while it works."""

    done: int
    total: int


class Failed(msgspec.Struct, frozen=True, tag_field="kind", tag="refused"):
    """The last line: nothing was done."""

    code: str
    values: dict[str, Value]


def environment() -> dict[str, str]:
    """The environment of a child that runs a module of ours: it finds the same `pos` as we do."""
    roots = [str(Path(pos.__file__).parent.parent), os.environ.get("PYTHONPATH", "")]
    path = os.pathsep.join(root for root in roots if root)
    return os.environ | {"PYTHONPATH": path, "PYTHONIOENCODING": "utf-8"}


class Child(Generic[T]):
    """A module that is run as `python -m MODULE`; its last line is a `T`, its name `stopped` the
    code of the refusal where a person stopped it."""

    def __init__(self, module: str, result: type[T], stopped: str) -> None:
        self._module = module
        self._result = result
        self._stopped = Failed(stopped, {})
        # T is a tagged Struct; msgspec builds the union from the classes themselves
        self.decoder: msgspec.json.Decoder[Step | Failed | T] = msgspec.json.Decoder(
            Step | Failed | result
        )

    def run(
        self,
        arguments: Sequence[str],
        progress: Callable[[int, int], bool],
        stdin: IO[bytes] | None = None,
    ) -> T:
        """The child's result; it blocks, so a till calls it in a thread of its own.

        Refused as the child refuses, and "child_failed" where it ends without an answer. Where
        `progress` says stop the child is told to.
        """
        command = [sys.executable, "-P", "-m", self._module, *arguments]
        with (
            tempfile.TemporaryFile() as errors,
            subprocess.Popen(  # noqa: S603  # nosec B603  # our own interpreter and module
                command,
                stdin=stdin or subprocess.DEVNULL,
                stdout=subprocess.PIPE,
                stderr=errors,
                env=environment(),
            ) as child,
        ):
            try:
                told = self._listen(child, progress)
            finally:
                _end(child)
            if isinstance(told, self._result):
                return told
            if isinstance(told, Failed):
                raise Refused(told.code, **told.values)
            raise Refused("child_failed", why=_last_line(errors) or f"exit {child.returncode}")

    def _listen(
        self, child: subprocess.Popen[bytes], progress: Callable[[int, int], bool]
    ) -> Failed | T | None:
        """The child's last line; None where it ended in the middle."""
        stopping = False
        out = child.stdout
        if out is None:
            return None
        for line in out:
            try:
                told = self.decoder.decode(line)
            except (msgspec.DecodeError, UnicodeDecodeError):
                return None
            if not isinstance(told, Step):
                # it may have been done just before it was told to stop
                return self._stopped if stopping else told
            if not stopping and progress(told.done, told.total):
                stopping = True
                child.terminate()
        return self._stopped if stopping else None


class Speaker:
    """The child's side: tells the parent, and knows when to stop."""

    def __init__(self) -> None:
        self.stopped = False
        signal.signal(signal.SIGTERM, self._stop)
        signal.signal(signal.SIGINT, self._stop)

    def _stop(self, signum: int, frame: FrameType | None) -> None:
        self.stopped = True

    def say(self, told: msgspec.Struct) -> None:
        """One line; where nobody reads any more, stop."""
        try:
            sys.stdout.buffer.write(_ENCODER.encode(told) + b"\n")
            sys.stdout.buffer.flush()
        except BrokenPipeError:
            self.stopped = True
            # what is left in the buffer has nobody to go to either
            os.dup2(os.open(os.devnull, os.O_WRONLY), sys.stdout.fileno())

    def progress(self, done: int, total: int) -> bool:
        """A step; whether to stop."""
        self.say(Step(done, total))
        return self.stopped

    def attempt(self, work: Callable[[], msgspec.Struct]) -> int:
        """Do it and tell its result or its refusal; the exit code."""
        try:
            told = work()
        except Refused as refused:
            values = {k: v if isinstance(v, int) else str(v) for k, v in refused.values.items()}
            self.say(Failed(refused.code, values))
            return 1
        self.say(told)
        return 0


def _end(child: subprocess.Popen[bytes]) -> None:
    try:
        if child.stdout is not None:
            child.stdout.close()
        child.wait(_END_SECONDS)
    except subprocess.TimeoutExpired:
        child.kill()
        child.wait()


def _last_line(errors: IO[bytes]) -> str:
    errors.seek(0)
    lines = errors.read()[-2000:].decode("utf-8", "replace").strip().splitlines()
    return lines[-1][:200] if lines else ""
