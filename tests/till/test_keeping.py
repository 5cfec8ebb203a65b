"""What is kept of a closed day: a sealed backup; where there can be none, the day is closed."""

from __future__ import annotations

from pathlib import Path

from pos.record import DayClosed
from pos.store import backup
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
