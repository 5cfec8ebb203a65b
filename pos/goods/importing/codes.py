"""Barcodes and item codes as shops keep them: lists, apostrophes, lost digits, placeholders."""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Sequence

import msgspec

from pos.goods import barcodes
from pos.goods.importing.cells import APOSTROPHES, NOTHING, SCIENTIFIC, Readers, refuse_date, shown
from pos.refusal import Refused
from pos.text import clean_code

MOST_CODE = 32
MOST_FACTOR = 9_999
MOST_CODES = 200
"""No product has more barcodes in one cell."""

_BETWEEN = re.compile(r"[,，、;；\s]+")
_GROUPED = re.compile(r"\d{1,2}(?:,\d{3}){2,4}", re.ASCII)
_FLOAT = re.compile(r"(\d+)\.0+", re.ASCII)
_FACTOR = re.compile(r"(?:1 ?[*x×] ?)?(\d{1,6})(?:\.0+)?", re.ASCII | re.IGNORECASE)
_COUNTER = "[个瓶罐袋盒包支条听桶件只片粒块张双枚入杯根卷]"
_FACTOR_UNITS = re.compile(rf"(\d{{1,6}}) ?{_COUNTER}(?: ?/ ?[箱件包盒提板])?", re.ASCII)
_FACTOR_SPEC = re.compile(
    r"\d{1,6}(?:\.\d{1,3})? ?(?:ml|l|g|kg|克|千克|公斤|毫升|升) ?[*x×] ?(\d{1,6})"
    rf"{_COUNTER}?",
    re.ASCII | re.IGNORECASE,
)
_EAN13 = re.compile(r"[1-9]\d{12}", re.ASCII)
# the usual code: nothing in it that the long way would change or refuse
_SIMPLE = re.compile(rf"\d[\dA-Za-z]{{0,{MOST_CODE - 1}}}", re.ASCII)


class Pack(msgspec.Struct, frozen=True):
    """A barcode of `factor` units at `price_fen`, None being factor x price."""

    code: str
    factor: int
    price_fen: int | None


def item_code(readers: Readers, text: str) -> str | None:
    """The shop's own number of a product; None where the cell says nothing."""
    if _SIMPLE.fullmatch(text):
        return text
    code = _piece(readers.sound(text))
    if not code:
        return None
    if len(code) > MOST_CODE:
        raise Refused("code_too_long", text=shown(code), most=MOST_CODE)
    return code


def barcode_list(readers: Readers, text: str) -> tuple[str, ...]:
    """All barcodes of a cell in their normal form, each once, in the order of the cell."""
    if _EAN13.fullmatch(text) and barcodes.adds_up(text):
        return (text,)
    text = readers.sound(text)
    pieces = _pieces(readers, text)
    if len(pieces) > MOST_CODES:
        raise Refused("too_many_codes", most=MOST_CODES)
    found = (_barcode(readers, piece) for piece in pieces)
    return tuple(dict.fromkeys(code for code in found if code))


def _pieces(readers: Readers, text: str) -> list[str]:
    """A cell split where a list is split, unless the pieces are one number written in groups."""
    narrow = unicodedata.normalize("NFKC", text)
    if _GROUPED.fullmatch(narrow) and barcodes.is_gtin(narrow.replace(",", "")):
        return [_joined(readers, narrow.replace(",", ""))]
    # a comma list may be told as scientific too: each piece is looked at by itself
    pieces = [piece for piece in _BETWEEN.split(narrow) if piece]
    if len(pieces) > 1 and " " in narrow:
        whole = "".join(pieces)
        if barcodes.is_gtin(whole) and not any(len(p) in barcodes.LENGTHS for p in pieces):
            return [_joined(readers, whole)]
    return pieces


def _joined(readers: Readers, code: str) -> str:
    readers.note("code_joined", text=code)
    return code


def _piece(text: str) -> str:
    """One code without what Excel and people put around it; empty where it says nothing."""
    code = clean_code(text.replace("\x1d", ""), MOST_CODE + 1).lstrip(APOSTROPHES + " ")
    if match := _FLOAT.fullmatch(code):
        code = match[1]
    if code.casefold() in NOTHING:
        return ""
    if SCIENTIFIC.fullmatch(code):
        raise Refused("code_scientific", text=shown(code))
    if code.startswith("="):
        raise Refused("cell_formula", text=shown(code))
    refuse_date(code)
    return code


def _barcode(readers: Readers, text: str) -> str:
    code = text if _SIMPLE.fullmatch(text) else _piece(text)
    if len(code) > MOST_CODE:
        raise Refused("code_too_long", text=shown(code), most=MOST_CODE)
    if code in ("无条码", "无码", "自编", "自编码"):
        return ""
    if not (code.isascii() and code.isprintable()):
        raise Refused("code_wrong", text=shown(code))
    if not code.isdigit():
        return code
    if not code.strip("0"):
        readers.note("code_zeros", text=code)
        return ""
    return _number(readers, code)


def _number(readers: Readers, code: str) -> str:
    """A code of digits alone: in its normal form; a note where its check digit is wrong."""
    if barcodes.is_gtin(code):
        short = barcodes.normal(code)
        if short != code:
            readers.note("code_zero_dropped", text=code, short=short)
        return short
    if len(code) == 12 and code[0] not in "02":
        full = code + str(barcodes.check_digit(code))
        readers.note("code_completed", text=code, full=full)
        return full
    # eight digits are mostly a shop's own numbers
    if len(code) in (12, 13, 14) or (len(code) == 8 and code.startswith("69")):
        right = barcodes.check_digit(code[:-1])
        readers.note("code_check_digit", text=code, right=right)
    return code


def pack_codes(readers: Readers, codes: str, sizes: str, prices: str) -> tuple[Pack, ...]:
    """The codes of packs (箱码) with how many units each stands for and its own price.

    Several codes take as many sizes, and as many prices or none; `;` stands between them, and an
    empty place means "no price of its own".
    """
    found = barcode_list(readers, codes)
    if not found:
        return ()
    size_of = _aligned(readers.plain(sizes), len(found))
    price_of = _aligned(readers.plain(prices), len(found))
    return tuple(
        Pack(code, _factor(readers, size), readers.fen(price) if price else None)
        for code, size, price in zip(found, size_of, price_of, strict=True)
    )


def _aligned(text: str, count: int) -> Sequence[str]:
    parts = [text] if count == 1 else [part.strip() for part in re.split("[;；]", text)]
    if not text:
        return [""] * count
    if len(parts) != count:
        raise Refused("pack_lists_differ", codes=count, parts=len(parts), text=shown(text))
    return parts


def _factor(readers: Readers, text: str) -> int:
    """`24`, `1*24`, `24瓶/箱`, `500ml*24`; `6*4` could be 24 or 4 and is refused."""
    if not text:
        raise Refused("pack_size_missing")
    narrow = unicodedata.normalize("NFKC", readers.sound(text))
    for form in (_FACTOR, _FACTOR_UNITS, _FACTOR_SPEC):
        if (match := form.fullmatch(narrow)) and 1 <= int(match[1]) <= MOST_FACTOR:
            return int(match[1])
    raise Refused("pack_size_wrong", text=shown(text), most=MOST_FACTOR)
