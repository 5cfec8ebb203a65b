"""Bars by hour as numbers for inline SVG: upright for a desk, lying for a phone. Pure."""

from __future__ import annotations

import msgspec

from pos.money import yuan


class Bar(msgspec.Struct, frozen=True):
    """An hour: orders, fen, and fen of the same hour a week ago."""

    hour: int
    orders: int
    fen: int
    ago_fen: int = 0


class Drawn(msgspec.Struct, frozen=True):
    """A bar in its place; `ago` is where the mark of a week ago lies, `text` what is written."""

    bar: Bar
    at: float
    length: float
    ago: float
    text: str


class Chart(msgspec.Struct, frozen=True):
    """Bars along a line of `width` by `height`; `step` from one to the next."""

    width: int
    height: int
    step: float
    thick: float
    bars: tuple[Drawn, ...]


def short(fen: int) -> str:
    """Yuan in the fewest signs: 0.50, 86, 1240, 1.2万."""
    if abs(fen) < 100_00:
        return yuan(fen).removesuffix(".00")
    if abs(fen) < 10_000_00:
        return str(round(fen / 100))
    return f"{fen / 10_000_00:.1f}万"


def columns(bars: list[Bar]) -> Chart:
    """Upright bars."""
    return _chart(bars, 760, 190, 760 / max(len(bars), 1), 150)


def rows(bars: list[Bar]) -> Chart:
    """Lying bars, one below the other."""
    return _chart(bars, 328, 22 * len(bars), 22, 212)


def _chart(bars: list[Bar], width: int, height: int, step: float, longest: int) -> Chart:
    most = max([1, *(bar.fen for bar in bars), *(bar.ago_fen for bar in bars)])

    def size(fen: int) -> float:
        return round(max(fen, 0) * longest / most, 1)

    drawn = tuple(
        Drawn(
            bar,
            round(n * step, 1),
            size(bar.fen),
            size(bar.ago_fen),
            short(bar.fen) if bar.fen else "",
        )
        for n, bar in enumerate(bars)
    )
    return Chart(width, height, round(step, 1), round(min(step * 0.68, 34), 1), drawn)
