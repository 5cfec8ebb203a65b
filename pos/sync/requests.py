"""What a till asks of the others, each with an end: holds, returns of their orders, members' money.

A request is on disk before it is asked, under an id of its own; the same id asked again is answered
as the first time. So an answer that is lost is asked for once more, at the counter or behind it,
until the request was used (confirm), given up (release) or refused. All of it needs the network.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable
from concurrent.futures import Future
from contextlib import closing
from datetime import timedelta
from functools import partial
from typing import TYPE_CHECKING, Any, TypeVar
from urllib.parse import quote

import msgspec

from pos.clock import Clock, stamp
from pos.config import Config
from pos.protocol.between import (
    Balance,
    Claim,
    Claimed,
    CouponUse,
    Hold,
    Holds,
    HoldState,
    OrderFound,
    Reserve,
    Reserved,
    Settle,
    Spend,
    Spent,
    UseCoupon,
)
from pos.protocol.framing import decode
from pos.protocol.records import Open
from pos.refusal import Refused
from pos.store import requests
from pos.store.reader import Reader
from pos.store.requests import RequestRow
from pos.sync import handed
from pos.sync.directory import Directory
from pos.sync.link import Link
from pos.sync.trouble import LinkFailed

if TYPE_CHECKING:
    from pos.store.ledger import Ledger

Submit = Callable[[Callable[["Ledger"], Any]], Future[Any]]
T = TypeVar("T")
WAIT_SECONDS = 30.0
ON_ITS_ORDER = timedelta(minutes=10)
"""After so long a reservation is on its order, or that was given up."""
_PATHS = {"return": "returns", "spend": "spends", "payout": "spends", "coupon": "coupons"}


class Requests:
    """Asks for one till over one link, in one thread."""

    def __init__(self, config: Config, clock: Clock, link: Link, submit: Submit) -> None:
        self._config, self._clock, self._link, self._submit = config, clock, link, submit

    def _write(self, job: Callable[[Ledger], T]) -> T:
        done: T = self._submit(job).result(WAIT_SECONDS)
        return done

    # what only looks

    def holds(self) -> tuple[HoldState, ...]:
        """Orders of this shop that wait for any till. Refused: ho_…"""
        return handed.listed(self._asked(partial(self._link.ask, "GET", "/v1/holds", Holds)))

    def order(self, number: str) -> OrderFound:
        """A closed order of any till of the chain, what came back of it, what is reserved.

        Refused: ho_…; ho_bad_order where it is none.
        """
        told = self._asked(partial(self._link.ask, "GET", f"/v1/orders/{number}", OrderFound))
        return handed.found(told, number)

    def balance(self, shop: str, member_id: str) -> Balance:
        """What a member can spend now."""
        target = f"/v1/members/{shop}/{quote(member_id, safe='')}"
        return self._asked(partial(self._link.ask, "GET", target, Balance))

    def people(self, text: str) -> int:
        """Have members of other tills known here too; how many there are under this text."""
        return self._asked(partial(Directory(self._config, self._link, self._submit).find, text))

    # what must have an end

    def give(self, hold: Hold, order_id: str) -> None:
        """Hand an open order over; the draft is gone with the answer.

        The caller has put the request down with the draft (`store.requests.giving`). Refused where
        head office said no: then the order is the till's again. Refused("ho_unreachable"): nobody
        knows, it is asked again behind the counter.
        """
        self._give(hold, order_id)

    def _give(self, hold: Hold, order_id: str) -> None:
        target = f"/v1/holds/{order_id}"
        try:
            self._link.ask("PUT", target, HoldState, hold)
        except LinkFailed as failed:
            if _said_no(failed):
                self._write(lambda ledger: requests.taken_back(ledger, hold.request_id))
            raise failed.refused() from failed
        self._write(lambda ledger: requests.given(ledger, hold.request_id))

    def claim(self, hold_id: str, claim: Claim) -> None:
        """Take a waiting order; it is on disk as a held order of this till when this returns.

        The caller has put the request down (`store.requests.ask`). Refused("ho_claimed"): another
        till was first; ("ho_bad_order"): what came is not used, and not asked for again.
        """
        target = f"/v1/holds/{hold_id}/claim"
        try:
            found = self._link.ask("POST", target, Claimed, claim)
        except LinkFailed as failed:
            if _said_no(failed):
                self._end(claim.request_id, failed)
            raise failed.refused() from failed
        try:
            order = handed.claimed(found.body, hold_id)
            self._write(lambda ledger: requests.taken(ledger, claim.request_id, order))
        except Refused as refused:
            if refused.code == "ho_bad_order":
                self._write(lambda x: requests.end(x, claim.request_id, "refused", "ho_bad_order"))
            raise

    def reserve(self, asked: Reserve, order_id: str) -> Reserved:
        """Keep quantities of an order's lines for the return `order_id`; all or Refused."""
        return self._hold("return", "/v1/returns", asked.number, asked, order_id, Reserved)

    def spend(self, asked: Spend) -> Spent:
        """Hold stored value or points of a member for an order; all or Refused."""
        return self._hold("spend", "/v1/spends", asked.shop, asked, asked.order_id, Spent)

    def use_coupon(self, asked: UseCoupon) -> CouponUse:
        """Keep a use of a coupon for an order; Refused("ho_not_enough"): there is none left.

        What this till wanted to let go of it (an answer was lost, it was taken off) is told first.
        """
        with closing(Reader(self._config.ledger)) as reader:
            waiting = requests.unfinished(reader)
        for row in waiting:
            if (row.kind, row.about, row.state) == ("coupon", asked.code, "release"):
                self._asked(partial(self._tell, row))
        code, order_id = asked.code, asked.order_id
        return self._hold("coupon", "/v1/coupons", code, asked, order_id, CouponUse)

    def hold_payout(self, asked: Spend) -> Spent:
        """As `spend`, for money that goes back to its owner: the record of it ends the hold."""
        return self._hold("payout", "/v1/spends", asked.shop, asked, asked.order_id, Spent)

    def _hold(
        self,
        kind: requests.Kind,
        path: str,
        about: str,
        asked: Reserve | Spend | UseCoupon,
        order_id: str,
        answer: type[T],
    ) -> T:
        """On disk, asked, held. An answer that is lost is a release later on: nobody used it."""
        request_id, body = asked.request_id, msgspec.json.encode(asked)
        self._write(lambda x: requests.ask(x, request_id, kind, about, order_id, body))
        try:
            found = self._link.ask("POST", path, answer, asked)
        except LinkFailed as failed:
            if _said_no(failed):
                self._end(request_id, failed)
            else:
                self._write(lambda x: requests.want(x, request_id, "release"))
            raise failed.refused() from failed
        self._write(lambda x: requests.want(x, request_id, "held"))
        return found

    def _end(self, request_id: str, failed: LinkFailed) -> None:
        self._write(lambda ledger: requests.end(ledger, request_id, "refused", failed.code))

    def _asked(self, ask: Callable[[], T]) -> T:
        try:
            return ask()
        except LinkFailed as failed:
            raise failed.refused() from failed

    # behind the counter

    def settle(self, told_open: Iterable[Open] = ()) -> None:
        """Bring every request to its end as far as it can be; LinkFailed where nobody answers.

        What head office holds for this till and this ledger knows nothing of is let go.
        """
        with closing(Reader(self._config.ledger)) as reader:
            ended = requests.ended(reader, stamp(self._clock.now() - ON_ITS_ORDER))
        if ended:
            self._write(lambda ledger: requests.conclude(ledger, ended))
        with closing(Reader(self._config.ledger)) as reader:
            waiting = requests.unfinished(reader)
            known = {row.request_id for row in requests.kept(reader)}
            strangers = [one for one in told_open if one.request_id not in known]
        for row in waiting:
            self._finish(row)
        for one in strangers:
            self._release_unknown(one)

    def _finish(self, row: RequestRow) -> None:
        match row.kind, row.state:
            case "give", _:
                with_id = decode(row.body, Hold)
                self._again(lambda: self._give(with_id, row.about))
            case "claim", _:
                claim = decode(row.body, Claim)
                self._again(lambda: self.claim(row.about, claim))
            case (("return" | "spend" | "payout" | "coupon"), ("confirm" | "release")):
                self._tell(row)

    def _again(self, ask: Callable[[], None]) -> None:
        """Once more; a no is an end too, and who cannot be reached is asked next time."""
        try:
            ask()
        except Refused as refused:
            if isinstance(refused.__cause__, LinkFailed) and not _said_no(refused.__cause__):
                raise refused.__cause__ from None

    def _tell(self, row: RequestRow) -> None:
        path = f"/v1/{_PATHS[row.kind]}/{row.request_id}/{row.state}"
        number = row.why if row.state == "confirm" else ""
        about = row.request_id if row.kind == "coupon" else row.about
        try:
            self._link.fetch("POST", path, Settle(about, number))
        except LinkFailed as failed:
            if not _said_no(failed):
                raise
            self._end(row.request_id, failed)
            return
        self._write(lambda ledger: requests.end(ledger, row.request_id, "done", row.why))

    def _release_unknown(self, one: Open) -> None:
        """Nobody here will use it: this ledger was put back, or never got the answer."""
        try:
            self._link.fetch(
                "POST",
                f"/v1/{_PATHS[one.kind]}/{one.request_id}/release",
                Settle(one.about or one.request_id),
            )
        except LinkFailed as failed:
            if not _said_no(failed):
                raise


def _said_no(failed: LinkFailed) -> bool:
    """Head office heard it and will say the same again."""
    return failed.kind == "told" and failed.status in (400, 403, 404, 409, 413)
