"""The whole merchant's bill against all tills: split by till, differences by class."""

from __future__ import annotations

import re

from pos.clock import local, stamp
from pos.headoffice.pages.views.bills import MOST_BYTES
from pos.record import OrderClosed, SoldLine, Taken
from tests.headoffice.conftest import Office
from tests.headoffice.pages.conftest import Browser, Visitor
from tests.headoffice.pages.test_views import _text
from tests.headoffice.sides import DAY, Ledger, Side

HEAD = (
    "交易时间,公众账号ID,商户号,特约商户号,设备号,微信订单号,商户订单号,用户标识,交易类型,"
    "交易状态,付款银行,货币种类,应结订单金额,代金券金额,微信退款单号,商户退款单号,退款金额,"
    "充值券退款金额,退款类型,退款状态,商品名称,商户数据包,手续费,费率,订单金额,申请退款金额,"
    "费率备注"
)


def _sell(ledger: Ledger, trade: str, fen: int) -> None:
    ledger.seq += 1
    number = f"{ledger.shop}{ledger.till}01{ledger.seq:07d}"
    line = SoldLine(1, 101, "S1", "6901", "商品", "瓶", 1000, fen, fen, (), fen, 1300, 0)
    taken = (Taken("wechat", fen, fen, trade),)
    where = ledger.where(DAY)
    at = stamp(ledger.at)
    args = (f"order-{number}", ledger.seq, number, "", at, (line,), taken, fen, 0, 0, 0)
    ledger.add(OrderClosed(where, *args))


def _row(trade: str, yuan: str, at: str, place: str) -> str:
    cells = [f"{DAY} {at}", "wx1", "1900", "0", "", "42" + trade, trade, "o", "MICROPAY", "SUCCESS"]
    cells += ["OTHERS", "CNY", yuan, "0.00", "0", "0", "0.00", "0.00", "", "", "商品", place]
    cells += ["0.03000", "0.60%", yuan, "0.00", ""]
    return ",".join("`" + cell for cell in cells)


def _office(office: Office) -> Side:
    first = office.till()
    second = office.till(Ledger(till="02", ledger_id="ledger-2").begin())
    _sell(first.ledger, "a" * 32, 500)
    _sell(first.ledger, "b" * 32, 700)
    _sell(second.ledger, "c" * 32, 900)
    for side in (first, second):
        side.send(side.ledger.batch())
    office.project()
    assert local(first.ledger.at).date().isoformat() == DAY
    return first


def _send(browser: Browser, content: bytes, day: str = DAY, channel: str = "wechat") -> str:
    data = {"day": day, "channel": channel}
    answer = browser.post("/bills", data, files={"bill": ("bill.csv", content)})
    if answer.status_code == 303:
        return browser.get(answer.headers["location"])
    found = re.search('role="alert">(.*?)</p>', answer.text)
    assert found is not None, answer.text
    return found[1]


def test_a_bill_is_matched_and_split_by_till(office: Office, visitor: Visitor) -> None:
    _office(office)
    rows = [
        _row("a" * 32, "5.00", "10:00:30", "000101"),
        _row("b" * 32, "8.00", "10:00:40", "000101"),
        _row("d" * 32, "3.00", "10:00:50", "000102"),
    ]
    browser = visitor("manager")
    text = _text(_send(browser, "\n".join([HEAD, *rows]).encode()))
    assert "¥5.00" in text
    assert "金额不同" in text
    assert "000101010000002" in text
    assert "8.00 7.00" in text
    assert "等次日账单 2" in text  # c, which the bill lacks, and d, which nobody knows: midnight?
    assert "0001-01 2 2 13.00 +1.00" in text
    assert "0001-02 1 1 3.00 -6.00" in text
    other = "\n".join([HEAD, _row("e" * 32, "1.00", "11:00:00", "").replace(DAY, "2026-03-03")])
    text = _text(_send(browser, other.encode(), "2026-03-03"))
    assert "长款：对方有，我们没有 1" in text
    assert "短款：我们有，对方没有 1" in text
    assert "— 9.00" in text
    page = browser.get("/bills?channel=wechat&day=2026-03-03&kind=short")
    assert "c" * 32 in page
    assert "d" * 32 not in page


def test_files_that_are_no_bill(office: Office, visitor: Visitor) -> None:
    browser = visitor("manager")
    assert "请选账单文件" in _send(browser, b"")
    for content in (b"\x00" * 100, b"PK\x03\x04nonsense", "交易时间,x\n".encode(), b"<html>"):
        for channel in ("wechat", "alipay"):
            assert _send(browser, content, channel=channel)
    assert not office.rows("SELECT * FROM reconciled")
    answer = browser.post("/bills", {}, files={"bill": ("x", b"x" * (MOST_BYTES + 1))})
    assert answer.status_code == 413
    kind = {"Content-Type": "multipart/form-data; boundary=x"}
    answer = browser.client.post("/bills", content=b"--x", headers=kind, follow_redirects=False)
    assert answer.status_code in (400, 403)
