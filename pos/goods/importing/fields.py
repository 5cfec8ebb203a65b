"""Which column of a file means what: headers of real exports, and how one is found in a table."""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Mapping, Sequence
from functools import cache

import msgspec

from pos.refusal import Refused
from pos.text import clean

IGNORED = "ignored"

_ALIASES: dict[str, str] = {
    "sku": "货号 店内码 商品编码 编码 自编码 商品货号 商品编号 店内编码 内部编码 商品代码 自编号"
    " 商品自编码 sku码 sku编码 skuid itemcode itemno itemnumber productcode",
    "barcode": "条码 条形码 国标码 upc码 主条码 商品条码 商品条形码 国际条码 国际码 69码"
    " upc ean gtin ean码 商品主条码 条码号 条形码号",
    "more_barcodes": "扩展条码 多条码 一品多码 附加条码 副条码 辅条码 其他条码 更多条码 morecodes"
    " extrabarcodes otherbarcodes",
    "pack_barcode": "箱码 包装条码 箱条码 大包装条码 整箱条码 packcode casebarcode casecode",
    "pack_size": "箱规 装箱数 包装数 包装系数 箱含量 件装数 换算系数 packfactor casesize",
    "pack_price": "箱价 整箱价 包装价 件价 整件价 包装售价 整箱售价 caseprice",
    "name": "商品名称 品名 名称 商品名 商品 产品名称 货品名称 商品全名 商品标题"
    " itemname productname product",
    "short_name": "短名 简称 商品简称 短名称 小票名称 打印名称 shortname",
    "spec": "规格 商品规格 规格型号 型号规格 规格名称 specification size",
    "unit": "单位 主单位 商品单位 计量单位 销售单位 基本单位 库存单位 uom",
    "category": "分类 类别 商品分类 商品类别 类目 品类 商品类目 分类名称 类别名称 店内分类 所属分类"
    " categoryname",
    "brand": "品牌 商品品牌 品牌名称",
    "origin": "产地 原产地 生产地 placeoforigin",
    "supplier": "供应商 供货商 供应商名称 主供应商 供货商名称 vendor",
    "price": "售价 零售价 原价 销售价 单价 零售单价 销售单价 标准售价 商品售价"
    " 商品价格 价格 门店售价 retailprice sellingprice unitprice",
    "member_price": "会员价 会员售价 会员单价 vip价 vipprice",
    "lowest_price": "最低售价 最低价 最低限价 最低销售价 最低零售价 minprice minimumprice",
    "cost": "进价 进货价 成本价 成本 采购价 参考进价 商品进价 进货单价 costprice purchaseprice",
    "tax_rate": "税率 销项税率 销售税率 增值税率 税率% tax vat vatrate",
    "tax_code": "税收分类编码 税收编码 税收分类编号 税务编码 商品税收分类编码 税收分类 taxcode",
    "weighed": "称重 计重 是否称重 称重商品 是否称重商品 计价方式 是否计重 散称 isweighed",
    "discount": "可折 允许打折 是否打折 可打折 是否可折 是否允许打折 前台打折"
    " 是否可打折 discountable",
    "no_discount": "不可折 禁止打折 不打折 不可打折 nodiscount",
    "points": "可积分 是否积分 允许积分 是否可积分 参与积分 积分商品 earnspoints",
    "stocked": "计库存 管理库存 是否计库存 管库存 是否管理库存 trackstock",
    "not_stocked": "不计库存 是否不计库存 不管库存 无库存商品",
    "low_stock": "库存下限 最低库存 安全库存 库存预警 最小库存 minstock",
    "high_stock": "库存上限 最高库存 最大库存 maxstock",
    "active": "状态 商品状态 是否启用 是否上架 上架状态 启用状态 启用 上架"
    " 在售 是否在售 销售状态 status",
    "inactive": "停用 是否停用 是否下架 下架 停售 是否停售 disabled",
    "initials": "拼音码 助记码 拼音简码 拼音 简码 拼音首字母 mnemonic",
    "offer_price": "折扣价 促销价 特价 活动价 优惠价 saleprice offerprice promotionprice",
}
"""Headers besides the field's own name."""

FIELDS: tuple[str, ...] = tuple(_ALIASES)
"""All that a column can mean; `ImportOptions.columns` takes these names and `"ignored"`.

`no_discount`, `not_stocked` and `inactive` say the opposite of `discount`, `stocked`, `active`.
`offer_price` is known so that nobody takes it for the price: it is not imported.
"""

STAGED: dict[str, str] = {
    **{
        name: name
        for name in (
            *("sku", "name", "short_name", "spec", "unit", "category", "brand", "origin"),
            *("supplier", "tax_code", "weighed", "stocked", "active", "initials"),
        )
    },
    "price": "price_fen",
    "member_price": "member_fen",
    "lowest_price": "lowest_fen",
    "cost": "cost_fen",
    "tax_rate": "tax_bp",
    "discount": "discountable",
    "no_discount": "discountable",
    "points": "earns_points",
    "not_stocked": "stocked",
    "low_stock": "low_milli",
    "high_stock": "high_milli",
    "inactive": "active",
}
"""The column of the staging table `rows` that a field fills; fields of barcodes fill `codes`."""

OPPOSITES: dict[str, str] = {
    "no_discount": "discount",
    "not_stocked": "stocked",
    "inactive": "active",
}
"""Fields that say the opposite of another."""
_MARK = (
    r"必填项?|非必填|选填|必选|可选|必输|必须|可空|不可重复|唯一|required|optional|mandatory"
    r"|单位:|元|元/(?:kg|公斤|千克|件)|人民币|yuan|rmb|cny|¥|%|含税|是/?否|y/?n|[01]/?[01]"
    r"|[*,;、 ]"
)
_CLOSE = r")\]】〕}>"
# what is told about lists ends the brackets: repeated beside the marks it could take forever
_MARKS = re.compile(rf"[(\[【〔{{<](?:{_MARK})*(?:(?:多个|以|用)[^{_CLOSE}]*)?[{_CLOSE}]")
_SIGNS = re.compile(r"[\W_]+")
_MOST_HEADER = 200


def plain_header(text: str) -> str:
    """A header without what does not matter: case, width, spaces, signs, `(必填)`, `(元)`."""
    narrow = unicodedata.normalize("NFKC", clean(text, _MOST_HEADER)).casefold()
    return _SIGNS.sub("", _MARKS.sub("", narrow))


@cache
def _known() -> dict[str, str]:
    known = {}
    for field, aliases in _ALIASES.items():
        for alias in (field, *aliases.split()):
            known[plain_header(alias)] = field
    return known


class Header(msgspec.Struct, frozen=True):
    """The header row of a table: the headers as they stand, and the field of each column."""

    line: int
    names: tuple[str, ...]
    fields: tuple[str, ...]

    @property
    def known(self) -> int:
        """How many different fields it has."""
        return len({*self.fields} - {IGNORED})

    @property
    def mapping(self) -> tuple[tuple[str, str], ...]:
        """Each header with its field or `"ignored"`, in the order of the file."""
        return tuple(zip(self.names, self.fields, strict=True))


def header_of(
    rows: Sequence[tuple[int, Sequence[str]]], columns: Mapping[str, str]
) -> Header | None:
    """The row that has the most known headers, at least two; the first of equals.

    `columns` are the overrides of `ImportOptions`.
    """
    chosen = {plain_header(name): field for name, field in columns.items()}
    known = _known() | chosen
    best: Header | None = None
    for line, cells in rows:
        names = [clean(cell, _MOST_HEADER) for cell in cells]
        while names and not names[-1]:
            names.pop()
        fields = (known.get(plain_header(name), IGNORED) for name in names)
        found = Header(line, tuple(names), tuple(fields))
        if found.known > (best.known if best else 1):
            best = found
    return best


def check_columns(columns: Mapping[str, str]) -> None:
    """Refused("field_unknown") where an override names no field."""
    for name, field in columns.items():
        if field != IGNORED and field not in _ALIASES:
            raise Refused(
                "field_unknown", column=clean(name, 40), field=clean(field, 40), known=_listed()
            )


def check_header(header: Header, columns: Mapping[str, str]) -> None:
    """Refused where a header is missing, or where two columns mean the same.

    Codes: column_unknown, field_twice, column_missing.
    """
    there = {plain_header(name) for name in header.names}
    for name in columns:
        if plain_header(name) not in there:
            raise Refused(
                "column_unknown", column=clean(name, 40), seen=", ".join(header.names)[:200]
            )
    seen: dict[str, str] = {}
    for name, field in header.mapping:
        target = OPPOSITES.get(field, field)
        if field != IGNORED and target in seen:
            raise Refused("field_twice", one=seen[target], two=name, field=target)
        seen[target] = name
    if "name" not in seen:
        raise Refused("column_missing", seen=", ".join(header.names)[:200])


def _listed() -> str:
    return ", ".join((*FIELDS, IGNORED))
