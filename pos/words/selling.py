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
    # who sells, notes, the last scan
    seller: str
    seller_hint: str
    seller_set: str
    seller_ended: str
    note: str
    note_hint: str
    note_set: str
    note_ended: str
    # prices looked up
    check: str
    check_hint: str
    check_price: str
    check_label: str
    check_member: str
    check_stock: str
    # quick keys
    quick: str
    quick_hint: str
    quick_title: str
    quick_gone: str
    # training
    training_mark: str
    training_refuses: str
    # refusals
    seller_unknown: str
    nothing_to_repeat: str
    no_quick_keys: str
    quick_key_free: str


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
    seller="营业员",
    seller_hint="输工号；直接回车不记营业员",
    seller_set="营业员 {who}",
    seller_ended="不再记营业员",
    note="备注",
    note_hint="印在小票上；直接回车去掉备注",
    note_set="备注：{note}",
    note_ended="已去掉备注",
    check="查价",
    check_hint="扫码看价，不销售；回车或 Esc 结束",
    check_price="售价 {price} 元/{unit}",
    check_label="标签金额 {amount} 元",
    check_member="会员价 {price} 元",
    check_stock="库存 {count} {unit}",
    quick="快捷键",
    quick_hint="按一个数字或字母；Esc 返回",
    quick_title="快捷商品",
    quick_gone="没有商品 {code}",
    training_mark="练习 不作凭证 · 不收真钱",
    training_refuses="练习中不连微信、支付宝和总部。请用现金、银行卡练习",
    seller_unknown="没有工号 {id}，请核对",
    nothing_to_repeat="还没有扫过商品",
    no_quick_keys='没有设快捷键。请在 config.toml 的 [quick_keys] 里写，如 a = "货号"',
    quick_key_free="{key} 没有设商品",
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
    seller="Sold by",
    seller_hint="Type an id; Enter alone names nobody",
    seller_set="Sold by {who}",
    seller_ended="Nobody is named as seller any more",
    note="Note",
    note_hint="Printed on the receipt; Enter alone takes it off",
    note_set="Note: {note}",
    note_ended="The note is taken off",
    check="Price check",
    check_hint="Scan to see a price, nothing is sold; Enter or Esc ends it",
    check_price="Price {price} per {unit}",
    check_label="On the label {amount}",
    check_member="Member price {price}",
    check_stock="In stock {count} {unit}",
    quick="Quick key",
    quick_hint="Press one digit or letter; Esc goes back",
    quick_title="Quick goods",
    quick_gone="no product {code}",
    training_mark="TRAINING, no receipt is valid, take no real money",
    training_refuses="No wallet and no head office while training. Practise with cash or card",
    seller_unknown="There is no operator {id}",
    nothing_to_repeat="Nothing was scanned yet",
    no_quick_keys='No quick keys are set. Write [quick_keys] in config.toml, say a = "item code"',
    quick_key_free="{key} has no product",
)
