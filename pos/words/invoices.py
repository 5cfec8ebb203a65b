"""Words of invoices: refusals, states, what the till, the command line and the phone show."""

from __future__ import annotations

import msgspec


class InvoiceWords(msgspec.Struct, frozen=True):
    """One field for each word; braces are filled in. The first are refusals."""

    # the buyer
    invoice_title_missing: str
    invoice_title_long: str
    invoice_title_sign: str
    invoice_title_formula: str
    invoice_special_person: str
    invoice_tax_id_missing: str
    invoice_tax_id_wrong: str
    invoice_tax_id_doubtful: str
    invoice_id_wrong: str
    invoice_email_wrong: str
    invoice_mobile_wrong: str
    invoice_field_long: str
    invoice_field_sign: str
    invoice_field_formula: str
    # the order
    invoice_nothing: str
    invoice_returned: str
    invoice_stored: str
    invoice_prepaid_special: str
    invoice_too_large: str
    invoice_too_many: str
    invoice_rate: str
    invoice_waiver: str
    invoice_code_missing: str
    invoice_code_unknown: str
    invoice_code_general: str
    # the shop's settings and files
    invoice_codes_missing: str
    invoice_codes_header: str
    invoice_codes_empty: str
    invoice_setting_missing: str
    template_missing: str
    template_damaged: str
    template_header: str
    template_filled: str
    template_column: str
    template_long: str
    template_choice: str
    template_readback: str
    invoice_none: str
    invoice_stopped: str
    # what was asked for
    invoice_off: str
    invoice_not_here: str
    invoice_voided: str
    invoice_late: str
    invoice_pending: str
    invoice_exists: str
    invoice_unknown: str
    invoice_not_issued: str
    invoice_red_first: str
    invoice_erased: str
    invoice_number_wrong: str
    invoice_no_address: str
    invoice_not_delivered: str
    invoice_not_workbook: str
    # lists and progress
    states: dict[str, str]
    red_states: dict[str, str]
    causes: dict[str, str]
    day: str
    none: str
    day_title: str
    day_hint: str
    day_columns: tuple[str, ...]
    filters: dict[str, str]
    batch: str
    batch_stop: str
    batch_stopped: str
    batch_done: str
    batch_refused: str
    batch_file: str
    batch_file_hint: str
    export_to: str
    export_hint: str
    export_done: str
    invoice_none_listed: str
    invoice_none_failed: str
    progress: str
    left: str
    exported: str
    delivered: str
    special: str
    at_headoffice: str
    above: dict[str, str]
    # the key
    acts: dict[str, str]
    columns: tuple[str, ...]
    kinds: tuple[str, str, str]
    reasons: tuple[str, ...]
    ask_kind: str
    ask_title: str
    ask_title_hint: str
    ask_title_person: str
    ask_tax_id: str
    ask_tax_hint: str
    ask_sent_to: str
    ask_sent_to_hint: str
    ask_keep: str
    tax_id_ok: str
    tax_id_doubt: str
    asked: str
    asking: str
    issued_news: str
    failed_news: str
    red_news: str
    red_failed_news: str
    # red letters
    invoice_red_already: str
    invoice_red_row: str
    invoice_red_too_much: str
    invoice_red_none: str
    invoice_none_back: str
    red_title: str
    red_columns: tuple[str, ...]
    red_send: str
    red_quantity: str
    red_quantity_hint: str
    red_cause: str
    red_asked: str
    # the code for the customer's phone
    invoice_no_link: str
    code_title: str
    code_until: str
    code_hint: str
    code_too_small: str
    # the link on a receipt
    link_forged: str
    link_expired: str


ZH = InvoiceWords(
    invoice_title_missing="请填写发票抬头（单位全称）",
    invoice_title_long="抬头有 {length} 个字，最多 {most} 个，请核对",
    invoice_title_sign="抬头里的“{sign}”不能开在发票上，请去掉",
    invoice_title_formula="抬头不能以“{sign}”开头，请核对",
    invoice_special_person="专用发票不能开给个人：请填单位名称和税号，或改开普通发票",
    invoice_tax_id_missing="开给单位须填税号；开给个人请选“个人”",
    invoice_tax_id_wrong="税号 {tax_id} 不对：应为 18 位数字和大写字母，请核对",
    invoice_tax_id_doubtful="税号校验位不符或是旧税号，请与顾客核对；确认无误可由店长批准",
    invoice_id_wrong="身份证号码不对，请核对；不需要记入个人票夹可不填",
    invoice_email_wrong="邮箱地址不对（最长 {most} 位），请核对",
    invoice_mobile_wrong="手机号不对：应为 11 位，请核对",
    invoice_field_long="{field} 太长，最多 {most} 个字",
    invoice_field_sign="{field} 里有不能开在发票上的符号，请去掉",
    invoice_field_formula="{field} 不能以 = 或 @ 开头，请核对",
    invoice_nothing="{number} 没有可开票的金额",
    invoice_returned="{number} 已全部退货，不能开票",
    invoice_stored="{number} 全部用储值支付，储值消费不开票（充值时已可开票）",
    invoice_prepaid_special="{number} 有充值，充值只能开普通发票（不征税）",
    invoice_too_large="{number} 要拆成 {parts} 张，最多 {most} 张，请找财务处理",
    invoice_too_many="{number} 已用完发票流水号，请找财务处理",
    invoice_rate="“{name}”的税率 {rate} 不在本店可开的税率里，请改商品税率",
    invoice_waiver="“{name}”按 3% 开票须在设置里写明放弃减按 1% 的原因（invoices.waiver）",
    invoice_code_missing="“{name}”没有税收编码：请给商品或分类设编码（invoices.categories）",
    invoice_code_unknown="“{name}”的税收编码 {tax_code} 不在编码表里，请核对",
    invoice_code_general="“{name}”的税收编码 {tax_code}（{group}）是大类，请改用末级编码",
    invoice_codes_missing="找不到税收编码表 {path}",
    invoice_codes_header="税收编码表 {path} 缺少列：要有编码、名称、简称",
    invoice_codes_empty="税收编码表 {path} 里没有编码",
    invoice_setting_missing="开票设置缺少 {key}",
    template_missing="找不到税局导入模板 {path}：请从电子税务局下载后放在这里",
    template_damaged="导入模板 {path} 打不开（{why}），请重新下载",
    template_header="导入模板 {path} 里找不到列：{header}，请换税局最新模板",
    template_filled="导入模板 {path}“{sheet}”第 {row} 行已有内容，请放空白模板",
    template_column="导入模板“{sheet}”里没有“{header}”这一列，请换税局最新模板",
    template_long="“{header}”最多 {most} 个字：{text}",
    template_choice="“{header}”不能填“{text}”，请核对模板",
    template_readback="写出的文件与单据不符（{path}“{sheet}”），没有保存。请换模板再试",
    invoice_none="没有要导出的发票",
    invoice_stopped="已停止，没有导出",
    invoice_off="开票没有启用：请在设置里选开票渠道（invoices.provider）",
    invoice_not_here="发票由总部开具，请顾客扫小票上的二维码",
    invoice_voided="{number} 已整单取消，不能开票",
    invoice_late="已超过开票期限（{day} 起 {days} 天）",
    invoice_pending="{number} 正在开票，请稍候查看",
    invoice_exists="{number} 已开票 {invoice}；要改抬头请用“修改重开”",
    invoice_unknown="没有发票 {number}",
    invoice_not_issued="{number} 还没有开出，不能冲红",
    invoice_red_first="{number} 有部分冲红，请先全部冲红再重开",
    invoice_erased="{number} 的顾客资料已删除，请在电子税务局处理",
    invoice_number_wrong="发票号码 {number} 不对：应为 20 位数字",
    invoice_no_address="没有邮箱或手机号可发",
    invoice_not_delivered="没有发出：{why}",
    invoice_not_workbook="只有渠道是税局模板（workbook）时才要导出",
    states={"asked": "开票中", "issued": "已开", "exported": "已导出", "failed": "失败"},
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
    day="已开 {issued}　失败 {failed}　开票中 {pending}　已冲红 {red}　冲红中 {red_pending}",
    none="没有发票",
    day_title="发票 {day}",
    day_hint="上下选，回车办理",
    day_columns=("时间", "单号", "抬头", "金额", "状态", "发票号码 / 原因"),
    filters={"issued": "已开", "failed": "失败", "pending": "开票中", "red": "已冲红"},
    batch="批量办理发票",
    batch_stop="Esc 停止；已提交的会在后台接着办",
    batch_stopped="已停止：提交了 {done}/{total} 张",
    batch_done="全部办完",
    batch_refused="{count} 单没有提交（{number}：{why}）{file}",
    batch_file="批量开票文件",
    batch_file_hint="CSV：单号,抬头,税号,个人,专票,邮箱,手机",
    export_to="导出到文件夹",
    export_hint="直接回车放在 {folder}",
    export_done="已导出 {count} 张：{names}",
    invoice_none_listed="这里没有发票",
    invoice_none_failed="没有失败的发票要重开",
    progress="{done}/{total}",
    left="已停止等待，还有 {count} 张在办理，收银机会接着查",
    exported="{name}：{count} 张，{rows} 行",
    delivered="{number} 已重发 {email} {mobile}",
    special="专票",
    at_headoffice="总部{state} {invoice_no}{reason}",
    above={
        "asked": "开票中",
        "issued": "已开",
        "failed": "没有开成",
        "red_asked": "冲红中",
        "red": "已冲红",
    },
    acts={
        "look": "马上查询",
        "resend": "重发",
        "amend": "修改重开",
        "red": "全部冲红",
        "red_part": "部分冲红",
        "red_back": "按退货冲红",
    },
    columns=("发票",),
    kinds=("个人 普通发票", "单位 普通发票", "单位 专用发票"),
    reasons=("抬头或税号有误", "换开专票或普票", "退货或折让", "与顾客核对过", "其他"),
    ask_kind="{number} 开给",
    ask_title="发票抬头",
    ask_title_hint="单位全称",
    ask_title_person="姓名；直接回车开“个人”",
    ask_tax_id="税号",
    ask_tax_hint="18 位统一社会信用代码",
    ask_sent_to="发到",
    ask_sent_to_hint="顾客邮箱或手机；不发直接回车",
    ask_keep="直接回车用 {text}",
    tax_id_ok="√",
    tax_id_doubt="存疑，要店长确认",
    asked="{number} 的发票已提交，正在开具",
    asking="正在查询",
    issued_news="{number} 已开票 {bureau_no}",
    failed_news="{number} 开票失败：{why}",
    red_news="{number} 已冲红 {bureau_no}",
    red_failed_news="{number} 冲红没有成功：{why}",
    invoice_red_already="{number} 已全部冲红",
    invoice_red_row="{number} 没有第 {row} 行",
    invoice_red_too_much="第 {row} 行最多还能冲 {left}",
    invoice_red_none="没有选要冲红的行：选一行，输数量",
    invoice_none_back="{number} 没有退货还要冲红",
    red_title="部分冲红 {number}",
    red_columns=("商品", "可冲", "本次", "金额"),
    red_send="冲红选好的行",
    red_quantity="冲红数量 {name}",
    red_quantity_hint="直接回车全部 {left}；0 不冲",
    red_cause="冲红原因",
    red_asked="冲红已提交 {number}，正在办理",
    invoice_no_link="发票由总部开具，但本机没有设开票地址（invoices.link、link_key），请找技术员",
    code_title="请顾客扫码开票",
    code_until="有效到 {day}",
    code_hint="小票上是同一个码；Esc 返回",
    code_too_small="屏幕太小，请顾客扫小票上的二维码",
    link_forged="二维码无效，请扫小票上的二维码",
    link_expired="已超过开票期限（{day} 起 {days} 天），请联系门店",
)

EN = InvoiceWords(
    invoice_title_missing="Give the title: the company's full name",
    invoice_title_long="The title has {length} characters, at most {most}; please check",
    invoice_title_sign="“{sign}” cannot stand on an invoice, take it out of the title",
    invoice_title_formula="A title cannot begin with “{sign}”, please check",
    invoice_special_person="A special invoice needs a company and its tax number",
    invoice_tax_id_missing="A company needs its tax number; for a person choose “person”",
    invoice_tax_id_wrong="Tax number {tax_id} is wrong: it has 18 digits and capitals",
    invoice_tax_id_doubtful="Tax number fails its check or is an old one; a manager may confirm it",
    invoice_id_wrong="The identity number is wrong; it may be left out",
    invoice_email_wrong="The mail address is wrong (at most {most} signs)",
    invoice_mobile_wrong="The mobile number is wrong: 11 digits",
    invoice_field_long="{field} is too long, at most {most} characters",
    invoice_field_sign="{field} has a sign that cannot stand on an invoice",
    invoice_field_formula="{field} cannot begin with = or @",
    invoice_nothing="Nothing of {number} can be invoiced",
    invoice_returned="All of {number} was returned, nothing to invoice",
    invoice_stored="{number} was paid with stored value, which is not invoiced again",
    invoice_prepaid_special="{number} pays stored value in: a normal invoice only",
    invoice_too_large="{number} would need {parts} invoices, at most {most}; ask accounting",
    invoice_too_many="{number} has used up its invoice numbers; ask accounting",
    invoice_rate="“{name}” has rate {rate}, which this shop cannot bill; change the product",
    invoice_waiver="“{name}” at 3% needs the reason for giving up 1% (invoices.waiver)",
    invoice_code_missing="“{name}” has no tax code: set one for it or its category",
    invoice_code_unknown="Tax code {tax_code} of “{name}” is not in the table",
    invoice_code_general="Tax code {tax_code} ({group}) of “{name}” is a group, use a leaf",
    invoice_codes_missing="There is no table of tax codes at {path}",
    invoice_codes_header="Table {path} lacks a column: code, name and short name are needed",
    invoice_codes_empty="Table {path} has no codes",
    invoice_setting_missing="Setting {key} is missing",
    template_missing="No import template at {path}: download it from the tax bureau",
    template_damaged="Template {path} cannot be opened ({why}), download it again",
    template_header="Template {path} lacks the columns {header}, get the bureau's latest",
    template_filled="Template {path} is filled in “{sheet}” row {row}, use an empty one",
    template_column="Template sheet “{sheet}” has no column “{header}”, get the latest",
    template_long="“{header}” takes {most} characters: {text}",
    template_choice="“{header}” does not take “{text}”, check the template",
    template_readback="What was written differs from the orders ({path} “{sheet}”), not saved",
    invoice_none="There are no invoices to export",
    invoice_stopped="Stopped, nothing was exported",
    invoice_off="Invoicing is off: choose invoices.provider",
    invoice_not_here="Head office issues invoices: scan the code on the receipt",
    invoice_voided="{number} was voided, nothing to invoice",
    invoice_late="The time for an invoice is over ({days} days from {day})",
    invoice_pending="{number} is being invoiced, look again soon",
    invoice_exists="{number} is invoiced already ({invoice}); use amend to correct it",
    invoice_unknown="There is no invoice {number}",
    invoice_not_issued="{number} is not issued yet, nothing to take back",
    invoice_red_first="{number} is taken back in part; take back the rest first",
    invoice_erased="The buyer of {number} was erased; use the tax bureau’s site",
    invoice_number_wrong="Invoice number {number} is wrong: 20 digits",
    invoice_no_address="There is no mail or mobile to send to",
    invoice_not_delivered="Not sent: {why}",
    invoice_not_workbook="Only the provider “workbook” needs an export",
    states={"asked": "issuing", "issued": "issued", "exported": "exported", "failed": "failed"},
    red_states={
        "asked": "taking back",
        "red": "taken back",
        "failed": "failed",
        "lapsed": "not confirmed in 72 hours",
        "refused": "refused by the buyer",
        "gone": "void",
    },
    causes={
        "return": "return",
        "mistake": "mistake",
        "stopped": "stopped",
        "allowance": "allowance",
    },
    day="issued {issued}  failed {failed}  pending {pending}  red {red}  red pending {red_pending}",
    none="No invoices",
    day_title="Invoices {day}",
    day_hint="choose, Enter",
    day_columns=("Time", "Order", "Title", "Amount", "State", "Number / why"),
    filters={"issued": "issued", "failed": "failed", "pending": "pending", "red": "taken back"},
    batch="Invoices",
    batch_stop="Esc stops; what is on record goes on behind",
    batch_stopped="Stopped: {done} of {total} are on record",
    batch_done="All done",
    batch_refused="{count} not taken ({number}: {why}) {file}",
    batch_file="File of orders",
    batch_file_hint="CSV: number,title,tax_id,person,special,email,mobile",
    export_to="Export to folder",
    export_hint="Enter alone for {folder}",
    export_done="{count} exported: {names}",
    invoice_none_listed="There are no invoices here",
    invoice_none_failed="No failed invoices to ask for again",
    progress="{done}/{total}",
    left="Not waiting any longer; {count} are under way, the till goes on asking",
    exported="{name}: {count} invoices, {rows} rows",
    delivered="{number} sent again {email} {mobile}",
    special="special",
    at_headoffice="Head office: {state} {invoice_no}{reason}",
    above={
        "asked": "issuing",
        "issued": "issued",
        "failed": "failed",
        "red_asked": "taking back",
        "red": "taken back",
    },
    acts={
        "look": "Ask now",
        "resend": "Send again",
        "amend": "Amend",
        "red": "Take back all",
        "red_part": "Take back rows",
        "red_back": "Take back what was returned",
    },
    columns=("Invoice",),
    kinds=("person, normal", "company, normal", "company, special"),
    reasons=("title or tax number", "another kind", "return or allowance", "checked", "other"),
    ask_kind="{number} for a",
    ask_title="Title",
    ask_title_hint="the company's full name",
    ask_title_person="name; Enter alone for 个人",
    ask_tax_id="Tax number",
    ask_tax_hint="18 signs",
    ask_sent_to="Send to",
    ask_sent_to_hint="the buyer's mail or mobile; Enter alone for neither",
    ask_keep="Enter alone for {text}",
    tax_id_ok="√",
    tax_id_doubt="doubtful: a manager has to confirm",
    asked="{number}: the invoice is on its way",
    asking="Asking",
    issued_news="{number} is invoiced: {bureau_no}",
    failed_news="{number} was not invoiced: {why}",
    red_news="{number} is taken back: {bureau_no}",
    red_failed_news="{number} was not taken back: {why}",
    invoice_red_already="{number} is taken back already",
    invoice_red_row="{number} has no row {row}",
    invoice_red_too_much="Row {row} has only {left} left",
    invoice_red_none="No row is chosen: choose one and type how much of it",
    invoice_none_back="Nothing of {number} came back that is not taken back already",
    red_title="Take back rows of {number}",
    red_columns=("Goods", "left", "now", "amount"),
    red_send="Take back the rows chosen",
    red_quantity="How many of {name}",
    red_quantity_hint="Enter alone for all {left}; 0 for none",
    red_cause="Why",
    red_asked="Taking back {number} is on its way",
    invoice_no_link="Head office issues, but invoices.link or link_key is not set up here",
    code_title="Scan for the invoice",
    code_until="good until {day}",
    code_hint="the receipt has the same code; Esc: back",
    code_too_small="The screen is too small: scan the code on the receipt",
    link_forged="This code is not valid, scan the one on the receipt",
    link_expired="The time for an invoice is over ({days} days from {day}), ask the shop",
)
