"""Invoices on the phone: the customer's form and what becomes of it, the manager's list."""

from __future__ import annotations

import msgspec


class InvoicingWords(msgspec.Struct, frozen=True):
    """One field for each word; braces are filled in."""

    # the customer
    ask: str
    company: str
    person: str
    title: str
    title_hint: str
    title_person: str
    tax_id: str
    tax_id_hint: str
    delivery: str
    email: str
    mobile: str
    optional: str
    privacy: str
    doubtful: str
    confirm: str
    submit: str
    left: str
    issuing: str
    issuing_hint: str
    issued: str
    invoice_number: str
    buyer: str
    amount: str
    download: str
    failed: str
    failed_hint: str
    wrong_data: str
    receipt: str
    # the manager
    states: dict[str, str]
    red_states: dict[str, str]
    causes: dict[str, str]
    all: str
    red: str
    at_till: str
    asked: str
    asked_by: str
    customer: str
    special: str
    reason: str
    waits: str
    lapses: str
    erased: str
    replaces: str
    again: str
    amend: str
    amend_failed_hint: str
    amend_issued_hint: str
    take_back: str
    red_again: str
    erase: str
    erase_hint: str
    ended: str
    reds: str
    trouble: str


ZH = InvoicingWords(
    ask="开电子发票",
    company="单位",
    person="个人",
    title="发票抬头",
    title_hint="单位全称",
    title_person="姓名，可不填",
    tax_id="税号",
    tax_id_hint="18 位统一社会信用代码",
    delivery="发到（可不填，这一页也能下载）",
    email="邮箱",
    mobile="手机",
    optional="选填",
    privacy="这些资料只用来开这张发票，加密保存；要删除请找门店。",
    doubtful="税号 {tax_id} 的校验位不符，或是旧税号。请核对一遍",
    confirm="我已核对，税号没有错",
    submit="提交开票",
    left="有商品已退货，这是退货后还能开的金额",
    issuing="正在开具",
    issuing_hint="一般不到一分钟，这一页会自己刷新；也可以关掉，过会儿再扫小票查看。",
    issued="已开具",
    invoice_number="发票号码",
    buyer="抬头",
    amount="价税合计",
    download="下载 {kind}",
    failed="没有开成",
    failed_hint="请核对抬头和税号后再提交一次",
    wrong_data="请改好再提交",
    receipt="小票",
    states={
        "asked": "开具中",
        "issued": "已开具",
        "exported": "已导出",
        "failed": "失败",
        "red": "已冲红",
    },
    red_states={
        "asked": "冲红中",
        "red": "已冲红",
        "failed": "冲红失败",
        "lapsed": "超 72 小时未确认",
        "refused": "购方拒绝",
        "gone": "已作废",
    },
    causes={
        "return": "销货退回",
        "mistake": "开票有误",
        "stopped": "服务中止",
        "allowance": "销售折让",
    },
    all="全部",
    red="冲红",
    at_till="收银机开",
    asked="申请时间",
    asked_by="申请人",
    customer="顾客扫码",
    special="专票",
    reason="原因",
    waits="还在等",
    lapses="购方须在此前确认",
    erased="购方资料已删除",
    replaces="替代",
    again="改好重开",
    amend="修改重开",
    amend_failed_hint="改抬头或税号后，用新流水号再开一次",
    amend_issued_hint="原发票先整张冲红（开票有误），红票开出后再开新的",
    take_back="全部冲红",
    red_again="再申请一次",
    erase="删除购方资料",
    erase_hint="抬头、税号、邮箱、手机都会销毁，不能恢复；发票本身还在税局",
    ended="结果时间",
    reds="红字发票",
    trouble="发票开不出来：",
)

EN = InvoicingWords(
    ask="Get an e-invoice",
    company="Company",
    person="Person",
    title="Title",
    title_hint="the company's full name",
    title_person="name, may be left out",
    tax_id="Tax number",
    tax_id_hint="18 digits and capitals",
    delivery="Send it to (may be left out, this page has it too)",
    email="Mail",
    mobile="Mobile",
    optional="optional",
    privacy="Used for this invoice alone and kept encrypted; ask the shop to have it deleted.",
    doubtful="Tax number {tax_id} fails its check, or is an old one. Please look again",
    confirm="I looked, the tax number is right",
    submit="Send",
    left="Some of it was returned; this is what can still be invoiced",
    issuing="Being issued",
    issuing_hint="It takes less than a minute as a rule and this page looks by itself; "
    "you may close it and scan the receipt again later.",
    issued="Issued",
    invoice_number="Number",
    buyer="Title",
    amount="Total",
    download="Download {kind}",
    failed="It was not issued",
    failed_hint="Check title and tax number and send again",
    wrong_data="Please correct and send again",
    receipt="Receipt",
    states={
        "asked": "being issued",
        "issued": "issued",
        "exported": "exported",
        "failed": "failed",
        "red": "taken back",
    },
    red_states={
        "asked": "taking back",
        "red": "taken back",
        "failed": "red letter failed",
        "lapsed": "not confirmed in 72 hours",
        "refused": "refused by the buyer",
        "gone": "void",
    },
    causes={
        "return": "return",
        "mistake": "mistake",
        "stopped": "service stopped",
        "allowance": "allowance",
    },
    all="all",
    red="red letters",
    at_till="by a till",
    asked="Asked",
    asked_by="By",
    customer="customer",
    special="special",
    reason="Reason",
    waits="Waits for",
    lapses="To be confirmed before",
    erased="The buyer's data was erased",
    replaces="Instead of",
    again="Correct and retry",
    amend="Amend",
    amend_failed_hint="Correct title or tax number; it is asked for under a new number",
    amend_issued_hint="It is taken back whole (mistake) first; the new one follows",
    take_back="Take all back",
    red_again="Apply again",
    erase="Erase the buyer's data",
    erase_hint="Title, tax number, mail and mobile are destroyed for good; "
    "the invoice stays at the bureau",
    ended="Ended",
    reds="Red letters",
    trouble="Invoices cannot be issued:",
)
