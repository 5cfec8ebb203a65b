"""A small workbook with the bureau's headers, limits, lists, hidden sheets and names."""

from __future__ import annotations

from collections.abc import Sequence
from pathlib import Path
from typing import Any

from openpyxl import Workbook
from openpyxl.workbook.defined_name import DefinedName
from openpyxl.worksheet.datavalidation import DataValidation

BASIC = (
    ("发票流水号", 20, ""), ("发票类型", 10, "增值税专用发票,普通发票"), ("特定业务类型", 10, ""),
    ("是否含税", 2, "是,否"), ("受票方自然人标识", 2, "是,否"), ("购买方名称", 100, ""),
    ("购买方纳税人识别号", 20, ""), ("购买方地址", 100, ""), ("购买方电话", 50, ""),
    ("购买方开户银行", 100, ""), ("购买方银行账号", 100, ""), ("备注", 230, ""),
    ("购买方邮箱", 72, ""),
    ("放弃享受减按1%征收率\n原因", 100, "前期已开具3%征收率的发票,因为实际经营业务需要"),
    ("收款人", 16, ""), ("复核人", 16, ""),
)  # fmt: skip
DETAIL = (
    ("发票流水号", 20, ""), ("项目名称", 100, ""), ("商品和服务税收编码", 20, ""),
    ("规格型号", 40, ""), ("单位", 22, ""), ("数量", 16, ""), ("单价", 16, ""), ("金额", 16, ""),
    ("税率", 8, ""), ("折扣金额", 16, ""), ("是否使用优惠政策", 2, "是,否"),
    ("优惠政策类型", 15, "简易征收,免税,不征税"),
)  # fmt: skip


def make(path: Path, last: int = 1001, columns: Sequence[tuple[str, int, str]] = BASIC) -> Path:
    """The template; its lists reach row `last`."""
    book = Workbook()
    sheet: Any = book.active
    _fill(sheet, "1-发票基本信息", columns, last)
    hidden = book.create_sheet("sfzjlx")
    hidden.append(["居民身份证"])
    hidden.sheet_state = "hidden"
    version = book.create_sheet("excelVersion")
    version["A4"] = "pt:20260401"
    version.sheet_state = "hidden"
    _fill(book.create_sheet("2-发票明细信息"), "2-发票明细信息", DETAIL, last)
    book.defined_names["怀柔区"] = DefinedName("怀柔区", attr_text="sfzjlx!$A$1:$A$1")
    book.save(path)
    return path


def _fill(sheet: Any, title: str, columns: Sequence[tuple[str, int, str]], last: int) -> None:
    sheet.title = title
    sheet["A1"] = "填表说明：\n全部数据使用文本输入"
    for n, (header, most, choices) in enumerate(columns, 1):
        sheet.cell(2, n, f"非必填\n（限{most}字符)")
        sheet.cell(3, n, header)
        if choices:
            rule = DataValidation("list", formula1=f'"{choices}"', allow_blank=True)
            rule.add(f"{sheet.cell(4, n).column_letter}4:{sheet.cell(4, n).column_letter}{last}")
            sheet.add_data_validation(rule)
