"""Words of shifts and days: opening, counting, closing, cash beside sales."""

from __future__ import annotations

import msgspec


class ShiftWords(msgspec.Struct, frozen=True):
    """One field for each code and word; `{x:yuan}` shows fen as yuan."""

    # refusals
    shift_closed_already: str
    shift_counted_already: str
    shift_not_closed: str
    shift_none: str
    shift_not_counted: str
    day_nothing: str
    z_unknown: str
    cash_unknown: str
    orders_held: str
    count_nothing: str
    count_goes_on: str
    pieces_wrong: str
    declared_wrong: str
    check_stopped: str
    copy_failed: str
    copy_no_room: str
    nothing_to_count: str
    no_closes: str
    not_a_date: str
    clock_unconfirmed: str
    # the menu
    title: str
    columns: tuple[str, str, str]
    # counting
    float_title: str
    float_hint: str
    close_title: str
    late_title: str
    recount_title: str
    count_label: str
    way_label: str
    count_columns: tuple[str, str, str]
    count_hint: str
    way_hint: str
    submit_row: str
    submit_hint: str
    cash_sum: str
    offered: str
    counted_title: str
    counted_columns: tuple[str, str, str, str]
    counted_hint: str
    over: str
    short: str
    even: str
    tolerance: str
    once_more: str
    recounted: str
    sign_reasons: tuple[str, ...]
    # messages
    float_taken: str
    float_counted: str
    float_none: str
    shift_done: str
    shift_over: str
    shift_short: str
    day_done: str
    auto_closed: str
    late_done: str
    left_open: str
    held_warned: str
    clock_back: str
    still_open: str
    confirm_title: str
    confirm_columns: tuple[str]
    confirm_rows: tuple[str, str]
    checking: str
    checked: str
    check_bad: str
    not_copied: str
    backed_up: str
    not_backed_up: str
    old_date: str
    drop_now: str
    drop_asked: str
    moved: dict[str, str]
    amounts: dict[str, str]
    reasons: dict[str, tuple[str, ...]]
    # slips
    slips: dict[str, str]
    x_title: str
    x_columns: tuple[str]
    x_rows: tuple[str, str]
    closes_title: str
    closes_columns: tuple[str, ...]
    auto: str
    unsigned: str
    printed: str
    # what a slip says
    sections: dict[str, str]
    z_number: str
    shift_of: str
    period: str
    grand_total: str
    declared: str
    expected: str
    difference: str
    handed: str
    left: str
    recount_note: str
    first_count: str
    signed_by: str
    uncounted: str
    clock_jumps: str
    counter_signs: str
    manager_signs: str
    pieces: str
    number_range: str


ZH = ShiftWords(
    shift_closed_already="这个班已经交过班了，不能再交",
    shift_counted_already="这个班已经点过钱了，不能再点",
    shift_not_closed="没有这个班的交班记录",
    shift_none="您没有开着的班，请先签到",
    shift_not_counted="还没点钱，请先点完再交",
    day_nothing="上次日结之后没有新单，不用再日结",
    z_unknown="没有第 {z} 号日结",
    cash_unknown="没有这笔现金收支",
    orders_held="还有 {count} 张挂单，请先取单结完或取消，再交班",
    count_goes_on="接着上次没点完的：请核对前面已输的数",
    count_nothing="什么也没点：没有钱请在任一面额输 0",
    pieces_wrong="“{text}”看不懂，请写成 100=3,50=2 这样：面额=张数",
    declared_wrong="“{text}”看不懂，请写成 bank=120.00 这样：方式=金额",
    check_stopped="核对已停，副本留在 {path}",
    copy_failed="账本副本没做成 {path}：{why}",
    copy_no_room="{path} 的磁盘快满了，没有做账本副本，请叫技术员",
    nothing_to_count="没有要补点的班",
    no_closes="还没有交班或日结",
    not_a_date="“{text}”不是日期，请写成 2026-03-01 2026-03-31",
    clock_unconfirmed="时钟被拨动过 {count} 次，请核对日期时间后加 --clock-ok 再日结",
    title="交班 · 日结",
    columns=("按键", "做什么", "说明"),
    float_title="备用金",
    float_hint="回车接用上一班留下的；要点就输张数",
    close_title="交班点钱",
    late_title="补点 {operator} {date}",
    recount_title="复点（只有这一次）",
    count_label="{name} 元 张数",
    way_label="{name} 金额",
    count_columns=("面额/方式", "张数", "金额"),
    count_hint="输张数回车到下一项；没有就直接回车",
    way_hint="输终端机或账单上的合计金额",
    submit_row="点完，交",
    submit_hint="回车交点；↑ 回去改",
    cash_sum="现金合计",
    offered="上一班留下 {fen:yuan}",
    counted_title="点钱结果",
    counted_columns=("方式", "申报", "应有", "差额"),
    counted_hint="回车认差额并签字；F2 重点一次；F9 店长不在先交班",
    over="长款",
    short="短款",
    even="相符",
    tolerance="差额超过 {fen:yuan} 元要店长签字",
    once_more="可以重点一次",
    recounted="已复点，第一次 {fen:yuan}",
    sign_reasons=("找零差错", "漏记支出", "原因待查", "其他"),
    float_taken="备用金 {fen:yuan}，开始收银",
    float_counted="备用金 {fen:yuan} 已点，开始收银",
    float_none="没有记备用金；交班菜单里可以补",
    shift_done="已交班，账实相符。上交 {handed:yuan}，留存 {left:yuan}",
    shift_over="已交班，长款 {fen:yuan}。上交 {handed:yuan}，留存 {left:yuan}",
    shift_short="已交班，短款 {fen:yuan}。上交 {handed:yuan}，留存 {left:yuan}",
    day_done="已日结，第 {z} 号，净额 {fen:yuan}",
    auto_closed="{date} 没有日结，已自动结为第 {z} 号；没点的钱请在 F12 里补点",
    late_done="已补点，差额 {fen:yuan}",
    left_open="留到下一班：挂单 {held}，未决 {unresolved}",
    held_warned="还有 {count} 张挂单，会留到下一班",
    clock_back="时钟被拨动过 {count} 次，现在是 {now}，营业日 {date}",
    still_open="{operator} 的班（{date}）没有交，会自动结掉，钱以后补点",
    confirm_title="请确认",
    confirm_columns=("",),
    confirm_rows=("照这样结", "先不结"),
    checking="正在核对账本 {done}/{total}，Esc 停；不影响收银",
    checked="账本核对无误，副本 {name}",
    check_bad="账本核对不通过，请叫技术员：{why}",
    not_copied="日结已完成；{why}",
    backed_up="已备份 {name}",
    not_backed_up="日结已完成，但备份没做成：{why}",
    old_date="营业日还是 {date}，请交班或日结（F12）",
    drop_now="钱箱现金过多，请解款 {fen:yuan}",
    drop_asked="解款（元），Esc 这单先不解",
    moved={"in": "已存入", "out": "已支出", "drop": "已解款", "float": "已记备用金"},
    amounts={"in": "存入金额", "out": "支出金额", "drop": "解款金额", "float": "备用金金额"},
    reasons={
        "in": ("补零钱", "备用金追加", "收回垫款", "其他"),
        "out": ("买办公用品", "付快递费", "退押金", "垫付货款", "其他"),
        "drop": ("交财务", "存银行", "放保险柜", "其他"),
    },
    slips={
        "x": "X 报表（未结）",
        "z": "日结单 Z",
        "shift": "交班单",
        "cash": "现金收支单",
        "report": "报表",
    },
    x_title="看哪个的数",
    x_columns=("范围",),
    x_rows=("本班", "上次日结以来"),
    closes_title="历次结单",
    closes_columns=("结单", "营业日", "时间", "谁", "金额", "差额"),
    auto="自动",
    unsigned="未签",
    printed="已排队打印",
    sections={
        "sales": "销售",
        "discounts": "优惠",
        "tax": "税额",
        "tenders": "收款",
        "categories": "分类",
        "operators": "收银员",
        "drawer": "钱箱",
        "acts": "操作",
        "counted": "点钱",
        "pieces": "现金面额",
    },
    z_number="日结号",
    shift_of="班",
    period="时间",
    grand_total="累计总额（不清零）",
    declared="申报",
    expected="应有",
    difference="长短款",
    handed="上交",
    left="留存备用金",
    recount_note="已复点",
    first_count="第一次 {way}",
    signed_by="差额签字",
    uncounted="没点钱的班",
    clock_jumps="时钟变动",
    counter_signs="收银员",
    manager_signs="店长",
    pieces="{fen:yuan} 元 × {count}",
    number_range="流水号",
)

EN = ShiftWords(
    shift_closed_already="This shift is closed already",
    shift_counted_already="This shift was counted already",
    shift_not_closed="There is no close of this shift",
    shift_none="You have no open shift: sign in first",
    shift_not_counted="Nothing is counted yet: finish the count first",
    day_nothing="Nothing happened since the last day close; there is no day to close",
    z_unknown="There is no day close {z}",
    cash_unknown="There is no such cash movement",
    orders_held="{count} orders are on hold: finish or void them before the close",
    count_goes_on="Going on with the count that was left: check what is typed already",
    count_nothing="Nothing was counted: where there is no money type a 0",
    pieces_wrong="“{text}” is no count, write 100=3,50=2: note=pieces",
    declared_wrong="“{text}” is no sum, write bank=120.00: way=sum",
    check_stopped="The check was stopped; the copy stays as {path}",
    copy_failed="No copy of the ledger at {path}: {why}",
    copy_no_room="The disk of {path} is nearly full: no copy was made, call the technician",
    nothing_to_count="No shift waits to be counted",
    no_closes="No shift and no day was closed yet",
    not_a_date="“{text}” is no date, write 2026-03-01 2026-03-31",
    clock_unconfirmed="The clock jumped {count} times: check date and time, then add --clock-ok",
    title="Shift and day",
    columns=("Key", "Act", "What it does"),
    float_title="Float",
    float_hint="Enter takes what the last shift left; or type the pieces",
    close_title="Count of the shift",
    late_title="Late count {operator} {date}",
    recount_title="Recount (the only one)",
    count_label="{name} yuan, pieces",
    way_label="Sum of {name}",
    count_columns=("Note/way", "Pieces", "Sum"),
    count_hint="Pieces and Enter; Enter alone where there are none",
    way_hint="The total on the terminal or the bill",
    submit_row="Done, hand in",
    submit_hint="Enter hands it in; ↑ to change",
    cash_sum="Cash",
    offered="left by the last shift {fen:yuan}",
    counted_title="The count",
    counted_columns=("Way", "Declared", "Expected", "Difference"),
    counted_hint="Enter signs for it; F2 counts once more; F9 closes unsigned",
    over="over",
    short="short",
    even="even",
    tolerance="More than {fen:yuan} needs a manager's signature",
    once_more="It may be counted once more",
    recounted="Recounted; at first {fen:yuan}",
    sign_reasons=("Wrong change", "Expense not noted", "Not known yet", "Other"),
    float_taken="Float {fen:yuan}, ready",
    float_counted="Float {fen:yuan} counted, ready",
    float_none="No float on record; the shift menu can add one",
    shift_done="Shift closed, it is even. Handed over {handed:yuan}, left {left:yuan}",
    shift_over="Shift closed, {fen:yuan} over. Handed over {handed:yuan}, left {left:yuan}",
    shift_short="Shift closed, {fen:yuan} short. Handed over {handed:yuan}, left {left:yuan}",
    day_done="Day closed, Z {z}, net {fen:yuan}",
    auto_closed="{date} was not closed: closed by itself as Z {z}; count it later in F12",
    late_done="Counted; difference {fen:yuan}",
    left_open="Left for the next shift: {held} held, {unresolved} unresolved",
    held_warned="{count} orders on hold stay for the next shift",
    clock_back="The clock jumped {count} times, it is {now}, business date {date}",
    still_open="The shift of {operator} ({date}) is open; it closes by itself, counted later",
    confirm_title="Please confirm",
    confirm_columns=("",),
    confirm_rows=("Close like this", "Not yet"),
    checking="Checking the ledger {done}/{total}, Esc stops; selling goes on",
    checked="The ledger holds; copy {name}",
    check_bad="The ledger failed its check, call the technician: {why}",
    not_copied="The day is closed; {why}",
    backed_up="backup {name}",
    not_backed_up="The day is closed, but it was not backed up: {why}",
    old_date="The business date is still {date}: close the shift or the day (F12)",
    drop_now="Too much cash in the drawer: drop {fen:yuan}",
    drop_asked="Drop (yuan), Esc: after this order",
    moved={"in": "Paid in", "out": "Paid out", "drop": "Dropped", "float": "Float on record"},
    amounts={"in": "Sum in", "out": "Sum out", "drop": "Sum dropped", "float": "Float"},
    reasons={
        "in": ("Small change", "More float", "Loan back", "Other"),
        "out": ("Supplies", "Courier", "Deposit back", "Paid for goods", "Other"),
        "drop": ("To the office", "To the bank", "Into the safe", "Other"),
    },
    slips={
        "x": "X report (not closed)",
        "z": "Z day close",
        "shift": "Shift close",
        "cash": "Cash slip",
        "report": "Report",
    },
    x_title="Figures of",
    x_columns=("What",),
    x_rows=("This shift", "Since the last day close"),
    closes_title="Past closes",
    closes_columns=("Close", "Date", "Time", "Who", "Sum", "Difference"),
    auto="auto",
    unsigned="unsigned",
    printed="Queued for the printer",
    sections={
        "sales": "Sales",
        "discounts": "Discounts",
        "tax": "Tax",
        "tenders": "Tenders",
        "categories": "Categories",
        "operators": "Operators",
        "drawer": "Drawer",
        "acts": "Acts",
        "counted": "Count",
        "pieces": "Notes and coins",
    },
    z_number="Z",
    shift_of="Shift",
    period="Time",
    grand_total="Grand total, running",
    declared="Declared",
    expected="Expected",
    difference="Over/short",
    handed="Handed over",
    left="Float left",
    recount_note="Recounted",
    first_count="First count {way}",
    signed_by="Signed by",
    uncounted="Shifts not counted",
    clock_jumps="Clock jumps",
    counter_signs="Cashier",
    manager_signs="Manager",
    pieces="{fen:yuan} × {count}",
    number_range="Numbers",
)
