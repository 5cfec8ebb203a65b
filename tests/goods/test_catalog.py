"""Product files: all of it good, or none goes in, and every bad line is named."""

from __future__ import annotations

import json
from pathlib import Path

import pytest

from pos import cli
from pos.goods.catalog import ProductFile, demo_products, read_file, read_text
from pos.refusal import Refused
from pos.store.staging import put_products
from pos.store.reader import Reader
from tests.shop import PIN, PRODUCTS, WATER, Shop, make_shop

HEAD = "sku,name,price\n"


def _read(text: str) -> ProductFile:
    return read_text(text, "0", Path("x.csv"), "13%")


def test_the_demo_products_are_clean() -> None:
    found = demo_products()
    assert found.faults == []
    assert len(found.rows) == 302
    codes = [code for row in found.rows for code in row.barcodes]
    assert len(codes) == len(set(codes))
    # the in-store range: no other maker's number is used for what we made up
    assert all(code.startswith("2") for code in codes if len(code) == 13)


def test_columns_and_what_they_default_to() -> None:
    plain = _read(HEAD + "a,苹果,12.98\n").rows[0]
    assert (plain.sku, plain.name, plain.price_fen, plain.unit) == ("a", "苹果", 1298, "件")
    assert (plain.tax_bp, plain.weighed, plain.discountable, plain.barcodes) == (1300, 0, 1, ())
    full = _read(
        "name,sku,barcode,price,member_price,lowest_price,tax_rate,weighed,discount,unit,spec\n"
        '茶,b," 690 , 691,690 ",5,4.5,4,9%,1,0,盒,500ml\n'
    ).rows[0]
    assert full.barcodes == ("690", "691")
    assert (full.member_fen, full.lowest_fen, full.tax_bp) == (450, 400, 900)
    assert (full.weighed, full.discountable, full.unit, full.spec) == (1, 0, "盒", "500ml")


@pytest.mark.parametrize(
    ("row", "code"),
    [
        (",茶,5", "cell_missing"),
        ("a,,5", "cell_missing"),
        ("a,茶,", "cell_missing"),
        ("a", "cell_missing"),
        ("a,茶,x", "cell_wrong"),
        ("a,茶,-5", "cell_wrong"),
        ("a,茶,1e3", "cell_wrong"),
        ("a,茶,5.005", "cell_wrong"),
        ("a,茶,99999999999", "cell_wrong"),
        ("a,茶,５", "cell_wrong"),
        ("ok,茶,5", "cell_repeated"),
    ],
)
def test_a_bad_row_is_named_with_its_line(row: str, code: str) -> None:
    found = _read(HEAD + f"ok,水,2\n{row}\nlast,酒,9\n")
    assert [(fault.line, fault.why.code) for fault in found.faults] == [(3, code)]
    assert [r.sku for r in found.rows] == ["ok", "last"]
    assert found.read == 3


@pytest.mark.parametrize("tax", ["13", "x%", "99%", "-1%", "0.13"])
def test_a_tax_rate_that_is_none(tax: str) -> None:
    assert _read(f"sku,name,price,tax_rate\na,茶,5,{tax}\n").faults[0].why.code == "cell_wrong"


def test_one_barcode_for_two_products_is_a_conflict() -> None:
    found = _read("sku,name,price,barcode\na,茶,5,690\nb,酒,5,690\n")
    assert [(fault.line, fault.conflict) for fault in found.faults] == [(3, True)]


def test_what_is_dangerous_is_taken_out_of_names() -> None:
    row = _read(HEAD + '"a\x1b[2J","\x07茶\u202e叶\n [/]",5\n').rows[0]
    assert (row.sku, row.name) == ("a[2J", "茶叶 [/]")


@pytest.mark.parametrize(
    "text",
    ["", "sku,name\na,b\n", "name,price\n", '"', HEAD + 'a,"b,5\n', HEAD + "a," + "b" * 200_000],
)
def test_a_file_that_is_none(text: str) -> None:
    with pytest.raises(Refused):
        _read(text)


@pytest.mark.parametrize("data", [b"\xff\xfes\x00", "sku,name,price\n1,茶,5\n".encode("gb18030")])
def test_a_file_in_another_encoding(tmp_path: Path, data: bytes) -> None:
    (tmp_path / "x.csv").write_bytes(data)
    with pytest.raises(Refused, match="file_unreadable"):
        read_file(tmp_path / "x.csv", "13%")


def test_put_in_twice_changes_nothing(tmp_path: Path) -> None:
    ledger = make_shop(tmp_path).ledger()
    head = ledger.head
    assert put_products(ledger, PRODUCTS, "x", "test") == (0, 0, len(PRODUCTS))
    assert ledger.head == head
    ledger.close()


@pytest.fixture
def shop(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Shop:
    shop = make_shop(tmp_path)
    monkeypatch.setenv("POS_CONFIG", str(shop.config_file))
    monkeypatch.setenv("POS_PIN", PIN["9001"])
    return shop


class _Import:
    """`pos catalog import` of a text."""

    def __init__(self, shop: Shop, capture: pytest.CaptureFixture[str]) -> None:
        self.file = shop.folder / "goods.csv"
        self.capture = capture

    def __call__(self, text: str) -> tuple[int, dict[str, int], str]:
        self.file.write_text(text, "utf-8")
        self.capture.readouterr()
        code = cli.start(["catalog", "import", str(self.file), "--operator", "9001", "--json"])
        out, err = self.capture.readouterr()
        return code, json.loads(out), err


@pytest.fixture
def imported(shop: Shop, capsys: pytest.CaptureFixture[str]) -> _Import:
    return _Import(shop, capsys)


GOODS = "sku,name,price,unit,barcode\n000001,清溪矿泉水550ml,2.50,瓶,690001\nnew,茶,5,盒,777\n"


def test_an_import(shop: Shop, imported: _Import) -> None:
    code, told, err = imported(GOODS)
    keys = ["read", "created", "updated", "unchanged", "rejected", "conflicts", "seconds"]
    assert (code, err, list(told)) == (0, "", keys)
    assert [told[key] for key in keys[:6]] == [2, 1, 1, 0, 0, 0]
    reader = Reader(shop.folder / "data" / "ledger.db")
    water, tea = reader.product(WATER), reader.product("777")
    assert water is not None
    assert tea is not None
    assert (water.price_fen, tea.price_fen) == (250, 500)
    assert reader.product("690011") is not None  # a barcode the file does not name stays
    reader.close()
    again = imported(GOODS)[1]
    assert [again[key] for key in keys[:6]] == [2, 0, 0, 2, 0, 0]


@pytest.mark.parametrize(
    ("text", "rejected", "conflicts", "lines"),
    [
        (GOODS + "x,坏,?\ny,,3\n", 2, 0, [4, 5]),
        (GOODS + "x,水,3,件,690002\n", 1, 1, [4]),
        (GOODS + "new,水,3\n", 1, 1, [4]),
    ],
)
def test_one_bad_line_and_nothing_goes_in(
    shop: Shop, imported: _Import, text: str, rejected: int, conflicts: int, lines: list[int]
) -> None:
    code, told, err = imported(text)
    assert (code, told["rejected"], told["conflicts"]) == (1, rejected, conflicts)
    assert (told["created"], told["updated"]) == (0, 0)
    for line in lines:
        assert f"goods.csv 第 {line} 行" in err
    reader = Reader(shop.folder / "data" / "ledger.db")
    assert reader.product("777") is None
    reader.close()


def test_many_products_and_new_prices(shop: Shop, imported: _Import) -> None:
    def goods(fen: int) -> str:
        rows = (f"s{n},商品{n},{n % 90 + 1}.{fen:02d},{7000000 + n}" for n in range(5000))
        return "sku,name,price,barcode\n" + "\n".join(rows)

    assert imported(goods(10))[1]["created"] == 5000
    assert imported(goods(20))[1]["updated"] == 5000
    reader = Reader(shop.folder / "data" / "ledger.db")
    found = reader.product("7000003")
    reader.close()
    assert found is not None
    assert found.price_fen == 420
