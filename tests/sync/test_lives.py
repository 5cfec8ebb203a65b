"""A till that noticed late that it was put back: what it sold meanwhile is kept, nothing stops."""

from __future__ import annotations

import shutil
from contextlib import closing

from pos.store import outbox
from pos.store.reader import Reader
from pos.store.verify import verify_ledger
from tests.sync.office import Office, TillSide


def test_sales_made_before_it_was_noticed_are_kept_aside_and_the_new_life_is_taken(
    office: Office, till: TillSide
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
    till.close()
    shutil.copy(copy, ledger)
    ledger.with_name(ledger.name + ".head").unlink()
    till.open()  # nothing here knows, and head office cannot be reached
    till.sell(2)
    forked = [jn for jn, _ in till.journal()][-2:]
    till.visit()
    assert till.ledger.epoch == 2
    with closing(Reader(ledger)) as reader:
        assert reader.unsent() == 0
        parked = outbox.parked(reader)
    assert [row.jn for row in parked] == forked
    assert {row.verdict for row in parked} == {"conflict"}
    till.sell(3)
    till.visit()
    with closing(Reader(ledger)) as reader:
        assert len(outbox.parked(reader)) == 2  # nothing of the new life was sent back
    newest = [jn for epoch, jn, _ in office.inbox() if epoch == 2]
    assert newest == [jn for jn, _ in till.journal() if jn > forked[-1]]
    assert verify_ledger(ledger).ok
