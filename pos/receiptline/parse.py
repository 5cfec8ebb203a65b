"""`parse()`: the text of a `.receipt` document taken apart, line by line."""

from __future__ import annotations

import re
from functools import lru_cache

from msgspec.structs import replace

from pos.receiptline.escapes import held, printable, text
from pos.receiptline.nodes import (
    Align,
    Code,
    Column,
    CutLine,
    Document,
    Fault,
    Line,
    RuleLine,
    Run,
    SettingLine,
    Style,
    TextLine,
)
from pos.receiptline.properties import settings
from pos.refusal import Refused

MAX_CHARS = 2_000_000
MAX_LINES = 20_000
_LINE_END = re.compile("\r\n|\r|\n")
_MARK = re.compile(r'(\^+|[_"`~])')
_COMMENT = re.compile(r"\s*\|?\s*\{\s*(?:_|comment)\s*:[^;]*\}\s*\|?\s*")
_BLANK = " \t"
_SCALES = {1: (2, 1), 2: (1, 2), 3: (2, 2), 4: (3, 3), 5: (4, 4), 6: (5, 5), 7: (6, 6)}
_EXCERPT = 40


def parse(source: str, name: str = "") -> Document:
    """The document that `source` says; `name` is the file's, for refusals.

    Refused: `receipt_too_long`, `receipt_brace` (a brace that is no property and no `\\{`),
    `receipt_bad_property`, `receipt_bad_value`, `receipt_command`, each with `name` and `line`.
    """
    if len(source) > MAX_CHARS:
        raise Refused("receipt_too_long", name=name, most=MAX_CHARS)
    sources = _LINE_END.split(source)
    if len(sources) > MAX_LINES:
        raise Refused("receipt_too_long", name=name, most=MAX_LINES)
    lines: list[Line] = []
    faults: list[Fault] = []
    options = Code("")
    seen: dict[str, SettingLine] = {}  # a receipt says the same widths again for every line
    for number, written in enumerate(sources, 1):
        if (same := seen.get(written)) is not None:
            lines.append(replace(same, line=number))
            continue
        parts = _columns(held(printable(written)))
        if len(parts) == 1:
            inside, align = parts[0]
            if inside.startswith("{") and inside.endswith("}"):
                body = inside[1:-1]
                if "{" not in body and "}" not in body and inside != "{":
                    setting = settings(body, number, align, options, name)
                    alone = setting.options is options and not setting.faults
                    if alone and setting.line.code is None and setting.line.picture is None:
                        seen[written] = setting.line
                    options = setting.options
                    faults.extend(setting.faults)
                    lines.append(setting.line)
                    continue
            elif inside and not inside.strip("-"):
                lines.append(RuleLine(number))
                continue
            elif inside and not inside.strip("="):
                lines.append(CutLine(number))
                continue
        if _COMMENT.fullmatch(written):
            continue
        if any("{" in part or "}" in part for part, _ in parts):
            raise Refused("receipt_brace", name=name, line=number, text=_excerpt(written))
        lines.append(TextLine(number, tuple(Column(_runs(part), side) for part, side in parts)))
    return Document(tuple(lines), tuple(faults))


def _excerpt(written: str) -> str:
    shown = printable(written).strip(_BLANK).replace("\t", " ")
    return shown if len(shown) <= _EXCERPT else shown[: _EXCERPT - 1] + "…"


def _columns(line: str) -> list[tuple[str, Align]]:
    """The columns of a line, trimmed, each with the side its pipes draw it to."""
    body = line.strip(_BLANK)
    if "|" not in body:
        return [(body, "center")]
    first = body.startswith("|")
    last = len(body) > 1 and body.endswith("|")
    parts = body[first : len(body) - last].split("|")
    final = len(parts) - 1
    return [
        (part.strip(_BLANK), _align(part, index > 0 or first, index < final or last))
        for index, part in enumerate(parts)
    ]


def _align(part: str, left_pipe: bool, right_pipe: bool) -> Align:
    """A pipe attracts the text that touches it and, alone, repels the text that does not."""
    left = left_pipe and part[:1] not in (" ", "\t")
    right = right_pipe and part[-1:] not in (" ", "\t")
    if not left_pipe and right_pipe:
        left = not right
    elif not right_pipe and left_pipe:
        right = not left
    if left == right:
        return "center"
    return "left" if left else "right"


@lru_cache(maxsize=1024)
def _style(scale: int, bold: bool, underline: bool, invert: bool) -> Style:
    width, height = _SCALES.get(scale, (1, 1))
    return Style(width, height, bold, underline, invert)


_PLAIN = _style(0, False, False, False)


def _runs(part: str) -> tuple[Run, ...]:
    """Text split where a mark changes its style; marks end with their column."""
    pieces = _MARK.split(part)
    if len(pieces) == 1:
        plain = text(part)
        return (Run(plain, _PLAIN),) if plain else ()
    runs: list[Run] = []
    scale = 0
    on = {'"': False, "_": False, "`": False}
    style = _PLAIN
    pending = ""
    for piece in pieces:
        if piece in on:
            on[piece] = not on[piece]
        elif piece.startswith("^"):
            asked = min(len(piece), 7)
            scale = 0 if asked == scale else asked
        else:
            pending += " " if piece == "~" else text(piece)
            continue
        if pending:
            runs.append(Run(pending, style))
            pending = ""
        style = _style(scale, on['"'], on["_"], on["`"])
    if pending:
        runs.append(Run(pending, style))
    return tuple(runs)
