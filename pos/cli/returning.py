"""`pos order return`."""

from __future__ import annotations

from contextlib import closing
from typing import Annotated, Any

import typer

from pos.cli.desk import ConfigOption, JsonOption, OperatorOption, desk, show, tell
from pos.cli.selling import told
from pos.money import parse_milli, yuan
from pos.record import OrderClosed
from pos.refusal import Refused
from pos.store import attempts
from pos.store.reader import Reader
from pos.text import clean
from pos.till import attempting, moneyback
from pos.till.headless_returns import Asked, bring_back
from pos.till.opening import gate
from pos.till.settling import Settler, refund_told


def give_back(
    number: Annotated[str, typer.Argument(help="小票单号 the number on the receipt")],
    line: Annotated[list[int] | None, typer.Option("--line", help="行号 a line; repeat")] = None,
    pieces: Annotated[
        list[str] | None, typer.Option("--pieces", help="每行退几件或几公斤 pieces or kg, per line")
    ] = None,
    milli: Annotated[
        list[int] | None, typer.Option("--milli", help="同上，千分之一 thousandths, per line")
    ] = None,
    everything: Annotated[bool, typer.Option("--all", help="整单退 all that is left")] = False,
    damaged: Annotated[bool, typer.Option("--damaged", help="报损 not back to stock")] = False,
    reason: Annotated[str, typer.Option("--reason", help="原因 why, on record")] = "",
    cash: Annotated[bool, typer.Option("--cash", help="全退现金 all of it in cash")] = False,
    reference: Annotated[
        list[str] | None, typer.Option("--reference", help="银行退款参考号 of a card's refund slip")
    ] = None,
    wait: Annotated[float, typer.Option("--wait", help="最多等几秒 seconds for wallets")] = 5.0,
    operator: OperatorOption = "",
    json: JsonOption = False,
    config: ConfigOption = None,
) -> None:
    """Bring goods of an order back and give the money back the way it came."""
    with desk(config) as place:
        lines = _lines(line or [], pieces or [], milli or [], everything=everything)
        asked = Asked(
            clean(number, 32),
            lines,
            "damaged" if damaged else "stock",
            reason,
            cash,
            tuple(reference or ()),
        )
        with place.working("cli.order.return", operator) as (ledger, reader, session):
            ended = bring_back(gate(place.config), ledger, reader, session, asked)
            numbers = (
                moneyback.refunds_of(ended.fact) if isinstance(ended.fact, OrderClosed) else ()
            )
            if numbers:
                with closing(Settler(place.config, ledger, ledger.place.clock)) as settler:
                    for one in numbers:
                        settler.run_refund(moneyback.refund_restarted(ledger, one))
                    settler.wait(wait)
        with closing(place.reader()) as after:
            rows = [_refund(place.words, after, one) for one in numbers]
        result = told(ended) | {"of": asked.number, "refunds": rows}
        if json:
            show(result)
            return
        amount = yuan(-result["total_fen"])
        tell(place.words.returns.closed.format(number=ended.number, amount=amount))
        for row in rows:
            way = place.words.slips.ways[row["channel"]]
            tell(f"  {way} {yuan(row['fen'])} {row['number']} {row['state']} {row['why']}".rstrip())


def _refund(words: Any, reader: Reader, number: str) -> dict[str, Any]:
    row = attempts.refund_of_number(reader, number)
    if row is None:
        raise Refused("pay_unknown", number=number)
    return refund_told(attempting.refund_of(row), words)


def _lines(
    lines: list[int], pieces: list[str], milli: list[int], *, everything: bool
) -> tuple[tuple[int, int | None], ...]:
    """Each `--line` with its `--pieces` or `--milli`, or with none of them for any."""
    if everything == bool(lines):
        raise Refused("wrong_usage", why="--all | --line N [--pieces M]")
    if pieces and milli:
        raise Refused("wrong_usage", why="--pieces | --milli")
    wanted: list[int | None] = [*milli] or [_milli(text) for text in pieces]
    if wanted and len(wanted) != len(lines):
        raise Refused("wrong_usage", why="--line N --pieces M, --line N --pieces M …")
    return tuple(zip(lines, wanted or [None] * len(lines), strict=True))


def _milli(text: str) -> int:
    found = parse_milli(text)
    if found is None:
        raise Refused("not_a_quantity", text=clean(text, 20))
    return found
