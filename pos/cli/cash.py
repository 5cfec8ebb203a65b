"""`pos cash in|out|drop|open-drawer`: cash beside sales, on record."""

from __future__ import annotations

from typing import Annotated

import msgspec
import typer

from pos.cli.desk import ConfigOption, JsonOption, OperatorOption, desk, show, tell
from pos.clock import business_date, system_clock
from pos.money import parse_fen, yuan
from pos.record import CashKind, DrawerOpened
from pos.refusal import Refused
from pos.sale.counting import MOST_FEN
from pos.text import clean
from pos.till import closing, trying

AmountArgument = Annotated[str, typer.Argument(help="金额 100.00")]
ReasonOption = Annotated[str, typer.Option("--reason", help="原因 reason")]


def pay_in(
    amount: AmountArgument,
    reason: ReasonOption,
    operator: OperatorOption = "",
    json: JsonOption = False,
    config: ConfigOption = None,
) -> None:
    """Put cash into the drawer."""
    _move("in", amount, reason, operator, json, config)


def pay_out(
    amount: AmountArgument,
    reason: ReasonOption,
    operator: OperatorOption = "",
    json: JsonOption = False,
    config: ConfigOption = None,
) -> None:
    """Take cash out of the drawer."""
    _move("out", amount, reason, operator, json, config)


def drop(
    amount: AmountArgument,
    reason: ReasonOption,
    operator: OperatorOption = "",
    json: JsonOption = False,
    config: ConfigOption = None,
) -> None:
    """Take surplus cash out to the safe or the bank (解款)."""
    _move("drop", amount, reason, operator, json, config)


def _move(
    move: CashKind, amount: str, reason: str, operator: str, json: bool, config: ConfigOption
) -> None:
    with desk(config) as place:
        fen = parse_fen(amount)
        if fen is None:
            raise Refused("not_an_amount", text=amount[:20])
        if fen > MOST_FEN:
            raise Refused("amount_too_large")
        with place.working(f"cli.cash.{move}", operator) as (ledger, reader, session):
            cutoff = place.config.settings.shift.cutoff_hour
            today = business_date(system_clock().now(), cutoff).isoformat()
            where = closing.where_in(reader, session, today)
            fact = closing.move_cash(ledger, where, move, fen, clean(reason, 60))
        if json:
            show(msgspec.to_builtins(fact))
        else:
            tell(f"{place.words.shifts.moved[move]} {yuan(fen)}")


def open_drawer(
    reason: ReasonOption,
    operator: OperatorOption = "",
    json: JsonOption = False,
    config: ConfigOption = None,
) -> None:
    """Open the cash drawer without a sale, on record."""
    with desk(config) as place:
        with place.working("cli.cash.open-drawer", operator) as (ledger, reader, session):
            cutoff = place.config.settings.shift.cutoff_hour
            today = business_date(system_clock().now(), cutoff).isoformat()
            where = closing.where_in(reader, session, today)
            ledger.write(DrawerOpened(where, clean(reason, 60)))
        settings = place.config.settings
        opened = False
        if settings.drawer.enabled and any(one.enabled for one in settings.printers.values()):
            clock = system_clock()
            done = trying.print_page(place.config, settings.drawer.printer, clock, (), drawer=True)
            opened = done.state in ("printed", "sent")
        if json:
            show({"recorded": True, "kicked": opened})
        else:
            tell(place.words.counter.drawer_opened)
