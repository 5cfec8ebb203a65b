"""`pos doctor`, `pos keys`, `pos config …`, `pos journal verify`: what is, and what is wrong."""

from __future__ import annotations

import os
import shutil
import sqlite3
import sys
from collections.abc import Iterator
from pathlib import Path
from typing import Annotated, Literal

import msgspec
import typer

from pos.cli.desk import ConfigOption, JsonOption, desk, fail, show
from pos.clock import moment_of, system_clock
from pos.commands import TABLE, Mode, keymap, shown_key
from pos.config import Config, Settings, check, find, load
from pos.refusal import Refused
from pos.store.reader import Reader
from pos.system import FileLock, free_bytes, read_private
from pos.text import fit
from pos.words import CATALOGUE, Words
from pos.words.commands import act
from pos.words.refusals import say

State = Literal["ok", "warn", "fail"]
Finding = tuple[str, State, str]
FREE_MB = 200
SAFE_SQLITE = (3, 51, 3)
_MODES: tuple[Mode, ...] = ("signing", "selling", "paying", "choosing", "asking")


def doctor(json: JsonOption = False, config: ConfigOption = None) -> None:
    """Look at everything a sale needs; exit 1 when something stands in the way."""
    file = find(config)
    words = CATALOGUE["zh"]
    problems, loaded = check(file)
    findings: list[Finding] = [("config", "fail", say(words.refusals, p)) for p in problems]
    if loaded is not None:
        words = CATALOGUE[loaded.settings.till.language]
        findings.append(("config", "ok", str(file)))
        findings += _of_till(loaded, words)
    if json:
        show([{"check": a, "state": b, "about": c} for a, b, c in findings])
    else:
        states = {"ok": words.cli.ok, "warn": words.cli.warn, "fail": words.cli.fail}
        for name, state, about in findings:
            remedy = words.cli.remedies.get(name, "") if state != "ok" else ""
            print(
                f"{fit(states[state], 6)} {fit(words.cli.checks[name], 14)} {about}"
                + (f"  → {remedy}" if remedy else "")
            )
    if any(state == "fail" for _, state, _ in findings):
        raise typer.Exit(1)


def _of_till(config: Config, words: Words) -> Iterator[Finding]:
    for path in (config.signing_key, config.pepper):
        try:
            read_private(path)
            yield "secrets", "ok", str(path)
        except Refused as refused:
            yield "secrets", "fail", say(words.refusals, refused)
    folder = config.ledger.parent
    if folder.exists():
        free = free_bytes(folder) // 1_000_000
        yield "disk", "ok" if free >= FREE_MB else "fail", f"{free} MB"
    try:
        FileLock(config.ledger.with_name(config.ledger.name + ".lock"), "pos doctor").release()
        yield "lock", "ok", ""
    except Refused as refused:
        yield "lock", "warn", str(refused.values["holder"])
    except OSError as error:
        yield "lock", "fail", str(error)
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
        from pos.store.migrations import version_of

        raw = sqlite3.connect(config.ledger)
        try:
            version = version_of(raw, config.ledger)
        finally:
            raw.close()
        yield "ledger", "ok", f"{config.ledger} (v{version})"
        answer = str(reader.rows("PRAGMA quick_check(1)")[0][0])
        yield "check", "ok" if answer == "ok" else "fail", answer
        last = reader.rows("SELECT at FROM journal ORDER BY jn DESC LIMIT 1")
        behind = (moment_of(last[0][0]) - system_clock().now()).total_seconds() if last else 0
        yield "clock", "ok" if behind < 60 else "warn", last[0][0] if last else ""
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
    found = reader.rows("SELECT hash FROM journal WHERE jn = ?", (seen.jn,))
    good = bool(found) and found[0][0].hex() == seen.hash
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
    words, bound = CATALOGUE["zh"], keymap()
    if file.exists():
        try:
            loaded = load(file)
        except Refused as refused:
            fail(words, refused)
        words, bound = CATALOGUE[loaded.settings.till.language], loaded.keymap
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
            print(f"\n{words.counter.section[mode]}")
        shown = " ".join(shown_key(k) for k in row["keys"])
        print(f"  {fit(shown, 12)} {fit(str(row['name']), 12)} {row['about']}")


def config_check(
    file: Annotated[Path | None, typer.Argument()] = None,
    json: JsonOption = False,
    config: ConfigOption = None,
) -> None:
    """Name everything wrong in a config.toml, in the order of its lines."""
    path = find(file or config)
    problems, loaded = check(path)
    words = CATALOGUE[loaded.settings.till.language if loaded else "zh"]
    if json:
        show(
            {
                "ok": not problems,
                "problems": [
                    {"line": p.values.get("line"), "code": p.code, "why": say(words.refusals, p)}
                    for p in problems
                ],
            }
        )
    elif not problems:
        print(words.cli.config_good.format(file=path))
    for problem in problems:
        print(say(words.refusals, problem), file=sys.stderr)
    if problems:
        raise typer.Exit(1)


def config_schema() -> None:
    """JSON schema of config.toml."""
    show(msgspec.json.schema(Settings))


def journal_verify(json: JsonOption = False, config: ConfigOption = None) -> None:
    """Check the chain, the signatures, and that the tables are what the records say."""
    with desk(config) as place:
        from pos.store.verify import verify_ledger

        def progress(jn: int) -> None:
            if sys.stderr.isatty():
                print(f"\r{jn}", end="", file=sys.stderr, flush=True)

        try:
            verdict = verify_ledger(place.config.ledger, progress)
        except sqlite3.Error as error:
            path = place.config.ledger
            raise Refused("ledger_damaged", path=path, why=str(error)) from error
        words = place.words.cli
        if json:
            show(msgspec.to_builtins(verdict))
        elif verdict.ok:
            print(words.journal_good.format(records=verdict.records, head=verdict.head[:16]))
        if not verdict.ok:
            said = words.journal_bad.format(jn=verdict.first_bad, what=verdict.what)
            print(said, file=sys.stderr)
            raise typer.Exit(1)
