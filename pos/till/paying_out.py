"""储值退款: what a member's account holds is paid back, by who may, for a reason.

The amount is held at head office first; the record of the pay-out takes it off there and ends the
hold in one go, so that it is never there twice.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

from pos.access.signing import where_of
from pos.config import fen as fen_of
from pos.money import yuan
from pos.protocol.between import Balance, Spent
from pos.record import Taken
from pos.refusal import Refused
from pos.sale import entry, stored, tenders
from pos.sale.order import Order
from pos.text import clean
from pos.till import moving, paying, selling, signing, storing, syncing

if TYPE_CHECKING:
    from pos.store.ledger import Ended, Ledger
    from pos.store.members import Member
    from pos.till.state import Approved
    from pos.till.till import Till


def start(till: Till, member: Member) -> None:
    """Pay back what the member on the (empty) order has; a manager's act."""
    storing.check_on(till)
    if selling.current(till).lines:
        raise Refused("order_open")

    def act(approved: Approved | None) -> None:
        def for_reason(reason: str) -> None:
            storing.balance_of(
                till,
                member.person.person_id,
                lambda found: _ask_amount(till, member, found, reason, approved),
            )

        if approved is not None:
            for_reason(approved.reason)
        else:
            moving.offer_reasons(till, till.words.members.payout_reasons, for_reason)

    signing.guard(till, "refund_cash", lambda _: None, act)


def _ask_amount(
    till: Till,
    member: Member,
    balance: Balance | None,
    reason: str,
    approved: Approved | None,
) -> None:
    has, words = balance.stored_fen if balance else 0, till.words.members
    stored.check_pay_out(1, has)

    def typed(text: str) -> None:
        fen = (entry.read_amount(text) or 0) if text else has
        stored.check_pay_out(fen, has)
        _ask_way(till, member, fen, reason, approved)

    hint = words.payout_hint.format(amount=yuan(has))
    label = words.payout_amount.format(who=member.person.masked)
    moving.ask(till, label, hint, typed, optional=True)


def _ask_way(till: Till, member: Member, fen: int, reason: str, approved: Approved | None) -> None:
    """Little in cash, the rest by transfer to the owner's account."""
    most = fen_of(till.config.settings.members.payout_cash)
    words = till.words.members

    def by_transfer() -> None:
        def told(text: str) -> None:
            reference = clean(text, 40)
            tenders.check_reference("transfer", reference)
            _hold(till, member, Taken("transfer", -fen, -fen, reference), reason, approved)

        moving.ask(till, words.payout_reference, words.payout_reference_hint, told, free=True)

    if fen > most:
        till.tell(words.payout_transfer.format(most=yuan(most)), "warn")
        by_transfer()
        return

    def pick(index: int) -> None:
        if index:
            by_transfer()
        else:
            _hold(till, member, Taken("cash", -fen, -fen), reason, approved)

    ways = till.words.slips.ways
    rows = ((ways["cash"],), (ways["transfer"],))
    moving.offer(till, words.payout_title.format(amount=yuan(fen)), ("",), rows, pick)


def _hold(till: Till, member: Member, taken: Taken, reason: str, approved: Approved | None) -> None:
    order, account = selling.current(till), member.person.person_id
    name = till.words.members.payout_line.format(who=member.person.masked)
    after = stored.pay_out(order, account, name, taken, reason)
    asked = storing.spend_of(till, order, account, -taken.fen)

    def held(_: Spent) -> None:
        _close(till, after, taken, approved)

    syncing.ask(till, lambda office: office.hold_payout(asked), held)


def _close(till: Till, order: Order, taken: Taken, approved: Approved | None) -> None:
    where, amount = where_of(till.session), yuan(-taken.fen)
    facts = signing.override(till, "refund_cash", approved, order.lines[0].product.name, amount)

    def close(ledger: Ledger) -> Ended:
        return ledger.close_order(order, where, "", *facts)

    till.write(close, lambda ended: paying.finished(till, ended))
