"""Head office's book of stored value and points, kept by hand: what the protocol says, no more.

It stands where a till's link to head office stands, and loses answers as it is told.
"""

from __future__ import annotations

import threading
from collections.abc import Iterable
from dataclasses import dataclass, field
from typing import Any, TypeVar
from urllib.parse import unquote

from pos.protocol.between import Balance, CouponUse, Settle, Spend, Spent, UseCoupon
from pos.sync.trouble import LinkFailed

T = TypeVar("T")
Fault = str
"""`ok`; `lost`: done, but the answer never comes; `down`: never heard."""


@dataclass
class Held:
    """A hold: what, for whom, how it stands."""

    asked: Spend
    state: str = "held"


@dataclass
class Office:
    """Accounts by asset; nobody else writes into it."""

    accounts: dict[tuple[str, str], int] = field(default_factory=dict)
    holds: dict[str, Held] = field(default_factory=dict)
    lowest: int = 0
    codes: dict[str, int] = field(default_factory=dict)
    uses: dict[str, tuple[UseCoupon, str]] = field(default_factory=dict)
    guard: threading.Lock = field(default_factory=threading.Lock)

    def free(self, account: str, asset: str) -> int:
        """What can still be spent."""
        held = sum(
            one.asked.amount
            for one in self.holds.values()
            if one.state == "held" and (one.asked.member_id, one.asked.asset) == (account, asset)
        )
        return self.accounts.get((account, asset), 0) - held

    def spend(self, asked: Spend) -> str:
        """Hold an amount, once for each id."""
        there = self.holds.get(asked.request_id)
        if there is not None:
            assert there.asked == asked
            return there.state
        if (asked.member_id, asked.asset) not in self.accounts:
            raise _told(404, "ho_not_found")
        if self.free(asked.member_id, asked.asset) < asked.amount:
            raise _told(409, "ho_not_enough")
        self.holds[asked.request_id] = Held(asked)
        return "held"

    def settle(self, request_id: str, state: str) -> str:
        """Use it or let it go, once."""
        there = self.holds.get(request_id)
        if there is None:
            raise _told(404, "ho_not_found")
        if there.state == "held":
            there.state = state
            if state == "confirmed":
                key = (there.asked.member_id, there.asked.asset)
                self.accounts[key] -= there.asked.amount
                self.lowest = min(self.lowest, self.accounts[key])
        elif there.state != state:
            raise _told(409, "ho_settled")
        return there.state

    def use(self, asked: UseCoupon) -> CouponUse:
        """Keep a use of a code, once for each id."""
        if asked.code not in self.codes:
            raise _told(404, "ho_not_found")
        if asked.request_id not in self.uses:
            taken = [s for a, s in self.uses.values() if a.code == asked.code and s != "released"]
            if len(taken) >= self.codes[asked.code]:
                raise _told(409, "ho_not_enough")
            self.uses[asked.request_id] = asked, "held"
        there, state = self.uses[asked.request_id]
        assert there == asked
        assert state == "held"
        return CouponUse(asked.request_id, asked.code, "coupon", "held")

    def end_use(self, request_id: str, state: str) -> str:
        """Use it or let it go, once."""
        if request_id not in self.uses:
            raise _told(404, "ho_not_found")
        asked, now = self.uses[request_id]
        if now == "held":
            self.uses[request_id] = asked, state
        elif now != state:
            raise _told(409, "ho_settled")
        return state

    def used(self, code: str) -> list[str]:
        """How the uses of a code stand."""
        return [state for asked, state in self.uses.values() if asked.code == code]

    def balance(self, account: str) -> Balance:
        """What an account can spend now."""
        if (account, "stored") not in self.accounts:
            raise _told(404, "ho_not_found")
        free = self.free(account, "stored")
        held = self.accounts[account, "stored"] - free
        return Balance("0001", account, "", free, self.free(account, "points"), held)


class OfficeLink:
    """One till's line to the office; `faults` are used up one a call, then all is well."""

    def __init__(self, office: Office, faults: Iterable[Fault] = ()) -> None:
        self.office, self.faults = office, list(faults)

    def close(self) -> None:
        """Nothing is open."""

    def ask(self, method: str, target: str, kind: type[T], message: object = None) -> T:
        """An answer of the office."""
        found: Any = self._answer(method, target, message)
        assert isinstance(found, kind)
        return found

    def fetch(self, method: str, target: str, message: object = None, limit: int = 0) -> bytes:
        """As `ask`, for who wants no answer."""
        self._answer(method, target, message)
        return b"{}"

    def _answer(self, method: str, target: str, message: object) -> object:
        fault = self.faults.pop(0) if self.faults else "ok"
        if fault == "down":
            raise LinkFailed("offline", "ho_unreachable", sent=False)
        with self.office.guard:
            found = self._do(method, target, message)
        if fault == "lost":
            raise LinkFailed("offline", "ho_unreachable")
        return found

    def _do(self, method: str, target: str, message: object) -> object:
        parts = target.split("/")[2:]
        match method, parts, message:
            case "GET", ["members", _, account], None:
                return self.office.balance(unquote(account))
            case "POST", ["spends"], Spend() as asked:
                state = self.office.spend(asked)
                assert state == "held"
                return Spent(asked.request_id, "held", self.office.balance(asked.member_id))
            case "POST", ["coupons"], UseCoupon() as asked_use:
                return self.office.use(asked_use)
            case "POST", [("spends" | "coupons") as what, request_id, end], Settle():
                settle = self.office.settle if what == "spends" else self.office.end_use
                return settle(request_id, {"confirm": "confirmed", "release": "released"}[end])
        raise AssertionError((method, target))


def _told(status: int, code: str) -> LinkFailed:
    return LinkFailed("told", code, status=status)
