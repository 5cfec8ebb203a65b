"""What head office keeps comes down whole or not at all; prices begin when the clock says so."""

from __future__ import annotations

import sqlite3
from contextlib import closing
from datetime import timedelta
from typing import Any

import msgspec
import pytest

from pos.clock import stamp
from pos.headoffice import master
from pos.protocol.master import (
    Barcode,
    Change,
    Cost,
    Coupon,
    Member,
    Operator,
    Price,
    Product,
    Promotion,
    Role,
    SnapshotEnd,
    SnapshotHead,
    Stock,
    Value,
    key_of,
)
from pos.refusal import Refused
from pos.store import incoming
from pos.store.incoming import received
from pos.store.offers import CouponRow, coupon, kept
from pos.store.reader import Reader
from pos.store.verify import verify_ledger
from pos.sync.receiving import opened
from pos.sync.staging import Staging
from tests.shop import WATER
from tests.sync.office import Office, TillSide, enrol_till, initials

TEA = Product("T1", "明前龙井\u202e茶", "盒", 1300, spec="250g")
CODE = Barcode("6920000000017", "T1")
NOW = Price("T1", "", 8800)


@pytest.fixture
def till(tmp_path: Any, office: Office) -> Any:
    found = enrol_till(tmp_path / "till", office, owner="headoffice")
    yield found
    found.close()


def look(till: TillSide, sql: str) -> list[Any]:
    with closing(sqlite3.connect(till.ledger.place.path)) as raw:
        return raw.execute(sql).fetchall()


def sold_at(till: TillSide, code: str) -> int | None:
    with closing(Reader(till.ledger.place.path)) as reader:
        product = reader.product(code)
        return None if product is None else product.price_fen


def put(office: Office, *values: Value, shop: str = "") -> None:
    master.put(office.house, list(values), "9001", shop=shop)


def test_goods_come_down_and_are_sold(office: Office, till: TillSide) -> None:
    put(office, TEA, CODE, NOW)
    status = till.visit()
    assert status.trouble == ""
    assert sold_at(till, CODE.code) == 8800
    assert look(till, "SELECT name FROM products WHERE sku = 'T1'") == [("明前龙井茶",)]
    assert look(till, "SELECT initials FROM product_initials i JOIN products p"
                " USING (product_id) WHERE p.sku = 'T1'") == [("x",)]  # fmt: skip
    put(office, Price("T1", "", 9900))
    till.visit()
    assert sold_at(till, CODE.code) == 9900
    assert verify_ledger(till.ledger.place.path).ok


def test_a_price_begins_when_its_time_comes_also_offline(office: Office, till: TillSide) -> None:
    later = stamp(till.shop.hands.at + timedelta(hours=2))
    put(office, TEA, CODE, NOW, Price("T1", later, 6600, member_fen=6000))
    till.visit()
    office.stop()
    assert till.visitor.prices() == later
    assert sold_at(till, CODE.code) == 8800
    till.shop.hands.go(2 * 3600 + 1)
    assert till.visitor.prices() == ""
    assert sold_at(till, CODE.code) == 6600
    till.shop.hands.go(-2 * 3600)  # a clock that was set back
    till.visitor.prices()
    assert sold_at(till, CODE.code) == 8800
    office.start()


def test_the_shop_s_own_price_goes_before_the_chain_s(office: Office, till: TillSide) -> None:
    put(office, TEA, CODE, NOW)
    put(office, Price("T1", "", 7700), shop="0001")
    till.visit()
    assert sold_at(till, CODE.code) == 7700


def test_without_a_price_it_is_not_sold_and_gone_is_gone(office: Office, till: TillSide) -> None:
    put(office, TEA, CODE)
    till.visit()
    with pytest.raises(Refused) as refused:
        sold_at(till, CODE.code)
    assert refused.value.code == "product_off"
    put(office, NOW)
    till.visit()
    assert sold_at(till, CODE.code) == 8800
    master.put(office.house, [], "9001", gone=[("barcode", CODE.code)])
    till.visit()
    assert sold_at(till, CODE.code) is None
    assert sold_at(till, "T1") == 8800
    master.put(office.house, [], "9001", gone=[("product", "T1")])
    till.visit()
    with pytest.raises(Refused):
        sold_at(till, "T1")


def test_a_till_that_keeps_its_own_goods_takes_none(office: Office, tmp_path: Any) -> None:
    alone = enrol_till(tmp_path / "alone", office, till="02", owner="till")
    put(office, TEA, CODE, NOW)
    assert alone.visit().trouble == ""
    assert sold_at(alone, CODE.code) is None
    assert sold_at(alone, WATER) == 200
    alone.close()


def test_one_bad_value_refuses_all_with_its_reason(office: Office, till: TillSide) -> None:
    put(office, TEA, CODE, NOW)
    till.visit()
    put(office, Price("T1", "", 5000), Barcode("6920000000024", "NOBODY"))
    status = till.visit()
    assert (status.trouble, status.trouble_values["key"]) == ("ho_bad_change", "NOBODY")
    assert sold_at(till, CODE.code) == 8800
    till.sell(1)  # and selling and sending go on
    assert till.visit().stage == "idle"
    put(office, Product("NOBODY", "新品", "个", 1300))
    assert till.visit().trouble == ""
    assert sold_at(till, CODE.code) == 5000


def test_people_roles_members_and_cost(office: Office, till: TillSide) -> None:
    put(
        office,
        Operator("7001", "区域店长", "manager", "hash"),
        Role("cashier", ("sell", "hold", "fly"), 700, 0),
        Member("M1", "0001", "880001", "gold", "张*", "ab" * 32, "0001", 120, 5000),
    )
    put(office, Cost("000001", 120), shop="0001")
    till.visit()
    assert look(till, "SELECT name, active FROM operators WHERE operator_id = '7001'") == [
        ("区域店长", 1)
    ]
    assert look(till, "SELECT cost_fen FROM products WHERE sku = '000001'") == [(120,)]
    with closing(Reader(till.ledger.place.path)) as reader:
        assert msgspec.json.decode(received(reader, "member")["M1"], type=Member).stored_fen == 5000
        assert '"sell"' in reader.role("cashier")
    master.put(office.house, [], "9001", gone=[("operator", "7001"), ("member", "M1")])
    till.visit()
    assert look(till, "SELECT active FROM operators WHERE operator_id = '7001'") == [(0,)]
    with closing(Reader(till.ledger.place.path)) as reader:
        assert received(reader, "member") == {}
    told = [row[0] for row in look(till, "SELECT detail FROM events WHERE subject = '7001'")]
    assert told == ["added manager", "disabled manager"]


def staged(till: TillSide, *changes: Change, epoch: int = 1, jn: int = 0) -> None:
    """Have changes of the shop's stream put in, with own records up to `jn` in them."""
    from pos.protocol.master import Included

    staging = Staging(till.shop.folder / "x.db", "shop", goods=True, whole=False)
    staging.put(changes)
    staging.include([Included(epoch, jn)] if jn else [])
    incoming.apply(till.ledger, staging.finish("c1", lambda _: True, initials))


def change(value: Value) -> Change:
    kind, key = key_of(value)
    return Change(kind, key, 1, msgspec.Raw(msgspec.json.encode(value)))


def test_on_hand_is_the_level_and_own_moves_not_in_it(office: Office, till: TillSide) -> None:
    till.sell(2)
    seen = till.ledger.head.jn
    till.sell(3)  # three bottles of water that head office has not seen
    staged(till, change(Stock("000001", 50_000)), jn=seen)
    level = "SELECT milli FROM stock_levels JOIN products USING (product_id) WHERE sku = '000001'"
    assert look(till, level) == [(47_000,)]
    till.sell(1)
    assert look(till, level) == [(46_000,)]
    staged(till, change(Stock("000001", 46_000)), jn=till.ledger.head.jn)
    assert look(till, level) == [(46_000,)]


@pytest.mark.parametrize(
    "bad",
    [
        change(Price("000001", "", 10**10)),
        change(Operator("1", "x", "wizard", "h")),
        change(Barcode("6920\u202e00", "000001")),
        Change("price", "other@", 1, msgspec.Raw(msgspec.json.encode(NOW))),
        Change("product", "T1", 1, msgspec.Raw(b'{"sku": 7}')),
    ],
)
def test_what_is_no_value_is_refused(till: TillSide, bad: Change) -> None:
    with pytest.raises(Refused) as refused:
        staged(till, bad)
    assert refused.value.code == "ho_bad_change"
    assert sold_at(till, WATER) == 200


def test_kinds_of_a_newer_head_office_are_passed_over(till: TillSide) -> None:
    staged(till, Change("hologram", "H1", 1, msgspec.Raw(b'{"x": 1}')))


def test_a_snapshot_without_its_right_end_is_nothing() -> None:
    import hashlib

    head = msgspec.json.encode(SnapshotHead("chain", "1-a"))
    line = msgspec.json.encode(change(TEA))
    body = head + b"\n" + line + b"\n"
    end = msgspec.json.encode(SnapshotEnd(1, hashlib.sha256(body).hexdigest()))
    found, changes = opened(body + end)
    assert (found.cursor, len(list(changes))) == ("1-a", 1)
    for spoilt in (body, body + end[:-4], body.replace(b"T1", b"T2") + end, head + b"\n" + end):
        with pytest.raises(Refused) as refused:
            opened(spoilt)
        assert refused.value.code == "ho_bad_snapshot"


def rule(name: str, price: str = "1.00", active: bool = True) -> Promotion:
    text = f'[[offer]]\nid = "{name}"\nname = "特价"\nkind = "special"\nskus = ["000001"]\n'
    return Promotion(f"file-{name}", text + f'price = "{price}"\n', active)


def offers_of(till: TillSide) -> list[tuple[str, str]]:
    with closing(Reader(till.ledger.place.path)) as reader:
        source = reader.rows("SELECT source FROM offer_versions ORDER BY version DESC LIMIT 1")
        return [(one.id, source[0][0]) for one in kept(reader).offers] if source else []


def test_offers_come_down_and_are_live(office: Office, till: TillSide) -> None:
    put(office, rule("a"), rule("b"))
    assert till.visit().trouble == ""
    assert offers_of(till) == [("a", "headoffice"), ("b", "headoffice")]
    put(office, rule("a", active=False), rule("c"), Coupon("QUAN-1", "a", 3))
    till.visit()
    with closing(Reader(till.ledger.place.path)) as reader:
        assert coupon(reader, "QUAN-1") == CouponRow("QUAN-1", "a", 3, central=True)
        assert coupon(reader, "QUAN-2") is None
    assert offers_of(till) == [("b", "headoffice"), ("c", "headoffice")]
    look_at = "SELECT count(*) FROM offer_versions"
    before = look(till, look_at)
    put(office, Price("T1", "", 100), TEA, CODE)  # says nothing of offers
    till.visit()
    assert look(till, look_at) == before
    assert verify_ledger(till.ledger.place.path).ok


@pytest.mark.parametrize(
    "bad",
    [
        rule("b", "-1"),
        Promotion("file-b", "[[offer]\n"),
        Promotion("file-b", "id,name,kind\nb,n,nonsense\n"),
        Promotion("file-b", rule("a").text),  # two with one id
    ],
)
def test_bad_offers_are_refused_with_all_that_came_with_them(
    office: Office, till: TillSide, bad: Promotion
) -> None:
    put(office, rule("a"), TEA, CODE, NOW)
    till.visit()
    put(office, Price("T1", "", 5000), bad)
    status = till.visit()
    assert status.trouble == "ho_bad_change"
    assert status.trouble_values["kind"] == "promotion"
    assert len(str(status.trouble_values["why"])) > 5
    assert (offers_of(till), sold_at(till, CODE.code)) == ([("a", "headoffice")], 8800)
    put(office, rule("b"), Promotion("file-b", rule("b").text))
    assert till.visit().trouble == ""
    assert [name for name, _ in offers_of(till)] == ["a", "b"]
    assert sold_at(till, CODE.code) == 5000


def test_a_till_with_its_own_files_takes_no_offers(office: Office, tmp_path: Any) -> None:
    alone = enrol_till(tmp_path / "alone", office, till="02", owner="till")
    put(office, rule("a"))
    assert alone.visit().trouble == ""
    assert offers_of(alone) == []
    alone.close()
