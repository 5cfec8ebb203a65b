"""`pos scanner|scale|display test` on serial lines, and shelf labels."""

from __future__ import annotations

import os
import pty
import re
import threading
import time
import tty
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from pathlib import Path

import pytest

from pos.clock import Clock
from tests.cli.conftest import Pos
from tests.shop import Shop


@pytest.fixture(autouse=True)
def real_time(shop: Shop) -> None:
    hands = shop.hands
    shop.hands.clock = lambda: Clock(lambda: hands.at, time.monotonic)  # type: ignore[method-assign]


@pytest.fixture
def line() -> Iterator[tuple[int, str]]:
    master, slave = pty.openpty()
    tty.setraw(slave)
    yield master, os.ttyname(slave)
    os.close(master)
    os.close(slave)


def put(shop: Shop, old: str, new: str) -> None:
    text = shop.config_file.read_text("utf-8")
    assert old in text
    shop.config_file.write_text(text.replace(old, new, 1), "utf-8")


@contextmanager
def saying(write: Callable[[], object]) -> Iterator[None]:
    stop = threading.Event()

    def run() -> None:
        while not stop.wait(0.05):
            write()

    thread = threading.Thread(target=run)
    thread.start()
    try:
        yield
    finally:
        stop.set()
        thread.join()


def test_a_scanner_is_echoed(pos: Pos, shop: Shop, line: tuple[int, str]) -> None:
    section = f'[scanners.front]\nmode = "serial"\ndevice = "{line[1]}"\n\n[scale]\n'
    put(shop, "[scale]\n", section)
    with saying(lambda: os.write(line[0], b"]E06901234567892\r")):
        out = pos("scanner", "test", "--seconds", "0.4").out
    assert re.search(r"^= 6901234567892  E0", out, re.M)
    assert re.search(r"^\+ +\d+ ms  ", out, re.M)
    assert "other" in pos("scanner", "test", "other").why


def test_the_scale_and_the_display(pos: Pos, shop: Shop, line: tuple[int, str]) -> None:
    assert "[scale]" in pos("scale", "test").why
    assert "[display]" in pos("display", "test").why
    text = shop.config_file.read_text("utf-8")
    head, scale = text.split("\n[scale]\n")
    scale = scale.replace("enabled = false", "enabled = true", 1)
    scale = scale.replace('device = ""', f'device = "{line[1]}"', 1)
    scale = scale.replace('protocol = "toledo8217"', 'protocol = "acs"', 1)
    shop.config_file.write_text(f"{head}\n[scale]\n{scale}", "utf-8")
    with saying(lambda: os.write(line[0], b"ST,GS,+  0.535kg\r\n")):
        assert "= 0.535 kg" in pos("scale", "test", "--seconds", "0.5").out
    text = shop.config_file.read_text("utf-8")
    head, display = text.split("\n[display]\n")
    display = display.replace("enabled = false", "enabled = true", 1)
    display = display.replace('device = ""', f'device = "{line[1]}"', 1)
    shop.config_file.write_text(f"{head}\n[display]\n{display}", "utf-8")
    assert pos("display", "test", "--fen", "1250").code == 0
    os.set_blocking(line[0], False)
    assert b"\x1bQA12.50\r" in os.read(line[0], 4096)


def test_a_port_that_is_not_there_is_one_line(pos: Pos, shop: Shop) -> None:
    put(
        shop,
        "[scale]\n",
        '[scanners.front]\nmode = "serial"\ndevice = "/dev/serial/none"\n\n[scale]\n',
    )
    assert "/dev/serial/none" in pos("scanner", "test").why


def test_shelf_labels_of_what_is_found(pos: Pos, shop: Shop, tmp_path: Path) -> None:
    out = tmp_path / "labels.prn"
    words = ("catalog", "labels", "牛奶", "--printer", "x", "--out", str(out), "--json")
    assert pos(*words, "--copies", "2", by="1001").json == {"labels": 2, "state": "written"}
    data = out.read_bytes()
    assert "北麓纯牛奶250ml".encode("gb18030") in data
    assert b"PRINT 1,2" in data
    put(shop, "[drawer]\n", '[printers.label]\nconnection = "virtual"\n\n[drawer]\n')
    done = pos("catalog", "labels", "牛奶", "--printer", "label", "--json", by="1001").json
    assert done == {"labels": 1, "state": "printed"}
    kept = list((shop.folder / "data" / "printed").iterdir())
    assert any(b"PRINT 1,1" in path.read_bytes() for path in kept)
    assert pos("catalog", "labels", "没有", "--printer", "label", by="1001").code == 1
