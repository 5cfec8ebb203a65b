"""`pos shift open|count|close`, `pos day close`. The till itself does all this behind F12."""

from __future__ import annotations

from collections.abc import Sequence
from pathlib import Path
from typing import Annotated, Any

import msgspec
import typer

from pos.access.rights import Session, require
from pos.access.signing import authenticate
from pos.cli.desk import (
    ConfigOption,
    Desk,
    JsonOption,
    OperatorOption,
    complain,
    desk,
    pin_of,
    show,
    tell,
)
from pos.clock import business_date, system_clock
from pos.config import fen as fen_of
from pos.money import parse_fen, yuan
from pos.record import Counted, DayClosed, ShiftClosed, ShiftCounted, Where
from pos.refusal import Refused
from pos.reports import closes
from pos.sale import counting as rules
from pos.sale.counting import Cash, Count
from pos.store import shifts
from pos.store.ledger import Ledger
from pos.store.reader import Reader
from pos.till import closing, keeping
from pos.till.closing import Signed
from pos.till.opening import gate
from pos.words.refusals import fill, say

PiecesOption = Annotated[
    str, typer.Option("--pieces", help="面额=张数 100=3,50=2,0.50=4: notes and coins")
]
DeclareOption = Annotated[
    list[str] | None, typer.Option("--declare", help="其他方式=金额 bank=120.00: other ways")
]
SignOption = Annotated[
    str, typer.Option("--sign", help="差额签字人工号（密码 $POS_SIGN_PIN） who signs a difference")
]
ReasonOption = Annotated[str, typer.Option("--reason", help="原因 reason")]


def open_shift(
    cash: Annotated[str, typer.Option("--float", help="备用金 500.00")] = "",
    pieces: PiecesOption = "",
    operator: OperatorOption = "",
    json: JsonOption = False,
    config: ConfigOption = None,
) -> None:
    """Open the operator's shift with its float; without one, what the last shift left."""
    with (
        desk(config) as place,
        place.working("cli.shift.open", operator) as (ledger, reader, known),
    ):
        money: int | Cash = _sum(cash) if cash else closing.float_offered(reader, place.config)
        if pieces:
            money = _cash(place, pieces)
        session = closing.come(gate(place.config), ledger, reader, known)
        amount = money if isinstance(money, int) else money.fen
        if amount and closing.wants_float(reader, session.shift_id):
            where = Where(session.operator_id, session.shift_id, session.business_date)
            closing.move_cash(ledger, where, "float", money, "")
        drawer = closing.drawer_fen(reader, session.shift_id, session.business_date)
        told = {
            "shift_id": session.shift_id,
            "operator": session.operator_id,
            "business_date": session.business_date,
            "float_fen": drawer,
        }
        if json:
            show(told)
        else:
            tell(fill(place.words.shifts.float_taken, fen=drawer))


def count(
    pieces: PiecesOption = "",
    declare: DeclareOption = None,
    sign: SignOption = "",
    reason: ReasonOption = "",
    operator: OperatorOption = "",
    json: JsonOption = False,
    config: ConfigOption = None,
) -> None:
    """Count the oldest shift that was closed without a count."""
    with (
        desk(config) as place,
        place.working("cli.shift.count", operator) as (ledger, reader, session),
    ):
        waiting = shifts.uncounted(reader)
        if not waiting:
            raise Refused("nothing_to_count")
        shift = waiting[0]
        expected = shifts.closed(reader, shift.shift_id).figures.expected
        signed = _signed(
            place, ledger, reader, session, expected, pieces, declare or (), sign, reason
        )
        where = closing.where_in(reader, session, _today(place))
        kept = fen_of(place.config.settings.shift.float)
        fact = closing.count_late(ledger, reader, where, shift, signed, kept)
        _tell(place, json, fact, fact.counted)


def close(
    pieces: PiecesOption = "",
    declare: DeclareOption = None,
    sign: SignOption = "",
    reason: ReasonOption = "",
    operator: OperatorOption = "",
    json: JsonOption = False,
    config: ConfigOption = None,
) -> None:
    """Count and close the operator's shift (交班); what differs is told, never refused."""
    with (
        desk(config) as place,
        place.working("cli.shift.close", operator) as (ledger, reader, session),
    ):
        shift = closing.own_shift(reader, session)
        held = sum(order.state == "held" for order in reader.drafts())
        rule = place.config.settings.shift.held
        if held and rule == "deny":
            raise Refused("orders_held", count=held)
        if held and rule == "warn":
            complain(place.words.shifts.held_warned.format(count=held))
        expected = closes.shift_figures(reader, shift).expected
        signed = _signed(
            place, ledger, reader, session, expected, pieces, declare or (), sign, reason
        )
        where = Where(session.operator_id, shift.shift_id, shift.business_date)
        kept = fen_of(place.config.settings.shift.float)
        fact = closing.close_shift(ledger, reader, where, shift, signed, kept)
        _tell(place, json, fact, fact.counted or ())


def close_day(
    clock_ok: Annotated[
        bool, typer.Option("--clock-ok", help="时钟核对过了 the clock was checked")
    ] = False,
    check: Annotated[
        bool, typer.Option("--check/--no-check", help="核对账本并留副本 full check and a copy")
    ] = True,
    operator: OperatorOption = "",
    json: JsonOption = False,
    config: ConfigOption = None,
) -> None:
    """Close the day (日结): the next Z; then a full check and a dated copy of the ledger."""
    with desk(config) as place:
        with place.working("cli.day.close", operator) as (ledger, reader, session):
            last = shifts.last_day(reader)
            jumps = closes.clock_jumps(reader, last.jn if last else 0, reader.head()[0])
            if jumps and not clock_ok:
                raise Refused("clock_unconfirmed", count=jumps)
            where = closing.where_in(reader, session, _today(place))
            fact = closing.close_day(ledger, reader, where)
        words = place.words.shifts
        if not json:
            tell(fill(words.day_done, z=fact.z, fen=fact.figures.net_fen))
        copy = keeping.copy_of(place.config, fact, lambda _done, _all: True) if check else None
        sealed = _backed_up(place) if check else None
        if json:
            kept = {"copy": str(copy or ""), "backup": str(sealed or "")}
            show(day_told(fact) | kept)
            return
        if copy:
            tell(words.checked.format(name=copy.name))
        if sealed:
            tell(words.backed_up.format(name=sealed.name))


def _backed_up(place: Desk) -> Path | None:
    """The day is closed: what stands in the way of its backup is told, and no failure of it."""
    try:
        return keeping.backup_of(place.config, system_clock().now(), lambda _done, _all: True)
    except Refused as refused:
        why = say(place.words.refusals, refused)
        complain(place.words.shifts.not_backed_up.format(why=why))
        return None


def day_told(fact: DayClosed) -> dict[str, Any]:
    """A Z as JSON tells it: the record's own fields."""
    told: dict[str, Any] = msgspec.to_builtins(fact)
    return told


def _today(place: Desk) -> str:
    cutoff = place.config.settings.shift.cutoff_hour
    return business_date(system_clock().now(), cutoff).isoformat()


def _sum(text: str) -> int:
    fen = parse_fen(text)
    if fen is None:
        raise Refused("count_not_a_number", text=text[:20])
    return fen


def _cash(place: Desk, text: str) -> Cash:
    """`100=3,50=2` as cash. Refused: pieces_wrong and what counting refuses."""
    settings = place.config.settings.shift
    known = rules.check_denominations([fen_of(one) for one in settings.denominations])
    found: dict[int, int] = {}
    for part in filter(None, text.split(",")):
        name, equals, pieces = part.partition("=")
        fen = parse_fen(name.strip())
        if not equals or fen is None:
            raise Refused("pieces_wrong", text=part[:30])
        found[fen] = rules.pieces_of(pieces.strip())
    return rules.count(found, known)


def _declared(words: Sequence[str]) -> dict[str, int]:
    found = {}
    for word in words:
        way, equals, text = word.partition("=")
        if not equals or not way:
            raise Refused("declared_wrong", text=word[:30])
        found[way.strip()] = rules.declared_of(text.strip())
    return found


def _signed(
    place: Desk,
    ledger: Ledger,
    reader: Reader,
    session: Session,
    expected: dict[str, int],
    pieces: str,
    declare: Sequence[str],
    sign: str,
    reason: str,
) -> Signed:
    """A count handed in; what differs beyond tolerance is signed by another, or stays unsigned."""
    if not pieces:
        raise Refused("count_nothing")
    start = Count(expected, fen_of(place.config.settings.shift.tolerance))
    done = rules.submit(start, _declared(declare), _cash(place, pieces))
    if done.stage == "shown":
        done = rules.accept(done)
    if done.stage == "signing" and sign:
        pin = pin_of(place.words, variable="POS_SIGN_PIN")
        known = authenticate(gate(place.config), ledger, reader, sign, pin)
        require("count_sign", known)
        done = rules.sign(done, known.operator_id, session.operator_id)
    if done.stage == "signing":
        done = rules.leave(done)
    return Signed(done, {}, reason)


def _tell(
    place: Desk, json: bool, fact: ShiftClosed | ShiftCounted, counted: Sequence[Counted]
) -> None:
    if json:
        show(msgspec.to_builtins(fact))
        return
    words, ways = place.words.shifts, place.words.slips.ways
    for one in counted:
        off = one.difference_fen
        verdict = words.over if off > 0 else words.short if off < 0 else words.even
        tell(
            f"{ways.get(one.way, one.way)}  {words.declared} {yuan(one.declared_fen)}"
            f"  {words.expected} {yuan(one.expected_fen)}  {verdict} {yuan(off)}"
        )
    handed = sum(fen * number for fen, number in fact.denominations) - fact.left_fen
    tell(f"{words.handed} {yuan(handed)}  {words.left} {yuan(fact.left_fen)}")
