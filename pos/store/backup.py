"""Backups of a till: ledger, settings and secrets in one file that only a technician can open.

The ledger is copied by `VACUUM INTO` over a read-only connection, so that a backup can be made
while the till sells; the copy is checked before it is sealed. What is sealed is a tar, compressed
with zstd and encrypted with age (age-encryption.org/v1) to the technician's public key: the till
itself cannot open it. A restored ledger begins a new epoch: no number is ever given twice.
"""

from __future__ import annotations

import hashlib
import os
import re
import sqlite3
import tempfile
from collections.abc import Callable, Mapping
from contextlib import closing
from datetime import datetime
from pathlib import Path

import msgspec

from pos.clock import stamp
from pos.refusal import Refused
from pos.store import aside
from pos.store.sealed import FORMAT, LEDGER, Manifest, identity_in, recipient_of, seal, unseal
from pos.store.verify import Verdict, verify_ledger
from pos.system import make_private, sync_folder, write_private

CONFIG = "config.toml"
_NAME = re.compile(r"guitai-(\d{6})-\d{2}(?:-(\d{5,}))?-\d{8}-\d{6}\.age", re.ASCII)
"""Till, epoch, a number that counts up in the folder (there is none in older names), and when."""


class Made(msgspec.Struct, frozen=True):
    """A backup that was made; `removed` are older ones that gave way."""

    path: str
    size: int
    manifest: Manifest
    removed: tuple[str, ...] = ()


def new_identity(path: Path) -> str:
    """A technician's key pair: the secret half into `path` (0600), the public half is returned."""
    from pyrage import x25519  # type: ignore[import-untyped]

    identity = x25519.Identity.generate()
    public = str(identity.to_public())
    if path.exists():
        raise Refused("backup_exists", path=path)
    write_private(path, f"# public key: {public}\n{identity}\n".encode())
    return public


def create(
    ledger: Path,
    files: Mapping[str, Path],
    recipient: str,
    folder: Path,
    now: datetime,
    keep: int,
    progress: Callable[[int], None] = lambda _jn: None,
) -> Made:
    """Copy, check, seal, put in place, and let all but the newest `keep` of this till go.

    `files` are what travels beside the ledger, by the path they have beside config.toml. The copy
    lies on the ledger's own disk meanwhile; in `folder` nothing is ever in clear. Refused:
    backup_recipient, backup_copy_bad, and what the disk refuses. What fails leaves nothing behind.
    """
    key = recipient_of(recipient)
    folder.mkdir(parents=True, exist_ok=True)
    with (
        aside.room(ledger.parent, aside.MAKING) as room,
        aside.room(folder, aside.MAKING) as beside,
    ):
        copy = room / LEDGER
        make_private(copy)
        with closing(_read_only(ledger)) as db:
            db.execute("VACUUM INTO ?", (str(copy),))
        checked = checked_copy(copy, progress)
        with closing(_read_only(copy)) as db:
            meta = dict(db.execute("SELECT key, value FROM meta"))
        small = {name: path.read_bytes() for name, path in files.items()}
        hashes = {name: hashlib.sha256(data).hexdigest() for name, data in small.items()}
        manifest = Manifest(
            FORMAT,
            meta["shop"],
            meta["till"],
            int(meta["epoch"]),
            checked.records,
            checked.head,
            stamp(now),
            os.path.relpath(ledger, files[CONFIG].parent) if CONFIG in files else LEDGER,
            {LEDGER: _sha256(copy)} | hashes,
        )
        sealed = beside / "sealed"
        seal(sealed, manifest, copy, small, key)
        target = folder / _name(folder, manifest, now)
        sealed.replace(target)
    sync_folder(folder)
    removed = _rotate(folder, target, keep)
    return Made(str(target), target.stat().st_size, manifest, removed)


def checked_copy(copy: Path, progress: Callable[[int], None] = lambda _jn: None) -> Verdict:
    """SQLite's whole check and the journal's; Refused("backup_copy_bad") names what is wrong."""
    with closing(_read_only(copy)) as db:
        answer = str(db.execute("PRAGMA integrity_check(1)").fetchone()[0])
        if answer != "ok":
            raise Refused("backup_copy_bad", why=answer)
        if db.execute("PRAGMA foreign_key_check").fetchone():
            raise Refused("backup_copy_bad", why="foreign keys")
    verdict = verify_ledger(copy, progress)
    if not verdict.ok:
        raise Refused("backup_copy_bad", why=f"{verdict.first_bad}: {verdict.what}")
    return verdict


def verify(
    backup: Path, identity: Path, progress: Callable[[int], None] = lambda _jn: None
) -> Manifest:
    """Open a backup and check every file of it; nothing is kept. Refused says what is wrong."""
    with aside.room(Path(tempfile.gettempdir()), aside.CHECKING) as room:
        return _opened(backup, identity, room, progress, whole=False)


def restore(
    backup: Path,
    identity: Path,
    folder: Path,
    progress: Callable[[int], None] = lambda _jn: None,
) -> Manifest:
    """Lay a backup out in `folder`, which has no till yet; the ledger is in a new epoch then."""
    if (folder / CONFIG).exists():
        raise Refused("backup_folder_used", folder=folder)
    folder.mkdir(parents=True, exist_ok=True)
    with aside.room(folder, aside.RESTORING) as room:
        manifest = _opened(backup, identity, room, progress, whole=True)
        begin_epoch(room / LEDGER, manifest.epoch + 1)
        places = {each: folder / each for each in manifest.files if each != LEDGER}
        places[LEDGER] = folder / manifest.ledger
        if taken := next((path for path in places.values() if path.exists()), None):
            raise Refused("backup_exists", path=taken)
        # config.toml last: a till that has one has everything
        for each in sorted(places, key=lambda one: one == CONFIG):
            places[each].parent.mkdir(parents=True, exist_ok=True)
            os.replace(room / each, places[each])
            sync_folder(places[each].parent)
    return manifest


def begin_epoch(ledger: Path, epoch: int) -> None:
    """A ledger that no till holds goes on in another epoch; its journal goes on as it is.

    Records of the new epoch follow the last one there is (`pos.protocol`: high water). Numbers of
    orders start again at 1, under the new epoch.
    """
    with closing(sqlite3.connect(ledger, isolation_level=None)) as db:
        db.execute("PRAGMA synchronous=FULL")
        db.execute("BEGIN IMMEDIATE")
        (now,) = db.execute("SELECT value FROM meta WHERE key = 'epoch'").fetchone()
        if epoch <= int(now):
            raise Refused("epoch_used", epoch=epoch)
        db.execute("UPDATE meta SET value = ? WHERE key = 'epoch'", (str(epoch),))
        db.execute("COMMIT")


def _opened(
    backup: Path, identity: Path, room: Path, progress: Callable[[int], None], *, whole: bool
) -> Manifest:
    manifest = unseal(backup, identity_in(identity), room, whole=whole)
    verdict = checked_copy(room / LEDGER, progress)
    if (verdict.records, verdict.head) != (manifest.jn, manifest.head):
        raise Refused("backup_damaged", path=backup, why=manifest.head)
    return manifest


def _name(folder: Path, manifest: Manifest, now: datetime) -> str:
    till = manifest.shop + manifest.till
    number = max((_age(path)[0] for path in _mine(folder, till)), default=0) + 1
    when = now.strftime("%Y%m%d-%H%M%S")
    return f"guitai-{till}-{manifest.epoch:02}-{number:05}-{when}.age"


def _mine(folder: Path, till: str) -> list[Path]:
    """Backups of this till, in the order in which they were made: no clock is asked."""
    found = [(path, _NAME.fullmatch(path.name)) for path in folder.iterdir()]
    return sorted((path for path, name in found if name and name[1] == till), key=_age)


def _age(path: Path) -> tuple[int, str]:
    name = _NAME.fullmatch(path.name)
    return int(name[2] or 0) if name else 0, path.name


def _rotate(folder: Path, made: Path, keep: int) -> tuple[str, ...]:
    """Of this till's backups the newest `keep` stay, the one just made always."""
    found = _NAME.fullmatch(made.name)
    mine = [path for path in _mine(folder, found[1] if found else "") if path != made]
    gone = mine[: max(0, len(mine) + 1 - keep)]
    for path in gone:
        path.unlink()
    return tuple(path.name for path in gone)


def _read_only(path: Path) -> sqlite3.Connection:
    if not path.exists():
        raise Refused("ledger_missing", path=path)
    return sqlite3.connect(f"{path.absolute().as_uri()}?mode=ro", uri=True, isolation_level=None)


def _sha256(path: Path) -> str:
    with path.open("rb") as data:
        return hashlib.file_digest(data, "sha256").hexdigest()
