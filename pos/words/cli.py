"""What the command line prints."""

from __future__ import annotations

import msgspec


class CliWords(msgspec.Struct, frozen=True):
    """One field for each line; braces are filled in."""

    operator: str
    pin: str
    pin_again: str
    pins_differ: str
    ask_shop: str
    ask_till: str
    ask_shop_name: str
    ask_manager: str
    ask_manager_name: str
    made: str
    next_steps: str
    ask_code: str
    demo_ready: str
    demo_enter: str
    demo_pay: tuple[str, ...]
    demo_members: str
    demo_printed: str
    demo_office: str
    demo_invoice: str
    sold: str
    held: str
    duplicate: str
    refused_row: str
    file_sold: str
    nothing: str
    closed: str
    voided: str
    open: str
    imported: str
    operator_added: str
    operator_pin: str
    operator_disabled: str
    rekeyed: str
    repeppered: str
    active: str
    inactive: str
    config_good: str
    journal_good: str
    journal_bad: str
    ok: str
    warn: str
    fail: str
    log_hint: str
    failed: str
    and_more: str
    exported: str
    dry_run: str
    checks: dict[str, str]
    remedies: dict[str, str]


ZH = CliWords(
    operator="工号",
    pin="密码",
    pin_again="再输一遍密码",
    pins_differ="两次密码不一样",
    ask_shop="门店号（4 位）",
    ask_till="机号（2 位）",
    ask_shop_name="店名",
    ask_manager="店长工号",
    ask_manager_name="店长姓名",
    made="已建立 {folder}",
    next_steps="接着：pos catalog import 商品.csv，pos doctor，pos run",
    ask_code="顾客付款码：",
    demo_ready="演示店在 {folder}（{products} 种商品）。工号和密码：",
    demo_pay=(
        "试收款：结账（+）后按 F5 微信、F6 支付宝出码，约十秒后“顾客”扫码付款。",
        "或扫（输）顾客的付款码再回车，18 位，一个码只能用一次，改中间几位就是新码：",
        "  {paid}  微信，付款      {alipay}  支付宝，付款",
        "  {asks_then_pays_20s}  20 秒后付   {balance_short}  余额不足",
        "  {lost}  已付，答复丢失  {asks_for_ever}  一直不付",
    ),
    demo_members="会员手机 {phone}（金卡，有积分和储值），礼品卡 {gift}，券码 {coupon}",
    demo_enter="按回车开机…",
    demo_office="总部网页 {url}，账号 admin，一次性密码 {password}",
    demo_invoice="试开票：收款后按 Ctrl+Y，开给个人连按三次回车，几秒后开出；店长可修改重开、冲红",
    demo_printed="小票打在 {folder}（last.png 是最后一张）",
    sold="已结 {number}  合计 {total}  找零 {change}",
    held="已挂单 {lines} 行",
    duplicate="{ref}：以前已结，没有再结",
    refused_row="第 {line} 行 {ref}：{why}",
    file_sold="已结 {sold} 单，重复 {duplicates}，拒绝 {refused}",
    nothing="没有",
    closed="已完成",
    voided="已取消",
    open="未结",
    imported="读入 {read}：新增 {created}，更新 {updated}，未变 {unchanged}，用时 {seconds} 秒",
    operator_added="已加工号 {operator}",
    operator_pin="已改密码 {operator}",
    operator_disabled="已停用 {operator}",
    rekeyed="{count} 位顾客的资料已换用新密钥；旧备份仍用旧密钥，恢复时会一起带回",
    repeppered="密码已换盐，你的新密码现在生效；下列工号的旧密码作废，逐个 pos operator pin 重设"
    "（总部下发的工号不用）：{operators}",
    active="在用",
    inactive="停用",
    config_good="{file} 没有问题",
    journal_good="{records} 条记录全部相符，链头 {head}",
    journal_bad="第 {jn} 条记录不符：{what}",
    ok="好",
    warn="注意",
    fail="不行",
    log_hint="出错日志：{path}",
    failed="没有做成：{why}",
    and_more="另有 {more} 处",
    exported="已导出 {count} 种商品到 {path}",
    dry_run="只是检查，什么也没改",
    checks={
        "receipts": "小票模板",
        "printers": "打印机",
        "devices": "设备",
        "config": "配置",
        "secrets": "密钥文件",
        "ledger": "账本",
        "check": "账本自检",
        "lock": "占用",
        "link": "小票开票码",
        "headoffice": "总部",
        "unsent": "未上传",
        "witness": "账本见证",
        "disk": "磁盘空间",
        "sqlite": "SQLite 版本",
        "clock": "时钟",
        "products": "商品",
        "operators": "人员",
        "terminal": "终端",
    },
    remedies={
        "receipts": "改模板，或删掉店里的这份，用自带的；见 docs/receipts.md",
        "printers": "pos printer doctor；销售不受影响，小票会排队",
        "devices": "看线接好没有，端口写对没有",
        "disk": "清理磁盘，至少留 200 MB",
        "sqlite": "3.51.3 之前，两个程序同时写会坏账本；我们只有一个。请升级 libsqlite3",
        "clock": "时钟比最后一笔早，请校准时间",
        "products": "pos catalog import 商品.csv",
        "operators": "pos operator add",
        "terminal": "终端至少 80x24，并用 UTF-8",
        "check": "停用并联系技术员，不要删除任何文件",
        "headoffice": "看网络、时间和 [headoffice]；销售不受影响，恢复后自动上传",
        "unsent": "pos sync rejected 看总部的话，改好后再传",
        "witness": "账本少了已存的记录：pos journal verify",
        "lock": "",
        "link": "再跑 pos init --enrol，或拷来总部的 secrets/link.key（0600）；不影响销售",
    },
)

EN = CliWords(
    operator="Operator",
    pin="PIN",
    pin_again="PIN again",
    pins_differ="The two PINs differ",
    ask_shop="Shop (4 digits)",
    ask_till="Till (2 digits)",
    ask_shop_name="Shop's name",
    ask_manager="Manager's operator id",
    ask_manager_name="Manager's name",
    made="Made {folder}",
    next_steps="Next: pos catalog import FILE, pos doctor, pos run",
    ask_code="Customer's payment code: ",
    demo_ready="The demo shop is in {folder} ({products} products). Operators and PINs:",
    demo_pay=(
        "To pay: settle (+), then F5 WeChat or F6 Alipay for a QR; a customer scans it and pays"
        " within about ten seconds.",
        "Or scan (type) a customer's code and Enter, 18 digits, each serves once; change some in"
        " the middle for a new one:",
        "  {paid}  WeChat, pays          {alipay}  Alipay, pays",
        "  {asks_then_pays_20s}  pays after 20 s       {balance_short}  not enough money",
        "  {lost}  paid, answer lost     {asks_for_ever}  never pays",
    ),
    demo_members="A member: {phone} (points and stored value); gift card {gift}; coupon {coupon}",
    demo_enter="Press Enter to open the till…",
    demo_office="Head office's pages: {url}, admin, one-time password {password}",
    demo_invoice="To invoice: Ctrl+Y after a sale, three times Enter: a person's; soon it is there",
    demo_printed="Receipts are printed into {folder} (last.png is the last)",
    sold="Closed {number}  total {total}  change {change}",
    held="On hold, {lines} lines",
    duplicate="{ref}: sold before, not sold again",
    refused_row="line {line} {ref}: {why}",
    file_sold="{sold} sold, {duplicates} duplicates, {refused} refused",
    nothing="none",
    closed="closed",
    voided="voided",
    open="open",
    imported="{read} read: {created} new, {updated} updated, {unchanged} unchanged, {seconds} s",
    operator_added="Operator {operator} added",
    operator_pin="Operator {operator} has a new PIN",
    operator_disabled="Operator {operator} is disabled",
    rekeyed="Data of {count} customers is under a new key; old backups bring their old key",
    repeppered="The pepper is new and so is your PIN; the old PINs of these fit no more, set each"
    " by pos operator pin (but those that head office sends): {operators}",
    active="active",
    inactive="disabled",
    config_good="{file} is fine",
    journal_good="All {records} records hold, head {head}",
    journal_bad="Record {jn} does not hold: {what}",
    ok="ok",
    warn="warn",
    fail="fail",
    log_hint="Error log: {path}",
    failed="Failed: {why}",
    and_more="and {more} more",
    exported="{count} products written to {path}",
    dry_run="Only checked, nothing was changed",
    checks={
        "receipts": "receipts",
        "printers": "printers",
        "devices": "devices",
        "config": "config",
        "secrets": "secrets",
        "ledger": "ledger",
        "check": "ledger check",
        "lock": "in use",
        "link": "receipt link",
        "headoffice": "head office",
        "unsent": "unsent",
        "witness": "witness",
        "disk": "disk space",
        "sqlite": "SQLite",
        "clock": "clock",
        "products": "products",
        "operators": "operators",
        "terminal": "terminal",
    },
    remedies={
        "receipts": "Mend the template, or remove the shop's own; see docs/receipts.md",
        "printers": "pos printer doctor; sales go on, receipts wait",
        "devices": "Look at the cable and at the port in config.toml",
        "disk": "Make room, keep 200 MB free at least",
        "sqlite": "Before 3.51.3 two writers can damage a file; we have one. Update libsqlite3",
        "clock": "The clock is before the last sale, set it right",
        "products": "pos catalog import FILE",
        "operators": "pos operator add",
        "terminal": "Use at least 80x24 and UTF-8",
        "check": "Stop, call the technician, delete nothing",
        "headoffice": "Look at network, clock and [headoffice]; sales go on, records go up later",
        "unsent": "pos sync rejected tells why; send again when it is mended",
        "witness": "Records are missing at the end: pos journal verify",
        "lock": "",
        "link": "pos init --enrol again, or copy head office's secrets/link.key (0600)",
    },
)

HELP = {
    "app": "柜台 Guitai: 终端收银机 A till that runs in a terminal",
    "run": "开机收银 Open the till",
    "demo": "演示店 A demo shop in its own folder",
    "init": "建立一台收银机 Set up a till",
    "doctor": "开店前检查 Tell what is wrong before the shop opens",
    "promo": "促销 Offers",
    "promo list": "看促销 List the offers",
    "promo check": "上线前检查 Faults, clashes and sales below cost before they go live",
    "promo explain": "为什么这个价 Why an order cost what it did",
    "headoffice": "总部 Head office",
    "headoffice init": "建立总部 Set up a head office in a folder of its own",
    "headoffice serve": "开总部 Serve tills and pages",
    "headoffice migrate": "升级数据库 Bring head office's database to this version",
    "headoffice offers": "促销、优惠券下发 Offers and coupon codes for all tills",
    "headoffice setting": "下发设置 A setting for tills that leave them to head office",
    "headoffice import": "商品下发 Products and prices for all tills from CSV or XLSX",
    "account": "总部网页的账号 Accounts of head office's pages",
    "account add": "开账号 Open an account: prints its one-time password",
    "account reset": "重置密码 A new one-time password",
    "till": "总部的收银机 Tills of head office",
    "till add": "加收银机 Add a till: prints its one-time code",
    "till revoke": "停用收银机 Stop one till",
    "till list": "收银机列表 List tills",
    "keys": "按键表 The key card",
    "shift": "班次 Shifts",
    "shift open": "开班，记备用金 Open a shift with its float",
    "shift count": "补点没点钱就结掉的班 Count a shift that was closed without",
    "shift close": "点钱交班 Count and close the shift",
    "day": "营业日 Days",
    "day close": "日结 Close the day: the next Z, a check and a copy",
    "report": "报表 Reports",
    "report x": "X 报表 Figures so far, changes nothing",
    "report z": "日结单 A Z as it was closed",
    "report sales": "销售统计 Sales by day, hour, product, category, operator, tender …",
    "report tax": "税额 Tax by day and rate",
    "report stock": "库存金额 What the stock is worth",
    "report audit": "操作核查 Approvals, voids, drawer, reprints, prices",
    "cash": "现金收支 Cash beside sales",
    "cash in": "存入 Put cash into the drawer",
    "cash out": "支出 Take cash out of the drawer",
    "cash drop": "解款 Drop surplus cash",
    "cash open-drawer": "开钱箱 Open the drawer, on record",
    "voucher": "记账凭证 Vouchers for the accountant",
    "voucher export": "导出记账凭证 Export the vouchers of closed days",
    "sell": "命令行销售 Sell without a screen: [N*]CODE...",
    "order": "订单 Orders",
    "list": "列表 List",
    "show": "明细 Show one",
    "catalog": "商品 Products",
    "import": "导入商品 Import products from CSV or XLSX",
    "export": "导出商品 Export products to CSV or XLSX",
    "find": "查商品 Find products",
    "edit": "改商品 Change a product",
    "reprint": "重打小票 Queue a receipt once more",
    "return": "退货，按原路退款 bring goods back, refund the way it was paid",
    "deliver": "送达 Mark a delivery as done",
    "order voucher": "结账凭证 Settlement voucher",
    "receipt": "小票 Receipts",
    "render": "试排模板 Fill a template to see what it makes",
    "journal export": "导出日志 Write the journal to a file anybody can check",
    "replay": "重建账本 Make a ledger again from an exported journal",
    "backup": "备份 Backups",
    "backup key": "技术员的钥匙 Make the technician's key pair",
    "backup create": "做一份备份 Make a backup",
    "backup verify": "检查备份 Open a backup and check all of it",
    "backup restore": "恢复到空文件夹 Lay a backup out in an empty folder",
    "operator": "人员 Operators",
    "add": "添加 Add",
    "pin": "改密码 Give a new PIN",
    "disable": "停用 Disable",
    "config": "设置 Settings",
    "check": "检查 config.toml Check config.toml",
    "schema": "每项设置 JSON schema of config.toml",
    "rekey": "顾客资料换密钥 A new key for customers' data",
    "labels": "价签 Print shelf labels",
    "scanner": "扫码枪 Scanners",
    "scanner test": "试扫 Echo what a scanner sends",
    "scale": "电子秤 The scale",
    "scale test": "试秤 What the scale sends",
    "display": "客显 The customer display",
    "display test": "试客显 Show an amount in each way",
    "printer": "打印机 Printers",
    "discover": "找打印机 Find printers",
    "printer doctor": "查打印机 Ask each printer how it is",
    "printer test": "试打 Print a test page",
    "jobs": "没打完的 Print jobs that are not done",
    "retry": "再打 Queue a job once more",
    "cancel": "不打了 Give a job up",
    "payment": "微信、支付宝 Wallets",
    "pending": "未决 What is unresolved",
    "recover": "马上查询全部未决 Ask after everything unresolved",
    "resolve": "店长认定 A manager decides, with a reason",
    "refund": "原路退款 Refund the way it came",
    "reconcile": "对账单 A day's bill against the till",
    "sync": "总部 Head office",
    "now": "马上上传 Send all that waits, bring down what is new",
    "status": "未上传多少 What waits to be sent",
    "rejected": "总部没收的 What head office did not take",
    "member": "会员 Members",
    "member add": "入会 Sign somebody up",
    "member topup": "储值充值 Pay stored value in, in cash",
    "member payout": "储值退款 Pay a member's balance back",
    "member find": "找会员 Find people, masked",
    "member show": "会员资料和消费 A member and what was bought",
    "member edit": "改等级、卡号、生日 Another level, card or birthday",
    "member erase": "抹除资料 Erase a person for good",
    "stock": "库存 Stock",
    "receive": "收货入库 Receive goods",
    "count": "盘点 Count the stock",
    "move": "调入、调出、报损 Transfer in or out, write off",
    "moves": "库存流水 What moved the stock",
    "low": "低库存和补货 What is low, what to order",
    "invoice": "发票 E-invoices",
    "message": "消息 Messages",
    "message list": "看发出的消息 Messages and what became of them",
    "message again": "再发一次 Send a message once more",
    "issue": "开票，一单或一个文件 Issue for an order, or a file of them",
    "invoice status": "查发票：一单或一天 Invoices of an order or a day",
    "red": "冲红 Take an invoice back, whole or by row",
    "invoice export": "导出税局模板 Fill the tax bureau's workbook",
    "amend": "修改重开 Correct an invoice",
    "resend": "重发给顾客 Send an invoice to its buyer again",
    "mark": "填税局给的号码 Tell the number the bureau gave",
    "simulator": "模拟器 Simulators",
    "simulator printer": "小票打印机 A receipt printer on 127.0.0.1",
    "wechat": "微信支付 WeChat Pay on 127.0.0.1",
    "alipay": "支付宝 Alipay on 127.0.0.1",
    "tax": "诺税通发票 the invoice platform on 127.0.0.1",
    "journal": "账本 The journal",
    "verify": "核对全部记录 Verify every record",
}
"""Help of the command line, in both languages at once: it is read before any config is."""
