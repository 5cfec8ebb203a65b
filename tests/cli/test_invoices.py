"""`pos invoice …` against the platform's simulator, as a shop would type it."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path

import pytest

from pos.cli import invoices as verbs
from pos.config import load
from pos.till.opening import open_ledger
from tests.cli.conftest import Pos
from tests.invoices.template import make
from tests.till.invoicing import COMPANY, Office, office

TITLE = ("--title", COMPANY.title, "--tax-id", COMPANY.tax_id)


@pytest.fixture
def desk(tmp_path: Path) -> Iterator[Office]:
    with office(tmp_path) as one:
        one.ledger.close()  # the command line opens it
        yield one


@pytest.fixture
def pos(desk: Office, capsys: pytest.CaptureFixture[str], monkeypatch: pytest.MonkeyPatch) -> Pos:
    monkeypatch.setenv("POS_CONFIG", str(desk.shop.config_file))
    for module in ("desk", "checks", "invoices"):
        monkeypatch.setattr(f"pos.cli.{module}.system_clock", lambda: desk.clock)
    # time passes on both clocks while a command waits
    monkeypatch.setattr(verbs, "sleep", lambda seconds: desk.go(20))
    open_ledger(load(desk.shop.config_file), desk.clock, desk.shop.ids, "test").close()
    return Pos(desk.shop, capsys, monkeypatch)


def sell(pos: Pos) -> str:
    return str(pos.sell("2*690001", "690002", "--cash", "20").json["number"])


def test_issue_status_red(pos: Pos, desk: Office) -> None:
    number = sell(pos)
    told = pos("invoice", "issue", number, *TITLE, "--json", by="1001").json
    (one,) = told["invoices"]
    assert (one["state"], one["total_fen"], one["title"]) == ("issued", 950, COMPANY.title)
    day = pos("invoice", "status", "--json", by="1001").json
    assert day["counts"] == {"issued": 1, "failed": 0, "pending": 0, "red": 0, "red_pending": 0}
    assert "已开 1" in pos("invoice", "status", by="1001").out
    assert "没有这个权限" in pos("invoice", "red", one["bureau_no"], by="1001").why
    back = pos("invoice", "red", one["bureau_no"], "--row", "1=1", "--json", by="9001").json
    assert [(r["state"], r["total_fen"]) for r in back["reds"]] == [("red", 200)]
    assert "已开票" in pos("invoice", "issue", number, "--person", by="1001").why
    assert pos.head()
    assert len(desk.sim.book.forms) == 1


def test_amend_and_resend(pos: Pos, desk: Office) -> None:
    number = sell(pos)
    (one,) = pos("invoice", "issue", number, "--person", "--json", by="1001").json["invoices"]
    told = pos("invoice", "amend", one["invoice_no"], *TITLE, "--json", by="9001").json
    assert [i["state"] for i in told["invoices"]] == ["issued", "issued"]
    assert told["invoices"][1]["title"] == COMPANY.title
    new = told["invoices"][1]["invoice_no"]
    assert "没有邮箱" in pos("invoice", "resend", new, by="1001").why
    sent = pos("invoice", "resend", new, "--email", "a@b.cn", "--json", by="1001").json
    assert sent["email"] == "a@b.cn"


def test_a_file_of_orders_and_what_is_wrong_in_it(pos: Pos, tmp_path: Path) -> None:
    numbers = [sell(pos) for _ in range(3)]
    file = tmp_path / "orders.csv"
    file.write_text(
        "单号,抬头,税号,个人\n"
        f"{numbers[0]},{COMPANY.title},{COMPANY.tax_id},\n"
        f"{numbers[1]},王女士,,是\n"
        f"{numbers[2]},某公司,12345,\n"
    )
    answer = pos("invoice", "issue", "--file", str(file), "--json", by="1001")
    assert answer.code == 1
    assert [o["invoices"][0]["state"] for o in answer.json["orders"]] == ["issued", "issued"]
    assert "税号 12345 不对" in answer.json["refused"][0]["why"]
    file.write_text("a,b\n1,2\n")
    assert "number" in pos("invoice", "issue", "--file", str(file), by="1001").why


def test_doubt_is_a_managers(pos: Pos) -> None:
    number = sell(pos)
    odd = ("--title", "某公司", "--tax-id", "914403001922038217")
    assert "店长批准" in pos("invoice", "issue", number, *odd, by="1001").why
    assert "没有这个权限" in pos("invoice", "issue", number, *odd, "--confirm", by="1001").why
    told = pos("invoice", "issue", number, *odd, "--confirm", "--json", by="9001").json
    assert told["invoices"][0]["state"] == "issued"


def test_export(pos: Pos, desk: Office, tmp_path: Path) -> None:
    text = desk.shop.config_file.read_text("utf-8")
    text = text.replace('provider = "nuonuo" ', 'provider = "workbook" ')
    desk.shop.config_file.write_text(text.replace("批量开票-导入开票模板.xlsx", "t.xlsx"), "utf-8")
    make(desk.shop.folder / "t.xlsx")
    number = sell(pos)
    answer = pos("invoice", "issue", number, "--person", "--json", by="1001")
    assert answer.json["invoices"][0]["state"] == "asked"
    told = pos("invoice", "export", "--out", str(tmp_path), "--json", by="9001").json
    assert told["version"] == "20260401"
    assert [len(f["invoices"]) for f in told["files"]] == [1]
    assert (tmp_path / told["files"][0]["name"]).exists()
    again = pos("invoice", "status", number, "--json", by="1001").json
    assert again["invoices"][0]["state"] == "exported"
    assert "没有要导出" in pos("invoice", "export", "--out", str(tmp_path), by="9001").why
    no = again["invoices"][0]["invoice_no"]
    marked = pos("invoice", "mark", no, "2" * 20, "--json", by="9001")
    assert marked.json["invoices"][0]["bureau_no"] == "2" * 20
