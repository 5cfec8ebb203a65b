"""The one entry line: what a person types and what a scanner sends become events of the till.

A scanner is a very fast typist. Times decide only one thing: whether a character that is also a
command (`*`, `-`, `q` …) was meant as a command or stands inside a code. Times are those at which
the terminal was read, so a slow screen does not change the meaning of what was typed.
"""

from __future__ import annotations

import unicodedata
from collections.abc import Sequence
from typing import Protocol

from pos.commands import Keymap, Mode
from pos.screens.strokes import Stroke, pasted, strokes
from pos.text import FNC1
from pos.till.events import Acted, Entered, Event, Rejected, Strayed

LIMIT = 64
"""The longest entry, in characters. Longer input is dropped up to its terminator."""
FREE_LIMIT = 240
"""The longest entry where any text may be typed: a name, an address, a path."""
FAST = 0.030
"""Seconds: only a scanner leaves less between two characters."""
UNFINISHED = 0.060
"""Seconds of silence after which a fast run that ends in a command character has no terminator."""
TWIN = 0.050
"""Seconds within which a second terminator belongs to the first (CR LF)."""
FORGET = 1.0
"""Seconds of silence that end input which is being dropped."""
BURST = 4
"""The fewest characters a scan has."""
HELD = 4
"""So many of one command character and nothing else: the key is held down."""

_KEEPS_TEXT = frozenset({"up", "down", "page_up", "page_down", "help"})
_KEY_IS_TEXT = frozenset({"quick_pick"})
"""Commands that ask which of their keys it was."""
_SILENT = frozenset({"ctrl+c", "ignore", "<ignore>", "caps_lock", "num_lock", "scroll_lock"})
_MODIFIERS = ("left_", "right_", "iso_level")
_FNC1_KEY = "ctrl+right_square_bracket"


class Context(Protocol):
    """What the router asks about the till at each key."""

    @property
    def mode(self) -> Mode: ...
    @property
    def keymap(self) -> Keymap: ...
    @property
    def free_text(self) -> bool: ...


class Router:
    """The entry line with its times.

    `feed` gives the events of one key, in order. The caller that must stop between two events
    (the till may become busy) calls `settle` with the stroke first and `take` after it.
    """

    def __init__(self, context: Context) -> None:
        self._context = context
        self._chars: list[str] = []
        self._times: list[float] = []
        self._overlong = False
        self._last = float("-inf")  # when the last character came
        self._ended = float("-inf")  # when the last terminator came
        self._ended_by = ""
        self._ended_burst = False
        self.deadline: float | None = None
        """When the command character at the end of the line acts, unless something comes first."""
        self._typed = False  # that character was typed, not part of a fast run

    @property
    def text(self) -> str:
        """What is on the entry line; a character that may still be a command is left out."""
        hidden = self.deadline is not None and self._typed
        return "".join(self._chars[:-1] if hidden else self._chars)

    def clear(self) -> None:
        """Forget the line."""
        self._chars.clear()
        self._times.clear()
        self._overlong = False
        self.deadline = None

    def feed(self, key: str, character: str | None, time: float) -> list[Event]:
        """A key as the terminal gives it."""
        return self._all(strokes(key, character, time, self._context.free_text))

    def paste(self, text: str, time: float) -> list[Event]:
        """A paste, character by character; without a line end it only fills the line."""
        return self._all(pasted(text, time))

    def tick(self, time: float) -> list[Event]:
        """Time has passed: act on a command character that nothing followed."""
        if self.deadline is None or time < self.deadline:
            return []
        return self._act_on_last()

    def settle(self, stroke: Stroke) -> list[Event]:
        """What must happen before `stroke`: the command character that it does not extend."""
        if self.deadline is None:
            return []
        if stroke.time >= self.deadline:
            return self._act_on_last()
        if stroke.character is not None or stroke.key in _SILENT:
            return []  # the head or the middle of a scan
        if self._typed:
            return self._act_on_last()
        if self._is_terminator(stroke) or stroke.key in ("backspace", _FNC1_KEY):
            return []
        command = self._command(stroke.key)
        leaves = command is None or command == "back" or command in _KEEPS_TEXT
        return [] if leaves else self._act_on_last()

    def take(self, stroke: Stroke) -> list[Event]:
        """The events of one stroke, after `settle`."""
        if self._overlong and stroke.time - self._last >= FORGET:
            self.clear()
        if stroke.character is not None:
            return self._printable(stroke, stroke.character)
        if stroke.key == _FNC1_KEY:
            if self._chars and not self._context.free_text:
                return self._append(FNC1, stroke.time)
            return []
        self.deadline = None
        if self._is_terminator(stroke):
            return self._terminated(stroke)
        if stroke.key == "backspace":
            if self._chars and not self._overlong:
                del self._chars[-1], self._times[-1]
            return []
        if stroke.key in _SILENT or stroke.key.startswith(_MODIFIERS):
            return []
        return self._named(stroke.key)

    def _all(self, found: Sequence[Stroke]) -> list[Event]:
        events: list[Event] = []
        for stroke in found:
            events += self.settle(stroke)
            events += self.take(stroke)
        return events

    # characters

    def _printable(self, stroke: Stroke, char: str) -> list[Event]:
        free = self._context.free_text
        char = char if free else _narrow(char)
        typed = not self._chars or stroke.time - self._times[-1] > FAST
        self.deadline = None
        acts = None if free or stroke.pasted or self._overlong else self._operator(char)
        if acts is None or (acts == "." and self._chars):
            return self._append(char, stroke.time)
        events = self._append(acts, stroke.time)
        if not events:
            held = len(self._chars) >= HELD and set(self._chars) == {acts}
            if held and not self._burst():  # what comes as fast as a scan may be the head of one
                return self._act_on_last()
            self._typed = typed
            self.deadline = stroke.time + (FAST if typed else UNFINISHED)
        return events

    def _append(self, char: str, time: float) -> list[Event]:
        self._last = time
        self._ended = float("-inf")  # something came between: the next Enter is a person's
        if self._overlong:
            return []
        if len(self._chars) >= (FREE_LIMIT if self._context.free_text else LIMIT):
            self.clear()
            self._overlong = True
            return [Rejected("too_long")]
        self._chars.append(char)
        self._times.append(time)
        return []

    def _operator(self, char: str) -> str | None:
        """`char` as the keymap writes it if it is a command here (caps lock does not matter)."""
        known = self._context.keymap.characters(self._context.mode)
        return next((c for c in (char, char.lower()) if c in known), None)

    def _act_on_last(self) -> list[Event]:
        """The command at the end of the line, with the text before it.

        A line of nothing but one command character is that key held down: it acts each time.
        """
        last, before = self._chars[-1], "".join(self._chars[:-1])
        repeated = len(self._chars) if set(self._chars) == {last} else 1
        self.clear()
        command = self._command(last)
        if command is None:
            return []
        if repeated > 1:
            return [Acted(command)] * repeated
        return [Acted(command, before + last if command in _KEY_IS_TEXT else before)]

    def _command(self, key: str) -> str | None:
        found = self._context.keymap.command(self._context.mode, key)
        return found.id if found else None

    # keys with a name

    def _is_terminator(self, stroke: Stroke) -> bool:
        if stroke.key in ("enter", "ctrl+j", "ctrl+m"):
            return True
        if stroke.key != "tab":
            return False
        if not self._chars and not self._overlong:
            return stroke.time - self._ended <= TWIN and self._ended_burst
        return not self._context.free_text or stroke.pasted or self._burst()

    def _terminated(self, stroke: Stroke) -> list[Event]:
        empty = not self._chars
        if self._overlong:
            self.clear()
            self._note_end(stroke, burst=True)
            return []
        if empty and stroke.time - self._ended <= TWIN:
            line_feed = stroke.key == "ctrl+j" and self._ended_by in ("enter", "ctrl+m")
            if self._ended_burst or line_feed:
                self._ended_by = ""
                return []
        text, burst = "".join(self._chars), self._burst()
        self.clear()
        self._note_end(stroke, burst)
        return [Entered(text, burst)]

    def _note_end(self, stroke: Stroke, burst: bool) -> None:
        self._ended, self._ended_by, self._ended_burst = stroke.time, stroke.key, burst

    def _burst(self) -> bool:
        count = len(self._times)
        return count >= BURST and (self._times[-1] - self._times[0]) / (count - 1) <= FAST

    def _named(self, key: str) -> list[Event]:
        self._ended_burst = False  # a key of its own: the next Enter is a person's
        command = self._command(key)
        if command in _KEEPS_TEXT:
            return [Acted(command)]
        had, text = bool(self._chars) or self._overlong, "".join(self._chars)
        if command == "back" or (command is None and key == "escape"):
            self.clear()
            if had:
                return []
        if command is None:
            return [Strayed(key)]
        self.clear()
        return [Acted(command, "" if command == "back" else text)]


def _narrow(char: str) -> str:
    """A full-width character, as an input method gives it, as the one on the key."""
    if char.isascii() or unicodedata.east_asian_width(char) not in "FH":
        return " " if char == "\u3000" else char
    narrow = unicodedata.normalize("NFKC", char)
    return narrow if len(narrow) == 1 else char
