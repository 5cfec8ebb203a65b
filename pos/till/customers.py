"""Who buys and where it is to be brought: kept apart from the order, which only has their ids."""

from __future__ import annotations

from typing import TYPE_CHECKING

from msgspec.structs import replace

from pos.refusal import Refused
from pos.sale import order as rules
from pos.sale import spending
from pos.sealing import Vault
from pos.store import members, persons
from pos.store.persons import Person
from pos.till import membership, moving, receipts, selling

if TYPE_CHECKING:
    from collections.abc import Callable

    from pos.till.till import Till


def ask(till: Till, text: str) -> None:
    """Put a customer on the order: by card, phone, last four digits or name, or a new one.

    Where there is one already, what can be done with them.
    """
    order = till.state.order
    if not text and order is not None and order.person_id:
        membership.menu(till, order.person_id)
        return
    _whose(till, text, lambda person: put_on(till, person), signs_up=True)


def ask_delivery(till: Till) -> None:
    """Put a delivery on the order; without a customer, ask for one first."""
    order = selling.current(till)
    if not order.lines:
        raise Refused("order_empty")
    rules.check_open(order)
    if order.person_id:
        _ask_address(till, order.person_id)
    else:

        def known(person: Person) -> None:
            till.state.customer = person.masked
            _ask_address(till, person.person_id)

        _whose(till, "", known)


def _whose(
    till: Till, text: str, then: Callable[[Person], None], *, signs_up: bool = False
) -> None:
    words, vault = till.words.finding, receipts.vault_of(till.config)

    def new(person: Person) -> None:
        if signs_up and till.config.settings.members.enabled:
            membership.ask_birthday(till, person)
        else:
            then(person)

    def named(typed: str, *, asked: bool = False) -> None:
        found = members.find(till.reader, vault, typed)
        if len(found) == 1:
            then(found[0])
        elif found:
            rows = (*((p.masked,) for p in found), (words.customer_new,))

            def pick(index: int) -> None:
                if index < len(found):
                    then(found[index])
                else:
                    _new(till, vault, typed, new)

            moving.offer(till, words.customer_title, words.customer_columns, rows, pick)
        elif asked:
            _new(till, vault, typed, new)
        else:
            membership.seek(till, typed, lambda: named(typed, asked=True))

    if text:
        named(text)
    else:
        moving.ask(till, words.customer, words.customer_hint, named, free=True)


def _new(till: Till, vault: Vault, typed: str, then: Callable[[Person], None]) -> None:
    """What was typed is a phone number or a name; the other one is asked for."""
    words, phone = till.words.finding, persons.normal_phone(typed)
    is_phone = len(phone) >= 7

    def both(text: str) -> None:
        name, number = (text, phone) if is_phone else (typed, persons.normal_phone(text))
        if not is_phone and text and len(number) < 7:
            raise Refused("phone_wrong", text=text[:20])

        def kept(person_id: str) -> None:
            person = persons.get(till.reader, vault, person_id)
            if person is not None:
                then(person)

        till.write(lambda ledger: persons.add(ledger, vault, name, number), kept)

    label = words.customer_name if is_phone else words.customer_phone
    moving.ask(till, label, "", both, free=True, optional=True)


def put_on(till: Till, person: Person, said: str = "") -> None:
    """The order is this customer's; a member earns points with it."""
    order = till.state.order or selling.new_order(till)
    rules.check_open(order)

    member = membership.of_order(till, person.person_id)
    shown = member.shown if member else person.masked

    def saved() -> None:
        till.state.customer = shown
        till.tell(said or till.words.finding.customer_set.format(who=shown), "ok")

    changed = order.person_id != person.person_id
    delivery = "" if changed else order.delivery_id
    rate = membership.rate_of(till.config, member)
    till.state.buyer = ("", None)  # they may have another level now
    kept = spending.without(order) if changed else order
    whose = replace(kept, person_id=person.person_id, delivery_id=delivery, points_rate=rate)
    till.keep_with(whose, (), saved)


def _ask_address(till: Till, person_id: str) -> None:
    words, vault = till.words.finding, receipts.vault_of(till.config)

    def addressed(address: str) -> None:
        def noted(note: str) -> None:
            def kept(delivery_id: str) -> None:
                order = replace(selling.current(till), person_id=person_id, delivery_id=delivery_id)
                till.keep_with(order, (), lambda: till.tell(words.deliver_set, "ok"))

            till.write(
                lambda ledger: persons.deliver_to(ledger, vault, person_id, address, note), kept
            )

        moving.ask(
            till, words.address_note, words.address_note_hint, noted, free=True, optional=True
        )

    moving.ask(till, words.address, words.address_hint, addressed, free=True)


def label(till: Till, person_id: str) -> str:
    """Who is on the order, masked."""
    try:
        person = persons.get(till.reader, receipts.vault_of(till.config), person_id)
        member = membership.of_order(till, person_id)
    except Refused:
        return ""
    return member.shown if member else person.masked if person else ""
