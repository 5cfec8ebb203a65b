"""Head office as the owner of invoices, the platform's simulator, a till that sold something."""

from __future__ import annotations

import re
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from datetime import date
from pathlib import Path

import pytest
from msgspec.structs import replace
from starlette.testclient import TestClient

from pos.clock import stamp
from pos.headoffice.database import Row
from pos.headoffice.house import Settings
from pos.headoffice.invoicing.working import Issuer
from pos.ids import order_number
from pos.invoices import link as links
from pos.invoices.settings import InvoiceSettings, Nuonuo, Seller
from pos.record import OrderClosed, SoldLine, Taken, from_bytes
from pos.simulators.tax import Settings as Pace
from pos.simulators.tax import TaxSimulator
from pos.simulators.wallets.clock import WalletClock
from tests.headoffice.conftest import Office
from tests.headoffice.pages.conftest import Browser
from tests.headoffice.sides import DAY, Side

COMPANY = {
    "kind": "company",
    "title": "深圳市腾讯计算机系统有限公司",
    "tax_id": "91440300708461136T",
    "email": "fp@example.cn",
}
PERSON = {"kind": "person", "title": "张三", "mobile": "13800001111"}
ONE_DATABASE = pytest.mark.parametrize("database", ["sqlite"], indirect=True)
"""For what no database has a say in."""
DAY_ONE = date.fromisoformat(DAY)
BISCUIT = "1030201030000000000"
TABLE = f"code,name,short_name\n{BISCUIT},饼干,焙烤食品\n"


def owner(folder: Path, sim: TaxSimulator) -> InvoiceSettings:
    """Settings of a head office that issues at the simulator; its table of codes in `folder`."""
    (folder / "tax-codes.csv").write_text(TABLE, "utf-8")
    return InvoiceSettings(
        owner="headoffice",
        provider="nuonuo",
        clerk="王五",
        default_code=BISCUIT,
        seller=Seller(sim.seller, "柜台便利店有限公司"),
        nuonuo=Nuonuo(
            app_key=sim.app_key,
            app_secret=str(sim.folder / "nuonuo.secret"),
            token=str(folder / "nuonuo.token"),
            base_url=sim.url,
            token_url=sim.url,
            read_seconds=0.4,
        ),
    )


@dataclass
class Desk:
    """Everything on one clock; tests turn the issuer themselves."""

    office: Office
    sim: TaxSimulator
    side: Side
    browser: Browser
    issuer: Issuer = field(init=False)
    sent: int = 0

    def __post_init__(self) -> None:
        self.issuer = Issuer(self.office.house)

    def go(self, seconds: float) -> None:
        """Time passes at both ends."""
        self.office.now.later(seconds=seconds)
        self.sim.clock.set(self.office.now.moment.timestamp())

    def settle(self, rounds: int = 40) -> None:
        """Work until nothing is open that anybody answers for."""
        for _ in range(rounds):
            self.issuer.turn()
            if not self.rows("SELECT no FROM issuing WHERE open = 1"):
                return
            self.go(30)

    def rows(self, sql: str) -> list[Row]:
        """What a query finds."""
        return self.office.rows(sql)

    def states(self) -> dict[str, str]:
        """State by our own number."""
        return {r["no"]: r["state"] for r in self.rows("SELECT no, state FROM issuing ORDER BY no")}

    def taken_in(self) -> None:
        """What the till recorded since last time is sent, and made into tables."""
        self.side.send(self.side.ledger.batch(self.sent))
        self.sent = len(self.side.ledger.sent)
        self.office.project()

    def sell(self, lines: int = 2) -> OrderClosed:
        """A closed order of 3.00 a line, 0.50 off the first; it is here."""
        fact = from_bytes(self.side.ledger.sell(lines).body.encode()).fact
        assert isinstance(fact, OrderClosed)
        self.taken_in()
        return fact

    def bring_back(self, of: OrderClosed, *lines: SoldLine) -> str:
        """A return of whole lines, which arrives; its number."""
        ledger = self.side.ledger
        ledger.seq += 1
        number = order_number(ledger.shop, ledger.till, ledger.epoch, ledger.seq)
        gone = tuple(
            replace(
                line,
                line_no=n,
                milli=-line.milli,
                list_fen=-line.net_fen,
                adjustments=(),
                net_fen=-line.net_fen,
                tax_fen=-line.tax_fen,
                of_order=of.order_id,
                of_line=line.line_no,
                condition="stock",
            )
            for n, line in enumerate(lines, 1)
        )
        total, tax = sum(x.net_fen for x in gone), sum(x.tax_fen for x in gone)
        where, at = ledger.where(), stamp(ledger.at)
        about = (f"order-{number}", ledger.seq, number, "", at, gone)
        paid = (Taken("cash", total, total),)
        ledger.add(OrderClosed(where, *about, paid, total, tax, 0, 0, reason="changed mind"))
        self.taken_in()
        return number

    def path(self, order: OrderClosed, day: date = DAY_ONE) -> str:
        """The page behind the order's code."""
        fen = sum(line.net_fen for line in order.lines)
        key = self.office.house.keys.link
        return links.PATH + links.token(key, links.Link(order.number, day, fen))

    def ask(self, order: OrderClosed, data: dict[str, str] | None = None) -> None:
        """The form is sent and taken."""
        answer = self.browser.post(self.path(order), data or COMPANY)
        assert answer.status_code == 303, why_of(answer.text)


def why_of(page: str) -> str:
    """What a page says is wrong."""
    found = re.search('<p class="why" role="alert">(.*?)</p>', page)
    return found[1] if found else ""


@contextmanager
def open_desk(office: Office, folder: Path) -> Iterator[Desk]:
    """Everything up, and down again."""
    clock = WalletClock()
    clock.set(office.now.moment.timestamp())
    pace = Pace(issue_s=1.0, sign_s=1.0, hang_s=3.0)
    with TaxSimulator(folder / "tax", clock=clock, settings=pace, keep=False) as sim:
        house = office.house
        house.keys.person = b"n" * 32
        house.folder = folder
        house.settings = Settings(invoices=owner(folder, sim))
        client = TestClient(office.client.app, raise_server_exceptions=False)
        desk = Desk(office, sim, office.till(), Browser(client))
        try:
            yield desk
        finally:
            desk.issuer.stop()
            client.close()
