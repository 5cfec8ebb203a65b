"""No text comes in as it is: hostile text through every door, then every text on disk looked at."""

from __future__ import annotations

import csv
import json
import sqlite3
import sys
from collections.abc import Callable, Iterator
from contextlib import closing
from pathlib import Path
from typing import Any, get_args

import msgspec
import pytest

from pos.config import check
from pos.invoices.nuonuo import answers as nuonuo
from pos.payments.alipay import answers as alipay
from pos.payments.protocol import Charge, RefundAsk
from pos.payments.wechat import answers as wechat
from pos.protocol.enrolment import Enrolled
from pos.protocol.master import VALUES, Change, SnapshotEnd, SnapshotHead, Value
from pos.protocol.problems import Problem
from pos.screens.router import LIMIT
from pos.store.verify import verify_ledger
from pos.till.events import Entered
from tests.cli.conftest import Pos
from tests.screens.test_router import Hand, Where
from tests.shop import WATER, Shop, make_shop
from tests.till.invoicing import TABLE
from tests.till.person import Person
from tests.trust import SIZE
from tests.trust.below import BELOW, UP, at_head_office, messages, parts
from tests.trust.corpus import CONTROLS, HOSTILE, JOINED, filled, obeyed
from tests.trust.offline import INVOICES, PAPER

CHANGES = INVOICES | PAPER | {"enabled = false            # F2 signs": "enabled = true  # F2 signs"}
FNC1 = "\x1d"
LONGEST = 4000
"""Signs that any one text on disk may have."""


@pytest.fixture
def shop(tmp_path: Path) -> Shop:
    (tmp_path / "tax-codes.csv").write_text(TABLE, "utf-8")
    return make_shop(tmp_path, CHANGES)


@pytest.fixture
def pos(shop: Shop, capsys: pytest.CaptureFixture[str], monkeypatch: pytest.MonkeyPatch) -> Pos:
    monkeypatch.setenv("POS_CONFIG", str(shop.config_file))
    monkeypatch.setenv("POS_NEW_PIN", "864209")
    return Pos(shop, capsys, monkeypatch)


Door = Callable[[Pos, str], None]


def at_the_till(pos: Pos, text: str) -> None:
    """Scanned and typed in every mode a person can type in."""
    person = Person(pos.shop)
    person.sign_in("9001")
    for entered in (text, f"2*{text}", f"{text}*{WATER}"):
        person.scan(entered)
        person.enter(entered)
    person.till.state.quantity = None
    back_to_selling(person)
    person.scan(WATER)
    for command, typed in FORMS:
        person.key(command, typed.format(text) if "{}" in typed else typed)
        for _ in range(4):
            if person.mode() not in ("asking", "choosing"):
                break
            person.enter(text if person.mode() == "asking" else "1")
        back_to_selling(person)
    for command in ("find_products", "find_orders", "return_goods", "price_check", "stock"):
        person.key(command)
        if command == "stock":
            person.enter("1")
            person.enter(text)
        person.enter(text)
        back_to_selling(person)
    person.scan(WATER)
    person.key("settle")
    for way in ("bank", "transfer", "static_code"):
        person.key(way, "1")
        person.enter(text)
        if person.mode() == "asking":
            person.key("back")
    back_to_selling(person, pay=True)
    person.leave()


FORMS = (
    *(("note", ""), ("seller", "{}"), ("customer", "{}"), ("deliver", ""), ("price", "")),
    *(("discount_line", "{}"), ("quantity", "{}"), ("new_product", "{}"), ("hold", "")),
    *(("reduce_order", "0.10"), ("open_drawer", "")),
)
"""Keys that ask for a text, or take what was typed."""


def back_to_selling(person: Person, pay: bool = False) -> None:
    for _ in range(8):
        if person.mode() == "selling":
            return
        if pay and person.mode() == "paying":
            person.key("cash")
        else:
            person.key("back")


def signing_in(pos: Pos, text: str) -> None:
    person = Person(pos.shop)
    person.enter(text)
    person.enter(text)
    person.leave()


def catalog(pos: Pos, text: str) -> None:
    folder = pos.shop.folder
    for number, where in enumerate(("name", "all")):
        path = folder / f"goods{number}.csv"
        with path.open("w", encoding="utf-8", errors="replace", newline="") as file:
            writer = csv.writer(file)
            writer.writerow(
                ("货号", "条码", "品名", "单位", "规格", "分类", "品牌", "售价", "税率")
            )
            cells = (f"S{text}", text, text, text, text, text, text) if where == "all" else ()
            writer.writerow((*(cells or (f"N{number}", "", text, "个", "", "", "")), "1.00", "13%"))
        pos("catalog", "import", str(path), "--rejects", str(folder / "rejects.csv"), by="9001")
    pos("catalog", "edit", WATER, "--name", text, by="9001")


def people(pos: Pos, text: str) -> None:
    phone = "1380000" + f"{abs(hash(text)) % 10_000:04d}"
    pos("member", "add", "--phone", phone, "--name", text, by="1001")
    pos("member", "add", "--phone", text, "--name", text, "--card", text, by="1001")
    pos("member", "edit", phone, "--level", text, "--card", text, "--birthday", text, by="2001")
    pos("member", "find", text, by="1001")
    pos("operator", "add", f"{len(text) % 89 + 10}", "--name", text, by="9001")
    pos("operator", "add", text, "--name", text, "--role", text, by="9001")


def counter(pos: Pos, text: str) -> None:
    number = "000101010000001"
    pos("sell", WATER, text, f"2*{text}", "--cash", "exact", by="1001")
    pos("sell", WATER, "--cash", "exact", "--ref", text, by="1001")
    pos("sell", WATER, "--tender", f"bank=2.00@{text}", by="1001")
    for way in ("in", "out", "drop"):
        pos("cash", way, "1", "--reason", text, by="2001")
    pos("cash", "open-drawer", "--reason", text, by="2001")
    pos("order", "return", number, "--line", "1", "--pieces", "1", "--reason", text, by="2001")
    pos("order", "list", "--number", text, "--customer", text, by="1001")
    pos("receipt", "show", text, by="1001")
    pos("stock", "receive", f"1*{WATER}@1", "--supplier", text, "--reference", text, by="2001")
    pos("stock", "move", "off", WATER, "--reason", text, by="2001")
    pos("stock", "count", text, "--reason", text, by="2001")


def invoices(pos: Pos, text: str) -> None:
    sold = pos("sell", WATER, "--cash", "exact", "--json", by="1001")
    number = sold.json["number"] if sold.code == 0 else "000101010000001"
    buyer = ("--title", text, "--tax-id", text, "--email", text, "--mobile", text)
    pos("invoice", "issue", number, *buyer, "--wait", "0", by="9001")
    pos("invoice", "issue", number, "--title", text, "--wait", "0", "--confirm", by="9001")
    pos("invoice", "mark", text, text, by="9001")


def offers(pos: Pos, text: str) -> None:
    folder = pos.shop.folder
    said = json.dumps(text.encode("utf-8", "replace").decode("utf-8"))
    offer = (
        f'[[offer]]\nid = {said}\nname = {said}\nkind = "special"\nskus = [{said}]\nprice = "1"\n'
    )
    (folder / "o.toml").write_text(offer, "utf-8")
    pos("promo", "check", str(folder / "o.toml"), by="9001")


def headoffice(pos: Pos, text: str) -> None:
    """Whatever a head office that was taken over would say."""
    pos("sell", WATER, "--cash", "exact", by="1001")

    def look() -> None:
        assert not list(on_disk(pos.shop))

    for answer in BELOW.values():
        with at_head_office(pos.shop, text, look) as side:
            answer(side)


DOORS: dict[str, Door] = {
    "till": at_the_till,
    "signing": signing_in,
    "catalog": catalog,
    "people": people,
    "counter": counter,
    "invoices": invoices,
    "offers": offers,
    "headoffice": headoffice,
}


@pytest.mark.parametrize("name", sorted(DOORS))
def test_what_came_through_a_door_is_harmless_on_disk(pos: Pos, name: str) -> None:
    short = {"all controls": JOINED["all controls"] + "长" * 10_000}
    # head office has a hundred messages and the ledger is looked through after each
    some = JOINED if name == "headoffice" else HOSTILE
    for case, text in {"test": short, "ci": some, "full": HOSTILE}[SIZE.name].items():
        plain = text.encode("utf-8", "replace").decode().replace("\0", "")
        DOORS[name](pos, text if name in ("till", "signing") else plain)
        found = list(on_disk(pos.shop))
        assert not found, (case, found[:3])
    assert verify_ledger(pos.shop.place().path).ok


def on_disk(shop: Shop) -> Iterator[str]:
    """Texts of the ledger, in any column of any table and in any record, that are not harmless."""
    with closing(sqlite3.connect(shop.place().path)) as db:
        names = db.execute("SELECT name FROM sqlite_schema WHERE type = 'table'").fetchall()
        for (table,) in names:
            rows = db.execute(f'SELECT * FROM "{table}"')
            columns = [column[0] for column in rows.description]
            for row in rows:
                for column, value in zip(columns, row, strict=True):
                    yield from bad(f"{table}.{column}", value)


def bad(where: str, value: object) -> Iterator[str]:
    """What is wrong with a value; a record is looked at text by text."""
    if isinstance(value, bytes) and value[:2] == b'{"':
        try:
            told = json.loads(value)
        except ValueError:
            return  # sealed: one in 65,536 begins like a record
        for text in texts_of(told):
            yield from bad(where, text)
    elif isinstance(value, str):
        if value[:1] == "{" and ("body" in where or where == "received.value"):
            yield from bad(where, value.encode())
        elif where in ("meta.value", "received.value"):
            yield from obeyed(value, "\n")  # TOML: config.toml as it was last, offers
        elif found := obeyed(value, FNC1):
            yield f"{where} {found[:3]} {value[:60]!r}"
        elif len(value) > LONGEST:
            yield f"{where} has {len(value)} signs"


def texts_of(value: Any) -> Iterator[str]:
    """Every text in JSON."""
    if isinstance(value, str):
        yield value
    elif isinstance(value, dict):
        for key, one in value.items():
            yield key
            yield from texts_of(one)
    elif isinstance(value, list):
        for one in value:
            yield from texts_of(one)


def test_every_message_of_head_office_has_a_line() -> None:
    """What comes down, and each kind of value in it: a new one is tried, or this fails."""
    values = set(VALUES.values())
    assert messages() - parts(set(BELOW) | set(UP) | values | {Change}) == set()
    assert values == set(get_args(Value))
    assert parts(set(UP)) & set(BELOW) == set()


def test_every_message_is_taken_for_what_was_asked_for(pos: Pos) -> None:
    """The door stands behind what is no message at all."""
    pos("sell", WATER, "--cash", "exact", by="1001")
    taken = set[type]()
    for answer in BELOW.values():
        with at_head_office(pos.shop, "水") as side:
            answer(side)
        taken |= side.kinds
    never_asked_for = {SnapshotHead, SnapshotEnd, Problem, Enrolled}  # no answer of `Link.ask`
    assert set(BELOW) - taken == never_asked_for


def test_without_the_cleaning_the_same_test_finds_it(
    pos: Pos, monkeypatch: pytest.MonkeyPatch
) -> None:
    for name, module in list(sys.modules.items()):
        if name.startswith("pos.") and name != "pos.text" and hasattr(module, "clean"):
            monkeypatch.setattr(module, "clean", lambda text, limit=200: text)
    pos("cash", "in", "1", "--reason", HOSTILE["escape"], by="2001")
    assert any("cash_moves.reason" in one for one in on_disk(pos.shop))


def test_a_scan_of_hostile_bytes_is_at_most_one_code() -> None:
    """The router hands on text without a control, and never more than a code may have."""
    for name, text in HOSTILE.items():
        for hand in (Hand(), Hand(Where(free_text=True))):
            hand.send(text + "\r").wait(1)
            for event in hand.events:
                if isinstance(event, Entered):
                    assert not obeyed(event.text, FNC1), name
                    assert len(event.text) <= LIMIT, name


KEYS = tuple(f"{key} = " for key in ("name", "policy", "footer", "sender", "default_code"))


def test_settings_hold_no_control(tmp_path: Path) -> None:
    shop = make_shop(tmp_path)
    plain = shop.config_file.read_text("utf-8")
    for name, text in HOSTILE.items():
        if name == "surrogate" or (name not in CONTROLS and SIZE.name == "test"):
            continue
        said = json.dumps(text)
        told = plain.replace("\n[drawer]\n", f"\n[printers.{said}]\nqueue = {said}\n\n[drawer]\n")
        lines = [
            f"{line.partition(' = ')[0]} = {said}" if line.startswith(KEYS) else line
            for line in told.splitlines()
        ]
        shop.config_file.write_text("\n".join(lines), "utf-8")
        problems, config = check(shop.config_file)
        said_of = [str(value) for one in problems for value in one.values.values()]
        held = texts_of(msgspec.to_builtins(config.settings)) if config else iter(said_of)
        for value in held:
            assert not obeyed(value), (name, value)


CHARGE = filled(Charge, "x", {"fen": 100, "out_trade_no": "0f" * 16})
ASK = RefundAsk("0f" * 16, "0e" * 16, 100, 100)


def test_what_a_gateway_answers_is_harmless() -> None:
    """Every text of an answer hostile: nothing of it is in what the till keeps."""
    us = wechat.Merchant("x", "x")
    for name, text in HOSTILE.items():
        text = text.encode("utf-8", "replace").decode()
        for body in bodies(text):
            found: list[object] = [wechat.failure(body), wechat.of_qr(200, body)]
            found += [wechat.of_transaction(body, CHARGE, us), wechat.of_close(400, body)]
            for status in (200, 202, 400, 403, 500):
                found += [wechat.of_pay(status, body, CHARGE, us)]
                found += [wechat.of_query(status, body, CHARGE, us)]
                found += [wechat.of_reverse(status, body, CHARGE, us)]
                found += [wechat.of_refund(status, body, ASK)]
            if envelope := nuonuo.envelope(body):
                found += [envelope.words, nuonuo.issued_or_not(envelope), nuonuo.of_red(envelope)]
                found += [nuonuo.of_query(envelope, "x"), nuonuo.of_red_query(envelope, "x")]
                found += [nuonuo.of_delivery(envelope)]
            if answer := alipay.decoded(body.decode()):
                found += [alipay.of_pay(answer, CHARGE, "x"), alipay.of_query(answer, CHARGE, "x")]
                found += [alipay.of_cancel(answer, CHARGE), alipay.of_qr(answer, CHARGE)]
                found += [alipay.of_refund(answer, ASK), alipay.of_refund_query(answer, ASK)]
            for one in found:
                for told in texts_of(msgspec.to_builtins(one)):
                    assert not obeyed(told), (name, one)


def bodies(text: str) -> Iterator[bytes]:
    """Answers of all shapes with the text wherever a text stands."""
    names = (
        *("code", "message", "trade_state", "trade_state_desc", "transaction_id", "success_time"),
        *("refund_id", "status", "msg", "sub_code", "sub_msg", "trade_no", "trade_status"),
        *("qr_code", "code_url", "gmt_refund_pay", "describe", "result", "user_received_account"),
        *("total_amount", "refund_fee", "buyer_pay_amount", "gmt_payment", "send_pay_date"),
    )
    ids = {"out_trade_no": "0f" * 16, "mchid": "x", "appid": "x", "seller_id": "x"}
    sums = {"amount": {"total": 100, "currency": "CNY", "payer_total": 100, "refund": 100}}
    everything = dict.fromkeys(names, text) | ids | sums
    yield msgspec.json.encode(everything)
    yield msgspec.json.encode(everything | {"trade_state": "SUCCESS", "transaction_id": "4200"})
    yield msgspec.json.encode(everything | {"status": "SUCCESS"})
    yield msgspec.json.encode(everything | {"code": "10000", "trade_status": "TRADE_SUCCESS"})
    yield msgspec.json.encode(everything | {"code": "E0000", "result": [everything]})
    yield msgspec.json.encode(everything | {"code": "E0000", "result": everything})
