"""Each page over real records: what a till sent is what is shown; forms refuse in plain words."""

from __future__ import annotations

import html
import re

from pos.clock import stamp
from pos.headoffice import master
from pos.protocol.master import Barcode, Changes, Price, Product, value_of
from tests.headoffice.conftest import Office
from tests.headoffice.pages.conftest import Browser, Visitor
from tests.headoffice.sides import DAY, Side

NUMBER = "000101010000001"


def _text(page: str) -> str:
    """A page as it is read."""
    body = page.partition("<main>")[2]
    return " ".join(html.unescape(re.sub(r"<[^>]+>", " ", body)).split())


def _selling(office: Office, orders: int = 3) -> Side:
    side = office.till()
    for _ in range(orders):
        side.ledger.sell()
    side.send(side.ledger.batch())
    side.beat(pending=4, oldest=stamp(office.now.moment))
    office.project()
    return side


def _goods(office: Office) -> None:
    water = Product("S1/x", "矿泉水", "瓶", 1300, low_milli=5000)
    values = (water, Barcode("6901", "S1/x"), Price("S1/x", "", 200))
    master.put(office.house, values, "import")


def test_today_adds_up_what_arrived(office: Office, visitor: Visitor) -> None:
    _selling(office)
    text = _text(visitor("reader").get("/"))
    assert "¥16.50" in text  # three of 5.50
    assert "订单 3" in text
    assert "客单价 5.50" in text
    assert "现金 3 16.50" in text
    assert "10:00 3 16.50" in text  # 02:00 UTC is 10 in China
    assert "商品1 3 瓶 7.50" in text
    week_later = _text(visitor("manager").get("/?day=2026-03-01"))
    assert "¥0.00" in week_later
    office.now.later(days=7)
    text = _text(visitor("owner").get("/"))
    assert "比上周同日此时 ▼ -16.50" in text


def test_today_names_what_needs_a_person(office: Office, visitor: Visitor) -> None:
    side = _selling(office)
    browser = visitor("reader")
    assert "没有消息" not in browser.get("/")
    office.now.later(minutes=11)
    assert "1 台收银机 10 分钟没有消息" in browser.get("/")
    side.ledger.sell()
    side.ledger.sell()
    side.send(side.ledger.batch(first=-1))
    assert "1 处记录缺口" in browser.get("/")
    text = _text(browser.get("/tills"))
    assert "无消息" in text
    assert "待送 4" in text
    assert "6 没有送到" in text


def test_orders_by_day_by_number_and_one_with_its_lines(office: Office, visitor: Visitor) -> None:
    _selling(office)
    browser = visitor("reader")
    assert browser.get(f"/orders?day={DAY}").count("/orders/0001010100000") == 3
    assert browser.get("/orders?number=00010101").count("/orders/0001010100000") == 3
    for typed in (NUMBER, NUMBER + "01", "0001 0101 0000 001"):
        answer = browser.client.get(f"/orders?number={typed}", follow_redirects=False)
        assert answer.headers["location"] == f"/orders/{NUMBER}"
    text = _text(browser.get(f"/orders/{NUMBER}"))
    assert "商品1 6900001 1 瓶 3.00 2.50 原价 3.00" in text
    assert "合计 其中税额 0.64 5.50" in text
    assert "现金 5.50 收 6.50 找零 1.00" in text
    assert "单号是 15 位" in browser.get("/orders?number=12x", 422)
    assert "没有单号" in browser.get("/orders/000101010000009", 422)
    assert "日期写成" in browser.get("/orders?day=9999-12-31x", 422)
    assert browser.get(f"/orders?day={DAY}&kind=voided").count("/orders/0001") == 0
    assert (
        browser.get(f"/orders?day={DAY}&page=99999999999&kind=x'").count(f"/orders/{NUMBER[:13]}")
        == 3
    )


def test_a_record_put_aside_is_read_and_settled(office: Office, visitor: Visitor) -> None:
    side = _selling(office)
    good = side.ledger.sent[2]
    forged = type(good)(good.jn, '{"a":"\\u202e<b>"}', "ab" * 32, good.signature, good.previous)
    batch = side.ledger.batch()
    side.send(type(batch)(batch.shop, batch.till, batch.epoch, (forged,)))
    manager, reader = visitor("manager"), visitor("reader")
    path = re.findall(r'href="(/aside/[^"]+)"', manager.get("/aside"))[0]
    page = manager.get(path)
    assert "&lt;b&gt;" in page
    assert "\\u202e" in page
    assert "总部已有的同号记录" in page
    assert 'name="note"' not in reader.get(path)
    sent = {"csrf": reader.token("/password"), "note": "x"}
    assert reader.client.post(path, data=sent, follow_redirects=False).status_code == 403
    assert "写一句" in manager.refused(path, {"note": " \t"})
    assert manager.post(path, {"note": "核对过小票"}).headers["location"] == "/aside?done=settled"
    assert path not in manager.get("/aside")
    assert "核对过小票" in manager.get("/aside?settled=1")
    sent = {"csrf": manager.token("/password"), "note": "again"}
    manager.client.post(path, data=sent)
    assert office.rows("SELECT decided_by FROM quarantine") == [{"decided_by": "manager"}]
    assert "没有这条记录" in manager.get("/aside/1", 422)


def _price(browser: Browser, **typed: str) -> str:
    """What the form says: where it leads, or why not."""
    data = {"act": "price", "sku": "S1/x", "price": "", "member": "", "since": "", "shop": ""}
    answer = browser.post("/product", data | typed, at="/product?sku=S1%2Fx")
    if answer.status_code == 303:
        return str(answer.headers["location"])
    found = re.search('role="alert">(.*?)</p>', answer.text)
    assert found is not None
    return html.unescape(found[1])


def test_a_price_from_a_moment_on_goes_down_to_the_tills(office: Office, visitor: Visitor) -> None:
    side = _selling(office)
    _goods(office)
    browser = visitor("manager")
    assert "矿泉水" in browser.get("/products?q=泉")
    assert "矿泉水" in browser.get("/products?q=6901")
    assert "没有找到" in browser.get("/products?q=%25_")
    cursor = side.ask("GET", "/v1/changes?stream=chain&after=", None, Changes).cursor
    done = _price(browser, price="2.50", member="2.20", since="2026-03-03T08:00")
    assert done == "/product?sku=S1%2Fx&done=price"
    told = side.ask("GET", f"/v1/changes?stream=chain&after={cursor}", None, Changes)
    (change,) = told.changes
    assert change.key == "S1/x@2026-03-03T00:00:00.000Z"
    page = browser.get("/product?sku=S1%2Fx")
    assert "2026-03-03 08:00" in page
    assert "待生效" in page
    assert "manager" in page
    since = {"act": "cancel", "sku": "S1/x", "since": "2026-03-03T00:00:00.000Z", "shop": ""}
    gone = browser.post("/product", since, at="/product?sku=S1%2Fx")
    assert gone.headers["location"].endswith("done=price_gone")
    assert "待生效" not in browser.get("/product?sku=S1%2Fx")
    assert _price(browser, price="1.80").endswith("done=price")
    assert ">1.80<" in browser.get("/products?q=6901")


def test_a_new_product_with_its_code_and_price_goes_down_to_the_tills(
    office: Office, visitor: Visitor
) -> None:
    side = _selling(office)
    browser = visitor("manager")
    asked = {"name": "明前茶", "unit": "盒", "code": "6920000000017", "price": "88", "rate": "9%"}
    done = browser.post("/products", asked | {"since": "2026-03-03T08:00"})
    assert done.headers["location"] == "/product?sku=6920000000017&done=added"
    told = side.ask("GET", "/v1/changes?stream=chain&after=", None, Changes).changes
    assert {(one.kind, one.key) for one in told} == {
        ("product", "6920000000017"),
        ("barcode", "6920000000017"),
        ("price", "6920000000017@2026-03-03T00:00:00.000Z"),
    }
    product = next(value_of(one) for one in told if one.kind == "product")
    assert isinstance(product, Product)
    assert (product.name, product.tax_bp, product.weighed) == ("明前茶", 900, False)
    assert "待生效" in browser.get("/product?sku=6920000000017")
    assert office.rows("SELECT DISTINCT who FROM changes") == [{"who": "manager"}]

    before = len(office.rows("SELECT * FROM changes"))
    assert "已经有货号" in browser.refused("/products", asked)
    assert "已经是货号" in browser.refused("/products", asked | {"sku": "T2"})
    assert "至少写一个" in browser.refused("/products", asked | {"code": ""})
    assert "至少写一个" in browser.refused("/products", asked | {"sku": "a@b"})
    assert "名称和单位" in browser.refused("/products", asked | {"name": "\u202e"})
    assert "没有写" in browser.refused("/products", asked | {"sku": "T3", "price": "0"})
    again = browser.post("/products", asked | {"name": '"><b>x', "since": "2020-01-01T00:00"})
    assert "已经过去" in again.text
    assert "<b>x" not in again.text  # what was typed comes back as text
    for role, shop in (("reader", ""), ("manager", "0001")):
        other = visitor(role, shop)
        assert 'action="/products"><input' not in other.get("/products")
        sent = {"csrf": other.token("/password")} | asked
        refused = other.client.post("/products", data=sent, follow_redirects=False)
        assert refused.status_code in (403, 422), (role, refused.status_code)
    forged = browser.client.post("/products", data=asked, follow_redirects=False)
    assert forged.status_code == 403
    assert len(office.rows("SELECT * FROM changes")) == before


def test_prices_that_make_no_sense_are_refused_in_plain_words(
    office: Office, visitor: Visitor
) -> None:
    _selling(office)
    _goods(office)
    browser, before = visitor("manager"), len(office.rows("SELECT * FROM changes"))
    assert "没有写" in _price(browser)
    assert "12.50" in _price(browser, price="1.234")
    assert "12.50" in _price(browser, price="-1")
    assert "太大" in _price(browser, price="99999999")
    assert "高于售价" in _price(browser, price="2", member="3")
    assert "高于售价" in _price(browser, price="2", lowest="2.01")
    assert "已经过去" in _price(browser, price="2", since="2026-03-01T08:00")
    assert "超过一年" in _price(browser, price="2", since="2028-03-01T08:00")
    assert "写成" in _price(browser, price="2", since="<soon>")
    assert "没有门店" in _price(browser, price="2", shop="0099")
    assert len(office.rows("SELECT * FROM changes")) == before
    shop = visitor("manager", "0001")
    assert _price(shop, price="1.90").endswith("done=price")
    keys = office.rows("SELECT shop_id FROM items WHERE kind = 'price' AND shop_id <> ''")
    assert keys == [{"shop_id": "0001"}]  # one shop's account sets one shop's price
    other = {"act": "product", "sku": "S1/x", "name": "x", "unit": "y"}
    assert "全部门店共用" in shop.refused("/product", other, at="/product?sku=S1%2Fx")
    data = {
        "act": "product",
        "sku": "S1/x",
        "name": "新名",
        "unit": "瓶",
        "low": "3",
        "active": "1",
    }
    assert browser.post("/product", data, at="/product?sku=S1%2Fx").status_code == 303
    assert "新名" in browser.get("/products")
    low = data | {"low": "many"}
    assert "数量写成" in browser.refused("/product", low, at="/product?sku=S1%2Fx")
    assert "没有商品" in browser.get("/product?sku=none", 422)


def test_low_stock(office: Office, visitor: Visitor) -> None:
    _selling(office)
    name = [Product("S1", "卖空的", "瓶", 1300, low_milli=5000), Product("S2", "够的", "瓶", 1300)]
    master.put(office.house, name, "import")
    office.house.database.run(lambda work: work.do("UPDATE stock SET milli = 9 WHERE sku = 'S2'"))
    text = _text(visitor("reader").get("/stock"))
    assert "卖空的" in text
    assert "-3 瓶 负库存" in text
    assert "够的" not in text


def test_a_close_beside_what_arrived(office: Office, visitor: Visitor) -> None:
    side = _selling(office)
    place = ("0001", "01", 1, 90)
    told: list[str | int] = [
        *place,
        7,
        DAY,
        stamp(office.now.moment),
        "1001",
        0,
        50,
        1,
        4,
        4,
        2200,
        0,
        2200,
    ]
    row = (*told, "cash:2200", 1, -550, 0, 0)
    office.house.database.run(lambda work: work.put("closes", _CLOSES, [row]))
    assert side.ledger.jn
    text = _text(visitor("reader").get(f"/closes?day={DAY}"))
    assert "1 个 Z 和收到的记录不一致" in text
    assert "Z7" in text
    assert "订单 4 3 ≠ 营业额 22.00 16.50 ≠ 现金 22.00 16.50 ≠" in text
    assert "长短款 -5.50" in text


_CLOSES = (
    "shop_id till_id epoch jn z business_date at operator after_jn upto_jn first_seq last_seq "
    "orders net_fen tax_fen grand_total_fen ways counted difference_fen uncounted auto"
)


def test_after_midnight_it_is_still_the_day_before(office: Office, visitor: Visitor) -> None:
    _selling(office)
    office.now.later(hours=17, minutes=30)  # 03:30 in China
    assert "¥16.50" in _text(visitor("reader").get("/"))
    office.now.later(hours=1)
    assert "¥0.00" in _text(visitor("manager").get("/"))
