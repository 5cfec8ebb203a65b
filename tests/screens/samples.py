"""Views as a till gives them, with names as long as real ones."""

from __future__ import annotations

from pos.till.view import (
    ChangeView,
    DialogView,
    FooterKey,
    HeaderView,
    HelpView,
    LineView,
    ListView,
    MessageView,
    OrderView,
    Panel,
    PayView,
    PromptView,
    SignInView,
    TenderView,
    View,
)

HEADER = HeaderView(
    "清溪便利店解放路二店", "机号 01", "1001 王小明", "2026-03-02", "单机", "打印机 无", "未传 12"
)
KEYS = (
    *(("+", "结算"), ("F6", "挂单/取单"), ("*", "数量"), ("/", "单品折扣"), (".", "变价")),
    *(("-", "减一"), ("Del", "删行"), ("F8", "整单折扣"), ("F9", "金额优惠")),
    *(("Ctrl+Del", "整单取消"), ("Ins", "单品减价"), ("F5", "开钱箱"), ("Ctrl+P", "重打小票")),
    *(("Home", "锁屏"), ("F12", "签退"), ("F1", "帮助")),
)
FOOTER = tuple(FooterKey(key, name, name not in ("整单折扣", "变价")) for key, name in KEYS)
PROMPT = PromptView("条码/货号", "扫码或输货号，回车")

_GOODS = (
    ("6900000000017", "清溪天然矿泉水550ml", "2", "2.00", "4.00", ""),
    (
        "6900000000024",
        "北麓纯牛奶250ml*12盒苗条装整箱优惠装家庭分享特惠组合",
        "1",
        "58.80",
        "49.98",
        "85 折",
    ),
    ("2100010012985", "红富士苹果（山东烟台，散装称重）", "1.256", "12.98", "16.30", ""),
    ("6900000000031", "购物袋（大）", "1", "0.30", "0.30", "不打折"),
    ("6900000000048", "King's 薄荷糖 Extra Strong Mint 40g", "3", "6.50", "19.50", ""),
    ("6900000000055", "老坛酸菜牛肉面五连包", "1", "13.90", "12.90", "变价，原价 13.90"),
)


def line(no: int) -> LineView:
    """The `no`-th line, from 1."""
    code, name, quantity, price, net, note = _GOODS[(no - 1) % len(_GOODS)]
    return LineView(no, name, code, quantity, price, net, net, note)


def order(count: int = 6, selected: int | None = None, total: str = "102.98") -> OrderView:
    """An order of so many lines; the last is selected unless said otherwise."""
    lines = tuple(line(no) for no in range(1, count + 1))
    chosen = count - 1 if selected is None else selected
    return OrderView(lines, chosen, "9.256", "112.80", "9.82", total, 2)


def sale(count: int = 6, selected: int | None = None) -> View:
    """Selling."""
    return View(
        "selling",
        HEADER,
        PROMPT,
        FOOTER,
        order(count, selected),
        None,
        MessageView("老坛酸菜牛肉面五连包 12.90", "ok"),
    )


def over(panel: Panel, footer: tuple[FooterKey, ...] = FOOTER) -> View:
    """An order with something over it."""
    return View("choosing", HEADER, PromptView("序号"), footer, order(), panel)


PAY = PayView(
    "102.98",
    "9.82",
    "52.98",
    "52.90",
    (TenderView("银行卡", "50.00", "尾号 004512"),),
    (("Q", "53.00"), ("W", "55.00"), ("E", "60.00"), ("R", "100.00")),
)
PAY_FOOTER = tuple(
    FooterKey(key, name, True)
    for key, name in (
        ("Enter", "现金"),
        ("F7", "银行卡"),
        ("F4", "转账"),
        ("Del", "退回收款"),
        ("Esc", "返回"),
        ("F1", "帮助"),
    )
)
CHANGE = ChangeView(
    "000101010000123",
    "102.98",
    "150.00",
    "47.10",
    (TenderView("银行卡", "50.00", "尾号 004512"), TenderView("现金", "100.00", "")),
)
HELD = ListView(
    "挂单",
    ("单", "时间", "件数", "金额"),
    (
        ("清溪天然矿泉水550ml 等", "14:02", "3", "23.40"),
        ("北麓纯牛奶250ml*12盒苗条装整箱优惠装家庭分享特惠组合", "14:05", "12", "1058.80"),
        ("King's 薄荷糖", "14:11", "1", "6.50"),
    ),
    1,
)
APPROVAL = DialogView(
    "需要授权",
    ("申请人：王小明", "要做的事：整单折扣 70 折", "本人最低 90 折，要主管或店长输工号和密码"),
)
HELP = HelpView(
    "按键说明",
    (
        (
            "销售",
            tuple((key, name, f"{name}：先输数字再按此键，作用在选中的一行") for key, name in KEYS),
        ),
        (
            "收款",
            (
                ("Enter", "现金", "先输收到的金额；不输就是正好"),
                ("F7", "银行卡", "刷卡机收款后输参考号；先输金额可只收一部分"),
            ),
        ),
    ),
    0,
)
FRONT = View(
    "signing",
    HeaderView("清溪便利店解放路二店", "机号 01", "", "", "单机", "打印机 无", "未传 12"),
    PromptView("工号", "输工号，回车，再输密码"),
    (FooterKey("Ctrl+Q", "退出", True), FooterKey("F1", "帮助", True)),
    None,
    SignInView("清溪便利店解放路二店", "机号 01", ("请收银员签到",)),
    MessageView("正在打开账本…", "info"),
)

PICTURES: dict[str, View] = {
    "sale": sale(),
    "sale_long": sale(100, 57),
    "sale_empty": View(
        "selling", HEADER, PROMPT, FOOTER, OrderView((), -1, "0", "0.00", "0.00", "0.00")
    ),
    "pay": View(
        "paying",
        HEADER,
        PromptView("实收", "输金额回车收现金；直接回车收正好"),
        PAY_FOOTER,
        order(),
        PAY,
    ),
    "change": View(
        "selling", HEADER, PROMPT, FOOTER, None, CHANGE, MessageView("已结 000101010000123", "ok")
    ),
    "list": over(HELD),
    "dialog": View(
        "approving",
        HEADER,
        PromptView("密码", prefix="2001 ", masked=True),
        FOOTER[-1:],
        order(),
        APPROVAL,
        MessageView("密码不对，还可试 3 次", "error"),
    ),
    "help": View(
        "helping", HEADER, PromptView(""), (FooterKey("Esc", "返回", True),), order(), HELP
    ),
    "sign_in": FRONT,
}
SIZES = ((80, 24), (100, 30), (132, 43))
