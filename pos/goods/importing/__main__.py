"""`python -m pos.goods.importing SOURCE STAGING`: staging as a process of its own.

It writes a line of JSON for each step and, last, one with the report or the refusal
(`child.Told`). SIGTERM, SIGINT and a reader that went away stop it; the staging file goes then.
Exit 0 staged, 1 refused, 2 wrong usage.
"""

from __future__ import annotations

import argparse
import os
import signal
import sys
from pathlib import Path
from types import FrameType

from pos.goods.importing.child import ENCODER, Done, Failed, Step, Told
from pos.goods.importing.reading import stage
from pos.goods.importing.report import ImportOptions
from pos.refusal import Refused


class _Speaker:
    """Tells the parent, and knows when to stop."""

    def __init__(self) -> None:
        self.stopped = False

    def stop(self, signum: int, frame: FrameType | None) -> None:
        """A signal came."""
        self.stopped = True

    def say(self, told: Told) -> None:
        """One line; where nobody reads any more, stop."""
        try:
            sys.stdout.buffer.write(ENCODER.encode(told) + b"\n")
            sys.stdout.buffer.flush()
        except BrokenPipeError:
            self.stopped = True
            # what is left in the buffer has nobody to go to either
            os.dup2(os.open(os.devnull, os.O_WRONLY), sys.stdout.fileno())

    def progress(self, done: int, total: int) -> bool:
        """A step of `stage`."""
        self.say(Step(done, total))
        return self.stopped


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
    speaker = _Speaker()
    signal.signal(signal.SIGTERM, speaker.stop)
    signal.signal(signal.SIGINT, speaker.stop)
    try:
        report = stage(told.source, told.staging, options, speaker.progress)
    except Refused as refused:
        values = {k: v if isinstance(v, int) else str(v) for k, v in refused.values.items()}
        speaker.say(Failed(refused.code, values))
        return 1
    speaker.say(Done(report))
    return 0


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
