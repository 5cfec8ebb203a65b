"""The words on paper: receipts, vouchers, test prints."""

from __future__ import annotations

import msgspec


class SlipWords(msgspec.Struct, frozen=True):
    """One field for each word that the shipped templates print."""

    welcome: str
    thanks: str
    number: str
    shop: str
    till: str
    operator: str
    time: str
    business_date: str
    name: str
    code: str
    quantity: str
    price: str
    amount: str
    pieces: str
    list_total: str
    saved: str
    rounding: str
    total: str
    tax: str
    change: str
    given: str
    reprint: str
    voided: str
    voucher: str
    reason: str
    customer: str
    points: str
    points_total: str
    points_spent: str
    deliver_to: str
    note: str
    seller: str
    tax_rate: str
    net: str
    without_tax: str
    signature: str
    witness: str
    scan_for_invoice: str
    phone: str
    address: str
    test: str
    test_ruler: str
    test_text: str
    training: str
    doubtful: str
    by_hand: str
    scan_to_pay: str
    valid_until: str
    no_receipt: str
    ways: dict[str, str]
    adjustments: dict[str, str]
    conditions: dict[str, str]
    returned: str
    exchange: str
    reopening: str
    original: str
    without_receipt: str
    back_pieces: str
    refund: str
    refund_ways: str
    customer_signature: str


ZH = SlipWords(
    welcome="欢迎光临",
    thanks="谢谢惠顾",
    number="单号",
    shop="门店",
    till="机号",
    operator="收银员",
    time="时间",
    business_date="营业日",
    name="品名",
    code="条码",
    quantity="数量",
    price="单价",
    amount="金额",
    pieces="件数",
    list_total="原价合计",
    saved="优惠合计",
    rounding="抹零",
    total="应收",
    tax="其中税额",
    change="找零",
    given="实收",
    reprint="重印 第{copy}次",
    voided="整单取消",
    voucher="结账凭证",
    reason="原因",
    customer="顾客",
    points="本次积分",
    points_total="可用积分",
    points_spent="{name} {points}分",
    deliver_to="送货",
    note="备注",
    seller="营业员",
    tax_rate="税率",
    net="实付",
    without_tax="不含税",
    signature="签字",
    witness="记录校验",
    scan_for_invoice="扫码开发票、看电子小票",
    phone="电话",
    address="地址",
    test="打印测试",
    test_ruler="每行应正好占满一行，右边对齐：",
    test_text="汉字 English ￥1,234.50 ①℃",
    training="练习 不作凭证",
    doubtful="可能重复打印，请核对",
    by_hand="人工确认",
    scan_to_pay="请扫码付款",
    valid_until="有效至",
    no_receipt="付款后请等收银员确认；这张不是小票",
    ways={
        "cash": "现金",
        "bank": "银行卡",
        "transfer": "转账",
        "static_code": "收款码",
        "wechat": "微信支付",
        "alipay": "支付宝",
        "stored_value": "储值",
    },
    adjustments={
        "price": "变价",
        "member": "会员价",
        "promotion": "促销",
        "line_discount": "单品折扣",
        "order_promotion": "整单促销",
        "coupon": "优惠券",
        "points": "积分抵现",
        "order_discount": "整单优惠",
        "rounding": "抹零",
    },
    conditions={"stock": "入库", "damaged": "报损"},
    returned="退货单",
    exchange="换货单",
    reopening="反结账 整单退回",
    original="原单号",
    without_receipt="无小票",
    back_pieces="退货件数",
    refund="应退",
    refund_ways="退款方式",
    customer_signature="顾客签字",
)

EN = SlipWords(
    welcome="Welcome",
    thanks="Thank you",
    number="No.",
    shop="Shop",
    till="Till",
    operator="Operator",
    time="Time",
    business_date="Trading day",
    name="Item",
    code="Code",
    quantity="Qty",
    price="Price",
    amount="Amount",
    pieces="Pieces",
    list_total="List total",
    saved="You saved",
    rounding="Rounding",
    total="Total",
    tax="Tax incl.",
    change="Change",
    given="Received",
    reprint="Reprint, copy {copy}",
    voided="Order voided",
    voucher="Settlement voucher",
    reason="Reason",
    customer="Customer",
    points="Points",
    points_total="Points in all",
    points_spent="{name}, {points} pts",
    deliver_to="Deliver to",
    note="Note",
    seller="Sold by",
    tax_rate="Rate",
    net="Paid",
    without_tax="Net of tax",
    signature="Signature",
    witness="Record check",
    scan_for_invoice="Scan for an invoice",
    phone="Phone",
    address="Address",
    test="Test print",
    test_ruler="Each line should fill the paper exactly:",
    test_text="汉字 English ￥1,234.50 ①℃",
    training="TRAINING, not a receipt",
    doubtful="May be printed twice, please check",
    by_hand="by hand",
    scan_to_pay="Scan to pay",
    valid_until="Valid until",
    no_receipt="Wait for the cashier to confirm; this is no receipt",
    ways={
        "cash": "Cash",
        "bank": "Bank card",
        "transfer": "Transfer",
        "static_code": "Static code",
        "wechat": "WeChat Pay",
        "alipay": "Alipay",
        "stored_value": "Stored value",
    },
    adjustments={
        "price": "Price changed",
        "member": "Member price",
        "promotion": "Offer",
        "line_discount": "Line discount",
        "order_promotion": "Order offer",
        "coupon": "Coupon",
        "points": "Points",
        "order_discount": "Order discount",
        "rounding": "Rounding",
    },
    conditions={"stock": "to stock", "damaged": "damaged"},
    returned="RETURN",
    exchange="EXCHANGE",
    reopening="REOPENED, ALL BACK",
    original="Original",
    without_receipt="none",
    back_pieces="Pieces back",
    refund="Refund",
    refund_ways="Given back",
    customer_signature="Customer",
)
