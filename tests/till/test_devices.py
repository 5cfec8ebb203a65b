"""Labels of the shop's scale, a scanner on a serial line, a scale, the customer display."""

from __future__ import annotations

import os
import pty
import re
import threading
import time
import tty
from collections.abc import Callable, Iterator
from pathlib import Path

import pytest

from pos.clock import Clock
from tests.shop import MILK, PRODUCTS, Hands, Shop, make_shop
from tests.staged import ProductRow
from tests.till.person import Person

LABELS = (
    '[[scale_labels]]\npattern = "22xxxxxwwwwwc"\n\n'
    '[[scale_labels]]\npattern = "23xxxxxmmmmmc"\n\n[screen]\n'
)
PEARS = ProductRow("00123", "香梨", "kg", 1298, 900, (), weighed=1)


class RealTime(Hands):
    def clock(self) -> Clock:
        return Clock(lambda: self.at, time.monotonic)


class Line:
    """The other end of a serial line."""

    def __init__(self) -> None:
        self.master, self._slave = pty.openpty()
        tty.setraw(self._slave)
        self.device = os.ttyname(self._slave)
        self.heard = bytearray()
        os.set_blocking(self.master, False)

    def hear(self, what: bytes, seconds: float = 5) -> None:
        end = time.monotonic() + seconds
        while what not in self.heard:
            assert time.monotonic() < end, bytes(self.heard)
            try:
                self.heard += os.read(self.master, 1000)
            except BlockingIOError:
                time.sleep(0.005)

    def close(self) -> None:
        os.close(self.master)
        os.close(self._slave)


@pytest.fixture
def line() -> Iterator[Line]:
    made = Line()
    yield made
    made.close()


def shop_with(folder: Path, changes: dict[str, str]) -> Shop:
    shop = make_shop(folder, changes, [*PRODUCTS, PEARS])
    shop.hands = RealTime()
    return shop


def set_keys(shop: Shop, section: str, **keys: str) -> Shop:
    """Give keys of a section of config.toml other values."""
    head, _, rest = shop.config_file.read_text("utf-8").partition(f"\n[{section}]\n")
    for key, value in keys.items():
        rest = re.sub(rf"(?m)^{key} = .*$", f"{key} = {value}", rest, count=1)
    shop.config_file.write_text(f"{head}\n[{section}]\n{rest}", "utf-8")
    return shop


def with_check(digits: str) -> str:
    odd, even = (sum(int(c) for c in digits[start::2]) for start in (0, 1))
    return digits + str(-(odd + 3 * even) % 10)


def until(what: Callable[[], bool], seconds: float = 5) -> None:
    end = time.monotonic() + seconds
    while not what():
        assert time.monotonic() < end, "it never came"
        time.sleep(0.01)


def test_a_scale_s_label_sells_its_weight_or_its_amount(tmp_path: Path) -> None:
    person = Person(shop_with(tmp_path, {"[screen]\n": LABELS}))
    person.sign_in()
    person.scan(with_check("220012301535"))
    assert [(x.name, x.quantity, x.net) for x in person.order.lines] == [
        ("香梨", "1.535kg", "19.92")
    ]
    person.scan(with_check("230012300999"))
    assert person.order.lines[1].net == "9.99"
    assert person.order.lines[1].quantity == "0.77kg"
    total = person.order.total
    wrong = with_check("220012301535")
    person.scan(wrong[:-1] + str((int(wrong[-1]) + 1) % 10))
    assert (person.message.tone, person.order.total) == ("error", total)
    person.leave()


def test_a_payment_code_on_the_sale_screen_sells_nothing(tmp_path: Path) -> None:
    person = Person(shop_with(tmp_path, {}))
    person.sign_in()
    person.scan("134567890123456789")
    assert person.message.tone == "error"
    assert "付款码" in person.message.text
    assert "134567890123456789" not in person.message.text
    person.leave()


def test_a_scanner_on_a_serial_line_sells_like_a_keyboard(tmp_path: Path, line: Line) -> None:
    section = f'[scanners.front]\nmode = "serial"\ndevice = "{line.device}"\n\n[scale]\n'
    person = Person(shop_with(tmp_path, {"[scale]\n": section}))
    person.sign_in()
    os.write(line.master, b"]E0" + MILK.encode() + b"\r" + b"690001\r\n")
    found = []

    def came() -> bool:
        found.extend(person.till.scanned())
        return len(found) == 2

    until(came)
    for event in found:
        person.does(event)
    assert [x.name for x in person.order.lines] == ["北麓纯牛奶250ml", "清溪矿泉水550ml"]
    person.leave()


def test_the_scale_answers_for_the_fingers(tmp_path: Path, line: Line) -> None:
    shop = shop_with(tmp_path, {})
    keys = {"enabled": "true", "device": f'"{line.device}"', "protocol": '"acs"'}
    person = Person(set_keys(shop, "scale", **keys))
    person.sign_in()
    stop = threading.Event()

    def stand() -> None:
        while not stop.wait(0.05):
            os.write(line.master, b"ST,GS,+  0.535kg\r\n")

    thread = threading.Thread(target=stand)
    thread.start()
    try:
        person.scan("690003")
        until(lambda: person.till.view().order is not None and bool(person.order.lines))
    finally:
        stop.set()
        thread.join()
    assert [(x.name, x.quantity) for x in person.order.lines] == [("苹果", "0.535kg")]
    assert person.mode() == "selling"
    person.leave()


def test_without_a_weight_the_question_stays(tmp_path: Path, line: Line) -> None:
    shop = shop_with(tmp_path, {})
    keys = {"enabled": "true", "device": f'"{line.device}"', "wait_ms": "200"}
    person = Person(set_keys(shop, "scale", **keys))
    person.sign_in()
    person.scan("690003")
    until(lambda: person.till.view().message is not None and person.message.tone == "error")
    assert person.mode() == "asking"
    person.enter("0.4")
    assert person.order.lines[0].quantity == "0.4kg"
    person.leave()


def test_the_customer_sees_price_total_and_change(tmp_path: Path, line: Line) -> None:
    shop = shop_with(tmp_path, {})
    keys = {"enabled": "true", "device": f'"{line.device}"'}
    person = Person(set_keys(shop, "display", **keys))
    person.sign_in()
    person.scan(MILK)
    line.hear(b"\x1bQA5.50\r\x1bs1")
    person.enter()
    line.hear(b"\x1bs2")
    person.enter("20")
    line.hear(b"\x1bQA14.50\r\x1bs4")
    person.leave()
