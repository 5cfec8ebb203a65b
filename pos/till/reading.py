"""What was scanned at the counter: goods, a scale's label, or something that does not sell."""

from __future__ import annotations

from typing import TYPE_CHECKING

import msgspec

from pos.hardware.codes import (
    Goods,
    Member,
    PaymentCode,
    Priced,
    ReceiptNumber,
    Weighed,
    Wrong,
    read_code,
)
from pos.money import MAX_MILLI, MILLI
from pos.refusal import Refused
from pos.sale.order import Product

if TYPE_CHECKING:
    from pos.till.till import Till


class Found(msgspec.Struct, frozen=True):
    """A product with what its code says of this piece: weight, amount."""

    product: Product
    code: str
    milli: int | None = None
    amount_fen: int | None = None


def goods_of(till: Till, text: str, *, off: bool = False) -> Found | None:
    """What a code sells; None where nobody knows it. Refused for codes that never sell.

    `off`: also what is not on sale now.
    """
    found = read_code(text, till.config.settings.scale_labels, "sale")
    match found:
        case Wrong():
            raise Refused(found.reason, code=found.code[:32])
        case Weighed():
            product = till.reader.product(found.item, off=off)
            return Found(product, text, found.milli, found.amount_fen) if product else None
        case Priced():
            product = till.reader.product(found.item, off=off)
            if product is None:
                return None
            milli = _worth(product, found.amount_fen)
            return Found(product, text, milli, found.amount_fen)
        case Goods():
            product = till.reader.product(found.code, off=off)
            product = product or till.reader.product(text, off=off)
            return Found(product, found.code, found.milli) if product else None
        case PaymentCode() | Member() | ReceiptNumber():
            product = till.reader.product(text)  # a shop may well have numbers like these
            if product is not None:
                return Found(product, text)
            early = isinstance(found, PaymentCode)
            raise Refused("payment_code_early" if early else "member_card_early")


def _worth(product: Product, amount_fen: int) -> int | None:
    """How much an amount buys; for goods by the piece a label with an amount is one piece."""
    if not product.weighed or product.price_fen <= 0:
        return MILLI
    return min(
        MAX_MILLI, max(1, (amount_fen * MILLI + product.price_fen // 2) // product.price_fen)
    )
