"""The few words a screen has of its own: column titles, names of sums, what it says of itself."""

from __future__ import annotations

import msgspec


class ScreenWords(msgspec.Struct, frozen=True):
    """Labels; `no` heads the line numbers, `waiting` stands where an order has no line yet."""

    no: str
    name: str
    quantity: str
    unit_price: str
    amount: str
    pieces: str
    list_total: str
    saved: str
    held: str
    customer: str
    total: str
    due: str
    cash_due: str
    tenders: str
    quick: str
    given: str
    change: str
    number: str
    refund: str
    refund_total: str
    refund_ways: str
    refunded: str
    waiting: str
    seller: str
    note: str
    more: str
    busy: str
    too_small: str
    house: str
    crashed: str
    """One calm line after a crash; `{log}` is the file that tells more."""
    ended: str


ZH = ScreenWords(
    no="行",
    name="商品",
    quantity="数量",
    unit_price="单价",
    amount="金额",
    pieces="件数",
    list_total="原价",
    saved="优惠",
    held="挂单",
    customer="顾客",
    total="合计",
    due="待收",
    cash_due="现金应收",
    tenders="已收",
    quick="整钞",
    given="收款",
    change="找零",
    number="单号",
    refund="应退",
    refund_total="退货合计",
    refund_ways="退款方式",
    refunded="已退",
    seller="营业员",
    note="备注",
    waiting="请扫码，或输入条码、货号后按回车",
    more="↓ 还有",
    busy="请稍候",
    too_small="窗口太小，请放大到 80 列 24 行",
    house="收银台",
    crashed="收银程序出错，已停止。单据已保存，请重新启动。错误记录：{log}",
    ended="收银程序已停止。",
)

EN = ScreenWords(
    no="#",
    name="Product",
    quantity="Qty",
    unit_price="Price",
    amount="Amount",
    pieces="Pieces",
    list_total="List",
    saved="Saved",
    held="Held",
    customer="Customer",
    total="Total",
    due="Due",
    cash_due="Cash due",
    tenders="Taken",
    quick="Notes",
    given="Taken",
    change="Change",
    number="Order",
    refund="To give back",
    refund_total="Returned",
    refund_ways="Ways",
    refunded="Given back",
    seller="Sold by",
    note="Note",
    waiting="Scan, or type a code and press Enter",
    more="↓ more:",
    busy="one moment",
    too_small="The window is too small: 80 columns and 24 rows are needed",
    house="Point of sale",
    crashed="The till stopped after an error. The order is saved; please start again. Log: {log}",
    ended="The till has stopped.",
)

CATALOGUE = {"zh": ZH, "en": EN}
