"""The QR code on a receipt: there where a link is set up and something can be invoiced."""

from __future__ import annotations

from contextlib import closing
from datetime import date
from pathlib import Path

import pytest

from pos.config import load
from pos.invoices import link as links
from pos.store.reader import Reader
from pos.till.receipts import order_data, order_slip
from tests.shop import MILK, WATER, make_shop
from tests.store.conftest import WHERE, fill


@pytest.mark.parametrize("keyed", [True, False])
def test_a_receipt_carries_the_link(tmp_path: Path, keyed: bool) -> None:
    shop = make_shop(tmp_path, {'link = "" ': 'link = "https://ho.example.cn" '})
    key = tmp_path / "data" / "link.key"
    if keyed:
        key.write_bytes(bytes(range(32)))
        key.chmod(0o600)
    config = load(shop.config_file)
    ledger = shop.ledger()
    ended = ledger.close_order(fill(ledger, WATER, MILK), WHERE)
    ledger.close()
    with closing(Reader(config.ledger)) as reader:
        url = order_data(config, reader, ended.order_id)["invoice_url"]
        order_slip(config, reader, ended.order_id, "sale")
    if not keyed:
        assert url == ""  # a receipt is printed all the same
        return
    told = links.read(bytes(range(32)), url.rpartition("/")[2], date(2026, 3, 9), 60)
    assert told == links.Link(ended.number, date(2026, 3, 2), 740)
