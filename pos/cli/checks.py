"""`pos doctor`, `pos keys`, `pos config …`, `pos journal verify`: what is, and what is wrong."""

from __future__ import annotations

import os
import shutil
import sqlite3
import sys
from collections.abc import Iterator
from pathlib import Path
from typing import Annotated

import msgspec
import typer

from pos.cli.counterside import Finding, State, of_counter
from pos.cli.desk import (
    ConfigOption,
    JsonOption,
    check_file,
    complain,
    refusing,
    show,
    tell,
    words_of,
)
from pos.cli.officeside import of_headoffice
from pos.cli.sync import settings_lines, settings_told
from pos.clock import moment_of, system_clock
from pos.commands import TABLE, Mode, keymap, shown_key
from pos.config import Config, Settings, check, find, load
from pos.refusal import Refused
from pos.store.faults import in_words
from pos.store.reader import Reader
from pos.system import FileLock, free_bytes, read_only, read_private
from pos.text import fit
from pos.words import Words
from pos.words.commands import act
from pos.words.refusals import say

FREE_MB = 200
SAFE_SQLITE = (3, 51, 3)
_MODES: tuple[Mode, ...] = ("signing", "selling", "paying", "choosing", "asking")


def doctor(json: JsonOption = False, config: ConfigOption = None) -> None:
    """Look at everything a sale needs; exit 1 when something stands in the way."""
    file = find(config)
    words = words_of(file)
    problems, loaded = check(file)
    findings: list[Finding] = [("config", "fail", say(words.refusals, p)) for p in problems]
    if loaded is not None:
        findings.append(("config", "ok", str(file)))
        findings += _of_till(loaded, words)
        findings += of_counter(loaded, words)
        findings += of_headoffice(loaded, words)
    if json:
        show(
            [
                {
                    "check": name,
                    "state": state,
                    "about": about,
                    "remedy": _remedy(words, name, state),
                }
                for name, state, about in findings
            ]
        )
    else:
        states = {"ok": words.cli.ok, "warn": words.cli.warn, "fail": words.cli.fail}
        for name, state, about in findings:
            remedy = _remedy(words, name, state)
            tell(
                f"{fit(states[state], 6)} {fit(words.cli.checks[name], 14)} {about}"
                + (f"  → {remedy}" if remedy else "")
            )
    if any(state == "fail" for _, state, _ in findings):
        raise typer.Exit(1)


def _remedy(words: Words, name: str, state: State) -> str:
    return "" if state == "ok" else words.cli.remedies.get(name, "")


def _of_till(config: Config, words: Words) -> Iterator[Finding]:
    for path in (config.signing_key, config.pepper, config.person_key):
        try:
            read_private(path)
            yield "secrets", "ok", str(path)
        except Refused as refused:
            yield "secrets", "fail", say(words.refusals, refused)
    if config.settings.invoices.link:
        try:
            read_private(config.link_key)
            yield "secrets", "ok", str(config.link_key)
        except Refused as refused:
            yield "link", "warn", say(words.refusals, refused)
    folder = config.ledger.parent
    if folder.exists() and read_only(folder):
        yield "disk", "fail", say(words.refusals, Refused("disk_read_only", path=folder))
    elif folder.exists():
        free = free_bytes(folder) // 1_000_000
        yield "disk", "ok" if free >= FREE_MB else "warn", f"{free} MB"
    try:
        FileLock(config.ledger.with_name(config.ledger.name + ".lock"), "pos doctor").release()
        yield "lock", "ok", ""
    except Refused as refused:
        yield "lock", "warn", str(refused.values["holder"])
    except OSError as error:
        yield "lock", "fail", say(words.refusals, in_words(error, config.ledger))
    version = tuple(int(part) for part in sqlite3.sqlite_version.split("."))
    yield "sqlite", "ok" if version >= SAFE_SQLITE else "warn", sqlite3.sqlite_version
    yield from _ledger(config, words)
    yield _terminal()


def _ledger(config: Config, words: Words) -> Iterator[Finding]:
    try:
        reader = Reader(config.ledger)
    except Refused as refused:
        yield "ledger", "fail", say(words.refusals, refused)
        return
    try:
        version = check_file(reader)
        whose = (reader.meta("shop"), reader.meta("till"))
        if whose != (config.settings.shop.id, config.settings.till.id):
            raise Refused("ledger_of_other_till", path=config.ledger, shop=whose[0], till=whose[1])
        yield "ledger", "ok", f"{config.ledger} (v{version})"
        answer = reader.quick_check()
        yield "check", "ok" if answer == "ok" else "fail", answer
        last = reader.head()[1]
        behind = (moment_of(last) - system_clock().now()).total_seconds() if last else 0
        yield "clock", "ok" if behind < 60 else "warn", last
        yield _witness(config, reader)
        count = reader.products()
        yield "products", "ok" if count else "warn", str(count)
        active = sum(row.active for row in reader.operators())
        yield "operators", "ok" if active else "fail", str(active)
    except Refused as refused:
        yield "ledger", "fail", say(words.refusals, refused)
    except sqlite3.Error as error:
        yield "check", "fail", str(error)
    finally:
        reader.close()


def _witness(config: Config, reader: Reader) -> Finding:
    from pos.store.journal import read_witness

    seen = read_witness(config.ledger.with_name(config.ledger.name + ".head"))
    if seen is None:
        return "witness", "warn", "-"
    good = reader.record_hash(seen.jn) == seen.hash
    return "witness", "ok" if good else "fail", f"{seen.jn} {seen.hash[:8]}"


def _terminal() -> Finding:
    if not sys.stdout.isatty():
        return "terminal", "ok", "-"
    size = shutil.get_terminal_size()
    utf8 = "utf" in (sys.stdout.encoding or "").lower()
    good = size.columns >= 80 and size.lines >= 24 and utf8
    about = f"{size.columns}x{size.lines} {sys.stdout.encoding} {os.environ.get('TERM', '')}"
    return "terminal", "ok" if good else "warn", about


def keys(json: JsonOption = False, config: ConfigOption = None) -> None:
    """The keys as they are bound at this till, or as shipped where there is no config."""
    file = find(config)
    words, bound = words_of(file), keymap()
    if file.exists() or config is not None:
        with refusing(words):
            bound = load(file).keymap
    rows = [
        {
            "mode": mode,
            "command": c.id,
            "keys": list(bound.keys[c.id]),
            "name": act(words.commands, c.id).name,
            "about": act(words.commands, c.id).help,
        }
        for mode in _MODES
        for c in TABLE
        if mode in c.modes and c.keys
    ]
    if json:
        show(rows)
        return
    mode = ""
    for row in rows:
        if row["mode"] != mode:
            mode = str(row["mode"])
            tell("", words.counter.section[mode])
        shown = " ".join(shown_key(k) for k in row["keys"])
        tell(f"  {fit(shown, 12)} {fit(str(row['name']), 12)} {row['about']}")


def config_check(
    file: Annotated[Path | None, typer.Argument()] = None,
    json: JsonOption = False,
    config: ConfigOption = None,
) -> None:
    """Name everything wrong in a config.toml, in the order of its lines."""
    path = find(file or config)
    problems, loaded = check(path)
    words = words_of(path)
    if json:
        show(
            {
                "ok": not problems,
                "problems": [
                    {"line": p.values.get("line"), "code": p.code, "why": say(words.refusals, p)}
                    for p in problems
                ],
            }
            | _of_headoffice(loaded)
        )
    elif not problems:
        tell(words.cli.config_good.format(file=path))
        if loaded is not None:
            tell(*settings_lines(loaded, words))
    for problem in problems:
        complain(say(words.refusals, problem))
    if problems:
        raise typer.Exit(1)


def _of_headoffice(config: Config | None) -> dict[str, object]:
    """Whose the settings are, where they are not this file's alone."""
    if config is None or config.settings.headoffice.settings == "till":
        return {}
    return {"headoffice": settings_told(config)}


def config_schema() -> None:
    """JSON schema of config.toml."""
    show(msgspec.json.schema(Settings))
