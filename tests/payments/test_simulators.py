"""Both gateways and the machine against the simulators, which share no line with them.

Every script ends as it should, and the money that the simulator moved is what our rows say.
"""

from __future__ import annotations

import importlib.util
import json
import subprocess
import sys
import uuid
from collections.abc import Iterator
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import Any

import httpx2
import pytest

from pos.clock import Clock
from pos.payments.alipay.gateway import AlipayGateway
from pos.payments.attempt import step
from pos.payments.bills import read_bill
from pos.payments.codes import read_code
from pos.payments.protocol import BillFile, BillNotReady, Charge, RefundAsk
from pos.payments.reconcile import LocalPayment, LocalRefund, Records, reconcile
from pos.payments.refunding import Refund, begin_refund, refund_answered, refund_wake
from pos.payments.row import (
    Answered,
    Ask,
    Attempt,
    Begin,
    CancelAsked,
    LateMoney,
    LateRefunded,
    Step,
    Wake,
)
from pos.payments.schedule import QR_LIFE
from pos.payments.settings import AlipaySettings, WechatSettings
from pos.payments.wechat.gateway import WechatGateway

if importlib.util.find_spec("pos.simulators") is None:
    pytest.skip("no simulators here", allow_module_level=True)

START = datetime(2026, 3, 1, 4, 0, tzinfo=UTC)
RUN = "import sys; from pos.simulators.{0} import main; sys.exit(main(sys.argv[1:]))"
ENDS = {
    "paid": {"paid"},
    "not_paid": {"declined", "cancelled"},
    # WeChat says REVOKED whether or not money went back with it
    "returned": {"declined", "cancelled", "cancelled_refunded", "late_refunded"},
}


@dataclass
class World:
    """A simulator in a process of its own, its clock, and our gateway on the same clock."""

    channel: str
    url: str
    gateway: WechatGateway | AlipayGateway
    client: httpx2.Client
    now: datetime = START

    def admin(self, path: str, body: dict[str, Any] | None = None) -> Any:
        data = None if body is None else json.dumps(body).encode()
        method = "GET" if data is None else "POST"
        answer = self.client.request(method, f"{self.url}/_admin/{path}", content=data)
        return answer.raise_for_status().json()

    def go_to(self, moment: datetime) -> None:
        self.now = max(self.now, moment)
        self.admin("clock", {"set": self.now.isoformat()})

    def ledger(self, number: str) -> tuple[int, int]:
        """How often the order was charged and given back."""
        moved = [e for e in self.admin("ledger")["entries"] if number in e.values()]
        charged = sum(e["kind"] == "payment" for e in moved)
        return charged, len(moved) - charged


def started(channel: str, folder: Path) -> Iterator[World]:
    command = [sys.executable, "-c", RUN.format(channel), "--dir", str(folder), "--json"]
    with subprocess.Popen(command, stdout=subprocess.PIPE, text=True) as process:
        assert process.stdout is not None
        try:
            files = json.loads(process.stdout.readline())
            clock = Clock(lambda: world.now, lambda: world.now.timestamp())
            gateway = made(channel, files["files"], files["url"], folder, clock)
            world = World(channel, files["url"], gateway, httpx2.Client(trust_env=False))
            world.admin("settings", {"hang_s": 0.7, "slow_s": 0.02})
            world.go_to(START)
            yield world
            gateway.close()
            world.client.close()
        finally:
            process.terminate()
            process.wait(10)


def made(
    channel: str, files: dict[str, str], url: str, folder: Path, clock: Clock
) -> WechatGateway | AlipayGateway:
    if channel == "wechat":
        return WechatGateway(
            WechatSettings(
                mchid=files["mchid"],
                appid=files["appid"],
                serial_no=files["merchant_serial"],
                private_key=files["merchant_key"],
                public_key_id=files["public_key_id"],
                public_key=files["public_key"],
                base_url=url,
                standby_url="",
                read_seconds=0.5,
            ),
            folder,
            clock,
        )
    return AlipayGateway(
        AlipaySettings(
            app_id=files["app_id"],
            seller_id=files["seller_id"],
            private_key=files["app_private_key"],
            alipay_public_key=files["alipay_public_key"],
            base_url=url,
            read_seconds=0.5,
        ),
        folder,
        clock,
    )


@pytest.fixture(scope="module")
def wechat(tmp_path_factory: pytest.TempPathFactory) -> Iterator[World]:
    yield from started("wechat", tmp_path_factory.mktemp("wechat"))


@pytest.fixture(scope="module")
def alipay(tmp_path_factory: pytest.TempPathFactory) -> Iterator[World]:
    yield from started("alipay", tmp_path_factory.mktemp("alipay"))


def call(world: World, attempt: Attempt, ask: Ask, code: str) -> Any:
    charge = attempt.charge
    if ask.call == "pay":
        return world.gateway.pay_code(charge, read_code(code))
    if ask.call == "qr":
        return world.gateway.create_qr(charge, world.now + QR_LIFE)
    if ask.call == "query":
        return world.gateway.query(charge)
    return world.gateway.cancel(charge, attempt.way)


def pay(world: World, way: Any, script: str, fen: int = 1234, act: str = "") -> Attempt:
    """One attempt under a script, driven to its end and through the watch after it."""
    number = uuid.uuid4().hex
    world.admin("script", {"script": script, "number": number})
    charge = Charge(number, fen, "柜台 {商品}", "0001", "02", "7")
    code = ("13" if world.channel == "wechat" else "28") + f"{uuid.uuid4().int % 10**14:014d}00"
    attempt = Attempt(number, "o", world.channel, way, charge, world.now)
    done = step(attempt, Begin(), world.now)
    for _ in range(500):
        attempt, asked = done.attempt, None
        for each in done.acts:
            if isinstance(each, Ask):
                asked = each
            elif isinstance(each, LateMoney):
                attempt = give_back(world, attempt)
        if asked is not None:
            answer = call(world, attempt, asked, code)
            done = step(attempt, Answered(asked.call_no, answer), world.now)
            if act == "scan" and done.attempt.qr:
                world.admin("scan", {"qr": done.attempt.qr, "act": "pay"})
                act = ""
            if act == "cancel" and done.attempt.state == "waiting":
                done = step(done.attempt, CancelAsked(), world.now)
                act = ""
        elif attempt.next_at is not None:
            world.go_to(attempt.next_at)
            done = step(attempt, Wake(), world.now)
        else:
            return attempt
        if not done.attempt.live and not done.acts and done.attempt.next_at is None:
            return done.attempt
        done = Step(done.attempt, done.acts)
    raise AssertionError(f"never ends: {attempt}")


def give_back(world: World, attempt: Attempt) -> Attempt:
    """The refund task of late money."""
    number = attempt.charge.out_trade_no
    fen = attempt.charge.fen
    refund = refunded(world, RefundAsk(number, "r" + number[1:], fen, fen, "late"))
    assert refund.state == "refunded"
    return step(attempt, LateRefunded(), world.now).attempt


def refunded(world: World, ask: RefundAsk) -> Refund:
    turn = begin_refund(Refund(world.channel, ask, world.now), world.now)
    for _ in range(40):
        if turn.act is not None:
            asked = (
                world.gateway.refund if turn.act.call == "refund" else world.gateway.query_refund
            )
            turn = refund_answered(turn.refund, turn.act.call_no, asked(ask), world.now)
        elif turn.refund.next_at is not None:
            world.go_to(turn.refund.next_at)
            turn = refund_wake(turn.refund, world.now)
        else:
            return turn.refund
    raise AssertionError(f"never ends: {turn.refund}")


def scripts(world: World, flow: str) -> list[dict[str, Any]]:
    found = [
        s for s in world.admin("scripts") if flow in s["flows"] and world.channel in s["wallets"]
    ]
    assert found
    return found


@pytest.mark.parametrize("channel", ["wechat", "alipay"])
@pytest.mark.parametrize("way", ["code", "qr"])
def test_every_script_ends_as_it_should(
    channel: str, way: str, request: pytest.FixtureRequest
) -> None:
    world: World = request.getfixturevalue(channel)
    wrong = []
    for script in scripts(world, way):
        if script["end"] not in ENDS or "refund" in script["name"]:
            continue
        act = "scan" if way == "qr" and script["name"] == "paid" else ""
        attempt = pay(world, way, script["name"], act=act)
        moved = world.ledger(attempt.charge.out_trade_no)
        ends = attempt.state in ENDS[script["end"]]
        # what was to be given back may as well never have been taken: a cancel came before it
        kept = moved[0] - moved[1] == script["charged"] - script["returned"]
        if not ends or not kept or moved[0] > 1:
            wrong.append((script["name"], attempt.state, attempt.reason, moved))
    assert wrong == []


@pytest.mark.parametrize("channel", ["wechat", "alipay"])
def test_the_cashier_cancels_while_the_customer_is_asked(
    channel: str, request: pytest.FixtureRequest
) -> None:
    world: World = request.getfixturevalue(channel)
    for way, script in (("code", "asks_for_ever"), ("qr", "qr_never")):
        attempt = pay(world, way, script, act="cancel")
        assert attempt.state in ("cancelled", "declined")
        assert world.ledger(attempt.charge.out_trade_no) == (0, 0)


@pytest.mark.parametrize("channel", ["wechat", "alipay"])
def test_refunds_under_every_script(channel: str, request: pytest.FixtureRequest) -> None:
    world: World = request.getfixturevalue(channel)
    for script in scripts(world, "refund"):
        paid = pay(world, "code", "paid")
        number = paid.charge.out_trade_no
        ask = RefundAsk(number, "f" + number[1:], 1234, 1000, "退货")
        world.admin("script", {"script": script["name"], "number": ask.out_refund_no})
        refund = refunded(world, ask)
        expected = "refunded" if script["end"] == "refunded" else "refused"
        assert (script["name"], refund.state) == (script["name"], expected)
        assert world.ledger(number)[1] == script["returned"], script["name"]


@pytest.mark.parametrize("channel", ["wechat", "alipay"])
def test_a_days_bill_and_our_records_agree(channel: str, request: pytest.FixtureRequest) -> None:
    world: World = request.getfixturevalue(channel)
    world.go_to((world.now + timedelta(days=2)).replace(hour=2))  # 10:00 in Beijing
    day = world.now.date()
    attempts = [pay(world, "code", name) for name in ("paid", "lost", "coupon", "balance_short")]
    attempts.append(pay(world, "qr", "qr_paid"))
    number = attempts[0].charge.out_trade_no
    refund = refunded(world, RefundAsk(number, "b" + number[1:], 1234, 1000))
    assert refund.state == "refunded"
    for hour in (15, 17):  # an hour before and after the midnight of Beijing
        world.go_to(world.now.replace(hour=hour))
        assert world.gateway.fetch_bill(day) == BillNotReady()
    world.go_to((world.now + timedelta(days=1)).replace(hour=2, minute=1))
    file = world.gateway.fetch_bill(day)
    assert isinstance(file, BillFile)
    bill = read_bill(channel, file.content)
    assert bill.refused == ()
    assert bill.complete is True
    payments = [
        LocalPayment(
            channel,
            a.charge.out_trade_no,
            a.order_id,
            a.charge.fen,
            "paid" if a.state == "paid" else "unpaid",
            a.created_at,
            a.paid.transaction_id if a.paid else "",
        )
        for a in attempts
    ]
    refunds = [LocalRefund(channel, refund.ask.out_refund_no, number, 1000, True, world.now)]
    records = Records(tuple(payments), tuple(refunds))
    report = reconcile(day, bill, records, place="000102", fee_bp=60)
    assert report.differences == ()
    assert (report.matched, report.pool) == (5, ())
