"""A head office that was taken over: every kind of message it can send a till, with a text in it.

`BELOW` has a line for each; what goes up, or is part of another message, is in neither it nor `UP`.
"""

from __future__ import annotations

import dataclasses
import hashlib
from collections.abc import Callable, Iterator, Mapping
from contextlib import closing, contextmanager, suppress
from dataclasses import dataclass
from typing import Any, TypeVar, get_args, get_type_hints
from unittest.mock import patch

import msgspec

from pos.access.pins import new_pepper
from pos.config import Config, load
from pos.protocol import between, enrolment, fields, master, people, problems, records
from pos.protocol.between import Claim, Reserve, Spend, UseCoupon, Wanted
from pos.protocol.master import KINDS, VALUES, Change, Kind
from pos.protocol.records import Batch, batch_hash
from pos.record import chain
from pos.refusal import Refused
from pos.sale.order import Line, Order, Product
from pos.sealing import Vault
from pos.store import elsewhere, epochs, persons, requests
from pos.store.ledger import Ledger
from pos.store.reader import Reader
from pos.sync import link as links
from pos.sync.directory import Directory
from pos.sync.enrolling import enrol
from pos.sync.link import Link
from pos.sync.receiving import Receiver
from pos.sync.requests import Requests
from pos.sync.sending import Sender
from pos.sync.trouble import LinkFailed
from pos.system import replace_file
from pos.wire import Limits, Reply, Wire
from tests.shop import Shop
from tests.sync.office import direct, initials
from tests.trust.corpus import filled

T = TypeVar("T")
HASH, NUMBER, AT = "0f" * 32, "000102010000001", "2026-03-02T02:00:00.000Z"
MEMBER = "01900000-0000-7000-8000-000000000001"
KNOWN: Mapping[str, Any] = {
    **{"shop": "0001", "till": "01", "epoch": 1, "jn": 1, "hash": HASH, "previous": HASH},
    **{
        "signature": HASH * 2,
        "number": NUMBER,
        "since": AT,
        "server_time": AT,
        "verdict": "rejected",
    },
    **{"member_id": MEMBER, "link_key": HASH, "stream": "chain"},
    **{"phone_mac": HASH, "last4_mac": "", "name_mac": "", "card_mac": "", "sealed": ""},
    **{"wrapped_key": "", "joined_at": AT, "erased": False, "more": False, "included": ()},
    "changes": (),
}
"""Fields that take no free text, and those without which nothing would be believed."""


@dataclass
class Side:
    """A till that speaks with it; `kinds` are the messages that it took for what it asked for."""

    shop: Shop
    config: Config
    ledger: Ledger
    text: str
    look: Callable[[], None]
    """At the disk, where what comes next would hide what came."""
    kinds: set[type] = dataclasses.field(default_factory=set)

    @property
    def line(self) -> Taken:
        return Taken(self)

    @property
    def requests(self) -> Requests:
        submit = direct(self.ledger)
        return Requests(self.config, self.shop.hands.clock(), self.line, submit)

    @property
    def sender(self) -> Sender:
        return Sender(self.config, self.shop.hands.clock(), self.line, direct(self.ledger))


@contextmanager
def at_head_office(
    shop: Shop, text: str, look: Callable[[], None] = lambda: None
) -> Iterator[Side]:
    """The shop's till; what it refuses is refused."""
    config = load(shop.config_file)
    if not config.chain_pepper.exists():
        replace_file(config.chain_pepper, new_pepper())
    catalog = msgspec.structs.replace(config.settings.catalog, owner="headoffice")
    settings = msgspec.structs.replace(config.settings, catalog=catalog)
    ledger = shop.ledger()
    try:
        with suppress(Refused, LinkFailed, msgspec.MsgspecError):
            yield Side(shop, dataclasses.replace(config, settings=settings), ledger, text, look)
    finally:
        ledger.close()


class Taken(Link):
    """The line to it: whatever is asked, the answer is what was asked for, full of the text."""

    def __init__(self, side: Side) -> None:
        self._side = side
        self.shop, self.till, self.skew = "0001", "01", None
        self._kind: type = Change
        self._pages = 0

    def ask(self, method: str, target: str, kind: type[T], message: object = None) -> T:
        """As a link does, which is not told what it will read."""
        self._kind = kind
        answer = super().ask(method, target, kind, message)
        self._side.kinds.add(kind)
        return answer

    def fetch(self, method: str, target: str, message: object = None, limit: int = 0) -> bytes:
        """An answer of that kind."""
        known, text = dict(KNOWN), self._side.text
        self._pages += 1
        if isinstance(message, Batch):
            told = [msgspec.structs.asdict(one) for one in message.records]
            hashes = (one.hash for one in message.records)
            known |= {"batch": batch_hash(hashes), "epoch": message.epoch, "high_water": ()}
            short = {"code": text, "words": text}
            known["records"] = [
                records.Judged(one["jn"], one["hash"], "rejected", **short) for one in told
            ]
        elif self._kind is records.OwnRecords and self._pages > 2:
            known["next"] = ""
        elif self._kind is between.Claimed:
            known["body"] = order_of(text).decode()
        return msgspec.json.encode(filled(self._kind, text, known))


def answering(data: bytes) -> Any:
    """Whatever is asked, this is answered."""
    return patch.object(Taken, "fetch", lambda *_, **__: data)


def order_of(text: str, hold_id: str = "hold-1", **more: Any) -> bytes:
    """An open order that another till handed over; its names are the text."""
    product = Product(1, "S1", text, text, 100, 1300)
    line = Line(1, product, "690001", 1000)
    order = Order(hold_id, AT, "1001", (line,), 2, label=text, note=text)
    return msgspec.json.encode(msgspec.structs.replace(order, **more))


def _changes(side: Side) -> None:
    for kind in KINDS:
        for key in (None, "H1"):
            with suppress(Refused, LinkFailed, msgspec.MsgspecError):
                _one_change(side, kind, key)


def _one_change(side: Side, kind: Kind, key: str | None) -> None:
    """A value of a kind, once with a text for its key too; then a page whose cursor is one."""
    name = next(iter(VALUES[kind].__struct_fields__))
    known: dict[str, Any] = {
        "role": "cashier",
        "tax_bp": 1300,
        "effective_at": "",
        "price_fen": 100,
    }
    known |= {name: key} if key else {}
    if kind == "setting":
        known |= {"key": "receipt.footer", "value": msgspec.json.encode(side.text).decode()}
    if kind == "promotion":
        said = msgspec.json.encode(side.text).decode()
        known["text"] = (
            f'[[offer]]\nid = "o"\nname = {said}\nkind = "special"\nskus = ["1"]\nprice = "1"\n'
        )
    value = filled(VALUES[kind], side.text[:20], known)
    told, at = master.key_of(value)
    change = Change(told, at, 1, msgspec.Raw(msgspec.json.encode(value)))
    for cursor in (side.text, "c1"):
        _pull(side, msgspec.json.encode(master.Changes("chain", cursor, False, (change,))))
    _pull(side, _whole("c1", change))


def _pull(side: Side, data: bytes) -> None:
    """The chain's stream is asked for, and this is answered: a snapshot, or changes."""
    side.ledger.set_meta("cursor_chain", "" if b'"is":"head"' in data else "c0")
    with suppress(Refused, LinkFailed), answering(data):
        Receiver(side.config, side.line, direct(side.ledger), initials).pull("chain")
        side.look()


def _whole(cursor: str, *changes: Change) -> bytes:
    lines = [master.SnapshotHead("chain", cursor), *changes]
    data = b"".join(msgspec.json.encode(line) + b"\n" for line in lines)
    end = master.SnapshotEnd(len(changes), hashlib.sha256(data).hexdigest())
    return data + msgspec.json.encode(end) + b"\n"


def _snapshot(side: Side) -> None:
    _pull(side, _whole(side.text))


def _beat(side: Side) -> None:
    side.sender.beat()


def _own(side: Side) -> None:
    side.ledger.set_meta(epochs.RECOVER_AFTER, "1.1")
    side.sender.beat()


def _receipt(side: Side) -> None:
    side.sender.send()


def _claimed(side: Side) -> None:
    """Names that are the text; then one id or code that is, or everything."""
    one = Product(1, "S1", side.text, "x", 100, 1300)
    codes = Line(1, msgspec.structs.replace(one, sku=side.text), side.text, 1000)
    whole = filled(Order, side.text, {"milli": 1000, "discount_bp": 0})
    bodies = [order_of(side.text, f"hold-{side.ledger.place.ids.uuid7()}")]
    bodies += [order_of("x", lines=(codes,)), order_of("x", coupons=(side.text,))]
    bodies += [order_of("x", operator=side.text), msgspec.json.encode(whole)]
    for body in bodies:
        hold_id = msgspec.json.decode(body)["order_id"]
        claim = Claim(side.ledger.place.ids.uuid7(), "1001")
        asked = msgspec.json.encode(claim)
        requests.ask(side.ledger, claim.request_id, "claim", "h", "h", asked)
        answer = msgspec.json.encode(between.Claimed(hold_id, body.decode()))
        with suppress(Refused), answering(answer):
            side.requests.claim(hold_id, claim)
            side.kinds.add(between.Claimed)


def _order(side: Side) -> None:
    """A closed order of this till as if another had sold it, with the text for its names."""
    with closing(Reader(side.config.ledger)) as reader:
        rows = reader.rows("SELECT body FROM journal WHERE kind = 'order.closed' LIMIT 1")
    body = rows[0][0].decode() if rows else ""
    said = msgspec.json.encode(side.text).decode()[1:-1]
    body = body.replace("清溪矿泉水550ml", said)
    digest = chain(bytes.fromhex(HASH), body.encode()).hex()
    record = records.OwnRecord(1, 1, body, digest, HASH * 2, HASH)
    number = msgspec.json.decode(body)["fact"]["number"] if body else NUMBER
    told = between.OrderFound(number, "0001", "02", record, till_seen=side.text)
    with answering(msgspec.json.encode(told)):
        found = msgspec.json.encode(side.requests.order(number))
    elsewhere.keep(side.ledger, elsewhere.order_id_of(found), found)


def _held(side: Side) -> None:
    for row in side.requests.holds():
        requests.ask(side.ledger, "q", "claim", row.hold_id, row.label, b"{}")


def _reserved(side: Side) -> None:
    asked = Reserve(side.ledger.place.ids.uuid7(), "1001", NUMBER, (Wanted(1, 1000),))
    side.requests.reserve(asked, "r1")


def _spend(side: Side) -> None:
    ids = side.ledger.place.ids
    side.requests.spend(Spend(ids.uuid7(), "1001", "0001", MEMBER, "stored", 100, "o1"))
    side.requests.hold_payout(Spend(ids.uuid7(), "1001", "0001", MEMBER, "stored", 100, "o2"))
    side.requests.balance("0001", MEMBER)


def _coupon(side: Side) -> None:
    side.requests.use_coupon(UseCoupon(side.ledger.place.ids.uuid7(), "1001", "C1", "o1"))


def _problem(side: Side) -> None:
    """No, with the text for its reason."""
    problem = msgspec.json.encode(filled(problems.Problem, side.text, {"retry_after": 1}))

    def fetch(*_: object, **__: object) -> bytes:
        raise links._told(409, {}, problem, True)

    with patch.object(Taken, "fetch", fetch):
        _reserved(side)


def _people(side: Side) -> None:
    """Somebody who joined at another till, under a level that is the text."""
    pepper, key = Vault(side.config.chain_pepper.read_bytes()), bytes(32)
    inside = msgspec.json.encode([side.text, "13800001111", "", ""]).decode()
    card = people.Card(
        MEMBER,
        side.text[:60],
        AT,
        wrapped_key=pepper.wrap(MEMBER, key).hex(),
        sealed=persons.closed(key, inside, f"{MEMBER}/chain").hex(),
    )
    answer = msgspec.json.encode(people.Found((card,)))
    members = msgspec.structs.replace(side.config.settings.members, enabled=True)
    settings = msgspec.structs.replace(side.config.settings, members=members)
    config = dataclasses.replace(side.config, settings=settings)
    with answering(answer):
        Directory(config, side.line, direct(side.ledger)).find("13800001111")


def _enrolled(side: Side) -> None:
    """What it says when it takes a till in; nothing of it acts."""
    told = filled(enrolment.Enrolled, side.text[:60], {**KNOWN, "token": "t", "pepper": HASH})
    reply = Reply(200, {}, msgspec.json.encode(told), 0)

    class Line(Wire):
        def call(self, *_: object, **__: object) -> Reply:
            return reply

    wire = Line(["http://127.0.0.1:9"], Limits(connect=1.0, read=1.0, whole=1.0))
    try:
        key = side.config.signing_key.read_bytes()
        found = enrol(wire, "X", side.ledger.meta("ledger_id"), key, 1, "zh")
    finally:
        wire.close()
    side.ledger.set_meta("shop_name", found.shop_name)
    side.ledger.set_meta("link", found.invoicing.link if found.invoicing else "")


BELOW: dict[type[fields.Message], Callable[[Side], None]] = {
    master.Changes: _changes,
    master.SnapshotHead: _snapshot,
    master.SnapshotEnd: _snapshot,
    records.Pulse: _beat,
    records.OwnRecords: _own,
    records.Receipt: _receipt,
    between.Claimed: _claimed,
    between.OrderFound: _order,
    between.Holds: _held,
    between.Reserved: _reserved,
    between.Spent: _spend,
    between.Balance: _spend,
    between.CouponUse: _coupon,
    people.Found: _people,
    enrolment.Enrolled: _enrolled,
    problems.Problem: _problem,
}
UP: frozenset[type[fields.Message]] = frozenset(
    {
        *(between.Hold, between.Claim, between.Reserve, between.Settle, between.Spend),
        *(between.UseCoupon, enrolment.Enrol, people.Seek, people.Card, records.Batch),
        records.Heartbeat,
    }
)
"""What only a till says. A card is answered with the same card, which nobody looks at."""


def messages() -> set[type[fields.Message]]:
    """Every kind of message there is."""
    found, left = set[type[fields.Message]](), list(fields.Message.__subclasses__())
    while left:
        one = left.pop()
        found.add(one)
        left += one.__subclasses__()
    return {one for one in found if one.__module__.startswith("pos.protocol.")}


def parts(kinds: set[type[Any]]) -> set[type[Any]]:
    """Those, and every message that stands within them."""
    found = set(kinds)
    for kind in kinds:
        for hint in get_type_hints(kind, include_extras=True).values():
            found |= parts({one for one in messages() if _holds(hint, one)} - found)
    return found


def _holds(hint: Any, kind: type[Any]) -> bool:
    return hint is kind or any(_holds(one, kind) for one in get_args(hint))
