"""Goods, prices, people, settings: put in here, told to tills as changes or as a whole.

Head office is their only writer. What a person changes goes into `changes` with what stood there
before; tills are told each key's latest value from `items`. A version never holds more than
`MOST_KEYS` keys, so that every page ends where a version does.
"""

from __future__ import annotations

import hashlib
from collections.abc import Iterable, Mapping, Sequence

import msgspec

from pos.clock import stamp
from pos.headoffice.database import Row, Work
from pos.headoffice.house import House
from pos.headoffice.streams import MOST_KEYS, cursor_of, next_version, version_at, version_of
from pos.headoffice.tills import Till
from pos.protocol import MAX_CHANGES
from pos.protocol.master import (
    STREAMS,
    Change,
    Changes,
    Coupon,
    Included,
    Kind,
    Member,
    Price,
    Product,
    SnapshotEnd,
    SnapshotHead,
    Stock,
    Stream,
    Value,
    key_of,
)
from pos.protocol.problems import ProblemError

_GONE = "null"
_NO_LOW = -1
_FEW = 20
_STORED = """SELECT kind, key, version, value FROM items
    WHERE shop_id = :s AND version > :v ORDER BY version, kind, key LIMIT {limit}"""
_LEVELS = """SELECT sku, milli, version FROM stock
    WHERE shop_id = :s AND version > :v ORDER BY version, sku LIMIT {limit}"""


class Put(msgspec.Struct, frozen=True):
    """What a change came to: how many keys differ now, and the stream's version."""

    changed: int
    version: int


def put(
    house: House,
    values: Iterable[Value],
    by: str,
    *,
    shop: str = "",
    gone: Iterable[tuple[Kind, str]] = (),
) -> Put:
    """Set values and remove keys, for one shop or (empty) the chain; all or nothing.

    What stands there already is no change. `by` is who did it.
    """
    wanted = {key_of(value): msgspec.json.encode(value).decode() for value in values}
    wanted |= dict.fromkeys(gone, _GONE)
    now = stamp(house.clock.now())
    return house.database.run(lambda work: publish(work, shop, wanted, by, now))


def publish(
    work: Work, shop: str, wanted: Mapping[tuple[Kind, str], str], by: str, now: str
) -> Put:
    """As `put`, inside a transaction; values as JSON, `null` for what is gone."""
    fresh = _different(work, shop, wanted)
    for start in range(0, len(fresh), MOST_KEYS):
        version = next_version(work, shop, now)
        piece = fresh[start : start + MOST_KEYS]
        work.put(
            "items",
            "shop_id kind key version value",
            [(shop, kind, key, version, value) for kind, key, value, _ in piece],
            """(shop_id, kind, key) DO UPDATE
            SET version = excluded.version, value = excluded.value""",
        )
        work.put(
            "changes",
            "shop_id version kind key value before at who",
            [(shop, version, *told, now, by) for told in piece],
        )
    if not shop:
        _keep_products(work, fresh)
    _keep_members(work, fresh, now)
    _keep_coupons(work, shop, fresh)
    return Put(len(fresh), version_of(work, shop))


def _different(
    work: Work, shop: str, wanted: Mapping[tuple[Kind, str], str]
) -> list[tuple[str, str, str, str]]:
    """Kind, key, value and the value before, of what is to change."""
    found: list[tuple[str, str, str, str]] = []
    for kind in sorted({kind for kind, _ in wanted}):
        there = _there(work, shop, kind, [key for of, key in wanted if of == kind])
        for (of, key), value in sorted(wanted.items()):
            if of == kind and there.get(key, _GONE) != value:
                found.append((kind, key, value, there.get(key, _GONE)))
    return found


def _there(work: Work, shop: str, kind: str, keys: Sequence[str]) -> dict[str, str]:
    """What stands under keys: asked for one by one where they are few, else all of the kind."""
    sql = "SELECT key, value FROM items WHERE shop_id = :s AND kind = :k"
    if len(keys) > _FEW:
        return {row["key"]: row["value"] for row in work.rows(sql, s=shop, k=kind)}
    rows = (work.rows(f"{sql} AND key = :key", s=shop, k=kind, key=key) for key in keys)
    return {row["key"]: row["value"] for some in rows for row in some}


def _keep_products(work: Work, fresh: Sequence[tuple[str, str, str, str]]) -> None:
    """The shared table of products follows the chain's stream, for pages and reports."""
    rows = []
    for kind, key, value, _ in fresh:
        if kind != "product":
            continue
        if value == _GONE:
            work.do("UPDATE products SET active = 0 WHERE sku = :k", k=key)
            continue
        one = msgspec.json.decode(value, type=Product)
        low = _NO_LOW if one.low_milli is None else one.low_milli
        about = (one.sku, one.name, one.unit, one.category)
        rows.append((*about, int(one.active), int(one.stocked), low))
    work.put(
        "products",
        "sku name unit category active stocked low_milli",
        rows,
        """(sku) DO UPDATE SET name = excluded.name, unit = excluded.unit,
        category = excluded.category, active = excluded.active, stocked = excluded.stocked,
        low_milli = excluded.low_milli""",
    )


def _keep_members(work: Work, fresh: Sequence[tuple[str, str, str, str]], now: str) -> None:
    """The table of accounts follows; balances begin here and move by spending alone."""
    rows = []
    for kind, key, value, before in fresh:
        if kind == "member":
            one = msgspec.json.decode(before if value == _GONE else value, type=Member)
            active = int(one.active and value != _GONE)
            about = (key, one.shop, one.card, one.level, active)
            rows.append((*about, one.stored_fen, one.points, now))
    work.put(
        "balances",
        "member_id shop_id card level active stored_fen points changed_at",
        rows,
        """(member_id) DO UPDATE
        SET card = excluded.card, level = excluded.level, active = excluded.active""",
    )


def _keep_coupons(work: Work, shop: str, fresh: Sequence[tuple[str, str, str, str]]) -> None:
    """The table of coupons follows; how often each was used is `between.coupons`'."""
    rows = []
    for kind, key, value, before in fresh:
        if kind == "coupon":
            one = msgspec.json.decode(before if value == _GONE else value, type=Coupon)
            rows.append((shop, key, one.offer_id, one.uses, int(value != _GONE)))
    work.put(
        "coupons",
        "shop_id code offer_id uses active",
        rows,
        """(shop_id, code) DO UPDATE
        SET offer_id = excluded.offer_id, uses = excluded.uses, active = excluded.active""",
    )


def set_price(house: House, price: Price, by: str, *, shop: str = "") -> Put:
    """A price from a moment on, for one shop or the chain."""
    return put(house, [price], by, shop=shop)


def stream_of(text: str) -> Stream:
    """`chain` or `shop`; ProblemError: malformed."""
    for known in STREAMS:
        if known == text:
            return known
    raise ProblemError("malformed", "stream")


def changes(house: House, till: Till, stream: Stream, cursor: str) -> Changes:
    """What changed after a cursor. ProblemError: snapshot_needed."""
    shop = till.shop if stream == "shop" else ""

    def ask(work: Work) -> Changes:
        version = version_at(work, shop, cursor)
        if version is None:
            raise ProblemError("snapshot_needed", "the cursor is not of this life")
        found = _after(work, shop, version, MAX_CHANGES + 1)
        more = len(found) > MAX_CHANGES
        if more:  # only whole versions
            last = found[MAX_CHANGES].version
            found = [change for change in found if change.version < last]
        end = found[-1].version if more else version_of(work, shop)
        included = () if more or not shop else _included(work, till)
        return Changes(stream, cursor_of(work, shop, end), more, tuple(found), included)

    return house.database.read(ask)


def snapshot(house: House, till: Till, stream: Stream) -> bytes:
    """Everything of a stream as NDJSON: head, a change a line, count and hash."""
    shop = till.shop if stream == "shop" else ""

    def ask(work: Work) -> list[bytes]:
        included = _included(work, till) if shop else ()
        head = SnapshotHead(stream, cursor_of(work, shop), included)
        found = [one for one in _after(work, shop, 0, 2**31) if not one.gone]
        return [msgspec.json.encode(line) for line in (head, *found)]

    lines = house.database.read(ask)
    data = b"".join(line + b"\n" for line in lines)
    end = SnapshotEnd(len(lines) - 1, hashlib.sha256(data).hexdigest())
    return data + msgspec.json.encode(end) + b"\n"


def _after(work: Work, shop: str, version: int, limit: int) -> list[Change]:
    """Keys whose latest value is of a later version, oldest first; stock levels among them."""
    stored = work.rows(_STORED.format(limit=limit), s=shop, v=version)
    found = [
        Change(row["kind"], row["key"], row["version"], msgspec.Raw(row["value"].encode()))
        for row in stored
    ]
    if shop:
        found += [_level(row) for row in work.rows(_LEVELS.format(limit=limit), s=shop, v=version)]
        found.sort(key=lambda change: change.version)
    return found[:limit]


def _level(row: Row) -> Change:
    value = msgspec.json.encode(Stock(row["sku"], row["milli"]))
    return Change("stock", row["sku"], row["version"], msgspec.Raw(value))


def _included(work: Work, till: Till) -> tuple[Included, ...]:
    sql = "SELECT epoch, jn FROM progress WHERE shop_id = :s AND till_id = :t ORDER BY epoch"
    rows = work.rows(sql, s=till.shop, t=till.till)
    return tuple(Included(row["epoch"], row["jn"]) for row in rows)
