"""Offers: what they are, the best of them for an order, why, and what is wrong with them.

`Live(offers)` once, then `best(order, live, context, facts_of)` on each change of the order.
"""

from pos.sale.promotions.best import PAYMENT_UNITS, SCAN_UNITS, best
from pos.sale.promotions.matching import Context, Live
from pos.sale.promotions.model import (
    Coupon,
    Give,
    Limits,
    Member,
    Need,
    Offer,
    ProductFacts,
    Scope,
    Slot,
    Used,
    When,
)
from pos.sale.promotions.outcome import Applied, Outcome, Part, Proposal, Reason

__all__ = [
    "PAYMENT_UNITS",
    "SCAN_UNITS",
    "Applied",
    "Context",
    "Coupon",
    "Give",
    "Limits",
    "Live",
    "Member",
    "Need",
    "Offer",
    "Outcome",
    "Part",
    "ProductFacts",
    "Proposal",
    "Reason",
    "Scope",
    "Slot",
    "Used",
    "When",
    "best",
]
