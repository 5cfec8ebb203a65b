"""The access token, kept on disk: a day's life, and at most 50 of them in 30 days."""

from __future__ import annotations

import time
from collections.abc import Callable
from datetime import datetime, timedelta
from pathlib import Path
from urllib.parse import urlencode

import msgspec

from pos.refusal import Refused
from pos.system import FileLock, read_private, replace_file
from pos.untrusted import decoded
from pos.wire import Wire, WireFailed

QUOTA = 50
QUOTA_DAYS = 30
RENEW_BEFORE = timedelta(minutes=10)
REFUSED_PAUSE = timedelta(minutes=5)
"""A token the platform refused is not replaced more often than this."""

_LOCK_SECONDS = 60.0
_LOOK_SECONDS = 0.05


class NoToken(Exception):  # noqa: N818 - an outcome, caught by its one caller
    """There is no token to call with; nothing was sent. `code` says why."""

    def __init__(self, code: str) -> None:
        super().__init__(code)
        self.code = code


class _Kept(msgspec.Struct):
    app_key: str = ""
    token: str = ""
    until: float = 0.0
    fetched: list[float] = []


class _Told(msgspec.Struct):
    access_token: str = ""
    expires_in: int | str = 86400


class Tokens:
    """Gives the token in force; fetches one when there is none. One thread at a time."""

    def __init__(
        self, wire: Wire, app_key: str, secret: str, path: Path, now: Callable[[], datetime]
    ) -> None:
        self._wire = wire
        self._app_key = app_key
        self._secret = secret
        self._path = path
        self._now = now
        self._kept = self._load()
        self._bad = ""

    def token(self) -> str:
        """The token. Raises NoToken: token_quota, token_refused, token_unreachable, token_busy."""
        return self._kept.token if self._good() else self._fetch_alone()

    def refused(self) -> None:
        """The platform did not take the token: the next call fetches another, but not at once."""
        last = max(self._kept.fetched, default=0.0)
        if self._seconds() - last >= REFUSED_PAUSE.total_seconds():
            self._bad = self._kept.token

    def _good(self) -> bool:
        ends = self._kept.until - RENEW_BEFORE.total_seconds()
        return self._kept.token not in ("", self._bad) and self._seconds() < ends

    def _fetch_alone(self) -> str:
        """Of processes that share the file one fetches, the others find what it got."""
        lock = self._locked()
        try:
            self._kept = self._load()
            return self._kept.token if self._good() else self._fetch()
        finally:
            lock.release()

    def _locked(self) -> FileLock:
        self._path.parent.mkdir(parents=True, exist_ok=True)
        ends = time.monotonic() + _LOCK_SECONDS
        while True:
            try:
                return FileLock(self._path.with_name(self._path.name + ".lock"), "nuonuo")
            except Refused:
                if time.monotonic() > ends:
                    raise NoToken("token_busy") from None
                time.sleep(_LOOK_SECONDS)

    def _fetch(self) -> str:
        now = self._seconds()
        recent = [at for at in self._kept.fetched if now - at < QUOTA_DAYS * 86400]
        if len(recent) >= QUOTA:
            raise NoToken("token_quota")
        form = {
            "client_id": self._app_key,
            "client_secret": self._secret,
            "grant_type": "client_credentials",
        }
        # counted before it is asked for: an answer that is lost has used one up all the same
        self._kept.fetched = [*recent, now]
        self._keep()
        try:
            reply = self._wire.call(
                "POST",
                "/accessToken",
                {"Content-Type": "application/x-www-form-urlencoded;charset=UTF-8"},
                urlencode(form).encode("ascii"),
            )
            told = decoded(reply.body, _Told)
        except WireFailed:
            raise NoToken("token_unreachable") from None
        except msgspec.DecodeError:
            raise NoToken("token_refused") from None
        if not told.access_token:
            raise NoToken("token_refused")
        try:
            life = int(told.expires_in)
        except ValueError:
            life = 86400
        self._kept.token, self._kept.until = told.access_token, now + life
        self._keep()
        return told.access_token

    def _load(self) -> _Kept:
        try:
            kept = decoded(read_private(self._path), _Kept)
        except Refused as refused:
            if refused.code != "secret_missing":
                raise
            return _Kept(self._app_key)
        except msgspec.DecodeError:
            return _Kept(self._app_key)
        return kept if kept.app_key == self._app_key else _Kept(self._app_key)

    def _keep(self) -> None:
        replace_file(self._path, msgspec.json.encode(self._kept))

    def _seconds(self) -> float:
        return self._now().timestamp()
