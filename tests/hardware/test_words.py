"""Every code the hardware room can raise or tell has words in both languages."""

from __future__ import annotations

import ast
import re
import string
from pathlib import Path

import pos.devices
import pos.hardware
from pos.words.hardware import EN, ZH, HardwareWords

CODE = re.compile(
    r"(state|was|printer|device|not_a|usb|cups|queue|folder|paper|cover|cutter|font|hint|network"
    r"|drawer|scan|code|label|scale)(_[a-z]+)+"
)
NO_CODES = {
    "usb_vendor", "usb_product", "usb_serial", "scale_labels", "paper_mm", "paper_out", "paper_low",
}  # fmt: skip


def codes() -> set[str]:
    files = [Path(pos.devices.__file__), *Path(pos.hardware.__file__).parent.glob("*.py")]
    found = set()
    for file in files:
        for node in ast.walk(ast.parse(file.read_text("utf-8"))):
            if isinstance(node, ast.Constant) and isinstance(node.value, str):
                found.add(node.value)
    return {text for text in found if CODE.fullmatch(text)} - NO_CODES


def test_every_code_has_words() -> None:
    known = set(HardwareWords.__struct_fields__)
    assert len(codes()) > 40
    assert codes() <= known


def test_both_languages_fill_the_same_gaps() -> None:
    for name in HardwareWords.__struct_fields__:
        zh, en = getattr(ZH, name), getattr(EN, name)
        assert zh
        assert en
        assert gaps(zh) == gaps(en), name


def gaps(text: str) -> set[str]:
    return {part[1] for part in string.Formatter().parse(text) if part[1]}
