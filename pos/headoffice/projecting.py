"""The inbox made into tables: in order, exactly once, again from nothing whenever that is wanted.

What cannot be understood is listed in `flaws` and stops nothing; a newer program makes it again.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Sequence

import msgspec

from pos.clock import stamp
from pos.headoffice.between.settling import settle_by_records
from pos.headoffice.database import BadValue, Row, Value, Work, one
from pos.headoffice.house import House
from pos.headoffice.rows import COLUMNS, Made, make
from pos.headoffice.streams import MOST_KEYS, next_version
from pos.record import Record, from_bytes

_AT_ONCE = 1000
_PLACE = "shop_id = :s AND till_id = :t AND epoch = :e"
_WAITING = """SELECT p.shop_id, p.till_id, p.epoch FROM progress p JOIN epochs e
    ON e.shop_id = p.shop_id AND e.till_id = p.till_id AND e.epoch = p.epoch
    WHERE e.top_jn > p.jn
    UNION SELECT shop_id, till_id, epoch FROM todo"""
_LIMIT = 2**62
_NUL = "\\u0000"
_KEYS = {
    "orders": "shop_id number",
    "order_lines": "shop_id number line_no",
    "order_tenders": "shop_id number n",
    "shifts": "shop_id till_id shift_id",
    "counts": "shop_id till_id epoch jn way",
    "stock_moves": "shop_id till_id epoch jn n",
    "account_moves": "shop_id till_id epoch jn n",
}
"""Primary keys that are not the record's place alone."""
_PROJECTIONS = (*COLUMNS, "returned", "stock", "late", "flaws")


class _Clash(Exception):  # noqa: N818 - told within this module
    """Two records made the same row; they are made once more, one at a time."""


class _Flaw(Exception):  # noqa: N818 - told within this module
    """A record that makes no sense here."""


def project_some(house: House, counted: Callable[[str], None] = lambda _what: None) -> bool:
    """Project a piece of what waits, of every till in turn; whether there was anything."""
    waiting = house.database.read(lambda work: work.rows(_WAITING))
    done = 0
    for row in waiting:
        place = (row["shop_id"], row["till_id"], int(row["epoch"]))
        done += _project(house, place, counted)
    return done > 0


def _project(house: House, place: tuple[str, str, int], counted: Callable[[str], None]) -> int:
    now = stamp(house.clock.now())
    for careful in (False, True):
        try:
            good, bad = house.database.run(lambda work: _piece(work, place, careful, now))  # noqa: B023
        except (_Clash, BadValue):
            continue
        for _ in range(good):
            counted("projected")
        for _ in range(bad):
            counted("flawed")
        return good + bad
    raise AssertionError(place)


def _piece(work: Work, place: tuple[str, str, int], careful: bool, now: str) -> tuple[int, int]:
    """Project what comes next of one epoch; how many records were good and bad."""
    at: dict[str, Value] = {"s": place[0], "t": place[1], "e": place[2]}
    sql = f"SELECT jn FROM progress WHERE {_PLACE}{work.claiming}"  # noqa: S608  # nosec B608  # names and clauses of ours, values are bound
    mine = one(work.rows(sql, **at))
    if mine is None:  # another process is at it, and looks again when it is done
        return 0, 0
    reached = int(mine["jn"])
    epoch = one(work.rows(f"SELECT top_jn FROM epochs WHERE {_PLACE}", **at))  # noqa: S608  # nosec B608  # names and clauses of ours, values are bound
    top = 0 if epoch is None else int(epoch["top_jn"])
    queued = work.rows(
        f"""SELECT jn, body FROM inbox WHERE {_PLACE} AND jn IN
        (SELECT jn FROM todo WHERE {_PLACE}) ORDER BY jn LIMIT {_AT_ONCE}""",  # noqa: S608  # nosec B608  # names and clauses of ours, values are bound
        **at,
    )
    fresh = work.rows(
        f"""SELECT jn, body FROM inbox WHERE {_PLACE} AND jn > :j
        ORDER BY jn LIMIT {_AT_ONCE}""",  # noqa: S608  # nosec B608  # names and clauses of ours, values are bound
        **at,
        j=reached,
    )
    if not queued and not fresh and top <= reached:
        return 0, 0
    rows = [*queued, *fresh]
    pieces = [[row] for row in rows] if careful else [rows]
    told = [_made(work, place, piece, careful, now) for piece in pieces]
    _late(work, at, place, [row["jn"] for row in queued], now)
    end = fresh[-1]["jn"] if len(fresh) == _AT_ONCE else max(top, *(r["jn"] for r in fresh), 0)
    work.do(f"UPDATE progress SET jn = :j WHERE {_PLACE}", j=end, **at)  # noqa: S608  # nosec B608  # names and clauses of ours, values are bound
    for row in queued:
        work.do(f"DELETE FROM todo WHERE {_PLACE} AND jn = :j", j=row["jn"], **at)  # noqa: S608  # nosec B608  # names and clauses of ours, values are bound
    good, flaws = (sum(numbers) for numbers in zip(*told, strict=True)) if told else (1, 0)
    return good, flaws


def _late(
    work: Work,
    at: dict[str, Value],
    place: tuple[str, str, int],
    came: Sequence[int],
    now: str,
) -> None:
    """List what fills a gap in a day whose Z is here already."""
    columns = "shop_id till_id epoch jn business_date found_at"
    sql = f"""SELECT business_date FROM closes
        WHERE {_PLACE} AND after_jn < :j AND upto_jn >= :j"""  # noqa: S608  # nosec B608  # names and clauses of ours, values are bound
    rows: list[tuple[Value, ...]] = []
    for jn in came:
        if closed := one(work.rows(sql, j=jn, **at)):
            rows.append((*place, jn, closed["business_date"], now))
    work.put("late", columns, rows)


def _made(
    work: Work, place: tuple[str, str, int], rows: Sequence[Row], careful: bool, now: str
) -> tuple[int, int]:
    made = Made()
    flaws: list[tuple[Value, ...]] = []
    for row in rows:
        try:
            record = _record(row["body"])
            if careful or _NUL in row["body"]:
                _check_cells(record)
            if careful:
                _check_alone(work, record)
            make(record, made)
        except (_Flaw, ValueError, OverflowError) as flaw:  # ValueError: no moment, no date
            flaws.append((*place, row["jn"], _kind(row["body"]), str(flaw)[:500], now))
    for name, columns in COLUMNS.items():
        found = made.rows.get(name, [])
        if work.put(name, columns, found) != len(found):
            raise _Clash
    _stock(work, place[0], made.stock, now)
    settle_by_records(work, place, made, now)
    work.put("flaws", "shop_id till_id epoch jn kind why found_at", flaws)
    return len(rows) - len(flaws), len(flaws)


def _stock(work: Work, shop: str, deltas: dict[str, int], now: str) -> None:
    # by key alone: pairs take ten times as long to sort
    changed = [(sku, deltas[sku]) for sku in sorted(deltas) if deltas[sku]]
    if not changed:
        return
    for start in range(0, len(changed), MOST_KEYS):
        version = next_version(work, shop, now)
        work.put(
            "stock",
            "shop_id sku milli version",
            [(shop, sku, milli, version) for sku, milli in changed[start : start + MOST_KEYS]],
            """(shop_id, sku) DO UPDATE
            SET milli = stock.milli + excluded.milli, version = excluded.version""",
        )


def _record(body: str) -> Record:
    data = body.encode()
    try:
        record = from_bytes(data)
    except (msgspec.DecodeError, RecursionError) as error:
        raise _Flaw(str(error)) from error
    return record


def _check_cells(record: Record) -> None:
    """_Flaw where a number or a text does not fit a column."""
    made = Made()
    try:
        make(record, made)
    except (ValueError, OverflowError) as error:
        raise _Flaw(str(error)) from error
    cells = [cell for rows in made.rows.values() for row in rows for cell in row]
    for cell in [*cells, *made.stock.values()]:
        if isinstance(cell, int) and abs(cell) > _LIMIT:
            raise _Flaw("a number without measure")
        if isinstance(cell, str) and "\0" in cell:
            raise _Flaw("a text with NUL")


def _check_alone(work: Work, record: Record) -> None:
    """_Flaw where the rows of a record are there already, or twice in it."""
    made = Made()
    make(record, made)
    for name, rows in made.rows.items():
        columns = COLUMNS[name].split()
        keys = [columns.index(key) for key in _KEYS.get(name, "shop_id till_id epoch jn").split()]
        found = [tuple(row[n] for n in keys) for row in rows]
        if len(set(found)) != len(found):
            raise _Flaw(f"{name}: the same key twice in one record")
        names = [columns[n] for n in keys]
        where = " AND ".join(f"{key} = :{key}" for key in names)
        for key in found:
            sql = f"SELECT 1 AS there FROM {name} WHERE {where}"  # noqa: S608  # nosec B608  # names and clauses of ours, values are bound
            if work.rows(sql, **dict(zip(names, key, strict=True))):
                raise _Flaw(f"{name} {' '.join(map(str, key))} was made by another record")


def _kind(body: str) -> str:
    found = re.search(r'"kind":"([a-z_.]{1,40})"', body)
    return found[1] if found else ""


def rebuild(house: House) -> int:
    """Forget every table made of records and make them again; how many records were projected."""

    def forget(work: Work) -> None:
        for name in _PROJECTIONS:
            work.do(f"DELETE FROM {name}")  # noqa: S608  # nosec B608  # names of our tables
        work.do("DELETE FROM todo")
        work.do("UPDATE progress SET jn = 0")

    house.database.run(forget)
    done: list[str] = []
    while project_some(house, done.append):
        pass
    return len(done)
