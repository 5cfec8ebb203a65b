"""Words of shifts and days: opening, counting, closing."""

from __future__ import annotations

import msgspec


class ShiftWords(msgspec.Struct, frozen=True):
    """One field for each code and word; `{x:yuan}` shows fen as yuan."""

    # refusals
    shift_closed_already: str
    shift_counted_already: str
    shift_not_closed: str
    day_nothing: str
    z_unknown: str


ZH = ShiftWords(
    shift_closed_already="这个班已经交过班了，不能再交",
    shift_counted_already="这个班已经点过钱了，不能再点",
    shift_not_closed="没有这个班的交班记录",
    day_nothing="上次日结之后没有新单，不用再日结",
    z_unknown="没有第 {z} 号日结",
)
EN = ShiftWords(
    shift_closed_already="This shift is closed already",
    shift_counted_already="This shift was counted already",
    shift_not_closed="There is no close of this shift",
    day_nothing="Nothing happened since the last day close; there is no day to close",
    z_unknown="There is no day close {z}",
)
