"""Tills of the chain: added, enrolled by a one-time code, asked who they are, revoked."""

from __future__ import annotations

from datetime import timedelta

import msgspec

from pos.clock import moment_of, stamp
from pos.headoffice.database import Row, Work, one
from pos.headoffice.house import House
from pos.protocol.enrolment import Enrol, Enrolled, Invoicing, code_hash, new_code, proof_digest
from pos.protocol.problems import ProblemError
from pos.protocol.records import HighWater
from pos.protocol.signing import Caller, check_request
from pos.record import verify
from pos.refusal import Refused

_NEW_TILL = (
    "shop_id till_id state serial public_key ledger_id epoch enrolled_at seen_at seen_state "
    "version head_epoch head_jn head_hash pending rejected oldest skew_seconds"
)
_KEEP_NONCES = timedelta(minutes=15)
LAST_EPOCH = 99


class Till(msgspec.Struct, frozen=True):
    """A till that proved who it is."""

    shop: str
    till: str
    token: str
    public_key: str
    ledger_id: str


def add(house: House, shop: str, till: str, shop_name: str = "") -> str:
    """A new till, or an old one that enrols anew; its one-time code. Earlier codes are void."""
    if not (
        len(shop) == 4 and len(till) == 2 and (shop + till).isascii() and (shop + till).isdigit()
    ):
        raise Refused("till_place", shop=shop, till=till)
    code = new_code()
    now = house.clock.now()
    until = stamp(now + timedelta(hours=house.settings.limits.code_hours))

    def put(work: Work) -> None:
        work.put("shops", "shop_id name made_at", [(shop, shop_name or shop, stamp(now))])
        if shop_name:
            work.do("UPDATE shops SET name = :n WHERE shop_id = :s", n=shop_name, s=shop)
        fresh = (shop, till, "awaiting", 0, "", "", 0, "", "", "", "", 0, 0, "", 0, 0, "", 0)
        work.put("tills", _NEW_TILL, [fresh])
        work.do("DELETE FROM codes WHERE shop_id = :s AND till_id = :t", s=shop, t=till)
        row = (code_hash(code), shop, till, stamp(now), until, "", "", "")
        columns = "code_hash shop_id till_id made_at expires_at used_at public_key ledger_id"
        work.put("codes", columns, [row])

    house.database.run(put)
    return code


def revoke(house: House, shop: str, till: str) -> None:
    """Stop one till: its token is worth nothing, its codes are void. Refused: till_unknown."""

    def put(work: Work) -> int:
        work.do("DELETE FROM codes WHERE shop_id = :s AND till_id = :t", s=shop, t=till)
        return work.do(
            "UPDATE tills SET state = 'revoked' WHERE shop_id = :s AND till_id = :t", s=shop, t=till
        )

    if not house.database.run(put):
        raise Refused("till_unknown", shop=shop, till=till)


def listed(house: House) -> list[Row]:
    """All tills as the table has them, with the name of their shop."""
    sql = """SELECT t.*, s.name AS shop_name FROM tills t JOIN shops s ON s.shop_id = t.shop_id
        ORDER BY t.shop_id, t.till_id"""
    return house.database.read(lambda work: work.rows(sql))


def enrol(house: House, asked: Enrol) -> Enrolled:
    """Make the till behind a code one of ours. ProblemError: code_unknown, conflict.

    The same key with the same code is answered again: its first answer may have been lost.
    """
    digest = proof_digest(asked.code, asked.ledger_id, asked.public_key)
    if not verify(asked.public_key, digest, bytes.fromhex(asked.proof)):
        raise ProblemError("code_unknown", "the key was not proved")
    now = stamp(house.clock.now())

    def put(work: Work) -> Enrolled:
        found = one(
            work.rows(
                f"SELECT * FROM codes WHERE code_hash = :h{work.locking}",  # noqa: S608  # nosec B608  # names and clauses of ours, values are bound
                h=code_hash(asked.code),
            )
        )
        if found is None or found["expires_at"] < now:
            raise ProblemError("code_unknown")
        again = bool(found["used_at"])
        if again and (found["public_key"], found["ledger_id"]) != (
            asked.public_key,
            asked.ledger_id,
        ):
            raise ProblemError("code_unknown", "used by another key")
        shop, till = found["shop_id"], found["till_id"]
        row = _locked(work, shop, till)
        if not again:
            row = _enrolled(work, row, asked, now)
            work.do(
                """UPDATE codes SET used_at = :n, public_key = :k, ledger_id = :l
                WHERE code_hash = :h""",
                n=now,
                k=asked.public_key,
                l=asked.ledger_id,
                h=code_hash(asked.code),
            )
        name = one(work.rows("SELECT name FROM shops WHERE shop_id = :s", s=shop))
        return Enrolled(
            shop=shop,
            till=till,
            shop_name="" if name is None else str(name["name"]),
            token=house.keys.token(shop, till, row["serial"]),
            pepper=house.keys.pepper,
            epoch=row["epoch"],
            high_water=high_waters(work, shop, till),
            server_time=now,
            invoicing=_invoicing(house),
        )

    return house.database.run(put)


def _invoicing(house: House) -> Invoicing | None:
    """What tills need for the code on receipts; None where there is no key for it."""
    own, key = house.settings.invoices, house.keys.link
    if not key:
        return None
    return Invoicing(own.owner, own.link or house.settings.server.url, key.hex(), own.valid_days)


def _enrolled(work: Work, row: Row, asked: Enrol, now: str) -> Row:
    shop, till = row["shop_id"], row["till_id"]
    sql = "SELECT * FROM epochs WHERE shop_id = :s AND till_id = :t"
    seen = work.rows(sql, s=shop, t=till)
    mine = (asked.ledger_id, asked.public_key)
    others = [int(r["epoch"]) for r in seen if (r["ledger_id"], r["public_key"]) != mine]
    epoch = max([asked.epoch, *(number + 1 for number in others)])
    if epoch > LAST_EPOCH:
        raise ProblemError("conflict", "this till has used all its epochs")
    work.do(
        """UPDATE tills SET state = 'active', serial = serial + 1, public_key = :k, ledger_id = :l,
        epoch = :e, enrolled_at = :n, version = :v WHERE shop_id = :s AND till_id = :t""",
        k=asked.public_key,
        l=asked.ledger_id,
        e=epoch,
        n=now,
        v=asked.version,
        s=shop,
        t=till,
    )
    return _locked(work, shop, till)


def _locked(work: Work, shop: str, till: str) -> Row:
    sql = f"SELECT * FROM tills WHERE shop_id = :s AND till_id = :t{work.locking}"  # noqa: S608  # nosec B608  # names and clauses of ours, values are bound
    row = one(work.rows(sql, s=shop, t=till))
    if row is None:
        raise ProblemError("code_unknown")
    return row


def authenticate(house: House, caller: Caller, method: str, target: str, body: bytes) -> Till:
    """The till behind a signed request.

    ProblemError: unauthorised, stale, revoked, replayed, too_many. The signature comes first, so
    that who is not the till learns nothing and uses up nothing.
    """
    now = house.clock.now()

    def ask(work: Work) -> Row | None:
        sql = "SELECT * FROM tills WHERE shop_id = :s AND till_id = :t"
        return one(work.rows(sql, s=caller.shop, t=caller.till))

    row = house.database.read(ask)
    serial = 0 if row is None else int(row["serial"])
    token = house.keys.token(caller.shop, caller.till, serial)
    if row is None or serial == 0:
        raise ProblemError("unauthorised", "no such till")
    check_request(token, caller, method, target, body, now)
    if row["state"] != "active":
        raise ProblemError("revoked")

    def use(work: Work) -> tuple[int, int]:
        fresh = work.put(
            "nonces",
            "shop_id till_id nonce at",
            [(caller.shop, caller.till, caller.nonce, stamp(now))],
        )
        return fresh, count(work, caller.shop, caller.till, stamp(now)[:16])

    fresh, n = house.database.run(use)
    if not fresh:
        raise ProblemError("replayed")
    if n > house.settings.limits.requests_per_minute:
        raise ProblemError("too_many", retry_after=60 - now.second)
    return Till(caller.shop, caller.till, token, row["public_key"], row["ledger_id"])


def count(work: Work, shop: str, subject: str, minute: str) -> int:
    """One more request of `subject` in this minute; how many there were."""
    work.put(
        "rates",
        "shop_id subject minute n",
        [(shop, subject, minute, 1)],
        "(shop_id, subject, minute) DO UPDATE SET n = rates.n + 1",
    )
    sql = "SELECT n FROM rates WHERE shop_id = :s AND subject = :u AND minute = :m"
    return int(work.rows(sql, s=shop, u=subject, m=minute)[0]["n"])


def failed(house: House, address: str) -> None:
    """Count a wrong code or signature against an address; ProblemError: too_many."""
    now = house.clock.now()
    minute = stamp(now)[:16]
    n = house.database.run(lambda work: count(work, "", address[:64], minute))
    if n > house.settings.limits.failures_per_minute:
        raise ProblemError("too_many", retry_after=60 - now.second)


def blocked(house: House, address: str) -> bool:
    """Whether an address has used up its failures of this minute."""
    minute = stamp(house.clock.now())[:16]
    sql = "SELECT n FROM rates WHERE shop_id = '' AND subject = :u AND minute = :m"
    row = one(house.database.read(lambda work: work.rows(sql, u=address[:64], m=minute)))
    return row is not None and row["n"] >= house.settings.limits.failures_per_minute


def forget_nonces(house: House) -> None:
    """Drop nonces whose time is refused anyway, and counts of minutes that are over."""
    before = stamp(house.clock.now() - _KEEP_NONCES)

    def drop(work: Work) -> None:
        work.do("DELETE FROM nonces WHERE at < :b", b=before)
        work.do("DELETE FROM rates WHERE minute < :b", b=before[:16])

    house.database.run(drop)


def high_waters(work: Work, shop: str, till: str) -> tuple[HighWater, ...]:
    """What head office has of a till, by epoch."""
    sql = "SELECT * FROM epochs WHERE shop_id = :s AND till_id = :t ORDER BY epoch"
    return tuple(
        HighWater(
            row["epoch"], row["high_jn"], row["high_hash"], row["top_jn"], bool(row["fenced_at"])
        )
        for row in work.rows(sql, s=shop, t=till)
    )


def skew(clock: str, now: str) -> int:
    """Seconds a till's clock is ahead of ours."""
    return round((moment_of(clock) - moment_of(now)).total_seconds())
