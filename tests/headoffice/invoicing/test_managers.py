"""A manager's pages: the day's list by state, a failed one mended, taken back, erased."""

from __future__ import annotations

import re

from msgspec.structs import replace

from tests.headoffice.invoicing.desk import COMPANY, ONE_DATABASE, Desk
from tests.headoffice.pages.conftest import Visitor


def test_the_day_by_state_and_a_failed_one_mended(desk: Desk, visitor: Visitor) -> None:
    good, bad, slow = (desk.sell() for _ in range(3))
    desk.sim.wish("failed", f"{bad.number}01")
    for order in (good, bad):
        desk.ask(order)
    desk.settle()
    desk.bring_back(good, good.lines[0])
    desk.settle()
    desk.ask(slow)
    manager = visitor("manager")
    page = manager.get("/invoices")
    counts = re.findall(r"<b>(\d+)</b></a>", page.split('class="tabs"')[1].split("</nav>")[0])
    assert counts == ["1", "1", "1", "1"], "issued, failed, asked, red"
    assert bad.number not in manager.get("/invoices?state=issued")
    assert "发票没有开成 1 张" in manager.get("/")
    path = f"/invoices/{bad.number}01"
    page = manager.get(path)
    assert "购方税号在电子税局中不存在" in page
    assert COMPANY["tax_id"] in page
    wrong = {"act": "amend", "kind": "company", "title": "好公司", "tax_id": "1"}
    assert "不对" in manager.refused(path, wrong)
    mended = {"act": "amend", "kind": "person", "title": "李四"}
    assert manager.post(path, mended).headers["location"] == f"{path}?done=invoice"
    desk.settle()
    assert desk.states()[f"{bad.number}02"] == "issued"
    assert "没有开成" not in manager.get("/")
    assert "好" in desk.browser.get(desk.path(bad)) or "李*" in desk.browser.get(desk.path(bad))


@ONE_DATABASE
def test_an_issued_one_is_amended_after_its_red_letter(desk: Desk, visitor: Visitor) -> None:
    order = desk.sell()
    desk.ask(order)
    desk.settle()
    manager, path = visitor("manager"), f"/invoices/{order.number}01"
    manager.post(path, {"act": "amend", "kind": "person", "title": ""})
    desk.issuer.turn()
    assert desk.states()[f"{order.number}02"] == "new", "the red letter first"
    desk.settle()
    no = order.number
    assert desk.states() == {f"{no}01": "issued", f"{no}02": "issued", f"{no}R01": "red"}
    (form,) = desk.sim.book.forms.values()
    assert form.data["redReason"] == "2", "开票有误"
    assert "已全部冲红" in manager.refused(path, {"act": "red", "cause": "mistake"})
    page = desk.browser.get(desk.path(order))
    assert "已全部红冲" in page
    assert "个人" in page


@ONE_DATABASE
def test_taken_back_by_reason_and_applied_again(desk: Desk, visitor: Visitor) -> None:
    order = desk.sell()
    desk.ask(order)
    desk.settle()
    no = order.number
    manager, path = visitor("manager"), f"/invoices/{no}01"
    desk.sim.wish("buyer_refuses", f"{no}R01")
    manager.post(path, {"act": "red", "cause": "allowance"})
    desk.settle()
    assert desk.states()[f"{no}R01"] == "refused"
    (form,) = desk.sim.book.forms.values()
    assert form.data["redReason"] == "4", "销售折让"
    assert "再申请一次" in manager.get(path)
    manager.post(path, {"act": "again", "red": f"{no}R01"})
    desk.settle()
    assert desk.states()[f"{no}R02"] == "red"


@ONE_DATABASE
def test_what_is_wrong_with_the_settings_is_on_the_page(desk: Desk, visitor: Visitor) -> None:
    house = desk.office.house
    good = house.settings
    house.settings = replace(good, invoices=replace(good.invoices, clerk=""))
    desk.ask(desk.sell())
    desk.issuer.turn()
    assert "invoices.clerk" in visitor("manager").get("/invoices")
    house.settings = good
    desk.settle()
    assert set(desk.states().values()) == {"issued"}, "what was asked for waited"
    assert "invoices.clerk" not in visitor("reader").get("/invoices")


@ONE_DATABASE
def test_a_buyer_is_erased(desk: Desk, visitor: Visitor) -> None:
    order = desk.sell()
    desk.ask(order)
    manager, path = visitor("manager"), f"/invoices/{order.number}01"
    desk.issuer.turn()
    desk.settle()
    assert COMPANY["title"] in manager.get(path)
    manager.post(path, {"act": "erase"})
    page = manager.get(path)
    assert "购方资料已删除" in page
    assert COMPANY["title"] not in page + desk.browser.get(desk.path(order))
    (row,) = desk.rows("SELECT wrapped_key FROM buyers")
    assert row["wrapped_key"] == ""
    assert "已开具" in desk.browser.get(desk.path(order)), "the invoice itself stays"
    assert "资料已删除" in manager.refused(path, {"act": "red", "cause": "mistake"}, "/password")


@ONE_DATABASE
def test_who_may_see_and_do_what(desk: Desk, visitor: Visitor) -> None:
    order = desk.sell()
    desk.ask(order)
    desk.settle()
    path = f"/invoices/{order.number}01"
    reader = visitor("reader")
    page = reader.get(path)
    assert COMPANY["tax_id"] not in page
    assert COMPANY["title"] not in page
    assert reader.post(path, {"act": "erase"}, "/password").status_code == 403
    other = visitor("manager", "0002") if _second_shop(desk) else reader
    assert "没有发票" in other.get(path, 422)
    assert order.number not in other.get("/invoices")
    assert visitor().client.get("/invoices", follow_redirects=False).status_code == 303


def _second_shop(desk: Desk) -> bool:
    from pos.headoffice import tills

    tills.add(desk.office.house, "0002", "01", "二店")
    return True
