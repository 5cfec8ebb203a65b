"""How a till becomes one of head office's."""

from __future__ import annotations

import hashlib
import secrets
from typing import Annotated, Literal
from urllib.parse import urlsplit

import msgspec

from pos.protocol.fields import Epoch, Hash, Id, Message, ShopId, Signature, TillId
from pos.protocol.records import HighWater

_ALPHABET = "0123456789ABCDEFGHJKMNPQRSTVWXYZ"  # Crockford: no I, L, O, U
_CODE_LENGTH = 16


class Enrol(Message, frozen=True):
    """`proof` is Ed25519 over `proof_digest`: the till has the key it tells of.

    `epoch` is that of the ledger behind the key, 1 for a new one. The same message once more is
    answered as before, for as long as the code lives.
    """

    code: Annotated[str, msgspec.Meta(max_length=40)]
    ledger_id: Id
    public_key: Hash
    epoch: Epoch
    proof: Signature
    version: Annotated[str, msgspec.Meta(max_length=40)] = ""


class Invoicing(Message, frozen=True):
    """Who issues invoices, and what the code on receipts is made with.

    `link_key` (hex) is a secret: 0600, never shown; `link` is the address customers reach.
    """

    owner: Literal["till", "headoffice"]
    link: Annotated[str, msgspec.Meta(max_length=200)]
    link_key: Annotated[str, msgspec.Meta(pattern="^[0-9a-f]{64}$")]
    valid_days: Annotated[int, msgspec.Meta(ge=1, le=365)]


class Enrolled(Message, frozen=True):
    """What the till is from now on. `token` and `pepper` (hex) are secrets: 0600, never shown.

    `epoch` is the one to use: above every epoch head office has seen of this till under another
    ledger. `high_water` tells what head office has of this till already.
    """

    shop: ShopId
    till: TillId
    shop_name: str
    token: str
    pepper: str
    epoch: Epoch
    high_water: tuple[HighWater, ...]
    server_time: str
    invoicing: Invoicing | None = None


def proof_digest(code: str, ledger_id: str, public_key: str) -> bytes:
    """What the till signs to enrol."""
    text = "\n".join(("POS1E", plain_code(code), ledger_id, public_key))
    return hashlib.sha256(text.encode()).digest()


def new_code() -> str:
    """A one-time code of 80 bits, in groups of four: `7K3M-9QXA-…`."""
    text = "".join(secrets.choice(_ALPHABET) for _ in range(_CODE_LENGTH))
    return "-".join(text[n : n + 4] for n in range(0, _CODE_LENGTH, 4))


def plain_code(code: str) -> str:
    """A code as typed, without groups; letters that look like digits are taken for them."""
    text = "".join(c for c in code.upper() if c.isalnum())
    return text.translate(str.maketrans("OIL", "011"))


def code_hash(code: str) -> str:
    """What head office keeps of a code."""
    return hashlib.sha256(b"POS1C" + plain_code(code).encode()).hexdigest()


def with_address(url: str, code: str) -> str:
    """Address and code in one text, to be pasted: `https://ho.example.cn#7K3M-9QXA-…`."""
    return f"{url.rstrip('/')}#{code}"


def split_address(text: str) -> tuple[str, str]:
    """Address (empty where none was given) and code of what was pasted or typed."""
    head, mark, code = text.strip().rpartition("#")
    try:
        scheme = urlsplit(head).scheme
    except ValueError:  # no address at all
        scheme = ""
    if not mark or scheme not in ("http", "https"):
        return "", text.strip()
    return head.rstrip("/"), code
