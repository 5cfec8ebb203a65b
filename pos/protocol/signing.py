"""Signatures over requests and answers: HMAC-SHA256 with the till's token."""

from __future__ import annotations

import hashlib
import hmac
import secrets
from collections.abc import Mapping
from datetime import datetime

import msgspec

from pos.clock import moment_of, stamp
from pos.protocol import MAX_SKEW_SECONDS, VERSION
from pos.protocol.problems import ProblemError

PROTOCOL = "Pos-Protocol"
TILL = "Pos-Till"
TIME = "Pos-Time"
NONCE = "Pos-Nonce"
SIGNATURE = "Pos-Signature"
ANSWER = "Pos-Answer"


class Caller(msgspec.Struct, frozen=True):
    """What the headers of a request say of who asks; nothing of it is proved yet."""

    shop: str
    till: str
    at: str
    nonce: str
    signature: str


def new_nonce() -> str:
    """32 hex digits that nobody has used before."""
    return secrets.token_hex(16)


def signed_headers(
    token: str,
    shop: str,
    till: str,
    method: str,
    target: str,
    body: bytes,
    now: datetime,
    nonce: str,
) -> dict[str, str]:
    """The headers of a request. `target` is path and query as sent, `body` as sent (compressed)."""
    caller = Caller(shop, till, stamp(now), nonce, "")
    return {
        PROTOCOL: str(VERSION),
        TILL: shop + till,
        TIME: caller.at,
        NONCE: nonce,
        SIGNATURE: _of_request(token, caller, method, target, body),
    }


def caller_of(headers: Mapping[str, str]) -> Caller:
    """Who says to be calling. ProblemError: protocol, unauthorised.

    `headers` finds names whatever their case, or has them in lower case.
    """
    found = {
        name: headers.get(name.lower(), "") for name in (PROTOCOL, TILL, TIME, NONCE, SIGNATURE)
    }
    if found[PROTOCOL] != str(VERSION):
        raise ProblemError("protocol", f"spoken here: {VERSION}")
    place = found[TILL]
    plain = len(place) == 6 and place.isascii() and place.isdigit()
    if not plain or not _is_hex(found[NONCE], 32) or not _is_hex(found[SIGNATURE], 64):
        raise ProblemError("unauthorised", "headers")
    return Caller(place[:4], place[4:], found[TIME], found[NONCE], found[SIGNATURE])


def check_request(
    token: str, caller: Caller, method: str, target: str, body: bytes, now: datetime
) -> None:
    """ProblemError: unauthorised where the signature is wrong, stale where the time is.

    Whether the nonce is new and the till not revoked, the caller checks after this.
    """
    wanted = _of_request(token, caller, method, target, body)
    if not hmac.compare_digest(wanted, caller.signature):
        raise ProblemError("unauthorised", "signature")
    try:
        off = abs((moment_of(caller.at) - now).total_seconds())
    except (ValueError, TypeError):  # TypeError: a time without a zone
        raise ProblemError("stale", "no time") from None
    if off > MAX_SKEW_SECONDS:
        raise ProblemError("stale", f"{off:.0f} seconds off")


def sign_answer(token: str, nonce: str, status: int, body: bytes) -> str:
    """The value of `Pos-Answer`; `body` as sent (compressed)."""
    digest = hashlib.sha256(body).hexdigest()
    return _mac(token, "\n".join((f"POS{VERSION}A", nonce, str(status), digest)))


def check_answer(token: str, nonce: str, status: int, body: bytes, given: str) -> bool:
    """Whether the answer to the request with this nonce is head office's own."""
    return hmac.compare_digest(sign_answer(token, nonce, status, body), given)


def _of_request(token: str, caller: Caller, method: str, target: str, body: bytes) -> str:
    digest = hashlib.sha256(body).hexdigest()
    place = caller.shop + caller.till
    parts = (f"POS{VERSION}R", method.upper(), target, place, caller.at, caller.nonce, digest)
    return _mac(token, "\n".join(parts))


def _mac(token: str, text: str) -> str:
    return hmac.new(token.encode(), text.encode("utf-8", "replace"), hashlib.sha256).hexdigest()


def _is_hex(text: str, length: int) -> bool:
    return len(text) == length and not set(text) - set("0123456789abcdef")
