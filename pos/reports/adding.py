"""Figures added up from stored rows by plain SQL; nothing is computed again.

Facts are only ever appended, so a bound on `jn` taken at the start makes several short reads
agree with each other, with no long transaction.
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Callable, Mapping
from typing import Any

from msgspec.structs import replace

from pos.record import Amount, Counted, Drawer, Figures, Group, Rate, Scope, Seller, Way
from pos.reports import scope as scopes
from pos.store.reader import Reader

_LINES = """
WITH sold AS MATERIALIZED (
    SELECT l.product_id, l.tax_bp, l.milli < 0 AS back, count(*) AS lines,
           sum(l.list_fen) AS list_fen, sum(l.net_fen) AS net_fen, sum(l.tax_fen) AS tax_fen,
           sum(l.cost_fen) AS cost_fen, sum(l.cost_fen IS NULL) AS uncosted
    FROM orders o CROSS JOIN order_lines l USING (order_id)
    WHERE o.state = 'closed' AND l.account = '' AND {where}
    GROUP BY l.product_id * 131072 + l.tax_bp * 2 + (l.milli < 0)
)
SELECT s.tax_bp, coalesce(p.category, '') AS category, s.back, sum(s.lines) AS lines,
       sum(s.list_fen) AS list_fen, sum(s.net_fen) AS net_fen, sum(s.tax_fen) AS tax_fen,
       sum(s.uncosted) AS uncosted, coalesce(sum(s.cost_fen), 0) AS cost_fen
FROM sold s LEFT JOIN products p ON p.product_id = s.product_id
GROUP BY 1, 2, 3
"""
"""One number as the key of the large grouping sorts in half the time of three columns."""
_ORDERS = """
SELECT o.state, o.operator, count(*) AS n, min(o.seq) AS first_seq, max(o.seq) AS last_seq,
       min(o.ended_at) AS first_at, max(o.ended_at) AS last_at, sum(o.total_fen) AS fen,
       sum(o.tax_fen) AS tax_fen, sum(o.change_fen) AS change_fen
FROM orders o WHERE {where} GROUP BY 1, 2 ORDER BY 1, 2
"""
_TOPUPS = """
SELECT coalesce(sum(l.net_fen), 0) FROM order_lines l JOIN orders o USING (order_id)
WHERE l.account <> '' AND o.state = 'closed' AND {where}
"""
_RETURNS = """
SELECT count(*) FROM orders o WHERE o.state = 'closed' AND {where} AND EXISTS (
    SELECT 1 FROM order_lines l WHERE l.order_id = o.order_id AND l.milli < 0)
"""
_ADJUSTMENTS = """
SELECT a.kind, count(*) AS n, sum(a.fen) AS fen
FROM orders o CROSS JOIN line_adjustments a USING (order_id)
WHERE o.state = 'closed' AND {where} GROUP BY 1 ORDER BY 1
"""
_TENDERS = """
SELECT t.way, sum(t.fen >= 0) AS n, sum(max(t.fen, 0)) AS taken, sum(t.fen < 0) AS refunds,
       sum(min(t.fen, 0)) AS refunded, sum(t.fen) AS fen
FROM orders o CROSS JOIN order_tenders t USING (order_id)
WHERE o.state = 'closed' AND {where} GROUP BY 1 ORDER BY 1
"""
_COUNTED = """
SELECT f.way, sum(f.declared_fen), sum(f.expected_fen), sum(f.difference_fen)
FROM shift_counts f WHERE {where} GROUP BY 1 ORDER BY f.way <> 'cash', 1
"""
_UNRESOLVED = (
    ("payment_attempts", "open = 1 AND (live = 1 OR state = 'paid_late')"),
    ("payment_refunds", "open = 1"),
)


def figures(reader: Reader, scope: Scope) -> Figures:
    """All figures of a scope, up to the last record there is now."""
    if not scope.upto_jn:
        scope = replace(scope, upto_jn=reader.head()[0])
    values = scopes.values(scope)

    def rows(sql: str, alias: str = "o") -> list[Any]:
        where = scopes.where(scope, alias, indexed=alias == "o")
        return reader.rows(sql.format(where=where), values)

    ended = rows(_ORDERS)
    lines = rows(_LINES)
    sold = [row for row in lines if not row["back"]]
    back = [row for row in lines if row["back"]]
    adjusted = {
        row["kind"]: Amount(row["kind"], row["n"], row["fen"]) for row in rows(_ADJUSTMENTS)
    }
    tenders = tuple(
        Way(row["way"], row["n"], row["taken"], row["refunds"], row["refunded"], row["fen"])
        for row in rows(_TENDERS)
    )
    closed = [row for row in ended if row["state"] == "closed"]
    voided = [row for row in ended if row["state"] == "voided"]
    return Figures(
        of=scope,
        first_seq=min((row["first_seq"] for row in ended), default=0),
        last_seq=max((row["last_seq"] for row in ended), default=0),
        first_at=min((row["first_at"] for row in ended), default=""),
        last_at=max((row["last_at"] for row in ended), default=""),
        orders=_sum(closed, "n"),
        returns=rows(_RETURNS)[0][0] if back else 0,
        lines=_sum(lines, "lines"),
        gross_fen=_sum(sold, "list_fen"),
        returned_list_fen=_sum(back, "list_fen"),
        discounts=tuple(one for kind, one in adjusted.items() if kind != "rounding"),
        rounding_fen=adjusted["rounding"].fen if "rounding" in adjusted else 0,
        sold_fen=_sum(sold, "net_fen"),
        returned_fen=_sum(back, "net_fen"),
        net_fen=_sum(lines, "net_fen"),
        tax_fen=_sum(lines, "tax_fen"),
        change_fen=_sum(closed, "change_fen"),
        taxes=_rates(lines),
        tenders=tenders,
        categories=_categories(lines),
        operators=tuple(
            Seller(row["operator"], row["n"], row["fen"], row["tax_fen"]) for row in closed
        ),
        prices=adjusted.get("price", Amount("price", 0, 0)),
        voided_orders=Amount("order", _sum(voided, "n"), _sum(voided, "fen")),
        voided_lines=_voided_lines(rows),
        overrides=_overrides(rows),
        drawer_opens=_events(rows, "drawer.opened"),
        reprints=_events(rows, "receipt.reprinted"),
        drawer=_drawer(rows, sum(way.net_fen for way in tenders if way.way == "cash")),
        cost_fen=_sum(lines, "cost_fen"),
        uncosted_lines=_sum(lines, "uncosted"),
        held=int(reader.rows("SELECT count(*) FROM drafts WHERE state = 'held'")[0][0]),
        unsent=reader.unsent(),
        topup_fen=int(rows(_TOPUPS)[0][0]),
        unresolved=_unresolved(reader),
    )


def grand_total(reader: Reader, *, upto_jn: int = 0, base_jn: int = 0, base_fen: int = 0) -> int:
    """All closed orders since the ledger began, returns taken off; it never starts again.

    With the last Z (`base_jn`, its record, and `base_fen`, its total) only what came after it is
    read.
    """
    found = reader.rows(
        "SELECT coalesce(sum(total_fen), 0) FROM orders WHERE state = 'closed'"
        " AND jn > ? AND jn <= ?",
        (base_jn, upto_jn or reader.head()[0]),
    )
    return base_fen + int(found[0][0])


def counted(reader: Reader, scope: Scope) -> tuple[Counted, ...] | None:
    """Counts of a scope added up by way of paying; None where nothing was counted."""
    sql = _COUNTED.format(where=scopes.where(scope, "f", indexed=False))
    found = reader.rows(sql, scopes.values(scope))
    return tuple(Counted(*row) for row in found) or None


_Rows = Callable[[str, str], list[Any]]


def _sum(rows: list[Any], name: str) -> int:
    return sum(row[name] for row in rows)


def _rates(lines: list[Any]) -> tuple[Rate, ...]:
    sums: dict[int, list[int]] = defaultdict(lambda: [0, 0, 0])
    for row in lines:
        found = sums[row["tax_bp"]]
        found[row["back"]] += row["net_fen"]
        found[2] += row["tax_fen"]
    return tuple(
        Rate(rate, sold, back, sold + back, tax) for rate, (sold, back, tax) in sorted(sums.items())
    )


def _categories(lines: list[Any]) -> tuple[Group, ...]:
    sums: dict[str, list[int]] = defaultdict(lambda: [0, 0, 0, 0])
    for row in lines:
        found = sums[row["category"]]
        found[row["back"]] += row["net_fen"]
        found[2] += row["tax_fen"]
        found[3] += row["lines"]
    return tuple(
        Group(key, count, sold, back, sold + back, tax)
        for key, (sold, back, tax, count) in sorted(sums.items())
    )


def _voided_lines(rows: _Rows) -> Amount:
    sql = "SELECT count(*), coalesce(sum(f.list_fen), 0) FROM voided_lines f WHERE {where}"
    count, fen = rows(sql, "f")[0]
    return Amount("line", count, fen)


def _overrides(rows: _Rows) -> tuple[Amount, ...]:
    sql = "SELECT f.command, count(*) FROM overrides f WHERE {where} GROUP BY 1 ORDER BY 1"
    return tuple(Amount(command, count, 0) for command, count in rows(sql, "f"))


def _events(rows: _Rows, kind: str) -> int:
    sql = f"SELECT count(*) FROM events f WHERE f.kind = '{kind}' AND {{where}}"  # noqa: S608  # nosec B608  # the kinds are ours
    return int(rows(sql, "f")[0][0])


def _drawer(rows: _Rows, kept_fen: int) -> Drawer:
    sql = "SELECT f.move, sum(f.fen) FROM cash_moves f WHERE {where} GROUP BY 1"
    moved: Mapping[str, int] = dict(map(tuple, rows(sql, "f")))
    return Drawer(
        moved.get("float", 0),
        kept_fen,
        moved.get("in", 0),
        moved.get("out", 0),
        moved.get("drop", 0),
    )


def _unresolved(reader: Reader) -> Amount:
    count = fen = 0
    for name, which in _UNRESOLVED:
        sql = f"SELECT count(*), coalesce(sum(fen), 0) FROM {name} WHERE {which}"  # noqa: S608  # nosec B608  # names and clauses of ours
        found = reader.rows(sql)[0]
        count, fen = count + found[0], fen + found[1]
    return Amount("unresolved", count, fen)
