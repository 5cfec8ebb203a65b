"""`pos config rekey`: another key for people's data."""

from __future__ import annotations

import hashlib

from pos.cli.desk import ConfigOption, JsonOption, OperatorOption, desk, show, tell
from pos.record import ConfigChanged
from pos.till.rekeying import rotate_person_key


def rekey(
    operator: OperatorOption = "", json: JsonOption = False, config: ConfigOption = None
) -> None:
    """Seal people's data under a fresh key; cut off half-way, the next start ends or undoes it."""
    with desk(config) as place:
        with place.working("cli.config.rekey", operator) as (ledger, _, session):
            text = place.config.file.read_bytes()
            keys = ("secrets.person_key", session.operator_id)
            fact = ConfigChanged(hashlib.sha256(text).hexdigest(), keys)
            count = rotate_person_key(place.config, ledger, fact)
        if json:
            show({"persons": count})
        else:
            tell(place.words.cli.rekeyed.format(count=count))
