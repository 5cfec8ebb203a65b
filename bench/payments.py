"""How soon a key is answered while a gateway hangs in the middle of a payment."""

from __future__ import annotations

import tempfile
import time
from contextlib import ExitStack
from datetime import UTC, datetime
from pathlib import Path

from bench.figures import Result
from bench.shop import sign_in, till
from bench.terminal import Terminal
from pos.access.pins import Pins
from pos.simulators.wallets import SCRIPTS, code_for
from tests.pty.providers import Provider
from tests.shop import MILK, Hands
from tests.till.wallets import CHANNELS, make_wallet_shop

LIMIT_MS = 50
_F1, _ENTER, _END = "\x1bOP", "\r", "\x1b[F"
_HANG = next(script for script in SCRIPTS if script.name == "hang")
_HELP = "按键说明"
_HUNG_SECONDS = 110.0


def run(quick: bool, _full: bool) -> Result:
    """The help comes and goes by key: before a payment, and while its answer does not come.

    The floor is the same key on the same till while no gateway is asked.
    """
    samples = 20 if quick else 150
    result = Result("payments", samples)
    with ExitStack() as stack:
        folder = Path(stack.enter_context(tempfile.TemporaryDirectory(prefix="guitai-bench-")))
        providers: dict[str, Provider] = {}
        for name in CHANNELS:
            providers[name] = Provider(name, folder / name)
            stack.callback(providers[name].stop)
            providers[name].admin("settings", {"hang_s": _HUNG_SECONDS})
        shop = make_wallet_shop(
            folder / "shop",
            {name: provider.files for name, provider in providers.items()},
            {name: provider.url for name, provider in providers.items()},
            read_seconds=_HUNG_SECONDS,
            pins_of=Pins,
        )
        shop.hands = Hands(datetime.now(UTC))
        terminal = stack.enter_context(till(shop))
        sign_in(terminal)
        terminal.send(f"{MILK}\r")
        terminal.wait_for("北麓纯牛奶")
        terminal.send(_END)
        terminal.wait_for("实收")
        idle = _keys(terminal, samples)
        terminal.send(code_for(_HANG, "wechat", int(time.time())) + "\r")
        terminal.wait_for("正在发起")
        hung = _keys(terminal, samples)
        stuck = providers["wechat"].admin("ledger")["charged_fen"] == 550
        terminal.wait_for("正在发起")
    result.add("key_while_hung", hung, idle)
    result.counts["over_50_ms"] = sum(seconds * 1000 > LIMIT_MS for seconds in hung)
    result.counts["hung"] = int(stuck)
    return result


def _keys(terminal: Terminal, samples: int) -> list[float]:
    """Seconds from a key to what it shows."""
    times = []
    for _ in range(samples):
        sent = terminal.send(_F1)
        times.append(terminal.wait_for(_HELP) - sent)
        time.sleep(0.03)
        sent = terminal.send(_ENTER)
        times.append(terminal.wait_for(lambda t: _HELP not in t.text()) - sent)
        time.sleep(0.03)
    return times
