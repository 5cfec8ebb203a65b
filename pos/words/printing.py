"""Words of printing at the counter: how the printer is, jobs that wait, what a person decides."""

from __future__ import annotations

import msgspec


class PrintingWords(msgspec.Struct, frozen=True):
    """One field for each word; braces are filled in."""

    good: str
    trouble: str
    waiting: str
    doubtful: str
    title: str
    columns: tuple[str, ...]
    kinds: dict[str, str]
    states: dict[str, str]
    decide: str
    decisions: tuple[str, str, str]
    none: str
    decided: tuple[str, str, str]
    asked: str
    mute: str
    drawer_open: str
    devices: str
    device_columns: tuple[str, ...]
    device_kinds: dict[str, str]
    fine: str
    testing: str
    kicked: str
    scan_now: str


ZH = PrintingWords(
    good="打印机 好",
    trouble="打印机 {why}",
    waiting="待打印 {count}",
    doubtful="小票待确认 {count}",
    title="没打完的小票",
    columns=("单号", "种类", "时间", "状态", "原因"),
    kinds={
        "sale": "小票",
        "reprint": "重印",
        "voucher": "结账凭证",
        "void": "取消单",
        "qr": "收款码",
        "stock": "库存单",
    },
    states={
        "queued": "等待",
        "sending": "正在打",
        "failed": "没打出",
        "uncertain": "不确定",
        "printed": "已打",
        "cancelled": "不打了",
        "sent": "已送出",
    },
    decide="{number} 打出来了吗？",
    decisions=("打出来了", "再打一次（小票上会注明可能重复）", "不打了"),
    none="没有等着打印的小票",
    decided=("已记为打出", "已重新排队打印", "已取消打印"),
    asked="有小票不确定打没打出来，按 {key} 确认",
    mute="（不回答状态）",
    drawer_open="钱箱开着",
    devices="设备（回车试一下）",
    device_columns=("名称", "种类", "接在", "状态"),
    device_kinds={
        "printer": "打印机",
        "drawer": "钱箱",
        "scale": "电子秤",
        "display": "客显",
        "scanner": "扫码枪",
    },
    fine="好",
    testing="正在试 {name}…",
    kicked="已发开箱脉冲",
    scan_now="请扫一个码",
)

EN = PrintingWords(
    good="printer ok",
    trouble="printer: {why}",
    waiting="to print {count}",
    doubtful="in doubt {count}",
    title="Receipts not finished",
    columns=("No.", "Kind", "Time", "State", "Why"),
    kinds={
        "sale": "receipt",
        "reprint": "reprint",
        "voucher": "voucher",
        "void": "void",
        "qr": "payment QR",
        "stock": "stock",
    },
    states={
        "queued": "waiting",
        "sending": "printing",
        "failed": "not printed",
        "uncertain": "in doubt",
        "printed": "printed",
        "cancelled": "cancelled",
        "sent": "sent",
    },
    decide="Did {number} print?",
    decisions=("It printed", "Print again (marked as a possible duplicate)", "Do not print"),
    none="No receipt waits",
    decided=("Marked as printed", "Queued again", "Cancelled"),
    asked="A receipt may not have printed, {key} to decide",
    mute="(does not answer)",
    drawer_open="The drawer stands open",
    devices="Devices (Enter tests one)",
    device_columns=("Name", "Kind", "At", "State"),
    device_kinds={
        "printer": "printer",
        "drawer": "drawer",
        "scale": "scale",
        "display": "display",
        "scanner": "scanner",
    },
    fine="ok",
    testing="Testing {name}…",
    kicked="Pulse sent",
    scan_now="Scan something",
)
