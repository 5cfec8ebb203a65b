"""What tests of returns do and ask again and again."""

from __future__ import annotations

from contextlib import closing

from pos.record import OrderClosed, from_bytes
from pos.store.finding import OrderQuery, orders
from pos.store.reader import Reader
from pos.till.view import ChangeView, View
from tests.shop import Shop
from tests.till.person import Person


def sell(person: Person, *codes: str) -> str:
    """A cash sale; its number."""
    person.scan(*codes)
    person.enter()
    return closed(person.enter())


def closed(view: View) -> str:
    assert isinstance(view.panel, ChangeView), view.message
    return view.panel.number


def back(person: Person, number: str, *codes: str) -> View:
    """Goods of an order are put on the order at the counter."""
    person.key("return_goods")
    person.scan(number, *codes)
    return person.enter() if codes else person.key("return_all")


def facts(shop: Shop) -> list[object]:
    with closing(Reader(shop.place().path)) as reader:
        return [from_bytes(row[0]).fact for row in reader.rows("SELECT body FROM journal")]


def last(shop: Shop) -> OrderClosed:
    found = [one for one in facts(shop) if isinstance(one, OrderClosed)]
    return found[-1]


def statuses(shop: Shop) -> dict[str, str]:
    with closing(Reader(shop.place().path)) as reader:
        return {x.number[-2:]: x.status for x in orders(reader, OrderQuery())}
