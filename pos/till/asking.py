"""One act at a gateway: what a machine asked for becomes a call, and the answer comes back."""

from __future__ import annotations

from typing import Any

from pos.clock import Clock
from pos.payments.codes import PaymentCode
from pos.payments.protocol import NotSent, RefundAnswer, Unknown
from pos.payments.refunding import Refund, RefundCall
from pos.payments.row import Answered, Ask, Attempt
from pos.payments.schedule import QR_LIFE
from pos.till.gateways import Gateways
from pos.till.turning import report


def ask(
    gateways: Gateways, attempt: Attempt, act: Ask, code: PaymentCode | None, clock: Clock
) -> Answered:
    """Do what an attempt asked for. A gateway that cannot be made was never reached; of one that
    fails in a way of its own nothing is known: it is asked again."""
    try:
        return Answered(act.call_no, _ask(gateways, attempt, act, code, clock))
    except Exception as error:
        return Answered(act.call_no, _nothing_known(error))


def _ask(
    gateways: Gateways, attempt: Attempt, act: Ask, code: PaymentCode | None, clock: Clock
) -> Any:
    gateway = gateways.find(attempt.channel)
    if gateway is None:
        return NotSent(gateways.troubles[attempt.channel].code, misconfigured=True)
    match act.call:
        case "pay":
            if code is None:
                return NotSent("not_sent")
            return gateway.pay_code(attempt.charge, code)
        case "qr":
            return gateway.create_qr(attempt.charge, clock.now() + QR_LIFE)
        case "query":
            return gateway.query(attempt.charge)
        case "cancel":
            return gateway.cancel(attempt.charge, attempt.way)


def ask_refund(gateways: Gateways, refund: Refund, act: RefundCall) -> RefundAnswer:
    """Do what a refund asked for; the same holds."""
    gateway = gateways.find(refund.channel)
    if gateway is None:
        return NotSent(gateways.troubles[refund.channel].code, misconfigured=True)
    try:
        if act.call == "refund":
            return gateway.refund(refund.ask)
        return gateway.query_refund(refund.ask)
    except Exception as error:
        return _nothing_known(error)


def _nothing_known(error: Exception) -> Unknown:
    report(error)
    return Unknown("not_understood", type(error).__name__)
