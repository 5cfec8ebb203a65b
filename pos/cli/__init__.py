"""The command line: `pos …`. It parses, calls and prints."""

from __future__ import annotations

import sys


def main() -> None:
    """`pos`: the console script."""
    sys.exit(start(sys.argv[1:]))


def start(arguments: list[str]) -> int:
    """Do what `arguments` say; the exit code.

    The till itself starts without loading the rest of the command line.
    """
    if arguments == ["run"] or (len(arguments) == 3 and arguments[:2] == ["run", "--config"]):
        import gc

        gc.disable()  # imports make no garbage; the screen switches it on again when it is up
        from pos.cli.run import open_till

        return open_till(arguments[2] if len(arguments) == 3 else None)
    from pos.cli.app import dispatch

    return dispatch(arguments)
