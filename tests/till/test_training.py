"""Training: another ledger, nothing that reaches anybody outside, marked on screen and paper."""

from __future__ import annotations

import dataclasses
from collections.abc import Iterator
from pathlib import Path

import pytest
from msgspec.structs import replace

from pos.access.signing import Gate
from pos.config import Config, load
from pos.receiptline import as_text
from pos.refusal import Refused
from pos.store.reader import Reader
from pos.store.verify import verify_ledger
from pos.till import receipts, signing, training
from pos.till.events import Acted, Entered
from pos.till.front import Front
from pos.till.invoicing.orders import check_owner
from pos.till.invoicing.thread import start_invoicing
from pos.till.till import Surroundings, Till
from pos.words.refusals import say
from tests.shop import PIN, WATER, CheapPins, Shop, make_shop


class Counter:
    """The front of a till, worked without a screen."""

    def __init__(self, shop: Shop) -> None:
        self.shop = shop
        self.front = Front(load(shop.config_file), self.make)
        self.front.start(lambda: None, lambda: None)
        self.wait()

    def make(self, config: Config) -> Till:
        till = Till(Surroundings(config, self.shop.hands.clock(), self.shop.ids, "test"))
        till._gate = Gate(CheapPins(Path(config.pepper).read_bytes()), config.settings)
        return till

    @property
    def till(self) -> Till:
        assert self.front.till is not None
        return self.front.till

    def wait(self) -> None:
        """Until the ledger has answered and a switch is done."""
        for _ in range(3):
            while self.front.busy or self.till.state.order is not self.till.state.shown:
                if self.front.quitting:
                    return
            self.front.tick()

    def key(self, command: str, text: str = "") -> None:
        self.front.handle(Acted(command, text))
        self.wait()

    def enter(self, *texts: str) -> None:
        for text in texts:
            self.front.handle(Entered(text))
            self.wait()

    def sign_in(self, who: str = "1001") -> None:
        self.enter(who, PIN[who])


@pytest.fixture
def counter(tmp_path: Path) -> Iterator[Counter]:
    found = Counter(make_shop(tmp_path))
    found.sign_in("2001")
    yield found
    found.front.stop()


def switched(path: Path) -> list[tuple[str, str]]:
    sql = "SELECT operator, subject FROM events WHERE kind = 'training.switched' ORDER BY jn"
    rows = Reader(path).rows(sql)
    return [tuple(row) for row in rows]


def test_into_training_and_back(counter: Counter) -> None:
    real = counter.till.config.ledger
    counter.enter(WATER)
    counter.key("training")
    assert not counter.till.config.training, "an open order stays in the way"
    counter.enter("", "")
    before = Reader(real).orders()
    counter.key("training")
    till = counter.till
    assert till.config.training
    assert till.config.ledger != real
    assert switched(real) == [("2001", "on")]
    counter.sign_in()
    header = counter.front.view().header
    assert "练习" in header.alarm
    counter.enter(WATER, "", "20")
    [order] = Reader(till.config.ledger).orders()
    assert order.total_fen == 200
    assert Reader(real).orders() == before
    config = till.config
    paper = receipts.order_slip(config, Reader(config.ledger), order.order_id, "sale")
    assert "练习不作凭证" in as_text.text(paper).replace(" ", "")
    counter.enter(WATER, "")
    counter.key("wechat")
    message = counter.front.view().message
    assert message is not None
    assert "练习" in message.text
    counter.key("back")
    counter.key("training")
    assert not counter.till.config.training
    counter.sign_in("2001")
    assert switched(real) == [("2001", "on"), ("2001", "off")]
    assert Reader(real).orders() == before
    counter.front.stop()
    assert verify_ledger(real).ok
    assert verify_ledger(config.ledger).ok


def test_a_cashier_needs_somebody_who_may(counter: Counter) -> None:
    signing.sign_out(counter.till)
    counter.wait()
    counter.sign_in("1001")
    counter.key("training")
    assert counter.front.mode == "approving"
    counter.enter("2001", PIN["2001"], "1")
    assert counter.till.config.training


def test_each_training_begins_anew_with_the_prices_of_now(counter: Counter) -> None:
    for _ in range(2):
        counter.key("training")
        counter.sign_in("2001")
        assert Reader(counter.till.config.ledger).orders() == []
        counter.enter(WATER, "", "")
        counter.key("training")
        counter.sign_in("2001")


def test_what_a_training_till_may_not_do(tmp_path: Path) -> None:
    """By its settings alone: no head office, no wallets, no drawer, no files of the shop's."""
    shop = make_shop(tmp_path)
    real = load(shop.config_file)
    config = training.training_of(real)
    assert config.training
    settings = config.settings
    assert settings.headoffice.url == ""
    assert not settings.payments.wechat.enabled
    assert not settings.payments.alipay.enabled
    assert not settings.drawer.enabled
    assert settings.drawer.open_on == ()
    assert config.signing_key != real.signing_key
    assert config.person_key != real.person_key


def test_a_training_that_cannot_begin_leaves_the_till_as_it_was(
    counter: Counter, monkeypatch: pytest.MonkeyPatch
) -> None:
    def full(*_: object) -> None:
        raise Refused("disk_full", path="ledger.db")

    monkeypatch.setattr(training, "prepare", full)
    counter.key("training")
    assert not counter.till.config.training
    counter.sign_in("2001")
    assert [on for _, on in switched(counter.till.config.ledger)] == ["on", "off"]


def test_nothing_of_members_money_and_no_invoice_while_training(tmp_path: Path) -> None:
    changes = {
        "stored_value = false": "stored_value = true",
        "enabled = false            # F2 signs": "enabled = true  # F2 signs",
    }
    found = Counter(make_shop(tmp_path, changes))
    found.sign_in("2001")
    found.key("training")
    found.sign_in("2001")
    assert found.till.config.training
    refused = say(found.till.words.refusals, Refused("training_refuses"))
    found.enter(WATER)
    found.key("top_up", "1")
    assert found.till.state.message is not None
    assert found.till.state.message.text == refused
    found.key("settle")
    for command in ("stored", "points"):
        found.key(command)
        assert found.till.state.message.text == refused
        assert found.till.mode == "paying"
    with pytest.raises(Refused, match="invoice_off"):
        check_owner(with_provider(found.till.config))
    assert (
        start_invoicing(
            with_provider(found.till.config),
            found.till.clock,
            found.till.submit,
            lambda _work, _course: None,
        )
        is None
    )
    found.front.stop()


def with_provider(config: Config) -> Config:
    """As if the shop issued invoices itself."""
    invoices = replace(config.settings.invoices, owner="till", provider="workbook")
    return dataclasses.replace(config, settings=replace(config.settings, invoices=invoices))
