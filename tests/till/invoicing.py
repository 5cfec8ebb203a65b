"""A shop whose till issues invoices at the platform's simulator, both on one clock."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import closing, contextmanager
from pathlib import Path

from msgspec.structs import replace

from pos.clock import Clock
from pos.config import Config, load
from pos.invoices.document import Buyer
from pos.sale import order as rules
from pos.sale import refunds, returns
from pos.sale.order import Order
from pos.sale.returns import Wanted as Back
from pos.simulators.tax import Settings, TaxSimulator
from pos.simulators.wallets.clock import WalletClock
from pos.store import invoices, returned
from pos.store.ledger import Ledger
from pos.store.reader import Reader
from pos.till.invoicing import acts
from pos.till.invoicing.orders import Wanted
from pos.till.invoicing.working import Worker
from tests.shop import Shop, make_shop
from tests.store.conftest import WHERE, fill

BISCUIT = "1030201030000000000"
COMPANY = Buyer("深圳市腾讯计算机系统有限公司", tax_id="91440300708461136T", email="fp@example.cn")
TABLE = (
    "official_code,official_name,category_short_name\n"
    f"{BISCUIT},饼干,焙烤食品\n1030201000000000000,焙烤食品,焙烤食品\n"
)


class Office:
    """The shop, its ledger, the platform, and the worker that goes between."""

    def __init__(
        self, folder: Path, provider: str = "nuonuo", more: dict[str, str] | None = None
    ) -> None:
        self.wall = WalletClock()
        settings = Settings(issue_s=1.0, sign_s=1.0, hang_s=3.0)
        self.sim = TaxSimulator(folder / "tax", clock=self.wall, settings=settings, keep=False)
        (folder / "shop").mkdir()
        self.shop = make_shop(folder / "shop", _changes(self.sim, provider) | (more or {}))
        (folder / "shop" / "tax-codes.csv").write_text(TABLE, "utf-8")
        self.wall.set(self.shop.hands.at.timestamp())
        self.config: Config = load(self.shop.config_file)
        self.clock = Clock(lambda: self.shop.hands.at, lambda: self.shop.hands.since)
        self.open()

    def open(self) -> None:
        """A new life of the till."""
        self.ledger: Ledger = self.shop.ledger()
        self.worker = Worker(self.config, self.clock, lambda job: job(self.ledger))

    def close(self) -> None:
        """The till ends."""
        self.worker.close()
        self.ledger.close()

    def go(self, seconds: float) -> None:
        """Time passes everywhere."""
        self.shop.hands.go(seconds)
        self.wall.set(self.shop.hands.at.timestamp())

    def settle(self, rounds: int = 30) -> None:
        """Work until nothing is open that anybody answers for."""
        for _ in range(rounds):
            self.worker.turn()
            with closing(Reader(self.config.ledger)) as reader:
                work = [w for w in invoices.open_work(reader) if w.next_at != "9999"]
            if not work:
                return
            self.go(30)

    def sell(self, *codes: str) -> tuple[str, str]:
        """A closed order: its id and number."""
        ended = self.ledger.close_order(fill(self.ledger, *codes), WHERE)
        return ended.order_id, ended.number

    def bring_back(self, order_id: str, *wanted: Back) -> None:
        """A return that closes."""
        with closing(Reader(self.config.ledger)) as reader:
            sold = returned.sold_of(reader.rows, order_id)
        order = Order(self.shop.ids.uuid7(), "2026-03-02T03:00:00.000Z", "1001")
        for line in returns.bring_back(sold, list(wanted)):
            order = rules.bring_back(order, line)
        order, backs = refunds.give_back(order, [sold], "none")
        order = replace(order, tenders=(*order.tenders, *refunds.as_tenders(backs)))
        self.ledger.close_order(order, WHERE)

    def ask(self, number: str, buyer: Buyer = COMPANY, special: bool = False) -> str:
        """The one invoice of an order."""
        (no,) = acts.ask(self.ledger, self.config, Wanted(number, buyer, special), WHERE).invoices
        return no

    def rows(self, order_id: str) -> list[invoices.InvoiceRow]:
        """The order's invoices."""
        with closing(Reader(self.config.ledger)) as reader:
            return invoices.of_order(reader, order_id)

    def reds(self, order_id: str) -> list[invoices.RedRow]:
        """The order's red letters."""
        with closing(Reader(self.config.ledger)) as reader:
            return invoices.reds_of(reader, order_id)


def _changes(sim: TaxSimulator, provider: str) -> dict[str, str]:
    return {
        'provider = "none" ': f'provider = "{provider}" ',
        'clerk = "" ': 'clerk = "王五" ',
        'default_code = "" ': f'default_code = "{BISCUIT}" ',
        'tax_id = "" ': f'tax_id = "{sim.seller}" ',
        'name = ""                  # 名称': 'name = "柜台便利店有限公司" # 名称',
        'app_key = "" ': f'app_key = "{sim.app_key}" ',
        'app_secret = "" ': f'app_secret = "{sim.folder / "nuonuo.secret"}" ',
        'base_url = "https://sdk.nuonuo.com"': f'base_url = "{sim.url}"',
        'token_url = "https://open.nuonuo.com"': f'token_url = "{sim.url}"',
        "read_seconds = 20.0": "read_seconds = 0.4",
    }


@contextmanager
def office(
    folder: Path, provider: str = "nuonuo", more: dict[str, str] | None = None
) -> Iterator[Office]:
    """Everything up, and down again; `more` are changes of config.toml."""
    one = Office(folder, provider, more)
    with one.sim:
        try:
            yield one
        finally:
            one.close()


__all__ = ["COMPANY", "Office", "Shop", "office"]
