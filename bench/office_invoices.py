"""Head office issues: customers' forms over HTTP, the platform's lost answers and callbacks.

Both ends are real servers on loopback. Time at head office and at the platform runs faster than on
the wall, so that pauses of minutes fit in.
"""

from __future__ import annotations

import re
import time
from collections import Counter
from datetime import UTC, date, datetime
from http.client import HTTPConnection
from pathlib import Path
from random import Random
from urllib.parse import urlencode, urlsplit

from msgspec.structs import replace

from bench.figures import Result
from pos.clock import Clock, business_date
from pos.invoices import link as links
from pos.simulators.tax import Settings, TaxSimulator
from pos.simulators.wallets.clock import WalletClock
from tests.headoffice.invoicing.desk import COMPANY, owner
from tests.sync.office import Office, enrol_till

SEED = 20260727
FASTER = 40
_TROUBLE = (
    *("lost", "dropped", "half", "unavailable", "lost_hidden", "unsigned"),
    *("callback_late", "callback_twice", "callback_never"),
)
_GOOD_OF_TEN = 5
_LONGEST_S = 150.0
_CSRF = re.compile(r'name="csrf" value="([0-9a-f]{64})"')
FEN = 740


class _Wall:
    """The machine's time, from `begin` on so many times as fast."""

    def __init__(self) -> None:
        self._since = 0.0

    def begin(self) -> None:
        """Faster from now on."""
        self._since = time.time()

    def __call__(self) -> float:
        now = time.time()
        return now + (now - self._since) * (FASTER - 1) if self._since else now


def measure(folder: Path, count: int, result: Result) -> None:
    """`form` and `issuing_page` as a customer waits for them; exactly one invoice an order."""
    wall = _Wall()
    clock = Clock(lambda: datetime.fromtimestamp(wall(), UTC), time.monotonic)
    pace = Settings(issue_s=2.0, sign_s=2.0, hang_s=2.0)
    with TaxSimulator(folder / "tax-ho", clock=WalletClock(wall), settings=pace, keep=False) as sim:
        office = Office(folder / "ho-issues", clock)
        try:
            _set_up(office, sim)
            numbers, day = _sold(office, folder / "till-ho", count)
            wall.begin()
            _customers(office, sim, numbers, day, result)
        finally:
            office.stop()


def _set_up(office: Office, sim: TaxSimulator) -> None:
    old = office.house.settings
    office.house.settings = replace(
        old,
        invoices=owner(office.folder, sim),
        server=replace(old.server, url=office.url),
        limits=replace(old.limits, invoices_per_minute=100_000),
    )


def _sold(office: Office, folder: Path, count: int) -> tuple[list[str], date]:
    """Orders of 7.40 that a till sold and sent; their numbers and day."""
    from pos.record import Where
    from tests.shop import MILK, WATER
    from tests.store.conftest import fill

    side = enrol_till(folder, office)
    day = business_date(side.shop.hands.at, 4)
    where = Where("1001", "shift-1", day.isoformat())
    numbers = [
        side.ledger.close_order(fill(side.ledger, WATER, MILK), where).number for _ in range(count)
    ]
    side.visit()
    side.close()
    until = time.monotonic() + 60
    while office.rows("SELECT count(*) AS n FROM orders")[0]["n"] < count:
        assert time.monotonic() < until, "not projected"
        time.sleep(0.1)
    return numbers, day


def _customers(
    office: Office, sim: TaxSimulator, numbers: list[str], day: date, result: Result
) -> None:
    chance = Random(SEED)
    phone = _Phone(office.url)
    pages, forms, twice = [], [], 0
    key = office.house.keys.link
    paths = {n: links.PATH + links.token(key, links.Link(n, day, FEN)) for n in numbers}
    start = time.perf_counter()
    for number, path in paths.items():
        if chance.randrange(10) >= _GOOD_OF_TEN:
            sim.wish(chance.choice(_TROUBLE), f"{number}01")
        pages.append(phone.get(path))
        forms.append(phone.post(path, COMPANY))
        if not chance.randrange(4):  # a finger that taps twice
            twice += 1
            phone.post(path, COMPANY)
    last = time.monotonic() + _LONGEST_S
    while _open(office) and time.monotonic() < last:
        time.sleep(0.25)
    seconds = time.perf_counter() - start
    phone.close()  # the server hung up on it while it waited
    looked = [phone.get(path) for path in paths.values()]
    floor = [phone.get("/healthz") for _ in range(50)]
    phone.close()
    result.add("office_form_page", pages, floor)
    result.add("office_form", forms, floor)
    result.add("office_issued_page", looked, floor)
    result.rates["office_invoices_per_s"] = round(len(numbers) / seconds, 1)
    taken = Counter(one.order_no[:15] for one in sim.book.invoices.values())
    states = Counter(row["state"] for row in office.rows("SELECT state FROM issuing"))
    result.counts["office_orders"] = len(numbers)
    result.counts["office_issued"] = states["issued"]
    result.counts["office_not_exactly_one"] = len(numbers) - sum(n == 1 for n in taken.values())
    result.counts["office_asked_twice"] = twice
    result.counts["office_requests"] = sim.calls["requestBillingNew"]
    result.counts["office_callbacks"] = sim.called_back


def _open(office: Office) -> int:
    return int(office.rows("SELECT count(*) AS n FROM issuing WHERE open = 1")[0]["n"])


class _Phone:
    """A browser: keeps its cookie, sends the token of the page; a new address now and then."""

    def __init__(self, url: str) -> None:
        self._connection = HTTPConnection(urlsplit(url).netloc, timeout=30)
        self._cookie = self._token = ""

    def get(self, path: str) -> float:
        """Seconds of a page."""
        return self._ask("GET", path, None)

    def post(self, path: str, data: dict[str, str]) -> float:
        """Seconds of a form."""
        return self._ask("POST", path, {"csrf": self._token} | data)

    def close(self) -> None:
        """Hang up."""
        self._connection.close()

    def _ask(self, method: str, path: str, data: dict[str, str] | None) -> float:
        headers = {"Cookie": self._cookie} if self._cookie else {}
        body = None if data is None else urlencode(data)
        if body is not None:
            headers["Content-Type"] = "application/x-www-form-urlencoded"
        start = time.perf_counter()
        self._connection.request(method, path, body, headers)
        answer = self._connection.getresponse()
        text = answer.read().decode()
        seconds = time.perf_counter() - start
        assert answer.status in (200, 303), (path, answer.status, text[:300])
        for name, value in answer.getheaders():
            if name.lower() == "set-cookie" and value.startswith("pos_form="):
                self._cookie = value.partition(";")[0]
        if found := _CSRF.search(text):
            self._token = found[1]
        return seconds
