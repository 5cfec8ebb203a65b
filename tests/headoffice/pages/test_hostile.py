"""Names out of hell on every page: nothing of them is markup, nothing of them is unseen."""

from __future__ import annotations

import re
from html.parser import HTMLParser

from pos.headoffice import master, tills
from pos.headoffice.database import Work
from pos.headoffice.pages import accounts
from pos.headoffice.pages.site import TABLE
from pos.headoffice.rows import COLUMNS
from pos.protocol.master import Barcode, Price, Product
from tests.headoffice.conftest import Office
from tests.headoffice.pages.conftest import Visitor
from tests.headoffice.sides import DAY
from tests.trust import SIZE
from tests.trust.corpus import HOSTILE, SURROGATE

PAGES = {"script", "attribute", "title", "address", "template", "entity", "bidi", "escape", "c1"}
# a database keeps no NUL and no half of a sign; a column of a key holds 128
CORPUS = tuple(
    text.replace("\0", "")[:120]
    for name, text in HOSTILE.items()
    if name not in SURROGATE and (name in PAGES or SIZE.name != "test")
)
NUMBER = "000101010000001"
_ALLOWED = {"html", "head", "meta", "title", "link", "body", "header", "a", "svg", "rect", "form"}
_ALLOWED |= {"input", "span", "button", "details", "summary", "nav", "div", "main", "h1", "h2"}
_ALLOWED |= {"p", "small", "section", "table", "thead", "tbody", "tfoot", "tr", "th", "td", "dl"}
_ALLOWED |= {"dt", "dd", "b", "i", "br", "label", "select", "option", "textarea", "pre", "code"}
_ALLOWED |= {"line", "g", "text"}


class Seen(HTMLParser):
    """Fails at what no template of ours has."""

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        assert tag in _ALLOWED, tag
        for name, value in attrs:
            assert not name.startswith("on"), (tag, name)
            assert name not in ("style", "src", "srcdoc"), (tag, name)
            if name in ("href", "action"):
                assert value is not None
                assert re.match(r"/(?!/)", value), value

    def handle_data(self, data: str) -> None:
        assert not re.search(r"[\x00-\x09\x0b-\x1f\x7f-\x9f\u202a-\u202e\u2066-\u2069\u200b]", data)


def _fill(office: Office, bad: str) -> str:
    """The text in every place a page shows."""
    tills.add(office.house, "0001", "01", bad)
    sku = f"S{bad}"
    master.put(
        office.house,
        [
            Product(sku, bad, bad, 1300, category=bad, low_milli=9),
            Barcode("69", sku),
            Price(sku, "", 200),
            Price(sku, "2027-01-01T00:00:00.000Z", 300),
        ],
        bad,
    )
    texts = {"name", "sku", "barcode", "unit", "operator", "reason", "reference", "way", "kind"}
    texts |= {"owner", "approver", "adjustments"}
    known: dict[str, str | int] = {"shop_id": "0001", "till_id": "01", "number": NUMBER}
    known |= {"state": "closed", "ways": "" if set(bad) & {":", ","} else f"{bad}:1"}
    known |= {"business_date": DAY, "order_id": "o"}
    times = {"opened_at", "closed_at", "ended_at", "at"}

    def cell(name: str) -> str | int:
        if name in times:
            return "2026-03-02T02:00:00.000Z"
        if name in ("shift_id", "person_id"):
            return "s"
        return known.get(name, bad if name in texts else 1)

    def put(work: Work) -> None:
        for table in ("orders", "order_lines", "order_tenders", "closes", "shift_closes", "counts"):
            names = COLUMNS[table].split()
            row = [cell(name) for name in names]
            work.put(table, COLUMNS[table], [tuple(row)])
        work.put("stock", "shop_id sku milli version", [("0001", sku, -5, 1)])
        seen = "UPDATE tills SET state = 'active', seen_state = :b, version = :b, seen_at = :b"
        work.do(seen, b=bad)
        gap = ("0001", "01", 1, 5, 6, bad, bad)
        work.put("gaps", "shop_id till_id epoch from_jn to_jn kind since", [gap])
        flaw = ("0001", "01", 1, 9, bad, bad, bad)
        work.put("flaws", "shop_id till_id epoch jn kind why found_at", [flaw])
        columns = "shop_id till_id epoch jn hash verdict code body previous signature received_at"
        aside = ("0001", "01", 1, 7, "ab" * 32, "conflict", bad, bad, "", bad, bad, bad, bad, "")
        work.put("quarantine", columns + " decision decided_by decided_at", [aside])

    office.house.database.run(put)
    return sku


def test_no_name_becomes_markup_on_any_page(office: Office, visitor: Visitor) -> None:
    owner = visitor("owner")
    places = {"number": NUMBER, "ref": "0001-01-1-7-" + "ab" * 32, "token": "x", "no": "x"}
    allowed = {"/product": (200, 422), "/i/x": (404,), "/invoices/x": (422,)}
    tables = [*COLUMNS, "stock", "gaps", "flaws", "quarantine", "items", "changes", "products"]

    def clear(work: Work) -> None:
        for table in tables:
            work.do(f"DELETE FROM {table}")

    for bad in CORPUS:
        office.now.later(minutes=5)  # so many pages a minute are too many
        sku = _fill(office, bad)
        for page in TABLE:
            if page.method != "GET":
                continue
            path = page.path.format(**places)
            query = {"day": DAY, "sku": sku, "settled": "1"}
            answer = owner.client.get(path, params=query)
            assert answer.status_code in allowed.get(path, (200,)), (path, bad)
            Seen().feed(answer.text)
        for path, name in (("/orders", "number"), ("/", "day"), ("/products", "q"), ("/", "shop")):
            Seen().feed(owner.client.get(path, params={name: bad, "lang": bad, "done": bad}).text)
        data = {"act": "add", "name": bad, "role": bad, "shop": bad}
        Seen().feed(owner.post("/accounts", data).text)
        office.house.database.run(clear)


def test_a_hostile_name_at_the_door(visitor: Visitor, office: Office) -> None:
    browser = visitor()
    for bad in CORPUS[:3]:
        answer = browser.post("/sign-in", {"name": bad, "password": bad})
        assert answer.status_code == 422
        Seen().feed(answer.text)
    assert not accounts.listed(office.house)
