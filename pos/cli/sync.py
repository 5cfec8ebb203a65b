"""`pos sync now|status|rejected`: what waits for head office, and sending it where no till runs."""

from __future__ import annotations

from collections.abc import Callable
from concurrent.futures import Future
from contextlib import closing
from typing import TYPE_CHECKING, Annotated, Any

import msgspec
import typer

from pos.cli.desk import ConfigOption, Desk, JsonOption, OperatorOption, desk, show, tell
from pos.config import Config, sent
from pos.goods.initials import in_child
from pos.protocol.master import STREAMS
from pos.refusal import Refused
from pos.store import epochs, incoming, outbox
from pos.store.reader import Reader
from pos.sync.status import Status
from pos.sync.trouble import LinkFailed
from pos.words import Words
from pos.words.refusals import say

if TYPE_CHECKING:
    from pos.store.ledger import Ledger

AgainOption = Annotated[
    list[int] | None, typer.Option("--again", help="再传这一条 send this record once more")
]


def now(json: JsonOption = False, config: ConfigOption = None) -> None:
    """Send all that waits, bring down what is new. Refused where a till runs: it does so itself."""
    with desk(config) as place:
        if not place.config.settings.headoffice.url:
            raise Refused("ho_not_set")
        with place.ledger("sync now") as ledger:
            before = _counts(place)
            status = _visit(place, ledger)
            after = _counts(place)
        told = {
            "sent": before["pending"] - after["pending"],
            "rejected": after["rejected"],
            "pending": after["pending"],
            "recovered": status.recovered,
            "trouble": status.trouble,
        }
        words = place.words
        if json:
            show(told)
        elif told["sent"] or told["rejected"]:
            tell(
                words.sync.sent.format(
                    records=told["sent"], refused=told["rejected"], pending=told["pending"]
                )
            )
        else:
            tell(words.sync.nothing)
        if status.trouble:
            raise Refused(status.trouble, **status.trouble_values)


def _visit(place: Desk, ledger: Ledger) -> Status:
    """One visit with this ledger; Refused where head office is not there or says no."""
    from pos.sync.link import open_link
    from pos.sync.visiting import Visitor

    link = open_link(place.config, ledger.place.clock)
    visitor = Visitor(place.config, ledger.place.clock, link, direct(ledger), in_child)
    try:
        status = visitor.beat(Status())
        return visitor.send(status, lambda: True)
    except LinkFailed as failed:
        raise failed.refused() from failed
    finally:
        link.close()


def direct(ledger: Ledger) -> Callable[[Callable[[Ledger], Any]], Future[Any]]:
    """A ledger of this very thread, as what works behind a counter expects it."""

    def submit(job: Callable[[Ledger], Any]) -> Future[Any]:
        done: Future[Any] = Future()
        try:
            done.set_result(job(ledger))
        except Exception as error:
            done.set_exception(error)
        return done

    return submit


def _counts(place: Desk) -> dict[str, Any]:
    with closing(Reader(place.config.ledger)) as reader:
        pending, rejected, oldest = outbox.counts(reader)
    return {"pending": pending, "rejected": rejected, "oldest": oldest}


def status(json: JsonOption = False, config: ConfigOption = None) -> None:
    """What waits to be sent and what came down; looks at this machine alone."""
    with desk(config) as place:
        counts = _counts(place)
        with closing(place.reader()) as reader:
            told = counts | {
                "headoffice": place.config.settings.headoffice.url,
                "enrolled": place.config.headoffice_token.exists(),
                "epoch": int(reader.meta("epoch")),
                "acknowledged_jn": int(reader.meta(outbox.ACKED) or 0),
                "recovering": bool(reader.meta(epochs.RECOVER_AFTER)),
                "high_water": {
                    str(epoch): water.jn for epoch, water in outbox.water(reader).items()
                },
                "cursors": {name: reader.meta(incoming.CURSOR + name) for name in STREAMS},
                "settings": settings_told(place.config),
            }
        if json:
            show(told)
            return
        if not told["headoffice"]:
            tell(say(place.words.refusals, Refused("ho_not_set")))
        tell(place.words.sync.pending.format(**counts | {"oldest": counts["oldest"] or "-"}))
        tell(*settings_lines(place.config, place.words))


def settings_told(config: Config) -> dict[str, Any]:
    """What head office sent of this till's settings: whose they are, which are in force, and why
    none of them is."""
    trouble = config.sent_trouble
    values = sent.flat(_read_sent(config))
    return {
        "owner": config.settings.headoffice.settings,
        "sent": values,
        "in_force": list(config.sent),
        "trouble": None if trouble is None else trouble.code,
    }


def settings_lines(config: Config, words: Words) -> list[str]:
    """The same for a person; nothing where nothing was sent."""
    if config.sent_trouble is not None:
        why = say(words.refusals, config.sent_trouble)
        return [words.sync.settings_bad.format(why=why)]
    values = sent.flat(_read_sent(config))
    if not values:
        return []
    if config.settings.headoffice.settings == "till":
        return [words.sync.settings_aside]
    keys = ", ".join(f"{key} = {value}" for key, value in sorted(values.items()))
    return [words.sync.settings_sent.format(keys=keys)]


def _read_sent(config: Config) -> dict[str, Any]:
    try:
        return sent.read(sent.file_of(config.ledger))
    except Refused:
        return {}


def rejected(
    again: AgainOption = None,
    operator: OperatorOption = "",
    json: JsonOption = False,
    config: ConfigOption = None,
) -> None:
    """Records that head office did not take, with its words; `--again` has one sent once more."""
    with desk(config) as place:
        if again:
            with place.working("cli.sync.rejected", operator) as (ledger, reader, _):
                rows = outbox.parked(reader)
                for jn in again:
                    if jn not in {row.jn for row in rows}:
                        raise Refused("not_parked", jn=jn)
                outbox.send_again(ledger, again)
            tell_again(place, len(again), json=json)
            return
        with place.looking("cli.sync.rejected", operator) as reader:
            rows = outbox.parked(reader)
        if json:
            show([msgspec.to_builtins(row) for row in rows])
            return
        words = place.words.sync
        for row in rows:
            tell(f"{row.jn}  {row.at}  {words.verdicts[row.verdict]}  {row.code}  {row.words}")
        if not rows:
            tell(words.none_parked)


def tell_again(place: Desk, count: int, *, json: bool) -> None:
    """How many are to be sent once more."""
    if json:
        show({"again": count})
    else:
        tell(place.words.sync.again_done.format(count=count))
