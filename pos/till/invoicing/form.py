"""What an invoice needs to know of its buyer, asked one by one; what was said stays in sight."""

from __future__ import annotations

from collections.abc import Callable
from typing import TYPE_CHECKING

import msgspec
from msgspec.structs import replace

from pos.invoices import buyers, taxids
from pos.invoices.document import Buyer, Kind
from pos.refusal import Refused
from pos.till import moving
from pos.till.invoicing.orders import Wanted
from pos.till.view import DialogView

if TYPE_CHECKING:
    from pos.till.till import Till


class Told(msgspec.Struct, frozen=True):
    """What was said so far; `old` is the buyer that is corrected."""

    number: str
    buyer: Buyer
    special: bool = False
    old: Buyer | None = None


KINDS: tuple[tuple[bool, Kind], ...] = ((True, "normal"), (False, "normal"), (False, "special"))
"""A person or a company, and which invoice: the rows of the first question."""


def ask_buyer(
    till: Till,
    number: str,
    then: Callable[[Wanted], None],
    old: Buyer | None = None,
    special: bool = False,
) -> None:
    """Kind, title, tax number of a company, where it is sent; Enter alone keeps the `old` one."""
    words = till.words.invoices

    def picked(row: int) -> None:
        person, kind = KINDS[row]
        kept = old if old is not None and old.person == person else None
        told = Told(number, Buyer("", person=person), kind == "special", kept)
        _ask_title(till, told, then)

    rows = tuple((name,) for name in words.kinds)
    moving.offer(till, words.ask_kind.format(number=number), words.columns, rows, picked)
    if old is not None:
        till.state.choice_row = KINDS.index((old.person, "special" if special else "normal"))


def _ask_title(till: Till, told: Told, then: Callable[[Wanted], None]) -> None:
    words, person = till.words.invoices, told.buyer.person

    def titled(text: str) -> None:
        title = text or (told.old.title if told.old else "")
        bare = buyers.check(Buyer(title, person=True), "normal").buyer.title
        if not person and not title:
            raise Refused("invoice_title_missing")
        now = replace(told, buyer=replace(told.buyer, title=bare))
        if person:
            _ask_sent_to(till, now, then)
        else:
            _ask_tax_id(till, now, then)

    hint = words.ask_title_person if person else words.ask_title_hint
    _ask(till, told, words.ask_title, _kept(till, told.old.title if told.old else "", hint), titled)


def _ask_tax_id(till: Till, told: Told, then: Callable[[Wanted], None]) -> None:
    words = till.words.invoices

    def typed(text: str) -> None:
        tax_id = text or (told.old.tax_id if told.old else "")
        buyer = replace(told.buyer, tax_id=tax_id)
        checked = buyers.check(buyer, "special" if told.special else "normal")
        _ask_sent_to(till, replace(told, buyer=checked.buyer), then)

    hint = _kept(till, told.old.tax_id if told.old else "", words.ask_tax_hint)
    _ask(till, told, words.ask_tax_id, hint, typed)


def _ask_sent_to(till: Till, told: Told, then: Callable[[Wanted], None]) -> None:
    words, old = till.words.invoices, told.old

    def typed(text: str) -> None:
        buyer = told.buyer
        if not text:
            buyer = replace(buyer, email=old.email if old else "", mobile=old.mobile if old else "")
        else:
            buyer = replace(buyer, **({"email": text} if "@" in text else {"mobile": text}))
        kind: Kind = "special" if told.special else "normal"
        checked = buyers.check(buyer, kind).buyer
        then(Wanted(told.number, checked, told.special))

    known = (old.email or old.mobile) if old else ""
    _ask(till, told, words.ask_sent_to, _kept(till, known, words.ask_sent_to_hint), typed)


def _ask(till: Till, told: Told, label: str, hint: str, answered: Callable[[str], None]) -> None:
    about = DialogView(_title(till, told), _lines(till, told))
    moving.ask(till, label, hint, answered, free=True, optional=True, about=about)


def _kept(till: Till, old: str, hint: str) -> str:
    return till.words.invoices.ask_keep.format(text=old) if old else hint


def _title(till: Till, told: Told) -> str:
    words = till.words.invoices
    row = KINDS.index((told.buyer.person, "special" if told.special else "normal"))
    return f"{words.columns[0]} {told.number}  {words.kinds[row]}"


def _lines(till: Till, told: Told) -> tuple[str, ...]:
    words, buyer = till.words.invoices, told.buyer
    lines = []
    if buyer.title:
        lines.append(f"{words.ask_title}  {buyer.title}")
    if buyer.tax_id:
        good = buyer.person or taxids.company(buyer.tax_id) == "ok"
        mark = words.tax_id_ok if good else words.tax_id_doubt
        lines.append(f"{words.ask_tax_id}  {buyer.tax_id}  {mark}")
    return tuple(lines)
