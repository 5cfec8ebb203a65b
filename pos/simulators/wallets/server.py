"""HTTP on loopback, and every way in which an answer can fail to arrive."""

from __future__ import annotations

import contextlib
import socket
import ssl
import sys
import threading
import traceback
from dataclasses import dataclass, field
from http import HTTPStatus
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from pathlib import Path
from typing import Any, Literal, Protocol

How = Literal["", "lost", "hang", "half", "slow"]
MAX_BODY = 1_000_000


@dataclass(frozen=True)
class Request:
    """`target` is what stood in the request line, raw: signatures cover it. Header names are lower
    case."""

    method: str
    target: str
    headers: dict[str, str]
    body: bytes = b""

    @property
    def path(self) -> str:
        return self.target.partition("?")[0]

    @property
    def query(self) -> str:
        return self.target.partition("?")[2]


@dataclass
class Reply:
    """`how` it is delivered: whole, or lost, or never, or half of it, or late."""

    status: int
    body: bytes = b""
    headers: dict[str, str] = field(default_factory=dict)
    how: How = ""
    wait_s: float = 0.0


class Provider(Protocol):
    """What the server asks for answers; called from many threads."""

    def answer(self, request: Request) -> Reply: ...


class _Handler(BaseHTTPRequestHandler):
    protocol_version = "HTTP/1.1"
    timeout = 60
    disable_nagle_algorithm = True
    server: _Server

    def log_message(self, format: str, *args: Any) -> None:  # noqa: A002
        """No access log: bodies and headers carry payment codes."""

    def version_string(self) -> str:
        return "nginx"

    def _serve(self) -> None:
        length = self.headers.get("Content-Length", "0")
        if "Transfer-Encoding" in self.headers or not length.isdecimal():
            self.close_connection = True
            self._send(Reply(HTTPStatus.LENGTH_REQUIRED))
            return
        if int(length) > MAX_BODY:
            self.close_connection = True
            self._send(Reply(HTTPStatus.REQUEST_ENTITY_TOO_LARGE))
            return
        body = self.rfile.read(int(length))
        if len(body) < int(length):
            self.close_connection = True
            return
        headers = {name.lower(): value for name, value in self.headers.items()}
        request = Request(self.command, self.path, headers, body)
        try:
            reply = self.server.provider.answer(request)
        except Exception:
            traceback.print_exc(file=sys.stderr)
            reply = Reply(HTTPStatus.BAD_GATEWAY)
        self._deliver(reply)

    do_GET = do_POST = do_PUT = do_DELETE = do_PATCH = _serve  # noqa: N815

    def _deliver(self, reply: Reply) -> None:
        if reply.how in ("hang", "slow"):
            self.server.ending.wait(reply.wait_s)
        if reply.how in ("lost", "hang"):
            self.close_connection = True
        elif reply.how == "half":
            self.close_connection = True
            self._send(reply, len(reply.body) // 2)
        else:
            self._send(reply)

    def _send(self, reply: Reply, cut: int | None = None) -> None:
        """Head and body in one piece; `cut` bytes of the body only, though all are announced."""
        headers = {"Date": self.date_time_string(), "Server": self.version_string()}
        headers |= reply.headers
        if reply.status != HTTPStatus.NO_CONTENT:
            headers["Content-Length"] = str(len(reply.body))
        if self.close_connection:
            headers["Connection"] = "close"
        try:
            phrase = HTTPStatus(reply.status).phrase
        except ValueError:
            phrase = "Unknown"
        lines = [f"HTTP/1.1 {int(reply.status)} {phrase}"]
        lines += [f"{name}: {value}" for name, value in headers.items()]
        head = ("\r\n".join(lines) + "\r\n\r\n").encode("latin-1")
        with contextlib.suppress(OSError):
            self.wfile.write(head + reply.body[:cut])


class _Server(ThreadingHTTPServer):
    daemon_threads = True
    block_on_close = False
    request_queue_size = 128
    allow_reuse_address = True

    def __init__(self, address: tuple[str, int], provider: Provider, tls: ssl.SSLContext | None):
        self.provider = provider
        self.ending = threading.Event()
        self._tls = tls
        self._open: set[socket.socket] = set()
        self._serving: set[threading.Thread] = set()
        self._guard = threading.Lock()
        super().__init__(address, _Handler)

    def get_request(self) -> tuple[socket.socket, Any]:
        connection, peer = super().get_request()
        if self._tls is not None:
            # the handshake is left to the connection's own thread
            connection = self._tls.wrap_socket(
                connection, server_side=True, do_handshake_on_connect=False
            )
        return connection, peer

    def process_request(self, request: Any, client_address: Any) -> None:
        with self._guard:
            self._open.add(request)
        super().process_request(request, client_address)

    def process_request_thread(self, request: Any, client_address: Any) -> None:
        with self._guard:
            self._serving.add(threading.current_thread())
        try:
            super().process_request_thread(request, client_address)
        finally:
            with self._guard:
                self._open.discard(request)
                self._serving.discard(threading.current_thread())

    def handle_error(self, request: Any, client_address: Any) -> None:
        """A client that went away, or would not shake hands, is its own business."""

    def end_all(self) -> None:
        self.ending.set()
        with self._guard:
            sockets, threads = list(self._open), list(self._serving)
        for connection in sockets:
            with contextlib.suppress(OSError):
                connection.shutdown(socket.SHUT_RDWR)
        for thread in threads:
            thread.join(2)


class WalletServer:
    """A provider on 127.0.0.1. `port` 0 takes a free one; `tls` is certificate and key."""

    def __init__(
        self, provider: Provider, port: int = 0, tls: tuple[Path, Path] | None = None
    ) -> None:
        context = None
        if tls is not None:
            context = ssl.SSLContext(ssl.PROTOCOL_TLS_SERVER)
            context.load_cert_chain(*tls)
        self._server = _Server(("127.0.0.1", port), provider, context)
        self.port = int(self._server.server_address[1])
        self.url = f"http{'s' if tls else ''}://127.0.0.1:{self.port}"
        self._thread = threading.Thread(
            target=self._server.serve_forever, args=(0.01,), name=f"wallet:{self.port}", daemon=True
        )

    def start(self) -> None:
        self._thread.start()

    def stop(self) -> None:
        """Ends hanging answers and open connections, then lets the port go."""
        if self._thread.is_alive():
            self._server.shutdown()
            self._thread.join()
        self._server.end_all()
        self._server.server_close()
