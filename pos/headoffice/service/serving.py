"""`pos headoffice serve`: uvicorn over the application, one process or several."""

from __future__ import annotations

import json
import logging
import os
import sys
from collections.abc import Callable
from pathlib import Path

import uvicorn
from fastapi import FastAPI

from pos.clock import system_clock
from pos.headoffice import beside
from pos.headoffice.house import Server, open_house
from pos.headoffice.migrating import check_version
from pos.headoffice.service.app import make_app
from pos.refusal import Refused

_FOLDER, _DATABASE = "POS_HEADOFFICE_DIR", "POS_DATABASE_URL"
_EXTRA = ("till", "ms", "status", "path")


class JsonLines(logging.Formatter):
    """One JSON object a line."""

    def format(self, record: logging.LogRecord) -> str:
        """The record as JSON; what happened, where, how long, and a traceback if there is one."""
        told: dict[str, object] = {
            "at": self.formatTime(record, "%Y-%m-%dT%H:%M:%S%z"),
            "level": record.levelname.lower(),
            "message": record.getMessage(),
        }
        told |= {name: record.__dict__[name] for name in _EXTRA if name in record.__dict__}
        if record.exc_info:
            told["error"] = self.formatException(record.exc_info)
        return json.dumps(told, ensure_ascii=False)


def start_logging() -> None:
    """Structured lines on stderr, uvicorn's own among them."""
    handler = logging.StreamHandler(sys.stderr)
    handler.setFormatter(JsonLines())
    for name, level in (("pos.headoffice", logging.INFO), ("uvicorn", logging.WARNING)):
        logger = logging.getLogger(name)
        logger.handlers[:] = [handler]
        logger.setLevel(level)
        logger.propagate = False


def from_environment() -> FastAPI:
    """The application of a process that uvicorn started beside others."""
    start_logging()
    folder = Path(os.environ[_FOLDER])
    return make_app(open_house(folder, system_clock(), os.environ.get(_DATABASE, "")))


def serve(
    folder: Path,
    server: Server,
    database_url: str,
    workers: int,
    ready: Callable[[str], None] = lambda _url: None,
) -> None:
    """Serve until told to stop. `ready` is told the address once it listens."""
    start_logging()
    for file in (server.tls_cert, server.tls_key):
        if file and not os.access(folder / file, os.R_OK):
            raise Refused("headoffice_tls", path=folder / file, why="?")
    tls = {
        "ssl_certfile": str(folder / server.tls_cert) if server.tls_cert else None,
        "ssl_keyfile": str(folder / server.tls_key) if server.tls_key else None,
    }
    common = {
        "log_config": None,
        "access_log": False,
        "server_header": False,
        "timeout_graceful_shutdown": 10,
    }
    scheme = "https" if server.tls_cert else "http"

    def listening(url: str) -> None:
        # a certificate is good for the name tills use
        beside.told(folder, server.url if server.tls_cert else url)
        ready(url)

    house = open_house(folder, system_clock(), database_url)
    try:
        check_version(house.database)
        if workers > 1:
            house.close()
            os.environ[_FOLDER] = str(folder)
            if database_url:
                os.environ[_DATABASE] = database_url
            listening(f"{scheme}://{server.host}:{server.port}")
            uvicorn.run(
                "pos.headoffice.service.serving:from_environment",
                factory=True,
                workers=workers,
                host=server.host,
                port=server.port,
                **tls,  # type: ignore[arg-type]
                **common,  # type: ignore[arg-type]
            )
            return
        config = uvicorn.Config(
            make_app(house),
            host=server.host,
            port=server.port,
            **tls,  # type: ignore[arg-type]
            **common,  # type: ignore[arg-type]
        )
        _Told(config, scheme, listening).run()
    finally:
        beside.forget(folder)
        house.close()


class _Told(uvicorn.Server):
    """Tells its address once it listens; the port may have been 0."""

    def __init__(self, config: uvicorn.Config, scheme: str, ready: Callable[[str], None]) -> None:
        super().__init__(config)
        self._scheme, self._ready = scheme, ready

    async def startup(self, sockets: list[object] | None = None) -> None:  # type: ignore[override]
        """As uvicorn does; then the address."""
        await super().startup(sockets)  # type: ignore[arg-type]
        for server in getattr(self, "servers", []):
            for socket in server.sockets:
                host, port = socket.getsockname()[:2]
                self._ready(f"{self._scheme}://{host}:{port}")
                return
