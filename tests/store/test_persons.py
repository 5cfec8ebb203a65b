"""People: sealed, found by hashes, erased for good; orders that are to be brought to them."""

from __future__ import annotations

import sqlite3

import pytest
from msgspec.structs import replace

from pos.record import Fulfilled
from pos.refusal import Refused
from pos.sealing import Vault
from pos.store import finding, persons
from pos.store.finding import OrderQuery
from pos.store.ledger import Ledger
from pos.store.reader import Reader
from pos.store.verify import verify_ledger
from tests.shop import MILK, WATER, Shop
from tests.store.conftest import WHERE, fill

NAME, PHONE = "欧阳小满", "13800001234"


@pytest.fixture
def vault() -> Vault:
    return Vault(bytes(range(32)))


def test_found_by_phone_last_four_and_name(shop: Shop, ledger: Ledger, vault: Vault) -> None:
    who = persons.add(ledger, vault, NAME, "+86 138-0000-1234")
    assert persons.add(ledger, vault, "别名", PHONE) == who
    other = persons.add(ledger, vault, "李四", "13900001234")
    reader = Reader(shop.place().path)

    def found(text: str) -> list[str]:
        return [p.person_id for p in persons.find(reader, vault, text)]

    assert found(PHONE) == found("86" + PHONE) == found("欧阳小满") == [who]
    assert found("1234") == [other, who]
    assert found("欧阳") == found("0000") == found("13800009999") == []
    [person] = persons.find(reader, vault, PHONE)
    assert (person.name, person.phone) == (NAME, PHONE)
    assert person.masked == "欧** 138****1234"


def test_nothing_personal_is_in_the_file(shop: Shop, ledger: Ledger, vault: Vault) -> None:
    who = persons.add(ledger, vault, NAME, PHONE)
    persons.deliver_to(ledger, vault, who, "长安街一号甲", "门口有狗")
    ledger.close()
    whole = b"".join(p.read_bytes() for p in shop.place().path.parent.iterdir())
    for text in (NAME, PHONE, "长安街", "门口有狗"):
        assert text.encode() not in whole


def test_erasing_leaves_facts_and_nobody(shop: Shop, ledger: Ledger, vault: Vault) -> None:
    who = persons.add(ledger, vault, NAME, PHONE)
    where = persons.deliver_to(ledger, vault, who, "长安街一号", "")
    order = replace(fill(ledger, WATER), person_id=who, delivery_id=where)
    ledger.close_order(order, WHERE)
    persons.erase(ledger, who, WHERE)
    reader = Reader(shop.place().path)
    assert persons.find(reader, vault, PHONE) == []
    assert persons.get(reader, vault, who) is None
    assert persons.address(reader, vault, where) is None
    assert [o.person_id for o in finding.orders(reader, OrderQuery())] == [who]
    assert verify_ledger(shop.place().path).ok
    with pytest.raises(Refused):
        persons.erase(ledger, who, WHERE)
    assert persons.add(ledger, vault, NAME, PHONE) != who


def test_rotation_wraps_anew(shop: Shop, ledger: Ledger, vault: Vault) -> None:
    who = persons.add(ledger, vault, NAME, PHONE)
    new = Vault(bytes(32))
    assert persons.rotate(ledger, vault, new) == 1
    reader = Reader(shop.place().path)
    assert [p.person_id for p in persons.find(reader, new, PHONE)] == [who]
    assert persons.find(reader, vault, PHONE) == []
    with pytest.raises(Refused) as refused:
        persons.get(reader, vault, who)
    assert refused.value.code == "person_sealed"


def test_a_field_moved_to_somebody_else_is_noticed(
    shop: Shop, ledger: Ledger, vault: Vault
) -> None:
    one = persons.add(ledger, vault, NAME, PHONE)
    two = persons.add(ledger, vault, "李四", "13900005678")
    raw = sqlite3.connect(shop.place().path)
    raw.execute(
        "UPDATE persons SET name = (SELECT name FROM persons WHERE person_id = ?)"
        " WHERE person_id = ?",
        (one, two),
    )
    raw.commit()
    raw.close()
    with pytest.raises(Refused):
        persons.get(Reader(shop.place().path), vault, two)


def test_orders_by_what_is_known_of_them(shop: Shop, ledger: Ledger, vault: Vault) -> None:
    who = persons.add(ledger, vault, NAME, PHONE)
    where = persons.deliver_to(ledger, vault, who, "长安街一号", "")
    plain = ledger.close_order(fill(ledger, WATER), WHERE)
    order = replace(fill(ledger, WATER, MILK), person_id=who, delivery_id=where)
    brought = ledger.close_order(order, WHERE)
    gone = ledger.void_order(fill(ledger, MILK, pay=False), WHERE, "测试")
    reader = Reader(shop.place().path)

    def numbers(**known: object) -> list[str]:
        return [o.number for o in finding.orders(reader, OrderQuery(**known))]  # type: ignore[arg-type]

    assert numbers() == [gone.number, brought.number, plain.number]
    assert numbers(number=plain.number) == numbers(number=plain.number[-3:]) == [plain.number]
    assert numbers(person_ids=(who,)) == numbers(status="to_deliver") == [brought.number]
    assert numbers(person_ids=()) == numbers(status="delivered") == numbers(status="held") == []
    assert numbers(status="voided") == [gone.number]
    assert numbers(amount_fen=190) == [plain.number]  # 200 less 5 %
    assert numbers(date="2026-03-02", operator="1001", status="closed") == [
        brought.number,
        plain.number,
    ]
    ledger.write(Fulfilled(WHERE, brought.order_id, brought.number, "delivered"))
    assert numbers(status="delivered") == [brought.number]
    assert numbers(status="to_deliver") == []
    assert finding.orders(reader, OrderQuery(status="delivered"))[0].status == "delivered"
    assert verify_ledger(shop.place().path).ok
