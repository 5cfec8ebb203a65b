"""Payment: amount then key; the sale is called closed when it is on disk, and not before."""

from __future__ import annotations

from typing import TYPE_CHECKING, Literal

from msgspec.structs import replace

from pos.access.rights import require
from pos.access.signing import where_of
from pos.config import fen as fen_of
from pos.money import yuan
from pos.record import OrderClosed, Taken
from pos.refusal import Refused
from pos.sale import entry, tenders
from pos.sale.order import Order
from pos.text import clean
from pos.till import (
    attempting,
    cashing,
    history,
    moving,
    printing,
    redeeming,
    refunding,
    selling,
    storing,
    syncing,
    unresolved,
    wallets,
)
from pos.till.view import ChangeView, ReceiptRows, TenderView

if TYPE_CHECKING:
    from pos.store.ledger import Ended
    from pos.till.till import Till

AMOUNT_DIGITS = 8
"""Longer digit runs, and fast ones of six and more, are scans, never sums of money."""
FAST_DIGITS = 6
NUMBER_END = 6


def entered(till: Till, text: str, burst: bool) -> None:
    """Enter: cash, the sum typed or exactly what is due. A scan is refused with a sound."""
    if wallets.scanned(till, text):
        return
    if _is_scan(till, text, burst):
        raise Refused("scan_while_paying", code=text[:24])
    _cash(till, entry.read_amount(text) if text else None)


def _is_scan(till: Till, text: str, burst: bool) -> bool:
    digits = text.split(".")[0]
    if len(digits) > AMOUNT_DIGITS or (burst and len(digits) >= FAST_DIGITS):
        return True
    return burst and till.reader.product(text) is not None


def acted(till: Till, command: str, text: str) -> None:
    """A tender key, or a step back."""
    match command:
        case "cash":
            _cash(till, entry.read_amount(text) if text else None)
        case "quick_1" | "quick_2" | "quick_3" | "quick_4":
            sums = quick(till)
            index = int(command[-1]) - 1
            if index >= len(sums):
                raise Refused("not_here")
            _cash(till, sums[index])
        case "bank" | "transfer" | "static_code":
            _reference(till, command, text)
        case "take_back":
            _take_back(till)
        case "wechat" | "alipay":
            wallets.start(till, command, text)
        case "stored":
            storing.spend(till, text)
        case "points":
            redeeming.start(till, text)
        case "unresolved":
            unresolved.show(till)
        case _:
            raise Refused("not_here")


def quick(till: Till) -> tuple[int, ...]:
    """The round sums on offer."""
    order = till.state.order
    if order is None:
        return ()
    return tenders.quick_tenders(tenders.cash_due(order, till.config.settings.cash.rounding))


def _order(till: Till) -> Order:
    require("cash", till.session)
    if till.state.order is None:
        raise Refused("order_empty")
    return till.state.order


def _cash(till: Till, given: int | None) -> None:
    cash = till.config.settings.cash
    _took(till, tenders.take_cash(_order(till), given, cash.rounding, fen_of(cash.most_change)))


def _reference(till: Till, way: Literal["bank", "transfer", "static_code"], text: str) -> None:
    """Money that came past the till, on the cashier's word."""
    order, words = _order(till), till.words.counter
    fen = entry.read_amount(text) if text else None
    left = tenders.due(order)
    if fen is not None and fen > left:
        raise Refused("no_change_from_tender", due=left)

    def given(reference: str) -> None:
        _took(till, tenders.take_reference(_order(till), way, fen, clean(reference, 40)))

    if way == "static_code":
        amount = yuan(left if fen is None else fen)
        label, hint = words.arrived.format(amount=amount), words.arrived_hint
    else:
        label, hint = words.reference.format(way=getattr(words, way)), words.reference_hint
    moving.ask(till, label, hint, given, free=True, optional=way == "static_code")


def _took(till: Till, order: Order) -> None:
    wallets.check_idle(till)
    if tenders.paid(order):
        close(till, order)
    else:
        till.keep_with(order, (), lambda: None)


def _take_back(till: Till) -> None:
    order = _order(till)
    after = tenders.take_back(order)
    last = order.tenders[-1]
    if last.way in ("wechat", "alipay"):
        wallets.take_back(till, after, last)
        return
    words = till.words.slips.ways

    def saved() -> None:
        said = till.words.counter.gave_back
        till.tell(said.format(way=words[last.way], amount=yuan(last.given_fen)), "warn")

    if last.way == "stored_value":
        storing.take_back(till, after, last.reference, saved)
    else:
        till.keep_with(after, (), saved)


def go_on(till: Till, order: Order) -> None:
    """A tender is on disk: an order that is paid closes."""
    if tenders.paid(order):
        close(till, order)


def close(till: Till, order: Order) -> None:
    """Close in one transaction; only its success is shown. On failure the order stays as it was."""
    where, follow = where_of(till.session), refunding.follow_of(till, order)

    def closed(ended: Ended) -> None:
        finished(till, ended)
        if follow is not None:
            refunding.go_on(till, follow, ended.number)

    till.write(lambda ledger: ledger.close_order(order, where, follow=follow), closed)


def finished(till: Till, ended: Ended) -> None:
    """The order of the counter is closed on disk: show the change, open the drawer, print."""
    selling.clear(till)
    fact = ended.fact
    if not isinstance(fact, OrderClosed):
        return
    back = fact.total_fen < 0
    out = -fact.total_fen if back else fact.change_fen
    change = yuan(out)
    till.state.change = ChangeView(
        number=ended.number,
        total=yuan(fact.total_fen),
        given=yuan(sum(t.given_fen for t in fact.tenders)),
        change=change,
        tenders=tender_views(till, fact.tenders),
        refund=back,
    )
    till.beside.show("change", out)
    _preview(till, ended.order_id)
    _print(till, fact)
    till.tell(till.words.counter.closed.format(number=ended.number, change=change), "ok")
    till.refresh_header()
    syncing.closed(till)
    cashing.look_at_drawer(till)


def _print(till: Till, fact: OrderClosed) -> None:
    """The drawer first, then the paper; both behind the sale, which is on disk."""
    if till.spool is not None:
        if any(t.way in till.config.settings.drawer.open_on for t in fact.tenders):
            till.spool.kick()
        printing.take_up(till)


def _preview(till: Till, order_id: str) -> None:
    """Put the receipt beside the change as soon as it is laid out; nobody waits for it."""
    if not till.config.settings.receipt.preview:
        return
    shown = till.state.change

    def laid_out(made: tuple[ReceiptRows, int]) -> None:
        if till.state.change is shown and shown is not None:
            till.state.change = replace(shown, receipt=made[0], columns=made[1])

    till.aside(lambda: history.rows_of(till.config, order_id), laid_out)


def tender_views(till: Till, taken: tuple[Taken, ...]) -> tuple[TenderView, ...]:
    """Tenders in words; of a wallet's number the end is enough to find it."""
    words = till.words.slips
    return tuple(
        TenderView(words.ways[t.way], yuan(t.given_fen), _told_of(t, words.by_hand)) for t in taken
    )


def _told_of(taken: Taken, by_hand: str) -> str:
    if taken.account:
        return ""  # whose it is stands above; the request it was held under says nothing
    whole = taken.way not in attempting.WAYS
    end = taken.reference if whole else taken.reference[-NUMBER_END:]
    return f"{end} {by_hand}".strip() if taken.unverified else end
