"""`pos journal verify`: nothing can be changed without a trace."""

from __future__ import annotations

import sqlite3
from pathlib import Path

import pytest

from pos.store.ledger import Ledger
from pos.store.models import FACTS
from pos.store.verify import verify_ledger
from tests.shop import Shop
from tests.store.conftest import trade


@pytest.fixture
def path(shop: Shop) -> Path:
    ledger = shop.ledger()
    trade(ledger)
    ledger.close()
    assert verify_ledger(ledger.place.path).ok
    return ledger.place.path


def tamper(path: Path, *statements: str) -> None:
    raw = sqlite3.connect(path, isolation_level=None)
    raw.execute("PRAGMA foreign_keys=OFF")
    raw.execute("PRAGMA ignore_check_constraints=ON")
    for (name,) in raw.execute("SELECT name FROM sqlite_schema WHERE type='trigger'").fetchall():
        raw.execute(f"DROP TRIGGER {name}")
    for statement in statements:
        raw.execute(statement)
    raw.close()


def test_the_first_bad_record_is_named(path: Path) -> None:
    tamper(path, "UPDATE order_tenders SET fen = fen + 1 WHERE jn = 7")
    verdict = verify_ledger(path)
    assert (verdict.ok, verdict.first_bad) == (False, 7)
    assert "order_tenders" in verdict.what


def test_a_cut_tail_is_seen_by_the_witness(path: Path, shop: Shop) -> None:
    raw = sqlite3.connect(path)
    last = raw.execute("SELECT max(jn) FROM journal").fetchone()[0]
    raw.close()
    tamper(
        path,
        *(f"DELETE FROM {name} WHERE jn = {last}" for name, _ in reversed(FACTS)),
        f"DELETE FROM journal WHERE jn = {last}",
    )
    verdict = verify_ledger(path)
    assert not verdict.ok
    assert verdict.first_bad == last
    ledger = shop.ledger()
    assert ledger.tail_lost
    ledger.close()


def test_records_swapped(path: Path) -> None:
    tamper(
        path,
        "UPDATE journal SET jn = 10000 WHERE jn = 5",
        "UPDATE journal SET jn = 5 WHERE jn = 6",
        "UPDATE journal SET jn = 6 WHERE jn = 10000",
    )
    assert verify_ledger(path).first_bad == 5


def test_a_chain_signed_with_another_key(path: Path, shop: Shop) -> None:
    """Somebody with the file, but not the key, writes a chain of his own."""
    from pos.record import Signer, new_key

    other = Signer(new_key())
    raw = sqlite3.connect(path)
    [(jn, digest)] = raw.execute("SELECT jn, hash FROM journal ORDER BY jn DESC LIMIT 1")
    raw.close()
    tamper(path, f"UPDATE journal SET signature = x'{other.sign(digest).hex()}' WHERE jn = {jn}")
    verdict = verify_ledger(path)
    assert (verdict.ok, verdict.first_bad) == (False, jn)


def test_an_honest_ledger_of_a_crash_holds(shop: Shop, ledger: Ledger) -> None:
    trade(ledger, 1)
    assert verify_ledger(ledger.place.path).ok
