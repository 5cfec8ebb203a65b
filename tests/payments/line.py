"""A loopback server whose every byte a test decides, and the keys of both sides."""

from __future__ import annotations

import base64
import socket
import ssl
import threading
from collections.abc import Callable
from contextlib import suppress
from dataclasses import dataclass, field
from functools import lru_cache
from pathlib import Path
from typing import Any

from cryptography.exceptions import InvalidSignature
from cryptography.hazmat.primitives import hashes, serialization
from cryptography.hazmat.primitives.asymmetric import padding, rsa


@dataclass
class Request:
    """What came: the first line taken apart, header names in lower case, raw body."""

    method: str
    target: str
    headers: dict[str, str]
    body: bytes


Handler = Callable[[Request], bytes | None]
"""Gives the raw answer; None closes the connection without one."""


@dataclass
class Line:
    """Answers HTTP/1.1 on a free port of 127.0.0.1, one thread a connection."""

    handler: Handler
    context: ssl.SSLContext | None = None
    requests: list[Request] = field(default_factory=list)
    connections: int = 0

    def __enter__(self) -> Line:
        self._socket = socket.create_server(("127.0.0.1", 0))
        self._open: list[socket.socket] = []
        self._threads: list[threading.Thread] = []
        self._accepting = threading.Thread(target=self._accept)
        self._accepting.start()
        return self

    def __exit__(self, *exc: object) -> None:
        self._socket.shutdown(socket.SHUT_RDWR)
        self._socket.close()
        self._accepting.join()
        for each in self._open:
            with suppress(OSError):
                each.shutdown(socket.SHUT_RDWR)
        for thread in self._threads:
            thread.join()

    @property
    def port(self) -> int:
        return int(self._socket.getsockname()[1])

    @property
    def url(self) -> str:
        scheme = "https" if self.context else "http"
        return f"{scheme}://{'localhost' if self.context else '127.0.0.1'}:{self.port}"

    def _accept(self) -> None:
        while True:
            try:
                peer, _ = self._socket.accept()
            except OSError:
                return
            self.connections += 1
            self._open.append(peer)
            thread = threading.Thread(target=self._serve, args=(peer,))
            self._threads.append(thread)
            thread.start()

    def _serve(self, raw: socket.socket) -> None:
        peer = raw
        try:
            if self.context:
                peer = self.context.wrap_socket(raw, server_side=True)
            with peer.makefile("rb") as lines:
                while (request := _read(lines)) is not None:
                    self.requests.append(request)
                    answer = self.handler(request)
                    if answer is None:
                        break
                    peer.sendall(answer)
        except (OSError, ValueError):
            pass
        finally:
            with suppress(OSError):
                peer.shutdown(socket.SHUT_RDWR)
            peer.close()
            raw.close()


def _read(lines: Any) -> Request | None:
    first = lines.readline().decode("latin-1").split()
    if len(first) != 3:
        return None
    headers: dict[str, str] = {}
    while (line := lines.readline()) not in (b"\r\n", b""):
        name, _, value = line.decode("latin-1").partition(":")
        headers[name.strip().lower()] = value.strip()
    body = lines.read(int(headers.get("content-length", "0")))
    return Request(first[0], first[1], headers, body)


def http(body: bytes, headers: dict[str, str] | None = None, status: str = "200 OK") -> bytes:
    """An answer with its length."""
    told = {"Content-Length": str(len(body)), "Content-Type": "application/json"}
    lines = "".join(f"{k}: {v}\r\n" for k, v in {**told, **(headers or {})}.items())
    return f"HTTP/1.1 {status}\r\n{lines}\r\n".encode() + body


@lru_cache
def key(name: str, bits: int = 2048) -> rsa.RSAPrivateKey:
    """A key made for this run, one a name."""
    return rsa.generate_private_key(public_exponent=65537, key_size=bits)


def private_pem(of: rsa.RSAPrivateKey) -> bytes:
    return of.private_bytes(
        serialization.Encoding.PEM,
        serialization.PrivateFormat.PKCS8,
        serialization.NoEncryption(),
    )


def public_pem(of: rsa.RSAPrivateKey) -> bytes:
    return of.public_key().public_bytes(
        serialization.Encoding.PEM, serialization.PublicFormat.SubjectPublicKeyInfo
    )


def rsa_sign(of: rsa.RSAPrivateKey, message: bytes) -> str:
    return base64.b64encode(of.sign(message, padding.PKCS1v15(), hashes.SHA256())).decode()


def rsa_holds(of: rsa.RSAPrivateKey, message: bytes, signature: str) -> bool:
    try:
        of.public_key().verify(
            base64.b64decode(signature), message, padding.PKCS1v15(), hashes.SHA256()
        )
    except InvalidSignature:
        return False
    return True


def secret(path: Path, data: bytes) -> str:
    """A 0600 file; its name."""
    path.write_bytes(data)
    path.chmod(0o600)
    return path.name
