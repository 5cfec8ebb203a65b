"""The way to every mode of a till, by the keys a person presses: a mode that comes later needs one.

`@` scans water, `#` a milk for a customer with a delivery; `=TEXT` enters a text, `=last` the last
order's number; `~ID` lets somebody else sign in; anything else is a command's key, behind a colon
what was typed before it.
"""

from __future__ import annotations

import time
from collections.abc import Iterable, Iterator, Mapping
from contextlib import contextmanager
from pathlib import Path
from typing import get_args

from pos.commands import Mode
from pos.system import write_private
from tests.shop import MILK, PIN, WATER, make_shop
from tests.till.invoicing import TABLE
from tests.till.person import Person
from tests.till.wallets import World, world
from tests.trust.offline import INVOICES, PAPER

CHANGES = {
    **(INVOICES | PAPER),
    "enabled = false            # F2 signs": "enabled = true  # F2 signs",
    '# a = "000123"': 'a = "000001"',
    "idle_lock_seconds = 300": "idle_lock_seconds = 20",
}
ON_THE_PHONE = {
    'owner = "till"             # till | headoffice: who': 'owner = "headoffice"  # who',
    'link = "" ': 'link = "https://ho.example.cn" ',
}
PHONE, NAME, STREET, AT_THE_DOOR = "13912345678", "欧阳小满", "样例路一号甲", "门口有狗"
NOTE = "老客自取"
GOODS = "goods.csv"
MODES: tuple[Mode, ...] = tuple(mode for mode in get_args(Mode) if mode != "cli")

WALKS: Mapping[Mode, tuple[str, ...]] = {
    "signing": ("duties", "sign_out"),
    "locked": ("@", "lock"),
    "selling": ("#",),
    "paying": ("#", "settle"),
    "collecting": ("@", "settle", "wechat"),
    "returning": ("@", "settle", "cash", "return_goods", "=last"),
    "refunding": ("@", "settle", "cash", "return_goods", "=last", "return_all", "settle"),
    "choosing": ("#", "hold", "@", "hold", "hold"),
    "asking": ("#", "note"),
    "products": ("#", "find_products"),
    "orders": ("#", "find_orders"),
    "receipt": ("#", "settle", "cash", "find_orders", "=last"),
    "invoices": ("duties", "invoice_day"),
    "code": ("@", "settle", "cash", "invoice"),
    "stocking": ("stock", "=1", "=", "="),
    "reviewing": ("stock", "=1", "=", "=", f"={WATER}", "stock_done"),
    "duties": ("duties",),
    "counting": ("duties", "close_shift"),
    "counted": ("duties", "close_shift", "page_up", "=9999", "count_submit"),
    "slip": ("duties", "x_report", "="),
    "reports": ("duties", "reports"),
    "report": ("duties", "reports", "="),
    "working": ("find_products", "import_products", f"={GOODS}"),
    "helping": ("#", "help"),
    "quick": ("#", "quick_keys"),
    "pricing": ("#", "price_check"),
    "approving": ("~1001", "#", "open_drawer"),
}


@contextmanager
def counter(folder: Path) -> Iterator[World]:
    """A manager at a till that has everything; only the phone's code needs `phone_counter`."""
    with world(folder / "shop", folder / "keys") as day:
        text = day.shop.config_file.read_text("utf-8")
        for old, new in CHANGES.items():
            assert old in text, old
            text = text.replace(old, new)
        day.shop.config_file.write_text(text, "utf-8")
        (day.shop.folder / "tax-codes.csv").write_text(TABLE, "utf-8")
        day.open("9001")
        yield day


@contextmanager
def phone_counter(folder: Path) -> Iterator[Person]:
    """A manager at a till whose customers ask for invoices on their phones."""
    folder.mkdir()
    shop = make_shop(folder, CHANGES | ON_THE_PHONE)
    write_private(folder / "data/link.key", bytes(range(32)))
    person = Person(shop)
    person.sign_in("9001")
    try:
        yield person
    finally:
        person.leave()


def walk(person: Person, mode: Mode) -> None:
    """Go there from the sale screen of a manager, with nothing on the counter."""
    go(person, WALKS[mode])
    while mode == "report" and person.mode() == "working":
        time.sleep(0.01)
        person.till.view()
    assert person.mode() == mode, person.till.view()


def go(person: Person, steps: Iterable[str]) -> None:
    """Take these steps."""
    for step in steps:
        if step == "@":
            person.scan(WATER)
        elif step == "#":
            _for_a_customer(person)
        elif step == "=last":
            [row] = person.till.reader.rows("SELECT max(number) AS n FROM orders")
            person.enter(row["n"])
        elif step == f"={GOODS}":
            person.enter(str(_goods(person)))
        elif step.startswith("="):
            person.enter(step[1:])
        elif step.startswith("~"):
            person.key("duties")
            person.key("sign_out")
            person.sign_in(step[1:])
        else:
            person.key(*step.split(":"))


def _for_a_customer(person: Person) -> None:
    person.scan(MILK)
    person.key("deliver")
    for text in (PHONE, NAME, STREET, AT_THE_DOOR):
        if person.mode() == "asking":
            person.enter(text)
    person.key("note")
    person.enter(NOTE)
    assert person.order.customer, person.till.view()
    assert person.order.note == NOTE


def _goods(person: Person) -> Path:
    path = person.shop.folder / GOODS
    path.write_text("货号,条码,品名,单位,售价,税率\nG1,690099,竹签,包,1.00,13%\n", "utf-8")
    return path


def home(person: Person) -> None:
    """Back to the sale screen of the manager, with nothing on the counter."""
    end = time.monotonic() + 20
    while time.monotonic() < end:
        session = person.till.state.session
        match person.mode():
            case "signing":
                person.till.state.typed_id = ""
                person.sign_in("9001")
            case "locked" if session is not None:
                person.till.state.typed_id = ""
                person.enter(session.operator_id)
                person.enter(PIN[session.operator_id])
            case "selling" if person.order.lines:
                person.key("void_order")
                if person.mode() == "approving":
                    person.approve("9001")
                while person.mode() == "choosing":
                    person.enter("1")
            case "selling" if session is not None and session.operator_id != "9001":
                person.key("duties")
                person.key("sign_out")
            case "selling" if person.till.state.held:
                person.key("hold")
                if person.mode() == "choosing":
                    person.enter("1")
            case "selling":
                return
            case "working":
                time.sleep(0.01)
                person.wait()
                person.till.view()
            case "paying":
                person.key("cash")
            case "refunding":
                person.key("refund_cash")
            case _:
                person.key("back")
    raise AssertionError(person.till.view())
