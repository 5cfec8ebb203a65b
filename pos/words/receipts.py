"""What is said of a receipt template or document that is wrong: where, what, what to do."""

from __future__ import annotations

import msgspec


class ReceiptRefusals(msgspec.Struct, frozen=True):
    """One field for each code that `pos.receiptline` raises or puts into `Layout.faults`."""

    # templates
    receipt_template_syntax: str
    receipt_missing_value: str
    receipt_no_template: str
    receipt_template_fault: str
    receipt_endless: str
    receipt_too_long: str
    # markup
    receipt_brace: str
    receipt_bad_property: str
    receipt_bad_value: str
    receipt_command: str
    receipt_columns: str
    # what a receipt does without
    receipt_image: str
    receipt_image_too_large: str
    receipt_too_many_columns: str
    receipt_too_narrow: str
    receipt_bad_code: str
    receipt_code_too_wide: str


ZH = ReceiptRefusals(
    receipt_template_syntax="{name} 第 {line} 行：模板写法不对（{why}），请改正后再试",
    receipt_missing_value="{name} 第 {line} 行：没有 {what} 这个值，请核对名称或加 |default",
    receipt_no_template="{name} 第 {line} 行：没有模板 {other}，请核对文件名",
    receipt_template_fault="{name} 第 {line} 行：模板无法填写（{why}），请改正这一行",
    receipt_endless="{name} 第 {line} 行：循环或宏没有尽头，已停止，请改正这一行",
    receipt_too_long="{name} 太长（最多 {most}），请缩短模板或数据",
    receipt_brace="{name} 第 {line} 行：“{text}”的大括号不成属性；属性独占一行，文字写 \\{{ \\}}",
    receipt_bad_property="{name} 第 {line} 行：没有属性 {key}{near:near}，请改正",
    receipt_bad_value="{name} 第 {line} 行：属性 {key} 的值“{value}”不对，可用：{wants}",
    receipt_command="{name} 第 {line} 行：不允许 command，小票不能直接向打印机发指令，请删去",
    receipt_columns="纸宽 {columns} 列不对，要在 {least} 到 {most} 之间，请改打印机设置",
    receipt_image="{name} 第 {line} 行：图片不是 PNG，没有打印；请换成 base64 的 PNG",
    receipt_image_too_large="{name} 第 {line} 行：图片太大，没有打印；请缩小后再放入",
    receipt_too_many_columns="{name} 第 {line} 行：{what} 列放不下，多出的没有打印；请减少列数",
    receipt_too_narrow="{name} 第 {line} 行：“{what}” 比这一列宽，没有打印；请加宽这一列",
    receipt_bad_code="{name} 第 {line} 行：“{what}”不能做成 {kind} 码，已印成文字；请核对或换码制",
    receipt_code_too_wide="{name} 第 {line} 行：“{what}”的 {kind} 码比纸宽，已印成文字；请缩短",
)

EN = ReceiptRefusals(
    receipt_template_syntax="{name} line {line}: the template is not well formed ({why}), mend it",
    receipt_missing_value="{name} line {line}: no value {what}; check its name or add |default",
    receipt_no_template="{name} line {line}: there is no template {other}, check its name",
    receipt_template_fault="{name} line {line}: cannot be filled ({why}), mend this line",
    receipt_endless="{name} line {line}: a loop or macro without end was stopped, mend this line",
    receipt_too_long="{name} is too long (at most {most}), shorten the template or its data",
    receipt_brace=(
        '{name} line {line}: the braces in "{text}" make no property; properties stand alone on '
        "a line, in text write \\{{ \\}}"
    ),
    receipt_bad_property="{name} line {line}: there is no property {key}{near:near}, mend it",
    receipt_bad_value='{name} line {line}: property {key} takes no "{value}", only: {wants}',
    receipt_command=(
        "{name} line {line}: command is not allowed, a receipt sends no bytes to a printer; "
        "take it out"
    ),
    receipt_columns="Paper of {columns} columns: only {least} to {most}, set the printer right",
    receipt_image="{name} line {line}: the image is no PNG and was left out; give a base64 PNG",
    receipt_image_too_large="{name} line {line}: the image is too large, left out; make it smaller",
    receipt_too_many_columns=(
        "{name} line {line}: {what} columns are more than fit, the last were left out; use fewer"
    ),
    receipt_too_narrow=(
        '{name} line {line}: "{what}" is wider than its column and was left out; widen the column'
    ),
    receipt_bad_code=(
        '{name} line {line}: "{what}" cannot be a {kind} code, printed as text; check the data '
        "or use another code"
    ),
    receipt_code_too_wide=(
        '{name} line {line}: the {kind} code of "{what}" is wider than the paper, printed as '
        "text; shorten it or use a QR code"
    ),
)
