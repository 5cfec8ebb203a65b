"""What a person is told when a rule says no: what is wrong, where, what to do."""

from __future__ import annotations

import importlib
import string
from typing import Any

import msgspec

from pos.money import yuan
from pos.refusal import Refused


class RefusalWords(msgspec.Struct, frozen=True):
    """One field for each code that rules raise; `{x:yuan}` shows fen as yuan."""

    # order entry
    unknown_code: str
    product_off: str
    too_long: str
    no_line: str
    order_empty: str
    not_here: str
    quantity_not_positive: str
    quantity_too_large: str
    quantity_not_whole: str
    not_a_quantity: str
    quantity_first: str
    weight_missing: str
    too_many_lines: str
    not_an_amount: str
    amount_first: str
    amount_not_positive: str
    amount_too_large: str
    not_a_rate: str
    rate_first: str
    rate_out_of_range: str
    discount_negative: str
    discount_too_large: str
    not_discountable: str
    nothing_discountable: str
    price_out_of_range: str
    price_below_lowest: str
    prices_frozen: str
    # payment
    scan_while_paying: str
    change_too_large: str
    no_change_from_tender: str
    card_number: str
    reference_missing: str
    no_tender: str
    tender_taken: str
    already_paid: str
    still_due: str
    # hold
    nothing_held: str
    too_many_held: str
    order_open: str
    no_last_order: str
    no_such_choice: str
    # access
    not_signed_in: str
    no_right: str
    discount_over_limit: str
    price_over_limit: str
    wrong_pin: str
    must_wait: str
    role_cannot_sell: str
    approver_is_asker: str
    approver_has_no_right: str
    pin_form: str
    pin_weak: str
    pin_same: str
    pin_missing: str
    operator_missing: str
    unknown_role: str
    operator_exists: str
    operator_unknown: str
    operator_id_form: str
    last_manager: str
    other_operator: str
    # ledger
    ledger_in_use: str
    ledger_missing: str
    ledger_not_open: str
    ledger_newer: str
    ledger_of_other_till: str
    ledger_replayed: str
    ledger_unopenable: str
    ledger_damaged: str
    ledger_busy: str
    ledger_error: str
    not_a_ledger: str
    wrong_key: str
    migration_failed: str
    pragma_refused: str
    disk_full: str
    disk_read_only: str
    disk_error: str
    secret_missing: str
    secret_mode: str
    already_there: str
    # config
    config_missing: str
    config_unreadable: str
    config_not_toml: str
    config_unknown_key: str
    config_not_section: str
    config_bad_value: str
    setting_not_sent: str
    unknown_preset: str
    unknown_command: str
    unknown_key: str
    key_reserved: str
    key_clash: str
    # catalog and files
    file_unreadable: str
    file_unwritable: str
    file_header: str
    file_row: str
    cell_missing: str
    cell_wrong: str
    cell_repeated: str
    ref_missing: str
    barcode_taken: str
    order_unknown: str
    not_enough_cash: str
    wrong_usage: str
    no_terminal: str
    # networks
    wire_url: str
    wire_ca_file: str


ZH = RefusalWords(
    unknown_code="没有这个商品：{code}。请核对后重扫，或按商品货号输入",
    product_off="{name} 已停售",
    too_long="输入超过 64 个字符，已丢弃，请重扫",
    no_line="没有选中的商品行",
    order_empty="还没有商品",
    not_here="现在不能用这个键",
    quantity_not_positive="数量要大于 0",
    quantity_too_large="数量或金额太大（最多 {most} 件）",
    quantity_not_whole="{name} 按件销售，数量不能带小数",
    not_a_quantity="“{text}” 不是数量，例如 3 或 0.535",
    quantity_first="先输数量，再按数量键",
    weight_missing="{name} 要称重，请写重量，例如 0.535*{code}",
    too_many_lines="一张单最多 {most} 行，请先结算",
    not_an_amount="“{text}” 不是金额，例如 12.50",
    amount_first="先输金额，再按此键",
    amount_not_positive="金额要大于 0",
    amount_too_large="金额太大",
    not_a_rate="“{text}” 不是折数，例如 85 表示 85 折",
    rate_first="先输折数（85 是 85 折），再按此键",
    rate_out_of_range="折数要在 1 到 100 之间，不能是 {text}",
    discount_negative="优惠不能是负数",
    discount_too_large="优惠不能达到或超过商品金额",
    not_discountable="{name} 不参加打折",
    nothing_discountable="这张单没有可打折的商品",
    price_out_of_range="单价要大于 0，且不能过大",
    price_below_lowest="低于最低售价 {lowest:yuan} 元",
    prices_frozen="已开始收款，商品和价格不能再改；要改请先退回收款",
    scan_while_paying="正在收款，{code} 没有加入；按 Esc 返回后再扫",
    change_too_large="收 {given:yuan} 元要找零 {change:yuan} 元，请核对金额",
    no_change_from_tender="不能多收，还应收 {due:yuan} 元",
    card_number="这像银行卡号，不能保存；请输小票上的参考号",
    reference_missing="请输入参考号，至少 {least} 位",
    no_tender="还没有收款",
    tender_taken="已收款，请先退回收款",
    already_paid="已收齐",
    still_due="还差 {due:yuan} 元",
    nothing_held="没有挂单",
    too_many_held="已有 {most} 张挂单，请先取单结算",
    order_open="请先结完或挂起当前单",
    no_last_order="还没有可重打的单",
    no_such_choice="没有第 {text} 项",
    not_signed_in="请先签到",
    no_right="没有这个权限",
    discount_over_limit="超过可打折的限度 {limit}",
    price_over_limit="超过可降价的限度 {limit}",
    wrong_pin="工号或密码不对",
    must_wait="密码错误次数太多，请等 {seconds} 秒",
    role_cannot_sell="这个工号不能收银",
    approver_is_asker="不能自己授权自己",
    approver_has_no_right="授权人没有这个权限",
    pin_form="密码要 {least} 到 {most} 位数字",
    pin_weak="密码太简单，不能全相同或连号",
    pin_same="要换一个密码：旧的不能再用",
    pin_missing="需要密码：请在终端输入，或设置 {variable}",
    operator_missing="需要工号：--operator 工号",
    unknown_role="没有角色 {role}",
    operator_exists="工号 {operator} 已存在",
    operator_unknown="没有工号 {operator}",
    operator_id_form="工号要 1 到 8 位数字",
    last_manager="这是最后一个店长，不能停用",
    other_operator="只有 {operator} 本人或主管能解锁",
    ledger_in_use="账本正被占用：{holder}。请先退出那个程序",
    ledger_missing="没有账本 {path}。请先运行 pos init",
    ledger_not_open="账本没有打开",
    ledger_newer="账本 {path} 是较新版本（{version}，本程序到 {known}）。请升级程序",
    ledger_of_other_till="账本 {path} 属于门店 {shop} 收银机 {till}，与 config.toml 不符",
    ledger_replayed="账本 {path} 由日志重建，只供查账；要开机请用备份恢复（pos backup restore）",
    ledger_unopenable="打不开账本 {path}：{why}。请查看磁盘和文件权限，再运行 pos doctor",
    ledger_damaged="账本 {path} 损坏：{why}。请停用并联系技术员",
    ledger_busy="账本正忙：{path}。请稍候再试",
    ledger_error="账本出错：{why}。没有保存，请重试",
    not_a_ledger="{path} 不是柜台的账本",
    wrong_key="签名密钥与账本 {path} 不配。请放回原来的密钥文件",
    migration_failed="账本 {path} 升级失败，仍是版本 {version}，没有改动",
    pragma_refused="账本设置 {name} 应为 {wanted}，实为 {found}。请把账本放在本地磁盘",
    disk_full="磁盘已满，没有保存：{path}。请先清理磁盘，暂不要收款",
    disk_read_only="磁盘只读，没有保存：{path}。暂不要收款，请技术员查看磁盘并重新挂载为可写",
    disk_error="磁盘读写错误，没有保存：{path}（{why}）。暂不要收款，请技术员备份后换磁盘",
    secret_missing="缺少密钥文件 {path}",  # nosec B106  # words about passwords
    secret_mode="密钥文件 {path} 权限是 {mode}，应为 0600：chmod 600 {path}",
    already_there="{path} 已存在，没有改动",
    config_missing="没有配置文件 {file}。请用 --config 指定，或先运行 pos init",
    config_unreadable="读不了配置文件 {file}：{why}",
    config_not_toml="{file} 不是正确的 TOML：{why}",
    config_unknown_key="{file} 第 {line} 行：没有 {key} 这一项{near:near}",
    config_not_section="{file} 第 {line} 行：{key} 应是一节 [{key}]",
    config_bad_value="{file} 第 {line} 行：{key} 的值不对，应为 {wants}",
    setting_not_sent="{key} 不归总部设置，由技术员在 config.toml 里写",
    unknown_preset="{file} 第 {line} 行：没有按键方案 {preset}，可用 {known}",
    unknown_command="{file} 第 {line} 行：没有命令 {name}{near:near}",
    unknown_key="{file} 第 {line} 行：{name} 的按键 {key} 无法识别",
    key_reserved="{file} 第 {line} 行：按键 {key} 不能给 {name} 用",
    key_clash="{file} 第 {line} 行：按键 {key} 同时给了 {one} 和 {two}",
    file_unreadable="读不了文件 {path}：{why}",
    file_unwritable="写不了 {path}：{why}",
    file_header="{path} 第 1 行：缺少列 {columns}",
    file_row="{path} 第 {line} 行：{why}",
    cell_missing="缺少 {column}",
    cell_wrong="{column} 的值“{text}”不对",
    cell_repeated="{column} {text} 在第 {line} 行已有",
    ref_missing="缺少单据号（ref 列）",
    barcode_taken="条码 {code} 已属于别的商品，{name} 没有导入",
    order_unknown="没有订单 {number}",
    not_enough_cash="收款不足，还差 {due:yuan} 元",
    wrong_usage="用法不对：{why}",
    no_terminal="pos run 要在终端里运行",
    wire_url="网址 {url} 不对：须是 https，且不带路径",
    wire_ca_file="读不了证书机构文件 {path}",
)

EN = RefusalWords(
    unknown_code="No product with code {code}. Check and scan again, or type its item code",
    product_off="{name} is no longer sold",
    too_long="More than 64 characters: dropped, please scan again",
    no_line="No line is selected",
    order_empty="There are no goods yet",
    not_here="This key does nothing here",
    quantity_not_positive="A quantity must be above 0",
    quantity_too_large="Quantity or amount too large (at most {most})",
    quantity_not_whole="{name} is sold by the piece, whole numbers only",
    not_a_quantity='"{text}" is no quantity, say 3 or 0.535',
    quantity_first="Type the quantity, then this key",
    weight_missing="{name} is weighed: give the weight, say 0.535*{code}",
    too_many_lines="An order has at most {most} lines, please finish it",
    not_an_amount='"{text}" is no amount, say 12.50',
    amount_first="Type an amount, then this key",
    amount_not_positive="An amount must be above 0",
    amount_too_large="The amount is too large",
    not_a_rate='"{text}" is no rate; 85 means 85 % is paid',
    rate_first="Type what is paid (85 is 85 %), then this key",
    rate_out_of_range="What is paid must be from 1 to 100 %, not {text}",
    discount_negative="A discount cannot be negative",
    discount_too_large="A discount cannot reach the whole amount",
    not_discountable="{name} takes no discount",
    nothing_discountable="Nothing on this order takes a discount",
    price_out_of_range="A price must be above 0 and not absurd",
    price_below_lowest="Below the lowest price of {lowest:yuan}",
    prices_frozen="Payment has begun, goods and prices stay; give the tender back first",
    scan_while_paying="Payment is on, {code} was not added; press Esc, then scan",
    change_too_large="{given:yuan} would give {change:yuan} change, please check",
    no_change_from_tender="That is more than the {due:yuan} still due",
    card_number="That looks like a card number and is not kept; type the slip's reference",
    reference_missing="Type the reference, at least {least} characters",
    no_tender="Nothing was taken yet",
    tender_taken="Money was taken, give it back first",
    already_paid="All is paid",
    still_due="{due:yuan} is still due",
    nothing_held="No order is on hold",
    too_many_held="{most} orders are on hold already, recall one first",
    order_open="Finish or hold the order first",
    no_last_order="There is no order to print again yet",
    no_such_choice="There is no number {text}",
    not_signed_in="Please sign in first",
    no_right="You have no right to do this",
    discount_over_limit="Beyond your discount limit of {limit}",
    price_over_limit="Beyond your price limit of {limit}",
    wrong_pin="Wrong operator or PIN",
    must_wait="Too many wrong PINs, please wait {seconds} s",
    role_cannot_sell="This operator does not sell",
    approver_is_asker="Nobody approves his own act",
    approver_has_no_right="The approver has no right to this either",
    pin_form="A PIN has {least} to {most} digits",
    pin_weak="Too simple: not all alike, not in a row",
    pin_same="Choose another PIN: the old one is not to be used again",
    pin_missing="A PIN is needed: type it at a terminal or set {variable}",
    operator_missing="An operator is needed: --operator ID",
    unknown_role="There is no role {role}",
    operator_exists="Operator {operator} is there already",
    operator_unknown="There is no operator {operator}",
    operator_id_form="An operator id has 1 to 8 digits",
    last_manager="This is the last manager and stays",
    other_operator="Only {operator} or a supervisor can unlock",
    ledger_in_use="The ledger is in use by {holder}. Close that program first",
    ledger_missing="There is no ledger {path}. Run pos init first",
    ledger_not_open="The ledger is not open",
    ledger_newer="Ledger {path} is newer ({version}, we know {known}). Update the program",
    ledger_replayed="Ledger {path} was replayed, to look at; to work, restore a backup",
    ledger_of_other_till="Ledger {path} is of shop {shop} till {till}, not config.toml's",
    ledger_unopenable="Cannot open ledger {path}: {why}. Look at the disk and the file's mode,"
    " then run pos doctor",
    ledger_damaged="Ledger {path} is damaged: {why}. Stop and call the technician",
    ledger_busy="The ledger is busy: {path}. Try again in a moment",
    ledger_error="Ledger error: {why}. Nothing was saved, try again",
    not_a_ledger="{path} is no Guitai ledger",
    wrong_key="The signing key is not the one of ledger {path}. Put the old key file back",
    migration_failed="The upgrade failed, ledger {path} stays at version {version} unchanged",
    pragma_refused="Ledger setting {name} should be {wanted}, is {found}. Use a local disk",
    disk_full="Disk full, nothing saved: {path}. Make room before taking money",
    disk_read_only="The disk is read-only, nothing saved: {path}. Take no money; the"
    " technician looks at the disk and mounts it for writing",
    disk_error="Disk error, nothing saved: {path} ({why}). Take no money; the"
    " technician backs up and changes the disk",
    secret_missing="The secret file {path} is missing",  # nosec B106  # words about passwords
    secret_mode="Secret file {path} has mode {mode}, must be 0600: chmod 600 {path}",
    already_there="{path} is there already and stays as it is",
    config_missing="There is no config file {file}. Name it with --config, or run pos init",
    config_unreadable="Cannot read config file {file}: {why}",
    config_not_toml="{file} is no valid TOML: {why}",
    config_unknown_key="{file} line {line}: there is no key {key}{near:near}",
    config_not_section="{file} line {line}: {key} should be a section [{key}]",
    config_bad_value="{file} line {line}: {key} has a wrong value, it takes {wants}",
    setting_not_sent="{key} is not head office's to set; a technician writes it in config.toml",
    unknown_preset="{file} line {line}: no key preset {preset}, there are {known}",
    unknown_command="{file} line {line}: there is no command {name}{near:near}",
    unknown_key="{file} line {line}: the key {key} of {name} is unknown",
    key_reserved="{file} line {line}: the key {key} cannot be given to {name}",
    key_clash="{file} line {line}: the key {key} is given to both {one} and {two}",
    file_unreadable="Cannot read {path}: {why}",
    file_unwritable="Cannot write {path}: {why}",
    file_header="{path} line 1: columns missing: {columns}",
    file_row="{path} line {line}: {why}",
    cell_missing="{column} is missing",
    cell_wrong='{column} "{text}" is wrong',
    cell_repeated="{column} {text} is on line {line} already",
    ref_missing="No reference (column ref)",
    barcode_taken="Barcode {code} is another product's, {name} was not imported",
    order_unknown="There is no order {number}",
    not_enough_cash="Not enough: {due:yuan} is still due",
    wrong_usage="Wrong usage: {why}",
    no_terminal="pos run needs a terminal",
    wire_url="Address {url} is wrong: https, without a path",
    wire_ca_file="Cannot read the authority file {path}",
)


class _Fill(string.Formatter):
    """`{x:yuan}` for fen; `{near:near}` for a guess, nothing where there is none."""

    def format_field(self, value: Any, spec: str) -> str:
        if spec == "yuan":
            return yuan(int(value))
        if spec == "near":
            return f"（{value}？）" if value else ""
        return str(super().format_field(value, spec))

    def get_value(self, key: int | str, args: Any, kwargs: Any) -> Any:
        return kwargs.get(str(key), "?")


_FILL = _Fill()


_ROOMS = (
    "backup",
    "billing",
    "books",
    "catalog",
    "goods",
    "hardware",
    "headoffice",
    "invoices",
    "messages",
    "members",
    "pages",
    "payments",
    "promotions",
    "receipts",
    "reports",
    "returns",
    "selling",
    "shifts",
    "sync",
    "stock",
    "wallets",
)
"""Rooms with refusals of their own (`pos.words.NAME`), loaded when one of them refuses."""


def fill(template: str, **values: object) -> str:
    """A text with its values, fen shown as yuan."""
    return str(_FILL.vformat(template, (), values))


def say(words: RefusalWords, refused: Refused) -> str:
    """A refusal as one line."""
    template = getattr(words, refused.code, None)
    for room in _ROOMS if template is None else ():
        module = importlib.import_module(f"pos.words.{room}")
        template = template or getattr(module.ZH if words is ZH else module.EN, refused.code, None)
    if template is None:
        template = refused.code + " {why}"
    return fill(template, **refused.values)
