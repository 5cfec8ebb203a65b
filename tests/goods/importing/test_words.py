"""Every code has words in both languages, and the words have every value."""

from __future__ import annotations

import ast
import string
from collections.abc import Sequence
from pathlib import Path
from typing import TypeGuard

import pytest

import pos.goods
from pos.words import goods

ROOT = Path(pos.goods.__file__).parent
LABELS = {"line", "reason", "between", "in_line", "in_column", "yes", "no", "columns"}
MAKERS = {"Refused", "Clash", "note", "warn", "Failed"}


def _name(call: ast.Call) -> str:
    if isinstance(call.func, ast.Attribute):
        return call.func.attr
    return call.func.id if isinstance(call.func, ast.Name) else ""


def _texts(nodes: Sequence[ast.AST]) -> set[str]:
    """Every string written in some parts of the source."""
    found = (leaf.value for node in nodes for leaf in ast.walk(node) if _is_constant(leaf))
    return {text for text in found if isinstance(text, str)}


def _is_constant(node: ast.AST) -> TypeGuard[ast.Constant]:
    return isinstance(node, ast.Constant)


def _raised() -> dict[str, set[str]]:
    """Code → names of values, wherever one is made in the source."""
    found: dict[str, set[str]] = {}
    files = [*(ROOT / "importing").glob("*.py"), ROOT / "exporting.py", ROOT / "initials.py"]
    for path in files:
        for node in ast.walk(ast.parse(path.read_text("utf-8"))):
            if isinstance(node, ast.Call) and _name(node) in MAKERS:
                values = {keyword.arg for keyword in node.keywords if keyword.arg}
                for told in node.args:
                    if isinstance(told, ast.Dict):
                        values |= _texts([key for key in told.keys if key])
                for code in _texts(node.args[:3]) & set(goods.GoodsWords.__struct_fields__):
                    found.setdefault(code, set()).update(values)
    return found


def _gaps(template: str) -> set[str]:
    return {name for _, name, _, _ in string.Formatter().parse(template) if name}


def test_every_code_in_the_source_has_words() -> None:
    raised = _raised()
    assert len(raised) > 40
    for code, values in raised.items():
        needed = _gaps(getattr(goods.ZH, code)) - {"lines"}
        assert needed <= values | {"text", "fen", "price"}, code


@pytest.mark.parametrize("code", sorted(set(goods.GoodsWords.__struct_fields__) - LABELS))
def test_both_languages_fill_the_same_gaps(code: str) -> None:
    zh, en = getattr(goods.ZH, code), getattr(goods.EN, code)
    assert _gaps(zh) == _gaps(en)
    values: dict[str, object] = dict.fromkeys(_gaps(zh), 7)
    for words in (goods.ZH, goods.EN):
        told = goods.tell(words, 3, "售价", code, values)
        assert "{" not in told
        assert told.count("?") == getattr(words, code).count("?")
        assert "售价" in told


def test_how_it_is_told() -> None:
    told = goods.tell(goods.ZH, 7, "条码", "code_too_long", {"text": "{x}", "most": 32})
    assert told == "第 7 行：“条码”：“{x}”超过 32 个字符。请核对号码；多个条码之间用逗号隔开"
    assert goods.say(goods.EN, "member_above_price", {"fen": 1250, "price": 5}) == (
        "Member price 12.50 is above the price 0.05"
    )
    assert goods.say(goods.EN, "price_zero", {}) == "The price is 0, please check"
    assert goods.say(goods.EN, "no_such_code", {}) == "no_such_code"
    assert goods.tell(goods.EN, 0, "", "other_sheets", {"sheet": "a"}) == (
        "Only sheet “a” was read, not: ?"
    )
