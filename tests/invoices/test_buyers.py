"""Whom an invoice is made out to: GB 32100, persons, and everything nobody should type."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st
from msgspec.structs import replace

from pos.invoices import taxids
from pos.invoices.buyers import check
from pos.invoices.document import Buyer, Kind
from pos.refusal import Refused
from tests.invoices.orders import COMPANY, PERSON

GOOD = (
    "914403001922038216",
    "91440300708461136T",
    "91110108551385082Q",
    "91110000802100433B",
    "91110000600037341L",
)


@pytest.mark.parametrize("tax_id", GOOD)
def test_numbers_of_real_companies(tax_id: str) -> None:
    assert taxids.company(tax_id) == "ok"
    wrong = tax_id[:-1] + ("1" if tax_id[-1] != "1" else "2")
    assert taxids.company(wrong) == "doubtful"


@pytest.mark.parametrize(
    ("tax_id", "verdict"),
    [
        ("9133010060913454XP", "doubtful"),
        ("339902999999789113", "doubtful"),
        ("123456789012345", "doubtful"),
        ("12345678901234567890", "doubtful"),
        ("91440300708461136", "doubtful"),  # 17 signs: an old number of a branch
        ("9144030070846113", "wrong"),
        ("91440300708461136O T", "wrong"),
        ("税号", "wrong"),
        ("", "wrong"),
    ],
)
def test_other_numbers(tax_id: str, verdict: str) -> None:
    assert taxids.company(tax_id) == verdict


@given(
    st.text("0123456789ABCDEFGHJKLMNPQRTUWXY", min_size=9, max_size=9), st.integers(0, 10**8 - 1)
)
def test_one_wrong_sign_never_passes(tail: str, head: int) -> None:
    """31 is prime and no weight is a multiple of it: every single wrong sign is found."""
    whole = f"{head:08d}{tail}"
    whole += taxids.credit_check(whole)
    assert taxids.company(whole) == "ok"
    for place in (8, 12, 16):
        other = "1" if whole[place] != "1" else "2"
        assert taxids.company(whole[:place] + other + whole[place + 1 :]) == "doubtful"


def test_a_company_and_a_person() -> None:
    assert check(COMPANY, "special").doubts == ()
    told = check(replace(COMPANY, tax_id=" 9144 0300-708461136ｔ "), "normal").buyer
    assert told.tax_id == "91440300708461136T"
    assert check(Buyer("", person=True), "normal").buyer.title == "个人"
    assert check(replace(PERSON, tax_id="11010519491231002x"), "normal").buyer.tax_id[-1] == "X"
    assert check(replace(COMPANY, tax_id="123456789012345"), "normal").doubts == (
        "invoice_tax_id_doubtful",
    )


@pytest.mark.parametrize(
    ("buyer", "kind", "code"),
    [
        (PERSON, "special", "invoice_special_person"),
        (replace(COMPANY, title=" \u200b "), "normal", "invoice_title_missing"),
        (replace(COMPANY, title="长" * 101), "normal", "invoice_title_long"),
        (replace(COMPANY, title="好店🎉有限公司"), "normal", "invoice_title_sign"),
        (replace(COMPANY, title="=cmd|' /C calc'!A0"), "normal", "invoice_title_formula"),
        (replace(COMPANY, title="＋公司"), "normal", "invoice_title_formula"),
        (replace(COMPANY, tax_id=""), "normal", "invoice_tax_id_missing"),
        (replace(COMPANY, tax_id=""), "special", "invoice_tax_id_missing"),
        (replace(COMPANY, tax_id="12345"), "normal", "invoice_tax_id_wrong"),
        (replace(PERSON, tax_id="110105194912310021"), "normal", "invoice_id_wrong"),
        (replace(COMPANY, email="a@b"), "normal", "invoice_email_wrong"),
        (replace(COMPANY, email="a" * 45 + "@b.cn"), "normal", "invoice_email_wrong"),
        (replace(COMPANY, email="a@b.cn\r\nBcc: x@y.cn"), "normal", "invoice_email_wrong"),
        (replace(COMPANY, mobile="1380000123"), "normal", "invoice_mobile_wrong"),
        (replace(COMPANY, address="路" * 81), "normal", "invoice_field_long"),
        (replace(COMPANY, bank="银行🏦"), "normal", "invoice_field_sign"),
        (replace(COMPANY, account="=1+1"), "normal", "invoice_field_formula"),
    ],
)
def test_buyers_that_are_refused(buyer: Buyer, kind: Kind, code: str) -> None:
    with pytest.raises(Refused) as refused:
        check(buyer, kind)
    assert refused.value.code == code
