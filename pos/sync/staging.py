"""What comes down is checked and laid beside the ledger, in a file that is then put in whole.

One bad value refuses everything, with the reason; texts are cleaned at the door.
"""

from __future__ import annotations

import re
import sqlite3
from collections.abc import Callable, Iterable, Sequence
from pathlib import Path

import msgspec

from pos.access.rights import ROLES
from pos.protocol.master import (
    Barcode,
    Change,
    Cost,
    Included,
    Operator,
    Price,
    Product,
    Promotion,
    Setting,
    Stock,
    Stream,
    Value,
    key_of,
    value_of,
)
from pos.refusal import Refused
from pos.store.incoming import TABLES, Staged
from pos.system import make_private
from pos.text import clean, clean_code, harmless
from pos.untrusted import quiet

Initials = Callable[[Sequence[str]], dict[str, tuple[str, ...]]]
LONGEST_TEXT = 200
MOST_FEN = 10**9
MOST = 10**15
"""No number of a value is larger."""
_LINES = "\n\r\t"
_MOMENT = re.compile(r"[0-9TZ:.+-]*", re.ASCII)
_GOODS = ("product", "barcode", "price")
_ROOMS = 5000
"""Names whose initials are asked for at a time."""


class Staging:
    """The file being filled; use it in one thread, close it before it is put in."""

    def __init__(self, path: Path, stream: Stream, *, goods: bool, whole: bool) -> None:
        """`goods`: head office keeps products here; else they are passed over."""
        self._path, self._stream, self._goods, self._whole = path, stream, goods, whole
        path.unlink(missing_ok=True)
        make_private(path)
        self._db = sqlite3.connect(path, isolation_level=None)
        self._changes = 0
        try:
            self._db.execute("PRAGMA synchronous=OFF")
            self._db.execute("PRAGMA journal_mode=OFF")
            for statement in TABLES:
                self._db.execute(statement)
            self._db.execute("BEGIN")
        except sqlite3.Error:
            self.close()
            raise

    def close(self) -> None:
        """Let go of the file and remove it."""
        self._db.close()
        self._path.unlink(missing_ok=True)

    def put(self, changes: Iterable[Change]) -> None:
        """Lay changes down; Refused("ho_bad_change", kind=…, key=…, why=…) where one is wrong."""
        for change in changes:
            if change.kind in _GOODS and not self._goods:
                continue
            try:
                self._put(change)
            except (msgspec.ValidationError, msgspec.DecodeError) as error:
                raise _bad(change, str(error)) from error
            self._changes += 1

    def include(self, included: Iterable[Included]) -> None:
        """Up to where own records are in the stock levels."""
        rows = [(one.epoch, one.jn) for one in included]
        self._db.executemany("INSERT OR REPLACE INTO included VALUES (?, ?)", rows)

    def finish(self, cursor: str, known_skus: Callable[[str], bool], initials: Initials) -> Staged:
        """Everything is here: what belongs together is compared, initials are put to names.

        Refused("ho_bad_snapshot") where the cursor is none: it goes on record.
        """
        if clean(cursor, LONGEST_TEXT) != cursor:
            raise Refused("ho_bad_snapshot")
        for table in ("barcodes", "prices"):
            sql = f"SELECT DISTINCT sku FROM {table} WHERE gone = 0"  # noqa: S608  # nosec B608  # names of our tables
            sql += " EXCEPT SELECT sku FROM products WHERE gone = 0"
            for (sku,) in self._db.execute(sql):
                if not known_skus(sku):
                    kind = table.removesuffix("s")
                    raise Refused("ho_bad_change", kind=kind, key=sku, why="sku")
        self._add_initials(initials)
        self._db.execute("COMMIT")
        self._db.close()
        return Staged(self._path, self._stream, cursor, self._whole, self._goods, self._changes)

    def _add_initials(self, initials: Initials) -> None:
        names = [row[0] for row in self._db.execute("SELECT DISTINCT name FROM products")]
        names = [name for name in names if name]
        for at in range(0, len(names), _ROOMS):
            found = initials(names[at : at + _ROOMS])
            rows = [(" ".join(letters), name) for name, letters in found.items()]
            self._db.executemany("UPDATE products SET initials = ? WHERE name = ?", rows)

    def _put(self, change: Change) -> None:
        value = value_of(change)
        if value is None and not change.gone:
            return
        if change.key not in (clean(change.key, LONGEST_TEXT), clean_code(change.key)):
            raise _bad(change, "key")
        if value is None:
            self._gone(change)
            return
        if key_of(value) != (change.kind, change.key):
            raise _bad(change, "key")
        if any(type(one) is int and abs(one) > MOST for one in msgspec.structs.astuple(value)):
            raise _bad(change, "number")
        match value:
            case Product():
                self._product(change, value)
            case Barcode():
                self._barcode(change, value)
            case Price():
                self._price(change, value)
            case Operator():
                self._operator(change, value)
            case Stock():
                self._row("stock", value.sku, value.milli)
            case Cost():
                self._row("cost", value.sku, value.cost_fen)
            case _:
                told = msgspec.json.encode(_harmless(value)).decode()
                self._row("other", change.kind, change.key, change.version, told)

    def _gone(self, change: Change) -> None:
        key = change.key
        match change.kind:
            case "product":
                self._row("products", key, *([None] * 19), 1)
            case "barcode":
                self._row("barcodes", key, None, None, None, 1)
            case "price":
                sku, _, at = key.rpartition("@")
                self._row("prices", sku, at, None, None, None, 1)
            case "operator":
                self._row("operators", key, None, None, None, None, 1)
            case "cost":
                self._row("cost", key, None)
            case "stock":
                self._row("stock", key, 0)
            case _:
                self._row("other", change.kind, key, change.version, None)

    def _product(self, change: Change, told: Product) -> None:
        texts = [told.name, told.short_name, told.spec, told.unit, told.category]
        texts += [told.brand, told.origin, told.supplier]
        name, short, spec, unit, category, brand, origin, supplier = (
            clean(text, LONGEST_TEXT) for text in texts
        )
        if not name or not unit or clean(told.sku, LONGEST_TEXT) != told.sku:
            raise _bad(change, "name, unit, sku")
        search = " ".join(f"{name} {short} {spec} {brand}".lower().split())
        self._row(
            "products",
            *(told.sku, name, short, spec, unit, category, brand, origin, supplier),
            *(told.tax_bp, clean(told.tax_code, LONGEST_TEXT), int(told.weighed)),
            *(int(told.discountable), int(told.earns_points), int(told.stocked)),
            *(told.low_milli, told.high_milli, int(told.active), search, "", 0),
        )

    def _barcode(self, change: Change, told: Barcode) -> None:
        if clean_code(told.code) != told.code:
            raise _bad(change, "code")
        self._row("barcodes", told.code, told.sku, told.factor, told.price_fen, 0)

    def _price(self, change: Change, told: Price) -> None:
        prices = (told.price_fen, told.member_fen, told.lowest_fen)
        if any(fen is not None and fen > MOST_FEN for fen in prices) or told.price_fen <= 0:
            raise _bad(change, "price")
        if not _MOMENT.fullmatch(told.effective_at):
            raise _bad(change, "effective_at")
        self._row("prices", told.sku, told.effective_at, *prices, 0)

    def _operator(self, change: Change, told: Operator) -> None:
        if told.role not in ROLES:
            raise _bad(change, "role")
        if clean(told.pin_hash, LONGEST_TEXT) != told.pin_hash:
            raise _bad(change, "pin_hash")
        name = clean(told.name, LONGEST_TEXT)
        row = (told.operator_id, name, told.role, told.pin_hash, int(told.active), 0)
        self._row("operators", *row)

    def _row(self, table: str, *values: object) -> None:
        marks = ", ".join("?" * len(values))
        self._db.execute(f"INSERT OR REPLACE INTO {table} VALUES ({marks})", values)  # noqa: S608


def _harmless(value: Value) -> Value:
    """What is kept as it was told, without signs that act; a file of text keeps its lines."""
    match value:
        case Promotion():
            return msgspec.structs.replace(value, text=harmless(value.text, _LINES))
        case Setting():
            return msgspec.structs.replace(value, value=harmless(value.value, _LINES))
        case _:
            return quiet(value)


def _bad(change: Change, why: str) -> Refused:
    return Refused("ho_bad_change", kind=change.kind, key=change.key[:60], why=why[:120])
