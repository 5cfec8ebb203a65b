"""Coupons whose uses head office counts for all tills: kept there before they are on the order.

The use is under a request that is on disk before it is asked. Closing the order confirms it; a
draft that no longer has the coupon lets it go in the same transaction. An answer that is lost uses
nothing. Without head office such a coupon is refused: another till may have taken it already.
"""

from __future__ import annotations

from collections.abc import Callable
from typing import TYPE_CHECKING

from pos.protocol.between import CouponUse, UseCoupon
from pos.refusal import Refused
from pos.till import selling, syncing, training

if TYPE_CHECKING:
    from pos.till.till import Till


def use(till: Till, code: str, name: str, then: Callable[[], None]) -> None:
    """Keep a use of `code` for the order at the counter, then put it on."""
    training.refuse_outside(till)
    order = selling.current(till)
    asked = UseCoupon(till.ids.uuid7(), till.session.operator_id, code, order.order_id)

    def kept(_: CouponUse) -> None:
        then()

    def refused(why: Refused) -> None:
        match why.code:
            case "ho_not_enough":
                why = Refused("coupon_used_up", name=name, code=code)
            case "ho_not_found":
                why = Refused("coupon_called_back", name=name, code=code)
            case "ho_unreachable":
                why = Refused("coupon_offline", name=name, code=code)
        till.refuse(why)

    syncing.ask(till, lambda office: office.use_coupon(asked), kept, refused)
