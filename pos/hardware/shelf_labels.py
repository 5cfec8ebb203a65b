"""Shelf labels in TSPL, the language of Chinese label printers (TSC, Gprinter, Xprinter).

Only bytes: a batch is one job. 8 dots a millimetre (203 dpi). Text is `TSS24.BF2`, the printer's
own 24-dot Chinese font, in GB18030 of at most two bytes a sign.
"""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from typing import Literal

import msgspec

from pos.hardware.encoding import Charset, encode
from pos.hardware.gs1 import gtin
from pos.money import yuan
from pos.receiptline.width import char_width, paper_width

DOTS_PER_MM = 8
_FONT = "TSS24.BF2"
_FONT_COLUMN = 12
_FORBIDDEN = {'"': "＂", "\\": "＼"}

Field = Literal["name", "sku", "barcode", "price", "unit", "spec", "origin", "member_price"]


class ShelfLabel(msgspec.Struct, frozen=True):
    """A product on its shelf; prices in fen."""

    name: str
    price_fen: int
    barcode: str = ""
    sku: str = ""
    unit: str = ""
    spec: str = ""
    origin: str = ""
    member_fen: int | None = None
    copies: int = 1


class Words(msgspec.Struct, frozen=True, forbid_unknown_fields=True):
    """Text at `x`, `y` millimetres: `text` with fields in braces, `scale` times 3 mm high.

    A text that is longer than `width` millimetres goes on in the next of `lines` lines; the rest
    is cut off.
    """

    x: float
    y: float
    text: str
    scale: int = 1
    width: float = 0
    lines: int = 1


class Bars(msgspec.Struct, frozen=True, forbid_unknown_fields=True):
    """The barcode at `x`, `y` millimetres, `height` millimetres high, `module` dots a module."""

    x: float
    y: float
    height: float = 8
    module: int = 2


class Template(msgspec.Struct, frozen=True, forbid_unknown_fields=True):
    """A label of `width` by `height` millimetres with a gap of `gap` to the next."""

    width: float
    height: float
    words: tuple[Words, ...] = ()
    bars: tuple[Bars, ...] = ()
    gap: float = 2
    density: int = 8
    speed: int = 4


TEMPLATES: dict[str, Template] = {
    "40x30": Template(
        40,
        30,
        (
            Words(2, 1.5, "{name}", width=36, lines=2),
            Words(2, 9, "￥{price}", scale=2),
            Words(28, 12, "/{unit}"),
        ),
        (Bars(4, 16.5, 8),),
    ),
    "60x40": Template(
        60,
        40,
        (
            Words(2, 2, "{name}", width=56, lines=2),
            Words(2, 9.5, "规格 {spec}", width=30),
            Words(33, 9.5, "产地 {origin}", width=25),
            Words(24, 14.5, "￥{price}", scale=3),
            Words(2, 18, "单位 {unit}", width=20),
            Words(2, 22, "{sku}", width=20),
        ),
        (Bars(4, 26.5, 9),),
    ),
}


class Made(msgspec.Struct, frozen=True):
    """The bytes of a batch, how many labels it prints, and the signs the printer has not."""

    data: bytes
    labels: int
    replaced: str = ""


def label_bytes(
    rows: Iterable[ShelfLabel], template: Template, charset: Charset = "gb18030"
) -> Made:
    """All labels of a batch; a row with no copies prints none."""
    parts = [
        f"SIZE {template.width:g} mm,{template.height:g} mm\r\nGAP {template.gap:g} mm,0 mm\r\n"
        f"DENSITY {template.density}\r\nSPEED {template.speed}\r\nDIRECTION 1\r\n"
        "REFERENCE 0,0\r\n".encode("ascii")
    ]
    lost: list[str] = []
    labels = 0
    for row in rows:
        if row.copies < 1:
            continue
        parts.append(b"CLS\r\n")
        for words in template.words:
            parts += _words(words, row, charset, lost)
        parts += [_bars(bars, row) for bars in template.bars]
        parts.append(f"PRINT 1,{row.copies}\r\n".encode("ascii"))
        labels += row.copies
    return Made(b"".join(parts) if labels else b"", labels, "".join(dict.fromkeys("".join(lost))))


def _words(words: Words, row: ShelfLabel, charset: Charset, lost: list[str]) -> list[bytes]:
    said = _filled(words.text, row)
    if not said:
        return []
    columns = int(words.width * DOTS_PER_MM) // (_FONT_COLUMN * words.scale)
    found = []
    for number, line in enumerate(_broken(said, columns, words.lines)):
        made = encode("".join(_FORBIDDEN.get(c, c) for c in line), charset)
        lost.append(made.replaced)
        y = _dots(words.y) + number * (24 * words.scale + 2)
        head = f'TEXT {_dots(words.x)},{y},"{_FONT}",0,{words.scale},{words.scale},"'
        found.append(head.encode("ascii") + made.data + b'"\r\n')
    return found


def _filled(text: str, row: ShelfLabel) -> str:
    """A text with its fields; nothing where the only thing it would say is an empty field."""
    values: dict[Field, str] = {
        "name": row.name,
        "sku": row.sku,
        "barcode": row.barcode,
        "price": yuan(row.price_fen),
        "unit": row.unit,
        "spec": row.spec,
        "origin": row.origin,
        "member_price": "" if row.member_fen is None else yuan(row.member_fen),
    }
    used = [field for field in values if f"{{{field}}}" in text]
    if used and not any(values[field] for field in used):
        return ""
    parts = text.split("{")
    said = parts[0]
    for part in parts[1:]:
        field, brace, rest = part.partition("}")
        known = brace and field in values
        said += values[field] + rest if known else "{" + part  # type: ignore[index]
    return said


def _broken(text: str, columns: int, lines: int) -> Sequence[str]:
    if not columns or paper_width(text) <= columns:
        return [text]
    found = [""]
    used = 0
    for char in text:
        wide = char_width(char)
        if used + wide > columns:
            if len(found) == max(1, lines):
                break
            found.append("")
            used = 0
        found[-1] += char
        used += wide
    return found


def _bars(bars: Bars, row: ShelfLabel) -> bytes:
    """EAN-13, EAN-8 or UPC-A where the check digit is right, else Code 128; none for Chinese."""
    code = row.barcode or row.sku
    if not code or not code.isascii() or not code.isprintable() or set(code) & set(_FORBIDDEN):
        return b""
    kinds = {13: "EAN13", 12: "UPCA", 8: "EAN8"}
    kind = kinds.get(len(code), "128") if gtin(code) else "128"
    height = max(8, _dots(bars.height))
    at = f"BARCODE {_dots(bars.x)},{_dots(bars.y)}"
    return f'{at},"{kind}",{height},1,0,{bars.module},{bars.module},"{code}"\r\n'.encode("ascii")


def _dots(millimetres: float) -> int:
    return round(millimetres * DOTS_PER_MM)
