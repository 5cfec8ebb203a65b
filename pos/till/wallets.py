"""WeChat Pay and Alipay at the counter: a QR to scan, a scanned code, a step back.

Keys only ask; the `payments` thread does what was asked, and its news (`outcomes`) changes the
screen.
"""

from __future__ import annotations

import hashlib
import re
from typing import TYPE_CHECKING

from msgspec.structs import replace

from pos.access.rights import require
from pos.access.signing import where_of
from pos.money import yuan
from pos.payments.attempt import shows_qr
from pos.payments.codes import PaymentCode, read_code
from pos.payments.row import AskNow, Attempt, CancelAsked, Park
from pos.record import Taken
from pos.refusal import Refused
from pos.sale import entry, tenders
from pos.sale.order import Order
from pos.store import attempts, jobs
from pos.system import read_private
from pos.till import (
    attempting,
    gateways,
    moneyback,
    outcomes,
    paying,
    printing,
    selling,
    signing,
    training,
    unresolved,
)
from pos.till.attempting import CodeUsed, Done, RefundDone
from pos.till.collecting import Collector
from pos.till.state import Approved
from pos.till.walletview import way_name

if TYPE_CHECKING:
    from pos.till.till import Till

_SCAN = re.compile(r"(?:(\d{1,7}(?:\.\d{1,2})?)\*|(\d{1,7}\.\d{2}))?(\d{16,64})", re.ASCII)
"""A payment code, after an amount where one was typed: `12.50` or `12*`, then the scan."""


def scanned(till: Till, text: str) -> bool:
    """Whether `text` was a payment code; then it pays at once. Its digits are never told.

    Refused: pay_code_other_wallet, and what `start` refuses.
    """
    found = _SCAN.fullmatch(text)
    if found is None:
        return False
    code = read_code(found[3])
    if code.wallet not in gateways.CHANNELS:
        raise Refused("pay_code_other_wallet")
    _begin(till, code.wallet, found[1] or found[2] or "", code)
    return True


def start(till: Till, channel: str, text: str) -> None:
    """A wallet's key: show a QR for the sum typed, or for all that is due."""
    _begin(till, channel, text, None)


def _begin(till: Till, channel: str, text: str, code: PaymentCode | None) -> None:
    require(channel, till.session)
    training.refuse_outside(till)
    check_idle(till)
    order = till.state.order
    if order is None:
        raise Refused("order_empty")
    if not gateways.enabled(till.config, channel):
        raise Refused("wallet_off", way=way_name(till, channel), channel=channel)
    if (trouble := collector(till).trouble(channel)) is not None:
        raise trouble
    fen = tenders.check_wallet(order, entry.read_amount(text) if text else None)
    attempt = _attempt(till, order, channel, fen, code)
    till.state.wallet, till.state.wallet_large, till.state.mode = attempt, False, "collecting"

    def refused(why: Refused) -> None:
        till.state.wallet, till.state.mode = None, "paying"
        if not isinstance(why, CodeUsed):
            till.refuse(why)
        elif why.attempt.order_id == order.order_id:
            till.state.wallet, till.state.mode = why.attempt, "collecting"
            till.refuse(_used(till, why))
        else:
            till.refuse(_used(till, why))

    till.wait(collector(till).begin(attempt, where_of(till.session), code), lambda _: None, refused)


def _attempt(till: Till, order: Order, channel: str, fen: int, code: PaymentCode | None) -> Attempt:
    settings = till.config.settings
    attempt_id = till.ids.uuid7()
    name = settings.shop.name or till.words.counter.shop.format(id=settings.shop.id)
    place = (settings.shop.id, settings.till.id, till.session.operator_id)
    return Attempt(
        attempt_id=attempt_id,
        order_id=order.order_id,
        channel=channel,
        way="code" if code is not None else "qr",
        charge=attempting.charge_of(attempt_id.replace("-", ""), fen, name, place),
        created_at=till.clock.now(),
        code_mark=_mark(till, code) if code is not None else "",
    )


def _mark(till: Till, code: PaymentCode) -> str:
    secret = read_private(till.config.pepper)
    return code.digest(hashlib.sha256(b"payment code" + secret).digest())


def _used(till: Till, why: CodeUsed) -> Refused:
    state = getattr(till.words.payments, f"state_{why.attempt.state}")
    return Refused("pay_code_used", state=state, amount=yuan(why.attempt.charge.fen))


def entered(till: Till, text: str, burst: bool) -> None:
    """Enter or a scan while a payment is shown."""
    wallet = till.state.wallet
    if wallet is not None and wallet.live:
        found = _SCAN.fullmatch(text)
        if found is not None and wallet.code_mark == _mark(till, read_code(found[3])):
            raise _used(till, CodeUsed(wallet))
        raise Refused("pay_live")
    dismiss(till)
    if text:
        paying.entered(till, text, burst)


def acted(till: Till, command: str, text: str) -> None:
    """A key while a payment is shown."""
    wallet = till.state.wallet
    if wallet is None:
        dismiss(till)
        return
    match command:
        case "pay_query":
            till.wait(collector(till).send(wallet.attempt_id, AskNow()), lambda _: None)
            till.tell(till.words.wallets.asking)
        case "pay_park":
            _park(till, wallet)
        case "pay_large":
            till.state.wallet_large = not till.state.wallet_large
        case "pay_print":
            _print(till, wallet)
        case "unresolved":
            unresolved.show(till)
        case "payment_decide":
            unresolved.decide(till, wallet)
        case "wechat" | "alipay":
            check_idle(till)
            dismiss(till)
            start(till, command, text)
        case _:
            raise Refused("not_here")


def _print(till: Till, wallet: Attempt) -> None:
    """The QR on paper, for a phone that cannot read the screen."""
    if not shows_qr(wallet):
        raise Refused("qr_gone")
    if till.spool is None or not till.spool.receipt_printer:
        raise Refused("printer_none")

    def queued(_: None) -> None:
        till.tell(till.words.wallets.printing, "ok")
        printing.take_up(till)

    till.write(
        lambda ledger: ledger.change(
            lambda connection: ledger.queue_print(connection, wallet.order_id, jobs.QR, 0)
        ),
        queued,
    )


def back(till: Till) -> None:
    """Esc: a payment under way is asked to be undone, which shows; an outcome is put away."""
    wallet = till.state.wallet
    if wallet is None or not wallet.live:
        dismiss(till)
        return
    till.wait(collector(till).send(wallet.attempt_id, CancelAsked()), lambda _: None)
    till.tell(till.words.wallets.cancelling, "warn")


def dismiss(till: Till) -> None:
    """Back to payment; what was shown is settled."""
    till.state.wallet, till.state.mode = None, "paying"


def check_idle(till: Till) -> None:
    """Refuse any other tender while a wallet may still take the money."""
    if till.state.wallet is not None and till.state.wallet.live:
        raise Refused("pay_live")


def _park(till: Till, wallet: Attempt) -> None:
    order = till.state.order

    def parked(_: Done) -> None:
        if order is None or till.state.order is not order:
            return  # it was settled meanwhile
        words = till.words.wallets

        def held() -> None:
            selling.clear(till)
            till.tell(words.parked, "warn")
            till.refresh_header()

        till.keep_with(replace(order, state="held", label=words.parked_label), (), held)

    till.wait(collector(till).send(wallet.attempt_id, Park()), parked)


def take_back(till: Till, after: Order, last: Taken) -> None:
    """Give a wallet's money back the way it came; the order is then as if it had not been taken."""

    def act(approved: Approved | None) -> None:
        facts = signing.override(till, "payment_decide", approved, yuan(last.fen), "0.00")
        where = where_of(till.session)
        why = approved.reason if approved else till.words.commands.take_back.name

        def done(_: RefundDone) -> None:
            till.state.order = till.state.shown = after
            said = till.words.wallets.taken_back
            till.tell(said.format(way=way_name(till, last.way), amount=yuan(last.fen)), "warn")
            outcomes.look(till)

        till.wait(
            collector(till).refund(
                lambda ledger: moneyback.ask_refund(
                    ledger, last.reference, last.fen, why, where, *facts, order=after
                )
            ),
            done,
        )

    signing.guard(till, "payment_decide", lambda _: None, act)


def resume(till: Till, order: Order) -> None:
    """An order is back on the counter: its payment is shown if it has no result yet."""
    found = [attempting.attempt_of(row) for row in attempts.of_order(till.reader, order.order_id)]
    live = next((attempt for attempt in found if attempt.live), None)
    if live is not None:
        till.state.wallet, till.state.mode = live, "collecting"
    elif order.tenders:
        till.state.mode = "paying"


def collector(till: Till) -> Collector:
    """The payments thread of an open till."""
    if till.payments is None:
        raise Refused("ledger_not_open")
    return till.payments
