"""`pos sell`: a sale without a screen, one or a file of them."""

from __future__ import annotations

import sys
from contextlib import closing
from functools import partial
from getpass import getpass
from pathlib import Path
from typing import TYPE_CHECKING, Annotated, Any, cast

import typer

from pos.access.rights import require
from pos.access.signing import authenticate
from pos.cli.desk import ConfigOption, Desk, JsonOption, OperatorOption, complain, desk, show, tell
from pos.money import parse_fen, yuan
from pos.record import OrderClosed, TenderWay
from pos.refusal import Refused
from pos.store.reader import OrderRow, Reader
from pos.text import clean
from pos.till import offerfiles, promoting
from pos.till.gateways import CHANNELS
from pos.till.headless import Headless, Tendered, read_orders
from pos.till.headless_wallet import ByCode
from pos.till.opening import gate
from pos.till.settling import Settler
from pos.words.refusals import say

if TYPE_CHECKING:
    from pos.store.ledger import Ended, Ledger

NO_REFERENCE = "CLI-0000"
"""Kept as the reference of `--tender bank=12.00` where none is given after `@`."""
MOST_CODE = 80
Wallet = tuple[str, int | None]


def sell(
    codes: Annotated[list[str] | None, typer.Argument(help="[N*]CODE ...")] = None,
    cash: Annotated[str, typer.Option("--cash", help="100.00, or exact")] = "",
    tender: Annotated[
        list[str] | None,
        typer.Option("--tender", help="bank=12.00[@REF]; wechat|alipay|code[=12.00]: stdin"),
    ] = None,
    hold: Annotated[bool, typer.Option("--hold", help="挂单")] = False,
    file: Annotated[Path | None, typer.Option("--file", help="ref,code,quantity,cash")] = None,
    ref: Annotated[str, typer.Option("--ref", help="unique per ledger")] = "",
    wait: Annotated[float, typer.Option("--wait", help="等钱包几秒 seconds for a wallet")] = 90.0,
    operator: OperatorOption = "",
    json: JsonOption = False,
    config: ConfigOption = None,
) -> None:
    """Sell without a screen."""
    with desk(config) as place:
        wallet, paid = _tenders(cash, tender or [])
        ref = clean(ref, 64)
        _check_usage(codes or [], wallet, paid, ref, hold=hold, file=file)
        who, pin = place.asked(operator)
        with place.ledger("sell") as ledger, closing(place.reader()) as reader:
            till = _headless(place, ledger, reader, who, pin)
            if file is not None:
                _sell_file(place, till, file, json)
            elif hold:
                order = till.hold(codes or [])
                if json:
                    show({"order_id": order.order_id, "held": True, "lines": len(order.lines)})
                else:
                    tell(place.words.cli.held.format(lines=len(order.lines)))
            elif wallet is not None:
                with closing(Settler(place.config, ledger, ledger.place.clock)) as settler:
                    taking = ByCode(place.config, ledger, till, settler)
                    read = partial(_code, place)
                    ended = taking.sell(codes or [], read, *wallet, paid, wait)
                _tell_sold(place, told(ended), json)
            else:
                _sell_one(place, till, codes or [], paid, ref, json)


def _code(place: Desk) -> str:
    """The customer's code from stdin: unseen where somebody types it, never in argv."""
    if sys.stdin.isatty():
        return getpass(place.words.cli.ask_code)
    return clean(sys.stdin.readline(MOST_CODE), MOST_CODE)


def _check_usage(
    codes: list[str],
    wallet: Wallet | None,
    paid: list[Tendered],
    ref: str,
    *,
    hold: bool,
    file: Path | None,
) -> None:
    if wallet is not None and (hold or ref or file is not None):
        raise Refused("wrong_usage", why="--tender wechat|alipay|code")
    if file is not None and (codes or paid or hold or ref):
        raise Refused("wrong_usage", why="--file")
    if file is None and not codes:
        raise Refused("wrong_usage", why="CODE")
    if file is None and hold == bool(paid or wallet):
        raise Refused("wrong_usage", why="--cash | --tender | --hold")
    if hold and ref:
        raise Refused("wrong_usage", why="--hold --ref")


def _tenders(cash: str, words: list[str]) -> tuple[Wallet | None, list[Tendered]]:
    """What a wallet pays, by its name (empty: whose the code is) and fen; then the rest."""
    wallet: Wallet | None = None
    paid = []
    for word in words:
        way, told, rest = word.partition("=")
        if way in (*CHANNELS, "code"):
            fen = parse_fen(rest) if told else None
            if wallet is not None or (told and not fen):
                raise Refused("wrong_usage", why=f"--tender {word[:40]}")
            wallet = ("" if way == "code" else way, fen)
            continue
        amount, _, reference = rest.partition("@")
        fen = parse_fen(amount)
        if way not in ("bank", "transfer", "static_code", "cash") or fen is None:
            raise Refused("wrong_usage", why=f"--tender {word[:40]}")
        paid.append(Tendered(cast(TenderWay, way), fen, reference or NO_REFERENCE))
    if cash:
        fen = None if cash == "exact" else parse_fen(cash)
        if fen is None and cash != "exact":
            raise Refused("not_an_amount", text=cash[:20])
        paid.append(Tendered("cash", fen))
    return wallet, paid


def _headless(place: Desk, ledger: Ledger, reader: Reader, operator: str, pin: str) -> Headless:
    lock = gate(place.config)
    session = authenticate(lock, ledger, reader, operator, pin)
    require("cli.sell", session)
    try:
        offerfiles.refresh(ledger, place.config)
    except Refused as refused:  # the offers before stay live, and the sale goes on
        complain(say(place.words.refusals, refused))
    promoter = promoting.Promoter(reader, ledger.place.clock, place.config)
    return Headless(lock, ledger, reader, session, promoter)


def _sell_one(
    place: Desk, till: Headless, codes: list[str], paid: list[Tendered], ref: str, json: bool
) -> None:
    words, before = place.words.cli, till.sold_before(ref)
    if before is not None:
        result = stored(place.config.ledger, before) | {"duplicate": True}
    else:
        result = told(till.sell(codes, paid, ref))
    if before is not None and not json:
        tell(words.duplicate.format(ref=ref))
    else:
        _tell_sold(place, result, json)


def _tell_sold(place: Desk, result: dict[str, Any], json: bool) -> None:
    if json:
        show(result)
        return
    total, change = yuan(result["total_fen"]), yuan(result["change_fen"])
    tell(place.words.cli.sold.format(number=result["number"], total=total, change=change))


def _sell_file(place: Desk, till: Headless, file: Path, json: bool) -> None:
    try:
        text = file.read_text("utf-8-sig")
    except (OSError, UnicodeDecodeError) as error:
        raise Refused("file_unreadable", path=file, why=str(error)) from error
    words = place.words
    sold, duplicates, refused = [], [], []
    for wanted in read_orders(text, file):
        if till.sold_before(wanted.ref):
            duplicates.append(wanted.ref)
            continue
        try:
            if not wanted.ref:
                raise Refused("ref_missing")
            ended = till.sell(wanted.codes, [till.cash_of(wanted.cash)], wanted.ref)
            sold.append({"ref": wanted.ref} | told(ended))
        except Refused as why:
            said = clean(say(words.refusals, why))
            refused.append({"ref": wanted.ref, "line": wanted.line, "why": said})
    for row in refused:
        complain(words.cli.refused_row.format(**row))
    if json:
        show({"orders": sold, "duplicates": duplicates, "refused": refused})
    else:
        tell(*(words.cli.duplicate.format(ref=ref) for ref in duplicates))
        counts = {"sold": len(sold), "duplicates": len(duplicates), "refused": len(refused)}
        tell(words.cli.file_sold.format(**counts))
    if refused:
        raise typer.Exit(1)


def stored(ledger: Path, row: OrderRow) -> dict[str, Any]:
    """An order sold before, as `pos sell --json` gave it then."""
    with closing(Reader(ledger)) as reader:
        lines = reader.order_lines(row.order_id)
        given = sum(tender["given_fen"] for tender in reader.order_tenders(row.order_id))
        head = reader.record_hash(reader.head()[0])
    return {
        "order_id": row.order_id,
        "number": row.number,
        "seq": row.seq,
        "total_fen": row.total_fen,
        "tendered_fen": given,
        "change_fen": row.change_fen,
        "lines": [
            {key: line[key] for key in ("barcode", "name", "milli", "list_fen")}
            | {"discount_fen": line["list_fen"] - line["net_fen"]}
            | {key: line[key] for key in ("net_fen", "tax_fen")}
            for line in lines
        ],
        "journal_head": head,
    }


def told(ended: Ended) -> dict[str, Any]:
    """A closed order as `pos sell --json` gives it."""
    fact = ended.fact
    if not isinstance(fact, OrderClosed):
        raise TypeError(fact)
    return {
        "order_id": ended.order_id,
        "number": ended.number,
        "seq": ended.seq,
        "total_fen": fact.total_fen,
        "tendered_fen": sum(t.given_fen for t in fact.tenders),
        "change_fen": fact.change_fen,
        "lines": [
            {
                "barcode": line.barcode,
                "name": line.name,
                "milli": line.milli,
                "list_fen": line.list_fen,
                "discount_fen": line.list_fen - line.net_fen,
                "net_fen": line.net_fen,
                "tax_fen": line.tax_fen,
            }
            for line in fact.lines
        ],
        "journal_head": ended.head.hash,
    }
