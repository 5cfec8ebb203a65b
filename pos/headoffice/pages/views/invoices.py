"""Invoices of a day by state; one that head office issued, to be looked at and mended."""

from __future__ import annotations

from datetime import date, timedelta
from typing import get_args

import msgspec

from pos.clock import stamp
from pos.headoffice.database import Work
from pos.headoffice.invoicing import asking, keeping, listing
from pos.headoffice.invoicing.keeping import Issue
from pos.headoffice.pages.gate import Answer, Moved, Shown, Visit
from pos.headoffice.pages.views.shops import day_of, shop_of, shops
from pos.invoices.course import lapses_at
from pos.invoices.document import Buyer, RedReason
from pos.refusal import Refused

_CAUSES: tuple[RedReason, ...] = get_args(RedReason)
_FIELDS = ("title", "tax_id", "email", "mobile")
_DOUBTFUL = "invoice_tax_id_doubtful"


class Red(msgspec.Struct, frozen=True):
    """A red letter and when it lapses, empty where it waits for nobody."""

    issue: Issue
    why: str
    lapses: str


def show(visit: Visit) -> Answer:
    """`/invoices`"""
    day, shop = day_of(visit), shop_of(visit)
    trouble = visit.house.trouble
    state = visit.get("state") if visit.get("state") in listing.STATES else ""

    def ask(work: Work) -> Shown:
        found = listing.of_day(work, day.iso, shop)
        counts = {name: sum(one.state == name for one in found) for name in listing.STATES}
        values = {
            "day": day,
            "shop": shop,
            "shops": shops(work, visit),
            "state": state,
            "counts": counts,
            "found": [one for one in found if state in ("", one.state)],
            "trouble": visit.told(trouble) if trouble else "",
        }
        return Shown("invoices.html", values)

    return visit.house.database.read(ask)


def show_one(visit: Visit) -> Answer:
    """`/invoices/{no}`. Refused: invoice_unknown."""
    return _page(visit, {})


def change(visit: Visit) -> Answer:
    """Its forms: amend, take back, apply once more, erase. What is refused is told above them."""
    no, by = visit.get("no"), visit.who.name
    _mine(visit, no)
    typed = {name: visit.get(name) for name in (*_FIELDS, "kind")}
    try:
        match visit.get("act"):
            case "amend":
                person = typed["kind"] == "person"
                tax_id = "" if person else typed["tax_id"]
                told = (typed["title"], person, tax_id)
                buyer = Buyer(*told, email=typed["email"], mobile=typed["mobile"])
                sure = visit.get("doubted") == tax_id and visit.get("confirm") == "1"
                asking.amend(visit.house, no, buyer, sure, by)
            case "red":
                asking.take_back(visit.house, no, _cause(visit.get("cause")), by)
            case "again":
                _mine(visit, visit.get("red"))
                asking.again(visit.house, visit.get("red"), by)
            case "erase":
                asking.erase(visit.house, no)
                return Moved(f"/invoices/{no}", "erased")
            case _:
                raise Refused("invoice_unknown", number=no[:24])
    except Refused as refused:
        doubted = typed["tax_id"] if refused.code == _DOUBTFUL else ""
        why = "" if doubted else visit.told(refused)
        return _page(visit, typed | {"why": why, "doubted": doubted}, 422)
    return Moved(f"/invoices/{no}", "invoice")


def _cause(text: str) -> RedReason:
    return next((one for one in _CAUSES if one == text), "mistake")


def _mine(visit: Visit, no: str) -> None:
    """Refused("invoice_unknown") for one of a shop that the account does not see."""
    if visit.who.of_shop not in ("", no[:4]):
        raise Refused("invoice_unknown", number=no[:24])


def _page(visit: Visit, typed: dict[str, str], status: int = 200) -> Shown:
    no, house = visit.get("no"), visit.house
    _mine(visit, no)

    def ask(work: Work) -> Shown:
        one = keeping.get(work, no)
        if one is None or one.kind != "invoice":
            raise Refused("invoice_unknown", number=no[:24])
        issues = keeping.of_order(work, one.number)
        mine = [x for x in issues if x.kind == "red" and x.of_no == no]
        left = keeping.standing(one, [x for x in issues if x.kind == "red"])
        document = keeping.document_of(work, house.vault, one)
        buyer = document.buyer if document else None
        last = max(x.no for x in issues if x.kind == "invoice")
        course = one.at
        values = {
            "one": one,
            "course": course,
            "why_not": course.why or course.code if one.state == "failed" else "",
            "waits": course.code if one.open else "",
            "reds": [_red(x) for x in mine],
            "buyer": buyer if visit.who.may("change") else None,
            "erased": document is None,
            "left": left,
            "amends": document is not None and not one.open and (one.no == last or left > 0),
            "typed": _typed(buyer) | typed,
            "causes": _CAUSES,
        }
        return Shown("invoice.html", values, status)

    return house.database.read(ask)


def _red(issue: Issue) -> Red:
    course = issue.at
    lapses = lapses_at(course) if issue.open else None
    why = "" if issue.open else f"{course.code} {course.why}".strip()
    return Red(issue, why, stamp(lapses) if lapses else "")


def _typed(buyer: Buyer | None) -> dict[str, str]:
    told = dict.fromkeys((*_FIELDS, "why", "doubted"), "") | {"kind": "company"}
    if buyer is None:
        return told
    kind = "person" if buyer.person else "company"
    return told | {name: str(getattr(buyer, name)) for name in _FIELDS} | {"kind": kind}


def alert(work: Work, shop: str, today: str) -> int:
    """How many invoices of the last week failed and wait for a person."""
    since = date.fromisoformat(today) - timedelta(days=7)
    return listing.trouble(work, since.isoformat(), shop)
