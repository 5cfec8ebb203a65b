"""Settings that head office sends down, laid over config.toml where that gives them to it.

Which keys it may set is one list: the shop's rules and the words on its receipts. What is of this
machine (devices, files, keys, network, who owns what) is the technician's alone. With
`[headoffice] settings = "headoffice"` a key it has set goes before config.toml; one that it says
nothing of stays as the technician wrote it. They take effect when the till starts.
"""

from __future__ import annotations

import tomllib
from collections.abc import Mapping
from pathlib import Path
from typing import Any

import msgspec

from pos.config.checking import walk
from pos.config.sections import Settings
from pos.refusal import Refused
from pos.text import clean

SENT = frozenset(
    (
        *("shop.name", "tax.default_rate", "cash.rounding", "cash.most_change"),
        *("returns.days", "returns.without_receipt"),
        *("members.enabled", "members.levels", "members.points_per_yuan", "members.stored_value"),
        *("members.member_limit", "members.gift_limit"),
        *("shift.ask_float", "shift.float", "shift.tolerance", "shift.held"),
        *("shift.drawer_ceiling", "access.idle_lock_seconds", "access.wrong_pins"),
        *("access.wait_seconds", "roles.cashier.discount", "roles.cashier.price_cut"),
        *("roles.supervisor.discount", "roles.supervisor.price_cut"),
        *("receipt.phone", "receipt.address", "receipt.policy", "receipt.footer"),
    )
)
"""Keys of config.toml that head office may set."""
_HEAD = "# From head office; made anew whenever it sends. Change it there.\n"


def file_of(ledger: Path) -> Path:
    """Where a till keeps what head office sent, beside its ledger."""
    return ledger.with_name(ledger.name + ".settings")


def text_of(sent: Mapping[str, str]) -> str:
    """The file's text; `sent` has TOML values by dotted key."""
    return _HEAD + "".join(f"{key} = {value}\n" for key, value in sorted(sent.items()))


def read(path: Path) -> dict[str, Any]:
    """What the file says, as a tree; Refused: config_unreadable, config_not_toml."""
    try:
        text = path.read_text("utf-8")
    except FileNotFoundError:
        return {}
    except (OSError, UnicodeDecodeError) as error:
        raise Refused("config_unreadable", file=path, why=str(error)) from error
    try:
        return tomllib.loads(text)
    except (ValueError, RecursionError) as error:
        raise Refused("config_not_toml", file=path, why=str(error)) from error


def check_value(key: str, value: str) -> None:
    """Refused where head office may not set this key, or the value is none for it.

    Refused: setting_not_sent, config_not_toml, config_bad_value.
    """
    if key not in SENT:
        raise Refused("setting_not_sent", key=clean(key, 80))
    try:
        found = tomllib.loads(f"{key} = {value}")
    except (ValueError, RecursionError) as error:
        raise Refused("config_not_toml", file=key, why=str(error)) from error
    if set(flat(found)) != {key}:
        raise Refused("config_not_toml", file=key, why="one value, no more")
    for problem in walk(Settings, found, (), Path(key), {}):
        raise problem


def over(own: Mapping[str, Any], sent: Mapping[str, Any]) -> dict[str, Any]:
    """A tree of config.toml with one of head office laid over it."""
    found = dict(own)
    for key, value in sent.items():
        under = found.get(key)
        both = isinstance(value, dict) and isinstance(under, dict)
        found[key] = over(under, value) if both and under is not None else value
    return found


def laid_over(data: Mapping[str, Any], path: Path) -> tuple[Settings, tuple[str, ...]]:
    """config.toml's tree with the file laid over it, and which keys are head office's.

    Refused where the file does not fit: a newer head office, a hand in it.
    """
    sent = read(path)
    for key in flat(sent):
        if key not in SENT:
            raise Refused("setting_not_sent", key=clean(key, 80))
    merged = over(data, sent)
    for problem in walk(Settings, merged, (), path, {}):
        raise problem
    return msgspec.convert(merged, Settings), tuple(sorted(flat(sent)))


def flat(data: Mapping[str, Any], head: str = "") -> dict[str, object]:
    """Values by dotted key."""
    found: dict[str, object] = {}
    for key, value in data.items():
        if isinstance(value, dict) and value:
            found |= flat(value, f"{head}{key}.")
        else:
            found[f"{head}{key}"] = value
    return found
