"""Every view in a real terminal, each of its fields hostile: `python -m tests.trust.show FOLDER`.

F11 shows the next one. What reached the counter is written down, and that it was stopped.
"""

from __future__ import annotations

import sys
from pathlib import Path

from msgspec.structs import replace

from pos.screens import app
from pos.till.events import Event, Strayed
from pos.till.view import PromptView
from tests.screens.child import note
from tests.screens.fakes import FakeCounter
from tests.screens.samples import PICTURES
from tests.trust.corpus import HOSTILE
from tests.trust.texts.screens import PANELS, view_of

TEXT = "".join(text for text in HOSTILE.values() if len(text) < 1000)


def main(folder: Path) -> int:
    """Run until it is ended from outside."""
    counter, file = FakeCounter(), folder / "events"
    counter.seen = PICTURES["sign_in"]
    shown = 0

    def on_event(event: Event) -> None:
        nonlocal shown
        note(file, ascii(event))
        if event == Strayed("f11"):
            view = view_of(PANELS[shown], TEXT)
            prompt = PromptView(f"view {shown}", TEXT)
            counter.seen = replace(view, mode="selling", prompt=prompt)
            shown += 1

    counter.on_event = on_event
    counter.stop = lambda: note(file, "stopped")  # type: ignore[method-assign]
    return app.run(counter, log=folder / "pos.log", theme="dark")


if __name__ == "__main__":
    sys.exit(main(Path(sys.argv[1])))
