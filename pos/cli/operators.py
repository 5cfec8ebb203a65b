"""`pos operator add|pin|disable|list`."""

from __future__ import annotations

from typing import Annotated

import typer

from pos.access.pins import check_pin
from pos.access.signing import role_of
from pos.cli.desk import ConfigOption, Desk, JsonOption, OperatorOption, desk, pin_of, show
from pos.refusal import Refused
from pos.store.reader import OperatorRow
from pos.text import clean
from pos.till.opening import gate

IdArgument = Annotated[str, typer.Argument(help="工号 operator id")]
MAX_ID = 8


def check_id(operator_id: str) -> None:
    """Refuse an id that cannot be typed at the till."""
    if not (operator_id.isascii() and operator_id.isdigit() and len(operator_id) <= MAX_ID):
        raise Refused("operator_id_form")


def add(
    operator_id: IdArgument,
    name: Annotated[str, typer.Option("--name")],
    role: Annotated[str, typer.Option("--role")] = "cashier",
    operator: OperatorOption = "",
    config: ConfigOption = None,
) -> None:
    """Add an operator; the new one types a PIN of his own."""
    with desk(config) as place, place.ledger("operator add") as ledger:
        from pos.store import operators

        session = place.known("cli.operator.add", operator, ledger)
        check_id(operator_id)
        reader = place.reader()
        taken = reader.operator(operator_id) is not None
        reader.close()
        if taken:
            raise Refused("operator_exists", operator=operator_id)
        new = new_pin(place)
        hashed = gate(place.config).pins.hash(new)
        who = clean(name, 20)
        operators.add(ledger, operator_id, who, role_of(role), hashed, session.operator_id)
        print(place.words.cli.operator_added.format(operator=operator_id))


def pin(
    operator_id: IdArgument, operator: OperatorOption = "", config: ConfigOption = None
) -> None:
    """Give an operator a new PIN."""
    with desk(config) as place, place.ledger("operator pin") as ledger:
        from pos.store import operators

        session = place.known("cli.operator.pin", operator, ledger)
        row = _row(place, operator_id)
        hashed = gate(place.config).pins.hash(new_pin(place))
        operators.set_pin(ledger, operator_id, row.role, hashed, session.operator_id)
        print(place.words.cli.operator_pin.format(operator=operator_id))


def disable(
    operator_id: IdArgument, operator: OperatorOption = "", config: ConfigOption = None
) -> None:
    """Switch an operator off; the last manager stays."""
    with desk(config) as place, place.ledger("operator disable") as ledger:
        from pos.store import operators

        session = place.known("cli.operator.disable", operator, ledger)
        row = _row(place, operator_id)
        reader = place.reader()
        managers = [x for x in reader.operators() if x.role == "manager" and x.active]
        reader.close()
        if [x.operator_id for x in managers] == [operator_id]:
            raise Refused("last_manager")
        operators.set_active(ledger, operator_id, row.role, False, session.operator_id)
        print(place.words.cli.operator_disabled.format(operator=operator_id))


def list_operators(
    operator: OperatorOption = "", json: JsonOption = False, config: ConfigOption = None
) -> None:
    """List the operators."""
    with desk(config) as place:
        place.looks("cli.operator.list", operator)
        reader = place.reader()
        rows = reader.operators()
        reader.close()
        if json:
            keys = ("operator_id", "name", "role", "active")
            show([{key: getattr(row, key) for key in keys} for row in rows])
            return
        for row in rows:
            state = place.words.cli.active if row.active else place.words.cli.inactive
            print(f"{row.operator_id}  {row.name}  {row.role}  {state}")


def new_pin(place: Desk) -> str:
    """A PIN its owner chose: typed twice, or `$POS_NEW_PIN`."""
    found = pin_of(place.words, twice=True, variable="POS_NEW_PIN")
    check_pin(found)
    return found


def _row(place: Desk, operator_id: str) -> OperatorRow:
    reader = place.reader()
    row = reader.operator(operator_id)
    reader.close()
    if row is None:
        raise Refused("operator_unknown", operator=operator_id)
    return row
