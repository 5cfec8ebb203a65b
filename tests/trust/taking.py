"""Acts that reach outside: a wallet's payment, goods and money back, records to head office."""

from __future__ import annotations

from contextlib import closing
from typing import TypeVar

from pos.access.pins import Pins
from pos.access.rights import RIGHTS_OF, Session
from pos.access.signing import Gate
from pos.clock import system_clock
from pos.payments.codes import read_code
from pos.payments.row import Ask, Attempt, Wake
from pos.refusal import Refused
from pos.sale import tenders
from pos.sync.link import Link
from pos.sync.status import Status
from pos.sync.visiting import Visitor
from pos.till import asking, attempting, moneyback
from pos.till.gateways import Gateways
from pos.till.headless_returns import Asked, bring_back
from pos.till.settling import Settler
from pos.wire import Limits, Wire
from tests.sync.office import direct, initials
from tests.trust.life import Ack, Life
from tests.trust.outside import Bank, Script

T = TypeVar("T")
CODE = read_code("134567890123456789")
PATIENT = Limits(connect=5.0, read=20.0, whole=30.0)
SCRIPTS: tuple[Script, ...] = ("paid", "paid", "lost", "refused")


def settler_of(life: Life, bank: Bank) -> Settler:
    """What asks the bank."""
    config, clock = life.world.config, life.hands.clock()
    gateways = Gateways(config, clock, lambda _config, _channel, _clock: bank)
    return Settler(config, life.ledger, clock, gateways)


def pay(life: Life) -> Ack:
    """An order paid by a wallet: taken, refused, or taken and the answer lost."""
    order = life.order()
    bank = Bank(life.told)
    bank.script = life.rng.choice(SCRIPTS)
    settler = settler_of(life, bank)
    attempt_id = life.ledger.place.ids.uuid7()
    number, fen = attempt_id.replace("-", ""), tenders.check_wallet(order, None)
    attempt = Attempt(
        attempt_id=attempt_id,
        order_id=order.order_id,
        channel=life.rng.choice(("wechat", "alipay")),
        way="code",
        charge=attempting.charge_of(number, fen, "柜台", ("0001", life.world.till, "1001")),
        created_at=life.hands.at,
        code_mark=number,
    )
    done = attempting.begin(life.ledger, attempt, life.where)
    [first] = [act for act in done.acts if isinstance(act, Ask)]
    answer = asking.ask(settler.gateways, done.attempt, first, CODE, life.hands.clock())
    done = settler.run(attempting.apply(life.ledger, attempt_id, answer))
    while done.attempt.live:
        life.hands.go(10)
        done = settler.run(attempting.apply(life.ledger, attempt_id, Wake()))
    if done.ended is None:
        return life.ack("payment")
    return life.ack("payment", order.order_id, done.ended.number, fen)


def return_(life: Life) -> Ack:
    """The whole of an order comes back, its money the way it came."""
    session = Session(
        "9001", "店长", "manager", RIGHTS_OF["manager"], 10_000, 10_000,
        life.where.shift_id, life.where.business_date,
    )  # fmt: skip
    gate = Gate(Pins(b"none is asked for"), life.world.config.settings)
    with closing(life.reader()) as reader:
        for number in _returnable(life):
            try:
                ended = bring_back(gate, life.ledger, reader, session, Asked(number))
            except Refused:  # another life has brought it back
                continue
            settler = settler_of(life, Bank(life.told))
            for refund in moneyback.refunds_of(ended.fact):  # type: ignore[arg-type]
                settler.run_refund(moneyback.refund_restarted(life.ledger, refund))
            total = sum(t.fen for t in getattr(ended.fact, "tenders", ()))
            return life.ack("return", ended.order_id, ended.number, total)
    return life.ack("nothing to return")


def _returnable(life: Life) -> list[str]:
    sql = (
        "SELECT number FROM orders o WHERE state = 'closed' AND total_fen > 0 AND NOT EXISTS"
        " (SELECT 1 FROM order_lines l WHERE l.of_order = o.order_id) AND NOT EXISTS (SELECT 1"
        " FROM order_tenders t WHERE t.order_id = o.order_id AND t.way = 'stored_value')"
        " ORDER BY seq DESC LIMIT 3"
    )
    with closing(life.reader()) as reader:
        return [row[0] for row in reader.rows(sql)]


class _Told(Link):
    """Says what leaves for head office before it leaves."""

    life: Life

    def ask(self, method: str, target: str, kind: type[T], message: object = None) -> T:
        """As a link does."""
        if target == "/v1/records":
            self.life.told(self.life.ack("sent"))
        return super().ask(method, target, kind, message)


def send(life: Life) -> Ack:
    """One visit to head office: all that waits goes up."""
    world = life.world
    wire = Wire([world.url], PATIENT)
    link = _Told(wire, ("0001", world.till), world.token, system_clock())
    link.life = life
    try:
        visitor = Visitor(world.config, life.hands.clock(), link, direct(life.ledger), initials)
        visitor.send(visitor.beat(Status()), lambda: True)
    finally:
        link.close()
    return life.ack("sync")
