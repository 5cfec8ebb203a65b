"""What goes down: each key once, every page a whole version, a snapshot whole or nothing."""

from __future__ import annotations

import hashlib
import json
from datetime import timedelta

import pytest

from pos.clock import stamp
from pos.headoffice import master
from pos.headoffice.streams import forget_versions
from pos.protocol import framing
from pos.protocol.master import (
    Barcode,
    Changes,
    Member,
    Price,
    Product,
    SnapshotEnd,
    SnapshotHead,
    Stock,
    Stream,
    value_of,
)
from tests.headoffice.conftest import Office
from tests.headoffice.sides import Side


def _goods(count: int, name: str = "商品") -> list[Product]:
    return [Product(f"S{n}", f"{name}{n}", "瓶", 1300) for n in range(count)]


def _changes(side: Side, stream: Stream = "chain", after: str = "") -> Changes:
    return side.ask("GET", f"/v1/changes?stream={stream}&after={after}", None, Changes)


def test_a_till_is_told_what_changed_since(office: Office) -> None:
    side = office.till()
    assert _changes(side) == Changes("chain", "", False, ())
    master.put(office.house, _goods(3), "9001")
    first = _changes(side)
    assert [value_of(one) for one in first.changes] == _goods(3)
    assert side.beat().changed == ("chain",)
    assert side.beat(cursors={"chain": first.cursor}).changed == ()
    done = master.put(office.house, [*_goods(2), Product("S2", "新名", "瓶", 1300)], "9001")
    assert done.changed == 1
    second = _changes(side, after=first.cursor)
    assert [value_of(one) for one in second.changes] == [Product("S2", "新名", "瓶", 1300)]
    assert _changes(side, after=second.cursor).changes == ()


def test_what_is_gone_is_told(office: Office) -> None:
    side = office.till()
    master.put(office.house, [Barcode("6901", "S1"), *_goods(1)], "9001")
    cursor = _changes(side).cursor
    master.put(office.house, [], "9001", gone=[("barcode", "6901")])
    (gone,) = _changes(side, after=cursor).changes
    assert (gone.kind, gone.key, gone.gone) == ("barcode", "6901", True)
    history = office.rows(
        "SELECT value, before, who FROM changes WHERE key = '6901' ORDER BY version"
    )
    assert [r["value"] == "null" for r in history] == [False, True]
    assert history[1]["before"] == history[0]["value"]


def test_nothing_new_is_no_version(office: Office) -> None:
    first = master.put(office.house, _goods(3), "9001")
    assert master.put(office.house, _goods(3), "9001") == master.Put(0, first.version)


def test_pages_end_with_a_version_and_miss_nothing(office: Office) -> None:
    side = office.till()
    master.put(office.house, _goods(1200), "9001")
    master.put(office.house, _goods(700, "改"), "9001")
    found: dict[str, object] = {}
    after, pages = "", 0
    while True:
        page = _changes(side, after=after)
        assert len(page.changes) <= 1000
        found |= {one.key: value_of(one) for one in page.changes}
        after, pages = page.cursor, pages + 1
        if not page.more:
            break
    assert pages == 2
    wanted = [*_goods(700, "改"), *_goods(1200)[700:]]
    assert found == {product.sku: product for product in wanted}


def test_cursors_of_another_life(office: Office) -> None:
    side = office.till()
    master.put(office.house, _goods(3), "9001")
    for cursor in ("1-0000000000000000", "99-0000000000000000", "x", "1", "-", "1-"):
        path = f"/v1/changes?stream=chain&after={cursor}"
        assert side.refused("GET", path).code in ("snapshot_needed", "malformed")
    assert side.refused("GET", "/v1/changes?stream=other&after=").code == "malformed"


@pytest.mark.parametrize("stream", ["chain", "shop"])
def test_a_snapshot_is_everything_and_its_hash(office: Office, stream: Stream) -> None:
    side = office.till()
    shop = "" if stream == "chain" else "0001"
    master.put(office.house, _goods(20), "9001", shop=shop)
    master.put(office.house, [], "9001", shop=shop, gone=[("product", "S3")])
    answer = side.call("GET", f"/v1/snapshot?stream={stream}")
    assert answer.status_code == 200
    lines = answer.content.splitlines(keepends=True)
    head = framing.decode(lines[0], SnapshotHead)
    end = framing.decode(lines[-1], SnapshotEnd)
    assert end.count == len(lines) - 2 == 19
    assert end.sha256 == hashlib.sha256(b"".join(lines[:-1])).hexdigest()
    assert head.cursor == _changes(side, stream, head.cursor).cursor
    assert _changes(side, stream, head.cursor).changes == ()


def test_stock_is_told_with_what_it_contains(office: Office) -> None:
    side = office.till()
    side.ledger.sell()
    side.send(side.ledger.batch())
    office.project()
    page = _changes(side, "shop")
    assert {value_of(one) for one in page.changes} == {Stock("S1", -1000), Stock("S2", -1000)}
    assert [(one.epoch, one.jn) for one in page.included] == [(1, 3)]
    side.ledger.sell(lines=1)
    side.send(side.ledger.batch())
    assert _changes(side, "shop", page.cursor).changes == ()  # not projected yet
    office.project()
    later = _changes(side, "shop", page.cursor)
    assert [value_of(one) for one in later.changes] == [Stock("S1", -2000)]
    assert [(one.epoch, one.jn) for one in later.included] == [(1, 4)]


def test_a_shop_has_its_own_prices(office: Office) -> None:
    side = office.till()
    price = Price("S1", "2026-03-03T00:00:00.000Z", 250)
    master.put(office.house, [price], "9001", shop="0001")
    master.put(office.house, [price], "9001", shop="0002")
    assert [value_of(one) for one in _changes(side, "shop").changes] == [price]
    assert _changes(side, "chain").changes == ()


def test_the_shared_tables_follow(office: Office) -> None:
    master.put(office.house, _goods(2), "9001")
    master.put(office.house, [Product("S1", "新", "箱", 900, low_milli=5000)], "9001")
    master.put(office.house, [], "9001", gone=[("product", "S0")])
    rows = office.rows("SELECT sku, name, unit, active, low_milli FROM products ORDER BY sku")
    assert rows == [
        {"sku": "S0", "name": "商品0", "unit": "瓶", "active": 0, "low_milli": -1},
        {"sku": "S1", "name": "新", "unit": "箱", "active": 1, "low_milli": 5000},
    ]
    master.put(office.house, [Member("m1", "0001", "888", "gold", stored_fen=5000)], "9001")
    assert office.rows("SELECT shop_id, member_id, stored_fen FROM balances") == [
        {"shop_id": "0001", "member_id": "m1", "stored_fen": 5000}
    ]
    assert json.loads(office.rows("SELECT value FROM items WHERE kind = 'member'")[0]["value"])


def test_old_marks_are_forgotten_but_the_newest(office: Office) -> None:
    side = office.till()
    master.put(office.house, _goods(1), "9001")
    first = _changes(side).cursor
    office.now.later(days=1)
    master.put(office.house, _goods(2), "9001")
    second = _changes(side).cursor
    office.now.later(days=40)
    office.house.database.run(
        lambda work: forget_versions(work, stamp(office.now.moment - timedelta(days=35)))
    )
    assert _changes(side, after=second).changes == ()
    path = f"/v1/changes?stream=chain&after={first}"
    assert side.refused("GET", path).code == "snapshot_needed"
