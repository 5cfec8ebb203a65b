"""One cell of a product file to one value, or a refusal that says what is wrong with it.

A reader takes the text of a cell (never empty) and gives the value, None where the cell says
nothing ("", "-", "无"); it raises Refused with a code of `words.goods.GoodsWords`. What a person
should look at although it went in is left in `Readers.notes`.
"""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Callable
from decimal import Decimal
from typing import TypeVar

from pos.goods.importing.guard import unguard
from pos.goods.importing.report import Value
from pos.money import MAX_FEN, parse_fen
from pos.refusal import Refused
from pos.text import clean

T = TypeVar("T")

MAX_TAX_BP = 5_000
MAX_TAX_FRACTION_BP = 2_000
"""A bare 0.2 can only be 20 %; a bare 0.5 could be 50 % or 0.5 %."""
MAX_STOCK_MILLI = 10**10
LONGEST = 1_000
"""No cell is longer; what is longer than its field takes is cut, with a warning."""
_MOST_KNOWN = 20_000

_WHITE = " \t\r\n\v\f\x00\x1c\x1d\x1e\x1f\x85\u00a0\u1680\u2000\u2001\u2002\u2003\u2004\u2005"
_WHITE += "\u2006\u2007\u2008\u2009\u200a\u200b\u200e\u200f\u2028\u2029\u202f\u205f\u3000\ufeff"


def set_of(text: str) -> frozenset[str]:
    """The words of a text."""
    return frozenset(text.split())


NOTHING = set_of("- -- --- — —— / \\ 无 暂无 没有 空 n/a nan nil none null (空) (无) (null)")
"""What people and programs write into a cell that is empty."""
APOSTROPHES = "'’‘`´＇"
"""What stands before a number so that Excel takes it for text."""
_EXCEL_ERRORS = set_of("#N/A #REF! #VALUE! #DIV/0! #NAME? #NULL! #NUM! #SPILL! #CALC!")
# the usual Chinese name: nothing in it that the long way would change or refuse
_EASY = re.compile(r"[\u4e00-\u9fff（][!-~\u4e00-\u9fff（）]*(?: [!-~\u4e00-\u9fff（）]+)*")
_MONTH = "(?:jan|feb|mar|apr|may|jun|jul|aug|sep|oct|nov|dec)"
_DATE = re.compile(
    r"\d{4}-\d\d-\d\d[ T]\d\d:\d\d:\d\d.*|\d\d:\d\d:\d\d(?:\.\d+)?"
    r"|\d{4}/\d\d?/\d\d?(?: \d\d?:\d\d(?::\d\d)?)?|(?:\d{4}年)?\d\d?月\d\d?日"
    rf"|\d\d?-{_MONTH}(?:-\d\d(?:\d\d)?)?|{_MONTH}-\d\d",
    re.ASCII | re.IGNORECASE,
)
_THOUSANDS = re.compile(r"\d{1,3}(?:[, ]\d{3})+(?:\.\d*)?", re.ASCII)
_NUMBER = re.compile(r"(\d{0,15})(?:\.(\d{0,30}))?", re.ASCII)
SCIENTIFIC = re.compile(r"[+-]?\d+(?:\.\d*[eE][+-]?|[eE]\+)\d{1,3}", re.ASCII)
"""`6.90103E+12`, `6E+12`; `12E5` may be somebody's item code."""
_MONEY_SIGNS = re.compile(r"^(?:¥|rmb|cny|人民币) *| *(?:元|圆|块|rmb|cny)$", re.IGNORECASE)

_YES = set_of(
    "是 y yes 1 true t √ ✓ ✔ ☑ 对 有 启用 已启用 上架 已上架 在售 销售中 正常 有效 可 可以 允许"
    " 开 开启 on 支持 参与 可打折 可折 可积分 称重 计重 散称 称重商品 计量 计库存 active enabled"
)
_NO = set_of(
    "否 n no 0 false f × ✗ ✘ ☒ ☐ x 错 无 停用 已停用 下架 已下架 停售 已停售 禁用 作废 无效"
    " 不可 不可以 不允许 不 关 关闭 off 不支持 不参与 不打折 不可打折 不可折 不积分 不可积分"
    " 不称重 非称重 计件 计数 普通 普通商品 标准 标品 不计库存 inactive disabled"
)
_NO_TAX = set_of("免税 不征税 免征 免征增值税 零税率 0税率 exempt free")


Note = tuple[str, str, dict[str, Value]]
"""Column, code, values."""


class Memo(dict[str, T]):
    """A reader that remembers: product files say the same things over and over."""

    def __init__(self, read: Callable[[str], T], notes: list[Note]) -> None:
        super().__init__()
        self._read, self._notes = read, notes

    def __missing__(self, text: str) -> T:
        before = len(self._notes)
        value = self._read(text)
        if len(self) >= _MOST_KNOWN:
            self.clear()
        # what leaves a note leaves it at every row
        if len(self._notes) == before:
            self[text] = value
        return value


class Readers:
    """The readers of one column. `guarded`: its cells may carry the guard against formulas.

    `notes` may be shared by all columns of a file.
    """

    def __init__(self, guarded: bool, column: str, notes: list[Note]) -> None:
        self._guarded = guarded
        self._column = column
        self.notes = notes

    def note(self, code: str, **values: Value) -> None:
        """A cell goes in, but somebody should look at it."""
        self.notes.append((self._column, code, values))

    def memo(self, read: Callable[[str], T]) -> Callable[[str], T]:
        """`read` with a memory; it finds in its notes what it should not forget."""
        return Memo(read, self.notes).__getitem__

    def plain(self, text: str) -> str:
        """The text that a cell means, white space and guards around it taken off."""
        text = text.strip(_WHITE)
        if self._guarded and text:
            text = unguard(text)
        return text

    def sound(self, text: str) -> str:
        """`plain`, refusing what was damaged before it came here."""
        text = self.plain(text)
        if "\ufffd" in text:
            raise Refused("cell_damaged", text=shown(text))
        if "#" in text:
            bare = clean(text, LONGEST).upper()
            if bare in _EXCEL_ERRORS or not bare.strip("#"):
                raise Refused("cell_excel_error", text=shown(text))
        return text

    def text(self, limit: int) -> Callable[[str], str | None]:
        """A reader of free text of at most `limit` characters."""

        def read(text: str) -> str | None:
            return self.cut(clean(self.sound(text), LONGEST + 1), limit) or None

        return read

    def name(self, limit: int, *, required: bool = False) -> Callable[[str], str | None]:
        """A reader of text that Excel may have taken for a date."""

        def read(text: str) -> str | None:
            if len(text) <= limit and _EASY.fullmatch(text):
                return text
            text = self.sound(text)
            refuse_date(text)
            value = self.cut(clean(text, LONGEST + 1), limit)
            if required and not value:
                raise Refused("name_missing")
            return value or None

        return read

    def cut(self, value: str, limit: int) -> str:
        """`value` in at most `limit` characters, with a note where it lost some."""
        if len(value) > LONGEST:
            raise Refused("cell_too_long", most=limit)
        if len(value) > limit:
            self.note("text_cut", most=limit, text=shown(value))
            value = value[:limit].rstrip()
        return value

    def fen(self, text: str) -> int | None:
        """An amount in yuan: `12.5`, `¥1,234.50`, `12元`."""
        fen = parse_fen(text)
        if fen is None:
            text = self.sound(text)
            narrow = narrowed(text)
            if narrow in NOTHING or not narrow:
                return None
            found = _decimal(_MONEY_SIGNS.sub("", narrow), 2)
            if isinstance(found, str):
                raise Refused(_AMOUNT_CODES[found], text=shown(text))
            fen = found
        if fen > MAX_FEN:
            raise Refused("amount_too_large", text=shown(text))
        return fen

    def milli(self, text: str) -> int | None:
        """A stock limit: pieces or kilograms with at most three decimals, in thousandths."""
        text = self.sound(text)
        narrow = narrowed(text)
        if narrow in NOTHING or not narrow:
            return None
        found = _decimal(narrow, 3)
        if isinstance(found, str) or found > MAX_STOCK_MILLI:
            formula = found == "formula"
            raise Refused("cell_formula" if formula else "not_a_stock", text=shown(text))
        return found

    def tax_bp(self, text: str) -> int | None:
        """A tax rate: `13%`, `13`, `0.13`, `免税`, in basis points."""
        text = self.sound(text)
        narrow = narrowed(text)
        if narrow in NOTHING or not narrow:
            return None
        if narrow in _NO_TAX:
            return 0
        number = narrow.removesuffix("%").rstrip()
        match = _NUMBER.fullmatch(number)
        if not match or not (match[1] or match[2]):
            formula = narrow.startswith("=")
            raise Refused("cell_formula" if formula else "not_a_tax_rate", text=shown(text))
        value = Decimal(number)
        fraction = number == narrow and 0 < value < 1
        wide = value * (10_000 if fraction else 100)
        found = int(wide.to_integral_value())
        if abs(wide - found) > Decimal("0.0001"):
            raise Refused("not_a_tax_rate", text=shown(text))
        if found > (MAX_TAX_FRACTION_BP if fraction else MAX_TAX_BP):
            raise Refused("tax_unclear" if fraction else "not_a_tax_rate", text=shown(text))
        return found

    def tax_code(self, text: str) -> str | None:
        """The 19 digits of 税收分类编码."""
        text = self.sound(text)
        narrow = narrowed(text)
        if narrow in NOTHING or not narrow:
            return None
        if SCIENTIFIC.fullmatch(narrow):
            raise Refused("code_scientific", text=shown(text))
        if len(narrow) != 19 or not narrow.isdigit():
            raise Refused("not_a_tax_code", text=shown(text))
        return narrow

    def flag(self, text: str) -> int | None:
        """Yes or no in its many spellings, 1 or 0."""
        text = self.sound(text)
        narrow = narrowed(text)
        if narrow in _YES:
            return 1
        if narrow in _NO:
            return 0
        if narrow in NOTHING or not narrow:
            return None
        raise Refused("not_yes_or_no", text=shown(text))

    def opposite(self, text: str) -> int | None:
        """A flag of a column that says the opposite (不计库存)."""
        found = self.flag(text)
        return None if found is None else 1 - found

    def letters(self, text: str) -> str | None:
        """A 拼音码 of the shop's own: Latin letters and digits, several with spaces between."""
        words = narrowed(self.sound(text)).split()
        return " ".join(w for w in words if w.isascii() and w.isalnum() and len(w) <= 32) or None


_AMOUNT_CODES = {
    "negative": "amount_negative",
    "decimals": "amount_decimals",
    "formula": "cell_formula",
    "": "not_an_amount_cell",
}


def _decimal(text: str, places: int) -> int | str:
    """A number as a whole count of its `places`-th decimals, or why it is none.

    More decimals pass only as the trace of a binary fraction: 12.30000001 is 12.30.
    """
    if text.startswith("="):
        return "formula"
    if text[:1] in ("-", "−", "(") and any(c.isdigit() for c in text):
        return "negative"
    text = text.removeprefix("+")
    if _THOUSANDS.fullmatch(text):
        text = text.replace(",", "").replace(" ", "")
    match = _NUMBER.fullmatch(text)
    if not match or not (match[1] or match[2]):
        return ""
    wide = Decimal(f"{match[1] or 0}.{match[2] or 0}").scaleb(places)
    found = int(wide.to_integral_value())
    rest = abs(wide - found)
    if rest and (len(match[2]) < 6 or rest > Decimal("0.0001")):
        return "decimals"
    return found


def narrowed(text: str) -> str:
    """Full-width forms made narrow, lower case, single spaces, no apostrophe in front."""
    narrow = clean(unicodedata.normalize("NFKC", text), LONGEST).casefold()
    return narrow.lstrip(APOSTROPHES)


def refuse_date(text: str) -> None:
    """Refused("cell_is_date") where Excel made a date of what somebody typed."""
    if _DATE.fullmatch(text):
        raise Refused("cell_is_date", text=shown(text))


def shown(text: str) -> str:
    """A harmless piece of a cell, to be told in a message."""
    short = clean(text, 41)
    return short if len(short) <= 40 else short[:39] + "…"
