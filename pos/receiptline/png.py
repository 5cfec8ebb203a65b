"""The size of a PNG picture, read from its header (W3C PNG specification §5, §11.2.1).

Nothing is unpacked: a picture that would unfold to something huge is known by its header alone.
"""

from __future__ import annotations

import base64
import binascii
import zlib

from pos.receiptline.nodes import Picture

MAX_PNG_BYTES = 512 * 1024
MAX_SIDE = 4096
MAX_AREA = 4_000_000
_SIGNATURE = b"\x89PNG\r\n\x1a\n"
_IHDR = b"\x00\x00\x00\rIHDR"
_HEADER_BYTES = 33
_IEND = b"IEND\xaeB`\x82"


def picture(base64_text: str) -> Picture | str:
    """The picture, or the code of the fault that forbids it."""
    if len(base64_text) > MAX_PNG_BYTES * 4 // 3 + 4:
        return "receipt_image_too_large"
    try:
        png = base64.b64decode(base64_text, validate=True)
    except (binascii.Error, ValueError):
        return "receipt_image"
    header = png[:_HEADER_BYTES]
    if len(header) < _HEADER_BYTES or not header.startswith(_SIGNATURE + _IHDR):
        return "receipt_image"
    if zlib.crc32(header[12:29]) != int.from_bytes(header[29:33], "big"):
        return "receipt_image"
    if not png.endswith(_IEND):
        return "receipt_image"
    width = int.from_bytes(header[16:20], "big")
    height = int.from_bytes(header[20:24], "big")
    if not width or not height:
        return "receipt_image"
    if max(width, height) > MAX_SIDE or width * height > MAX_AREA:
        return "receipt_image_too_large"
    return Picture(png, width, height)
