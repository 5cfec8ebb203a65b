"""How each look is painted: dark and light in true colour, plain in reverse and bold alone."""

from __future__ import annotations

from collections.abc import Mapping
from typing import get_args

from rich.style import Style

from pos.screens.grid import Look

_DARK = "#dfe5ea on #11161b"
_LIGHT = "#1c2733 on #fbfaf6"

THEMES: Mapping[str, Mapping[Look, str]] = {
    "dark": {
        "text": _DARK,
        "dim": "#8b98a5 on #11161b",
        "strong": f"bold {_DARK}",
        "header": "bold #f2f6f8 on #1d4e5f",
        "header_dim": "#c3d9e0 on #1d4e5f",
        "alarm": "bold #ffffff on #b3261e",
        "title": "#8fb7c4 on #1a2229",
        "selected": "bold #ffffff on #2a5a6e",
        "selected_dim": "#d5e6ed on #2a5a6e",
        "note": "#e0b45c on #11161b",
        "total": "bold #ffd36b on #11161b",
        "label": "#8fb7c4 on #11161b",
        "border": "#48606b on #11161b",
        "box": _DARK,
        "box_title": "bold #7fd6c2 on #11161b",
        "field": "#dfe5ea on #212b33",
        "typed": "bold #ffffff on #212b33",
        "cursor": "#11161b on #7fd6c2",
        "info": "#b9c6d0 on #11161b",
        "ok": "bold #7bd88f on #11161b",
        "warn": "bold #11161b on #ffc457",
        "error": "bold #ffffff on #b3261e",
        "key": "bold #7fd6c2 on #1a2229",
        "key_name": "#dfe5ea on #1a2229",
        "key_off": "#66727d on #1a2229",
        "brand": "bold #7fd6c2 on #11161b",
        "slip": "#1b1b1b on #f6f4ee",
        "slip_strong": "bold #000000 on #f6f4ee",
        "slip_invert": "bold #f6f4ee on #1b1b1b",
    },
    "light": {
        "text": _LIGHT,
        "dim": "#616e7a on #fbfaf6",
        "strong": f"bold {_LIGHT}",
        "header": "bold #ffffff on #1f6173",
        "header_dim": "#dceef3 on #1f6173",
        "alarm": "bold #ffffff on #b3261e",
        "title": "#2a5f70 on #e7ebe6",
        "selected": "bold #ffffff on #2b7288",
        "selected_dim": "#eaf5f8 on #2b7288",
        "note": "#8a5a00 on #fbfaf6",
        "total": "bold #9a3b00 on #fbfaf6",
        "label": "#2a5f70 on #fbfaf6",
        "border": "#9fb0b5 on #fbfaf6",
        "box": _LIGHT,
        "box_title": "bold #0d6b58 on #fbfaf6",
        "field": "#1c2733 on #e3e9e6",
        "typed": "bold #000000 on #e3e9e6",
        "cursor": "#ffffff on #0d6b58",
        "info": "#3c4a57 on #fbfaf6",
        "ok": "bold #166b2c on #fbfaf6",
        "warn": "bold #1c2733 on #ffc457",
        "error": "bold #ffffff on #b3261e",
        "key": "bold #0d6b58 on #e7ebe6",
        "key_name": "#1c2733 on #e7ebe6",
        "key_off": "#929ca3 on #e7ebe6",
        "brand": "bold #0d6b58 on #fbfaf6",
        "slip": "#1b1b1b on #ffffff",
        "slip_strong": "bold #000000 on #ffffff",
        "slip_invert": "bold #ffffff on #1b1b1b",
    },
    "plain": {
        "strong": "bold",
        "header": "bold reverse",
        "header_dim": "reverse",
        "alarm": "bold reverse",
        "title": "underline",
        "selected": "bold reverse",
        "selected_dim": "reverse",
        "total": "bold",
        "box_title": "bold",
        "typed": "bold",
        "cursor": "reverse",
        "ok": "bold",
        "warn": "bold reverse",
        "error": "bold reverse",
        "key": "bold",
        "brand": "bold",
        "slip_strong": "bold",
        "slip_invert": "reverse",
    },
}

_QR: Mapping[Look, str] = {"qr": "#000000 on #ffffff", "qr_dark": "#ffffff on #000000"}
"""A phone reads black on white alone, whatever the theme: `▀` is the upper half of a cell."""


def styles(theme: str) -> dict[Look, Style]:
    """The style of every look in a theme; an unknown theme is `dark`."""
    chosen = THEMES.get(theme, THEMES["dark"])
    looks: tuple[Look, ...] = get_args(Look)
    return {look: Style.parse(_QR.get(look) or chosen.get(look, "default")) for look in looks}
