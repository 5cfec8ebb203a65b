"""Where each key of a TOML text stands."""

from __future__ import annotations

import re
from collections.abc import Mapping

_HEADER = re.compile(r"^\s*\[{1,2}\s*([^\[\]]+?)\s*\]")


_KEY = re.compile(r"^\s*([A-Za-z0-9_\-.\"']+)\s*=")


def lines_of(text: str) -> dict[tuple[str, ...], int]:
    """Where each key stands: dotted path to line number from 1."""
    found: dict[tuple[str, ...], int] = {}
    section: tuple[str, ...] = ()
    for number, line in enumerate(text.split("\n"), 1):
        if header := _HEADER.match(line):
            section = tuple(part.strip(" \"'") for part in header[1].split("."))
            for depth in range(1, len(section) + 1):
                found.setdefault(section[:depth], number)
        elif key := _KEY.match(line):
            path = section + tuple(part.strip(" \"'") for part in key[1].split("."))
            found.setdefault(path, number)
    return found


def line_of(lines: Mapping[tuple[str, ...], int], path: tuple[str, ...]) -> int:
    """The line of a key, or of the nearest section around it."""
    return next((lines[path[:n]] for n in range(len(path), 0, -1) if path[:n] in lines), 1)
