"""Buyers' data, kept apart and sealed: each buyer's under a key that erasing destroys."""

from __future__ import annotations

from base64 import b64decode, b64encode

from pos.headoffice.database import Row, Work, one
from pos.sealing import Vault, new_key, seal, unseal

_KEY = "SELECT wrapped_key FROM buyers WHERE shop_id = :s AND person_id = :p AND erased_at = ''"


def add(work: Work, vault: Vault, shop: str, person_id: str, now: str) -> None:
    """A key for somebody new."""
    wrapped = b64encode(vault.wrap(person_id, new_key())).decode()
    row = (shop, person_id, wrapped, now, "")
    work.put("buyers", "shop_id person_id wrapped_key made_at erased_at", [row])


def sealed(work: Work, vault: Vault, shop: str, person_id: str, data: bytes, what: str) -> str:
    """`data` under a buyer's key, empty where they were erased."""
    key = _key(work, vault, shop, person_id)
    return "" if key is None else b64encode(seal(key, data, f"{person_id}/{what}")).decode()


def opened(
    work: Work, vault: Vault, shop: str, person_id: str, text: str, what: str
) -> bytes | None:
    """What `sealed` closed; None where the buyer was erased."""
    key = _key(work, vault, shop, person_id)
    return None if key is None or not text else unseal(key, b64decode(text), f"{person_id}/{what}")


def erase(work: Work, shop: str, person_id: str, now: str) -> bool:
    """Destroy a buyer's key; what was issued stays, nobody can tell to whom from here."""
    sql = """UPDATE buyers SET wrapped_key = '', erased_at = :n
        WHERE shop_id = :s AND person_id = :p AND erased_at = ''"""
    return bool(work.do(sql, n=now, s=shop, p=person_id))


def _key(work: Work, vault: Vault, shop: str, person_id: str) -> bytes | None:
    row: Row | None = one(work.rows(_KEY, s=shop, p=person_id))
    return None if row is None else vault.unwrap(person_id, b64decode(row["wrapped_key"]))
