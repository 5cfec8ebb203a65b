"""Every code of returns, counts, reports and books has words, and the values they name."""

from __future__ import annotations

import ast
import string
from pathlib import Path

import msgspec
import pytest

import pos.sale
from pos.books.voucher import daily
from pos.words import books, goods, members, refusals, reports, returns, shifts

POS = Path(pos.sale.__file__).parent.parent
FILES = [
    *(POS / "sale" / name for name in ("returns.py", "refunds.py", "counting.py")),
    *(POS / "reports").glob("*.py"),
    *(POS / "books").glob("*.py"),
]
ROOMS: tuple[msgspec.Struct, ...] = (
    *(refusals.ZH, goods.ZH, reports.ZH, returns.ZH),
    *(books.ZH, members.ZH, shifts.ZH),
)


def raised() -> dict[str, set[str]]:
    """Code → names of its values."""
    found: dict[str, set[str]] = {}
    for path in FILES:
        for node in ast.walk(ast.parse(path.read_text("utf-8"))):
            if isinstance(node, ast.Call) and getattr(node.func, "id", "") == "Refused":
                code = node.args[0]
                if not isinstance(code, ast.Constant):
                    continue  # what a child said is passed on
                values = {keyword.arg for keyword in node.keywords if keyword.arg}
                found.setdefault(str(code.value), set()).update(values)
    return found


def gaps(text: str) -> set[str]:
    return {name for _, name, _, _ in string.Formatter().parse(text) if name}


def test_every_code_has_words_and_their_values() -> None:
    found = raised()
    assert len(found) > 20
    for code, values in found.items():
        told = [getattr(room, code) for room in ROOMS if hasattr(room, code)]
        assert told, code
        assert gaps(told[0]) <= values, code
    own = {name for name in reports.ZH.__struct_fields__ if name.startswith("count_")}
    assert own <= found.keys()  # no words that nobody says


@pytest.mark.parametrize(
    "pair",
    [
        (reports.ZH, reports.EN),
        (returns.ZH, returns.EN),
        (books.ZH, books.EN),
        (shifts.ZH, shifts.EN),
    ],
)
def test_both_languages_fill_the_same_gaps(pair: tuple[msgspec.Struct, msgspec.Struct]) -> None:
    zh, en = pair
    for name in zh.__struct_fields__:
        one, other = getattr(zh, name), getattr(en, name)
        if isinstance(one, str):
            assert one.strip(), name
            assert gaps(one) == gaps(other), name
        elif isinstance(one, dict):
            assert one.keys() == other.keys(), name


def test_summaries_have_what_a_voucher_fills_in() -> None:
    filled = {"date", "shop", "till", "z", "rate"}
    for name in ("sales", "tax", "cost", "over", "short", "drop", "cash_in", "cash_out", "topup"):
        assert gaps(getattr(books.ZH, name)) <= filled, daily.__name__
