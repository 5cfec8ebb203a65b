"""An attempt as it is kept: one row, the events that change it, the acts that follow.

The rules are in `attempt`.
"""

from __future__ import annotations

from datetime import datetime
from typing import Literal

import msgspec

from pos.payments.protocol import (
    CancelAnswer,
    Charge,
    Paid,
    PayAnswer,
    QrAnswer,
    QueryAnswer,
    Way,
)
from pos.payments.schedule import Schedule, schedule_of

State = Literal[
    "created",  # on disk, nothing asked
    "sending",  # asked, no answer yet
    "waiting",  # the customer is at it, or a QR is shown
    "unknown",  # nobody knows
    "cancelling",  # we asked to undo it
    "paid",
    "declined",
    "cancelled",
    "cancelled_refunded",
    "paid_late",  # money came after we gave up: give it back or attach it
    "late_refunded",
    "decided_paid",  # a manager's word, not a provider's
    "decided_unpaid",
]
LIVE: frozenset[State] = frozenset({"created", "sending", "waiting", "unknown", "cancelling"})
Call = Literal["", "pay", "qr", "query", "cancel"]


class Attempt(msgspec.Struct, frozen=True, forbid_unknown_fields=True):
    """One row. `code_mark` is the keyed digest of a scanned code; the code itself is nowhere."""

    attempt_id: str
    order_id: str
    channel: str
    way: Way
    charge: Charge
    created_at: datetime
    state: State = "created"
    code_mark: str = ""
    sent_at: datetime | None = None
    qr: str = ""
    expires_at: datetime | None = None
    call: Call = ""
    call_no: int = 0
    called_at: datetime | None = None
    next_at: datetime | None = None
    reason: str = ""
    """Last code told: a field of the words."""
    misconfigured: bool = False
    cancel_asked: bool = False
    cancels: int = 0
    confirm: bool = False
    """The provider took a cancel (or knows nothing to cancel); a query has to say so too."""
    cancel_refused: bool = False
    returned: bool = False
    """The provider had the money while we were undoing it."""
    wanted: bool = True
    parked_at: datetime | None = None
    paid: Paid | None = None
    settled_at: datetime | None = None
    watch_until: datetime | None = None
    decided_by: str = ""
    decision: str = ""

    @property
    def schedule(self) -> Schedule:
        """The provider's times for this attempt."""
        return schedule_of(self.channel, self.way)

    @property
    def live(self) -> bool:
        """Whether it may still take money that the order waits for."""
        return self.state in LIVE

    @property
    def unresolved(self) -> bool:
        """Whether it belongs on the list of 未决: nobody may forget it."""
        return self.live or self.state == "paid_late"


# --- events ---


class _Event(msgspec.Struct, frozen=True, tag=True):
    pass


class Begin(_Event, frozen=True):
    """Send it. A second one does nothing: no attempt pays twice."""


class Answered(_Event, frozen=True):
    """What the act with number `call_no` brought."""

    call_no: int
    answer: PayAnswer | QrAnswer | QueryAnswer | CancelAnswer


class Wake(_Event, frozen=True):
    """It is `next_at`, or later."""


class Restarted(_Event, frozen=True):
    """The till starts: what was under way when it stopped is not known."""


class CancelAsked(_Event, frozen=True):
    """The cashier wants out. A wish, not a fact: it may still be paid."""


class AskNow(_Event, frozen=True):
    """Somebody wants to know now: the query by order number of last resort."""


class Unwanted(_Event, frozen=True):
    """The order was paid otherwise or given up: money that comes now goes back."""


class Park(_Event, frozen=True):
    """Put aside as 未决 and serve the next customer; it is looked after behind the scenes."""


class Decide(_Event, frozen=True):
    """A manager's recorded decision on what no provider answers."""

    verdict: Literal["paid", "unpaid"]
    by: str
    why: str


class Attach(_Event, frozen=True):
    """A manager gives late money to the order that still waits for it."""

    by: str
    why: str


class LateRefunded(_Event, frozen=True):
    """The refund of late money was confirmed by the provider."""


Event = (
    Begin
    | Answered
    | Wake
    | Restarted
    | CancelAsked
    | AskNow
    | Unwanted
    | Park
    | Decide
    | Attach
    | LateRefunded
)

# --- acts ---


class _Act(msgspec.Struct, frozen=True, tag=True):
    pass


class Ask(_Act, frozen=True):
    """Call the gateway and bring the answer back as `Answered(call_no, …)`."""

    call: Literal["pay", "qr", "query", "cancel"]
    call_no: int


class LateMoney(_Act, frozen=True):
    """Money is here that nobody waits for; `attachable` where its order is still open."""

    attachable: bool


class Alarm(_Act, frozen=True):
    """A person has to hear of this: `code` is a field of the words."""

    code: str


Act = Ask | LateMoney | Alarm


class Step(msgspec.Struct, frozen=True):
    """The attempt to commit, what to do once it is, and when to send `Wake` (in `next_at`)."""

    attempt: Attempt
    acts: tuple[Act, ...] = ()
