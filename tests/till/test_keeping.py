"""What is kept of a closed day: a sealed backup; where there can be none, the day is closed."""

from __future__ import annotations

from contextlib import closing
from pathlib import Path

from msgspec.structs import replace

from pos.config import load
from pos.record import DayClosed, ShiftOpened, Where
from pos.store import backup
from pos.store.reader import Reader
from pos.store.verify import verify_ledger
from pos.till import closing as till_closing
from pos.till import keeping
from tests.shop import WATER, Shop, make_shop
from tests.till.person import Person
from tests.till.test_closing import count, facts, sell


def close_day(person: Person) -> None:
    person.sign_in("9001")
    sell(person, WATER)
    person.key("duties")
    person.key("close_day")
    count(person, "", "", "", "", "", "2")
    assert person.mode() == "slip"
    for _ in range(2):  # the backup follows the copy
        for room in list(person.till._rooms.values()):
            room.submit(lambda: None).result()
        person.wait()
        person.till.view()


def sealing(folder: Path) -> tuple[Shop, Path]:
    identity = folder / "technician.key"
    recipient = backup.new_identity(identity)
    changes = {'recipient = ""': f'recipient = "{recipient}"', "keep = 14 ": "keep = 1 "}
    return make_shop(folder, changes), identity


def test_each_close_seals_a_backup_and_the_oldest_gives_way(tmp_path: Path) -> None:
    shop, identity = sealing(tmp_path)
    person = Person(shop)
    for _ in range(2):
        close_day(person)
        assert "已备份" in person.message.text
        assert "核对无误" in person.message.text
        person.enter()
        shop.hands.go(60)
    person.leave()
    [made] = (shop.folder / "backups").iterdir()
    assert backup.verify(made, identity).jn > 10
    target = tmp_path / "elsewhere"
    backup.restore(made, identity, target)
    ledger = Shop(target).ledger()
    assert ledger.epoch == 2
    ledger.close()


def test_a_clock_set_back_costs_no_new_copy(tmp_path: Path) -> None:
    """Copies of a year ahead, and of a till that was here before: what was just made stays."""
    shop = make_shop(tmp_path, {"keep_copies = 14": "keep_copies = 2"})
    folder = shop.folder / "data/closes"
    (tmp_path / "before").mkdir()
    before = make_shop(tmp_path / "before").place().path
    folder.mkdir()
    other = folder / "ledger-000101-2027-03-02-Z0900.db"
    with closing(Reader(before)) as reader:
        reader.copy_into(other)
    damaged = folder / "ledger-000101-2027-03-03-Z0901.unchecked"
    damaged.write_bytes(b"")
    kept = []
    with closing(shop.ledger()) as ledger, closing(Reader(shop.place().path)) as reader:
        for date in ("2027-03-02", "2026-03-01", "2026-02-01"):
            where = Where("9001", f"s{date}", date)
            ledger.write(ShiftOpened(where))
            fact = replace(till_closing.close_day(ledger, reader, where), business_date=date)
            made = keeping.copy_of(load(shop.config_file), fact, lambda _done, _all: True)
            assert made
            assert verify_ledger(made).ok
            kept.append(made)
            assert set(folder.iterdir()) == {*kept[-2:], *([other] if len(kept) == 1 else [])}


def test_a_backup_that_fails_is_told_and_the_day_is_closed(tmp_path: Path) -> None:
    shop, _ = sealing(tmp_path)
    (shop.folder / "backups").write_text("in the way", "utf-8")
    person = Person(shop)
    close_day(person)
    assert person.message.tone == "warn"
    assert "备份没做成" in person.message.text
    assert "backups" in person.message.text
    assert "核对无误" in person.message.text
    person.leave()
    assert len(facts(shop, DayClosed)) == 1
