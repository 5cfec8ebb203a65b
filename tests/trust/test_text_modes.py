"""No text acts on a till that is at work: hostile text scanned, typed and pasted in every mode.

Through the router a person's keys go through, into a real till on a real ledger: a mode that comes
later has to be walked to (`tests.till.walks`).
"""

from __future__ import annotations

from collections.abc import Callable, Iterable
from dataclasses import dataclass, field
from pathlib import Path

import msgspec
import pytest

from pos.commands import Mode
from pos.screens.router import Router
from pos.screens.strokes import Stroke, pasted, strokes
from pos.store.verify import verify_ledger
from pos.text import FNC1
from pos.till import till
from pos.till.events import Entered, Event
from tests.screens.test_router import NAMES, TERMINATOR
from tests.till.person import Person
from tests.till.walks import MODES, counter, home, phone_counter, walk
from tests.trust import SIZE
from tests.trust.corpus import HOSTILE, JOINED, obeyed
from tests.trust.test_text_doors import on_disk, texts_of

TYPED = 0.15
"""Seconds between two keys of a person."""


@dataclass
class Keys:
    """Keys on the router of a real till; what comes out of it is done before the next."""

    person: Person
    at: float = 100.0
    router: Router = field(init=False)

    def __post_init__(self) -> None:
        self.router = Router(self.person.till)

    def scan(self, text: str) -> None:
        """As fast as a scanner sends it, with its terminator."""
        self._send(text + "\r", 0.001)

    def type(self, text: str) -> None:
        """As a person types, and Enter."""
        self._send(text + "\r", TYPED)

    def paste(self, text: str) -> None:
        """As a terminal pastes, and Enter."""
        self._take(pasted(text, self.at))
        self._send("\r", TYPED)

    def _send(self, text: str, gap: float) -> None:
        for char in text:
            self._pass(gap)
            name = TERMINATOR.get(char) or NAMES.get(char) or control(char)
            given = char if char.isprintable() else None
            self._take(strokes(name, given, self.at, self.person.till.free_text))
        self._pass(1.0)

    def _take(self, found: Iterable[Stroke]) -> None:
        for stroke in found:
            self._do(self.router.settle(stroke))
            self._do(self.router.take(stroke))

    def _pass(self, seconds: float) -> None:
        self.at += seconds
        self._do(self.router.tick(self.at))

    def _do(self, events: Iterable[Event]) -> None:
        for event in events:
            self.does(event)

    def does(self, event: Event) -> None:
        """One event, and the whole screen after it."""
        view = self.person.does(event)
        self.person.till.quitting = False  # Ctrl+Q is a key like others, and the day goes on
        bad = [sign for text in texts_of(msgspec.to_builtins(view)) for sign in obeyed(text)]
        assert not bad, (event, bad[:4], view)


def control(char: str) -> str:
    """A key's name as the terminal gives it: Ctrl and a letter for what is no sign."""
    if char == "\x1b":
        return "escape"
    if char == "\x7f":
        return "backspace"
    return f"ctrl+{chr(ord(char) + 96)}" if 0 < ord(char) < 27 else char


def hand_over(keys: Keys, text: str) -> None:
    """A scanner with a thread of its own hands on what it read as it is; some is very short."""
    for one in (text, f"{text[:2]}{FNC1}{text[2:4]}"):
        keys.does(Entered(one, burst=True))
        keys.does(Entered(one))


MANNERS: tuple[Callable[[Keys, str], None], ...] = (Keys.scan, Keys.type, Keys.paste, hand_over)


def test_no_text_acts_on_a_till_in_any_mode(tmp_path: Path) -> None:
    with counter(tmp_path / "all") as day:
        for mode in MODES:
            if mode != "code":
                hostile(day.person, mode)
        day.person.leave()
        judged(day.person)
    with phone_counter(tmp_path / "phone") as person:
        hostile(person, "code")
    judged(person)


def test_without_the_cleaning_the_same_test_finds_it(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(till, "harmless", lambda text, _keep="": text)
    with phone_counter(tmp_path / "phone") as person, pytest.raises(AssertionError, match="x1d"):
        hand_over(Keys(person), HOSTILE["escpos"])


def hostile(person: Person, mode: Mode) -> None:
    """Every text in every manner, each from this mode on."""
    for name, text in (JOINED if SIZE.name == "test" else HOSTILE).items():
        for manner in MANNERS:
            walk(person, mode)
            try:
                manner(Keys(person), text)
            except Exception as error:
                raise AssertionError(f"{mode}: {name}, by {manner.__name__}") from error
            home(person)


def judged(person: Person) -> None:
    """What is on disk is sound, and harmless."""
    assert verify_ledger(person.shop.place().path).ok
    assert not list(on_disk(person.shop))
