"""Every refusal of the invoice rooms has words in both languages with the same gaps."""

from __future__ import annotations

import ast
import string
from pathlib import Path

import pos.invoices
from pos.refusal import Refused
from pos.till import invoicing
from pos.words import invoices, refusals
from pos.words.invoices import EN, ZH, InvoiceWords


def raised() -> set[str]:
    """The codes in `Refused("…")` below pos/invoices and pos/till/invoicing."""
    found = set()
    rooms = (Path(pos.invoices.__file__).parent, Path(invoicing.__file__).parent)
    for file in (path for room in rooms for path in room.rglob("*.py")):
        for node in ast.walk(ast.parse(file.read_text("utf-8"))):
            if (
                isinstance(node, ast.Call)
                and isinstance(node.func, ast.Name)
                and node.func.id == "Refused"
                and isinstance(node.args[0], ast.Constant)
            ):
                found.add(str(node.args[0].value))
    return found


def test_every_refusal_has_words() -> None:
    codes = raised()
    assert len(codes) > 35
    for code in codes:
        for words in (refusals.ZH, refusals.EN):
            told = refusals.say(words, Refused(code))
            assert not told.startswith(code), code


def test_both_languages_fill_the_same_gaps() -> None:
    for name in InvoiceWords.__struct_fields__:
        zh, en = getattr(ZH, name), getattr(EN, name)
        if isinstance(zh, str):
            assert zh
            assert gaps(zh) == gaps(en), name
        elif isinstance(zh, dict):
            assert zh.keys() == en.keys(), name
    assert invoices.ZH is ZH


def gaps(text: str) -> set[str]:
    return {part[1] for part in string.Formatter().parse(text) if part[1]}
