"""What every verb needs: the config, words, who is asking, one line for each refusal."""

from __future__ import annotations

import getpass
import json
import os
import sqlite3
import sys
import tomllib
from collections.abc import Iterator
from contextlib import closing, contextmanager
from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING, Annotated, Any, NoReturn

import typer

from pos.access.rights import Session, require
from pos.access.signing import authenticate, recognise
from pos.clock import system_clock
from pos.config import Config, find, load
from pos.ids import system_ids
from pos.refusal import Refused
from pos.store.migrations import APPLICATION_ID, STEPS
from pos.store.reader import Reader
from pos.system import is_terminal
from pos.text import clean
from pos.till.opening import gate, open_ledger
from pos.words import CATALOGUE, Words
from pos.words.refusals import say

if TYPE_CHECKING:
    from pos.store.ledger import Ledger

ConfigOption = Annotated[Path | None, typer.Option("--config", help="config.toml")]
OperatorOption = Annotated[str, typer.Option("--operator", help="工号 operator id")]
JsonOption = Annotated[bool, typer.Option("--json", help="JSON on stdout")]


LONGEST_LINE = 2000


@dataclass(frozen=True)
class Desk:
    """A config with its words."""

    config: Config
    words: Words

    def reader(self) -> Reader:
        """For looking up; Refused when the file is no ledger of ours, or a newer one."""
        reader = Reader(self.config.ledger)
        try:
            check_file(reader)
        except Refused:
            reader.close()
            raise
        return reader

    @contextmanager
    def ledger(self, verb: str) -> Iterator[Ledger]:
        """The ledger, for writing; Refused when the till runs."""
        ledger = open_ledger(self.config, system_clock(), system_ids(), f"pos {verb}")
        try:
            if ledger.tail_lost:
                complain(self.words.counter.tail_lost)
            if ledger.unclean and (found := ledger.quick_check()) != "ok":
                raise Refused("ledger_damaged", path=self.config.ledger, why=found)
            yield ledger
        finally:
            ledger.close()

    def asked(self, operator: str) -> tuple[str, str]:
        """Who asks, and his PIN. Asked before the ledger is taken, so that no till waits."""
        who = operator
        if not who and is_terminal():
            who = str(typer.prompt(self.words.cli.operator, err=True))
        if not who:
            raise Refused("operator_missing")
        gate(self.config)  # without its pepper there is no sense in asking
        return who.strip(), pin_of(self.words)

    @contextmanager
    def working(self, command: str, operator: str) -> Iterator[tuple[Ledger, Reader, Session]]:
        """The ledger for writing, and the operator if he may do `command`."""
        who, pin = self.asked(operator)
        with self.ledger(_verb(command)) as ledger, closing(self.reader()) as reader:
            session = authenticate(gate(self.config), ledger, reader, who, pin)
            require(command, session)
            yield ledger, reader, session

    @contextmanager
    def looking(self, command: str, operator: str) -> Iterator[Reader]:
        """The ledger for reading, also while the till runs.

        Nothing is written but wrong PINs, and those beside the ledger: they make wait here and at
        the till, and come into the ledger at the next PIN that a program checks which writes.
        """
        who, pin = self.asked(operator)
        with closing(self.reader()) as reader:
            session = recognise(gate(self.config), reader, system_clock().now(), who, pin)
            require(command, session)
            yield reader


def _verb(command: str) -> str:
    return command.removeprefix("cli.").replace(".", " ")


def pin_of(words: Words, *, twice: bool = False, variable: str = "POS_PIN") -> str:
    """A PIN from an environment variable or a prompt that shows nothing."""
    pin = os.environ.get(variable, "")
    if pin:
        return pin
    if not is_terminal():
        raise Refused("pin_missing", variable=variable)
    pin = getpass.getpass(words.cli.pin + ": ")
    if twice and getpass.getpass(words.cli.pin_again + ": ") != pin:
        raise Refused("wrong_usage", why=words.cli.pins_differ)
    return pin


@contextmanager
def desk(config: Path | None = None) -> Iterator[Desk]:
    """Load the config and turn every refusal into one line and exit code 1."""
    file = find(config)
    words = words_of(file)
    with refusing(words):
        yield Desk(load(file), words)


@contextmanager
def refusing(words: Words) -> Iterator[None]:
    """As `desk`, where there is no config yet."""
    try:
        yield
    except Refused as refused:
        fail(words, refused)


def fail(words: Words, refused: Refused) -> NoReturn:
    """One line on stderr, exit code 1; wrong usage is 2."""
    complain(say(words.refusals, refused))
    raise typer.Exit(2 if refused.code == "wrong_usage" else 1)


def show(data: Any) -> None:
    """JSON on stdout and nothing else there, in UTF-8 whatever the terminal speaks.

    What a terminal would obey is spelt out, as JSON allows.
    """
    sys.stdout.flush()
    text = json.dumps(data, ensure_ascii=False)
    if not text.isprintable():
        text = "".join(c if c.isprintable() or c == "\u3000" else json.dumps(c)[1:-1] for c in text)
    sys.stdout.buffer.write(text.encode("utf-8", "replace"))
    sys.stdout.buffer.write(b"\n")
    sys.stdout.buffer.flush()


def tell(*lines: str) -> None:
    """Lines on stdout, without control characters, whoever wrote what is in them."""
    for line in lines:
        sys.stdout.write("".join(c for c in line if c.isprintable() or c == "\u3000") + "\n")


def complain(line: str) -> None:
    """One line on stderr."""
    sys.stderr.write(clean(line, LONGEST_LINE) + "\n")


def words_of(file: Path) -> Words:
    """The words in the language of a config file, however wrong the rest of it may be."""
    try:
        found = tomllib.loads(file.read_text("utf-8-sig"))["till"]["language"]
    except (OSError, ValueError, KeyError, TypeError, RecursionError):
        found = "zh"
    return CATALOGUE["en" if found == "en" else "zh"]


def check_file(reader: Reader) -> int:
    """The version of a ledger; Refused where the file is none of ours, or a newer one."""
    try:
        application = reader.rows("PRAGMA application_id")[0][0]
        version = int(reader.rows("PRAGMA user_version")[0][0])
    except sqlite3.DatabaseError as error:
        raise Refused("not_a_ledger", path=reader.path) from error
    if application != APPLICATION_ID or version < 1:
        raise Refused("not_a_ledger", path=reader.path)
    if version > len(STEPS):
        raise Refused("ledger_newer", path=reader.path, version=version, known=len(STEPS))
    return version
