"""The platform's signature: HMAC-SHA1 over the parts of the request, base64 (X-Nuonuo-Sign)."""

from __future__ import annotations

import base64
import hmac

import msgspec


class Stamp(msgspec.Struct, frozen=True):
    """What makes a request one of a kind: 32 hex digits, 8 digits, seconds since 1970."""

    senid: str
    nonce: str
    timestamp: str


def signature(secret: str, app_key: str, stamp: Stamp, body: bytes) -> str:
    """The header's value for exactly this body (the path /open/v1/services reads services, v1,
    open)."""
    head = f"a=services&l=v1&p=open&k={app_key}&i={stamp.senid}&n={stamp.nonce}&t={stamp.timestamp}"
    digest = hmac.digest(secret.encode(), f"{head}&f=".encode() + body, "sha1")
    return base64.b64encode(digest).decode("ascii")
