"""What is said of stock: receipts of goods, transfers, write-offs, stocktakes, what runs low."""

from __future__ import annotations

import msgspec


class StockWords(msgspec.Struct, frozen=True):
    """One field for each word; braces are filled in. `kinds` has documents and moves."""

    menu: str
    menu_columns: tuple[str, str]
    menu_low: str
    menu_negative: str
    menu_open: str
    kinds: dict[str, str]
    partners: dict[str, str]
    partner_hint: str
    reference: str
    reference_hint: str
    scan: str
    scan_hint: str
    columns: tuple[str, ...]
    blind_columns: tuple[str, ...]
    review_columns: tuple[str, ...]
    out_columns: tuple[str, ...]
    low_columns: tuple[str, ...]
    review: str
    review_hint: str
    note: str
    note_count: str
    note_review: str
    cost: str
    cost_all: str
    weight: str
    resumed: str
    kept: str
    dropped: str
    drop_title: str
    drop_choices: tuple[str, str]
    posted: str
    counted: str
    scope_title: str
    scope_choices: tuple[str, str]
    write_off_reasons: tuple[str, ...]
    low_title: str
    negative_title: str
    unknown_cost: str
    # on paper
    frozen_at: str
    approver: str
    book: str
    found: str
    difference: str
    value: str
    summary: str
    signature: str
    # command line
    cli_posted: str
    cli_counted: str
    cli_low: str
    cli_move: str
    cli_none: str
    cli_dry: str
    # refusals
    stock_empty: str
    stock_none_low: str
    stock_too_long: str
    stock_twice: str
    stock_open: str
    stock_partner_missing: str
    stock_reason_missing: str
    stock_moment: str
    stock_kind: str
    stock_row: str


ZH = StockWords(
    menu="库存",
    menu_columns=("做什么", ""),
    menu_low="低库存和补货",
    menu_negative="负库存",
    menu_open="未完成，{lines} 种",
    kinds={
        "received": "收货入库",
        "transferred_in": "调入",
        "transferred_out": "调出",
        "written_off": "报损",
        "counted": "盘点",
        "sold": "销售",
        "returned": "退货",
        "damaged": "退货报损",
    },
    partners={
        "received": "供应商",
        "transferred_in": "从哪家店调入",
        "transferred_out": "调到哪家店",
        "written_off": "报损说明",
        "counted": "盘点说明",
    },
    partner_hint="没有就直接回车",
    reference="对方单号",
    reference_hint="送货单或调拨单上的号；没有就直接回车",
    scan="扫商品",
    scan_hint="扫码或输货号；先输数量按 {key}",
    columns=("品名", "货号", "数量", "进价", "金额"),
    blind_columns=("品名", "货号", "实盘"),
    review_columns=("品名", "货号", "账面", "实盘", "差异", "差异金额"),
    out_columns=("品名", "货号", "数量"),
    low_columns=("品名", "货号", "库存", "下限", "建议补", "供应商"),
    review="核对{kind}",
    review_hint="{key} 过账，Esc 返回再改",
    note="{lines} 种  {pieces} 件  {total} 元",
    note_count="{lines} 种  {pieces} 件",
    note_review="{lines} 种不符  盘盈 {over}  盘亏 {short}",
    cost="{name} 进价（元）",
    cost_all="{name} 总进价（元）",
    weight="{name} 重量（kg）",
    resumed="接着做上次的{kind}",
    kept="{kind}已暂存，再进来接着做",
    dropped="{kind}已作废，库存没有变",
    drop_title="作废这张{kind}？",
    drop_choices=("不，接着做", "作废"),
    posted="{kind}已过账 {number}，{lines} 种",
    counted="盘点已过账 {number}，{lines} 种不符",
    scope_title="盘点范围",
    scope_choices=("只盘扫到的商品", "全盘：没扫到的按 0 算"),
    write_off_reasons=("过期", "破损", "丢失", "自用", "其他"),
    low_title="低库存",
    negative_title="负库存",
    unknown_cost="未知",
    frozen_at="开始时间",
    approver="审核人",
    book="账面",
    found="实盘",
    difference="差异",
    value="差异金额",
    summary="盘 {lines} 种，不符 {differ} 种",
    signature="签字",
    cli_posted="{kind}已过账 {number}：{lines} 种，{total} 元",
    cli_counted="盘点已过账 {number}：{lines} 种不符，差异 {total} 元",
    cli_low="{sku}  {name}  库存 {stock}  下限 {low}  建议补 {want}{unit}  {supplier}",
    cli_move="{at}  {kind}  {sku} {name}  {milli}  {number} {partner}",
    cli_none="没有",
    cli_dry="只是试算，库存没有变",
    stock_empty="还没有商品，请先扫码",
    stock_none_low="没有这样的商品",
    stock_too_long="一张单最多 {most} 种商品，请先过账",
    stock_twice="{name}（{sku}）重复，前面第 {line} 行已有；请合并成一行",
    stock_open="有一张{kind}没做完，请先在收银机上过账或作废",
    stock_partner_missing="请写明对方：--partner 店名或供应商",
    stock_reason_missing="报损要写原因：--reason 原因",
    stock_moment="“{text}” 不是时间，例如 2026-03-02 22:00，且不能在将来",
    stock_kind="没有 {text} 这种移动，可用 {known}",
    stock_row="第 {line} 行：{why}",
)

EN = StockWords(
    menu="Stock",
    menu_columns=("What to do", ""),
    menu_low="Low stock and what to order",
    menu_negative="Below zero",
    menu_open="unfinished, {lines} products",
    kinds={
        "received": "Goods receipt",
        "transferred_in": "Transfer in",
        "transferred_out": "Transfer out",
        "written_off": "Write-off",
        "counted": "Stocktake",
        "sold": "Sale",
        "returned": "Return",
        "damaged": "Return, damaged",
    },
    partners={
        "received": "Supplier",
        "transferred_in": "From which shop",
        "transferred_out": "To which shop",
        "written_off": "About the write-off",
        "counted": "About the stocktake",
    },
    partner_hint="Enter alone for none",
    reference="Their number",
    reference_hint="on their delivery or transfer slip; Enter alone for none",
    scan="Goods",
    scan_hint="scan or type an item code; quantity first, then {key}",
    columns=("Product", "Code", "Qty", "Cost", "Amount"),
    blind_columns=("Product", "Code", "Counted"),
    review_columns=("Product", "Code", "Book", "Counted", "Diff", "Value"),
    out_columns=("Product", "Code", "Qty"),
    low_columns=("Product", "Code", "Stock", "Low", "Order", "Supplier"),
    review="Check: {kind}",
    review_hint="{key} posts, Esc goes back",
    note="{lines} products  {pieces} pieces  {total}",
    note_count="{lines} products  {pieces} pieces",
    note_review="{lines} differ  over {over}  short {short}",
    cost="Cost of one {name}",
    cost_all="Cost of all {name}",
    weight="Weight of {name} (kg)",
    resumed="Going on with the last {kind}",
    kept="{kind} is kept, open it again to go on",
    dropped="{kind} thrown away, stock is as it was",
    drop_title="Throw this {kind} away?",
    drop_choices=("No, go on", "Throw away"),
    posted="{kind} posted {number}, {lines} products",
    counted="Stocktake posted {number}, {lines} differ",
    scope_title="What was counted",
    scope_choices=("Only what was scanned", "Everything: not scanned is 0"),
    write_off_reasons=("Expired", "Broken", "Lost", "Own use", "Other"),
    low_title="Low stock",
    negative_title="Below zero",
    unknown_cost="unknown",
    frozen_at="Begun",
    approver="Approved by",
    book="Book",
    found="Counted",
    difference="Difference",
    value="Value",
    summary="{lines} counted, {differ} differ",
    signature="Signature",
    cli_posted="{kind} posted {number}: {lines} products, {total}",
    cli_counted="Stocktake posted {number}: {lines} differ, {total}",
    cli_low="{sku}  {name}  stock {stock}  low {low}  order {want}{unit}  {supplier}",
    cli_move="{at}  {kind}  {sku} {name}  {milli}  {number} {partner}",
    cli_none="None",
    cli_dry="Only tried, stock is as it was",
    stock_empty="There are no goods yet, please scan",
    stock_none_low="There is none",
    stock_too_long="At most {most} products on one document, please post it",
    stock_twice="{name} ({sku}) is on line {line} already; make it one line",
    stock_open="There is an unfinished {kind}: post it or throw it away at the till first",
    stock_partner_missing="Name the other side: --partner",
    stock_reason_missing="A write-off needs a reason: --reason",
    stock_moment='"{text}" is no moment, say 2026-03-02 22:00, and not in the future',
    stock_kind="There is no move {text}, there are {known}",
    stock_row="line {line}: {why}",
)
