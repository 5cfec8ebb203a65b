"""A manager's way through the pages in a real browser without JavaScript, on a phone and a desk."""

from __future__ import annotations

import os
import shutil
import socket
import threading
import time
from collections.abc import Iterator
from contextlib import contextmanager
from datetime import date
from pathlib import Path

import pytest
import uvicorn
from playwright.sync_api import Browser, Page, sync_playwright

from pos.clock import system_clock
from pos.headoffice import master
from pos.headoffice.database import open_database
from pos.headoffice.house import House, Keys, Settings
from pos.headoffice.pages import accounts
from pos.headoffice.service.app import make_app
from pos.invoices import link as links
from pos.protocol.master import Price, Product
from tests.headoffice.conftest import Office
from tests.headoffice.sides import Now

CHROMIUM = shutil.which("chromium")
FLAGS = [
    *("--no-sandbox", "--disable-gpu", "--disable-quic", "--no-first-run"),
    *("--disable-background-networking", "--disable-component-update", "--disable-sync"),
    "--disable-dev-shm-usage",
]
NEW = "a sentence of our own"
NUMBER = "000101010000001"
pytestmark = pytest.mark.skipif(
    CHROMIUM is None and not os.environ.get("CI"),
    reason="no chromium here; where CI is set this fails",
)


@contextmanager
def _serving(house: House) -> Iterator[str]:
    """Head office on a free port, its pages and its worker."""
    with socket.socket() as listening:
        listening.bind(("127.0.0.1", 0))
        config = uvicorn.Config(make_app(house), log_config=None, timeout_graceful_shutdown=2)
        server = uvicorn.Server(config)
        thread = threading.Thread(target=lambda: server.run(sockets=[listening]), daemon=True)
        thread.start()
        while not server.started and thread.is_alive():
            time.sleep(0.02)
        yield f"http://127.0.0.1:{listening.getsockname()[1]}"
        server.should_exit = True
        thread.join(10)


@pytest.fixture
def house(blank: Path, tmp_path: Path) -> Iterator[House]:
    shutil.copyfile(blank, tmp_path / "headoffice.db")
    database = open_database(str(tmp_path / "headoffice.db"))
    yield House(database, Keys(b"m" * 32, b"p" * 32, b"l" * 32), Settings(), system_clock())
    database.close()


@pytest.fixture
def sold(house: House) -> House:
    """Three orders of a day, taken in and made into tables."""
    from starlette.testclient import TestClient

    now = Now()
    at_the_time = House(house.database, house.keys, house.settings, now.clock())
    office = Office(at_the_time, TestClient(make_app(at_the_time)), now)
    side = office.till()
    for _ in range(3):
        side.ledger.sell()
    side.send(side.ledger.batch())
    office.project()
    office.client.close()
    master.put(house, [Product("S1", "矿泉水", "瓶", 1300), Price("S1", "", 200)], "import")
    return house


@pytest.fixture
def chromium(tmp_path: Path) -> Iterator[Browser]:
    assert CHROMIUM is not None, "CI needs chromium"
    with sync_playwright() as play:
        browser = play.chromium.launch(executable_path=CHROMIUM, args=FLAGS)
        yield browser
        browser.close()


def _fits(page: Page, width: int) -> None:
    """Nothing is wider than the screen."""
    box = page.locator("body").bounding_box()
    assert box is not None
    for name in ("main", "header", "h1"):
        found = page.locator(name).first.bounding_box()
        assert found is not None
        assert found["x"] >= 0
        assert found["x"] + found["width"] <= width, (page.url, name)
    assert box["width"] <= width


def _go(page: Page, label: str, width: int) -> None:
    """By the menu: on a phone it is opened first."""
    if width < 960:
        page.locator("details.menu summary").click()
        page.locator("details.menu a", has_text=label).first.click()
    else:
        page.locator("nav.side a", has_text=label).first.click()
    _fits(page, width)


@pytest.mark.parametrize("width", [360, 1280])
def test_a_manager_at_work(sold: House, chromium: Browser, width: int) -> None:
    once = accounts.add(sold, "wang", "manager", "", "test")
    with _serving(sold) as url:
        context = chromium.new_context(
            viewport={"width": width, "height": 760}, java_script_enabled=False, locale="zh-CN"
        )
        page = context.new_page()
        page.goto(url)
        assert page.url == f"{url}/sign-in"
        page.fill("[name=name]", "wang")
        page.fill("[name=password]", once)
        page.click("button.main")
        assert page.url == f"{url}/password"
        page.fill("[name=old]", once)
        page.fill("[name=new]", NEW)
        page.fill("[name=again]", NEW)
        page.click("button.main")
        assert "密码已改" in page.inner_text("[role=status]")
        page.goto(f"{url}/?day=2026-03-02")
        assert "16.50" in page.inner_text(".figure.first")
        shown = "narrow" if width == 360 else "wide"
        assert page.locator(f"svg.chart.{shown}").is_visible()
        _fits(page, width)
        _go(page, "订单", width)
        page.fill("[name=number]", NUMBER)
        page.click("form:has([name=number]) button")
        assert page.url == f"{url}/orders/{NUMBER}"
        assert "找零" in page.inner_text("main")
        _fits(page, width)
        _go(page, "商品与价格", width)
        page.click("text=矿泉水")
        page.fill("[name=price]", "2.50")
        page.fill("[name=since]", time.strftime("%Y-%m-%dT%H:%M", _tomorrow()))
        page.click("button[value=price]")
        assert "价格已记下" in page.inner_text("[role=status]")
        assert "待生效" in page.inner_text("main")
        assert "2.50" in page.inner_text("main")
        _fits(page, width)
        for label in ("日结", "低库存", "收银机", "拒收与冲突", "对账"):
            _go(page, label, width)
        page.click(".tongue")
        assert "Reconciliation" in page.inner_text("h1")
        page.click(".out button")
        assert page.url.startswith(f"{url}/sign-in")
        page.goto(f"{url}/orders")
        assert page.url == f"{url}/sign-in"
        context.close()


def test_a_customer_who_scans_a_receipt(sold: House, chromium: Browser) -> None:
    token = links.token(sold.keys.link, links.Link(NUMBER, date(2026, 3, 2), 550))
    now = Now()
    shown = House(sold.database, sold.keys, sold.settings, now.clock())
    with _serving(shown) as url:
        context = chromium.new_context(
            viewport={"width": 360, "height": 760}, java_script_enabled=False, locale="zh-CN"
        )
        page = context.new_page()
        faults: list[str] = []
        page.on("console", lambda told: faults.append(told.text))
        page.goto(f"{url}/i/{token}")
        assert "可开票金额\n5.50" in page.inner_text("dl")
        _fits(page, 360)
        slip = page.locator(".receipt").bounding_box()
        assert slip is not None
        assert slip["x"] >= 0
        assert slip["x"] + slip["width"] <= 360
        first = page.locator(".receipt s").first.evaluate("e => getComputedStyle(e).position")
        assert first == "absolute", "the receipt has its own style"
        page.click(".tongue")
        assert "Can be invoiced" in page.inner_text("dl")
        page.goto(f"{url}/i/{token[:-1]}")
        assert "scan the one on the receipt" in page.inner_text("[role=alert]")
        assert [f for f in faults if "404" not in f] == []
        context.close()


def _tomorrow() -> time.struct_time:
    return time.gmtime(time.time() + 86_400 + 8 * 3600)
