"""A shop for measuring: many products, real PIN hashing, and if wished a long past."""

from __future__ import annotations

import hashlib
import os
import re
import sqlite3
import sys
from collections.abc import Iterator
from contextlib import contextmanager
from datetime import UTC, datetime
from pathlib import Path
from tempfile import TemporaryDirectory

from bench.terminal import Terminal
from pos.access.pins import Pins
from tests.shop import PIN, Hands, Shop, make_shop
from tests.staged import ProductRow

PRODUCTS = 100_000
WHO = "1001"


def code_of(index: int) -> str:
    """The EAN-13 of a product, in the in-store range."""
    digits = f"26{index:010d}"
    odd, even = (sum(int(c) for c in digits[start::2]) for start in (0, 1))
    return digits + str(-(odd + 3 * even) % 10)


def name_of(index: int) -> str:
    """What its line shows, unlike any other's."""
    return f"商品{index:06d}号"


@contextmanager
def shop(products: int = PRODUCTS) -> Iterator[Shop]:
    """A shop in a folder of its own, gone afterwards."""
    rows = [
        ProductRow(
            f"{index:06d}", name_of(index), "件", 100 + index % 9000, 1300, (code_of(index),)
        )
        for index in range(1, products + 1)
    ]
    with TemporaryDirectory(prefix="guitai-bench-") as folder:
        made = make_shop(Path(folder), products=rows, pins_of=Pins)
        made.hands = Hands(datetime.now(UTC))
        yield made


def till(of: Shop, *argv: str) -> Terminal:
    """The till of a shop in a terminal of 80 by 24."""
    env = {"POS_CONFIG": str(of.config_file), "HOME": str(of.folder)}
    return Terminal([sys.executable, "-m", "pos.cli", "run", *argv], env=env)


def sign_in(terminal: Terminal) -> None:
    """Wait for the front page and sign the cashier in."""
    terminal.wait_for("工号")
    terminal.send(f"{WHO}\r{PIN[WHO]}\r")
    terminal.wait_for(re.compile("营业日|已恢复"))


def grow_old(of: Shop, orders: int) -> None:
    """Put `orders` sales of one line into the past by plain SQL; no chain, only weight."""
    path = of.place().path
    raw = sqlite3.connect(path, isolation_level=None)
    start = raw.execute("SELECT max(jn) FROM journal").fetchone()[0]
    body, digest = os.urandom(900), hashlib.sha256(b"").digest()
    at = "2026-01-01T00:00:00.000Z"
    raw.execute("BEGIN")
    raw.executemany(
        "INSERT INTO journal VALUES (?,?,?,?,?,?)",
        ((start + n, "order.closed", at, body, digest, bytes(64)) for n in range(1, orders + 2)),
    )
    raw.executemany(
        "INSERT INTO orders (order_id, jn, epoch, seq, number, ref, state, operator, shift_id,"
        " business_date, opened_at, ended_at, total_fen, tax_fen, rounding_fen, change_fen, reason)"
        " VALUES (?,?,?,?,?,?,?,?,?,?,?,?,?,?,?,?,?)",
        (
            (
                f"o{n:08d}",
                start + n,
                1,
                n,
                f"00010101{n:07d}",
                None,
                "closed",
                WHO,
                "s",
                f"2026-{1 + n % 12:02d}-{1 + n % 28:02d}",
                at,
                at,
                100,
                12,
                0,
                0,
                "",
            )
            for n in range(1, orders + 1)
        ),
    )
    raw.executemany(
        "INSERT INTO order_lines (order_id, line_no, jn, product_id, sku, barcode, name, unit,"
        " milli, unit_fen, list_fen, net_fen, tax_bp, tax_fen)"
        " VALUES (?,?,?,?,?,?,?,?,?,?,?,?,?,?)",
        (
            (
                f"o{n:08d}",
                1,
                start + n,
                1,
                "000001",
                code_of(1),
                name_of(1),
                "件",
                1000,
                100,
                100,
                100,
                1300,
                12,
            )
            for n in range(1, orders + 1)
        ),
    )
    raw.execute(  # they are closed days: none of them is to be closed at the next sign-in
        "INSERT INTO day_closes VALUES (1,?,?,'s','2026-12-28',?,0,?,1,?,?,?,0,0,0,0)",
        (start + orders + 1, WHO, at, start + orders, orders, orders, 100 * orders),
    )
    raw.execute("COMMIT")
    raw.close()
    path.with_name(path.name + ".head").unlink(missing_ok=True)
