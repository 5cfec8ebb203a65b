"""The settings of a printer that ESC @ puts back to what they are when it is switched on."""

from __future__ import annotations

from dataclasses import dataclass, field

from pos.simulators.printer.paper import FONT_SIZES, HANZI_SIZE, Model, Style

DEFAULT_SPACING = 30
"""Dots from one line to the next after ESC 2: 1/6 inch, as clones round it at 203 dpi."""


@dataclass
class Graphic:
    """Dots kept in the printer until a print command; fields as in paper.Image."""

    width: int
    height: int
    across: int
    down: int
    columns: bool
    data: bytes


@dataclass
class Mode:
    """One field a setting; names of the commands are beside them."""

    model: Model
    hanzi: bool = field(init=False)  # FS &  FS .
    country: int = field(init=False)  # ESC R
    page: int = 0  # ESC t
    font: str = "A"  # ESC M  ESC !
    width: int = 1  # GS !  ESC !
    height: int = 1
    hanzi_width: int = 1  # GS !  FS !  FS W
    hanzi_height: int = 1
    bold: bool = False  # ESC E  ESC !
    double_strike: bool = False  # ESC G
    underline: int = 0  # ESC -  ESC !
    hanzi_underline: int = 0  # FS -  FS !
    invert: bool = False  # GS B
    upside_down: bool = False  # ESC {
    rotated: bool = False  # ESC V
    align: int = 0  # ESC a
    spacing: int = DEFAULT_SPACING  # ESC 2  ESC 3
    char_space: int = 0  # ESC SP
    hanzi_left: int = 0  # FS S
    hanzi_right: int = 0
    left: int = 0  # GS L
    area_set: int | None = None  # GS W
    tabs: tuple[int, ...] = ()  # ESC D, in dots
    unit_x: int = 0  # GS P, 0 = one dot
    unit_y: int = 0
    bar_height: int = 162  # GS h
    bar_width: int = 3  # GS w
    hri: int = 0  # GS H
    hri_font: str = "A"  # GS f
    qr_model: int = 50  # GS ( k
    qr_size: int = 3
    qr_level: str = "L"
    qr_data: bytes | None = None
    stored: Graphic | None = None  # GS ( L 112, 113
    downloaded: Graphic | None = None  # GS *

    def __post_init__(self) -> None:
        self.hanzi = self.model.hanzi_at_start
        self.country = self.model.country
        step = 8 * FONT_SIZES["A"][0]
        self.tabs = tuple(range(step, self.model.dots, step))

    @property
    def area(self) -> int:
        """Dots of the print area, from the left margin on; at least one."""
        room = max(1, self.model.dots - self.left)
        return room if self.area_set is None else max(1, min(room, self.area_set))

    def across(self, units: int) -> int:
        """Horizontal motion units (GS P) in dots."""
        return units * self.model.dpi // self.unit_x if self.unit_x else units

    def down(self, units: int) -> int:
        """Vertical motion units (GS P) in dots."""
        return units * self.model.dpi // self.unit_y if self.unit_y else units

    def style(self, double: bool) -> Style:
        """The look of the next one-byte or two-byte character."""
        return Style(
            font="A" if double else self.font,
            width=self.hanzi_width if double else self.width,
            height=self.hanzi_height if double else self.height,
            bold=self.bold or self.double_strike,
            underline=self.hanzi_underline if double else self.underline,
            invert=self.invert,
            upside_down=self.upside_down,
            rotated=self.rotated,
        )

    def advance(self, double: bool) -> tuple[int, int, int]:
        """Blank before, width of the cell, blank after one character, in dots.

        ESC SP and FS S give the space for single width; it grows with the character.
        """
        if double:
            wide = self.hanzi_width
            return self.hanzi_left * wide, HANZI_SIZE * wide, self.hanzi_right * wide
        cell = FONT_SIZES[self.font][1 if self.rotated else 0]
        return 0, cell * self.width, self.char_space * self.width
