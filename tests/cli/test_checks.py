"""`pos doctor`, `pos config …`, `pos keys`, `pos journal verify`: what is wrong is named."""

from __future__ import annotations

import json
import sqlite3
from collections.abc import Callable
from pathlib import Path

import pytest

from pos.config import load
from pos.system import FileLock
from tests.cli.conftest import Pos
from tests.shop import WATER, Shop


def _findings(pos: Pos) -> dict[str, str]:
    """Each check with the worst it found."""
    rank = ["ok", "warn", "fail"]
    worst: dict[str, str] = {}
    for row in pos("doctor", "--json").json:
        assert set(row) == {"check", "state", "about", "remedy"}
        worst[row["check"]] = max(worst.get(row["check"], "ok"), row["state"], key=rank.index)
    return worst


def test_a_sound_till(pos: Pos, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("pos.cli.checks.SAFE_SQLITE", (3, 0, 0))
    assert set(_findings(pos).values()) == {"ok"}
    answer = pos("doctor")
    assert answer.code == 0
    assert len(answer.out.splitlines()) >= 12


@pytest.mark.parametrize(("version", "state"), [("3.51.2", "warn"), ("3.51.3", "ok")])
def test_a_sqlite_that_can_damage_a_ledger_is_named_with_the_remedy(
    pos: Pos, monkeypatch: pytest.MonkeyPatch, version: str, state: str
) -> None:
    monkeypatch.setattr("pos.cli.checks.sqlite3.sqlite_version", version)
    answer = pos("doctor", "--json")
    found = next(row for row in answer.json if row["check"] == "sqlite")
    assert (found["state"], found["about"]) == (state, version)
    assert ("libsqlite3" in found["remedy"]) == (state == "warn")
    assert answer.code == 0


def _key(folder: Path) -> Path:
    return folder / "data" / "till.key"


def _sql(folder: Path, *statements: str) -> None:
    db = sqlite3.connect(folder / "data" / "ledger.db", isolation_level=None)
    for statement in statements:
        db.execute(statement)
    db.close()


def _tail_gone(folder: Path) -> None:
    _sql(
        folder,
        "PRAGMA foreign_keys=0",
        "DROP TRIGGER journal_no_delete",
        "DELETE FROM journal WHERE jn = (SELECT max(jn) FROM journal)",
    )


def _cut(folder: Path) -> None:
    _sql(folder, "PRAGMA wal_checkpoint(TRUNCATE)")
    file = folder / "data" / "ledger.db"
    data = bytearray(file.read_bytes())
    data[8192:16384] = bytes(8192)
    file.write_bytes(data)


FAULTS: list[tuple[str, str, str, Callable[[Path], object]]] = [
    ("config", "fail", "config", lambda f: (f / "config.toml").write_text("[shop]\nide = 1\n")),
    ("no config", "fail", "config", lambda f: (f / "config.toml").unlink()),
    ("key readable", "fail", "secrets", lambda f: _key(f).chmod(0o644)),
    ("no key", "fail", "secrets", lambda f: _key(f).unlink()),
    ("no ledger", "fail", "ledger", lambda f: (f / "data" / "ledger.db").unlink()),
    ("foreign", "fail", "ledger", lambda f: (f / "data" / "ledger.db").write_bytes(b"x" * 9000)),
    ("empty", "fail", "ledger", lambda f: (f / "data" / "ledger.db").write_bytes(b"")),
    ("newer", "fail", "ledger", lambda f: _sql(f, "PRAGMA user_version=99")),
    (
        "of other",
        "fail",
        "ledger",
        lambda f: _sql(f, "UPDATE meta SET value='02' WHERE key='till'"),
    ),
    ("damaged", "fail", "check", _cut),
    ("tail", "fail", "witness", _tail_gone),
    (
        "no goods",
        "warn",
        "products",
        lambda f: _sql(f, "DELETE FROM barcodes", "DELETE FROM products"),
    ),
    ("nobody", "fail", "operators", lambda f: _sql(f, "UPDATE operators SET active=0")),
]


@pytest.mark.parametrize(
    ("state", "check", "harm"), [row[1:] for row in FAULTS], ids=[row[0] for row in FAULTS]
)
def test_the_doctor_finds_each_fault(
    pos: Pos, state: str, check: str, harm: Callable[[Path], object]
) -> None:
    harm(pos.shop.folder)
    assert _findings(pos)[check] == state
    answer = pos("doctor")
    assert answer.code == (1 if state == "fail" else 0)
    assert answer.err == ""


def test_the_doctor_knows_time_disk_and_who_is_in(
    pos: Pos, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("pos.cli.checks.free_bytes", lambda _: 199_000_000)
    pos.shop.hands.go(-7200)
    path = load(pos.shop.config_file).ledger
    lock = FileLock(path.with_name(path.name + ".lock"), "pos run")
    found = _findings(pos)
    lock.release()
    assert (found["disk"], found["clock"], found["lock"]) == ("warn", "warn", "warn")


@pytest.mark.parametrize(
    ("old", "new", "said"),
    [
        ('language = "zh"', 'langage = "zh"', "language"),
        ("[cash]", "[csh]", "cash"),
        ('default_rate = "13%"', "default_rate = 13", "13%"),
        ('preset = "cn"', 'preset = "xx"', "guanjiapo"),
        ("# hold = ", "hodl = ", "hold"),
        ('# hold = "F6"', 'hold = "F8"', "F8"),
    ],
)
def test_a_typo_is_named_with_its_line(pos: Pos, old: str, new: str, said: str) -> None:
    file = pos.shop.config_file
    text = file.read_text("utf-8")
    assert old in text
    wanted = text[: text.index(old)].count("\n") + 1
    file.write_text(text.replace(old, new), "utf-8")
    answer = pos("config", "check", "--json")
    assert answer.code == 1
    assert answer.json["ok"] is False
    assert answer.json["problems"][0]["line"] == wanted
    told = pos("config", "check")
    assert str(wanted) in told.err
    assert said.lower() in told.err.lower()
    assert f"{wanted}" in pos("sell", WATER, "--cash", "5", by="1001").why


def test_a_good_config_and_its_schema(pos: Pos) -> None:
    assert pos("config", "check").code == 0
    assert pos("config", "check", "--json").json == {"ok": True, "problems": []}
    schema = pos("config", "schema").json
    assert "Settings" in json.dumps(schema)


def test_the_key_card(pos: Pos) -> None:
    rows = pos("keys", "--json").json
    hold = [row for row in rows if (row["mode"], row["command"]) == ("selling", "hold")]
    assert hold[0]["keys"] == ["f6"]
    assert "F6" in pos("keys").out
    file = pos.shop.config_file
    file.write_text(file.read_text("utf-8").replace('"cn"', '"rtpos"', 1), "utf-8")
    assert "Home" in pos("keys").out
    file.unlink()
    assert pos("keys").code == 0


def test_a_good_journal(pos: Pos) -> None:
    pos.sell(WATER, "--cash", "5")
    verdict = pos("journal", "verify", "--json").json
    assert verdict["ok"] is True
    assert verdict["first_bad"] is None
    assert verdict["records"] > 0
    assert len(verdict["head"]) == 64


def test_a_journal_that_was_changed(pos: Pos) -> None:
    sold = pos.sell(WATER, "--cash", "5").json
    _sql(
        pos.shop.folder,
        "DROP TRIGGER orders_no_update",
        f"UPDATE orders SET total_fen = 1 WHERE number = '{sold['number']}'",
    )
    answer = pos("journal", "verify", "--json")
    assert answer.code == 1
    assert answer.json["ok"] is False
    assert answer.json["first_bad"] == answer.json["records"] + 1
    assert "orders" in answer.json["what"]
    assert len(answer.err.splitlines()) == 1


def test_a_journal_is_read_while_the_till_runs(pos: Pos) -> None:
    ledger = pos.shop.ledger()
    try:
        assert pos("journal", "verify").code == 0
        assert pos("order", "list", by="1001").code == 0
        assert "不对" in pos("order", "list", by="1001", pin="000000").why
        assert "test" in pos("sell", WATER, "--cash", "5", by="1001").why
    finally:
        ledger.close()


@pytest.mark.parametrize(
    ("harm", "said"),
    [
        (lambda f: (f / "data" / "ledger.db").write_bytes(b"x" * 9000), "不是柜台的账本"),
        (lambda f: (f / "data" / "ledger.db").write_bytes(b""), "不是柜台的账本"),
        (lambda f: _sql(f, "PRAGMA application_id=1"), "不是柜台的账本"),
        (lambda f: _sql(f, "PRAGMA user_version=99"), "99"),
        (lambda f: (f / "data" / "ledger.db").unlink(), "pos init"),
    ],
)
def test_a_newer_or_foreign_ledger(pos: Pos, harm: Callable[[Path], object], said: str) -> None:
    harm(pos.shop.folder)
    assert said in pos("journal", "verify", "--json").why
    assert said in pos("order", "list", "--json", by="1001").why
    assert said in pos("sell", WATER, "--cash", "5", by="1001").why


def test_english_words(pos: Pos, shop: Shop) -> None:
    text = shop.config_file.read_text("utf-8")
    shop.config_file.write_text(text.replace('language = "zh"', 'language = "en"'), "utf-8")
    assert "No product" in pos("sell", "404", "--cash", "5", by="1001").why
    shop.config_file.write_text(text.replace('language = "zh"', 'language = "en"\nx = 1'), "utf-8")
    assert "there is no key" in pos("sell", "404", "--cash", "5", by="1001").why
