"""A clean product file (CSV, UTF-8) to rows for the ledger. All of it is good or none goes in."""

from __future__ import annotations

import csv
import hashlib
import io
from collections.abc import Mapping
from importlib import resources
from pathlib import Path

from pos.config import basis_points
from pos.money import MAX_FEN, parse_fen
from pos.refusal import Refused
from pos.store.products import ProductRow
from pos.text import clean, clean_code

NEEDED = ("sku", "name", "price")
MAX_BYTES = 512 * 1024 * 1024


def read_file(path: Path, default_tax: str) -> tuple[list[ProductRow], str]:
    """The rows of a file and its SHA-256; Refused names the line and what is wrong there."""
    try:
        if path.stat().st_size > MAX_BYTES:
            raise Refused("file_unreadable", path=path, why="> 512 MB")
        data = path.read_bytes()
        text = data.decode("utf-8-sig")
    except OSError as error:
        raise Refused("file_unreadable", path=path, why=error.strerror) from error
    except UnicodeDecodeError as error:
        raise Refused("file_unreadable", path=path, why="UTF-8") from error
    return read_text(text, path, default_tax), hashlib.sha256(data).hexdigest()


def demo_products() -> tuple[list[ProductRow], str]:
    """The products of the demo shop."""
    data = (resources.files("pos.goods") / "demo_products.csv").read_bytes()
    rows = read_text(data.decode("utf-8"), Path("demo_products.csv"), "13%")
    return rows, hashlib.sha256(data).hexdigest()


def read_text(text: str, path: Path, default_tax: str) -> list[ProductRow]:
    """The rows of a file's text."""
    reader = csv.DictReader(io.StringIO(text, newline=""), strict=True)
    missing = [name for name in NEEDED if name not in (reader.fieldnames or ())]
    if missing:
        raise Refused("file_header", path=path, columns=", ".join(missing))
    rows: list[ProductRow] = []
    skus: dict[str, int] = {}
    codes: dict[str, int] = {}
    try:
        for values in reader:
            line = reader.line_num
            try:
                row = _row(values, default_tax)
            except ValueError as error:
                raise Refused("file_row", path=path, line=line, why=str(error)) from error
            if row.sku in skus:
                why = f"sku {row.sku} = {skus[row.sku]}"
                raise Refused("file_row", path=path, line=line, why=why)
            skus[row.sku] = line
            for code in row.barcodes:
                if codes.setdefault(code, line) != line:
                    why = f"barcode {code} = {codes[code]}"
                    raise Refused("file_row", path=path, line=line, why=why)
            rows.append(row)
    except csv.Error as error:
        raise Refused("file_row", path=path, line=reader.line_num, why=str(error)) from error
    return rows


def _row(values: Mapping[str, str | None], default_tax: str) -> ProductRow:
    def text(name: str, limit: int = 60) -> str:
        return clean(values.get(name) or "", limit)

    sku = clean_code(values.get("sku") or "", 32)
    if not sku:
        raise ValueError("sku")
    name = text("name", 80)
    if not name:
        raise ValueError("name")
    barcodes = (clean_code(part, 32) for part in (values.get("barcode") or "").split(","))
    price = _fen(values, "price")
    if price is None:
        raise ValueError("price")
    return ProductRow(
        sku=sku,
        name=name,
        unit=text("unit", 8) or "件",
        price_fen=price,
        tax_bp=_tax(text("tax_rate", 8) or default_tax),
        barcodes=tuple(dict.fromkeys(code for code in barcodes if code)),
        short_name=text("short_name", 40),
        spec=text("spec", 40),
        category=text("category", 40),
        member_fen=_fen(values, "member_price"),
        lowest_fen=_fen(values, "lowest_price"),
        weighed=_flag(values, "weighed", 0),
        discountable=_flag(values, "discount", 1),
    )


def _fen(values: Mapping[str, str | None], name: str) -> int | None:
    text = (values.get(name) or "").strip()
    if not text:
        return None
    fen = parse_fen(text)
    if fen is None or fen > MAX_FEN:
        raise ValueError(f"{name} {text[:20]!r}")
    return fen


def _tax(text: str) -> int:
    fen = parse_fen(text.removesuffix("%"))
    if fen is None or not text.endswith("%") or fen > 5000:
        raise ValueError(f"tax_rate {text!r}")
    return basis_points(text)


def _flag(values: Mapping[str, str | None], name: str, default: int) -> int:
    text = (values.get(name) or "").strip()
    if text not in ("", "0", "1"):
        raise ValueError(f"{name} {text[:20]!r}")
    return int(text) if text else default
