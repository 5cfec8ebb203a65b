"""`pos receipt show|render`: receipts as text, a page or a picture."""

from __future__ import annotations

import json
import sys
from pathlib import Path
from typing import TYPE_CHECKING, Annotated, Any

import typer
from msgspec.structs import replace

from pos.cli.desk import ConfigOption, Desk, OperatorOption, complain, desk
from pos.clock import stamp, system_clock
from pos.config import Config
from pos.refusal import Refused
from pos.store.reader import Reader
from pos.till import receipts
from pos.words.refusals import say

if TYPE_CHECKING:
    from pos.receiptline.rows import Layout

FormOption = Annotated[str, typer.Option("--format", help="|".join(receipts.FORMS))]
ColumnsOption = Annotated[int, typer.Option("--columns", help="32 | 42 | 48", min=0, max=80)]


def show_receipt(
    number: Annotated[str, typer.Argument()],
    form: FormOption = "text",
    columns: ColumnsOption = 0,
    operator: OperatorOption = "",
    config: ConfigOption = None,
) -> None:
    """The receipt of an ended order."""
    with desk(config) as place:
        with place.looking("cli.receipt.show", operator) as reader:
            order = reader.order(number)
            if order is None:
                raise Refused("order_unknown", number=number[:20])
            layout = slip_of(place, reader, order.order_id, "sale", columns)
        put_out(layout, form)


def render(
    file: Annotated[Path, typer.Argument(help="FILE.receipt")],
    data: Annotated[Path | None, typer.Option("--data", help="JSON")] = None,
    form: FormOption = "text",
    columns: ColumnsOption = 0,
    config: ConfigOption = None,
) -> None:
    """Fill a template, to see what it makes; what is wrong is named with its line."""
    with desk(config) as place:
        wide = place.config.settings.receipt.columns if columns == 0 else columns
        filled = receipts.example(place.config, stamp(system_clock().now()))
        if data is not None:
            filled |= _read(data)
        others = receipts.templates(place.config)
        source = receipts.read_template(file)
        layout = receipts.lay_out(source, file.name, filled, wide, others)
        for fault in layout.faults:
            complain(say(place.words.refusals, fault.refused(file.name)))
        put_out(layout, form)


def slip_of(place: Desk, reader: Reader, order_id: str, kind: str, columns: int) -> Layout:
    """A slip of an order, at another width than the shop's where one is given."""
    config = place.config
    if columns:
        receipt = replace(config.settings.receipt, columns=columns)
        settings = replace(config.settings, receipt=receipt)
        config = Config(config.file, settings, config.keymap)
    return receipts.order_slip(config, reader, order_id, kind)


def put_out(layout: Layout, form: str) -> None:
    """A laid-out slip on stdout."""
    form_of = next((name for name in receipts.FORMS if name == form), None)
    if form_of is None:
        raise Refused("wrong_usage", why=f"--format {' | '.join(receipts.FORMS)}")
    sys.stdout.flush()
    sys.stdout.buffer.write(receipts.made(layout, form_of).encode("utf-8"))
    sys.stdout.buffer.flush()


def _read(path: Path) -> dict[str, Any]:
    try:
        found = json.loads(path.read_text("utf-8-sig"))
    except (OSError, ValueError, RecursionError) as error:
        raise Refused("file_unreadable", path=path, why=str(error)) from error
    if not isinstance(found, dict):
        raise Refused("file_unreadable", path=path, why="JSON {…}")
    return found
