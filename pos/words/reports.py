"""Words of counts and reports."""

from __future__ import annotations

import msgspec


class ReportWords(msgspec.Struct, frozen=True):
    """One field for each code and word; `{x:yuan}` shows fen as yuan."""

    # counting
    denominations_wrong: str
    count_unknown_denomination: str
    count_negative: str
    count_too_large: str
    count_not_a_number: str
    count_done: str
    count_incomplete: str
    # reports
    report_stopped: str
    # titles
    figures_report: str
    sales_by: str
    tax_report: str
    stock_report: str
    audit_report: str
    top_movers: str
    slow_movers: str
    # columns
    item: str
    times: str
    amount: str
    name: str
    orders: str
    quantity: str
    gross: str
    discount: str
    sold: str
    returned: str
    net: str
    tax: str
    without_tax: str
    rate: str
    taken: str
    refunds: str
    refunded: str
    persons: str
    known: str
    unknown: str
    on_hand: str
    unit: str
    cost: str
    value: str
    total: str
    when: str
    act: str
    approver: str
    subject: str
    detail: str
    reason: str
    # items of an X or a Z
    numbers: str
    returned_list: str
    rounding: str
    change: str
    prices: str
    voided_orders: str
    voided_lines: str
    override: str
    drawer_opens: str
    reprints: str
    float: str
    cash_in: str
    cash_out: str
    drop: str
    expected: str
    over_short: str
    held: str
    unresolved: str
    unsent: str
    # by their keys
    keys: dict[str, str]
    none_of: dict[str, str]
    discounts: dict[str, str]
    ways: dict[str, str]
    acts: dict[str, str]


ZH = ReportWords(
    denominations_wrong="面额设置有误：{values}。请写大于 0、不重复的分值",
    count_unknown_denomination="没有 {fen:yuan} 元这种面额，请核对设置",
    count_negative="数量不能是负数",
    count_too_large="数量太大（最多 {most} 张），请重新点数",
    count_not_a_number="“{text}”不是数字，请重新输入",
    count_done="点钞已结束，不能再改",
    count_incomplete="还有没填的支付方式：{ways}",
    report_stopped="报表已停止，没有结果",
    figures_report="收银报表",
    sales_by="销售统计（按{key}）",
    tax_report="税额统计",
    stock_report="库存金额",
    audit_report="操作核查",
    top_movers="畅销商品",
    slow_movers="滞销商品",
    item="项目",
    times="笔数",
    amount="金额",
    name="品名",
    orders="单数",
    quantity="数量",
    gross="原价合计",
    discount="优惠",
    sold="销售",
    returned="退货",
    net="净额",
    tax="税额",
    without_tax="不含税",
    rate="税率",
    taken="收款",
    refunds="退款笔数",
    refunded="退款",
    persons="人数",
    known="登记顾客",
    unknown="未登记",
    on_hand="库存",
    unit="单位",
    cost="进价",
    value="库存金额",
    total="合计",
    when="时间",
    act="操作",
    approver="授权人",
    subject="对象",
    detail="内容",
    reason="原因",
    numbers="流水号",
    returned_list="退货原价",
    rounding="抹零",
    change="找零",
    prices="改价次数",
    voided_orders="整单取消",
    voided_lines="单品更正",
    override="授权",
    drawer_opens="非销售开钱箱",
    reprints="补打小票",
    float="备用金",
    cash_in="存入",
    cash_out="支出",
    drop="解款",
    expected="应有现金",
    over_short="长短款",
    held="未结挂单",
    unresolved="未决支付",
    unsent="未上传记录",
    keys={
        "day": "日期",
        "hour": "时段",
        "product": "货号",
        "category": "分类",
        "operator": "收银员",
        "tender": "支付方式",
        "customer": "顾客",
    },
    none_of={"day": "", "hour": "", "product": "", "category": "未分类", "operator": "未登录"},
    discounts={
        "price": "变价",
        "member": "会员价",
        "promotion": "单品促销",
        "line_discount": "单品折扣",
        "order_promotion": "整单促销",
        "coupon": "优惠券",
        "points": "积分抵现",
        "order_discount": "整单优惠",
    },
    ways={
        "cash": "现金",
        "bank": "银行卡",
        "transfer": "转账",
        "static_code": "收款码",
        "wechat": "微信支付",
        "alipay": "支付宝",
    },
    acts={
        "override": "授权",
        "line.voided": "单品更正",
        "order.voided": "整单取消",
        "cash.float": "备用金",
        "cash.in": "存入现金",
        "cash.out": "支出现金",
        "cash.drop": "解款",
        "drawer.opened": "开钱箱",
        "receipt.reprinted": "补打小票",
        "product.changed": "商品变更",
        "operator.changed": "员工变更",
    },
)

EN = ReportWords(
    denominations_wrong="Wrong denominations: {values}. Write distinct fen above 0",
    count_unknown_denomination="There is no denomination {fen:yuan}, check the settings",
    count_negative="A count cannot be negative",
    count_too_large="That is too many (at most {most}), count again",
    count_not_a_number="“{text}” is no number, type it again",
    count_done="The count is over and stays as it is",
    count_incomplete="Not yet declared: {ways}",
    report_stopped="The report was stopped, there is no result",
    figures_report="Till figures",
    sales_by="Sales by {key}",
    tax_report="Tax",
    stock_report="Stock at cost",
    audit_report="Audit",
    top_movers="What sells",
    slow_movers="What lies",
    item="Item",
    times="Times",
    amount="Amount",
    name="Name",
    orders="Orders",
    quantity="Quantity",
    gross="List price",
    discount="Discounts",
    sold="Sold",
    returned="Returned",
    net="Net",
    tax="Tax",
    without_tax="Without tax",
    rate="Rate",
    taken="Taken",
    refunds="Refunds",
    refunded="Refunded",
    persons="Persons",
    known="Known customers",
    unknown="Others",
    on_hand="On hand",
    unit="Unit",
    cost="Cost",
    value="Value",
    total="Total",
    when="When",
    act="Act",
    approver="Allowed by",
    subject="About",
    detail="Detail",
    reason="Reason",
    numbers="Numbers",
    returned_list="Returned at list price",
    rounding="Rounding",
    change="Change",
    prices="Price changes",
    voided_orders="Orders voided",
    voided_lines="Lines voided",
    override="Allowed",
    drawer_opens="Drawer opened",
    reprints="Reprints",
    float="Float",
    cash_in="Paid in",
    cash_out="Paid out",
    drop="Drop",
    expected="Expected cash",
    over_short="Over/short",
    held="Held orders",
    unresolved="Unresolved payments",
    unsent="Unsent records",
    keys={
        "day": "Date",
        "hour": "Hour",
        "product": "Item code",
        "category": "Category",
        "operator": "Operator",
        "tender": "Tender",
        "customer": "Customer",
    },
    none_of={"day": "", "hour": "", "product": "", "category": "none", "operator": "nobody"},
    discounts={
        "price": "Price changed",
        "member": "Member price",
        "promotion": "Offer",
        "line_discount": "Line discount",
        "order_promotion": "Order offer",
        "coupon": "Coupon",
        "points": "Points",
        "order_discount": "Order discount",
    },
    ways={
        "cash": "Cash",
        "bank": "Bank card",
        "transfer": "Transfer",
        "static_code": "Static code",
        "wechat": "WeChat Pay",
        "alipay": "Alipay",
    },
    acts={
        "override": "Allowed",
        "line.voided": "Line voided",
        "order.voided": "Order voided",
        "cash.float": "Float",
        "cash.in": "Paid in",
        "cash.out": "Paid out",
        "cash.drop": "Drop",
        "drawer.opened": "Drawer opened",
        "receipt.reprinted": "Reprint",
        "product.changed": "Product changed",
        "operator.changed": "Operator changed",
    },
)
