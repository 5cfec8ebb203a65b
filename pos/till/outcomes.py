"""What came of payments: the news of the `payments` thread changes the screen.

Whatever is told here is on disk already.
"""

from __future__ import annotations

import queue
from typing import TYPE_CHECKING

from msgspec.structs import replace

from pos.money import yuan
from pos.payments.row import Alarm, LateMoney
from pos.refusal import Refused
from pos.sale import tenders
from pos.store import attempts
from pos.till import paying, printing
from pos.till.attempting import Done, RefundDone
from pos.till.collecting import News, Warned
from pos.till.walletview import way_name
from pos.words.payments import tell

if TYPE_CHECKING:
    from pos.till.till import Till


def take_news(till: Till) -> None:
    """Take in what the payments thread has put on disk since last time."""
    if till.payments is None:
        return
    while True:
        try:
            news = till.payments.news.get_nowait()
        except queue.Empty:
            break
        _heard(till, news)
    if till.state.mode == "collecting" and till.state.wallet is None:
        till.state.mode = "paying" if till.state.order is not None else "selling"


def _heard(till: Till, news: News) -> None:
    match news:
        case Done():
            _happened(till, news)
        case RefundDone():
            _refund_news(till, news)
        case Warned(channel, trouble):
            why = tell(till.words.payments, trouble.code, detail=trouble.detail)
            _say_alarm(till, channel, why)
        case Refused():
            till.refuse(news)


def _happened(till: Till, done: Done) -> None:
    attempt, state = done.attempt, till.state
    here = state.wallet is not None and state.wallet.attempt_id == attempt.attempt_id
    ours = state.order is not None and state.order.order_id == attempt.order_id
    if here:
        state.wallet = attempt
    if done.ended is not None:
        if ours:
            state.ask = state.choice = state.approval = None
            paying.finished(till, done.ended)
        else:
            _closed_behind(till, done)
    elif done.order is not None and ours and state.order is not None:
        open_again = replace(done.order, state=state.order.state, label=state.order.label)
        state.order = state.shown = open_again
        state.wallet = None
        said = till.words.wallets.paid_part
        amounts = {"amount": yuan(attempt.charge.fen), "due": yuan(tenders.due(open_again))}
        till.tell(said.format(way=way_name(till, attempt.channel), **amounts), "ok")
    elif done.settled and not here:
        said = till.words.wallets.back_unpaid
        name = getattr(till.words.payments, f"state_{attempt.state}")
        amount = yuan(attempt.charge.fen)
        till.alarm_message(
            said.format(way=way_name(till, attempt.channel), amount=amount, state=name)
        )
    for act in done.acts:
        if isinstance(act, Alarm):
            _say_alarm(till, attempt.channel, tell(till.words.payments, act.code))
        elif isinstance(act, LateMoney):
            words = till.words.wallets
            said = words.late if act.attachable else words.late_refunded
            amount = yuan(attempt.charge.fen)
            till.alarm_message(said.format(way=way_name(till, attempt.channel), amount=amount))
    count(till)


def _closed_behind(till: Till, done: Done) -> None:
    """A parked order, or one of before the start, was paid after all."""
    if done.ended is None:
        return
    words = till.words.counter
    till.tell(words.closed.format(number=done.ended.number, change=yuan(0)), "ok")
    printing.take_up(till)
    till.refresh_header()


def _refund_news(till: Till, done: RefundDone) -> None:
    refund, words = done.refund, till.words.wallets
    if done.ended:
        way, amount = way_name(till, refund.channel), yuan(refund.ask.fen)
        if refund.state == "refunded":
            till.tell(words.refunded.format(way=way, amount=amount), "ok")
        else:
            why = tell(till.words.payments, refund.reason)
            till.alarm_message(words.refund_failed.format(way=way, amount=amount, why=why))
    count(till)


def _say_alarm(till: Till, channel: str, why: str) -> None:
    till.alarm_message(till.words.wallets.alarm.format(way=way_name(till, channel), why=why))


def look(till: Till) -> None:
    """Count what is unresolved; late money whose order has ended goes back."""
    count(till)
    if till.payments is not None:
        till.payments.tidy()


def count(till: Till) -> None:
    """How many payments and refunds have no end yet."""
    if till.ready:
        till.state.unresolved = attempts.unresolved(till.reader)
