"""XLSX files: written by openpyxl, and by hand where openpyxl would not write what shops have."""

from __future__ import annotations

import struct
import zipfile
from collections.abc import Callable, Iterable, Mapping, Sequence
from pathlib import Path
from types import MappingProxyType
from typing import Any

from openpyxl import Workbook

_TYPES = "application/vnd.openxmlformats-officedocument.spreadsheetml"
_OFFICE = "http://schemas.openxmlformats.org/officeDocument/2006/relationships"
_PACKAGE = "http://schemas.openxmlformats.org/package/2006"
_MAIN = "http://schemas.openxmlformats.org/spreadsheetml/2006/main"

PARTS: dict[str, str] = {
    "[Content_Types].xml": f'<Types xmlns="{_PACKAGE}/content-types">'
    '<Default Extension="xml" ContentType="application/xml"/>'
    '<Default Extension="rels"'
    ' ContentType="application/vnd.openxmlformats-package.relationships+xml"/>'
    f'<Override PartName="/xl/workbook.xml" ContentType="{_TYPES}.sheet.main+xml"/>'
    f'<Override PartName="/xl/worksheets/sheet1.xml" ContentType="{_TYPES}.worksheet+xml"/>'
    f'<Override PartName="/xl/sharedStrings.xml" ContentType="{_TYPES}.sharedStrings+xml"/>'
    "</Types>",
    "_rels/.rels": f'<Relationships xmlns="{_PACKAGE}/relationships"><Relationship Id="rId1"'
    f' Type="{_OFFICE}/officeDocument" Target="xl/workbook.xml"/></Relationships>',
    "xl/workbook.xml": f'<workbook xmlns="{_MAIN}" xmlns:r="{_OFFICE}"><sheets>'
    '<sheet name="商品" sheetId="1" r:id="rId1"/></sheets></workbook>',
    "xl/_rels/workbook.xml.rels": f'<Relationships xmlns="{_PACKAGE}/relationships">'
    f'<Relationship Id="rId1" Type="{_OFFICE}/worksheet" Target="worksheets/sheet1.xml"/>'
    f'<Relationship Id="rId2" Type="{_OFFICE}/sharedStrings" Target="sharedStrings.xml"/>'
    "</Relationships>",
    "xl/sharedStrings.xml": f'<sst xmlns="{_MAIN}"><si><t>商品名称</t></si><si><t>条码</t></si>'
    "<si><t>售价</t></si><si><t>牛奶</t></si></sst>",
}
HEADER = (
    '<row r="1"><c r="A1" t="s"><v>0</v></c><c r="B1" t="s"><v>1</v></c>'
    '<c r="C1" t="s"><v>2</v></c></row>'
)


def sheet(rows: str, dimension: str = "A1:C9") -> str:
    """A worksheet part around rows of XML."""
    return (
        f'<worksheet xmlns="{_MAIN}"><dimension ref="{dimension}"/>'
        f"<sheetData>{HEADER}{rows}</sheetData></worksheet>"
    )


def by_hand(
    path: Path, rows: str, more: Mapping[str, str] = MappingProxyType({}), dimension: str = "A1:C9"
) -> Path:
    """A workbook of parts, any of them replaced by `more`."""
    parts = {**PARTS, "xl/worksheets/sheet1.xml": sheet(rows, dimension), **more}
    with zipfile.ZipFile(path, "w", zipfile.ZIP_DEFLATED) as archive:
        for name, text in parts.items():
            archive.writestr(name, text)
    return path


def workbook(
    path: Path, rows: Iterable[Sequence[Any]], finish: Callable[[Any], None] | None = None
) -> Path:
    """A workbook of one sheet of cells."""
    book = Workbook()
    page: Any = book.active
    for row in rows:
        page.append(list(row))
    if finish:
        finish(book)
    book.save(path)
    book.close()
    return path


def ole(streams: Sequence[str]) -> bytes:
    """A compound file (MS-CFB) with these streams, all empty."""
    free, end = 0xFFFFFFFF, 0xFFFFFFFE
    head = b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1" + bytes(16)
    head += struct.pack("<HHHHH6xII", 0x3E, 3, 0xFFFE, 9, 6, 0, 1)
    head += struct.pack("<IIIIIIII", 1, 0, 4096, end, 0, end, 0, 0)
    head += struct.pack("<109I", 0, *[free] * 108)
    fat = struct.pack("<128I", 0xFFFFFFFD, end, *[free] * 126)
    directory = b""
    for kind, name in ((5, "Root Entry"), *((2, stream) for stream in streams)):
        encoded = name.encode("utf-16-le")
        entry = encoded.ljust(64, b"\x00") + struct.pack("<HBB", len(encoded) + 2, kind, 1)
        entry += struct.pack("<III", free, free, 1 if kind == 5 else free)
        directory += entry.ljust(128, b"\x00")
    return head[:512].ljust(512, b"\x00") + fat + directory.ljust(512, b"\x00")
