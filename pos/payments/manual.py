"""Money that never touches the till: a static code on the counter, a card terminal beside it.

The cashier says that it came; the till cannot know. Such a tender is flagged unverified and waits
for the bill: reconciliation proposes a row of its amount and time.
"""

from __future__ import annotations

import re
from datetime import datetime
from typing import Literal

import msgspec

from pos.money import MAX_FEN
from pos.refusal import Refused
from pos.text import clean

ManualKind = Literal["static_code", "card_terminal"]

LEAST_REFERENCE = 4
MOST_REFERENCE = 32
_CARD = re.compile(r"(?<!\d)(?:\d[ \-]?){13,19}(?!\d)", re.ASCII)


class ManualTender(msgspec.Struct, frozen=True, forbid_unknown_fields=True):
    """A tender on a person's word; `verified` is false and stays so until a bill says otherwise."""

    kind: ManualKind
    fen: int
    reference: str
    taken_at: datetime
    operator: str
    verified: Literal[False] = False


def take_manual(
    kind: ManualKind, fen: int, reference: str, now: datetime, operator: str
) -> ManualTender:
    """The tender for `fen` that `operator` saw arrive.

    A card terminal's slip has a reference of 4 characters or more; a static code needs none.
    Raises Refused: "amount_not_positive", "amount_too_large", "reference_missing", "card_number".
    """
    if fen <= 0:
        raise Refused("amount_not_positive")
    if fen > MAX_FEN:
        raise Refused("amount_too_large")
    text = clean(reference, MOST_REFERENCE)
    if _CARD.search(text):
        raise Refused("card_number")
    if kind == "card_terminal" and len(text) < LEAST_REFERENCE:
        raise Refused("reference_missing", least=LEAST_REFERENCE)
    return ManualTender(kind, fen, text, now, operator)
