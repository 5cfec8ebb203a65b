"""From the code on the paper to the issued invoice: a customer's phone, without JavaScript.

A till sells and prints; the code is read from the picture of its paper; head office serves the
page; the platform is the simulator, which calls back over HTTP.
"""

from __future__ import annotations

import io
import os
from collections.abc import Iterator
from contextlib import closing
from pathlib import Path

import pytest
import zxingcpp
from msgspec.structs import replace
from PIL import Image
from playwright.sync_api import Page, sync_playwright

from pos.cli import joining
from pos.clock import business_date, system_clock
from pos.config import load
from pos.devices import Printer
from pos.hardware.receipt import receipt_bytes
from pos.record import Where
from pos.simulators.printer import Model, interpret
from pos.simulators.printer.picture import png
from pos.simulators.tax import Settings as Pace
from pos.simulators.tax import TaxSimulator
from pos.store import invoices
from pos.store.reader import Reader
from pos.till.receipts import order_slip
from tests.headoffice.invoicing.desk import COMPANY, owner
from tests.headoffice.pages.test_browser import CHROMIUM, FLAGS
from tests.shop import MILK, WATER, make_shop
from tests.store.conftest import fill
from tests.sync.office import Office, TillSide

LOOK = os.environ.get("POS_PICTURES", "")
"""A folder that gets pictures of the pages, for people to look at."""
ISSUED_MS = 15_000
pytestmark = pytest.mark.skipif(
    CHROMIUM is None and not os.environ.get("CI"),
    reason="no chromium here; where CI is set this fails",
)


@pytest.fixture
def platform(tmp_path: Path) -> Iterator[TaxSimulator]:
    pace = Pace(issue_s=0.2, sign_s=0.2)
    with TaxSimulator(tmp_path / "tax", settings=pace, keep=False) as sim:
        yield sim


@pytest.fixture
def office(tmp_path: Path, platform: TaxSimulator) -> Iterator[Office]:
    one = Office(tmp_path / "ho")
    one.house.settings = replace(one.house.settings, invoices=owner(one.folder, platform))
    one.house.reached_by(one.port)
    server = replace(one.house.settings.server, url=one.url)
    one.house.settings = replace(one.house.settings, server=server)
    yield one
    one.stop()


@pytest.fixture
def page() -> Iterator[Page]:
    """A phone's."""
    assert CHROMIUM is not None, "CI needs chromium"
    with sync_playwright() as play:
        browser = play.chromium.launch(executable_path=CHROMIUM, args=FLAGS)
        context = browser.new_context(
            viewport={"width": 360, "height": 760},
            device_scale_factor=2,
            is_mobile=True,
            java_script_enabled=False,
            locale="zh-CN",
        )
        yield context.new_page()
        browser.close()


@pytest.fixture
def side(office: Office, tmp_path: Path) -> Iterator[TillSide]:
    """A till that joined head office, which told it all that the code needs."""
    (tmp_path / "till").mkdir()
    shop = make_shop(tmp_path / "till")
    shop.hands.at = system_clock().now()
    found = joining.join(shop.config_file, joining.Door(office.code(), office.url, "", "zh"))
    own = load(shop.config_file).settings.invoices
    assert (own.owner, own.link) == ("headoffice", office.url)
    with closing(TillSide(shop, found, office.url)) as one:
        yield one


def _paper(office: Office, side: TillSide) -> tuple[Image.Image, str]:
    """What the till printed of a sale whose record is at head office; the sale's number."""
    where = Where("1001", "shift-1", business_date(side.shop.hands.at, 4).isoformat())
    ended = side.ledger.close_order(fill(side.ledger, WATER, MILK), where)
    side.visit()
    assert len(office.inbox()) == side.ledger.head.jn
    config = load(side.shop.config_file)
    with closing(Reader(config.ledger)) as reader:
        layout = order_slip(config, reader, ended.order_id, "sale")
    (receipt,) = interpret(receipt_bytes(layout, Printer()).data, Model(dots=576))
    return Image.open(io.BytesIO(png(receipt))), ended.number


def _link_on(paper: Image.Image) -> str:
    found = [code.text for code in zxingcpp.read_barcodes(paper)]
    (url,) = (text for text in found if text.startswith("http"))
    return str(url)


def _look(page: Page, name: str) -> None:
    """Nothing is wider than the phone; kept as a picture where somebody wants to see it."""
    assert page.locator("html").evaluate("e => e.scrollWidth") <= 360, name
    if LOOK:
        page.screenshot(path=Path(LOOK) / f"{name}.png", full_page=True)


def test_from_the_paper_to_the_invoice(
    office: Office, side: TillSide, platform: TaxSimulator, page: Page
) -> None:
    paper, number = _paper(office, side)
    url = _link_on(paper)
    if LOOK:
        paper.save(Path(LOOK) / "paper.png")
    page.goto(url)
    page.locator("#form").wait_for()
    assert "7.40" in page.inner_text("dl")
    _look(page, "form-zh")
    page.fill("[name=title]", COMPANY["title"])
    page.fill("[name=tax_id]", "914403007084611360")
    page.click("button.main")
    assert "校验位不符" in page.inner_text(".doubt")
    assert page.input_value("[name=title]") == COMPANY["title"], "nothing is typed twice"
    _look(page, "doubt-zh")
    page.fill("[name=tax_id]", COMPANY["tax_id"])
    page.fill("[name=email]", COMPANY["email"])
    page.click("button.main")
    assert page.inner_text(".state") == "正在开具"
    _look(page, "issuing-zh")
    page.locator(".invoice.issued").wait_for(timeout=ISSUED_MS)
    (sent,) = platform.book.invoices.values()
    assert sent.data["buyerTaxNum"] == COMPANY["tax_id"]
    assert sent.number in page.inner_text(".invoice")
    assert page.get_attribute("a.button.main", "href") == f"{platform.url}/file/{sent.number}.pdf"
    _look(page, "issued-zh")
    page.click(".tongue")
    assert "Download PDF" in page.inner_text(".papers")
    _look(page, "issued-en")
    page.goto(url)
    assert sent.number in page.inner_text(".invoice"), "a second scan shows the same"
    assert page.locator("form.buyer").count() == 0
    assert len(platform.book.invoices) == 1
    side.visit()
    with closing(Reader(load(side.shop.config_file).ledger)) as reader:
        told = invoices.at_headoffice(reader, number)
    assert told is not None
    assert (told.status, told.invoice_no) == ("issued", sent.number), "the till knows, too"
