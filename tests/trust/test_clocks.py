"""Clocks that jump: sales go on, no number is missing, each jump is told, recorded, confirmed."""

from __future__ import annotations

import json
import os
import subprocess
import sys
from contextlib import closing
from pathlib import Path

import pytest

from pos.record import DayClosed, from_bytes
from pos.store.reader import Reader
from pos.store.verify import verify_ledger
from pos.till import till
from tests.conftest import Record
from tests.shop import MILK, PIN, WATER, Shop, make_shop
from tests.trust import SIZE
from tests.trust.clocks import clocks

SEED = 20_260_308
LIVES = SIZE.of(test=1, ci=4, full=30)
ACTS = SIZE.of(test=16, ci=60, full=200)
FAKETIME = Path("/usr/lib/x86_64-linux-gnu/faketime/libfaketime.so.1")


@pytest.mark.parametrize("n", range(LIVES))
def test_a_clock_that_is_moved_about(tmp_path: Path, n: int, record: Record) -> None:
    found = clocks(tmp_path, SEED + n, ACTS)
    record(found.figures("clocks") | {"seed": SEED})
    assert not found.bad, found.bad
    assert found.tried > ACTS / 10, "too few jumps to prove anything"


def test_a_till_that_does_not_look_is_found_out(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(till, "CLOCK_JUMP_SECONDS", 10**12)
    assert clocks(tmp_path, SEED, 16).bad


OFFSETS = ("+0d", "-2d", "-3h", "+370d", "+0d")
_ZONES = ("Asia/Shanghai", "America/New_York", "UTC", "Europe/London", "Pacific/Kiritimati")


def _pos(shop: Shop, offset: str, zone: str, *words: str, by: str = "1001") -> dict[str, object]:
    """`pos …` as a process of its own in another time."""
    env = os.environ | {"POS_CONFIG": str(shop.config_file), "POS_PIN": PIN[by], "TZ": zone}
    env |= {"LD_PRELOAD": str(FAKETIME), "FAKETIME": offset, "FAKETIME_DONT_FAKE_MONOTONIC": "1"}
    command = [sys.executable, "-m", "pos.cli", *words, "--operator", by, "--json"]
    done = subprocess.run(command, env=env, capture_output=True, timeout=60, check=False)
    assert done.returncode == 0, done.stderr.decode()
    answer: dict[str, object] = json.loads(done.stdout)
    return answer


@pytest.mark.skipif(not FAKETIME.exists(), reason="no libfaketime on this machine")
@pytest.mark.skipif(SIZE.name == "test", reason="processes of their own: in ci")
def test_the_real_command_in_other_times(tmp_path: Path) -> None:
    """Each sale by a process whose clock stands elsewhere, in another zone; then the day closes
    with the jumps confirmed."""
    shop = make_shop(tmp_path)
    sales = [
        _pos(shop, offset, zone, "sell", WATER, MILK, "--cash", "10")
        for offset, zone in zip(OFFSETS, _ZONES, strict=True)
    ]
    assert [sale["seq"] for sale in sales] == [1, 2, 3, 4, 5]
    _pos(shop, "+0d", "UTC", "day", "close", "--clock-ok", "--no-check", by="9001")
    with closing(Reader(shop.place().path)) as reader:
        jumps = reader.rows("SELECT detail FROM events WHERE kind = 'clock.jumped'")
        rows = reader.rows("SELECT body FROM journal WHERE kind = 'day.closed' ORDER BY jn")
    days = [fact for row in rows if isinstance(fact := from_bytes(row["body"]).fact, DayClosed)]
    assert len(jumps) == sum(day.clock_jumps for day in days) == 2  # by two days, by a year
    net = sum(day.figures.net_fen for day in days)
    assert net == sum(int(str(sale["total_fen"])) for sale in sales)
    assert verify_ledger(shop.place().path).ok


_IDS = """
import os, sys
from pos.ids import system_ids
ids, out = system_ids(), []
for offset in sys.argv[2:]:
    open(sys.argv[1], "w").write(offset)
    out += [ids.uuid7() for _ in range(50)]
print(out == sorted(out) and len(set(out)) == len(out))
"""


@pytest.mark.skipif(not FAKETIME.exists(), reason="no libfaketime on this machine")
@pytest.mark.skipif(SIZE.name == "test", reason="a process of its own: in ci")
def test_ids_of_a_till_at_work_are_in_their_order(tmp_path: Path) -> None:
    """Also while its clock is moved back and forth."""
    told = tmp_path / "offset"
    told.write_text("+0d")
    env = os.environ | {"LD_PRELOAD": str(FAKETIME), "FAKETIME_NO_CACHE": "1"}
    env["FAKETIME_TIMESTAMP_FILE"] = str(told)
    command = [sys.executable, "-c", _IDS, str(told), *OFFSETS]
    done = subprocess.run(command, env=env, capture_output=True, timeout=60, check=True)
    assert done.stdout.strip() == b"True"
