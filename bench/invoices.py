"""Exactly one invoice an order over a bad line, at a till and at head office; the bureau's
workbook; the customer's page."""

from __future__ import annotations

import tempfile
import time
from collections import Counter
from contextlib import closing
from pathlib import Path
from random import Random

from bench import office_invoices, receipt_page
from bench.figures import Result
from pos.invoices.workbook.filling import export
from pos.store import invoices
from pos.store.reader import Reader
from pos.till.invoicing import asking
from tests.invoices.template import make
from tests.invoices.test_workbook import SETTINGS, orders
from tests.shop import MILK, WATER
from tests.till.invoicing import Office, office

SEED = 20260727
REAL = Path(__file__).parents[2] / "shared" / "data" / "tax-bureau-batch-import-V260401.xlsx"
_TROUBLE = ("lost", "dropped", "hang", "half", "unavailable", "lost_hidden", "unsigned", "slow")
_GOOD_OF_TEN = 6
_ROUNDS = 400


def run(quick: bool, _full: bool) -> Result:
    """Orders through the simulator with lost, doubled and late answers; 1,000 into a workbook; the
    customer's page of an order."""
    count = 60 if quick else 500
    result = Result("invoices", count)
    with tempfile.TemporaryDirectory(prefix="bench-invoices-") as name:
        folder = Path(name)
        with office(folder) as one:
            _issue(one, count, result)
        _workbook(folder, 100 if quick else 1000, result)
        receipt_page.measure(folder, 40 if quick else 200, result)
        office_invoices.measure(folder, count, result)
    return result


def _issue(one: Office, count: int, result: Result) -> None:
    chance = Random(SEED)
    asked = []
    for _ in range(count):
        _, number = one.sell(WATER, MILK)
        start = time.perf_counter()
        no = one.ask(number)
        asked.append(time.perf_counter() - start)
        if chance.randrange(10) >= _GOOD_OF_TEN:
            one.sim.wish(chance.choice(_TROUBLE), no)
    start = time.perf_counter()
    for _ in range(_ROUNDS):
        one.worker.turn()
        if not asking.open_count(one.config):
            break
        if not chance.randrange(3):
            # a callback, late or once more, is no more than a hint to ask at once
            asking.ask_now(one.ledger, one.config)
        one.go(15)
    seconds = time.perf_counter() - start
    result.add("ask_on_record", asked)
    result.rates["invoices_per_s"] = round(count / seconds, 1)
    with closing(Reader(one.config.ledger)) as reader:
        states = Counter(row.state for row in invoices.of_day(reader, "2026-03-02"))
    taken = Counter(i.order_no[:15] for i in one.sim.book.invoices.values())
    result.counts["orders"] = count
    result.counts["issued"] = states["issued"]
    result.counts["not_exactly_one"] = count - sum(n == 1 for n in taken.values())
    result.counts["requests"] = one.sim.calls["requestBillingNew"]


def _workbook(folder: Path, count: int, result: Result) -> None:
    source = REAL if REAL.exists() else make(folder / "template.xlsx")
    documents = orders(count)
    start = time.perf_counter()
    report = export(documents, SETTINGS, source, folder, "bench", lambda done, total: False)
    result.add(f"workbook_{count}", [time.perf_counter() - start])
    result.counts["workbook_files"] = len(report.files)
    result.counts["bureaus_own_template"] = int(source is REAL)
