"""Text files: encodings, line ends, delimiters, quotes, ragged rows."""

from __future__ import annotations

import codecs

import pytest

from pos.goods.importing import ImportOptions, decoding
from pos.refusal import Refused
from tests.goods.importing.files import Shop

TEXT = "货号,商品名称,规格,售价\n001,清溪矿泉水550ml,550ml,2.00\n002,绿茶·茉莉,1L,3.50\n"
TAIWAN = {"單價": "price"}
NAMES = ["清溪矿泉水550ml", "绿茶·茉莉"]


@pytest.mark.parametrize(
    ("encoding", "mark", "told"),
    [
        ("utf-8", b"", "utf-8"),
        ("utf-8", codecs.BOM_UTF8, "utf-8-sig"),
        ("gb18030", b"", "gb18030"),
        ("gbk", b"", "gb18030"),
        ("utf-16-le", codecs.BOM_UTF16_LE, "utf-16"),
        ("utf-16-be", codecs.BOM_UTF16_BE, "utf-16"),
        ("utf-16-le", b"", "utf-16-le"),
        ("utf-16-be", b"", "utf-16-be"),
    ],
)
@pytest.mark.parametrize("end", ["\n", "\r\n", "\r"])
def test_encodings_and_line_ends(
    shop: Shop, encoding: str, mark: bytes, told: str, end: str
) -> None:
    found = shop.bytes(mark + TEXT.replace("\n", end).encode(encoding))
    assert [row["name"] for row in found.rows] == NAMES
    assert [row["line"] for row in found.rows] == [2, 3]
    assert (found.report.encoding, found.report.warnings) == (told, ())


@pytest.mark.parametrize("encoding", ["utf-8", "gb18030", "utf-16"])
def test_a_file_cut_within_a_character(shop: Shop, encoding: str) -> None:
    whole = (TEXT * 5 + "003,末,大").encode(encoding)
    found = shop.bytes(whole[:-1])
    assert {row["name"] for row in found.rows} == set(NAMES)
    assert found.rejected[-1] == (16, "规格", "cell_damaged")
    assert found.report.warned["text_damaged"] == 1


def test_a_patched_file_stays_in_its_encoding(shop: Shop) -> None:
    found = shop.bytes((TEXT + "003,").encode() + b"\xb2\xe8,,3\n004,\xe8\x8c\xb6,,3\n")
    assert found.report.encoding == "utf-8"
    assert [row["name"] for row in found.rows] == [*NAMES, "茶"]
    assert found.rejected == [(4, "商品名称", "cell_damaged")]


def test_rare_characters_of_gb18030(shop: Shop) -> None:
    found = shop.bytes("商品名称,售价\n𠮷野家㐂,5\n".encode("gb18030"))
    assert (found.row["name"], found.report.encoding) == ("𠮷野家㐂", "gb18030")


def test_a_forced_encoding(shop: Shop) -> None:
    data = "商品,售價,單價\n綠茶,,5\n".encode("big5")
    assert shop.bytes(data, ImportOptions(encoding="BIG5", columns=TAIWAN)).row["name"] == "綠茶"
    gbk = "商品名称,售价\n绿茶,5\n".encode("gbk")
    assert shop.bytes(gbk, ImportOptions(encoding="GBK")).row["name"] == "绿茶"
    for name in ("latin-9x", "rot13", "zlib", "idna", "\x00", "cp437"):
        with pytest.raises(Refused, match="encoding_unknown"):
            shop.bytes(data, ImportOptions(encoding=name))
    with pytest.raises(Refused, match=r"file_binary|no_header"):
        shop.bytes(gbk, ImportOptions(encoding="utf-16"))


def test_nul_bytes_here_and_there(shop: Shop) -> None:
    assert shop.bytes(TEXT.replace("绿", "\x00绿\x00").encode()).rows[1]["name"] == NAMES[1]


@pytest.mark.parametrize("delimiter", [",", "\t", ";", "|"])
def test_delimiters(shop: Shop, delimiter: str) -> None:
    found = shop.text(TEXT.replace(",", delimiter))
    assert [row["name"] for row in found.rows] == NAMES
    assert found.report.delimiter == delimiter


def test_a_delimiter_told_by_the_file_or_the_person(shop: Shop) -> None:
    assert shop.text("sep=#\n" + TEXT.replace(",", "#")).report.delimiter == "#"
    for told in ("tab", "\t", "TAB"):
        found = shop.text(TEXT.replace(",", "\t"), ImportOptions(delimiter=told))
        assert len(found.rows) == 2
    assert len(shop.text(TEXT.replace(",", "^"), ImportOptions(delimiter="^")).rows) == 2
    for told in ("::", '"', "\n", " "):
        with pytest.raises(Refused, match="delimiter_wrong"):
            shop.text(TEXT, ImportOptions(delimiter=told))
    with pytest.raises(Refused, match="no_header"):
        shop.text(TEXT, ImportOptions(delimiter=";"))


def test_commas_in_a_title_do_not_mislead(shop: Shop) -> None:
    text = "清溪,便利,商品,导出,表,2024\n货号;名称;售价\n1;茶,绿;5.00\n"
    assert shop.text(text).row["name"] == "茶,绿"


def test_quotes(shop: Shop) -> None:
    found = shop.text(
        '名称,售价,规格\n"茶,绿",5,"1""装"\n"上\n下",5,\n水,"5", "大, 小"\n14"盘,5,x\n"奶"粉,5,\n'
    )
    assert [(r["line"], r["name"], r["spec"]) for r in found.rows] == [
        (2, "茶,绿", '1"装'),
        (3, "上 下", None),
        (5, "水", "大, 小"),
        (6, '14"盘', "x"),
        (7, "奶粉", None),
    ]


@pytest.mark.parametrize(
    ("text", "lines", "good"),
    [
        # the quote before 茶 is closed by that before 酒
        ('名称,规格,售价\n水,x,1\n"茶,x,5\n奶,x,6\n"酒",x,7\n米,x,8\n', [3], ["水", "米"]),
        # and here by nothing
        ('名称,规格,售价\n水,x,1\n"茶,x,5\n奶,x,6\n', [3], ["水"]),
        ('名称,规格,售价\n水,x,1\n茶,"x,5\n', [3], ["水"]),
        ('名称,规格,售价\r水,x,1\r茶,"x,5\r', [3], ["水"]),
        ('名称,售价\n水,1\n"茶,5\n', [3], ["水"]),
    ],
)
def test_a_quote_that_swallows_rows(
    shop: Shop, text: str, lines: list[int], good: list[str]
) -> None:
    found = shop.text(text)
    assert [row["name"] for row in found.rows] == good
    assert [r.line for r in found.report.rejects if r.code == "row_swallowed"] == lines


def test_a_text_column_of_several_lines_is_no_fault(shop: Shop) -> None:
    text = '名称,售价,说明\n茶,5,"一,二,三\n四,五,六"\n水,2,\n'
    assert [row["name"] for row in shop.text(text).rows] == ["茶", "水"]


def test_a_quote_that_swallows_the_file(shop: Shop) -> None:
    with pytest.raises(Refused, match="quote_open") as refused:
        shop.text('名称,售价\n水,1\n"茶,5\n' + "奶,6\n" * 50_000)
    assert refused.value.values["line"] == 3


def test_ragged_rows(shop: Shop) -> None:
    found = shop.text("名称,售价,规格,,\n茶\n水,2\n奶,3,大,,,,\n酒,3,大,,,4\n米,3,大,5\n")
    assert [row["name"] for row in found.rows] == ["茶", "水", "奶"]
    assert found.rejected == [(5, "", "row_too_long"), (6, "", "row_too_long")]


def test_lines_without_end(shop: Shop) -> None:
    with pytest.raises(Refused, match="line_too_long"):
        shop.bytes(b"a" * (5 << 20))
    with pytest.raises(Refused, match="line_too_long"):
        shop.bytes("名称,售价\n".encode() + "茶".encode() * (2 << 20))


def test_characters_across_pieces(shop: Shop, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(decoding, "_CHUNK", 7)
    for encoding in ("utf-8", "gb18030", "utf-16"):
        assert [row["name"] for row in shop.bytes(TEXT.encode(encoding)).rows] == NAMES
