"""Every code that this room raises has its words, in both languages, on one line."""

from __future__ import annotations

import re
import string
from pathlib import Path

import msgspec
import pytest

import pos.receiptline
from pos.words.receipts import EN, ZH, ReceiptRefusals

GIVEN = {"name", "line", "why", "what", "kind", "other", "most", "least", "columns"} | {
    "text",
    "key",
    "near",
    "value",
    "wants",
}


def test_codes_and_words_are_the_same() -> None:
    room = Path(pos.receiptline.__file__).parent
    sources = "".join(path.read_text() for path in room.glob("*.py"))
    codes = set(re.findall(r'"(receipt_[a-z_]+)"', sources)) - {"receipt_budget"}
    assert codes == {field.name for field in msgspec.structs.fields(ReceiptRefusals)}


@pytest.mark.parametrize("words", [ZH, EN], ids=["zh", "en"])
def test_words_are_one_line_with_known_gaps(words: ReceiptRefusals) -> None:
    for code, said in msgspec.structs.asdict(words).items():
        assert "\n" not in said
        gaps = {gap for _, gap, _, _ in string.Formatter().parse(said) if gap}
        assert gaps <= GIVEN
        if code not in ("receipt_columns", "receipt_too_long"):
            assert {"name", "line"} <= gaps
