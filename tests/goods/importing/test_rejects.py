"""The file of rejected rows: safe to open, fit to be put right and imported again."""

from __future__ import annotations

import csv
from pathlib import Path

import pytest

from pos.goods.importing import write_rejects
from pos.refusal import Refused
from pos.words import goods
from tests.goods.importing.files import MILK, Shop, Staged

HEAD = "条码,商品名称,售价,规格,备注"


def _read(path: Path) -> list[list[str]]:
    data = path.read_bytes()
    assert data.startswith(b"\xef\xbb\xbf")
    return list(csv.reader(data.decode("utf-8-sig").splitlines()))


def _hostile(shop: Shop) -> Staged:
    return shop.table(
        HEAD,
        ["6.90103E+12", "=cmd|' /C calc'!A0", "x", "", "@SUM(1)"],
        [MILK, "茶", "5", "", "+1"],
        [MILK, "水", "5", "5-1", "-1"],
        ["012345", "米", "-5", "", "\t=1"],
        ["101", "面", "5", "", ""],
    )


def test_no_cell_is_a_formula_and_none_is_spoilt(shop: Shop) -> None:
    found = _hostile(shop)
    target = shop.folder / "rejects.csv"
    write_rejects(found.report, target, goods.ZH)
    rows = _read(target)
    assert rows[0] == ["行号", "原因", *HEAD.split(",")]
    assert [row[0].strip() for row in rows[1:]] == ["2", "3", "4", "5"]
    assert not [cell for row in rows for cell in row if cell[:1] in set("=+-@\t\r")]
    assert rows[1][3] == "'=cmd|' /C calc'!A0"
    assert rows[4][2] == "012345\t"
    assert rows[1][1] == (
        "“售价”：“x”不是金额。请只填数字，例如 12.50；“条码”：“6.90103E+12”是科学计数法，"
        "Excel 已丢掉后面的数字。请把这一列设为“文本”格式，重新输入完整号码"
    )
    assert rows[2][1] == f"“条码”：条码 {MILK} 在第 4 行也有，却是不同的商品。请核对哪个对"


def test_in_english(shop: Shop) -> None:
    found = _hostile(shop)
    target = shop.folder / "rejects.csv"
    write_rejects(found.report, target, goods.EN)
    rows = _read(target)
    assert rows[0][:2] == ["Line", "Reason"]
    assert rows[4][1] == "“售价”: “-5” is negative, a price cannot be below 0"


def test_put_right_and_imported_again(shop: Shop) -> None:
    target = shop.folder / "rejects.csv"
    write_rejects(_hostile(shop).report, target, goods.ZH)
    again = shop.file(target)
    # nothing was put right: the same is wrong, and the conflict is still there
    assert again.rejected == [
        (2, "售价", "not_an_amount_cell"),
        (2, "条码", "code_scientific"),
        (3, "条码", "code_shared"),
        (4, "条码", "code_shared"),
        (5, "售价", "amount_negative"),
    ]
    text = target.read_text("utf-8-sig")
    text = text.replace("6.90103E+12", "102").replace(",x,", ",1,").replace("'-5", "4.50")
    right = shop.text(text.replace(f"{MILK}\t,水", ",水"))
    assert [(row["name"], row["price_fen"]) for row in right.rows] == [
        ("=cmd|' /C calc'!A0", 100),
        ("茶", 500),
        ("水", 500),
        ("米", 450),
    ]
    assert set(right.codes) == {"102", MILK, "012345"}
    assert right.rows[2]["spec"] == "5-1"


def test_a_place_that_cannot_be_written(shop: Shop) -> None:
    found = _hostile(shop)
    before = sorted(shop.folder.iterdir())
    with pytest.raises(Refused, match="file_unwritable"):
        write_rejects(found.report, shop.folder / "none" / "rejects.csv", goods.ZH)
    with pytest.raises(Refused, match="file_unwritable"):
        write_rejects(found.report, shop.folder, goods.ZH)
    assert sorted(shop.folder.iterdir()) == before
