"""The first letters by which a cashier finds goods."""

from __future__ import annotations

import subprocess
import sys

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from pos.child import environment
from pos.goods import initials as module
from pos.goods.initials import MOST_VARIANTS, in_child, initials
from pos.refusal import Refused


@pytest.mark.parametrize(
    ("name", "first"),
    [
        ("可口可乐330ml", "kkkl330ml"),
        ("清溪饮用天然水1.5L", "qxyytrs15l"),
        ("茄子", "qz"),
        ("番茄酱", "fqj"),
        ("Ａ４纸 500张", "a4z500z"),
        ("café拿铁", "cafent"),
        ("【特价】虾仁·大", "tjxrd"),
        ("嗯", "e"),
    ],
)
def test_the_likeliest_letters_come_first(name: str, first: str) -> None:
    assert initials(name)[0] == first


@pytest.mark.parametrize(
    ("name", "variants"),
    [
        ("重庆火锅", {"zqhg", "cqhg"}),
        ("银行", {"yh", "yx"}),
        ("长城", {"zc", "cc"}),
        ("重重", {"zz", "zc", "cz", "cc"}),
        ("牛奶", {"nn"}),
        ("", set()),
        ("！？🍎", set()),
    ],
)
def test_every_reading_in_use_is_a_variant(name: str, variants: set[str]) -> None:
    assert set(initials(name)) == variants


def test_never_more_than_eight() -> None:
    found = initials("重长乐行" * 20)
    assert len(found) == len(set(found)) == MOST_VARIANTS
    assert found[0] == "zclx" * 20


@settings(deadline=None, derandomize=True, max_examples=200)
@given(st.text(max_size=40))
def test_any_text_gives_latin_letters_and_digits(text: str) -> None:
    for variant in initials(text):
        assert variant
        assert variant.isascii()
        assert variant.isalnum()
        assert variant == variant.lower()


def test_a_child_works_them_out_and_pypinyin_stays_there() -> None:
    names = ["重庆火锅", "牛奶"]
    assert in_child(names) == {name: initials(name) for name in names}
    code = (
        "import sys; from pos.goods.initials import in_child; import pos.goods.importing;"
        " in_child(['重庆']); print([m for m in sys.modules if m in ('pypinyin', 'openpyxl')])"
    )
    done = subprocess.run(
        [sys.executable, "-c", code],
        capture_output=True,
        text=True,
        check=True,
        env=environment(),
        timeout=60,
    )
    assert done.stdout.strip() == "[]"


def test_a_child_that_fails(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(module, "environment", lambda: {"PYTHONPATH": "/nowhere"})
    monkeypatch.setattr(sys, "executable", "/nowhere/python")
    with pytest.raises(Refused, match="child_failed"):
        in_child(["牛奶"])
