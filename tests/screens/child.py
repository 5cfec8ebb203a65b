"""A till without a till, run in a pty by `test_terminal`: each event is a line of a file.

Usage: `python -m tests.screens.child FOLDER`. F11 is an error, F12 quits.
"""

from __future__ import annotations

import sys
from functools import partial
from pathlib import Path

from pos.screens import app
from pos.till.events import Acted, Entered, Event, Strayed
from tests.screens.fakes import FakeCounter


def note(file: Path, text: str) -> None:
    """Add a line."""
    with file.open("a", encoding="utf-8") as out:
        out.write(text + "\n")


def main(folder: Path) -> int:
    """Run until it is closed."""
    counter = FakeCounter()
    file = folder / "events"

    def on_event(event: Event) -> None:
        note(file, repr(event))
        if isinstance(event, Entered):
            counter.add_line(event.text)
        elif event == Strayed("f11"):
            raise ValueError("card 6222020200012345678")
        elif event == Acted("duties"):
            counter.quitting = True

    counter.on_event = on_event
    counter.stop = partial(note, file, "stopped")  # type: ignore[method-assign]
    return app.run(counter, log=folder / "pos.log", theme="dark")


if __name__ == "__main__":
    sys.exit(main(Path(sys.argv[1])))
