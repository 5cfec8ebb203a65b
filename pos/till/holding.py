"""Orders put aside: held, recalled, and brought back after a crash."""

from __future__ import annotations

from typing import TYPE_CHECKING

from msgspec.structs import replace

from pos.access.rights import require
from pos.clock import local, moment_of
from pos.money import MILLI, quantity, yuan
from pos.refusal import Refused
from pos.sale import order as rules
from pos.sale.order import Line, Order
from pos.sale.pricing import price
from pos.sale.tenders import paid
from pos.store import requests
from pos.till import customers, moving, offering, paying, selling, sharing, syncing, wallets

if TYPE_CHECKING:
    from pos.till.till import Till


def hold_or_recall(till: Till) -> None:
    require("hold", till.session)
    order = till.state.order
    if order is not None and order.lines:
        _hold(till, order)
    else:
        _recall(till)


def _hold(till: Till, order: Order) -> None:
    rules.check_open(order)
    most = till.config.settings.sale.most_held
    if len(held_orders(till)) >= most:
        raise Refused("too_many_held", most=most)

    def saved() -> None:
        selling.clear(till)
        till.state.held = held_orders(till)
        till.tell(till.words.counter.held, "ok")

    till.keep_with(replace(offering.unheld(till, order), state="held"), (), saved)


def held_orders(till: Till) -> tuple[Order, ...]:
    """Orders on hold, oldest first."""
    return tuple(x for x in till.reader.drafts() if x.state == "held")


def _recall(till: Till) -> None:
    held = held_orders(till)
    elsewhere = syncing.waiting_elsewhere(till)
    if not held:
        if till.headoffice is None:
            raise Refused("nothing_held")
        sharing.show(till)
        return
    if len(held) == 1 and not elsewhere:
        recall(till, held[0])
        return
    words = till.words.counter
    rows = tuple(_held_row(order) for order in held)
    if elsewhere:
        rows += ((till.words.sync.shared_row.format(count=elsewhere), "", "", ""),)

    def pick(index: int) -> None:
        if index < len(held):
            recall(till, held[index])
        else:
            sharing.show(till)

    moving.offer(till, words.held_title, words.held_columns, rows, pick)


def recall(till: Till, held: Order) -> None:
    """Bring a held order back to the counter, which must be free."""
    require("hold", till.session)
    if till.state.order is not None and till.state.order.lines:
        raise Refused("order_open")
    if held.order_id in requests.giving(till.reader):
        raise Refused("order_going")
    order = replace(held, state="open")

    def saved() -> None:
        till.state.mode, till.state.find = "selling", None
        till.state.selected = order.lines[-1].line_no if order.lines else 0
        till.state.held = held_orders(till)
        till.state.customer = customers.label(till, order.person_id) if order.person_id else ""
        till.tell(till.words.counter.recalled, "ok")
        wallets.resume(till, order)

    till.keep_with(order, (), saved)


def first_name(order: Order) -> str:
    """What a held order is known by: its first product."""
    return order.lines[0].product.name if order.lines else ""


def _held_row(order: Order) -> tuple[str, ...]:
    when = local(moment_of(order.opened_at)).strftime("%H:%M")
    name = first_name(order) + (f"（{order.label}）" if order.label else "")
    return name, when, pieces(order.lines), yuan(price(order).total_fen)


def pieces(lines: tuple[Line, ...]) -> str:
    """How many pieces; a weighed line is one."""
    whole = sum(MILLI * (1 if x.milli > 0 else -1) if x.product.weighed else x.milli for x in lines)
    return quantity(whole)


def restore(till: Till) -> None:
    """Bring back what a crash or a power cut left open; a paid order is closed."""
    state = till.state
    drafts = till.reader.drafts()
    state.held = tuple(x for x in drafts if x.state == "held")
    left = [x for x in drafts if x.state == "open" and (x.lines or x.tenders)]
    if not left:
        return
    order = left[-1]
    state.order = state.shown = order
    state.selected = order.lines[-1].line_no if order.lines else 0
    state.customer = customers.label(till, order.person_id) if order.person_id else ""
    for other in left[:-1]:
        till.keep_with(replace(other, state="held"), (), lambda: None)
        state.order = state.shown = order
    till.tell(till.words.counter.restored, "warn")
    if paid(order):
        paying.close(till, order)
    else:
        wallets.resume(till, order)
