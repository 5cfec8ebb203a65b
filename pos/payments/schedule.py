"""When to ask again, when to give up, when to undo: the providers' own rules as figures.

WeChat Pay payment codes: query every 5 s within 45 s, then reverse at once, not before 15 s after
paying and within 7 days; a reverse without an answer is called again (pay.weixin.qq.com
"付款码支付" 2025.08.14, "开发指引" 2025.03.21, "合理的查单逻辑" 2025.02.19). Alipay: query every
3 to 6 s for about 60 s, cancel right after the last query and within 24 hours (opendocs
"当面付轮询说明" 2021-07-07). Where neither pay nor query is answered Alipay would have it cancelled
at once; asking out the minute gives the customer's money its chance to be seen and ends with the
same cancel. A QR is asked after every 3 s until it expires; one of Alipay has no trade before it is
scanned and is watched beyond its end.
"""

from __future__ import annotations

from datetime import timedelta

import msgspec

from pos.payments.protocol import Way


class Schedule(msgspec.Struct, frozen=True):
    """Seconds, counted from sending where nothing else is said."""

    interval: float
    deadline: float
    """After it one last query, then the cancel. A QR ends at its own expiry instead."""
    cancel_not_before: float = 0
    cancel_within: float = 24 * 3600
    watch_after: float = 600
    """How long an order that was closed or never seen is still asked after."""


CANCEL_DELAYS = (2.0, 5.0, 10.0)
"""Waits before the second, third and fourth cancel; later ones come in the background."""
BACKGROUND = 60.0
SLOW = 600.0
SLOW_AFTER = 3600.0
"""An attempt unresolved for an hour is looked after every ten minutes, for as long as it takes."""
DECIDED_WATCH = 24 * 3600.0
CALL_LIMIT = 90.0
"""A query or cancel that has not come back by then is taken for unanswered."""
QR_LIFE = timedelta(minutes=3)
"""Short, so that an abandoned QR is soon harmless."""
QR_MARGIN = 60.0

_SCHEDULES: dict[tuple[str, Way], Schedule] = {
    ("wechat", "code"): Schedule(5, 45, cancel_not_before=15, cancel_within=7 * 24 * 3600),
    ("wechat", "qr"): Schedule(3, 180, cancel_within=7 * 24 * 3600),
    ("alipay", "code"): Schedule(5, 60),
    ("alipay", "qr"): Schedule(3, 180),
}
_CAUTIOUS = Schedule(5, 60, cancel_not_before=15)


def schedule_of(channel: str, way: Way) -> Schedule:
    """The rules of a channel; a channel without its own gets the stricter of both worlds."""
    return _SCHEDULES.get((channel, way), _CAUTIOUS)
