"""A bill against the till's records: each class, the pool, other tills, and sums that add up."""

from __future__ import annotations

import random
from datetime import UTC, date, datetime, timedelta
from typing import Any

import pytest
from msgspec.structs import replace

from pos.payments.bills import Bill, BillRow
from pos.payments.reconcile import (
    Difference,
    LocalManual,
    LocalPayment,
    LocalRefund,
    Pooled,
    Records,
    Report,
    reconcile,
)

DAY = date(2026, 2, 28)
NOON = datetime(2026, 2, 28, 4, 0, tzinfo=UTC)
PLACE = "000102"


def row(number: str, fen: int = 1000, **changed: Any) -> BillRow:
    made = BillRow("wechat", "payment", 2, number, "t" + number, fen, fen, NOON, place=PLACE)
    return replace(made, **changed)


def payment(number: str, fen: int = 1000, **changed: Any) -> LocalPayment:
    made = LocalPayment("wechat", number, "o" + number, fen, "paid", NOON)
    return replace(made, **changed)


def back(number: str, fen: int, request: str = "r1", **changed: Any) -> BillRow:
    return row(number, fen, kind="refund", out_refund_no=request, **changed)


def run(
    rows: list[BillRow],
    payments: list[LocalPayment] | None = None,
    refunds: list[LocalRefund] | None = None,
    manual: list[LocalManual] | None = None,
    pool: tuple[Pooled, ...] = (),
    day: date = DAY,
    fee_bp: int | None = None,
) -> Report:
    records = Records(tuple(payments or ()), tuple(refunds or ()), tuple(manual or ()))
    return reconcile(day, Bill("wechat", tuple(rows)), records, pool, PLACE, fee_bp)


def kinds(report: Report) -> list[str]:
    return [difference.kind for difference in report.differences]


def test_what_agrees_is_matched_with_its_fee() -> None:
    report = run([row("a", fee_milli=6000)], [payment("a")], fee_bp=60)
    assert (report.matched, report.matched_fen, report.fee_milli) == (1, 1000, 6000)
    assert report.differences == ()
    assert report.pool == ()


def test_a_payment_is_known_by_the_providers_number_too() -> None:
    report = run([row("other", transaction_id="T9")], [payment("a", transaction_id="T9")])
    assert report.matched == 1


@pytest.mark.parametrize("state", ["unpaid", "unknown", "returned"])
def test_long_money_that_an_attempt_of_ours_does_not_know_of(state: Any) -> None:
    report = run([row("a")], [payment("a", state=state)])
    assert report.differences == (Difference("long", "a", None, 1000, "oa", line=2),)


def test_long_money_without_an_attempt_waits_a_day() -> None:
    first = run([row("a")])
    assert (first.differences, first.pool) == ((), (Pooled(DAY, row=row("a")),))
    second = run([], pool=first.pool, day=DAY + timedelta(days=1))
    assert kinds(second) == ["long"]
    assert second.pool == ()
    known = run([], [payment("a")], pool=first.pool, day=DAY + timedelta(days=1))
    assert (known.matched, known.differences, known.pool) == (1, (), ())


def test_short_money_waits_a_day_and_is_found_on_the_next_bill_or_told() -> None:
    first = run([], [payment("a")])
    assert (first.differences, len(first.pool)) == ((), 1)
    tomorrow = DAY + timedelta(days=1)
    found = run([row("a")], pool=first.pool, day=tomorrow)
    assert (found.matched, found.differences, found.pool) == (1, (), ())
    gone = run([], pool=first.pool, day=tomorrow)
    assert gone.differences == (Difference("short", "a", 1000, None, "oa"),)
    # told once: what an earlier run has told is not told again by its neighbour's records
    assert run([], [payment("a")], day=tomorrow).differences == ()


def test_what_was_paid_after_midnight_belongs_to_the_next_bill() -> None:
    late = payment("a", at=datetime(2026, 2, 28, 16, 0, 1, tzinfo=UTC))
    report = run([], [late])
    assert (report.differences, report.pool) == ((), ())
    assert run([row("a")], [late]).matched == 1


def test_amounts_that_differ_and_a_coupon_that_explains_it() -> None:
    report = run([row("a", 1100), row("b", 1200, settled_fen=1000)], [payment("a"), payment("b")])
    assert [(d.kind, d.local_fen, d.bill_fen, d.explained) for d in report.differences] == [
        ("amount", 1000, 1100, False),
        ("amount", 1000, 1200, True),
    ]
    assert report.matched == 0


def test_refunds_on_both_sides_on_one_or_not_the_same() -> None:
    refund = LocalRefund("wechat", "r1", "a", 300, True, NOON)
    assert run([row("a"), back("a", 300)], [payment("a")], [refund]).matched == 2
    in_portal = run([row("a"), back("a", 300)], [payment("a")])
    assert in_portal.differences == (Difference("refund", "r1", None, 300, "oa", line=2),)
    other = run([row("a"), back("a", 200)], [payment("a")], [refund])
    assert other.differences == (Difference("refund", "r1", 300, 200, "oa", line=2),)
    first = run([row("a")], [payment("a")], [refund])
    assert (first.differences, len(first.pool)) == ((), 1)
    gone = run([], pool=first.pool, day=DAY + timedelta(days=1))
    assert gone.differences == (Difference("refund", "r1", 300, None),)
    running = replace(refund, done=False)
    assert run([row("a")], [payment("a")], [running]).pool == ()
    assert kinds(run([row("a"), back("a", 300)], [payment("a")], [running])) == ["refund"]


def test_what_was_taken_and_given_back_is_even() -> None:
    revoked = row("a", kind="revoke")
    report = run([row("a"), revoked], [payment("a", state="returned")])
    assert report.differences == (Difference("reversed", "a", None, 1000, "oa", "", True, 2),)
    as_refund = run([row("a"), back("a", 1000, "x")], [payment("a", state="returned")])
    assert kinds(as_refund) == ["reversed"]
    # sold for money that went back
    assert kinds(run([row("a"), revoked], [payment("a")])) == ["short"]


def test_fees_off_by_more_than_a_fen() -> None:
    fee = [row("a", 10_000, fee_milli=60_000), row("b", 10_000, fee_milli=61_001)]
    report = run(fee, [payment("a", 10_000), payment("b", 10_000)], fee_bp=60)
    assert [(d.kind, d.number) for d in report.differences] == [("fee", "b")]
    assert report.matched == 2


def test_an_order_paid_twice() -> None:
    twice = [payment("a", order_id="o"), payment("b", order_id="o", state="unpaid")]
    report = run([row("a"), row("b")], twice)
    assert [(d.kind, d.number) for d in report.differences] == [("duplicate", "b")]
    same = run([row("a"), row("a", transaction_id="T2")], [payment("a")])
    assert kinds(same) == ["duplicate"]


def test_a_tender_on_a_persons_word_is_proposed_by_amount_and_time() -> None:
    manual = [
        LocalManual("m1", 1000, NOON + timedelta(minutes=4)),
        LocalManual("m2", 1000, NOON + timedelta(minutes=1)),
        LocalManual("m3", 999, NOON),
        LocalManual("m4", 1000, NOON + timedelta(minutes=6)),
    ]
    static = row("code", place="")
    report = run(
        [static, replace(static, out_trade_no="again", transaction_id="T2")], manual=manual
    )
    assert [(d.kind, d.number, d.tender_id) for d in report.differences] == [
        ("manual", "tcode", "m2"),
        ("manual", "T2", "m1"),
    ]


def test_rows_of_other_tills_are_counted_and_left_out() -> None:
    others = [row("x", place="000103"), row("y", place=""), back("z", 5, "rz", place="000103")]
    report = run([*others, row("a")], [payment("a")])
    assert (report.elsewhere, report.matched, report.differences, report.pool) == (3, 1, (), ())


def test_another_channels_records_play_no_part() -> None:
    report = run([row("a")], [payment("a", channel="alipay"), payment("b", channel="alipay")])
    assert (report.matched, len(report.pool)) == (0, 1)


def test_every_row_and_record_ends_in_one_place() -> None:
    """Random days: what came in is matched, told, pooled, or another till's; sums add up."""
    for seed in range(200):
        rng = random.Random(seed)
        rows, payments = [], []
        for n in range(30):
            number, fen = f"n{n}", rng.choice([100, 250, 999])
            if rng.random() < 0.8:
                rows.append(row(number, fen, place=rng.choice([PLACE, PLACE, "000103"])))
            if rng.random() < 0.7:
                state: Any = rng.choice(["paid", "paid", "paid", "unpaid", "unknown"])
                payments.append(payment(number, rng.choice([fen, fen, 250]), state=state))
        report = run(rows, payments)
        pooled_rows = sum(p.row is not None for p in report.pool)
        told = sum(d.bill_fen is not None for d in report.differences)
        assert report.matched + told + pooled_rows + report.elsewhere == len(rows)
        on_bill = {r.out_trade_no for r in rows}
        short = [p for p in payments if p.state == "paid" and p.out_trade_no not in on_bill]
        assert sum(p.payment is not None for p in report.pool) == len(short)
        again = run(rows, payments)
        assert again == report
