"""Bills: what is read, and what of a hostile file is refused by line."""

from __future__ import annotations

import io
import zipfile
from contextlib import suppress
from datetime import UTC, datetime

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from pos.payments.bills import BadLine, Bill, BillRow, read_alipay, read_bill, read_wechat
from pos.refusal import Refused
from tests.payments.papers_of_day import (
    ALIPAY_25,
    WECHAT_24,
    WECHAT_27,
    alipay_csv,
    alipay_row,
    alipay_zip,
    wechat_bill,
    wechat_row,
)

ONE, TWO = "0123456789abcdef0123456789abcd01", "0123456789abcdef0123456789abcd02"
AT = datetime(2026, 2, 28, 4, 0, 1, tzinfo=UTC)


def test_the_columns_are_as_many_as_the_providers_have() -> None:
    assert (len(WECHAT_27.split(",")), len(WECHAT_24.split(",")), len(ALIPAY_25.split(","))) == (
        27,
        24,
        25,
    )


def test_wechat_payments_refunds_and_reverses() -> None:
    bill = read_wechat(
        wechat_bill(
            [
                wechat_row(ONE, "4200001", settled="10.00", name="可乐,`冰`,大"),
                wechat_row(ONE, "4200001", "REFUND", refund=("5000001", "r1", "2.34")),
                wechat_row(
                    TWO, "4200002", "REVOKED", refund=("5000002", "x2", "12.34"), fee="-0.07"
                ),
            ],
            "`3,`10.00,`14.68,`0.00,`0.07000,`12.34,`14.68",
        )
    )
    # a name with our own separator in it cannot be told apart: that line is left out, no other
    assert bill.refused == (BadLine(2, "bill_line"),)
    assert bill.rows == (
        BillRow("wechat", "refund", 3, ONE, "4200001", 234, 234, AT, "r1", "5000001", 7000,
                "000102"),
        BillRow("wechat", "revoke", 4, TWO, "4200002", 1234, 1234, AT, "", "", -7000, "000102"),
    )  # fmt: skip
    assert bill.complete is False


def test_a_comma_in_what_was_sold_breaks_nothing() -> None:
    bill = read_wechat(
        wechat_bill(
            [wechat_row(ONE, "4200001", name='可乐, 冰, "大"', settled="10.00")],
            "`1,`10.00,`0.00,`0.00,`0.07000,`12.34,`0.00",
        )
    )
    [row] = bill.rows
    assert (row.kind, row.fen, row.settled_fen, row.fee_milli) == ("payment", 1234, 1000, 7000)
    assert bill.complete is True


def test_the_older_layout_is_read_by_its_names() -> None:
    fields = wechat_row(ONE, "4200001").split(",")
    old = ",".join(fields[:24])
    bill = read_wechat(wechat_bill([old], header=WECHAT_24))
    assert [(row.fen, row.out_trade_no, row.place) for row in bill.rows] == [(1234, ONE, "000102")]
    assert bill.complete is None


@pytest.mark.parametrize(
    ("line", "column"),
    [
        (wechat_row(ONE, "4200001", "PAID"), "交易状态"),
        (wechat_row("=cmd|' /C calc'!A0", "4200001"), "商户订单号"),
        (wechat_row(ONE, "4200001", yuan="12.345"), "订单金额"),
        (wechat_row(ONE, "4200001", yuan="1e9"), "订单金额"),
        (wechat_row(ONE, "4200001", yuan="99999999999.00"), "订单金额"),
        (wechat_row(ONE, "4200001", yuan="１２.00"), "订单金额"),
        (wechat_row(ONE, "4200001", fee="NaN"), "手续费"),
        (wechat_row(ONE, "4200001", time="2026-02-30 12:00:00"), "交易时间"),
        (wechat_row(ONE, "4200001", time="yesterday"), "交易时间"),
        (wechat_row(ONE, "4200001").replace("`", ""), ""),
        ("`1,`2", ""),
    ],
)
def test_a_wechat_line_that_does_not_hold_is_left_out(line: str, column: str) -> None:
    bill = read_wechat(wechat_bill([line, wechat_row(TWO, "4200002")]))
    assert bill.refused == (BadLine(2, "bill_line", column),)
    assert [row.out_trade_no for row in bill.rows] == [TWO]


def test_alipay_out_of_its_zip() -> None:
    details = alipay_csv(
        [
            alipay_row(ONE, "2026022822001", name="可乐,冰,大", received="11.00"),
            alipay_row(ONE, "2026022822001", "退款", "-2.30", request="r1", fee="-0.01"),
        ],
        [
            "#交易合计：1笔，商家实收共11.00元，商家优惠共1.30元",
            "#退款合计：1笔，商家实收退款共-2.30元",
        ],
    )
    for content in (alipay_zip(details), details):
        bill = read_alipay(content)
        assert bill.refused == ()
        assert bill.rows == (
            BillRow("alipay", "payment", 6, ONE, "2026022822001", 1230, 1100, AT,
                    fee_milli=7000, place="000102"),
            BillRow("alipay", "refund", 7, ONE, "2026022822001", 230, 230, AT, "r1", "", 1000,
                    "000102"),
        )  # fmt: skip
        assert bill.complete is True
    short = alipay_csv([alipay_row(ONE, "1")], ["#交易合计：2笔，商家实收共1.00元"])
    assert read_alipay(short).complete is False


def test_the_sign_of_a_refund_comes_from_its_kind() -> None:
    for yuan in ("-2.30", "2.30"):
        [row] = read_alipay(alipay_csv([alipay_row(ONE, "1", "退款", yuan, request="r")])).rows
        assert (row.kind, row.fen) == ("refund", 230)


@pytest.mark.parametrize(
    ("line", "column"),
    [
        (alipay_row(ONE, "1", "转账"), "业务类型"),
        (alipay_row(ONE, "1", yuan="0.001"), "订单金额(元)"),
        (alipay_row(ONE, "1", time="2026/02/28"), "完成时间"),
        (alipay_row("", "1"), "商户订单号"),
        (alipay_row(ONE, "1", "退款", request=""), "退款批次号/请求号"),
        ("a,b", ""),
    ],
)
def test_an_alipay_line_that_does_not_hold_is_left_out(line: str, column: str) -> None:
    bill = read_alipay(alipay_csv([line, alipay_row(TWO, "2")]))
    assert bill.refused == (BadLine(6, "bill_line", column),)
    assert [row.out_trade_no for row in bill.rows] == [TWO]


def test_bytes_that_are_no_text_and_lines_without_end() -> None:
    good = wechat_bill([wechat_row(ONE, "4200001")])
    bill = read_wechat(good + b"\xff\xfe`\r\n" + b"`" + b"9" * 20_000 + b"\r\n" + b"`\x00\r\n")
    assert [(bad.line, bad.code) for bad in bill.refused] == [
        (3, "bill_line_bytes"),
        (4, "bill_line_bytes"),
        (5, "bill_line_bytes"),
    ]
    assert len(bill.rows) == 1


@pytest.mark.parametrize(
    ("channel", "content", "code"),
    [
        ("wechat", b"", "bill_unreadable"),
        ("wechat", b"<html>", "bill_columns"),
        ("wechat", alipay_csv([]), "bill_unreadable"),
        ("wechat", "交易时间,交易时间".encode(), "bill_columns"),
        ("alipay", b"PK\x03\x04", "bill_unreadable"),
        ("alipay", alipay_zip(alipay_csv([]), ("明细(汇总)",)), "bill_unreadable"),
        ("alipay", alipay_zip(alipay_csv([]), ("明细", "其他")), "bill_unreadable"),
        ("alipay", wechat_bill([]), "bill_unreadable"),
        ("cash", b"", "bill_channel"),
    ],
)
def test_what_is_no_bill_is_refused(channel: str, content: bytes, code: str) -> None:
    with pytest.raises(Refused) as caught:
        read_bill(channel, content)
    assert caught.value.code == code


def test_a_zip_that_grows_without_end_is_refused(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("pos.payments.bills.MOST_BYTES", 100_000)
    out = io.BytesIO()
    with zipfile.ZipFile(out, "w", zipfile.ZIP_DEFLATED) as archive:
        archive.writestr("details.csv", b"0" * 5_000_000)
    assert len(out.getvalue()) < 10_000
    with pytest.raises(Refused, match="bill_too_big"):
        read_alipay(out.getvalue())


GOOD_WECHAT = wechat_bill([wechat_row(ONE, "4200001"), wechat_row(TWO, "4200002")])
GOOD_ALIPAY = alipay_zip(alipay_csv([alipay_row(ONE, "1"), alipay_row(TWO, "2")]))


@settings(derandomize=True, deadline=None, max_examples=300)
@given(st.data())
def test_any_bytes_give_rows_or_a_refusal(data: st.DataObject) -> None:
    """Nothing else is raised, and every row that comes out holds."""
    channel, good = data.draw(st.sampled_from([("wechat", GOOD_WECHAT), ("alipay", GOOD_ALIPAY)]))
    content = bytearray(good)
    for _ in range(data.draw(st.integers(1, 6))):
        at = data.draw(st.integers(0, len(content) - 1))
        content[at : at + data.draw(st.integers(0, 4))] = data.draw(st.binary(max_size=6))
        if not content:
            content = bytearray(b"x")
    bill = Bill(channel, ())
    with suppress(Refused):
        bill = read_bill(channel, bytes(content))
    for row in bill.rows:
        assert row.fen >= 0
        assert row.out_trade_no.isascii()
        assert row.at.tzinfo is not None
        assert row.place.isprintable()
