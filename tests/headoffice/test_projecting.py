"""Tables made of the inbox: exactly once, in any order, whatever a record says."""

from __future__ import annotations

import pytest

from pos.clock import stamp
from pos.headoffice.projecting import rebuild
from pos.headoffice.rows import COLUMNS
from pos.record import (
    CashMoved,
    InvoiceAsked,
    InvoiceEnded,
    LineVoided,
    MessageAsked,
    OrderVoided,
    Override,
    RedAsked,
    RedEnded,
    RefundAsked,
    RefundSettled,
    Session,
    SoldLine,
    StockMoved,
)
from pos.record.invoices import InvoiceRow
from pos.record.stock import MovedLine
from tests.headoffice.conftest import Office
from tests.headoffice.sides import DAY, Ledger


def _tables(office: Office) -> dict[str, object]:
    names = [*COLUMNS, "flaws"]
    found: dict[str, object] = {
        name: sorted(str(sorted(r.items())) for r in office.rows(f"SELECT * FROM {name}"))
        for name in names
    }
    found["stock"] = office.rows("SELECT shop_id, sku, milli FROM stock ORDER BY sku")
    return found


def _busy(ledger: Ledger) -> None:
    """One record of nearly every kind."""
    where = ledger.where()
    ledger.sell()
    ledger.sell(lines=3)
    ledger.add(CashMoved(where, "c1", "in", 5000, "零钱"))
    ledger.add(LineVoided(where, "o", 1, "S1", "商品1", 1000, 300, 300))
    ledger.add(Override(where, "ov", "price", "9001", "旧价", "300", "250", "o"))
    ledger.add(Session(where, "signed_out", "cashier"))
    ledger.add(RefundAsked(where, "o", "wechat", "t1", "r1", 300, "退货"))
    line = SoldLine(1, 1, "S1", "1", "商品", "瓶", 1000, 300, 300, (), 300, 1300, 35)
    ledger.seq += 1
    number = f"000101010000{ledger.seq:03d}"
    at = stamp(ledger.at)
    ledger.add(OrderVoided(where, "void", ledger.seq, number, at, (line,), 300, "不要了"))
    row = InvoiceRow(1, 1, 1000, 250, 29)
    told = ("000101010000001", "nuonuo", False, "p1", 250, 29, (row,))
    ledger.add(InvoiceAsked(where, "00010101000000101", "o", *told))
    ledger.add(InvoiceEnded("00010101000000101", "o", "issued", "2" * 20, at, ""))
    no, red = "00010101000000101", "000101010000001R01"
    ledger.add(RedAsked(where, red, no, "o", "return", 250, 29, (row,)))
    ledger.add(RedEnded(red, no, "o", "red", "3" * 20, ""))
    ledger.add(MessageAsked(where, "receipt", "o", "000101010000001", "p1"))
    ledger.add(RefundSettled(where, "o", "wechat", "t1", "r1", 300, "bank", "778899", "已注销"))
    moved = MovedLine(1, 1, "S1", "1", "商品", "瓶", 24000, None)
    ledger.add(StockMoved(where, "d1", "R1", "received", "厂家", "", "", (moved,)))


def test_an_order_is_in_the_tables_with_all_it_has(office: Office) -> None:
    side = office.till()
    side.ledger.sell()
    side.send(side.ledger.batch())
    assert office.project() == 1
    (order,) = office.rows("SELECT * FROM orders")
    assert (order["number"], order["state"], order["total_fen"], order["hour"]) == (
        "000101010000001",
        "closed",
        550,
        10,
    )
    lines = office.rows("SELECT sku, net_fen, adjustments FROM order_lines ORDER BY line_no")
    assert lines == [
        {"sku": "S1", "net_fen": 250, "adjustments": "line_discount:50"},
        {"sku": "S2", "net_fen": 300, "adjustments": ""},
    ]
    (tender,) = office.rows("SELECT way, fen, given_fen FROM order_tenders")
    assert tender == {"way": "cash", "fen": 550, "given_fen": 650}
    assert office.rows("SELECT sku, milli FROM stock ORDER BY sku") == [
        {"sku": "S1", "milli": -1000},
        {"sku": "S2", "milli": -1000},
    ]
    assert office.project() == 0


def test_every_kind_has_its_place(office: Office) -> None:
    side = office.till()
    _busy(side.ledger)
    side.send(side.ledger.batch())
    office.project()
    assert office.rows("SELECT * FROM flaws") == []
    counts = dict.fromkeys(("shifts", "cash_moves", "voided_lines", "overrides", "stock_moves"), 1)
    counts |= {"payments": 2, "invoices": 1, "invoice_reds": 1, "invoice_ends": 2}
    for name, count in counts.items():
        assert len(office.rows(f"SELECT * FROM {name}")) == count, name
    kinds = office.rows("SELECT kind FROM events WHERE kind LIKE 'message%'")
    assert [one["kind"] for one in kinds] == ["message.asked"]
    states = office.rows("SELECT state, count(*) AS n FROM orders GROUP BY state ORDER BY state")
    assert states == [{"state": "closed", "n": 2}, {"state": "voided", "n": 1}]
    assert office.rows("SELECT milli FROM stock WHERE sku = 'S1'") == [{"milli": 22000}]


def test_order_of_arrival_makes_no_difference(office: Office) -> None:
    side = office.till()
    _busy(side.ledger)
    side.send(side.ledger.batch())
    office.project()
    wanted = _tables(office)
    assert rebuild(office.house) == len(side.ledger.sent)
    assert _tables(office) == wanted


def test_what_fills_a_gap_is_not_passed_over(office: Office) -> None:
    side = office.till()
    for _ in range(6):
        side.ledger.sell()
    side.send(side.ledger.batch(0, 2))
    office.project()
    side.send(side.ledger.batch(5, 8))
    office.project()
    assert len(office.rows("SELECT * FROM orders")) == 3
    side.send(side.ledger.batch(2, 5))
    office.project()
    assert len(office.rows("SELECT * FROM orders")) == 6
    assert office.rows("SELECT * FROM todo") == []
    assert sum(r["milli"] for r in office.rows("SELECT milli FROM stock")) == -12000


def test_a_rejected_head_does_not_keep_the_worker_busy(office: Office) -> None:
    side = office.till()
    side.ledger.jn += 1
    side.ledger.add_bytes(b"{}")
    side.send(side.ledger.batch())
    office.project()
    assert office.project() == 0


@pytest.mark.parametrize(
    "body",
    [
        b'{"at":"x","epoch":1,"fact":{"kind":"from.the.future"},"jn":3,"shop":"0001",'
        b'"till":"01","v":2}',
        b'{"at":"yesterday","epoch":1,"fact":{"kind":"order.voided","lines":[],"number":"1",'
        b'"opened_at":"","order_id":"o","reason":"","seq":1,"total_fen":0,'
        b'"where":{"business_date":"","operator":"","shift_id":""}},'
        b'"jn":3,"shop":"0001","till":"01","v":1}',
        b'{"at":"2026-03-02T02:00:00.000Z","epoch":1,"fact":{"kind":"cash.moved","cash_id":"c",'
        b'"fen":99999999999999999999999,"move":"in","reason":"",'
        b'"where":{"business_date":"","operator":"","shift_id":""}},'
        b'"jn":3,"shop":"0001","till":"01","v":1}',
        b'{"at":"2026-03-02T02:00:00.000Z","epoch":1,"fact":{"kind":"cash.moved","cash_id":"c",'
        b'"fen":1,"move":"in","reason":"\\u0000",'
        b'"where":{"business_date":"","operator":"","shift_id":""}},'
        b'"jn":3,"shop":"0001","till":"01","v":1}',
    ],
)
def test_what_makes_no_sense_is_listed_and_stops_nothing(office: Office, body: bytes) -> None:
    side = office.till()
    side.ledger.jn += 1
    side.ledger.add_bytes(body)
    side.ledger.sell()
    assert {r.verdict for r in side.send(side.ledger.batch()).records} == {"accepted"}
    office.project()
    (flaw,) = office.rows("SELECT jn, kind, why FROM flaws")
    assert flaw["jn"] == 3
    assert flaw["why"]
    assert len(office.rows("SELECT * FROM orders")) == 1


def test_a_number_used_twice_is_listed(office: Office) -> None:
    side = office.till()
    side.ledger.sell()
    side.ledger.seq = 0
    side.ledger.sell(lines=5)
    side.ledger.sell()
    side.send(side.ledger.batch())
    office.project()
    assert [r["jn"] for r in office.rows("SELECT jn FROM flaws")] == [4]
    assert len(office.rows("SELECT * FROM orders")) == 2
    assert sum(r["milli"] for r in office.rows("SELECT milli FROM stock")) == -4000


def test_two_tills_do_not_mix(office: Office) -> None:
    one = office.till()
    other = office.till(Ledger(till="02").begin())
    for side in (one, other):
        side.ledger.sell()
        side.send(side.ledger.batch())
    office.project()
    assert sorted(r["till_id"] for r in office.rows("SELECT till_id FROM orders")) == ["01", "02"]
    assert office.rows("SELECT milli FROM stock WHERE sku = 'S1'") == [{"milli": -2000}]


def test_long_ledgers_go_in_pieces(office: Office, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("pos.headoffice.projecting._AT_ONCE", 3)
    side = office.till()
    for _ in range(8):
        side.ledger.sell()
    side.send(side.ledger.batch())
    assert office.project() == 4
    assert len(office.rows("SELECT * FROM orders WHERE business_date = :d", d=DAY)) == 8
