"""How long closing a day takes: all figures of a Z, its grand total and its bytes."""

from __future__ import annotations

import random
import sqlite3
import time
from collections.abc import Iterator
from pathlib import Path

import msgspec

from bench.figures import Result
from bench.shop import code_of, name_of, shop
from pos.record import Where
from pos.reports.closes import day_closed
from pos.store.reader import Reader

LINES = 10
PRODUCTS = 5000
PAST_LINES = 2
DAY = "2026-03-02"
WAYS = ("cash", "wechat", "alipay", "bank")
_ENCODER = msgspec.json.Encoder(order="sorted")
_FLOOR = (
    "SELECT count(*), sum(total_fen), sum(tax_fen) FROM orders"
    " WHERE business_date = ? AND state = 'closed'",
    "SELECT t.way, count(*), sum(t.fen) FROM orders o JOIN order_tenders t USING (order_id)"
    " WHERE o.business_date = ? AND o.state = 'closed' GROUP BY 1",
    "SELECT l.product_id, sum(l.milli), sum(l.net_fen) FROM orders o JOIN order_lines l"
    " USING (order_id) WHERE o.business_date = ? AND o.state = 'closed' GROUP BY 1"
    " ORDER BY 3 DESC LIMIT 20",
)
"""Three rollups: the day, by way of paying, the twenty best products."""


def run(quick: bool, full: bool) -> Result:
    """A day of 10,000 orders of ten lines; with `full` one of 1,000 among 1,000,000."""
    orders, tries = (1000, 5) if quick else (10_000, 11)
    result = Result("close", orders)
    with shop(PRODUCTS) as place:
        path = place.place().path
        _fill(path, orders, LINES, start=0, day=DAY)
        _measure(result, "day_close_10k", path, tries, DAY)
        result.counts["orders"] = orders
    if full:
        with shop(PRODUCTS) as place:
            path = place.place().path
            _fill(path, 999_000, PAST_LINES, start=0, day="")
            _close(path, 999_000)
            _fill(path, 1000, LINES, start=999_000, day=DAY)
            _measure(result, "day_close_in_1m", path, tries, DAY)
            result.counts["orders_in_1m"] = 1_000_000
            result.counts["ledger_mb"] = path.stat().st_size >> 20
    return result


def _measure(result: Result, name: str, path: Path, tries: int, day: str) -> None:
    reader = Reader(path)
    where = Where("9001", "s", day)
    times, floor = [], []
    size = 0
    for _ in range(tries):
        start = time.perf_counter()
        fact = day_closed(reader, where, day, auto=False)
        size = len(_ENCODER.encode(fact))
        times.append(time.perf_counter() - start)
        start = time.perf_counter()
        for sql in _FLOOR:
            reader.rows(sql, (day,))
        floor.append(time.perf_counter() - start)
    reader.close()
    result.add(name, times, floor)
    result.counts[f"{name}_bytes"] = size


def _close(path: Path, orders: int) -> None:
    """A Z behind all orders so far."""
    last = _last(path)
    raw = sqlite3.connect(path, isolation_level=None)
    at = f"{DAY}T01:00:00.000Z"
    raw.execute(
        "INSERT INTO journal (jn, kind, at, body, hash, signature) VALUES (?,?,?,?,?,?)",
        (last + 1, "day.closed", at, b"x", bytes(32), bytes(64)),
    )
    raw.execute(
        "INSERT INTO day_closes VALUES (1,?,'9001','s','2026-03-01',?,0,?,1,?,?,?,0,?,0,0)",
        (last + 1, at, last, orders, orders, 1, 1),
    )
    raw.close()


def _last(path: Path) -> int:
    raw = sqlite3.connect(path)
    found = int(raw.execute("SELECT max(jn) FROM journal").fetchone()[0])
    raw.close()
    return found


def _fill(path: Path, orders: int, lines: int, *, start: int, day: str) -> None:
    """Closed orders by plain SQL: no chain, only their weight. No day: a thousand orders a day."""
    first = _last(path) + 1
    raw = sqlite3.connect(path, isolation_level=None)
    raw.execute("PRAGMA synchronous=OFF")
    raw.execute("BEGIN")
    rng = random.Random(1)
    at = f"{DAY}T02:00:00.000Z"
    raw.executemany(
        "INSERT INTO journal (jn, kind, at, body, hash, signature) VALUES (?,?,?,?,?,?)",
        ((first + n, "order.closed", at, b"x", bytes(32), bytes(64)) for n in range(orders)),
    )
    raw.executemany(
        "INSERT INTO orders (order_id, jn, epoch, seq, number, state, operator, shift_id,"
        " business_date, opened_at, ended_at, total_fen, tax_fen, rounding_fen, change_fen,"
        " reason) VALUES (?,?,1,?,?,'closed',?,'s',?,?,?,?,?,0,0,'')",
        (
            (
                f"o{start + n:08d}",
                first + n,
                start + n + 1,
                f"00010101{start + n + 1:07d}",
                f"100{n % 3}",
                day or _date(n),
                at,
                at,
                1000 * lines,
                115 * lines,
            )
            for n in range(orders)
        ),
    )
    raw.executemany(
        "INSERT INTO order_lines (order_id, line_no, jn, product_id, sku, barcode, name, unit,"
        " milli, unit_fen, list_fen, net_fen, tax_bp, tax_fen)"
        " VALUES (?,?,?,?,?,?,?,'件',1000,1100,1100,1000,1300,115)",
        _lines(orders, lines, start, first, rng),
    )
    raw.executemany(
        "INSERT INTO line_adjustments (order_id, line_no, n, jn, kind, fen) VALUES (?,?,1,?,?,100)",
        (
            (f"o{start + n:08d}", k, first + n, "promotion" if k % 2 else "order_discount")
            for n in range(orders)
            for k in range(1, lines + 1)
        ),
    )
    raw.executemany(
        "INSERT INTO order_tenders (order_id, n, jn, way, fen, given_fen, reference)"
        " VALUES (?,1,?,?,?,?,'')",
        (
            (f"o{start + n:08d}", first + n, WAYS[n % 4], 1000 * lines, 1000 * lines)
            for n in range(orders)
        ),
    )
    raw.execute("COMMIT")
    raw.close()


def _lines(
    orders: int, lines: int, start: int, first: int, rng: random.Random
) -> Iterator[tuple[object, ...]]:
    for n in range(orders):
        for k in range(1, lines + 1):
            index = rng.randrange(1, PRODUCTS)
            yield (
                f"o{start + n:08d}",
                k,
                first + n,
                index,
                f"{index:06d}",
                code_of(index),
                name_of(index),
            )


def _date(n: int) -> str:
    """One of a thousand days before the measured one, a thousand orders each."""
    day = n // 1000
    return f"{2023 + day // 336}-{1 + day // 28 % 12:02d}-{1 + day % 28:02d}"
