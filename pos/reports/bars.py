"""Bars of a chart in a terminal: an eighth of a cell is the smallest step."""

from __future__ import annotations

from collections.abc import Callable, Sequence

from pos.text import cells, fit

EIGHTHS = " ▏▎▍▌▋▊▉█"
HALVES = " ▌█"
"""For fonts without eighths (the Linux console)."""


def bar(value: int, most: int, width: int, signs: str = EIGHTHS) -> str:
    """A bar of exactly `width` cells; all of it where `value` is `most`. Below zero it is empty.

    `signs` are what a cell may show, from nothing to full. Anything above zero shows something.
    """
    if width <= 0:
        return ""
    steps = len(signs) - 1
    if value <= 0 or most <= 0:
        return signs[0] * width
    filled = max(1, min(value, most) * width * steps // most)
    full, part = divmod(filled, steps)
    drawn = signs[-1] * full + (signs[part] if part else "")
    return drawn + signs[0] * (width - len(drawn))


def chart(
    pairs: Sequence[tuple[str, int]],
    width: int,
    say: Callable[[int], str],
    *,
    signs: str = EIGHTHS,
) -> list[str]:
    """Lines of exactly `width` cells: label, bar, value. A label gets a third of the line."""
    if not pairs:
        return []
    told = [say(value) for _, value in pairs]
    right = max(map(cells, told))
    left = min(max(cells(label) for label, _ in pairs), max(1, width // 3))
    room = max(0, width - left - right - 2)
    most = max(value for _, value in pairs)
    lines = (
        f"{fit(label, left)} {bar(value, most, room, signs)} {fit(text, right, '>')}"
        for (label, value), text in zip(pairs, told, strict=True)
    )
    return [fit(line, width) for line in lines]
