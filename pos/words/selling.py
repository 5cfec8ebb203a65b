"""What the till says of offers, salespeople, notes, training, quick keys and looked-up prices."""

from __future__ import annotations

import msgspec


class SellingWords(msgspec.Struct, frozen=True):
    """One field for each word; braces are filled in."""

    # offers
    note_was: str
    note_order: str
    offers_title: str
    offers_columns: tuple[str, str, str]
    offers_add: str
    offers_given: str
    offers_near: str
    offers_not: str
    coupon_taken: str
    coupon_off: str
    add_on: str
    member_price: str


ZH = SellingWords(
    note_was="原价 {amount}",
    note_order="整单优惠 -{amount}",
    offers_title="本单优惠",
    offers_columns=("", "优惠", ""),
    offers_add="可换购",
    offers_given="已享",
    offers_near="差一点",
    offers_not="未享",
    coupon_taken="已用券 {name}，减 {amount}",
    coupon_off="已取下券 {code}",
    add_on="已换购 {name}，{price} 元",
    member_price="会员价",
)

EN = SellingWords(
    note_was="was {amount}",
    note_order="order offers -{amount}",
    offers_title="Offers of this order",
    offers_columns=("", "Offer", ""),
    offers_add="may add",
    offers_given="given",
    offers_near="nearly",
    offers_not="not given",
    coupon_taken="Coupon {name} taken, {amount} off",
    coupon_off="Coupon {code} taken off",
    add_on="Added {name} for {price}",
    member_price="Member price",
)
