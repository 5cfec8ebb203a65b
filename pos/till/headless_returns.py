"""A return without a screen: the same rules, the same ledger."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from typing import TYPE_CHECKING

from msgspec.structs import replace

from pos.access.rights import Session, check_return, require
from pos.access.signing import Gate, begin, where_of
from pos.clock import business_date, stamp
from pos.record import Condition
from pos.refusal import Refused
from pos.sale import order as rules
from pos.sale import refunds, returns, tenders
from pos.sale.order import Order
from pos.sale.refunds import Back
from pos.sale.returns import Sold, Wanted
from pos.store import returned
from pos.store.reader import Reader
from pos.text import clean
from pos.till import moneyback

if TYPE_CHECKING:
    from pos.store.ledger import Ended, Ledger


@dataclass(frozen=True)
class Asked:
    """What is to come back of an order: lines with their thousandths (None: all that is left).

    No lines at all is the whole order. `references` are those of the card terminal and the bank,
    in the order in which the money goes back.
    """

    number: str
    lines: tuple[tuple[int, int | None], ...] = ()
    condition: Condition = "stock"
    reason: str = ""
    in_cash: bool = False
    references: tuple[str, ...] = ()


def bring_back(gate: Gate, ledger: Ledger, reader: Reader, session: Session, asked: Asked) -> Ended:
    """Close a return. Refused leaves nothing behind; wallets' refunds are begun by the caller."""
    require("cli.order.return", session)
    if asked.in_cash:
        require("refund_cash", session)
    settings = gate.settings
    sold = _sold(reader, settings.shop.id, asked.number)
    now, days = ledger.place.clock.now(), settings.returns.days
    today = business_date(now, settings.shift.cutoff_hour).isoformat()
    check_return(session, lambda: returns.check_age(sold.sold_on, today, days))
    wanted = _wanted(sold, asked)
    order = Order(
        ledger.place.ids.uuid7(),
        stamp(now),
        session.operator_id,
        person_id=sold.person_id,
        reason=clean(asked.reason, 80),
    )
    for line in returns.bring_back(sold, wanted):
        order = rules.bring_back(order, line)
    order, backs = refunds.give_back(order, [sold], settings.cash.rounding, in_cash=asked.in_cash)
    backs = _with_references(backs, asked.references)
    if not session.shift_id:
        session = begin(gate, ledger, reader, session)
    return moneyback.close_return(ledger, order, backs, where_of(session))


def _sold(reader: Reader, shop: str, number: str) -> Sold:
    till = returns.till_of(number, shop)
    row = reader.order(number)
    if row is None and till != reader.meta("till"):
        raise Refused("return_other_till", till=till)
    if row is None:
        raise Refused("order_unknown", number=number)
    return returned.sold_of(reader.rows, row.order_id, reader.drafts())


def _wanted(sold: Sold, asked: Asked) -> list[Wanted]:
    if not asked.lines:
        return [replace(one, condition=asked.condition) for one in returns.everything(sold)]
    wanted = []
    for line_no, milli in asked.lines:
        left = sold.left(line_no)
        if milli is None and not left:
            raise Refused("return_none_there", name=sold.line(line_no).name)
        wanted.append(Wanted(line_no, left if milli is None else milli, asked.condition))
    return wanted


def _with_references(backs: Sequence[Back], references: Sequence[str]) -> tuple[Back, ...]:
    """What goes back by card or transfer has the reference of its own slip."""
    given = iter(references)
    out = []
    for back in backs:
        if back.way in refunds.MANUAL:
            reference = clean(next(given, ""), 40)
            tenders.check_reference(back.way, reference)
            back = replace(back, reference=reference)
        out.append(back)
    if next(given, None) is not None:
        raise Refused("reference_not_needed")
    return tuple(out)
