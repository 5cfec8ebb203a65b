"""Every script has one right end, and a till that does everything right gets there."""

from __future__ import annotations

import pytest

import pos.simulators.wallets as package
from pos.simulators.alipay import AlipaySimulator
from pos.simulators.wallets.scripts import (
    AFTER,
    AMOUNT_BASE_FEN,
    BEFORE,
    SCRIPTS,
    Script,
    by_amount,
    by_code,
    code_for,
    table,
)
from pos.simulators.wechat import WechatSimulator
from tests.simulators.wallets.tills import AlipayTill, Till, WechatTill

FEN = 1205


def _of(wallet: str) -> list[Script]:
    return [it for it in SCRIPTS if wallet in it.wallets and it.flows != ("bill",)]


def _play(till: Till, script: Script) -> None:
    simulator = till.simulator
    if "refund" in script.flows:
        end = till.refund_flow(script, 1)
    elif "code" in script.flows:
        end = till.by_code(script, 1)
    else:
        simulator.casting.give(script.name)
        end = till.by_qr()
    assert end == script.end
    simulator.clock.advance(86_400)
    assert simulator.moved(till.number) == (till.fen * script.charged, till.fen * script.returned)


@pytest.mark.parametrize("script", _of("wechat"), ids=lambda it: it.name)
def test_wechat_ends_right(wechat: WechatSimulator, script: Script) -> None:
    _play(WechatTill(wechat, "T0001WECHAT0001", FEN), script)


@pytest.mark.parametrize("script", _of("alipay"), ids=lambda it: it.name)
def test_alipay_ends_right(alipay: AlipaySimulator, script: Script) -> None:
    _play(AlipayTill(alipay, "T0001ALIPAY0001", FEN), script)


def test_the_table_in_the_docstring_is_the_data() -> None:
    shown = [line.strip() for line in (package.__doc__ or "").splitlines()]
    for line in table().splitlines():
        assert line.strip() in shown


def test_scripts_are_told_apart_and_use_known_faults() -> None:
    assert len({it.number for it in SCRIPTS}) == len({it.name for it in SCRIPTS}) == len(SCRIPTS)
    assert len(SCRIPTS) >= 25
    for script in SCRIPTS:
        assert 0 <= script.number <= 99
        for faults in script.faults.values():
            assert set(faults) <= BEFORE | AFTER | {""}


def test_a_script_is_chosen_by_code_by_amount_and_by_hand(wechat: WechatSimulator) -> None:
    lost = next(it for it in SCRIPTS if it.name == "lost")
    assert code_for(lost, "wechat", 7) == "130000000000079915"
    assert by_code("130000000000079915", "wechat") is lost
    assert by_code("130000000000070015", "wechat") is None
    assert by_code("130000000000079999", "wechat") is None
    assert by_amount(AMOUNT_BASE_FEN + 15, "wechat", "code") is lost
    assert by_amount(AMOUNT_BASE_FEN + 15, "wechat", "qr") is None
    casting = wechat.casting
    casting.give("lost", "MINE0001")
    casting.give("slow")
    assert casting.of("MINE0001", "code", 1).name == "lost"
    assert casting.of("A00001", "qr", 1).name == "paid"
    assert casting.of("A00002", "code", 1).name == "slow"
    assert casting.of("A00003", "code", 1).name == "paid"
    for wrong in ("unsigned_error", "bill_none", "nonsense"):
        with pytest.raises(KeyError):
            casting.give(wrong)


def test_the_amount_brings_its_customer_to_a_qr(alipay: AlipaySimulator) -> None:
    till = AlipayTill(alipay, "BYAMOUNT01", AMOUNT_BASE_FEN + 50)
    assert till.by_qr() == "paid"
    assert alipay.moved("BYAMOUNT01") == (AMOUNT_BASE_FEN + 50, 0)
