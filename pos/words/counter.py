"""What the till says at the counter: prompts, labels, messages."""

from __future__ import annotations

import msgspec


class CounterWords(msgspec.Struct, frozen=True):
    """One field for each word the till's views need; braces are filled in."""

    # front page
    sign_in_hint: str
    operator_id: str
    pin: str
    starting: str
    welcome: str
    restored: str
    # prompts
    scan: str
    scan_hint: str
    price: str
    weight: str
    weight_hint: str
    tender: str
    tender_hint: str
    reference: str
    reference_hint: str
    choose: str
    reason: str
    locked: str
    locked_hint: str
    own_id_hint: str
    # dialog
    approval: str
    approval_asker: str
    approval_act: str
    # lists
    held_title: str
    held_columns: tuple[str, str, str, str]
    reason_title: str
    reason_columns: tuple[str]
    void_reasons: tuple[str, ...]
    drawer_reasons: tuple[str, ...]
    approval_reasons: tuple[str, ...]
    help_title: str
    # header
    shop: str
    till: str
    no_network: str
    no_printer: str
    unsent: str
    # lines
    note_price: str
    note_rate: str
    note_off: str
    note_no_discount: str
    # tenders
    cash: str
    bank: str
    transfer: str
    arrived: str
    arrived_hint: str
    # messages
    saving: str
    closed: str
    held: str
    recalled: str
    order_voided: str
    line_voided: str
    drawer_opened: str
    reprinted: str
    unlocked: str
    approved: str
    order_discount: str
    order_reduced: str
    discount_ended: str
    gave_back: str
    clock_jumped: str
    tail_lost: str
    damaged: str
    behind: dict[str, str]
    """What works behind, by the name of its thread."""
    behind_failed: str
    # help sections
    section: dict[str, str]


ZH = CounterWords(
    sign_in_hint="输工号，回车，再输密码",
    operator_id="工号",
    pin="密码",
    starting="正在打开账本…",
    welcome="{name}，您好。营业日 {date}",
    restored="已恢复上次未完成的单",
    scan="条码/货号",
    scan_hint="扫码或输货号，回车",
    price="{name} 新单价（元）",
    weight="{name} 重量（kg）",
    weight_hint="例如 0.535",
    tender="实收",
    tender_hint="输金额回车收现金；直接回车收正好",
    reference="{way}参考号",
    reference_hint="小票上的参考号，不是卡号",
    choose="序号",
    reason="原因",
    locked="锁屏",
    locked_hint="收银机已锁，单据保留",
    own_id_hint="直接回车是本人",
    approval="需要授权",
    approval_asker="申请人：{name}",
    approval_act="要做的事：{act}",
    held_title="挂单",
    held_columns=("单", "时间", "件数", "金额"),
    reason_title="请选原因",
    reason_columns=("原因",),
    void_reasons=("顾客不要了", "录错单", "测试", "其他"),
    drawer_reasons=("换零钱", "核对现金", "误关钱箱", "其他"),
    approval_reasons=("会员或熟客", "商品瑕疵或临期", "价签不符", "录错更正", "其他"),
    help_title="按键说明",
    shop="门店 {id}",
    till="机号 {id}",
    no_network="单机",
    no_printer="打印机 无",
    unsent="未传 {count}",
    note_price="变价，原价 {price}",
    note_rate="{rate} 折",
    note_off="减 {amount}",
    note_no_discount="不打折",
    cash="现金",
    bank="银行卡",
    transfer="转账",
    arrived="收款码 {amount} 元到账了吗",
    arrived_hint="听到播报按回车，没到账按 Esc",
    saving="正在存盘…",
    closed="已结 {number}  找零 {change}",
    held="已挂单",
    recalled="已取单",
    order_voided="整单已取消 {number}",
    line_voided="已删 {name}",
    drawer_opened="已记录开钱箱",
    reprinted="已排队重打 {number}，第 {copy} 次",
    unlocked="已解锁",
    approved="{name} 已授权",
    order_discount="整单 {rate} 折",
    order_reduced="整单减 {amount} 元",
    discount_ended="已取消优惠",
    gave_back="已退回 {way} {amount}",
    clock_jumped="时钟变动了 {seconds} 秒，已记录，请核对时间",
    tail_lost="账本少了已存的记录，请停用并叫技术员（pos journal verify）",
    damaged="账本自检不通过，请叫技术员：{why}",
    behind={
        "payments": "扫码付款",
        "invoicing": "开票",
        "messages": "通知",
        "sync": "总部收发",
        "spool": "打印",
        "display": "客显",
        "scanner": "扫码枪",
        "discover": "找设备",
    },
    behind_failed="{part}出错，已记入 pos.log；收银照常，空时退出重开，还有就叫技术员",
    section={
        "signing": "签到",
        "selling": "销售",
        "paying": "收款",
        "collecting": "等待扫码付款",
        "choosing": "选择",
        "asking": "输入",
        "products": "查商品",
        "orders": "查订单",
        "stocking": "库存单",
        "reviewing": "核对库存单",
        "receipt": "看小票",
        "code": "开票码",
        "invoices": "当天发票",
        "duties": "交班",
        "counting": "点钱",
        "counted": "差额",
        "slip": "结单",
        "reports": "报表",
        "report": "看报表",
        "returning": "退货",
        "refunding": "退款",
        "quick": "快捷键",
        "pricing": "查价",
    },
)

EN = CounterWords(
    sign_in_hint="Type your id, Enter, then your PIN",
    operator_id="Operator",
    pin="PIN",
    starting="Opening the ledger…",
    welcome="Hello {name}. Business date {date}",
    restored="The unfinished order is back",
    scan="Code",
    scan_hint="Scan, or type an item code and Enter",
    price="New unit price of {name}",
    weight="Weight of {name} (kg)",
    weight_hint="say 0.535",
    tender="Received",
    tender_hint="Amount and Enter takes cash; Enter alone is the exact sum",
    reference="{way} reference",
    reference_hint="The reference on the slip, not the card number",
    choose="Number",
    reason="Reason",
    locked="Locked",
    locked_hint="The till is locked, the order is kept",
    own_id_hint="Enter alone is yourself",
    approval="Approval needed",
    approval_asker="Asked by: {name}",
    approval_act="To do: {act}",
    held_title="Held orders",
    held_columns=("Order", "Time", "Pieces", "Amount"),
    reason_title="Choose a reason",
    reason_columns=("Reason",),
    void_reasons=("Customer left", "Entered wrong", "Test", "Other"),
    drawer_reasons=("Change", "Counting cash", "Closed by mistake", "Other"),
    approval_reasons=(
        "Member or regular",
        "Flawed or near expiry",
        "Wrong tag",
        "Mistake",
        "Other",
    ),
    help_title="Keys",
    shop="Shop {id}",
    till="Till {id}",
    no_network="alone",
    no_printer="no printer",
    unsent="unsent {count}",
    note_price="price changed, was {price}",
    note_rate="{rate} % paid",
    note_off="{amount} off",
    note_no_discount="no discount",
    cash="Cash",
    bank="Bank card",
    transfer="Transfer",
    arrived="Static code: have {amount} arrived",
    arrived_hint="Enter if so, Esc if not",
    saving="Saving…",
    closed="Closed {number}  change {change}",
    held="Order on hold",
    recalled="Order recalled",
    order_voided="Order voided {number}",
    line_voided="Taken off: {name}",
    drawer_opened="Drawer opening is on record",
    reprinted="Reprint of {number} queued, copy {copy}",
    unlocked="Unlocked",
    approved="Approved by {name}",
    order_discount="{rate} % of the order is paid",
    order_reduced="{amount} off the order",
    discount_ended="The discount is ended",
    gave_back="Given back: {way} {amount}",
    clock_jumped="The clock moved by {seconds} s; on record, please check the time",
    tail_lost="The ledger lost records, stop and call the technician (pos journal verify)",
    damaged="The ledger failed its check, call the technician: {why}",
    behind={
        "payments": "Wallets",
        "invoicing": "Invoices",
        "messages": "Messages",
        "sync": "Head office",
        "spool": "Printing",
        "display": "Display",
        "scanner": "Scanner",
        "discover": "Discovery",
    },
    behind_failed="{part} had an error (pos.log). Sell on, restart when free, or call for help",
    section={
        "signing": "Sign-in",
        "selling": "Selling",
        "paying": "Payment",
        "collecting": "A wallet is asked",
        "choosing": "Choosing",
        "asking": "Typing",
        "products": "Products",
        "orders": "Orders",
        "stocking": "Stock document",
        "reviewing": "Checking it",
        "receipt": "Receipt",
        "code": "Invoice code",
        "invoices": "Invoices of a day",
        "duties": "Shift",
        "counting": "Counting",
        "counted": "Difference",
        "slip": "Close",
        "reports": "Reports",
        "report": "Report",
        "returning": "Return",
        "refunding": "Refund",
        "quick": "Quick keys",
        "pricing": "Price check",
    },
)
