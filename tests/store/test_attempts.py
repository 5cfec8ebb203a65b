"""Payments as rows: one live attempt an order, one use a code, each step on record."""

from __future__ import annotations

import sqlite3
from contextlib import closing
from dataclasses import replace as replace_place
from datetime import UTC, datetime, timedelta

import pytest
from msgspec.structs import astuple, replace

from pos.record import Signer
from pos.refusal import Refused
from pos.store import attempt_steps, attempts, bills, migrations
from pos.store.attempt_steps import step_of, steps_of
from pos.store.attempts import AttemptRow, RefundRow
from pos.store.bills import DifferenceRow
from pos.store.ledger import Ledger
from pos.store.reader import Reader
from pos.store.verify import verify_ledger
from tests.shop import MILK, WATER, Shop
from tests.store.conftest import WHERE, fill

NOW = datetime(2026, 3, 2, 2, 0, tzinfo=UTC)


def row(no: int, order_id: str = "o1", **changed: object) -> AttemptRow:
    made = AttemptRow(
        attempt_id=f"a{no}",
        order_id=order_id,
        channel="wechat",
        way="code",
        out_trade_no=f"{no:032x}",
        fen=100,
        state="sending",
        live=1,
        open=1,
        code_mark="",
        operator="1001",
        shift_id="s1",
        business_date="2026-03-02",
        created_at="2026-03-02T02:00:00.000Z",
        body=b"{}",
    )
    return replace(made, **changed)


def put(ledger: Ledger, *rows: AttemptRow) -> None:
    for one in rows:
        ledger.change(lambda c, one=one: attempts.put(c, one))  # type: ignore[misc]


def test_one_live_attempt_an_order(ledger: Ledger) -> None:
    put(ledger, row(1), row(2, "o2"))
    with pytest.raises(Refused):
        put(ledger, row(3))
    put(ledger, row(1, live=0, state="declined", open=0), row(3))
    reader = Reader(ledger.place.path)
    assert [(r.attempt_id, r.state) for r in attempts.of_order(reader, "o1")] == [
        ("a1", "declined"),
        ("a3", "sending"),
    ]
    assert [r.attempt_id for r in attempts.open_attempts(reader)] == ["a2", "a3"]
    assert attempts.unresolved(reader) == 2
    reader.close()


def test_a_code_is_used_once_a_day(ledger: Ledger) -> None:
    put(ledger, row(1, code_mark="m"), row(2, "o2", code_mark="m", business_date="2026-03-03"))
    with pytest.raises(Refused):
        put(ledger, row(3, "o3", code_mark="m"))
    found = ledger.read(lambda c: attempts.get_with_mark(c, "m", "2026-03-02"))
    assert found is not None
    assert found.attempt_id == "a1"
    assert ledger.read(lambda c: attempts.get_with_mark(c, "", "2026-03-02")) is None


def test_what_an_attempt_is_about_never_changes(ledger: Ledger) -> None:
    put(ledger, row(1), row(1, fen=999, order_id="other", state="paid", live=0))
    found = ledger.read(lambda c: attempts.get(c, "a1"))
    assert found is not None
    assert (found.fen, found.order_id, found.state) == (100, "o1", "paid")


def test_each_step_is_on_record_with_the_hash_of_its_row(ledger: Ledger) -> None:
    for n in range(3):
        one = row(1, body=b'{"n": %d}' % n)
        ledger.write(step_of(one, f"e{n}", "x" * 500), also=lambda c, one=one: attempts.put(c, one))  # type: ignore[misc]
    reader = Reader(ledger.place.path)
    assert [(r.event, len(r.detail)) for r in steps_of(reader, "a1")] == [
        (f"e{n}", 200) for n in range(3)
    ]
    reader.close()
    assert verify_ledger(ledger.place.path).ok
    put(ledger, row(1, body=b"{}"))
    verdict = verify_ledger(ledger.place.path)
    assert (verdict.ok, verdict.first_bad) == (False, ledger.head.jn)


def test_a_ledger_of_before_steps_were_facts(shop: Shop) -> None:
    """What was logged before goes on record when it is first opened, once."""
    old = replace_place(shop.place(), path=shop.folder / "old.db")
    key = Signer(old.signing_key).public_key
    values = {"ledger_id": "l", "shop": old.shop, "till": old.till, "epoch": "1", "clean": "1"}
    with closing(sqlite3.connect(old.path, isolation_level=None)) as raw:
        migrations.migrate(raw, old.path, 12)
        raw.executemany("INSERT INTO meta VALUES (?, ?)", [*values.items(), ("public_key", key)])
        one = f"INSERT INTO payment_attempts VALUES ({', '.join('?' * 15)})"
        raw.execute(one, astuple(row(1)))
        for n, event in enumerate(("begin", "answered"), 1):
            logged = ("a1", n, "then", event, "sending", "x")
            raw.execute("INSERT INTO payment_log VALUES (?, ?, ?, ?, ?, ?)", logged)
    ledger = Ledger(old)
    assert not verify_ledger(old.path).ok
    attempt_steps.adopt(ledger)
    attempt_steps.adopt(ledger)
    with closing(Reader(old.path)) as reader:
        found = [(r.event, r.detail) for r in steps_of(reader, "a1")]
    assert found == [("begin", "then x"), ("answered", "then x"), ("adopted", "")]
    assert verify_ledger(old.path).ok
    ledger.close()


def test_numbers_are_found_by_their_head(ledger: Ledger) -> None:
    put(ledger, row(0x11), row(0x12, "o2"))
    refund = RefundRow("f" * 32, "a17", "o1", "wechat", 50, "running", 1, "2026-03-02", b"{}")
    ledger.change(lambda c: attempts.put_refund(c, refund))
    reader = Reader(ledger.place.path)
    assert attempts.of_number(reader, "0" * 31) is None  # two of them
    assert attempts.of_number(reader, "") is None
    one = attempts.of_number(reader, "0" * 30 + "11")
    assert one is not None
    assert one.attempt_id == "a17"
    assert attempts.refund_of_number(reader, "ff") == refund
    assert attempts.open_refunds(reader) == [refund]
    start = datetime(2026, 3, 2, tzinfo=UTC)
    found, refunds = attempts.created_between(reader, "wechat", start, start + timedelta(days=1))
    assert (len(found), len(refunds)) == (2, 0)  # the refund's moment is no stamp of that day
    reader.close()


def test_an_outcome_and_the_closing_it_made_are_one_transaction(
    ledger: Ledger, monkeypatch: pytest.MonkeyPatch
) -> None:
    order = fill(ledger, WATER, MILK)
    ledger.save_draft(order)
    put(ledger, row(1, order.order_id))

    def fails(connection: object) -> None:
        raise Refused("disk_full", path="x")

    with pytest.raises(Refused):
        ledger.close_order(order, WHERE, also=fails)
    reader = Reader(ledger.place.path)
    assert reader.orders() == []
    assert len(reader.drafts()) == 1
    paid = row(1, order.order_id, state="paid", live=0, open=0)
    step = step_of(paid, "answered")
    ledger.close_order(order, WHERE, "", step, also=lambda c: attempts.put(c, paid))
    assert len(reader.orders()) == 1
    assert attempts.open_attempts(reader) == []
    reader.close()
    assert verify_ledger(ledger.place.path).ok


def test_settled_differences_stay_settled(ledger: Ledger) -> None:
    one = DifferenceRow("wechat", "2026-03-01", "long", "n1", "", None, 100, 0)
    two = replace(one, number="n2")

    def keep(*rows: DifferenceRow) -> None:
        ledger.change(lambda c: bills.put_differences(c, "wechat", "2026-03-01", list(rows), b"[]"))

    keep(one, two)
    ledger.change(lambda c: bills.settle_difference(c, one, "9001", "已核实"))
    keep(one)
    reader = Reader(ledger.place.path)
    assert bills.differences(reader) == []
    [left] = bills.differences(reader, everything=True)
    assert (left.resolved_by, left.reason) == ("9001", "已核实")
    assert bills.pool_before(reader, "wechat", "2026-03-02") == b"[]"
    assert bills.pool_before(reader, "wechat", "2026-03-01") == b""
    reader.close()
