"""Which shop and which day a page is about."""

from __future__ import annotations

from datetime import date, timedelta

import msgspec

from pos.clock import business_date
from pos.config.sections import Shift
from pos.headoffice.database import Row, Work
from pos.headoffice.pages.gate import Visit
from pos.refusal import Refused

CUTOFF_HOUR = Shift().cutoff_hour
"""Sales after midnight belong to the day before, at tills and here."""


class Day(msgspec.Struct, frozen=True):
    """A business date with its neighbours; `next` is empty where that would be tomorrow."""

    iso: str
    previous: str
    next: str
    week_ago: str
    weekday: int
    is_today: bool


def day_of(visit: Visit) -> Day:
    """The day asked for, else today. Refused: date_form."""
    today = business_date(visit.house.clock.now(), CUTOFF_HOUR)
    text = visit.get("day")
    try:
        day = date.fromisoformat(text) if text else today
        before, week_ago = day - timedelta(days=1), day - timedelta(days=7)
        after = day + timedelta(days=1)
    except (ValueError, OverflowError):
        raise Refused("date_form", text=text) from None
    return Day(
        day.isoformat(),
        before.isoformat(),
        after.isoformat() if after <= today else "",
        week_ago.isoformat(),
        day.weekday(),
        day == today,
    )


def shop_of(visit: Visit) -> str:
    """The shop asked for; an account of one shop sees that one whatever it asks for."""
    return visit.who.of_shop or visit.get("shop")[:4]


def shops(work: Work, visit: Visit) -> list[Row]:
    """Shops that the account may see: shop_id, name."""
    sql = "SELECT shop_id, name FROM shops WHERE :s = '' OR shop_id = :s ORDER BY shop_id"
    return work.rows(sql, s=visit.who.of_shop)
