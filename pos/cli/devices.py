"""`pos scanner|scale|display test`: what arrives, as it arrives; `pos catalog labels`."""

from __future__ import annotations

from pathlib import Path
from typing import Annotated

import typer

from pos.cli.desk import ConfigOption, JsonOption, OperatorOption, desk, show, tell
from pos.clock import system_clock
from pos.refusal import Refused
from pos.store import finding
from pos.till import trying

SecondsOption = Annotated[float, typer.Option("--seconds", min=0.1, max=3600)]


def scanner(
    name: Annotated[str, typer.Argument(help="[scanners.NAME]")] = "",
    seconds: SecondsOption = 30.0,
    config: ConfigOption = None,
) -> None:
    """Echo what a scanner sends, with times, and the codes it makes."""
    with desk(config) as place:
        for line in trying.scanner_lines(place.config, name, system_clock(), seconds):
            tell(line)


def scale(seconds: SecondsOption = 10.0, config: ConfigOption = None) -> None:
    """Show what the scale sends and what weight it means."""
    with desk(config) as place:
        for line in trying.scale_lines(place.config, place.words, system_clock(), seconds):
            tell(line)


def display(
    amount: Annotated[int, typer.Option("--fen", help="1250 = 12.50")] = 1234,
    config: ConfigOption = None,
) -> None:
    """Show an amount on the customer display in each of its ways."""
    with desk(config) as place:
        trying.show_on_display(place.config, amount)
        tell(place.words.cli.ok)


def labels(
    printer: Annotated[str, typer.Option("--printer", help="[printers.NAME]")],
    query: Annotated[str, typer.Argument(help="同 catalog find as catalog find")] = "",
    template: Annotated[str, typer.Option("--template", help="40x30 | 60x40")] = "40x30",
    copies: Annotated[int, typer.Option("--copies", min=1, max=100)] = 1,
    limit: Annotated[int, typer.Option("--limit", min=1, max=5000)] = 50,
    output: Annotated[
        Path | None, typer.Option("--out", help="只写文件 TSPL into a file instead")
    ] = None,
    operator: OperatorOption = "",
    json: JsonOption = False,
    config: ConfigOption = None,
) -> None:
    """Print shelf labels of the products found."""
    with desk(config) as place:
        with place.looking("cli.catalog.labels", operator) as reader:
            found = finding.products(reader, query, limit)
        if not found:
            raise Refused("nothing_found", text=query[:32])
        made, outcome = trying.print_labels(
            place.config, system_clock(), printer, found, template, copies, output
        )
        state = outcome.state if outcome is not None else "written"
        if json:
            show({"labels": made, "state": state})
        else:
            tell(f"{made}  {place.words.printing.states.get(state, state)}")
        if outcome is not None and outcome.state not in ("printed", "sent"):
            raise typer.Exit(1)
