"""The strip of paper under the head: collects a line, prints it, feeds, and is cut off.

Rules of Epson's ESC/POS command reference: characters wait in the line buffer until a line feed;
a character that does not fit prints what waits and begins the next line; ESC a moves the whole
line when it is printed; the tallest character makes the line's height.
"""

from __future__ import annotations

from dataclasses import dataclass

from pos.simulators.printer.mode import Graphic, Mode
from pos.simulators.printer.paper import (
    Bars,
    Fault,
    Feed,
    Image,
    Kick,
    Mark,
    Qr,
    Receipt,
    Row,
    Span,
    Style,
)


@dataclass
class _Waiting:
    """A column image (ESC *) in the line buffer."""

    x: int
    graphic: Graphic


class Strip:
    """Paper since the last cut. `dots` is the printable width."""

    def __init__(self, dots: int) -> None:
        self.dots = dots
        self.start = 0
        self._clear()

    def _clear(self) -> None:
        self.y = 0
        self.printed_to = 0
        self.length = 0
        self.marks: list[Mark] = []
        self.kicks: list[Kick] = []
        self.faults: list[Fault] = []
        self.beeps = 0
        self.drop_line()

    def drop_line(self) -> None:
        """Forgets what waits in the line buffer."""
        self._spans: list[Span] = []
        self._pictures: list[_Waiting] = []
        self._tall = 0
        self._used = 0
        self.x = 0

    @property
    def line_waits(self) -> bool:
        """Whether something waits in the line buffer."""
        return bool(self._spans or self._pictures)

    @property
    def blank(self) -> bool:
        """Whether nothing was printed on this strip and nothing waits."""
        return not self.printed_to and not self.line_waits

    def put(self, text: str, step: int, before: int, double: bool, style: Style) -> None:
        """Characters into the line buffer at the print position, which moves on."""
        at = self.x + before
        spans = self._spans
        last = spans[-1] if spans else None
        if (
            last is not None
            and last.step == step
            and last.double == double
            and last.x + len(last.text) * step == at
            and last.style == style
        ):
            span = spans[-1] = Span(last.x, last.text + text, step, double, style)
        else:
            span = Span(at, text, step, double, style)
            spans.append(span)
        self.x += step * len(text)
        wide, tall = span.cell
        self._grow(span.x + (len(span.text) - 1) * step + wide, tall)

    def put_picture(self, graphic: Graphic) -> None:
        """A column image into the line buffer."""
        self._pictures.append(_Waiting(self.x, graphic))
        self.x += graphic.width * graphic.across
        self._grow(self.x, graphic.height * graphic.down)

    def _grow(self, end: int, tall: int) -> None:
        self._used = max(self._used, end)
        self._tall = max(self._tall, tall)

    def print_line(self, mode: Mode, feed: int | None = None) -> None:
        """Prints what waits and feeds `feed` dots, the line spacing if None.

        Never less than the line's own height. An empty line buffer only feeds: without `feed`
        that is an empty row.
        """
        spacing = mode.spacing if feed is None else feed
        if not self.line_waits:
            if feed is None:
                self.marks.append(Row(self.y, mode.spacing, self.dots))
            self._move(spacing)
            return
        height = self._tall
        shift = mode.left + self._shift(mode, self._used)
        spans = self._spans
        if shift:
            spans = [Span(s.x + shift, s.text, s.step, s.double, s.style) for s in spans]
        for waiting in self._pictures:
            g = waiting.graphic
            top = self.y + height - g.height * g.down
            self.marks.append(self._image(waiting.x + shift, top, g, mode.left + mode.area))
        if spans:
            self.marks.append(Row(self.y, height, self.dots, tuple(spans)))
        self.printed_to = max(self.printed_to, self.y + height)
        self.drop_line()
        self._move(max(height, spacing))

    def _shift(self, mode: Mode, used: int) -> int:
        if not mode.align:
            return 0
        room = max(0, mode.area - used)
        return room // 2 if mode.align == 1 else room

    def _image(self, x: int, y: int, g: Graphic, right_edge: int) -> Image:
        limit = max(0, min(g.width * g.across, right_edge - x))
        return Image(x, y, g.width, g.height, g.across, g.down, g.columns, g.data, limit)

    def _move(self, dots: int) -> None:
        self.y = max(0, self.y + dots)
        self.length = max(self.length, self.y)

    def feed(self, mode: Mode, dots: int) -> None:
        """Prints what waits and moves the paper on; negative moves it back."""
        if self.line_waits:
            self.print_line(mode, dots)
        else:
            self.marks.append(Feed(self.y, dots))
            self._move(dots)

    def print_graphic(self, graphic: Graphic, mode: Mode) -> bool:
        """Prints dots as a block of their own; False if they are wider than the print area."""
        wide = graphic.width * graphic.across
        x = mode.left + self._shift(mode, wide)
        self.marks.append(self._image(x, self.y, graphic, mode.left + mode.area))
        self._printed(graphic.height * graphic.down)
        return wide <= mode.area

    def print_qr(self, data: bytes, modules: int, mode: Mode) -> bool:
        """Prints a QR code; False, and nothing printed, if it does not fit across."""
        wide = modules * mode.qr_size
        if wide > mode.area:
            return False
        x = mode.left + self._shift(mode, wide)
        self.marks.append(Qr(x, self.y, data, modules, mode.qr_size, mode.qr_level))
        self._printed(wide)
        return True

    def print_bars(
        self, kind: str, data: bytes, runs: tuple[int, ...], caption: str, mode: Mode
    ) -> bool:
        """Prints a bar code; False, and nothing printed, if it does not fit across."""
        wide = sum(runs)
        if wide > mode.area:
            return False
        x = mode.left + self._shift(mode, wide)
        bars = Bars(x, self.y, kind, data, runs, mode.bar_height, mode.hri, mode.hri_font, caption)
        self.marks.append(bars)
        self._printed(bars.height)
        return True

    def _printed(self, height: int) -> None:
        self.printed_to = max(self.printed_to, self.y + height)
        self._move(height)

    def take(self, ended: str, end: int, raw: bytes) -> Receipt:
        """Cuts the strip off; the next begins at `end` of the stream."""
        receipt = Receipt(
            dots=self.dots,
            marks=tuple(self.marks),
            kicks=tuple(self.kicks),
            faults=tuple(sorted(self.faults, key=lambda fault: fault.offset)),
            start=self.start,
            end=end,
            raw=raw,
            length=max(self.length, self.printed_to),
            ended=ended,
            beeps=self.beeps,
        )
        self.start = end
        self._clear()
        return receipt
