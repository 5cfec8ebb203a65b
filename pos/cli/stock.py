"""`pos stock receive|count|move|moves|low`."""

from __future__ import annotations

import re
from datetime import UTC, datetime, timedelta, timezone
from pathlib import Path
from typing import Annotated, Any, cast

import msgspec
import typer
from msgspec.structs import replace

from pos.access.rights import Session
from pos.access.signing import begin, where_of
from pos.cli.desk import ConfigOption, Desk, JsonOption, OperatorOption, complain, desk, show, tell
from pos.clock import local, moment_of, stamp
from pos.goods.stockfiles import Row, fill, read_file, read_words
from pos.money import quantity, yuan
from pos.record import CountedLine, MovedLine, StockCounted, StockMoved
from pos.refusal import Refused
from pos.store import levels, stock
from pos.store.ledger import Ledger
from pos.store.reader import Reader
from pos.store.stock import Draft, DraftKind
from pos.text import clean
from pos.till.opening import gate
from pos.words.refusals import say

CodesArgument = Annotated[list[str] | None, typer.Argument(help="[N*]CODE[@COST] ...")]
FileOption = Annotated[Path | None, typer.Option("--file", help="code,quantity,cost,amount")]
DryOption = Annotated[bool, typer.Option("--dry-run", help="试算 try only")]
ReferenceOption = Annotated[str, typer.Option("--reference", help="对方单号 their number")]
_MOVES: dict[str, DraftKind] = {
    "in": "transferred_in",
    "out": "transferred_out",
    "off": "written_off",
}
_MOMENT = re.compile(r"[0-9]{4}-[0-9]{2}-[0-9]{2} [0-9]{2}:[0-9]{2}")
_DATE = re.compile(r"([0-9]{4}-[0-9]{2}-[0-9]{2})?")
_LONGEST = 40


def receive(
    codes: CodesArgument = None,
    file: FileOption = None,
    supplier: Annotated[str, typer.Option("--supplier", help="供应商")] = "",
    reference: ReferenceOption = "",
    dry_run: DryOption = False,
    operator: OperatorOption = "",
    json: JsonOption = False,
    config: ConfigOption = None,
) -> None:
    """Receive goods."""
    with desk(config) as place:
        rows = _rows(codes, file)
        with place.working("cli.stock.receive", operator) as (ledger, reader, session):
            draft = _draft(ledger, session, "received", supplier, reference)
            _move(
                place, ledger, reader, session, _filled(place, reader, draft, rows), dry_run, json
            )


def move(
    direction: Annotated[str, typer.Argument(help="in | out | off (报损)")],
    codes: CodesArgument = None,
    file: FileOption = None,
    partner: Annotated[str, typer.Option("--partner", help="对方门店 the other shop")] = "",
    reference: ReferenceOption = "",
    reason: Annotated[str, typer.Option("--reason", help="报损原因 why written off")] = "",
    dry_run: DryOption = False,
    operator: OperatorOption = "",
    json: JsonOption = False,
    config: ConfigOption = None,
) -> None:
    """Transfer goods in or out, or write them off."""
    with desk(config) as place:
        if direction not in _MOVES:
            raise Refused("stock_kind", text=clean(direction, 20), known=" | ".join(_MOVES))
        if direction == "off" and not clean(reason, _LONGEST):
            raise Refused("stock_reason_missing")
        if direction != "off" and not clean(partner, _LONGEST):
            raise Refused("stock_partner_missing")
        rows = _rows(codes, file)
        with place.working("cli.stock.move", operator) as (ledger, reader, session):
            draft = _draft(ledger, session, _MOVES[direction], partner, reference, reason)
            _move(
                place, ledger, reader, session, _filled(place, reader, draft, rows), dry_run, json
            )


def count(
    codes: CodesArgument = None,
    file: FileOption = None,
    whole: Annotated[bool, typer.Option("--whole", help="全盘 what is not there is 0")] = False,
    frozen_at: Annotated[str, typer.Option("--frozen-at", help="2026-03-02 22:00")] = "",
    reason: Annotated[str, typer.Option("--reason", help="盘点说明")] = "",
    dry_run: DryOption = False,
    operator: OperatorOption = "",
    json: JsonOption = False,
    config: ConfigOption = None,
) -> None:
    """Count the stock; its differences move."""
    with desk(config) as place:
        rows = _rows(codes, file)
        with place.working("cli.stock.count", operator) as (ledger, reader, session):
            if stock.draft(reader, "counted") is not None:
                raise Refused("stock_open", kind=place.words.stock.kinds["counted"])
            frozen = _frozen(frozen_at, ledger)
            draft = _draft(ledger, session, "counted", "", "", reason)
            draft = _filled(
                place, reader, replace(draft, opened_at=frozen), rows, frozen_at and frozen
            )
            if whole:
                rest = levels.uncounted(reader, draft, draft.next_line)
                draft = replace(draft, entries=(*draft.entries, *rest))
            _count(place, ledger, reader, session, draft, whole, dry_run, json)


def list_moves(
    code: Annotated[str, typer.Argument(help="条码、货号 barcode, item code")] = "",
    kind: Annotated[str, typer.Option("--kind", help="sold|received|counted ...")] = "",
    date: Annotated[str, typer.Option("--date", help="2026-03-02")] = "",
    limit: Annotated[int, typer.Option("--limit", min=1, max=100_000)] = 200,
    operator: OperatorOption = "",
    json: JsonOption = False,
    config: ConfigOption = None,
) -> None:
    """List what moved the stock, newest first."""
    with desk(config) as place:
        words = place.words.stock
        if kind and kind not in words.kinds:
            raise Refused("stock_kind", text=clean(kind, 20), known=" | ".join(words.kinds))
        if not _DATE.fullmatch(date):
            raise Refused("wrong_usage", why="--date 2026-03-02")
        with place.looking("cli.stock.moves", operator) as reader:
            product = reader.product(code, off=True) if code else None
            if code and product is None:
                raise Refused("unknown_code", code=clean(code, 32))
            which = product.product_id if product else None
            found = levels.moves(reader, product_id=which, kind=kind, date=date, limit=limit)
        if json:
            show({"moves": [msgspec.structs.asdict(one) for one in found]})
            return
        for one in found:
            sign = "+" if one.milli > 0 else ""
            tell(
                words.cli_move.format(
                    at=f"{local(moment_of(one.at)):%m-%d %H:%M}",
                    kind=words.kinds.get(one.kind, one.kind),
                    sku=one.sku,
                    name=one.name,
                    milli=sign + quantity(one.milli),
                    number=one.number,
                    partner=one.partner,
                )
            )
        if not found:
            tell(words.cli_none)


def low(
    negative: Annotated[bool, typer.Option("--negative", help="只看负库存 below zero")] = False,
    operator: OperatorOption = "",
    json: JsonOption = False,
    config: ConfigOption = None,
) -> None:
    """List what is low or below zero, with what to order."""
    with desk(config) as place:
        with place.looking("cli.stock.low", operator) as reader:
            found = list(levels.low(reader, negative=negative))
        if json:
            show({"products": [msgspec.structs.asdict(one) for one in found]})
            return
        words = place.words.stock
        for one in found:
            tell(
                words.cli_low.format(
                    sku=one.sku,
                    name=one.name,
                    stock=quantity(one.milli),
                    low="" if one.low_milli is None else quantity(one.low_milli),
                    want=quantity(one.suggested_milli),
                    unit=one.unit,
                    supplier=one.supplier,
                )
            )
        if not found:
            tell(words.cli_none)


def _rows(codes: list[str] | None, file: Path | None) -> list[Row]:
    if bool(codes) == (file is not None):
        raise Refused("wrong_usage", why="CODE ... | --file FILE")
    return read_file(file) if file is not None else read_words(codes or [])


def _draft(
    ledger: Ledger,
    session: Session,
    kind: DraftKind,
    partner: str,
    reference: str,
    reason: str = "",
) -> Draft:
    place = ledger.place
    return Draft(
        place.ids.uuid7(),
        kind,
        session.operator_id,
        stamp(place.clock.now()),
        clean(partner, _LONGEST),
        clean(reference, _LONGEST),
        clean(reason, _LONGEST),
    )


def _filled(
    place: Desk, reader: Reader, draft: Draft, rows: list[Row], frozen_at: str = ""
) -> Draft:
    """The draft of all rows; every row that is wrong is told, and then nothing is done."""
    full, wrong = fill(reader, draft, rows, frozen_at=frozen_at)
    if not wrong:
        return full
    for one in wrong:
        why = say(place.words.refusals, one.why)
        complain(place.words.stock.stock_row.format(line=one.line, why=why))
    raise typer.Exit(1)


def _frozen(text: str, ledger: Ledger) -> str:
    """The moment whose books a count is held against, now where none is told."""
    now = ledger.place.clock.now()
    if not text:
        return stamp(now)
    try:
        if not _MOMENT.fullmatch(text):
            raise ValueError
        shop = timezone(timedelta(hours=8))
        moment = datetime.strptime(text, "%Y-%m-%d %H:%M").replace(tzinfo=shop).astimezone(UTC)
    except ValueError:
        raise Refused("stock_moment", text=clean(text, 20)) from None
    if moment > now:
        raise Refused("stock_moment", text=text)
    return stamp(moment)


def _move(
    place: Desk,
    ledger: Ledger,
    reader: Reader,
    session: Session,
    draft: Draft,
    dry_run: bool,
    json: bool,
) -> None:
    words = place.words.stock
    if dry_run:
        total = sum(one.total_fen or 0 for one in draft.entries)
        _told(words.cli_dry, json, {"posted": False, "lines": _entries(draft), "paid_fen": total})
        return
    where = where_of(begin(gate(place.config), ledger, reader, session))
    fact = stock.post_move(ledger, draft, where)
    paid = sum(line.paid_fen or 0 for line in fact.lines)
    value = sum(line.value_fen or 0 for line in fact.lines)
    inward = draft.kind in stock.INWARD
    said = words.cli_posted.format(
        kind=words.kinds[fact.move],
        number=fact.number,
        lines=len(fact.lines),
        total=yuan(paid if inward else -value),
    )
    _told(said, json, _fact(fact) | {"posted": True, "paid_fen": paid, "value_fen": value})


def _count(
    place: Desk,
    ledger: Ledger,
    reader: Reader,
    session: Session,
    draft: Draft,
    whole: bool,
    dry_run: bool,
    json: bool,
) -> None:
    words = place.words.stock
    if dry_run:
        _told(words.cli_dry, json, {"posted": False, "lines": _entries(draft)})
        return
    where = where_of(begin(gate(place.config), ledger, reader, session))
    fact = stock.post_count(ledger, draft, where, approver=session.operator_id, whole=whole)
    value = sum(line.value_fen or 0 for line in fact.lines)
    differ = sum(1 for line in fact.lines if line.milli)
    said = words.cli_counted.format(number=fact.number, lines=differ, total=yuan(value))
    _told(said, json, _fact(fact) | {"posted": True, "differ": differ, "value_fen": value})


def _told(said: str, json: bool, data: dict[str, Any]) -> None:
    if json:
        show(data)
    else:
        tell(said)


def _entries(draft: Draft) -> list[dict[str, Any]]:
    fields = ("sku", "name", "milli", "book_milli", "cost_fen", "paid_fen")
    return [{name: getattr(one, name) for name in fields} for one in draft.entries]


def _fact(fact: StockMoved | StockCounted) -> dict[str, Any]:
    """A document as its record has it, without who and where."""
    data = cast("dict[str, Any]", msgspec.to_builtins(fact))
    del data["where"]
    lines: tuple[MovedLine | CountedLine, ...] = fact.lines
    for line, made in zip(data["lines"], lines, strict=True):
        line["milli"] = made.milli
    return data
