"""Members at the counter: joining, their card, what they bought, what may be changed."""

from __future__ import annotations

from typing import TYPE_CHECKING

from msgspec.structs import replace

from pos.access.rights import require
from pos.access.signing import where_of
from pos.clock import local, moment_of
from pos.hardware.codes import Member as Card
from pos.hardware.codes import read_code
from pos.invoices.buyers import check as check_buyer
from pos.invoices.document import Buyer as Addressed
from pos.money import parse_fen, quantity, yuan
from pos.refusal import Refused
from pos.sale import order as rules
from pos.sale import spending
from pos.store import finding, members, persons
from pos.store.finding import OrderQuery
from pos.store.members import Member
from pos.store.persons import Person
from pos.till import (
    customers,
    history,
    moving,
    paying_out,
    receipts,
    selling,
    storing,
    syncing,
)
from pos.till.messaging import customers as customers_mail

if TYPE_CHECKING:
    from collections.abc import Callable

    from pos.config import Config
    from pos.protocol.between import Balance
    from pos.sale.promotions.model import Member as Buyer
    from pos.till.till import Till


def of_order(till: Till, person_id: str) -> Member | None:
    """The member behind an order's customer; None where members are off or they never joined."""
    if not till.config.settings.members.enabled:
        return None
    return members.get(till.reader, receipts.vault_of(till.config), person_id)


def buyer(till: Till, person_id: str) -> Buyer | None:
    """Who buys, as far as prices go: looked up once, not at each scan.

    Where a shop keeps no members, every customer it knows has the member price.
    """
    if not person_id:
        return None
    if till.state.buyer[0] != person_id:
        from pos.sale.promotions.model import Member as Anybody  # loads with the first customer

        found: Buyer | None = Anybody()
        if till.config.settings.members.enabled:
            vault = receipts.vault_of(till.config)
            found = members.buyer(till.reader, vault, person_id)
        till.state.buyer = (person_id, found)
    return till.state.buyer[1]


def rate_of(config: Config, member: Member | None) -> int:
    """Hundredths of a point that a member earns for a yuan."""
    if member is None:
        return 0
    settings = config.settings.members
    return parse_fen(settings.level_points.get(member.level, settings.points_per_yuan)) or 0


def scanned(till: Till, code: str) -> bool:
    """Put a member on the order if the code is their card."""
    if not till.config.settings.members.enabled:
        return False
    found = read_code(code, till.config.settings.scale_labels, "sale")
    card = found.card if isinstance(found, Card) else code
    vault = receipts.vault_of(till.config)
    member = members.by_card(till.reader, vault, card)
    if member is not None:
        customers.put_on(till, member.person)
        return True
    if not (isinstance(found, Card) or members.OWN_CARD.fullmatch(card)) or not syncing.up(till):
        return False

    def sought() -> None:
        there = members.by_card(till.reader, vault, card)
        if there is None:
            raise Refused("member_card_unknown", card=members.masked_card(card))
        customers.put_on(till, there.person)

    seek(till, card, sought)
    return True


def seek(till: Till, text: str, then: Callable[[], None]) -> None:
    """Have whoever joined at another till of the chain known here, then go on.

    Where head office cannot be asked, this till's own members are all there are.
    """
    if not till.config.settings.members.enabled or till.config.training or not syncing.up(till):
        then()
        return

    def asked(_count: int) -> None:
        then()

    def not_asked(_why: Refused) -> None:
        till.tell(till.words.members.only_here, "warn")
        try:
            then()
        except Refused as why:
            till.refuse(why)

    syncing.ask(till, lambda office: office.people(text), asked, not_asked)


def ask_birthday(till: Till, person: Person) -> None:
    """Somebody new joins: the birthday, if they tell it, then the card is made."""
    words = till.words.members

    def told(text: str) -> None:
        join(till, person, members.normal_birthday(text))

    moving.ask(till, words.birthday, words.birthday_hint, told, free=True, optional=True)


def join(till: Till, person: Person, birthday: str) -> None:
    """Make somebody a member at the first level; the order is theirs."""
    vault, level = receipts.vault_of(till.config), till.config.settings.members.levels[0]
    where, words = where_of(till.session), till.words.members

    def joined(card: str) -> None:
        customers.put_on(till, person, words.joined.format(who=person.masked, card=card))

    till.write(
        lambda ledger: members.join(
            ledger, vault, person.person_id, where, level=level, birthday=birthday
        ),
        joined,
    )


def menu(till: Till, person_id: str) -> None:
    """What can be done with the customer on the order."""
    vault, words = receipts.vault_of(till.config), till.words.members
    person = persons.get(till.reader, vault, person_id)
    if person is None:
        raise Refused("person_unknown")
    member = of_order(till, person_id)
    acts: list[Callable[[], None]] = [
        lambda: _history(till, person),
        lambda: _favourites(till, person),
    ]
    if member is not None:
        acts += [
            lambda: _level(till, member),
            lambda: _ask(till, member, "card", words.card, words.card_hint),
            lambda: _ask(till, member, "birthday", words.birthday, words.birthday_hint),
            lambda: storing.show_balance(till, person_id, person.masked),
            lambda: paying_out.start(till, member),
        ]
    else:
        acts.append(lambda: _join(till, person))
    mail = persons.mail_of(till.reader, vault, person_id)
    acts += [
        lambda: _mail(till, person, mail),
        lambda: _erase(till, person),
        lambda: _take_off(till),
    ]
    names = words.menu_person if member is None else words.menu_rows
    notes = [""] * len(names)
    if member is not None:
        if till.headoffice is None:  # else this ledger knows only its own part of them
            notes[0] = words.points.format(points=members.points(till.reader, person_id))
        notes[2], notes[3] = member.level, members.masked_card(member.card)
        notes[4] = member.birthday[-5:]
    notes[-3] = customers_mail.masked(mail) if mail else ""
    rows = tuple(zip(names, notes, strict=True))
    title = words.menu.format(who=member.shown if member else person.masked)
    moving.offer(till, title, words.menu_columns, rows, lambda index: acts[index]())


def _join(till: Till, person: Person) -> None:
    if not till.config.settings.members.enabled:
        raise Refused("member_off")
    ask_birthday(till, person)


def _history(till: Till, person: Person) -> None:
    words = till.words.members
    query = OrderQuery(person_ids=(person.person_id,), status="closed")
    found = finding.orders(till.reader, query)
    if not found:
        raise Refused("member_no_history")
    rows = tuple(
        (one.number, f"{local(moment_of(one.ended_at)):%m-%d %H:%M}", yuan(one.total_fen))
        for one in found
    )
    title = words.history.format(who=person.masked)
    moving.offer(
        till, title, words.history_columns, rows, lambda index: history.show(till, found[index])
    )


def _favourites(till: Till, person: Person) -> None:
    words = till.words.members
    found = members.favourites(till.reader, person.person_id)
    if not found:
        raise Refused("member_no_history")
    rows = tuple(
        (one.name, one.sku, str(one.times), quantity(one.milli), one.last[5:]) for one in found
    )
    title = words.favourites.format(who=person.masked)
    moving.offer(
        till,
        title,
        words.favourite_columns,
        rows,
        lambda index: selling.entered(till, found[index].sku),
    )


def _level(till: Till, member: Member) -> None:
    levels, words = till.config.settings.members.levels, till.words.members
    rows = tuple((level,) for level in levels)
    moving.offer(
        till, words.level, ("",), rows, lambda index: _change(till, member, "level", levels[index])
    )


def _ask(till: Till, member: Member, what: members.Change, label: str, hint: str) -> None:
    moving.ask(till, label, hint, lambda text: _change(till, member, what, text), free=True)


def _change(till: Till, member: Member, what: members.Change, value: str) -> None:
    require("cli.member.edit", till.session)
    if what == "card":
        value = members.normal_card(value)
    if what == "birthday":
        value = members.normal_birthday(value)
    vault, where = receipts.vault_of(till.config), where_of(till.session)
    person = member.person

    def changed(_: object) -> None:
        customers.put_on(till, person, till.words.members.changed.format(who=person.masked))

    till.write(
        lambda ledger: members.change(ledger, vault, person.person_id, what, value, where), changed
    )


def _mail(till: Till, person: Person, old: str) -> None:
    """Where they want their receipts by mail: told by the customer, who thereby agrees; Enter alone
    where there is one ends it."""
    require("cli.member.edit", till.session)
    words, vault, where = till.words.members, receipts.vault_of(till.config), where_of(till.session)

    def told(text: str) -> None:
        mail = check_buyer(Addressed("x", person=True, email=text), "normal").buyer.email
        said = words.mail_kept if mail else words.mail_ended

        def kept(_: object) -> None:
            customers.put_on(till, person, said.format(who=person.masked))

        till.write(
            lambda ledger: persons.set_mail(ledger, vault, person.person_id, mail, where), kept
        )

    hint = words.mail_end_hint if old else words.mail_hint
    moving.ask(till, words.mail, hint, told, free=True, optional=True)


def _erase(till: Till, person: Person) -> None:
    """Whoever still has money here gets it back first: afterwards nobody knows whose it is."""
    require("cli.member.erase", till.session)
    if not till.config.settings.members.stored_value or not syncing.up(till):
        _ask_erase(till, person)
        return

    def known(balance: Balance | None) -> None:
        if balance is not None and balance.stored_fen + balance.held_fen > 0:
            raise Refused("erase_has_money", has=balance.stored_fen + balance.held_fen)
        _ask_erase(till, person)

    storing.balance_of(till, person.person_id, known)


def _ask_erase(till: Till, person: Person) -> None:
    words = till.words.members

    def pick(index: int) -> None:
        if not index:
            return
        where = where_of(till.session)

        def gone(_: object) -> None:
            _take_off(till)
            till.tell(words.erased, "warn")

        till.write(lambda ledger: persons.erase(ledger, person.person_id, where), gone)

    rows = tuple((text,) for text in words.erase_choices)
    moving.offer(till, words.erase.format(who=person.masked), ("",), rows, pick)


def _take_off(till: Till) -> None:
    order = selling.current(till)
    rules.check_open(order)

    def saved() -> None:
        till.state.customer = ""
        till.tell(till.words.members.taken_off, "ok")

    order = spending.without(order)
    till.keep_with(replace(order, person_id="", delivery_id="", points_rate=0), (), saved)
