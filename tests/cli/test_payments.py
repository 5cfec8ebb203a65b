"""`pos payment …` against simulators that know what really moved."""

from __future__ import annotations

import csv
from collections.abc import Iterator
from contextlib import closing
from pathlib import Path

import pytest

from pos.store.reader import Reader
from pos.store.verify import verify_ledger
from pos.till import settling
from pos.till.events import Entered
from tests.cli.conftest import Pos
from tests.shop import SMOKE, Shop
from tests.till.wallets import CHANNELS, Channel, World, world

each_channel = pytest.mark.parametrize("channel", CHANNELS)


@pytest.fixture(scope="module")
def keys(tmp_path_factory: pytest.TempPathFactory) -> Path:
    return tmp_path_factory.mktemp("keys")


@pytest.fixture
def made(tmp_path: Path, keys: Path, monkeypatch: pytest.MonkeyPatch) -> Iterator[World]:
    with world(tmp_path, keys) as found:

        def nap(seconds: float) -> None:
            found.shop.hands.go(seconds)
            for sim in found.sims.values():
                sim.clock.set(found.shop.hands.at.timestamp())

        monkeypatch.setattr(settling, "sleep", nap)
        yield found


@pytest.fixture
def shop(made: World) -> Shop:
    return made.shop


def sell(made: World, channel: Channel, script: str = "paid") -> str:
    """A sale at the till, which is switched off then."""
    made.open()
    made.pay_screen(SMOKE)
    made.person.does(Entered(made.code(channel, script), burst=True))
    if script == "hang":
        made.until(lambda: made.last().state == "unknown")
    else:
        made.until(made.closed)
    made.person.leave()
    return made.last().charge.out_trade_no


@each_channel
def test_a_cut_off_payment_is_listed_and_recovered(pos: Pos, made: World, channel: Channel) -> None:
    assert pos("payment", "pending", "--json", by="1001").json == []
    number = sell(made, channel, "hang")
    [row] = pos("payment", "pending", "--json", by="1001").json
    assert (row["number"], row["state"], row["fen"]) == (number, "unknown", 2500)
    answer = pos("payment", "recover", "--json", by="1001")
    assert answer.code == 0
    assert answer.json == {"looked_after": 1, "pending": []}
    assert pos("order", "list", "--json", by="1001").json[0]["total_fen"] == 2500
    assert made.moved() == [(2500, 0)]


def test_a_manager_resolves_with_a_reason(pos: Pos, made: World) -> None:
    number = sell(made, "wechat", "hang")
    made.sim("wechat").stop()
    words = ["payment", "resolve", number[:20], "--as", "paid"]
    assert "原因" in pos(*words, by="9001").why
    assert "时限未到" in pos(*words, "--reason", "看了手机", by="9001").why
    assert "没有" in pos(*words, "--reason", "看了手机", by="1001").why
    made.shop.hands.go(61)
    answer = pos(*words, "--reason", "看了手机", "--json", by="9001")
    assert answer.json["state"] == "decided_paid"
    assert answer.json["closed"] == "000101010000001"
    assert pos("payment", "pending", "--json", by="1001").json == []
    assert pos("payment", "resolve", "ff" * 16, "--as", "paid", "--reason", "x", by="9001").code


@pytest.mark.parametrize("way", ["cash", "bank", "transfer"])
def test_a_refused_refund_is_given_back_another_way(pos: Pos, made: World, way: str) -> None:
    sell(made, "wechat", "refund_closed")
    words = ["payment", "refund", "000101010000001", "--reason", "退货", "--wait", "120"]
    refused = pos(*words, "--json", by="9001").json
    assert refused["state"] == "refused"
    number = refused["number"]
    settle = ["payment", "resolve", number, "--as", way]
    assert "没有" in pos(*settle, "--reason", "当面退", by="1001").why
    if way != "cash":
        assert pos(*settle, "--reason", "当面退", by="9001").code == 1, "without a reference"
        settle += ["--reference", "778899"]
    assert "原因" in pos(*settle, by="9001").why
    told = pos(*settle, "--reason", "当面退", "--json", by="9001").json
    assert told == {"number": number, "state": "settled", "closed": ""}
    assert pos("payment", "pending", "--json", by="1001").json == []
    again = pos(*settle, "--reason", "当面退", by="9001")
    assert again.code == 1, "only once"
    with closing(Reader(made.shop.place().path)) as reader:
        moves = reader.rows("SELECT move, fen FROM cash_moves WHERE move = 'out'")
        [event] = reader.rows("SELECT detail FROM events WHERE kind = 'payment.refund_settled'")
    assert [tuple(row) for row in moves] == ([("out", 2500)] if way == "cash" else [])
    assert event["detail"].startswith(f"{way} 2500")
    assert made.moved() == [(2500, 0)]
    assert verify_ledger(made.shop.place().path).ok


@each_channel
def test_refunds_by_number_and_by_order(pos: Pos, made: World, channel: Channel) -> None:
    number = sell(made, channel)
    words = ["payment", "refund", "000101010000001", "--amount", "10.00", "--reason", "退货"]
    answer = pos(*words, "--wait", "120", "--json", by="9001")
    assert (answer.code, answer.json["state"], answer.json["fen"]) == (0, "refunded", 1000)
    assert made.sim(channel).moved(number) == (2500, 1000)
    made.shop.hands.go(61)
    for sim in made.sims.values():
        sim.clock.set(made.shop.hands.at.timestamp())
    assert (
        pos(*words[:3], "--amount", "20", "--reason", "x", by="9001").why == "最多还能退 15.00 元"
    )
    rest = pos("payment", "refund", number, "--reason", "退", "--wait", "120", "--json", by="9001")
    assert (rest.json["state"], rest.json["fen"]) == ("refunded", 1500)
    assert made.sim(channel).moved(number) == (2500, 2500)
    assert verify_ledger(made.shop.place().path).ok


@each_channel
@pytest.mark.parametrize(
    ("script", "kinds"),
    [("", []), ("bill_amount_off", ["amount"])],
)
def test_a_days_bill_against_the_till(
    pos: Pos, made: World, channel: Channel, script: str, kinds: list[str], tmp_path: Path
) -> None:
    made.sim(channel).foreign(700)
    number = sell(made, channel)
    if script:
        made.sim(channel).set_bill_fault("2026-03-02", script)
    words = ["payment", "reconcile", "--channel", channel, "--date", "2026-03-02"]
    assert "还没有生成" in pos(*words, by="9001").why
    made.shop.hands.go(24 * 3600 + 60)
    for sim in made.sims.values():
        sim.clock.set(made.shop.hands.at.timestamp())
    out = tmp_path / "differences.csv"
    answer = pos(*words, "--csv", str(out), "--json", by="9001")
    told = answer.json
    assert [row["class"] for row in told["differences"]] == kinds
    assert answer.code == (1 if kinds else 0)
    assert told["elsewhere"] >= 1
    if not kinds:
        assert (told["matched"], told["matched_fen"], told["pool"]) == (1, 2500, 0)
    rows = list(csv.DictReader(out.read_text("utf-8-sig").splitlines()))
    assert [row["class"] for row in rows] == kinds
    if kinds:
        [row] = pos("payment", "pending", "--json", by="1001").json
        settle = ["payment", "resolve", row["number"], "--as", "settled", "--reason", "已核实"]
        assert pos(*settle, by="9001").code == 0
        assert pos("payment", "pending", "--json", by="1001").json == []
        assert pos(*words, "--json", by="9001").code == 1  # the bill is as it was
        assert pos("payment", "pending", "--json", by="1001").json == []
    else:
        assert number
    assert verify_ledger(made.shop.place().path).ok


def test_rubbish_is_one_line(pos: Pos, made: World, tmp_path: Path) -> None:
    words = ["payment", "reconcile", "--channel", "wechat", "--date", "2026-03-02", "--bill"]
    rubbish = tmp_path / "rubbish.csv"
    rubbish.write_bytes(b"\x00\xff" * 500)
    assert "账单" in pos(*words, str(rubbish), by="9001").why
    assert "读" in pos(*words, str(tmp_path / "none.csv"), by="9001").why
    words[3] = "paypal"
    assert "paypal" in pos(*words, str(rubbish), by="9001").why
    assert pos("payment", "reconcile", "--date", "x", by="9001").code == 2
