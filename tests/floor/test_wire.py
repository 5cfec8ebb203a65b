"""HTTP for payments: time-outs, TLS, caps; and whether a request may have left the till."""

from __future__ import annotations

import socket
import ssl
import threading
import time
from datetime import UTC, datetime, timedelta
from pathlib import Path

import pytest

from pos.refusal import Refused
from pos.wire import Limits, Wire, WireFailed, check_base
from tests.payments.line import Line, Request, http, key, private_pem
from tests.payments.papers import certificate, pem

OK = http(b"{}", {"Date": "Sun, 01 Mar 2026 04:00:00 GMT"})
WALL = datetime(2026, 3, 1, 4, 0, 5, tzinfo=UTC).timestamp()
QUICK = Limits(connect=0.5, read=0.5, whole=0.8)


def failing(wire: Wire) -> WireFailed:
    with pytest.raises(WireFailed) as caught:
        wire.call("POST", "/x", {}, b"body")
    wire.close()
    return caught.value


def tls(folder: Path, days: int = 1) -> tuple[ssl.SSLContext, Path]:
    """A server's context with a certificate of a private authority, and that authority's file."""
    now = datetime.now(UTC)
    start = now - timedelta(days=30)
    root = certificate("authority", "authority", 1, start, now + timedelta(days=30))
    leaf = certificate("site", "authority", 2, start, now + timedelta(days=days), "localhost")
    (folder / "ca.pem").write_bytes(pem(root))
    (folder / "site.pem").write_bytes(pem(leaf) + private_pem(key("site")))
    context = ssl.SSLContext(ssl.PROTOCOL_TLS_SERVER)
    context.load_cert_chain(folder / "site.pem")
    return context, folder / "ca.pem"


def test_exactly_the_given_bytes_are_sent() -> None:
    with Line(lambda request: OK) as line:
        wire = Wire([line.url + "/"], QUICK, wall=lambda: WALL)
        reply = wire.call("POST", "/a?b=%20c", {"X-One": "1"}, b'{"a":1}')
        wire.close()
    [sent] = line.requests
    assert (sent.method, sent.target, sent.body) == ("POST", "/a?b=%20c", b'{"a":1}')
    assert sent.headers["x-one"] == "1"
    assert "cookie" not in sent.headers
    assert (reply.status, reply.body, reply.skew) == (200, b"{}", 5)


def test_nobody_listens() -> None:
    with socket.create_server(("127.0.0.1", 0)) as taken:
        port = taken.getsockname()[1]
    failed = failing(Wire([f"http://127.0.0.1:{port}"], QUICK))
    assert (failed.code, failed.sent) == ("connect_failed", False)


def test_a_connection_that_is_never_taken_up() -> None:
    with socket.socket() as full:
        full.bind(("127.0.0.1", 0))
        full.listen(0)
        port = full.getsockname()[1]
        waiting = [socket.socket() for _ in range(3)]
        for each in waiting:
            each.setblocking(False)
            each.connect_ex(("127.0.0.1", port))
        began = time.monotonic()
        failed = failing(Wire([f"http://127.0.0.1:{port}"], QUICK))
        assert (failed.code, failed.sent) == ("connect_timeout", False)
        assert time.monotonic() - began < 3
        for each in waiting:
            each.close()


def test_an_answer_that_does_not_come() -> None:
    done = threading.Event()

    def silent(request: Request) -> bytes | None:
        done.wait(5)
        return None

    with Line(silent) as line:
        failed = failing(Wire([line.url], QUICK))
        done.set()
    assert (failed.code, failed.sent) == ("read_timeout", True)


@pytest.mark.parametrize("head", [b"HTTP/1.1 200 OK\r\nX-A: ", b"HTTP/1.1 200 OK\r\n\r\n"])
def test_an_answer_that_drips_has_an_end(head: bytes) -> None:
    """Every byte comes in time, the answer never does."""
    with socket.create_server(("127.0.0.1", 0)) as server:
        over = threading.Event()

        def drip() -> None:
            peer, _ = server.accept()
            with peer:
                peer.recv(4096)
                peer.sendall(head)
                while not over.wait(0.05):
                    try:
                        peer.sendall(b"x")
                    except OSError:
                        return

        thread = threading.Thread(target=drip)
        thread.start()
        began = time.monotonic()
        failed = failing(Wire([f"http://127.0.0.1:{server.getsockname()[1]}"], QUICK))
        took = time.monotonic() - began
        over.set()
        thread.join()
    assert (failed.code, failed.sent) == ("read_timeout", True)
    assert took < 3


def test_a_body_without_end_is_capped() -> None:
    endless = b"HTTP/1.1 200 OK\r\n\r\n" + b"x" * 1_000_000
    with Line(lambda request: endless) as line:
        wire = Wire([line.url], QUICK)
        with pytest.raises(WireFailed, match="too_big"):
            wire.call("GET", "/", {}, cap=1000)
        wire.close()


@pytest.mark.parametrize("status", ["301 Moved", "302 Found", "307 Temporary", "308 Permanent"])
def test_a_redirect_is_not_followed(status: str) -> None:
    with Line(lambda request: OK) as other:
        away = http(b"", {"Location": other.url + "/steal"}, status)
        with Line(lambda request: away) as line:
            failed = failing(Wire([line.url], QUICK))
        assert (failed.code, failed.sent) == ("redirected", True)
        assert other.requests == []


def test_proxies_of_the_environment_are_not_used(monkeypatch: pytest.MonkeyPatch) -> None:
    with Line(lambda request: None) as proxy, Line(lambda request: OK) as line:
        monkeypatch.setenv("HTTP_PROXY", proxy.url)
        monkeypatch.setenv("ALL_PROXY", proxy.url)
        wire = Wire([line.url], QUICK)
        assert wire.call("GET", "/", {}).status == 200
        assert proxy.requests == []
        wire.close()


def test_tls_with_a_private_authority(tmp_path: Path) -> None:
    context, authority = tls(tmp_path)
    with Line(lambda request: OK, context) as line:
        wire = Wire([line.url], QUICK, authority)
        assert wire.call("GET", "/", {}).status == 200
        wire.close()
        stranger = failing(Wire([line.url], QUICK))
        assert (stranger.code, stranger.sent) == ("tls_failed", False)
        by_number = failing(Wire([f"https://127.0.0.1:{line.port}"], QUICK, authority))
        assert (by_number.code, by_number.sent) == ("tls_failed", False)
        assert len(line.requests) == 1


def test_an_expired_certificate_of_the_server(tmp_path: Path) -> None:
    context, authority = tls(tmp_path, days=-1)
    with Line(lambda request: OK, context) as line:
        failed = failing(Wire([line.url], QUICK, authority))
        assert (failed.code, failed.sent) == ("tls_failed", False)
        assert line.requests == []


def test_plain_http_where_tls_should_be() -> None:
    """The answer comes to whatever was said: a greeting of TLS may hold no end of a line."""
    with socket.create_server(("127.0.0.1", 0)) as server:

        def answer() -> None:
            peer, _ = server.accept()
            with peer:
                peer.recv(4096)
                peer.sendall(b"HTTP/1.1 400 Bad Request\r\nContent-Length: 0\r\n\r\n")

        thread = threading.Thread(target=answer)
        thread.start()
        patient = Limits(connect=10, read=10, whole=20)
        failed = failing(Wire([f"https://localhost:{server.getsockname()[1]}"], patient))
        thread.join()
    assert (failed.code, failed.sent) == ("tls_failed", False)


@pytest.mark.parametrize("date", ["", "soon", "Sun, 99 Mar 2026 04:00:00 GMT", "0" * 4000])
def test_a_date_that_is_none_tells_no_time(date: str) -> None:
    with Line(lambda request: http(b"{}", {"Date": date})) as line:
        wire = Wire([line.url], QUICK)
        assert wire.call("GET", "/", {}).skew is None
        wire.close()


@pytest.mark.parametrize(
    "url",
    [
        "http://api.mch.weixin.qq.com",
        "https://",
        "ftp://localhost",
        "https://user:secret@example.com",
        "https://example.com/path",
        "https://example.com?x=1",
        "example.com",
    ],
)
def test_only_safe_addresses_are_paid_over(url: str) -> None:
    with pytest.raises(Refused, match="wire_url"):
        check_base(url)


def test_a_missing_authority_file_is_told(tmp_path: Path) -> None:
    with pytest.raises(Refused, match="wire_ca_file"):
        Wire(["https://example.com"], QUICK, tmp_path / "none.pem")
