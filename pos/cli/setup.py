"""`pos init`: a till set up, with nothing half done."""

from __future__ import annotations

from typing import Annotated

import typer

from pos.access.pins import check_pin
from pos.cli import joining
from pos.cli.desk import ConfigOption, pin_of, refusing, tell
from pos.cli.laying import lay_out
from pos.cli.operators import check_id
from pos.config import find
from pos.refusal import Refused
from pos.system import is_terminal
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
    enrol: Annotated[str, typer.Option("--enrol", help="总部开通码 head office's code")] = "",
    headoffice: Annotated[str, typer.Option("--headoffice", help="总部地址 its URL")] = "",
    ca_file: Annotated[str, typer.Option("--ca-file", help="自有证书 PEM")] = "",
    config: ConfigOption = None,
) -> None:
    """Set up a till: config.toml, keys, ledger and the first manager with a PIN of his own.

    With `--enrol` it becomes one of head office's, which gives its numbers and products; a till
    that is there already only is enrolled.
    """
    words = CATALOGUE["en" if language == "en" else "zh"]
    with refusing(words):
        file = find(config)
        door = joining.Door(enrol, headoffice, ca_file, language) if enrol else None
        if file.exists():
            if door is None:
                raise Refused("already_there", path=file)
            joining.join(file, door)
            return

        def given(value: str, question: str, default: str) -> str:
            if value or not is_terminal() or (door and question != words.cli.ask_manager):
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
        called = clean(name or who, 20) if door else given(name, words.cli.ask_manager_name, who)
        pin = pin_of(words, twice=True)
        check_pin(pin)
        people = [(who, clean(called, 20), "manager", pin)]
        if door is None:
            lay_out(file, values, people)
        else:
            joining.join_new(file, values, people, door)
        tell(words.cli.made.format(folder=file.parent), words.cli.next_steps)
