"""Signs drawn large with block elements: digits in two sizes, and the name of the house."""

from __future__ import annotations

from pos.screens.grid import plain
from pos.text import cut

_SMALL = {
    "0": ("█▀█", "█ █", "▀▀▀"),
    "1": ("▀█ ", " █ ", "▀▀▀"),
    "2": ("▀▀█", "█▀▀", "▀▀▀"),
    "3": ("▀▀█", "▀▀█", "▀▀▀"),
    "4": ("█ █", "▀▀█", "  ▀"),
    "5": ("█▀▀", "▀▀█", "▀▀▀"),
    "6": ("█▀▀", "█▀█", "▀▀▀"),
    "7": ("▀▀█", "  █", "  ▀"),
    "8": ("█▀█", "█▀█", "▀▀▀"),
    "9": ("█▀█", "▀▀█", "▀▀▀"),
    "-": ("   ", "▀▀▀", "   "),
    ".": (" ", " ", "▀"),
}
_LARGE = {
    "0": ("██████", "██  ██", "██  ██", "██  ██", "██████"),
    "1": ("████  ", "  ██  ", "  ██  ", "  ██  ", "██████"),
    "2": ("██████", "    ██", "██████", "██    ", "██████"),
    "3": ("██████", "    ██", "██████", "    ██", "██████"),
    "4": ("██  ██", "██  ██", "██████", "    ██", "    ██"),
    "5": ("██████", "██    ", "██████", "    ██", "██████"),
    "6": ("██████", "██    ", "██████", "██  ██", "██████"),
    "7": ("██████", "    ██", "    ██", "    ██", "    ██"),
    "8": ("██████", "██  ██", "██████", "██  ██", "██████"),
    "9": ("██████", "██  ██", "██████", "    ██", "██████"),
    "-": ("      ", "      ", "██████", "      ", "      "),
    ".": ("  ", "  ", "  ", "  ", "██"),
}

BRAND = (
    "    █                    ▄▄           ",
    "    █    █▀▀▀▀▀▀▀▀      ▄█▀   ▄▄      ",
    "▀▀▀▀█▀▀▀ █            ▄█▀      ▀█▄    ",
    "   ██    █▀▀▀▀▀▀█    ███▄▄▄▄▄▄▄▄▄██▄  ",
    "  ▄███▄  █      █     ▀▀▀▀▀▀▀▀▀▀▀  ▀  ",
    "  █ █ ▀▄ █      █     ▄▄▄▄▄▄▄▄▄▄▄▄    ",
    " █▀ █    █▄▄▄▄▄▄█     █          █    ",
    "▀   █    █            █          █    ",
    "    █    █▄▄▄▄▄▄▄▄    █▄▄▄▄▄▄▄▄▄▄█    ",
)
"""柜台, one width for all rows."""


def large(number: str, width: int, height: int) -> list[str]:
    """`number` in the largest digits that fit `width` × `height`; one plain row if none fits.

    Signs there is no picture for (`¥`, `,`) are left out; other text stays plain.
    """
    kept = number.replace("¥", "").replace(",", "").strip()
    if kept and all(c in _SMALL for c in kept):
        for glyphs in (_LARGE, _SMALL):
            rows = [" ".join(parts) for parts in zip(*(glyphs[c] for c in kept), strict=True)]
            if len(rows) <= height and len(rows[0]) <= width:
                return rows
    return [cut(plain(number), width)]
