"""A till laid out on disk: config, secrets, ledger, operators; whole or not at all."""

from __future__ import annotations

import re
from collections.abc import Callable
from contextlib import suppress
from functools import partial
from pathlib import Path

import msgspec

from pos.access.pins import Pins, new_pepper
from pos.clock import system_clock
from pos.config import Config, check, default_text
from pos.config.editing import with_keys
from pos.ids import system_ids
from pos.protocol.enrolment import Invoicing
from pos.record import new_key
from pos.refusal import Refused
from pos.sealing import new_key as new_person_key
from pos.system import write_private


class Born(msgspec.Struct, frozen=True):
    """A till that head office let in before it is laid out."""

    key: bytes
    ledger_id: str
    epoch: int
    token: bytes
    pepper: bytes
    invoicing: Invoicing | None = None


def lay_out(
    file: Path,
    values: dict[str, str],
    people: list[tuple[str, str, str, str]],
    more: str = "",
    born: Born | None = None,
) -> Config:
    """Make config, secrets, ledger and operators; on any refusal nothing of it stays.

    `more` are sections that the default config only shows as examples; they go before `[drawer]`.
    `born` is what head office knows of the till already.
    """
    undo: list[Callable[[], object]] = []
    try:
        _make_folder(file.parent, undo, 0o777)
        text = _filled(default_text(), values).replace("\n[drawer]\n", f"\n{more}[drawer]\n")
        if born and born.invoicing:
            text = with_invoicing(text, born.invoicing)
        _create(file, undo, lambda path: path.open("x", encoding="utf-8").close())
        file.write_text(text, "utf-8")
        problems, config = check(file)
        if problems or config is None:
            raise problems[0]
        pepper, key = new_pepper(), born.key if born else new_key()
        kept = {config.signing_key: key, config.pepper: pepper, config.person_key: new_person_key()}
        if born:
            kept |= {config.headoffice_token: born.token, config.chain_pepper: born.pepper}
        if born and born.invoicing:
            kept[config.link_key] = bytes.fromhex(born.invoicing.link_key)
        for path, data in kept.items():
            _make_folder(path.parent, undo, 0o700)
            _create(path, undo, partial(write_private, data=data))
        _make_folder(config.ledger.parent, undo, 0o700)
        beside = [config.ledger.with_name(config.ledger.name + end) for end in _BESIDE]
        if taken := [path for path in (config.ledger, *beside) if path.exists()]:
            raise Refused("already_there", path=taken[0])
        for path in (config.ledger, *beside):
            undo.append(partial(path.unlink, missing_ok=True))
        _make_ledger(config, text, key, Pins(pepper), people, born)
    except BaseException as error:
        for step in reversed(undo):
            with suppress(OSError):
                step()
        if isinstance(error, OSError):
            why = error.strerror or str(error)
            raise Refused("file_unwritable", path=error.filename or file, why=why) from error
        raise
    return config


def with_invoicing(text: str, told: Invoicing) -> str:
    """config.toml with what head office said of invoices and of the code on receipts."""
    keys: dict[str, object] = {"link": told.link, "valid_days": told.valid_days}
    if told.owner == "headoffice":
        keys["owner"] = told.owner
    return with_keys(text, "invoices", keys)


_BESIDE = ("-wal", "-shm", ".lock", ".head")
"""What stands beside a ledger: SQLite's own files, the lock, the witness."""


def _make_folder(folder: Path, undo: list[Callable[[], object]], mode: int) -> None:
    missing = [path for path in (folder, *folder.parents) if not path.exists()]
    for path in reversed(missing):
        path.mkdir(mode=mode)
        undo.append(path.rmdir)


def _create(path: Path, undo: list[Callable[[], object]], make: Callable[[Path], object]) -> None:
    """Make a file that is not there yet."""
    if path.exists():
        raise Refused("already_there", path=path)
    undo.append(partial(path.unlink, missing_ok=True))
    make(path)


def _make_ledger(
    config: Config,
    text: str,
    key: bytes,
    pins: Pins,
    people: list[tuple[str, str, str, str]],
    born: Born | None,
) -> None:
    from pos.store import operators
    from pos.store.ledger import Ledger, Place

    settings = config.settings
    place = Place(
        config.ledger,
        settings.shop.id,
        settings.till.id,
        key,
        system_clock(),
        system_ids(),
        "pos init",
        ledger_id=born.ledger_id if born else "",
        epoch=born.epoch if born else 1,
    )
    ledger = Ledger(place, create=True)
    try:
        ledger.set_meta("config", text)  # the settings it starts with are no change
        for who, name, role, pin in people:
            operators.add(ledger, who, name, role, pins.hash(pin), "init")
    finally:
        ledger.close()


def _filled(text: str, values: dict[str, str]) -> str:
    """The default config with values put in place, its comments kept."""
    section = ""
    lines = []
    for line in text.splitlines():
        if header := re.match(r"\[(.+?)\]", line):
            section = header[1]
        elif found := re.match(r'(\w+)( = )("[^"]*")(.*)', line):
            value = values.get(f"{section}.{found[1]}")
            if value is not None:
                quoted = value.replace("\\", "\\\\").replace('"', '\\"')
                line = f'{found[1]}{found[2]}"{quoted}"{found[4]}'
        lines.append(line)
    return "\n".join(lines) + "\n"
