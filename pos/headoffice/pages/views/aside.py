"""Records that were not taken in, and those that made no sense: their bytes as text, a decision."""

from __future__ import annotations

import json
import re

from pos.clock import stamp
from pos.headoffice.database import Row, Value, Work, one
from pos.headoffice.pages.gate import Answer, Moved, Shown, Visit
from pos.headoffice.pages.views.shops import shop_of, shops
from pos.refusal import Refused
from pos.words.headoffice import EN, ZH

_MOST = 200
_LONGEST_NOTE = 300
_LONGEST_BODY = 20_000
_QUARANTINE = """SELECT shop_id, till_id, epoch, jn, hash, verdict, code, received_at, decided_at,
    decided_by, decision FROM quarantine WHERE (:s = '' OR shop_id = :s)
    AND (:o = 1 OR decided_at = '') ORDER BY received_at DESC, shop_id, till_id, epoch, jn, hash
    LIMIT :n"""
_FLAWS = """SELECT * FROM flaws WHERE (:s = '' OR shop_id = :s)
    ORDER BY found_at DESC, shop_id, till_id, epoch, jn LIMIT :n"""
_PLACE = "shop_id = :s AND till_id = :t AND epoch = :e AND jn = :j"
_REF = re.compile(r"(\d{4})-(\d{2})-(\d{1,2})-(\d{1,15})-([0-9a-f]{64})", re.ASCII)


def show(visit: Visit) -> Answer:
    """`/aside`"""
    shop, settled = shop_of(visit), int(visit.get("settled") == "1")

    def ask(work: Work) -> Shown:
        values = {
            "shop": shop,
            "shops": shops(work, visit),
            "settled": settled,
            "aside": work.rows(_QUARANTINE, s=shop, o=settled, n=_MOST),
            "flaws": work.rows(_FLAWS, s=shop, n=_MOST),
            "why_words": _why(visit),
        }
        return Shown("aside.html", values)

    return visit.house.database.read(ask)


def show_one(visit: Visit) -> Answer:
    """`/aside/{ref}`: SHOP-TILL-EPOCH-JN-HASH. Refused: record_unknown."""
    return _one(visit, "", 200)


def _one(visit: Visit, why: str, status: int) -> Shown:
    at = _at(visit)

    def ask(work: Work) -> Shown:
        sql = f"SELECT * FROM quarantine WHERE {_PLACE} AND hash = :h"  # noqa: S608  # nosec B608  # names and clauses of ours, values are bound
        row = one(work.rows(sql, **at))
        if row is None:
            raise Refused("record_unknown")
        there = f"SELECT body, hash, received_at FROM inbox WHERE {_PLACE}"  # noqa: S608  # nosec B608  # names and clauses of ours, values are bound
        kept = one(work.rows(there, **{k: v for k, v in at.items() if k != "h"}))
        values = {
            "row": row,
            "why_words": _why(visit),
            "ref": visit.get("ref"),
            "body": readable(row["body"]),
            "kept": kept,
            "kept_body": "" if kept is None else readable(kept["body"]),
            "why": why,
            "note": visit.get("note"),
        }
        return Shown("aside_one.html", values, status)

    return visit.house.database.read(ask)


def decide(visit: Visit) -> Answer:
    """The form of one record: what a person found, which stays with it."""
    note = visit.get("note")[:_LONGEST_NOTE]
    if not note:
        return _one(visit, visit.told(Refused("note_missing")), 422)
    at = _at(visit)
    sql = f"""UPDATE quarantine SET decided_at = :n, decided_by = :w, decision = :d
        WHERE {_PLACE} AND hash = :h AND decided_at = ''"""  # noqa: S608  # nosec B608  # names and clauses of ours, values are bound
    now = stamp(visit.house.clock.now())

    def put(work: Work) -> int:
        return work.do(sql, n=now, w=visit.who.name, d=note, **at)

    if not visit.house.database.run(put):
        return _one(visit, visit.told(Refused("aside_settled")), 422)
    return Moved("/aside", "settled")


def _why(visit: Visit) -> dict[str, str]:
    return (EN if visit.language == "en" else ZH).why


def ref_of(row: Row) -> str:
    """What a row is asked for by."""
    return f"{row['shop_id']}-{row['till_id']}-{row['epoch']}-{row['jn']}-{row['hash']}"


def _at(visit: Visit) -> dict[str, Value]:
    match = _REF.fullmatch(visit.get("ref"))
    if match is None or visit.who.of_shop not in ("", match[1]):
        raise Refused("record_unknown")
    return {"s": match[1], "t": match[2], "e": int(match[3]), "j": int(match[4]), "h": match[5]}


def readable(body: str) -> str:
    """A record with a line for each field where it is JSON; else as it came."""
    try:
        text = json.dumps(json.loads(body), ensure_ascii=False, indent=1)
    except (ValueError, RecursionError):
        text = body
    return text[:_LONGEST_BODY]
