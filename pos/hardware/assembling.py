"""From characters as they arrive to whole codes: prefix, suffix, silence, AIM id."""

from __future__ import annotations

from typing import Literal

import msgspec

from pos.devices import Scanner
from pos.hardware.codes import split_aim
from pos.text import clean_code

MOST = 512
"""Characters of the longest code: GS1 DataMatrix and payment QR codes stay below."""

Fault = Literal["scan_cut_off", "scan_too_long", "scan_too_short", "scan_no_prefix"]


class Scan(msgspec.Struct, frozen=True):
    """A whole code. `kind` is its AIM id without the bracket, `ms` from its first to its last."""

    text: str
    kind: str
    ms: int


class Noise(msgspec.Struct, frozen=True):
    """Something came that is no code; `fault` is a word of `words.hardware`."""

    fault: Fault
    length: int


class Assembler:
    """Puts one scanner's codes together. Times are monotonic seconds."""

    def __init__(self, scanner: Scanner) -> None:
        self._scanner = scanner
        self._held = ""
        self._began = 0.0
        self._last = 0.0
        self._over = 0

    def type(self, said: str, now: float) -> Scan | Noise | None:
        """One character, or `enter` or `tab`; what is complete with it."""
        if said in ("enter", "tab"):
            # a key the scanner is not set to end with may be the first half of its end
            return self._end() if self._held or self._over else None
        if not self._held:
            self._began = now
        self._last = now
        if len(self._held) >= MOST:
            self._over += 1
        else:
            self._held += said
        return None

    def silence(self, now: float) -> Scan | Noise | None:
        """What a pause up to `now` ends; call it when nothing came."""
        if not self._held or now - self._last < self._scanner.gap_ms / 1000:
            return None
        if self._scanner.suffix == "none":
            return self._end()
        return self.drop("scan_cut_off")

    def drop(self, fault: Fault) -> Noise:
        """Let go of what is held: its rest will not come."""
        noise = Noise(fault, len(self._held) + self._over)
        self._held, self._over = "", 0
        return noise

    @property
    def waiting(self) -> bool:
        """Whether part of a code is held."""
        return bool(self._held)

    def _end(self) -> Scan | Noise:
        if self._over:
            return self.drop("scan_too_long")
        text, scanner = self._held, self._scanner
        if not text.startswith(scanner.prefix):
            return self.drop("scan_no_prefix")
        kind, text = (
            split_aim(text[len(scanner.prefix) :])
            if scanner.aim_ids
            else (
                "",
                text[len(scanner.prefix) :],
            )
        )
        code = clean_code(text, MOST)
        if len(code) < scanner.min_length:
            return self.drop("scan_too_short")
        ms = round((self._last - self._began) * 1000)
        self._held = ""
        return Scan(code, kind, ms)
