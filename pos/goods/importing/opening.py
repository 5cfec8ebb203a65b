"""What kind of file this is: a table that can be read, or something else that is named."""

from __future__ import annotations

import stat
import zipfile
from collections.abc import Callable
from pathlib import Path

from pos.goods.importing.decoding import encoding_of
from pos.goods.importing.delimited import CsvTable
from pos.goods.importing.fields import Header, check_columns, check_header
from pos.goods.importing.report import ImportOptions
from pos.goods.importing.workbook import XlsxTable
from pos.refusal import Refused
from pos.text import clean

MOST_BYTES = 512 << 20
"""No product file is larger: a million rows take about 150 MB."""

Table = CsvTable | XlsxTable

_ZIP = (b"PK\x03\x04", b"PK\x05\x06")
_OLE = b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1"
_OTHER: tuple[tuple[bytes, str], ...] = (
    (b"%PDF", "PDF"),
    (b"\x89PNG", "PNG"),
    (b"\xff\xd8\xff", "JPEG"),
    (b"GIF8", "GIF"),
    (b"BM", "BMP"),
    (b"Rar!", "RAR"),
    (b"7z\xbc\xaf\x27\x1c", "7z"),
    (b"\x1f\x8b", "gzip"),
    (b"BZh", "bzip2"),
    (b"\xfd7zXZ", "xz"),
    (b"\x28\xb5\x2f\xfd", "zstd"),
    (b"SQLite format 3\x00", "SQLite"),
    (b"\x7fELF", "ELF"),
    (b"MZ", "EXE"),
    (b"{\\rtf", "RTF"),
)
_MARKUP: tuple[tuple[str, str], ...] = (
    ("<!doctype html", "HTML"),
    ("<html", "HTML"),
    ("<head", "HTML"),
    ("<meta", "HTML"),
    ("<table", "HTML"),
    ("<?xml", "XML"),
    ('{"', "JSON"),
    ('[{"', "JSON"),
)
_IN_ZIP: tuple[tuple[str, str], ...] = (
    ("word/", "Word"),
    ("ppt/", "PowerPoint"),
    ("xl/workbook.bin", "XLSB"),
    ("Index/Document.iwa", "Numbers"),
    ("META-INF/MANIFEST.MF", "JAR"),
)


def open_table(
    path: Path, options: ImportOptions, tick: Callable[[], None]
) -> tuple[Table, Header]:
    """The table in a file and its header. Close the table.

    Refused with a code that says what the file is or what it lacks; OSError comes through.
    """
    check_columns(options.columns)
    status = path.stat()
    if not stat.S_ISREG(status.st_mode):
        raise Refused("not_a_file", path=path.name)
    if not status.st_size:
        raise Refused("file_empty", path=path.name)
    if status.st_size > MOST_BYTES:
        raise Refused("file_too_big", path=path.name, most=MOST_BYTES >> 20)
    with path.open("rb") as file:
        head = file.read(4096)
    table: Table
    if head.startswith(_ZIP):
        _check_zip(path)
        table = XlsxTable(path, tick)
        told = options.sheet
    else:
        _check_other(path, head)
        tick()
        encoding = encoding_of(path, options.encoding)
        table = CsvTable(path, encoding)
        _check_markup(path, table)
        told = options.delimiter
    try:
        header = table.find_header(told, options.columns)
        if header is None:
            raise Refused("no_header", path=path.name, seen=clean(table.head(), 80))
        check_header(header, options.columns)
    except BaseException:
        table.close()
        raise
    return table, header


def _check_zip(path: Path) -> None:
    """Refused where a ZIP archive is no workbook."""
    try:
        with zipfile.ZipFile(path) as archive:
            names = archive.namelist()
            kind = archive.read("mimetype")[:100] if "mimetype" in names else b""
    except (zipfile.BadZipFile, OSError, RuntimeError, NotImplementedError, ValueError) as error:
        why = type(error).__name__
        raise Refused("file_damaged", path=path.name, why=why) from error
    if b"opendocument" in kind:
        raise Refused("file_not_table", path=path.name, kind="OpenDocument")
    for start, name in _IN_ZIP:
        if any(entry.startswith(start) for entry in names):
            raise Refused("file_not_table", path=path.name, kind=name)
    if "[Content_Types].xml" not in names:
        raise Refused("file_not_table", path=path.name, kind="ZIP")


def _check_other(path: Path, head: bytes) -> None:
    """Refused where the first bytes show another kind of file."""
    if head.startswith(_OLE):
        # the directory of an encrypted workbook names its one stream, in UTF-16
        with path.open("rb") as file:
            locked = "EncryptedPackage".encode("utf-16-le") in file.read(64 << 20)
        raise Refused("file_password" if locked else "file_xls", path=path.name)
    for magic, name in _OTHER:
        if head.startswith(magic) and (len(magic) > 2 or b"\x00" in head):
            raise Refused("file_not_table", path=path.name, kind=name)


def _check_markup(path: Path, table: CsvTable) -> None:
    head = table.head().lower().replace(" ", "")
    for start, name in _MARKUP:
        if head.startswith(start.replace(" ", "")):
            raise Refused("file_not_table", path=path.name, kind=name)
