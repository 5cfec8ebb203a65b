"""Where columns of a line stand on the paper, and where their frame is."""

from __future__ import annotations

from functools import lru_cache

import msgspec

from pos.receiptline.nodes import STAR, Align, Border


class Grid(msgspec.Struct, frozen=True):
    """Columns of a line as laid out.

    `spans`: for each visible column its index in the line, its first paper column and its width.
    `left` and `width` are what all of it takes with borders; `bars` where a frame crosses it.
    """

    left: int
    width: int
    spans: tuple[tuple[int, int, int], ...]
    bars: tuple[int, ...] = ()


@lru_cache(maxsize=256)
def grid(widths: tuple[int, ...], count: int, border: Border, align: Align, paper: int) -> Grid:
    """The columns of a line of `count` of them under `widths` (`()` is one `STAR` for each).

    Columns for which there is no room are left out, and while the others are too wide together
    the last of the widest loses one.
    """
    asked = widths or (STAR,) * count
    gap = border.gap
    edges = 2 if border.ruled else 0
    most = max(0, (paper - edges + gap) // (1 + gap))
    shown = [index for index, width in enumerate(asked) if width][:most]
    room = paper - edges - gap * (len(shown) - 1)
    sizes = _sizes([min(asked[index], paper) for index in shown], room)
    total = sum(sizes) + gap * (len(shown) - 1) + edges if shown else 0
    left = {"left": 0, "center": (paper - total) // 2, "right": paper - total}[align]
    spans: list[tuple[int, int, int]] = []
    bars = [left]
    at = left + edges // 2
    for index, size in zip(shown, sizes, strict=True):
        spans.append((index, at, size))
        at += size + gap
        bars.append(at - 1)
    return Grid(left, total, tuple(spans), tuple(bars) if border.ruled else ())


def _sizes(asked: list[int], room: int) -> list[int]:
    stars = asked.count(STAR)
    fixed = [width for width in asked if width != STAR]
    if sum(fixed) + stars > room:
        fixed = _lowered(fixed, room - stars)
    left = room - sum(fixed)
    taken, star = iter(fixed), 0
    sizes: list[int] = []
    for width in asked:
        if width == STAR:
            # what does not divide goes to the last ones
            sizes.append(left // stars + (star >= stars - left % stars))
            star += 1
        else:
            sizes.append(next(taken))
    return sizes


def _lowered(widths: list[int], room: int) -> list[int]:
    """`widths` cut down to one level, a column higher for the first ones while that fits."""
    level = max(widths)
    while level > 1 and sum(min(width, level) for width in widths) > room:
        level -= 1
    spare = room - sum(min(width, level) for width in widths)
    sizes: list[int] = []
    for width in widths:
        higher = width > level and spare > 0
        spare -= higher
        sizes.append(min(width, level) + higher)
    return sizes
