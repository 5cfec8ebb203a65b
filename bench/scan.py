"""How long from a scan to its painted line, at 100 lines and 100,000 products; what gets lost."""

from __future__ import annotations

import sys
import time

from bench.figures import Result
from bench.shop import PRODUCTS, code_of, name_of, shop, sign_in, till
from bench.terminal import Terminal
from pos.store.reader import Reader
from tests.shop import Shop

OFFERS = 200
"""Live offers of the second figure; every second product of the order has one of its own."""

LINES = 100
_NO_FILE, _FILE = 'file = ""                  # 促销', 'file = "offers.toml"  # 促销'
_DELETE = "\x1b[3~"
_F_KEYS = ("\x1b[19~", "\x1b[20~", "\x1b[23~")  # F8 and F9 without a number, F11 without a meaning
ECHO = """
import os, sys, termios, tty
tty.setraw(0)
os.write(1, b"READY")
line = b""
n = 0
while True:
    data = os.read(0, 4096)
    for c in data:
        if c == 13:
            os.write(1, b"\\x1b[H\\x1b[2K" + line + b" SHOWN")
            line = b""
        else:
            line += bytes([c])
"""


def run(quick: bool, _full: bool) -> Result:
    """Scan one by one, then a thousand without a pause in three ways."""
    samples = 60 if quick else 300
    codes = 200 if quick else 1000
    result = Result("scan", samples)
    with shop(5000 if quick else PRODUCTS) as place:
        floor = _floor(samples)
        with till(place) as terminal:
            sign_in(terminal)
            terminal.send("".join(f"{code_of(n)}\r" for n in range(1, LINES + 1)))
            terminal.wait_for(name_of(LINES))
            result.add("scan_to_line", one_by_one(terminal, samples), floor)
            result.counts["rss_mb"] = round(terminal.rss_mb(), 1)
            terminal.send("\x1b[3;5~")
        with_offers(place)
        with till(place) as terminal:
            sign_in(terminal)
            _empty(terminal)
            terminal.send("".join(f"{code_of(n)}\r" for n in range(1, LINES + 1)))
            terminal.wait_for(name_of(LINES))
            terminal.wait_for("满减")
            result.add("scan_to_line_offers", one_by_one(terminal, samples), floor)
            terminal.send("\x1b[17~")
            terminal.wait_for("已挂单")
        without_offers(place)
        lost = glued = wrong = 0
        for way in (_in_one_write, _slowly, _with_f_keys):
            with till(place) as terminal:
                sign_in(terminal)
                _empty(terminal)
                sent = [code_of(1 + (n * 37) % 4999) for n in range(codes)]
                way(terminal, sent)
                got = _on_disk(place, terminal, len(sent))
                a, b, c = _compare(sent, got)
                lost, glued, wrong = lost + a, glued + b, wrong + c
                terminal.send("\x1b[3;5~")
        result.counts |= {"lost": lost, "glued": glued, "wrong": wrong}
    return result


def with_offers(place: Shop) -> None:
    """Put 200 live offers into the shop: prices, second halves, one for two, sums."""
    rows = []
    for n in range(OFFERS - 2):
        skus = f'["{1 + 2 * n:06d}", "{2 + 2 * n:06d}"]'
        kinds = (
            f'kind = "special"\nskus = {skus}\nrate = 9',
            f'kind = "nth"\nskus = {skus}\nqty = 2\nrate = 5\nmix = true',
            f'kind = "buy_get"\nskus = {skus}\nqty = 2\nfree = 1\nmix = true',
        )
        rows.append(f'[[offer]]\nid = "o{n}"\nname = "促销{n}"\n{kinds[n % 3]}\n')
    for n, amount in enumerate((50, 100)):
        rest = f'kind = "spend_off"\namount = {amount}\noff = {5 * n + 5}'
        rows.append(f'[[offer]]\nid = "less{n}"\nname = "满减{amount}"\n{rest}\n')
    (place.folder / "offers.toml").write_text("\n".join(rows), "utf-8")
    text = place.config_file.read_text("utf-8")
    place.config_file.write_text(text.replace(_NO_FILE, _FILE), "utf-8")


def without_offers(place: Shop) -> None:
    """The shop as it was; the offers end with an empty file."""
    (place.folder / "offers.toml").write_text("", "utf-8")


def _floor(samples: int) -> list[float]:
    times = []
    with Terminal([sys.executable, "-c", ECHO]) as terminal:
        terminal.wait_for("READY")
        for n in range(samples):
            sent = terminal.send(f"{code_of(n)}\r")
            times.append(terminal.wait_for(f"{code_of(n)} SHOWN") - sent)
    return times


def one_by_one(terminal: Terminal, samples: int, lines: int = LINES) -> list[float]:
    """Seconds from a scan to its painted line, above `lines` that stand there; it is taken off."""
    times = []
    for n in range(lines + 1, lines + 1 + samples):
        time.sleep(0.01)
        sent = terminal.send(f"{code_of(n)}\r")
        times.append(terminal.wait_for(name_of(n)) - sent)
        terminal.send(_DELETE)
        terminal.wait_for(f"已删 {name_of(n)}")
    return times


def _empty(terminal: Terminal) -> None:
    """Put aside what an earlier run left on the counter."""
    if "已恢复" in terminal.text():
        terminal.send("\x1b[17~")
        terminal.wait_for("已挂单")


def _in_one_write(terminal: Terminal, codes: list[str]) -> None:
    terminal.send("".join(f"{code}\r" for code in codes))


def _slowly(terminal: Terminal, codes: list[str]) -> None:
    for char in "".join(f"{code}\r" for code in codes):
        terminal.send(char)
        time.sleep(0.001)


def _with_f_keys(terminal: Terminal, codes: list[str]) -> None:
    terminal.send("".join(f"{_F_KEYS[n % len(_F_KEYS)]}{code}\r" for n, code in enumerate(codes)))


def _on_disk(place: Shop, terminal: Terminal, wanted: int) -> list[str]:
    """The codes of the open order, piece by piece, once they stop coming."""
    reader = Reader(place.place().path)
    pieces: list[str] = []
    deadline = time.monotonic() + 60
    while time.monotonic() < deadline:
        terminal.pump(0.3)
        order = next((o for o in reader.drafts() if o.state == "open"), None)
        now = [x.barcode for x in order.lines for _ in range(x.milli // 1000)] if order else []
        if len(now) >= wanted or (now and now == pieces):
            pieces = now
            break
        pieces = now
    reader.close()
    return pieces


def _compare(sent: list[str], got: list[str]) -> tuple[int, int, int]:
    known = set(sent)
    glued = sum(1 for code in got if code not in known)
    lost = max(0, len(sent) - len(got))
    wrong = sum(1 for a, b in zip(sent, got, strict=False) if a != b)
    return lost, glued, wrong
