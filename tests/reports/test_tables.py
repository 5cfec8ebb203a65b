"""Tables, files and bars: what a person and a spreadsheet get."""

from __future__ import annotations

import csv
from collections.abc import Callable
from decimal import Decimal
from pathlib import Path

import openpyxl
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from pos.money import yuan
from pos.record import Counted
from pos.refusal import Refused
from pos.reports import files, sales, tables
from pos.reports.adding import figures
from pos.reports.audit import audit
from pos.reports.bars import HALVES, bar, chart
from pos.reports.scope import of_range
from pos.reports.stock import movers, stock_value
from pos.reports.tables import Column, Table
from pos.text import cells
from pos.words.refusals import EN as IN_ENGLISH
from pos.words.refusals import ZH as REFUSALS
from pos.words.refusals import say
from pos.words.reports import EN, ZH, ReportWords
from tests.reports.conftest import Made

Make = Callable[..., Made]
FIRST, LAST = "2026-01-01", "2027-01-01"
STEADY = settings(derandomize=True, max_examples=200, deadline=None)
BAD = ["=1+1", "+1", "-1+2", "@SUM(A1)", "  =x", "＝1", "'=1", "\t=1", "690001234567", "1-5"]


def all_tables(it: Made, words: ReportWords) -> list[Table]:
    """One of every kind."""
    reader = it.reader
    top, slow = movers(reader, FIRST, LAST)
    found = figures(reader, of_range(FIRST, LAST))
    counted = (Counted("cash", 950, 1000, -50),)
    bys: tuple[sales.SalesBy, ...] = ("day", "hour", "product", "category", "operator", "seller")
    return [
        *(tables.of_sales(sales.sales(reader, by, FIRST, LAST), by, words) for by in bys),
        tables.of_tenders(sales.by_tender(reader, FIRST, LAST), words),
        tables.of_tax(sales.tax(reader, FIRST, LAST), words),
        tables.of_customers(sales.customers(reader, FIRST, LAST), words),
        tables.of_stock(stock_value(reader), words),
        tables.of_movers(top, words.top_movers, words),
        tables.of_movers(slow, words.slow_movers, words),
        tables.of_audit(audit(reader, of_range(FIRST, LAST)), words),
        tables.of_figures(found, words, counted),
    ]


@pytest.mark.parametrize("words", [ZH, EN])
def test_every_report_is_a_table_and_a_file(made: Make, tmp_path: Path, words: ReportWords) -> None:
    it = made(1)
    for n, table in enumerate(all_tables(it, words)):
        assert all(len(row) == len(table.columns) for row in table.rows)
        assert all(isinstance(text, str) for row in table.texts for text in row)
        for suffix in ("csv", "xlsx"):
            target = tmp_path / f"{n}.{suffix}"
            files.write(table, target)
            assert read(target)[0] == [column.name for column in table.columns]
            assert len(read(target)) == len(table.rows) + 1
        assert [p.name for p in tmp_path.iterdir() if p.name.startswith(".")] == []


def read(path: Path) -> list[list[object]]:
    """The cells of a file."""
    if path.suffix == ".csv":
        with path.open(encoding="utf-8-sig", newline="") as file:
            return [list(row) for row in csv.reader(file)]
    book = openpyxl.load_workbook(path)
    rows: list[list[object]] = [[*row] for row in book.worksheets[0].iter_rows(values_only=True)]
    book.close()
    return rows


def test_the_figures_of_a_day_in_words(made: Make) -> None:
    it = made(2)
    found = figures(it.reader, of_range(FIRST, LAST))
    texts = tables.of_figures(found, ZH).texts
    told = {row[0]: row[2] for row in texts}
    assert told["净额"] == yuan(found.net_fen)
    assert told["应有现金"] == yuan(found.drawer.expected_fen)
    assert told["流水号"] == f"{found.first_seq}-{found.last_seq}"
    assert "税额 13%" in told
    assert "微信支付" in told
    # what a person adds up on paper, from the first amount to the net
    names = [row[0] for row in texts]
    amounts = [row[2] or 0 for row in tables.of_figures(found, ZH).rows]
    paper = amounts[names.index("原价合计") : names.index("净额")]
    assert sum(int(fen) for fen in paper) == found.net_fen
    drawer = amounts[names.index("备用金") : names.index("应有现金")]
    kept = sum(way.net_fen for way in found.tenders if way.way == "cash")
    assert sum(int(fen) for fen in drawer) + kept == found.drawer.expected_fen


def test_amounts_in_a_workbook_are_numbers(made: Make, tmp_path: Path) -> None:
    it = made(3)
    table = tables.of_sales(sales.sales(it.reader, "day", FIRST, LAST), "day", ZH)
    files.write(table, tmp_path / "a.xlsx")
    rows = read(tmp_path / "a.xlsx")[1:]
    for row, kept in zip(rows, table.rows, strict=True):
        assert row[0] == kept[0]
        assert Decimal(str(row[6])) == Decimal(int(kept[6] or 0)) / 100


@pytest.mark.parametrize("text", BAD)
def test_no_cell_runs_as_a_formula(tmp_path: Path, text: str) -> None:
    table = Table("t", (Column("a"), Column("b", "fen")), ((text, -250),))
    files.write(table, tmp_path / "a.csv")
    first, amount = read(tmp_path / "a.csv")[1]
    assert isinstance(first, str)
    assert first[0] in "'0123456789"
    assert not first.isdigit()
    assert amount == "-2.50"
    files.write(table, tmp_path / "a.xlsx")
    book = openpyxl.load_workbook(tmp_path / "a.xlsx")
    sheet = book.worksheets[0]
    assert sheet["A2"].data_type == "s"
    assert sheet["B2"].data_type == "n"
    assert sheet["B2"].value == -2.5
    book.close()


def test_a_file_is_there_whole_or_not_at_all(tmp_path: Path) -> None:
    table = Table("t", (Column("a"),), (("x",),))
    with pytest.raises(Refused, match="file_suffix"):
        files.write(table, tmp_path / "a.pdf")
    with pytest.raises(Refused, match="file_unwritable"):
        files.write(table, tmp_path / "none" / "a.csv")
    broken = Table("t", (Column("a"),), (("x", "y"),))
    for name in ("b.csv", "b.xlsx"):
        with pytest.raises(ValueError, match="zip"):
            files.write(broken, tmp_path / name)
    assert list(tmp_path.iterdir()) == []


# --- bars ---


@STEADY
@given(st.integers(-100, 10**12), st.integers(-100, 10**12), st.integers(-2, 80))
def test_a_bar_fills_its_width(value: int, most: int, width: int) -> None:
    for signs in (None, HALVES):
        drawn = bar(value, most, width, signs) if signs else bar(value, most, width)
        assert len(drawn) == max(0, width)
        full = drawn.count("█")
        if value > 0 and most > 0 and width > 0:
            assert drawn.strip()
            assert (full == width) == (value >= most)
            assert full == min(value, most) * width // most
        else:
            assert not drawn.strip()


def test_eighths() -> None:
    assert [bar(n, 8, 1) for n in range(9)] == [" ", *"▏▎▍▌▋▊▉█"]
    assert bar(9, 16, 2) == "█▏"
    assert bar(1, 10**9, 3) == "▏  "


@STEADY
@given(
    st.lists(st.tuples(st.sampled_from(["饮品", "abc", ""]), st.integers(-500, 10**6)), max_size=6),
    st.integers(1, 80),
)
def test_chart_lines_have_one_width(pairs: list[tuple[str, int]], width: int) -> None:
    lines = chart(pairs, width, yuan)
    assert len(lines) == len(pairs)
    assert all(cells(line) == width for line in lines)


def test_a_chart() -> None:
    assert chart([("饮品", 1000), ("生鲜", 500)], 20, yuan) == [
        "饮品 █████████ 10.00",
        "生鲜 ████▌      5.00",
    ]
    assert chart([], 20, yuan) == []


def test_pairs_of_a_table(made: Make) -> None:
    it = made(4)
    rows = sales.sales(it.reader, "category", FIRST, LAST)
    table = tables.of_sales(rows, "category", ZH)
    assert dict(table.pairs) == {row.key or "未分类": row.net_fen for row in rows}
    products = tables.of_sales(sales.sales(it.reader, "product", FIRST, LAST), "product", ZH)
    assert [value for _, value in products.pairs] == sorted(
        (value for _, value in products.pairs), reverse=True
    )
    assert "苹果" in dict(products.pairs)
    assert tables.of_tax([], ZH).pairs == ()


# --- words ---


def test_codes_have_words() -> None:
    refused = Refused("return_too_much", name="可乐", left="2")
    assert say(REFUSALS, refused) == "可乐只剩 2 可退"
    over = Refused("return_over_limit", most=20_000)
    assert say(IN_ENGLISH, over).startswith("Without a receipt at most 200.00")
    assert say(REFUSALS, Refused("approver_is_asker")) != "approver_is_asker"
