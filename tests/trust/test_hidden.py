"""Nothing of a customer and no secret is in clear wherever a shop writes: a day of planted values.

The day: a delivery, a wallet payment by code, wrong and right PINs, a crash, a close, and then
every way data leaves the till: export, backup, dated copy, log.
"""

from __future__ import annotations

from collections.abc import Callable
from contextlib import closing
from pathlib import Path

import msgspec
import pytest
from msgspec.structs import replace

from pos.config import load
from pos.protocol.master import Change, Member
from pos.record import Where
from pos.refusal import Refused
from pos.screens import crash
from pos.sealing import Vault
from pos.store import archive, backup, incoming, jobs, members, persons
from pos.store.ledger import Ledger
from pos.store.reader import Reader
from pos.store.verify import verify_ledger
from pos.sync.staging import Staging
from pos.till import closing as till_closing
from pos.till import keeping
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
    """Their key and hashes stand neither in the file nor in its log nor in a later backup; facts
    stand and verify. Before, each of them is there: the search does find."""
    shop, marks = erased(tmp_path / "shop", erase=erase)
    assert found([shop.folder], marks) == []
    config = load(shop.config_file)
    assert verify_ledger(config.ledger).ok
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
        before = found([shop.folder], marks)
        assert {hit.split(":")[0] for hit in before} == set(marks)
        erase(ledger, who)
        still = found([shop.folder], marks | {"phone": PHONE})
        if seen is None:
            assert still == []
        else:
            seen += still
        assert persons.get(reader, vault, who) is None
    return shop, marks
