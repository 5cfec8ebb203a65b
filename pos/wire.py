"""HTTP as money and invoices need it: nothing followed, nothing retried, nothing without end.

A call either brings a `Reply` or raises `WireFailed`, which tells the one thing that matters for
money: whether the request may have left the till. Redirects are not followed, compressed answers
are not unpacked (and refused unless the caller's `Accept-Encoding` asked for them), bodies are
capped, proxies of the environment are not used, and the whole call has an end, however slowly the
bytes drip. Where a host cannot be reached the standby is tried: no request was sent, so nothing is
done twice.
"""

from __future__ import annotations

import ssl
import threading
import time
from collections.abc import Callable, Iterable, Mapping
from email.utils import parsedate_to_datetime
from pathlib import Path
from types import TracebackType
from typing import Any, Self
from urllib.parse import urlsplit

import httpcore2
import httpx2
import msgspec

from pos.refusal import Refused

API_CAP = 256 * 1024
BILL_CAP = 64 * 1024 * 1024
KEEP_ALIVE = 120.0
_LOOPBACK = ("127.0.0.1", "::1", "localhost")


class Limits(msgspec.Struct, frozen=True):
    """Seconds. A slow answer is normal while a wallet tries several cards."""

    connect: float = 3.0
    read: float = 15.0
    whole: float = 30.0


class Reply(msgspec.Struct, frozen=True):
    """An answer as it came: header names in lower case, the body's raw bytes."""

    status: int
    headers: dict[str, str]
    body: bytes
    skew: int | None
    """Seconds the till's clock is ahead of the server's `Date`; None where it told none."""


class WireFailed(Exception):  # noqa: N818 - an outcome, caught by its one caller
    """No answer. `sent`: the request, or part of it, may have reached the provider."""

    def __init__(self, code: str, *, sent: bool, detail: str = "") -> None:
        super().__init__(code, sent, detail)
        self.code = code
        self.sent = sent
        self.detail = detail


class Wire:
    """Kept connections to one provider. One call at a time; made for one named thread."""

    def __init__(
        self,
        bases: Iterable[str],
        limits: Limits = Limits(),  # noqa: B008 - frozen
        ca_file: Path | None = None,
        wall: Callable[[], float] = time.time,
    ) -> None:
        """`bases`: URLs without path, the standby last; http only to this very machine.

        Raises Refused("wire_url", url=…) or ("wire_ca_file", path=…).
        """
        self._bases = [check_base(base) for base in bases]
        self._limits = limits
        self._wall = wall
        self._tls = None if self.loopback else _tls(ca_file)
        self._lock = threading.Lock()
        self._client: httpx2.Client | None = None
        self._backend = _Deadlines()

    @property
    def loopback(self) -> bool:
        """Whether this talks to a simulator on this machine alone, without TLS."""
        return all(base.startswith("http:") for base in self._bases)

    def close(self) -> None:
        """Close all connections; the next call opens new ones."""
        with self._lock:
            self._close()

    def _close(self) -> None:
        if self._client is not None:
            self._client.close()
            self._client = None

    def call(
        self,
        method: str,
        target: str,
        headers: Mapping[str, str],
        content: bytes = b"",
        cap: int = API_CAP,
    ) -> Reply:
        """Send exactly `content` to `target` (path and query, already quoted).

        Raises WireFailed with code connect_failed, connect_timeout, tls_failed (none of them sent),
        read_timeout, broken, too_big, redirected, encoded.
        """
        with self._lock:
            for number, base in enumerate(list(self._bases)):
                try:
                    reply = self._one(method, base + target, headers, content, cap)
                except WireFailed as failed:
                    if failed.sent or number == len(self._bases) - 1:
                        raise
                    continue
                if number:  # the standby answered: it comes first from now on
                    self._bases.insert(0, self._bases.pop(number))
                return reply
        raise AssertionError("a wire without hosts")

    def get(self, url: str, cap: int = BILL_CAP) -> Reply:
        """Plain GET of a URL that a verified answer named. https, or http on this machine."""
        check_base(url.split("?")[0], path=True)
        with self._lock:
            return self._one("GET", url, {}, b"", cap)

    def _one(
        self, method: str, url: str, headers: Mapping[str, str], content: bytes, cap: int
    ) -> Reply:
        if self._client is None:
            self._client = self._new_client()
        self._backend.until = time.monotonic() + self._limits.whole
        sent = {"Accept-Encoding": "identity", **headers}
        try:
            with self._client.stream(method, url, headers=sent, content=content) as answer:
                return self._read(answer, cap, sent["Accept-Encoding"])
        except (httpcore2.ConnectTimeout, httpcore2.PoolTimeout):
            raise WireFailed("connect_timeout", sent=False) from None
        except httpcore2.ConnectError as error:
            tls = "ssl" in str(error).lower() or _of_tls(error)
            raise WireFailed("tls_failed" if tls else "connect_failed", sent=False) from None
        except httpcore2.ReadTimeout:
            self._close()
            raise WireFailed("read_timeout", sent=True) from None
        except (httpcore2.NetworkError, httpcore2.ProtocolError, httpcore2.TimeoutException):
            self._close()
            raise WireFailed("broken", sent=True) from None
        except (httpx2.HTTPError, httpx2.InvalidURL, httpx2.StreamError, UnicodeError):
            self._close()
            raise WireFailed("broken", sent=True) from None

    def _read(self, answer: httpx2.Response, cap: int, accepted: str) -> Reply:
        headers = {name.lower(): value for name, value in answer.headers.items()}
        if 300 <= answer.status_code < 400:
            raise WireFailed("redirected", sent=True)
        if headers.get("content-encoding", "identity").lower() not in accepted.split(", "):
            raise WireFailed("encoded", sent=True)
        body = bytearray()
        for part in answer.iter_raw():
            body += part
            if len(body) > cap:
                self._client_gone(answer)
                raise WireFailed("too_big", sent=True)
        skew = _skew(headers.get("date"), self._wall())
        return Reply(answer.status_code, headers, bytes(body), skew)

    def _client_gone(self, answer: httpx2.Response) -> None:
        """What is left of a body without end is not read: the connection goes."""
        answer.close()

    def _new_client(self) -> httpx2.Client:
        return httpx2.Client(
            transport=_Transport(self._tls, self._backend),
            timeout=httpx2.Timeout(self._limits.read, connect=self._limits.connect),
            follow_redirects=False,
            trust_env=False,
            headers={"User-Agent": "guitai"},
        )


def check_base(url: str, path: bool = False) -> str:
    """`url` without a slash at its end; Refused("wire_url") where it is not safe to pay over."""
    parts = urlsplit(url)
    host = parts.hostname or ""
    safe = parts.scheme == "https" or (parts.scheme == "http" and host in _LOOPBACK)
    bare = not (parts.query or parts.fragment or parts.username or parts.password)
    if not (safe and host and bare and (path or parts.path in ("", "/"))):
        raise Refused("wire_url", url=url[:100])
    return url.rstrip("/")


def _tls(ca_file: Path | None) -> ssl.SSLContext:
    try:
        context = ssl.create_default_context(cafile=str(ca_file) if ca_file else None)
    except (OSError, ssl.SSLError):
        raise Refused("wire_ca_file", path=ca_file) from None
    context.minimum_version = ssl.TLSVersion.TLSv1_2
    return context


def _of_tls(error: BaseException | None) -> bool:
    while error is not None:
        if isinstance(error, ssl.SSLError):
            return True
        error = error.__cause__ or error.__context__
    return False


def _skew(date: str | None, wall: float) -> int | None:
    if not date:
        return None
    try:
        return round(wall - parsedate_to_datetime(date).timestamp())
    except (ValueError, TypeError, OverflowError, IndexError):
        return None


class _Stream(httpcore2.NetworkStream):
    """A stream whose reads and writes share one end of patience."""

    def __init__(self, inner: httpcore2.NetworkStream, owner: _Deadlines) -> None:
        self._inner = inner
        self._owner = owner

    def read(self, max_bytes: int, timeout: float | None = None) -> bytes:
        return self._inner.read(max_bytes, self._owner.left(timeout))

    def write(self, buffer: bytes, timeout: float | None = None) -> None:
        self._inner.write(buffer, self._owner.left(timeout))

    def close(self) -> None:
        self._inner.close()

    def start_tls(
        self,
        ssl_context: ssl.SSLContext,
        server_hostname: str | None = None,
        timeout: float | None = None,
    ) -> httpcore2.NetworkStream:
        inner = self._inner.start_tls(ssl_context, server_hostname, self._owner.left(timeout))
        return _Stream(inner, self._owner)

    def get_extra_info(self, info: str) -> Any:
        return self._inner.get_extra_info(info)


class _Deadlines(httpcore2.NetworkBackend):
    """The plain sockets of httpcore with an end for the whole call."""

    def __init__(self) -> None:
        self._inner = httpcore2.SyncBackend()
        self.until = 0.0

    def left(self, timeout: float | None) -> float:
        """Seconds one more step may take."""
        left = self.until - time.monotonic()
        if left <= 0:
            raise httpcore2.ReadTimeout("the call took too long")
        return left if timeout is None else min(timeout, left)

    def connect_tcp(
        self,
        host: str,
        port: int,
        timeout: float | None = None,
        local_address: str | None = None,
        socket_options: Iterable[httpcore2.SOCKET_OPTION] | None = None,
    ) -> httpcore2.NetworkStream:
        stream = self._inner.connect_tcp(
            host, port, self.left(timeout), local_address, socket_options
        )
        return _Stream(stream, self)

    def sleep(self, seconds: float) -> None:
        self._inner.sleep(seconds)


class _Body(httpx2.SyncByteStream):
    def __init__(self, stream: Any) -> None:
        self._stream = stream

    def __iter__(self) -> Any:
        yield from self._stream

    def close(self) -> None:
        self._stream.close()


class _Transport(httpx2.BaseTransport):
    """httpx over a pool whose sockets are ours; its own transport lets nobody choose them."""

    def __init__(self, context: ssl.SSLContext | None, backend: _Deadlines) -> None:
        self._pool = httpcore2.ConnectionPool(
            ssl_context=context,
            max_connections=2,
            max_keepalive_connections=2,
            keepalive_expiry=KEEP_ALIVE,
            network_backend=backend,
        )

    def handle_request(self, request: httpx2.Request) -> httpx2.Response:
        url = httpcore2.URL(
            scheme=request.url.raw_scheme,
            host=request.url.raw_host,
            port=request.url.port,
            target=request.url.raw_path,
        )
        answer = self._pool.handle_request(
            httpcore2.Request(
                method=request.method,
                url=url,
                headers=request.headers.raw,
                content=request.stream,
                extensions=request.extensions,
            )
        )
        return httpx2.Response(
            status_code=answer.status,
            headers=answer.headers,
            stream=_Body(answer.stream),
            extensions=answer.extensions,
        )

    def close(self) -> None:
        self._pool.close()

    def __enter__(self) -> Self:
        return self

    def __exit__(
        self,
        kind: type[BaseException] | None = None,
        value: BaseException | None = None,
        trace: TracebackType | None = None,
    ) -> None:
        self.close()
