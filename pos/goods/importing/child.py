"""Staging in a child process, for a running till: its memory and its second stay its own."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path

import msgspec

from pos.child import Child
from pos.goods.importing.report import ImportOptions, Report


class Done(msgspec.Struct, frozen=True, tag_field="kind", tag="done"):
    """The last line: what was found."""

    report: Report


CHILD = Child("pos.goods.importing", Done, "import_stopped")


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
    before = staging.exists()
    done: Done | None = None
    try:
        done = CHILD.run(arguments(source, staging, options), progress)
        return done.report
    finally:
        if done is None and not before:
            staging.unlink(missing_ok=True)
