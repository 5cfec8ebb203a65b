"""`pos receipt`, `pos order reprint|deliver|voucher`, and orders found by customer."""

from __future__ import annotations

import re
from pathlib import Path

import pytest
from msgspec.structs import replace

from pos.config import load
from pos.sale.order import Order
from pos.store import persons
from pos.till.receipts import vault_of
from tests.cli.conftest import Pos
from tests.shop import WATER, Shop
from tests.store.conftest import WHERE, fill


def brought(shop: Shop) -> str:
    """An order that is to be brought to somebody; its number."""
    ledger = shop.ledger()
    vault = vault_of(load(shop.config_file))
    who = persons.add(ledger, vault, "欧阳小满", "13800001234")
    where = persons.deliver_to(ledger, vault, who, "样例路一号", "放门口")
    order: Order = replace(fill(ledger, WATER), person_id=who, delivery_id=where)
    number = ledger.close_order(order, WHERE).number
    ledger.close()
    return number


def test_a_receipt_as_text_page_and_picture(pos: Pos, shop: Shop) -> None:
    number = brought(shop)
    text = pos("receipt", "show", number, by="1001").out
    assert pos("receipt", "show", number, "--format", "svg", by="1001").out.startswith("<svg")
    for part in (number, "清溪矿泉水550ml", "样例路一号", "放门口", "2.00", "98.10"):
        assert part in text, part
    assert max(len(line.encode("gb18030")) for line in text.splitlines()) == 48
    narrow = pos("receipt", "show", number, "--columns", "32", by="1001").out
    assert max(len(line.encode("gb18030")) for line in narrow.splitlines()) == 32
    page = pos("receipt", "show", number, "--format", "html", by="1001").out
    assert page.startswith("<!DOCTYPE html>")
    assert "清溪矿泉水550ml" in re.sub("<[^>]+>", "", page)
    assert pos("receipt", "show", number, "--format", "pdf", by="1001").code == 2
    assert pos("receipt", "show", "000101010000009", by="1001").code == 1


def test_the_voucher_tells_tax_by_rate(pos: Pos) -> None:
    number = pos.sell(WATER, "--cash", "5").json["number"]
    text = pos("order", "voucher", number, by="1001").out
    assert "结账凭证" in text.replace("  ", "")
    assert "13%" in text
    assert "1.77" in text
    assert "0.23" in text


def test_orders_by_customer_and_their_delivery(pos: Pos, shop: Shop) -> None:
    number = brought(shop)
    pos.sell(WATER, "--cash", "5")

    def listed(*words: str) -> list[tuple[str, str]]:
        rows = pos("order", "list", *words, "--json", by="1001").json
        return [(row["number"], row["status"]) for row in rows]

    assert listed("--customer", "1234") == [(number, "to_deliver")]
    assert listed("--customer", "欧阳小满", "--status", "delivered") == []
    assert listed("--amount", "1.90") == [(number, "to_deliver")]
    assert pos("order", "deliver", number, by="1001").code == 0
    assert listed("--customer", "13800001234") == [(number, "delivered")]
    assert pos("order", "deliver", number, "--undo", by="1001").code == 0
    assert listed("--status", "to_deliver") == [(number, "to_deliver")]
    told = pos("order", "show", number, "--json", by="1001").json
    assert told["customer"] == "欧** 138****1234"
    other = pos.sell(WATER, "--cash", "5").json["number"]
    assert other in pos("order", "deliver", other, by="1001").why
    pos.head()


def test_a_reprint_is_counted(pos: Pos) -> None:
    number = pos.sell(WATER, "--cash", "5").json["number"]
    assert pos("order", "reprint", number, by="1001").code == 1
    assert pos("order", "reprint", number, by="2001").code == 0
    assert pos("order", "reprint", number, by="2001").code == 0
    assert pos("order", "show", number, "--json", by="1001").json["copies"] == 2


@pytest.mark.parametrize(
    ("source", "line", "said"),
    [
        ("甲\n{{ nothing }}\n", 2, "nothing"),
        ("甲\n乙\n{% for x in %}\n", 3, ""),
        ("{% for x in range(1000) %}{% for y in range(1000) %}{% for z in range(1000) %}"
         "{% endfor %}{% endfor %}{% endfor %}", 1, ""),
        ("甲\n{command: \\x1b@}\n", 2, "command"),
        ("甲\n{frob: 1}\n", 2, "frob"),
    ],
)  # fmt: skip
def test_a_template_s_fault_is_named_with_its_line(
    pos: Pos, tmp_path: Path, source: str, line: int, said: str
) -> None:
    file = tmp_path / "mine.receipt"
    file.write_text(source, "utf-8")
    why = pos("receipt", "render", str(file)).why
    assert "mine.receipt" in why
    assert str(line) in why
    assert said in why


def test_a_template_of_the_shop_s_own_is_used(pos: Pos, shop: Shop, tmp_path: Path) -> None:
    number = pos.sell(WATER, "--cash", "5").json["number"]
    folder = shop.folder / "receipts"
    folder.mkdir()
    (folder / "sale.receipt").write_text("本店 {{ total|yuan }} |\n{{ extra }}\n", "utf-8")
    assert "extra" in pos("receipt", "show", number, by="1001").why
    data = tmp_path / "data.json"
    data.write_text('{"extra": "|{x}~"}', "utf-8")
    shown = pos("receipt", "render", str(folder / "sale.receipt"), "--data", str(data)).out
    assert "|{x}~" in shown
    (folder / "sale.receipt").write_text("本店 {{ total|yuan }} |\n", "utf-8")
    assert pos("receipt", "show", number, by="1001").out.strip() == "本店 2.00"
