"""Nothing of a customer and no secret is in clear wherever a shop writes: a day of planted values.

The day: a delivery, a wallet payment by code, wrong and right PINs, a crash, a close, and then
every way data leaves the till: export, backup, dated copy, log.
"""

from __future__ import annotations

import sqlite3
from collections.abc import Callable
from contextlib import closing
from pathlib import Path

import msgspec
import pytest
from msgspec.structs import replace

from pos.config import Config, load
from pos.protocol.master import Change, Member
from pos.record import FIRST_PREVIOUS, PersonErased, ShiftOpened, Where
from pos.refusal import Refused
from pos.screens import crash
from pos.sealing import Vault
from pos.store import archive, backup, copies, epochs, incoming, jobs, members, persons
from pos.store.ledger import Ledger
from pos.store.migrations import migrate
from pos.store.reader import Reader
from pos.store.verify import verify_ledger
from pos.sync.staging import Staging
from pos.till import closing as till_closing
from pos.till import keeping
from pos.till.opening import open_ledger
from tests.shop import MILK, PIN, WATER, Shop, make_shop
from tests.store.conftest import WHERE, fill
from tests.till.invoicing import COMPANY, office
from tests.till.wallets import world
from tests.trust.planted import found, key_of

PHONE, NAME, STREET, NOTE = "13912345678", "欧阳小满", "样例路一号甲", "门口有狗"
MAIL, WRONG_PIN = "xiaoman@example.cn", "864201"


def test_a_day_leaves_nothing_in_clear(tmp_path: Path) -> None:
    with world(tmp_path / "shop", tmp_path / "keys") as day:
        shop = day.shop
        config = load(shop.config_file)
        person = day.open("9001")
        code = day.code("wechat")
        day.pay_screen(WATER)
        person.scan(code)
        day.until(day.closed)
        person.scan(MILK)
        person.key("deliver")
        for text in (PHONE, NAME, STREET, NOTE):
            person.enter(text)
        person.enter()
        person.enter()
        _crash(config.ledger.parent, PHONE, code, PIN["9001"], MAIL)
        person.key("lock")
        person.enter("1001")
        person.enter(WRONG_PIN)
        here = _planted(shop.folder) | {"code": code, "wrong pin": WRONG_PIN}
        assert found([shop.folder], here) == [], "while the till is at work"
        person.leave()
    _leave(shop)
    assert verify_ledger(config.ledger).ok
    assert found([shop.folder], here) == []
    assert found([shop.folder], {"what is there": "清溪矿泉水"}), "the search finds nothing at all"


def _planted(folder: Path) -> dict[str, str | bytes]:
    return {
        **{"phone": PHONE, "name": NAME, "street": STREET, "note": NOTE, "mail": MAIL},
        **{f"pin {who}": pin for who, pin in PIN.items()},
        "pepper": (folder / "data/pepper").read_bytes(),
        "person key": (folder / "data/person.key").read_bytes(),
        "till key": key_of((folder / "data/till.key").read_bytes()),
    }


def _crash(folder: Path, *values: str) -> None:
    """A screen that fails with what a customer gave in its words and its variables."""
    shown = list(values)
    error = Refused("crash", shown=shown)
    assert crash.record(folder / "crash.log", error, " ".join(values))


def _leave(shop: Shop) -> None:
    """All that carries data out of a till, into its folder."""
    config = load(shop.config_file)
    with closing(shop.ledger()) as ledger, closing(Reader(config.ledger)) as reader:
        day = till_closing.close_day(ledger, reader, Where("9001", "s", "2026-03-02"))
    assert keeping.copy_of(config, day, lambda _done, _all: True) is not None
    archive.export(config.ledger, shop.folder / "journal.jsonl")
    public = backup.new_identity(shop.folder.parent / "technician.key")
    out = shop.folder / "out"
    backup.create(config.ledger, config.named_files(), public, out, shop.hands.at, 3)


def test_whoever_gets_an_invoice_is_named_nowhere_but_at_the_platform(tmp_path: Path) -> None:
    with office(tmp_path) as desk:
        _, number = desk.sell(WATER, MILK)
        desk.ask(number)
        planted = {
            "title": COMPANY.title,
            "tax id": COMPANY.tax_id,
            "mail": COMPANY.email,
        }
        assert found([desk.shop.folder], planted) == []
        desk.settle()
        assert desk.sim.ledger()["invoices"]
        assert found([desk.shop.folder], planted) == []


def by_head_office(ledger: Ledger, who: str) -> None:
    """Head office tells that somebody was erased there."""
    staging = Staging(ledger.place.path.with_name("x.db"), "chain", goods=True, whole=False)
    told = msgspec.json.encode(Member(who, "0001", "", "", active=False))
    staging.put([Change("member", who, 1, msgspec.Raw(told))])
    incoming.apply(ledger, staging.finish("c1", lambda _: True, lambda _names: {}))
    staging.close()


def at_the_till(ledger: Ledger, who: str) -> None:
    """Somebody is erased here."""
    persons.erase(ledger, who, WHERE)


@pytest.mark.parametrize("erase", [at_the_till, by_head_office])
def test_a_person_who_is_erased_is_gone_from_the_disk(
    tmp_path: Path, erase: Callable[[Ledger, str], None]
) -> None:
    """Their key and hashes stand neither in the file nor in its log nor in a copy made before nor
    in a later backup; facts stand and verify. Before, each of them is there: the search does find.
    """
    shop, marks = erased(tmp_path / "shop", erase=erase)
    assert found([shop.folder], marks) == []
    config = load(shop.config_file)
    assert verify_ledger(config.ledger).ok
    assert [path.name for path in copies.all_of(config.ledger, config.closes)] == COPIES
    for path in copies.all_of(config.ledger, config.closes):
        assert backup.checked_copy(path).records > 1
    secret = tmp_path / "technician.key"
    public = backup.new_identity(secret)
    made = backup.create(
        config.ledger, config.named_files(), public, tmp_path / "out", shop.hands.at, 3
    )
    backup.restore(Path(made.path), secret, tmp_path / "again")
    assert found([tmp_path / "again"], marks) == []
    assert load(tmp_path / "again/config.toml").ledger.exists()


def test_an_erasure_that_does_not_empty_the_log_is_found_out(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(Ledger, "empty_log", lambda _: None)
    seen: list[str] = []
    erased(tmp_path / "shop", seen)
    assert seen, "the log was empty by itself"


COPIES = [
    *("ledger.db.v2.copy", "ledger-000101-2026-03-02-Z0001.db"),
    "ledger-000101-2026-03-03-Z0002.unchecked",
]


def copied(config: Config, ledger: Ledger, reader: Reader) -> None:
    """Every kind of copy: of before a migration, of a close, of one where the check was stopped."""
    reader.copy_into(copies.before_migration(config.ledger, 2))
    next_day = replace(WHERE, shift_id="s2", business_date="2026-03-03")
    ledger.write(ShiftOpened(WHERE))
    day = till_closing.close_day(ledger, reader, WHERE)
    assert keeping.copy_of(config, day, lambda _done, _all: True)
    ledger.write(ShiftOpened(next_day))
    day = till_closing.close_day(ledger, reader, next_day)
    made = keeping.copy_of(config, day, lambda _done, _all: True)
    assert made
    made.rename(made.with_suffix(".unchecked"))


def test_a_copy_of_an_older_version_names_nobody_who_was_erased(tmp_path: Path) -> None:
    """It has fewer columns; what it has of them goes. Whoever was not erased stays as they were."""
    shop = make_shop(tmp_path)
    with closing(shop.ledger()) as ledger:
        vault = Vault(load(shop.config_file).person_key.read_bytes())
        who = persons.add(ledger, vault, NAME, PHONE)
        other = persons.add(ledger, vault, "李四", "13900001234")
        path = copies.before_migration(ledger.place.path, 2)
        with closing(sqlite3.connect(path, isolation_level=None)) as raw:
            migrate(raw, path, 2)
            for person_id in (who, other):
                raw.execute(
                    "INSERT INTO persons (person_id, wrapped_key, name, created_at, erased_at)"
                    " VALUES (?, ?, ?, '', '')",
                    (person_id, f"key of {person_id}".encode(), b"sealed"),
                )
        persons.erase(ledger, who, WHERE)
        assert found([tmp_path], {"key": f"key of {who}".encode()}) == []
        assert found([tmp_path], {"key": f"key of {other}".encode()})


def test_a_copy_in_which_nobody_can_be_erased_is_named(tmp_path: Path) -> None:
    """In the ledger it is done; the next close says it again, until the file is gone."""
    shop = make_shop(tmp_path)
    config = load(shop.config_file)
    assert config.closes
    config.closes.mkdir()
    bad = config.closes / "ledger-000101-2026-03-01-Z0001.db"
    bad.write_bytes(b"damaged" * 1000)
    with closing(shop.ledger()) as ledger, closing(Reader(config.ledger)) as reader:
        vault = Vault(config.person_key.read_bytes())
        who = persons.add(ledger, vault, NAME, PHONE)
        with pytest.raises(Refused, match=f"copies_not_erased.*{bad.name}"):
            persons.erase(ledger, who, WHERE)
        assert persons.get(reader, vault, who) is None
        ledger.write(ShiftOpened(WHERE))
        day = till_closing.close_day(ledger, reader, WHERE)
        with pytest.raises(Refused, match="copies_not_erased"):
            keeping.copy_of(config, day, lambda _done, _all: True)
        bad.unlink()
        assert keeping.copy_of(config, day, lambda _done, _all: True)


def test_an_older_backup_has_them_until_their_erasure_comes_back(tmp_path: Path) -> None:
    """A sealed backup cannot be changed: put back, it names who was erased since, until the lost
    record is here again. Newer backups push it out."""
    shop = make_shop(tmp_path)
    config, secret = load(shop.config_file), tmp_path / "technician.key"
    public = backup.new_identity(secret)

    def back_up(keep: int) -> backup.Made:
        files, now = config.named_files(), shop.hands.at
        return backup.create(config.ledger, files, public, tmp_path / "out", now, keep)

    vault = Vault(config.person_key.read_bytes())
    with closing(shop.ledger()) as ledger, closing(Reader(config.ledger)) as reader:
        who = persons.add(ledger, vault, NAME, PHONE)
        older = back_up(2)
        persons.erase(ledger, who, WHERE)
        sql = "SELECT jn, body, hash, signature FROM journal ORDER BY jn"
        rows = [tuple(row) for row in reader.rows(sql)]
        previous = [FIRST_PREVIOUS, *(row[2] for row in rows)]
        lost = [
            epochs.Lost(1, jn, body.decode(), digest.hex(), signature.hex(), before.hex())
            for (jn, body, digest, signature), before in zip(rows, previous, strict=False)
        ]
    backup.restore(Path(older.path), secret, tmp_path / "new")
    new = load(tmp_path / "new/config.toml")
    with closing(open_ledger(new, shop.hands.clock(), shop.ids, "test")) as ledger:
        with closing(Reader(new.ledger)) as reader:
            row = dict(reader.rows("SELECT * FROM persons")[0])
            marks = {name: value for name, value in row.items() if type(value) is bytes}
            assert len(marks) == 6
            assert persons.get(reader, vault, who)
            assert epochs.recover(ledger, lost).came == 1
            assert persons.get(reader, vault, who) is None
        assert found([new.file.parent], marks) == []
    assert verify_ledger(new.ledger).ok
    assert back_up(2).removed == ()
    assert back_up(2).removed == (Path(older.path).name,)


def test_who_was_erased_on_record_is_erased_at_the_next_opening(tmp_path: Path) -> None:
    """As an older version left it that brought the record back and nothing else."""
    shop = make_shop(tmp_path)
    config = load(shop.config_file)
    vault = Vault(config.person_key.read_bytes())
    with closing(shop.ledger()) as ledger:
        who = persons.add(ledger, vault, NAME, PHONE)
        ledger.write(PersonErased(WHERE, who))
    with closing(Reader(config.ledger)) as reader:
        assert persons.get(reader, vault, who)
        open_ledger(config, shop.hands.clock(), shop.ids, "test").close()
        assert persons.get(reader, vault, who) is None


def erased(
    folder: Path,
    seen: list[str] | None = None,
    erase: Callable[[Ledger, str], None] = at_the_till,
) -> tuple[Shop, dict[str, str | bytes]]:
    """A shop where somebody was erased, and every sealed byte that was theirs.

    `seen` gets what is still found while the ledger is open.
    """
    folder.mkdir()
    shop = make_shop(folder)
    config = load(shop.config_file)
    vault = Vault(config.person_key.read_bytes())
    with closing(shop.ledger()) as ledger, closing(Reader(config.ledger)) as reader:
        who = persons.add(ledger, vault, NAME, PHONE)
        members.join(ledger, vault, who, WHERE, level="", card="66668888", birthday="0502")
        delivery = persons.deliver_to(ledger, vault, who, STREET, NOTE)
        order = replace(fill(ledger, WATER), person_id=who, delivery_id=delivery)
        ledger.close_order(order, WHERE)
        [(job_id,)] = reader.rows("SELECT job_id FROM print_jobs")
        assert jobs.begin(ledger, job_id, "slip", PHONE.encode())  # its bytes are not kept
        marks: dict[str, str | bytes] = {}
        for name in ("persons", "members", "deliveries"):
            row = dict(reader.rows(f"SELECT * FROM {name} WHERE person_id = ?", (who,))[0])
            marks |= {f"{name}.{key}": value for key, value in row.items() if type(value) is bytes}
        assert len(marks) == 11
        copied(config, ledger, reader)
        before = found([shop.folder], marks)
        live = [hit for hit in before if "data/ledger.db" in hit and ".copy" not in hit]
        assert {hit.split(":")[0] for hit in live} == set(marks)
        places = (f"data/{COPIES[0]}", *(f"data/closes/{name}" for name in COPIES[1:]))
        assert {f"{mark}: {place}" for mark in marks for place in places} <= set(before)
        erase(ledger, who)
        still = found([shop.folder], marks | {"phone": PHONE})
        if seen is None:
            assert still == []
        else:
            seen += still
        assert persons.get(reader, vault, who) is None
    return shop, marks
