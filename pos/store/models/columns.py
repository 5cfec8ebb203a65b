"""Columns of STRICT tables: text, bytes, what a later step added, the record of a fact."""

from __future__ import annotations

from typing import Any

from sqlalchemy import LargeBinary, Text
from sqlalchemy import text as sql_text
from sqlmodel import Field

STRICT: dict[str, Any] = {"sqlite_strict": True}


def text(**options: Any) -> Any:
    return Field(sa_type=Text, **options)


def blob(**options: Any) -> Any:
    return Field(sa_type=LargeBinary, **options)


def later_text() -> Any:
    """A text column that a later step added: rows that were there before have none."""
    return Field(default="", sa_type=Text, sa_column_kwargs={"server_default": sql_text("''")})


def later_int(value: int) -> Any:
    return Field(default=value, sa_column_kwargs={"server_default": sql_text(str(value))})


def record() -> Any:
    return Field(foreign_key="journal.jn", ondelete="RESTRICT")
