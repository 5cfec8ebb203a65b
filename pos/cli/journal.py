"""`pos journal verify|export|replay`."""

from __future__ import annotations

import sqlite3
import sys
from pathlib import Path
from typing import Annotated

import msgspec
import typer

from pos.cli.desk import (
    ConfigOption,
    JsonOption,
    OperatorOption,
    complain,
    desk,
    refusing,
    show,
    tell,
    words_of,
)
from pos.config import find
from pos.refusal import Refused


def progress(jn: int) -> None:
    """Where a person looks on, how far it is."""
    if sys.stderr.isatty():
        print(f"\r{jn}", end="", file=sys.stderr, flush=True)


def verify(json: JsonOption = False, config: ConfigOption = None) -> None:
    """Check the chain, the signatures, and that the tables are what the records say."""
    with desk(config) as place:
        from pos.store.verify import verify_ledger

        place.reader().close()  # refuses what is no ledger of ours
        try:
            verdict = verify_ledger(place.config.ledger, progress)
        except sqlite3.Error as error:
            path = place.config.ledger
            raise Refused("ledger_damaged", path=path, why=str(error)) from error
        words = place.words.cli
        if json:
            show(msgspec.to_builtins(verdict))
        elif verdict.ok:
            tell(words.journal_good.format(records=verdict.records, head=verdict.head[:16]))
        if not verdict.ok:
            said = words.journal_bad.format(jn=verdict.first_bad, what=verdict.what)
            complain(said)
            raise typer.Exit(1)


def export(
    file: Annotated[Path, typer.Argument(help="journal.jsonl")],
    operator: OperatorOption = "",
    json: JsonOption = False,
    config: ConfigOption = None,
) -> None:
    """Write the whole journal to a file that can be checked without this program."""
    with desk(config) as place, place.looking("cli.journal.export", operator):
        from pos.store import archive

        head = archive.export(place.config.ledger, file, progress)
        if json:
            show(msgspec.to_builtins(head))
        else:
            words = place.words.backup
            tell(words.exported.format(path=file, records=head.records, last=head.last[:16]))


def replay(
    file: Annotated[Path, typer.Argument(help="journal.jsonl")],
    into: Annotated[Path, typer.Option("--into", help="新账本 a new ledger")],
    json: JsonOption = False,
) -> None:
    """Make a ledger again from an exported journal and add it up."""
    words = words_of(find(None))
    with refusing(words):
        from pos.store import archive

        verdict, totals = archive.replay(file, into, progress)
        if json:
            show(msgspec.to_builtins(verdict) | {"totals": msgspec.to_builtins(totals)})
        else:
            tell(
                words.backup.replayed.format(
                    path=into, records=totals.records, closed=totals.closed
                )
            )
