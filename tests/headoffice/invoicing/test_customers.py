"""A customer asks for an invoice on the page behind the receipt's code."""

from __future__ import annotations

import re
from datetime import date

import pytest
from msgspec.structs import replace

from pos.record import InvoiceAsked
from tests.headoffice.invoicing.desk import COMPANY, ONE_DATABASE, PERSON, Desk, why_of


def test_from_the_form_to_the_issued_invoice(desk: Desk) -> None:
    order = desk.sell()
    path = desk.path(order)
    page = desk.browser.get(path)
    assert '<input name="title"' in page
    assert "5.50" in page
    desk.ask(order)
    page = desk.browser.get(path)
    assert "正在开具" in page
    assert f'<meta http-equiv="refresh" content="3;url={path}">' in page
    assert "<form" not in page
    desk.settle()
    page = desk.browser.get(path)
    (row,) = desk.rows("SELECT * FROM issuing")
    assert (row["state"], row["total_fen"], row["no"]) == ("issued", 550, order.number + "01")
    assert row["bureau_no"] in page
    for kind in ("pdf", "ofd"):
        assert f'href="{desk.sim.url}/file/{row["bureau_no"]}.{kind}"' in page
    assert "refresh" not in page
    assert page == desk.browser.get(path), "a second scan shows the same"
    assert "Download PDF" in desk.browser.get(path, language="en")
    (sent,) = desk.sim.book.invoices.values()
    assert sent.data["buyerName"] == COMPANY["title"]
    assert sent.data["email"] == COMPANY["email"]
    told = [row["goodsName"] for row in sent.data["invoiceDetail"]]
    assert told == ["商品1", "商品1", "商品2"], "a discount has a row of its own"


@ONE_DATABASE
def test_data_of_people_is_sealed_and_their_names_are_masked(desk: Desk) -> None:
    order = desk.sell()
    desk.ask(order, PERSON)
    desk.settle()
    page = desk.browser.get(desk.path(order))
    assert "张*" in page
    assert "张三" not in page
    for table in ("issuing", "buyers", "items", "rates"):
        kept = str(desk.rows(f"SELECT * FROM {table}"))
        assert "张三" not in kept, table
        assert "13800001111" not in kept, table


def test_asked_twice_issued_once(desk: Desk) -> None:
    order = desk.sell()
    desk.ask(order)
    page = desk.browser.get(desk.path(order))
    token = desk.browser.token("/sign-in")
    again = {"csrf": token} | COMPANY
    answer = desk.browser.client.post(desk.path(order), data=again, follow_redirects=False)
    assert answer.status_code == 303, "the same once more is no news"
    for other in (COMPANY | {"title": "别的公司"}, PERSON):
        answer = desk.browser.client.post(desk.path(order), data={"csrf": token} | other)
        assert answer.status_code == 422
        assert "另一个抬头" in why_of(answer.text)
        assert COMPANY["tax_id"] not in answer.text
    desk.settle()
    answer = desk.browser.client.post(desk.path(order), data={"csrf": token} | PERSON)
    assert "没有再开" in why_of(answer.text)
    assert len(desk.sim.book.invoices) == 1
    assert "正在开具" in page


WRONG = (
    ({"title": ""}, "抬头"),
    ({"title": "长" * 101}, "最多 100"),
    ({"title": "好🍎公司"}, "🍎"),
    ({"title": "=1+1"}, "不能以"),
    ({"tax_id": ""}, "须填税号"),
    ({"tax_id": "12345"}, "12345 不对"),
    ({"email": "not a mail"}, "邮箱"),
    ({"mobile": "123"}, "手机号"),
)


@ONE_DATABASE
def test_wrong_data_is_told_and_nothing_is_issued(desk: Desk) -> None:
    order = desk.sell()
    for changed, word in WRONG:
        desk.go(7)  # ten a minute
        answer = desk.browser.post(desk.path(order), COMPANY | changed)
        assert answer.status_code == 422
        assert word in why_of(answer.text), changed
        kept = changed.get("email", COMPANY["email"])
        assert f'value="{kept}"' in answer.text, "the form stays filled"
    assert not desk.rows("SELECT no FROM issuing")
    assert not desk.sim.book.invoices


@ONE_DATABASE
def test_a_doubtful_tax_number_is_confirmed_by_the_customer(desk: Desk) -> None:
    order, path = desk.sell(), ""
    path = desk.path(order)
    data = COMPANY | {"tax_id": "914403001922038217"}
    page = desk.browser.post(path, data).text
    assert "校验位不符" in page
    assert 'name="confirm"' in page
    other = {"confirm": "1", "doubted": "914403001922038210"}
    assert "校验位不符" in desk.browser.post(path, data | other).text
    assert not desk.rows("SELECT no FROM issuing")
    sure = {"confirm": "1", "doubted": data["tax_id"]}
    assert desk.browser.post(path, data | sure).status_code == 303


def test_what_came_back_is_not_invoiced(desk: Desk) -> None:
    order = desk.sell()
    desk.bring_back(order, order.lines[0])
    page = desk.browser.get(desk.path(order))
    assert "退货后还能开" in page
    desk.ask(order)
    desk.settle()
    (row,) = desk.rows("SELECT total_fen, state FROM issuing")
    assert row == {"total_fen": 300, "state": "issued"}, "no red letter for what it leaves out"
    whole = desk.sell()
    desk.bring_back(whole, *whole.lines)
    assert "<form method" not in desk.browser.get(desk.path(whole))
    answer = desk.browser.client.post(
        desk.path(whole), data={"csrf": desk.browser.token("/sign-in")} | COMPANY
    )
    assert answer.status_code == 422
    assert "已全部退货" in answer.text
    assert len(desk.sim.book.invoices) == 1


@ONE_DATABASE
def test_links_that_are_not_good_issue_nothing(desk: Desk) -> None:
    order = desk.sell()
    good = desk.path(order)
    token = {"csrf": desk.browser.token("/sign-in")} | COMPANY
    post = desk.browser.client.post
    forged = good[:-1] + ("A" if good[-1] != "A" else "B")
    told = {why_of(post(forged, data=token).text), why_of(desk.browser.get(forged, 404))}
    unknown = replace(order, number=order.number[:-1] + "9")
    bad = desk.path(unknown)[:-1] + "-"
    told.add(why_of(post(bad, data=token).text))
    assert len(told) == 1, "the same words whether there is such an order or not"
    assert "无效" in told.pop()
    desk.go(61 * 86_400)
    answer = post(good, data=token)
    assert answer.status_code == 410
    assert "60 天" in why_of(answer.text)
    assert not desk.rows("SELECT no FROM issuing")


@ONE_DATABASE
def test_forms_of_other_sites_and_crowds_are_refused(desk: Desk) -> None:
    order = desk.sell()
    path = desk.path(order)
    answer = desk.browser.client.post(path, data=COMPANY)
    assert answer.status_code == 403, "no token of this page"
    wrong = COMPANY | {"title": ""}
    answers = [desk.browser.post(path, wrong).status_code for _ in range(11)]
    assert answers == [422] * 10 + [429]
    assert not desk.rows("SELECT no FROM issuing")
    desk.go(60)
    desk.ask(order)


@ONE_DATABASE
def test_a_till_that_issues_is_left_to_it(desk: Desk) -> None:
    house = desk.office.house
    order = desk.sell()
    asked = InvoiceAsked(
        *(desk.side.ledger.where(), f"{order.number}01", order.order_id, order.number, "nuonuo"),
        *(False, "p1", 550, 64, ()),
    )
    desk.side.ledger.add(asked)
    desk.taken_in()
    page = desk.browser.get(desk.path(order))
    assert "开具中" in page
    data = {"csrf": desk.browser.token("/sign-in")} | COMPANY
    assert "已经开过" in desk.browser.client.post(desk.path(order), data=data).text
    own = replace(house.settings.invoices, owner="till")
    house.settings = replace(house.settings, invoices=own)
    other = desk.sell()
    assert "告诉门店收银台" in desk.browser.get(desk.path(other))
    answer = desk.browser.client.post(desk.path(other), data=data)
    assert "收银台开票" in why_of(answer.text)
    assert not desk.rows("SELECT no FROM issuing")


@ONE_DATABASE
def test_what_the_shop_has_to_mend_is_told_as_that(desk: Desk) -> None:
    house = desk.office.house
    own = replace(house.settings.invoices, default_code="")
    house.settings = replace(house.settings, invoices=own)
    order = desk.sell()
    answer = desk.browser.post(desk.path(order), COMPANY)
    assert "请联系门店" in why_of(answer.text)
    assert "invoices." not in answer.text


@ONE_DATABASE
def test_a_failed_invoice_can_be_asked_for_with_better_data(desk: Desk) -> None:
    order = desk.sell()
    desk.sim.wish("failed", f"{order.number}01")
    desk.ask(order)
    desk.settle()
    page = desk.browser.get(desk.path(order))
    assert "没有开成<br>购方税号在电子税局中不存在" in page
    desk.ask(order, PERSON)
    desk.settle()
    assert desk.states() == {f"{order.number}01": "failed", f"{order.number}02": "issued"}
    page = desk.browser.get(desk.path(order))
    assert "没有开成" not in page
    assert "已开具" in page


@ONE_DATABASE
def test_five_failures_are_enough(desk: Desk) -> None:
    order = desk.sell()
    for n in range(1, 6):
        desk.sim.wish("failed", f"{order.number}{n:02d}")
        desk.ask(order)
        desk.settle()
        desk.go(60)
    answer = desk.browser.post(desk.path(order), COMPANY)
    assert "找门店" in why_of(answer.text)


@ONE_DATABASE
def test_tax_codes_are_those_of_the_goods(desk: Desk) -> None:
    from pos.headoffice import master
    from pos.protocol.master import Product

    water = "1030307040000000000"
    table = desk.office.house.folder / "tax-codes.csv"
    table.write_text(table.read_text("utf-8") + f"{water},包装饮用水,软饮料\n", "utf-8")
    goods = [Product("S1", "矿泉水", "瓶", 1300, tax_code=water, spec="550ml")]
    master.put(desk.office.house, goods, "test")
    order = desk.sell()
    desk.ask(order)
    desk.settle()
    (sent,) = desk.sim.book.invoices.values()
    codes = [row["goodsCode"] for row in sent.data["invoiceDetail"]]
    assert codes[0] == water
    assert codes[-1] != water
    assert sent.data["invoiceDetail"][0]["specType"] == "550ml"


@ONE_DATABASE
@pytest.mark.parametrize("language", ["zh-CN", "en"])
def test_pages_speak_one_language(desk: Desk, language: str) -> None:
    order = desk.sell()
    page = desk.browser.get(desk.path(order), language=language)
    form = re.sub(r'value="[^"]*"', "", page[page.index('id="form"') : page.index("</form>")])
    assert bool(re.search("[\u4e00-\u9fff]", form)) is (language != "en")
    assert desk.path(order, date(2026, 3, 1)) != desk.path(order)
