"""Shelf labels as TSPL, read back by a small reader of the language's own manual."""

from __future__ import annotations

import re

import msgspec
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from pos.hardware.shelf_labels import (
    TEMPLATES,
    Bars,
    ShelfLabel,
    Template,
    Words,
    label_bytes,
)

COLA = ShelfLabel("可口可乐 500ml", 350, "6901234567892", "1001", "瓶", "500ml", "天津")


def commands(data: bytes) -> list[tuple[str, list[str]]]:
    """Each command of a job with its arguments; quoted ones without their quotes."""
    found = []
    for line in data.decode("gb18030").split("\r\n"):
        name, _, rest = line.partition(" ")
        arguments = [a or b for a, b in re.findall(r'"([^"]*)"|([^,"]+)', rest)]
        if name:
            found.append((name, arguments))
    return found


def texts(data: bytes) -> list[str]:
    return [arguments[-1] for name, arguments in commands(data) if name == "TEXT"]


@pytest.mark.parametrize("name", sorted(TEMPLATES))
def test_a_label(name: str) -> None:
    template = TEMPLATES[name]
    made = label_bytes([COLA], template)
    told = dict(commands(made.data))
    assert told["SIZE"] == [f"{template.width:g} mm", f"{template.height:g} mm"]
    assert made.data.endswith(b"PRINT 1,1\r\n")
    said = texts(made.data)
    assert said[0] == "可口可乐 500ml"
    assert "￥3.50" in said
    assert told["BARCODE"][2] == "EAN13"
    assert told["BARCODE"][-1] == "6901234567892"
    assert (made.labels, made.replaced) == (1, "")
    for kind, arguments in commands(made.data):
        if kind in ("TEXT", "BARCODE"):
            assert int(arguments[0]) < template.width * 8
            assert int(arguments[1]) < template.height * 8


def test_the_price_is_the_largest() -> None:
    scales = {a[-1]: int(a[4]) for n, a in commands(label_bytes([COLA], TEMPLATES["60x40"]).data)
              if n == "TEXT"}  # fmt: skip
    assert scales["￥3.50"] == 3
    assert max(scales.values()) == 3


def test_a_batch_is_one_job() -> None:
    rows = [ShelfLabel(f"商品{n}", n * 100, copies=n) for n in range(4)]
    made = label_bytes(rows, TEMPLATES["40x30"])
    assert made.data.count(b"CLS\r\n") == 3
    assert made.data.count(b"SIZE ") == 1
    assert made.labels == 6
    assert label_bytes([], TEMPLATES["40x30"]).data == b""


def test_a_long_name_goes_on_and_is_cut_off() -> None:
    made = label_bytes([ShelfLabel("一二三四五六七八九十" * 3, 1)], TEMPLATES["40x30"])
    assert texts(made.data)[:2] == ["一二三四五六七八九十一二", "三四五六七八九十一二三四"]


@pytest.mark.parametrize(
    ("code", "kind"),
    [
        ("6901234567892", "EAN13"),
        ("6901234567891", "128"),
        ("96385074", "EAN8"),
        ("036000291452", "UPCA"),
        ("ABC-1", "128"),
        ('A"B', ""),
        ("一二", ""),
        ("", ""),
    ],
)
def test_kinds_of_barcodes(code: str, kind: str) -> None:
    made = label_bytes([ShelfLabel("x", 1, code)], Template(40, 30, (), (Bars(1, 1),)))
    found = [arguments[2] for name, arguments in commands(made.data) if name == "BARCODE"]
    assert found == ([kind] if kind else [])


def test_fields_without_anything_are_left_out() -> None:
    template = Template(40, 30, (Words(1, 1, "产地 {origin}"), Words(1, 5, "{x}{name}"),
                                 Words(1, 9, "会员 {member_price}")))  # fmt: skip
    assert texts(label_bytes([ShelfLabel("茶", 1)], template).data) == ["{x}茶"]
    row = ShelfLabel("茶", 1, origin="福建", member_fen=99)
    assert texts(label_bytes([row], template).data) == ["产地 福建", "{x}茶", "会员 0.99"]


def test_a_shops_own_template_is_read() -> None:
    said = b"width = 50\nheight = 30\n[[words]]\nx = 1\ny = 2\ntext = '{name}'\n"
    template = msgspec.toml.decode(said, type=Template)
    assert texts(label_bytes([COLA], template).data) == ["可口可乐 500ml"]


@given(st.text(st.characters(codec=None, categories=None), max_size=30))
@settings(deadline=None, derandomize=True, max_examples=200)
def test_no_name_becomes_a_command(name: str) -> None:
    """As many lines, quotes and commands as with a harmless name."""
    wild = label_bytes(
        [ShelfLabel("x" + name, 1, name)], Template(90, 30, (Words(1, 1, "{name}"),))
    )
    assert wild.data.count(b"\r\n") == 9
    assert wild.data.count(b"\r") == wild.data.count(b"\n") == 9
    assert wild.data.count(b'"') == 4
    assert not any(b < 0x20 and b not in (0x0A, 0x0D) for b in wild.data)
