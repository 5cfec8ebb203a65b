"""What each command is called: on the footer, in the help, on the key card."""

from __future__ import annotations

import msgspec


class Act(msgspec.Struct, frozen=True):
    """A short name for the footer and a sentence for the help."""

    name: str
    help: str


class CommandWords(msgspec.Struct, frozen=True):
    """One field for each command a key can do; the field is the command's id."""

    help: Act
    settle: Act
    quantity: Act
    discount_line: Act
    reduce_line: Act
    price: Act
    decrement: Act
    increment: Act
    delete_line: Act
    void_order: Act
    hold: Act
    discount_order: Act
    reduce_order: Act
    open_drawer: Act
    reprint: Act
    lock: Act
    sign_out: Act
    up: Act
    down: Act
    page_up: Act
    page_down: Act
    cash: Act
    quick_1: Act
    quick_2: Act
    quick_3: Act
    quick_4: Act
    bank: Act
    transfer: Act
    static_code: Act
    take_back: Act
    weigh: Act
    last_receipt: Act
    share: Act
    sync: Act
    sync_again: Act
    devices: Act
    print_jobs: Act
    wechat: Act
    alipay: Act
    pay_query: Act
    pay_park: Act
    pay_large: Act
    pay_print: Act
    unresolved: Act
    reconcile: Act
    payment_decide: Act
    find_products: Act
    find_orders: Act
    customer: Act
    deliver: Act
    offers: Act
    seller: Act
    note: Act
    repeat: Act
    price_check: Act
    quick_keys: Act
    training: Act
    quick_pick: Act
    new_product: Act
    pick: Act
    edit_price: Act
    edit_name: Act
    switch_product: Act
    import_products: Act
    order_status: Act
    fulfil: Act
    voucher: Act
    mail_receipt: Act
    invoice_day: Act
    invoices_before: Act
    invoices_after: Act
    invoices_again: Act
    invoices_ask: Act
    invoices_filter: Act
    invoices_issue: Act
    invoices_export: Act
    stored: Act
    points: Act
    top_up: Act
    invoice: Act
    invoice_amend: Act
    stock: Act
    stock_done: Act
    stock_cost: Act
    stock_cost_all: Act
    stock_remove: Act
    stock_partner: Act
    stock_drop: Act
    stock_post: Act
    duties: Act
    close_shift: Act
    close_day: Act
    x_report: Act
    cash_in: Act
    cash_out: Act
    cash_drop: Act
    reports: Act
    closes: Act
    count_late: Act
    count_next: Act
    count_submit: Act
    count_clear: Act
    count_sign: Act
    recount: Act
    count_unsigned: Act
    print_slip: Act
    report_today: Act
    report_yesterday: Act
    report_week: Act
    report_month: Act
    report_last_month: Act
    report_range: Act
    report_csv: Act
    report_xlsx: Act
    return_goods: Act
    return_more: Act
    return_less: Act
    return_all: Act
    return_damaged: Act
    return_bare: Act
    refund: Act
    refund_cash: Act
    reopen: Act
    back: Act
    quit: Act


ZH = CommandWords(
    help=Act("帮助", "显示按键说明"),
    settle=Act("结算", "去收款；空行按回车也行"),
    quantity=Act("数量", "先输数量按此键，再扫码；或对选中行改数量：数量、此键、回车"),
    discount_line=Act("单品折扣", "先输折数：85 是 85 折，8 是 8 折，100 取消折扣"),
    reduce_line=Act("单品减价", "先输金额，选中行减这么多元；0 取消"),
    price=Act("变价", "给选中行改单价"),
    decrement=Act("减一", "选中行减一件"),
    increment=Act("加一", "选中行加一件"),
    delete_line=Act("删行", "删掉选中行（更正）"),
    void_order=Act("整单取消", "放弃整张单，要选原因"),
    hold=Act("挂单/取单", "有商品时挂单，空单时取单"),
    discount_order=Act("整单折扣", "先输折数，整单打折；100 取消"),
    reduce_order=Act("金额优惠", "先输金额，整单减这么多元；0 取消"),
    open_drawer=Act("开钱箱", "不销售开钱箱，要选原因，留记录"),
    reprint=Act("重打小票", "重打上一单小票，印「重印」并计数"),
    lock=Act("锁屏", "锁住收银机，单据保留"),
    sign_out=Act("签退", "收银员离开；先结完或挂起当前单"),
    up=Act("上一行", "选上一行"),
    down=Act("下一行", "选下一行"),
    page_up=Act("上一页", "上翻一页"),
    page_down=Act("下一页", "下翻一页"),
    cash=Act("现金", "先输收到的金额；不输就是正好"),
    quick_1=Act("整钞一", "收第一个整钞金额"),
    quick_2=Act("整钞二", "收第二个整钞金额"),
    quick_3=Act("整钞三", "收第三个整钞金额"),
    quick_4=Act("整钞四", "收第四个整钞金额"),
    bank=Act("银行卡", "刷卡机收款后输参考号；先输金额可只收一部分"),
    transfer=Act("转账", "转账到账后输流水号；先输金额可只收一部分"),
    static_code=Act("收款码", "顾客扫台卡付款，人工确认到账；对账时再核对"),
    take_back=Act("退回收款", "退回最后一笔已收款"),
    weigh=Act("取秤", "从电子秤取重量；取不到就手输"),
    share=Act("交其他机", "把这单交给本店其他收银机，任一台可取（挂单里取），要联网"),
    sync=Act("总部", "与总部的联系、未上传、被退回的记录"),
    sync_again=Act("再传", "总部没收的记录再传一次"),
    last_receipt=Act("上一张小票", "看自己上一单的小票"),
    devices=Act("设备", "看打印机、钱箱、秤、客显、扫码枪的状态，回车试一下"),
    print_jobs=Act("打印", "看没打出来的小票，确认、再打或取消"),
    find_products=Act("查商品", "按条码、货号、拼音首字母或品名查商品和价格"),
    find_orders=Act("订单", "查订单、看小票、重打、结账凭证、送货"),
    customer=Act("顾客", "把顾客记在单上：手机、后四位或姓名"),
    deliver=Act("送货", "给这单记送货地址和备注"),
    wechat=Act("微信", "出微信收款码，先输金额可只收一部分；也可直接扫顾客的付款码"),
    alipay=Act("支付宝", "出支付宝收款码，先输金额可只收一部分；也可直接扫顾客的付款码"),
    pay_query=Act("查询", "马上向微信或支付宝查询这笔收款"),
    pay_park=Act("先挂起", "结果不明且时限已过：挂为未决，先接待下一位"),
    pay_large=Act("放大码", "收款码占满屏幕，再按还原"),
    pay_print=Act("打印码", "把收款码打在纸上，给扫不了屏幕的顾客"),
    unresolved=Act("未决", "结果不明的收款和退款：查询、由店长认定、补记或退款"),
    reconcile=Act("对账", "微信、支付宝一天的账单与本机核对，差异逐条处理"),
    payment_decide=Act("店长认定", "时限已过仍无结果：由店长认定已收或未收，留记录"),
    seller=Act("营业员", "先输工号：选中行和以后扫的都记这位营业员；不输就问"),
    note=Act("备注", "给这单写备注，印在小票上"),
    repeat=Act("重复上次", "上一个扫的商品再加一件"),
    price_check=Act("查价", "扫码看价格、优惠、库存，不销售"),
    training=Act("练习", "换到另一本账练习，不收真钱、不开钱箱；再按回到销售"),
    quick_keys=Act("快捷键", "没有条码的商品：打开一页，按一个数字或字母"),
    quick_pick=Act("快捷商品", "按键上的商品加入单里"),
    offers=Act("优惠", "看本单享了哪些优惠、差多少、为什么没享；选换购品"),
    new_product=Act("建档", "给刚才没有的条码建商品"),
    pick=Act("选定", "商品加入单里；订单看小票，待结账的取单"),
    edit_price=Act("改售价", "改选中商品的售价，留记录"),
    edit_name=Act("改品名", "改选中商品的品名，留记录"),
    switch_product=Act("停用/启用", "停用或启用选中商品，留记录"),
    import_products=Act("导入", "从 CSV 或 XLSX 文件导入商品"),
    order_status=Act("状态", "换着只看待结账、已完成、待送货…"),
    fulfil=Act("送达", "选中订单记为已送达，再按改回待送货"),
    invoice_day=Act("当天发票", "已开、失败、开票中、冲红；批量开票、查询、导出"),
    invoices_before=Act("前一天", "看前一天的发票"),
    invoices_after=Act("后一天", "看后一天的发票"),
    invoices_again=Act("失败重开", "列出的失败发票按原抬头再开一次"),
    invoices_ask=Act("全部查询", "没有结果的马上全部查询"),
    invoices_filter=Act("状态", "依次只看已开、失败、开票中、已冲红"),
    invoices_issue=Act("批量开票", "从 CSV 文件给许多单开票"),
    invoices_export=Act("导出", "导出税局批量导入模板"),
    mail_receipt=Act("电子小票", "把选中订单的小票发到顾客邮箱"),
    voucher=Act("结账凭证", "打印选中订单的结账凭证"),
    stored=Act("储值", "用会员储值或礼品卡付，先输金额可只付一部分；要联网"),
    points=Act("积分", "会员积分抵现：先看能抵多少，全用或少用；再按取消；要联网"),
    top_up=Act("充值", "给单上的会员充值，没有会员就卖礼品卡；先输金额；要联网"),
    invoice=Act("开票", "刚收款的单、选中的单开发票；开过的查、重发、修改重开、冲红"),
    invoice_amend=Act("改发票", "修改重开、冲红、税号存疑仍开"),
    stock=Act("库存", "收货、调拨、报损、盘点，看低库存和负库存"),
    stock_done=Act("做完了", "核对这张单，由有权的人过账"),
    stock_cost=Act("进价", "选中商品一件的进价；按了再输"),
    stock_cost_all=Act("总进价", "先输金额，选中商品全部的进价，按件摊"),
    stock_remove=Act("删行", "从这张单上删掉选中商品"),
    stock_partner=Act("对方", "改供应商或对方门店，和对方单号"),
    stock_drop=Act("作废", "这张单不要了，库存不变"),
    stock_post=Act("过账", "照此过账，库存随之增减，打印单据"),
    duties=Act("交班", "交班、签退、日结、X 报表、存取现金、报表"),
    close_shift=Act("交班", "点钱交班：各种收款都申报，差额交完才显示"),
    close_day=Act("日结", "结这一天：出 Z 日结单，核对账本并留副本"),
    x_report=Act("X 报表", "看本班或今天到现在的数，不改变任何东西"),
    cash_in=Act("存入", "往钱箱放钱，输金额选原因"),
    cash_out=Act("支出", "从钱箱拿钱，输金额选原因"),
    cash_drop=Act("解款", "把多的现金取出上交"),
    reports=Act("报表", "销售、税额、库存、畅滞销、操作核查，导出和打印"),
    closes=Act("历次结单", "看以前的交班单、日结单，补打"),
    count_late=Act("补点", "给没点钱就自动结的班补点"),
    count_next=Act("下一项", "输张数回车，到下一项；到底就交"),
    count_submit=Act("交点", "点完了，交"),
    count_clear=Act("清掉", "清掉这一项"),
    count_sign=Act("签字", "认这个差额：店长输工号密码"),
    recount=Act("重点", "再点一次，只有一次"),
    count_unsigned=Act("未签交班", "没有店长在场：先交班，记为未签"),
    print_slip=Act("打印", "打到小票纸上"),
    report_today=Act("今天", "今天的"),
    report_yesterday=Act("昨天", "昨天的"),
    report_week=Act("近 7 天", "近 7 天的"),
    report_month=Act("本月", "本月的"),
    report_last_month=Act("上月", "上月的"),
    report_range=Act("选日期", "自己输起止日期"),
    report_csv=Act("CSV", "导出成 CSV 文件"),
    report_xlsx=Act("XLSX", "导出成 XLSX 文件"),
    return_goods=Act("退货", "退货/换货：扫小票条码，或按单号、F10 找原单"),
    return_more=Act("加一", "选中行多退一件；扫要退的商品也行"),
    return_less=Act("减一", "选中行少退一件"),
    return_all=Act("整单退", "可退的商品全部退"),
    return_damaged=Act("入库/报损", "选中行退回后入库还是报损"),
    return_bare=Act("无小票", "没有小票的退货，要选原因，有限额"),
    refund=Act("退款", "按原路退款并完成退货"),
    refund_cash=Act("全退现金", "不走原路，剩下的都退现金"),
    reopen=Act("反结账", "整单退回，同样的商品重新开单"),
    back=Act("返回", "放弃输入或退回上一步"),
    quit=Act("退出", "关闭收银程序"),
)

EN = CommandWords(
    help=Act("Help", "Show the keys"),
    settle=Act("Pay", "Go to payment; Enter on an empty line does the same"),
    quantity=Act(
        "Quantity", "Number, this key, then scan; or number, this key, Enter for the line"
    ),
    discount_line=Act("Line %", "Type what is paid: 85 is 85 %, 8 is 80 %, 100 ends the discount"),
    reduce_line=Act("Line -¥", "Type yuan to take off the selected line; 0 ends it"),
    price=Act("Price", "Change the unit price of the selected line"),
    decrement=Act("One less", "One piece less on the selected line"),
    increment=Act("One more", "One piece more on the selected line"),
    delete_line=Act("Void line", "Take the selected line off the order"),
    void_order=Act("Void order", "Give up the whole order, with a reason"),
    hold=Act("Hold/Recall", "With goods: hold the order; empty: recall one"),
    discount_order=Act("Order %", "Type what is paid of the whole order; 100 ends the discount"),
    reduce_order=Act("Order -¥", "Type yuan to take off the whole order; 0 ends it"),
    open_drawer=Act("Drawer", "Open the drawer without a sale, with a reason, on record"),
    reprint=Act("Reprint", "Print the last receipt again, marked and counted"),
    lock=Act("Lock", "Lock the till, keeping the order"),
    sign_out=Act("Sign out", "The operator leaves; finish or hold the order first"),
    up=Act("Up", "Select the line above"),
    down=Act("Down", "Select the line below"),
    page_up=Act("Page up", "A page up"),
    page_down=Act("Page down", "A page down"),
    cash=Act("Cash", "Type what was handed over; nothing typed is the exact sum"),
    quick_1=Act("Note 1", "Take the first round sum"),
    quick_2=Act("Note 2", "Take the second round sum"),
    quick_3=Act("Note 3", "Take the third round sum"),
    quick_4=Act("Note 4", "Take the fourth round sum"),
    bank=Act("Bank card", "After the card terminal: its reference; type a sum first for a part"),
    transfer=Act("Transfer", "After the transfer: its reference; type a sum first for a part"),
    static_code=Act("Static code", "Customer paid a sticker: confirmed by you, reconciled later"),
    take_back=Act("Give back", "Give the last tender back"),
    weigh=Act("Weigh", "Take the weight from the scale, or type it"),
    share=Act("Share", "Hand this order over to any till of the shop; needs the network"),
    sync=Act("Office", "How it stands with head office, what was sent back"),
    sync_again=Act("Again", "Send records once more that head office did not take"),
    last_receipt=Act("Last receipt", "Look at the receipt of your last sale"),
    devices=Act("Devices", "How printer, drawer, scale, display, scanner are; Enter tests one"),
    print_jobs=Act("Prints", "Receipts that did not print: confirm, print again or cancel"),
    find_products=Act("Products", "Find a product or a price by code, pinyin initials or name"),
    find_orders=Act("Orders", "Find orders; read, reprint, voucher, delivery"),
    customer=Act("Customer", "Put the customer on the order: phone, last four digits or name"),
    deliver=Act("Delivery", "Put a delivery address and a note on the order"),
    wechat=Act("WeChat", "Show a WeChat Pay QR (type a sum first for a part), or scan a code"),
    alipay=Act("Alipay", "Show an Alipay QR (type a sum first for a part), or scan a code"),
    pay_query=Act("Ask now", "Ask the wallet now what became of this payment"),
    pay_park=Act("Put aside", "No result in time: put it aside as unresolved, serve the next"),
    pay_large=Act("Large QR", "The QR fills the screen; again: as before"),
    pay_print=Act("On paper", "Print the QR for a phone that cannot read the screen"),
    unresolved=Act("Unresolved", "Money without a result: ask, decide, attach, refund"),
    reconcile=Act("Reconcile", "A day's bill of a wallet against the till, differences settled"),
    payment_decide=Act("Decide", "No result in time: a manager decides paid or unpaid, on record"),
    seller=Act("Seller", "Type an id first: sells the selected line and what is scanned from now"),
    note=Act("Note", "Write a note on the order, printed on the receipt"),
    repeat=Act("Repeat", "The last product scanned, once more"),
    price_check=Act("Price check", "Scan to see price, offers and stock without selling"),
    training=Act("Training", "Practise on another ledger, no real money; again: back to selling"),
    quick_keys=Act("Quick keys", "Goods without a barcode: a page, then one digit or letter"),
    quick_pick=Act("Quick goods", "The product of that key goes on the order"),
    offers=Act("Offers", "What was given, what is nearly had, why not; choose an add-on"),
    new_product=Act("New item", "Make a product of the barcode that was unknown"),
    pick=Act("Take", "A product goes on the order; an order is shown, a held one recalled"),
    edit_price=Act("Price", "Change the price of the selected product, on record"),
    edit_name=Act("Name", "Change the name of the selected product, on record"),
    switch_product=Act("Off/On", "Switch the selected product off or on, on record"),
    import_products=Act("Import", "Import products from a CSV or XLSX file"),
    order_status=Act("Status", "Show only held, closed, to deliver … in turn"),
    fulfil=Act("Delivered", "Mark the selected order as delivered, or as to deliver again"),
    invoice_day=Act("Invoices", "Issued, failed, pending, taken back; many at once, export"),
    invoices_before=Act("Day before", "The invoices of the day before"),
    invoices_after=Act("Day after", "The invoices of the day after"),
    invoices_again=Act("Failed again", "What failed in this list once more, for the same buyers"),
    invoices_ask=Act("Ask all", "Ask now after everything without a result"),
    invoices_filter=Act("State", "Only issued, failed, pending, taken back in turn"),
    invoices_issue=Act("Many", "Invoices for the orders of a CSV file"),
    invoices_export=Act("Export", "Fill the tax bureau's import workbook"),
    mail_receipt=Act("Mail it", "Send the receipt of the selected order to the customer by mail"),
    voucher=Act("Voucher", "Print the settlement voucher of the selected order"),
    stored=Act("Stored value", "Pay with stored value or a gift card; needs the network"),
    points=Act(
        "Points",
        "See what points give, use all or fewer; again takes them off; needs the network",
    ),
    top_up=Act("Top up", "For the member on the order, else a gift card; needs the network"),
    invoice=Act("Invoice", "For the last sale or the chosen order; look, send, amend, take back"),
    invoice_amend=Act("Amend invoice", "Amend, take back, let a doubtful tax number pass"),
    stock=Act("Stock", "Receive, transfer, write off, count; what is low or below zero"),
    stock_done=Act("Done", "Look the document over; who has the right posts it"),
    stock_cost=Act("Cost", "Cost of one of the chosen product; press, then type"),
    stock_cost_all=Act("Cost of all", "Cost of all of the chosen product together"),
    stock_remove=Act("Remove", "Take the chosen product off the document"),
    stock_partner=Act("Partner", "Change the supplier or the other shop, and their number"),
    stock_drop=Act("Throw away", "Give this document up; stock stays as it was"),
    stock_post=Act("Post", "Post it: stock changes, the slip is printed"),
    duties=Act("Shift", "Close the shift, sign out, close the day, X, cash in and out, reports"),
    close_shift=Act(
        "Close shift",
        "Count and close the shift: declare every way of paying, then see what differs",
    ),
    close_day=Act("Close day", "Close the day: the Z, a full check and a copy of the ledger"),
    x_report=Act("X report", "Figures of the shift or the day so far; changes nothing"),
    cash_in=Act("Cash in", "Put cash into the drawer, with a reason"),
    cash_out=Act("Cash out", "Take cash out of the drawer, with a reason"),
    cash_drop=Act("Drop", "Take surplus cash out to the safe or the bank"),
    reports=Act("Reports", "Sales, tax, stock, movers, audit; export and paper"),
    closes=Act("Past closes", "Look at shifts and days closed before, print them again"),
    count_late=Act("Late count", "Count a shift that was closed without"),
    count_next=Act("Next", "Type the pieces, Enter, next one; at the end it is handed in"),
    count_submit=Act("Hand in", "The count is done: hand it in"),
    count_clear=Act("Clear", "Clear this one"),
    count_sign=Act("Sign", "Leave it as it is: a manager signs"),
    recount=Act("Recount", "Count once more, only once"),
    count_unsigned=Act("Unsigned", "No manager here: close now, on record as unsigned"),
    print_slip=Act("Print", "Print it on paper"),
    report_today=Act("Today", "Today"),
    report_yesterday=Act("Yesterday", "Yesterday"),
    report_week=Act("7 days", "The last seven days"),
    report_month=Act("Month", "This month"),
    report_last_month=Act("Last month", "Last month"),
    report_range=Act("Dates", "Type the first and the last date"),
    report_csv=Act("CSV", "Write a CSV file"),
    report_xlsx=Act("XLSX", "Write an XLSX file"),
    return_goods=Act(
        "Return", "Return or exchange: scan the receipt's barcode, type its number or find it"
    ),
    return_more=Act(
        "One more", "One more of the chosen line comes back; scanning the goods does it too"
    ),
    return_less=Act("One less", "One less of the chosen line comes back"),
    return_all=Act("All", "Everything that may still come back"),
    return_damaged=Act("Damaged", "Whether the chosen line goes to stock or is written off"),
    return_bare=Act("No receipt", "A return without a receipt: a reason is asked, a limit holds"),
    refund=Act("Refund", "Give the money back the way it came and close the return"),
    refund_cash=Act("All in cash", "The rest in cash, whatever it was paid with"),
    reopen=Act("Reopen", "The whole order comes back, the same goods open anew"),
    back=Act("Back", "Drop what was typed, or one step back"),
    quit=Act("Quit", "Close the till"),
)


def act(words: CommandWords, command_id: str) -> Act:
    """The words of a command."""
    found = getattr(words, command_id)
    if not isinstance(found, Act):
        raise TypeError(command_id)
    return found
