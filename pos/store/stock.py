"""Documents of stock: drafts that outlive a kill, and their end as a fact with its moves.

One draft of a kind is open at a time. Quantities of a draft are positive thousandths of the
product's own unit, whatever pack was scanned.
"""

from __future__ import annotations

from collections.abc import Callable
from typing import TYPE_CHECKING, Literal, TypeVar, cast, get_args

import msgspec
from msgspec.structs import replace

from pos.money import line_amount
from pos.record import CountedLine, Fact, MovedLine, MoveKind, StockCounted, StockMoved, Where
from pos.sale.costing import Valued, arrives, worth
from pos.store.reader import Reader

if TYPE_CHECKING:
    from sqlalchemy import Connection

    from pos.store.ledger import Ledger

DraftKind = Literal["received", "transferred_in", "transferred_out", "written_off", "counted"]
KINDS: tuple[DraftKind, ...] = get_args(DraftKind)
Made = TypeVar("Made", StockMoved, StockCounted)
INWARD: frozenset[DraftKind] = frozenset({"received", "transferred_in"})
SLIP = "stock"
"""The kind of print job and template of these documents."""


class Entry(msgspec.Struct, frozen=True):
    """A product on a draft.

    `cost_fen` is the cost of one unit, `paid_fen` the cost of all where that was told instead.
    `book_milli` is what the books held when it was counted last.
    """

    line_no: int
    product_id: int
    sku: str
    barcode: str
    name: str
    unit: str
    weighed: bool
    milli: int
    cost_fen: int | None = None
    paid_fen: int | None = None
    book_milli: int = 0

    @property
    def total_fen(self) -> int | None:
        """What all of it costs."""
        if self.paid_fen is not None or self.cost_fen is None:
            return self.paid_fen
        return line_amount(self.cost_fen, self.milli)


class Draft(msgspec.Struct, frozen=True):
    """A document being made."""

    doc_id: str
    kind: DraftKind
    operator: str
    opened_at: str
    partner: str = ""
    reference: str = ""
    reason: str = ""
    next_line: int = 1
    entries: tuple[Entry, ...] = ()


_ENCODE = msgspec.json.Encoder().encode
_DRAFT, _ENTRY = msgspec.json.Decoder(Draft), msgspec.json.Decoder(Entry)


def draft(reader: Reader, kind: DraftKind) -> Draft | None:
    """The open draft of a kind."""
    rows = reader.rows("SELECT doc_id, body FROM stock_drafts WHERE kind = ?", (kind,))
    if not rows:
        return None
    sql = "SELECT body FROM stock_draft_lines WHERE doc_id = ? ORDER BY line_no"
    lines = reader.rows(sql, (rows[0]["doc_id"],))
    entries = tuple(_ENTRY.decode(row["body"]) for row in lines)
    return replace(_DRAFT.decode(rows[0]["body"]), entries=entries)


def save(ledger: Ledger, new: Draft, old: Draft | None) -> None:
    """Save a draft; of its lines only what differs from `old`, which is on disk."""
    before = {entry.line_no: entry for entry in old.entries} if old else {}
    changed = [entry for entry in new.entries if before.get(entry.line_no) is not entry]
    gone = before.keys() - {entry.line_no for entry in new.entries}

    def put(connection: Connection) -> None:
        from sqlalchemy import text

        head = {"id": new.doc_id, "kind": new.kind, "body": _ENCODE(replace(new, entries=()))}
        connection.execute(
            text(
                "INSERT INTO stock_drafts VALUES (:id, :kind, :body)"
                " ON CONFLICT (doc_id) DO UPDATE SET body = excluded.body"
            ),
            head,
        )
        put_line = text(
            "INSERT INTO stock_draft_lines VALUES (:id, :no, :body)"
            " ON CONFLICT (doc_id, line_no) DO UPDATE SET body = excluded.body"
        )
        for entry in changed:
            row = {"id": new.doc_id, "no": entry.line_no, "body": _ENCODE(entry)}
            connection.execute(put_line, row)
        for line_no in gone:
            connection.execute(
                text("DELETE FROM stock_draft_lines WHERE doc_id = :id AND line_no = :no"),
                {"id": new.doc_id, "no": line_no},
            )

    ledger.change(put)


def drop(ledger: Ledger, doc_id: str) -> None:
    """Throw a draft away."""
    ledger.change(lambda connection: _remove(connection, doc_id))


def post_move(ledger: Ledger, done: Draft, where: Where, *facts: Fact) -> StockMoved:
    """A receipt, transfer or write-off becomes a fact; the draft goes, the slip is queued."""
    inward = done.kind in INWARD

    def make(connection: Connection, number: str) -> StockMoved:
        stock = _valued(connection, done)
        lines = []
        for no, entry in enumerate(done.entries, 1):
            known = stock[entry.product_id]
            paid = entry.total_fen if inward else None
            if inward:
                milli, fen = entry.milli, arrives(known, entry.milli, paid)
            else:
                milli, fen = -entry.milli, worth(known, -entry.milli)
            stock[entry.product_id] = known.less(-milli, None if fen is None else -fen)
            lines.append(
                MovedLine(
                    no,
                    entry.product_id,
                    entry.sku,
                    entry.barcode,
                    entry.name,
                    entry.unit,
                    milli,
                    fen,
                    paid,
                )
            )
        return StockMoved(
            where,
            done.doc_id,
            number,
            cast(MoveKind, done.kind),
            done.partner,
            done.reference,
            done.reason,
            tuple(lines),
        )

    return _post(ledger, done.doc_id, facts, make)


def post_count(
    ledger: Ledger, done: Draft, where: Where, *facts: Fact, approver: str, whole: bool
) -> StockCounted:
    """A stocktake becomes a fact: its differences move, valued as the goods are."""

    def make(connection: Connection, number: str) -> StockCounted:
        stock = _valued(connection, done)
        lines = tuple(
            CountedLine(
                no,
                entry.product_id,
                entry.sku,
                entry.barcode,
                entry.name,
                entry.unit,
                entry.book_milli,
                entry.milli,
                worth(stock[entry.product_id], entry.milli - entry.book_milli),
            )
            for no, entry in enumerate(done.entries, 1)
        )
        return StockCounted(
            where, done.doc_id, number, done.opened_at, approver, whole, done.reason, lines
        )

    return _post(ledger, done.doc_id, facts, make)


def _post(
    ledger: Ledger, doc_id: str, facts: tuple[Fact, ...], make: Callable[[Connection, str], Made]
) -> Made:
    made: list[Made] = []

    def put(connection: Connection) -> None:
        fact = make(connection, _number(ledger, connection))
        ledger.chain.append(connection, fact, ledger.place.clock.now())
        _remove(connection, doc_id)
        ledger.queue_print(connection, doc_id, SLIP, 0)
        made.append(fact)

    ledger.write(*facts, also=put)
    return made[0]


def _valued(connection: Connection, of: Draft) -> dict[int, Valued]:
    from pos.store.costs import valued  # SQLModel loads in the ledger's thread

    return valued(connection, (entry.product_id for entry in of.entries))


def _number(ledger: Ledger, connection: Connection) -> str:
    """The printed number of the next document of this till."""
    from sqlalchemy import text

    count = connection.execute(text("SELECT count(*) FROM stock_documents")).scalar() or 0
    place = ledger.place
    return f"K{place.shop}{place.till}{ledger.epoch:02d}{int(count) + 1:06d}"


def _remove(connection: Connection, doc_id: str) -> None:
    from sqlalchemy import text

    connection.execute(text("DELETE FROM stock_drafts WHERE doc_id = :id"), {"id": doc_id})
