"""What offers are called: their kinds, whom they are for, the columns of their files."""

from __future__ import annotations

import msgspec


class FieldWords(msgspec.Struct, frozen=True):
    """The columns of an offers file in their order; a file may use these or the fields' names."""

    id: str
    name: str
    kind: str
    first: str
    last: str
    weekdays: str
    times: str
    who: str
    levels: str
    shops: str
    skus: str
    categories: str
    brands: str
    not_skus: str
    not_categories: str
    not_brands: str
    qty: str
    amount: str
    slots: str
    price: str
    off: str
    rate: str
    most_off: str
    level_rates: str
    free: str
    gifts: str
    points: str
    most_rate: str
    repeat: str
    mix: str
    group: str
    priority: str
    stack: str
    per_order: str
    per_member: str
    per_day: str
    budget: str


class KindWords(msgspec.Struct, frozen=True):
    """What the kinds of offers are called."""

    special: str
    member_price: str
    time_price: str
    nth: str
    buy_get: str
    bundle: str
    add_on: str
    spend_off: str
    every_off: str
    spend_rate: str
    coupon: str
    points: str


class WhoWords(msgspec.Struct, frozen=True):
    """For whom an offer is."""

    all: str
    member: str
    level: str
    birthday: str
    birthday_month: str


KINDS_ZH = KindWords(
    special="单品特价",
    member_price="会员价",
    time_price="时段价",
    nth="第N件M折",
    buy_get="买N送M",
    bundle="组合套餐",
    add_on="换购",
    spend_off="满减",
    every_off="每满减",
    spend_rate="满折",
    coupon="优惠券",
    points="积分抵现",
)

WHO_ZH = WhoWords(
    all="所有人", member="会员", level="等级", birthday="生日", birthday_month="生日月"
)

FIELDS_ZH = FieldWords(
    id="编号",
    name="名称",
    kind="类型",
    first="开始日期",
    last="结束日期",
    weekdays="星期",
    times="时段",
    who="对象",
    levels="会员等级",
    shops="门店",
    skus="货号",
    categories="分类",
    brands="品牌",
    not_skus="排除货号",
    not_categories="排除分类",
    not_brands="排除品牌",
    qty="件数",
    amount="满金额",
    slots="组合",
    price="价格",
    off="减金额",
    rate="折扣",
    most_off="最多减",
    level_rates="等级折扣",
    free="送件数",
    gifts="换购品",
    points="每多少积分",
    most_rate="最多抵比例",
    repeat="每单次数",
    mix="可混搭",
    group="互斥组",
    priority="优先级",
    stack="与会员价同享",
    per_order="每单限",
    per_member="每人限",
    per_day="每日限",
    budget="总额度",
)

KINDS_EN = KindWords(
    special="special price",
    member_price="member price",
    time_price="happy hour",
    nth="n-th piece",
    buy_get="buy and get",
    bundle="bundle",
    add_on="add-on",
    spend_off="spend and save",
    every_off="off every",
    spend_rate="spend for a rate",
    coupon="coupon",
    points="points",
)

WHO_EN = WhoWords(
    all="everybody",
    member="member",
    level="level",
    birthday="birthday",
    birthday_month="month of birth",
)

FIELDS_EN = FieldWords(
    id="Id",
    name="Name",
    kind="Kind",
    first="From",
    last="To",
    weekdays="Weekdays",
    times="Times",
    who="Who",
    levels="Levels",
    shops="Shops",
    skus="Products",
    categories="Categories",
    brands="Brands",
    not_skus="Not products",
    not_categories="Not categories",
    not_brands="Not brands",
    qty="Pieces",
    amount="Amount",
    slots="Parts",
    price="Price",
    off="Off",
    rate="Rate",
    most_off="Most off",
    level_rates="Level rates",
    free="Free pieces",
    gifts="Add-ons",
    points="Points for each",
    most_rate="Most share",
    repeat="Times an order",
    mix="Mixed",
    group="Group",
    priority="Priority",
    stack="With member price",
    per_order="Per order",
    per_member="Per member",
    per_day="Per day",
    budget="Budget",
)
