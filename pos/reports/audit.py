"""Who did what that is worth a look: approvals, things taken back, drawer, reprints, prices."""

from __future__ import annotations

from collections.abc import Iterator

import msgspec

from pos.record import Scope
from pos.reports import scope as scopes
from pos.reports.sales import Progress, go_on
from pos.store.reader import Reader

AUDITED = ("drawer.opened", "receipt.reprinted", "product.changed", "operator.changed")
"""Kinds of events in the report; sessions and settings are in the journal only."""

_AUDIT = f"""
SELECT f.jn, 'override' AS kind, f.operator, f.approver,
       f.command AS subject, f.before || ' > ' || f.after AS detail, f.reason, 0 AS fen
FROM overrides f WHERE {{where}}
UNION ALL
SELECT f.jn, 'line.voided', f.operator, '', f.sku || ' ' || f.name, f.order_id, '', f.list_fen
FROM voided_lines f WHERE {{where}}
UNION ALL
SELECT f.jn, 'order.voided', f.operator, '', f.number, '', f.reason, f.total_fen
FROM orders f WHERE f.state = 'voided' AND {{where}}
UNION ALL
SELECT f.jn, 'cash.' || f.move, f.operator, '', '', '', f.reason, f.fen
FROM cash_moves f WHERE {{where}}
UNION ALL
SELECT f.jn, f.kind, f.operator, '', f.subject, f.detail, '', 0
FROM events f WHERE f.kind IN {AUDITED!r} AND {{where}}
ORDER BY 1
"""  # noqa: S608  # nosec B608  # the kinds are ours
_MOMENTS = "SELECT at FROM journal WHERE jn = ?"


class Audited(msgspec.Struct, frozen=True):
    """One act: its record, moment (UTC), who did it, who allowed it, what it was about."""

    jn: int
    at: str
    kind: str
    operator: str
    approver: str
    subject: str
    detail: str
    reason: str
    fen: int


def audit(reader: Reader, scope: Scope, progress: Progress = go_on) -> Iterator[Audited]:
    """All such acts of a scope, oldest first, one by one; ends where `progress` says so."""
    sql = _AUDIT.replace("{where}", scopes.where(scope, "f", indexed=False))
    rows = reader.rows(sql, scopes.values(scope))
    for done, row in enumerate(rows):
        if done % 1000 == 0 and not progress(done, len(rows)):
            return
        at = reader.rows(_MOMENTS, (row["jn"],))[0][0]
        yield Audited(row["jn"], at, *tuple(row)[1:])
