"""No text acts on a printer or a page: every slip, each of its texts hostile, printed and read."""

from __future__ import annotations

import re
from pathlib import Path
from typing import Any

import pytest
from msgspec.structs import replace

from pos.hardware import receipt as printing
from pos.hardware.receipt import receipt_bytes
from pos.hardware.shelf_labels import TEMPLATES, ShelfLabel, label_bytes
from pos.till import receipts
from tests.conftest import Record
from tests.trust import SIZE
from tests.trust.corpus import HOSTILE, filled, taken
from tests.trust.texts.paper import PRINTERS, SLIPS, faults, laid_out, look

PARTS = {"head", "lines", "figures", "closing"}
"""Templates that are nothing by themselves."""


def test_every_slip_is_tried() -> None:
    found = receipts.shipped_templates()
    included = {part for text in found.values() for part in re.findall(r'include "(.+?)"', text)}
    assert {name.removesuffix(".receipt") for name in found} == set(SLIPS) | PARTS
    assert {f"{part}.receipt" for part in PARTS} <= included


@pytest.mark.parametrize("kind", sorted(SLIPS))
def test_no_text_acts_on_a_printer_or_a_page(tmp_path: Path, kind: str, record: Record) -> None:
    texts = taken(sorted(SLIPS).index(kind), len(SLIPS))
    found = look(tmp_path, texts, [kind], SIZE.name != "test")
    record(found.figures("text"))
    assert found.bad == []


def test_with_bytes_let_through_the_same_test_finds_it(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """As a library does it that writes text as it comes."""
    from pos.hardware.encoding import Encoded

    def through(text: str, charset: str = "gb18030") -> Encoded:
        return Encoded(text.encode("gb18030", "replace"))

    monkeypatch.setattr(printing, "encode", through)
    layout = laid_out(tmp_path, "sale", SLIPS["sale"][0], "水", 48)
    rows = tuple(with_escape(row) for row in layout.rows)
    data = receipt_bytes(replace(layout, rows=rows), PRINTERS[0], copies=1).data
    assert list(faults(data))


def with_escape(row: Any) -> Any:
    """A row whose pieces hold a command, as if nothing had cleaned it."""
    pieces = getattr(row, "pieces", None)
    if not pieces:
        return row
    return replace(row, pieces=tuple(replace(p, text=HOSTILE["escpos"]) for p in pieces))


def test_a_label_is_one_label_whatever_its_goods_are_called() -> None:
    for template in TEMPLATES.values():
        harmless = shape(label_bytes([filled(ShelfLabel, "水")], template).data)
        for name, text in HOSTILE.items():
            data = label_bytes([filled(ShelfLabel, text[:300])], template).data
            assert len(shape(data)) <= len(harmless) + 2, name
            assert {line.split(b" ")[0] for line in shape(data)} <= {
                line.split(b" ")[0] for line in harmless
            } | {b"TEXT", b"BARCODE"}, name
            assert not re.search(rb"[\x00-\x09\x0b\x0c\x0e-\x1f\x7f]", data), name


def shape(data: bytes) -> list[bytes]:
    """The commands of a label, a line each."""
    return [line for line in data.split(b"\r\n") if line]
