"""What a scanned code is, with biip as the judge of GS1."""

from __future__ import annotations

from datetime import date

import pytest
from biip.gs1_messages import GS1Message
from biip.gtin import Gtin
from hypothesis import given, settings
from hypothesis import strategies as st

from pos.devices import ScaleLabel
from pos.hardware.codes import (
    Code,
    Goods,
    Member,
    PaymentCode,
    Priced,
    ReceiptNumber,
    Screen,
    Weighed,
    Wrong,
    read_code,
    wallet_of,
)
from pos.hardware.gs1 import checks, date_of, elements, gtin, shortest
from pos.hardware.scale_labels import label_problems
from pos.receiptline.barcodes import check_digit

LABELS = (
    ScaleLabel("22xxxxxwwwwwc"),
    ScaleLabel("23xxxxxmmmmmc"),
    ScaleLabel("2001vvvvvv00c"),
    ScaleLabel("29sssssss000c"),
    ScaleLabel("26xxxxxwwwwwmmmmmc"),
    ScaleLabel("27xxxxxnnnnnuuuuuc"),
    ScaleLabel("24xxxxxwwwwwd", check="none", weight_decimals=2),
    ScaleLabel("25xxxxxmmmmmc", amount_decimals=1),
)
CHECKED = st.integers(0, 10**13 - 1)


def with_check(digits: str) -> str:
    return digits + check_digit(digits)


def wrong(digits: str) -> str:
    return digits + str((int(check_digit(digits)) + 1) % 10)


@pytest.mark.parametrize(
    ("text", "screen", "code"),
    [
        ("6901234567892", "sale", Goods("6901234567892", "06901234567892")),
        ("6901234567891", "sale", Goods("6901234567891")),
        ("96385074", "sale", Goods("96385074", "00000096385074")),
        ("036000291452", "sale", Goods("036000291452", "00036000291452")),
        ("16901234567899", "sale", Goods("16901234567899", "16901234567899")),
        ("123456", "sale", Goods("123456")),
        ("GUITAI-42", "sale", Goods("GUITAI-42")),
        (with_check("220012301250"), "sale", Weighed("00123", 1250)),
        (wrong("220012301250"), "sale", Wrong("label_check_digit", wrong("220012301250"))),
        (with_check("230012301999"), "sale", Priced("00123", 1999)),
        (with_check("250012301999"), "sale", Priced("00123", 19990)),
        (with_check("200112345600"), "sale", Member("123456")),
        (with_check("291234567000"), "payment", Member("1234567")),
        ("2400123001257", "sale", Weighed("00123", 1250)),
        (with_check("26001230125001999"), "sale", Weighed("00123", 1250, 1999)),
        (with_check("27001230000300500"), "sale", Weighed("00123", 3000, None, 500)),
        # the same digits on the payment screen are a wallet
        (
            with_check("26001230125001999"),
            "payment",
            PaymentCode("alipay", with_check("26001230125001999")),
        ),
        # and a wallet that is no label is never goods
        (wrong("26001230125001999"), "sale", PaymentCode("alipay", wrong("26001230125001999"))),
        ("134567890123456789", "sale", PaymentCode("wechat", "134567890123456789")),
        ("134567890123456789", "payment", PaymentCode("wechat", "134567890123456789")),
        ("281234567890123456", "payment", PaymentCode("alipay", "281234567890123456")),
        ("6901234567892", "payment", Goods("6901234567892", "06901234567892")),
        ("000101010000042", "find", ReceiptNumber("000101010000042")),
        ("000101010000042", "sale", Goods("000101010000042")),
        ("", "sale", Wrong("code_empty", "")),
        ("   ", "sale", Wrong("code_empty", "")),
        ("]E06901234567892", "sale", Goods("6901234567892", "06901234567892", "E0")),
        ("１２", "sale", Goods("１２")),
    ],
)
def test_codes(text: str, screen: Screen, code: Code) -> None:
    assert read_code(text, LABELS, screen) == code


@pytest.mark.parametrize(
    "text",
    [
        "]C1010690123456789231030012501726123110AB",
        "]d2010690123456789231030012501726123110AB",
        "010690123456789231030012501726123110AB",
        "\x1d010690123456789231030012501726123110AB",
        "]C110AB\x1d1726123131030012500106901234567892",
    ],
)
def test_gs1_codes_give_product_weight_batch_and_expiry(text: str) -> None:
    code = read_code(text, LABELS, "sale")
    assert isinstance(code, Goods)
    assert (code.code, code.gtin) == ("6901234567892", "06901234567892")
    assert (code.milli, code.expires, code.batch) == (1250, "261231", "AB")


def test_a_code_whose_kind_says_gs1_is_no_wallet() -> None:
    # (30) count 12345678, FNC1 left away by the scanner: 18 digits that begin like Alipay's
    text = "30123456781726123110"[:18]
    assert wallet_of(text) == "alipay"
    assert isinstance(read_code(text, LABELS, "payment", "C1"), Goods)


def test_prices_and_counts_of_gs1() -> None:
    for text, fen in [
        ("392215", 15),
        ("39221250", 1250),
        ("39201250", 125000),
        ("39331561250", 125),
        ("39338401250", None),
    ]:
        found = elements(f"0106901234567892{text}")
        assert found is not None
        assert found.amount_fen == fen, text
    counted = elements("0106901234567892" + "3012\x1d21S1")
    assert counted is not None
    assert (counted.pieces, counted.data["21"]) == (12, "S1")


def test_a_wallet_does_not_show_in_a_log() -> None:
    code = read_code("134567890123456789", (), "payment")
    assert repr(code) == "PaymentCode(wechat, …6789)"
    assert "13456789" not in str(code)
    assert "13456789" not in f"{[code]}"


@given(st.sampled_from([8, 12, 13, 14]), CHECKED, st.booleans())
@settings(deadline=None, derandomize=True, max_examples=200)
def test_check_digits_are_biips(length: int, number: int, right: bool) -> None:
    body = str(number).zfill(13)[-(length - 1) :]
    text = with_check(body) if right else wrong(body)
    assert checks(text) is right
    assert bool(gtin(text)) is right
    if right:
        assert gtin(text) == Gtin.parse(text).as_gtin_14()


@pytest.mark.parametrize(
    ("gtin14", "code"),
    [
        ("06901234567892", "6901234567892"),
        ("16901234567899", "16901234567899"),
        ("00000096385074", "96385074"),
        ("00036000291452", "0036000291452"),
    ],
)
def test_a_gtin_14_as_the_article_says_it(gtin14: str, code: str) -> None:
    assert shortest(gtin14) == code


BATCH = st.text("ABCXYZ0123456789-/.", min_size=1, max_size=20)
ELEMENTS = st.lists(
    st.one_of(
        st.integers(0, 999_999).map(lambda n: ("3103", f"{n:06d}")),
        st.integers(0, 999_999).map(lambda n: ("3102", f"{n:06d}")),
        st.dates(date(2000, 1, 1), date(2049, 12, 31)).map(lambda d: ("17", f"{d:%y%m%d}")),
        st.dates(date(2000, 1, 1), date(2049, 12, 31)).map(lambda d: ("11", f"{d:%y%m%d}")),
        st.dates(date(2000, 1, 1), date(2049, 12, 31)).map(lambda d: ("15", f"{d:%y%m%d}")),
        BATCH.map(lambda b: ("10", b)),
        BATCH.map(lambda b: ("21", b)),
        st.integers(1, 99_999_999).map(lambda n: ("30", str(n))),
        st.integers(1, 999_999).map(lambda n: ("3922", f"{n}")),
        st.integers(0, 10**13 - 1).map(lambda n: ("01", with_check(f"{n:013d}"))),
    ),
    min_size=1,
    max_size=6,
    unique_by=lambda element: element[0],
)
VARIABLE = ("10", "21", "30", "3922")


@given(ELEMENTS)
@settings(deadline=None, derandomize=True, max_examples=150)
def test_element_strings_are_biips(parts: list[tuple[str, str]]) -> None:
    text = ""
    for number, (ai, data) in enumerate(parts):
        last = number == len(parts) - 1
        text += ai + data + ("\x1d" if ai in VARIABLE and not last else "")
    found = elements(text)
    assert found is not None
    assert found.data == dict(parts)
    judged = GS1Message.parse(text)
    assert {e.ai.ai: e.value for e in judged.element_strings} == dict(parts)
    kilos = [e.decimal for e in judged.element_strings if e.ai.ai.startswith("310")]
    if len(kilos) == 1 and kilos[0] is not None:
        assert found.weight_milli == int(kilos[0] * 1000)


@given(st.text("0123456789\x1dAB]", max_size=40))
@settings(deadline=None, derandomize=True, max_examples=300)
def test_anything_is_read(text: str) -> None:
    for screen in ("sale", "payment", "find"):
        code = read_code(text, LABELS, screen)
        if wallet_of(text):
            expected = (PaymentCode,) if screen == "payment" else (PaymentCode, Weighed)
            assert isinstance(code, expected)


@pytest.mark.parametrize(
    "text",
    [
        "0106901234567891",
        "010690123456789",
        "17261331",
        "17260231",
        "10",
        "10" + "x" * 21,
        "30ABC",
        "5512345",
        "311",
        "01069012345678920106901234567892",
        "一",
        "",
    ],
)
def test_what_is_no_element_string(text: str) -> None:
    assert elements(text) is None


@pytest.mark.parametrize(
    ("text", "today", "found"),
    [
        ("261231", date(2026, 1, 1), date(2026, 12, 31)),
        ("260200", date(2026, 1, 1), date(2026, 2, 28)),
        ("240200", date(2026, 1, 1), date(2024, 2, 29)),
        ("771231", date(2026, 1, 1), date(1977, 12, 31)),
        ("761231", date(2026, 1, 1), date(2076, 12, 31)),
        ("010101", date(2099, 1, 1), date(2101, 1, 1)),
        ("261301", date(2026, 1, 1), None),
        ("260230", date(2026, 1, 1), None),
        ("26 230", date(2026, 1, 1), None),
    ],
)
def test_dates(text: str, today: date, found: date | None) -> None:
    assert date_of(text, today) == found


@pytest.mark.parametrize(
    ("patterns", "codes"),
    [
        (["22xxxxxwwwwwc", "23xxxxxmmmmmc"], []),
        (["22xxxxxwwwwwc", "22xxxxxmmmmmc"], ["label_patterns_clash"]),
        (["2xxxxxxwwwwwc"], ["label_pattern"]),
        (["22xxxxxcwwwww"], ["label_pattern"]),
        (["22xxwxxwwwwwc"], ["label_pattern"]),
        (["22wwwwwwwwwwc"], ["label_pattern"]),
        (["22xxxxxxxxxxc"], ["label_pattern"]),
        (["22xxxxxvvvvvc"], ["label_pattern"]),
        (["20vvvvvvv000c", "2001vvvvvv00c"], ["label_patterns_clash"]),
    ],
)
def test_patterns_that_cannot_be(patterns: list[str], codes: list[str]) -> None:
    found = label_problems([ScaleLabel(pattern) for pattern in patterns])
    assert [problem.code for problem in found] == codes
