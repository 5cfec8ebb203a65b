"""Personal data under keys of their own: DESIGN law 10.

Each person has a key, wrapped by the column key; erasing destroys it, rotation wraps it anew.
AES-256-GCM seals a field bound to its person and its name; HMAC-SHA-256 makes the hashes that
people are found by.
"""

from __future__ import annotations

import hashlib
import hmac
import secrets

from pos.refusal import Refused

KEY_BYTES = 32
_NONCE = 12


def new_key() -> bytes:
    """A fresh key: a person's, or a column key."""
    return secrets.token_bytes(KEY_BYTES)


class Vault:
    """The column key: wraps the persons' own keys and makes the hashes they are found by."""

    def __init__(self, master: bytes) -> None:
        """Refused("person_key_wrong") where the key is none."""
        if len(master) != KEY_BYTES:
            raise Refused("person_key_wrong", bytes=KEY_BYTES)
        self._wrap = hmac.digest(master, b"guitai person wrap", "sha256")
        self._find = hmac.digest(master, b"guitai person find", "sha256")

    def wrap(self, person_id: str, key: bytes) -> bytes:
        """A person's key as it is kept."""
        return seal(self._wrap, key, f"{person_id}/key")

    def unwrap(self, person_id: str, wrapped: bytes) -> bytes:
        """A person's key; Refused where it was wrapped by another column key."""
        return unseal(self._wrap, wrapped, f"{person_id}/key")

    def mac(self, kind: str, text: str) -> bytes | None:
        """The hash `text` is found by; None for an empty one."""
        return hmac.digest(self._find, f"{kind}:{text}".encode(), "sha256") if text else None


def seal(key: bytes, data: bytes, what: str) -> bytes:
    """`data` under a key, bound to `what` it is."""
    from cryptography.hazmat.primitives.ciphers.aead import AESGCM

    nonce = secrets.token_bytes(_NONCE)
    return nonce + AESGCM(key).encrypt(nonce, data, _bound(what))


def unseal(key: bytes, sealed: bytes, what: str) -> bytes:
    """What `seal` closed. Refused("person_sealed") where it is another's, or was touched."""
    from cryptography.exceptions import InvalidTag
    from cryptography.hazmat.primitives.ciphers.aead import AESGCM

    try:
        return AESGCM(key).decrypt(sealed[:_NONCE], sealed[_NONCE:], _bound(what))
    except (InvalidTag, ValueError) as error:
        raise Refused("person_sealed") from error


def _bound(what: str) -> bytes:
    return hashlib.sha256(what.encode()).digest()
