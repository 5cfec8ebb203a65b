"""The one widget: rows in, the changed ones out to the terminal."""

from __future__ import annotations

from collections.abc import Mapping, Sequence

from rich.segment import Segment
from rich.style import Style
from textual.geometry import Region
from textual.strip import Strip
from textual.widget import Widget

from pos.screens.grid import Look, Row, plain

MOST_REMEMBERED = 512
"""Strips kept, some 2 kB each: what few screens show. Rows of earlier orders hardly come back."""


class Canvas(Widget, can_focus=False):
    """Shows rows as they are. Nothing is laid out, nothing has the focus."""

    ALLOW_SELECT = False

    def __init__(self, styles: Mapping[Look, Style]) -> None:
        super().__init__()
        self._styles_of = styles
        self._rows: list[Row] = []
        self._strips: dict[Row, Strip] = {}

    def show(self, rows: Sequence[Row]) -> bool:
        """Take new rows and mark those that differ. True if any does."""
        old, self._rows = self._rows, list(rows)
        if len(old) != len(rows):
            self.refresh()
            return True
        width = self.size.width
        changed = [
            Region(0, y, width, 1)
            for y, (was, row) in enumerate(zip(old, rows, strict=True))
            if was is not row and was != row
        ]
        if changed:
            self.refresh(*changed)
        return bool(changed)

    def render_lines(self, crop: Region) -> list[Strip]:
        """The strips of a part of the widget; no box model in between."""
        width = self.size.width
        found = [self._strip(y, width) for y in range(crop.y, crop.bottom)]
        if crop.x == 0 and crop.right == width:
            return found
        return [strip.crop(crop.x, crop.right) for strip in found]

    def render_line(self, y: int) -> Strip:
        """One row as a strip."""
        return self._strip(y, self.size.width)

    def _strip(self, y: int, width: int) -> Strip:
        """Plain segments, never markup, never a control character."""
        if y >= len(self._rows):
            return Strip([Segment(" " * width, self._styles_of["text"])], width)
        row = self._rows[y]
        strip = self._strips.get(row)
        if strip is None or strip.cell_length != width:
            if len(self._strips) > MOST_REMEMBERED:
                self._strips.clear()
            styles = self._styles_of
            made = Strip([Segment(plain(text), styles[look]) for text, look in row if text])
            strip = made.adjust_cell_length(width, styles["text"])
            self._strips[row] = strip
        return strip
