"""`pos sell` by a customer's code on stdin, against wallets that know what really moved."""

from __future__ import annotations

import io
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest

from pos.store.reader import Reader
from pos.store.verify import verify_ledger
from pos.till import settling
from tests.cli.conftest import Answer, Pos
from tests.shop import SMOKE, WATER, Shop
from tests.till.wallets import CHANNELS, Channel, World, world


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


class Customer:
    """Types a code into stdin."""

    def __init__(self, pos: Pos, made: World, patch: pytest.MonkeyPatch) -> None:
        self.pos, self.made, self._patch = pos, made, patch
        self.code = ""

    def pays(self, script: str, *words: str, channel: Channel = "wechat") -> Answer:
        self.code = self.made.code(channel, script)
        return self.again(*words)

    def again(self, *words: str) -> Answer:
        self._patch.setattr("sys.stdin", io.StringIO(f"{self.code}\n"))
        return self.pos.sell(*words)


@pytest.fixture
def customer(pos: Pos, made: World, monkeypatch: pytest.MonkeyPatch) -> Customer:
    return Customer(pos, made, monkeypatch)


def rows(shop: Shop, sql: str) -> list[tuple[Any, ...]]:
    reader = Reader(shop.place().path)
    try:
        return [tuple(row) for row in reader.rows(sql)]
    finally:
        reader.close()


@pytest.mark.parametrize("channel", CHANNELS)
def test_a_code_pays_all_or_a_part(customer: Customer, made: World, channel: Channel) -> None:
    sold = customer.pays("paid", SMOKE, "--tender", channel, channel=channel).json
    assert (sold["total_fen"], sold["tendered_fen"], sold["change_fen"]) == (2500, 2500, 0)
    part = customer.pays(
        *("paid", SMOKE, "--tender", "code=10.00", "--cash", "20", "--tender", "bank=5@778899"),
        channel=channel,
    ).json
    assert (part["total_fen"], part["tendered_fen"], part["change_fen"]) == (2500, 3500, 1000)
    assert made.moved() == [(2500, 0), (1000, 0)]
    assert rows(made.shop, "SELECT way, fen FROM order_tenders ORDER BY jn, n") == [
        *((channel, 2500), (channel, 1000), ("bank", 500), ("cash", 1000))
    ]
    kept = b"".join(f.read_bytes() for f in made.shop.place().path.parent.iterdir() if f.is_file())
    assert customer.code.encode() not in kept
    assert verify_ledger(made.shop.place().path).ok


def test_a_wallet_that_says_no_voids_the_order(customer: Customer, made: World) -> None:
    why = customer.pays("balance_short", SMOKE, "--tender", "wechat").why
    assert "没有付成" in why
    assert rows(made.shop, "SELECT state FROM orders") == [("voided",)]
    assert made.charged() == 0
    assert "已用过" in customer.again(SMOKE, "--tender", "wechat").why
    assert customer.pos("payment", "pending", "--json", by="1001").json == []


@pytest.mark.parametrize("channel", CHANNELS)
def test_a_lost_answer_is_looked_after(customer: Customer, made: World, channel: Channel) -> None:
    sold = customer.pays("lost", SMOKE, "--tender", channel, channel=channel).json
    assert sold["total_fen"] == 2500
    assert made.moved() == [(2500, 0)]


def test_what_nobody_knows_is_on_record_and_recovered(
    customer: Customer, pos: Pos, made: World
) -> None:
    answer = customer.pays("hang", SMOKE, "--tender", "wechat", "--wait", "0")
    assert "还不知道收没收到" in answer.why
    assert "pos payment recover" in answer.why
    [row] = pos("payment", "pending", "--json", by="1001").json
    assert row["number"] in answer.err
    assert rows(made.shop, "SELECT count(*) FROM orders") == [(0,)]
    assert pos("payment", "recover", "--wait", "60", "--json", by="1001").code == 0
    assert rows(made.shop, "SELECT state, total_fen FROM orders") == [("closed", 2500)]
    assert made.moved() == [(2500, 0)]
    assert verify_ledger(made.shop.place().path).ok


@pytest.mark.parametrize(
    ("words", "said"),
    [
        ([WATER, "--tender", "wechat=3"], "2.00"),
        ([WATER, "--tender", "wechat", "--cash", "5"], "wechat=12.00"),
        ([WATER, "--tender", "wechat=1.00"], "1.00"),
        (["999999", "--tender", "wechat"], "999999"),
    ],
)
def test_what_cannot_be_is_told_before_money_moves(
    customer: Customer, made: World, words: list[str], said: str
) -> None:
    before = customer.pos.head()
    answer = customer.pays("paid", *words)
    assert said in answer.err
    assert answer.code
    assert customer.pos.head() == before
    assert made.charged() == 0


def test_a_code_of_another_wallet_and_none(customer: Customer, made: World) -> None:
    assert "付款码" in customer.pays("paid", SMOKE, "--tender", "alipay").why
    customer.code = "12345"
    assert customer.again(SMOKE, "--tender", "code").code == 1
    customer.code = ""
    assert customer.again(SMOKE, "--tender", "code").code == 1
    words = ["--tender", "code", "--ref", "A"]
    assert customer.again(SMOKE, *words).code == 2
    assert made.charged() == 0
