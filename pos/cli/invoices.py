"""`pos invoice issue|status|red|export|amend|resend|mark`."""

from __future__ import annotations

import csv
import io
from collections.abc import Iterator
from contextlib import closing, contextmanager
from datetime import date
from pathlib import Path
from time import monotonic, sleep
from typing import TYPE_CHECKING, Annotated, Any

import typer

from pos.access.rights import Session, may
from pos.cli.desk import (
    ConfigOption,
    Desk,
    JsonOption,
    OperatorOption,
    complain,
    desk,
    show,
    tell,
)
from pos.clock import business_date, system_clock
from pos.money import parse_milli, yuan
from pos.record import Where
from pos.refusal import Refused
from pos.text import clean
from pos.till.invoicing import acts, asking, exporting, telling
from pos.words.refusals import say

if TYPE_CHECKING:
    from pos.store.ledger import Ledger

NumberArgument = Annotated[str, typer.Argument(help="单号 the order's number")]
InvoiceArgument = Annotated[str, typer.Argument(help="发票流水号或号码 our number or the bureau's")]
TitleOption = Annotated[str, typer.Option("--title", help="抬头 the buyer's name")]
TaxOption = Annotated[str, typer.Option("--tax-id", help="税号 tax number")]
PersonOption = Annotated[bool, typer.Option("--person", help="个人 a person, not a company")]
SpecialOption = Annotated[bool, typer.Option("--special", help="专用发票 a special invoice")]
EmailOption = Annotated[str, typer.Option("--email", help="邮箱 mail address")]
MobileOption = Annotated[str, typer.Option("--mobile", help="手机 mobile")]
ConfirmOption = Annotated[
    bool,
    typer.Option("--confirm", help="税号存疑仍开 let a doubtful number pass"),
]
WaitOption = Annotated[float, typer.Option("--wait", help="最多等几秒 seconds to wait at most")]
NAP_SECONDS = 0.2
MOST_FILE = 4 << 20


def issue(
    number: Annotated[str, typer.Argument(help="单号 the order's number")] = "",
    title: TitleOption = "",
    tax_id: TaxOption = "",
    person: PersonOption = False,
    special: SpecialOption = False,
    email: EmailOption = "",
    mobile: MobileOption = "",
    confirm: ConfirmOption = False,
    file: Annotated[
        Path | None,
        typer.Option("--file", help="CSV: number,title,tax_id,person,special,email,mobile"),
    ] = None,
    wait: WaitOption = 30.0,
    operator: OperatorOption = "",
    json: JsonOption = False,
    config: ConfigOption = None,
) -> None:
    """An invoice of an order, or of many in a file."""
    with desk(config) as place:
        if bool(number) == (file is not None):
            raise Refused("wrong_usage", why="NUMBER | --file")
        wanted = (
            asking.read_file(_text_of(file), file)
            if file is not None
            else [asking.wanted(number, title, tax_id, person, special, email, mobile)]
        )
        with _asked(place, "cli.invoice.issue", operator) as (ledger, session):
            _check_confirm(confirm, session)
            done, refused = _ask_all(place, ledger, session, wanted, confirm, many=file is not None)
            _work(place, ledger, wait, len(done))
        with closing(place.reader()) as reader:
            told = [telling.of_order(reader, place.config, one) for one in done]
        if file is not None:
            told_all: Any = {"orders": told, "refused": refused}
        else:
            told_all = told[0]
        if json:
            show(told_all)
        else:
            for one in told:
                _tell(place, one)
        if refused or any(i["state"] in ("failed", "asked") for o in told for i in o["invoices"]):
            raise typer.Exit(1)


def _ask_all(
    place: Desk,
    ledger: Ledger,
    session: Session,
    wanted: list[asking.Wanted],
    confirm: bool,
    *,
    many: bool,
) -> tuple[list[str], list[dict[str, str]]]:
    """Each on record; of many, one that cannot be does not stop the others."""
    done, refused = [], []
    for one in wanted:
        try:
            acts.ask(ledger, place.config, one, _where(place, session), confirm)
            done.append(one.number)
        except Refused as why:
            if not many:
                raise
            said = clean(say(place.words.refusals, why))
            refused.append({"number": one.number, "why": said})
            complain(f"{one.number}: {said}")
    return done, refused


def status(
    number: Annotated[str, typer.Argument(help="单号，不写就看一天 an order, else a day")] = "",
    day: Annotated[str, typer.Option("--date", help="2026-03-01")] = "",
    ask: Annotated[bool, typer.Option("--ask", help="马上查询 ask the provider now")] = False,
    wait: WaitOption = 10.0,
    operator: OperatorOption = "",
    json: JsonOption = False,
    config: ConfigOption = None,
) -> None:
    """The invoices of an order, or the list of a day: issued, failed, pending, red."""
    with desk(config) as place:
        if ask:
            with _asked(place, "cli.invoice.status", operator) as (ledger, _):
                asking.ask_now(ledger, place.config)
                _work(place, ledger, wait, 0)
        with place.looking("cli.invoice.status", operator) as reader:
            if number:
                told = telling.of_order(reader, place.config, number)
            else:
                told = telling.of_day(reader, place.config, _day(place, day))
        if json:
            show(told)
        else:
            _tell(place, told)


def red(
    invoice: InvoiceArgument,
    rows: Annotated[
        list[str] | None,
        typer.Option("--row", help="行号或 行号=数量 N or N=QTY; 不写全冲 all"),
    ] = None,
    returned: Annotated[
        bool, typer.Option("--returned", help="还没冲的退货 returned goods not yet taken back")
    ] = False,
    cause: Annotated[
        str, typer.Option("--reason", help="return | mistake | stopped | allowance")
    ] = "return",
    wait: WaitOption = 30.0,
    operator: OperatorOption = "",
    json: JsonOption = False,
    config: ConfigOption = None,
) -> None:
    """Take an issued invoice back, whole or by row."""
    with desk(config) as place:
        reason = next((one for one in acts.CAUSES if one == cause), None)
        if reason is None:
            raise Refused("wrong_usage", why="--reason " + "|".join(acts.CAUSES))
        wanted = dict(_row(text) for text in rows or ())
        if returned and wanted:
            raise Refused("wrong_usage", why="--row | --returned")
        with _asked(place, "cli.invoice.red", operator) as (ledger, session):
            which = acts.RETURNED if returned else wanted
            acts.take_back(ledger, place.config, invoice, which, reason, _where(place, session))
            _work(place, ledger, wait, 1)
        _after(place, invoice, json)


def amend(
    invoice: InvoiceArgument,
    title: TitleOption = "",
    tax_id: TaxOption = "",
    person: PersonOption = False,
    special: SpecialOption = False,
    email: EmailOption = "",
    mobile: MobileOption = "",
    wait: WaitOption = 60.0,
    operator: OperatorOption = "",
    json: JsonOption = False,
    config: ConfigOption = None,
) -> None:
    """A manager corrects an invoice: taken back where it was issued, then issued anew."""
    with desk(config) as place:
        wanted = asking.wanted("", title, tax_id, person, special, email, mobile)
        with _asked(place, "cli.invoice.amend", operator) as (ledger, session):
            acts.amend(ledger, place.config, invoice, wanted, _where(place, session))
            _work(place, ledger, wait, 2)
        _after(place, invoice, json)


def export_waiting(
    folder: Annotated[Path, typer.Option("--out", help="放到哪个文件夹 the folder")] = Path(),
    operator: OperatorOption = "",
    json: JsonOption = False,
    config: ConfigOption = None,
) -> None:
    """Fill the tax bureau's import workbook with every invoice that waits."""
    with desk(config) as place, _asked(place, "cli.invoice.export", operator) as (ledger, _):
        words = place.words.invoices

        def progress(done: int, total: int) -> bool:
            complain(words.progress.format(done=done, total=total))
            return False

        report = exporting.export(ledger, place.config, folder, progress)
        told = {
            "version": report.version,
            "files": [
                {"name": f.name, "invoices": list(f.invoices), "rows": f.details}
                for f in report.files
            ],
        }
        if json:
            show(told)
        else:
            for f in report.files:
                tell(words.exported.format(name=f.name, count=len(f.invoices), rows=f.details))


def resend(
    invoice: InvoiceArgument,
    email: EmailOption = "",
    mobile: MobileOption = "",
    operator: OperatorOption = "",
    json: JsonOption = False,
    config: ConfigOption = None,
) -> None:
    """Send an issued invoice to its buyer again."""
    with desk(config) as place, place.looking("cli.invoice.resend", operator) as reader:
        told = asking.deliver(reader, place.config, system_clock(), invoice, email, mobile)
        if json:
            show(told)
        else:
            tell(place.words.invoices.delivered.format(**told))


def mark(
    invoice: Annotated[str, typer.Argument(help="流水号或冲红单号 our number")],
    bureau_no: Annotated[str, typer.Argument(help="税局给的 20 位号码 the bureau's 20 digits")],
    operator: OperatorOption = "",
    json: JsonOption = False,
    config: ConfigOption = None,
) -> None:
    """The number the bureau gave for what was imported, or taken back, by hand."""
    with desk(config) as place:
        with _asked(place, "cli.invoice.mark", operator) as (ledger, _):
            acts.mark(ledger, place.config, invoice, bureau_no)
        _after(place, invoice, json)


@contextmanager
def _asked(place: Desk, command: str, operator: str) -> Iterator[tuple[Ledger, Session]]:
    with place.working(command, operator) as (ledger, _, session):
        yield ledger, session


def _where(place: Desk, session: Session) -> Where:
    """Who asks, on today's business date; no shift is opened for it."""
    return Where(session.operator_id, session.shift_id, _day(place, ""))


def _check_confirm(confirm: bool, session: Session) -> None:
    if confirm and not may("cli.invoice.amend", session):
        raise Refused("no_right", command="cli.invoice.amend")


def _work(place: Desk, ledger: Ledger, seconds: float, count: int) -> None:
    """Do the work that is open for at most so long; Ctrl-C leaves it for the till."""
    end = monotonic() + seconds
    with closing(asking.worker(place.config, system_clock(), ledger)) as worker:
        try:
            while True:
                worker.turn()
                if worker.trouble is not None:
                    raise worker.trouble
                left = asking.open_count(place.config)
                if not left or monotonic() >= end:
                    return
                if count > 1:
                    complain(place.words.invoices.progress.format(done=count - left, total=count))
                sleep(NAP_SECONDS)
        except KeyboardInterrupt:
            complain(place.words.invoices.left.format(count=asking.open_count(place.config)))


def _after(place: Desk, invoice: str, json: bool) -> None:
    with closing(place.reader()) as reader:
        number = asking.number_of(reader, invoice)
        told = telling.of_order(reader, place.config, number)
    if json:
        show(told)
    else:
        _tell(place, told)


def _row(text: str) -> tuple[int, int]:
    head, _, tail = text.partition("=")
    milli = parse_milli(tail) if tail else 0
    if not head.isdecimal() or milli is None:
        raise Refused("wrong_usage", why="--row N | --row N=2")
    return int(head), milli


def _day(place: Desk, day: str) -> str:
    if not day:
        cutoff = place.config.settings.shift.cutoff_hour
        return business_date(system_clock().now(), cutoff).isoformat()
    try:
        return date.fromisoformat(day).isoformat()
    except ValueError:
        raise Refused("wrong_usage", why="--date 2026-03-01") from None


def _text_of(file: Path) -> io.StringIO:
    try:
        if file.stat().st_size > MOST_FILE:
            raise Refused("file_unreadable", path=file, why=f"> {MOST_FILE} bytes")
        return io.StringIO(file.read_text("utf-8-sig"), newline="")
    except (OSError, UnicodeDecodeError, csv.Error) as error:
        raise Refused("file_unreadable", path=file, why=str(error)) from error


def _tell(place: Desk, told: dict[str, Any]) -> None:
    words = place.words.invoices
    for one in told["invoices"]:
        amount = yuan(one["total_fen"])
        line = f"{one['number']}  {one['invoice_no']}  {words.states[one['state']]}  {amount}"
        tell(f"{line}  {one['title']}  {one['bureau_no'] or one['reason']}")
        for kind in ("ofd_url", "pdf_url"):
            if one[kind]:
                tell(f"  {one[kind]}")
    for one in told["reds"]:
        amount = yuan(-one["total_fen"])
        state = words.red_states[one["state"]]
        tell(f"{one['red_no']}  {state}  {amount}  {one['bureau_no'] or one['reason']}")
    if above := told.get("headoffice"):
        tell(
            words.at_headoffice.format(
                state=words.above.get(above["status"], above["status"]), **above
            )
        )
    if "counts" in told:
        tell(words.day.format(**told["counts"]))
    elif not told["invoices"] and not above:
        tell(words.none)
