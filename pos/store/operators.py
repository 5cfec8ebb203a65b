"""Operators on disk: added, given a PIN, switched off; wrong PINs counted."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from typing import Literal

from sqlalchemy import Connection, insert, update

from pos.record import Fact, OperatorChanged, Session, Where
from pos.store.ledger import Ledger
from pos.store.models import table
from pos.store.wrong_pins import Tried

Change = Literal["added", "pin", "disabled", "enabled"]


def add(ledger: Ledger, operator_id: str, name: str, role: str, pin_hash: str, by: str) -> None:
    """Add an operator, on record."""

    def put(connection: Connection) -> None:
        values: dict[str, object] = {"operator_id": operator_id, "name": name, "role": role}
        values |= {"pin_hash": pin_hash}
        values |= {"active": 1, "wrong_pins": 0, "wait_until": ""}
        connection.execute(insert(table("operators")), values)

    ledger.write(OperatorChanged(by, operator_id, "added", role), also=put)


def set_pin(ledger: Ledger, operator_id: str, role: str, pin_hash: str, by: str) -> None:
    """Give an operator a new PIN and let him try again at once, on record."""
    _change(ledger, operator_id, role, "pin", by, pin_hash=pin_hash, wrong_pins=0, wait_until="")


def change_pepper(
    ledger: Ledger,
    operator_id: str,
    role: str,
    pin_hash: str,
    fact: Fact,
    also: Callable[[Connection], None],
) -> None:
    """Give who changes the pepper a PIN under the new one, on record; `also` belongs to it."""

    def put(connection: Connection) -> None:
        _update(connection, operator_id, pin_hash=pin_hash, wrong_pins=0, wait_until="")
        also(connection)

    ledger.write(fact, OperatorChanged(operator_id, operator_id, "pin", role), also=put)


def set_active(ledger: Ledger, operator_id: str, role: str, active: bool, by: str) -> None:
    """Switch an operator off or on again, on record."""
    change: Change = "enabled" if active else "disabled"
    _change(ledger, operator_id, role, change, by, active=int(active))


def count_wrong(
    ledger: Ledger, operator_id: str, wrong_pins: int, wait_until: str, *facts: Fact
) -> None:
    """Keep the number of wrong PINs and the wait; on disk before the answer is shown."""

    def put(connection: Connection) -> None:
        _update(connection, operator_id, wrong_pins=wrong_pins, wait_until=wait_until)

    if facts:
        ledger.write(*facts, also=put)
    else:
        ledger.change(put)


def take_in(ledger: Ledger, roles: Mapping[str, str], beside: Mapping[str, Tried]) -> None:
    """Keep and put on record what was counted beside the ledger; `roles` by operator."""
    facts = [
        Session(Where(who, "", ""), "wrong_pin", roles[who])
        for who, tried in beside.items()
        for _ in range(tried.unrecorded)
    ]

    def put(connection: Connection) -> None:
        operators = table("operators")
        for who, tried in beside.items():
            if tried.wrong:
                connection.execute(
                    update(operators)
                    .where(operators.c.operator_id == who, operators.c.wrong_pins <= tried.wrong)
                    .values(wrong_pins=tried.wrong, wait_until=tried.wait_until)
                )

    ledger.write(*facts, also=put)


def _change(
    ledger: Ledger, operator_id: str, role: str, change: Change, by: str, **values: object
) -> None:
    def put(connection: Connection) -> None:
        _update(connection, operator_id, **values)

    ledger.write(OperatorChanged(by, operator_id, change, role), also=put)


def _update(connection: Connection, operator_id: str, **values: object) -> None:
    operators = table("operators")
    connection.execute(
        update(operators).where(operators.c.operator_id == operator_id).values(**values)
    )
