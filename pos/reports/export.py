"""A table into a file, in a process of its own: what knows spreadsheets never loads in a till."""

from __future__ import annotations

import sys
from pathlib import Path

import msgspec

from pos.refusal import Refused
from pos.reports.tables import Table

_SECONDS = 120.0


class _Trouble(msgspec.Struct):
    code: str
    values: dict[str, str]


def write(table: Table, path: Path) -> None:
    """Write a table as CSV or XLSX by the file's suffix, whole or not at all.

    Refused: file_suffix, file_unwritable, too_many_rows, export_failed.
    """
    import subprocess  # a till loads it when somebody exports  # nosec B404  # fixed commands, no shell

    done = subprocess.run(  # noqa: S603  # nosec B603  # our own interpreter and module
        [sys.executable, "-m", "pos.reports.export", str(path.absolute())],
        input=msgspec.json.encode(table),
        capture_output=True,
        timeout=_SECONDS,
        check=False,
    )
    if done.returncode == 0:
        return
    try:
        told = msgspec.json.decode(done.stdout, type=_Trouble)
    except msgspec.DecodeError:
        last = done.stderr.decode("utf-8", "replace").strip().rpartition("\n")[2]
        raise Refused("export_failed", path=path, why=last[:200]) from None
    raise Refused(told.code, **told.values)


def main() -> int:
    """The child: a table as JSON on stdin, the file's path as argument."""
    from pos.reports import files

    table = msgspec.json.decode(sys.stdin.buffer.read(), type=Table)
    try:
        files.write(table, Path(sys.argv[1]))
    except Refused as refused:
        values = {name: str(value) for name, value in refused.values.items()}
        sys.stdout.buffer.write(msgspec.json.encode(_Trouble(refused.code, values)))
        return 1
    return 0


if __name__ == "__main__":
    sys.exit(main())
