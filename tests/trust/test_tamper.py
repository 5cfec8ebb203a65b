"""A changed ledger is found out, whatever was changed; the first bad record is named."""

from __future__ import annotations

import random
from pathlib import Path

import pytest

from pos.store import verify
from tests.conftest import Record
from tests.trust import SIZE
from tests.trust.tamper import PROVEN, WORKING, Hand, cut, lived_in, rows_of, tamper

EACH = SIZE.of(test=1, ci=3, full=10**6)
PAIRS = SIZE.of(test=1, ci=20, full=300)
TAILS = SIZE.of(test=2, ci=20, full=40)
SEED = 20_260_307


def test_whatever_is_changed_is_found(tmp_path: Path, record: Record) -> None:
    found = tamper(tmp_path, random.Random(SEED), EACH, PAIRS, TAILS)
    figures = {"tried_tamper": found.tried, "bad_tamper": len(found.bad), "seed": SEED}
    record(figures)
    assert not found.bad, found.bad
    assert found.tried > 200


def test_every_table_is_proven_or_holds_no_facts(tmp_path: Path) -> None:
    """A new table belongs to one of them; one of facts has a row here, so that each column of it
    is tried."""
    path = lived_in(tmp_path)
    hand = Hand(path, random.Random(SEED))
    tables = {str(row[0]) for row in hand.rows("SELECT name FROM sqlite_schema WHERE type='table'")}
    assert set(PROVEN) | set(WORKING) == tables
    assert not set(PROVEN) & set(WORKING)
    for name in tables:
        of_a_record = any(row[1] == "jn" for row in hand.rows(f"PRAGMA table_info({name})"))
        assert not (of_a_record and name in WORKING) or name == "sync_parked", name
    assert all(rows_of(hand, name) for name in PROVEN), [n for n in PROVEN if not rows_of(hand, n)]


def test_a_blind_eye_sees_nothing(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """The proof itself: without the comparison of rows, without payments' hashes, without the
    witness, what was found before is not."""
    path = lived_in(tmp_path)
    hand = Hand(path, random.Random(SEED))
    with monkeypatch.context() as patch:
        patch.setattr(verify, "_payments", lambda *_: None)
        hand.tries("state", None, "UPDATE payment_attempts SET state = 'declined'")
        patch.setattr(verify, "rows_of", lambda record: [])
        patch.setattr(verify, "FACTS", ())
        hand.tries("fen", None, "UPDATE order_tenders SET fen = fen + 1")
    path.with_name(path.name + ".head").unlink()
    cut(hand, 1)
    assert len(hand.count.bad) == hand.count.tried == 3
