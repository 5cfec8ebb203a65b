"""Every key of a file against the sections: what is unknown, what does not fit, on which line."""

from __future__ import annotations

import functools
import types
from collections.abc import Iterator, Mapping
from pathlib import Path
from typing import Annotated, Any, Literal, Union, get_args, get_origin

import msgspec

from pos.commands import nearest
from pos.config.lines import line_of
from pos.config.sections import Amount, Percent
from pos.refusal import Refused
from pos.text import clean


@functools.cache
def _fields(struct: type[msgspec.Struct]) -> Mapping[str, msgspec.structs.FieldInfo]:
    """What a section may hold, by name; its annotations are evaluated once."""
    return {f.name: f for f in msgspec.structs.fields(struct)}


def walk(
    struct: type[msgspec.Struct],
    data: Mapping[str, Any],
    path: tuple[str, ...],
    file: Path,
    lines: Mapping[tuple[str, ...], int],
) -> Iterator[Refused]:
    fields = _fields(struct)
    for key, value in data.items():
        here = (*path, key)
        at = {"file": file, "line": line_of(lines, here), "key": clean(".".join(here))}
        if key not in fields:
            yield Refused("config_unknown_key", **at, near=nearest(key, fields))
            continue
        wanted = _plain(fields[key].type)
        if isinstance(wanted, type) and issubclass(wanted, msgspec.Struct):
            if not isinstance(value, dict):
                yield Refused("config_not_section", **at)
            else:
                yield from walk(wanted, value, here, file, lines)
        elif get_origin(wanted) is dict:
            yield from _walk_dict(wanted, value, here, file, lines)
        elif (kind := _item_struct(wanted)) is not None and isinstance(value, list):
            for item in value:
                if isinstance(item, dict):
                    yield from walk(kind, item, here, file, lines)
                else:
                    yield Refused("config_not_section", **at)
        elif not _fits(value, fields[key].type):
            yield Refused("config_bad_value", **at, wants=_wants(fields[key].type))


def _walk_dict(
    kind: Any, value: Any, path: tuple[str, ...], file: Path, lines: Mapping[tuple[str, ...], int]
) -> Iterator[Refused]:
    if not isinstance(value, dict):
        yield Refused(
            "config_not_section", file=file, line=line_of(lines, path), key=clean(".".join(path))
        )
        return
    wanted = get_args(kind)[1]
    for key, item in value.items():
        if not _printable(key):
            at = {"file": file, "line": line_of(lines, path), "key": clean(".".join((*path, key)))}
            yield Refused("config_bad_value", **at, wants="A-Z a-z 0-9")
        elif isinstance(wanted, type) and issubclass(wanted, msgspec.Struct):
            if isinstance(item, dict):
                yield from walk(wanted, item, (*path, key), file, lines)
            else:
                here = (*path, key)
                at = {"file": file, "line": line_of(lines, here), "key": clean(".".join(here))}
                yield Refused("config_not_section", **at)
        elif not _fits(item, wanted):
            here = (*path, key)
            at = {"file": file, "line": line_of(lines, here), "key": clean(".".join(here))}
            yield Refused("config_bad_value", **at, wants=_wants(wanted))


def _item_struct(kind: Any) -> type[msgspec.Struct] | None:
    """The Struct of a `tuple[Struct, ...]`."""
    if get_origin(kind) is not tuple:
        return None
    item = get_args(kind)[0]
    return item if isinstance(item, type) and issubclass(item, msgspec.Struct) else None


def _fits(value: object, kind: Any) -> bool:
    """Whether a value is of its kind, and no text with control or format characters."""
    if not _printable(value):
        return False
    try:
        msgspec.convert(value, kind)
    except msgspec.ValidationError:
        return False
    return True


def _printable(value: object) -> bool:
    if isinstance(value, list):
        return all(map(_printable, value))
    return not isinstance(value, str) or value.replace("\u3000", " ").isprintable()


def _plain(kind: Any) -> Any:
    return get_args(kind)[0] if get_origin(kind) is Annotated else kind


def _wants(kind: Any) -> str:
    """What a key takes, in the fewest words."""
    metas: list[msgspec.Meta] = []
    while get_origin(kind) is Annotated:
        kind, *found = get_args(kind)
        metas += [m for m in found if isinstance(m, msgspec.Meta)]
    if get_origin(kind) is Literal:
        return " | ".join(f'"{value}"' for value in get_args(kind))
    if get_origin(kind) in (Union, types.UnionType):
        return " | ".join(_wants(part) for part in get_args(kind))
    low = next((m.ge for m in metas if m.ge is not None), None)
    high = next((m.le for m in metas if m.le is not None), None)
    pattern = next((m.pattern for m in metas if m.pattern), None)
    examples = {Amount: '"500.00"', Percent: '"13%"'}
    for known, example in examples.items():
        if pattern and pattern == get_args(known)[1].pattern:
            return example
    name = getattr(kind, "__name__", str(kind))
    span = f" {low}–{high}" if low is not None else ""
    return f"{name}{span}" + (f" {pattern}" if pattern else "")
