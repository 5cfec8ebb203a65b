"""PINs: argon2id over the PIN keyed with a pepper that lies outside the ledger.

Parameters are OWASP's floor for argon2id (19 MiB, 2 passes, 1 lane): a till verifies while a
customer waits, and no cost saves a short PIN from who holds both ledger and pepper.
"""

from __future__ import annotations

import hashlib
import hmac
import itertools
import secrets

from pos.refusal import Refused

MIN_DIGITS = 6
MAX_DIGITS = 12
PEPPER_BYTES = 32


def new_pepper() -> bytes:
    """A fresh pepper."""
    return secrets.token_bytes(PEPPER_BYTES)


def check_pin(pin: str) -> None:
    """Refuse a PIN that is too short, not digits, or the first a thief would try."""
    if not pin.isascii() or not pin.isdigit() or not MIN_DIGITS <= len(pin) <= MAX_DIGITS:
        raise Refused("pin_form", least=MIN_DIGITS, most=MAX_DIGITS)
    steps = {(int(b) - int(a)) % 10 for a, b in itertools.pairwise(pin)}
    if steps <= {0} or steps <= {1} or steps <= {9}:
        raise Refused("pin_weak")


class Pins:
    """Hashes and checks PINs with the shop's pepper."""

    def __init__(
        self, pepper: bytes, *others: bytes, memory_kib: int = 19_456, passes: int = 2
    ) -> None:
        """`others` are peppers under which a PIN may have been hashed elsewhere: the chain's."""
        from argon2 import PasswordHasher  # behind the first paint

        self._pepper, self._others = pepper, others
        self._hasher = PasswordHasher(time_cost=passes, memory_cost=memory_kib, parallelism=1)

    def hash(self, pin: str) -> str:
        """The hash to keep for a PIN; what `check_pin` refuses is never hashed."""
        check_pin(pin)
        return self._hasher.hash(_keyed(self._pepper, pin))

    def matches(self, pin: str, pin_hash: str) -> bool:
        """Whether `pin` is the one behind `pin_hash`."""
        return any(
            self._fits(pin_hash, _keyed(pepper, pin)) for pepper in (self._pepper, *self._others)
        )

    def _fits(self, pin_hash: str, keyed: bytes) -> bool:
        from argon2.exceptions import InvalidHashError, VerificationError

        try:
            return self._hasher.verify(pin_hash, keyed)
        except (VerificationError, InvalidHashError):
            return False


def _keyed(pepper: bytes, pin: str) -> bytes:
    return hmac.digest(pepper, pin.encode(), hashlib.sha256)
