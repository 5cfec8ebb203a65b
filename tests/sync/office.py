"""A real head office on a free port of this machine, and tills that are enrolled there."""

from __future__ import annotations

import socket
import threading
import time
from collections.abc import Callable, Sequence
from concurrent.futures import Future
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

import uvicorn

from pos.clock import Clock, system_clock
from pos.config import load
from pos.config.editing import with_keys
from pos.headoffice import tills
from pos.headoffice.house import House, database_of, make_folder, open_house
from pos.headoffice.migrating import migrate
from pos.headoffice.service.app import make_app
from pos.protocol.enrolment import Enrolled
from pos.record import Where
from pos.store import epochs
from pos.store.ledger import Ledger
from pos.sync.enrolling import enrol
from pos.sync.link import Link
from pos.sync.status import Status
from pos.sync.visiting import Visitor
from pos.system import replace_file
from pos.wire import Limits, Wire
from tests.shop import MILK, PRODUCTS, WATER, Shop, make_shop
from tests.staged import ProductRow
from tests.store.conftest import fill

WHERE = Where("1001", "shift-1", "2026-03-02")
SOON = Limits(connect=2.0, read=5.0, whole=10.0)


class Office:
    """Head office in `folder`, over SQLite, in threads of this process."""

    def __init__(
        self, folder: Path, clock: Clock | None = None, *, paper: Path | None = None
    ) -> None:
        """`paper`: certificate of `localhost` and key in one file, for TLS."""
        self.folder, self._paper = folder, paper
        self._clock = clock or system_clock()
        self.port = free_port()
        if not (folder / "headoffice.toml").exists():
            make_folder(folder)
            database = database_of(folder)
            migrate(database)
            database.close()
        self.start()

    @property
    def url(self) -> str:
        """Where it listens."""
        if self._paper is not None:
            return f"https://localhost:{self.port}"
        return f"http://127.0.0.1:{self.port}"

    def start(self) -> None:
        """Open the house and listen."""
        self.house: House = open_house(self.folder, self._clock)
        config = uvicorn.Config(
            make_app(self.house),
            host="127.0.0.1",
            port=self.port,
            log_config=None,
            access_log=False,
            timeout_graceful_shutdown=1,
            ssl_certfile=self._paper,
        )
        self._server = uvicorn.Server(config)
        self._thread = threading.Thread(target=self._server.run, daemon=True)
        self._thread.start()
        until = time.monotonic() + 20
        while not self._server.started:
            assert time.monotonic() < until, "head office did not start"
            time.sleep(0.01)

    def stop(self) -> None:
        """Stop listening and let go of the database."""
        self._server.should_exit = True
        self._thread.join(20)
        self.house.close()

    def code(self, shop: str = "0001", till: str = "01") -> str:
        """A one-time code."""
        return tills.add(self.house, shop, till, "河坊街店")

    def rows(self, sql: str, **values: Any) -> list[Any]:
        """What a query of its tables gives."""
        return self.house.database.read(lambda work: work.rows(sql, **values))

    def inbox(self, till: str = "01") -> list[tuple[int, int, str]]:
        """Epoch, number and hash of every record it took in of a till."""
        sql = "SELECT epoch, jn, hash FROM inbox WHERE till_id = :t ORDER BY epoch, jn"
        return [(row["epoch"], row["jn"], row["hash"]) for row in self.rows(sql, t=till)]


def free_port() -> int:
    """A port of 127.0.0.1 that nobody listens on."""
    with socket.socket() as one:
        one.bind(("127.0.0.1", 0))
        return int(one.getsockname()[1])


def direct(ledger: Ledger) -> Callable[[Callable[[Ledger], Any]], Future[Any]]:
    """Jobs for the ledger done at once, in this thread."""

    def submit(job: Callable[[Ledger], Any]) -> Future[Any]:
        done: Future[Any] = Future()
        try:
            done.set_result(job(ledger))
        except Exception as error:
            done.set_exception(error)
        return done

    return submit


@dataclass
class TillSide:
    """An enrolled till without a screen; `url` may be a proxy before head office."""

    shop: Shop
    enrolled: Enrolled
    url: str
    ledger: Ledger = field(init=False)

    def __post_init__(self) -> None:
        self.open()

    def open(self) -> None:
        """Open its ledger, as a till that starts does."""
        self.open_through(SOON)

    def open_through(self, limits: Limits) -> None:
        """As `open`, with another patience on the line."""
        self.ledger = self.shop.ledger()
        epochs.take_up(self.ledger)
        self.link = self.new_link(limits=limits)
        self.visitor = Visitor(
            load(self.shop.config_file),
            self.shop.hands.clock(),
            self.link,
            direct(self.ledger),
            initials,
        )

    def new_link(self, url: str = "", limits: Limits = SOON) -> Link:
        """A line of its own."""
        place = (self.enrolled.shop, self.enrolled.till)
        clock = self.shop.hands.clock()
        return Link(Wire([url or self.url], limits), place, self.enrolled.token, clock)

    def close(self) -> None:
        """End."""
        self.link.close()
        self.ledger.close()

    def visit(self) -> Status:
        """Say how it is, bring down what is new, send all."""
        return self.visitor.send(self.visitor.beat(Status()), lambda: True)

    def sell(self, count: int = 1) -> None:
        """Close orders of two lines."""
        for _ in range(count):
            self.ledger.close_order(fill(self.ledger, WATER, MILK), WHERE)

    def journal(self) -> list[tuple[int, str]]:
        """Number and hash of every record of its own."""
        from sqlalchemy import text

        sql = text("SELECT jn, hash FROM journal ORDER BY jn")
        return self.ledger.read(lambda c: [(r.jn, r.hash.hex()) for r in c.execute(sql)])


def initials(names: Any) -> dict[str, tuple[str, ...]]:
    """Stands for the child process that reads pinyin."""
    return dict.fromkeys(names, ("x",))


def enrol_till(
    folder: Path,
    office: Office,
    *,
    till: str = "01",
    url: str = "",
    owner: str = "till",
    clock: bool = True,
    extra: dict[str, str] | None = None,
    goods: Sequence[ProductRow] = PRODUCTS,
    authority: Path | None = None,
) -> TillSide:
    """A shop on disk that head office let in; with `clock` its clock is the machine's."""
    folder.mkdir(parents=True, exist_ok=True)
    changes = {'owner = "till" ': f'owner = "{owner}" ', 'id = "01" ': f'id = "{till}" '}
    changed = {old: new for old, new in changes.items() if old != new} | (extra or {})
    shop = make_shop(folder, changed, goods, till=till)
    if clock:
        shop.hands.at = system_clock().now()
    config = load(shop.config_file)
    ledger = shop.ledger()
    key = config.signing_key.read_bytes()
    wire = Wire([office.url], SOON, authority)
    found = enrol(wire, office.code(till=till), ledger.meta("ledger_id"), key, 1, "zh")
    wire.close()
    ledger.close()
    replace_file(config.headoffice_token, found.token.encode())
    replace_file(config.chain_pepper, bytes.fromhex(found.pepper))
    text = with_keys(shop.config_file.read_text("utf-8"), "headoffice", {"url": url or office.url})
    shop.config_file.write_text(text, "utf-8")
    return TillSide(shop, found, url or office.url)
