"""Reconciliation by key: a manager chooses, looks at what differs, settles it with a reason."""

from __future__ import annotations

import csv
import threading
from collections.abc import Iterator
from datetime import date
from pathlib import Path

import pytest

from pos.refusal import Refused
from pos.store import bills
from pos.store.reader import Reader
from pos.store.verify import verify_ledger
from pos.till import reconciling
from pos.till.billing import read_day
from pos.till.view import DialogView, ListView, WorkView
from tests.shop import MILK, SMOKE
from tests.till.wallets import CHANNELS, Channel, World, world

each_channel = pytest.mark.parametrize("channel", CHANNELS)
DAY = "2026-03-02"


@pytest.fixture(scope="module")
def keys(tmp_path_factory: pytest.TempPathFactory) -> Path:
    return tmp_path_factory.mktemp("keys")


@pytest.fixture
def made(tmp_path: Path, keys: Path) -> Iterator[World]:
    with world(tmp_path, keys, read_seconds=5.0) as found:
        yield found


def sell(made: World, channel: Channel) -> str:
    made.pay_screen(SMOKE)
    made.person.enter(made.code(channel))
    made.until(made.closed)
    return made.last().charge.out_trade_no


def tomorrow(made: World) -> None:
    """After ten, when yesterday's bill is there."""
    made.go(24 * 3600 + 60)


def listed(made: World) -> ListView:
    panel = made.person.till.view().panel
    assert isinstance(panel, ListView), made.told()
    return panel


def run(made: World, channel: Channel, source: str = "1") -> None:
    """The key, the wallet, yesterday, where the bill is."""
    made.person.key("reconcile")
    made.person.enter(str(CHANNELS.index(channel) + 1))
    made.person.enter()
    made.person.enter(source)


def done(made: World) -> None:
    made.until(lambda: made.person.mode() != "working")


@each_channel
def test_a_day_that_agrees_says_so(made: World, channel: Channel) -> None:
    made.open("9001")
    sell(made, channel)
    made.sim(channel).foreign(700)
    tomorrow(made)
    run(made, channel)
    done(made)
    assert made.person.mode() == "selling"
    said = made.person.message.text
    assert "全部相符" in said
    assert "相符 1 笔，25.00 元" in said
    assert "其他收银机 1 笔" in said
    made.person.key("reconcile")
    assert listed(made).rows[CHANNELS.index(channel)][1:] == (DAY, "0")


@each_channel
def test_a_difference_is_settled_with_a_reason(made: World, channel: Channel) -> None:
    made.open("9001")
    number = sell(made, channel)
    made.sim(channel).set_bill_fault(DAY, "bill_amount_off")
    tomorrow(made)
    run(made, channel)
    done(made)
    [row, last] = listed(made).rows
    assert row[0] == "金额不符"
    assert row[2] == "25.00"
    assert row[4] == "待处理"
    assert "CSV" in last[0]
    made.person.enter("1")
    assert "商户后台" in " ".join(listed(made).title.split()) or listed(made).rows
    made.person.enter("1")
    made.person.enter("1")
    made.until(lambda: made.person.mode() == "choosing")
    assert listed(made).rows[0][4] == "√ 已处理"
    made.person.enter("1")
    assert "9001" in made.person.message.text
    made.person.enter("2")
    [written] = made.shop.folder.glob("reconcile-*.csv")
    [told] = csv.DictReader(written.read_text("utf-8-sig").splitlines())
    assert (told["class"], told["number"], told["resolved_by"]) == ("amount", number, "9001")
    reader = Reader(made.shop.place().path)
    assert bills.differences(reader) == []
    [event] = reader.rows("SELECT * FROM events WHERE kind = 'payment.difference_resolved'")
    assert event["operator"] == "9001"
    reader.close()
    assert verify_ledger(made.shop.place().path).ok


def test_a_cashier_needs_a_manager(made: World) -> None:
    made.open("1001")
    made.person.key("reconcile")
    assert isinstance(made.person.till.view().panel, DialogView)
    made.person.approve("9001")
    assert [row[0] for row in listed(made).rows] == ["微信支付", "支付宝"]


def test_a_bill_from_a_file_and_files_that_are_none(made: World, tmp_path: Path) -> None:
    made.open("9001")
    sell(made, "wechat")
    tomorrow(made)
    gateways = made.person.till.payments
    assert gateways is not None
    content = reconciling.fetch(gateways.gateways, "wechat", read_day("0302", read_day_today()))
    good, bad = tmp_path / "bill.csv", tmp_path / "bad.csv"
    good.write_bytes(content)
    bad.write_bytes(b"\x00\xff" * 99)
    for file, words in ((tmp_path / "none.csv", "none.csv"), (bad, "账单"), (good, "全部相符")):
        run(made, "wechat", "2")
        made.person.enter(str(file))
        done(made)
        assert words in made.person.message.text
        assert made.person.mode() == "selling"


def read_day_today() -> date:
    return date(2026, 3, 2)


def test_days_as_people_type_them() -> None:
    today = read_day_today()
    for text in ("0301", "20260301", "2026-03-01", "2026/03/01"):
        assert read_day(text, today).isoformat() == "2026-03-01"
    for text, code in (("0231", "bill_day_wrong"), ("x", "bill_day_wrong"), ("0303", "bill_not_r")):
        with pytest.raises(Refused, match=code):
            read_day(text, today)


def test_it_can_be_stopped_and_leaves_no_trace(
    made: World, monkeypatch: pytest.MonkeyPatch
) -> None:
    made.open("9001")
    sell(made, "wechat")
    tomorrow(made)
    going, go = threading.Event(), threading.Event()

    def slow(*_: object) -> bytes:
        going.set()
        go.wait(10)
        return b""

    monkeypatch.setattr(reconciling, "fetch", slow)
    run(made, "wechat")
    assert going.wait(10)
    assert isinstance(made.person.till.view().panel, WorkView)
    made.person.key("back")
    go.set()
    done(made)
    assert "已停止" in made.person.message.text
    reader = Reader(made.shop.place().path)
    assert bills.last_reconciled(reader, "wechat") == ""
    reader.close()


def test_a_wallet_without_a_bill_yet_or_switched_off(made: World) -> None:
    made.open("9001")
    run(made, "wechat")
    done(made)
    assert made.person.message.text
    assert made.person.mode() == "selling"
    text = made.shop.config_file.read_text("utf-8")
    made.person.leave()
    made.shop.config_file.write_text(
        text.replace("[payments.alipay]\nenabled = true ", "[payments.alipay]\nenabled = false ")
    )
    made.open("9001")
    run(made, "alipay")
    assert "[payments.alipay]" in made.person.message.text


@each_channel
def test_a_fee_that_is_not_as_agreed(made: World, channel: Channel) -> None:
    text = made.shop.config_file.read_text("utf-8")
    made.shop.config_file.write_text(text.replace('fee_rate = "" ', 'fee_rate = "0.38%" '))
    made.open("9001")
    sell(made, channel)
    tomorrow(made)
    run(made, channel)
    done(made)
    assert [row[0] for row in listed(made).rows[:-1]] == ["手续费不符"]


def test_a_static_codes_money_is_found_on_the_bill(made: World) -> None:
    """By amount and time; what is matched once is proposed on no other bill."""
    made.open("9001")
    made.pay_screen(MILK)
    made.person.key("static_code")
    made.person.enter()
    assert made.closed()
    made.pay_screen(SMOKE)
    made.person.key("static_code")
    made.person.enter()
    assert made.closed()
    made.go(60)
    made.sim("alipay").foreign(550, "")
    made.sim("wechat").foreign(550, "")
    tomorrow(made)
    run(made, "alipay")
    done(made)
    panel = listed(made)
    assert [row[0] for row in panel.rows[:-1]] == ["收款码匹配"]
    assert panel.rows[0][1:4] == ("000101010000001", "5.50", "5.50")
    assert "收款码 1 笔没找到" in panel.title
    made.person.enter("1")
    made.person.enter("1")
    made.person.enter("4")
    made.until(lambda: made.person.mode() == "choosing")
    made.person.key("back")
    run(made, "wechat")
    done(made)
    assert "其他收银机 1 笔" in made.person.message.text
    assert "收款码 1 笔没找到" in made.person.message.text
