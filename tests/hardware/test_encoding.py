"""One byte a column, at most two a sign, and no control byte, whatever a text holds."""

from __future__ import annotations

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from pos.hardware.encoding import Charset, encode, printable
from pos.receiptline.width import paper_width

CHARSETS: tuple[Charset, ...] = ("gb18030", "gbk", "big5")
EVERYTHING = st.text(st.characters(codec=None, categories=None), max_size=40)


@pytest.mark.parametrize(
    ("text", "data", "replaced"),
    [
        ("可口可乐 500ml", "可口可乐 500ml".encode("gbk"), ""),
        ("合计：¥12.50", "合计：￥12.50".encode("gbk"), ""),
        ("：，。（）①〇—…·", "：，。（）①〇—…·".encode("gbk"), ""),
        ("䶮", b"\xfe\x9f", ""),
        ("€", b"\xa2\xe3", ""),
        ("𠮷野家🥤", "〓野家〓".encode("gbk"), "𠮷🥤"),
        ("Café", "Café".encode("gbk"), ""),
        ("Mañana", "Maｎana".replace("ｎ", "ｎ").encode("gbk"), "ñ"),
        ("a\u0301", b"a", "\u0301"),
        ("\x1bp\x00", b"?p?", "\x1b\x00"),
        ("\ue000", "〓".encode("gbk"), "\ue000"),
        ("· 一•二", "· 一·二".encode("gbk"), ""),
    ],
)
def test_signs(text: str, data: bytes, replaced: str) -> None:
    made = encode(text)
    assert (made.data, made.replaced) == (data, replaced)
    assert printable(text) == (not replaced)


def test_the_strict_variant_lacks_what_older_printers_lack() -> None:
    assert encode("䶮", "gbk").replaced == "䶮"
    made = encode("國語 ￥5 ¥", "big5")
    assert made.data == "國語 ".encode("big5") + b"\xa2\x445 \xa2\x44"
    assert made.replaced == ""
    assert encode("国语", "big5").replaced == "国语"


@given(EVERYTHING, st.sampled_from(CHARSETS))
@settings(deadline=None, derandomize=True, max_examples=300)
def test_columns_are_bytes_and_bytes_are_no_commands(text: str, charset: Charset) -> None:
    made = encode(text, charset)
    assert len(made.data) == paper_width(text)
    assert not any(byte < 0x20 or byte == 0x7F for byte in made.data)
    made.data.decode(charset)
    assert set(made.replaced) <= set(text)


@pytest.mark.parametrize("charset", CHARSETS)
def test_every_sign_there_is(charset: Charset) -> None:
    signs = (chr(n) for n in range(0x110000) if n < 0x600 or n % 61 == 0)
    for sign in signs:
        data = encode(sign, charset).data
        assert len(data) == paper_width(sign), hex(ord(sign))
        assert all(0x20 <= byte != 0x7F for byte in data), hex(ord(sign))
