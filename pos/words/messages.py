"""Words of messages to customers and managers, and what is refused about their settings."""

from __future__ import annotations

import msgspec


class Text(msgspec.Struct, frozen=True):
    """A subject and a text; braces are filled in."""

    subject: str
    text: str


class MessageWords(msgspec.Struct, frozen=True):
    """One field for each message; the first are refusals."""

    message_setting_missing: str
    message_plain: str
    message_hook_url: str
    message_unknown: str
    message_template: str
    message_receipts_off: str
    message_address_missing: str
    # a receipt by mail
    mail_to: str
    mail_hint: str
    mail_keep: str
    mail_queued: str
    # texts
    repeat: str
    receipt: Text
    invoice: Text
    close: Text
    even: str
    over: str
    short: str
    low_stock: Text
    payment_unresolved: Text
    till_silent: Text
    printer_down: Text
    records_rejected: Text
    # the list of messages
    states: dict[str, str]
    doubtful: str
    none: str
    again: str


ZH = MessageWords(
    message_setting_missing="消息设置缺少 {key}",
    message_plain="发往 {host} 的邮件须加密：security 用 starttls 或 tls",
    message_hook_url="{path} 里的网址不对",
    message_unknown="没有这条消息：{id}",
    message_template="消息模板 {path} 不对：{why}",
    message_receipts_off="没有开通电子小票：设置 [messages] receipts = true 并填邮件服务器",
    message_address_missing="请输顾客的邮箱",
    mail_to="小票发到",
    mail_hint="顾客的邮箱",
    mail_keep="直接回车发到 {to}；或输别的邮箱",
    mail_queued="电子小票发往 {to}，发不出会自动重试",
    repeat="（可能重复，请核对）",
    receipt=Text(
        "{shop} 电子小票 {number}", "感谢惠顾。{date} 在 {shop} 消费 {total} 元，单号 {number}。"
    ),
    invoice=Text(
        "{shop} 电子发票 {invoice}",
        "您的发票已开具。\n抬头：{title}\n发票号码：{invoice}\n金额：{total} 元\n下载：{url}",
    ),
    close=Text(
        "{shop} {till} 号机 {date} 日结 {verdict}", "营业额 {total} 元，{orders} 单。{verdict}"
    ),
    even="现金相符",
    over="长款 {fen} 元",
    short="短款 {fen} 元",
    low_stock=Text("{shop} 库存不足：{name}", "{name}（{sku}）只剩 {left}，下限 {low}。"),
    payment_unresolved=Text(
        "{shop} 有未决收款 {amount} 元",
        "{till} 号机 {time} 的{way}收款 {amount} 元没有结果，单号 {number}，请到“未决”处理。",
    ),
    till_silent=Text("{shop} {till} 号机失联", "{till} 号机最后一次联系在 {time}。"),
    printer_down=Text("{shop} {till} 号机打印机异常", "打印机 {name}：{why}，{count} 张小票在等。"),
    records_rejected=Text(
        "{shop} 有 {count} 条记录被总部退回", "{till} 号机的记录 {first} 起：{why}"
    ),
    states={"waiting": "等待", "sending": "发送中", "sent": "已发", "failed": "失败"},
    doubtful="可能已送达",
    none="没有消息",
    again="{id} 会再发一次",
)

EN = MessageWords(
    message_setting_missing="Setting {key} is missing",
    message_plain="Mail to {host} must be encrypted: security starttls or tls",
    message_hook_url="The address in {path} is wrong",
    message_unknown="There is no message {id}",
    message_template="Template {path} is wrong: {why}",
    message_receipts_off="Receipts by mail are off: [messages] receipts in config.toml",
    message_address_missing="Type the customer's mail address",
    mail_to="Receipt to",
    mail_hint="the customer's mail address",
    mail_keep="Enter alone for {to}; or another address",
    mail_queued="The receipt goes to {to}; it is tried again until it went",
    repeat="(May be a repeat, please check)",
    receipt=Text(
        "{shop}: receipt {number}", "Thank you. {total} yuan at {shop} on {date}, no. {number}."
    ),
    invoice=Text(
        "{shop}: invoice {invoice}",
        "Your invoice was issued.\nTitle: {title}\nNumber: {invoice}\nAmount: {total} yuan\n{url}",
    ),
    close=Text(
        "{shop} till {till} closed {date}: {verdict}", "Sales {total}, {orders} orders. {verdict}"
    ),
    even="cash is even",
    over="over by {fen}",
    short="short by {fen}",
    low_stock=Text("{shop}: low stock, {name}", "{name} ({sku}): {left} left, limit {low}."),
    payment_unresolved=Text(
        "{shop}: payment of {amount} unresolved",
        "Till {till}, {time}: {way} {amount} has no outcome, order {number}. See “unresolved”.",
    ),
    till_silent=Text("{shop}: till {till} is silent", "Till {till} was last heard of at {time}."),
    printer_down=Text("{shop}: printer of till {till}", "Printer {name}: {why}, {count} waiting."),
    records_rejected=Text(
        "{shop}: {count} records rejected", "Till {till}, from record {first}: {why}"
    ),
    states={"waiting": "waiting", "sending": "sending", "sent": "sent", "failed": "failed"},
    doubtful="may have arrived",
    none="No messages",
    again="{id} will be sent once more",
)
