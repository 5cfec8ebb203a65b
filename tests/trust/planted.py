"""Secrets planted in a shop, and every file of it searched for them in all their forms."""

from __future__ import annotations

import base64
from collections.abc import Iterable, Iterator, Mapping
from pathlib import Path

SECRETS = {"data/till.key", "data/pepper", "data/person.key"}
"""Where the shop's own keys may lie, and nowhere else."""


def forms(value: str | bytes) -> Iterator[bytes]:
    """The bytes under which a value would be found: text as encoded anywhere, keys as written."""
    if isinstance(value, str):
        for encoding in ("utf-8", "gb18030", "utf-16-le"):
            yield value.encode(encoding)
        yield value.encode("unicode_escape")
        return
    yield value
    yield value.hex().encode()
    yield base64.b64encode(value).rstrip(b"=")


def key_of(pem: bytes) -> str:
    """The middle of a private key's text: what makes it secret."""
    return "".join(line for line in pem.decode().splitlines() if not line.startswith("-"))[20:60]


def found(roots: Iterable[Path], planted: Mapping[str, str | bytes]) -> list[str]:
    """Where a planted value stands in clear: `value: file`, sorted."""
    hits = []
    for root in roots:
        for path in sorted(p for p in root.rglob("*") if p.is_file()):
            if path.relative_to(root).as_posix() in SECRETS:
                continue
            data = path.read_bytes()
            for name, value in planted.items():
                if any(form in data for form in forms(value)):
                    hits.append(f"{name}: {path.relative_to(root)}")
    return sorted(hits)
