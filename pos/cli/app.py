"""The verbs, put together."""

from __future__ import annotations

import typer

from pos.cli import catalog, checks, operators, orders, run, selling, setup
from pos.cli.desk import ConfigOption, desk
from pos.words.cli import HELP

app = typer.Typer(
    help=HELP["app"],
    no_args_is_help=True,
    add_completion=False,
    pretty_exceptions_enable=False,
)


@app.command("run", help=HELP["run"])
def _run(config: ConfigOption = None) -> None:
    with desk(config) as place:
        raise typer.Exit(run.run(place.config))


def _group(name: str, *verbs: tuple[str, object]) -> None:
    group = typer.Typer(help=HELP[name], no_args_is_help=True)
    for verb, function in verbs:
        group.command(verb, help=HELP[verb])(function)  # type: ignore[type-var]
    app.add_typer(group, name=name)


app.command("demo", help=HELP["demo"])(setup.demo)
app.command("init", help=HELP["init"])(setup.init)
app.command("doctor", help=HELP["doctor"])(checks.doctor)
app.command("keys", help=HELP["keys"])(checks.keys)
app.command("sell", help=HELP["sell"])(selling.sell)
_group("order", ("list", orders.list_orders), ("show", orders.show_order))
_group("catalog", ("import", catalog.import_file))
_group(
    "operator",
    ("add", operators.add),
    ("pin", operators.pin),
    ("disable", operators.disable),
    ("list", operators.list_operators),
)
_group("config", ("check", checks.config_check), ("schema", checks.config_schema))
_group("journal", ("verify", checks.journal_verify))
