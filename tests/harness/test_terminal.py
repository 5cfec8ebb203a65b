"""The harness shows what a terminal would show, and leaves nothing behind."""

import os
import re
import signal
import sys
import time
from pathlib import Path

import pytest
from PIL import Image

from bench.screen import Faint, Screen
from bench.terminal import Terminal

RAW = "import os, sys, tty; tty.setraw(0); put = lambda text: os.write(1, text.encode());"

APP = """
from textual.app import App
from textual.widgets import Input, Static

class Till(App):
    CSS = "#sum { color: #ffcc00; background: #102030; text-style: bold underline; }"
    def compose(self):
        yield Static("应收 ¥20.73", id="sum")
        yield Input(placeholder="扫描条码")
        yield Static(id="size")
    def on_input_submitted(self, event):
        self.query_one("#sum").update("商品 " + event.value)
    def on_resize(self, event):
        self.query_one("#size").update(f"宽 {event.size.width} 高 {event.size.height}")

Till().run()
"""


def run(code: str, **options: object) -> Terminal:
    """The harness around a small child program."""
    return Terminal([sys.executable, "-c", code], **options)  # type: ignore[arg-type]


def shown(data: bytes, columns: int = 20, lines: int = 4) -> Screen:
    """A screen after some output."""
    screen = Screen(columns, lines, lambda _: None)
    screen.feed(data)
    return screen


def rows(screen: Screen) -> list[str]:
    """The rows of a screen as pyte has them."""
    return [row.rstrip() for row in screen.display]


def test_chinese_text_colours_and_attributes() -> None:
    code = r"""print("  \x1b[1;38;2;10;200;30;44m商品\x1b[0m 价格 \x1b[2m暗\x1b[4;9m线\x1b[0m。")"""
    with run(code) as terminal:
        assert terminal.wait_exit() == 0
        assert terminal.lines()[0] == "  商品 价格 暗线。"
        assert len(terminal.lines()) == 24
        assert terminal.find("价格") == (0, 7)
        assert terminal.find("没有") is None
        left, right = terminal.cell(0, 2), terminal.cell(0, 3)
        assert (left.data, left.fg, left.bg, left.bold) == ("商", "0ac81e", "blue", True)
        assert (right.data, right.bg) == ("", "blue")
        dim, struck, plain = (terminal.cell(0, x) for x in (12, 14, 16))
        assert isinstance(dim, Faint)
        assert not dim.underscore
        assert struck.underscore
        assert struck.strikethrough
        assert not isinstance(plain, Faint)
        assert (plain.data, plain.underscore) == ("。", False)


def test_a_cut_anywhere_changes_nothing_and_nothing_unknown_is_printed() -> None:
    unknown = [
        *("\x1b[>1u", "\x1b[<u", "\x1b[=0;1u", "\x1b[?u", "\x1b[?2026h", "\x1b[?2026$p"),
        *("\x1b[?2048h", "\x1b[?1016h", "\x1b[>4;2m", "\x1b[2 q", "\x1b[!p", "\x1b[4:3m"),
        *("\x1b]0;标题\x07", "\x1b]11;?\x1b\\", "\x1bP+q544e\x1b\\", "\x1b_Gi=1;AA\x1b\\"),
        *("\x1b[?3h", "\x1b[1;2A", "\x1b[1;1K", "\x1b[9J", "\x1b(B", "\x1b=", "\x1b[5\x1b[m"),
        *("\x9b<u", "\x9d0;标题\x9c", "\x1b(\x1b[m", "\x1b\x1b[m"),
    ]
    data = "".join(f"{n % 10}{sequence}" for n, sequence in enumerate(unknown)).encode()
    data += "\x1b[2;3H中\x1b[31m文\x1b[0m完".encode()
    digits = "".join(str(n % 10) for n in range(len(unknown)))
    for cut in range(len(data) + 1):
        screen = shown(data[:cut], columns=30)
        screen.feed(data[cut:])
        assert rows(screen) == [digits, "  中文完", "", ""], cut
        assert screen.buffer[1][4].fg == "red"
        assert not screen.buffer[0][29].underscore


def test_no_text_is_lost_behind_zero_width_characters() -> None:
    assert rows(shown("零\u200b宽\ufe0f后 e\u0301!".encode()))[0] == "零宽后 e\u0301!"


def test_a_wide_character_does_not_fit_the_last_column() -> None:
    assert rows(shown("abc中".encode(), columns=4))[:2] == ["abc", "中"]


@pytest.mark.parametrize(
    ("over", "row"), [("\x1b[1Ga", "a 文x"), ("\x1b[2Ga", " a文x"), ("\x1b[2G国", " 国 x")]
)
def test_half_a_wide_character_overwritten_leaves_a_blank(over: str, row: str) -> None:
    with run(f"print({'中文x' + over!r})") as terminal:
        terminal.wait_exit()
        assert terminal.lines()[0] == row


def test_the_alternate_screen_gives_the_main_one_back() -> None:
    screen = shown("主屏\x1b[?1049h\x1b[H\x1b[2J副".encode())
    assert rows(screen)[0] == "副"
    screen.feed("\x1b[?1049l回".encode())
    assert rows(screen)[0] == "主屏回"


def test_a_big_write_does_not_deadlock() -> None:
    code = (
        RAW
        + """
put("ready")
count = 0
while count < 20000:
    data = os.read(0, 512)
    count += len(data)
    os.write(1, data)
put(f"\\x1b[2J\\x1b[H收到 {count}")
"""
    )
    with run(code) as terminal:
        terminal.wait_for("ready")
        terminal.send(b"0123456789" * 2000)
        terminal.wait_for("收到 20000")
        assert terminal.wait_exit() == 0
        assert terminal.raw.startswith(b"ready0123456789")
        assert terminal.raw.count(b"0123456789") == 2000


def test_arrivals_are_ordered() -> None:
    code = RAW + 'put("a0 ")\nfor n in range(1, 6): os.read(0, 1); put(f"a{n} ")'
    with run(code) as terminal:
        last = terminal.wait_for("a0")
        assert terminal.started < last
        for n in range(1, 6):
            sent = terminal.send("x")
            arrived = terminal.wait_for(re.compile(rf"a{n} *$", re.MULTILINE))
            assert last <= sent <= arrived <= time.perf_counter()
            last = arrived
        assert terminal.wait_for(lambda t: t.find("a5") == (0, 15)) == last


def test_questions_are_answered_as_by_a_terminal() -> None:
    code = RAW + 'put("\\x1b[3;5H\\x1b[6n"); put(repr(os.read(0, 20)))'
    with run(code) as terminal:
        terminal.wait_for(r"\x1b[3;5R")


def test_exit_codes_signals_and_an_early_end() -> None:
    with run("raise SystemExit(7)") as terminal:
        assert terminal.wait_exit() == 7
        terminal.signal(signal.SIGTERM)  # has ended: reaches nobody
    with run("import time; print('活着'); time.sleep(60)") as terminal:
        terminal.wait_for("活着")
        terminal.signal(signal.SIGTERM)
        assert terminal.wait_exit() == -signal.SIGTERM
    with (
        run("print('出错了'); raise SystemExit(3)") as terminal,
        pytest.raises(AssertionError, match=r"(?s)'找零'.*ended with 3.*出错了"),
    ):
        terminal.wait_for("找零")


def test_a_timeout_shows_the_screen() -> None:
    with run("import time; print('等待付款'); time.sleep(60)") as terminal:
        terminal.wait_for("等待付款")
        with pytest.raises(AssertionError, match=r"(?s)'找零' is not shown.*等待付款"):
            terminal.wait_for("找零", timeout=0.05)


def test_close_kills_and_reaps_its_own_child() -> None:
    code = "import signal, time; signal.signal(signal.SIGHUP, signal.SIG_IGN); time.sleep(60)"
    before = set(os.listdir("/proc/self/fd"))
    with run(code) as terminal:
        os.kill(terminal.pid, 0)
    terminal.close()
    with pytest.raises(ProcessLookupError):
        os.kill(terminal.pid, 0)
    with pytest.raises(FileNotFoundError):
        Terminal(["/nowhere/no-such-program"])
    assert set(os.listdir("/proc/self/fd")) == before


def test_environment_size_and_controlling_terminal(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("COLUMNS", "33")
    monkeypatch.setenv("LC_ALL", "C")
    code = """
import os, signal, sys
def size(*_):  # no print: it may interrupt one
    told = *os.get_terminal_size(), os.getsid(0) == os.getpid()
    os.write(1, (" ".join(map(str, told)) + "\\n").encode())

signal.signal(signal.SIGWINCH, size)
print(*(os.environ.get(n) for n in ("TERM", "COLORTERM", "LANG", "LC_ALL", "COLUMNS", "SHOP")),
    flush=True)
os.close(os.open("/dev/tty", os.O_RDWR))
size()
sys.stdin.readline()
"""
    with run(code, columns=60, rows=10, env={"SHOP": "一号店"}, cwd=Path("/")) as terminal:
        terminal.wait_for("60 10 True")
        assert terminal.lines()[0] == "xterm-256color truecolor C.UTF-8 None None 一号店"
        terminal.resize(72, 12)
        terminal.wait_for("72 12 True")
        assert len(terminal.lines()) == 12


def test_a_textual_app() -> None:
    with run(APP, columns=40, rows=10) as terminal:
        terminal.wait_for("宽 40 高 10")
        assert terminal.find("应收") == (0, 0)
        cell = terminal.cell(0, 0)
        assert (cell.fg, cell.bg, cell.bold, cell.underscore) == ("ffcc00", "102030", True, True)
        terminal.send("6901234567892\r")
        terminal.wait_for("商品 6901234567892")
        terminal.resize(60, 12)
        terminal.wait_for("宽 60 高 12")
        painted = [line.strip("▊▎▔▁ ") for line in terminal.lines()]
        assert [s for s in painted if s] == ["商品 6901234567892", "6901234567892", "宽 60 高 12"]
        assert terminal.rss_mb() > 5
        assert b"\x1b[>" in terminal.raw
        terminal.send(b"\x11")
        assert terminal.wait_exit() == 0
        assert terminal.text().strip() == ""  # the main screen, without rubbish


def test_blocks_are_exact_in_the_picture(tmp_path: Path) -> None:
    code = r"""print("\x1b[?25l\x1b[38;2;255;255;255;48;2;0;0;0m▀▄█ \x1b[7m \x1b[0m")"""
    with run(code, columns=6, rows=2) as terminal:
        terminal.wait_exit()
        terminal.png(tmp_path / "screen.png", cell_height=20)
    picture = Image.open(tmp_path / "screen.png").convert("L")
    wide = picture.width // 6
    columns = [[picture.getpixel((x * wide + 1, y)) for y in range(20)] for x in range(5)]
    upper, lower = [255] * 10 + [0] * 10, [0] * 10 + [255] * 10
    assert columns == [upper, lower, [255] * 20, [0] * 20, [255] * 20]
    assert picture.height == 40
