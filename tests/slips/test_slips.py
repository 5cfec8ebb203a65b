"""Every shipped template as a grid of text at 32 and 48 columns, and what data may hold.

`POS_GOLDEN=write` writes the grids anew; look at the difference before it is kept.
"""

from __future__ import annotations

import os
from pathlib import Path

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from msgspec.structs import replace

from pos import slips
from pos.config import Receipt, Settings, default_text, load
from pos.config import Shop as ShopSettings
from pos.receiptline import as_text
from pos.receiptline.rows import Layout
from pos.record import OrderClosed, OrderVoided, Record, Taken
from pos.sale import returns
from pos.sale.returns import Sold, Wanted
from pos.till import receipts
from pos.words import CATALOGUE, Language

GOLDEN = Path(__file__).parent / "golden"
AT = "2026-03-02T02:03:04.000Z"
KINDS = ("sale", "reprint", "return", "void", "voucher", "test")


def config_of(folder: Path, columns: int, language: Language):  # type: ignore[no-untyped-def]
    file = folder / "config.toml"
    text = default_text().replace("columns = 48", f"columns = {columns}")
    text = text.replace('language = "zh"', f'language = "{language}"')
    text = text.replace('phone = ""', 'phone = "010-5555 0100"')
    text = text.replace('address = ""', 'address = "样例市样例路 1 号"')
    lines = [
        'name = "清溪便利店"  # printed' if line.startswith("name =") else line
        for line in text.splitlines()
    ]
    file.write_text("\n".join(lines), "utf-8")
    return load(file)


def slip(folder: Path, kind: str, columns: int, language: Language) -> Layout:
    config = config_of(folder, columns, language)
    data = receipts.example(config, AT)
    if kind == "sale":
        data |= {"copy": 0, "reprint": "", "delivery": None}
    if kind == "void":
        record = slips.example(config.settings, AT)
        fact = record.fact
        assert isinstance(fact, OrderClosed)
        gone = OrderVoided(
            fact.where, "", 1, fact.number, AT, fact.lines, fact.total_fen, "顾客不要了"
        )
        words = CATALOGUE[language].slips
        data = slips.of_order(replace(record, fact=gone), bytes(32), config.settings, words)
    if kind == "return":
        data = slips.of_order(
            exchange_of(slips.example(config.settings, AT)),
            bytes(32),
            config.settings,
            CATALOGUE[language].slips,
            originals={"o1": "000101010000001"},
        )
    return receipts.slip(config, kind, data)


def exchange_of(record: Record) -> Record:
    """Two lines of the example come back, one of them damaged, for one that is sold."""
    fact = record.fact
    assert isinstance(fact, OrderClosed)
    sold = Sold("o1", fact.lines, fact.tenders)
    back = returns.bring_back(sold, [Wanted(1, 2000), Wanted(2, 1000, "damaged")])
    new = replace(fact.lines[0], milli=1000, list_fen=200, net_fen=200, tax_fen=23)
    total = new.net_fen + sum(line.net_fen for line in back)
    tenders = (
        Taken("wechat", -3000, -3000, "0f" * 16, "o1", 1),
        Taken("cash", total + 3000, total + 3000),
    )
    changed = replace(
        fact, lines=(*back, new), tenders=tenders, total_fen=total, change_fen=0, reason="质量问题"
    )
    return replace(record, fact=changed)


@pytest.mark.parametrize("language", ["zh", "en"])
@pytest.mark.parametrize("columns", [32, 48])
@pytest.mark.parametrize("kind", KINDS)
def test_the_grid_of_every_template(
    tmp_path: Path, kind: str, columns: int, language: Language
) -> None:
    layout = slip(tmp_path, kind, columns, language)
    assert layout.faults == ()
    text = as_text.text(layout)
    for line in text.splitlines():
        assert len(line.encode("gb18030")) <= columns, line
    file = GOLDEN / f"{kind}-{columns}-{language}.txt"
    if os.environ.get("POS_GOLDEN") == "write":
        file.write_text(text, "utf-8")
    assert text == file.read_text("utf-8")


@settings(max_examples=150, deadline=None, derandomize=True)
@given(st.text(max_size=60), st.text(max_size=40))
def test_no_name_changes_the_form_of_a_receipt(name: str, reason: str) -> None:
    """Whatever a product or a shop is called, the figures stand where they stood."""
    shop = Settings(shop=ShopSettings(name="店"), receipt=Receipt(columns=48))
    words = CATALOGUE["zh"].slips
    record = slips.example(shop, AT)
    fact = record.fact
    assert isinstance(fact, OrderClosed)
    lines = tuple(replace(line, name=name or "-") for line in fact.lines)
    tender = replace(fact.tenders[0], reference=reason)
    record = replace(record, fact=replace(fact, lines=lines, tenders=(tender,)))
    data = slips.of_order(record, bytes(32), shop, words)
    others = {
        path.name: path.read_text("utf-8")
        for path in (Path(__file__).parents[2] / "receipts").glob("*.receipt")
    }
    layout = receipts.lay_out(others["sale.receipt"], "sale.receipt", data, 48, others)
    text = as_text.text(layout)
    assert text.count("000101010000001") == 1
    assert sum(line.endswith(" 55.00") for line in text.splitlines()) == 1
    assert all(len(line.encode("gb18030", "replace")) <= 2 * 48 for line in text.splitlines())


def test_money_and_pieces_of_the_example_add_up() -> None:
    shop, words = Settings(), CATALOGUE["zh"].slips
    data = slips.of_order(slips.example(shop, AT), bytes(32), shop, words)
    assert data["total"] == sum(line["net"] for line in data["lines"])
    assert data["saved"] == data["list_total"] - data["total"] - data["rounding"]
    assert data["tax"] == sum(rate["tax"] for rate in data["taxes"])
    assert data["pieces"] == 5000
    assert (data["date"], data["time"]) == ("2026-03-02", "10:03:04")
