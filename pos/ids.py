"""Ids made by the till, unique at both ends."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass

import uuid_utils

SEQ_DIGITS = 7


@dataclass(frozen=True)
class Ids:
    """Where new ids come from; tests put in their own."""

    uuid7: Callable[[], str]


def system_ids() -> Ids:
    """UUIDv7 (RFC 9562) from the machine's clock and random source."""
    return Ids(lambda: str(uuid_utils.uuid7()))


def order_number(shop: str, till: str, epoch: int, seq: int) -> str:
    """The printed number: shop 4 + till 2 + epoch 2 + seq 7 digits."""
    place = shop + till
    digits = len(shop) == 4 and len(till) == 2 and place.isascii() and place.isdigit()
    if not digits or not 0 < epoch < 100 or not 0 < seq < 10**SEQ_DIGITS:
        raise ValueError(f"no order number for {shop=} {till=} {epoch=} {seq=}")
    return f"{shop}{till}{epoch:02d}{seq:0{SEQ_DIGITS}d}"
