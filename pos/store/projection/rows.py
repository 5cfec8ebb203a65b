"""Rows of tables, before they are in one."""

from __future__ import annotations

from typing import Any

from pos.record import Record, Where

Row = dict[str, Any]
Rows = list[tuple[str, list[Row]]]
"""Tables in the order in which foreign keys let them be filled."""


def where_row(record: Record, where: Where) -> Row:
    """The record a row comes from, and who did it in which shift."""
    return {
        "jn": record.jn,
        "operator": where.operator,
        "shift_id": where.shift_id,
        "business_date": where.business_date,
    }
