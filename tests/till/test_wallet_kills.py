"""`kill -9` of a till in the middle of payments; the simulators in this process are the truth.

20 kills in `make test`; POS_TRUST=full makes it 400.
"""

from __future__ import annotations

import os
import random
import signal
import subprocess
import sys
import time
from collections import Counter
from contextlib import ExitStack
from datetime import timedelta
from pathlib import Path

import pytest

from pos.clock import Clock
from pos.config import load
from pos.payments.row import Attempt
from pos.simulators.alipay import AlipaySimulator
from pos.simulators.wallets import Settings, WalletClock, WalletSimulator
from pos.simulators.wechat import WechatSimulator
from pos.store.ledger import Ledger, Place
from pos.store.reader import Reader
from pos.store.verify import verify_ledger
from pos.till import attempting, settling
from pos.till.settling import Settler
from tests.shop import Shop
from tests.till.killed import FastHands, fast
from tests.till.wallets import make_wallet_shop

KILLS = 400 if os.environ.get("POS_TRUST") == "full" else 20
SEED = 20_260_303
WAYS = ("wechat", "alipay")


def attempts_of(shop: Shop) -> list[Attempt]:
    reader = Reader(shop.place().path)
    rows = reader.rows("SELECT body FROM payment_attempts ORDER BY rowid")
    reader.close()
    return [attempting._ATTEMPT.decode(row[0]) for row in rows]


def cut_off(shop: Shop) -> int:
    """How many payments a kill met on their way."""
    reader = Reader(shop.place().path)
    sql = "SELECT count(DISTINCT subject) FROM payment_log WHERE event = 'restarted'"
    found = reader.rows(sql)[0][0]
    reader.close()
    return int(found)


def tendered(shop: Shop) -> Counter[str]:
    """How often each number stands as a tender, in closed orders and in drafts."""
    reader = Reader(shop.place().path)
    found = Counter(
        row[0]
        for row in reader.rows("SELECT reference FROM order_tenders WHERE way IN (?, ?)", WAYS)
    )
    for order in reader.drafts():
        found.update(t.reference for t in order.tenders if t.way in WAYS)
    reader.close()
    return found


def check(shop: Shop, sims: dict[str, WalletSimulator]) -> None:
    """Right after a kill: every charge is known here, none twice, and nothing is believed."""
    rows = {one.charge.out_trade_no: one for one in attempts_of(shop)}
    taken = tendered(shop)
    assert max(taken.values(), default=1) == 1
    for sim in sims.values():
        charges = Counter(e.out_trade_no for e in sim.ledger() if e.kind == "payment")
        assert max(charges.values(), default=1) == 1, "charged twice"
        for number in charges:
            one = rows.get(number)
            assert one is not None, "charged without a row"
            kept = sum(e.signed_fen for e in sim.ledger() if e.out_trade_no == number)
            assert number in taken or one.unresolved or one.watch_until or kept == 0, one
    for number in taken:
        one = rows[number]
        charged, back = sims[one.channel].moved(number)
        assert charged - back == one.charge.fen, "a tender without its money"


def test_kills_at_random_moments(tmp_path: Path) -> None:
    rng = random.Random(SEED)
    with ExitStack() as stack:
        sims: dict[str, WalletSimulator] = {}
        since = time.time()
        for kind in (WechatSimulator, AlipaySimulator):
            settings, clock = Settings(hang_s=0.5, slow_s=0.1), WalletClock(fast(since))
            sim = kind(tmp_path / kind.wallet, clock=clock, settings=settings, keep=False)
            sims[kind.wallet] = stack.enter_context(sim)
        files = {name: sim.files() for name, sim in sims.items()}
        urls = {name: sim.url for name, sim in sims.items()}
        shop = make_wallet_shop(tmp_path / "shop", files, urls)
        for kill in range(KILLS):
            run(shop, kill, rng.uniform(0.0, 0.6), since)
            check(shop, sims)
            verdict = verify_ledger(shop.place().path)
            assert verdict.ok, (kill, verdict)
        recovered(shop, sims, since)
    rows = attempts_of(shop)
    assert len(rows) > KILLS / 3, "too little was paid to prove anything"
    assert cut_off(shop) > KILLS / 8, "too few payments were cut off to prove anything"


def run(shop: Shop, kill: int, seconds: float, since: float) -> None:
    command = [
        sys.executable,
        "-m",
        "tests.till.killed",
        str(shop.folder),
        str(kill + 1),
        repr(since),
    ]
    root = Path(__file__).parent.parent.parent
    with subprocess.Popen(command, stdout=subprocess.PIPE, cwd=root, text=True) as child:
        assert child.stdout is not None
        assert child.stdout.readline() == "open\n"
        time.sleep(seconds)
        child.send_signal(signal.SIGKILL)
        child.wait(10)


def recovered(shop: Shop, sims: dict[str, WalletSimulator], since: float) -> None:
    """Everything is found out in the end: rows, tenders and the providers' ledgers agree."""
    ahead = timedelta(0)
    real = FastHands(since).clock()

    def nap(seconds: float) -> None:
        nonlocal ahead
        ahead += timedelta(seconds=max(seconds, 1.0))
        for sim in sims.values():
            sim.clock.advance(max(seconds, 1.0))

    clock = Clock(lambda: real.now() + ahead, lambda: real.monotonic() + ahead.total_seconds())
    patch = pytest.MonkeyPatch()
    patch.setattr(settling, "sleep", nap)
    place = shop.place()
    ledger = Ledger(
        Place(place.path, place.shop, place.till, place.signing_key, clock, place.ids, "test")
    )
    settler = Settler(load(shop.config_file), ledger, clock)
    try:
        settler.recover(900.0)
        nap(700.0)  # past the watch
        settler.recover(900.0)
    finally:
        patch.undo()
        settler.close()
        ledger.close()
    check(shop, sims)
    taken = tendered(shop)
    for one in attempts_of(shop):
        assert not one.unresolved, one
        charged, back = sims[one.channel].moved(one.charge.out_trade_no)
        held = charged - back
        assert held == (one.charge.fen if one.charge.out_trade_no in taken else 0), one
    assert verify_ledger(shop.place().path).ok
