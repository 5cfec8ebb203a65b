"""`python -m pos.goods.importing SOURCE STAGING`: staging as a process of its own.

It writes a line of JSON for each step and, last, one with the report or the refusal
(`pos.child`). SIGTERM, SIGINT and a reader that went away stop it; the staging file goes then.
Exit 0 staged, 1 refused, 2 wrong usage.
"""

from __future__ import annotations

import argparse
import sys
from pathlib import Path

from pos.child import Speaker
from pos.goods.importing.child import Done
from pos.goods.importing.reading import stage
from pos.goods.importing.report import ImportOptions


def main(arguments: list[str]) -> int:
    """Run with command-line arguments; the exit code."""
    parser = argparse.ArgumentParser(prog="python -m pos.goods.importing")
    parser.add_argument("source", type=Path)
    parser.add_argument("staging", type=Path)
    parser.add_argument("--tax", type=int, default=1300, help="basis points")
    parser.add_argument("--sheet", default="")
    parser.add_argument("--delimiter", default="")
    parser.add_argument("--encoding", default="")
    parser.add_argument("--column", action="append", default=[], metavar="FIELD=HEADER")
    told = parser.parse_args(arguments)
    columns = {}
    for pair in told.column:
        field, _, header = pair.partition("=")
        columns[header] = field
    options = ImportOptions(told.tax, told.sheet, told.delimiter, told.encoding, columns)
    speaker = Speaker()
    return speaker.attempt(
        lambda: Done(stage(told.source, told.staging, options, speaker.progress))
    )


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
