"""Bytes for the tests, written by hand from the command reference, and short ways to judge."""

from __future__ import annotations

from pos.simulators.printer import Model, Receipt, interpret

INIT = b"\x1b@"
HANZI = b"\x1c&"
FEED = b"\x1bd\x05"
CUT = FEED + b"\x1dV\x00"


def gb(text: str) -> bytes:
    """GB 18030."""
    return text.encode("gb18030")


def one(data: bytes, model: Model | None = None) -> Receipt:
    """The one receipt that these bytes print once cut off."""
    receipts = interpret(data + CUT, model)
    assert len(receipts) == 1
    return receipts[0]


def faults(receipt: Receipt) -> list[tuple[str, int]]:
    """Code and offset of each fault."""
    return [(fault.code, fault.offset) for fault in receipt.faults]


def store_qr(data: bytes, size: int = 6, level: int = 49) -> bytes:
    """GS ( k 165, 167, 169 and 180."""
    count = len(data) + 3
    return (
        b"\x1d(k\x04\x001A2\x00"
        + b"\x1d(k\x03\x001C"
        + bytes([size])
        + b"\x1d(k\x03\x001E"
        + bytes([level])
        + b"\x1d(k"
        + count.to_bytes(2, "little")
        + b"1P0"
        + data
    )


PRINT_QR = b"\x1d(k\x03\x001Q0"
