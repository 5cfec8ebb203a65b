"""The picture of the paper."""

from __future__ import annotations

import io
from pathlib import Path

import pytest
from PIL import Image

from pos.simulators.printer import Model, fonts
from pos.simulators.printer.fonts import FONT_VARIABLE, Glyphs, NoFontError, find_font
from pos.simulators.printer.picture import LONGEST, PAPER, SIDE, burned, draw, png
from tests.simulators.printer.papers import HANZI, PRINT_QR, gb, one, store_qr


@pytest.fixture
def font() -> Path:
    try:
        return find_font()
    except NoFontError:
        pytest.skip("no Chinese font")


def inked(raw: bytes, box: tuple[int, int, int, int]) -> int:
    """Burned dots within a box of the paper."""
    return sum(burned(one(raw)).crop(box).histogram()[128:])


def test_characters_lie_on_the_grid_of_dots(font: Path) -> None:
    burn = burned(one(HANZI + gb("国") + b" M\n"), font)
    assert burn.crop((0, 0, 24, 24)).getbbox() is not None
    assert burn.crop((24, 0, 36, 24)).getbbox() is None
    assert burn.crop((36, 0, 48, 24)).getbbox() is not None
    assert burn.crop((48, 0, 576, 24)).getbbox() is None


def test_enlarged_characters_repeat_their_dots(font: Path) -> None:
    small = burned(one(HANZI + gb("国") + b"\n"), font).crop((0, 0, 24, 24))
    large = burned(one(HANZI + b"\x1d!\x11" + gb("国") + b"\n"), font).crop((0, 0, 48, 48))
    assert large.tobytes() == small.resize((48, 48), Image.Resampling.NEAREST).tobytes()


def test_styles_are_seen(font: Path) -> None:
    box = (0, 0, 12, 24)
    plain = inked(b"E\n", box)
    assert inked(b"\x1bE\x01E\n", box) > plain
    assert inked(b"\x1b-\x02E\n", box) > plain
    assert inked(b"\x1dB\x01E\n", box) == 12 * 24 - plain
    turned = burned(one(b"\x1b{\x01E\n"), font)
    assert turned.crop((564, 0, 576, 24)).rotate(180).tobytes() == (
        burned(one(b"E\n"), font).crop(box).tobytes()
    )


def test_small_characters(font: Path) -> None:
    burn = burned(one(b"\x1bM\x01MM\n"), font)
    assert burn.crop((0, 0, 9, 17)).tobytes() == burn.crop((9, 0, 18, 17)).tobytes()
    assert burn.crop((0, 17, 18, 30)).getbbox() is None


def test_a_qr_code_is_read_from_the_finished_picture(font: Path) -> None:
    zxingcpp = pytest.importorskip("zxingcpp")
    receipt = one(
        HANZI + b"\x1ba\x01" + gb("扫码开票") + b"\n" + store_qr(b"https://fp.example/")
        + PRINT_QR + b"\x1dH\x03\x1dw\x02\x1dkI\x08{B010203" + gb("谢谢惠顾") + b"\n",
        Model.of_width(58),
    )  # fmt: skip
    picture = Image.open(io.BytesIO(png(receipt, font)))
    assert picture.width == 384 + 2 * SIDE
    assert picture.getpixel((2, 2)) == PAPER
    found = sorted(code.text for code in zxingcpp.read_barcodes(picture))
    assert found == ["010203", "https://fp.example/"]


def test_a_very_long_receipt_is_cut_short_in_the_picture(font: Path) -> None:
    assert burned(one(b"a\n" + b"\x1bd\xff" * 100), font).height == LONGEST
    assert draw(one(b"a\n"), font).height < 500


def test_no_font(monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> None:
    monkeypatch.setattr(fonts, "_folders", lambda: [tmp_path])
    monkeypatch.delenv(FONT_VARIABLE, raising=False)
    find_font.cache_clear()
    try:
        with pytest.raises(NoFontError, match="fonts-noto-cjk"):
            find_font()
        monkeypatch.setenv(FONT_VARIABLE, str(tmp_path / "mine.ttf"))
        assert find_font() == tmp_path / "mine.ttf"
    finally:
        find_font.cache_clear()
    (tmp_path / "broken.ttf").write_bytes(b"no font")
    with pytest.raises(NoFontError, match=r"broken\.ttf"):
        Glyphs(tmp_path / "broken.ttf").glyph("a", "A", False, False)
    with pytest.raises(NoFontError, match=r"none\.ttc"):
        Glyphs(tmp_path / "none.ttc").glyph("a", "A", False, False)
