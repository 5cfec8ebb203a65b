"""`pos headoffice serve`: uvicorn over the application, one process or several."""

from __future__ import annotations

import gc
import json
import logging
import os
import sys
from collections.abc import Callable
from contextlib import closing
from functools import partial
from pathlib import Path
from socket import socket
from urllib.parse import urlsplit

import uvicorn
from fastapi import FastAPI
from uvicorn.supervisors import Multiprocess

from pos.clock import system_clock
from pos.headoffice import beside
from pos.headoffice.house import Server, open_house
from pos.headoffice.migrating import check_version
from pos.headoffice.service.app import make_app
from pos.refusal import Refused
from pos.text import masked

_FOLDER, _DATABASE = "POS_HEADOFFICE_DIR", "POS_DATABASE_URL"
_START_SECONDS = 60.0
_OBJECTS = 100_000
_EXTRA = ("till", "ms", "status", "path")


class JsonLines(logging.Formatter):
    """One JSON object a line."""

    def format(self, record: logging.LogRecord) -> str:
        """The record as JSON: what happened, where, how long; a traceback is masked."""
        told: dict[str, object] = {
            "at": self.formatTime(record, "%Y-%m-%dT%H:%M:%S%z"),
            "level": record.levelname.lower(),
            "message": record.getMessage(),
        }
        told |= {name: record.__dict__[name] for name in _EXTRA if name in record.__dict__}
        if record.exc_info:
            told["error"] = masked(self.formatException(record.exc_info))
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


def spare_collecting() -> None:
    """Records make rows by the ten thousand and no cycles: looking for those at every 700 objects,
    programs among them, took a fifth of projecting's time."""
    gc.freeze()
    gc.set_threshold(_OBJECTS, 10, 10)


def from_environment() -> FastAPI:
    """The application of a process that uvicorn started beside others."""
    start_logging()
    spare_collecting()
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
        house.reached_by(urlsplit(url).port)
        ready(url)

    house = open_house(folder, system_clock(), database_url)
    try:
        check_version(house.database)
        if workers > 1:
            if house.database.kind == "sqlite":
                raise Refused("headoffice_one_process", workers=workers)
            house.close()
            os.environ[_FOLDER] = str(folder)
            if database_url:
                os.environ[_DATABASE] = database_url
            config = uvicorn.Config(
                "pos.headoffice.service.serving:from_environment",
                factory=True,
                workers=workers,
                host=server.host,
                port=server.port,
                **tls,  # type: ignore[arg-type]
                **common,  # type: ignore[arg-type]
            )
            with closing(config.bind_socket()) as bound:
                host, port = bound.getsockname()[:2]
                _Several(config, bound, partial(listening, f"{scheme}://{host}:{port}")).run()
            return
        spare_collecting()
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


class _Several(Multiprocess):
    """Processes on one socket; tells the address when every one of them serves.

    Refused: headoffice_workers, where one of them does not come up.
    """

    def __init__(self, config: uvicorn.Config, socket: socket, ready: Callable[[], None]) -> None:
        super().__init__(config, [socket])
        self._ready = ready

    def init_processes(self) -> None:
        """As uvicorn does; then waits for them."""
        super().init_processes()
        for process in self.processes:
            if process.wait_until_ready(_START_SECONDS, self.should_exit):
                continue
            for started in self.processes:
                started.kill()
                started.join()
            raise Refused("headoffice_workers", workers=self.processes_num)
        self._ready()


class _Told(uvicorn.Server):
    """Tells its address once it listens; the port may have been 0."""

    def __init__(self, config: uvicorn.Config, scheme: str, ready: Callable[[str], None]) -> None:
        super().__init__(config)
        self._scheme, self._ready = scheme, ready

    async def startup(self, sockets: list[object] | None = None) -> None:  # type: ignore[override]
        """As uvicorn does; then the address."""
        await super().startup(sockets)  # type: ignore[arg-type]
        for server in getattr(self, "servers", []):
            for bound in server.sockets:
                host, port = bound.getsockname()[:2]
                self._ready(f"{self._scheme}://{host}:{port}")
                return
