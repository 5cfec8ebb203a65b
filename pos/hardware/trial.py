"""Pages a technician prints to see what a printer can do: `pos printer test`."""

from __future__ import annotations

from collections.abc import Callable
from typing import Literal

from pos.devices import Printer
from pos.hardware import drawing
from pos.hardware.receipt import receipt_bytes
from pos.receiptline.layout import lay_out
from pos.receiptline.parse import parse

Part = Literal["text", "width", "codes", "qr", "cut"]
PARTS: tuple[Part, ...] = ("width", "text", "codes", "qr", "cut")

_LINE = "中文测试：可口可乐 ￥12.50 元"
_INIT = b"\x1b@\x1c&"


def trial_page(printer: Printer, parts: tuple[Part, ...] = PARTS) -> bytes:
    """One job with the parts that are asked for. The cut is the printer's own, or none."""
    body = _INIT
    for part in parts:
        if part != "cut":
            body += _MAKERS[part](printer)
    if printer.feed_lines:
        body += b"\x1bd" + bytes((printer.feed_lines,))
    if "cut" in parts and printer.cut != "none":
        body += b"\x1dV" + (b"\x01" if printer.cut == "partial" else b"\x00")
    return body


def _width(printer: Printer) -> bytes:
    """A ruler: its last sign stands at the edge, and the next line begins a new one."""
    columns = printer.width
    tens = "".join(f"{n:>10}" for n in range(10, columns + 1, 10))
    ruler = "".join(str(n % 10) for n in range(1, columns + 1))
    return f"{tens}\n{ruler}\n".encode("ascii") + "汉".encode("gbk") * (columns // 2) + b"\n"


def _text(printer: Printer) -> bytes:
    """The same line in every way a printer may want it; the number of the right one is told."""
    body = b""
    for number, charset in enumerate(("gbk", "gb18030", "big5", "utf-8"), 1):
        said = _LINE.encode(charset, "replace")
        body += f"{number} {charset}: ".encode("ascii") + said + b"\n"
    if drawing.find_font(printer.font):
        body += b"5 image:\n" + _drawn(printer, _LINE, encoding="image")
    for name, command in (("GS !", b"\x1d!\x11"), ("FS !", b"\x1c!\x0c")):
        off = command[:2] + b"\x00"
        body += name.encode() + b" " + command + "大字A".encode("gbk") + off + b"\n"
    return body


def _codes(printer: Printer) -> bytes:
    doc = "{o:ean,2,48,hri;c:690123456789}\n{o:code128,2,48,hri;c:Guitai-0123456789}"
    return (
        b"native\n"
        + _drawn(printer, doc, barcode="native")
        + b"image\n"
        + _drawn(printer, doc, barcode="image")
    )


def _qr(printer: Printer) -> bytes:
    doc = "{o:qrcode,5,m;c:Guitai 0123456789}"
    return (
        b"native\n"
        + _drawn(printer, doc, qr="native")
        + b"image\n"
        + _drawn(printer, doc, qr="image")
    )


def _drawn(printer: Printer, document: str, **keys: str) -> bytes:
    """A document by the printer's own writer, without its cut and feed."""
    import msgspec

    plain: dict[str, object] = {"cut": "none", "feed_lines": 0, "copies": 1, "buzzer": 0, **keys}
    changed = msgspec.convert({**msgspec.to_builtins(printer), **plain}, Printer)
    return receipt_bytes(lay_out(parse(document), printer.width), changed).data


_MAKERS: dict[Part, Callable[[Printer], bytes]] = {
    "width": _width,
    "text": _text,
    "codes": _codes,
    "qr": _qr,
}
