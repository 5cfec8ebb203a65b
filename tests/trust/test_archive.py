"""An exported journal: checked by a program that knows nothing of the till, and made a ledger."""

from __future__ import annotations

import ast
import json
import random
import subprocess
import sys
from pathlib import Path
from typing import Any

import pytest

from pos.config import load
from pos.record import new_key
from pos.record.chaining import Signer
from pos.refusal import Refused
from pos.store import archive
from pos.store.verify import verify_ledger
from pos.till.opening import open_ledger
from tests.shop import Shop, make_shop
from tests.store.conftest import trade
from tests.trust import SIZE
from tests.trust.tamper import put_payments

CHECKER = Path(__file__).with_name("checker.py")


class Exported:
    """A ledger with some trade in it, its journal as a file, and the till's public key."""

    def __init__(self, folder: Path) -> None:
        self.shop: Shop = make_shop(folder)
        ledger = self.shop.ledger()
        trade(ledger, 12)
        put_payments(ledger)
        self.ledger, self.head = ledger.place.path, ledger.head
        ledger.close()
        self.file = folder / "journal.jsonl"
        self.key = archive.export(self.ledger, self.file).public_key

    def check(self, *words: str) -> dict[str, Any]:
        """The checker's answer, from a process without our code in its path."""
        argv = [sys.executable, "-I", str(CHECKER), self.key, str(self.file), *words]
        done = subprocess.run(argv, capture_output=True, text=True, timeout=60, check=False)
        answer: dict[str, Any] = json.loads(done.stdout)
        assert done.returncode == (0 if answer["ok"] else 1), done.stderr
        return answer


@pytest.fixture
def exported(tmp_path: Path) -> Exported:
    return Exported(tmp_path)


def test_the_checker_is_short_and_on_its_own() -> None:
    text = CHECKER.read_text("utf-8")
    assert text.count("\n") < 200
    names: set[str] = set()
    for node in ast.walk(ast.parse(text)):
        if isinstance(node, ast.Import):
            names.update(alias.name.split(".")[0] for alias in node.names)
        elif isinstance(node, ast.ImportFrom):
            assert node.level == 0
            names.add(str(node.module).split(".")[0])
    assert names == {"__future__", "typing", "hashlib", "json", "sys", "cryptography"}


def test_it_adds_up_as_the_ledger_does(exported: Exported) -> None:
    found, totals = exported.check(), archive.totals(exported.ledger)
    assert found["ok"], found
    assert (found["records"], found["head"]) == (totals.records, totals.head)
    assert (found["closed"], found["voided"]) == (totals.closed, totals.voided)
    assert (found["net_fen"], found["tax_fen"]) == (totals.net_fen, totals.tax_fen)
    assert totals.tendered_fen == totals.net_fen


def test_a_witness_must_be_in_it(exported: Exported) -> None:
    head = exported.head
    assert exported.check("--witness", f"1.{head.jn}.{head.hash}")["ok"]
    for wrong in (f"1.{head.jn + 1}.{head.hash}", f"2.{head.jn}.{head.hash}"):
        assert not exported.check("--witness", wrong)["ok"]


def test_replayed_it_is_the_same_ledger(exported: Exported, tmp_path: Path) -> None:
    again = tmp_path / "again" / "ledger.db"
    verdict, totals = archive.replay(exported.file, again)
    assert verdict == verify_ledger(exported.ledger)
    assert totals == archive.totals(exported.ledger)
    assert not list(again.parent.glob("*.part*"))
    with pytest.raises(Refused, match="archive_exists"):
        archive.replay(exported.file, again)
    no_till(exported.shop, again)


def no_till(shop: Shop, replayed: Path) -> None:
    """A replay has no attempts, drafts, operators: it is to be looked at, nobody sells with it."""
    config = load(shop.config_file)
    replayed.replace(config.ledger)
    with pytest.raises(Refused, match="ledger_replayed"):
        open_ledger(config, shop.hands.clock(), shop.ids, "test")
    with pytest.raises(Refused, match="ledger_replayed"):
        verify_ledger(config.ledger)


def damages(lines: list[bytes], rng: random.Random) -> dict[str, list[bytes]]:
    """What somebody may do to the file, by name."""
    at = rng.randrange(2, len(lines) - 2)
    written = json.loads(lines[at])
    body = json.loads(written["body"])
    body["at"] = "2020-01-01T00:00:00.000Z"
    changed = json.dumps(written | {"body": json.dumps(body)}).encode() + b"\n"
    swapped = [*lines[:at], lines[at + 1], lines[at], *lines[at + 2 :]]
    flipped = bytearray(lines[at])
    flipped[rng.randrange(len(flipped) - 1)] ^= 1
    return {
        "changed": [*lines[:at], changed, *lines[at + 1 :]],
        "flipped": [*lines[:at], bytes(flipped), *lines[at + 1 :]],
        "deleted": [*lines[:at], *lines[at + 1 :]],
        "doubled": [*lines[:at], lines[at], *lines[at:]],
        "swapped": swapped,
        "cut": lines[:-1],
    }


@pytest.mark.parametrize("seed", range(SIZE.of(test=1, ci=5, full=30)))
def test_every_damage_is_found_by_both(exported: Exported, tmp_path: Path, seed: int) -> None:
    lines = exported.file.read_bytes().splitlines(keepends=True)
    for name, bad in damages(lines, random.Random(seed)).items():
        exported.file.write_bytes(b"".join(bad))
        assert not exported.check()["ok"], name
        with pytest.raises(Refused, match="archive_bad"):
            archive.replay(exported.file, tmp_path / name / "ledger.db")
        assert not any((tmp_path / name).iterdir())


def test_a_till_with_another_key_is_another_till(exported: Exported) -> None:
    exported.key = Signer(new_key()).public_key
    assert exported.check()["what"] == "of another till"
