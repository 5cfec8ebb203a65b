"""Head office at the counter: how it stands on the top line and on a key, what it did not take."""

from __future__ import annotations

from collections.abc import Callable
from typing import TYPE_CHECKING, TypeVar

from pos.access.rights import require
from pos.clock import local, moment_of
from pos.goods.initials import in_child
from pos.refusal import Refused
from pos.store import outbox
from pos.store.outbox import ParkedRow
from pos.sync.counter import Asking
from pos.sync.status import Status
from pos.sync.worker import Worker
from pos.till import moving, signing
from pos.words.refusals import say

if TYPE_CHECKING:
    from pos.store.ledger import Ledger
    from pos.sync.requests import Requests
    from pos.till.state import Approved
    from pos.till.till import Till

T = TypeVar("T")

SKEW_SECONDS = 60
"""A clock that is further off is shown."""


class HeadOffice:
    """The till's two lines to head office: what goes on behind, and what a person asks."""

    def __init__(self, till: Till) -> None:
        config = till.config
        self.worker = Worker(config, till.clock, till.submit, till.changed, in_child)
        self.asking = Asking(config, till.clock, till.submit)
        self.told = Status()

    def stop(self) -> None:
        """End both."""
        self.asking.stop()
        self.worker.stop()


def start(till: Till) -> None:
    """Begin to work with head office, where there is one."""
    if till.config.settings.headoffice.url:
        till.headoffice = HeadOffice(till)
        till.headoffice.worker.start()


def closed(till: Till) -> None:
    """An order was closed: its record is wanted there."""
    if till.headoffice is not None:
        till.headoffice.worker.poke()


def let_go(till: Till) -> None:
    """Something held there is let go: the customer may want it again at once."""
    if till.headoffice is not None:
        till.headoffice.worker.poke()


def asking(till: Till) -> Asking:
    """The line for questions; Refused("ho_not_set") where this till stands alone."""
    if till.headoffice is None:
        raise Refused("ho_not_set")
    return till.headoffice.asking


def ask(
    till: Till,
    question: Callable[[Requests], T],
    then: Callable[[T], None],
    otherwise: Callable[[Refused], None] | None = None,
) -> None:
    """Ask head office while the customer waits; the screen says so until the answer is there."""
    line = asking(till)
    till.tell(till.words.sync.asking)

    def answered(found: T) -> None:
        till.tell("")
        then(found)

    till.wait(line.ask(question), answered, otherwise)


def up(till: Till) -> bool:
    """Whether head office answered last time: what can do without it does not wait for it."""
    return till.headoffice is not None and till.headoffice.worker.status.online


def waiting_elsewhere(till: Till) -> int:
    """How many orders wait in the shop for any till, as head office said last."""
    return till.headoffice.worker.status.holds if till.headoffice is not None else 0


def header(till: Till) -> str:
    """Head office on the top line; empty where this till stands alone."""
    if till.headoffice is None:
        return ""
    words, status = till.words.sync, till.headoffice.worker.status
    if status.stage == "stopped":
        return words.stopped
    if status.stage == "starting":
        return ""
    return words.online if status.online else words.offline


def look(till: Till) -> None:
    """Tell aloud, once, what a person has to do something about."""
    if till.headoffice is None:
        return
    before, status = till.headoffice.told, till.headoffice.worker.status
    till.headoffice.told = status
    if status.conflicts > before.conflicts:
        till.state.alarm = till.words.sync.conflicts.format(count=status.conflicts)
    if status.stage == "stopped" and before.stage != "stopped":
        till.alarm_message(_why(till, status.code, status.values))
    elif status.trouble and status.trouble != before.trouble:
        till.alarm_message(_why(till, status.trouble, status.trouble_values))


def _why(till: Till, code: str, values: dict[str, str | int]) -> str:
    """A reason as one line: head office's own words where it gave some."""
    own = say(till.words.refusals, Refused(code, **values))
    theirs = str(values.get("words", ""))
    return f"{own} ({theirs})" if theirs and theirs not in own else own


def show(till: Till) -> None:
    """How it stands; from there it is tried at once, and what came back is looked through."""
    require("sync", till.session)
    if till.headoffice is None:
        raise Refused("ho_not_set")
    words, worker = till.words.sync, till.headoffice.worker
    pending, parked, oldest = outbox.counts(till.reader)
    acts = [(words.act_now, "")]
    if parked:
        acts.append((words.act_parked, str(parked)))
    rows = acts + _facts(till, worker.status, pending, parked, oldest)

    def pick(index: int) -> None:
        if index == 0:
            worker.now()
            till.tell(words.trying)
        elif index < len(acts):
            _show_parked(till)

    moving.offer(till, words.title, words.columns, tuple(rows), pick)


def _facts(
    till: Till, status: Status, pending: int, parked: int, oldest: str
) -> list[tuple[str, str]]:
    words = till.words.sync
    state = words.states[status.stage]
    if status.code:
        state = f"{state}: {_why(till, status.code, status.values)}"
    rows = [
        (words.row_state, state),
        (words.row_last, _at(status.at) or words.never),
        (words.row_pending, f"{pending}  {_at(oldest)}".strip()),
        (words.row_parked, str(parked)),
    ]
    if status.conflicts:
        rows.append((words.row_conflicts, str(status.conflicts)))
    if abs(status.skew) > SKEW_SECONDS:
        rows.append((words.row_clock, words.seconds.format(n=status.skew)))
    if status.trouble:
        rows.append((words.row_trouble, _why(till, status.trouble, status.trouble_values)))
    if status.recovered:
        rows.append((words.row_recovered, str(status.recovered)))
    if status.strange:
        rows.append((words.row_strange, str(status.strange)))
    return rows


def _show_parked(till: Till) -> None:
    words = till.words.sync
    found = outbox.parked(till.reader)
    rows = [(words.again_all, "", "", "")] + [_parked_row(till, row) for row in found]

    def pick(index: int) -> None:
        wanted = [row.jn for row in found] if index == 0 else [found[index - 1].jn]

        def act(approved: Approved | None) -> None:
            _send_again(till, wanted, approved)

        signing.guard(till, "sync_again", lambda _: None, act)

    moving.offer(till, words.parked_title, words.parked_columns, tuple(rows), pick)


def acted(till: Till, command: str, text: str) -> None:
    """A key on a list: all that head office did not take is sent once more."""
    choice = till.state.choice
    if command != "sync_again" or choice is None or choice.title != till.words.sync.parked_title:
        raise Refused("not_here")
    moving.choose(till, "1")


def _parked_row(till: Till, row: ParkedRow) -> tuple[str, str, str, str]:
    words = till.words.sync
    said = row.words or row.code
    return str(row.jn), _at(row.at), words.verdicts.get(row.verdict, row.verdict), said


def _send_again(till: Till, records: list[int], approved: Approved | None) -> None:
    facts = signing.override(till, "sync_again", approved, "", " ".join(map(str, records[:20])))
    words = till.words.sync

    def job(ledger: Ledger) -> None:
        outbox.send_again(ledger, records)
        if facts:
            ledger.write(*facts)

    def done(_: None) -> None:
        till.tell(words.again_done.format(count=len(records)), "ok")
        if till.headoffice is not None:
            till.headoffice.worker.now()

    till.write(job, done)


def _at(stamp: str) -> str:
    return local(moment_of(stamp)).strftime("%m-%d %H:%M") if stamp else ""
