"""A shop that takes both wallets from simulators in this process, on the shop's own clock."""

from __future__ import annotations

import itertools
import threading
import time
from collections.abc import Callable, Iterator
from contextlib import ExitStack, contextmanager
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any, Literal

from pos.access.pins import Pins
from pos.payments.refunding import Refund
from pos.payments.row import Attempt
from pos.simulators.alipay import AlipaySimulator
from pos.simulators.wallets import SCRIPTS, Settings, WalletClock, WalletSimulator, code_for
from pos.simulators.wechat import WechatSimulator
from pos.store import attempts
from pos.store.attempt_steps import StepRow, steps_of
from pos.store.reader import Reader
from pos.till.attempting import refund_of
from pos.till.view import ChangeView, View, WalletView
from pos.untrusted import decoded
from tests.shop import CheapPins, Shop, make_shop, shop_text
from tests.till.person import Person

Channel = Literal["wechat", "alipay"]
CHANNELS: tuple[Channel, ...] = ("wechat", "alipay")
KEYS = {"wechat": "wechat", "alipay": "alipay"}
_SERIALS = itertools.count(1)
_NAMES = {script.name: script for script in SCRIPTS}


def config_changes(
    files: dict[str, dict[str, str]], urls: dict[str, str], read_seconds: float = 0.6
) -> dict[str, str]:
    """What config.toml has to say for these simulators."""
    wechat, alipay = files["wechat"], files["alipay"]
    times = f"connect_seconds = 1.0\nread_seconds = {read_seconds}"
    return {
        "[payments.wechat]\nenabled = false ": "[payments.wechat]\nenabled = true ",
        'mchid = ""  ': f'mchid = "{wechat["mchid"]}"  ',
        'appid = ""  ': f'appid = "{wechat["appid"]}"  ',
        'serial_no = ""  ': f'serial_no = "{wechat["merchant_serial"]}"  ',
        'private_key = ""           # apiclient': f'private_key = "{wechat["merchant_key"]}" #',
        'public_key_id = ""  ': f'public_key_id = "{wechat["public_key_id"]}"  ',
        '\npublic_key = ""  ': f'\npublic_key = "{wechat["public_key"]}"  ',
        'base_url = "https://api.mch.weixin.qq.com"': f'base_url = "{urls["wechat"]}"',
        'standby_url = "https://api2.mch.weixin.qq.com"': 'standby_url = ""',
        "[payments.alipay]\nenabled = false ": "[payments.alipay]\nenabled = true ",
        'app_id = ""  ': f'app_id = "{alipay["app_id"]}"  ',
        'seller_id = ""  ': f'seller_id = "{alipay["seller_id"]}"  ',
        'private_key = ""           # 应用': f'private_key = "{alipay["app_private_key"]}" #',
        'alipay_public_key = ""  ': f'alipay_public_key = "{alipay["alipay_public_key"]}"  ',
        'base_url = "https://openapi.alipay.com"': f'base_url = "{urls["alipay"]}"',
        "connect_seconds = 3.0      # until a connection is given up\n"
        "read_seconds = 15.0        # until an answer is given up": times,
    }


def make_wallet_shop(
    folder: Path,
    files: dict[str, dict[str, str]],
    urls: dict[str, str],
    pins_of: Callable[[bytes], Pins] = CheapPins,
    **more: Any,
) -> Shop:
    """A shop whose config names these simulators."""

    text = shop_text()
    for old, new in config_changes(files, urls, **more).items():
        assert old in text, old
        text = text.replace(old, new)
    folder.mkdir(exist_ok=True)
    shop = make_shop(folder, pins_of=pins_of)
    shop.config_file.write_text(text, "utf-8")
    return shop


@dataclass
class World:
    """Both providers and a till, on one clock."""

    shop: Shop
    sims: dict[str, WalletSimulator]
    person: Person = field(init=False)
    hung: float = 0.0

    def open(self, who: str = "1001") -> Person:
        """Switch the till on and sign in."""
        self.person = Person(self.shop)
        self.person.sign_in(who)
        return self.person

    def sim(self, channel: str) -> WalletSimulator:
        return self.sims[channel]

    def go(self, seconds: float) -> None:
        """Let time pass for everybody."""
        self.shop.hands.go(seconds)
        for sim in self.sims.values():
            sim.clock.set(self.shop.hands.at.timestamp())
        if self.person.till.payments is not None:
            self.person.till.payments.look()

    def until(self, what: Callable[[], bool], seconds: float = 25.0) -> None:
        """Wait for another thread, in real time."""
        end = time.monotonic() + seconds
        while True:
            self.person.wait()
            self.person.till.view()
            if what():
                return
            assert time.monotonic() < end, self.told()
            time.sleep(0.005)

    def told(self) -> str:
        view = self.person.till.view()
        return f"{view.mode} {view.panel} {view.message} {self.rows()}"

    def rows(self) -> list[Attempt]:
        """All attempts on disk."""
        reader = Reader(self.shop.place().path)
        try:
            found = reader.rows("SELECT body FROM payment_attempts ORDER BY rowid")
            return [decoded(row[0], Attempt) for row in found]
        finally:
            reader.close()

    def last(self) -> Attempt:
        return self.rows()[-1]

    def log(self) -> list[StepRow]:
        """What happened to the last attempt."""
        reader = Reader(self.shop.place().path)
        try:
            return steps_of(reader, self.last().attempt_id)
        finally:
            reader.close()

    def play(self, seconds: float = 200.0, step: float = 1.0) -> None:
        """Let time pass until the last attempt is settled or nothing is due any more."""
        gone = 0.0
        while gone < seconds and self.last().live:
            self.until(lambda: not self._busy())
            if not self.last().live:
                break
            self.go(step)
            gone += step
        self.until(lambda: not self._busy())

    def _busy(self) -> bool:
        collector = self.person.till.payments
        assert collector is not None
        row = self.last()
        due = row.next_at is not None and row.next_at <= self.shop.hands.at
        return bool(row.call) or due or not collector._work.empty() or self._giving_back()

    def _giving_back(self) -> bool:
        """Whether a refund is being asked for, or is due: time that went on meanwhile would be
        over before the answer is there."""
        return any(
            refund.call or (refund.next_at is not None and refund.next_at <= self.shop.hands.at)
            for refund in self.refunds()
        )

    def refunds(self) -> list[Refund]:
        """Refunds that are not done."""
        reader = Reader(self.shop.place().path)
        try:
            return [refund_of(row) for row in attempts.open_refunds(reader)]
        finally:
            reader.close()

    def moved(self) -> list[tuple[int, int]]:
        """How much each attempt was charged and given back, by the providers' own ledgers."""
        return [self.sim(a.channel).moved(a.charge.out_trade_no) for a in self.rows()]

    def charged(self) -> int:
        """Fen that all providers hold for the shop."""
        return sum(entry.signed_fen for sim in self.sims.values() for entry in sim.ledger())

    def code(self, channel: Channel, script: str = "paid") -> str:
        """A fresh payment code of a customer with this script."""
        return code_for(_NAMES[script], channel, next(_SERIALS))

    def pay_screen(self, *codes: str) -> View:
        """Scan goods and go to payment."""
        self.person.scan(*codes)
        return self.person.enter()

    def closed(self) -> bool:
        return isinstance(self.person.till.view().panel, ChangeView)

    @property
    def panel(self) -> WalletView:
        found = self.person.till.view().panel
        assert isinstance(found, WalletView), self.told()
        return found


@contextmanager
def world(folder: Path, keys: Path, **more: Any) -> Iterator[World]:
    """Simulators, shop; the till is switched off at the end where it was switched on."""
    with ExitStack() as stack:
        sims: dict[str, WalletSimulator] = {}
        for kind in (WechatSimulator, AlipaySimulator):
            settings = Settings(hang_s=0.9, slow_s=0.05)
            sim: WalletSimulator = kind(
                keys / kind.wallet, clock=WalletClock(), settings=settings, keep=False
            )
            sims[kind.wallet] = stack.enter_context(sim)
        files = {name: sim.files() for name, sim in sims.items()}
        urls = {name: sim.url for name, sim in sims.items()}
        made = World(make_wallet_shop(folder, files, urls, **more), sims)
        for sim in sims.values():
            sim.clock.set(made.shop.hands.at.timestamp())
        try:
            yield made
        finally:
            if hasattr(made, "person"):
                made.person.leave()


def payments_threads() -> list[threading.Thread]:
    """Threads of tills that are at work."""
    return [t for t in threading.enumerate() if t.name == "payments"]
