"""The whole screen from one view: which bar, list and panel stands where at which size."""

from __future__ import annotations

from collections.abc import Callable

import msgspec
from msgspec.structs import replace

from pos.screens import bars, counting, finding, panels, wallet
from pos.screens.grid import Look, Row, blank, centered, over, piece, plain, width_of
from pos.screens.lines import Window, total_band, total_side
from pos.text import cells
from pos.till.view import (
    ChangeView,
    CountedView,
    CountView,
    DialogView,
    FindView,
    GridView,
    HelpView,
    ListView,
    OrderView,
    PayView,
    ReceiptView,
    RefundView,
    ReportView,
    SignInView,
    View,
    WalletView,
    WorkView,
)
from pos.words.screen import ScreenWords

SMALLEST = (60, 16)
"""Columns and rows below which only a request for a larger window is shown."""
_SHADED: Look = "dim"
LEAST_PART = 12
"""Cells below which a part of the line above the sums is left out."""


class Seen(msgspec.Struct, frozen=True):
    """Everything a picture depends on."""

    view: View
    typed: str
    clock: str
    width: int
    height: int


class Composer:
    """Makes the rows of the screen; parts that did not change are not made again."""

    def __init__(self, words: ScreenWords) -> None:
        self.words = words
        self.window = Window()
        self._parts: dict[str, tuple[tuple[object, ...], list[Row]]] = {}

    def rows(self, seen: Seen) -> list[Row]:
        """Exactly `height` rows of exactly `width` cells."""
        width, height, view = seen.width, seen.height, seen.view
        if width < SMALLEST[0] or height < SMALLEST[1]:
            rows = [blank(width)] * (height // 2)
            text = piece(self.words.too_small, min(width, 60), "strong", "^")
            return (rows + [centered((text,), width)] + [blank(width)] * height)[:height]
        keys = 2 if height >= 28 else 1
        top = [bars.header(view.header, seen.clock, width)]
        if view.header.alarm:
            top.append(bars.alarm(view.header.alarm, width))
        message = bars.message(view.message, view.busy, self.words, width)
        foot = [message, bars.prompt(view.prompt, seen.typed, width)]
        if height >= 28:
            foot.insert(1, blank(width))
            foot.append(blank(width))
        foot += self._part(
            "footer", lambda: bars.footer(view.footer, width, keys), view.footer, width, keys
        )
        room = height - len(top) - len(foot)
        if isinstance(view.panel, WalletView) and view.panel.qr:
            room = _make_room(view.panel, top, foot, width, room)
        body = self._part(
            "body", lambda: self._body(view, width, room), view.order, view.panel, width, room
        )
        return [*top, *body, *foot]

    def _part(self, name: str, make: Callable[[], list[Row]], *key: object) -> list[Row]:
        found = self._parts.get(name)
        if found is None or found[0] != key:
            found = self._parts[name] = (key, make())
        return found[1]

    def _body(self, view: View, width: int, height: int) -> list[Row]:
        match view.panel:
            case SignInView():
                return panels.front(view.panel, self.words, width, height)
            case HelpView():
                return panels.help_page(view.panel, width, height)
            case ChangeView():
                return self._change(view.panel, width, height)
            case PayView() | RefundView():
                return self._beside(view, view.panel, width, height)
            case WalletView():
                return wallet.wallet(view.panel, width, height)
            case FindView():
                return finding.found(view.panel, width, height)
            case ReceiptView():
                return finding.receipt(view.panel, width, height)
            case CountView():
                return counting.count(view.panel, width, height)
            case CountedView():
                return counting.counted(view.panel, width, height)
            case ReportView():
                return finding.report(view.panel, width, height)
            case WorkView():
                box = finding.work(view.panel, width)
            case ListView():
                box = panels.choice(view.panel, width, height)
            case GridView():
                box = panels.grid(view.panel, width)
            case DialogView():
                box = panels.dialog(view.panel, width)
            case _:
                return self._order(view, width, height)
        below = [_shaded(row) for row in self._order(view, width, height)]
        return _laid_over(below, box, width)

    def _change(self, view: ChangeView, width: int, height: int) -> list[Row]:
        """The change, and the receipt beside it where there is one and room for it."""
        room = view.columns + 2
        if not view.receipt or width - room < 40:
            return panels.change(view, self.words, width, height)
        left = panels.change(view, self.words, width - room - 1, height)
        paper = finding.slip(view.receipt, view.columns, height)
        return [(*a, (" ", "text"), *b) for a, b in zip(left, paper, strict=True)]

    def _order(self, view: View, width: int, height: int) -> list[Row]:
        if view.order is None:
            return [blank(width)] * height
        if view.order.banner:
            plain_order = replace(view.order, banner="")
            rows = self._order(replace(view, order=plain_order), width, height - 1)
            return [bars.banner(view.order.banner, width), *rows]
        if width >= 100:
            side = 46 if width >= 120 else 38
            lines = self.window.rows(view.order, self.words, width - side, height)
            sums = total_side(view.order, self.words, side, height)
            return [(*a, *b) for a, b in zip(lines, sums, strict=True)]
        band = 5 if height >= 24 else 3
        lines = self.window.rows(view.order, self.words, width, height - band - 1)
        rule = _rule(view.order, self.words, width)
        return [*lines, rule, *total_band(view.order, self.words, width, band)]

    def _beside(
        self, view: View, panel: PayView | RefundView, width: int, height: int
    ) -> list[Row]:
        side = min(max(44, width * 2 // 5), 56)
        banner = view.order.banner if view.order else ""
        top = [bars.banner(banner, width)] if banner else []
        height -= len(top)
        lines = self.window.rows(view.order, self.words, width - side, height)
        if isinstance(panel, RefundView):
            right = panels.refund(panel, self.words, side, height)
        else:
            right = panels.pay(panel, self.words, side, height)
        return [*top, *((*a, *b) for a, b in zip(lines, right, strict=True))]


def _rule(order: OrderView, words: ScreenWords, width: int) -> Row:
    """The line above the sums; it says who buys, what the whole order gets, what is nearly had."""
    parts: list[tuple[str, Look]] = []
    if order.seller:
        parts.append((f"{words.seller} {order.seller}", "strong"))
    if order.customer:
        parts.append((f"{order.delivery or words.customer} {order.customer}", "strong"))
    parts += [(f"{name} {off}", "note") for name, off in order.offers]
    if order.note:
        parts.append((f"{words.note} {order.note}", "text"))
    if order.hint:
        parts.append((order.hint, "dim"))
    row: Row = ()
    for text, look in parts:
        left = width - width_of(row) - 6
        if left < LEAST_PART:
            break
        text = f" {plain(text)} "
        row = (*row, ("──", "border"), piece(text, min(cells(text), left), look))
    return (*row, ("─" * (width - width_of(row)), "border"))


def _make_room(view: WalletView, top: list[Row], foot: list[Row], width: int, room: int) -> int:
    """A QR that is a row or two too high takes the entry line's, then the header's."""
    spare = [(foot, 1), (top, 0)]
    wanted = wallet.height_of(view, width, room + len(spare))
    for rows, index in spare:
        if wanted > room and len(rows) > index:
            del rows[index]
            room += 1
    return room


def _shaded(row: Row) -> Row:
    return tuple((text, _SHADED) for text, _ in row)


def _laid_over(below: list[Row], box: list[Row], width: int) -> list[Row]:
    box = box[: len(below)]
    top = (len(below) - len(box)) // 2
    left = (width - width_of(box[0])) // 2
    rows = list(below)
    for index, row in enumerate(box):
        rows[top + index] = over(rows[top + index], left, row)
    return rows
