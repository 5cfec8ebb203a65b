"""Words of wallets at the counter: what the screen shows of a payment, what a manager decides."""

from __future__ import annotations

import msgspec


class WalletWords(msgspec.Struct, frozen=True):
    """One field for each word; braces are filled in. The first are refusals."""

    # refusals
    wallet_before_cash: str
    wallet_off: str
    pay_live: str
    qr_gone: str
    pay_code_used: str
    pay_order_gone: str
    pay_unknown: str
    pay_cannot: str
    nothing_unresolved: str
    refund_unknown_payment: str
    refund_other_till: str
    refund_running: str
    sell_not_paid: str
    sell_unresolved: str
    difference_unknown: str
    # the panel
    titles: dict[str, str]
    hints: dict[str, str]
    show_code: str
    amount: str
    number: str
    left: str
    waited: str
    asked_last: str
    prompt: str
    prompt_settled: str
    # messages
    alarm: str
    paid: str
    paid_part: str
    parked: str
    parked_label: str
    back_unpaid: str
    asking: str
    printing: str
    cancelling: str
    late: str
    late_refunded: str
    taken_back: str
    refunded: str
    refund_failed: str
    refund_settled: str
    count: str
    # the list of what is unresolved
    list_title: str
    list_columns: tuple[str, ...]
    refund: str
    refund_states: dict[str, str]
    what: str
    acts: dict[str, str]
    reasons: tuple[str, ...]
    decided: str
    # the command line
    none_pending: str
    recovered: str
    resolved: str


ZH = WalletWords(
    wallet_before_cash="先收微信、支付宝，最后收现金；请先退回现金（Del）",
    wallet_off="没有开通{way}：在 config.toml 的 [payments.{channel}] 设 enabled = true 并填密钥",
    pay_live="这笔收款还没有结果：Esc 撤销，F3 查询",
    qr_gone="收款码已失效，没有可打印的",
    pay_code_used="这个付款码已用过，没有再收：{state} {amount} 元",
    pay_order_gone="原单已结或金额已变，不能补记，请退款",
    pay_unknown="没有这笔收款：{number}",
    pay_cannot="这笔收款不能这样处理：{state}",
    nothing_unresolved="没有未决的收款或退款",
    refund_unknown_payment="没有收到过这笔钱，不能原路退款：{number}",
    refund_other_till="这笔钱是 {till} 号机收的，原路退请到那台机；在这里退现金按 {key}",
    refund_running="退款还在处理，不必再发起",
    sell_not_paid="{way} {amount} 元没有付成：{state}。没有收款，单已取消",
    sell_unresolved="{way} {amount} 元还不知道收没收到：单已挂起，单号 {number}，"
    "请稍后 pos payment recover 查询，不要再收一次",
    difference_unknown="没有这条待处理的差异：{number}",
    titles={
        "created": "正在发起",
        "sending": "正在发起",
        "qr": "请顾客扫码",
        "waiting": "等待付款",
        "unknown": "结果不明",
        "cancelling": "撤销中",
        "paid": "已收款",
        "declined": "未收款",
        "cancelled": "已撤销，未收款",
        "cancelled_refunded": "已撤销，款已退回",
        "paid_late": "迟到款",
        "late_refunded": "迟到款已退回",
        "decided_paid": "店长认定已收",
        "decided_unpaid": "店长认定未收",
    },
    hints={
        "sending": "请稍候",
        "qr": "用{way}“扫一扫”付款；{pay_large} 放大，{pay_print} 打印，{back} 撤销",
        "waiting": "请看顾客手机；{back} 撤销，{pay_query} 马上查询",
        "unknown": "不要重复收款，不要交货；正在查询。{back} 撤销",
        "cancelling": "等撤销结果，不要重复收款",
        "parkable": "时限已过：{pay_park} 挂为未决先接待下一位；{payment_decide} 店长认定",
        "declined": "没有收钱。按 {back} 换方式，或 {wechat} {alipay} 重新收",
        "cancelled": "没有收钱。按 {back} 换方式，或 {wechat} {alipay} 重新收",
        "cancelled_refunded": "钱已退回顾客。按 {back} 换方式，或 {wechat} {alipay} 重新收",
        "paid_late": "钱到了。{unresolved} 由店长补记到本单或退款",
        "late_refunded": "钱已退回顾客。按 {back} 换方式",
        "decided_unpaid": "按 {back} 换方式；对账时再核对",
    },
    show_code="窗口太小，放不下收款码：请加大窗口，或扫顾客的付款码",
    amount="金额",
    number="单号",
    left="还有 {seconds} 秒",
    waited="已等 {seconds} 秒",
    asked_last="第 {count} 次查询",
    prompt="等候{way}",
    prompt_settled="回车或 Esc 继续",
    alarm="{way}：{why}",
    paid="{way}已收 {amount}",
    paid_part="{way}已收 {amount}，还差 {due}",
    parked="已挂为未决，可以接待下一位；有结果会提示",
    parked_label="未决",
    back_unpaid="未决的{way} {amount} 元：{state}",
    asking="正在查询",
    printing="收款码正在打印",
    cancelling="已要求撤销，等结果",
    late="{way} {amount} 元在放弃之后到账：Ctrl+U 处理",
    late_refunded="{way} {amount} 元在放弃之后到账，已自动发起退款",
    taken_back="{way} {amount} 元已发起原路退款",
    refunded="{way}退款 {amount} 元已成功",
    refund_failed="{way}退款 {amount} 元没有成功：{why}",
    refund_settled="{amount} 元改用{way}退回，已记录，对账时仍会核对",
    count="未决 {count}",
    list_title="未决的收款和退款",
    list_columns=("时间", "方式", "金额", "状态", "说明"),
    refund="退款",
    refund_states={
        "created": "未发出",
        "running": "处理中",
        "refunded": "已退款",
        "refused": "被拒绝",
        "settled": "另行退回",
    },
    what="{way} {amount} 元：怎么处理",
    acts={
        "ask": "马上查询",
        "cancel": "要求撤销",
        "park": "挂为未决",
        "paid": "店长认定已收（对方账单以后核对）",
        "unpaid": "店长认定未收（若到账自动退款）",
        "attach": "店长补记到原单",
        "refund": "原路退款",
        "retry": "用原退款单号再试",
        "settle_cash": "改退现金（店长，从钱箱支出）",
        "settle_bank": "改用刷卡机退（店长）",
        "settle_transfer": "改用转账退（店长）",
    },
    reasons=("顾客手机显示已付", "顾客手机无扣款", "商户后台已查", "顾客已离开", "其他"),
    decided="已记录：{what}",
    none_pending="没有未决",
    recovered="处理 {count} 笔，还有 {left} 笔未决",
    resolved="已处理：{number}",
)

EN = WalletWords(
    wallet_before_cash="Wallets first, cash last: give the cash back first (Del)",
    wallet_off="{way} is not set up: in config.toml [payments.{channel}] enabled = true, with keys",
    pay_live="This payment has no result yet: Esc cancels, F3 asks",
    qr_gone="There is no live QR to print",
    pay_code_used="This code was used, nothing taken again: {state} {amount}",
    pay_order_gone="The order is closed or its sum changed: refund it instead",
    pay_unknown="There is no such payment: {number}",
    pay_cannot="That cannot be done with this payment: {state}",
    nothing_unresolved="No payment or refund is unresolved",
    refund_unknown_payment="That money was never received, nothing to refund: {number}",
    refund_other_till="Till {till} took this money and can give it back; {key} pays cash here",
    refund_running="The refund is under way already",
    sell_not_paid="{way} {amount} was not paid: {state}. Nothing was taken, the order is void",
    sell_unresolved="Nobody knows yet whether {way} {amount} was paid: the order is on hold, no."
    " {number}; run pos payment recover later and do not take it again",
    difference_unknown="There is no such open difference: {number}",
    titles={
        "created": "Starting",
        "sending": "Starting",
        "qr": "Customer scans",
        "waiting": "Waiting for payment",
        "unknown": "Result not known",
        "cancelling": "Cancelling",
        "paid": "Paid",
        "declined": "Nothing taken",
        "cancelled": "Cancelled, nothing taken",
        "cancelled_refunded": "Cancelled, money returned",
        "paid_late": "Late money",
        "late_refunded": "Late money returned",
        "decided_paid": "Decided: paid",
        "decided_unpaid": "Decided: unpaid",
    },
    hints={
        "sending": "One moment",
        "qr": "Scan with {way} and pay; {pay_large} larger, {pay_print} on paper, {back} cancels",
        "waiting": "Look at the customer's phone; {back} cancels, {pay_query} asks now",
        "unknown": "Do not take it twice, keep the goods; it is being asked. {back} cancels",
        "cancelling": "Wait for the result, do not take it twice",
        "parkable": "Time is over: {pay_park} puts it aside; {payment_decide}: a manager decides",
        "declined": "Nothing was taken. {back} for another way, {wechat} {alipay} to try again",
        "cancelled": "Nothing was taken. {back} for another way, {wechat} {alipay} to try again",
        "cancelled_refunded": "The money went back. {back}: another way, {wechat} {alipay}: again",
        "paid_late": "The money is here. {unresolved}: a manager attaches or refunds it",
        "late_refunded": "The money went back. {back} for another way",
        "decided_unpaid": "{back} for another way; reconciliation will tell",
    },
    show_code="The window is too small for the QR: make it larger, or scan the customer's code",
    amount="Amount",
    number="Number",
    left="{seconds} s left",
    waited="{seconds} s so far",
    asked_last="asked {count} times",
    prompt="Waiting for {way}",
    prompt_settled="Enter or Esc goes on",
    alarm="{way}: {why}",
    paid="{way}: {amount} received",
    paid_part="{way}: {amount} received, {due} still due",
    parked="Put aside as unresolved; the next customer can be served",
    parked_label="unresolved",
    back_unpaid="Unresolved {way} {amount}: {state}",
    asking="Asking now",
    printing="The QR is being printed",
    cancelling="Cancel asked for, wait for the result",
    late="{way} {amount} came after giving up: Ctrl+U",
    late_refunded="{way} {amount} came after giving up, its refund has begun",
    taken_back="{way} {amount}: the refund has begun",
    refunded="{way}: {amount} refunded",
    refund_failed="{way}: refund of {amount} failed: {why}",
    refund_settled="{amount} given back by {way}: on record, and still looked for on bills",
    count="unresolved {count}",
    list_title="Unresolved payments and refunds",
    list_columns=("Time", "Way", "Amount", "State", "About"),
    refund="refund",
    refund_states={
        "created": "not sent",
        "running": "under way",
        "refunded": "refunded",
        "refused": "refused",
        "settled": "given back otherwise",
    },
    what="{way} {amount}: what to do",
    acts={
        "ask": "Ask now",
        "cancel": "Ask to cancel",
        "park": "Put aside",
        "paid": "Manager: it was paid (reconciled later)",
        "unpaid": "Manager: it was not paid (late money goes back)",
        "attach": "Manager: attach it to its order",
        "refund": "Refund the way it came",
        "retry": "Try again under its number",
        "settle_cash": "Manager: in cash, out of the drawer",
        "settle_bank": "Manager: by the card terminal",
        "settle_transfer": "Manager: by transfer",
    },
    reasons=("Phone shows it paid", "Phone shows nothing", "Seen at the portal", "Left", "Other"),
    decided="On record: {what}",
    none_pending="nothing unresolved",
    recovered="{count} looked after, {left} still unresolved",
    resolved="Settled: {number}",
)
