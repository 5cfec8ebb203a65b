"""What head office keeps goes into the ledger: staged beside it, then put in, in one transaction.

The staging file has the tables of `TABLES`; `gone` rows tell that a key is no more. Prices lie in
`received_prices` with the moment from which they hold; `products` has the one that holds now, so
that a scan reads one row and knows nothing of times.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from pathlib import Path
from typing import TYPE_CHECKING, Literal

import msgspec

from pos.clock import stamp
from pos.record import Fact, MasterReceived, OperatorChanged
from pos.store import directory, erasing
from pos.store.reader import Reader

if TYPE_CHECKING:
    from sqlalchemy import Connection

    from pos.sale.promotions.model import Offer
    from pos.store.ledger import Ledger

Change = Literal["added", "pin", "disabled", "enabled", "role"]
CURSOR, PRICES_AT, RECEIVED_AS = "cursor_", "prices_at", "received_as"
TABLES = (
    "CREATE TABLE products (sku TEXT PRIMARY KEY, name, short_name, spec, unit, category, brand,"
    " origin, supplier, tax_bp, tax_code, weighed, discountable, earns_points, stocked, low_milli,"
    " high_milli, listed, search, initials, gone)",
    "CREATE TABLE barcodes (code TEXT PRIMARY KEY, sku, factor, price_fen, gone)",
    "CREATE TABLE prices (sku TEXT, effective_at TEXT, price_fen, member_fen, lowest_fen, gone,"
    " PRIMARY KEY (sku, effective_at))",
    "CREATE TABLE stock (sku TEXT PRIMARY KEY, milli)",
    "CREATE TABLE cost (sku TEXT PRIMARY KEY, cost_fen)",
    "CREATE TABLE operators (operator_id TEXT PRIMARY KEY, name, role, pin_hash, active, gone)",
    "CREATE TABLE other (kind TEXT, key TEXT, version, value, PRIMARY KEY (kind, key))",
    "CREATE TABLE included (epoch INTEGER PRIMARY KEY, jn)",
)
_FIELDS = (
    *("name", "short_name", "spec", "unit", "category", "brand", "origin", "supplier", "tax_bp"),
    *("tax_code", "weighed", "discountable", "earns_points", "stocked", "low_milli"),
    *("high_milli", "listed"),
)
_NOW = """(SELECT r.{column} FROM received_prices r
    WHERE r.sku = products.sku AND r.effective_at <= :now
    ORDER BY r.stream = 'shop' DESC, r.effective_at DESC LIMIT 1)"""


class Staged(msgspec.Struct, frozen=True):
    """What is to be put in: `whole` is a snapshot, in which what is not told is gone."""

    path: Path
    stream: str
    cursor: str
    whole: bool
    goods: bool
    """Whether head office keeps products here; where the till does, they are left alone."""
    changes: int


def received(reader: Reader, kind: str) -> dict[str, str]:
    """Values of a kind that has no table of its own, as JSON by key."""
    rows = reader.rows("SELECT key, value FROM received WHERE kind = ? ORDER BY key", (kind,))
    return {row["key"]: row["value"] for row in rows}


def next_price(reader: Reader, now: str) -> str:
    """When the next price begins to hold, empty where none is told."""
    sql = "SELECT min(effective_at) FROM received_prices WHERE effective_at > ?"
    return str(reader.rows(sql, (now,))[0][0] or "")


def prices_due(reader: Reader, now: str) -> bool:
    """Whether a price began to hold, or the clock went back, since prices were last looked at."""
    last = reader.meta(PRICES_AT)
    sql = "SELECT 1 FROM received_prices WHERE effective_at > ? AND effective_at <= ? LIMIT 1"
    return bool(last) and bool(reader.rows(sql, (min(last, now), max(last, now))))


def put_prices(ledger: Ledger) -> None:
    """Have the prices hold that the clock says."""
    from sqlalchemy import text

    now = stamp(ledger.place.clock.now())
    last = ledger.meta(PRICES_AT)
    span = {"low": min(last, now), "high": max(last, now), "now": now}
    touched = "SELECT sku FROM received_prices WHERE effective_at > :low AND effective_at <= :high"

    def put(connection: Connection) -> None:
        connection.execute(text(_prices(touched)), span)
        ledger.keep(connection, PRICES_AT, now)

    ledger.change(put)


def _prices(touched: str) -> str:
    """The statement that puts the price of now into the products named by a query of item codes."""
    columns = ("price_fen", "member_fen", "lowest_fen")
    member, lowest = (f"{name} = {_NOW.format(column=name)}" for name in columns[1:])
    price = _NOW.format(column="price_fen")
    return f"""UPDATE products SET price_fen = coalesce({price}, price_fen), {member}, {lowest},
        active = CASE WHEN coalesce(listed, active) = 1 AND {price} IS NOT NULL THEN 1 ELSE 0 END,
        changed_at = :now WHERE sku IN ({touched})"""  # noqa: S608  # nosec B608  # names and clauses of ours, values are bound


def apply(ledger: Ledger, staged: Staged, offers: Sequence[Offer] | None = None) -> None:
    """Put it in whole, or nothing. What came is on record by its cursor.

    `offers` are all of the shop from now on, None where they stay as they are.
    """
    from sqlalchemy import text

    now = stamp(ledger.place.clock.now())
    erased = False

    def put(connection: Connection) -> None:
        nonlocal erased
        bound = {"now": now, "stream": staged.stream}
        hid = connection.execute(text(_HID), {"whole": staged.whole}).first()
        if staged.stream == "shop" and hid is not None:
            ledger.keep(connection, CURSOR + "chain", "")  # the chain's own is asked for anew
        statements = list(_MONEY_FREE)
        if staged.goods:
            statements += [*_goods(), *(_GOODS_GONE if staged.whole else ())]
        for statement in statements:
            names = {name: value for name, value in bound.items() if f":{name}" in statement}
            connection.execute(text(statement), names)
        if staged.whole:
            connection.execute(text(_OTHERS_GONE), {"stream": staged.stream})
        connection.execute(text(_OTHERS), {"stream": staged.stream})
        _operators(ledger, connection, staged)
        erased = directory.take_changes(connection, now)
        ledger.keep(connection, CURSOR + staged.stream, staged.cursor)
        ledger.keep(connection, RECEIVED_AS, "headoffice" if staged.goods else "till")
        ledger.keep(connection, PRICES_AT, now)
        if version is not None:
            version.put(connection)

    version = None
    if offers is not None:
        from pos.store.promoting import prepare

        version = prepare(ledger, offers, None, "headoffice")
    with ledger.attached(staged.path, "down"):
        facts: list[Fact] = [*(version.facts if version else ())]
        if staged.changes:
            facts.append(MasterReceived(staged.stream, staged.cursor, staged.changes))
        ledger.write(*facts, also=put)
    if erased:
        erasing.clear_away(ledger)


_OTHERS_GONE = """DELETE FROM received WHERE stream = :stream AND kind <> 'operator'
    AND NOT EXISTS (
        SELECT 1 FROM down.other o WHERE o.kind = received.kind AND o.key = received.key)"""
_OTHERS = """INSERT INTO received (kind, key, stream, version, value)
    SELECT kind, key, :stream, version, value FROM down.other WHERE true
    ON CONFLICT (kind, key) DO UPDATE SET stream = excluded.stream, version = excluded.version,
        value = excluded.value
    WHERE excluded.stream = 'shop' OR received.stream <> 'shop'"""
"""What is told of the shop goes before what is told of the chain."""
_HID = """SELECT 1 FROM received r
    LEFT JOIN down.other o ON o.kind = r.kind AND o.key = r.key
    WHERE r.stream = 'shop' AND r.kind = 'setting' AND o.value IS NULL
    AND (o.key IS NOT NULL OR :whole)"""
_MONEY_FREE = (
    "DELETE FROM received WHERE stream = :stream AND EXISTS (SELECT 1 FROM down.other o"
    " WHERE o.value IS NULL AND o.kind = received.kind AND o.key = received.key)",
    "DELETE FROM down.other WHERE value IS NULL",
    """UPDATE products SET cost_fen = c.cost_fen FROM down.cost c WHERE c.sku = products.sku""",
    # moves of own records that head office's level does not have yet are added to it; what it gave
    # back after a restore it has
    """INSERT INTO stock_levels (product_id, milli)
        SELECT p.product_id, s.milli + coalesce((
            SELECT sum(m.milli) FROM stock_moves m
            WHERE m.product_id = p.product_id
            AND m.jn NOT IN (SELECT jn FROM recovered)
            AND NOT EXISTS (
                SELECT 1 FROM down.included i JOIN epochs e ON e.epoch = i.epoch
                WHERE m.jn >= e.jn AND m.jn <= i.jn AND m.jn < coalesce(
                    (SELECT min(n.jn) FROM epochs n WHERE n.epoch > e.epoch), m.jn + 1))), 0)
        FROM down.stock s JOIN products p ON p.sku = s.sku WHERE true
        ON CONFLICT (product_id) DO UPDATE SET milli = excluded.milli""",
)
_GOODS_GONE = (
    """DELETE FROM barcodes WHERE :stream = 'chain'
        AND product_id IN (SELECT product_id FROM products WHERE listed IS NOT NULL)
        AND code NOT IN (SELECT code FROM down.barcodes)""",
    """UPDATE products SET listed = 0, active = 0, changed_at = :now WHERE :stream = 'chain'
        AND listed = 1 AND sku NOT IN (SELECT sku FROM down.products)""",
)


def _goods() -> list[str]:
    """Products, how they are found, their codes and prices; columns are our own."""
    sets = ", ".join(f"{name} = d.{name}" for name in _FIELDS)
    names = ", ".join(_FIELDS)
    told = ", ".join(f"d.{name}" for name in _FIELDS)
    known = "SELECT product_id FROM products p JOIN down.products d ON d.sku = p.sku"
    return [
        f"""UPDATE products SET {sets}, changed_at = :now FROM down.products d
            WHERE d.sku = products.sku AND d.gone = 0""",  # noqa: S608  # nosec B608  # names and clauses of ours, values are bound
        """UPDATE products SET listed = 0, active = 0, changed_at = :now
            WHERE sku IN (SELECT sku FROM down.products WHERE gone = 1)""",
        f"""INSERT INTO products
                (product_id, sku, {names}, price_fen, active, created_at, changed_at)
            SELECT (SELECT coalesce(max(product_id), 0) FROM products)
                   + row_number() OVER (ORDER BY d.sku), d.sku, {told}, 0, 0, :now, :now
            FROM down.products d
            WHERE d.gone = 0 AND d.sku NOT IN (SELECT sku FROM products)""",  # noqa: S608  # nosec B608  # names and clauses of ours, values are bound
        """INSERT INTO product_search
            SELECT p.product_id, d.search FROM down.products d JOIN products p ON p.sku = d.sku
            WHERE d.gone = 0
            ON CONFLICT (product_id) DO UPDATE SET text = excluded.text""",
        f"DELETE FROM product_initials WHERE product_id IN ({known} WHERE d.gone = 0)",  # noqa: S608  # nosec B608  # names and clauses of ours, values are bound
        """INSERT OR IGNORE INTO product_initials (initials, product_id)
            WITH RECURSIVE split(product_id, word, rest) AS (
                SELECT p.product_id, '', d.initials || ' ' FROM down.products d
                JOIN products p ON p.sku = d.sku WHERE d.gone = 0
                UNION ALL
                SELECT product_id, substr(rest, 1, instr(rest, ' ') - 1),
                       substr(rest, instr(rest, ' ') + 1) FROM split WHERE rest <> '')
            SELECT word, product_id FROM split WHERE word <> ''""",
        "DELETE FROM barcodes WHERE code IN (SELECT code FROM down.barcodes WHERE gone = 1)",
        """INSERT INTO barcodes (code, product_id, factor, price_fen)
            SELECT d.code, p.product_id, d.factor, d.price_fen
            FROM down.barcodes d JOIN products p ON p.sku = d.sku WHERE d.gone = 0
            ON CONFLICT (code) DO UPDATE SET product_id = excluded.product_id,
                factor = excluded.factor, price_fen = excluded.price_fen""",
        """DELETE FROM received_prices WHERE stream = :stream AND EXISTS (
            SELECT 1 FROM down.prices d WHERE d.gone = 1 AND d.sku = received_prices.sku
            AND d.effective_at = received_prices.effective_at)""",
        """INSERT INTO received_prices
                (sku, stream, effective_at, price_fen, member_fen, lowest_fen)
            SELECT sku, :stream, effective_at, price_fen, member_fen, lowest_fen
            FROM down.prices WHERE gone = 0
            ON CONFLICT (sku, stream, effective_at) DO UPDATE SET price_fen = excluded.price_fen,
                member_fen = excluded.member_fen, lowest_fen = excluded.lowest_fen""",
        _prices("SELECT sku FROM down.products UNION SELECT sku FROM down.prices"),
    ]


def _operators(ledger: Ledger, connection: Connection, staged: Staged) -> None:
    """People of head office; each change on record. Whose PIN is waited for stays waited for."""
    from sqlalchemy import text

    told = connection.execute(text("SELECT * FROM down.operators")).mappings().all()
    own = "SELECT key FROM received WHERE kind = 'operator' AND stream = :stream"
    known = {row.key for row in connection.execute(text(own), {"stream": staged.stream})}
    rows: list[Mapping[str, object]] = [dict(row) for row in told]
    if staged.whole:
        here = {row["operator_id"] for row in told}
        rows += [{"operator_id": gone, "gone": 1} for gone in sorted(known - here)]
    for row in rows:
        _operator(ledger, connection, staged.stream, row)


def _operator(
    ledger: Ledger, connection: Connection, stream: str, row: Mapping[str, object]
) -> None:
    from sqlalchemy import text

    who = {"id": row["operator_id"]}
    sql = text("SELECT name, role, pin_hash, active FROM operators WHERE operator_id = :id")
    found = connection.execute(sql, who).mappings().first()
    old = dict(found) if found else None
    if row["gone"]:
        new = {**old, "active": 0} if old else None
        forget = text("DELETE FROM received WHERE kind = 'operator' AND key = :id")
        connection.execute(forget, who)
    else:
        new = {name: row[name] for name in ("name", "role", "pin_hash", "active")}
        keep = """INSERT INTO received (kind, key, stream, version, value)
            VALUES ('operator', :id, :stream, 0, '') ON CONFLICT (kind, key) DO NOTHING"""
        connection.execute(text(keep), {**who, "stream": stream})
    if new is None or new == old:
        return
    put = """INSERT INTO operators VALUES (:id, :name, :role, :pin_hash, :active, 0, '')
        ON CONFLICT (operator_id) DO UPDATE SET name = excluded.name, role = excluded.role,
            pin_hash = excluded.pin_hash, active = excluded.active"""
    connection.execute(text(put), {**who, **new})
    for change in _changes(old, new):
        fact = OperatorChanged("headoffice", str(who["id"]), change, str(new["role"]))
        ledger.chain.append(connection, fact, ledger.place.clock.now())


def _changes(old: Mapping[str, object] | None, new: Mapping[str, object]) -> Sequence[Change]:
    if old is None:
        return ("added",)
    found: list[Change] = []
    if new["active"] != old["active"]:
        found.append("enabled" if new["active"] else "disabled")
    if new["pin_hash"] != old["pin_hash"]:
        found.append("pin")
    if new["role"] != old["role"] or new["name"] != old["name"]:
        found.append("role")
    return found
