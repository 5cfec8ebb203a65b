"""What is told of offers: what is wrong with them, why one was given."""

from __future__ import annotations

import msgspec

from pos.words.offers import (
    FIELDS_EN,
    FIELDS_ZH,
    KINDS_EN,
    KINDS_ZH,
    WHO_EN,
    WHO_ZH,
    FieldWords,
    KindWords,
    WhoWords,
)


class PromotionWords(msgspec.Struct, frozen=True):
    """One field for each code of offers: refusals, findings of a check, reasons, sentences."""

    # a file of offers as a whole
    offers_not_toml: str
    offers_not_csv: str
    offers_no_header: str
    offers_too_many: str
    offers_faults: str
    # an offer with a fault
    offer_repeated: str
    offer_missing: str
    offer_text: str
    offer_number: str
    offer_needs_one: str
    offer_one_only: str
    offer_field_not_for_kind: str
    offer_field_unknown: str
    offer_value: str
    offer_off_above_amount: str
    offer_dates_reversed: str
    offer_weekdays: str
    offer_times: str
    offer_levels_without_level: str
    offer_for_members: str
    offer_price_needs_scope: str
    offer_slot_empty: str
    offer_twice: str
    # a file of coupons, the files as such
    coupons_not_csv: str
    coupons_no_header: str
    coupons_too_many: str
    coupon_code: str
    coupon_repeated: str
    coupon_no_offer: str
    coupon_uses: str
    promotion_file: str
    # at the counter
    coupon_first_goods: str
    coupons_most: str
    coupon_no_use: str
    coupon_used_up: str
    coupon_called_back: str
    coupon_offline: str
    coupon_counter: str
    no_offers_here: str
    check_ok: str
    # found by a check
    found_clash: str
    found_circle: str
    found_unknown_sku: str
    found_unknown_category: str
    found_unknown_brand: str
    found_over: str
    found_never: str
    found_nothing: str
    found_below_cost: str
    found_below_lowest: str
    found_no_saving: str
    found_only_weighed: str
    # why an offer was not given
    not_this_shop: str
    not_now: str
    members_only: str
    other_level: str
    not_birthday: str
    limit_reached: str
    budget_spent: str
    needs_amount: str
    needs_pieces: str
    needs_parts_or_better: str
    priced_by_hand: str
    no_discount_goods: str
    weighed_goods: str
    other_better: str
    add_on_open: str
    coupon_unknown: str
    coupon_used: str
    coupon_twice: str
    coupon_needs_more: str
    coupon_other_better: str
    # why one was
    given: str
    given_coupon: str
    given_points: str
    own_member_price: str
    line_part: str
    line_spread: str
    saved: str
    not_given: str
    not_searched: str
    # what could still be had
    near_pieces: str
    near_amount: str
    near_add_on: str
    # a line of the order and of the receipt
    on_line: str
    kinds: KindWords
    who: WhoWords
    fields: FieldWords


ZH = PromotionWords(
    offers_not_toml="促销文件不是正确的 TOML：{why}。请改正后再导入",
    offers_not_csv="促销文件第 {line} 行读不出来：{why}。请另存为 CSV（UTF-8）再导入",
    offers_no_header="促销文件第 1 行缺少列：{columns}。请补上表头",
    offers_too_many="促销文件太大（最多 {most} 条）。请删去过期的促销",
    offers_faults="促销文件有 {count} 处错误，没有导入。第一处：{first}",
    offer_repeated="促销 {id}（第 {line} 行）：编号重复。请换一个编号",
    offer_missing="促销 {id}（第 {line} 行）：缺少“{field}”，请填写",
    offer_text="促销 {id}（第 {line} 行）：“{field}”太长或有看不见的字符，请改为“{text}”之类",
    offer_number="促销 {id}（第 {line} 行）：“{field}”的数 {text} 超出范围，请改正",
    offer_needs_one="促销 {id}（第 {line} 行）：这种促销要填其中一项：{text}",
    offer_one_only="促销 {id}（第 {line} 行）：只能填其中一项：{text}，请删去其余",
    offer_field_not_for_kind="促销 {id}（第 {line} 行）：{text} 不用“{field}”，请删去",
    offer_field_unknown="促销 {id}（第 {line} 行）：没有“{text}”这一项{near:near}，请改正",
    offer_value="促销 {id}（第 {line} 行）：“{field}”的值“{text}”不对，应像 {near}",
    offer_off_above_amount="促销 {id}（第 {line} 行）：减的钱比门槛还多，请核对“{field}”",
    offer_dates_reversed="促销 {id}（第 {line} 行）：结束早于开始（{text}），请改“{field}”",
    offer_weekdays="促销 {id}（第 {line} 行）：“{field}”{text} 不对，应为 1 到 7，不重复",
    offer_times="促销 {id}（第 {line} 行）：“{field}”{text} 不对，应像 17:00-20:00",
    offer_levels_without_level="促销 {id}（第 {line} 行）：填了“{field}”，对象却是 {text}，请改",
    offer_for_members="促销 {id}（第 {line} 行）：{text} 只对会员，请把“{field}”改为会员",
    offer_price_needs_scope="促销 {id}（第 {line} 行）：固定价要写明商品，请填“{field}”或分类",
    offer_slot_empty="促销 {id}（第 {line} 行）：“{field}”每一项都要写明商品",
    offer_twice="促销 {id}（第 {line} 行）：“{field}”里有重复或空白：{text}，请删去",
    coupons_not_csv="第 {line} 行读不出来：{why}。请另存为 CSV（UTF-8）",
    coupons_no_header="第 1 行缺少列：{columns}。请补上表头（券码,促销,可用次数）",
    coupons_too_many="券太多（最多 {most} 张）。请删去过期的券",
    coupon_code="第 {line} 行：券码“{code}”是空的、太长或有看不见的字符，请改正",
    coupon_repeated="第 {line} 行：券码 {code} 重复，请删去一个",
    coupon_no_offer="第 {line} 行：券 {code} 的促销“{offer}”不在促销文件里，或不是优惠券",
    coupon_uses="第 {line} 行：券 {code} 的可用次数“{text}”不对，应为 1 以上的整数",
    promotion_file="{file}：{why}",
    coupon_first_goods="先扫商品，再扫券",
    coupons_most="一单最多用 {most} 张券",
    coupon_no_use="券没有用上。{why}",
    coupon_used_up="{name} 券 {code} 已经用过了，不能再用",
    coupon_called_back="{name} 券 {code} 总部已停用",
    coupon_offline="连不上总部，查不了券 {code} 用没用过：先不收这张券，网通了再用",
    coupon_counter="券 {code} 由总部核销，只能在收银台上用",
    check_ok="{count} 条促销，没有发现问题",
    no_offers_here="本单没有优惠，也没有差一点的优惠",
    found_clash="促销 {id} 与 {other} 同组同范围，每件商品只会用其中一个。确认后可不改，或换组",
    found_circle="换购 {id} 的换购品又满足 {other} 的条件，会循环。请排除换购品 {text}",
    found_unknown_sku="促销 {id}：没有货号 {text}。请核对货号，或先建商品",
    found_unknown_category="促销 {id}：没有商品属于分类“{text}”。请核对分类",
    found_unknown_brand="促销 {id}：没有商品属于品牌“{text}”。请核对品牌",
    found_over="促销 {id} 已于 {text} 结束。请删去或改日期",
    found_never="促销 {id}：日期内没有这样的星期和时段，永远不会生效。请改时间",
    found_nothing="促销 {id}：没有可参加的商品（不可折的不算）。请核对范围",
    found_below_cost="促销 {id}：{text} 最低卖到 {fen:yuan} 元，低于进价 {limit:yuan} 元。请核对",
    found_below_lowest="促销 {id}：{text} 最低卖 {fen:yuan} 元，低于最低价 {limit:yuan} 元。请核对",
    found_no_saving="促销 {id}：{text} 不比原价 {fen:yuan} 元便宜，不起作用。请核对价格",
    found_only_weighed="促销 {id}：范围内都是称重商品，不按件计，不会生效。请改范围",
    not_this_shop="本店不参加",
    not_now="不在活动时间",
    members_only="只限会员",
    other_level="会员等级不符",
    not_birthday="只限生日",
    limit_reached="次数已用完",
    budget_spent="活动额度已用完",
    needs_amount="还差 {missing:yuan} 元",
    needs_pieces="还差 {missing} 件",
    needs_parts_or_better="组合没配齐，或别的优惠更省",
    priced_by_hand="价格已手工改过",
    no_discount_goods="商品不参加优惠",
    weighed_goods="称重商品不按件计",
    other_better="别的优惠更省，或优惠后不到条件",
    add_on_open="没有选换购品",
    coupon_unknown="没有这种券，请核对券码",
    coupon_used="券已用过",
    coupon_twice="同一张券扫了两次",
    coupon_needs_more="还差 {missing:yuan} 元可用券",
    coupon_other_better="别的券更省",
    given="{name}（{kind}）{times} 次，省 {fen:yuan} 元",
    given_coupon="{name}（{kind} {code}），省 {fen:yuan} 元",
    given_points="{name}（{kind}）用 {points} 分，抵 {fen:yuan} 元",
    own_member_price="商品会员价",
    line_part="第 {line_no} 行 {quantity}：原 {original:yuan} 元，省 {fen:yuan} 元",
    line_spread="按金额摊到整单各行",
    saved="共省 {fen:yuan} 元",
    not_given="没有用 {name}：{why}",
    not_searched="商品太多，只找了较好的搭配，不一定最省",
    near_pieces="再买 {missing} 件，享 {name}",
    near_amount="再买 {missing:yuan} 元，享 {name}",
    near_add_on="可加 {price:yuan} 元换购 {skus}（{name}，还可换 {missing} 件）",
    on_line="{name} -{fen:yuan}",
    kinds=KINDS_ZH,
    who=WHO_ZH,
    fields=FIELDS_ZH,
)

EN = PromotionWords(
    offers_not_toml="The offers file is no valid TOML: {why}. Mend it and import again",
    offers_not_csv="Offers file line {line} cannot be read: {why}. Save it as CSV (UTF-8)",
    offers_no_header="Offers file line 1: columns missing: {columns}. Add the header",
    offers_too_many="The offers file is too large (at most {most}). Delete offers that are over",
    offers_faults="The offers file has {count} faults, nothing was imported. The first: {first}",
    offer_repeated="Offer {id} (line {line}): this id is there twice, choose another",
    offer_missing='Offer {id} (line {line}): "{field}" is missing, fill it in',
    offer_text='Offer {id} (line {line}): "{field}" is too long or has hidden characters: "{text}"',
    offer_number='Offer {id} (line {line}): "{field}" {text} is out of range, correct it',
    offer_needs_one="Offer {id} (line {line}): this kind needs one of {text}",
    offer_one_only="Offer {id} (line {line}): only one of {text} may be given, delete the others",
    offer_field_not_for_kind='Offer {id} (line {line}): {text} takes no "{field}", delete it',
    offer_field_unknown='Offer {id} (line {line}): there is no field "{text}"{near:near}',
    offer_value='Offer {id} (line {line}): "{field}" has a wrong value "{text}", say {near}',
    offer_off_above_amount='Offer {id} (line {line}): more off than is spent, check "{field}"',
    offer_dates_reversed='Offer {id} (line {line}): ends before it starts ({text}), see "{field}"',
    offer_weekdays='Offer {id} (line {line}): "{field}" {text} is wrong: 1 to 7, once each',
    offer_times='Offer {id} (line {line}): "{field}" {text} is wrong, say 17:00-20:00',
    offer_levels_without_level='Offer {id} (line {line}): has "{field}" but is for {text}',
    offer_for_members='Offer {id} (line {line}): {text} is for members, set "{field}" to member',
    offer_price_needs_scope='Offer {id} (line {line}): a price needs products: "{field}" or more',
    offer_slot_empty='Offer {id} (line {line}): each part of "{field}" must name products',
    offer_twice='Offer {id} (line {line}): "{field}" has repeats or blanks: {text}',
    coupons_not_csv="line {line} cannot be read: {why}. Save it as CSV (UTF-8)",
    coupons_no_header="line 1: columns missing: {columns}. Add the header (code,offer,uses)",
    coupons_too_many="too many coupons (at most {most}). Delete those that are over",
    coupon_code='line {line}: coupon code "{code}" is empty, too long or has hidden characters',
    coupon_repeated="line {line}: coupon code {code} is there twice, delete one",
    coupon_no_offer='line {line}: coupon {code} names offer "{offer}", which is no coupon offer',
    coupon_uses='line {line}: coupon {code} has wrong uses "{text}", a number from 1 on',
    promotion_file="{file}: {why}",
    coupon_first_goods="Scan goods first, then the coupon",
    coupons_most="At most {most} coupons on one order",
    coupon_no_use="The coupon gives nothing. {why}",
    coupon_used_up="Coupon {code} ({name}) was used before",
    coupon_called_back="Coupon {code} ({name}) was called back by head office",
    coupon_offline="Head office cannot be asked whether coupon {code} was used: do not take it now",
    coupon_counter="Coupon {code} is checked by head office: only at the counter",
    check_ok="{count} offers, nothing found",
    no_offers_here="No offer on this order, and none nearly had",
    found_clash="Offers {id} and {other} have one group and scope: a piece gets one of them only",
    found_circle="Add-ons of {id} meet the need of {other}, a circle. Exclude the add-on {text}",
    found_unknown_sku="Offer {id}: there is no product {text}. Check the code or add the product",
    found_unknown_category='Offer {id}: no product is in category "{text}". Check the category',
    found_unknown_brand='Offer {id}: no product is of brand "{text}". Check the brand',
    found_over="Offer {id} ended on {text}. Delete it or change its dates",
    found_never="Offer {id}: no such weekday within its dates, never live. Change them",
    found_nothing="Offer {id}: no product takes part (no-discount ones do not). Check its scope",
    found_below_cost="Offer {id}: {text} may go at {fen:yuan}, below cost {limit:yuan}. Check it",
    found_below_lowest="Offer {id}: {text} may go at {fen:yuan}, below its lowest {limit:yuan}",
    found_no_saving="Offer {id}: {text} is not cheaper than its price {fen:yuan}. Check the price",
    found_only_weighed="Offer {id}: all its goods are weighed, not pieces. Change the scope",
    not_this_shop="not in this shop",
    not_now="not at this time",
    members_only="for members only",
    other_level="for another member level",
    not_birthday="for birthdays only",
    limit_reached="used as often as it may be",
    budget_spent="its budget is spent",
    needs_amount="{missing:yuan} short",
    needs_pieces="{missing} pieces short",
    needs_parts_or_better="the bundle is not complete, or another offer saves more",
    priced_by_hand="the price was changed by hand",
    no_discount_goods="the goods take no discount",
    weighed_goods="weighed goods are no pieces",
    other_better="another offer saves more, or leaves too little for this one",
    add_on_open="no add-on was chosen",
    coupon_unknown="no such coupon, check its code",
    coupon_used="the coupon was used before",
    coupon_twice="the same coupon was given twice",
    coupon_needs_more="{missing:yuan} short for this coupon",
    coupon_other_better="another coupon saves more",
    given="{name} ({kind}) {times} times, saves {fen:yuan}",
    given_coupon="{name} ({kind} {code}), saves {fen:yuan}",
    given_points="{name} ({kind}), {points} points for {fen:yuan}",
    own_member_price="The product's member price",
    line_part="line {line_no}, {quantity}: was {original:yuan}, saves {fen:yuan}",
    line_spread="spread over the order's lines by amount",
    saved="{fen:yuan} saved in all",
    not_given="{name} was not given: {why}",
    not_searched="Too many goods to try everything: good offers, perhaps not the best",
    near_pieces="{missing} more for {name}",
    near_amount="{missing:yuan} more for {name}",
    near_add_on="Add {skus} for {price:yuan} ({name}, {missing} more allowed)",
    on_line="{name} -{fen:yuan}",
    kinds=KINDS_EN,
    who=WHO_EN,
    fields=FIELDS_EN,
)


def of(language: str) -> PromotionWords:
    """The words of a language."""
    return EN if language == "en" else ZH
