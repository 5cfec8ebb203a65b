"""Links to files that end after a while."""

from __future__ import annotations

import secrets
import threading


class Downloads:
    """Safe to use from several threads."""

    def __init__(self) -> None:
        self._lock = threading.Lock()
        self._files: dict[str, tuple[float, bytes]] = {}

    def offer(self, until: float, content: bytes) -> str:
        token = secrets.token_hex(32)
        with self._lock:
            self._files[token] = (until, content)
        return token

    def fetch(self, token: str, now: float) -> bytes | None:
        with self._lock:
            until, content = self._files.get(token, (0.0, b""))
        return content if now <= until else None
