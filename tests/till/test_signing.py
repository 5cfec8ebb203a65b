"""Coming, going, locking; wrong PINs."""

from __future__ import annotations

from pos.store.reader import Reader
from pos.till.view import SignInView
from tests.shop import PIN, WATER, Shop
from tests.till.person import Person


def test_a_first_sign_in_opens_a_shift_and_a_second_goes_on_in_it(shop: Shop) -> None:
    for _ in range(2):
        person = Person(shop)
        assert isinstance(person.till.view().panel, SignInView)
        view = person.sign_in()
        assert view.header.operator == "1001 收银员"
        assert view.header.business_date == "2026-03-02"
        person.key("duties")
        person.key("sign_out")
        assert person.mode() == "signing"
        person.leave()
    reader = Reader(person.till.config.ledger)
    assert reader.rows("SELECT count(*) FROM shifts")[0][0] == 1
    sessions = [
        r[0] for r in reader.rows("SELECT subject FROM events WHERE kind='session' ORDER BY jn")
    ]
    assert sessions == ["signed_in", "signed_out"] * 2


def test_wrong_pins_are_counted_on_disk_and_outlive_a_crash(shop: Shop) -> None:
    person = Person(shop)
    for _ in range(5):
        person.enter("1001")
        person.enter("000001")
        assert "工号或密码不对" in person.message.text
    person.leave()
    again = Person(shop)
    again.sign_in()
    assert "请等" in again.message.text
    assert again.mode() == "signing"
    shop.hands.go(31)
    again.sign_in()
    assert again.mode() == "selling"
    again.leave()


def test_nobody_learns_whether_an_operator_exists(shop: Shop) -> None:
    person = Person(shop)
    person.enter("4711")
    person.enter("123450")
    assert "工号或密码不对" in person.message.text
    person.leave()


def test_a_barcode_in_the_pin_line_is_no_wrong_pin(shop: Shop) -> None:
    person = Person(shop)
    person.enter("1001")
    person.enter("6901234567892")
    assert person.beeps == 1
    row = Reader(person.till.config.ledger).operator("1001")
    assert row is not None
    assert row.wrong_pins == 0
    person.enter(PIN["1001"])
    assert person.mode() == "selling"
    person.leave()


def test_lock_keeps_the_order_and_only_its_owner_or_a_supervisor_opens(person: Person) -> None:
    person.scan(WATER)
    person.key("lock")
    assert person.mode() == "locked"
    person.enter()
    person.enter("000002")
    assert person.mode() == "locked"
    person.enter()
    person.enter(PIN["1001"])
    assert person.mode() == "selling"
    assert len(person.order.lines) == 1
    person.key("lock")
    person.enter("2001")
    person.enter(PIN["2001"])
    assert person.mode() == "selling"


def test_an_idle_till_locks_itself(person: Person) -> None:
    person.scan(WATER)
    person.shop.hands.go(299)
    person.till.tick()
    assert person.mode() == "selling"
    person.shop.hands.go(2)
    person.till.tick()
    assert person.mode() == "locked"


def test_signing_out_waits_for_the_order(person: Person) -> None:
    person.scan(WATER)
    person.key("duties")
    person.key("sign_out")
    assert person.mode() == "selling"
    assert "挂起" in person.message.text


def test_a_second_till_on_one_ledger_names_the_holder(shop: Shop) -> None:
    person = Person(shop)
    other = Person(shop)
    assert other.till.quitting
    assert other.till.failure is not None
    assert other.till.failure.code == "ledger_in_use"
    assert "test" in str(other.till.failure.values["holder"])
    person.leave()


def test_a_clock_that_jumps_is_on_record_and_stops_nothing(person: Person) -> None:
    person.shop.hands.at = person.shop.hands.at.replace(day=1)
    person.till.tick()
    person.scan(WATER)
    person.enter()
    person.enter()
    rows = Reader(person.till.config.ledger).rows("SELECT kind FROM events ORDER BY jn DESC")
    assert rows[0][0] == "clock.jumped"
    assert Reader(person.till.config.ledger).orders()[0].seq == 1
