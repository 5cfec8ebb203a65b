"""Bodies as bytes: JSON, compressed, and opened again without trusting how long they say to be."""

from __future__ import annotations

import io
import zlib
from typing import Any, Literal, TypeVar

import msgspec
import zstandard

from pos.protocol import MAX_DECODED
from pos.protocol.problems import ProblemError
from pos.untrusted import decoded

T = TypeVar("T")
Encoding = Literal["identity", "zstd", "gzip"]
ACCEPT = "zstd, gzip"
_LEVEL = 3
_WORTH_IT = 512
_MAX_WINDOW = 8 * 1024 * 1024


def encode(message: Any) -> bytes:
    """A message as JSON."""
    return msgspec.json.encode(message)


def decode(data: bytes, kind: type[T]) -> T:
    """The message of that kind; ProblemError: malformed, naming the field."""
    try:
        return decoded(data, kind)
    except msgspec.DecodeError as error:
        raise ProblemError("malformed", str(error)[:200]) from error


def compress(data: bytes, encoding: Encoding = "zstd") -> bytes:
    """The bytes as sent under this Content-Encoding."""
    if encoding == "zstd":
        return zstandard.ZstdCompressor(level=_LEVEL).compress(data)
    if encoding == "gzip":
        packer = zlib.compressobj(6, wbits=31)
        return packer.compress(data) + packer.flush()
    return data


def expand(data: bytes, encoding: str, limit: int = MAX_DECODED) -> bytes:
    """What was compressed. ProblemError: encoding, malformed, too_large above `limit` bytes.

    No more than `limit` bytes are ever made, whatever the header of the frame says.
    """
    name = encoding.strip().lower() or "identity"
    if name == "identity":
        found = data
    elif name == "zstd":
        found = _unzstd(data, limit)
    elif name in ("gzip", "x-gzip"):
        found = _gunzip(data, limit)
    else:
        raise ProblemError("encoding", encoding[:40])
    if len(found) > limit:
        raise ProblemError("too_large", f"more than {limit} bytes")
    return found


def best_of(accept: str, data: bytes) -> tuple[Encoding, bytes]:
    """How to answer who accepts that: the encoding and the bytes."""
    offers = {part.split(";")[0].strip().lower() for part in accept.split(",")}
    encoding: Encoding = "identity"
    if len(data) >= _WORTH_IT:
        encoding = "zstd" if "zstd" in offers else "gzip" if "gzip" in offers else "identity"
    return encoding, compress(data, encoding)


def _unzstd(data: bytes, limit: int) -> bytes:
    opener = zstandard.ZstdDecompressor(max_window_size=_MAX_WINDOW)
    try:
        said = zstandard.frame_content_size(data)  # -1 where the frame does not say
        with opener.stream_reader(io.BytesIO(data)) as reader:
            found = reader.read(limit + 1)
    except zstandard.ZstdError as error:
        raise ProblemError("malformed", "zstd") from error
    if len(found) <= limit and said not in (-1, len(found)):  # cut short; the reader does not mind
        raise ProblemError("malformed", "zstd")
    return found


def _gunzip(data: bytes, limit: int) -> bytes:
    opener = zlib.decompressobj(wbits=31)
    try:
        found = opener.decompress(data, limit + 1)
    except zlib.error as error:
        raise ProblemError("malformed", "gzip") from error
    if len(found) <= limit and not opener.eof:
        raise ProblemError("malformed", "gzip")
    return found
