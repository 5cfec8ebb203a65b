"""The signed short link in a receipt's QR code. It names an order and no person.

`BASE/i/NUMBER.DAY.FEN.MARK`: the order's number (shop and till stand in it), its day and what may
be invoiced of it, both to base 36, and 96 bits of HMAC-SHA-256 over the rest.
"""

from __future__ import annotations

import base64
import hmac
import re
from datetime import date, timedelta

import msgspec

from pos.refusal import Refused

PATH = "/i/"
KEY_BYTES = 32
_TOKEN = re.compile(r"([0-9]{15})\.([0-9a-z]{4,6})\.([0-9a-z]{1,8})\.([0-9A-Za-z_-]{16})")
_DIGITS = "0123456789abcdefghijklmnopqrstuvwxyz"


class Link(msgspec.Struct, frozen=True):
    """What a link says. `day` is the order's business date, `fen` what may be invoiced."""

    number: str
    day: date
    fen: int


def token(key: bytes, link: Link) -> str:
    """The signed text of a link."""
    told = f"{link.number}.{_base36(link.day.toordinal())}.{_base36(link.fen)}"
    return f"{told}.{_mark(key, told)}"


def url(base: str, key: bytes, link: Link) -> str:
    """The whole address for a QR code."""
    return base.rstrip("/") + PATH + token(key, link)


def read(key: bytes, text: str, today: date, valid_days: int) -> Link:
    """What a link says, if we signed it and it is still good.

    Raises Refused: link_forged, link_expired.
    """
    match = _TOKEN.fullmatch(text)
    told = text.rpartition(".")[0]
    if not match or not hmac.compare_digest(match[4], _mark(key, told)):
        raise Refused("link_forged")
    try:
        day = date.fromordinal(int(match[2], 36))
    except (ValueError, OverflowError):
        raise Refused("link_forged") from None
    link = Link(match[1], day, int(match[3], 36))
    if today > last_day(link, valid_days):
        raise Refused("link_expired", days=valid_days, day=day.isoformat())
    return link


def last_day(link: Link, valid_days: int) -> date:
    """The last day on which a link is good."""
    return link.day + timedelta(days=valid_days)


def _mark(key: bytes, told: str) -> str:
    digest = hmac.digest(key, b"guitai invoice link " + told.encode(), "sha256")
    return base64.urlsafe_b64encode(digest[:12]).decode("ascii")


def _base36(number: int) -> str:
    text = ""
    while True:
        number, digit = divmod(number, 36)
        text = _DIGITS[digit] + text
        if not number:
            return text
