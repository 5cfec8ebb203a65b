"""Whatever bytes a file holds: a report or a refusal, nothing else, and soon."""

from __future__ import annotations

import random
import string
import time
import zipfile

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from pos.goods.importing import Reject, Warned
from pos.refusal import Refused
from pos.words import goods
from tests.goods.importing.files import MILK, TEA, Shop, Staged, table
from tests.goods.importing.workbooks import PARTS, sheet

GOOD = table(
    "货号,条码(必填),商品名称,规格,单位,售价（元）,会员价,税率,是否称重,状态,箱码,箱规,箱价",
    [
        ["001", MILK, "牛奶", "1L", "盒", "12.50", "", "13%", "否", "在售", "", "", ""],
        ["002", f"{TEA},101", '绿"茶"', "", "", "¥3", "2.8", "0.13", "", "", "201", "24", "60"],
        ["003", "", "苹果", "", "公斤", "1,234.00", "-", "免税", "是", "√", "", "", ""],
        ["", "", "散\n装", "", "", "5", "", "", "", "", "", "", ""],
    ],
)
NASTY = (
    *"\"',;\t\n\r\x00=@\ufeff\u202e\ufffd-%\x1d９《(\u0301𠮷",
    *("6.9E+12", "必填", MILK, "1e999", "NaN", "#N/A", "{}", "{0}", "%s"),
)
SECONDS = 5.0
FORMATTER = string.Formatter()


def _outcome(shop: Shop, data: bytes, name: str) -> Staged | Refused:
    try:
        return shop.bytes(data, name=name)
    except Refused as refused:
        return refused


def _try(shop: Shop, data: bytes, name: str = "goods.csv") -> None:
    began = time.monotonic()
    found = _outcome(shop, data, name)
    assert time.monotonic() - began < SECONDS
    if isinstance(found, Refused):
        assert not shop.staging.exists()
        assert found.code in goods.GoodsWords.__struct_fields__
        assert goods.say(goods.ZH, found.code, found.values)
        return
    findings: list[Reject | Warned] = [*found.report.rejects, *found.report.warnings]
    for told in findings:
        gaps = {gap for _, gap, _, _ in FORMATTER.parse(getattr(goods.ZH, told.code)) if gap}
        assert gaps <= set(told.values)
        assert goods.tell(goods.EN, told.line, told.column, told.code, told.values)


FUZZ = settings(
    deadline=None,
    derandomize=True,
    max_examples=150,
    suppress_health_check=[HealthCheck.function_scoped_fixture],
)


@FUZZ
@given(st.binary(max_size=400))
def test_random_bytes(shop: Shop, data: bytes) -> None:
    _try(shop, data)


@FUZZ
@given(st.lists(st.text(max_size=12), max_size=40))
def test_random_cells_under_a_good_header(shop: Shop, cells: list[str]) -> None:
    header = GOOD.splitlines()[0]
    rows = [",".join(cells[i : i + 9]) for i in range(0, len(cells), 9)]
    _try(shop, "\n".join([header, *rows]).encode("utf-8", "surrogatepass"))


@pytest.mark.parametrize("encoding", ["utf-8-sig", "gb18030", "utf-16"])
def test_mutated_files(shop: Shop, encoding: str) -> None:
    for seed in range(120):
        chance = random.Random(seed)
        text = GOOD
        for _ in range(chance.randint(1, 12)):
            at = chance.randrange(len(text) + 1)
            gone = chance.choice([0, 0, 1, 5])
            text = text[:at] + chance.choice(NASTY) + text[at + gone :]
        data = bytearray(text.encode(encoding))
        for _ in range(chance.choice([0, 0, 1, 4])):
            data[chance.randrange(len(data))] = chance.randrange(256)
        _try(shop, bytes(data[: chance.choice([len(data), chance.randrange(len(data))])]))


def test_mutated_workbooks(shop: Shop) -> None:
    rows = '<row r="2"><c r="A2" t="s"><v>3</v></c><c r="B2"><v>6901234567892</v></c></row>'
    parts = {**PARTS, "xl/worksheets/sheet1.xml": sheet(rows)}
    for seed in range(120):
        chance = random.Random(seed)
        path = shop.folder / "part.zip"
        with zipfile.ZipFile(path, "w") as archive:
            for name, text in parts.items():
                if chance.random() < 0.3:
                    at = chance.randrange(len(text))
                    odd = chance.choice([*NASTY, "<", ">", "&", "&#0;", '"', "-1", "99999999"])
                    text = text[:at] + odd + text[at + chance.choice([0, 1, 8]) :]
                if chance.random() > 0.03:
                    archive.writestr(name, text.encode("utf-8", "replace"))
        data = bytearray(path.read_bytes())
        if chance.random() < 0.5:
            for _ in range(3):
                data[chance.randrange(len(data))] = chance.randrange(256)
        _try(shop, bytes(data), "b.xlsx")


@pytest.mark.parametrize(
    "text",
    [
        "名称,售价\n" + "茶," * 50_000 + "\n",
        "名称,售价\n" + "茶,5\n" * 20_000,
        "名称,售价\n" + '"' * 100_001 + "\n",
        "名称,售价\n" + "(" * 60_000 + ",5\n",
        "(必填" * 20_000 + ",名称,售价\n茶,5\n",
        '名称,条码,售价\n茶,"' + "1 " * 50_000 + '",5\n',
        '名称,条码,售价\n茶,"' + "1," * 50_000 + '",5\n',
        "名称,售价\n茶," + "1," * 60_000 + "5\n",
        '名称,售价\n茶,"' + "1," * 60_000 + '5"\n',
        "名称,售价\n茶," + "9" * 120_000 + "\n",
        "名称,税率\n茶,0." + "9" * 120_000 + "\n",
        "名称,条码,箱码,箱规\n茶,,5," + "1*" * 60_000 + "\n",
        "名称,售价\n" + "\u0301" * 100_000 + ",5\n",
        "\n" * 100_000 + "名称,售价\n茶,5\n",
        "名称,售价\n" + "\n" * 100_000 + "茶,5\n",
        ",".join(["名称", "售价", *(f"x{n}" for n in range(20_000))]) + "\n茶,5\n",
    ],
    ids=range(16),
)
def test_nothing_takes_long(shop: Shop, text: str) -> None:
    _try(shop, text.encode())
