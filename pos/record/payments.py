"""Facts of money taken over a network: decisions, refunds, reconciliation."""

from __future__ import annotations

from typing import Literal

from pos.record.parts import Base, Where


class PaymentStep(Base, frozen=True, tag="payment.step"):
    """Something happened to an attempt to take money (`subject`: its id) or to a refund (its no.).

    `row_sha256` is of the row as it was kept in the same transaction, so that what is not in this
    record cannot change unseen either. `detail` has kinds and codes, never what a provider wrote.
    """

    what: Literal["attempt", "refund"]
    subject: str
    event: str
    state: str
    detail: str
    row_sha256: str


class PaymentResolved(Base, frozen=True, tag="payment.resolved"):
    """A manager decided on money whose provider gave no answer, or attached money that came late.

    It stays in reconciliation whatever was decided.
    """

    where: Where
    attempt_id: str
    order_id: str
    channel: str
    out_trade_no: str
    fen: int
    verdict: Literal["paid", "unpaid", "attached"]
    reason: str


class RefundAsked(Base, frozen=True, tag="payment.refund_asked"):
    """Money of a wallet is to go back the way it came, under a number of its own."""

    where: Where
    order_id: str
    channel: str
    out_trade_no: str
    out_refund_no: str
    fen: int
    reason: str


class RefundEnded(Base, frozen=True, tag="payment.refund_ended"):
    """The provider confirmed a refund or refused it; `refund_id` is the provider's number."""

    channel: str
    out_trade_no: str
    out_refund_no: str
    fen: int
    state: Literal["refunded", "refused"]
    refund_id: str
    reason: str


class RefundSettled(Base, frozen=True, tag="payment.refund_settled"):
    """A manager gave the money of a refused refund back by another way; `reference` names the slip.

    The refund stays in reconciliation: a provider's bill that shows it after all differs.
    """

    where: Where
    order_id: str
    channel: str
    out_trade_no: str
    out_refund_no: str
    fen: int
    way: Literal["cash", "bank", "transfer"]
    reference: str
    reason: str


class DifferenceResolved(Base, frozen=True, tag="payment.difference_resolved"):
    """A manager settled a difference between a provider's bill of `day` and the till's records."""

    where: Where
    channel: str
    day: str
    difference: str
    number: str
    reason: str
