"""交班 and 日结 at the counter: floats, blind counts, signatures, days, cash, what is refused."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import timedelta
from pathlib import Path

import pytest

from pos.record import DayClosed, ShiftClosed, ShiftCounted, from_bytes
from pos.store import shifts
from pos.store.reader import Reader
from pos.store.verify import verify_ledger
from pos.till.view import CountedView, CountView, ListView, ReceiptView
from tests.shop import MILK, PIN, WATER, Shop, make_shop
from tests.till.person import Person


@pytest.fixture
def shop(tmp_path: Path) -> Shop:
    return make_shop(tmp_path)


@pytest.fixture
def person(shop: Shop) -> Iterator[Person]:
    someone = Person(shop)
    yield someone
    someone.leave()


def asking(folder: Path) -> Shop:
    """A shop of the product's default: a shift begins with its float."""
    shop = make_shop(folder)
    text = shop.config_file.read_text("utf-8")
    shop.config_file.write_text(text.replace("ask_float = false", "ask_float = true"), "utf-8")
    return shop


def sell(person: Person, *codes: str, given: str = "") -> None:
    person.scan(*codes)
    person.key("settle")
    person.enter(given)


def facts(shop: Shop, kind: type) -> list:  # type: ignore[type-arg]
    reader = Reader(shop.place().path)
    rows = reader.rows("SELECT body FROM journal ORDER BY jn")
    reader.close()
    found = (from_bytes(row[0]).fact for row in rows)
    return [fact for fact in found if isinstance(fact, kind)]


def count(person: Person, *pieces: str) -> None:
    """Pieces by denomination from 100 down; the rest is left empty; then handed in."""
    for number in pieces:
        person.enter(number)
    person.key("count_submit")


def text_of(view: object) -> str:
    assert isinstance(view, ReceiptView)
    return "\n".join("".join(piece.text for piece in row) for row in view.rows)


def test_a_shift_is_counted_blind_and_closed(person: Person, shop: Shop) -> None:
    person.sign_in()
    sell(person, WATER, MILK, given="100")  # 7.50
    person.key("duties")
    panel = person.till.view().panel
    assert isinstance(panel, ListView)
    person.key("close_shift")
    assert person.mode() == "counting"
    before = person.till.view()
    assert isinstance(before.panel, CountView)
    assert "7.50" not in str(before.panel)  # blind
    # 100 50 20 10 5 1 0.50 0.10
    count(person, "", "", "", "", "1", "2", "1")
    assert person.mode() == "slip"
    assert "相符" in person.message.text
    assert "交班单" in text_of(person.till.view().panel)
    [fact] = facts(shop, ShiftClosed)
    assert fact.counted is not None
    assert [(c.way, c.declared_fen, c.difference_fen) for c in fact.counted] == [("cash", 750, 0)]
    assert fact.denominations == ((500, 1), (100, 2), (50, 1))
    assert (fact.left_fen, fact.auto, fact.approver) == (750, False, "")
    person.enter()
    assert person.mode() == "signing"
    person.sign_in()  # the next shift is a new one
    assert len({row.shift_id for row in shifts.opened(person.till.reader)}) == 1


def test_a_difference_is_shown_once_recounted_and_signed(person: Person, shop: Shop) -> None:
    person.sign_in()
    sell(person, WATER, MILK, given="100")
    person.key("duties")
    person.key("close_shift")
    count(person, "1")
    assert person.mode() == "counted"
    shown = person.till.view().panel
    assert isinstance(shown, CountedView)
    assert [(r.declared, r.expected, r.difference, r.verdict) for r in shown.rows] == [
        ("100.00", "7.50", "92.50", "长款")
    ]
    person.key("recount")
    assert person.mode() == "counting"
    count(person, "", "1")
    assert person.mode() == "counted"
    person.key("recount")
    assert person.message.tone == "error"  # only once
    person.key("count_sign")
    assert person.mode() == "approving"
    person.enter("2001")
    person.enter(PIN["2001"])
    assert person.message.tone == "error"  # a supervisor does not sign
    person.approve("9001", "2")
    assert person.mode() == "slip"
    [fact] = facts(shop, ShiftClosed)
    assert (fact.approver, fact.recounted) == ("9001", True)
    assert fact.first_declared == (("cash", 10_000),)
    assert fact.counted is not None
    assert fact.counted[0].difference_fen == 4250
    assert "签字" in text_of(person.till.view().panel)


def test_a_close_never_waits_for_a_manager(person: Person, shop: Shop) -> None:
    person.sign_in()
    sell(person, WATER)
    person.key("duties")
    person.key("close_shift")
    count(person, "0")
    assert person.mode() == "slip"  # 2.00 short is within tolerance
    person.enter()
    person.sign_in()
    sell(person, *[MILK] * 3)
    person.key("duties")
    person.key("close_shift")
    count(person, "0")
    person.key("count_unsigned")
    person.enter("3")
    assert person.mode() == "slip"
    fact = facts(shop, ShiftClosed)[-1]
    assert (fact.approver, fact.reason) == ("", "原因待查")
    assert "未签" in text_of(person.till.view().panel)


@pytest.mark.parametrize(
    ("typed", "said"),
    [("一张", "不是数字"), ("-5", "负数"), ("1234567", "太大"), ("1.5", "不是数字")],
)
def test_an_absurd_count_is_one_clear_line(person: Person, typed: str, said: str) -> None:
    person.sign_in()
    sell(person, WATER)
    person.key("duties")
    person.key("close_shift")
    person.enter(typed)
    assert said in person.message.text
    assert person.mode() == "counting"
    panel = person.till.view().panel
    assert isinstance(panel, CountView)
    assert (panel.selected, panel.rows[0].typed) == (0, "")
    person.key("count_submit")
    assert "没点" in person.message.text
    person.scan(WATER)  # a barcode is no number of pieces
    assert person.message.tone == "error"


def test_what_was_typed_is_still_there_after_esc(person: Person) -> None:
    person.sign_in()
    sell(person, WATER)
    person.key("duties")
    person.key("close_shift")
    person.enter("7")
    person.key("back")
    assert person.mode() == "selling"
    person.key("duties")
    person.key("close_shift")
    assert "接着上次" in person.message.text
    panel = person.till.view().panel
    assert isinstance(panel, CountView)
    assert (panel.rows[0].typed, panel.selected) == ("7", 1)
    person.key("up")
    person.key("count_clear")
    assert person.till.state.counting is not None
    assert person.till.state.counting.typed == {}


def test_an_open_order_stays_in_the_way_and_a_held_one_as_the_shop_wants(tmp_path: Path) -> None:
    shop = make_shop(tmp_path, {'held = "warn"': 'held = "deny"'})
    person = Person(shop)
    person.sign_in()
    person.scan(WATER)
    for duty in ("close_shift", "sign_out"):
        person.key("duties")
        person.key(duty)
        assert person.message.tone == "error"
    person.key("hold")
    person.key("duties")
    person.key("close_shift")
    assert "挂单" in person.message.text
    assert person.mode() == "selling"
    person.leave()


def test_every_way_of_paying_is_declared(person: Person, shop: Shop) -> None:
    person.sign_in()
    person.scan(WATER)
    person.key("settle")
    person.key("bank")
    person.enter("REF001")
    person.key("duties")
    person.key("close_shift")
    for _ in range(8):
        person.enter("0")
    assert "银行卡" in person.till.view().prompt.label
    person.enter("2.00")
    person.enter()
    assert person.mode() == "slip"
    [fact] = facts(shop, ShiftClosed)
    assert fact.counted is not None
    assert [c.way for c in fact.counted] == ["cash", "bank"]


def test_the_float_is_taken_over_by_one_key(tmp_path: Path) -> None:
    shop = asking(tmp_path)
    person = Person(shop)
    person.sign_in()
    assert person.mode() == "counting"
    person.enter()
    assert person.mode() == "selling"
    assert "500.00" in person.message.text
    sell(person, WATER)
    person.key("duties")
    person.key("close_shift")
    count(person, "5", "", "", "", "", "2")
    assert "相符" in person.message.text
    person.enter()
    person.sign_in("2001")  # the next operator: what was left
    person.enter()
    assert "500.00" in person.message.text
    person.key("duties")
    person.key("sign_out")
    person.sign_in("2001")  # the same shift has its float
    assert person.mode() == "selling"
    assert (
        person.till.reader.rows("SELECT fen FROM cash_moves WHERE move = 'float'")[1][0] == 50_000
    )
    person.leave()


def test_a_float_counted_by_pieces(tmp_path: Path) -> None:
    shop = asking(tmp_path)
    person = Person(shop)
    person.sign_in()
    count(person, "0", "2", "5")
    assert "200.00" in person.message.text
    row = person.till.reader.rows("SELECT fen FROM cash_moves")[0]
    assert row[0] == 20_000
    person.leave()


def test_cash_in_out_and_drop_need_a_right_and_a_reason(person: Person, shop: Shop) -> None:
    person.sign_in()
    for duty, amount in (("cash_in", "100"), ("cash_out", "30.5"), ("cash_drop", "20")):
        person.key("duties")
        person.key(duty)
        assert person.mode() == "approving"
        person.approve("2001")
        person.enter(amount)
        person.enter("1")
        assert amount.split(".")[0] in person.message.text
    moves = [tuple(r) for r in person.till.reader.rows("SELECT move, fen FROM cash_moves")]
    assert moves == [("in", 10_000), ("out", 3050), ("drop", 2000)]
    person.key("duties")
    person.key("close_shift")
    count(person, "", "", "2", "", "1", "4", "1")
    assert "相符" in person.message.text


def test_too_much_cash_is_dropped_before_the_next_customer_pays(tmp_path: Path) -> None:
    shop = make_shop(tmp_path, {'drawer_ceiling = "0"': 'drawer_ceiling = "600"'})
    person = Person(shop)
    person.sign_in("2001")
    person.scan(*[MILK] * 130)  # 715.00
    person.key("settle")
    person.enter()
    assert "解款 200.00" in person.message.text
    person.scan(WATER)
    person.key("settle")
    assert person.mode() == "asking"
    person.key("back")  # cash is taken all the same
    person.key("settle")
    assert person.mode() == "paying"
    person.enter()
    person.scan(WATER)
    person.key("settle")
    person.enter("200")
    person.enter("1")
    assert person.till.state.drop_due == 0
    assert person.mode() == "selling"
    person.leave()


def test_a_day_is_closed_with_its_own_shift_and_checked(tmp_path: Path) -> None:
    shop = make_shop(tmp_path)
    person = Person(shop)
    person.sign_in("9001")
    sell(person, WATER, MILK)
    person.key("duties")
    person.key("close_day")
    count(person, "", "", "", "", "1", "2", "1")
    assert person.mode() == "slip"
    assert "日结单" in text_of(person.till.view().panel)
    [day] = facts(shop, DayClosed)
    assert (day.z, day.figures.net_fen, day.uncounted, day.auto) == (1, 750, 0, False)
    for room in list(person.till._rooms.values()):
        room.submit(lambda: None).result()
    person.wait()
    assert "核对无误" in person.message.text
    [copy] = (shop.folder / "data" / "closes").iterdir()
    assert copy.name == "ledger-000101-2026-03-02-Z0001.db"
    assert verify_ledger(copy).ok
    person.enter()
    person.sign_in("9001")
    person.key("duties")
    person.key("close_day")
    count(person, "0")
    assert person.mode() == "slip"  # a shift without a sale is still a day to close
    person.leave()
    assert verify_ledger(shop.place().path).ok


def test_closing_twice_and_a_cashier_at_the_day(person: Person, shop: Shop) -> None:
    person.sign_in()
    sell(person, WATER)
    person.key("duties")
    person.key("close_day")
    assert person.mode() == "approving"
    person.approve("2001")
    count(person, "", "", "", "", "", "2")
    assert len(facts(shop, DayClosed)) == 1
    person.enter()
    person.sign_in("9001")
    person.key("duties")
    person.key("close_shift")
    count(person, "0")
    person.enter()
    person.sign_in("9001")
    shift = shifts.opened(person.till.reader)
    assert len(shift) == 1


def test_a_forgotten_day_closes_itself_and_is_counted_later(person: Person, shop: Shop) -> None:
    person.sign_in()
    sell(person, WATER)
    person.key("duties")
    person.key("sign_out")
    shop.hands.go(24 * 3600)
    person.sign_in()
    assert "没有日结" in person.message.text
    [day] = facts(shop, DayClosed)
    assert (day.business_date, day.counted, day.auto, day.uncounted) == (
        "2026-03-02",
        None,
        True,
        1,
    )
    person.key("duties")
    person.key("count_late")
    count(person, "", "", "", "", "", "1")
    [late] = facts(shop, ShiftCounted)
    assert late.counted[0].difference_fen == -100
    assert late.where.business_date == "2026-03-03"
    person.enter()
    person.key("duties")
    person.key("count_late")
    assert "没有要补点" in person.message.text


def test_a_clock_set_back_is_told_and_confirmed(person: Person, shop: Shop) -> None:
    person.sign_in("9001")
    sell(person, WATER)
    shop.hands.at -= timedelta(hours=3)
    person.till.tick()
    person.wait()
    sell(person, WATER)  # it stops no sale
    person.key("duties")
    person.key("close_day")
    count(person, "", "", "", "", "", "4")
    assert person.mode() == "choosing"
    assert "时钟" in person.message.text
    person.enter("1")
    [day] = facts(shop, DayClosed)
    assert day.clock_jumps >= 1


def test_an_x_changes_nothing_and_past_closes_are_read(person: Person, shop: Shop) -> None:
    person.sign_in("2001")
    sell(person, WATER)
    head = person.till.reader.head()
    person.key("duties")
    person.key("x_report")
    person.enter("2")
    assert "X 报表" in text_of(person.till.view().panel)
    assert "2.00" in text_of(person.till.view().panel)
    person.key("back")
    assert person.till.reader.head() == head
    person.key("duties")
    person.key("closes")
    assert "还没有" in person.message.text
    person.key("duties")
    person.key("close_shift")
    count(person, "", "", "", "", "", "2")
    person.enter()
    person.sign_in("2001")
    person.key("duties")
    person.key("closes")
    person.enter("1")
    assert "交班单" in text_of(person.till.view().panel)
    person.key("print_slip")
    assert "打印" in person.message.text
