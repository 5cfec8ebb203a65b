"""The customer's page behind the code on a receipt: both databases, good links and bad ones."""

from __future__ import annotations

import re
from datetime import date

import pytest
from msgspec.structs import replace

from pos.clock import stamp
from pos.ids import order_number
from pos.invoices import link as links
from pos.record import (
    Fact,
    InvoiceAsked,
    InvoiceEnded,
    OrderClosed,
    RedAsked,
    RedEnded,
    SoldLine,
    Taken,
    from_bytes,
)
from tests.headoffice.conftest import Office
from tests.headoffice.pages.conftest import Visitor
from tests.headoffice.pages.test_hostile import CORPUS
from tests.headoffice.sides import DAY, Side

NUMBER = "000101010000001"
DAY_ONE = date.fromisoformat(DAY)


def _path(office: Office, number: str = NUMBER, day: date = DAY_ONE, fen: int = 550) -> str:
    return links.PATH + links.token(office.house.keys.link, links.Link(number, day, fen))


def _sold(office: Office) -> tuple[Side, OrderClosed]:
    """A till that sold two lines for 5.50, and that order."""
    side = office.till()
    fact = from_bytes(side.ledger.sell().body.encode()).fact
    assert isinstance(fact, OrderClosed)
    return side, fact


def _second(side: Side, like: OrderClosed) -> OrderClosed:
    """One more order, like another."""
    ledger = side.ledger
    ledger.seq += 1
    number = order_number(ledger.shop, ledger.till, ledger.epoch, ledger.seq)
    order = replace(like, number=number, seq=ledger.seq, order_id=f"order-{number}")
    ledger.add(order)
    return order


def _taken_in(office: Office, side: Side) -> None:
    side.send(side.ledger.batch())
    office.project()


def _back(side: Side, of: OrderClosed, lines: tuple[SoldLine, ...], *tenders: Taken) -> None:
    """Goods of an order come back, whole lines."""
    ledger = side.ledger
    ledger.seq += 1
    number = order_number(ledger.shop, ledger.till, ledger.epoch, ledger.seq)
    gone = tuple(
        replace(
            line,
            line_no=n,
            milli=-line.milli,
            list_fen=-line.net_fen,
            adjustments=(),
            net_fen=-line.net_fen,
            tax_fen=-line.tax_fen,
            of_order=of.order_id,
            of_line=line.line_no,
            condition="stock",
        )
        for n, line in enumerate(lines, 1)
    )
    total = sum(line.net_fen for line in gone)
    ledger.add(
        OrderClosed(
            ledger.where(),
            f"order-{number}",
            ledger.seq,
            number,
            "",
            stamp(ledger.at),
            gone,
            tenders or (Taken("cash", total, total),),
            total,
            sum(line.tax_fen for line in gone),
            0,
            0,
            reason="changed mind",
        )
    )


def _told(page: str) -> str:
    found = re.search('<p class="(?:why|note)"[^>]*>(.*?)</p>', page)
    assert found is not None, page
    return found[1]


def _fen(page: str) -> str:
    found = re.search("<dd><b>(.*?)</b></dd>", page)
    assert found is not None, page
    return found[1]


def test_receipt_and_what_may_be_invoiced(office: Office, visitor: Visitor) -> None:
    side, _ = _sold(office)
    _taken_in(office, side)
    browser = visitor()
    page = browser.get(_path(office))
    assert _fen(page) == "5.50"
    assert "2026-05-01" in page, "60 days"
    assert '<div class="receipt" style="--columns:32">' in page
    assert "商品" in page
    assert "一店" in page
    assert "退换" not in page, "head office does not know what the shop promises"
    assert page == browser.get(_path(office)), "a second scan shows the same"
    assert "Can be invoiced" in visitor().get(_path(office), language="en")


def test_policy_lets_styles_in_on_this_page_alone(office: Office, visitor: Visitor) -> None:
    side, _ = _sold(office)
    _taken_in(office, side)
    client = visitor().client
    policy = client.get(_path(office)).headers["content-security-policy"]
    assert "style-src 'self' 'unsafe-inline'" in policy
    assert "default-src 'none'" in policy
    assert "script" not in policy
    for other in ("/sign-in", _path(office) + "x"):
        assert "unsafe" not in client.get(other).headers["content-security-policy"]


def test_what_came_back_is_not_invoiced(office: Office, visitor: Visitor) -> None:
    side, order = _sold(office)
    _back(side, order, order.lines[:1])
    _taken_in(office, side)
    assert _fen(visitor().get(_path(office))) == "3.00"
    _back(side, order, order.lines[1:])
    side.send(side.ledger.batch(-1))
    office.project()
    page = visitor().get(_path(office))
    assert _fen(page) == "0.00"
    assert "已全部退货" in _told(page)


def test_stored_value_is_not_invoiced(office: Office, visitor: Visitor) -> None:
    side, plain = _sold(office)
    ledger = side.ledger
    stored = Taken("stored_value", 200, 200, reference="r", account="m")
    order = _second(side, replace(plain, tenders=(stored, Taken("cash", 350, 350)), change_fen=0))
    _taken_in(office, side)
    path = _path(office, order.number)
    assert _fen(visitor().get(path)) == "3.50"
    back = Taken("stored_value", -150, -150, "q", order.order_id, 1, account="m")
    _back(side, order, order.lines[:1], back, Taken("cash", -100, -100))
    side.send(ledger.batch(-1))
    office.project()
    assert _fen(visitor().get(path)) == "2.50", "0.50 of the 3.00 that stay is stored value"


def test_the_invoice_of_a_till_is_shown(office: Office, visitor: Visitor) -> None:
    side, order = _sold(office)
    browser, path = visitor(), _path(office)
    asked = InvoiceAsked(
        *(side.ledger.where(), f"{NUMBER}01", order.order_id, NUMBER, "nuonuo", False, "p1"),
        *(550, 64, ()),
    )

    def states(*facts: Fact) -> str:
        for fact in facts:
            side.ledger.add(fact)
        side.send(side.ledger.batch(-len(facts) if office.rows("SELECT 1 FROM orders") else 0))
        office.project()
        page = browser.get(path)
        assert ("告诉门店收银台" in page) is not any(x in page for x in ("开具中", "已开具"))
        return page

    assert "开具中" in states(asked)
    ended = InvoiceEnded(f"{NUMBER}01", order.order_id, "failed", "", "", "E1 =1+1")
    page = states(ended)
    assert "开票失败" in page
    assert "E1" not in page
    asked = replace(asked, invoice_no=f"{NUMBER}02")
    ended = replace(ended, invoice_no=f"{NUMBER}02", state="issued", bureau_no="26" * 10)
    page = states(asked, ended)
    assert "已开具" in page
    assert "26" * 10 in page
    assert page == browser.get(path), "a second scan shows the same"
    red = RedAsked(
        *(side.ledger.where(), f"{NUMBER}R01", f"{NUMBER}02", order.order_id, "return"),
        *(250, 29, ()),
    )
    done = RedEnded(f"{NUMBER}R01", f"{NUMBER}02", order.order_id, "red", "27" * 10, "")
    assert "已红冲 2.50" in states(red, done)
    red, done = (
        replace(red, red_no=f"{NUMBER}R02", total_fen=300),
        replace(done, red_no=f"{NUMBER}R02", bureau_no="28" * 10),
    )
    page = states(red, done)
    assert "已全部红冲" in page
    assert "26" * 10 in visitor("reader").get(f"/orders/{NUMBER}"), "the manager sees it too"


@pytest.mark.parametrize("language", ["zh-CN", "en"])
def test_bad_links_are_told(office: Office, visitor: Visitor, language: str) -> None:
    browser, good = visitor(), _path(office)
    told = {}
    flipped = good[:-1] + ("A" if good[-1] != "A" else "B")
    told["forged"] = _told(browser.get(flipped, 404, language))
    told["waiting"] = _told(browser.get(good, 404, language))
    office.now.later(days=61)
    told["expired"] = _told(browser.get(good, 410, language))
    assert len(set(told.values())) == 3
    if language == "en":
        assert all(text.isascii() for text in told.values())
    else:
        assert "无效" in told["forged"]
        assert NUMBER in told["waiting"]
        assert "60 天" in told["expired"]


def test_a_link_of_another_day_is_no_receipt(office: Office, visitor: Visitor) -> None:
    side, _ = _sold(office)
    _taken_in(office, side)
    visitor().get(_path(office, day=date(2026, 3, 1)), 404)


def test_no_key_no_page(office: Office, visitor: Visitor) -> None:
    good = _path(office)
    office.house.keys.link = b""
    assert "没有开通" in _told(visitor().get(good, 404))


@pytest.mark.parametrize("text", CORPUS)
def test_names_of_goods_are_no_markup(office: Office, visitor: Visitor, text: str) -> None:
    side, plain = _sold(office)
    lines = tuple(replace(line, name=text) for line in plain.lines)
    order = _second(side, replace(plain, lines=lines, note=text))
    _taken_in(office, side)
    page = visitor().get(_path(office, order.number))
    assert not re.search(r"<(script|img|svg/)|onerror=|</title><svg/", page.replace("&lt;", ""))
    assert not re.search("[\u202a-\u202e\u2066-\u2069\x00-\x09\x0b-\x1f\x7f-\x9f]", page)


def test_guesses_from_one_address_are_limited(office: Office, visitor: Visitor) -> None:
    client = visitor().client
    answers = [client.get(f"/i/guess{n}").status_code for n in range(301)]
    assert answers[:300] == [404] * 300
    assert answers[300] == 429
