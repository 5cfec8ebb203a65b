"""Records reach head office once, whatever happens on the way; what it does not take is kept."""

from __future__ import annotations

import shutil
import time
from contextlib import closing
from pathlib import Path

import pytest

from pos.refusal import Refused
from pos.store import outbox
from pos.store.reader import Reader
from pos.store.verify import verify_ledger
from pos.sync.pacing import CAP_SECONDS, Backoff
from pos.sync.trouble import LinkFailed
from tests.sync.office import Office, TillSide


def arrived(office: Office, till: TillSide) -> bool:
    """Whether head office has every record of the till, with the same hashes, and no other."""
    return [(jn, found) for _, jn, found in office.inbox()] == till.journal()


def numbers_there(office: Office, wanted: int) -> int:
    """How many order numbers head office's tables have, each once; made behind the answers."""
    until = time.monotonic() + 10
    while True:
        numbers = [row["number"] for row in office.rows("SELECT number FROM orders")]
        assert len(numbers) == len(set(numbers))
        if len(numbers) >= wanted or time.monotonic() > until:
            return len(numbers)
        time.sleep(0.02)


def waiting(till: TillSide) -> int:
    with closing(Reader(till.ledger.place.path)) as reader:
        return reader.unsent()


def test_everything_arrives_once(office: Office, till: TillSide) -> None:
    till.sell(12)
    assert waiting(till) > 12
    status = till.visit()
    assert status.stage == "idle"
    assert waiting(till) == 0
    assert arrived(office, till)
    till.sell(1)
    till.visit()
    till.visit()
    assert arrived(office, till)


def test_more_than_a_batch_goes_in_several(office: Office, till: TillSide) -> None:
    till.sell(620)
    till.visit()
    assert arrived(office, till)


def test_nobody_there_is_told_and_nothing_is_lost(office: Office, till: TillSide) -> None:
    till.sell(3)
    office.stop()
    with pytest.raises(LinkFailed) as failed:
        till.visit()
    assert (failed.value.kind, failed.value.code) == ("offline", "ho_unreachable")
    office.start()
    till.visit()
    assert arrived(office, till)


def test_a_till_that_was_stopped_is_told_so(office: Office, till: TillSide) -> None:
    from pos.headoffice import tills

    tills.revoke(office.house, "0001", "01")
    with pytest.raises(LinkFailed) as failed:
        till.visit()
    assert failed.value.code == "ho_revoked"
    assert failed.value.final


def test_a_clock_that_is_off_is_told_and_heals(office: Office, till: TillSide) -> None:
    till.shop.hands.at = till.shop.hands.at.replace(year=2020)
    with pytest.raises(LinkFailed) as failed:
        till.visit()
    assert failed.value.code == "ho_stale"
    assert not failed.value.final


def test_head_office_put_back_to_an_old_copy_gets_everything_again(
    office: Office, till: TillSide
) -> None:
    till.sell(5)
    till.visit()
    office.stop()
    copy = office.folder.with_name("copy")
    shutil.copytree(office.folder, copy)
    office.start()
    till.sell(7)
    till.visit()
    office.stop()
    shutil.rmtree(office.folder)
    shutil.copytree(copy, office.folder)
    office.start()
    till.sell(2)
    till.visit()
    assert arrived(office, till)
    assert waiting(till) == 0


def test_a_record_that_is_not_taken_stops_no_other_and_can_be_sent_again(
    office: Office, till: TillSide, tmp_path: Path
) -> None:
    till.sell(2)
    till.visit()
    till.sell(3)
    with closing(Reader(till.ledger.place.path)) as reader:
        records = outbox.unsent(reader, 10)
    bad = outbox.Refusal(records[1].jn, 1, records[1].hash, "rejected", "malformed", "x")
    outbox.acknowledge(till.ledger, (), (bad,), records[1].jn, None)
    till.visit()
    with closing(Reader(till.ledger.place.path)) as reader:
        [parked] = outbox.parked(reader)
        assert (parked.jn, parked.code, parked.again) == (bad.jn, "malformed", False)
    # what stands before it was passed over too: only a person says what is to be sent again
    assert records[0].jn not in [jn for _, jn, _ in office.inbox()]
    outbox.send_again(till.ledger, [bad.jn])
    till.visit()
    with closing(Reader(till.ledger.place.path)) as reader:
        assert outbox.parked(reader) == []
    assert bad.jn in [jn for _, jn, _ in office.inbox()]


def test_a_till_put_back_to_an_old_copy_begins_a_new_life_and_gets_its_orders_back(
    office: Office, till: TillSide, tmp_path: Path
) -> None:
    till.sell(4)
    till.visit()
    ledger = till.ledger.place.path
    till.close()
    copy = ledger.with_name("copy.db")
    shutil.copy(ledger, copy)
    till.open()
    till.sell(6)
    till.visit()
    before = till.ledger.read(orders)
    till.close()
    shutil.copy(copy, ledger)
    ledger.with_name(ledger.name + ".head").unlink()  # another machine: nothing here knows
    till.open()
    status = till.visit()
    assert till.ledger.epoch == 2
    assert status.recovered >= 6
    assert till.ledger.read(orders) == before
    till.sell(2)
    till.visit()
    assert waiting(till) == 0
    assert verify_ledger(ledger).ok
    assert numbers_there(office, 12) == 12


def orders(connection: object) -> list[tuple[str, str, int]]:
    from sqlalchemy import text

    sql = text("SELECT order_id, number, total_fen FROM orders ORDER BY number")
    return [tuple(row) for row in connection.execute(sql)]  # type: ignore[attr-defined]


def test_a_cut_tail_begins_a_new_life_at_once_also_offline(office: Office, till: TillSide) -> None:
    till.sell(3)
    till.visit()
    ledger = till.ledger.place.path
    till.close()
    copy = ledger.with_name("copy.db")
    shutil.copy(ledger, copy)
    till.open()
    till.sell(3)
    till.visit()
    till.close()
    shutil.copy(copy, ledger)
    office.stop()
    till.open()  # the witness beside the ledger remembers more
    assert till.ledger.epoch == 2
    till.sell(2)
    office.start()
    till.visit()
    assert numbers_there(office, 8) == 8
    assert len(till.ledger.read(orders)) == 8
    assert verify_ledger(ledger).ok


def test_two_ledgers_of_one_till_are_told_apart(
    office: Office, till: TillSide, tmp_path: Path
) -> None:
    """A disk that was copied: the second that speaks gets an epoch of its own."""
    till.sell(3)
    till.visit()
    till.close()
    twin_folder = tmp_path / "twin"
    shutil.copytree(till.shop.folder, twin_folder)
    till.open()
    till.sell(2)
    till.visit()
    twin = TillSide(type(till.shop)(twin_folder, till.shop.hands), till.enrolled, till.url)
    twin.visit()
    assert twin.ledger.epoch == 2
    twin.sell(1)
    twin.visit()
    till.sell(1)
    till.visit()
    assert till.ledger.epoch == 3
    twin.close()


def test_full_jitter_doubles_to_a_cap_and_obeys(tmp_path: Path) -> None:
    drawn = [1.0] * 20
    backoff = Backoff(lambda: drawn.pop())
    waits = [backoff.failed() for _ in range(12)]
    assert waits[:4] == [2.0, 4.0, 8.0, 16.0]
    assert waits[-1] == CAP_SECONDS
    backoff.reset()
    assert backoff.failed(at_least=30.0) == 30.0
    assert Backoff(lambda: 0.0).failed() == 0.0


def test_a_code_works_for_one_key_only(office: Office, tmp_path: Path) -> None:
    from pos.record import new_key
    from pos.sync.enrolling import enrol
    from pos.wire import Wire

    code, key = office.code(till="07"), new_key()
    wire = Wire([office.url])
    first = enrol(wire, code, "ledger-7", key, 1, "zh")
    again = enrol(wire, code, "ledger-7", key, 1, "zh")
    assert first.token == again.token
    with pytest.raises(Refused) as refused:
        enrol(wire, code, "ledger-8", new_key(), 1, "zh")
    assert refused.value.code == "ho_code_unknown"
    wire.close()
