"""Payment codes that stay secret, tenders on a person's word, and words for every code."""

from __future__ import annotations

import ast
import copy
import pickle
from datetime import UTC, datetime
from pathlib import Path
from typing import get_args

import msgspec
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

import pos.payments
from pos.payments.alipay import answers as alipay_answers
from pos.payments.codes import PaymentCode, read_code
from pos.payments.protocol import Charge
from pos.payments.row import State
from pos.payments.wechat import answers as wechat_answers
from pos.refusal import Refused
from pos.words import refusals, wallets
from pos.words.payments import EN, ZH, PaymentWords, tell

NOW = datetime(2026, 3, 1, 4, 0, tzinfo=UTC)
KEY = b"a secret of the till"


@pytest.mark.parametrize(
    ("digits", "wallet"),
    [
        ("100000000000000000", "wechat"),
        ("159999999999999999", "wechat"),
        ("2512345678901234", "alipay"),
        ("300000000000000000000000", "alipay"),
        ("28" + "0" * 16, "alipay"),
        ("6212345678901234567", "unionpay"),
        (" 130000000000000001\n", "wechat"),
    ],
)
def test_the_wallet_of_a_code(digits: str, wallet: str) -> None:
    code = read_code(digits)
    assert (code.wallet, code.reveal()) == (wallet, digits.strip())


@pytest.mark.parametrize(
    ("scanned", "refusal"),
    [
        ("160000000000000000", "pay_code_other_wallet"),
        ("310000000000000000", "pay_code_other_wallet"),
        ("62123456789012345678", "pay_code_other_wallet"),
        ("13000000000000000", "pay_code_other_wallet"),
        ("6901234567892", "pay_code_not_a_code"),
        ("", "pay_code_not_a_code"),
        ("１３０００００００００００００００１", "pay_code_not_a_code"),
        ("https://qr.alipay.com/x", "pay_code_not_a_code"),
        ("13000000000000000x", "pay_code_not_a_code"),
    ],
)
def test_what_is_no_code_of_a_wallet_we_know(scanned: str, refusal: str) -> None:
    with pytest.raises(Refused) as caught:
        read_code(scanned)
    assert caught.value.code == refusal
    assert scanned.strip() == "" or scanned.strip() not in str(caught.value)


@settings(derandomize=True, deadline=None)
@given(st.text(max_size=80))
def test_any_text_is_a_code_or_refused(text: str) -> None:
    try:
        code = read_code(text)
    except Refused:
        return
    assert code.reveal().isdigit()


def test_a_code_shows_itself_to_nobody() -> None:
    code = read_code("130000000000004321")
    for shown in (repr(code), str(code), f"{code}", f"{[code]!r}", f"{KeyError(code)}"):
        assert "4321" not in shown
    for leak in (lambda: pickle.dumps(code), lambda: copy.copy(code), lambda: vars(code)):
        with pytest.raises(TypeError):
            leak()
    with pytest.raises(TypeError):
        msgspec.json.encode(code)
    mark = code.digest(KEY)
    assert mark == read_code("130000000000004321").digest(KEY)
    assert mark != code.digest(b"another secret key")
    with pytest.raises(ValueError, match="16 bytes"):
        code.digest(b"short")
    assert code == PaymentCode("130000000000004321", "wechat")
    assert code != read_code("130000000000004322")
    assert len({code, read_code("130000000000004321")}) == 1


@pytest.mark.parametrize(
    ("number", "fen"),
    [
        ("../../x?y=1", 1),
        ("short", 1),
        ("a" * 33, 1),
        ("a" * 32, 0),
        ("a" * 32, -1),
        ("a" * 32, 10**9 + 1),
    ],
)
def test_a_charge_has_a_plain_number_and_an_amount(number: str, fen: int) -> None:
    with pytest.raises(ValueError, match=r"out_trade_no|amount"):
        Charge(number, fen, "goods", "0001", "01")


# --- words ---

SAYS_A_CODE = {"Unknown", "NotPaid", "NotSent", "Pending", "RefundRefused", "CancelRefused"}
SAYS_A_CODE |= {"WireFailed", "NotVerified", "Refused", "BadLine", "Alarm", "Trouble"}


def codes_in_source() -> set[str]:
    """Every literal code that the room gives: first arguments, and what `reason` is set to."""
    found: set[str] = set()
    for path in Path(pos.payments.__file__).parent.rglob("*.py"):
        for node in ast.walk(ast.parse(path.read_text("utf-8"))):
            if not isinstance(node, ast.Call):
                continue
            name = getattr(node.func, "id", "")
            told = [*node.args[:1]] if name in SAYS_A_CODE else []
            told += [k.value for k in node.keywords if k.arg == "reason"]
            told += [node.args[3]] if name == "_settle" else []
            told += [node.args[1]] if name == "BadLine" else []
            for each in told:
                parts = [each.body, each.orelse] if isinstance(each, ast.IfExp) else [each]
                found |= {
                    part.value
                    for part in parts
                    if isinstance(part, ast.Constant) and isinstance(part.value, str)
                }
    tables = [wechat_answers.PAY_CODES, alipay_answers.PAY_CODES]
    return found.union(*(table.values() for table in tables)) - {""}


def test_every_code_has_words() -> None:
    ours = {field.name for field in msgspec.structs.fields(PaymentWords)}
    shared = {field.name for field in msgspec.structs.fields(refusals.RefusalWords)}
    at_the_till = {field.name for field in msgspec.structs.fields(wallets.WalletWords)}
    codes = codes_in_source()
    assert len(codes) > 60
    assert codes - ours - shared - at_the_till == set()
    assert not ours & shared
    assert {f"state_{state}" for state in get_args(State)} <= ours


def test_the_words_are_one_clear_line() -> None:
    for words in (ZH, EN):
        for field in msgspec.structs.fields(PaymentWords):
            line = getattr(words, field.name)
            assert line.isprintable()
            assert 0 < len(line) <= 90, field.name
            assert "_" not in line.replace("{", "").replace("config.toml", "")
    assert ZH.balance_short != EN.balance_short


def test_the_gaps_are_filled() -> None:
    assert tell(ZH, "refund_too_much", left=1234) == "最多还能退 12.34 元"
    assert tell(EN, "clock_off", detail="-120").endswith("(-120 s), set it before taking payments")
    assert tell(EN, "clock_off") == "The till's clock is off (? s), set it before taking payments"
    assert tell(EN, "code_of_tomorrow") == "code_of_tomorrow"
