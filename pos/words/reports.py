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
    # on screen
    not_a_report: str
    export_failed: str
    reports_title: str
    reports_columns: tuple[str, str]
    making: str
    made: str
    no_rows: str
    written: str
    stop_hint: str
    range_label: str
    range_hint: str
    path_label: str
    reports: dict[str, tuple[str, str]]
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
    export_failed="没有导出 {path}：{why}",
    not_a_report="没有“{text}”这种报表，有：{known}",
    reports_title="报表",
    reports_columns=("报表", "看什么"),
    making="正在统计 {done}/{total} 天，Esc 停",
    made="{count} 行，{seconds} 秒",
    no_rows="这段时间没有数据",
    written="已导出 {path}",
    stop_hint="Esc 停",
    range_label="起止日期",
    range_hint="2026-03-01 2026-03-31；一天就输一个",
    path_label="导出到（回车用 {path}）",
    reports={
        "figures": ("收银汇总", "净额、优惠、税、收款、操作，和 X、Z 同一套数"),
        "day": ("按日销售", "每个营业日的单数、净额、税额"),
        "hour": ("按时段销售", "一天里哪个钟点忙"),
        "product": ("按商品销售", "每个商品卖了多少"),
        "category": ("按分类销售", "每个分类卖了多少"),
        "operator": ("按收银员销售", "每个人收了多少单、多少钱"),
        "seller": ("按营业员销售", "单行上记的营业员卖了多少"),
        "tender": ("按收款方式", "现金、银行卡、微信、支付宝各收退多少"),
        "customer": ("按顾客", "登记的顾客和散客"),
        "tax": ("税额", "每天每个税率的销售额和税额"),
        "stock": ("库存金额", "现在的库存按进价值多少"),
        "top": ("畅销", "卖得最多的 20 个"),
        "slow": ("滞销", "有库存、卖得最少的 20 个"),
        "audit": ("操作核查", "授权、取消、更正、开钱箱、重打、改价，谁做谁批"),
    },
    keys={
        "day": "日期",
        "hour": "时段",
        "product": "货号",
        "category": "分类",
        "operator": "收银员",
        "seller": "营业员",
        "tender": "支付方式",
        "customer": "顾客",
    },
    none_of={
        "day": "",
        "hour": "",
        "product": "",
        "category": "未分类",
        "operator": "未登录",
        "seller": "没有记营业员",
    },
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
    export_failed="Not written {path}: {why}",
    not_a_report="There is no report “{text}”; there are: {known}",
    reports_title="Reports",
    reports_columns=("Report", "What it tells"),
    making="Adding up {done}/{total} days, Esc stops",
    made="{count} rows, {seconds} s",
    no_rows="Nothing in this time",
    written="Written to {path}",
    stop_hint="Esc stops",
    range_label="First and last date",
    range_hint="2026-03-01 2026-03-31; one for a single day",
    path_label="Write to (Enter: {path})",
    reports={
        "figures": ("Till figures", "Net, discounts, tax, tenders, acts: as X and Z add up"),
        "day": ("Sales by day", "Orders, net and tax of each business date"),
        "hour": ("Sales by hour", "Which hours are busy"),
        "product": ("Sales by product", "How much of each product"),
        "category": ("Sales by category", "How much of each category"),
        "operator": ("Sales by operator", "Orders and money of each operator"),
        "seller": ("Sales by seller", "What each shop assistant named on lines sold"),
        "tender": ("By tender", "What came and went by way of paying"),
        "customer": ("Customers", "Known customers and the others"),
        "tax": ("Tax", "Sales and tax by day and rate"),
        "stock": ("Stock value", "What the stock is worth at cost"),
        "top": ("Top movers", "The twenty that sell most"),
        "slow": ("Slow movers", "The twenty in stock that sell least"),
        "audit": ("Audit", "Approvals, voids, drawer, reprints, prices: who, and who allowed"),
    },
    keys={
        "day": "Date",
        "hour": "Hour",
        "product": "Item code",
        "category": "Category",
        "operator": "Operator",
        "seller": "Seller",
        "tender": "Tender",
        "customer": "Customer",
    },
    none_of={
        "day": "",
        "hour": "",
        "product": "",
        "category": "none",
        "operator": "nobody",
        "seller": "nobody named",
    },
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

CATALOGUE = {"zh": ZH, "en": EN}
