"""What a customer sees who scans the code on a receipt: the receipt, and what may be invoiced."""

from __future__ import annotations

from markupsafe import Markup

from pos.clock import local
from pos.headoffice import receipts
from pos.headoffice.pages.gate import Answer, Shown, Visit
from pos.invoices import building
from pos.invoices import link as links
from pos.receiptline.as_html import STYLE
from pos.refusal import Refused

_STATUS = {"link_expired": 410}


def show(visit: Visit) -> Answer:
    """`/i/{token}`. What is wrong with a link is said on the page itself: no customer signs in."""
    try:
        link = _link(visit)
        found, invoices = visit.house.database.read(
            lambda work: (
                receipts.arrived(work, link.number),
                receipts.invoices_of(work, link.number),
            )
        )
        if found is None or found.fact.where.business_date != link.day.isoformat():
            raise Refused("link_waiting", number=link.number)
    except Refused as refused:
        status = _STATUS.get(refused.code, 404)
        return Shown("receipt.html", {"why": visit.told(refused), "found": None}, status)
    order = receipts.order_of(found)
    fen, nothing = 0, ""
    try:
        fen = sum(line.net_fen for line in building.invoiceable(order))
    except Refused as refused:
        nothing = visit.told(refused)
    values = {
        "why": "",
        "found": found,
        "fen": fen,
        "nothing": nothing,
        "invoices": invoices,
        "stands": any(invoice.stands for invoice in invoices),
        "until": links.last_day(link, visit.house.settings.invoices.valid_days).isoformat(),
        "style": Markup(STYLE),  # noqa: S704  # nosec B704  # a style sheet of ours
        # every text in it is escaped where it is painted
        "slip": Markup(receipts.as_page(found, visit.language)),  # noqa: S704  # nosec B704  # every text in it is escaped where it is painted
    }
    return Shown("receipt.html", values, styled=True)


def _link(visit: Visit) -> links.Link:
    """Refused: link_not_here where no key is set up, link_forged, link_expired."""
    key = visit.house.keys.link
    if not key:
        raise Refused("link_not_here")
    today = local(visit.house.clock.now()).date()
    return links.read(key, visit.get("token"), today, visit.house.settings.invoices.valid_days)
