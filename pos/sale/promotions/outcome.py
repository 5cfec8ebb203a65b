"""What offers came to on an order, told so that a line, a receipt and a customer can be answered.

Everything here is data; `explaining` makes sentences of it.
"""

from __future__ import annotations

from typing import Literal

import msgspec

from pos.sale.offers import NO_OFFERS, Offers
from pos.sale.promotions.model import Layer, OfferKind

Wanted = Literal["pieces", "amount", "add_on"]


class Part(msgspec.Struct, frozen=True):
    """A line's share in an offer: `milli` of it, worth `original_fen` before the offer.

    `milli` counts pieces (or weight) as often as the offer took them.
    """

    line_no: int
    milli: int
    original_fen: int
    saving_fen: int


class Applied(msgspec.Struct, frozen=True):
    """An offer that was given, `times` times; the parts' savings add up to `saving_fen`.

    Offers on the whole order have parts without a saving of their own: pricing spreads theirs.
    The member price that a product carries itself has an empty `offer_id`. `points` are spent.
    """

    offer_id: str
    name: str
    kind: OfferKind
    layer: Layer
    times: int
    saving_fen: int
    parts: tuple[Part, ...]
    spread: bool = False
    code: str = ""
    points: int = 0


class Proposal(msgspec.Struct, frozen=True):
    """What the customer could still have: more pieces, a larger amount, or an add-on to confirm.

    `missing` is pieces for `pieces`, fen for `amount`, and for `add_on` how many may be added;
    `skus` are the add-ons to choose from at `price_fen`.
    """

    offer_id: str
    name: str
    wanted: Wanted
    missing: int
    skus: tuple[str, ...] = ()
    price_fen: int = 0


class Reason(msgspec.Struct, frozen=True):
    """Why an offer was not given. `code` is a field of the words; `missing` is pieces or fen."""

    offer_id: str
    name: str
    code: str
    missing: int = 0
    detail: str = ""


class Outcome(msgspec.Struct, frozen=True):
    """The best offers for an order: what pricing takes, and what is told of it.

    `exact` is false where a conflict was too large to be searched to its end, so that a better
    combination may exist.
    """

    offers: Offers = NO_OFFERS
    applied: tuple[Applied, ...] = ()
    proposals: tuple[Proposal, ...] = ()
    reasons: tuple[Reason, ...] = ()
    exact: bool = True

    @property
    def saving_fen(self) -> int:
        """What all offers take off together."""
        return sum(x.saving_fen for x in self.applied)

    def of_line(self, line_no: int) -> tuple[tuple[Applied, Part], ...]:
        """The offers that touched a line, each with the line's part in it."""
        return tuple(
            (applied, part)
            for applied in self.applied
            for part in applied.parts
            if part.line_no == line_no
        )


NOTHING = Outcome()
