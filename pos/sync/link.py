"""One conversation with head office: asks signed, believes only what is signed back.

Loads the HTTP client: imported where head office is spoken with, never before the first paint.
"""

from __future__ import annotations

from collections.abc import Callable
from typing import TypeVar

import msgspec

from pos.clock import Clock
from pos.config import Config
from pos.protocol import MAX_DECODED
from pos.protocol.framing import ACCEPT, Encoding, compress, decode, encode, expand
from pos.protocol.problems import Problem, ProblemError
from pos.protocol.signing import ANSWER, check_answer, new_nonce, signed_headers
from pos.refusal import Refused
from pos.sync.trouble import LinkFailed
from pos.system import read_private
from pos.untrusted import decoded, quiet
from pos.wire import Limits, Wire, WireFailed

T = TypeVar("T")
BEHIND = Limits(connect=5.0, read=30.0, whole=120.0)
"""Nobody waits: a slow line may take its time."""
AT_ONCE = Limits(connect=2.0, read=6.0, whole=10.0)
"""A person waits at the counter."""
_WORTH_IT = 512
_NEXT: dict[Encoding, Encoding] = {"zstd": "gzip", "gzip": "identity"}
MAX_RETRY_AFTER = 3600.0


class Link:
    """Kept connection to head office; one call at a time, made for one thread."""

    def __init__(
        self,
        wire: Wire,
        place: tuple[str, str],
        token: str,
        clock: Clock,
        language: str = "zh",
    ) -> None:
        self._wire, self._token, self._clock = wire, token, clock
        self.shop, self.till = place
        self._language = language
        self._encoding: Encoding = "zstd"
        self.skew: int | None = None
        """Seconds the till's clock is ahead of head office's, as of the last answer."""

    def close(self) -> None:
        """Close connections."""
        self._wire.close()

    def ask(self, method: str, target: str, kind: type[T], message: object = None) -> T:
        """The answer, verified, decoded, harmless; LinkFailed says why there is none."""
        data = self.fetch(method, target, message)
        try:
            return quiet(decode(data, kind))
        except ProblemError as error:
            raise LinkFailed("foreign", "ho_malformed", detail=error.detail) from error

    def fetch(
        self, method: str, target: str, message: object = None, limit: int = MAX_DECODED
    ) -> bytes:
        """The bytes of an answer that head office signed, at most `limit` of them."""
        data = b"" if message is None else encode(message)
        while True:
            try:
                return self._once(method, target, data, limit)
            except LinkFailed as failed:
                if failed.status != 415 or self._encoding == "identity":
                    raise
                self._encoding = _NEXT[self._encoding]

    def _once(self, method: str, target: str, data: bytes, limit: int) -> bytes:
        encoding: Encoding = self._encoding if len(data) >= _WORTH_IT else "identity"
        body = compress(data, encoding)
        nonce = new_nonce()
        headers = signed_headers(
            self._token,
            self.shop,
            self.till,
            method,
            target,
            body,
            self._clock.now(),
            nonce,
        )
        headers |= {"Accept-Encoding": f"{ACCEPT}, identity", "Accept-Language": self._language}
        if data:
            headers["Content-Type"] = "application/json"
        if encoding != "identity":
            headers["Content-Encoding"] = encoding
        try:
            reply = self._wire.call(method, target, headers, body, cap=limit)
        except WireFailed as failed:
            code = "ho_tls" if failed.code == "tls_failed" else "ho_unreachable"
            raise LinkFailed("offline", code, detail=failed.code, sent=failed.sent) from failed
        self.skew = reply.skew
        answer = reply.headers.get(ANSWER.lower(), "")
        genuine = check_answer(self._token, nonce, reply.status, reply.body, answer)
        if 200 <= reply.status < 300:
            if not genuine:
                raise LinkFailed("foreign", "ho_foreign", status=reply.status)
            try:
                return expand(reply.body, reply.headers.get("content-encoding", ""), limit)
            except ProblemError as error:
                raise LinkFailed("foreign", "ho_malformed", detail=error.detail) from error
        raise _told(reply.status, reply.headers, reply.body, genuine)


def _told(status: int, headers: dict[str, str], body: bytes, genuine: bool) -> LinkFailed:
    """What a bad status says. Anybody may say that the line is busy or the request too large; that
    this till is not known counts only in head office's own form."""
    problem = Problem("", "")
    try:
        data = expand(body, headers.get("content-encoding", ""))
        problem = quiet(decoded(data, Problem))
    except (ProblemError, msgspec.DecodeError):
        if status not in (413, 415, 429) and status < 500:
            return LinkFailed("foreign", "ho_foreign", status=status)
    wait = float(problem.retry_after)
    after = headers.get("retry-after", "")
    if after.isascii() and after.isdigit():
        wait = max(wait, float(after))
    return LinkFailed(
        "told" if genuine or problem.code else "foreign",
        f"ho_{problem.code[:40]}" if problem.code else "ho_failed",
        status=status,
        words=problem.words[:200],
        detail=problem.detail[:200],
        retry_after=min(wait, MAX_RETRY_AFTER),
    )


def open_link(config: Config, clock: Clock, limits: Limits = BEHIND) -> Link:
    """The line of an enrolled till. Refused: ho_not_set, secret_…, wire_url, wire_ca_file."""
    settings = config.settings
    if not settings.headoffice.url:
        raise Refused("ho_not_set")
    token = read_private(config.headoffice_token).decode("ascii", "replace").strip()
    place = (settings.shop.id, settings.till.id)
    return Link(open_wire(config, limits), place, token, clock, settings.till.language)


def open_wire(config: Config, limits: Limits = BEHIND, url: str = "") -> Wire:
    """Connections to the address in config.toml, or to `url`."""
    settings = config.settings.headoffice
    ca_file = config.file.parent / settings.ca_file if settings.ca_file else None
    return Wire([url or settings.url], limits, ca_file)


Opening = Callable[[], Link]
