"""`kill -9` of a till in the middle of payments; the simulators in this process are the truth.

100 kills in `make test`, 200 with POS_TRUST=ci, 2,000 with POS_TRUST=full. Tills are forked from a
server that has
everything loaded, so that a life costs milliseconds.
"""

from __future__ import annotations

import os
import random
import signal
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
from pos.till import settling
from pos.till.settling import Settler
from pos.untrusted import decoded
from tests.conftest import Record
from tests.forking import forks
from tests.shop import Shop
from tests.till import killed
from tests.till.killed import SPEED, FastHands, fast
from tests.till.wallets import make_wallet_shop

KILLS = {"full": 2000, "ci": 200}.get(os.environ.get("POS_TRUST", ""), 100)
LIVES = 50
"""Lives of one shop."""
SEED = 20_260_303
APART = 70.0
"""Seconds between a life and the next: what was doubtful can be settled then."""
WAYS = ("wechat", "alipay")


def attempts_of(shop: Shop) -> list[Attempt]:
    reader = Reader(shop.place().path)
    rows = reader.rows("SELECT body FROM payment_attempts ORDER BY rowid")
    reader.close()
    return [decoded(row[0], Attempt) for row in rows]


def cut_off(shop: Shop) -> int:
    """How many payments a kill met on their way."""
    reader = Reader(shop.place().path)
    sql = "SELECT count(DISTINCT subject) FROM payment_steps WHERE event = 'restarted'"
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


@pytest.fixture(scope="module")
def keys(tmp_path_factory: pytest.TempPathFactory) -> Path:
    return tmp_path_factory.mktemp("keys")


@pytest.mark.parametrize("n", range(KILLS // LIVES))
def test_kills_at_random_moments(tmp_path: Path, keys: Path, n: int, record: Record) -> None:
    """A shop whose till is killed again and again; then everything is found out."""
    rng = random.Random(SEED + n)
    since = time.time()
    with ExitStack() as stack:
        sims: dict[str, WalletSimulator] = {}
        for kind in (WechatSimulator, AlipaySimulator):
            settings, clock = Settings(hang_s=0.3, slow_s=0.05), WalletClock(fast(since))
            sim = kind(keys / kind.wallet, clock=clock, settings=settings, keep=False)
            sims[kind.wallet] = stack.enter_context(sim)
        files = {name: sim.files() for name, sim in sims.items()}
        urls = {name: sim.url for name, sim in sims.items()}
        shop = make_wallet_shop(tmp_path / "shop", files, urls)
        for life in range(LIVES):
            live(shop, n * LIVES + life + 1, rng, since)
            check(shop, sims)
            since -= APART / (SPEED - 1)  # as if it had begun earlier: it is later now
            for provider in sims.values():
                provider.clock.advance(APART)
        assert verify_ledger(shop.place().path).ok
        recovered(shop, sims, since)
    assert len(attempts_of(shop)) > LIVES / 10, "too little was paid to prove anything"
    assert cut_off(shop) > LIVES / 25, "too few payments were cut off to prove anything"
    record({"tried_wallet_kills": LIVES, "seed": SEED})


def live(shop: Shop, seed: int, rng: random.Random, since: float) -> None:
    """One life of a till; one in six ends before it pays."""
    context = forks()
    ours, theirs = context.Pipe(duplex=False)
    child = context.Process(
        target=killed.work, args=(shop.folder, seed, since, theirs), daemon=True
    )
    child.start()
    theirs.close()
    if rng.random() > 1 / 6:
        assert ours.recv_bytes() == b"o"
        time.sleep(rng.uniform(0.0, 0.6 if seed % 5 == 0 else 0.1))
    else:
        time.sleep(rng.uniform(0.0, 0.1))
    child.kill()
    child.join(10)
    assert child.exitcode == -signal.SIGKILL
    ours.close()


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
