"""Vouchers in the form an accountant asked for."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Literal, get_args

from pos.books.beancount import to_beancount
from pos.books.tables import to_csv, to_kis, to_u8
from pos.books.voucher import Voucher
from pos.refusal import Refused

Format = Literal["beancount", "csv", "kis", "u8"]
SUFFIX: dict[Format, str] = {"beancount": ".beancount", "csv": ".csv", "kis": ".dbf", "u8": ".txt"}


def export(vouchers: Sequence[Voucher], form: str, maker: str) -> bytes:
    """The bytes of a file; the same vouchers give the same bytes. Refused("voucher_format")."""
    match form:
        case "beancount":
            return to_beancount(vouchers)
        case "csv":
            return to_csv(vouchers)
        case "kis":
            return to_kis(vouchers, maker)
        case "u8":
            return to_u8(vouchers, maker)
        case _:
            raise Refused("voucher_format", format=form, known="、".join(get_args(Format)))
