"""What a till holds in memory while it runs."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass, field
from typing import TYPE_CHECKING, Literal

import msgspec

from pos.access.rights import Session
from pos.commands import Mode
from pos.payments.row import Attempt
from pos.record import Condition
from pos.sale.counting import Count
from pos.sale.order import Order
from pos.sale.returns import Sold
from pos.store.finding import FoundOrder, FoundProduct, Status
from pos.store.stock import Draft
from pos.till.view import ChangeView, DialogView, MessageView, ReceiptRows, WalletView

if TYPE_CHECKING:
    from pos.reports.tables import Table
    from pos.sale.promotions.model import Member
    from pos.till.invoicing.daylist import DayPage


class Approved(msgspec.Struct, frozen=True):
    """Another operator allowed one act."""

    approver: str
    reason: str


class Ask(msgspec.Struct, frozen=True):
    """One text is asked for; `answer` gets it. `free` lets any text through; `about` is shown."""

    label: str
    hint: str
    answer: Callable[[str], None]
    back: Mode
    free: bool = False
    optional: bool = False
    about: DialogView | None = None


class Choice(msgspec.Struct, frozen=True):
    """One row of a list is asked for; `pick` gets its index."""

    title: str
    columns: tuple[str, ...]
    rows: tuple[tuple[str, ...], ...]
    pick: Callable[[int], None]
    back: Mode


class Approval(msgspec.Struct, frozen=True):
    """An act that waits for somebody who may do it."""

    command: str
    why: str
    check: Callable[[Session], None]
    act: Callable[[Approved | None], None]
    back: Mode


@dataclass
class Finding:
    """A list being searched: the query, what was found, which row is chosen."""

    kind: Literal["products", "orders"]
    query: str = ""
    products: list[FoundProduct] = field(default_factory=list)
    orders: list[FoundOrder] = field(default_factory=list)
    held: tuple[Order, ...] = ()
    rows: tuple[tuple[str, ...], ...] = ()
    selected: int = 0
    status: Status | Literal[""] = ""
    scanned: bool = False
    """The query was scanned: it stays when the entry line is emptied."""
    take: Callable[[str], None] | None = None
    """What the code of a picked product is for, where it is not sold."""
    blind: bool = False
    """What the books hold is not shown."""


@dataclass
class Returning:
    """What comes back, while it is being chosen.

    `sold` is None until its order is known; `bare` is the reason of a return without a receipt.
    """

    sold: Sold | None = None
    bare: str = ""
    wanted: dict[int, int] = field(default_factory=dict)
    damaged: set[int] = field(default_factory=set)
    selected: int = 0

    def condition(self, line_no: int) -> Condition:
        """Where the goods of a line go; 0 for those without a receipt."""
        return "damaged" if line_no in self.damaged else "stock"


@dataclass
class ReceiptPage:
    """A receipt being read."""

    order: FoundOrder
    rows: ReceiptRows
    columns: int
    top: int = 0


@dataclass
class Counting:
    """A count on its way: the float of a shift, its close, or a late count.

    `rows` are denominations (fen) and other ways of paying; `typed` is by row. `then` gets the
    count; `first` is what a first count said by way, once it was put aside.
    """

    title: str
    shift_id: str
    rows: tuple[int | str, ...]
    then: Callable[[Counting], None]
    back: Mode
    offered: int | None = None
    typed: dict[int, int] = field(default_factory=dict)
    at: int = 0
    count: Count | None = None
    first: dict[str, int] = field(default_factory=dict)
    reason: str = ""


@dataclass
class SlipPage:
    """The slip of a close being read; `kind` and `subject` print it."""

    title: str
    rows: ReceiptRows
    columns: int
    kind: str
    subject: str
    back: Mode
    top: int = 0


@dataclass
class ReportPage:
    """A report being read. `table` is None while it is being made."""

    kind: str
    first: str
    last: str
    table: Table | None = None
    top: int = 0


@dataclass
class Work:
    """Long work in a thread or process of its own; `stop` ends it without a trace."""

    title: str
    stop: Callable[[], None]
    lines: tuple[str, ...] = ()
    part: float = 0.0


@dataclass
class Stocking:
    """A document of stock being made: `saved` is what is on disk, `final` what is looked over."""

    draft: Draft
    saved: Draft | None = None
    selected: int = 0
    final: Draft | None = None
    whole: bool = False
    approved: Approved | None = None


@dataclass
class State:
    """Everything that changes. `order` is the newest, `shown` the one that is on disk."""

    mode: Mode = "signing"
    session: Session | None = None
    order: Order | None = None
    shown: Order | None = None
    selected: int = 0
    quantity: int | None = None
    message: MessageView | None = None
    change: ChangeView | None = None
    typed_id: str = ""
    ask: Ask | None = None
    choice: Choice | None = None
    choice_row: int = 0
    approval: Approval | None = None
    help_back: Mode = "signing"
    help_top: int = 0
    alarm: str = ""
    held: tuple[Order, ...] = field(default=())
    unsent: int = 0
    waiting_prints: int = 0
    doubtful_prints: int = 0
    find: Finding | None = None
    receipt: ReceiptPage | None = None
    invoices: DayPage | None = None
    code: tuple[WalletView, Mode] | None = None
    """A code for the customer's phone, and where one goes back to."""
    returning: Returning | None = None
    work: Work | None = None
    unknown: str = ""
    """The last code that nothing was found for."""
    customer: str = ""
    """Who buys, masked."""
    wallet: Attempt | None = None
    """The payment of this order that is being made, or whose outcome is still shown."""
    wallet_large: bool = False
    unresolved: int = 0
    stock: Stocking | None = None
    buyer: tuple[str, Member | None] = ("", None)
    """The customer prices were made for last, and what they are as a member."""
    seller: str = ""
    seller_name: str = ""
    last_code: str = ""
    looked_up: DialogView | None = None
    """Who sells what is scanned now (营业员), until somebody else is named."""
    duty_row: int = 0
    counting: Counting | None = None
    slip: SlipPage | None = None
    report: ReportPage | None = None
    report_row: int = 0
    drop_due: int = 0
    """Fen to take out of the drawer (解款)."""
    drop_put_off: bool = False
