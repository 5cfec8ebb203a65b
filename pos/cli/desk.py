"""What every verb needs: the config, words, who is asking, one line for each refusal."""

from __future__ import annotations

import getpass
import json
import os
import sys
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING, Annotated, Any, NoReturn

import typer

from pos.access.rights import Session, require
from pos.access.signing import authenticate, identify
from pos.clock import system_clock
from pos.config import Config, find, load
from pos.ids import system_ids
from pos.refusal import Refused
from pos.store.reader import Reader
from pos.system import is_terminal
from pos.till.opening import gate, open_ledger
from pos.words import CATALOGUE, Words
from pos.words.refusals import say

if TYPE_CHECKING:
    from pos.store.ledger import Ledger

ConfigOption = Annotated[Path | None, typer.Option("--config", help="config.toml")]
OperatorOption = Annotated[str, typer.Option("--operator", help="工号 operator id")]
JsonOption = Annotated[bool, typer.Option("--json", help="JSON on stdout")]


@dataclass(frozen=True)
class Desk:
    """A config with its words."""

    config: Config
    words: Words

    def reader(self) -> Reader:
        """For looking up."""
        return Reader(self.config.ledger)

    @contextmanager
    def ledger(self, verb: str) -> Iterator[Ledger]:
        """The ledger, for writing; Refused when the till runs."""
        ledger = open_ledger(self.config, system_clock(), system_ids(), f"pos {verb}")
        try:
            yield ledger
        finally:
            ledger.close()

    def known(self, command: str, operator: str, ledger: Ledger) -> Session:
        """The operator behind `--operator` and the PIN, if he may do `command`."""
        who = self._who(operator)
        reader = self.reader()
        try:
            pin = pin_of(self.words)
            session = authenticate(gate(self.config), ledger, reader, who, pin)
        finally:
            reader.close()
        require(command, session)
        return session

    def looks(self, command: str, operator: str) -> Session:
        """As `known` for verbs that only read; they work while the till runs, too."""
        try:
            with self.ledger(command.removeprefix("cli.").replace(".", " ")) as ledger:
                return self.known(command, operator, ledger)
        except Refused as refused:
            if refused.code != "ledger_in_use":
                raise
        who, pin = self._who(operator), pin_of(self.words)
        reader = self.reader()
        try:
            session = identify(gate(self.config), reader, system_clock().now(), who, pin)
        finally:
            reader.close()
        require(command, session)
        return session

    def _who(self, operator: str) -> str:
        if operator or not is_terminal():
            if not operator:
                raise Refused("not_signed_in")
            return operator
        return str(typer.prompt(self.words.cli.operator, err=True))


def pin_of(words: Words, *, twice: bool = False, variable: str = "POS_PIN") -> str:
    """A PIN from an environment variable or a prompt that shows nothing."""
    pin = os.environ.get(variable, "")
    if pin:
        return pin
    if not is_terminal():
        raise Refused("pin_missing")
    pin = getpass.getpass(words.cli.pin + ": ")
    if twice and getpass.getpass(words.cli.pin_again + ": ") != pin:
        raise Refused("wrong_usage", why=words.cli.pins_differ)
    return pin


@contextmanager
def desk(config: Path | None = None) -> Iterator[Desk]:
    """Load the config and turn every refusal into one line and exit code 1."""
    words = CATALOGUE["zh"]
    try:
        loaded = load(find(config))
        words = CATALOGUE[loaded.settings.till.language]
        yield Desk(loaded, words)
    except Refused as refused:
        fail(words, refused)


@contextmanager
def refusing(words: Words) -> Iterator[None]:
    """As `desk`, where there is no config yet."""
    try:
        yield
    except Refused as refused:
        fail(words, refused)


def fail(words: Words, refused: Refused) -> NoReturn:
    """One line on stderr, exit code 1; wrong usage is 2."""
    print(say(words.refusals, refused), file=sys.stderr)
    raise typer.Exit(2 if refused.code == "wrong_usage" else 1)


def show(data: Any) -> None:
    """JSON on stdout, and nothing else there."""
    print(json.dumps(data, ensure_ascii=False))
