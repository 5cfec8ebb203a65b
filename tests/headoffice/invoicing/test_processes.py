"""Several processes of head office on one PostgreSQL issue: each order is one's, all are issued."""

from __future__ import annotations

import os
import time
from collections.abc import Iterator
from contextlib import closing
from datetime import UTC, datetime
from pathlib import Path

import pytest
from starlette.testclient import TestClient

from pos.clock import business_date, system_clock
from pos.config.editing import with_keys
from pos.headoffice.house import House, open_house
from pos.headoffice.invoicing import asking
from pos.headoffice.service.app import make_app
from pos.ids import order_number
from pos.invoices.document import Buyer
from pos.simulators.tax import Settings as Pace
from pos.simulators.tax import TaxSimulator
from tests.headoffice.conftest import Office
from tests.headoffice.invoicing.desk import BISCUIT, COMPANY, TABLE
from tests.headoffice.sides import Now
from tests.headoffice.test_workers import _served, house

__all__ = ["house"]
ORDERS = 40
SECONDS = 90.0
pytestmark = pytest.mark.skipif(
    os.environ.get("POS_TRUST") != "full", reason="two processes for a minute: POS_TRUST=full"
)


@pytest.fixture
def platform(tmp_path: Path) -> Iterator[TaxSimulator]:
    pace = Pace(issue_s=0.5, sign_s=0.5)
    with TaxSimulator(tmp_path / "tax", settings=pace, keep=False) as sim:
        yield sim


def _set_up(folder: Path, sim: TaxSimulator) -> None:
    """As a technician does: in headoffice.toml."""
    file = folder / "headoffice.toml"
    text = with_keys(
        file.read_text("utf-8"),
        "invoices",
        {"owner": "headoffice", "provider": "nuonuo", "clerk": "王五", "default_code": BISCUIT},
    )
    text = with_keys(text, "invoices.seller", {"tax_id": sim.seller, "name": "柜台便利店"})
    own = {"app_key": sim.app_key, "app_secret": str(sim.folder / "nuonuo.secret")}
    own |= {"base_url": sim.url, "token_url": sim.url}
    file.write_text(with_keys(text, "invoices.nuonuo", own), "utf-8")
    (folder / "tax-codes.csv").write_text(TABLE, "utf-8")


def _sold(mine: House) -> list[str]:
    """Orders of today that arrived; their numbers."""
    now = Now()
    now.moment = datetime.now(UTC)
    with closing(TestClient(make_app(mine))) as client:
        office = Office(mine, client, now)
        side = office.till()
        ledger = side.ledger
        day = business_date(now.moment, 4).isoformat()
        for _ in range(ORDERS):
            ledger.sell(day=day)
        side.send(ledger.batch())
        office.project()
    return [order_number("0001", "01", 1, n + 1) for n in range(ORDERS)]


def test_two_processes_issue_each_order_once(
    house: House, platform: TaxSimulator, tmp_path: Path
) -> None:
    folder = tmp_path / "ho"
    _set_up(folder, platform)
    mine = open_house(folder, system_clock())
    with _served(folder, tmp_path / "log") as (_, workers):
        assert len(workers) == 2
        numbers = _sold(mine)
        buyer = Buyer(COMPANY["title"], tax_id=COMPANY["tax_id"])
        for number in numbers:
            asking.ask(mine, number, buyer, confirmed=False)
        until = time.monotonic() + SECONDS
        sql = "SELECT state, count(*) AS n FROM issuing GROUP BY state"
        states: dict[str, int] = {}
        while time.monotonic() < until and states != {"issued": ORDERS}:
            time.sleep(0.5)
            rows = mine.database.read(lambda work: work.rows(sql))
            states = {row["state"]: row["n"] for row in rows}
    mine.close()
    assert states == {"issued": ORDERS}
    assert platform.calls["requestBillingNew"] == ORDERS, "each was sent by one, once"
    assert sorted(platform.book.invoices) == [f"{number}01" for number in numbers]
    assert len(platform._fetched) == 1, "the processes share one token"
