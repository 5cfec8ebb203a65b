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
)
