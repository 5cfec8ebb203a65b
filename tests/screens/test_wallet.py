"""The QR as painted, at every size and in every theme: others' code reads it off the colours."""

from __future__ import annotations

from typing import Any, get_args

import pytest
from msgspec.structs import replace

from pos.screens.compose import Composer, Seen
from pos.screens.grid import Row, width_of
from pos.screens.theme import THEMES, styles
from pos.till.view import View, WalletState, WalletView
from pos.words.screen import ZH
from tests.screens.samples import FOOTER, HEADER, PROMPT, order

zxingcpp = pytest.importorskip("zxingcpp")
image = pytest.importorskip("PIL.Image")

TEXTS = (
    "weixin://wxpay/bizpayurl?pr=AbCdEfGh9",
    "weixin://wxpay/bizpayurl/up?pr=AbCdEfGh9&groupid=00",
    "https://qr.alipay.com/bax03431ljhokirwl38f00a7",
)
VIEW = WalletView(
    "qr",
    "微信支付",
    "请顾客扫码",
    "1288.50",
    "0" * 32,
    "还有 179 秒",
    ("用微信支付付款",),
    "小",
    TEXTS[0],
)


def painted(panel: WalletView, width: int, height: int, alarm: str = "") -> list[Row]:
    header = replace(HEADER, alarm=alarm)
    view = View("collecting", header, PROMPT, FOOTER, order(), panel)
    rows = Composer(ZH).rows(Seen(view, "", "12:00:00", width, height))
    assert len(rows) == height
    assert {width_of(row) for row in rows} == {width}
    return rows


def read(rows: list[Row], theme: str) -> list[str]:
    """What a camera reads, each half of a cell in its own colour."""
    looks = styles(theme)
    width = width_of(rows[0])
    picture = image.new("RGB", (width * 6, len(rows) * 12), (60, 60, 60))
    for y, row in enumerate(rows):
        x = 0
        for text, look in row:
            for char in text:
                style = looks[look]
                if look in ("qr", "qr_dark"):
                    assert style.color is not None
                    assert style.bgcolor is not None
                    fore, back = (
                        style.color.get_truecolor(),
                        style.bgcolor.get_truecolor(None, False),
                    )
                    top = fore if char == "▀" else back
                    picture.paste(tuple(top), (x * 6, y * 12, x * 6 + 6, y * 12 + 6))
                    picture.paste(tuple(back), (x * 6, y * 12 + 6, x * 6 + 6, y * 12 + 12))
                x += 1 if ord(char) < 0x1100 or 0x2000 <= ord(char) < 0x2E80 else 2
    return [str(found.text) for found in zxingcpp.read_barcodes(picture)]


@pytest.mark.parametrize("text", TEXTS)
@pytest.mark.parametrize("size", [(80, 24), (80, 25), (100, 30), (132, 43), (200, 60)])
@pytest.mark.parametrize("large", [False, True])
def test_it_is_read_at_every_size(text: str, size: tuple[int, int], large: bool) -> None:
    rows = painted(replace(VIEW, qr=text, large=large), *size)
    assert read(rows, "dark") == [text]


@pytest.mark.parametrize("theme", sorted(THEMES))
def test_it_is_read_in_every_theme_and_under_an_alarm(theme: str) -> None:
    rows = painted(replace(VIEW, qr=TEXTS[1]), 80, 24, alarm="账本有错，请联系技术员")
    assert read(rows, theme) == [TEXTS[1]]
    assert any("账本有错" in text for row in rows for text, _ in row)


def test_amount_clock_and_number_stand_beside_it() -> None:
    text = "\n".join("".join(part for part, _ in row) for row in painted(VIEW, 80, 24))
    for wanted in ("请顾客扫码", "微信支付", "还有 179 秒", "0" * 16):
        assert wanted in text


def test_a_window_too_small_says_so_and_shows_no_part_of_it() -> None:
    rows = painted(VIEW, 62, 16)
    text = "\n".join("".join(part for part, _ in row) for row in rows)
    assert "小" in text
    assert {look for row in rows for _, look in row} & {"qr", "qr_dark"} == set()


def test_every_state_looks_different() -> None:
    seen: dict[Any, str] = {}
    for state in get_args(WalletState):
        rows = painted(replace(VIEW, state=state, qr=""), 80, 24)
        title = next(part for row in rows for part in row if "请顾客扫码" in part[0])
        assert title not in seen, (state, seen.get(title))
        seen[title] = state
