"""Taking money: what is due, cash with its rounding and change, tenders by reference."""

from __future__ import annotations

import re
import unicodedata
from typing import Literal

from msgspec.structs import replace

from pos.money import MAX_FEN, half_up
from pos.record import Taken, TenderWay
from pos.refusal import Refused
from pos.sale.order import Order
from pos.sale.pricing import price

RoundingMode = Literal["none", "down_jiao", "down_yuan", "half_up_jiao", "half_up_yuan"]
"""抹零: 抹分, 抹角, 四舍五入到角, 四舍五入到元."""

_STEP = {"down_jiao": 10, "half_up_jiao": 10, "down_yuan": 100, "half_up_yuan": 100}
NOTES_FEN = (100, 500, 1000, 2000, 5000, 10_000)
MIN_REFERENCE = 4
_BETWEEN_DIGITS = re.compile(r"(?<=\d)[ .\-]+(?=\d)", re.ASCII)
_CARD = re.compile(r"(?<!\d)\d{13,19}(?!\d)", re.ASCII)


def round_cash(fen: int, mode: RoundingMode) -> int:
    """What of `fen` is asked for in cash. Works alike on both sides of zero; never gives -0."""
    if mode == "none" or fen == 0:
        return fen
    step = _STEP[mode]
    size = abs(fen)
    rounded = half_up(size, step) * step if mode.startswith("half_up") else size // step * step
    return rounded if fen > 0 else -rounded


def due(order: Order) -> int:
    """Fen still to be paid."""
    return price(order).total_fen - sum(t.fen for t in order.tenders)


def cash_due(order: Order, mode: RoundingMode) -> int:
    """Fen to ask for when all that is left is paid in cash."""
    return round_cash(due(order), mode)


def take_cash(
    order: Order,
    given_fen: int | None,
    mode: RoundingMode,
    most_change_fen: int,
) -> Order:
    """The customer hands over cash; None is exactly what is due.

    Less than due is a part payment and is not rounded. Enough of it completes the order: 抹零 is
    computed here, once, on the cash remainder; it never makes an amount short that covers what is
    due. Change above `most_change_fen` is refused, since
    that is a slip of the finger or a barcode.
    """
    left = _left(order)
    asked = round_cash(left, mode)
    given = asked if given_fen is None else given_fen
    if given <= 0 < asked or given < 0 == asked:
        raise Refused("amount_not_positive")
    if 0 < left <= given < asked:
        asked = left  # enough without the rounding up: nobody is asked for more than that
    if given < asked:
        return _with(order, Taken("cash", given, given))
    if given - asked > most_change_fen:
        raise Refused("change_too_large", given=given, change=given - asked)
    rounded = replace(order, rounding_fen=left - asked)
    return _with(rounded, Taken("cash", asked, given))


def take_reference(
    order: Order,
    way: TenderWay,
    fen: int | None,
    reference: str,
) -> Order:
    """Money on a person's word: `fen` (None: all that is due) with its reference.

    A card terminal's slip and a transfer have a reference; of a static code (收款码) there may be
    none to be had. It is unverified, and reconciliation looks for it on the bills.
    """
    left = _left(order)
    amount = left if fen is None else fen
    if amount <= 0 < left or amount < 0 == left:
        raise Refused("amount_not_positive")
    if amount > left:
        raise Refused("no_change_from_tender", due=left)
    check_reference(way, reference)
    return _with(order, Taken(way, amount, amount, reference, unverified=True))


def check_reference(way: TenderWay, reference: str) -> None:
    """Refuse what is no reference of a slip, and a card's number, which is never kept."""
    if looks_like_card(reference):
        raise Refused("card_number")
    if len(reference) < MIN_REFERENCE and (reference or way != "static_code"):
        raise Refused("reference_missing", least=MIN_REFERENCE)


def check_wallet(order: Order, fen: int | None) -> int:
    """Fen to ask a wallet for: `fen`, or all that is due.

    What is uncertain comes first and cash last, so that no cash lies in the drawer for an order
    that nobody knows to be paid; a wallet gives no change.
    """
    left = _left(order)
    amount = left if fen is None else fen
    if amount <= 0:
        raise Refused("amount_not_positive")
    if amount > left:
        raise Refused("no_change_from_tender", due=left)
    if any(tender.way == "cash" for tender in order.tenders):
        raise Refused("wallet_before_cash")
    return amount


def take_wallet(
    order: Order,
    way: TenderWay,
    fen: int,
    out_trade_no: str,
    *,
    unverified: bool = False,
) -> Order:
    """Money of a wallet; the same number is taken once.

    `unverified`: a manager decided so, its provider has not confirmed it.
    """
    if any(tender.reference == out_trade_no for tender in order.tenders):
        return order
    if fen <= 0 or fen > due(order):
        raise Refused("no_change_from_tender", due=due(order))
    return _with(order, Taken(way, fen, fen, out_trade_no, unverified=unverified))


def take_back(order: Order) -> Order:
    """Give the last tender back: it is as if it had not been taken."""
    if not order.tenders:
        raise Refused("no_tender")
    return replace(order, tenders=order.tenders[:-1], rounding_fen=0)


def change_of(order: Order) -> int:
    """Fen to hand back to the customer."""
    return sum(t.given_fen - t.fen for t in order.tenders)


def paid(order: Order) -> bool:
    """Whether nothing is due any more and something was decided (a zero order needs a key too)."""
    return bool(order.tenders) and due(order) == 0


def quick_tenders(fen: int) -> tuple[int, ...]:
    """Sums a customer is likely to hand over for `fen`: the next whole ones of each note.

    At most four, rising; the hundreds are always among them, being the note most carried.
    """
    if fen <= 0:
        return ()
    sums = sorted({-(-fen // note) * note for note in NOTES_FEN} - {fen})
    return tuple(sums if len(sums) <= 4 else [*sums[:3], sums[-1]])


def looks_like_card(text: str) -> bool:
    """13 to 19 digits that pass Luhn's check (ISO/IEC 7812-1): a card number, never kept.

    Looked for anywhere in the text, in full-width digits and in groups too.
    """
    joined = _BETWEEN_DIGITS.sub("", unicodedata.normalize("NFKC", text))
    return any(_luhn(run) for run in _CARD.findall(joined))


def _luhn(digits: str) -> bool:
    total = 0
    for place, char in enumerate(reversed(digits)):
        value = int(char) * (2 if place % 2 else 1)
        total += value - 9 if value > 9 else value
    return total % 10 == 0


def _left(order: Order) -> int:
    if not order.lines:
        raise Refused("order_empty")
    left = due(order)
    if order.tenders and left == 0:
        raise Refused("already_paid")
    if left > MAX_FEN:
        raise Refused("amount_too_large")
    return left


def _with(order: Order, tender: Taken) -> Order:
    return replace(order, tenders=(*order.tenders, tender))
