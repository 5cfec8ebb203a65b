"""Staging in a child process, for a running till: its memory and its second stay its own."""

from __future__ import annotations

import subprocess
import sys
import tempfile
from collections.abc import Callable
from pathlib import Path
from typing import IO

import msgspec

from pos.goods.importing.report import ImportOptions, Report, Value
from pos.goods.initials import child_environment
from pos.refusal import Refused

_END_SECONDS = 10.0


class Step(msgspec.Struct, frozen=True, tag_field="kind", tag="step"):
    """A line of the child while it works."""

    done: int
    total: int


class Done(msgspec.Struct, frozen=True, tag_field="kind", tag="done"):
    """The last line: what was found."""

    report: Report


class Failed(msgspec.Struct, frozen=True, tag_field="kind", tag="refused"):
    """The last line: nothing was staged."""

    code: str
    values: dict[str, Value]


Told = Step | Done | Failed
_STOPPED = Failed("import_stopped", {})
ENCODER = msgspec.json.Encoder()
_DECODER = msgspec.json.Decoder(Told)


def arguments(source: Path, staging: Path, options: ImportOptions) -> list[str]:
    """The arguments of `python -m pos.goods.importing`."""
    told = [f"--tax={options.default_tax_bp}"]
    for name in ("sheet", "delimiter", "encoding"):
        if value := getattr(options, name):
            told.append(f"--{name}={value}")
    told += [f"--column={field}={header}" for header, field in options.columns.items()]
    return [*told, "--", str(source), str(staging)]


def in_child(
    source: Path,
    staging: Path,
    options: ImportOptions,
    progress: Callable[[int, int], bool],
) -> Report:
    """`stage` in a child process; it blocks, so a till calls it in a thread of its own.

    Refused as `stage` refuses, and "child_failed" where the child ends without an answer. Where
    `progress` says stop the child is told to, and the staging file is gone when this returns.
    """
    command = [sys.executable, "-P", "-m", "pos.goods.importing"]
    told: Told | None = None
    before = staging.exists()
    with (
        tempfile.TemporaryFile() as errors,
        subprocess.Popen(  # noqa: S603 - our own interpreter and module
            [*command, *arguments(source, staging, options)],
            stdin=subprocess.DEVNULL,
            stdout=subprocess.PIPE,
            stderr=errors,
            env=child_environment(),
        ) as child,
    ):
        try:
            told = _listen(child, progress)
        finally:
            _end(child)
            if not isinstance(told, Done) and not before:
                staging.unlink(missing_ok=True)
        if isinstance(told, Done):
            return told.report
        if isinstance(told, Failed):
            raise Refused(told.code, **told.values)
        raise Refused("child_failed", why=_last_line(errors) or f"exit {child.returncode}")


def _listen(child: subprocess.Popen[bytes], progress: Callable[[int, int], bool]) -> Told | None:
    """The child's last line; None where it ended in the middle."""
    stopping = False
    out = child.stdout
    if out is None:
        return None
    for line in out:
        try:
            told: Told = _DECODER.decode(line)
        except msgspec.DecodeError:
            return None
        if not isinstance(told, Step):
            # it may have been done just before it was told to stop
            return _STOPPED if stopping else told
        if not stopping and progress(told.done, told.total):
            stopping = True
            child.terminate()
    return _STOPPED if stopping else None


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
