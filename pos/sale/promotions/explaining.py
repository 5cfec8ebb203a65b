"""Sentences that tell why an order costs what it does: for the counter and `pos promo explain`."""

from __future__ import annotations

from collections.abc import Mapping

from pos.money import MILLI, quantity, yuan
from pos.sale.promotions.checking import Finding
from pos.sale.promotions.outcome import Applied, Outcome, Part, Proposal, Reason
from pos.sale.promotions.validating import Fault
from pos.words.promotions import PromotionWords


def explain(outcome: Outcome, words: PromotionWords) -> list[str]:
    """What was given with its lines, the sum, what was not given and why, what is nearly had."""
    told: list[str] = []
    for applied in outcome.applied:
        told.append(say_given(applied, words))
        if applied.spread:
            told.append("  " + words.line_spread)
        else:
            told += ["  " + say_part(part, words) for part in applied.parts if part.saving_fen]
    if outcome.applied:
        told.append(fill(words.saved, fen=outcome.saving_fen))
    if not outcome.exact:
        told.append(words.not_searched)
    told += [say_reason(reason, words) for reason in outcome.reasons]
    told += [say_proposal(proposal, words) for proposal in outcome.proposals]
    return told


def say_given(applied: Applied, words: PromotionWords) -> str:
    """One offer that was given, with what it saves."""
    template = words.given
    if applied.kind == "coupon":
        template = words.given_coupon
    elif applied.kind == "points":
        template = words.given_points
    return fill(
        template,
        name=applied.name or words.own_member_price,
        kind=getattr(words.kinds, applied.kind),
        times=applied.times,
        fen=applied.saving_fen,
        code=applied.code,
        points=applied.points,
    )


def say_part(part: Part, words: PromotionWords) -> str:
    """A line's part: how much of it, what it cost before, what it saves."""
    return fill(
        words.line_part,
        line_no=part.line_no,
        quantity=quantity(part.milli) + ("" if part.milli % MILLI else " ×"),
        original=part.original_fen,
        fen=part.saving_fen,
    )


def say_on_line(applied: Applied, part: Part, words: PromotionWords) -> str:
    """An offer in the few words that fit under a line of the order or of the receipt."""
    name = applied.name or words.own_member_price
    return fill(words.on_line, name=name, fen=part.saving_fen)


def say_reason(reason: Reason, words: PromotionWords) -> str:
    """Why one offer or coupon was not given."""
    why = fill(getattr(words, reason.code), missing=reason.missing)
    name = " ".join(x for x in (reason.name or reason.offer_id, reason.detail) if x)
    return fill(words.not_given, name=name, why=why)


def say_proposal(proposal: Proposal, words: PromotionWords) -> str:
    """What the customer could still have."""
    templates: Mapping[str, str] = {
        "pieces": words.near_pieces,
        "amount": words.near_amount,
        "add_on": words.near_add_on,
    }
    return fill(
        templates[proposal.wanted],
        name=proposal.name,
        missing=proposal.missing,
        price=proposal.price_fen,
        skus=" / ".join(proposal.skus),
    )


def say_fault(fault: Fault, words: PromotionWords) -> str:
    """What is wrong with an offer of a file, where, and what to do."""
    return fill(getattr(words, fault.code), **fault.values())


def say_finding(finding: Finding, words: PromotionWords) -> str:
    """What a check found."""
    return fill(getattr(words, finding.code), **finding.values())


class _Fen(int):
    """Fen or a count: `{x:yuan}` shows it as yuan, `{x}` as it is."""

    def __format__(self, spec: str) -> str:
        return yuan(int(self)) if spec == "yuan" else int.__format__(self, spec)


class _Near(str):
    """A guess: `{x:near}` shows it in brackets, nothing where there is none."""

    __slots__ = ()

    def __format__(self, spec: str) -> str:
        if spec == "near":
            return f"（{self}？）" if self else ""
        return str.__format__(self, spec)


def fill(template: str, **values: object) -> str:
    """A template of the words with its gaps filled, fen as yuan where it asks for it.

    Values are put in as they are: braces in an offer's name are no gaps.
    """
    return template.format_map({name: _shown(value) for name, value in values.items()})


def _shown(value: object) -> object:
    if isinstance(value, int):
        return _Fen(value)
    return _Near(value) if isinstance(value, str) else value
