"""What a cashier, a manager or a technician is told of payments: what is, and what to do now."""

from __future__ import annotations

import string
from typing import Any

import msgspec

from pos.money import yuan


class PaymentWords(msgspec.Struct, frozen=True):
    """One field for each code of `pos.payments`; `{x:yuan}` shows fen as yuan."""

    # going on
    user_paying: str
    not_paid_yet: str
    refund_pending: str
    # not paid: what to do now
    balance_short: str
    code_expired: str
    code_invalid: str
    limit_reached: str
    merchant_limit: str
    wallet_refused: str
    card_not_taken: str
    pay_failed: str
    request_refused: str
    no_permission: str
    too_often: str
    closed: str
    revoked: str
    cancelled: str
    refunded: str
    not_received: str
    not_sent: str
    # no connection: nothing was sent
    connect_failed: str
    connect_timeout: str
    tls_failed: str
    keys_missing: str
    qr_failed: str
    # unknown: do not take the money twice
    read_timeout: str
    no_answer: str
    broken: str
    interrupted: str
    offline: str
    system_error: str
    not_found: str
    too_big: str
    redirected: str
    encoded: str
    portal: str
    unsigned: str
    bad_signature: str
    replayed: str
    not_understood: str
    mismatch: str
    unknown_serial: str
    not_sealed_for_us: str
    keys_refused: str
    clock_off: str
    # cancelling, coming late
    paid_before_cancel: str
    cancel_again: str
    cancel_refused: str
    paid_while_cancelling: str
    paid_late: str
    returned_elsewhere: str
    # refunds
    merchant_balance_short: str
    payer_account_closed: str
    refund_refused: str
    refund_closed: str
    refund_abnormal: str
    refund_too_late: str
    refund_offline: str
    refund_unknown: str
    refund_not_found: str
    refund_too_much: str
    refund_number_taken: str
    # refusals at the counter
    pay_code_not_a_code: str
    pay_code_other_wallet: str
    pay_settled: str
    pay_not_yet: str
    pay_not_late: str
    pay_why_missing: str
    # settings and files
    pay_setting_missing: str
    pay_file_missing: str
    pay_key_unreadable: str
    pay_key_short: str
    pay_cert_unreadable: str
    pay_cert_expired: str
    pay_cert_not_yet: str
    pay_cert_chain: str
    pay_keys_differ: str
    pay_api_v3_key: str
    # bills
    bill_channel: str
    bill_unreadable: str
    bill_too_big: str
    bill_columns: str
    bill_line: str
    bill_line_bytes: str
    bill_broken: str
    bill_hash: str
    bill_none: str
    bill_not_ready: str
    # states of an attempt
    state_created: str
    state_sending: str
    state_waiting: str
    state_unknown: str
    state_cancelling: str
    state_paid: str
    state_declined: str
    state_cancelled: str
    state_cancelled_refunded: str
    state_paid_late: str
    state_late_refunded: str
    state_decided_paid: str
    state_decided_unpaid: str
    # differences of a bill
    class_long: str
    class_short: str
    class_amount: str
    class_refund: str
    class_reversed: str
    class_fee: str
    class_duplicate: str
    class_manual: str


ZH = PaymentWords(
    user_paying="顾客正在手机上确认，请等候；不付可按 Esc 撤销",
    not_paid_yet="等待顾客扫码付款",
    refund_pending="退款已受理，等待到账结果",
    balance_short="余额不足，未收款。请顾客换卡或换方式",
    code_expired="付款码已过期，未收款。请顾客刷新付款码再扫",
    code_invalid="付款码无效或已用过，未收款。请顾客刷新付款码再扫",
    limit_reached="超过顾客的支付限额，未收款。请换方式付款",
    merchant_limit="超过本店收款限额，未收款。请换方式，并告知店长",
    wallet_refused="对方钱包拒绝付款，未收款。请换方式付款",
    card_not_taken="不支持顾客选的卡，未收款。请顾客换卡",
    pay_failed="支付失败，正在撤销。请顾客刷新付款码或换方式",
    request_refused="请求被拒绝，未收款。请换方式，并联系技术员",
    no_permission="商户号没有这个支付权限，请联系技术员",
    too_often="请求太频繁，请稍等",
    closed="订单已关闭，未收款",
    revoked="订单已撤销，未收款",
    cancelled="已撤销，未收款",
    refunded="已撤销，款项已退回顾客",
    not_received="对方没有收到这笔请求，未收款，可以重新收款",
    not_sent="没有发出，未收款，可以重新收款",
    connect_failed="连不上支付服务，未收款。请检查网络，或收现金",
    connect_timeout="连接支付服务超时，未收款。请检查网络，或收现金",
    tls_failed="支付服务的安全连接不可信，未收款。请检查网络登录页和时钟，或收现金",
    keys_missing="取不到支付平台证书，没有发出，未收款。请收现金，并联系技术员",
    qr_failed="没有取得收款码，未收款，请重试",
    read_timeout="等待结果超时，正在查询，请勿重复收款",
    no_answer="没有收到结果，正在查询，请勿重复收款",
    broken="连接中断，正在查询，请勿重复收款",
    interrupted="收款时程序中断，正在查询，请勿重复收款",
    offline="连不上支付服务，结果还不知道，继续查询，请勿重复收款",
    system_error="支付系统繁忙，正在查询，请勿重复收款",
    not_found="暂时查不到这笔订单，继续查询",
    too_big="结果异常（过大），没有采信，正在查询",
    redirected="请求被转到别处，没有采信。网络可能要先登录",
    encoded="结果异常（被压缩），没有采信，正在查询",
    portal="收到的是网页，不是支付结果。网络可能要先登录",
    unsigned="结果没有签名，没有采信，正在查询",
    bad_signature="结果的签名不对，没有采信，正在查询",
    replayed="收到重复的旧结果，没有采信，正在查询",
    not_understood="结果无法识别，没有采信，正在查询",
    mismatch="结果的单号或金额不符，没有采信。请告知店长",
    unknown_serial="结果的证书不认识，没有采信。请联系技术员更换支付平台证书或公钥",
    not_sealed_for_us="APIv3 密钥不对，请联系技术员",
    keys_refused="签名被拒绝：商户号、证书序列号或密钥不对，请联系技术员",
    clock_off="收银机时钟不准（差 {detail} 秒），请校准时间后再收",
    paid_before_cancel="撤销前顾客已付款，正在核实",
    cancel_again="撤销未完成，正在再次撤销",
    cancel_refused="支付方拒绝撤销，正在查询",
    paid_while_cancelling="撤销时发现已付款，正在退回顾客，请勿交货",
    paid_late="放弃之后才到账：请退款，或由店长补记到原单",
    returned_elsewhere="这笔钱已在别处退款，请在对账时核对",
    merchant_balance_short="商户余额不足，暂不能退款，将用原退款单号再试",
    payer_account_closed="顾客账户异常，不能原路退回。请店长另行退款",
    refund_refused="退款被拒绝，请核对金额和原单，并联系店长",
    refund_closed="退款已被支付方关闭，请店长重新发起",
    refund_abnormal="退款异常，请店长在商户平台处理",
    refund_too_late="超过可退款期限，请店长另行退款",
    refund_offline="连不上支付服务，退款稍后自动再试",
    refund_unknown="退款结果还不知道，稍后自动查询",
    refund_not_found="支付方还没有这笔退款，将用原退款单号再试",
    refund_too_much="最多还能退 {left:yuan} 元",
    refund_number_taken="这个退款单号已用过",
    pay_code_not_a_code="这不是付款码，请扫顾客手机上的付款码",
    pay_code_other_wallet="不支持这种钱包的付款码，请顾客换微信或支付宝",
    pay_settled="这笔收款已有结果",
    pay_not_yet="还在等候结果，时限未到",
    pay_not_late="没有可以补记的迟到款项",
    pay_why_missing="请填写原因",
    pay_setting_missing="config.toml 缺少 {key}",
    pay_file_missing="缺少支付文件 {path}",
    pay_key_unreadable="{path} 不是 RSA 密钥（PEM），或类型不对",
    pay_key_short="{path} 的密钥只有 {bits} 位，至少要 2048 位",
    pay_cert_unreadable="{path} 不是证书（PEM）",
    pay_cert_expired="证书 {path} 已于 {day} 过期，请更换",
    pay_cert_not_yet="证书 {path} 到 {day} 才生效，请检查时钟",
    pay_cert_chain="证书 {path} 不是支付宝根证书签发的",
    pay_keys_differ="应用证书 {path} 与应用私钥不配",
    pay_api_v3_key="{path} 应是 32 个字符的 APIv3 密钥",
    bill_channel="没有 {channel} 的账单格式",
    bill_unreadable="这不是支付账单文件",
    bill_too_big="账单文件太大",
    bill_columns="账单缺少列：{columns}",
    bill_line="账单第 {line} 行不对，没有计入：{column}",
    bill_line_bytes="账单第 {line} 行不是文字，没有计入",
    bill_broken="账单下载不完整，请重新下载",
    bill_hash="账单校验值不符，没有采用，请重新下载",
    bill_none="{day} 没有交易",
    bill_not_ready="{day} 的账单还没有生成，请于次日 10 点后再取",
    state_created="未发出",
    state_sending="正在发送",
    state_waiting="等待付款",
    state_unknown="未决：结果不明",
    state_cancelling="撤销中",
    state_paid="已收款",
    state_declined="未收款",
    state_cancelled="已撤销，未收款",
    state_cancelled_refunded="已撤销，已退回",
    state_paid_late="迟到款，待处理",
    state_late_refunded="迟到款，已退回",
    state_decided_paid="店长认定已收（未核实）",
    state_decided_unpaid="店长认定未收（未核实）",
    class_long="长款：对方已收，本机无收款",
    class_short="短款：本机已收，对方没有",
    class_amount="金额不符",
    class_refund="退款不符",
    class_reversed="已撤销，两清",
    class_fee="手续费不符",
    class_duplicate="同一单重复付款",
    class_manual="人工收款，建议匹配",
)


EN = PaymentWords(
    user_paying="The customer is confirming on the phone, please wait; Esc cancels",
    not_paid_yet="Waiting for the customer to scan and pay",
    refund_pending="The refund was accepted, its result is awaited",
    balance_short="Balance too low, nothing taken. Ask for another card or way to pay",
    code_expired="The code has expired, nothing taken. Have it refreshed and scan again",
    code_invalid="The code is invalid or used, nothing taken. Have it refreshed and scan again",
    limit_reached="Over the customer's limit, nothing taken. Ask for another way to pay",
    merchant_limit="Over the shop's limit, nothing taken. Use another way and tell the manager",
    wallet_refused="The wallet refused, nothing taken. Ask for another way to pay",
    card_not_taken="That card is not taken, nothing taken. Ask for another card",
    pay_failed="Payment failed, it is being undone. Refresh the code or pay another way",
    request_refused="The request was refused, nothing taken. Use another way, call the technician",
    no_permission="The merchant may not do this, call the technician",
    too_often="Too many requests, please wait a moment",
    closed="The order is closed, nothing taken",
    revoked="The order was reversed, nothing taken",
    cancelled="Cancelled, nothing taken",
    refunded="Undone, the money went back to the customer",
    not_received="The request never arrived, nothing taken, you may try again",
    not_sent="It was never sent, nothing taken, you may try again",
    connect_failed="No connection, nothing taken. Check the network, or take cash",
    connect_timeout="Connecting took too long, nothing taken. Check the network, or take cash",
    tls_failed="Secure connection not trusted, nothing taken. Check portal and clock, or take cash",
    keys_missing="No platform certificates: nothing sent or taken. Take cash, call the technician",
    qr_failed="No QR came, nothing taken, please try again",
    read_timeout="No result in time, asking again: do not take the money twice",
    no_answer="No result came, asking again: do not take the money twice",
    broken="The connection broke, asking again: do not take the money twice",
    interrupted="The till stopped while paying, asking now: do not take the money twice",
    offline="No connection, the result is not known: do not take the money twice",
    system_error="The provider is busy, asking again: do not take the money twice",
    not_found="The order is not found yet, asking again",
    too_big="An answer far too long was not believed, asking again",
    redirected="The request was redirected and not believed. The network may want a login",
    encoded="A packed answer was not believed, asking again",
    portal="A web page came instead of a result. The network may want a login",
    unsigned="An unsigned answer was not believed, asking again",
    bad_signature="An answer with a wrong signature was not believed, asking again",
    replayed="An old answer came again and was not believed, asking again",
    not_understood="An answer was not understood, asking again",
    mismatch="Number or amount of an answer differ: not believed. Tell the manager",
    unknown_serial="Unknown certificate: not believed. The technician has to renew it",
    not_sealed_for_us="The APIv3 key is wrong, call the technician",
    keys_refused="Signature refused: merchant, serial number or key is wrong, call the technician",
    clock_off="The till's clock is off ({detail} s), set it before taking payments",
    paid_before_cancel="The customer had paid before the cancel, checking",
    cancel_again="The cancel is not done, trying again",
    cancel_refused="The provider refuses to cancel, asking again",
    paid_while_cancelling="Paid while cancelling: the money is going back, keep the goods",
    paid_late="Money came after giving up: refund it, or a manager attaches it",
    returned_elsewhere="This money was refunded elsewhere, check it at reconciliation",
    merchant_balance_short="The shop's balance is too low, the refund is tried again later",
    payer_account_closed="The account takes no refund. A manager has to return it otherwise",
    refund_refused="The refund was refused, check amount and order, tell the manager",
    refund_closed="The provider closed the refund, a manager has to begin a new one",
    refund_abnormal="The refund is stuck, a manager has to see to it at the merchant portal",
    refund_too_late="Too late for a refund this way, a manager has to return it otherwise",
    refund_offline="No connection, the refund is tried again by itself",
    refund_unknown="The refund's result is not known, it is asked after by itself",
    refund_not_found="The provider has no such refund, it is tried again under its number",
    refund_too_much="At most {left:yuan} can still be refunded",
    refund_number_taken="This refund number was used before",
    pay_code_not_a_code="That is no payment code, scan the code on the customer's phone",
    pay_code_other_wallet="That wallet is not taken, ask for WeChat Pay or Alipay",
    pay_settled="This payment is settled already",
    pay_not_yet="It is too early, the result may still come",
    pay_not_late="There is no late money to attach",
    pay_why_missing="Please give a reason",
    pay_setting_missing="config.toml lacks {key}",
    pay_file_missing="The payment file {path} is missing",
    pay_key_unreadable="{path} is no RSA key (PEM), or of the wrong kind",
    pay_key_short="The key in {path} has {bits} bits, 2048 are needed",
    pay_cert_unreadable="{path} is no certificate (PEM)",
    pay_cert_expired="Certificate {path} expired on {day}, please renew it",
    pay_cert_not_yet="Certificate {path} begins on {day}, check the clock",
    pay_cert_chain="Certificate {path} was not issued under Alipay's root",
    pay_keys_differ="The app certificate {path} does not fit the private key",
    pay_api_v3_key="{path} should hold the 32 characters of the APIv3 key",
    bill_channel="There is no bill format for {channel}",
    bill_unreadable="That is no bill of a provider",
    bill_too_big="The bill is too large",
    bill_columns="The bill lacks columns: {columns}",
    bill_line="Bill line {line} is wrong and was left out: {column}",
    bill_line_bytes="Bill line {line} is no text and was left out",
    bill_broken="The bill came incomplete, please fetch it again",
    bill_hash="The bill's hash differs, it was not used, please fetch it again",
    bill_none="There was no trade on {day}",
    bill_not_ready="The bill of {day} is not made yet, try after 10:00 of the next day",
    state_created="Not sent",
    state_sending="Sending",
    state_waiting="Waiting",
    state_unknown="Unresolved",
    state_cancelling="Cancelling",
    state_paid="Paid",
    state_declined="Not paid",
    state_cancelled="Cancelled, not paid",
    state_cancelled_refunded="Cancelled, returned",
    state_paid_late="Late money",
    state_late_refunded="Late money, returned",
    state_decided_paid="Paid by a manager's word",
    state_decided_unpaid="Not paid by a manager's word",
    class_long="Provider has it, the till does not",
    class_short="The till has it, the provider does not",
    class_amount="Amounts differ",
    class_refund="Refunds differ",
    class_reversed="Taken and returned",
    class_fee="Fee differs",
    class_duplicate="One order paid twice",
    class_manual="By hand, match proposed",
)


class _Fill(string.Formatter):
    """`{x:yuan}` for fen; `?` for what nobody told."""

    def format_field(self, value: Any, spec: str) -> str:
        if spec == "yuan":
            return yuan(value) if isinstance(value, int) else str(value)
        return str(super().format_field(value, spec))

    def get_value(self, key: int | str, args: Any, kwargs: Any) -> Any:
        value = kwargs.get(str(key))
        return "?" if value is None or value == "" else value


_FILL = _Fill()


def tell(words: PaymentWords, code: str, **values: object) -> str:
    """The one line of a code; the code itself where a newer provider's code has no words."""
    return str(_FILL.vformat(str(getattr(words, code, code)), (), values))
