"""A backup's file: a tar, compressed with zstd, encrypted with age (age-encryption.org/v1).

It is made and opened as a stream: what is in it never stands on a disk in clear on the way.
"""

from __future__ import annotations

import hashlib
import io
import os
import tarfile
from collections.abc import Iterator, Mapping
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path
from typing import IO, TYPE_CHECKING

import msgspec

from pos.refusal import Refused
from pos.untrusted import decoded

if TYPE_CHECKING:
    from _typeshed import WriteableBuffer

FORMAT = 1
LEDGER = "ledger.db"
MOST_BYTES = 64 * 1024**3
_MANIFEST = "manifest.json"
_LEVEL = 6
_PIECE = 256 * 1024
_BLOCK = 512
"""Files in a tar begin at a multiple of it; two empty ones end it (POSIX.1-2001, pax)."""


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


def recipient_of(text: str) -> object:
    """A technician's public key. Refused("backup_recipient") where it is none."""
    from pyrage import RecipientError, x25519  # type: ignore[import-untyped]

    try:
        return x25519.Recipient.from_str(text)
    except (RecipientError, ValueError) as error:
        raise Refused("backup_recipient", recipient=text[:80]) from error


def identity_in(path: Path) -> object:
    """The technician's secret key in a file. Refused("backup_identity") where there is none."""
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


def seal(
    target: Path, manifest: Manifest, ledger: Path, files: Mapping[str, bytes], key: object
) -> None:
    """Ledger and files into `target` (0600), on disk; OSError as the disk says."""
    import pyrage

    with open(target, "xb", opener=_private) as out:
        try:
            pyrage.encrypt_io(_Pieces(_packed(_tar(manifest, ledger, files))), out, [key])
        except pyrage.EncryptError as error:
            raise OSError(str(error)) from error
        out.flush()
        os.fsync(out.fileno())


class _Pieces(io.RawIOBase):
    """Pieces that are made as they are asked for, as a file to read."""

    def __init__(self, pieces: Iterator[bytes]) -> None:
        self._pieces, self._left = pieces, memoryview(b"")

    def readable(self) -> bool:
        return True

    def readinto(self, buffer: WriteableBuffer) -> int:
        if not self._left:
            self._left = memoryview(next(self._pieces, b""))
        into = memoryview(buffer)
        size = min(len(into), len(self._left))
        into[:size] = self._left[:size]
        self._left = self._left[size:]
        return size


def _packed(pieces: Iterator[bytes]) -> Iterator[bytes]:
    import zstandard

    packer = zstandard.ZstdCompressor(level=_LEVEL, write_checksum=True).compressobj()
    for piece in pieces:
        if data := packer.compress(piece):
            yield data
    yield packer.flush()


def _tar(manifest: Manifest, ledger: Path, files: Mapping[str, bytes]) -> Iterator[bytes]:
    small = {_MANIFEST: msgspec.json.encode(manifest)} | dict(files)
    for name, data in small.items():
        yield _header(name, len(data)) + data + _padding(len(data))
    size = ledger.stat().st_size
    yield _header(LEDGER, size)
    with ledger.open("rb") as source:
        while piece := source.read(_PIECE):
            yield piece
    yield _padding(size) + bytes(2 * _BLOCK)


def _header(name: str, size: int) -> bytes:
    member = tarfile.TarInfo(name)
    member.size, member.mode = size, 0o600
    return member.tobuf(tarfile.PAX_FORMAT)


def _padding(size: int) -> bytes:
    return bytes(-size % _BLOCK)


def unseal(backup: Path, key: object, room: Path, *, whole: bool) -> Manifest:
    """Every file of a backup is compared with its manifest and laid into `room`; not `whole`: the
    ledger alone is laid there. Refused: backup_missing, backup_sealed, backup_damaged,
    backup_newer; the room is to be thrown away then.
    """
    import pyrage
    import zstandard

    reading, writing = os.pipe()

    def decrypt() -> None:
        with os.fdopen(writing, "wb") as out, backup.open("rb") as data:
            pyrage.decrypt_io(data, out, [key])

    bad: Refused | None = None
    with ThreadPoolExecutor(1, "unsealing") as pool, os.fdopen(reading, "rb") as plain:
        work = pool.submit(decrypt)
        try:
            with (
                zstandard.ZstdDecompressor().stream_reader(plain, closefd=False) as unpacked,
                tarfile.open(fileobj=unpacked, mode="r|") as tar,
            ):
                manifest = _unpack(tar, room, backup, whole)
        except (zstandard.ZstdError, tarfile.TarError, msgspec.MsgspecError, OSError) as error:
            bad = Refused("backup_damaged", path=backup, why=str(error))
        except Refused as refused:
            bad = refused
        while plain.read(_PIECE):  # what is behind it is authentic, or it is no backup
            pass
        wrong = work.exception()
    if isinstance(wrong, FileNotFoundError):
        raise Refused("backup_missing", path=backup) from wrong
    if isinstance(wrong, (pyrage.DecryptError, OSError, ValueError)):
        raise Refused("backup_sealed", path=backup, why=str(wrong)) from wrong
    if wrong is not None:
        raise wrong
    if bad is not None:
        raise bad
    return manifest


def _unpack(tar: tarfile.TarFile, room: Path, backup: Path, whole: bool) -> Manifest:
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
        if _laid(data, target if whole or member.name == LEDGER else None) != wanted:
            raise Refused("backup_damaged", path=backup, why=member.name)
    if left or LEDGER not in manifest.files:
        raise Refused("backup_damaged", path=backup, why=" ".join(left) or LEDGER)
    return manifest


def _laid(data: IO[bytes], target: Path | None) -> str:
    """SHA-256 in hex of what is read; it is at `target` (0600), on disk, where there is one."""
    digest = hashlib.sha256()
    if target is None:
        while piece := data.read(_PIECE):
            digest.update(piece)
        return digest.hexdigest()
    target.parent.mkdir(parents=True, exist_ok=True)
    with open(target, "xb", opener=_private) as out:
        while piece := data.read(_PIECE):
            digest.update(piece)
            out.write(piece)
        out.flush()
        os.fsync(out.fileno())
    return digest.hexdigest()


def _private(path: str, flags: int) -> int:
    return os.open(path, flags | os.O_CLOEXEC, 0o600)


def _inside(room: Path, target: Path) -> bool:
    return target.resolve().is_relative_to(room.resolve())
