"""Open and held orders on disk, line by line: only what changed since the last save is written."""

from __future__ import annotations

from datetime import datetime

import msgspec
from msgspec.structs import replace
from sqlalchemy import Connection, bindparam, delete
from sqlalchemy.dialects.sqlite import insert

from pos.clock import stamp
from pos.sale.order import Line, Order
from pos.store.models import table

_ENCODE = msgspec.json.Encoder().encode
_ORDER = msgspec.json.Decoder(Order)
_LINE = msgspec.json.Decoder(Line)


def encode(order: Order) -> bytes:
    """An order without its lines."""
    return _ENCODE(replace(order, lines=()))


def decode(body: bytes, lines: list[bytes]) -> Order:
    """The order of a draft; `lines` in the order of their numbers."""
    return replace(_ORDER.decode(body), lines=tuple(_LINE.decode(line) for line in lines))


class Drafts:
    """Saves orders; remembers what is on disk so that a save writes only the difference."""

    def __init__(self) -> None:
        self._saved: dict[str, Order] = {}
        drafts, lines = table("drafts"), table("draft_lines")
        head, line = insert(drafts), insert(lines)
        self._put = head.on_conflict_do_update(
            index_elements=["order_id"],
            set_={name: head.excluded[name] for name in ("state", "saved_at", "body")},
        )
        self._put_line = line.on_conflict_do_update(
            index_elements=["order_id", "line_no"], set_={"body": line.excluded.body}
        )
        self._remove = delete(drafts).where(drafts.c.order_id == bindparam("gone"))
        self._lines = lines

    def known(self, order_id: str) -> Order | None:
        """The order as it was saved last, as far as this process did it."""
        return self._saved.get(order_id)

    def save(self, connection: Connection, order: Order, now: datetime) -> None:
        """Write what differs from the last save of this order."""
        old = self._saved.get(order.order_id)
        if old is None or encode(old) != encode(order):
            connection.execute(
                self._put,
                {
                    "order_id": order.order_id,
                    "state": order.state,
                    "saved_at": stamp(now),
                    "body": encode(order),
                },
            )
        known = {line.line_no: line for line in old.lines} if old else {}
        new = [line for line in order.lines if known.get(line.line_no) is not line]
        if new:
            connection.execute(
                self._put_line,
                [
                    {"order_id": order.order_id, "line_no": x.line_no, "body": _ENCODE(x)}
                    for x in new
                ],
            )
        for gone in known.keys() - {line.line_no for line in order.lines}:
            connection.execute(
                delete(self._lines).where(
                    self._lines.c.order_id == order.order_id, self._lines.c.line_no == gone
                )
            )

    def saved(self, order: Order) -> None:
        """The transaction that saved `order` is on disk."""
        self._saved[order.order_id] = order

    def remove(self, connection: Connection, order_id: str) -> None:
        """The order ended, or was never wanted."""
        connection.execute(self._remove, {"gone": order_id})

    def forget(self, order_id: str) -> None:
        """Nothing is known of what is on disk; the next save writes everything."""
        self._saved.pop(order_id, None)
