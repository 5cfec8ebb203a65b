"""Runs of text broken into lines of a column."""

from __future__ import annotations

import msgspec

from pos.receiptline.nodes import Run, Style
from pos.receiptline.width import char_width, clusters, paper_width

Part = tuple[str, Style, int]
"""Text of one line, its style and the paper columns it takes."""


class Broken(msgspec.Struct):
    """The lines of a column. `lost` is the first sign that is wider than the column."""

    lines: list[list[Part]]
    lost: str = ""


def broken(runs: tuple[Run, ...], width: int, wrap: bool) -> Broken:
    """`runs` in lines of at most `width` paper columns; without `wrap` only the first line.

    A run that fills its line ends it, so a wrap by hand after a full line leaves an empty one.
    """
    if not runs:
        return Broken([])
    parts: list[Part] = []
    used = 0
    for text, style in ((run.text, run.style) for run in runs):
        if "\n" in text:
            break
        size = paper_width(text) * style.width
        used += size
        parts.append((text, style, size))
    else:
        if used <= width:
            return Broken([parts])
    lines = _Lines(width)
    for run in runs:
        for index, text in enumerate(run.text.split("\n")):
            if index:
                lines.end()
            lines.add(text, run.style)
            if not wrap and lines.done:
                break
    if lines.line:
        lines.end()
    return Broken(lines.done if wrap else lines.done[:1], lines.lost)


class _Lines:
    """Lines being filled."""

    def __init__(self, width: int) -> None:
        self.width = width
        self.done: list[list[Part]] = []
        self.line: list[Part] = []
        self.used = 0
        self.lost = ""

    def end(self) -> None:
        self.done.append(self.line)
        self.line, self.used = [], 0

    def add(self, text: str, style: Style) -> None:
        kept = ""
        before = self.used
        full = False
        for sign in clusters(text):
            step = char_width(sign) * style.width
            if step > self.width:
                self.lost = self.lost or sign
                full = False
                continue
            if self.used + step > self.width:
                self._keep(kept, style, before)
                self.end()
                kept, before = "", 0
            kept += sign
            self.used += step
            full = self.used == self.width
        self._keep(kept, style, before)
        if full:
            self.end()

    def _keep(self, text: str, style: Style, before: int) -> None:
        if text:
            self.line.append((text, style, self.used - before))
