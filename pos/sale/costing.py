"""What goods cost: the moving average, kept as a sum of money over a quantity, never as a price.

Value goes in at what was paid and leaves at the average, so that what came in is what left plus
what is there, to the fen. What is sold before it was received leaves at the last known cost; the
next receipt then puts a right price on what is there, and the rest of it was cost of sales.
"""

from __future__ import annotations

import msgspec

from pos.money import half_up, line_amount


class Valued(msgspec.Struct, frozen=True):
    """The part of a product's stock whose value is known: thousandths and fen.

    `cost_fen` is the last known cost of one unit, for when there is no average.
    """

    milli: int = 0
    value_fen: int = 0
    cost_fen: int | None = None

    def less(self, milli: int, fen: int | None) -> Valued:
        """After `milli` worth `fen` left."""
        if fen is None:
            return self
        return Valued(self.milli - milli, self.value_fen - fen, self.cost_fen)


def worth(stock: Valued, milli: int) -> int | None:
    """Fen that `milli` of the stock are worth; of both signs, None where nobody knows."""
    if stock.milli > 0:
        return half_up(stock.value_fen * milli, stock.milli)
    if stock.cost_fen is None:
        return None
    return line_amount(stock.cost_fen, milli)


def arrives(stock: Valued, milli: int, paid_fen: int | None) -> int | None:
    """By how much the value grows with `milli` for which `paid_fen` were paid."""
    if paid_fen is None or stock.milli >= 0:
        return paid_fen
    return half_up(paid_fen * (stock.milli + milli), milli) - stock.value_fen
