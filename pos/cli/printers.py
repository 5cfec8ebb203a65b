"""`pos printer discover|doctor|test|jobs|retry|cancel`."""

from __future__ import annotations

from typing import Annotated, Any, Literal

import msgspec
import typer

from pos.cli.desk import ConfigOption, Desk, JsonOption, OperatorOption, complain, desk, show, tell
from pos.clock import system_clock
from pos.refusal import Refused
from pos.store import jobs
from pos.till import trying
from pos.words.refusals import say

NameArgument = Annotated[str, typer.Argument(help="[printers.NAME]")]


def doctor(name: NameArgument = "", json: JsonOption = False, config: ConfigOption = None) -> None:
    """Reach every printer, or one, and ask how it is; nothing is printed."""
    with desk(config) as place:
        printers = place.config.settings.printers
        names = [name] if name else [n for n, p in printers.items() if p.enabled]
        if not names:
            raise Refused("printer_none")
        rows = [_examined(place, one) for one in names]
        if json:
            show(rows)
        else:
            for row in rows:
                state = place.words.cli.ok if row["ok"] else place.words.cli.fail
                made = " ".join(row[x] for x in ("maker", "model", "firmware") if row[x])
                how = f"{row['connection']} {row['connect_ms']} ms"
                tell(f"{state:6} {row['name']}  {how}  {made}")
                tell(*(f"       {line}" for line in row["words"]))
        if not all(row["ok"] for row in rows):
            raise typer.Exit(1)


def _examined(place: Desk, name: str) -> dict[str, Any]:
    found = trying.examined(place.config, name, system_clock())
    words = place.words.refusals
    codes = [found.reason, *found.status.words, found.hint]
    said = [say(words, Refused(code)) for code in codes if code]
    row = msgspec.structs.asdict(found)
    row["status"] = msgspec.structs.asdict(found.status)
    _, printer = trying.printer_of(place.config, name)
    row["drawer_open"] = trying.drawer_open(place.config, found)
    if row["drawer_open"]:
        said.append(place.words.printing.drawer_open)
    good = not found.reason and found.status.trouble is None
    return row | {"name": name, "connection": printer.connection, "words": said, "ok": good}


def discover(
    hosts: Annotated[str, typer.Option("--hosts", help="192.168.1.1-60 | 192.168.1.0/26")] = "",
    json: JsonOption = False,
    config: ConfigOption = None,
) -> None:
    """Printers that can be found: USB, serial, device files, CUPS, and addresses given by hand."""
    with desk(config) as place:
        found = trying.discovered(hosts)
        if json:
            show([msgspec.to_builtins(one) for one in found])
            return
        for one in found:
            tell(f"{one.kind}  {one.where}  {one.about}")
            if one.reach:
                tell(f"    ! {say(place.words.refusals, Refused(one.reach, device=one.where))}")
            tell(*(f"    {line}" for line in one.section.splitlines()))
        if not found:
            tell(place.words.cli.nothing)


def try_print(
    name: NameArgument = "",
    parts: Annotated[str, typer.Option("--parts", help="width,text,codes,qr,cut")] = "",
    drawer: Annotated[bool, typer.Option("--drawer", help="只开钱箱 kick the drawer only")] = False,
    json: JsonOption = False,
    config: ConfigOption = None,
) -> None:
    """Print a test page, or kick the drawer."""
    with desk(config) as place:
        wanted = trying.parts_of(parts)
        done = trying.print_page(place.config, name, system_clock(), wanted, drawer=drawer)
        words = place.words
        state = words.printing.states.get(done.state, done.state)
        why = say(words.refusals, Refused(done.reason, **done.values)) if done.reason else ""
        if json:
            show({"state": done.state, "why": why, "written": done.written, "size": done.size})
        else:
            tell(f"{state}  {done.written}/{done.size}  {why}")
        if done.state not in ("printed", "sent"):
            raise typer.Exit(1)


def list_jobs(
    everything: Annotated[bool, typer.Option("--all", help="打完的也列 also those done")] = False,
    operator: OperatorOption = "",
    json: JsonOption = False,
    config: ConfigOption = None,
) -> None:
    """Print jobs that are not done."""
    with desk(config) as place:
        with place.looking("cli.printer.jobs", operator) as reader:
            found = jobs.jobs(reader, jobs.JOB_STATES if everything else jobs.UNDONE)
            numbers = [reader.number_of(one.order_id) for one in found]
        if json:
            show(
                [
                    msgspec.structs.asdict(one) | {"number": number}
                    for one, number in zip(found, numbers, strict=True)
                ]
            )
            return
        words = place.words
        for one, number in zip(found, numbers, strict=True):
            why = say(words.refusals, Refused(one.last_error)) if one.last_error else ""
            kind = words.printing.kinds.get(one.kind, one.kind)
            state = words.printing.states[one.state]
            tell(f"{one.job_id}  {number}  {kind}  {one.queued_at}  {state}  {why}")
        if not found:
            tell(words.cli.nothing)


def retry(
    job_id: Annotated[str, typer.Argument(help="编号或开头 its id, or the head of it")],
    operator: OperatorOption = "",
    config: ConfigOption = None,
) -> None:
    """Queue a job once more; the till prints it when it runs."""
    _decide("cli.printer.retry", job_id, "again", operator, config)


def cancel(
    job_id: Annotated[str, typer.Argument(help="编号或开头 its id, or the head of it")],
    operator: OperatorOption = "",
    config: ConfigOption = None,
) -> None:
    """Give a job up."""
    _decide("cli.printer.cancel", job_id, "cancel", operator, config)


def _decide(
    command: str,
    job_id: str,
    decision: Literal["again", "cancel"],
    operator: str,
    config: Any,
) -> None:
    with (
        desk(config) as place,
        place.working(command, operator) as (ledger, reader, _),
    ):
        found = jobs.job(reader, job_id)
        if found is None:
            complain(job_id[:40])
            raise Refused("job_not_waiting")
        jobs.decide(ledger, found.job_id, decision)
        tell(place.words.printing.decided[1 if decision == "again" else 2])
