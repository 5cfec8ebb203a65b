"""A staged product file going into the ledger."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path

import pytest
from msgspec.structs import replace

from pos.refusal import Refused
from pos.store import finding, products, staging
from pos.store.ledger import Ledger
from pos.store.reader import Reader
from pos.store.staging import Applied
from pos.store.verify import verify_ledger
from tests.shop import MILK, PRODUCTS, WATER, Shop
from tests.staged import ProductRow, stage
from tests.store.conftest import WHERE, fill

COLA = ProductRow(
    "000009",
    "山泉可乐330ml",
    "罐",
    300,
    1300,
    ("690009",),
    initials="sqkl330ml",
    packs=(("790009", 24, 6000), ("790010", 6, None)),
)


@pytest.fixture
def put(ledger: Ledger, tmp_path: Path) -> Callable[..., Applied]:
    """Stages rows (a dict replaces columns of the staged rows by SQL) and applies them."""

    def done(*rows: ProductRow, sql: str = "", dry_run: bool = False) -> Applied:
        import sqlite3

        path = tmp_path / "staging.db"
        path.unlink(missing_ok=True)
        stage(path, rows, "feed")
        if sql:
            raw = sqlite3.connect(path)
            raw.executescript(sql)
            raw.close()
        return staging.apply(ledger, path, "9001", 1300, dry_run=dry_run)

    return done


def reader_of(shop: Shop) -> Reader:
    return Reader(shop.place().path)


def test_the_same_file_twice_changes_nothing(
    shop: Shop, ledger: Ledger, put: Callable[..., Applied]
) -> None:
    assert put(COLA, *PRODUCTS) == Applied(1, 0, 5)
    head = ledger.head
    assert put(COLA, *PRODUCTS) == Applied(0, 0, 6)
    assert ledger.head == head
    assert verify_ledger(shop.place().path).ok


def test_a_dry_run_tells_and_does_nothing(
    shop: Shop, ledger: Ledger, put: Callable[..., Applied]
) -> None:
    head = ledger.head
    assert put(COLA, dry_run=True) == Applied(1, 0, 0)
    assert reader_of(shop).product("690009") is None
    assert ledger.head == head
    assert put(COLA) == Applied(1, 0, 0)


def test_a_pack_code_sells_as_a_pack_and_takes_its_units_from_stock(
    shop: Shop, ledger: Ledger, put: Callable[..., Applied]
) -> None:
    put(COLA)
    reader = reader_of(shop)
    own, theirs, single = (reader.product(c) for c in ("790009", "790010", "690009"))
    assert own is not None
    assert theirs is not None
    assert single is not None
    assert (own.price_fen, own.factor, own.name) == (6000, 24, "山泉可乐330ml ×24")
    assert (theirs.price_fen, theirs.factor) == (1800, 6)
    assert (single.price_fen, single.factor) == (300, 1)
    ledger.close_order(fill(ledger, "790009", "690009"), WHERE)
    [left] = finding.products(reader, "690009")
    assert left.stock_milli == -25_000
    assert verify_ledger(shop.place().path).ok


def test_what_the_file_does_not_say_stays(shop: Shop, put: Callable[..., Applied]) -> None:
    silent = "UPDATE rows SET price_fen = NULL, unit = NULL, tax_bp = NULL, lowest_fen = NULL"
    assert put(PRODUCTS[1], sql=silent) == Applied(0, 0, 1)
    milk = reader_of(shop).product(MILK)
    assert milk is not None
    assert (milk.price_fen, milk.unit, milk.tax_bp, milk.lowest_fen) == (550, "盒", 900, 400)
    done = put(COLA, sql="UPDATE rows SET tax_bp = NULL, unit = NULL")
    assert done == Applied(1, 0, 0)
    cola = reader_of(shop).product("690009")
    assert cola is not None
    assert (cola.tax_bp, cola.unit) == (1300, "件")


def test_a_product_is_known_by_any_barcode_and_then_by_its_item_code(
    shop: Shop, put: Callable[..., Applied]
) -> None:
    by_code = replace(PRODUCTS[0], price_fen=250, barcodes=("690011", "690012"))
    assert put(by_code, sql="UPDATE rows SET sku = NULL") == Applied(0, 1, 0)
    by_sku = replace(PRODUCTS[1], price_fen=560, barcodes=())
    assert put(by_sku) == Applied(0, 1, 0)
    reader = reader_of(shop)
    water, milk = reader.product("690012"), reader.product(MILK)
    assert water is not None
    assert milk is not None
    assert (water.sku, water.price_fen, milk.price_fen) == ("000001", 250, 560)
    assert reader.product(WATER) is not None  # nothing is taken away


@pytest.mark.parametrize(
    ("row", "sql", "code"),
    [
        (replace(COLA, barcodes=(WATER, MILK)), "", "codes_of_two_products"),
        (replace(COLA, barcodes=(WATER,)), "", "ledger_barcode_taken"),
        (replace(COLA, sku="000002", barcodes=(WATER,)), "", "sku_of_other_product"),
        (COLA, "UPDATE rows SET price_fen = NULL", "price_missing"),
    ],
)
def test_what_would_be_a_guess_is_reported_and_left_out(
    shop: Shop, put: Callable[..., Applied], row: ProductRow, sql: str, code: str
) -> None:
    before = reader_of(shop).rows("SELECT * FROM products")
    done = put(row, sql=sql)
    assert [x.code for x in done.not_put] == [code]
    assert (done.created, done.updated, done.unchanged) == (0, 0, 0)
    assert [*map(tuple, reader_of(shop).rows("SELECT * FROM products"))] == [*map(tuple, before)]


def test_two_rows_for_one_product_are_a_conflict(put: Callable[..., Applied]) -> None:
    one, two = replace(COLA, sku="000001", barcodes=(), packs=()), PRODUCTS[0]
    done = put(one, replace(two, sku="x"), sql="UPDATE rows SET sku = NULL WHERE line = 2")
    assert {x.code for x in done.not_put} == {"one_product_twice"}
    assert (done.created, done.updated) == (0, 0)


def test_goods_without_any_code_get_a_number_and_keep_it(
    shop: Shop, put: Callable[..., Applied]
) -> None:
    bare = replace(COLA, barcodes=(), packs=())
    other = replace(bare, name="散装大枣")
    assert put(bare, other, sql="UPDATE rows SET sku = NULL") == Applied(2, 0, 0)
    assert put(other, bare, sql="UPDATE rows SET sku = NULL") == Applied(0, 0, 2)
    found = reader_of(shop).product("900002")
    assert found is not None
    assert found.name == "散装大枣"


def test_search_by_code_initials_words_and_last_digits(
    shop: Shop, put: Callable[..., Applied]
) -> None:
    put(COLA, *PRODUCTS)
    reader = reader_of(shop)

    def names(query: str) -> list[str]:
        return [p.name for p in finding.products(reader, query)]

    assert names("690009") == ["山泉可乐330ml"]
    assert names("6900")[:2] == ["清溪矿泉水550ml", "北麓纯牛奶250ml"]
    assert names("0009") == ["山泉可乐330ml"]
    assert names("SQK") == names("sqkl330") == ["山泉可乐330ml"]
    assert names("可乐") == names("山泉 330") == ["山泉可乐330ml"]
    assert names("泉") == ["清溪矿泉水550ml", "山泉可乐330ml"]
    assert names("没有") == []
    assert len(names("")) == 6


def test_upkeep_at_the_counter_is_on_record(shop: Shop, ledger: Ledger) -> None:
    values = {"name": "新茶", "unit": "盒", "price_fen": 1200, "tax_bp": 1300}
    made = products.create(ledger, values, "777", WHERE)
    with pytest.raises(Refused) as refused:
        products.create(ledger, values, "777", WHERE)
    assert refused.value.code == "barcode_taken"
    products.edit(ledger, made, {"price_fen": 1300, "name": "新茶"}, WHERE)
    head = ledger.head
    products.edit(ledger, made, {"price_fen": 1300}, WHERE)
    assert ledger.head == head
    products.edit(ledger, made, {"active": 0}, WHERE)
    products.set_initials(ledger, made, ["xc"])
    reader = reader_of(shop)
    [tea] = finding.products(reader, "xc")
    assert (tea.price_fen, tea.active) == (1300, False)
    assert finding.products(reader, "")[0].name == "新茶"
    told = [row[0] for row in reader.rows("SELECT detail FROM events WHERE kind='product.changed'")]
    assert [t.split()[0] for t in told] == ["created", "edited", "disabled"]
    assert "price_fen: 1200 > 1300" in told[1]
    assert verify_ledger(shop.place().path).ok
