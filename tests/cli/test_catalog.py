"""`pos catalog import|export|find|edit` on a shop."""

from __future__ import annotations

from pathlib import Path

import pytest

from pos.store.reader import Reader
from tests.cli.conftest import Pos
from tests.shop import WATER, Shop

GOOD = "商品名称,条码,售价\n新茶,6901234567892,12.5\n清溪矿泉水550ml,690001,2.20\n"
HOSTILE = (
    "\ufeff商品名称,货号,条码,零售价,单位\r\n"
    "新茶,T1,6901234567892,¥１２.50,盒\r\n"
    "坏码,T2,6.90123E+12,3,件\r\n"
    "无价,T3,6901234567809,,件\r\n"
    "甲,T4,6901234567816,3,件\r\n"
    "乙,T5,6901234567816,4,件\r\n"
    "=HYPERLINK(1),T6,6901234567823,1,件\r\n"
    "[@click=app.quit]点我[/],T7,6901234567830,1,件\r\n"
    "别人的货号,000002,690001,9,件\r\n"
)


@pytest.fixture
def goods(tmp_path: Path) -> Path:
    return tmp_path / "goods.csv"


def test_good_rows_go_in_and_once_more_changes_nothing(pos: Pos, goods: Path) -> None:
    goods.write_text(GOOD, "utf-8")
    told = pos("catalog", "import", str(goods), "--json", by="9001").json
    counts = ("read", "created", "updated", "unchanged", "rejected", "conflicts")
    assert [told[name] for name in counts] == [2, 1, 1, 0, 0, 0]
    assert told["mapping"] == {"商品名称": "name", "条码": "barcode", "售价": "price"}
    head = pos.head()
    told = pos("catalog", "import", str(goods), "--json", by="9001").json
    assert [told[name] for name in counts] == [2, 0, 0, 2, 0, 0]
    assert pos.sell(WATER, "--cash", "5").json["total_fen"] == 220
    assert head != pos.head()


def test_dirt_stays_out_with_its_reason_and_the_rest_goes_in(
    pos: Pos, goods: Path, tmp_path: Path
) -> None:
    goods.write_text(HOSTILE, "utf-8")
    rejects = tmp_path / "rejects.csv"
    answer = pos("catalog", "import", str(goods), "--json", "--rejects", str(rejects), by="9001")
    assert answer.code == 1
    told = answer.json
    assert (told["created"], told["rejected"], told["conflicts"]) == (3, 5, 3)
    assert "6.90123E+12" in answer.err
    lines = rejects.read_text("utf-8-sig").splitlines()
    assert [line.split(",")[0].strip('"\t') for line in lines[1:]] == ["3", "4", "5", "6", "9"]
    assert all(line.split(",")[1] for line in lines[1:])
    found = pos("catalog", "find", "HYPERLINK", "--json", by="1001").json
    assert [one["name"] for one in found] == ["=HYPERLINK(1)"]


def test_a_dry_run_changes_nothing(pos: Pos, goods: Path) -> None:
    goods.write_text(GOOD, "utf-8")
    head = pos.head()
    told = pos("catalog", "import", str(goods), "--dry-run", "--json", by="9001").json
    assert (told["created"], told["updated"], told["dry_run"]) == (1, 1, True)
    assert pos.head() == head
    assert pos("catalog", "find", "新茶", "--json", by="1001").json == []


def test_no_table_at_all_is_refused_in_one_line(pos: Pos, goods: Path) -> None:
    for data in (b"", b"\x89PNG\r\n\x1a\n" + bytes(100), b"hello world\n"):
        goods.write_bytes(data)
        assert "goods.csv" in pos("catalog", "import", str(goods), by="9001").why
    assert pos("catalog", "import", str(goods) + "x", by="9001").code == 1


def test_head_office_s_catalog_is_not_imported_here(pos: Pos, shop: Shop, goods: Path) -> None:
    text = shop.config_file.read_text("utf-8")
    shop.config_file.write_text(text.replace('owner = "till"', 'owner = "headoffice"'), "utf-8")
    goods.write_text(GOOD, "utf-8")
    assert "总部" in pos("catalog", "import", str(goods), by="9001").why
    assert "总部" in pos("catalog", "edit", WATER, "--price", "1", by="9001").why


@pytest.mark.parametrize("suffix", [".csv", ".xlsx"])
def test_an_export_imports_again_to_the_same(pos: Pos, tmp_path: Path, suffix: str) -> None:
    path = tmp_path / f"all{suffix}"
    assert pos("catalog", "export", str(path), "--json", by="9001").json == {"products": 5}
    told = pos("catalog", "import", str(path), "--json", by="9001").json
    assert (told["unchanged"], told["rejected"]) == (5, 0)


def test_editing_is_on_record(pos: Pos, shop: Shop) -> None:
    assert pos("catalog", "edit", WATER, "--price", "2.30", "--name", "清溪泉", by="9001").code == 0
    assert pos("catalog", "edit", "000001", "--off", by="9001").code == 0
    assert pos.sell(WATER, "--cash", "5").code == 1
    assert pos("catalog", "edit", "000001", "--on", by="9001").code == 0
    assert pos.sell(WATER, "--cash", "5").json["total_fen"] == 230
    assert [x["name"] for x in pos("catalog", "find", "qxq", "--json", by="1001").json] == [
        "清溪泉"
    ]
    assert pos("catalog", "edit", "6900", "--price", "1", by="9001").code == 1
    assert pos("catalog", "edit", WATER, "--price", "-1", by="9001").code == 1
    assert pos("catalog", "edit", WATER, by="9001").code == 2
    reader = Reader(shop.place().path)
    [count] = reader.rows("SELECT count(*) FROM events WHERE kind = 'product.changed'")[0]
    reader.close()
    assert count == 3
