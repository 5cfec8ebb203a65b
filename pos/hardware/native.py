"""Commands of the printer itself: sizes, cuts, barcodes.

Source: the ESC/POS command reference, as Chinese printers follow it.
"""

from __future__ import annotations

from typing import Literal

from pos.receiptline.barcodes import check_digit
from pos.receiptline.nodes import Style
from pos.receiptline.rows import BarcodeRow

CUTS = {"full": b"\x1dV\x00", "partial": b"\x1dV\x01"}

_MOST_SCALE = 8
_KINDS = {"code39": 69, "itf": 70, "codabar": 71, "nw7": 71, "code93": 72}


def size(style: Style, hanzi: Literal["gs", "fs", "both"]) -> bytes:
    """Scale of what follows. Chinese grows by `GS !` on some printers, by `FS !` on others.

    Where a printer obeys both, the later one holds: `FS !` knows only single and double.
    """
    wide, high = min(style.width, _MOST_SCALE), min(style.height, _MOST_SCALE)
    gs = b"\x1d!" + bytes([(wide - 1) << 4 | (high - 1)])
    fs = b"\x1c!" + bytes([0x04 * (wide > 1) | 0x08 * (high > 1) | 0x80 * style.underline])
    return {"gs": gs, "fs": gs + fs, "both": fs + gs}[hanzi]


def barcode(row: BarcodeRow) -> bytes:
    """`GS k` in its form with a length; empty for what it cannot print as laid out."""
    code = row.code
    kind, data = _data(code.symbology, code.data)
    if not data or len(data) > 255:
        return b""
    text = b"\x02" if row.text else b"\x00"
    head = b"\x1dh" + bytes([code.height]) + b"\x1dw" + bytes([code.module])
    return head + b"\x1df\x00\x1dH" + text + b"\x1dk" + bytes([kind, len(data)]) + data


def _data(symbology: str, data: str) -> tuple[int, bytes]:
    if symbology == "code128":
        return 73, code128(data)
    if not data.isascii() or not data.isprintable():
        return 0, b""
    if symbology in ("ean", "jan"):
        length = 13 if len(data) > 8 else 8
        return (67 if length == 13 else 68), _checked(data, length)
    if symbology == "upc":
        # UPC-E goes another way on every printer: it is drawn
        return 65, _checked(data, 12) if len(data) > 8 else b""
    return _KINDS[symbology], (data.upper() if symbology in ("codabar", "nw7") else data).encode()


def _checked(data: str, length: int) -> bytes:
    return (data[: length - 1] + check_digit(data[: length - 1])).encode()


def code128(data: str) -> bytes:
    """Data of `GS k 73`: `{C` and a byte for two digits where that is shorter, else `{B`.

    The same choice of sets as `receiptline.barcodes`, so that the width is the one laid out.
    Empty for what is not printable ASCII.
    """
    if not data.isascii() or not data.isprintable():
        return b""
    out = b""
    current = ""
    at = 0
    while at < len(data):
        run = _digits_from(data, at)
        ends = at + run == len(data)
        worth = run >= 6 or (run >= 4 and (ends or not out)) or (run >= 2 and ends and not out)
        if worth:
            if run % 2 and out and current != "C":
                out += data[at].encode()
                at, run = at + 1, run - 1
            pairs = data[at : at + run - run % 2]
            out += b"{C" if current != "C" else b""
            out += bytes(int(pairs[i : i + 2]) for i in range(0, len(pairs), 2))
            current = "C"
            at += len(pairs)
            continue
        if current != "B":
            out += b"{B"
            current = "B"
        step = max(1, run)
        out += data[at : at + step].replace("{", "{{").encode()
        at += step
    return out


def _digits_from(data: str, at: int) -> int:
    end = at
    while end < len(data) and data[end].isdigit():
        end += 1
    return end - at
