"""Offers at the counter: priced at each scan, frozen at the first tender, on record, on paper."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

import pytest

from pos.receiptline import as_text
from pos.store.reader import Reader
from pos.store.verify import verify_ledger
from pos.till import receipts, signing
from pos.till.view import ListView, PayView
from tests.offers import (
    CHIPS,
    COUPONS,
    KINDS,
    TEA,
    TEA_PACK,
    TOWEL,
    YOGURT,
    Kind,
    offer,
    offers_shop,
)
from tests.till.person import Person

HALF = offer("nth", 'skus = ["T1"]\nqty = 2\nrate = "50"', "第二件半价")
LESS = offer("spend_off", 'amount = "15.00"\noff = "3.00"', "满15减3")


@contextmanager
def at_work(folder: Path, toml: str, coupons: str = "") -> Iterator[Person]:
    someone = Person(offers_shop(folder, toml, coupons))
    someone.sign_in()
    yield someone
    someone.leave()
    verdict = verify_ledger(someone.till.config.ledger)
    assert verdict.ok, verdict


def changed(person: Person, toml: str) -> None:
    """Somebody saves another file, and the till looks at it."""
    (person.shop.folder / "offers.toml").write_text(toml, "utf-8")
    person.shop.hands.go(40)
    person.till.tick()
    person.till.submit(lambda _: None).result(10)
    person.wait()
    person.till.tick()


def told(person: Person) -> str:
    order = person.order
    return " ".join([*(x.note for x in order.lines), *(f"{a} {b}" for a, b in order.offers)])


def closed(person: Person) -> Reader:
    person.enter()
    person.enter()
    return Reader(person.till.config.ledger)


@pytest.mark.parametrize("case", KINDS, ids=[case.kind for case in KINDS])
def test_every_kind_from_the_scan_to_the_record_and_the_paper(tmp_path: Path, case: Kind) -> None:
    coupons = COUPONS if case.kind == "coupon" else ""
    with at_work(tmp_path, case.toml, coupons) as person:
        person.scan(*case.scans)
        if case.member:
            person.key("customer", "13800001111")
            person.enter("王芳")
        assert case.told in told(person)
        assert person.order.total == case.total
        view = person.enter()
        assert isinstance(view.panel, PayView)
        assert view.panel.due == case.total
        person.enter()
        found = Reader(person.till.config.ledger)
        [order] = found.orders()
        lines = found.order_lines(order.order_id)
        assert order.total_fen == sum(line["net_fen"] for line in lines)
        [given] = [
            tuple(row)
            for row in found.rows("SELECT offer_id, kind, times > 0, fen FROM order_offers")
            if row[0]
        ]
        off = found.rows("SELECT sum(fen) FROM line_adjustments WHERE offer_id = ?", (case.kind,))[
            0
        ][0]
        assert given == (case.kind, case.kind, 1, off)
        paper = as_text.text(receipts.order_slip(person.till.config, found, order.order_id, "sale"))
        assert case.told.split(" -")[0].split("，")[-1] in paper
        assert "优惠合计" in paper


def test_the_better_offer_is_found_again_at_each_change(tmp_path: Path) -> None:
    with at_work(tmp_path, HALF + LESS) as person:
        person.scan(TEA)
        assert person.order.total == "5.00"
        person.scan(TEA)
        assert (person.order.total, person.order.saved) == ("7.50", "2.50")
        person.scan(CHIPS)
        assert person.order.total == "14.40"  # 7.50 + 9.90 reach 15.00
        assert person.order.offers == (("满15减3", "-3.00"),)
        person.key("delete_line")
        assert person.order.total == "7.50"
        assert told(person).count("满15减3") == 0
        person.scan(TEA_PACK)
        assert person.order.lines[-1].unit_price == "54.00"
        assert "第二件半价" not in person.order.lines[-1].note


def test_what_is_nearly_had_is_said(tmp_path: Path) -> None:
    with at_work(tmp_path, HALF) as person:
        person.scan(TEA)
        assert person.order.hint == "再买 1 件，享 第二件半价"
        person.scan(TEA)
        assert person.order.hint == ""


def test_prices_freeze_at_the_first_tender(tmp_path: Path) -> None:
    """A new file changes what is on the counter at its next scan, never what is being paid."""
    with at_work(tmp_path, HALF) as person:
        person.scan(TEA, TEA)
        person.enter()
        person.key("cash", "1")
        changed(person, LESS)
        view = person.till.view()
        assert isinstance(view.panel, PayView)
        assert view.panel.due == "6.50"
        found = closed(person)
        assert found.orders()[0].total_fen == 750
        versions = found.rows("SELECT version, source FROM offer_versions ORDER BY version")
        assert [tuple(row) for row in versions] == [(1, "file"), (2, "file")]
        person.scan(TEA, TEA)
        assert person.order.total == "10.00"


def test_a_file_with_a_fault_is_told_with_its_line_and_the_offers_before_stay(
    tmp_path: Path,
) -> None:
    with at_work(tmp_path, HALF) as person:
        changed(person, HALF + '[[offer]]\nid = "x"\nkind = "特技"\n')
        assert "offers.toml：促销文件有 1 处错误" in person.message.text
        assert "促销 x（第 10 行）：“kind”的值“特技”不对" in person.message.text
        assert person.till.view().header.alarm == person.message.text
        changed(person, HALF)
        assert person.till.view().header.alarm == ""
        person.scan(TEA, TEA)
        assert person.order.total == "7.50"


def test_a_coupon_is_used_once(tmp_path: Path) -> None:
    toml = offer("coupon", 'amount = "10.00"\noff = "2.00"', "两元券")
    with at_work(tmp_path, toml, COUPONS) as person:
        person.scan("QUAN-1")
        assert person.message.text == "先扫商品，再扫券"
        person.scan(CHIPS)
        person.scan("QUAN-1")
        assert person.message.text == "券没有用上。没有用 两元券 QUAN-1：还差 0.10 元可用券"
        person.scan(TEA, "QUAN-1")
        assert person.order.total == "12.90"
        person.scan("QUAN-1")
        assert "已取下券" in person.message.text
        assert person.order.total == "14.90"
        person.scan("QUAN-1")
        found = closed(person)
        assert found.orders()[0].total_fen == 1290
        person.scan(CHIPS, TEA, "QUAN-1")
        assert person.message.text == "券没有用上。没有用 两元券 QUAN-1：券已用过"
        assert person.order.total == "14.90"


def test_an_add_on_is_chosen_from_the_list(tmp_path: Path) -> None:
    toml = offer("add_on", 'amount = "10.00"\ngifts = ["G1"]\nprice = "9.90"', "换购毛巾")
    with at_work(tmp_path, toml) as person:
        person.key("offers")
        assert person.message.tone == "error"
        person.scan(TEA, TEA)
        assert "换购" in person.order.hint
        view = person.key("offers")
        assert isinstance(view.panel, ListView)
        assert view.panel.rows[0] == ("可换购", "毛巾 9.90", "换购毛巾")
        person.enter("1")
        assert person.order.total == "19.90"
        assert person.mode() == "selling"


def test_limits_count_what_was_sold_before(tmp_path: Path) -> None:
    """Per day and per member: counted from the ledger, the next order sees them."""
    toml = offer("special", 'skus = ["T1"]\nprice = "4.00"\nper_day = 2', "每天两瓶")
    toml += "[[offer]]\nid = 'b'\nname = '额度'\nkind = 'special'\nskus = ['C1']\nprice = '5.00'\n"
    toml += "budget = '4.00'\n"
    with at_work(tmp_path, toml) as person:
        person.scan(TEA, TEA, TEA, CHIPS)
        assert person.order.total == "18.00"
        closed(person)
        person.scan(TEA, CHIPS)
        assert person.order.total == "14.90"
        person.key("hold")
        person.shop.hands.go(86_400)
        signing.sign_out(person.till)
        person.wait()
        person.sign_in()
        person.scan(TEA)
        assert person.order.total == "4.00"


def test_a_member_price_goes_with_the_customer(tmp_path: Path) -> None:
    with at_work(tmp_path, "") as person:
        person.scan(YOGURT)
        assert person.order.total == "6.00"
        person.key("customer", "13800001111")
        person.enter("王芳")
        assert person.order.total == "5.40"
        assert person.order.lines[0].note == "原价 6.00，会员价 -0.60"
        found = closed(person)
        rows = found.rows("SELECT kind, fen, offer_id FROM line_adjustments")
        assert [tuple(row) for row in rows] == [("member", 60, "")]


def test_held_orders_keep_their_price_until_they_come_back(tmp_path: Path) -> None:
    with at_work(tmp_path, HALF) as person:
        person.scan(TEA, TEA)
        person.key("hold")
        person.scan(TOWEL)
        person.key("void_order")
        person.approve()
        person.enter("1")
        person.key("hold")
        assert person.order.total == "7.50"
