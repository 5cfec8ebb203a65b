"""Rows that tell of the same goods."""

from __future__ import annotations

import itertools
import random

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from pos.goods.importing import reading
from tests.goods.importing.files import MILK, TEA, Shop, Staged, ean

HEAD = "条码,货号,商品名称,规格,分类,售价"
RICE = ean("692000000003")


def _lines(found: Staged) -> list[int]:
    return [row["line"] for row in found.rows]


def _conflicts(found: Staged) -> dict[int, tuple[str, str]]:
    return {r.line: (r.code, str(r.values["lines"])) for r in found.report.rejects if r.conflict}


def test_the_same_product_under_several_shelves(shop: Shop) -> None:
    found = shop.table(
        HEAD,
        [MILK, "", "牛奶", "", "热卖", "5"],
        [f"{MILK},{TEA}", "", "牛 奶", "1L", "乳品", "5.00"],
        [TEA, "77", "牛奶", "1L", "", ""],
        [RICE, "", "米", "", "粮油", "9"],
    )
    assert (_lines(found), found.report.repeated) == ([2, 5], 2)
    first = found.rows[0]
    assert (first["sku"], first["spec"], first["category"], first["price_fen"]) == (
        "77",
        "1L",
        "热卖",
        500,
    )
    assert first["search"] == "牛奶 1l"
    assert {code: line for code, (line, _, _) in found.codes.items()} == {MILK: 2, TEA: 2, RICE: 5}


def test_one_code_for_two_products(shop: Shop) -> None:
    found = shop.table(
        HEAD,
        [MILK, "", "牛奶", "", "", "5"],
        [RICE, "", "米", "", "", "9"],
        [f"{TEA},{MILK}", "", "绿茶", "", "", "3"],
        ["", "", "水", "", "", "1"],
    )
    assert _lines(found) == [3, 5]
    assert list(found.codes) == [RICE]
    assert _conflicts(found) == {2: ("code_shared", "4"), 4: ("code_shared", "2")}
    assert [r.column for r in found.report.rejects] == ["条码", "条码"]
    assert found.report.rejects[1].cells == (f"{TEA},{MILK}", "", "绿茶", "", "", "3")
    assert (found.report.conflicts, found.report.rejected) == (2, 2)


@pytest.mark.parametrize(
    ("other", "code", "column"),
    [
        (["", "1", "绿茶", "", "", "5"], "sku_shared", "货号"),
        ([MILK, "1", "牛奶", "2L", "", "5"], "code_shared", "条码"),
        ([MILK, "2", "牛奶", "", "", "5"], "repeated_differs", "货号"),
        ([MILK, "1", "牛奶", "", "", "6"], "repeated_differs", "售价"),
        (["", "1", "牛奶", "", "", "6"], "repeated_differs", "售价"),
    ],
)
def test_what_cannot_be_merged(shop: Shop, other: list[str], code: str, column: str) -> None:
    found = shop.table(HEAD, [MILK, "1", "牛奶", "1L", "", "5"], other)
    assert (found.rows, found.codes) == ([], {})
    assert found.rejected == [(2, column, code), (3, column, code)]


def test_a_conflict_takes_all_that_belongs_together(shop: Shop) -> None:
    rows = [
        [MILK, "", "牛奶", "", "", "5"],
        [f"{MILK},{TEA}", "", "牛奶", "", "", "5"],
        [TEA, "", "绿茶", "", "", "3"],
        [RICE, "", "米", "", "", "3"],
        [f"{TEA},{ean('692000000004')}", "", "牛奶", "", "", "5"],
        [ean("692000000004"), "", "牛奶", "", "", "5"],
    ]
    found = shop.table(HEAD, *rows)
    assert _lines(found) == [5]
    assert list(found.codes) == [RICE]
    assert {line: lines for line, (_, lines) in _conflicts(found).items()} == {
        2: "3, 4, 6, 7",
        3: "2, 4, 6, 7",
        4: "2, 3, 6, 7",
        6: "2, 3, 4, 7",
        7: "2, 3, 4, 6",
    }


def test_a_row_that_joins_two_others(shop: Shop) -> None:
    found = shop.table(
        HEAD,
        [MILK, "", "牛奶", "", "", "5"],
        [TEA, "", "牛奶", "", "", ""],
        ["", "9", "牛奶", "", "", ""],
        [f"{MILK} {TEA}", "9", "牛奶", "", "", ""],
    )
    assert (_lines(found), found.report.repeated) == ([2], 3)
    assert {code: line for code, (line, _, _) in found.codes.items()} == {MILK: 2, TEA: 2}
    assert found.row["sku"] == "9"


def test_rows_without_any_code(shop: Shop) -> None:
    found = shop.table(
        HEAD,
        ["", "", "苹果", "", "", "5"],
        ["", "", "苹 果", "", "水果", "5"],
        ["", "", "苹果", "大", "", "8"],
        ["", "", "梨", "", "", "4"],
        ["", "", "梨", "", "", "5"],
        [MILK, "", "牛奶", "", "", "5"],
        ["", "", "牛奶", "", "乳品", ""],
        ["", "1", "米", "", "", "5"],
        ["", "2", "米", "", "", "6"],
        ["", "", "米", "", "", ""],
        ["", "", "酒", "", "", "5"],
        ["", "", "酒", "", "", "5"],
        [TEA, "", "酒", "", "", ""],
    )
    assert _lines(found) == [2, 4, 7, 9, 10, 12]
    assert found.rows[0]["category"] == "水果"
    assert found.rows[2]["category"] == "乳品"
    assert found.codes == {MILK: (7, 1, None), TEA: (12, 1, None)}
    assert found.report.repeated == 4
    assert _conflicts(found) == {
        5: ("repeated_differs", "6"),
        6: ("repeated_differs", "5"),
        11: ("name_shared", "9, 10"),
    }


def test_cases_in_several_rows(shop: Shop) -> None:
    head = "货号,名称,售价,条码,箱码,箱规,箱价"
    same = shop.table(
        head, ["1", "茶", "5", MILK, TEA, "24", "99"], ["1", "茶", "5", "", TEA, "24", "99"]
    )
    assert (same.codes[TEA], same.report.repeated) == ((2, 24, 9900), 1)
    other = shop.table(
        head, ["1", "茶", "5", MILK, TEA, "24", "99"], ["1", "茶", "5", "", TEA, "12", "99"]
    )
    assert other.rejected == [(2, "条码", "pack_differs"), (3, "条码", "pack_differs")]
    unit = shop.table(head, ["1", "茶", "5", "", TEA, "24", ""], ["1", "茶", "5", TEA, "", "", ""])
    assert [code for _, _, code in unit.rejected] == ["pack_differs"] * 2


def test_names_of_one_letter_case_and_width(shop: Shop) -> None:
    found = shop.table(
        HEAD, [MILK, "", "ＡＢ茶 1l", "", "", "5"], [MILK, "", "ab茶1L", "", "", "5"]
    )
    assert (found.row["name"], found.report.repeated) == ("ＡＢ茶 1l", 1)


def test_a_great_group_is_told_in_short(shop: Shop) -> None:
    rows = [[MILK, "", f"茶{n % 2}", "", "", "5"] for n in range(3000)]
    found = shop.table(HEAD, *rows)
    assert (found.report.conflicts, found.rows, found.codes) == (3000, [], {})
    assert _conflicts(found)[2] == ("code_shared", "3, 4, 5, 6, 7, 8, 9, 10, 11, 12 …")


def test_great_repetition_is_one_product(shop: Shop) -> None:
    rows = [[f"{MILK},{n}", "", "茶", "", "", "5"] for n in range(100, 3100)]
    found = shop.table(HEAD, *rows)
    assert (found.report.repeated, len(found.codes), found.row["line"]) == (2999, 3001, 2)


def _model(rows: list[tuple[frozenset[str], str, str]]) -> tuple[set[int], set[int], int]:
    """Lines that stay, lines in conflict and merged rows, by comparing every row with every."""
    group = list(range(len(rows)))
    for i, j in itertools.combinations(range(len(rows)), 2):
        shared = rows[i][0] & rows[j][0] or (rows[i][1] and rows[i][1] == rows[j][1])
        if shared and group[i] != group[j]:
            group = [group[i] if g == group[j] else g for g in group]
    stay, conflict, merged = set(), set(), 0
    for g in set(group):
        members = [i for i in range(len(rows)) if group[i] == g]
        names = {rows[i][2] for i in members}
        skus = {rows[i][1] for i in members} - {""}
        if len(names) > 1 or len(skus) > 1:
            conflict |= {i + 2 for i in members}
        else:
            stay.add(min(members) + 2)
            merged += len(members) - 1
    return stay, conflict, merged


ROW = st.tuples(
    st.frozensets(st.integers(101, 108).map(str), min_size=1, max_size=2),
    st.sampled_from(["", "", "", "a", "b", "c"]),
    st.sampled_from(["茶", "茶", "茶", "水"]),
)


@pytest.mark.parametrize("batch", [1, 3, 500])
def test_groups_are_those_of_a_plain_model(
    shop: Shop, batch: int, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(reading, "_STEP", batch)

    @settings(deadline=None, derandomize=True, max_examples=60)
    @given(st.lists(ROW, min_size=1, max_size=14))
    def check(rows: list[tuple[frozenset[str], str, str]]) -> None:
        found = shop.table(
            "条码,货号,名称,售价", *([",".join(sorted(c)), s, n, "5"] for c, s, n in rows)
        )
        stay, conflict, merged = _model(rows)
        assert set(_lines(found)) == stay
        assert set(_conflicts(found)) == conflict
        assert found.report.repeated == merged
        for line in stay:
            own = {code for code, held in found.codes.items() if held[0] == line}
            assert own >= set(rows[line - 2][0])

    check()


def test_the_order_of_rows_does_not_matter(shop: Shop) -> None:
    rows = [
        [MILK, "", "牛奶", "", "", "5"],
        [f"{MILK},{TEA}", "", "牛奶", "", "", "5"],
        [RICE, "1", "米", "", "", "3"],
        [RICE, "", "米", "", "", ""],
        ["", "1", "面", "", "", "3"],
        ["", "", "盐", "", "", "3"],
    ]
    seen = set()
    for seed in range(20):
        random.Random(seed).shuffle(rows)
        found = shop.table(HEAD, *rows)
        names = tuple(sorted(row["name"] for row in found.rows))
        seen.add((names, tuple(found.codes), found.report.repeated, found.report.conflicts))
    assert seen == {(("牛奶", "盐"), tuple(sorted([MILK, TEA])), 1, 3)}
