"""Both wallets, both ways, in a real terminal by keyboard alone; the QR is read off the screen."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest

from bench.terminal import Terminal
from pos.simulators.wallets import SCRIPTS, code_for
from pos.store.reader import Reader
from tests.pty.conftest import Opener, sign_in
from tests.pty.providers import Provider
from tests.shop import MILK, SMOKE, Shop
from tests.till.wallets import CHANNELS, Channel, make_wallet_shop

zxingcpp = pytest.importorskip("zxingcpp")
image = pytest.importorskip("PIL.Image")

F2, F5, F6 = "\x1bOQ", "\x1b[15~", "\x1b[17~"
KEY = {"wechat": F5, "alipay": F6}
CELL = (8, 16)
PAID = next(script for script in SCRIPTS if script.name == "paid")


@pytest.fixture(scope="module")
def providers(tmp_path_factory: pytest.TempPathFactory) -> Iterator[dict[str, Provider]]:
    made = {str(name): Provider(name, tmp_path_factory.mktemp(name)) for name in CHANNELS}
    yield made
    for provider in made.values():
        provider.stop()


@pytest.fixture
def shop(tmp_path: Path, providers: dict[str, Provider]) -> Shop:
    files = {name: provider.files for name, provider in providers.items()}
    urls = {name: provider.url for name, provider in providers.items()}
    return make_wallet_shop(tmp_path, files, urls, read_seconds=5.0)


def picture(till: Terminal) -> Any:
    """The screen as a camera sees it: each cell's upper and lower half in its own colour."""
    columns, rows = till.screen.columns, till.screen.lines
    made = image.new("RGB", (columns * CELL[0], rows * CELL[1]))
    pixels = made.load()
    for y in range(rows):
        for x in range(columns):
            cell = till.cell(y, x)
            upper = _rgb(cell.fg, (200, 200, 200)) if cell.data == "▀" else _rgb(cell.bg, (9, 9, 9))
            lower = _rgb(cell.bg, (9, 9, 9))
            for dx in range(CELL[0]):
                for dy in range(CELL[1]):
                    half = upper if dy < CELL[1] // 2 else lower
                    pixels[x * CELL[0] + dx, y * CELL[1] + dy] = half
    return made


def _rgb(colour: str, default: tuple[int, int, int]) -> tuple[int, int, int]:
    named = {"black": (0, 0, 0), "white": (255, 255, 255)}
    if colour in named:
        return named[colour]
    if len(colour) == 6:
        return int(colour[:2], 16), int(colour[2:4], 16), int(colour[4:], 16)
    return default


def read_qr(till: Terminal) -> str:
    found = zxingcpp.read_barcodes(picture(till))
    assert len(found) == 1, till.text()
    return str(found[0].text)


@pytest.mark.parametrize("channel", CHANNELS)
def test_the_qr_on_the_screen_is_scanned_and_paid(
    shop: Shop, opened: Opener, providers: dict[str, Provider], channel: Channel
) -> None:
    till = opened(shop)
    sign_in(till)
    till.send(f"{MILK}\r")
    till.wait_for("北麓纯牛奶250ml")
    till.send("\x1b[F")
    till.wait_for("实收")
    till.send(KEY[channel])
    till.wait_for("请顾客扫码")
    till.wait_for("还有")
    till.pump(0.5)
    text = read_qr(till)
    till.send(F2)
    till.pump(0.3)
    assert read_qr(till) == text
    providers[channel].admin("scan", {"qr": text, "act": "pay"})
    till.wait_for("000101010000001", timeout=15)
    reader = Reader(shop.place().path)
    [row] = reader.rows("SELECT way, fen, reference FROM order_tenders")
    assert (row["way"], row["fen"]) == (channel, 550)
    reader.close()
    entries = providers[channel].admin("ledger")["entries"]
    assert sum(e["fen"] for e in entries if e["out_trade_no"] == row["reference"]) == 550


@pytest.mark.parametrize("channel", CHANNELS)
def test_a_code_scanned_at_the_payment_screen_pays(
    shop: Shop, opened: Opener, providers: dict[str, Provider], channel: Channel
) -> None:
    till = opened(shop)
    sign_in(till)
    till.send(f"{SMOKE}\r")
    till.wait_for("云岭香烟")
    till.send("\x1b[F")
    till.wait_for("实收")
    code = code_for(PAID, channel, 700 + len(str(shop.folder)))
    till.send(code + "\r")
    till.wait_for("000101010000001", timeout=15)
    assert code not in till.text()
    assert "找零" in till.text()
