"""Labels that a shop's own scale prints: the patterns of `[[scale_labels]]`.

Widths, order and decimals are settings of each scale, so they are config here and nothing is
guessed: a code that fits no pattern is no label.
"""

from __future__ import annotations

import re
from collections.abc import Sequence
from functools import lru_cache

import msgspec

from pos.devices import ScaleLabel
from pos.hardware.gs1 import checks
from pos.refusal import Refused

_FIELDS = "xwnmuvs"
_VALUES = "wnmvs"


class Label(msgspec.Struct, frozen=True):
    """What a label says. `milli`: grams, or pieces × 1000; the others in fen; None: not on it."""

    item: str
    milli: int | None = None
    amount_fen: int | None = None
    unit_fen: int | None = None
    member: str = ""


class BadCheck(msgspec.Struct, frozen=True):
    """It fits a pattern, and its check digit is wrong."""

    pattern: str


def read_label(code: str, labels: Sequence[ScaleLabel]) -> Label | BadCheck | None:
    """What `code` says by the first pattern that it fits."""
    for label in labels:
        found = _regex(label.pattern).fullmatch(code)
        if found is None:
            continue
        if label.check == "ean" and "c" in label.pattern and not checks(code):
            return BadCheck(label.pattern)
        parts = {key: value or "" for key, value in found.groupdict().items()}
        return Label(
            item=parts.get("x", ""),
            milli=_milli(parts, label),
            amount_fen=_money(parts.get("m"), label.amount_decimals),
            unit_fen=_money(parts.get("u"), label.amount_decimals),
            member=parts.get("v") or parts.get("s") or "",
        )
    return None


def label_problems(labels: Sequence[ScaleLabel]) -> list[Refused]:
    """Patterns that cannot be read, or of which two fit the same code."""
    found = []
    for number, label in enumerate(labels):
        pattern = label.pattern
        if not _well_formed(pattern):
            found.append(Refused("label_pattern", pattern=pattern))
            continue
        for other in labels[:number]:
            if _well_formed(other.pattern) and _overlap(pattern, other.pattern):
                found.append(Refused("label_patterns_clash", one=other.pattern, two=pattern))
    return found


def _milli(parts: dict[str, str], label: ScaleLabel) -> int | None:
    if pieces := parts.get("n"):
        return int(pieces) * 1000
    weight = parts.get("w")
    if not weight:
        return None
    if label.weight_decimals <= 3:
        return int(weight) * int(10 ** (3 - label.weight_decimals))
    return (int(weight) + 5) // 10


def _money(digits: str | None, decimals: int) -> int | None:
    return int(digits) * int(10 ** (2 - decimals)) if digits else None


def _runs(pattern: str) -> list[str]:
    return [found[0] for found in re.finditer(r"([0-9])+?|([a-z])\2*", pattern)]


def _well_formed(pattern: str) -> bool:
    """Each field once and whole, a value, an item unless it is a card, `c` once and last."""
    letters = [run[0] for run in _runs(pattern) if run[0] in _FIELDS]
    if len(set(letters)) != len(letters):
        return False
    if not pattern[:2].isdigit() or pattern.count("c") > 1:
        return False
    if "c" in pattern and not pattern.endswith("c"):
        return False
    card = "v" in letters or "s" in letters
    return card != ("x" in letters) and any(v in letters for v in _VALUES)


@lru_cache(maxsize=64)
def _regex(pattern: str) -> re.Pattern[str]:
    parts = []
    for run in _runs(pattern):
        if run[0] in _FIELDS:
            parts.append(f"(?P<{run[0]}>[0-9]{{{len(run)}}})")
        elif run[0] in "dc":
            parts.append(f"[0-9]{{{len(run)}}}")
        else:
            parts.append(run)
    return re.compile("".join(parts))


def _overlap(one: str, two: str) -> bool:
    if len(one) != len(two):
        return False
    return all(a == b or not (a.isdigit() and b.isdigit()) for a, b in zip(one, two, strict=True))
