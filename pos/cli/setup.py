"""`pos init`: a till set up, with nothing half done."""

from __future__ import annotations

import re
from collections.abc import Callable
from contextlib import suppress
from functools import partial
from pathlib import Path
from typing import Annotated

import typer

from pos.access.pins import Pins, check_pin, new_pepper
from pos.cli.desk import ConfigOption, pin_of, refusing, tell
from pos.cli.operators import check_id
from pos.clock import system_clock
from pos.config import Config, check, default_text, find
from pos.ids import system_ids
from pos.record import new_key
from pos.refusal import Refused
from pos.store.persons import new_person_key
from pos.system import is_terminal, write_private
from pos.text import clean
from pos.words import CATALOGUE


def init(
    shop: Annotated[str, typer.Option("--shop", help="门店号 0001")] = "",
    till: Annotated[str, typer.Option("--till", help="机号 01")] = "",
    shop_name: Annotated[str, typer.Option("--shop-name")] = "",
    tax: Annotated[str, typer.Option("--tax", help="13%")] = "13%",
    rounding: Annotated[str, typer.Option("--rounding", help="抹零")] = "none",
    language: Annotated[str, typer.Option("--language", help="zh|en")] = "zh",
    operator: Annotated[str, typer.Option("--operator", help="店长工号")] = "",
    name: Annotated[str, typer.Option("--name", help="店长姓名")] = "",
    config: ConfigOption = None,
) -> None:
    """Set up a till: config.toml, keys, ledger and the first manager with a PIN of his own."""
    words = CATALOGUE["en" if language == "en" else "zh"]
    with refusing(words):
        file = find(config)
        if file.exists():
            raise Refused("already_there", path=file)

        def given(value: str, question: str, default: str) -> str:
            if value or not is_terminal():
                return value or default
            return str(typer.prompt(question, default=default or None, err=True))

        values = {
            "shop.id": given(shop, words.cli.ask_shop, "0001"),
            "till.id": given(till, words.cli.ask_till, "01"),
            "shop.name": clean(given(shop_name, words.cli.ask_shop_name, ""), 40),
            "tax.default_rate": tax,
            "cash.rounding": rounding,
            "till.language": language,
        }
        who = given(operator, words.cli.ask_manager, "")
        if not who:
            raise Refused("wrong_usage", why="--operator")
        check_id(who)
        called = clean(given(name, words.cli.ask_manager_name, who), 20)
        pin = pin_of(words, twice=True)
        check_pin(pin)
        lay_out(file, values, [(who, called, "manager", pin)])
        tell(words.cli.made.format(folder=file.parent), words.cli.next_steps)


def lay_out(
    file: Path, values: dict[str, str], people: list[tuple[str, str, str, str]], more: str = ""
) -> Config:
    """Make config, secrets, ledger and operators; on any refusal nothing of it stays.

    `more` are sections that the default config only shows as examples; they go before `[drawer]`.
    """
    undo: list[Callable[[], object]] = []
    try:
        _make_folder(file.parent, undo, 0o777)
        text = _filled(default_text(), values).replace("\n[drawer]\n", f"\n{more}[drawer]\n")
        _create(file, undo, lambda path: path.open("x", encoding="utf-8").close())
        file.write_text(text, "utf-8")
        problems, config = check(file)
        if problems or config is None:
            raise problems[0]
        pepper, key = new_pepper(), new_key()
        kept = {config.signing_key: key, config.pepper: pepper, config.person_key: new_person_key()}
        for path, data in kept.items():
            _make_folder(path.parent, undo, 0o700)
            _create(path, undo, partial(write_private, data=data))
        _make_folder(config.ledger.parent, undo, 0o700)
        beside = [config.ledger.with_name(config.ledger.name + end) for end in _BESIDE]
        if taken := [path for path in (config.ledger, *beside) if path.exists()]:
            raise Refused("already_there", path=taken[0])
        for path in (config.ledger, *beside):
            undo.append(partial(path.unlink, missing_ok=True))
        _make_ledger(config, text, key, Pins(pepper), people)
    except BaseException as error:
        for step in reversed(undo):
            with suppress(OSError):
                step()
        if isinstance(error, OSError):
            why = error.strerror or str(error)
            raise Refused("file_unwritable", path=error.filename or file, why=why) from error
        raise
    return config


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
    config: Config, text: str, key: bytes, pins: Pins, people: list[tuple[str, str, str, str]]
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
