"""The command line: `pos …`. It parses, calls and prints."""

from __future__ import annotations

import sys


def main() -> None:
    """`pos`: the till itself starts without loading the rest of the command line."""
    arguments = sys.argv[1:]
    if arguments == ["run"] or (len(arguments) == 3 and arguments[:2] == ["run", "--config"]):
        from pos.cli.run import open_till

        sys.exit(open_till(arguments[2] if len(arguments) == 3 else None))
    from pos.cli.app import app

    app()
