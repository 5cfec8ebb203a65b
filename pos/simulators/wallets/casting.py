"""Which script an order or a refund follows, and which fault the next call of it meets."""

from __future__ import annotations

import threading
from collections import Counter
from dataclasses import dataclass

from pos.simulators.wallets.scripts import (
    BY_NAME,
    DEFAULT,
    Flow,
    Op,
    Script,
    Wallet,
    by_amount,
    by_code,
    fits,
)


@dataclass
class Settings:
    """What the administration may change. `hang_s` and `slow_s` are real seconds."""

    hang_s: float = 30.0
    slow_s: float = 3.0
    reverse_min_s: float = 15.0
    auto_revoke_s: float = 45.0
    refund_gap_s: float = 60.0
    password_over_fen: int = 0  # 0 = never; both wallets ask above 1000 yuan
    fee_bp: int = 60
    bill_hour: int = 10
    signing: str = "public_key"  # WeChat: public_key, certificate or mixed


class Casting:
    """Safe to use from several threads."""

    def __init__(self, wallet: Wallet) -> None:
        self.wallet = wallet
        self._lock = threading.Lock()
        self.walk_in = DEFAULT
        """What the customer of a QR does where nothing else was asked for."""
        self._given: dict[str, Script] = {}
        self._queue: list[Script] = []
        self._calls: Counter[tuple[str, Op]] = Counter()

    def give(self, name: str, number: str | None = None) -> Script:
        """The next order (or refund) of a fitting kind follows `name`; with `number` that one.

        Raises `KeyError` for a script this wallet does not know.
        """
        script = BY_NAME[name]
        if self.wallet not in script.wallets or script.flows == ("bill",):
            raise KeyError(name)
        with self._lock:
            if number is None:
                self._queue.append(script)
            else:
                self._given[number] = script
        return script

    def of(self, number: str, flow: Flow, fen: int, code: str = "") -> Script:
        """The script of `number`, chosen at its first call and kept."""
        with self._lock:
            if number in self._given:
                return self._given[number]
            script = next((it for it in self._queue if fits(it, self.wallet, flow)), None)
            if script is not None:
                self._queue.remove(script)
            found = script or by_code(code, self.wallet) or by_amount(fen, self.wallet, flow)
            self._given[number] = found or (self.walk_in if flow == "qr" else DEFAULT)
            return self._given[number]

    def known(self, number: str) -> Script:
        with self._lock:
            return self._given.get(number, DEFAULT)

    def of_refund(self, refund_no: str, order_script: Script, fen: int) -> Script:
        """A refund follows what was given to it, else the script its order was paid under."""
        chosen = self.of(refund_no, "refund", fen)
        return chosen if chosen is not DEFAULT else order_script

    def next_fault(self, number: str, op: Op, script: Script) -> str:
        """The fault of this call, and counts the call."""
        with self._lock:
            call = self._calls[number, op]
            self._calls[number, op] += 1
        faults = script.faults.get(op, ())
        return faults[call] if call < len(faults) else ""

    def calls(self, number: str, op: Op) -> int:
        """How often `op` was asked for `number`."""
        with self._lock:
            return self._calls[number, op]
