"""The screens in a real terminal: bytes in, a painted screen and an exit code out."""

from __future__ import annotations

import os
import signal
import sys
import time
from collections.abc import Iterator
from pathlib import Path

import pytest

from bench.terminal import Terminal
from tests.screens.test_router import EAN

ROOT = Path(__file__).parents[2]


@pytest.fixture
def terminal(tmp_path: Path) -> Iterator[Terminal]:
    argv = [sys.executable, "-m", "tests.screens.child", str(tmp_path)]
    with Terminal(argv, cwd=ROOT) as found:
        found.wait_for("F1 帮助", 20)
        found.pump(0.2)
        yield found


def told(tmp_path: Path, count: int = 1) -> list[str]:
    """What reached the counter; the signs of a code are on the screen before it is."""
    end = time.monotonic() + 10
    while True:
        lines = (tmp_path / "events").read_text(encoding="utf-8").splitlines()
        if len(lines) >= count or time.monotonic() > end:
            return lines
        time.sleep(0.02)


def scanned(code: str) -> str:
    """A scan as it is told."""
    return f"Entered(text={code!r}, burst=True)"


@pytest.mark.parametrize("start", ["6", "A", "-", "]", "%"])
def test_escape_and_a_scan_in_one_write(terminal: Terminal, tmp_path: Path, start: str) -> None:
    code = start + "901234567890"
    terminal.send("\x1b" + code + "\r")
    terminal.wait_for(code)
    assert told(tmp_path, 2) == ["Acted(command='back', text='')", scanned(code)]


def test_a_function_key_and_a_scan_in_one_write(terminal: Terminal, tmp_path: Path) -> None:
    terminal.send(f"\x1b[17~{EAN}\r\x1b[A{EAN[::-1]}\r")
    terminal.wait_for(EAN[::-1])
    assert told(tmp_path, 4) == [
        "Acted(command='hold', text='')",
        scanned(EAN),
        "Acted(command='up', text='')",
        scanned(EAN[::-1]),
    ]


def test_an_operator_typed_by_a_program_acts(terminal: Terminal, tmp_path: Path) -> None:
    terminal.send("3*")
    terminal.pump(0.3)
    terminal.send("\x1b[200~" + EAN + "\n\x1b[201~")
    terminal.wait_for(EAN)
    assert told(tmp_path, 2) == ["Acted(command='quantity', text='3')", scanned(EAN)]


def test_a_crash_is_calm_and_exits_1(terminal: Terminal, tmp_path: Path) -> None:
    terminal.send("\x1b[23~")
    assert terminal.wait_exit() == 1
    assert "收银程序出错" in terminal.text()
    assert "Traceback" not in terminal.text()
    assert "123456" not in (tmp_path / "pos.log").read_text(encoding="utf-8")
    assert told(tmp_path)[-1] == "stopped"
    assert b"\x1b[?1049l" in terminal.raw


def test_quitting_exits_0_and_gives_the_terminal_back(terminal: Terminal, tmp_path: Path) -> None:
    terminal.send("\x1b[24~")
    assert terminal.wait_exit() == 0
    assert b"\x1b[?1049l" in terminal.raw
    assert told(tmp_path)[-1] == "stopped"


@pytest.mark.parametrize("number", [signal.SIGTERM, signal.SIGHUP, signal.SIGINT])
def test_a_signal_ends_in_order(terminal: Terminal, tmp_path: Path, number: int) -> None:
    terminal.signal(number)
    assert terminal.wait_exit() == 0
    assert b"\x1b[?1049l" in terminal.raw
    assert told(tmp_path) == ["stopped"]
    assert not (tmp_path / "pos.log").exists()


def test_control_z_and_stop_signals_do_not_stop(terminal: Terminal) -> None:
    terminal.signal(signal.SIGTSTP)
    terminal.send("\x1a" + EAN + "\r")
    terminal.wait_for(EAN)


def test_a_closed_window_ends_in_order_also_under_nohup(tmp_path: Path) -> None:
    """As under nohup, where the hang-up signal is ignored from the start."""
    argv = ["/bin/sh", "-c", 'trap "" HUP; exec "$@"', "-", sys.executable]
    with Terminal([*argv, "-m", "tests.screens.child", str(tmp_path)], cwd=ROOT) as terminal:
        terminal.wait_for("F1 帮助", 20)
        os.close(terminal._master)
        terminal._master = os.open(os.devnull, os.O_RDWR)
        assert terminal._process.wait(15) == 0
        assert told(tmp_path) == ["stopped"]
