"""Which places of an epoch are empty. Pure: ranges below the top, and how far nothing is missing.

A range is `missing` until something comes, or `rejected` when what came is kept aside: those bytes
are here, so a till need not send from there again.
"""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from typing import Literal

import msgspec

Kind = Literal["missing", "rejected"]


class Gap(msgspec.Struct, frozen=True):
    """Places `first` to `last` of an epoch."""

    first: int
    last: int
    kind: Kind = "missing"


class Extent(msgspec.Struct, frozen=True):
    """From where to where an epoch reaches: `first` 0 where it has nothing yet."""

    first: int
    top: int
    gaps: tuple[Gap, ...] = ()

    @property
    def high(self) -> int:
        """The last place up to which nothing is missing; what was rejected counts as here."""
        missing = [gap.first for gap in self.gaps if gap.kind == "missing"]
        return min(missing) - 1 if missing else self.top


def widened(extent: Extent, came: Iterable[tuple[int, bool]]) -> Extent:
    """The extent after records came: places in any order, and whether each was taken in.

    What was rejected moves the top by one place at most and replaces no record: what it says of
    itself is not believed.
    """
    first, top = extent.first, extent.top
    gaps = list(extent.gaps)
    for jn, taken in came:
        if first == 0:
            if taken:
                first = top = jn
        elif first <= jn <= top:
            gaps = _filled(gaps, jn, taken)
        elif taken:
            if jn > top + 1:
                gaps.append(Gap(top + 1, jn - 1))
            if jn < first - 1:
                gaps.append(Gap(jn + 1, first - 1))
            first, top = min(first, jn), max(top, jn)
        elif jn == top + 1:
            top = jn
            gaps.append(Gap(jn, jn, "rejected"))
    return Extent(first, top, merged(gaps))


def _filled(gaps: Sequence[Gap], jn: int, taken: bool) -> list[Gap]:
    left: list[Gap] = []
    for gap in gaps:
        if not gap.first <= jn <= gap.last:
            left.append(gap)
            continue
        if gap.first < jn:
            left.append(Gap(gap.first, jn - 1, gap.kind))
        if not taken:
            left.append(Gap(jn, jn, "rejected"))
        if jn < gap.last:
            left.append(Gap(jn + 1, gap.last, gap.kind))
    return left


def merged(gaps: Iterable[Gap]) -> tuple[Gap, ...]:
    """Neighbours of one kind as one range, in order."""
    found: list[Gap] = []
    for gap in sorted(gaps, key=lambda one: one.first):
        before = found[-1] if found else None
        if before is not None and before.kind == gap.kind and before.last + 1 == gap.first:
            found[-1] = Gap(before.first, gap.last, gap.kind)
        else:
            found.append(gap)
    return tuple(found)
