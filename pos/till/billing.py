"""Reconciliation at the counter: a provider's bill of a day, and what differs, one by one.

The bill is fetched and matched in a thread of its own, with connections of its own: a customer at
the counter waits for no bill.
"""

from __future__ import annotations

import threading
from concurrent.futures import ThreadPoolExecutor
from contextlib import closing
from datetime import date, timedelta
from functools import partial
from pathlib import Path
from typing import TYPE_CHECKING

from pos.clock import local
from pos.money import yuan
from pos.refusal import Refused
from pos.store import bills
from pos.text import clean
from pos.till import differences, moving, reconciling, signing
from pos.till.gateways import CHANNELS, Gateways, enabled
from pos.till.reconciling import Outcome
from pos.till.state import Approved, Work
from pos.words import Words

if TYPE_CHECKING:
    from pos.till.till import Till


def show(till: Till) -> None:
    """Choose a wallet and a day; a manager's act."""
    words = till.words.billing

    def act(approved: Approved | None) -> None:
        rows = tuple(_channel_row(till, channel) for channel in CHANNELS)

        def pick(index: int) -> None:
            _ask_day(till, CHANNELS[index], approved)

        moving.offer(till, words.title, words.channel_columns, rows, pick)

    signing.guard(till, "reconcile", lambda _: None, act)


def _channel_row(till: Till, channel: str) -> tuple[str, ...]:
    words = till.words.billing
    last = bills.last_reconciled(till.reader, channel)
    found = [d for d in bills.differences(till.reader) if d.channel == channel]
    count = sum(not one.explained for one in found)
    return (till.words.slips.ways[channel], last or words.never, str(count))


def _ask_day(till: Till, channel: str, approved: Approved | None) -> None:
    words, way = till.words.billing, till.words.slips.ways[channel]
    yesterday = local(till.clock.now()).date() - timedelta(days=1)

    def answered(text: str) -> None:
        day = read_day(text, yesterday) if text else yesterday
        _ask_source(till, channel, day, approved)

    hint = words.day_hint.format(yesterday=yesterday.isoformat())
    moving.ask(till, words.day.format(way=way), hint, answered, free=True, optional=True)


def read_day(text: str, yesterday: date) -> date:
    """`2026-03-01`, `20260301` or `0301` of this year; Refused where it is none or to come."""
    digits = clean(text, 12).replace("-", "").replace("/", "").replace(".", "")
    if len(digits) == 4:
        digits = f"{yesterday.year}{digits}"
    try:
        found = date.fromisoformat(digits)
    except ValueError:
        raise Refused("bill_day_wrong", text=clean(text, 12)) from None
    if found > yesterday:
        raise Refused("bill_not_ready", day=found.isoformat())
    return found


def _ask_source(till: Till, channel: str, day: date, approved: Approved | None) -> None:
    words = till.words.billing
    way = till.words.slips.ways[channel]
    begin = partial(_start, till, channel, day, approved)

    def pick(index: int) -> None:
        if index == 0:
            if not enabled(till.config, channel):
                raise Refused("wallet_off", way=way, channel=channel)
            begin(None)
            return

        def named(text: str) -> None:
            begin(Path(text).expanduser())

        moving.ask(till, words.file, words.file_hint, named, free=True)

    rows = tuple((text.format(way=way),) for text in words.sources)
    moving.offer(till, words.source.format(way=way, day=day.isoformat()), ("",), rows, pick)


def _start(
    till: Till, channel: str, day: date, approved: Approved | None, file: Path | None
) -> None:
    words, stop = till.words.billing, threading.Event()
    way = till.words.slips.ways[channel]
    what = words.what.format(way=way, day=day.isoformat())
    back = till.state.mode
    work = Work(words.title, stop.set, (what, words.steps[0], words.stop_hint))
    till.state.work, till.state.mode = work, "working"

    def reached(step: int) -> None:
        if stop.is_set():
            raise Refused("bill_stopped")
        work.lines = (what, words.steps[step], words.stop_hint)
        work.part = step / len(words.steps)
        till.changed()

    def matched() -> Outcome:
        reached(0)
        content = reconciling.read(file) if file is not None else _fetched(till, channel, day)
        reached(1)
        outcome = reconciling.match(till.config, channel, day, content)
        reached(2)
        return outcome

    def ended() -> None:
        till.state.work, till.state.mode = None, back

    def kept(outcome: Outcome) -> None:
        ended()
        _told(till, outcome)
        differences.show(till, channel, day, summary(till.words, outcome), approved)

    def put(outcome: Outcome) -> None:
        till.wait(
            till.submit(lambda ledger: reconciling.keep(ledger, outcome)),
            lambda _: kept(outcome),
            failed,
        )

    def failed(refused: Refused) -> None:
        ended()
        till.refuse(refused)

    pool = ThreadPoolExecutor(1, thread_name_prefix="bill")
    future = pool.submit(matched)
    pool.shutdown(wait=False)
    till.follow(future, put, failed)


def _fetched(till: Till, channel: str, day: date) -> bytes:
    with closing(Gateways(till.config, till.clock)) as gateways:
        return reconciling.fetch(gateways, channel, day)


def summary(words: Words, outcome: Outcome) -> str:
    """The day in one line: what agrees, and what was left out."""
    said, report = words.billing, outcome.report
    fee = yuan(round(report.fee_milli / 1000))
    parts = [
        said.matched.format(count=report.matched, amount=yuan(report.matched_fen), fee=fee),
        said.elsewhere.format(count=report.elsewhere) if report.elsewhere else "",
        said.pooled.format(count=len(report.pool)) if report.pool else "",
        said.by_hand_left.format(count=report.by_hand_left) if report.by_hand_left else "",
    ]
    return "  ".join(part for part in parts if part)


def _told(till: Till, outcome: Outcome) -> None:
    """What of the bill itself is not right."""
    words = till.words.billing
    if outcome.complete is False:
        till.alarm_message(words.bill_sums)
    elif outcome.bad_lines:
        till.alarm_message(words.bill_lines.format(count=outcome.bad_lines))
