"""Nothing of a customer and no secret is in clear at head office: a chain's day of planted values.

The day: a till enrols, its people come down, a member joins, an order with a delivery goes to the
other tills, a wallet pays by code, pages are signed into, well and badly, a company and a person
ask for their invoices on the phone's page and get them, a call fails.

What head office has in clear by design, so that it is not planted: goods, money and who of the
staff did what (facts name customers by id alone), a member's level, and the numbers that the tax
bureau and the wallets give to an invoice or a payment. A title is sealed even while it is issued.
"""

from __future__ import annotations

import logging
from collections.abc import Iterator, Mapping
from contextlib import ExitStack, contextmanager
from dataclasses import dataclass
from datetime import date
from pathlib import Path
from typing import Any

import pytest
from starlette.testclient import TestClient

from pos.access.pins import Pins
from pos.config import load
from pos.headoffice import master
from pos.headoffice.house import database_of, keys_of, make_folder
from pos.headoffice.invoicing import asking
from pos.headoffice.migrating import migrate
from pos.headoffice.pages import accounts
from pos.headoffice.service.app import make_app
from pos.headoffice.service.serving import JsonLines
from pos.invoices import link as links
from pos.protocol.master import Operator
from pos.simulators.alipay import AlipaySimulator
from pos.simulators.tax import Settings as Pace
from pos.simulators.tax import TaxSimulator
from pos.simulators.wallets import WalletClock, WalletSimulator
from pos.simulators.wechat import WechatSimulator
from pos.system import write_private
from tests.headoffice.invoicing.desk import BISCUIT, COMPANY, TABLE
from tests.headoffice.pages.conftest import Browser
from tests.shop import MILK, PIN, WATER
from tests.sync.office import Office, enrol_till
from tests.till.test_headoffice import now, sent, until
from tests.till.wallets import World, config_changes
from tests.trust.planted import found, key_of

Planted = dict[str, str | bytes]
PHONE, NAME, STREET, NOTE = "13912345678", "欧阳小满", "样例路一号甲", "门口有狗"
CARD = "66668888"
ASKER = {"kind": "person", "title": "诸葛小雨", "mobile": "13700002222", "email": "y@example.cn"}
PASSWORD, WRONG = "ein langer Satz 7", "noch ein Satz 8"  # of accounts made here
CHAIN_PIN, WRONG_PIN = "731946", "864201"
MEMBERS = {"enabled = false            # F2 signs": "enabled = true  # F2 signs"}


@dataclass
class Chain:
    """Head office that issues, a till of it with wallets, a browser."""

    office: Office
    world: World
    browser: Browser
    tax: TaxSimulator
    log: Path

    @property
    def folders(self) -> list[Path]:
        """Where head office writes."""
        return [self.office.folder, self.log.parent]

    def orders(self) -> list[Mapping[str, Any]]:
        """Closed orders that are in tables."""
        return self.office.rows("SELECT * FROM orders WHERE state = 'closed' ORDER BY number")


@contextmanager
def chain(folder: Path) -> Iterator[Chain]:
    with ExitStack() as stack:
        tax = TaxSimulator(folder / "tax", settings=Pace(0.0, 0.0, 3.0), keep=False)
        stack.enter_context(tax)
        sims: dict[str, WalletSimulator] = {}
        for kind in (WechatSimulator, AlipaySimulator):
            sim: WalletSimulator = kind(folder / kind.wallet, clock=WalletClock(), keep=False)
            sims[kind.wallet] = stack.enter_context(sim)
        lay_out(folder / "office", tax)
        office = Office(folder / "office")
        stack.callback(office.stop)
        files = {name: sim.files() for name, sim in sims.items()}
        changes = config_changes(files, {name: sim.url for name, sim in sims.items()})
        side = enrol_till(folder / "shop", office, extra=MEMBERS | changes)
        side.close()
        client = TestClient(make_app(office.house), raise_server_exceptions=False)
        stack.callback(client.close)
        log = stack.enter_context(written(folder / "logs" / "headoffice.log"))
        made = Chain(office, World(side.shop, sims), Browser(client), tax, log)
        for sim in sims.values():
            sim.clock.set(side.shop.hands.at.timestamp())
        person = made.world.open("9001")
        stack.callback(person.leave)
        yield made


def lay_out(folder: Path, tax: TaxSimulator) -> None:
    """A head office that issues at the simulator."""
    make_folder(folder)
    database = database_of(folder)
    migrate(database)
    database.close()
    write_private(folder / "secrets/nuonuo.secret", tax.secret.encode())
    (folder / "tax-codes.csv").write_text(TABLE, "utf-8")
    file = folder / "headoffice.toml"
    text = file.read_text("utf-8")
    for old, new in {
        'owner = "till"  ': 'owner = "headoffice"  ',
        'provider = "none"': 'provider = "nuonuo"',
        'clerk = ""': 'clerk = "王五"',
        'default_code = ""': f'default_code = "{BISCUIT}"',
        'tax_id = ""': f'tax_id = "{tax.seller}"',
        'name = ""': 'name = "柜台便利店有限公司"',
        'app_key = ""': f'app_key = "{tax.app_key}"',
        'app_secret = ""': 'app_secret = "secrets/nuonuo.secret"',
        "https://sdk.nuonuo.com": tax.url,
        "https://open.nuonuo.com": tax.url,
    }.items():
        assert old in text, old
        text = text.replace(old, new)
    file.write_text(text, "utf-8")


@contextmanager
def written(path: Path) -> Iterator[Path]:
    """The log as `serve` writes it, in a file."""
    path.parent.mkdir()
    handler = logging.FileHandler(path, encoding="utf-8")
    handler.setFormatter(JsonLines())
    loggers = [logging.getLogger(name) for name in ("pos.headoffice", "uvicorn")]
    levels = [one.level for one in loggers]
    for one in loggers:
        one.addHandler(handler)
        one.setLevel(logging.INFO)
    try:
        yield path
    finally:
        for one, level in zip(loggers, levels, strict=True):
            one.removeHandler(handler)
            one.setLevel(level)
        handler.close()


def test_a_chain_s_day_leaves_nothing_in_clear(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    with chain(tmp_path) as day:
        planted = _secrets(day) | _at_the_till(day) | _at_the_pages(day)
        planted |= _on_the_phone(day)
        _failing(day, monkeypatch)
        assert (day.office.folder / "headoffice.db-wal").stat().st_size
        assert found(day.folders, planted) == [], "while head office is at work"
    assert found(day.folders, planted) == [], "and when it has stopped"
    _finds(day, planted)


def _secrets(day: Chain) -> Planted:
    """Keys of both ends; people of the chain with a PIN."""
    config = load(day.world.shop.config_file)
    hidden = day.office.folder / "secrets"
    pepper = bytes.fromhex(keys_of(day.office.folder).pepper)
    pins = Pins(pepper, memory_kib=64, passes=1)
    master.put(day.office.house, [Operator("77", "小何", "cashier", pins.hash(CHAIN_PIN))], "test")
    return {
        **{name: (hidden / f"{name}.key").read_bytes() for name in ("master", "link", "person")},
        "pepper": (hidden / "pepper.key").read_bytes(),
        "nuonuo": day.tax.secret,
        "till token": config.headoffice_token.read_bytes().decode(),
        "till pepper": config.pepper.read_bytes(),
        "till person key": config.person_key.read_bytes(),
        "till key": key_of(config.signing_key.read_bytes()),
        "enrolment code": day.office.code(till="02"),
        "chain pin": CHAIN_PIN,
        "wrong pin": WRONG_PIN,
        **{f"pin {who}": pin for who, pin in PIN.items()},
    }


def _at_the_till(day: Chain) -> Planted:
    """A member, a delivery, an order for the other tills, a wallet; all of it goes up."""
    person, world = day.world.person, day.world
    now(person)
    until(person, lambda: bool(day.office.rows("SELECT 1 AS x FROM inbox")))
    person.key("lock")
    person.enter("2001")
    person.enter(WRONG_PIN)
    person.enter("9001")
    person.enter(PIN["9001"])
    for act in ("share", ""):
        person.scan(WATER, MILK)
        person.key("customer", PHONE)
        if act:
            person.enter(NAME)
            person.enter("19900502")
        person.key("deliver")
        for text in (PHONE, NAME, STREET, NOTE):
            if person.mode() == "asking":
                person.enter(text)
        assert person.order.customer
        assert person.order.delivery
        if act:
            person.key(act)
            until(person, lambda: bool(day.office.rows("SELECT 1 AS x FROM holds")))
    person.key("settle")
    code = world.code("wechat")
    person.scan(code)
    world.until(world.closed)
    person.scan(WATER)
    person.key("settle")
    person.key("cash")
    now(person)
    until(person, lambda: sent(person) and len(day.orders()) == 2)
    until(person, lambda: bool(day.office.rows("SELECT 1 AS x FROM people")))
    return {"phone": PHONE, "name": NAME, "street": STREET, "note": NOTE, "payment code": code}


def _at_the_pages(day: Chain) -> Planted:
    """Somebody signs in, at last, and takes a password of their own."""
    once = accounts.add(day.office.house, "owner", "owner", "", "test")
    browser = day.browser
    for name, password in (("owner", WRONG), (WRONG, WRONG)):
        assert browser.post("/sign-in", {"name": name, "password": password}).status_code == 422
    assert browser.post("/sign-in", {"name": "owner", "password": once}).status_code == 303
    form = {"old": once, "new": PASSWORD, "again": PASSWORD}
    assert browser.post("/password", form).status_code == 303
    cookies = {f"cookie {name}": value for name, value in browser.client.cookies.items()}
    assert "cookie pos_session" in cookies
    return {"once": once, "password": PASSWORD, "wrong password": WRONG, **cookies}


def _on_the_phone(day: Chain) -> Planted:
    """Both orders are asked for on the page behind their codes, and issued."""
    key = day.office.house.keys.link
    for order, who in zip(day.orders(), (COMPANY, ASKER), strict=True):
        on = date.fromisoformat(order["business_date"])
        link = links.Link(order["number"], on, order["total_fen"])
        answer = day.browser.post(links.PATH + links.token(key, link), who)
        assert answer.status_code == 303, answer.text
    until(day.world.person, lambda: len(_issued(day)) == 2)
    assert {one.data["buyerName"] for one in day.tax.book.invoices.values()} == {
        COMPANY["title"],
        ASKER["title"],
    }
    return {
        f"{who['kind']} {name}": value
        for who in (COMPANY, ASKER)
        for name, value in who.items()
        if name != "kind"
    }


def _issued(day: Chain) -> list[Mapping[str, Any]]:
    return day.office.rows("SELECT no FROM issuing WHERE state = 'issued'")


def _failing(day: Chain, monkeypatch: pytest.MonkeyPatch) -> None:
    """A page that fails with what a customer gave in its words."""

    def fails(*_: object) -> None:
        raise RuntimeError(f"no room for {ASKER['mobile']} {ASKER['email']} {PHONE}")

    order = day.orders()[0]
    link = links.Link(
        order["number"], date.fromisoformat(order["business_date"]), order["total_fen"]
    )
    with monkeypatch.context() as broken:
        broken.setattr(asking, "ask", fails)
        path = links.PATH + links.token(day.office.house.keys.link, link)
        assert day.browser.post(path, COMPANY).status_code == 500
    assert "RuntimeError" in day.log.read_text("utf-8")


def _finds(day: Chain, planted: Planted) -> None:
    """What is there is found: in the database's log, and in head office's own."""
    database = database_of(day.office.folder)
    row = (PHONE, 0, "", "")
    database.run(lambda work: work.put("knocks", "name failures until_at at", [row]))
    with day.log.open("a", encoding="utf-8") as file:
        file.write(str(planted["till token"]))
    hits = found(day.folders, planted)
    database.close()
    assert hits == ["phone: headoffice.db-wal", "till token: headoffice.log"]
