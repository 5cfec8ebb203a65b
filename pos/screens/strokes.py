"""Key presses as the router takes them, made of what a terminal gives."""

from __future__ import annotations

import msgspec

# An old terminal sends Alt as ESC before the key, so Esc and a quick digit look like Alt+digit;
# Textual 8.2.8 turns those into the signs a Mac keyboard has on Option+digit.
_ALT_SIGNS = dict(zip("¡™£¢∞§¶•ªº–", "1234567890-", strict=True))

# Names of number pad keys that a terminal in full Kitty reporting gives without a character.
_PAD = {
    "multiply": "*",
    "divide": "/",
    "subtract": "-",
    "add": "+",
    "decimal": ".",
    "equal": "=",
    "space": " ",
}


class Stroke(msgspec.Struct, frozen=True):
    """One key: its name, its printable character if it has one, and when it was read (seconds).

    `pasted` characters are never commands.
    """

    key: str
    character: str | None
    time: float
    pasted: bool = False


def strokes(
    key: str, character: str | None, time: float, free_text: bool = False
) -> tuple[Stroke, ...]:
    """One key of the terminal as one stroke, or as Esc and a key where the two were melted."""
    if character is None or len(character) != 1 or not character.isprintable():
        character = key if len(key) == 1 and key.isprintable() else _PAD.get(key)
    if key.startswith("alt+"):
        plain = key.removeprefix("alt+")
        if character is None and len(plain) == 1:
            character = plain
        return _escaped(character or plain, time) if character else ()
    if character in _ALT_SIGNS and not free_text:
        return _escaped(_ALT_SIGNS[character], time)
    return (Stroke(key, character, time),)


def _escaped(character: str, time: float) -> tuple[Stroke, ...]:
    return Stroke("escape", None, time), Stroke(character, character, time)


def pasted(text: str, time: float) -> list[Stroke]:
    """A paste as strokes: its line ends are terminators, FNC1 stays, other controls go."""
    found = []
    for char in text.replace("\r\n", "\n").replace("\r", "\n"):
        if char == "\n":
            found.append(Stroke("enter", None, time, pasted=True))
        elif char == "\t":
            found.append(Stroke("tab", None, time, pasted=True))
        elif char == "\x1d":
            found.append(Stroke("ctrl+right_square_bracket", None, time, pasted=True))
        elif char.isprintable():
            found.append(Stroke(char, char, time, pasted=True))
    return found
