"""A payment by a wallet: the QR in half blocks, and beside it what is and what to do.

Every cell of the QR has its own black or white for both halves, the quiet zone of four modules
too: themes, and gaps between a terminal's lines, leave it as it is.
"""

from __future__ import annotations

from functools import lru_cache

from pos.screens.glyphs import large
from pos.screens.grid import Look, Row, blank, centered, padded, piece, width_of
from pos.screens.panels import folded
from pos.text import cells
from pos.till.view import WalletState, WalletView

QUIET = 4
SIDE = 30
"""The fewest columns the words beside a QR need."""
_TITLE: dict[WalletState, Look] = {
    "qr": "total",
    "waiting": "total",
    "unknown": "error",
    "cancelling": "warn",
    "paid": "ok",
    "declined": "selected",
    "late": "warn",
}
_MARK: dict[WalletState, str] = {
    "qr": "▣",
    "waiting": "…",
    "unknown": "？",
    "cancelling": "↩",
    "paid": "√",
    "declined": "×",
    "late": "！",
}
_HALVES: dict[tuple[bool, bool], tuple[str, Look]] = {
    (False, False): (" ", "qr"),
    (True, True): (" ", "qr_dark"),
    (True, False): ("▀", "qr"),
    (False, True): ("▀", "qr_dark"),
}
"""Cells by their upper and lower module, dark or not."""


def height_of(view: WalletView, width: int, most: int) -> int:
    """Rows that the QR of `view` wants, 0 where it has none that fits; `most`: all there are."""
    rows = _qr(view, width, most)
    return len(rows) if rows else 0


def wallet(view: WalletView, width: int, height: int) -> list[Row]:
    """The whole body: QR at the left where there is one, else the words in the middle."""
    code = _qr(view, width, height)
    if not view.qr or not code:
        return _alone(view, width, height, too_small=bool(view.qr))
    wide = width_of(code[0])
    if view.large or width - wide < SIDE:
        rows = [centered(row, width) for row in code]
        above = (height - len(rows)) // 2
        return ([blank(width)] * above + rows + [blank(width)] * height)[:height]
    beside = _words(view, width - wide - 2, height)
    above = (height - len(code)) // 2
    left = [blank(wide)] * above + code
    left += [blank(wide)] * (height - len(left))
    return [(*a, ("  ", "text"), *b) for a, b in zip(left, beside, strict=True)]


def _alone(view: WalletView, width: int, height: int, *, too_small: bool) -> list[Row]:
    inner = min(width - 4, 64)
    rows = _words(view, inner, height, too_small=too_small)
    return [centered(row, width) for row in rows]


def _words(view: WalletView, width: int, height: int, *, too_small: bool = False) -> list[Row]:
    look = _TITLE[view.state]
    rows: list[Row] = [blank(width), (piece(f" {_MARK[view.state]} {view.title}", width, look),)]
    rows += [blank(width), (piece(view.way, width, "strong"),)]
    figure = large(view.amount, width, 5 if height >= 16 else 3)
    rows += [(piece(line, width, "total"),) for line in figure]
    rows.append(blank(width))
    if view.clock:
        rows.append((piece(view.clock, width, "strong"),))
    hints = ((view.too_small,) if too_small else ()) + view.hints
    for hint in hints:
        rows += [(piece(line, width, "text"),) for line in folded(hint, width)]
    number = [view.number[i : i + 16] for i in range(0, len(view.number), 16)]
    foot: list[Row] = [(piece(line, width, "dim"),) for line in number]
    room = max(height - len(foot), 0)
    rows = rows[:room] + [blank(width)] * max(room - len(rows), 0) + foot
    return [padded(row, width) for row in rows[:height]]


def _qr(view: WalletView, width: int, height: int) -> list[Row]:
    """The QR as large as it fits; empty where it does not. The strongest correction that fits."""
    if not view.qr:
        return []
    beside = 0 if view.large else SIDE
    for level in (0, 1):  # M, then L, in the library's numbers
        modules = _modules(view.qr, level)
        size = len(modules)
        double = 2 * size + beside <= width and size <= height
        if double:
            return _blocks(modules)
        if size <= width and (size + 1) // 2 <= height:
            return _half_blocks(modules)
    return []


@lru_cache(maxsize=8)
def _modules(text: str, level: int) -> tuple[tuple[bool, ...], ...]:
    """The matrix with its quiet zone; dark modules are True."""
    from qrcode.main import QRCode  # type: ignore[import-untyped]  # it has no types

    code = QRCode(error_correction=level, border=QUIET)
    code.add_data(text)
    code.make(fit=True)
    return tuple(tuple(bool(cell) for cell in row) for row in code.get_matrix())


@lru_cache(maxsize=8)
def _half_blocks(modules: tuple[tuple[bool, ...], ...]) -> list[Row]:
    white = (False,) * len(modules)
    rows: list[Row] = []
    for y in range(0, len(modules), 2):
        lower = modules[y + 1] if y + 1 < len(modules) else white
        rows.append(_joined([_HALVES[pair] for pair in zip(modules[y], lower, strict=True)]))
    return rows


@lru_cache(maxsize=8)
def _blocks(modules: tuple[tuple[bool, ...], ...]) -> list[Row]:
    return [_joined([("  ", "qr_dark" if cell else "qr") for cell in row]) for row in modules]


def _joined(found: list[tuple[str, Look]]) -> Row:
    """Neighbours of one look as one piece."""
    out: list[tuple[str, Look]] = []
    for text, look in found:
        if out and out[-1][1] == look:
            out[-1] = (out[-1][0] + text, look)
        else:
            out.append((text, look))
    if sum(cells(text) for text, _ in out) != sum(len(text) for text, _ in out):
        raise AssertionError("a half block is one cell")
    return tuple(out)
