"""Who may look: accounts, signing in with a lockout on disk, sessions.

Passwords are argon2id (OWASP's floor: 19 MiB, 2 passes) over a keyed hash, whose key lies outside
the database. A browser holds a random token, the database its hash.
"""

from __future__ import annotations

import hashlib
import secrets
import threading
from datetime import timedelta
from functools import cache
from typing import Literal, get_args

import msgspec
from argon2 import PasswordHasher
from argon2.exceptions import InvalidHashError, VerificationError

from pos.clock import moment_of, stamp
from pos.headoffice import tills
from pos.headoffice.database import Row, Work, one
from pos.headoffice.house import House
from pos.protocol.problems import ProblemError
from pos.refusal import Refused
from pos.text import clean

Role = Literal["reader", "manager", "owner"]
ROLES: tuple[Role, ...] = get_args(Role)
Right = Literal["read", "change", "own"]
RIGHTS: dict[Role, frozenset[Right]] = {
    "reader": frozenset({"read"}),
    "manager": frozenset({"read", "change"}),
    "owner": frozenset({"read", "change", "own"}),
}
LEAST = 10
MOST = 128
LONGEST_NAME = 40
FREE_FAILURES = 5
_LOCK_SECONDS = 30
_LONGEST_LOCK = 3600
_IDLE = timedelta(hours=2)
_LONGEST = timedelta(hours=12)
_TOUCH = timedelta(minutes=1)
_FORGET = timedelta(days=2)
_LETTERS = "abcdefghjkmnpqrstuvwxyz23456789"
_hasher = PasswordHasher(time_cost=2, memory_cost=19_456, parallelism=1)
_verifying = threading.BoundedSemaphore(2)
"""Each takes 19 MiB: a crowd at the door waits in line."""


class Account(msgspec.Struct, frozen=True):
    """Who is signed in. `of_shop` is empty for the whole chain."""

    name: str
    role: Role
    of_shop: str
    must_change: bool

    def may(self, right: Right) -> bool:
        """Whether the role has this right."""
        return right in RIGHTS[self.role]


def name_of(text: str) -> str:
    """An account's name as it is kept."""
    return clean(text, LONGEST_NAME).casefold()


def one_time_password() -> str:
    """A password to be changed at the first signing in: 16 letters, 79 bits."""
    return "-".join("".join(secrets.choice(_LETTERS) for _ in range(4)) for _ in range(4))


def add(house: House, name: str, role: str, of_shop: str, by: str) -> str:
    """A new account; its one-time password.

    Refused: account_name, account_there, account_role, shop_unknown.
    """
    name = name_of(name)
    known = next((one for one in ROLES if one == role), None)
    if known is None:
        raise Refused("account_role", role=clean(role, 20), roles=", ".join(ROLES))
    if not name:
        raise Refused("account_name")
    password = one_time_password()
    kept = _hash(house, name, password)
    now = stamp(house.clock.now())

    def put(work: Work) -> None:
        if of_shop and not work.rows("SELECT 1 AS x FROM shops WHERE shop_id = :s", s=of_shop):
            raise Refused("shop_unknown", shop=clean(of_shop, 20))
        row = (name, known, of_shop, kept, 1, 1, now, by)
        columns = "name role of_shop password_hash must_change active made_at made_by"
        if not work.put("accounts", columns, [row]):
            raise Refused("account_there", name=name)

    house.database.run(put)
    return password


def reset(house: House, name: str) -> str:
    """A new one-time password; who is signed in by the old one is out. Refused: account_unknown."""
    name = name_of(name)
    password = one_time_password()
    _keep(house, name, password, must_change=1)
    house.database.run(lambda work: work.do("DELETE FROM knocks WHERE name = :n", n=_knock(name)))
    return password


def set_active(house: House, name: str, active: bool) -> None:
    """Open or close an account. Refused: account_unknown, account_last."""
    name = name_of(name)

    def put(work: Work) -> None:
        sql = "SELECT name FROM accounts WHERE active = 1 AND role = 'owner' AND of_shop = ''"
        owners = [row["name"] for row in work.rows(sql + work.locking)]
        if not active and owners == [name]:
            raise Refused("account_last", name=name)
        done = work.do("UPDATE accounts SET active = :a WHERE name = :n", a=int(active), n=name)
        if not done:
            raise Refused("account_unknown", name=name)
        work.do("DELETE FROM sessions WHERE account = :n", n=name)

    house.database.run(put)


def listed(house: House) -> list[Row]:
    """All accounts, without anything secret."""
    sql = "SELECT name, role, of_shop, must_change, active, made_at, made_by FROM accounts"
    return house.database.read(lambda work: work.rows(sql + " ORDER BY name"))


def sign_in(house: House, name: str, password: str, address: str) -> str:
    """The token of a new session. Refused: sign_in_wrong, sign_in_wait, sign_in_crowd.

    A try counts before the password is looked at, so that many at once are no way around.
    """
    name = name_of(name)
    if tills.blocked(house, address):
        raise Refused("sign_in_crowd")
    now = house.clock.now()
    _knocked(house, name)

    def find(work: Work) -> Row | None:
        sql = "SELECT * FROM accounts WHERE name = :n AND active = 1"
        return one(work.rows(sql, n=name))

    row = house.database.read(find)
    kept = _nobody() if row is None else str(row["password_hash"])
    if not _fits(house, name, password, kept) or row is None:
        try:
            tills.failed(house, address)
        except ProblemError:
            raise Refused("sign_in_crowd") from None
        raise Refused("sign_in_wrong")
    token = secrets.token_urlsafe(32)

    def put(work: Work) -> None:
        work.do("DELETE FROM knocks WHERE name = :n", n=_knock(name))
        work.do("DELETE FROM sessions WHERE made_at < :b", b=stamp(now - _LONGEST))
        fresh = (_token_hash(token), name, stamp(now), stamp(now))
        work.put("sessions", "token_hash account made_at seen_at", [fresh])

    house.database.run(put)
    return token


def session_of(house: House, token: str, touch: bool = True) -> Account | None:
    """Whose token this is, None where it is nobody's any more.

    A page that loads itself anew does not `touch`: a browser left alone ends signed out.
    """
    if not token:
        return None
    now = house.clock.now()
    sql = """SELECT s.seen_at, a.name, a.role, a.of_shop, a.must_change FROM sessions s
        JOIN accounts a ON a.name = s.account WHERE s.token_hash = :h AND a.active = 1
        AND s.made_at > :m AND s.seen_at > :i"""
    at = {"h": _token_hash(token), "m": stamp(now - _LONGEST), "i": stamp(now - _IDLE)}
    row = one(house.database.read(lambda work: work.rows(sql, **at)))
    if row is None:
        return None
    if touch and moment_of(row["seen_at"]) < now - _TOUCH:
        seen = "UPDATE sessions SET seen_at = :n WHERE token_hash = :h"
        house.database.run(lambda work: work.do(seen, n=stamp(now), h=at["h"]))
    return Account(row["name"], row["role"], row["of_shop"], bool(row["must_change"]))


def sign_out(house: House, token: str) -> None:
    """End a session."""
    sql = "DELETE FROM sessions WHERE token_hash = :h"
    house.database.run(lambda work: work.do(sql, h=_token_hash(token)))


def change_password(house: House, name: str, old: str, new: str, again: str, token: str) -> None:
    """Refused: password_wrong, sign_in_wait, password_short, password_weak, password_differs.

    Other sessions of the account end.
    """
    _knocked(house, name)
    sql = "SELECT password_hash FROM accounts WHERE name = :n"
    row = one(house.database.read(lambda work: work.rows(sql, n=name)))
    if row is None or not _fits(house, name, old, row["password_hash"]):
        raise Refused("password_wrong")
    house.database.run(lambda work: work.do("DELETE FROM knocks WHERE name = :n", n=_knock(name)))
    if new != again:
        raise Refused("password_differs")
    if not LEAST <= len(new) <= MOST:
        raise Refused("password_short", least=LEAST, most=MOST)
    if len(set(new)) < 5 or name in new.casefold() or new == old:
        raise Refused("password_weak")
    _keep(house, name, new, must_change=0, but=_token_hash(token))


def _keep(house: House, name: str, password: str, *, must_change: int, but: str = "") -> None:
    kept = _hash(house, name, password)

    def put(work: Work) -> None:
        sql = "UPDATE accounts SET password_hash = :h, must_change = :m WHERE name = :n"
        if not work.do(sql, h=kept, m=must_change, n=name):
            raise Refused("account_unknown", name=name)
        work.do("DELETE FROM sessions WHERE account = :n AND token_hash <> :b", n=name, b=but)

    house.database.run(put)


def _knocked(house: House, name: str) -> None:
    """Count a try; Refused("sign_in_wait") while the name is locked."""
    now = house.clock.now()
    knock = _knock(name)

    def put(work: Work) -> int:
        work.do("DELETE FROM knocks WHERE at < :b", b=stamp(now - _FORGET))
        work.put("knocks", "name failures until_at at", [(knock, 0, "", stamp(now))])
        row = work.rows(f"SELECT * FROM knocks WHERE name = :n{work.locking}", n=knock)[0]  # noqa: S608  # nosec B608  # names and clauses of ours, values are bound
        if row["until_at"] > stamp(now):
            return round((moment_of(row["until_at"]) - now).total_seconds()) or 1
        failures = int(row["failures"]) + 1
        lock = min(_LOCK_SECONDS * 2 ** min(failures - FREE_FAILURES, 10), _LONGEST_LOCK)
        until = stamp(now + timedelta(seconds=lock)) if failures >= FREE_FAILURES else ""
        sql = "UPDATE knocks SET failures = :f, until_at = :u, at = :a WHERE name = :n"
        work.do(sql, f=failures, u=until, a=stamp(now), n=knock)
        return 0

    if seconds := house.database.run(put):
        raise Refused("sign_in_wait", seconds=seconds)


def _knock(name: str) -> str:
    """Names that were typed are kept as hashes: one may be a password in the wrong field."""
    return hashlib.sha256(name.encode()).hexdigest()


def _token_hash(token: str) -> str:
    return hashlib.sha256(token.encode()).hexdigest()


def _keyed(house: House, name: str, password: str) -> str:
    return house.keys.session(f"password|{name}|{password[:MOST]}")


def _hash(house: House, name: str, password: str) -> str:
    with _verifying:
        return _hasher.hash(_keyed(house, name, password))


def _fits(house: House, name: str, password: str, kept: str) -> bool:
    with _verifying:
        try:
            return _hasher.verify(kept, _keyed(house, name, password))
        except (VerificationError, InvalidHashError):
            return False


@cache
def _nobody() -> str:
    """A hash that nothing fits, for names nobody has: they take as long as the others."""
    return _hasher.hash(secrets.token_hex(16))
