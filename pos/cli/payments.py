"""`pos payment pending|recover|resolve|refund|reconcile`."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import closing, contextmanager
from datetime import date
from pathlib import Path
from typing import TYPE_CHECKING, Annotated, Any, cast, get_args

import typer

from pos.cli.desk import ConfigOption, Desk, JsonOption, OperatorOption, desk, show, tell
from pos.money import parse_fen, yuan
from pos.refusal import Refused
from pos.store import bills
from pos.text import clean
from pos.till import differences, moneyback, reconciling
from pos.till.settling import Settler, Verdict, pending, refund_told

if TYPE_CHECKING:
    from pos.access.rights import Session

WaitOption = Annotated[float, typer.Option("--wait", help="最多等几秒 seconds to wait at most")]
ReasonOption = Annotated[str, typer.Option("--reason", help="原因 why, on record")]
NumberArgument = Annotated[str, typer.Argument(help="商户单号或开头 our number, or its head")]
MOST_REASON = 80


@contextmanager
def _settler(place: Desk, command: str, operator: str) -> Iterator[tuple[Settler, Session]]:
    with place.working(command, operator) as (ledger, _, session):
        settler = Settler(place.config, ledger, ledger.place.clock)
        try:
            yield settler, session
        finally:
            settler.close()


def list_pending(
    operator: OperatorOption = "", json: JsonOption = False, config: ConfigOption = None
) -> None:
    """Payments, refunds and differences without an end."""
    with desk(config) as place:
        with place.looking("cli.payment.pending", operator) as reader:
            rows = pending(reader, place.words)
        if json:
            show(rows)
        else:
            _tell_rows(place, rows)


def _tell_rows(place: Desk, rows: list[dict[str, Any]]) -> None:
    ways, words = place.words.slips.ways, place.words.wallets
    for row in rows:
        way = ways.get(row["channel"], row["channel"])
        kind = words.refund if row["kind"] == "refund" else ""
        state = _state(place, row)
        tell(
            f"{row['number']}  {row['at']}  {way}{kind}  {yuan(row['fen'])}  {state}  {row['why']}"
        )
    if not rows:
        tell(words.none_pending)


def _state(place: Desk, row: dict[str, Any]) -> str:
    words = place.words
    match row["kind"]:
        case "refund":
            return words.wallets.refund_states[row["state"]]
        case "payment":
            return str(getattr(words.payments, f"state_{row['state']}"))
    return ""


def recover(
    wait: WaitOption = 0.0,
    operator: OperatorOption = "",
    json: JsonOption = False,
    config: ConfigOption = None,
) -> None:
    """Ask after everything unresolved now, as the till does by itself when it starts."""
    with desk(config) as place:
        with _settler(place, "cli.payment.recover", operator) as (settler, _):
            count = settler.recover(wait)
        with closing(place.reader()) as reader:
            rows = pending(reader, place.words)
        left = [row for row in rows if row["kind"] != "difference"]
        if json:
            show({"looked_after": count, "pending": left})
        else:
            tell(place.words.wallets.recovered.format(count=count, left=len(left)))
            _tell_rows(place, left)
        if left:
            raise typer.Exit(1)


def resolve(
    number: NumberArgument,
    verdict: Annotated[
        str,
        typer.Option(
            "--as",
            help="paid | unpaid | attach | refund | settled | cash | bank | transfer",
        ),
    ] = "",
    reference: Annotated[
        str, typer.Option("--reference", help="参考号 of a slip, for bank | transfer")
    ] = "",
    reason: ReasonOption = "",
    operator: OperatorOption = "",
    json: JsonOption = False,
    config: ConfigOption = None,
) -> None:
    """A manager decides on a payment no provider answers for, or settles a difference."""
    with desk(config) as place:
        if verdict not in (*get_args(Verdict), *moneyback.SETTLED_BY):
            ways = "|".join((*get_args(Verdict), *moneyback.SETTLED_BY))
            raise Refused("wrong_usage", why=f"--as {ways}")
        with _settler(place, "cli.payment.resolve", operator) as (settler, session):
            why = clean(reason, MOST_REASON)
            if verdict in moneyback.SETTLED_BY:
                done = settler.give_back(number, verdict, clean(reference, 40), session, why)
            else:
                done = settler.resolve(number, cast(Verdict, verdict), session.operator_id, why)
        if json:
            show(done)
        else:
            tell(place.words.wallets.resolved.format(number=done["number"]))
            if done["closed"]:
                tell(place.words.counter.closed.format(number=done["closed"], change=yuan(0)))


def refund(
    number: Annotated[
        str, typer.Argument(help="商户单号、订单号或退款单号 our number, the order's or a refund's")
    ],
    amount: Annotated[str, typer.Option("--amount", help="12.50; 不写全退 all of it")] = "",
    reason: ReasonOption = "",
    wait: WaitOption = 30.0,
    operator: OperatorOption = "",
    json: JsonOption = False,
    config: ConfigOption = None,
) -> None:
    """Give a wallet's money back the way it came."""
    with desk(config) as place:
        fen = parse_fen(amount) if amount else None
        if amount and not fen:
            raise Refused("not_an_amount", text=clean(amount, 20))
        with _settler(place, "cli.payment.refund", operator) as (settler, session):
            why = clean(reason, MOST_REASON)
            done = settler.refund(clean(number, 64), fen, session.operator_id, why, wait)
        row = refund_told(done.refund, place.words)
        if json:
            show(row)
        else:
            _tell_rows(place, [row])
        if done.refund.unresolved:
            raise typer.Exit(1)


def reconcile(
    channel: Annotated[str, typer.Option("--channel", help="wechat | alipay")] = "",
    day: Annotated[str, typer.Option("--date", help="2026-03-01, 北京时间 Beijing")] = "",
    bill: Annotated[
        Path | None, typer.Option("--bill", help="账单文件，不写就去下载 the file; else fetched")
    ] = None,
    csv_file: Annotated[Path | None, typer.Option("--csv", help="差异写到 differences to")] = None,
    operator: OperatorOption = "",
    json: JsonOption = False,
    config: ConfigOption = None,
) -> None:
    """A day's bill of a provider against this till's records."""
    with desk(config) as place:
        try:
            wanted = date.fromisoformat(day)
        except ValueError:
            raise Refused("wrong_usage", why="--date 2026-03-01") from None
        with (
            place.working("cli.payment.reconcile", operator) as (ledger, _, _session),
            closing(Settler(place.config, ledger, ledger.place.clock)) as settler,
        ):
            outcome = reconciling.run(place.config, ledger, settler.gateways, channel, wanted, bill)
        told = reconciling.told(outcome)
        if csv_file is not None:
            with closing(place.reader()) as reader:
                rows = bills.of_day(reader, channel, wanted.isoformat())
            differences.write_csv(csv_file, rows)
        if json:
            show(told)
        else:
            _tell_outcome(place, told)
        if any(not row["explained"] for row in told["differences"]):
            raise typer.Exit(1)


def _tell_outcome(place: Desk, told: dict[str, Any]) -> None:
    words = place.words.billing
    fee = yuan(round(told["fee_milli"] / 1000))
    tell(words.matched.format(count=told["matched"], amount=yuan(told["matched_fen"]), fee=fee))
    if told["elsewhere"]:
        tell(words.elsewhere.format(count=told["elsewhere"]))
    if told["pool"]:
        tell(words.pooled.format(count=told["pool"]))
    if told["by_hand_left"]:
        tell(words.by_hand_left.format(count=told["by_hand_left"]))
    if told["bad_lines"]:
        tell(words.bill_lines.format(count=told["bad_lines"]))
    if told["complete"] is False:
        tell(words.bill_sums)
    for row in told["differences"]:
        said = getattr(place.words.payments, f"class_{row['class']}")
        ours, theirs = _yuan(row["local_fen"]), _yuan(row["bill_fen"])
        note = words.explained_note if row["explained"] else ""
        tell(f"{said}{note}  {row['number']}  {ours} / {theirs}")


def _yuan(fen: int | None) -> str:
    return "-" if fen is None else yuan(fen)
