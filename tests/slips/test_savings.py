"""A receipt with savings: the offer under its line, what the whole order got above the total."""

from __future__ import annotations

import os
from pathlib import Path

import pytest
from msgspec.structs import replace

from pos import slips
from pos.money import allocate
from pos.receiptline import as_text
from pos.record import Adjustment, GivenOffer, OrderClosed
from pos.till import receipts
from pos.words import CATALOGUE, Language
from tests.slips.test_slips import AT, GOLDEN, config_of


def saved(fact: OrderClosed) -> OrderClosed:
    """The example with an offer on its first line and one on the order, and a note."""
    lines = list(fact.lines)
    half = Adjustment("promotion", 100, "half")
    lines[0] = replace(lines[0], adjustments=(half,), net_fen=lines[0].net_fen - 100)
    parts = allocate(500, [line.net_fen for line in lines])
    for n, part in enumerate(parts):
        less = Adjustment("order_promotion", part, "less")
        made = replace(lines[n], adjustments=(*lines[n].adjustments, less), seller="1002")
        lines[n] = replace(made, net_fen=lines[n].net_fen - part)
    given = (
        GivenOffer("half", "矿泉水第二件半价", "nth", 1, 100),
        GivenOffer("less", "满 50 减 5", "spend_off", 1, 500),
    )
    total = sum(line.net_fen for line in lines)
    return replace(fact, lines=tuple(lines), offers=given, note="下午来取", total_fen=total)


@pytest.mark.parametrize(("columns", "language"), [(32, "zh"), (48, "zh"), (48, "en")])
def test_a_receipt_with_savings(tmp_path: Path, columns: int, language: Language) -> None:
    config = config_of(tmp_path, columns, language)
    record = slips.example(config.settings, AT)
    assert isinstance(record.fact, OrderClosed)
    record = replace(record, fact=saved(record.fact))
    data = slips.of_order(record, bytes(32), config.settings, CATALOGUE[language].slips)
    assert data["saved"] == 500 + 100 + 500
    layout = receipts.slip(config, "sale", data)
    assert layout.faults == ()
    text = as_text.text(layout)
    file = GOLDEN / f"savings-{columns}-{language}.txt"
    if os.environ.get("POS_GOLDEN") == "write":
        file.write_text(text, "utf-8")
    assert text == file.read_text("utf-8")
