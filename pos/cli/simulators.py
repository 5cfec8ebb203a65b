"""`pos simulator printer|wechat|alipay|tax`: what cannot be had at a desk, played faithfully."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from typing import NoReturn

import typer

from pos.cli.desk import tell
from pos.words.cli import HELP


def printer(context: typer.Context) -> None:
    """A receipt printer on 127.0.0.1."""
    from pos.simulators.printer.run import main

    _run(main, context.args, "simulator printer")


def wechat(context: typer.Context) -> None:
    """WeChat Pay on 127.0.0.1."""
    from pos.simulators.wechat import main

    _run(main, context.args, "wechat")


def alipay(context: typer.Context) -> None:
    """Alipay on 127.0.0.1."""
    from pos.simulators.alipay import main

    _run(main, context.args, "alipay")


def tax(context: typer.Context) -> None:
    """The invoice platform on 127.0.0.1."""
    from pos.simulators.tax import main

    _run(main, context.args, "tax")


def _run(main: Callable[[Sequence[str]], int], arguments: list[str], name: str) -> NoReturn:
    """A simulator reads its own arguments; it ends the program where it may, here it must not."""
    if "--help" in arguments:
        tell(HELP[name])
    try:
        code = main(arguments)
    except SystemExit as end:
        code = end.code if isinstance(end.code, int) else 1
    raise typer.Exit(code)
