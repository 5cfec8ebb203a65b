"""What a customer sees who scans the code on a receipt: the receipt, and its invoice.

Nobody signs in here. What is wrong with a link is said on the page itself, in the same words
whether there is such an order or not. A form is taken as often as the limits let it, and what it
asks for is issued once.
"""

from __future__ import annotations

import logging
from collections.abc import Mapping
from datetime import timedelta

import msgspec
from markupsafe import Markup

from pos.clock import local, moment_of, stamp
from pos.headoffice import receipts, tills
from pos.headoffice.database import Work
from pos.headoffice.invoicing import asking, listing
from pos.headoffice.pages.gate import Answer, Moved, Shown, Visit
from pos.invoices import building
from pos.invoices import link as links
from pos.invoices.document import Buyer
from pos.receiptline.as_html import STYLE
from pos.refusal import Refused

log = logging.getLogger("pos.headoffice")
_STATUS = {"link_expired": 410}
_DOUBTFUL = "invoice_tax_id_doubtful"
_SETUP = ("invoice_code", "invoice_rate", "invoice_waiver", "invoice_setting", "invoice_off")
_SETUP_MORE = ("person_key_wrong", "person_sealed")
_OF_ORDER = 10
"""Forms of one order in a minute."""
_SOON, _LATER = 3, 15
_LONG = timedelta(minutes=2)
"""Pages of what is being issued look again every `_SOON` seconds, after `_LONG` `_LATER`."""


class Seen(msgspec.Struct, frozen=True):
    """What a good link leads to; `fen` is what may be invoiced, `nothing` why nothing may."""

    link: links.Link
    found: receipts.Arrived
    invoices: list[receipts.Invoice]
    fen: int
    nothing: str


def show(visit: Visit) -> Answer:
    """`/i/{token}`"""
    try:
        seen = _seen(visit)
    except Refused as refused:
        return _told(visit, refused)
    return _page(visit, seen, {})


def apply(visit: Visit) -> Answer:
    """Its form: ask for the invoice. What is refused is said above the form, which stays filled."""
    try:
        seen = _seen(visit)
    except Refused as refused:
        return _told(visit, refused)
    typed = {name: visit.get(name) for name in ("kind", "title", "tax_id", "email", "mobile")}
    person = typed["kind"] == "person"
    tax_id = "" if person else typed["tax_id"]
    buyer = Buyer(typed["title"], person, tax_id, email=typed["email"], mobile=typed["mobile"])
    sure = visit.get("confirm") == "1" and visit.get("doubted") == tax_id
    try:
        _count(visit, seen.link.number)
        asking.ask(visit.house, seen.link.number, buyer, sure)
    except Refused as refused:
        doubted = tax_id if refused.code == _DOUBTFUL else ""
        why = "" if doubted else visit.told(_for_customers(refused))
        status = 429 if refused.code == "invoice_crowd" else 422
        return _page(visit, seen, typed | {"why": why, "doubted": doubted}, status)
    return Moved(visit.path)


def _told(visit: Visit, refused: Refused) -> Shown:
    status = _STATUS.get(refused.code, 404)
    return Shown("receipt.html", {"why": visit.told(refused), "seen": None}, status)


def _seen(visit: Visit) -> Seen:
    """Refused: link_not_here without a key, link_forged, link_expired, link_waiting."""
    key, own = visit.house.keys.link, visit.house.settings.invoices
    if not key:
        raise Refused("link_not_here")
    today = local(visit.house.clock.now()).date()
    link = links.read(key, visit.get("token"), today, own.valid_days)
    vault = visit.house.vault if visit.house.keys.person else None

    def ask(work: Work) -> tuple[receipts.Arrived | None, list[receipts.Invoice]]:
        found = receipts.arrived(work, link.number)
        return found, listing.of_order(work, vault, link.number) if found else []

    found, invoices = visit.house.database.read(ask)
    if found is None or found.fact.where.business_date != link.day.isoformat():
        raise Refused("link_waiting", number=link.number)
    fen, nothing = 0, ""
    try:
        fen = sum(line.net_fen for line in building.invoiceable(receipts.order_of(found)))
    except Refused as refused:
        nothing = visit.told(refused)
    return Seen(link, found, invoices, fen, nothing)


def _page(visit: Visit, seen: Seen, typed: Mapping[str, str], status: int = 200) -> Shown:
    own = visit.house.settings.invoices
    stands = any(invoice.stands for invoice in seen.invoices)
    asks = own.owner == "headoffice" and not stands and not seen.nothing
    empty = dict.fromkeys(("title", "tax_id", "email", "mobile", "why", "doubted"), "")
    values = {
        "why": "",
        "seen": seen,
        "stands": stands,
        "asks": asks,
        "typed": empty | {"kind": "company"} | dict(typed),
        "again": 0 if typed else _again(visit, seen.invoices),
        "until": links.last_day(seen.link, own.valid_days).isoformat(),
        "style": Markup(STYLE),  # noqa: S704  # nosec B704  # our own style sheet
        # every text in it is escaped where it is painted
        "slip": Markup(receipts.as_page(seen.found, visit.language)),  # noqa: S704  # nosec B704  # escaped
    }
    return Shown("receipt.html", values, status, styled=True)


def _again(visit: Visit, invoices: list[receipts.Invoice]) -> int:
    """Seconds after which the page looks again; 0 where nothing is to come."""
    waiting = [one.asked_at for one in invoices if one.here and one.state == "asked"]
    if not waiting:
        return 0
    return _SOON if visit.house.clock.now() - moment_of(max(waiting)) < _LONG else _LATER


def _count(visit: Visit, number: str) -> None:
    """Refused("invoice_crowd") past what one address, or one order, may ask in a minute."""
    minute = stamp(visit.house.clock.now())[:16]
    limits = visit.house.settings.limits

    def put(work: Work) -> bool:
        by = tills.count(work, "", f"invoice {visit.address[:50]}", minute)
        of = tills.count(work, "", f"invoice {number}", minute)
        return by > limits.invoices_per_minute or of > _OF_ORDER

    if visit.house.database.run(put):
        raise Refused("invoice_crowd")


def _for_customers(refused: Refused) -> Refused:
    """What is the shop's to mend is logged, and told a customer as just that."""
    if refused.code.startswith(_SETUP) or refused.code in _SETUP_MORE:
        log.error("invoices refused: %s %s", refused.code, refused.values)
        return Refused("invoice_shop_setup")
    return refused
