"""`pos printer doctor|test|jobs|retry|cancel`."""

from __future__ import annotations

from typing import Annotated, Any, Literal

import msgspec
import typer

from pos.cli.desk import ConfigOption, JsonOption, OperatorOption, complain, desk, show, tell
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
        found = [trying.ask(place.config, one, system_clock()) for one in names]
        words = place.words
        rows: list[dict[str, Any]] = []
        for one in found:
            said = [say(words.refusals, Refused(word)) for word in one.words]
            if one.why is not None:
                said.append(say(words.refusals, one.why))
            row = msgspec.structs.asdict(one) | {"words": said, "why": ""}
            rows.append(row)
            if not json:
                state = words.cli.ok if one.reached and not said else words.cli.fail
                mute = "" if one.answers else f"  {words.printing.mute}"
                spent = f"{one.milliseconds} ms" if one.reached else ""
                tell(f"{state:6} {one.name}  {one.connection}  {spent}{mute}")
                tell(*(f"       {line}" for line in said))
        if json:
            show(rows)
        if any(not one.reached or one.words or one.why for one in found):
            raise typer.Exit(1)


def try_print(
    name: NameArgument = "",
    drawer: Annotated[bool, typer.Option("--drawer", help="只开钱箱 kick the drawer only")] = False,
    json: JsonOption = False,
    config: ConfigOption = None,
) -> None:
    """Print a test page, or kick the drawer."""
    with desk(config) as place:
        done = trying.print_test(place.config, name, system_clock(), drawer=drawer)
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
