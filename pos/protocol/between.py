"""Between tills: holds for any till, returns of another till's order, members' money and points."""

from __future__ import annotations

from typing import Annotated, Literal

import msgspec

from pos.protocol.fields import Count, Fen, Id, Message, Milli, Number, ShopId, Short, Stamp, TillId
from pos.protocol.records import OwnRecord

Settlement = Literal["held", "confirmed", "released"]


class Hold(Message, frozen=True):
    """An open order handed over. From the answer on it is no longer the till's.

    `body` is the draft as text, which head office passes on and does not read; `label`, `lines` and
    `total_fen` are what a list shows. The same hold again is answered as before; other content
    under its id is a `conflict`.
    """

    request_id: Id
    operator: Id
    label: Short
    lines: Count
    total_fen: Fen
    held_at: Stamp
    body: Annotated[str, msgspec.Meta(max_length=1_000_000)]


class HoldState(Message, frozen=True):
    """A hold without its order. `till` handed it over; `claimed_by` is empty while it waits."""

    hold_id: str
    till: TillId
    operator: str
    label: str
    lines: Count
    total_fen: Fen
    held_at: str
    claimed_by: str = ""


class Holds(Message, frozen=True):
    """What waits in this shop, oldest first."""

    holds: tuple[HoldState, ...]


class Claim(Message, frozen=True):
    """Take a hold. With the same `request_id` the same till gets it again (its answer was lost);
    anybody else gets 409 `claimed`."""

    request_id: Id
    operator: Id


class Claimed(Message, frozen=True):
    """The order, now the asking till's alone."""

    hold_id: str
    body: str


class Taken(Message, frozen=True):
    """Of one line of an order: thousandths that other requests keep (`reserved`)."""

    line_no: Count
    reserved: Count


class OrderFound(Message, frozen=True):
    """The record of a closed order, the records of what came back of it, and what is reserved.

    `till_seen` and `till_pending` tell how fresh this is: when the selling till last spoke, and how
    many records it had not sent by then.
    """

    number: Number
    shop: ShopId
    till: TillId
    order: OwnRecord
    returns: tuple[OwnRecord, ...] = ()
    reserved: tuple[Taken, ...] = ()
    till_seen: str = ""
    till_pending: Count = 0


class Wanted(Message, frozen=True):
    """Thousandths of a line that are to come back."""

    line_no: Annotated[int, msgspec.Meta(ge=1, le=100_000)]
    milli: Milli


class Reserve(Message, frozen=True):
    """Keep quantities of an order's lines; all or 409 `not_enough`."""

    request_id: Id
    operator: Id
    number: Number
    lines: Annotated[tuple[Wanted, ...], msgspec.Meta(min_length=1, max_length=1000)]


class Reserved(Message, frozen=True):
    """How a reservation stands."""

    request_id: str
    number: str
    state: Settlement
    lines: tuple[Wanted, ...]


class Settle(Message, frozen=True):
    """Confirm or release. `about` is the order number reserved of, the shop that asked for money,
    a coupon's request; `order_number` is the order that used it, empty at release. Once more:
    answered as before."""

    about: Id
    order_number: Annotated[str, msgspec.Meta(pattern="^([0-9]{15})?$")] = ""


class Balance(Message, frozen=True):
    """What a member can spend now: what the records say less what is held."""

    shop: ShopId
    member_id: str
    level: str
    stored_fen: int
    points: int
    held_fen: Count = 0
    held_points: Count = 0


class Spend(Message, frozen=True):
    """Hold `amount` (fen of stored value, or points) for an order; all or 409 `not_enough`."""

    request_id: Id
    operator: Id
    shop: ShopId
    member_id: Id
    asset: Literal["stored", "points"]
    amount: Annotated[int, msgspec.Meta(ge=1, le=10**12)]
    order_id: Id


class UseCoupon(Message, frozen=True):
    """Keep one use of a coupon's code for an order, or 409 `not_enough`: it was used."""

    request_id: Id
    operator: Id
    code: Annotated[str, msgspec.Meta(min_length=1, max_length=64)]
    order_id: Id


class CouponUse(Message, frozen=True):
    """How the use of a coupon stands, the offer it belongs to, and what is left of its uses."""

    request_id: str
    code: str
    offer_id: str
    state: Settlement
    uses_left: Count = 0


class Spent(Message, frozen=True):
    """How a hold of money or points stands, and what is left to spend."""

    request_id: str
    state: Settlement
    balance: Balance
