"""Backups of a till: ledger, settings and secrets in one file that only a technician can open.

The ledger is copied by `VACUUM INTO` over a read-only connection, so that a backup can be made
while the till sells; the copy is checked before it is sealed. What is sealed is a tar, compressed
with zstd and encrypted with age (age-encryption.org/v1) to the technician's public key: the till
itself cannot open it. A restored ledger begins a new epoch: no number is ever given twice.
"""

from __future__ import annotations

import hashlib
import io
import os
import re
import shutil
import sqlite3
import tarfile
import tempfile
from collections.abc import Callable, Mapping
from contextlib import closing
from datetime import datetime
from pathlib import Path

import msgspec

from pos.clock import stamp
from pos.refusal import Refused
from pos.store.verify import Verdict, verify_ledger
from pos.system import sync_folder, write_private
from pos.untrusted import decoded

FORMAT = 1
LEDGER = "ledger.db"
CONFIG = "config.toml"
_MANIFEST = "manifest.json"
_NAME = re.compile(r"guitai-(\d{6})-\d{2}-\d{8}-\d{6}\.age", re.ASCII)
_LEVEL = 6
MOST_BYTES = 64 * 1024**3


class Manifest(msgspec.Struct, frozen=True):
    """What a backup holds: the till and epoch, the journal's head, SHA-256 of each file."""

    format: int
    shop: str
    till: str
    epoch: int
    jn: int
    head: str
    at: str
    ledger: str
    """Where the ledger lay, relative to config.toml."""
    files: dict[str, str]


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

    `files` are what travels beside the ledger, by the path they have beside config.toml. Refused:
    backup_recipient, backup_copy_bad, and what the disk refuses. What fails leaves nothing behind.
    """
    key = _recipient(recipient)
    folder.mkdir(parents=True, exist_ok=True)
    with tempfile.TemporaryDirectory(prefix=".making-", dir=folder) as name:
        room = Path(name)
        copy = room / LEDGER
        with closing(_read_only(ledger)) as db:
            db.execute("VACUUM INTO ?", (str(copy),))
        checked = checked_copy(copy, progress)
        with closing(_read_only(copy)) as db:
            meta = dict(db.execute("SELECT key, value FROM meta"))
        everything = {LEDGER: copy} | dict(files)
        manifest = Manifest(
            FORMAT,
            meta["shop"],
            meta["till"],
            int(meta["epoch"]),
            checked.records,
            checked.head,
            stamp(now),
            os.path.relpath(ledger, files[CONFIG].parent) if CONFIG in files else LEDGER,
            {each: _sha256(path) for each, path in everything.items()},
        )
        sealed = room / "sealed"
        _seal(sealed, manifest, everything, key)
        stem = f"guitai-{meta['shop']}{meta['till']}-{int(meta['epoch']):02}"
        target = folder / f"{stem}-{now.strftime('%Y%m%d-%H%M%S')}.age"
        sealed.replace(target)
    sync_folder(folder)
    removed = _rotate(folder, meta["shop"] + meta["till"], keep)
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
    with tempfile.TemporaryDirectory(prefix="guitai-") as name:
        return _opened(backup, identity, Path(name), progress)


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
    with tempfile.TemporaryDirectory(prefix=".restoring-", dir=folder) as name:
        room = Path(name)
        manifest = _opened(backup, identity, room, progress)
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


# --- sealed files ---


def _recipient(text: str) -> object:
    from pyrage import RecipientError, x25519

    try:
        return x25519.Recipient.from_str(text)
    except (RecipientError, ValueError) as error:
        raise Refused("backup_recipient", recipient=text[:80]) from error


def _identity(path: Path) -> object:
    from pyrage import IdentityError, x25519

    try:
        lines = path.read_text("utf-8").splitlines()
    except (OSError, UnicodeDecodeError) as error:
        raise Refused("backup_identity", path=path) from error
    for line in lines:
        if line.startswith("AGE-SECRET-KEY-"):
            try:
                return x25519.Identity.from_str(line.strip())
            except (IdentityError, ValueError):
                break
    raise Refused("backup_identity", path=path)


def _seal(target: Path, manifest: Manifest, files: Mapping[str, Path], key: object) -> None:
    import pyrage
    import zstandard

    plain = target.with_name("plain")
    with plain.open("wb") as out:
        packer = zstandard.ZstdCompressor(level=_LEVEL, write_checksum=True)
        with (
            packer.stream_writer(out, closefd=False) as packed,
            tarfile.open(fileobj=packed, mode="w|", format=tarfile.PAX_FORMAT) as tar,
        ):
            text = msgspec.json.encode(manifest)
            _add(tar, _MANIFEST, io.BytesIO(text), len(text))
            for name, path in files.items():
                with path.open("rb") as data:
                    _add(tar, name, data, path.stat().st_size)
    with plain.open("rb") as data, target.open("wb") as out:
        os.fchmod(out.fileno(), 0o600)
        pyrage.encrypt_io(data, out, [key])
        out.flush()
        os.fsync(out.fileno())
    plain.unlink()


def _add(tar: tarfile.TarFile, name: str, data: io.BufferedIOBase, size: int) -> None:
    member = tarfile.TarInfo(name)
    member.size, member.mode = size, 0o600
    tar.addfile(member, data)


def _opened(backup: Path, identity: Path, room: Path, progress: Callable[[int], None]) -> Manifest:
    import pyrage
    import zstandard

    key = _identity(identity)
    plain = room / "plain"
    try:
        with backup.open("rb") as data, plain.open("wb") as out:
            pyrage.decrypt_io(data, out, [key])
    except FileNotFoundError:
        raise Refused("backup_missing", path=backup) from None
    except (pyrage.DecryptError, OSError, ValueError) as error:
        raise Refused("backup_sealed", path=backup, why=str(error)) from error
    try:
        with (
            plain.open("rb") as data,
            zstandard.ZstdDecompressor().stream_reader(data) as unpacked,
            tarfile.open(fileobj=unpacked, mode="r|") as tar,
        ):
            manifest = _unpack(tar, room, backup)
    except (zstandard.ZstdError, tarfile.TarError, msgspec.MsgspecError, OSError) as error:
        raise Refused("backup_damaged", path=backup, why=str(error)) from error
    finally:
        plain.unlink(missing_ok=True)
    verdict = checked_copy(room / LEDGER, progress)
    if (verdict.records, verdict.head) != (manifest.jn, manifest.head):
        raise Refused("backup_damaged", path=backup, why=manifest.head)
    return manifest


def _unpack(tar: tarfile.TarFile, room: Path, backup: Path) -> Manifest:
    first = tar.next()
    data = tar.extractfile(first) if first is not None and first.name == _MANIFEST else None
    if data is None:
        raise Refused("backup_damaged", path=backup, why=_MANIFEST)
    manifest = decoded(data.read(), Manifest)
    if manifest.format > FORMAT:
        raise Refused("backup_newer", path=backup)
    left = dict(manifest.files)
    while (member := tar.next()) is not None:
        wanted = left.pop(member.name, None)
        data = tar.extractfile(member)
        target = room / member.name
        if wanted is None or data is None or member.size > MOST_BYTES or not _inside(room, target):
            raise Refused("backup_damaged", path=backup, why=member.name[:80])
        target.parent.mkdir(parents=True, exist_ok=True)
        with target.open("xb") as out:
            os.fchmod(out.fileno(), 0o600)
            shutil.copyfileobj(data, out)
            out.flush()
            os.fsync(out.fileno())
        if _sha256(target) != wanted:
            raise Refused("backup_damaged", path=backup, why=member.name)
    if left or LEDGER not in manifest.files:
        raise Refused("backup_damaged", path=backup, why=" ".join(left) or LEDGER)
    return manifest


def _inside(room: Path, target: Path) -> bool:
    return target.resolve().is_relative_to(room.resolve())


def _rotate(folder: Path, till: str, keep: int) -> tuple[str, ...]:
    """Of this till's backups the newest `keep` stay; names sort by epoch and time."""
    mine = sorted(
        path
        for path in folder.iterdir()
        if (found := _NAME.fullmatch(path.name)) and found[1] == till
    )
    gone = mine[: max(0, len(mine) - keep)]
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
