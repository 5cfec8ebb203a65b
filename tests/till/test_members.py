"""Members at the counter: joining, cards, points earned and given back, what they bought."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path

import pytest

from pos.receiptline import as_text
from pos.record import MemberChanged, OrderClosed, from_bytes
from pos.refusal import Refused
from pos.sealing import Vault
from pos.store import members, persons
from pos.store.verify import verify_ledger
from pos.till import membership, receipts
from tests.offers import TEA, offer, offers_shop
from tests.shop import BAG, MILK, PRODUCTS, WATER, Shop, make_shop
from tests.staged import ProductRow
from tests.store.conftest import WHERE
from tests.till.person import Person

PHONE = "13800001234"


@pytest.fixture
def shop(tmp_path: Path) -> Shop:
    changes = {
        "enabled = false            # F2 signs": "enabled = true  # F2 signs",
        '# "金卡" = "2"': '"金卡" = "2"',
    }
    return make_shop(tmp_path, changes)


@pytest.fixture
def cashier(shop: Shop) -> Iterator[Person]:
    someone = Person(shop)
    someone.sign_in()
    yield someone
    someone.leave()


def joined(person: Person, name: str = "王小明", birthday: str = "19900502") -> str:
    """Sign somebody up with F2; their person id."""
    person.key("customer", PHONE)
    person.enter(name)
    person.enter(birthday)
    order = person.till.state.order
    assert order is not None
    return order.person_id


def sold(person: Person, *codes: str) -> OrderClosed:
    person.scan(*codes)
    person.key("settle")
    person.enter("")
    rows = person.till.reader.rows(
        "SELECT body FROM journal WHERE kind = 'order.closed' ORDER BY jn DESC LIMIT 1"
    )
    fact = from_bytes(rows[0][0]).fact
    assert isinstance(fact, OrderClosed)
    return fact


def vault(person: Person) -> Vault:
    return receipts.vault_of(person.till.config)


def test_f2_signs_up_and_the_order_carries_the_member(cashier: Person, shop: Shop) -> None:
    who = joined(cashier)
    assert cashier.order.customer == "王** 138****1234 普通会员"
    member = members.get(cashier.till.reader, vault(cashier), who)
    assert member is not None
    assert (member.level, member.birthday, member.card) == (
        "普通会员",
        "1990-05-02",
        "M00010101000001",
    )
    fact = sold(cashier, WATER, MILK, MILK)
    assert fact.person_id == who
    assert sum(line.points for line in fact.lines) == 13
    assert members.points(cashier.till.reader, who) == 13
    text = as_text.text(
        receipts.order_slip(cashier.till.config, cashier.till.reader, fact.order_id, "sale")
    )
    assert "王** 138****1234" in text
    assert "本次积分 13" in text
    assert "可用积分 13" in text
    assert verify_ledger(shop.place().path).ok
    raw = shop.place().path.read_bytes()
    assert b"13800001234" not in raw
    assert "王小明".encode() not in raw
    assert b"M00010101000001" not in raw


@pytest.mark.parametrize("typed", [PHONE, "1234", "王小明", "M00010101000001", "m00010101000001"])
def test_a_member_is_found_by(cashier: Person, typed: str) -> None:
    who = joined(cashier)
    cashier.scan(WATER)
    cashier.key("void_order")
    cashier.approve()
    cashier.enter("1")
    cashier.key("customer", typed)
    order = cashier.till.state.order
    assert order is not None
    assert order.person_id == who


def test_a_card_that_is_scanned_puts_the_member_on(cashier: Person) -> None:
    who = joined(cashier)
    sold(cashier, WATER)
    cashier.scan(WATER, "M00010101000001")
    assert cashier.order.customer.startswith("王** 138****1234")
    order = cashier.till.state.order
    assert order is not None
    assert (order.person_id, len(order.lines)) == (who, 1)


def test_points_of_a_level_and_of_nobody(cashier: Person) -> None:
    who = joined(cashier)
    cashier.key("customer")
    choice = cashier.till.state.choice
    assert choice is not None
    assert choice.rows[2] == ("改等级", "普通会员")
    cashier.enter("3")
    cashier.enter("3")
    assert "没有这个权限" in cashier.message.text  # a cashier does not promote
    cashier.key("back")
    fact = sold(cashier, WATER)
    assert sum(line.points for line in fact.lines) == 2
    assert sum(line.points for line in sold(cashier, WATER).lines) == 0
    assert members.points(cashier.till.reader, who) == 2


def test_a_supervisor_gives_the_gold_card(shop: Shop) -> None:
    boss = Person(shop)
    boss.sign_in("2001")
    who = joined(boss)
    boss.key("customer")
    boss.enter("3")
    boss.enter("3")
    assert boss.order.customer.endswith("金卡")
    fact = sold(boss, WATER, BAG)
    assert sum(line.points for line in fact.lines) == 4  # 2.30 yuan at 2 a yuan
    rows = boss.till.reader.rows("SELECT body FROM journal WHERE kind = 'member.changed'")
    facts = [from_bytes(row[0]).fact for row in rows]
    assert [(f.change, f.level) for f in facts if isinstance(f, MemberChanged)] == [
        ("joined", "普通会员"),
        ("level", "金卡"),
    ]
    assert members.points(boss.till.reader, who) == 4
    boss.leave()


def test_what_was_bought_and_favourites(cashier: Person) -> None:
    joined(cashier)
    sold(cashier, WATER, MILK)
    cashier.key("customer", PHONE)
    sold(cashier, MILK)
    cashier.key("customer", PHONE)
    cashier.key("customer")
    cashier.enter("2")
    choice = cashier.till.state.choice
    assert choice is not None
    assert [row[:3] for row in choice.rows] == [
        ("北麓纯牛奶250ml", "000002", "2"),
        ("清溪矿泉水550ml", "000001", "1"),
    ]
    cashier.enter("1")
    assert cashier.order.lines[0].name == "北麓纯牛奶250ml"
    cashier.key("customer")
    cashier.enter("1")
    choice = cashier.till.state.choice
    assert choice is not None
    assert [row[2] for row in choice.rows] == ["5.50", "7.50"]


def test_an_erased_member_is_gone_and_the_record_stands(shop: Shop) -> None:
    boss = Person(shop)
    boss.sign_in("2001")
    who = joined(boss)
    sold(boss, WATER)
    boss.key("customer", PHONE)
    boss.key("customer")
    boss.enter("9")
    boss.enter("2")
    assert boss.order.customer == ""
    reader = boss.till.reader
    assert members.get(reader, vault(boss), who) is None
    assert members.by_card(reader, vault(boss), "M00010101000001") is None
    assert members.find(reader, vault(boss), PHONE) == []
    assert members.points(reader, who) == 2
    assert verify_ledger(shop.place().path).ok
    boss.leave()


def test_bad_input(cashier: Person) -> None:
    cashier.key("customer", PHONE)
    cashier.enter("王小明")
    for text in ("abc", "1332", "20230230", "99"):
        said = cashier.enter(text).message
        assert said is not None
        assert "不是生日" in said.text
        assert cashier.mode() == "asking"
    cashier.enter("")
    assert cashier.order.customer.endswith("普通会员")


def test_a_card_belongs_to_one(cashier: Person, shop: Shop) -> None:
    who = joined(cashier)
    cashier.leave()
    ledger = shop.ledger()
    key = Vault((shop.folder / "data/person.key").read_bytes())
    other = persons.add(ledger, key, "李四", "13900005678")
    with pytest.raises(Refused, match="member_card_taken"):
        members.join(ledger, key, other, WHERE, level="银卡", card="M00010101000001")
    with pytest.raises(Refused, match="member_already"):
        members.join(ledger, key, who, WHERE, level="银卡")
    card = members.join(ledger, key, other, WHERE, level="银卡", card="vip-88".replace("-", ""))
    assert card == "VIP88"
    ledger.close()


DEAR = ProductRow("000006", "山泉茶叶", "盒", 3000, 1300, ("690006",), member_fen=2500)


def test_the_member_price_is_for_members(tmp_path: Path) -> None:
    changes = {"enabled = false            # F2 signs": "enabled = true  # F2 signs"}
    shop = make_shop(tmp_path, changes, (*PRODUCTS, DEAR))
    ledger = shop.ledger()
    key = Vault((shop.folder / "data/person.key").read_bytes())
    persons.add(ledger, key, "李四", "13900005678")  # known, no member
    ledger.close()
    cashier = Person(shop)
    cashier.sign_in()
    cashier.scan("690006")
    cashier.key("customer", "13900005678")
    assert cashier.order.total == "30.00"
    cashier.key("customer")
    cashier.enter("3")  # joins
    cashier.enter("0502")
    assert cashier.order.total == "25.00"
    order = cashier.till.state.order
    assert order is not None
    buyer = membership.buyer(cashier.till, order.person_id)
    assert buyer is not None
    assert (buyer.level, buyer.birthday, buyer.points) == ("普通会员", (5, 2), 0)
    cashier.key("settle")
    cashier.enter("")
    found = cashier.till.reader.rows("SELECT net_fen, points FROM order_lines")
    assert [tuple(row) for row in found] == [(2500, 25)]
    cashier.leave()


def test_an_offer_for_birthdays_is_given_on_the_day(tmp_path: Path) -> None:
    rule = offer("special", 'skus = ["T1"]\nprice = "3.00"\nwho = "birthday"', "生日茶")
    changes = {"enabled = false            # F2 signs": "enabled = true  # F2 signs"}
    cashier = Person(offers_shop(tmp_path, rule, extra=changes))
    cashier.sign_in()
    for phone, born, total in (("13800001111", "0302", "3.00"), ("13800002222", "0303", "5.00")):
        cashier.scan(TEA)
        cashier.key("customer", phone)
        cashier.enter("")
        cashier.enter(born)
        assert cashier.order.total == total
        cashier.key("settle")
        cashier.enter("")
    cashier.leave()
