"""What was answered is kept, whoever is killed; and no money moves twice under load."""

from __future__ import annotations

import threading
from pathlib import Path

import pytest

from pos.simulators.alipay import AlipaySimulator
from pos.simulators.wallets.journal import Journal
from pos.simulators.wechat import WechatSimulator
from tests.simulators.wallets.clients import AlipayClient, WechatClient
from tests.simulators.wallets.shops import NOON, folder_of, quick, still_clock
from tests.simulators.wechat.test_rules import ORDERS, REFUNDS


def _open(folder: Path) -> WechatSimulator:
    return WechatSimulator(folder, clock=still_clock(), settings=quick())


def test_everything_is_there_after_a_restart(tmp_path: Path) -> None:
    folder = folder_of(WechatSimulator, tmp_path)
    with _open(folder) as sim:
        client = WechatClient(sim)
        wish = client.code_wish("ORDER001", 1000, "134567890123456789")
        first = client.call("POST", f"{ORDERS}/codepay", wish)
        sim.casting.give("asks_then_pays_20s")
        slow = client.code_wish("ORDER002", 500, "134567890123456780")
        assert client.call("POST", f"{ORDERS}/codepay", slow).status == 202
        client.call("POST", REFUNDS, client.refund_wish("ORDER001", "R1", 100, 1000))
        sim.clock.advance(10)
        sim.book.keep_clock()
        before = sim.ledger()
    with _open(folder) as sim:
        assert sim.clock.now() == NOON + 10
        client = WechatClient(sim)
        assert sim.ledger() == before
        assert [(it.kind, it.fen) for it in before] == [("payment", 1000), ("refund", 100)]
        again = client.call("POST", f"{ORDERS}/codepay", wish)
        assert again.data["transaction_id"] == first.data["transaction_id"]
        used = client.code_wish("ORDER003", 1, "134567890123456789")
        assert client.call("POST", f"{ORDERS}/codepay", used).data["code"] == "AUTH_CODE_ERROR"
        sim.clock.advance(10)
        assert sim.moved("ORDER002") == (500, 0)
        new = client.code_wish("ORDER004", 1, "134567890123456781")
        made = client.call("POST", f"{ORDERS}/codepay", new)
        ids = [order.provider_id for order in sim.book.orders.values()]
        assert made.status == 200
        assert len(set(ids)) == len(ids) == 3


@pytest.mark.parametrize("cut", [1, 20, 200])
def test_a_line_cut_short_was_never_answered(tmp_path: Path, cut: int) -> None:
    folder = folder_of(WechatSimulator, tmp_path)
    with _open(folder) as sim:
        client = WechatClient(sim)
        for index in range(3):
            wish = client.code_wish(f"ORDER00{index}", 100 + index, f"13456789012345678{index}")
            client.call("POST", f"{ORDERS}/codepay", wish)
    path = folder / "events.jsonl"
    raw = path.read_bytes()
    path.write_bytes(raw[:-cut])
    with _open(folder) as sim:
        assert [it.fen for it in sim.ledger()] == [100, 101]
        sim.foreign(7)
    with _open(folder) as sim:
        assert [(it.seq, it.fen) for it in sim.ledger()] == [(1, 100), (2, 101), (3, 7)]


def test_damage_in_the_middle_is_not_passed_over(tmp_path: Path) -> None:
    path = tmp_path / "events.jsonl"
    path.write_bytes(b'{"clock":1}\n{"orders"\n{"clock":2}\n')
    journal = Journal(path)
    with pytest.raises(ValueError, match="line 2 is damaged"):
        journal.open()
    journal.close()
    folder = folder_of(WechatSimulator, tmp_path)
    (folder / "events.jsonl").write_bytes(path.read_bytes())
    with pytest.raises(ValueError, match="damaged"):
        _open(folder)


def test_many_tills_and_many_repeats_charge_once(wechat: WechatSimulator) -> None:
    client = WechatClient(wechat)
    seen: list[int] = []

    def pay(index: int) -> None:
        for _ in range(3):
            code = f"1345678901234567{index % 8:02d}"
            wish = client.code_wish(f"ORDER{index % 8:03d}", 100, code)
            got = client.raw("POST", f"{ORDERS}/codepay", wish, patience=10)
            seen.append(got.status)

    threads = [threading.Thread(target=pay, args=(index,)) for index in range(16)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert seen == [200] * 48
    assert sorted(it.out_trade_no for it in wechat.ledger()) == [f"ORDER{i:03d}" for i in range(8)]


def test_refunds_at_once_never_exceed_what_was_paid(alipay: AlipaySimulator) -> None:
    client = AlipayClient(alipay)
    client.call("alipay.trade.pay", client.pay_wish("ORDER001", "1.00", "284567890123456789"))

    def back(index: int) -> None:
        wish = {"out_trade_no": "ORDER001", "refund_amount": "0.30"}
        client.raw("alipay.trade.refund", wish | {"out_request_no": f"R{index}"}, patience=10)

    threads = [threading.Thread(target=back, args=(index,)) for index in range(8)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert alipay.moved("ORDER001") == (100, 90)
