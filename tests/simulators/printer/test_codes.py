"""Every code that is printed is decoded from the picture by zxing-cpp, which we did not write."""

from __future__ import annotations

import pytest
from PIL import Image

from pos.simulators.printer import Receipt
from pos.simulators.printer.paper import Bars
from pos.simulators.printer.picture import burned
from tests.simulators.printer.papers import PRINT_QR, faults, one, store_qr

zxingcpp = pytest.importorskip("zxingcpp")


def read(receipt: Receipt) -> list[tuple[str, str]]:
    """Kinds and texts that a scanner finds, white paper around the dots."""
    dots = burned(receipt)
    paper = Image.new("L", (dots.width + 80, dots.height + 80), 255)
    paper.paste(0, (40, 40), dots)
    found = zxingcpp.read_barcodes(paper, try_rotate=False)
    return [(str(code.format), code.bytes.decode()) for code in found]


def form_a(kind: int, data: bytes) -> bytes:
    """GS k m d… NUL."""
    return b"\x1dk" + bytes([kind]) + data + b"\0"


def form_b(kind: int, data: bytes) -> bytes:
    """GS k m n d…"""
    return b"\x1dk" + bytes([kind, len(data)]) + data


_SCANNED = {
    ("UPC-A", "036000291452"): ("EAN-13", "0036000291452"),
    ("UPC-E", "04252614"): ("UPC-E", "0042100005264"),
}
"""UPC-A is EAN-13 with a leading 0, and a scanner lengthens UPC-E (GS1 General Specifications)."""


@pytest.mark.parametrize("width", [2, 3])
@pytest.mark.parametrize(
    ("command", "kind", "text"),
    [
        (form_a(2, b"690123456789"), "EAN-13", "6901234567892"),
        (form_b(67, b"6901234567892"), "EAN-13", "6901234567892"),
        (form_b(67, b"200001012345"), "EAN-13", "2000010123452"),
        (form_a(3, b"9638507"), "EAN-8", "96385074"),
        (form_b(68, b"96385074"), "EAN-8", "96385074"),
        (form_a(0, b"036000291452"), "UPC-A", "036000291452"),
        (form_b(65, b"03600029145"), "UPC-A", "036000291452"),
        (form_b(66, b"04210000526"), "UPC-E", "04252614"),
        (form_b(66, b"425261"), "UPC-E", "04252614"),
        (form_a(1, b"04252614"), "UPC-E", "04252614"),
        (form_a(4, b"A-1 $/+%."), "Code 39", "A-1 $/+%."),
        (form_b(69, b"*GHIJKLMN*"), "Code 39", "GHIJKLMN"),
        (form_b(69, b"OPQRSTUVW"), "Code 39", "OPQRSTUVW"),
        (form_b(69, b"CDEFXYZ03"), "Code 39", "CDEFXYZ03"),
        (form_a(5, b"0123456789"), "ITF", "0123456789"),
        (form_b(70, b"998877665544"), "ITF", "998877665544"),
        (form_a(6, b"A0123456789B"), "Codabar", "A0123456789B"),
        (form_b(71, b"c12-$:/.+34d"), "Codabar", "C12-$:/.+34D"),
        (form_b(72, b"Code 93-a"), "Code 93", "Code 93-a"),
        (form_b(72, b"{}?@\x01[!`"), "Code 93", "{}?@\x01[!`"),
        (form_b(72, b"ABCXYZ0189+/%$."), "Code 93", "ABCXYZ0189+/%$."),
        (form_b(73, b"{BNo.-12ab"), "Code 128", "No.-12ab"),
        (form_b(73, b"{C\x0c\x22\x38\x63\x00"), "Code 128", "1234569900"),
        (form_b(73, b"{BA{C\x0c\x22{AZ"), "Code 128", "A1234Z"),
        (form_b(73, b"{AAB\x09{Sc"), "Code 128", "AB\tc"),
        (form_b(73, b"{B{{a}"), "Code 128", "{a}"),
        (form_b(79, b"12345678"), "Code 128", "12345678"),
        (form_b(79, b"a\x01B1{c"), "Code 128", "a\x01B1{c"),
    ],
)
def test_bar_codes(command: bytes, kind: str, text: str, width: int) -> None:
    receipt = one(b"\x1dw" + bytes([width]) + b"\x1dh\x50" + command)
    assert receipt.faults == ()
    assert [code.text for code in receipt.codes] == [text]
    assert read(receipt) == [_SCANNED.get((kind, text), (kind, text))]


@pytest.mark.parametrize(
    "six", ["425260", "123451", "987652", "654873", "123454", "234567", "999999"]
)
def test_every_way_to_shorten_a_upc_number(six: str) -> None:
    """Seven digits and more carry the number system; the long number comes back the same."""
    ((kind, long),) = read(one(b"\x1dw\x02" + form_b(66, six.encode())))
    assert (kind, len(long)) == ("UPC-E", 13)
    again = one(b"\x1dw\x02" + form_b(66, long[1:12].encode()))
    assert again.codes[0].text[1:7] == six
    assert read(again) == [(kind, long)]


def test_every_pattern_of_code_128() -> None:
    """All values of code set C, and all characters of A and B, a few at a time."""
    for first in range(0, 100, 10):
        receipt = one(b"\x1dw\x02" + form_b(73, b"{C" + bytes(range(first, first + 10))))
        expected = "".join(f"{n:02d}" for n in range(first, first + 10))
        assert read(receipt) == [("Code 128", expected)]
    for code_set, chars in (
        (b"A", [n for n in range(0x60) if n != 0x7B]),
        (b"B", [n for n in range(0x20, 0x80) if n != 0x7B]),
    ):
        for start in range(0, len(chars), 12):
            data = bytes(chars[start : start + 12])
            receipt = one(b"\x1dw\x02" + form_b(73, b"{" + code_set + data))
            assert read(receipt) == [("Code 128", data.decode())]


def test_every_pattern_of_codes_39_and_93() -> None:
    alphabet = b"0123456789ABCDEFGHIJKLMNOPQRSTUVWXYZ-. $/+%"
    for start in range(0, len(alphabet), 9):
        data = alphabet[start : start + 9] + b"1"
        assert read(one(b"\x1dw\x02" + form_b(69, data))) == [("Code 39", data.decode())]
    for start in range(0, 0x80, 8):
        data = b"X" + bytes(range(start, start + 8))
        assert read(one(b"\x1dw\x02" + form_b(72, data))) == [("Code 93", data.decode())]


@pytest.mark.parametrize(
    ("command", "code"),
    [
        (form_b(67, b"690123"), "bad_code"),
        (form_b(67, b"69012345678AB"), "bad_code"),
        (form_b(66, b"12345678901"), "bad_code"),
        (form_b(66, b"01234567890"), "bad_code"),
        (form_b(69, b"lower"), "bad_code"),
        (form_b(70, b"123"), "bad_code"),
        (form_b(71, b"1234"), "bad_code"),
        (form_b(72, b"\xb0"), "bad_code"),
        (form_b(73, b"No set"), "bad_code"),
        (form_b(73, b"{C1{S"), "bad_code"),
        (form_b(73, b"{B"), "bad_code"),
        (form_b(73, b"{B{"), "bad_code"),
        (form_b(73, b"{C\x64"), "bad_code"),
        (form_b(75, b"0123456789012"), "unsupported"),
        (b"\x1dk\x20", "bad_parameter"),
    ],
)
def test_bad_bar_codes_are_reported_and_not_printed(command: bytes, code: str) -> None:
    receipt = one(b"a\n" + command + b"b\n")
    assert receipt.lines == ("a", "b")
    assert receipt.codes == ()
    assert faults(receipt) == [(code, 2)]


def test_a_wrong_check_digit_is_printed_as_sent_and_reported() -> None:
    receipt = one(form_b(67, b"6901234567890"))
    assert receipt.codes[0].text == "6901234567890"
    assert faults(receipt) == [("check_digit", 0)]
    assert read(receipt) == []


def test_digits_sent_as_characters_in_code_set_c_are_other_digits() -> None:
    """A well-known mistake: in code set C a byte is a number, "1" is 49."""
    assert one(form_b(73, b"{C12")).codes[0].text == "4950"


def test_a_code_wider_than_the_paper_is_not_printed() -> None:
    receipt = one(b"a\n\x1dw\x06" + form_b(73, b"{B" + b"0123456789abcdef"))
    assert receipt.codes == ()
    assert [f.code for f in receipt.faults] == ["code_too_wide"]


def test_where_a_bar_code_lies() -> None:
    raw = b"\x1ba\x01\x1dw\x02\x1dh\x40\x1dH\x02\x1df\x01" + form_a(2, b"690123456789")
    (mark,) = (m for m in one(raw).marks if isinstance(m, Bars))
    assert (mark.x, sum(mark.runs), mark.bar_height) == ((576 - 190) // 2, 190, 64)
    assert (mark.hri, mark.hri_font, mark.caption) == (2, "B", "6901234567892")
    assert mark.height == 64 + 17 + 2


@pytest.mark.parametrize("level", [48, 49, 50, 51])
@pytest.mark.parametrize(
    "text",
    [
        "https://fp.example/e?n=0102030000001",
        "发票 二维码 可口可乐",
        "1234567890",
        "x" * 200,
    ],
)
def test_qr_codes(text: str, level: int) -> None:
    receipt = one(b"\x1ba\x01" + store_qr(text.encode(), 4, level) + PRINT_QR)
    assert receipt.faults == ()
    assert [(c.kind, c.text) for c in receipt.codes] == [("QR", text)]
    assert read(receipt) == [("QR Code", text)]


def test_a_qr_code_is_kept_until_initialized() -> None:
    receipt = one(store_qr(b"kept", 3) + PRINT_QR + b"\n" + PRINT_QR)
    assert [c.text for c in receipt.codes] == ["kept", "kept"]
    receipt = one(store_qr(b"kept") + b"\x1b@" + PRINT_QR + b"a\n")
    assert receipt.codes == ()
    assert [f.code for f in receipt.faults] == ["bad_code"]


def test_qr_codes_that_cannot_be_printed() -> None:
    wide = one(b"a\n" + store_qr(b"x" * 300, 16) + PRINT_QR)
    assert wide.codes == ()
    assert [f.code for f in wide.faults] == ["code_too_wide"]
    long = one(b"a\n" + store_qr(b"x" * 2400, 1, 51) + PRINT_QR)
    assert [f.code for f in long.faults] == ["bad_code"]
    for command in (b"\x1d(k\x03\x001C\x11", b"\x1d(k\x03\x001E\x07", b"\x1d(k\x01\x001"):
        assert [f.code for f in one(b"a\n" + command).faults] == ["bad_parameter"]
    assert [f.code for f in one(b"a\n\x1d(k\x03\x000Q0").faults] == ["unsupported"]


def test_a_bar_code_begins_a_line_of_its_own() -> None:
    receipt = one(b"a" + form_a(2, b"690123456789") + b"b\n")
    assert receipt.lines == ("a", "b")
    assert [f.code for f in receipt.faults] == ["buffer_not_empty"]
    assert receipt.text == "a\n[EAN13 6901234567892]\nb\n"
