"""`pos config rekey`: another key for people's data, or another pepper for PINs."""

from __future__ import annotations

import hashlib
from typing import Annotated

import typer

from pos.access.pins import check_pin
from pos.access.rights import require
from pos.cli.desk import ConfigOption, Desk, JsonOption, OperatorOption, desk, pin_of, show, tell
from pos.cli.operators import NEW_PIN
from pos.record import ConfigChanged
from pos.refusal import Refused
from pos.store.reader import Reader
from pos.till.opening import gate
from pos.till.rekeying import change_pepper, rotate_person_key


def rekey(
    pins: Annotated[
        bool, typer.Option("--pins", help="换密码盐，密码都要重设 the pepper; PINs are set anew")
    ] = False,
    operator: OperatorOption = "",
    json: JsonOption = False,
    config: ConfigOption = None,
) -> None:
    """Seal people's data under a fresh key; cut off half-way, the next start ends or undoes it."""
    with desk(config) as place:
        if pins:
            _pepper(place, operator, json=json)
            return
        with place.working("cli.config.rekey", operator) as (ledger, _, session):
            fact = _fact(place, "secrets.person_key", session.operator_id)
            count = rotate_person_key(place.config, ledger, fact)
        if json:
            show({"persons": count})
        else:
            tell(place.words.cli.rekeyed.format(count=count))


def _pepper(place: Desk, operator: str, *, json: bool) -> None:
    """Who does it takes a new PIN at once: somebody must be able to set the others'."""
    with place.working("cli.config.rekey", operator) as (ledger, reader, session):
        require("cli.operator.pin", session)
        pin = pin_of(place.words, twice=True, variable=NEW_PIN)
        check_pin(pin)
        row = reader.operator(session.operator_id)
        if row is None or gate(place.config).pins.matches(pin, row.pin_hash):
            raise Refused("pin_same")  # the old one is what may be known
        fact = _fact(place, "secrets.pepper", session.operator_id)
        change_pepper(place.config, ledger, session.operator_id, row.role, pin, fact)
        others = _others(reader, session.operator_id)
    if json:
        show({"pins_to_set": others})
    else:
        tell(place.words.cli.repeppered.format(operators=" ".join(others) or "-"))


def _fact(place: Desk, key: str, operator_id: str) -> ConfigChanged:
    text = place.config.file.read_bytes()
    return ConfigChanged(hashlib.sha256(text).hexdigest(), (key, operator_id))


def _others(reader: Reader, operator_id: str) -> list[str]:
    found = [row.operator_id for row in reader.operators() if row.active]
    return [one for one in found if one != operator_id]
