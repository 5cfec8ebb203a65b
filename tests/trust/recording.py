"""Every write, sync and acknowledgement of a process, in order, seen from outside by strace."""

from __future__ import annotations

import os
import re
import shutil
from pathlib import Path
from typing import Literal

import msgspec

CALLS = "pwrite64,write,fdatasync,fsync,ftruncate,unlink,unlinkat,rename,openat"
Kind = Literal["write", "sync", "truncate", "remove", "rename", "create", "ack"]


BEHIND = -1
"""Where a write goes that does not say where: behind what the file, begun empty, has already."""


class Op(msgspec.Struct, frozen=True):
    """One thing done to a file of the folder; `name` is relative to it, empty for its directory."""

    kind: Kind
    name: str
    at: int = 0
    data: bytes = b""
    to: str = ""
    empty: bool = False
    """Created: what was there before is cut off."""


_LINE = re.compile(r"^\d+\s+(\w+)\((.*)\)\s+= (-?\d+|0x[0-9a-f]+)")
_UNFINISHED = re.compile(r"^(\d+)\s+(.*) <unfinished \.\.\.>$")
_RESUMED = re.compile(r"^(\d+)\s+<\.\.\. \w+ resumed>(.*)$")
_FILE = re.compile(r"^(?:AT_FDCWD(?:<[^>]*>)?|\d+)<?([^>]*)>?")
_SOCKET = re.compile(r"(?:socket|UNIX[-A-Z]*):\[")
_LENGTH = 4
"""A message between processes has its length before it."""
_BYTES = re.compile(r'"((?:\\x[0-9a-f]{2})*)"')


def have_strace() -> bool:
    """Whether this machine can record."""
    return shutil.which("strace") is not None


def parse(trace: Path, folder: Path) -> list[Op]:
    """The ops of a trace; a call that was interrupted in the listing is put together again."""
    root, ops, halves = str(folder.resolve()), [], {}
    for line in trace.read_text("ascii").splitlines():
        if half := _UNFINISHED.match(line):
            halves[half[1]] = half[2]
            continue
        if rest := _RESUMED.match(line):
            line = f"{rest[1]} {halves.pop(rest[1])}{rest[2]}"
        if (found := _LINE.match(line)) and not found[3].startswith("-"):
            op = _op(found[1], found[2], int(found[3], 0), root)
            if op is not None:
                ops.append(op)
    assert not halves
    return ops


def _op(call: str, arguments: str, result: int, root: str) -> Op | None:
    texts = [bytes.fromhex(text.replace("\\x", "")) for text in _BYTES.findall(arguments)]
    if call in ("unlink", "unlinkat", "rename", "openat"):
        names = [_inside(os.fsdecode(text), root) for text in texts]
        if not names or names[0] is None:
            return None
        if call == "rename":
            return Op("rename", names[0], to=names[1] or "")
        if call == "openat":
            empty = "O_TRUNC" in arguments
            return Op("create", names[0], empty=empty) if "O_CREAT" in arguments else None
        return Op("remove", names[0])
    path = _path(arguments)
    if call == "write" and _SOCKET.match(path):
        said = texts[0][_LENGTH:]
        return Op("ack", "", data=said + b"\n") if said else None
    name = _inside(path, root)
    if name is None:
        return None
    if call in ("fsync", "fdatasync"):
        return Op("sync", name)
    if call == "ftruncate":
        return Op("truncate", name, int(arguments.rsplit(",", 1)[1]))
    if call == "pwrite64":
        return Op("write", name, int(arguments.rsplit(",", 1)[1]), texts[0][:result])
    if call == "write":
        return Op("write", name, BEHIND, texts[0][:result])
    raise AssertionError(f"{call} to {path}: what it does is not known")


def _path(arguments: str) -> str:
    start, end = arguments.index("<") + 1, arguments.index(">")
    text = arguments[start:end]
    return os.fsdecode(bytes.fromhex(text.replace("\\x", ""))) if "\\x" in text else text


def _inside(path: str, root: str) -> str | None:
    if path == root:
        return ""
    return path[len(root) + 1 :] if path.startswith(root + "/") else None
