"""How long a sale takes to close on disk, and a whole sale on the screen."""

from __future__ import annotations

import sqlite3
import time
from pathlib import Path
from tempfile import TemporaryDirectory

from bench.figures import Result
from bench.shop import PRODUCTS, code_of, shop, sign_in, till
from pos.record import Where
from pos.sale import order as rules
from pos.sale import tenders
from pos.sale.order import Order
from pos.store.reader import Reader
from tests.shop import Shop

LINES = 10
_TABLES = ("journal", "orders", "order_lines", "order_tenders", "stock_moves", "print_jobs")
_END = "\x1b[F"


def run(quick: bool, _full: bool) -> Result:
    """Close orders of ten lines by the service, by sqlite3 alone, and by hand in a terminal."""
    closes, sales = (100, 10) if quick else (500, 40)
    result = Result("sale", closes)
    with shop(5000 if quick else PRODUCTS) as place:
        times = _close(place, closes)
        result.add("engine_close", times, _floor(place.place().path, closes))
        with till(place) as terminal:
            sign_in(terminal)
            on_screen = []
            for n in range(sales):
                time.sleep(0.05)
                codes = "".join(f"{code_of(1 + n * LINES + k)}\r" for k in range(LINES))
                sent = terminal.send(codes + _END + "\r")
                number = f"000101{1:02d}{closes + n + 1:07d}"
                on_screen.append(terminal.wait_for(number) - sent)
            result.add("on_screen", on_screen)
    return result


def _close(place: Shop, count: int) -> list[float]:
    ledger = place.ledger()
    reader = Reader(ledger.place.path)
    where = Where("1001", "shift", "2026-03-02")
    times = []
    for n in range(count):
        order = Order(ledger.place.ids.uuid7(), "2026-03-02T02:00:00.000Z", "1001")
        for k in range(LINES):
            product = reader.product(code_of(1 + (n * LINES + k) % 4999))
            assert product is not None
            order = rules.add(order, product, code_of(1), 1000, merge=False)
        ledger.save_draft(order)
        order = tenders.take_cash(order, None, "none", 100_000)
        start = time.perf_counter()
        ledger.close_order(order, where)
        times.append(time.perf_counter() - start)
    ledger.close()
    return times


def _floor(path: Path, count: int) -> list[float]:
    """The same rows into the same tables by sqlite3 alone, one transaction a sale."""
    source = sqlite3.connect(path)
    columns = {t: [c[1] for c in source.execute(f"PRAGMA table_info({t})")] for t in _TABLES}
    jn_of = dict(source.execute("SELECT order_id, jn FROM orders"))
    sales: dict[int, dict[str, list[tuple[object, ...]]]] = {}
    first = min(jn_of.values())
    before = source.execute("SELECT * FROM journal WHERE jn < ?", (first,)).fetchall()
    for name in _TABLES:
        key = "order_id" if name == "print_jobs" else "jn"
        at = columns[name].index(key)
        for row in source.execute(f"SELECT * FROM {name}"):
            jn = jn_of[row[at]] if key == "order_id" else row[at]
            if jn >= first:
                sales.setdefault(jn, {}).setdefault(name, []).append(row)
    schema = [
        sql
        for (sql,) in source.execute(
            "SELECT sql FROM sqlite_schema WHERE sql IS NOT NULL ORDER BY rowid"
        )
    ]
    insert = {t: f"INSERT INTO {t} VALUES ({','.join('?' * len(c))})" for t, c in columns.items()}
    times = []
    with TemporaryDirectory(prefix="guitai-floor-", dir=path.parent) as folder:
        raw = sqlite3.connect(Path(folder) / "floor.db", isolation_level=None)
        for pragma in ("journal_mode=wal", "synchronous=2", "foreign_keys=1"):
            raw.execute(f"PRAGMA {pragma}")
        for sql in schema:
            raw.execute(sql)
        raw.executemany(insert["journal"], before)
        for _, rows in sorted(sales.items())[:count]:
            start = time.perf_counter()
            raw.execute("BEGIN IMMEDIATE")
            for name in _TABLES:
                if name in rows:
                    raw.executemany(insert[name], rows[name])
            raw.execute("COMMIT")
            times.append(time.perf_counter() - start)
        raw.close()
    source.close()
    return times
