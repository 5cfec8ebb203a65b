"""Signing in and out, locking, and another operator's approval of one act."""

from __future__ import annotations

from collections.abc import Callable
from typing import TYPE_CHECKING

from pos.access.pins import MAX_DIGITS
from pos.access.rights import Session, require
from pos.access.signing import authenticate, where_of
from pos.record import Override, Where
from pos.record import Session as SessionFact
from pos.refusal import Refused
from pos.sale.order import Order
from pos.store.reader import Reader
from pos.text import harmless
from pos.till import cashing, closing, daily, holding, moving
from pos.till.state import Approval, Approved
from pos.words.commands import act
from pos.words.refusals import say

if TYPE_CHECKING:
    from pos.store.ledger import Ledger
    from pos.till.till import Till

_NEEDS_SOMEBODY = (
    *("no_right", "discount_over_limit", "price_over_limit"),
    *("return_over_limit", "return_too_late"),
)


def entered(till: Till, text: str) -> None:
    """An id, then a PIN: to sign in, to unlock or to approve."""
    state, text = till.state, harmless(text)
    if len(text) > MAX_DIGITS:
        raise Refused("not_here")  # a barcode strayed here: no id, and no wrong PIN either
    if not state.typed_id:
        if not text and state.mode == "locked":
            text = till.session.operator_id
        state.typed_id = text
        return
    if not text:
        return
    operator_id, state.typed_id = state.typed_id, ""
    if state.mode == "signing":
        _sign_in(till, operator_id, text)
    elif state.mode == "locked":
        _unlock(till, operator_id, text)
    else:
        _approve(till, operator_id, text)


def _checked(till: Till, operator_id: str, pin: str, then: Callable[[Session], None]) -> None:
    """Check a PIN in the ledger thread."""
    path, gate = till.config.ledger, till.gate

    def job(ledger: Ledger) -> Session:
        reader = Reader(path)
        try:
            return authenticate(gate, ledger, reader, operator_id, pin)
        finally:
            reader.close()

    till.write(job, then)


def _sign_in(till: Till, operator_id: str, pin: str) -> None:
    path, gate = till.config.ledger, till.gate

    def job(ledger: Ledger) -> Session:
        reader = Reader(path)
        try:
            known = authenticate(gate, ledger, reader, operator_id, pin)
            return closing.come(gate, ledger, reader, known)
        finally:
            reader.close()

    def signed_in(session: Session) -> None:
        till.state.session = session
        till.state.mode = "selling"
        words = till.words.counter
        till.tell(words.welcome.format(name=session.name, date=session.business_date), "ok")
        daily.tell_auto(till)
        holding.restore(till)
        till.refresh_header()
        cashing.look_at_drawer(till)
        if not till.state.order:
            cashing.ask_float(till)

    till.write(job, signed_in)


def sign_out(till: Till) -> None:
    """The operator leaves; an order on the screen stays in the way."""
    if till.state.order and till.state.order.lines:
        raise Refused("order_open")
    fact = SessionFact(where_of(till.session), "signed_out", till.session.role)

    def gone(_: object) -> None:
        state = till.state
        state.session, state.mode, state.typed_id = None, "signing", ""
        state.order = state.shown = state.change = None

    till.write(lambda ledger: ledger.write(fact), gone)


def lock(till: Till) -> None:
    """Lock the screen; the order stays, and what was looked at is gone from it."""
    state = till.state
    fact = SessionFact(where_of(till.session), "locked", till.session.role)
    taken = state.order.tenders if state.order else ()
    state.mode, state.typed_id, state.quantity = "locked", "", None
    state.ask = state.choice = state.approval = state.change = state.returning = None
    state.find = state.receipt = state.stock = state.slip = state.looked_up = state.code = None
    if state.wallet is not None and not state.wallet.live:
        state.wallet = None
    if state.message is not None and state.message.tone in ("info", "ok"):
        state.message = None  # it may name a customer
    state.help_back = "selling" if not taken else "refunding" if taken[0].fen < 0 else "paying"
    till.write(lambda ledger: ledger.write(fact), lambda _: None)


def _unlock(till: Till, operator_id: str, pin: str) -> None:
    owner = till.session

    def unlocked(session: Session) -> None:
        if session.operator_id != owner.operator_id and "void_order" not in session.rights:
            raise Refused("other_operator", operator=owner.operator_id)
        place = where_of(owner)
        where = Where(session.operator_id, place.shift_id, place.business_date)
        fact = SessionFact(where, "unlocked", session.role)
        till.state.mode = till.state.help_back
        till.tell(till.words.counter.unlocked, "ok")
        daily.warn_old_date(till)
        till.write(lambda ledger: ledger.write(fact), lambda _: None)

    _checked(till, operator_id, pin, unlocked)


def guard(
    till: Till,
    command: str,
    check: Callable[[Session], None],
    act_on: Callable[[Approved | None], None],
) -> None:
    """Do an act, or ask for somebody who may: one approval, one act.

    `check` refuses what goes beyond a session's limits.
    """
    session = till.session
    try:
        require(command, session)
        check(session)
    except Refused as refused:
        if refused.code not in _NEEDS_SOMEBODY:
            raise
        why = say(till.words.refusals, refused)
        till.state.approval = Approval(command, why, check, act_on, till.state.mode)
        till.state.mode, till.state.typed_id = "approving", ""
        return
    act_on(None)


def _approve(till: Till, operator_id: str, pin: str) -> None:
    approval = till.state.approval
    if approval is None:
        return
    if operator_id == till.session.operator_id:
        raise Refused("approver_is_asker")

    def known(approver: Session) -> None:
        try:
            require(approval.command, approver)
            approval.check(approver)
        except Refused as refused:
            if refused.code in _NEEDS_SOMEBODY:
                raise Refused("approver_has_no_right") from None
            raise

        def picked(reason: str) -> None:
            till.state.approval = None
            till.tell(till.words.counter.approved.format(name=approver.name), "ok")
            approval.act(Approved(approver.operator_id, reason))

        words = till.words
        reasons = words.counter.approval_reasons
        if approval.command in ("return_goods", "return_bare"):
            reasons = words.returns.reasons
        elif approval.command == "invoice_amend":
            reasons = words.invoices.reasons
        till.state.mode = approval.back
        moving.offer_reasons(till, reasons, picked)

    _checked(till, operator_id, pin, known)


def override(
    till: Till,
    command: str,
    approved: Approved | None,
    before: str,
    after: str,
    about: Order | None = None,
) -> tuple[Override, ...]:
    """The fact of an approval, none where none was needed; `about` an order not yet on disk."""
    if approved is None:
        return ()
    order = about or till.state.order
    return (
        Override(
            where=where_of(till.session),
            override_id=till.ids.uuid7(),
            command=command,
            approver=approved.approver,
            reason=approved.reason,
            before=before,
            after=after,
            order_id=order.order_id if order else "",
        ),
    )


def approval_lines(till: Till) -> tuple[str, ...]:
    """What the approver reads."""
    approval, words = till.state.approval, till.words
    if approval is None:
        return ()
    return (
        approval.why,
        words.counter.approval_asker.format(name=till.session.name),
        words.counter.approval_act.format(act=act(words.commands, approval.command).name),
    )
