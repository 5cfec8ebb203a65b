"""What a closing order costs the shop and earns its member, inside the transaction that closes."""

from __future__ import annotations

import json
from collections.abc import Iterable

from msgspec.structs import replace
from sqlalchemy import Connection, text

from pos.money import allocate
from pos.record import OrderClosed
from pos.sale.costing import Valued, worth

_VALUED = text(
    "SELECT j.value, s.valued_milli, s.value_fen, coalesce(s.cost_fen, p.cost_fen)"
    " FROM json_each(:ids) j LEFT JOIN stock_levels s ON s.product_id = j.value"
    " LEFT JOIN products p ON p.product_id = j.value"
)


_EARNING = text(
    "SELECT product_id FROM products JOIN json_each(:ids) j ON j.value = product_id"
    " WHERE earns_points"
)


def valued(connection: Connection, ids: Iterable[int]) -> dict[int, Valued]:
    """What is known of the value of these products' stock."""
    wanted = json.dumps(sorted(set(ids)))
    return {
        row[0]: Valued(row[1] or 0, row[2] or 0, row[3])
        for row in connection.execute(_VALUED, {"ids": wanted})
    }


def costed(connection: Connection, fact: OrderClosed) -> OrderClosed:
    """The order with the cost of each line that has none yet; a return may bring its own."""
    stock = valued(connection, (line.product_id for line in fact.lines))
    lines = []
    for line in fact.lines:
        if line.account:
            lines.append(line)
            continue
        milli, fen = line.milli * line.factor, line.cost_fen
        known = stock[line.product_id]
        if fen is None:
            fen = worth(known, milli)
            line = replace(line, cost_fen=fen)
        stock[line.product_id] = known.less(milli, fen)
        lines.append(line)
    return replace(fact, lines=tuple(lines))


def earned(connection: Connection, fact: OrderClosed, rate: int) -> OrderClosed:
    """The order with its points on the lines that earned them, whole points only.

    `rate` is in hundredths of a point for a yuan; a line that came back brings its own.
    """
    if not rate or not fact.person_id:
        return fact
    ids = json.dumps(sorted({line.product_id for line in fact.lines}))
    earning = {row[0] for row in connection.execute(_EARNING, {"ids": ids})}
    nets = [
        line.net_fen if line.milli > 0 and not line.account and line.product_id in earning else 0
        for line in fact.lines
    ]
    points = sum(nets) * rate // 10_000
    if not points:
        return fact
    lines = (
        replace(line, points=part) if part else line
        for line, part in zip(fact.lines, allocate(points, nets), strict=True)
    )
    return replace(fact, lines=tuple(lines))
