"""Looking things up over a read-only connection: plain SQL, no heavy imports, short reads."""

from __future__ import annotations

import sqlite3
from collections.abc import Iterable, Iterator, Mapping
from pathlib import Path
from typing import Any

import msgspec

from pos.record import Record, RecordRecovered, from_bytes
from pos.refusal import Refused
from pos.sale.order import Line, Order, Product
from pos.store.faults import in_words, of_disk
from pos.untrusted import decoded

_PRODUCT = """
SELECT p.product_id, p.sku, p.name, p.unit, p.price_fen, p.tax_bp, p.weighed, p.discountable,
       p.member_fen, p.lowest_fen, p.active, {pack}
FROM products p
"""
_BY_BARCODE = (
    _PRODUCT.format(pack="b.factor, b.price_fen")
    + "JOIN barcodes b USING (product_id) WHERE b.code = ?"
)
_BY_ID = _PRODUCT.format(pack="1, NULL") + "WHERE p.product_id = ?"
_BY_SKU = _PRODUCT.format(pack="1, NULL") + "WHERE p.sku = ?"


class OperatorRow(msgspec.Struct, frozen=True):
    """An operator as kept; the PIN only as its hash."""

    operator_id: str
    name: str
    role: str
    pin_hash: str
    active: bool
    wrong_pins: int
    wait_until: str


class OrderRow(msgspec.Struct, frozen=True):
    """An ended order in a list."""

    order_id: str
    number: str
    seq: int
    state: str
    operator: str
    business_date: str
    ended_at: str
    total_fen: int
    tax_fen: int
    rounding_fen: int
    change_fen: int
    reason: str
    ref: str | None


class Reader:
    """A read-only connection to a ledger; use it in the thread that made it."""

    def __init__(self, path: Path) -> None:
        if not path.exists():
            raise Refused("ledger_missing", path=path)
        self.path = path
        try:
            self._db = sqlite3.connect(
                f"{path.absolute().as_uri()}?mode=ro", uri=True, isolation_level=None, timeout=5
            )
            self._db.execute("PRAGMA query_only=1")
        except sqlite3.Error as error:
            raise Refused("ledger_unopenable", path=path, why=str(error)) from error
        self._db.row_factory = sqlite3.Row

    def close(self) -> None:
        """Let go of the file."""
        self._db.close()

    def interrupt(self) -> None:
        """From any thread: a query that runs ends with sqlite3.OperationalError."""
        self._db.interrupt()

    def rows(self, sql: str, values: tuple[object, ...] | Mapping[str, object] = ()) -> list[Any]:
        """All rows of a query, as sqlite3.Row. Refused says what is wrong with the disk."""
        try:
            return self._db.execute(sql, values).fetchall()
        except sqlite3.DatabaseError as error:
            if of_disk(error):
                raise in_words(error, self.path) from error
            raise

    def stream(self, sql: str, values: tuple[object, ...] = ()) -> Iterator[Any]:
        """The rows of a long query, one by one."""
        return iter(self._db.execute(sql, values))

    def product(self, code: str, *, off: bool = False) -> Product | None:
        """The product behind a barcode or an item code, as sold now; None when there is none.

        A code and its longer forms with a leading zero (UPC-A, EAN-13, GTIN-14) are one. A product
        that is switched off raises Refused, unless `off` goods are wanted too.
        """
        row = self._find(_BY_BARCODE, code)
        if row is None and code.isascii() and code.isdigit():
            if len(code) == 12:
                row = self._find(_BY_BARCODE, "0" + code)
            elif len(code) in (13, 14) and code[0] == "0":
                row = self._find(_BY_BARCODE, code[1:])
        if row is None:
            row = self._find(_BY_SKU, code)
        if row is None:
            return None
        if not row[10] and not off:
            raise Refused("product_off", name=row[2])
        return _product(row)

    def products_of(self, ids: Iterable[int]) -> dict[int, Product]:
        """Products by their ids, on sale or not, as one unit is sold now."""
        found = {}
        for product_id in ids:
            for row in self.rows(_BY_ID, (product_id,)):
                found[product_id] = _product(row)
        return found

    def _find(self, sql: str, code: str) -> Any:
        found = self.rows(sql, (code,))
        return found[0] if found else None

    def drafts(self) -> list[Order]:
        """Open and held orders, oldest first. Refused("ledger_damaged") where one is no order."""
        orders: list[Order] = []
        self._db.execute("BEGIN")
        try:
            for row in self.rows("SELECT order_id, body FROM drafts ORDER BY order_id"):
                lines = self.rows(
                    "SELECT body FROM draft_lines WHERE order_id = ? ORDER BY line_no",
                    (row["order_id"],),
                )
                order = decoded(row["body"], Order)
                found = tuple(decoded(line["body"], Line) for line in lines)
                orders.append(msgspec.structs.replace(order, lines=found))
        except msgspec.DecodeError as error:
            raise Refused("ledger_damaged", path=self.path, why=f"drafts: {error}") from error
        finally:
            self._db.execute("COMMIT")
        return orders

    def operator(self, operator_id: str) -> OperatorRow | None:
        """An operator by id."""
        found = self.rows("SELECT * FROM operators WHERE operator_id = ?", (operator_id,))
        return _operator(found[0]) if found else None

    def operators(self) -> list[OperatorRow]:
        """All operators by id."""
        return [_operator(r) for r in self.rows("SELECT * FROM operators ORDER BY operator_id")]

    def role(self, role: str) -> str:
        """What head office says a role may do, as JSON; empty where it says nothing."""
        found = self.rows("SELECT value FROM received WHERE kind = 'role' AND key = ?", (role,))
        return str(found[0][0]) if found else ""

    def shift(self, operator: str, business_date: str) -> tuple[str, str]:
        """An operator's open shift of a date or, were the clock set back, of a later one.

        Its id and date; both empty where there is none.
        """
        found = self.rows(
            "SELECT shift_id, business_date FROM shifts WHERE operator = ? AND business_date >= ?"
            " AND shift_id NOT IN (SELECT shift_id FROM shift_closes) ORDER BY jn DESC LIMIT 1",
            (operator, business_date),
        )
        return (found[0][0], found[0][1]) if found else ("", "")

    def unsent(self) -> int:
        """Records that head office has not acknowledged."""
        last = self.rows("SELECT max(jn) FROM journal")[0][0] or 0
        return int(last) - int(self.meta("acked_jn") or 0)

    def meta(self, key: str) -> str:
        """A single value, empty where it was never set."""
        found = self.rows("SELECT value FROM meta WHERE key = ?", (key,))
        return str(found[0][0]) if found else ""

    def waiting_prints(self) -> int:
        """Print jobs that are on their way or were not printed."""
        sql = "SELECT count(*) FROM print_jobs WHERE state IN ('queued', 'sending', 'failed')"
        return int(self.rows(sql)[0][0])

    def doubtful_prints(self) -> int:
        """Print jobs of which nobody knows whether they stand on paper."""
        sql = "SELECT count(*) FROM print_jobs WHERE state = 'uncertain'"
        return int(self.rows(sql)[0][0])

    def order(self, number: str) -> OrderRow | None:
        """An ended order by its number."""
        found = self.rows("SELECT * FROM orders WHERE number = ?", (number,))
        return _order(found[0]) if found else None

    def order_lines(self, order_id: str) -> list[dict[str, Any]]:
        """The lines of an ended order."""
        sql = (
            "SELECT line_no, sku, barcode, name, unit, milli, unit_fen, list_fen, net_fen,"
            " tax_bp, tax_fen FROM order_lines WHERE order_id = ? ORDER BY line_no"
        )
        return [dict(row) for row in self.rows(sql, (order_id,))]

    def order_tenders(self, order_id: str) -> list[dict[str, Any]]:
        """What a closed order was paid with."""
        sql = (
            "SELECT way, fen, given_fen, reference, unverified FROM order_tenders"
            " WHERE order_id = ? ORDER BY n"
        )
        return [dict(row) for row in self.rows(sql, (order_id,))]

    def copy_into(self, path: Path) -> None:
        """A copy of the whole ledger as of now, in a file that is not there yet."""
        self._db.execute("PRAGMA query_only=0")
        try:
            self._db.execute("VACUUM INTO ?", (str(path),))
        finally:
            self._db.execute("PRAGMA query_only=1")

    def quick_check(self) -> str:
        """SQLite's own check, "ok" or its first complaint."""
        return str(self.rows("PRAGMA quick_check(1)")[0][0])

    def record_hash(self, jn: int) -> str:
        """The hash of a record in hex, empty where there is none."""
        found = self.rows("SELECT hash FROM journal WHERE jn = ?", (jn,))
        return str(found[0][0].hex()) if found else ""

    def head(self) -> tuple[int, str]:
        """Number and moment of the last record; 0 and empty before the first."""
        found = self.rows("SELECT jn, at FROM journal ORDER BY jn DESC LIMIT 1")
        return (int(found[0]["jn"]), str(found[0]["at"])) if found else (0, "")

    def moment_of(self, jn: int) -> str:
        """When a record was made, empty where there is none."""
        found = self.rows("SELECT at FROM journal WHERE jn = ?", (jn,))
        return str(found[0][0]) if found else ""

    def order_of_ref(self, ref: str) -> OrderRow | None:
        """An ended order by the reference it was sold under."""
        found = self.rows("SELECT * FROM orders WHERE ref = ?", (ref,))
        return _order(found[0]) if found else None

    def last_order(self, operator: str) -> OrderRow | None:
        """The last sale an operator closed."""
        found = self.rows(
            "SELECT * FROM orders WHERE operator = ? AND state = 'closed' ORDER BY jn DESC LIMIT 1",
            (operator,),
        )
        return _order(found[0]) if found else None

    def orders(self, *, number: str = "", date: str = "", state: str = "") -> list[OrderRow]:
        """Ended orders, newest first, at most 500; empty filters match all."""
        found = self.rows(
            "SELECT * FROM orders WHERE (:number = '' OR number LIKE '%' || :number)"
            " AND (:date = '' OR business_date = :date) AND (:state = '' OR state = :state)"
            " ORDER BY jn DESC LIMIT 500",
            {"number": number, "date": date, "state": state},
        )
        return [_order(row) for row in found]

    def number_of(self, order_id: str) -> str:
        """The number of an ended order, empty where there is none."""
        found = self.rows("SELECT number FROM orders WHERE order_id = ?", (order_id,))
        return str(found[0][0]) if found else ""

    def order_record(self, order_id: str) -> tuple[Record, bytes]:
        """The record an ended order was made by, and its hash; Refused when there is none."""
        found = self.rows(
            "SELECT body, hash FROM journal WHERE jn = (SELECT jn FROM orders WHERE order_id = ?)",
            (order_id,),
        )
        if not found:
            raise Refused("order_unknown", number=order_id)
        record, digest = from_bytes(found[0]["body"]), found[0]["hash"]
        if isinstance(record.fact, RecordRecovered):
            return from_bytes(record.fact.body.encode()), bytes.fromhex(record.fact.hash)
        return record, digest

    def order_person(self, order_id: str) -> tuple[str, str]:
        """Who an ended order is for and where it goes; empty where nobody was named."""
        sql = "SELECT person_id, delivery_id FROM orders WHERE order_id = ?"
        found = self.rows(sql, (order_id,))
        return (found[0][0], found[0][1]) if found else ("", "")

    def low_stock(self, product_id: int) -> tuple[int, int] | None:
        """Thousandths on hand and the limit below which to warn; None where no limit is kept."""
        found = self.rows(
            "SELECT coalesce(s.milli, 0), p.low_milli FROM products p LEFT JOIN stock_levels s"
            " USING (product_id) WHERE p.product_id = ? AND p.stocked AND p.low_milli IS NOT NULL",
            (product_id,),
        )
        return (found[0][0], found[0][1]) if found else None

    def on_hand(self, product_id: int) -> int:
        """Thousandths of a product in stock; negative where more was sold than came in."""
        sql = "SELECT milli FROM stock_levels WHERE product_id = ?"
        found = self.rows(sql, (product_id,))
        return int(found[0][0]) if found else 0

    def copies(self, order_id: str) -> int:
        """How often an order's receipt was printed again."""
        sql = "SELECT count(*) FROM events WHERE kind = 'receipt.reprinted' AND subject = ?"
        return int(self.rows(sql, (order_id,))[0][0])

    def products(self) -> int:
        """How many products there are."""
        return int(self.rows("SELECT count(*) FROM products")[0][0])


def _product(row: Any) -> Product:
    product = Product(
        row[0], row[1], row[2], row[3], row[4], row[5], bool(row[6]), bool(row[7]), row[8], row[9]
    )
    factor, pack_fen = row[11], row[12]
    if factor == 1 and pack_fen is None:
        return product
    return msgspec.structs.replace(
        product,
        name=f"{product.name} ×{factor}",
        price_fen=product.price_fen * factor if pack_fen is None else pack_fen,
        member_fen=None,
        lowest_fen=product.lowest_fen * factor if product.lowest_fen and pack_fen is None else None,
        factor=factor,
    )


def _operator(row: Any) -> OperatorRow:
    return OperatorRow(
        row["operator_id"],
        row["name"],
        row["role"],
        row["pin_hash"],
        bool(row["active"]),
        row["wrong_pins"],
        row["wait_until"],
    )


def _order(row: Any) -> OrderRow:
    return OrderRow(**{name: row[name] for name in OrderRow.__struct_fields__})
