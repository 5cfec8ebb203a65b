"""`pos headoffice …` as a person uses it: a folder, a code, a server, a product file."""

from __future__ import annotations

import json
import subprocess
import sys
import urllib.error
import urllib.request
from collections.abc import Iterator
from pathlib import Path

import pytest

from tests.cli.conftest import Pos
from tests.offers import offer


@pytest.fixture
def folder(pos: Pos, tmp_path: Path) -> Path:
    found = tmp_path / "ho"
    assert pos("headoffice", "init", "--dir", str(found)).code == 0
    return found


@pytest.fixture
def served(folder: Path) -> Iterator[str]:
    arguments = ["headoffice", "serve", "--dir", str(folder), "--port", "0", "--json"]
    child = subprocess.Popen(
        [sys.executable, "-m", "pos.cli", *arguments],
        stdout=subprocess.PIPE,
        stderr=subprocess.DEVNULL,
        text=True,
    )
    assert child.stdout is not None
    yield json.loads(child.stdout.readline())["url"]
    child.terminate()
    assert child.wait(20) in (0, -15)
    child.stdout.close()


def test_a_folder_is_made_once_and_its_secrets_are_private(pos: Pos, folder: Path) -> None:
    for name in ("master.key", "pepper.key"):
        assert (folder / "secrets" / name).stat().st_mode & 0o777 == 0o600
    again = pos("headoffice", "init", "--dir", str(folder))
    assert (again.code, len(again.err.splitlines())) == (1, 1)


def test_tills_are_added_listed_and_stopped(pos: Pos, folder: Path) -> None:
    place = ("--dir", str(folder), "--shop", "0001", "--till", "01")
    code = pos("headoffice", "till", "add", *place, "--shop-name", "一店", "--json").json["code"]
    assert code.startswith("http://127.0.0.1:8700#")
    (row,) = pos("headoffice", "till", "list", "--dir", str(folder), "--json").json
    assert (row["shop_name"], row["state"]) == ("一店", "awaiting")
    assert pos("headoffice", "till", "revoke", *place).code == 0
    assert "已停用" in pos("headoffice", "till", "list", "--dir", str(folder)).out
    wrong = pos("headoffice", "till", "revoke", "--dir", str(folder), "--shop", "9", "--till", "9")
    assert (wrong.code, len(wrong.err.splitlines())) == (1, 1)


def test_a_running_head_office_is_asked(pos: Pos, folder: Path, served: str) -> None:
    with urllib.request.urlopen(f"{served}/healthz", timeout=10) as answer:  # noqa: S310
        assert json.load(answer)["status"] == "ok"
    place = ("--dir", str(folder), "--shop", "0001", "--till", "02")
    code = pos("headoffice", "till", "add", *place, "--json").json["code"]
    assert code.startswith(f"{served}#"), "where it listens, not where it usually does"
    (row,) = pos("headoffice", "till", "list", "--dir", str(folder), "--json").json
    assert row["till_id"] == "02"
    second = pos("headoffice", "migrate", "--dir", str(folder))
    assert (second.code, "使用" in second.err) == (1, True)
    forged = urllib.request.Request(  # noqa: S310
        f"{served}/local", b'{"act":"list"}', {"Pos-Local": "0" * 64, "Pos-Time": "x"}
    )
    with pytest.raises(urllib.error.HTTPError) as refused:
        urllib.request.urlopen(forged, timeout=10)  # noqa: S310
    assert refused.value.code == 401
    refused.value.close()


def test_a_product_file_goes_to_all_tills(pos: Pos, folder: Path, tmp_path: Path) -> None:
    file = tmp_path / "goods.csv"
    file.write_text("条码,品名,单位,售价,税率\n6901,水,瓶,2.00,13%\n6902,茶,瓶,3.50,13%\n", "utf-8")
    place = ("--dir", str(folder), "--json")
    done = pos("headoffice", "import", str(file), *place).json
    assert (done["products"], done["barcodes"], done["prices"], done["changed"]) == (2, 2, 2, 6)
    assert pos("headoffice", "import", str(file), *place).json["changed"] == 0
    later = pos("headoffice", "import", str(file), "--effective", "2026-12-01", *place).json
    assert later["changed"] == 2
    assert pos("headoffice", "import", str(file), "--effective", "soon", *place).code == 1
    one = pos("headoffice", "import", str(file), "--shop", "0002", *place).json
    assert (one["products"], one["prices"]) == (0, 2)


def test_offers_and_coupons_go_to_all_tills(pos: Pos, folder: Path, tmp_path: Path) -> None:
    file, codes = tmp_path / "march.toml", tmp_path / "codes.csv"
    file.write_text(offer("coupon", 'off = "2.00"', "两元券"), "utf-8")
    codes.write_text("券码,促销\nQ-1,coupon\nQ-2,coupon\n", "utf-8")
    words = ("headoffice", "offers", str(file), "--coupons", str(codes), "--dir", str(folder))
    for changed in (3, 0):
        told = pos(*words, "--json").json
        assert told == {"offers": 1, "coupons": 2, "changed": changed}
    codes.write_text("券码,促销\nQ-1,coupon\nQ-3,nothing\n", "utf-8")
    wrong = pos(*words)
    assert (wrong.code, len(wrong.err.splitlines())) == (1, 1)
    assert "Q-3" in wrong.err


def test_tables_are_made_anew(pos: Pos, folder: Path) -> None:
    done = pos("headoffice", "migrate", "--dir", str(folder), "--rebuild", "--json").json
    assert (done["records"], done["distributed"]) == (0, [])
    citus = pos("headoffice", "migrate", "--dir", str(folder), "--distribute", "citus")
    assert (citus.code, "Citus" in citus.err) == (1, True)
    assert pos("headoffice", "migrate", "--dir", str(folder), "--distribute", "x").code == 2


def test_a_wrong_setting_is_named_with_its_line(pos: Pos, folder: Path) -> None:
    file = folder / "headoffice.toml"
    file.write_text(file.read_text("utf-8").replace("port = 8700", 'prot = "x"'), "utf-8")
    told = pos("headoffice", "till", "list", "--dir", str(folder))
    assert (told.code, "prot" in told.err, "5" in told.err) == (1, True, True)
    assert pos("headoffice", "till", "list", "--dir", str(folder / "none")).code == 1


def test_accounts_of_the_pages_are_made_beside_a_running_head_office(
    pos: Pos, folder: Path, served: str
) -> None:
    at = ("--dir", str(folder))
    made = pos("headoffice", "account", "add", "Wang", *at, "--json").json
    assert (made["account"], len(made["password"])) == ("Wang", 19)
    again = pos("headoffice", "account", "add", "wang", *at)
    assert (again.code, "已有账号 wang" in again.err) == (1, True)
    fresh = pos("headoffice", "account", "reset", "wang", *at).out.split()[-1]
    assert fresh != made["password"]
    assert "king" in pos("headoffice", "account", "add", "x", "--role", "king", *at).err
    with urllib.request.urlopen(f"{served}/sign-in", timeout=10) as page:  # noqa: S310 - our own
        assert "frame-ancestors 'none'" in page.headers["Content-Security-Policy"]
