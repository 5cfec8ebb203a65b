"""Extents against a plain set of numbers."""

from __future__ import annotations

from hypothesis import given
from hypothesis import strategies as st

from pos.headoffice.gaps import Extent, widened


@given(st.lists(st.lists(st.tuples(st.integers(1, 30), st.booleans()), max_size=8), max_size=6))
def test_gaps_are_what_is_not_there(batches: list[list[tuple[int, bool]]]) -> None:
    extent = Extent(0, 0)
    taken: set[int] = set()
    for batch in batches:
        fresh = [(jn, good) for jn, good in batch if not (good and jn in taken)]
        extent = widened(extent, fresh)
        taken |= {jn for jn, good in fresh if good}
    if not taken:
        assert extent == Extent(0, 0)
        return
    assert extent.first == min(taken)
    assert extent.top >= max(taken)
    empty = {jn for gap in extent.gaps for jn in range(gap.first, gap.last + 1)}
    assert empty == set(range(extent.first, extent.top + 1)) - taken
    missing = {
        jn for gap in extent.gaps if gap.kind == "missing" for jn in range(gap.first, gap.last + 1)
    }
    assert extent.high == (min(missing) - 1 if missing else extent.top)
    ends = [gap.last for gap in extent.gaps]
    starts = [gap.first for gap in extent.gaps]
    assert all(end < start for end, start in zip(ends, starts[1:], strict=False))
