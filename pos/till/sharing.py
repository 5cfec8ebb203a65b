"""Orders on hold for any till of the shop: handed over, and taken where the customer comes to pay.

An order that is being handed over stays here on hold until head office has it; from its answer on
it is no till's, until one takes it. Both are asked under an id that is on disk first, so that a
lost answer is asked for again and no order is ever at two tills.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

import msgspec
from msgspec.structs import replace

from pos.access.rights import require
from pos.access.signing import where_of
from pos.clock import local, moment_of, stamp
from pos.money import yuan
from pos.protocol.between import Claim, Hold, HoldState
from pos.refusal import Refused
from pos.sale import order as rules
from pos.sale.order import Order
from pos.sale.pricing import price
from pos.store import requests
from pos.till import holding, moving, offering, selling, syncing

if TYPE_CHECKING:
    from pos.record import Where
    from pos.store.ledger import Ledger
    from pos.till.till import Till


def give(till: Till) -> None:
    """Hand the order at the counter over to the other tills."""
    require("share", till.session)
    line = syncing.asking(till)
    order = till.state.order
    if order is None or not order.lines:
        raise Refused("order_empty")
    rules.check_open(order)
    if order.returned:
        raise Refused("share_no_returns")
    held = replace(offering.unheld(till, order), state="held")
    where = where_of(till.session)
    hold = _hold(till, held, where)
    body = _with_where(hold, where)

    def job(ledger: Ledger) -> None:
        ledger.save_draft(
            held,
            also=lambda x: requests.put(
                ledger, x, hold.request_id, "give", held.order_id, held.order_id, body
            ),
        )

    def saved(_: None) -> None:
        selling.clear(till)
        till.state.held = holding.held_orders(till)
        till.tell(till.words.sync.giving)
        asked = line.ask(lambda office: office.give(hold, held.order_id))
        till.follow(asked, given, till.refuse)

    def given(_: None) -> None:
        till.state.held = holding.held_orders(till)
        till.tell(till.words.sync.given, "ok")

    till.write(job, saved)


def _hold(till: Till, order: Order, where: Where) -> Hold:
    """The order as it travels: who buys is known here alone."""
    bare = replace(order, person_id="", delivery_id="", reason="")
    return Hold(
        request_id=till.ids.uuid7(),
        operator=where.operator,
        label=(order.label or holding.first_name(order))[:60],
        lines=len(order.lines),
        total_fen=price(order).total_fen,
        held_at=stamp(till.clock.now()),
        body=msgspec.json.encode(bare).decode(),
    )


def _with_where(message: Hold | Claim, where: Where) -> bytes:
    """A request as kept: with the shift it was made in, for the record that follows it."""
    told = msgspec.to_builtins(message)
    told |= {"shift_id": where.shift_id, "business_date": where.business_date}
    return msgspec.json.encode(told)


def show(till: Till) -> None:
    """Orders of the shop that wait for any till; picking one takes it."""
    require("hold", till.session)
    line = syncing.asking(till)
    words = till.words.sync
    till.tell(words.asking)

    def found(holds: tuple[HoldState, ...]) -> None:
        if till.state.mode != "selling":
            return  # the cashier went on meanwhile
        if not holds:
            raise Refused("nothing_shared")
        rows = tuple(_row(one) for one in holds)
        moving.offer(till, words.shared_title, words.shared_columns, rows, lambda i: take(holds[i]))

    def take(hold: HoldState) -> None:
        _take(till, hold)

    till.follow(line.ask(lambda office: office.holds()), found, till.refuse)


def _row(hold: HoldState) -> tuple[str, ...]:
    when = local(moment_of(hold.held_at)).strftime("%H:%M") if hold.held_at else ""
    return hold.label, when, str(hold.lines), yuan(hold.total_fen), hold.till


def _take(till: Till, hold: HoldState) -> None:
    line = syncing.asking(till)
    where = where_of(till.session)
    claim = Claim(till.ids.uuid7(), where.operator)
    body = _with_where(claim, where)

    def job(ledger: Ledger) -> None:
        requests.ask(ledger, claim.request_id, "claim", hold.hold_id, hold.hold_id, body)

    def asked(_: None) -> None:
        till.tell(till.words.sync.asking)
        taken = line.ask(lambda office: office.claim(hold.hold_id, claim))
        till.follow(taken, lambda _: _taken(till, hold.hold_id), till.refuse)

    till.write(job, asked)


def _taken(till: Till, order_id: str) -> None:
    """The order is here, on hold; at a free counter it comes up at once."""
    till.state.held = holding.held_orders(till)
    order = next((one for one in till.state.held if one.order_id == order_id), None)
    free = till.state.order is None or not till.state.order.lines
    if order is not None and free and till.state.mode == "selling":
        holding.recall(till, order)
    else:
        till.tell(till.words.sync.taken, "ok")
