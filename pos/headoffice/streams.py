"""Versions of what goes down. A stream is a shop's own, or the chain's under an empty shop id.

Numbers come from a row that is locked while they are used, so they are gapless and in the order
of commits: a reader never passes over a change that was begun earlier and committed later. Each
version has a random mark; after head office was put back to an older copy the same number gets
another mark, so that a cursor of the lost life is known for what it is.
"""

from __future__ import annotations

import secrets

from pos.headoffice.database import Work, one

MOST_KEYS = 500
"""Keys of one version at most, so that every page of changes can end where a version does."""


def next_version(work: Work, shop: str, now: str) -> int:
    """Take a stream's next version; its row stays locked until the transaction ends."""
    work.put("streams", "shop_id version", [(shop, 0)])
    work.do("UPDATE streams SET version = version + 1 WHERE shop_id = :s", s=shop)
    version = version_of(work, shop)
    row = (shop, version, secrets.token_hex(8), now)
    work.put("versions", "shop_id version mark at", [row])
    return version


def forget_versions(work: Work, before: str) -> None:
    """Drop marks of versions made before a moment, but each stream's newest: a cursor that stood
    at one of them needs a snapshot."""
    work.do(
        """DELETE FROM versions WHERE at < :b AND version < (
        SELECT s.version FROM streams s WHERE s.shop_id = versions.shop_id)""",
        b=before,
    )


def version_of(work: Work, shop: str) -> int:
    """The stream's newest version, 0 where nothing was ever said."""
    row = one(work.rows("SELECT version FROM streams WHERE shop_id = :s", s=shop))
    return 0 if row is None else int(row["version"])


def cursor_of(work: Work, shop: str, version: int | None = None) -> str:
    """The cursor that stands after a version (None: the newest)."""
    at = version_of(work, shop) if version is None else version
    sql = "SELECT mark FROM versions WHERE shop_id = :s AND version = :v"
    row = one(work.rows(sql, s=shop, v=at))
    return "" if row is None else f"{at}-{row['mark']}"


def version_at(work: Work, shop: str, cursor: str) -> int | None:
    """The version a cursor stands after; None where it is of another life, or forgotten."""
    if not cursor:
        return 0
    number, _, mark = cursor.partition("-")
    if not number.isascii() or not number.isdigit() or len(number) > 15:
        return None
    at = int(number)
    return at if mark and cursor_of(work, shop, at) == cursor else None
