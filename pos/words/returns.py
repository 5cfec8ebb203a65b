"""Words of returns."""

from __future__ import annotations

import msgspec


class ReturnWords(msgspec.Struct, frozen=True):
    """One field for each code and word; `{x:yuan}` shows fen as yuan."""

    # refusals
    return_of_return: str
    return_not_positive: str
    return_not_whole: str
    return_too_much: str
    all_returned: str
    return_above_list: str
    return_over_limit: str
    return_unconfirmed: str
    return_too_late: str
    return_other_shop: str
    return_before_reopen: str
    not_an_order_number: str
    return_over_paid: str
    return_line_fixed: str
    # refusals of the counter
    return_nothing: str
    return_other_till: str
    return_none_there: str
    return_first: str
    return_bare_first: str
    reopening_fixed: str
    reference_not_needed: str
    # the counter
    which: str
    which_hint: str
    what: str
    what_hint: str
    bare: str
    bare_hint: str
    bare_price: str
    bare_price_hint: str
    reasons: tuple[str, ...]
    bare_reasons: tuple[str, ...]
    reopen_reasons: tuple[str, ...]
    title: str
    columns: tuple[str, ...]
    note: str
    conditions: dict[str, str]
    banner_return: str
    banner_exchange: str
    banner_reopen: str
    line_note: str
    line_note_bare: str
    put_on: str
    refund_prompt: str
    refund_hint: str
    refund_reference: str
    refund_reference_hint: str
    refund_behind: str
    closed: str
    reopening: str
    reopened: str
    taken_back: str
    many_title: str
    many_columns: tuple[str, ...]


ZH = ReturnWords(
    return_of_return="这是退货行，不能再退",
    return_not_positive="退货数量要大于 0",
    return_not_whole="{name}按件卖，退货数量要是整数",
    return_too_much="{name}只剩 {left} 可退",
    all_returned="这张单的商品已全部退完",
    return_above_list="退货价不能高于售价 {list:yuan}",
    return_over_limit="无小票退货最多 {most:yuan} 元，更多请主管授权",
    return_unconfirmed="其他收银机卖出、总部未确认的退货最多 {most:yuan} 元",
    return_too_late="已超过 {days} 天退货期，请主管授权",
    return_other_shop="这是门店 {shop} 的小票，请到该门店退货",
    return_before_reopen="这张单已有退货，不能反结账，请按退货办理",
    not_an_order_number="“{number}”不是单号，请扫小票上的条码",
    return_over_paid="{name}退的比付的多，请重新选择要退的商品",
    return_line_fixed="{name}是退货行，数量和价格不能改；删掉后重新退",
    return_nothing="还没选要退的商品：+ 加一件，或按 {key} 整单退",
    return_other_till="这是 {till} 号机的小票，本机没有这张单，请到 {till} 号机退货",
    return_none_there="{name}不在这张单上，或已退完",
    return_first="先办完已选的商品，再扫另一张小票",
    return_bare_first="没有小票请先按 {key}",
    reference_not_needed="没有这么多刷卡或转账要退，参考号多了",
    reopening_fixed="反结账是整单退，不能增减商品；不做了请整单取消",
    which="退货 小票单号",
    which_hint="扫小票条码，或输单号末几位；F10 找单",
    what="退货 数量",
    what_hint="扫商品或输数量；空行回车退已选的",
    bare="无小票退货",
    bare_hint="扫要退的商品；Esc 完成",
    bare_price="{name} 退货单价（元）",
    bare_price_hint="直接回车是 {price}",
    reasons=("质量问题", "拿错买错", "不想要了", "价签不符", "其他"),
    bare_reasons=("小票丢失", "质量问题", "礼品退换", "店长同意"),
    reopen_reasons=("付款方式错", "价格错", "商品错", "顾客要求"),
    title="◀ 退货 ▶ 原单 {number}  {date}",
    columns=("商品", "售出", "已退", "本次退", "退款", "去向"),
    note="退 {count} 件  {amount} 元",
    conditions={"stock": "入库", "damaged": "报损"},
    banner_return="◀◀◀ 退货 ▶▶▶",
    banner_exchange="◀◀◀ 换货 ▶▶▶",
    banner_reopen="◀◀◀ 反结账 整单退回 ▶▶▶",
    line_note="退 原单 …{number} 第 {line} 行 {condition}",
    line_note_bare="退 无小票 {condition}",
    put_on="已加退货 {count} 行，{amount} 元；可继续扫换的商品，或结算退款",
    refund_prompt="退款",
    refund_hint="回车按下列方式退款",
    refund_reference="{way}退款参考号 {amount}",
    refund_reference_hint="先在刷卡机或网银退 {amount} 元，再输参考号",
    refund_behind="{way} {amount} 元原路退回中，结果见 {key}",
    closed="退货已完成，单号 {number}，退 {amount}",
    reopening="反结账：确认退款后，原商品自动重新开单",
    reopened="反结账完成，原单已退（{number}）；请重新收款",
    taken_back="已撤销{way}退款 {amount}",
    many_title="哪一张单？",
    many_columns=("单号", "时间", "收银员", "金额"),
)


EN = ReturnWords(
    return_of_return="This line is a return itself and cannot be returned",
    return_not_positive="The quantity to return must be above 0",
    return_not_whole="{name} is sold by the piece: return whole ones",
    return_too_much="Only {left} of {name} can still be returned",
    all_returned="Everything on this order has been returned",
    return_above_list="A return cannot be priced above the list price {list:yuan}",
    return_over_limit="Without a receipt at most {most:yuan}; a supervisor may allow more",
    return_unconfirmed="Sold by another till, unconfirmed by head office: at most {most:yuan}",
    return_too_late="More than {days} days ago; a supervisor may allow it",
    return_other_shop="This receipt is of shop {shop}: return it there",
    return_before_reopen="Something was returned already; return the rest instead of reopening",
    not_an_order_number="“{number}” is no order number, scan the receipt's barcode",
    return_over_paid="More of {name} would go back than was paid, choose the goods again",
    return_line_fixed="{name} comes back: it keeps its sums; delete the line and return it anew",
    return_nothing="Nothing is chosen yet: + for one more, or {key} for everything",
    return_other_till="A receipt of till {till}, which this till does not have: return it there",
    return_none_there="{name} is not on this order, or all of it has come back",
    return_first="Put what is chosen on the order before scanning another receipt",
    return_bare_first="Without a receipt press {key} first",
    reference_not_needed="More references than refunds by card or transfer",
    reopening_fixed="Reopening takes the whole order back; void the order to give it up",
    which="Return of receipt",
    which_hint="Scan its barcode or type the end of its number; F10 finds it",
    what="Return, quantity",
    what_hint="Scan goods or type a quantity; Enter takes what is chosen",
    bare="Return without receipt",
    bare_hint="Scan what comes back; Esc when done",
    bare_price="{name}, price of one (yuan)",
    bare_price_hint="Enter alone: {price}",
    reasons=("quality", "wrong goods", "changed their mind", "wrong tag", "other"),
    bare_reasons=("receipt lost", "quality", "a gift", "manager agreed"),
    reopen_reasons=("wrong tender", "wrong price", "wrong goods", "customer asked"),
    title="◀ Return ▶ of {number}  {date}",
    columns=("Goods", "Sold", "Back", "Now", "Refund", "To"),
    note="{count} back, {amount}",
    conditions={"stock": "stock", "damaged": "damaged"},
    banner_return="◀◀◀ RETURN ▶▶▶",
    banner_exchange="◀◀◀ EXCHANGE ▶▶▶",
    banner_reopen="◀◀◀ REOPENING, ALL COMES BACK ▶▶▶",
    line_note="back from …{number}, line {line}, to {condition}",
    line_note_bare="back without receipt, to {condition}",
    put_on="{count} lines come back, {amount}; scan new goods for an exchange, or settle",
    refund_prompt="Refund",
    refund_hint="Enter gives it back as listed",
    refund_reference="{way} refund reference {amount}",
    refund_reference_hint="Refund {amount} at the card terminal or bank, then type its reference",
    refund_behind="{way} {amount} is on its way back, see {key}",
    closed="The return is closed, {number}, {amount} given back",
    reopening="Reopening: after the refund the same goods open as a new order",
    reopened="Reopened, the old order came back as {number}; take the money anew",
    taken_back="Took the {way} refund of {amount} back",
    many_title="Which order?",
    many_columns=("Number", "Time", "Operator", "Amount"),
)
