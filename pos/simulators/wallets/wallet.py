"""What both providers have in common: a book, scripts, a server, an administration."""

from __future__ import annotations

from abc import ABC, abstractmethod
from collections.abc import Callable
from dataclasses import dataclass
from pathlib import Path
from typing import Any, ClassVar, Literal, Self

from pos.simulators.wallets import admin
from pos.simulators.wallets.book import Book, Order, digest
from pos.simulators.wallets.casting import Casting, Settings
from pos.simulators.wallets.clock import WalletClock
from pos.simulators.wallets.journal import Entry
from pos.simulators.wallets.keys import tls_files
from pos.simulators.wallets.scripts import BY_NAME, Decline, Op, Script, Wallet
from pos.simulators.wallets.server import Reply, Request, WalletServer

ARRIVES_AFTER_S = 30.0
PORTAL = (
    "<!DOCTYPE html><html><head><meta charset='utf-8'><title>上网认证</title></head>"
    "<body><form action='/login' method='post'>请输入手机号登录 Wi-Fi</form></body></html>"
).encode()


@dataclass(frozen=True)
class Call:
    """One checked request: what it wants, about which number, and how to do it."""

    op: Op
    number: str
    script: Script
    run: Callable[[], Any]


class WalletSimulator(ABC):
    """A provider with one merchant whose keys lie in `folder` (made when absent).

    `with` starts and stops it; several threads may talk to it. The ledger is kept in
    `folder/events.jsonl` unless `keep` is False.
    """

    wallet: ClassVar[Wallet]

    def __init__(
        self,
        folder: Path,
        port: int = 0,
        *,
        tls: bool = False,
        clock: WalletClock | None = None,
        settings: Settings | None = None,
        keep: bool = True,
        sync: bool = True,
    ) -> None:
        folder.mkdir(mode=0o700, parents=True, exist_ok=True)
        self.folder = folder
        self.clock = clock or WalletClock()
        self.settings = settings or Settings()
        self.casting = Casting(self.wallet)
        self.bill_faults: dict[str, str] = {}
        self._tls = tls_files(folder) if tls else None
        self.server = WalletServer(self, port, self._tls[:2] if self._tls else None)
        try:
            self.load_keys()
            self.book = Book(self.clock, folder / "events.jsonl" if keep else None, sync)
        except BaseException:
            self.server.stop()
            raise

    @abstractmethod
    def load_keys(self) -> None:
        """Reads or makes the keys of the merchant and of the provider."""

    @abstractmethod
    def files(self) -> dict[str, str]:
        """What a till's config needs, name → value or path."""

    @abstractmethod
    def respond(self, request: Request) -> Reply:
        """Answers the provider's own protocol."""

    @abstractmethod
    def new_provider_id(self) -> str:
        """The provider's number of a new order."""

    # --- life

    @property
    def url(self) -> str:
        return self.server.url

    @property
    def ca_file(self) -> Path | None:
        """What a client must trust to talk TLS to this server."""
        return self._tls[2] if self._tls else None

    def start(self) -> Self:
        self.server.start()
        return self

    def stop(self) -> None:
        self.server.stop()
        self.book.close()

    def __enter__(self) -> Self:
        return self.start()

    def __exit__(self, *why: object) -> None:
        self.stop()

    def answer(self, request: Request) -> Reply:
        if request.path.startswith("/_admin/"):
            return admin.answer(self, request)
        return self.respond(request)

    # --- the outside truth

    def ledger(self) -> list[Entry]:
        """All money moved so far, what fell due until now included."""
        with self.book.open_at_now():
            return list(self.book.entries)

    def moved(self, out_trade_no: str) -> tuple[int, int]:
        """Fen charged and fen given back for one order."""
        mine = [entry for entry in self.ledger() if entry.out_trade_no == out_trade_no]
        charged = sum(entry.fen for entry in mine if entry.kind == "payment")
        return charged, charged - sum(entry.signed_fen for entry in mine)

    # --- the customer's side

    def find(self, what: str) -> Order | None:
        """An order by the merchant's number, the provider's number or the text of its QR."""
        book = self.book
        return book.orders.get(what) or book.by_qr(what) or book.by_provider_id(what)

    def scan(self, what: str, act: Literal["pay", "decline", "wait"] = "pay") -> str:
        """A customer scans the QR and pays, gives up, or leaves it at that. Returns the state.

        Raises `LookupError` when there is no such QR, or it can no longer be paid.
        """
        with self.book.open_at_now():
            order = self.find(what)
            if order is None or order.kind != "qr":
                raise LookupError("no such QR")
            if order.state == "new":
                self.book.scan(order)
        return self.confirm(what, act)

    def confirm(self, what: str, act: Literal["pay", "decline", "wait"] = "pay") -> str:
        """The customer who was asked for the password pays or gives up. Returns the state.

        Raises `LookupError` when nobody is being asked.
        """
        with self.book.open_at_now():
            order = self.find(what)
            if order is None or order.state != "waiting":
                raise LookupError(order.state if order else "no such order")
            if act != "wait":
                order.act = act
                self.book.perform(order)
            return order.state

    def foreign(self, fen: int, terminal: str = "OTHER-TILL", kind: str = "payment") -> str:
        """A payment taken by another till of the merchant; with `kind` refund it is given back.

        Returns its number.
        """
        with self.book.open_at_now() as now:
            serial = self.book.next_serial()
            no = f"FOREIGN{int(now):010d}{serial:06d}"
            order = Order(
                no, "code", fen, "paid", digest(no), self.new_provider_id(), now, coupon_fen=0
            )
            order.text = {"subject": "其他收银机", "terminal": terminal}
            self.book.place(order)
            self.book.pay(order)
            if kind == "refund":
                number = f"{no}R"
                refund = self.book.start_refund(order, number, fen, "refund", "success", 0, "")
                self.book.finish_refund(refund)
            return no

    # --- parts of both protocols

    def begin_code_payment(self, order: Order, script: Script) -> Decline:
        """A payment code was read: the customer pays, is asked, or is declined (and why)."""
        if script.decline in ("expired", "invalid"):
            return script.decline
        self.book.place(order)
        if script.decline:
            self.book.end(order, "failed")
            return script.decline
        limit = self.settings.password_over_fen
        if not script.asks and not (limit and order.fen > limit):
            if script.coupon:
                order.coupon_fen = min(100, order.fen - 1)
            self.book.pay(order)
            return ""
        self.book.plan(order, script)
        if self.wallet == "wechat" and script.auto_revoke:
            order.revoke_due = order.created + self.settings.auto_revoke_s
            self.book.touch(order)
        return ""

    def begin_qr(self, order: Order, script: Script) -> None:
        """A QR was made; some scripts bring the customer along."""
        order.state = "new"
        if script.scan_after_s is not None:
            order.scan_due = order.created + script.scan_after_s
        self.book.place(order)

    def carry(self, reply: Reply, fault: str) -> Reply:
        """Puts what `fault` does to the delivery on a finished answer."""
        if fault in ("lost", "lost_before", "late_arrival"):
            reply.how = "lost"
        elif fault in ("hang", "hang_before"):
            reply.how, reply.wait_s = "hang", self.settings.hang_s
        elif fault == "slow":
            reply.how, reply.wait_s = "slow", self.settings.slow_s
        elif fault == "cut_off":
            reply.how = "half"
        elif fault == "portal":
            return Reply(200, PORTAL, {"Content-Type": "text/html; charset=utf-8"})
        return reply

    def arrive_late(self, call: Call, refusals: type[Exception]) -> None:
        """The request is done when it arrives; nobody hears what came of it."""

        def run() -> None:
            try:
                call.run()
            except refusals:
                return

        self.book.arrive_later(ARRIVES_AFTER_S, run)

    def bill_fault(self, day: str) -> str:
        return self.bill_faults.get(day, "")

    def set_bill_fault(self, day: str, name: str) -> None:
        """The bill of `day` (`yyyy-mm-dd`) will be wrong as `name` says; "" mends it.

        Raises `KeyError` for a script that is none of this wallet's bills.
        """
        if name and (BY_NAME[name].flows != ("bill",) or self.wallet not in BY_NAME[name].wallets):
            raise KeyError(name)
        self.bill_faults[day] = name
