"""The thread that issues, asks after and takes back, while head office serves.

It may be killed at any moment: the number is on disk before it is sent, and a number that may have
arrived is only asked after. It may run beside others of its kind: whoever takes a row up has it for
`HOLD`, and an answer that comes later than that is thrown away and asked for again.
"""

from __future__ import annotations

import logging
import secrets
import threading
from collections.abc import Callable
from datetime import timedelta

from msgspec.structs import replace

from pos.clock import stamp
from pos.headoffice.database import Work
from pos.headoffice.house import House
from pos.headoffice.invoicing import callbacks, keeping
from pos.headoffice.invoicing.keeping import Issue
from pos.headoffice.invoicing.returns import follow_returns
from pos.invoices import driving, selling
from pos.invoices.course import Course
from pos.invoices.document import Document, RedForm
from pos.invoices.protocol import InvoiceProvider
from pos.protocol.problems import ProblemError
from pos.refusal import Refused

log = logging.getLogger("pos.headoffice")
HOLD = timedelta(minutes=3)
"""Longer than a token, a call and its retry may take together."""
_LOOK_SECONDS = 1.0
_AT_ONCE = 50
Maker = Callable[[House], InvoiceProvider | None]


def provider_of(house: House) -> InvoiceProvider | None:
    """The provider that answers at once. Refused: what is wrong with its settings."""
    own = house.settings.invoices
    if own.provider != "nuonuo":
        return None
    from pos.invoices.nuonuo.gateway import Nuonuo

    now = house.clock.now
    return Nuonuo(own, house.folder, now, lambda no: callbacks.address(house, no))


class _Lost(Exception):  # noqa: N818 - told within this module
    """Another process has the row by now."""


class Issuer:
    """Does the work of head office's invoices; `start` gives it a thread of its own."""

    def __init__(self, house: House, maker: Maker = provider_of) -> None:
        self._house, self._maker = house, maker
        self._provider: InvoiceProvider | None = None
        self._ended = False
        self._thread: threading.Thread | None = None

    def start(self) -> None:
        """Begin. Where one process has the database, what the last one held is free."""
        self._ended = False
        if self._house.database.kind == "sqlite":
            self._house.database.run(keeping.release_all)
        if self._house.settings.invoices.owner == "headoffice":
            self._ready()  # what is wrong with the settings is told before a customer finds it
        self._thread = threading.Thread(target=self._run, name="issuing", daemon=True)
        self._thread.start()

    def stop(self) -> None:
        """End after the call at hand."""
        self._ended = True
        self._house.issuing.set()
        if self._thread is not None:
            self._thread.join()
            self._thread = None
        if self._provider is not None:
            self._provider.close()
            self._provider = None

    def turn(self) -> int:
        """Everything that is due now, once; how much there was."""
        house = self._house
        done = follow_returns(house)
        now = stamp(house.clock.now())
        places = house.database.read(lambda work: keeping.due(work, now, _AT_ONCE))
        provider = self._ready() if places else None
        if provider is None:
            return done
        for place in places:
            if self._ended:
                break
            self._work(place, provider)
        return done + len(places)

    def _work(self, place: tuple[str, str], provider: InvoiceProvider) -> None:
        house, holder = self._house, secrets.token_hex(8)
        now = house.clock.now()
        until = stamp(now + HOLD)
        issue = house.database.run(
            lambda work: keeping.claim(work, place, holder, stamp(now), until)
        )
        if issue is None:
            return

        def keep(course: Course) -> None:
            at = stamp(house.clock.now())
            if not house.database.run(lambda work: keeping.keep(work, issue, course, holder, at)):
                raise _Lost

        try:
            about, why = self._about(issue)
            if about is None:
                state = "failed" if issue.kind == "invoice" else "gone"
                keep(replace(issue.at, state=state, code=why, next_at=""))
            else:
                driving.drive(issue.at, about, provider, keep, house.clock.now)
        except _Lost:
            return
        house.database.run(lambda work: keeping.release(work, issue.shop_id, issue.no, holder))

    def _about(self, issue: Issue) -> tuple[Document | RedForm | None, str]:
        """What is to be sent; nothing, and why, where it came to nothing."""
        house = self._house

        def find(work: Work) -> tuple[Document | RedForm | None, str]:
            first = keeping.get(work, issue.waits_for) if issue.waits_for else None
            if first is not None and first.state not in keeping.DONE:
                return None, f"{first.kind}_{first.state}"
            if issue.kind == "invoice":
                return keeping.document_of(work, house.vault, issue), "erased"
            return keeping.form_of(work, house.vault, issue), "erased"

        return house.database.read(find)

    def _ready(self) -> InvoiceProvider | None:
        """The provider; None while it cannot be used as it is set up."""
        house = self._house
        if self._provider is None:
            try:
                provider = self._maker(house)
                selling.codes_of(house.settings.invoices, house.folder)
                self._provider, house.trouble = provider, None
            except Refused as refused:
                if house.trouble is None or house.trouble.code != refused.code:
                    log.error("invoices wait: %s %s", refused.code, refused.values)
                house.trouble = refused
        return self._provider

    def _run(self) -> None:
        while not self._ended:
            try:
                self.turn()
            except ProblemError as problem:  # the database is away; it is asked again
                log.warning("issuing waits: %s", problem.detail)
            except Exception:
                log.exception("issuing failed")
            self._house.issuing.wait(_LOOK_SECONDS)
            self._house.issuing.clear()
