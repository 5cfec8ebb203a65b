"""Heartbeats: how a till says it is, beside what head office knows of it."""

from __future__ import annotations

from collections.abc import Mapping

from pos.clock import stamp
from pos.headoffice.between import coupons
from pos.headoffice.database import Work, one
from pos.headoffice.house import House
from pos.headoffice.streams import cursor_of
from pos.headoffice.tills import LAST_EPOCH, Till, high_waters, skew
from pos.protocol.master import STREAMS
from pos.protocol.problems import ProblemError
from pos.protocol.records import Heartbeat, HighWater, Open, Pulse, State

_SEEN = """UPDATE tills SET seen_at = :now, seen_state = :state, version = :version,
    head_epoch = :epoch, head_jn = :jn, head_hash = :hash, pending = :pending, rejected = :rejected,
    oldest = :oldest, skew_seconds = :skew WHERE shop_id = :s AND till_id = :t"""


def beat(house: House, till: Till, told: Heartbeat) -> Pulse:
    """Keep what the till tells; what it should know. ProblemError: forbidden, malformed."""
    if (told.shop, told.till) != (till.shop, till.till):
        raise ProblemError("forbidden", "another till's heartbeat")
    now = stamp(house.clock.now())
    try:
        ahead = skew(told.clock, now)
    except ValueError as error:
        raise ProblemError("malformed", "clock") from error

    def put(work: Work) -> Pulse:
        waters = high_waters(work, till.shop, till.till)
        state = _state(work, told, waters)
        work.do(
            _SEEN,
            now=now,
            state=state,
            version=told.version,
            epoch=told.epoch,
            jn=told.jn,
            hash=told.hash,
            pending=told.pending,
            rejected=told.rejected,
            oldest=told.oldest,
            skew=ahead,
            s=till.shop,
            t=till.till,
        )
        newest = max((water.epoch for water in waters), default=0)
        return Pulse(
            server_time=now,
            state=state,
            epoch=newest,
            next_epoch=min(max(newest, told.epoch) + 1, LAST_EPOCH),
            high_water=waters,
            changed=_changed(work, till, told.cursors),
            holds=_holds(work, till),
            open=_open(work, till),
        )

    return house.database.run(put)


def _state(work: Work, told: Heartbeat, waters: tuple[HighWater, ...]) -> State:
    if any(water.epoch > told.epoch for water in waters):
        return "fenced"
    sql = """SELECT hash FROM inbox
        WHERE shop_id = :s AND till_id = :t AND epoch = :e AND jn = :j"""
    there = one(work.rows(sql, s=told.shop, t=told.till, e=told.epoch, j=told.jn))
    if there is not None and there["hash"] != told.hash:
        return "forked"
    ours = next((water for water in waters if water.epoch == told.epoch), None)
    return "behind" if ours is not None and ours.top > told.jn else "current"


def _changed(work: Work, till: Till, cursors: Mapping[str, str]) -> tuple[str, ...]:
    return tuple(
        stream
        for stream in STREAMS
        if cursor_of(work, till.shop if stream == "shop" else "") != cursors.get(stream, "")
    )


def _holds(work: Work, till: Till) -> int:
    sql = "SELECT count(*) AS n FROM holds WHERE shop_id = :s AND claimed_by = ''"
    return int(work.rows(sql, s=till.shop)[0]["n"])


def _open(work: Work, till: Till) -> tuple[Open, ...]:
    me = till.shop + till.till
    sql = "SELECT * FROM {} WHERE asker = :me AND state = 'held' ORDER BY since"
    returns = work.rows(sql.format("reservations"), me=me)
    spends = work.rows(sql.format("spends"), me=me)
    return tuple(
        [Open("return", row["request_id"], row["since"], row["number"]) for row in returns]
        + [Open("spend", row["request_id"], row["since"], row["shop_id"]) for row in spends]
        + [Open("coupon", row["request_id"], row["since"]) for row in coupons.open_of(work, me)]
    )
