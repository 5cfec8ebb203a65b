"""Head office as a process of its own, killed and put back at will."""

from __future__ import annotations

import shutil
import sqlite3
import subprocess
import sys
from contextlib import closing
from pathlib import Path


class Process:
    """Head office as a process of its own, that can be killed and put back."""

    def __init__(self, folder: Path, port: int, nice: int = 0) -> None:
        self.folder, self.port, self._nice = folder, port, nice
        self._copy = folder.with_name("old-copy")
        self._child: subprocess.Popen[bytes] | None = None
        self.kills = 0

    def start(self) -> None:
        """Serve; returns when it listens."""
        code = (
            "import sys; from pathlib import Path; from msgspec.structs import replace;"
            "from pos.headoffice.house import settings_of;"
            "from pos.headoffice.service.serving import serve;"
            "f=Path(sys.argv[1]); s=replace(settings_of(f).server, port=int(sys.argv[2]));"
            "serve(f, s, '', 1, lambda url: print(url, flush=True))"
        )
        self._child = subprocess.Popen(
            [
                *("nice", "-n", str(self._nice), sys.executable, "-c", code),
                *(str(self.folder), str(self.port)),
            ],
            stdout=subprocess.PIPE,
            stderr=subprocess.DEVNULL,
        )
        assert self._child.stdout is not None
        assert self._child.stdout.readline().startswith(b"http")

    def kill(self) -> None:
        """No goodbye."""
        if self._child is not None:
            self._child.kill()
            self._child.wait()
            assert self._child.stdout is not None
            self._child.stdout.close()
            self._child = None
            self.kills += 1

    def copy(self) -> None:
        """A backup of its database, made while it runs."""
        self._copy.unlink(missing_ok=True)
        with closing(sqlite3.connect(self.folder / "headoffice.db")) as raw:
            raw.execute("VACUUM INTO ?", (str(self._copy),))

    def put_back(self) -> None:
        """The database is that backup again."""
        for end in ("", "-wal", "-shm"):
            (self.folder / f"headoffice.db{end}").unlink(missing_ok=True)
        shutil.copy(self._copy, self.folder / "headoffice.db")
