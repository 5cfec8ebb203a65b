"""`pos member add|topup|payout|find|show|edit|erase`."""

from __future__ import annotations

from typing import Annotated, Any

import typer
from msgspec.structs import replace

from pos.access.signing import begin, where_of
from pos.cli.desk import ConfigOption, Desk, JsonOption, OperatorOption, desk, show, tell
from pos.clock import stamp, system_clock
from pos.config import fen
from pos.money import quantity, yuan
from pos.protocol.between import Balance, Spend
from pos.record import Taken, TenderWay
from pos.refusal import Refused
from pos.sale import entry, stored, tenders
from pos.sale.order import Order
from pos.sealing import Vault
from pos.store import finding, members, persons
from pos.store.finding import OrderQuery
from pos.store.members import Member
from pos.store.persons import Person
from pos.store.reader import Reader
from pos.text import clean
from pos.till.opening import gate
from pos.till.receipts import vault_of

WhoArgument = Annotated[str, typer.Argument(help="卡号、手机、姓名 card, phone, name")]
MOST_ORDERS = 200


def add(
    phone: Annotated[str, typer.Option("--phone", help="手机")],
    name: Annotated[str, typer.Option("--name", help="姓名")] = "",
    birthday: Annotated[str, typer.Option("--birthday", help="0502 | 19900502")] = "",
    card: Annotated[str, typer.Option("--card", help="卡号；不写就给一个")] = "",
    level: Annotated[str, typer.Option("--level", help="等级")] = "",
    operator: OperatorOption = "",
    json: JsonOption = False,
    config: ConfigOption = None,
) -> None:
    """Sign somebody up; who is known by this phone already becomes a member."""
    with desk(config) as place:
        vault = vault_of(place.config)
        with place.working("cli.member.add", operator) as (ledger, reader, session):
            wanted, number = _level(place, level), persons.normal_phone(phone)
            if len(number) < 7:
                raise Refused("phone_wrong", text=clean(phone, 20))
            born = members.normal_birthday(birthday)
            card = members.normal_card(card) if card else ""
            _check_new(reader, vault, number, card)
            where = where_of(begin(gate(place.config), ledger, reader, session))
            who = persons.add(ledger, vault, name, number)
            members.join(ledger, vault, who, where, level=wanted, card=card, birthday=born)
            member = _member(reader, vault, who)
        if json:
            show(_told(reader=None, member=member))
        else:
            said = place.words.members.cli_added
            tell(said.format(who=member.person.masked, card=member.card))


def topup(
    who: WhoArgument,
    amount: Annotated[str, typer.Argument(help="100.00")],
    operator: OperatorOption = "",
    json: JsonOption = False,
    config: ConfigOption = None,
) -> None:
    """Pay stored value in for a member, in cash; head office says how much there may be."""
    with desk(config) as place:
        settings, words = place.config.settings.members, place.words.members
        with place.working("cli.member.topup", operator) as (ledger, reader, session):
            if not settings.stored_value:
                raise Refused("stored_off")
            sum_fen = entry.read_amount(amount)
            vault = vault_of(place.config)
            person = _one(reader, vault, who)
            _member(reader, vault, person.person_id)
            most = fen(settings.member_limit)
            stored.check_limit(sum_fen, _has(place, person.person_id), most)
            now = stamp(ledger.place.clock.now())
            order = Order(ledger.place.ids.uuid7(), now, session.operator_id)
            order = replace(order, person_id=person.person_id)
            name = words.topup_line.format(who=person.masked)
            order = stored.top_up(order, person.person_id, name, sum_fen)
            order = tenders.take_cash(order, None, "none", 0)
            where = where_of(begin(gate(place.config), ledger, reader, session))
            ended = ledger.close_order(order, where)
        if json:
            show({"number": ended.number, "person_id": person.person_id, "fen": sum_fen})
        else:
            said = words.cli_topped_up
            tell(said.format(who=person.masked, amount=yuan(sum_fen), number=ended.number))


def payout(
    who: WhoArgument,
    amount: Annotated[str, typer.Argument(help="100.00")],
    reason: Annotated[str, typer.Option("--reason", help="为什么 why")],
    transfer: Annotated[
        str, typer.Option("--transfer", help="转账凭证号 number of the transfer; else cash")
    ] = "",
    operator: OperatorOption = "",
    json: JsonOption = False,
    config: ConfigOption = None,
) -> None:
    """Pay a member's balance back, little of it in cash; it is held at head office first."""
    from pos.cli.sync import direct
    from pos.sync.link import AT_ONCE, open_link
    from pos.sync.requests import Requests

    with desk(config) as place:
        settings, words = place.config.settings.members, place.words.members
        with place.working("cli.member.payout", operator) as (ledger, reader, session):
            if not settings.stored_value:
                raise Refused("stored_off")
            sum_fen, most, why = entry.read_amount(amount), fen(settings.payout_cash), clean(reason)
            if not why:
                raise Refused("wrong_usage", why="--reason")
            if not transfer and sum_fen > most:
                raise Refused("payout_cash_limit", most=most)
            if transfer:
                tenders.check_reference("transfer", clean(transfer, 40))
            person = _one(reader, vault_of(place.config), who)
            stored.check_pay_out(sum_fen, _has(place, person.person_id))
            order = Order(
                ledger.place.ids.uuid7(), stamp(system_clock().now()), session.operator_id
            )
            order = replace(order, person_id=person.person_id)
            way: TenderWay = "transfer" if transfer else "cash"
            taken = Taken(way, -sum_fen, -sum_fen, clean(transfer, 40))
            name = words.payout_line.format(who=person.masked)
            order = stored.pay_out(order, person.person_id, name, taken, why)
            where = where_of(begin(gate(place.config), ledger, reader, session))
            asked = Spend(
                request_id=ledger.place.ids.uuid7(),
                operator=session.operator_id,
                shop=place.config.settings.shop.id,
                member_id=person.person_id,
                asset="stored",
                amount=sum_fen,
                order_id=order.order_id,
            )
            link = open_link(place.config, system_clock(), AT_ONCE)
            try:
                line = Requests(place.config, ledger.place.clock, link, direct(ledger))
                line.hold_payout(asked)
            finally:
                link.close()
            ended = ledger.close_order(order, where)
        if json:
            show({"number": ended.number, "person_id": person.person_id, "fen": sum_fen})
        else:
            told = {"who": person.masked, "amount": yuan(sum_fen), "number": ended.number}
            tell(words.cli_paid_out.format(**told))


def _has(place: Desk, account: str) -> int:
    """What an account holds, as head office has it; one it does not know yet holds nothing."""
    from pos.sync.link import AT_ONCE, open_link
    from pos.sync.trouble import LinkFailed

    link = open_link(place.config, system_clock(), AT_ONCE)
    target = f"/v1/members/{place.config.settings.shop.id}/{account}"
    try:
        found = link.ask("GET", target, Balance)
    except LinkFailed as failed:
        if failed.code == "ho_not_found":
            return 0
        raise failed.refused() from failed
    finally:
        link.close()
    return found.stored_fen + found.held_fen


def find(
    who: WhoArgument,
    operator: OperatorOption = "",
    json: JsonOption = False,
    config: ConfigOption = None,
) -> None:
    """Find people, masked."""
    with desk(config) as place:
        vault = vault_of(place.config)
        with place.looking("cli.member.find", operator) as reader:
            found = members.find(reader, vault, who)
            rows = [(one, members.get(reader, vault, one.person_id)) for one in found]
        if json:
            show({"people": [_row(one, member) for one, member in rows]})
            return
        for one, member in rows:
            told = _row(one, member)
            tell(place.words.members.cli_row.format(**told))
        if not rows:
            tell(place.words.members.cli_none)


def show_member(
    who: WhoArgument,
    operator: OperatorOption = "",
    json: JsonOption = False,
    config: ConfigOption = None,
) -> None:
    """Show a member: level, points, what was bought."""
    with desk(config) as place:
        vault, words = vault_of(place.config), place.words.members
        with place.looking("cli.member.show", operator) as reader:
            member = _member(reader, vault, _one(reader, vault, who).person_id)
            data = _told(reader, member)
        if json:
            show(data)
            return
        keys = ("person_id", "who", "level", "card", "birthday", "joined_at", "points")
        tell(*(f"{name}  {data[key]}" for name, key in zip(words.cli_member, keys, strict=True)))
        for one in data["favourites"]:
            tell(f"{one['name']}  {one['sku']}  x{one['times']}  {quantity(one['milli'])}")
        for one in data["orders"]:
            tell(f"{one['number']}  {one['business_date']}  {yuan(one['total_fen'])}")


def edit(
    who: WhoArgument,
    level: Annotated[str, typer.Option("--level", help="等级")] = "",
    card: Annotated[str, typer.Option("--card", help="卡号")] = "",
    birthday: Annotated[str, typer.Option("--birthday", help="0502 | 19900502")] = "",
    operator: OperatorOption = "",
    config: ConfigOption = None,
) -> None:
    """Give a member another level, card or birthday."""
    with desk(config) as place:
        told = [bool(text) for text in (level, card, birthday)]
        if sum(told) != 1:
            raise Refused("wrong_usage", why="--level | --card | --birthday")
        vault = vault_of(place.config)
        with place.working("cli.member.edit", operator) as (ledger, reader, session):
            value = _level(place, level) if level else card or birthday
            if card:
                value = members.normal_card(card)
            one = _one(reader, vault, who)
            _member(reader, vault, one.person_id)
            where = where_of(begin(gate(place.config), ledger, reader, session))
            what = members.CHANGES[told.index(True)]
            members.change(ledger, vault, one.person_id, what, value, where)
        tell(place.words.members.changed.format(who=one.masked))


def erase(who: WhoArgument, operator: OperatorOption = "", config: ConfigOption = None) -> None:
    """Erase a person's name, phone, address and card for good; records keep an id alone."""
    with desk(config) as place:
        vault = vault_of(place.config)
        with place.working("cli.member.erase", operator) as (ledger, reader, session):
            one = _one(reader, vault, who)
            where = where_of(begin(gate(place.config), ledger, reader, session))
            persons.erase(ledger, one.person_id, where)
        tell(place.words.members.erased)


def _level(place: Desk, text: str) -> str:
    settings = place.config.settings.members
    if not settings.enabled:
        raise Refused("member_off")
    level = text or settings.levels[0]
    if level not in settings.levels:
        known = " | ".join(settings.levels)
        raise Refused("member_level", text=clean(level, 20), known=known)
    return level


def _check_new(reader: Reader, vault: Vault, phone: str, card: str) -> None:
    """Refuse before anything is written."""
    for one in persons.find(reader, vault, phone):
        if members.get(reader, vault, one.person_id) is not None:
            raise Refused("member_already")
    if card and members.by_card(reader, vault, card) is not None:
        raise Refused("member_card_taken", card=members.masked_card(card))


def _one(reader: Reader, vault: Vault, who: str) -> Person:
    found = members.find(reader, vault, who)
    if not found:
        raise Refused("person_unknown")
    if len(found) > 1:
        raise Refused("member_several", text=clean(who, 20), count=len(found))
    return found[0]


def _member(reader: Reader, vault: Vault, person_id: str) -> Member:
    member = members.get(reader, vault, person_id)
    if member is None:
        raise Refused("member_unknown")
    return member


def _row(one: Person, member: Member | None) -> dict[str, Any]:
    return {
        "person_id": one.person_id,
        "who": one.masked,
        "level": member.level if member else "",
        "card": members.masked_card(member.card) if member else "",
    }


def _told(reader: Reader | None, member: Member) -> dict[str, Any]:
    """A member as scripts see them: masked; a new one without what was bought."""
    who = member.person.person_id
    data = _row(member.person, member) | {
        "birthday": member.birthday[-5:],
        "joined_at": member.joined_at,
    }
    if reader is None:
        return data | {"card": member.card}
    query = OrderQuery(person_ids=(who,), status="closed", limit=MOST_ORDERS)
    orders = finding.orders(reader, query)
    return data | {
        "points": members.points(reader, who),
        "favourites": [
            {"sku": x.sku, "name": x.name, "times": x.times, "milli": x.milli, "net_fen": x.net_fen}
            for x in members.favourites(reader, who)
        ],
        "orders": [
            {"number": x.number, "business_date": x.business_date, "total_fen": x.total_fen}
            for x in orders
        ],
    }
