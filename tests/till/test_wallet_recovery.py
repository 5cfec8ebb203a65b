"""A till that comes back: what was under way is found out by asking, never by paying again."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest

from pos.payments.row import Attempt
from pos.record import Where
from pos.refusal import Refused
from pos.store import attempts
from pos.store.attempt_steps import steps_of
from pos.store.ledger import Ledger
from pos.store.reader import Reader
from pos.store.verify import verify_ledger
from pos.till import asking, moneyback
from pos.till.attempting import RefundDone
from pos.till.events import Entered
from pos.till.gateways import Gateways
from tests.shop import MILK, SMOKE
from tests.till.wallets import CHANNELS, Channel, World, world

each_channel = pytest.mark.parametrize("channel", CHANNELS)


@pytest.fixture(scope="module")
def keys(tmp_path_factory: pytest.TempPathFactory) -> Path:
    return tmp_path_factory.mktemp("keys")


@pytest.fixture
def made(tmp_path: Path, keys: Path) -> Iterator[World]:
    with world(tmp_path, keys) as found:
        found.open()
        yield found


def freeze(made: World) -> Attempt:
    """Switch the till off in the middle, as a power cut would: with the row as it is now."""
    row = made.last()
    made.person.leave()
    return row


@each_channel
def test_paid_while_nobody_looked_is_closed_by_recovery(made: World, channel: Channel) -> None:
    made.pay_screen(SMOKE)
    made.person.does(Entered(made.code(channel, "hang"), burst=True))
    made.until(lambda: made.charged() == 2500)
    assert freeze(made).state in ("sending", "unknown")
    made.shop.hands.go(5)
    made.open()
    made.play()
    reader = Reader(made.shop.place().path)
    [order] = reader.orders()
    reader.close()
    assert (order.state, order.total_fen, order.operator) == ("closed", 2500, "1001")
    assert made.moved() == [(2500, 0)]
    made.until(lambda: made.person.mode() == "selling")
    made.person.leave()
    assert verify_ledger(made.shop.place().path).ok


@each_channel
def test_what_never_arrived_is_settled_and_the_order_is_still_there(
    made: World, channel: Channel
) -> None:
    made.pay_screen(SMOKE)
    made.person.does(Entered(made.code(channel, "hang_before"), burst=True))
    freeze(made)
    made.open()
    assert made.person.mode() == "collecting"
    made.play()
    made.until(lambda: made.panel.state == "declined")
    made.person.key("back")
    made.person.enter()
    assert made.closed()
    assert made.charged() == 0


@each_channel
def test_an_old_qr_takes_no_money_unseen(made: World, channel: Channel) -> None:
    made.pay_screen(MILK)
    made.person.key(channel)
    made.until(lambda: bool(made.panel.qr))
    text = made.panel.qr
    freeze(made)
    made.open()
    made.until(lambda: made.person.mode() == "collecting" and made.panel.state == "qr")
    assert made.panel.qr == text  # the customer may still be scanning it
    made.sim(channel).scan(text)
    made.play()
    made.until(made.closed)
    assert made.moved() == [(550, 0)]


def test_a_payment_is_on_disk_before_it_is_sent(
    made: World, monkeypatch: pytest.MonkeyPatch
) -> None:
    seen: list[str] = []
    collector = made.person.till.payments
    assert collector is not None
    gateway = collector.gateways.find("wechat")
    real = gateway.pay_code  # type: ignore[union-attr]

    def pay(charge: Any, code: Any) -> Any:
        reader = Reader(made.shop.place().path)
        rows = reader.rows("SELECT state FROM payment_attempts")
        seen.extend(row[0] for row in rows)
        reader.close()
        return real(charge, code)

    monkeypatch.setattr(gateway, "pay_code", pay)
    made.pay_screen(MILK)
    made.person.does(Entered(made.code("wechat"), burst=True))
    made.until(made.closed)
    assert seen == ["sending"]


def test_an_outcome_the_disk_refused_is_put_down_again(
    made: World, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("pos.till.collecting.AGAIN_SECONDS", 0.05)
    real, times = Ledger.close_order, []

    def close(self: Ledger, *values: Any, **more: Any) -> Any:
        times.append(1)
        if len(times) < 3:
            raise Refused("disk_full", path="x")
        return real(self, *values, **more)

    monkeypatch.setattr(Ledger, "close_order", close)
    made.pay_screen(MILK)
    made.person.does(Entered(made.code("alipay"), burst=True))
    made.until(made.closed)
    assert len(times) == 3
    assert made.moved() == [(550, 0)]


# --- refunds ---


def drive(made: World, ledger: Ledger, done: RefundDone) -> RefundDone:
    """A refund to its end, as the thread does it."""
    config = made.person.till.config
    gateways = Gateways(config, made.shop.hands.clock())
    number = done.refund.ask.out_refund_no
    for _ in range(60):
        if done.act is not None:
            answer = asking.ask_refund(gateways, done.refund, done.act)
            done = moneyback.refund_answered(ledger, number, done.act.call_no, answer)
        elif done.refund.next_at is not None:
            made.shop.hands.at = max(done.refund.next_at, made.shop.hands.at)
            for sim in made.sims.values():
                sim.clock.set(made.shop.hands.at.timestamp())
            done = moneyback.refund_wake(ledger, number)
        else:
            gateways.close()
            return done
    raise AssertionError(done)


def sell(made: World, channel: Channel) -> str:
    made.pay_screen(SMOKE)
    made.person.does(Entered(made.code(channel), burst=True))
    made.until(made.closed)
    made.person.leave()
    return made.last().charge.out_trade_no


@each_channel
def test_refunds_in_parts_up_to_what_was_paid(made: World, channel: Channel) -> None:
    number = sell(made, channel)
    ledger = made.shop.ledger()
    where = Where("9001", "", "2026-03-02")
    first = drive(made, ledger, moneyback.ask_refund(ledger, number, 1000, "退货", where))
    assert first.refund.state == "refunded"
    assert moneyback.refundable(ledger, number)[1] == 1500
    with pytest.raises(Refused, match="refund_too_much"):
        moneyback.ask_refund(ledger, number, 1501, "退货", where)
    made.shop.hands.go(61)
    second = drive(made, ledger, moneyback.ask_refund(ledger, number, 1500, "退货", where))
    assert second.refund.state == "refunded"
    again = moneyback.ask_refund(
        ledger, number, 1500, "退货", where, out_refund_no=second.refund.ask.out_refund_no
    )
    assert again.act is None
    assert again.refund == second.refund
    assert made.sim(channel).moved(number) == (2500, 2500)
    with pytest.raises(Refused, match="refund_unknown_payment"):
        moneyback.ask_refund(ledger, "ab" * 16, 1, "x", where)
    ledger.close()
    verdict = verify_ledger(made.shop.place().path)
    assert verdict.ok, verdict


@each_channel
@pytest.mark.parametrize("script", ["refund_lost", "refund_system_error", "refund_short"])
def test_a_refund_is_tried_again_under_its_number(
    made: World, channel: Channel, script: str
) -> None:
    number = sell(made, channel)
    ledger = made.shop.ledger()
    where = Where("9001", "", "2026-03-02")
    refund_no = "f" + number[1:]
    made.sim(channel).casting.give(script, refund_no)
    begun = moneyback.ask_refund(ledger, number, 900, "退货", where, out_refund_no=refund_no)
    done = drive(made, ledger, begun)
    assert done.refund.state == "refunded"
    assert made.sim(channel).moved(number) == (2500, 900)
    reader = Reader(made.shop.place().path)
    assert attempts.open_refunds(reader) == []
    assert [e.subject for e in steps_of(reader, refund_no)] == [refund_no] * len(
        steps_of(reader, refund_no)
    )
    kinds = {r[0] for r in reader.rows("SELECT kind FROM events WHERE subject = ?", (refund_no,))}
    assert kinds == {"payment.refund_asked", "payment.refund_ended"}
    reader.close()
    ledger.close()


def test_a_refund_that_a_crash_cut_off_is_finished_at_the_start(made: World) -> None:
    number = sell(made, "wechat")
    ledger = made.shop.ledger()
    where = Where("9001", "", "2026-03-02")
    moneyback.ask_refund(ledger, number, 700, "退货", where)  # and no call follows
    ledger.close()
    made.open()
    for _ in range(20):
        made.until(lambda: not made._busy())
        if not made.refunds():
            break
        made.go(30)
    assert made.sim("wechat").moved(number) == (2500, 700)
    made.until(lambda: made.person.till.state.unresolved == 0)
