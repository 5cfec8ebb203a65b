"""A cashier's day in a real terminal, by keyboard alone."""

from __future__ import annotations

import platform
import signal
import time
from itertools import pairwise
from pathlib import Path

import pytest

from pos.store.reader import Reader
from pos.store.verify import verify_ledger
from tests.pty.conftest import Opener, sign_in
from tests.shop import MILK, SMOKE, WATER, Shop

F1, F11, F6, F8, F12, END, DELETE = (
    "\x1bOP", "\x1b[23~", "\x1b[17~", "\x1b[19~", "\x1b[24~", "\x1b[F", "\x1b[3~",
)  # fmt: skip


ARENA = 64 << 20
"""A heap of its own begins and ends at a multiple of this: what is used, then what is reserved
(`HEAP_MAX_SIZE` of glibc's malloc/arena.c)."""


def path(shop: Shop):  # type: ignore[no-untyped-def]
    return shop.place().path


def test_a_sale_from_sign_in_to_change(shop: Shop, opened: Opener) -> None:
    till = opened(shop)
    sign_in(till)
    till.send(f"{WATER}\r")
    till.wait_for("清溪矿泉水550ml")
    till.send("3*")
    till.wait_for("3 x")
    till.send(f"{MILK}\r")
    till.wait_for("18.50")
    till.send("+")
    till.wait_for("实收")
    till.send("100\r")
    till.wait_for("81.50")
    till.wait_for("000101010000001")
    [row] = Reader(path(shop)).orders()
    assert (row.state, row.total_fen, row.change_fen) == ("closed", 1850, 8150)
    till.send(F12)
    till.wait_for("历次结单")
    till.send(F12)
    till.wait_for("输工号")
    till.send("\x11")
    assert till.wait_exit() == 0
    assert verify_ledger(path(shop)).ok


@pytest.mark.skipif(platform.libc_ver()[0] != "glibc", reason="asks how glibc shares out memory")
def test_the_threads_of_a_till_share_one_heap(shop: Shop, opened: Opener) -> None:
    till = opened(shop)
    sign_in(till)
    till.send(f"{WATER}\r")
    till.wait_for("清溪矿泉水550ml")
    proc = Path(f"/proc/{till.pid}")
    assert len(list((proc / "task").iterdir())) > 2
    maps = [line.split() for line in (proc / "maps").read_text().splitlines()]
    found = [
        (used[0], rest[0])
        for used, rest in pairwise(maps)
        if used[1].startswith("rw") and rest[1].startswith("---")
        if int(used[0].partition("-")[0], 16) % ARENA == 0
        if int(rest[0].partition("-")[2], 16) % ARENA == 0
    ]
    assert found == []


@pytest.mark.parametrize("end", ["\r", "\n", "\r\n", "\t"])
def test_every_suffix_a_scanner_can_have(shop: Shop, opened: Opener, end: str) -> None:
    till = opened(shop)
    sign_in(till)
    till.send(f"{WATER}{end}{MILK}{end}{WATER}{end}")
    till.wait_for("9.50")
    text = till.text()
    assert text.count("清溪矿泉水550ml") == 2
    assert "实收" not in text


def test_a_paste_is_a_scan(shop: Shop, opened: Opener) -> None:
    till = opened(shop)
    sign_in(till)
    till.send(f"\x1b[200~{WATER}\n{MILK}\n\x1b[201~")
    till.wait_for("7.50")


def test_f_keys_and_escape_right_before_a_code(shop: Shop, opened: Opener) -> None:
    till = opened(shop)
    sign_in(till)
    for head in (F11, F8, F1, "\x1b"):
        till.send(f"{head}{WATER}\r{head}{MILK}\r")
    till.wait_for("30.00")
    order = Reader(path(shop)).drafts()[0]
    assert [line.barcode for line in order.lines] == [WATER, MILK] * 4


def test_full_width_digits_and_rubbish(shop: Shop, opened: Opener) -> None:
    till = opened(shop)
    sign_in(till)
    till.send("６９０００１\r")
    till.wait_for("清溪矿泉水550ml")
    for rubbish in ("[/]", "[@click=app.quit]x[/]", "x" * 70, "=cmd|calc"):
        till.send(f"{rubbish}\r")
        till.pump(0.2)
        assert till.find("清溪矿泉水550ml")
    till.send(f"{MILK}\r")
    till.wait_for("7.50")


def test_hold_in_one_key_and_the_next_customer(shop: Shop, opened: Opener) -> None:
    till = opened(shop)
    sign_in(till)
    till.send(f"{WATER}\r{F6}{MILK}\r")
    till.wait_for("5.50")
    till.send(F6)
    till.wait_for("已挂单")
    assert len(Reader(path(shop)).drafts()) == 2


def test_a_killed_till_brings_every_line_back(shop: Shop, opened: Opener) -> None:
    till = opened(shop)
    sign_in(till)
    till.send(f"{SMOKE}\r{MILK}\r{WATER}\r")
    till.wait_for("清溪矿泉水550ml")
    till.signal(signal.SIGKILL)
    till.wait_exit()
    till = opened(shop)
    till.wait_for("工号")
    till.send("1001\r135790\r")
    till.wait_for("32.50")
    for name in ("云岭香烟", "北麓纯牛奶250ml", "清溪矿泉水550ml"):
        assert till.find(name)


@pytest.mark.parametrize("signum", [signal.SIGTERM, signal.SIGHUP])
def test_a_signal_restores_the_terminal_and_keeps_the_draft(
    shop: Shop, opened: Opener, signum: int
) -> None:
    till = opened(shop)
    sign_in(till)
    till.send(f"{WATER}\r")
    till.wait_for("清溪矿泉水550ml")
    till.signal(signum)
    till.wait_exit()
    assert b"\x1b[?1049l" in till.raw
    assert len(Reader(path(shop)).drafts()[0].lines) == 1
    assert Reader(path(shop)).meta("clean") == "1"


def test_a_second_till_gets_one_line(shop: Shop, opened: Opener) -> None:
    first = opened(shop)
    sign_in(first)
    second = opened(shop)
    assert second.wait_exit() == 1
    assert "账本正被占用" in second.raw.decode("utf-8", "replace")


def test_a_config_typo_stops_the_start_with_its_line(shop: Shop, opened: Opener) -> None:
    text = shop.config_file.read_text("utf-8").replace("most_held", "most_hold")
    shop.config_file.write_text(text, "utf-8")
    till = opened(shop)
    assert till.wait_exit() == 1
    line = text.splitlines().index(next(x for x in text.splitlines() if "most_hold" in x)) + 1
    said = till.raw.decode("utf-8", "replace")
    assert f"第 {line} 行" in said
    assert "most_held" in said


def test_the_pin_is_never_on_the_screen(shop: Shop, opened: Opener) -> None:
    till = opened(shop)
    till.wait_for("工号")
    till.send("1001\r")
    till.wait_for("密码")
    for char in "135790":
        till.send(char)
        time.sleep(0.02)
    till.pump(0.2)
    assert "1357" not in till.text()
    till.send("\r")
    till.wait_for("营业日")
    assert b"135790" not in till.raw
