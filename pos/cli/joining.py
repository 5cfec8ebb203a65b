"""Enrolment at head office: of a till that is being set up, and of one that is there."""

from __future__ import annotations

from contextlib import closing
from pathlib import Path

import msgspec

from pos.cli.laying import Born, lay_out, with_invoicing
from pos.clock import system_clock
from pos.config import load
from pos.config.editing import with_keys
from pos.ids import system_ids
from pos.protocol.enrolment import Enrolled
from pos.record import new_key
from pos.refusal import Refused
from pos.sync.enrolling import address_of, enrol
from pos.system import read_private, replace_file, write_private
from pos.till.opening import open_ledger
from pos.wire import Limits, Wire

PENDING = ".enrolling"
"""The key of a till whose enrolment got no answer: head office may know it already."""
LIMITS = Limits(connect=5.0, read=20.0, whole=30.0)


class Door(msgspec.Struct, frozen=True):
    """What was typed: the code, or address#code; the address; an own authority's file."""

    code: str
    url: str
    ca_file: str
    language: str


class _Pending(msgspec.Struct, frozen=True):
    key: bytes
    ledger_id: str


def join_new(
    file: Path, values: dict[str, str], people: list[tuple[str, str, str, str]], door: Door
) -> None:
    """Enrol, then lay the till out under the numbers that head office gave."""
    url, code = address_of(door.code, door.url)
    ca_file = _own(door.ca_file)
    missing = [path for path in (file.parent, *file.parent.parents) if not path.exists()]
    file.parent.mkdir(parents=True, exist_ok=True)
    aside = file.with_name(PENDING)
    if not aside.exists():
        fresh = _Pending(new_key(), system_ids().uuid7())
        write_private(aside, msgspec.json.encode(fresh))
    mine = msgspec.json.decode(read_private(aside), type=_Pending)
    try:
        found = _asked(url, ca_file, code, mine.ledger_id, mine.key, 1, door.language)
    except Refused as refused:
        if refused.code not in ("ho_unreachable", "ho_foreign", "ho_malformed"):
            aside.unlink()
            for folder in missing:
                folder.rmdir()
        raise
    values = values | {"shop.id": found.shop, "till.id": found.till}
    values["shop.name"] = values["shop.name"] or found.shop_name[:40]
    values |= {"headoffice.url": url, "headoffice.ca_file": ca_file}
    values["catalog.owner"] = values["headoffice.settings"] = "headoffice"
    born = Born(
        mine.key,
        mine.ledger_id,
        found.epoch,
        found.token.encode(),
        bytes.fromhex(found.pepper),
        found.invoicing,
    )
    lay_out(file, values, people, born=born)
    aside.unlink()


def join(file: Path, door: Door) -> Enrolled:
    """Enrol a till that is there; its ledger goes on, in a new epoch where it has to.

    Refused("ho_other_place") where the code is another till's.
    """
    config = load(file)
    settings = config.settings
    url, code = address_of(door.code, door.url or settings.headoffice.url)
    ca_file = _own(door.ca_file) or settings.headoffice.ca_file
    from pos.store import epochs

    ledger = open_ledger(config, system_clock(), system_ids(), "pos init")
    with closing(ledger):
        key = read_private(config.signing_key)
        ledger_id, language = ledger.meta("ledger_id"), settings.till.language
        found = _asked(url, _beside(file, ca_file), code, ledger_id, key, ledger.epoch, language)
        place, own = (found.shop, found.till), (settings.shop.id, settings.till.id)
        if place != own:
            raise Refused(
                "ho_other_place", shop=place[0], till=place[1], own_shop=own[0], own_till=own[1]
            )
        replace_file(config.headoffice_token, found.token.encode())
        replace_file(config.chain_pepper, bytes.fromhex(found.pepper))
        text = file.read_text("utf-8")
        text = with_keys(text, "headoffice", {"url": url, "ca_file": ca_file})
        if found.invoicing:
            replace_file(config.link_key, bytes.fromhex(found.invoicing.link_key))
            text = with_invoicing(text, found.invoicing)
        replace_file(file, text.encode())
        if found.epoch > ledger.epoch:
            epochs.begin(ledger, found.epoch, "enrolled")
    return found


def _asked(
    url: str, ca_file: str, code: str, ledger_id: str, key: bytes, epoch: int, language: str
) -> Enrolled:
    wire = Wire([url], LIMITS, Path(ca_file) if ca_file else None)
    try:
        return enrol(wire, code, ledger_id, key, epoch, language)
    finally:
        wire.close()


def _own(ca_file: str) -> str:
    return str(Path(ca_file).absolute()) if ca_file else ""


def _beside(file: Path, ca_file: str) -> str:
    return str(file.parent / ca_file) if ca_file else ""
