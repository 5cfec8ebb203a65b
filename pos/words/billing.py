"""Words of reconciliation: a provider's bill of a day against the till."""

from __future__ import annotations

import msgspec


class BillingWords(msgspec.Struct, frozen=True):
    """One field for each word; braces are filled in. The first are refusals."""

    # refusals
    bill_day_wrong: str
    bill_stopped: str
    # the way to the bill
    title: str
    channel_columns: tuple[str, ...]
    never: str
    day: str
    day_hint: str
    source: str
    sources: tuple[str, str]
    file: str
    file_hint: str
    what: str
    steps: tuple[str, str, str]
    stop_hint: str
    # what came of it
    matched: str
    elsewhere: str
    pooled: str
    by_hand_left: str
    bill_lines: str
    bill_sums: str
    all_agree: str
    columns: tuple[str, ...]
    kinds: dict[str, str]
    advice: dict[str, str]
    explained_note: str
    open: str
    explained: str
    settled: str
    settled_by: str
    # what is done about it
    settle: str
    ask: str
    why: str
    reasons: tuple[str, ...]
    own_reason: str
    on_record: str
    to_csv: str
    written: str


ZH = BillingWords(
    bill_day_wrong="看不懂日期 {text}：输 0301 或 2026-03-01",
    bill_stopped="已停止，没有改动",
    title="对账",
    channel_columns=("渠道", "上次对到", "待处理差异"),
    never="没有对过",
    day="{way}对账日期",
    day_hint="回车对 {yesterday}；或输 0301",
    source="{way} {day} 的账单从哪里来",
    sources=("从{way}下载", "读已下载的账单文件"),
    file="账单文件",
    file_hint="CSV 或 ZIP 文件的位置",
    what="{way}  {day}",
    steps=("正在取账单……", "正在逐笔核对……", "正在保存差异……"),
    stop_hint="Esc 停止",
    matched="相符 {count} 笔，{amount} 元，手续费 {fee} 元",
    elsewhere="其他收银机 {count} 笔，没有计入",
    pooled="待次日再对 {count} 笔",
    by_hand_left="收款码 {count} 笔没找到对应账单",
    bill_lines="账单有 {count} 行读不出，没有计入",
    bill_sums="账单自己的合计对不上，请重新下载",
    all_agree="全部相符",
    columns=("类别", "单号", "本机", "账单", "状态"),
    kinds={
        "long": "长款",
        "short": "短款",
        "amount": "金额不符",
        "refund": "退款不符",
        "reversed": "已撤销",
        "fee": "手续费不符",
        "duplicate": "重复付款",
        "manual": "收款码匹配",
    },
    advice={
        "long": "对方已收，本机没有这笔。先查询；到账的钱会自动补记或退回",
        "short": "本机已收，对方没有。到商户后台按单号查，查实后写原因",
        "amount": "两边金额不同。看是否优惠券；不是就查后台",
        "refund": "只有一边退了款，或金额不同。可能是在商户后台退的",
        "reversed": "收了又退了，两清，不用处理",
        "fee": "手续费与约定费率不同。向服务商核实",
        "duplicate": "同一单付了两次。先查询；多收的会退回",
        "manual": "金额相同、时间相近：是这笔收款码收款就确认",
    },
    explained_note="（已解释）",
    open="待处理",
    explained="已解释",
    settled="√ 已处理",
    settled_by="{operator} 已处理：{reason}",
    settle="确认，写明原因",
    ask="向对方查询这笔",
    why="怎么处理的",
    reasons=("已在商户后台核实", "已退给顾客", "是优惠券差额", "是人工收款，已匹配", "已报财务"),
    own_reason="其他（自己写）",
    on_record="已记录：{kind}",
    to_csv="把差异写成 CSV 文件",
    written="已写到 {path}",
)

EN = BillingWords(
    bill_day_wrong="{text} is no date: type 0301 or 2026-03-01",
    bill_stopped="Stopped, nothing was changed",
    title="Reconciliation",
    channel_columns=("Channel", "Done up to", "Open differences"),
    never="never",
    day="Day of the {way} bill",
    day_hint="Enter for {yesterday}; or 0301",
    source="{way} {day}: where is the bill",
    sources=("Fetch it from {way}", "Read a file that was fetched"),
    file="Bill file",
    file_hint="where the CSV or ZIP file is",
    what="{way}  {day}",
    steps=("Fetching the bill…", "Matching row by row…", "Keeping what differs…"),
    stop_hint="Esc stops",
    matched="{count} match, {amount}, fees {fee}",
    elsewhere="{count} of other tills left out",
    pooled="{count} wait for the next day's bill",
    by_hand_left="{count} static code tenders without a row",
    bill_lines="{count} lines of the bill could not be read and were left out",
    bill_sums="The bill's own sums do not agree, please fetch it again",
    all_agree="Everything agrees",
    columns=("Class", "Number", "Till", "Bill", "State"),
    kinds={
        "long": "Long",
        "short": "Short",
        "amount": "Amount",
        "refund": "Refund",
        "reversed": "Reversed",
        "fee": "Fee",
        "duplicate": "Twice",
        "manual": "By hand",
    },
    advice={
        "long": "They have it, the till does not. Ask: what came is attached or goes back",
        "short": "The till has it, they do not. Look at their portal, then say why",
        "amount": "Both have it, not the same. A coupon? Else look at their portal",
        "refund": "Refunded at one side only, or not the same. Perhaps at their portal",
        "reversed": "Taken and returned: even, nothing to do",
        "fee": "Not the rate agreed. Ask the provider",
        "duplicate": "One order paid twice. Ask: what is too much goes back",
        "manual": "Same amount, about the same time: confirm that it is this tender",
    },
    explained_note="(explained)",
    open="open",
    explained="explained",
    settled="√ settled",
    settled_by="settled by {operator}: {reason}",
    settle="Settle it, with a reason",
    ask="Ask the provider about it",
    why="How was it settled",
    reasons=("Seen at the portal", "Given back", "A coupon", "By hand, matched", "Told the books"),
    own_reason="Other (type it)",
    on_record="On record: {kind}",
    to_csv="Write the differences to a CSV file",
    written="Written to {path}",
)
