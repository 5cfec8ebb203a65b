"""Stored value at the counter: paid in with an order, spent only against head office.

What is to be spent is held there first, under a request that is on disk before it is asked; the
tender names it. Closing the order confirms it, giving the order or the tender up lets it go; both
are told behind the counter. An answer that is lost spends nothing.
"""

from __future__ import annotations

from collections.abc import Callable
from typing import TYPE_CHECKING

from pos.access.rights import require
from pos.config import fen as fen_of
from pos.money import yuan
from pos.protocol.between import Balance, Spend, Spent
from pos.refusal import Refused
from pos.sale import entry, stored
from pos.sale.order import Order
from pos.sealing import Vault
from pos.store import members, requests
from pos.system import read_private
from pos.text import clean_code
from pos.till import membership, moving, paying, selling, syncing, training

if TYPE_CHECKING:
    from pos.store.ledger import Ledger
    from pos.till.till import Till


def check_on(till: Till) -> None:
    """Refuse where a shop keeps no stored value, and while training."""
    training.refuse_outside(till)
    if not till.config.settings.members.stored_value:
        raise Refused("stored_off")


def gift_account(till: Till, text: str) -> str:
    """The account behind a gift card's code."""
    return gift_of(read_private(till.config.chain_pepper), text)


def gift_of(pepper: bytes, text: str) -> str:
    """The account behind a gift card's code, the same at every till of the chain.

    It is made with the chain's pepper; the code itself is never kept (law 10).
    """
    card = members.normal_card(clean_code(text))
    mac = Vault(pepper).mac("gift", card)
    if mac is None:
        raise Refused("member_card_form", text="")
    return f"gift-{mac.hex()[:32]}"


# --- paying in ---


def top_up(till: Till, text: str) -> None:
    """Put a top-up on the order: for the member on it, else for a gift card."""
    check_on(till)
    require("top_up", till.session)
    syncing.asking(till)
    words, order = till.words.members, till.state.order
    person_id = order.person_id if order else ""
    member = membership.of_order(till, person_id) if person_id else None

    def into(account: str, whose: str, most: str) -> None:
        def paid(typed: str) -> None:
            _check_and_add(till, account, whose, entry.read_amount(typed), fen_of(most))

        if text:
            paid(text)
        else:
            moving.ask(till, words.topup_amount.format(who=whose), "", paid)

    settings = till.config.settings.members
    if member is not None:
        into(person_id, member.person.masked, settings.member_limit)
        return

    def scanned(card: str) -> None:
        account = gift_account(till, card)
        shown = members.masked_card(members.normal_card(card))
        into(account, words.gift_card.format(card=shown), settings.gift_limit)

    moving.ask(till, words.gift_code, words.gift_hint, scanned, free=True)


def _check_and_add(till: Till, account: str, whose: str, fen: int, most: int) -> None:
    """Hold the sum against what the account has; only then it stands on the order."""
    stored.check_limit(fen, 0, most)

    def known(balance: Balance | None) -> None:
        has = balance.stored_fen + balance.held_fen if balance else 0
        stored.check_limit(fen, has, most)
        words = till.words.members
        order = till.state.order or selling.new_order(till)
        after = stored.top_up(order, account, words.topup_line.format(who=whose), fen)
        till.state.selected = after.lines[-1].line_no
        till.keep_with(after, (), lambda: till.tell(words.topup_on.format(amount=yuan(fen)), "ok"))

    balance_of(till, account, known)


def balance_of(till: Till, account: str, then: Callable[[Balance | None], None]) -> None:
    """Ask what an account has; one that head office does not know yet has nothing."""
    shop = till.config.settings.shop.id

    def otherwise(refused: Refused) -> None:
        if refused.code != "ho_not_found":
            till.refuse(refused)
            return
        try:
            then(None)
        except Refused as why:
            till.refuse(why)

    syncing.ask(till, lambda office: office.balance(shop, account), then, otherwise)


def show_balance(till: Till, account: str, whose: str) -> None:
    """What an account can spend now."""
    check_on(till)

    def known(balance: Balance | None) -> None:
        words = till.words.members
        fen, points = (balance.stored_fen, balance.points) if balance else (0, 0)
        till.tell(words.balance.format(who=whose, amount=yuan(fen), points=points), "ok")

    balance_of(till, account, known)


# --- spending ---


def spend(till: Till, text: str) -> None:
    """Pay with stored value: of the member on the order, or of a gift card."""
    check_on(till)
    order = selling.current(till)
    fen = stored.check_stored(order, entry.read_amount(text) if text else None)
    words = till.words.members
    member = membership.of_order(till, order.person_id) if order.person_id else None

    def by_card() -> None:
        moving.ask(
            till,
            words.gift_code,
            words.gift_hint,
            lambda card: _hold(till, gift_account(till, card), fen),
            free=True,
        )

    if member is None:
        by_card()
        return

    def pick(index: int) -> None:
        if index:
            by_card()
        else:
            _hold(till, order.person_id, fen)

    rows = ((words.pay_member.format(who=member.person.masked),), (words.pay_gift,))
    moving.offer(till, words.pay_title.format(amount=yuan(fen)), ("",), rows, pick)


def spend_of(till: Till, order: Order, account: str, fen: int) -> Spend:
    """What is asked of head office: `fen` from an account for an order; below zero puts it back."""
    return Spend(
        request_id=till.ids.uuid7(),
        operator=till.session.operator_id,
        shop=till.config.settings.shop.id,
        member_id=account,
        asset="stored",
        amount=fen,
        order_id=order.order_id,
    )


def _hold(till: Till, account: str, fen: int) -> None:
    """Hold it at head office; held, it is a tender on disk, and a paid order closes."""
    order = selling.current(till)
    asked = spend_of(till, order, account, fen)

    def held(_: Spent) -> None:
        after = stored.take_stored(selling.current(till), fen, asked.request_id, account)
        till.keep_with(after, (), lambda: paying.go_on(till, after))

    def not_held(refused: Refused) -> None:
        if refused.code == "ho_not_enough":
            balance_of(till, account, told_short)
        else:
            till.refuse(refused)

    syncing.ask(till, lambda office: office.spend(asked), held, not_held)


def told_short(balance: Balance | None) -> None:
    """There is less than is due: how much, so that so much of it can be used."""
    raise Refused("stored_short", has=balance.stored_fen if balance else 0)


def take_back(till: Till, after: Order, request_id: str, then: Callable[[], None]) -> None:
    """The tender goes: what was held for it is let go, in the same transaction."""

    def job(ledger: Ledger) -> None:
        ledger.save_draft(
            after, also=lambda connection: requests.mark(connection, request_id, "release")
        )

    def saved(_: None) -> None:
        till.state.order = till.state.shown = after
        syncing.let_go(till)
        then()

    till.write(job, saved)


def let_go(ledger: Ledger) -> None:
    """At the start: what was held for a tender that never came to be is let go."""
    ledger.change(requests.release_unused)
