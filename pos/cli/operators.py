"""`pos operator add|pin|disable|list`."""

from __future__ import annotations

from typing import Annotated

import typer

from pos.access.pins import check_pin
from pos.access.signing import role_of
from pos.cli.desk import ConfigOption, Desk, JsonOption, OperatorOption, desk, pin_of, show, tell
from pos.refusal import Refused
from pos.store.reader import OperatorRow, Reader
from pos.text import clean
from pos.till.opening import gate

IdArgument = Annotated[str, typer.Argument(help="工号 operator id")]
MAX_ID = 8
NEW_PIN = "POS_NEW_PIN"


def check_id(operator_id: str) -> None:
    """Refuse an id that cannot be typed at the till."""
    if not (operator_id.isascii() and operator_id.isdigit() and len(operator_id) <= MAX_ID):
        raise Refused("operator_id_form")


def add(
    operator_id: IdArgument,
    name: Annotated[str, typer.Option("--name")],
    role: Annotated[
        str, typer.Option("--role", help="cashier|supervisor|manager|technician")
    ] = "cashier",
    operator: OperatorOption = "",
    config: ConfigOption = None,
) -> None:
    """Add an operator; the new one types a PIN of his own (or $POS_NEW_PIN)."""
    with desk(config) as place:
        check_id(operator_id)
        wanted, called = role_of(role), clean(name, 20)
        if not called:
            raise Refused("wrong_usage", why="--name")
        with place.working("cli.operator.add", operator) as (ledger, reader, session):
            from pos.store import operators

            if reader.operator(operator_id) is not None:
                raise Refused("operator_exists", operator=operator_id)
            hashed = _new_hash(place)
            operators.add(ledger, operator_id, called, wanted, hashed, session.operator_id)
        tell(place.words.cli.operator_added.format(operator=operator_id))


def pin(
    operator_id: IdArgument, operator: OperatorOption = "", config: ConfigOption = None
) -> None:
    """Give an operator a new PIN: typed twice, or $POS_NEW_PIN."""
    with desk(config) as place:
        with place.working("cli.operator.pin", operator) as (ledger, reader, session):
            from pos.store import operators

            row = _row(reader, operator_id)
            hashed = _new_hash(place)
            operators.set_pin(ledger, operator_id, row.role, hashed, session.operator_id)
        tell(place.words.cli.operator_pin.format(operator=operator_id))


def disable(
    operator_id: IdArgument, operator: OperatorOption = "", config: ConfigOption = None
) -> None:
    """Switch an operator off; the last manager stays."""
    with desk(config) as place:
        with place.working("cli.operator.disable", operator) as (ledger, reader, session):
            from pos.store import operators

            row = _row(reader, operator_id)
            managers = [x for x in reader.operators() if x.role == "manager" and x.active]
            if [x.operator_id for x in managers] == [operator_id]:
                raise Refused("last_manager")
            if row.active:
                operators.set_active(ledger, operator_id, row.role, False, session.operator_id)
        tell(place.words.cli.operator_disabled.format(operator=operator_id))


def list_operators(
    operator: OperatorOption = "", json: JsonOption = False, config: ConfigOption = None
) -> None:
    """List the operators."""
    with desk(config) as place:
        with place.looking("cli.operator.list", operator) as reader:
            rows = reader.operators()
        if json:
            keys = ("operator_id", "name", "role", "active")
            show([{key: getattr(row, key) for key in keys} for row in rows])
            return
        words = place.words.cli
        for row in rows:
            state = words.active if row.active else words.inactive
            tell(f"{row.operator_id}  {row.name}  {row.role}  {state}")


def _new_hash(place: Desk) -> str:
    """The hash of a PIN its owner chose; never the PIN of who signs."""
    found = pin_of(place.words, twice=True, variable=NEW_PIN)
    check_pin(found)
    return gate(place.config).pins.hash(found)


def _row(reader: Reader, operator_id: str) -> OperatorRow:
    row = reader.operator(operator_id)
    if row is None:
        raise Refused("operator_unknown", operator=clean(operator_id, 20))
    return row
