"""What a provider of invoices can do, and what its answers mean.

`NotSent`: nothing left this machine, it may be asked again. `Unknown`: it may have arrived; only
asking after the number tells.
"""

from __future__ import annotations

from typing import Literal, Protocol

import msgspec

from pos.invoices.document import Document, Limits, RedForm


class _Answer(msgspec.Struct, frozen=True, tag_field="answer"):
    pass


class Accepted(_Answer, frozen=True, tag="accepted"):
    """The provider has it and works on it; `serial` is the provider's number."""

    serial: str = ""


class Duplicate(_Answer, frozen=True, tag="duplicate"):
    """It has had this number before: ask after it."""


class Rejected(_Answer, frozen=True, tag="rejected"):
    """It will not; nothing was issued. `why` are the provider's own words."""

    code: str
    why: str


class NotSent(_Answer, frozen=True, tag="not_sent"):
    """Nothing left this machine."""

    code: str


class Unknown(_Answer, frozen=True, tag="unknown"):
    """No answer that means something."""

    code: str


class Issuing(_Answer, frozen=True, tag="issuing"):
    """It is being issued, or signed."""


class Issued(_Answer, frozen=True, tag="issued"):
    """Done. `number` has 20 digits; `at` is the moment of issue, `clock.stamp`."""

    number: str
    at: str
    pdf_url: str = ""
    ofd_url: str = ""
    xml_url: str = ""
    serial: str = ""


class Failed(_Answer, frozen=True, tag="failed"):
    """The bureau did not issue it; `resend` where the same number may be tried again."""

    code: str
    why: str
    resend: bool = False


class NotFound(_Answer, frozen=True, tag="not_found"):
    """The provider knows no such number."""


RedStatus = Literal[
    "applying", "waiting", "confirmed", "red", "refused", "lapsed", "gone", "failed"
]
"""Applying; waiting for the buyer; free or confirmed; red invoice there; refused by the buyer;
not confirmed within 72 hours; withdrawn; failed."""


class RedTold(_Answer, frozen=True, tag="red_told"):
    """What became of a form; `number` is the red invoice's where there is one."""

    status: RedStatus
    form_no: str = ""
    number: str = ""
    at: str = ""
    code: str = ""
    why: str = ""


class Delivered(_Answer, frozen=True, tag="delivered"):
    """It was sent to the buyer once more."""


IssueAnswer = Accepted | Duplicate | Rejected | NotSent | Unknown
QueryAnswer = Issuing | Issued | Failed | NotFound | NotSent | Unknown
RedAnswer = Accepted | Duplicate | Rejected | NotSent | Unknown
RedQueryAnswer = RedTold | NotFound | NotSent | Unknown
DeliverAnswer = Delivered | Rejected | NotSent | Unknown
Answer = (
    Accepted
    | Duplicate
    | Rejected
    | NotSent
    | Unknown
    | Issuing
    | Issued
    | Failed
    | NotFound
    | RedTold
    | Delivered
)


class InvoiceProvider(Protocol):
    """A way to the tax bureau that answers at once. Calls block; none is repeated inside."""

    name: str
    limits: Limits

    def issue(self, document: Document) -> IssueAnswer:
        """Ask for an invoice under its own number."""

    def query(self, invoice_no: str, asked_at: str) -> QueryAnswer:
        """What became of it."""

    def retry(self, invoice_no: str) -> IssueAnswer:
        """Try the same number again after the bureau failed."""

    def red_apply(self, form: RedForm) -> RedAnswer:
        """Ask for a red letter."""

    def red_query(self, red_no: str) -> RedQueryAnswer:
        """What became of a red-letter form."""

    def deliver(self, number: str, email: str, mobile: str) -> DeliverAnswer:
        """Send an issued invoice to its buyer once more."""

    def close(self) -> None:
        """Let go of connections."""
