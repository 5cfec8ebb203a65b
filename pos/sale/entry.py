"""What a cashier types, read: `3*`, `85/`, `12.50`, `3*6901234567890`."""

from __future__ import annotations

import re

from pos.money import MAX_FEN, parse_fen, parse_milli
from pos.refusal import Refused

_RATE = re.compile(r"\d{1,3}(\.\d)?", re.ASCII)
_COUNTED = re.compile(r"(\d{1,5}(?:\.\d{1,3})?)[*x×](.+)", re.IGNORECASE | re.ASCII)


def read_quantity(text: str) -> int:
    """A quantity in thousandths, above zero; Refused otherwise."""
    milli = parse_milli(text)
    if milli is None:
        raise Refused("not_a_quantity", text=text)
    if milli == 0:
        raise Refused("quantity_not_positive")
    return milli


def read_amount(text: str) -> int:
    """An amount of yuan in fen; Refused when it is no amount or beyond any till."""
    fen = parse_fen(text)
    if fen is None:
        raise Refused("not_an_amount", text=text)
    if fen > MAX_FEN:
        raise Refused("amount_too_large")
    return fen


def read_rate(text: str) -> int:
    """折: `85` and `8.5` are 85 折, `8` is 8 折; the basis points taken off. `100` is none.

    A number below ten counts tenths of the price, any other one hundredths.

    Above 100 the customer would pay more, at 0 nothing: both are refused.
    """
    if not _RATE.fullmatch(text):
        raise Refused("not_a_rate", text=text)
    whole, _, tenth = text.partition(".")
    number = int(whole) * 10 + int(tenth or 0)
    paid_bp = number * (100 if number < 100 else 10)
    if not 0 < paid_bp <= 10_000:
        raise Refused("rate_out_of_range", text=text)
    return 10_000 - paid_bp


def split_counted(text: str) -> tuple[int, str] | None:
    """`3*6901…` as a quantity and a code; None where the text is not of that form."""
    match = _COUNTED.fullmatch(text)
    return (read_quantity(match[1]), match[2]) if match else None
