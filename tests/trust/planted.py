"""Secrets planted in a shop, and every file of it searched for them in all their forms."""

from __future__ import annotations

import base64
import re
from collections.abc import Iterable, Iterator, Mapping
from pathlib import Path

SECRETS = {
    *("data/till.key", "data/pepper", "data/person.key", "data/link.key"),
    *("data/headoffice.token", "data/chain.pepper"),
    *("secrets/master.key", "secrets/pepper.key", "secrets/link.key", "secrets/person.key"),
    *("secrets/nuonuo.secret", "secrets/nuonuo.token"),
}
"""Where the keys of a shop and of head office may lie, and nowhere else."""
_SHORT, _NUMBER = 7, 32


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


def _in(data: bytes, form: bytes) -> bool:
    """Whether it is there; six digits within a hash or a number of 32 signs are nobody's PIN."""
    if not form.isdigit() or len(form) > _SHORT:
        return form in data
    around = re.compile(rb"[0-9a-f]*" + form + rb"[0-9a-f]*")
    return any(len(run) < _NUMBER for run in around.findall(data)) if form in data else False


def found(roots: Iterable[Path], planted: Mapping[str, str | bytes]) -> list[str]:
    """Where a planted value stands in clear: `value: file`, sorted."""
    hits = []
    for root in roots:
        for path in sorted(p for p in root.rglob("*") if p.is_file()):
            if path.relative_to(root).as_posix() in SECRETS:
                continue
            data = path.read_bytes()
            for name, value in planted.items():
                if any(_in(data, form) for form in forms(value)):
                    hits.append(f"{name}: {path.relative_to(root)}")
    return sorted(hits)
