"""What is told of product files: refusals, rejected rows, warnings, and the headers of exports."""

from __future__ import annotations

from collections.abc import Mapping

import msgspec

from pos.money import yuan


class ColumnWords(msgspec.Struct, frozen=True):
    """The headers of an exported product file, in their order; importing knows all of them."""

    sku: str
    barcode: str
    more_barcodes: str
    name: str
    short_name: str
    spec: str
    unit: str
    category: str
    brand: str
    origin: str
    supplier: str
    price: str
    member_price: str
    lowest_price: str
    cost: str
    tax_rate: str
    tax_code: str
    weighed: str
    discount: str
    points: str
    stocked: str
    low_stock: str
    high_stock: str
    active: str
    pack_barcode: str
    pack_size: str
    pack_price: str
    initials: str


class GoodsWords(msgspec.Struct, frozen=True):
    """One field for each code of an import or export; `say` fills the braces."""

    # what the ledger would not take
    codes_of_two_products: str
    sku_of_other_product: str
    one_product_twice: str
    price_missing: str
    ledger_barcode_taken: str
    # the file as a whole
    import_stopped: str
    already_there: str
    file_unreadable: str
    file_unwritable: str
    disk_full: str
    disk_error: str
    not_a_file: str
    file_empty: str
    file_too_big: str
    file_bomb: str
    file_binary: str
    file_not_table: str
    file_xls: str
    file_password: str
    file_damaged: str
    file_changed: str
    file_suffix: str
    line_too_long: str
    too_many_rows: str
    quote_open: str
    no_header: str
    column_missing: str
    column_unknown: str
    field_twice: str
    field_unknown: str
    encoding_unknown: str
    delimiter_wrong: str
    sheet_missing: str
    child_failed: str
    # a row that stays out
    name_missing: str
    cell_damaged: str
    cell_excel_error: str
    cell_too_long: str
    cell_is_date: str
    cell_formula: str
    row_too_long: str
    row_swallowed: str
    code_scientific: str
    code_too_long: str
    code_wrong: str
    too_many_codes: str
    pack_size_missing: str
    pack_size_wrong: str
    pack_lists_differ: str
    pack_code_repeated: str
    not_an_amount_cell: str
    amount_negative: str
    amount_decimals: str
    amount_too_large: str
    not_a_stock: str
    not_a_tax_rate: str
    tax_unclear: str
    not_a_tax_code: str
    not_yes_or_no: str
    code_shared: str
    sku_shared: str
    name_shared: str
    repeated_differs: str
    pack_differs: str
    # a row that goes in, with a warning
    text_cut: str
    code_completed: str
    code_check_digit: str
    code_zero_dropped: str
    code_zeros: str
    code_joined: str
    price_zero: str
    member_above_price: str
    lowest_above_price: str
    cost_above_price: str
    low_above_high: str
    header_again: str
    total_row: str
    # warnings about the file
    text_damaged: str
    other_sheets: str
    offer_price_ignored: str
    # the file of rejected rows, and how a row is named
    line: str
    reason: str
    between: str
    in_line: str
    in_column: str
    yes: str
    no: str
    columns: ColumnWords


ZH = GoodsWords(
    codes_of_two_products="条码 {text} 属于两种商品，没有导入；请核对条码",
    sku_of_other_product="货号 {text} 是另一种商品的，没有导入；请核对货号和条码",
    one_product_twice="文件里有几行指同一商品 {text}，没有导入；请只留一行",
    price_missing="新商品 {text} 没有售价，没有导入；请补售价",
    ledger_barcode_taken="条码 {text} 是另一种商品的（货号不同），没有导入；请核对",
    import_stopped="导入已停止，没有导入任何商品",
    already_there="{path} 已存在，没有改动。请换一个文件名",
    file_unreadable="读不了文件 {path}：{why}",
    file_unwritable="写不了 {path}：{why}",
    disk_full="磁盘已满，没有保存：{path}。请先清理磁盘",
    disk_error="磁盘读写错误，没有保存：{path}（{why}）",
    not_a_file="{path} 不是文件。请指定一个商品表文件",
    file_empty="{path} 是空文件。请重新导出",
    file_too_big="{path} 超过 {most} MB。请分成几个文件导入",
    file_bomb="{path} 解压后超过 {most} MB，没有打开。请另存为 CSV 再导入",
    file_binary="{path} 不是文本，也不是 Excel 表格。请导出为 CSV（UTF-8）或 .xlsx",
    file_not_table="{path} 是 {kind} 文件，不是商品表。请导出为 CSV 或 .xlsx",
    file_xls="{path} 是旧版 Excel（.xls）。请在 Excel 或 WPS 里另存为 .xlsx 再导入",
    file_password="{path} 有打开密码。请在 Excel 或 WPS 里去掉密码，保存后再导入",  # nosec B106  # words about passwords
    file_damaged="{path} 已损坏，打不开（{why}）。请重新导出或另存一份",
    file_changed="{path} 在读取时被改动了，没有导入。请保存关闭后再导入",
    file_suffix="不能导出为 {path}。文件名请以 .csv 或 .xlsx 结尾",
    line_too_long="{path} 第 {line} 行太长，不像商品表。请检查文件",
    too_many_rows="{path} 的行数超过 {most}。请分成几个文件导入",
    quote_open="{path} 第 {line} 行起的英文引号没有成对，后面的行读不出来。请补上或删去引号",
    no_header="{path} 没有认得的表头，开头是“{seen}”。"
    "前 40 行里要有一行写明：商品名称、条码、售价……",
    column_missing="缺少“商品名称”一列。现有：{seen}。请把名称那一列的表头改成“商品名称”",
    column_unknown="文件里没有“{column}”这一列。现有：{seen}",
    field_twice="“{one}”和“{two}”两列意思相同（{field}）。请删去一列，或改它的表头",
    field_unknown="“{column}”不能对应 {field}。可用：{known}",
    encoding_unknown="不认得编码 {encoding}。可用：{known}",
    delimiter_wrong="分隔符“{delimiter}”不对。可用：, ; tab 或任一个字符",
    sheet_missing="没有名为“{sheet}”的工作表。现有：{sheets}",
    child_failed="处理文件的程序意外结束（{why}），什么也没有改。请重试",
    name_missing="没有商品名称，请填写",
    cell_damaged="“{text}”里有读不出的字，请重新输入这一格",
    cell_excel_error="“{text}”是 Excel 的出错标记，请填上真正的内容",
    cell_too_long="内容太长（最多 {most} 个字），请缩短",
    cell_is_date="“{text}”被 Excel 变成了日期。请把这一列设为“文本”格式，再重新输入",
    cell_formula="“{text}”是公式，不计算。请在 Excel 里复制这一列，选择性粘贴为“数值”",
    row_too_long="这一行有 {cells} 格，表头只有 {columns} 格。"
    "多半是内容里有逗号，请用英文引号括起来",
    row_swallowed="英文引号没有成对，第 {first} 到 {last} 行连成了一行。请补上或删去引号",
    code_scientific="“{text}”是科学计数法，Excel 已丢掉后面的数字。"
    "请把这一列设为“文本”格式，重新输入完整号码",
    code_too_long="“{text}”超过 {most} 个字符。请核对号码；多个条码之间用逗号隔开",
    code_wrong="“{text}”不是条码（只能是数字、字母和符号）。请改正，没有条码就留空",
    too_many_codes="条码太多（最多 {most} 个），请核对",
    pack_size_missing="有箱码，但没有箱规。请填一箱有几件",
    pack_size_wrong="箱规“{text}”不明确。请只填一箱有几件，例如 24（1 到 {most}）",
    pack_lists_differ="有 {codes} 个箱码，“{text}”却是 {parts} 项。请用分号一一对应",
    pack_code_repeated="{code} 既是单件条码又是箱码。请删去一个",
    not_an_amount_cell="“{text}”不是金额。请只填数字，例如 12.50",
    amount_negative="“{text}”是负数，价格不能小于 0",
    amount_decimals="“{text}”超过两位小数。价格精确到分，请改成例如 12.35",
    amount_too_large="“{text}”太大，不像价格。请核对是不是填错了列",
    not_a_stock="“{text}”不是库存数量。请填 0 或正数，最多三位小数",
    not_a_tax_rate="“{text}”不是税率。请填例如 13%、9%、免税",
    tax_unclear="税率“{text}”不明确。请带上百分号，例如 0.5% 或 50%",
    not_a_tax_code="“{text}”不是税收分类编码，要 19 位数字。请核对，不知道就留空",
    not_yes_or_no="“{text}”看不出是还是否。请填“是”或“否”",
    code_shared="条码 {text} 在第 {lines} 行也有，却是不同的商品。请核对哪个对",
    sku_shared="货号 {text} 在第 {lines} 行也有，却是不同的商品。请核对哪个对",
    name_shared="没有条码和货号，而“{text}”在第 {lines} 行有几个商品同名。请填条码或货号",
    repeated_differs="{text} 在第 {lines} 行也有，是同一商品，但这一列不同。"
    "请改成一样，或删去多余的行",
    pack_differs="条码 {text} 在第 {lines} 行也有，但箱规或箱价不同。请改成一样",
    text_cut="内容太长，只保留前 {most} 个字：“{text}”",
    code_completed="条码 {text} 少了校验位，已补成 {full}。请核对",
    code_check_digit="条码 {text} 的最后一位不对（应为 {right}），照原样导入。请用扫码枪核对",
    code_zero_dropped="条码 {text} 前面多了 0，已改成 {short}",
    code_zeros="条码 {text} 全是 0，当作没有条码",
    code_joined="条码中间的空格或逗号已去掉：{text}",
    price_zero="售价是 0，请确认",
    member_above_price="会员价 {fen:yuan} 元高于售价 {price:yuan} 元",
    lowest_above_price="最低售价 {fen:yuan} 元高于售价 {price:yuan} 元",
    cost_above_price="进价 {fen:yuan} 元高于售价 {price:yuan} 元",
    low_above_high="库存下限高于库存上限",
    header_again="又是一行表头，已跳过",
    total_row="是合计行，已跳过",
    text_damaged="文件里有 {count} 处读不出的字，所在的行没有导入。文件可能不完整，请核对",
    other_sheets="只读了工作表“{sheet}”，没有读：{others}",
    offer_price_ignored="折扣价没有导入：售价不变，优惠请在促销里设置",
    line="行号",
    reason="原因",
    between="；",
    in_line="第 {line} 行：{why}",
    in_column="“{column}”：{why}",
    yes="是",
    no="否",
    columns=ColumnWords(
        sku="货号",
        barcode="条码",
        more_barcodes="扩展条码",
        name="商品名称",
        short_name="简称",
        spec="规格",
        unit="单位",
        category="分类",
        brand="品牌",
        origin="产地",
        supplier="供应商",
        price="售价",
        member_price="会员价",
        lowest_price="最低售价",
        cost="进价",
        tax_rate="税率",
        tax_code="税收分类编码",
        weighed="称重",
        discount="允许打折",
        points="可积分",
        stocked="计库存",
        low_stock="库存下限",
        high_stock="库存上限",
        active="在售",
        pack_barcode="箱码",
        pack_size="箱规",
        pack_price="箱价",
        initials="拼音码",
    ),
)

EN = GoodsWords(
    codes_of_two_products="Barcodes {text} belong to two products, left out; check the codes",
    sku_of_other_product="Item code {text} is another product's, left out; check the codes",
    one_product_twice="Several rows mean the one product {text}, left out; keep one row",
    price_missing="New product {text} has no price, left out; give it one",
    ledger_barcode_taken="Barcode {text} is another product's, left out; check it",
    import_stopped="The import was stopped, nothing was imported",
    already_there="{path} is there already and stays as it is. Take another name",
    file_unreadable="Cannot read {path}: {why}",
    file_unwritable="Cannot write {path}: {why}",
    disk_full="Disk full, nothing saved: {path}. Make room first",
    disk_error="Disk error, nothing saved: {path} ({why})",
    not_a_file="{path} is no file. Name a product file",
    file_empty="{path} is empty. Export it again",
    file_too_big="{path} is larger than {most} MB. Import it in several files",
    file_bomb="{path} unpacks to more than {most} MB and was not opened. Save it as CSV",
    file_binary="{path} is neither text nor an Excel table. Export it as CSV (UTF-8) or .xlsx",
    file_not_table="{path} is a {kind} file, no product table. Export it as CSV or .xlsx",
    file_xls="{path} is an old Excel file (.xls). Save it as .xlsx and import that",
    file_password="{path} has a password to open it. Remove it in Excel, save, import again",  # nosec B106  # words about passwords
    file_damaged="{path} is damaged and cannot be opened ({why}). Export or save it again",
    file_changed="{path} was changed while being read, nothing was imported. Close it first",
    file_suffix="Cannot export to {path}. The name should end in .csv or .xlsx",
    line_too_long="{path} line {line} is too long for a product table. Check the file",
    too_many_rows="{path} has more than {most} rows. Import it in several files",
    quote_open="{path}: a quote opened at line {line} is not closed. Close or remove it",
    no_header="{path} has no known headers, it starts with “{seen}”."
    " One of the first 40 rows must name the columns: name, barcode, price …",
    column_missing="There is no column “name”. There are: {seen}. Call the column of names “name”",
    column_unknown="The file has no column “{column}”. There are: {seen}",
    field_twice="“{one}” and “{two}” mean the same ({field}). Remove one or change its header",
    field_unknown="“{column}” cannot be {field}. There are: {known}",
    encoding_unknown="There is no encoding {encoding}. There are: {known}",
    delimiter_wrong="“{delimiter}” is no delimiter. Take , ; tab or any one sign",
    sheet_missing="There is no sheet “{sheet}”. There are: {sheets}",
    child_failed="The program at work on the file ended ({why}), nothing was changed. Try again",
    name_missing="The name is missing, fill it in",
    cell_damaged="“{text}” has characters that cannot be read, type the cell again",
    cell_excel_error="“{text}” is an error of Excel's, put in what it should be",
    cell_too_long="Too long (at most {most} characters), shorten it",
    cell_is_date="Excel made a date of it: “{text}”. Format the column as text, then type it again",
    cell_formula="“{text}” is a formula and is not computed. Paste the column as values in Excel",
    row_too_long="The row has {cells} cells, the header {columns}."
    " Text with a comma in it must stand in quotes",
    row_swallowed="A quote is not closed and joins lines {first} to {last}. Close or remove it",
    code_scientific="“{text}”: Excel destroyed the number, its last digits are lost."
    " Format the column as text and type it in full",
    code_too_long="“{text}” has more than {most} characters. Check it; put commas between codes",
    code_wrong="“{text}” is no barcode (digits, letters, signs). Correct it or leave it empty",
    too_many_codes="Too many barcodes (at most {most}), check them",
    pack_size_missing="A case barcode without a case size. Fill in how many units it holds",
    pack_size_wrong="Case size “{text}” is not clear. Fill in a number of units, 1 to {most}",
    pack_lists_differ="{codes} case barcodes but {parts} entries in “{text}”. Pair them with ;",
    pack_code_repeated="{code} is a barcode of the unit and of the case. Remove one",
    not_an_amount_cell="“{text}” is no amount. Fill in a number, say 12.50",
    amount_negative="“{text}” is negative, a price cannot be below 0",
    amount_decimals="“{text}” has more than two decimals. A price is exact to 0.01, say 12.35",
    amount_too_large="“{text}” is too large for a price. Is it in the wrong column?",
    not_a_stock="“{text}” is no stock quantity. Fill in 0 or more, at most three decimals",
    not_a_tax_rate="“{text}” is no tax rate. Fill in, say, 13% or 9%",
    tax_unclear="Tax rate “{text}” is not clear. Write the percent sign, 0.5% or 50%",
    not_a_tax_code="“{text}” is no tax category code of 19 digits. Check it or leave it empty",
    not_yes_or_no="“{text}” is neither yes nor no. Fill in yes or no",
    code_shared="Barcode {text} is on line {lines} too, for another product. Check which is right",
    sku_shared="Item code {text} is on line {lines} too, for another product. Check which is right",
    name_shared="No barcode and no item code, and several products are called “{text}”"
    " (line {lines}). Fill in a code",
    repeated_differs="{text} is on line {lines} too, the same product, but this column differs."
    " Make them alike or remove a row",
    pack_differs="Barcode {text} is on line {lines} too, with another case size or price."
    " Make them alike",
    text_cut="Too long, the first {most} characters stay: “{text}”",
    code_completed="Barcode {text} lacked its check digit, completed to {full}. Please check",
    code_check_digit="The last digit of barcode {text} is wrong (should be {right}),"
    " kept as it is. Check with a scanner",
    code_zero_dropped="Barcode {text} had needless zeros in front, now {short}",
    code_zeros="Barcode {text} is all zeros, taken as none",
    code_joined="Spaces or commas inside the barcode were removed: {text}",
    price_zero="The price is 0, please check",
    member_above_price="Member price {fen:yuan} is above the price {price:yuan}",
    lowest_above_price="Lowest price {fen:yuan} is above the price {price:yuan}",
    cost_above_price="Cost {fen:yuan} is above the price {price:yuan}",
    low_above_high="The lower stock limit is above the upper one",
    header_again="The headers once more, skipped",
    total_row="A row of totals, skipped",
    text_damaged="{count} characters cannot be read, their rows stayed out."
    " The file may be incomplete, please check",
    other_sheets="Only sheet “{sheet}” was read, not: {others}",
    offer_price_ignored="Offer prices were not imported: prices stay, offers are promotions",
    line="Line",
    reason="Reason",
    between="; ",
    in_line="Line {line}: {why}",
    in_column="“{column}”: {why}",
    yes="yes",
    no="no",
    columns=ColumnWords(
        sku="sku",
        barcode="barcode",
        more_barcodes="more_barcodes",
        name="name",
        short_name="short_name",
        spec="spec",
        unit="unit",
        category="category",
        brand="brand",
        origin="origin",
        supplier="supplier",
        price="price",
        member_price="member_price",
        lowest_price="lowest_price",
        cost="cost",
        tax_rate="tax_rate",
        tax_code="tax_code",
        weighed="weighed",
        discount="discount",
        points="points",
        stocked="stocked",
        low_stock="low_stock",
        high_stock="high_stock",
        active="active",
        pack_barcode="pack_barcode",
        pack_size="pack_size",
        pack_price="pack_price",
        initials="initials",
    ),
)


class _Fen(int):
    """`{x:yuan}` in a message shows fen as yuan."""

    def __format__(self, spec: str) -> str:
        return yuan(self) if spec == "yuan" else super().__format__(spec)


class _Values(dict[str, object]):
    def __missing__(self, key: str) -> str:
        return "?"


def say(words: GoodsWords, code: str, values: Mapping[str, object]) -> str:
    """A refusal, a reject or a warning as one line."""
    template = getattr(words, code, None)
    if not isinstance(template, str):
        return code
    shown = {k: _Fen(v) if isinstance(v, int) else v for k, v in values.items()}
    return template.format_map(_Values(shown))


def tell(words: GoodsWords, line: int, column: str, code: str, values: Mapping[str, object]) -> str:
    """`say` with where it is: the line (none for 0) and the column (none where empty)."""
    why = say(words, code, values)
    if column:
        why = words.in_column.format(column=column, why=why)
    return words.in_line.format(line=line, why=why) if line else why
