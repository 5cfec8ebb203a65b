"""An invoice as it is asked for: its buyer, its rows, and the order it belongs to.

Money is fen, tax inside it as on the order; quantities are thousandths, rates basis points.
"""

from __future__ import annotations

from typing import Literal

import msgspec

Kind = Literal["normal", "special"]
"""普通发票, 专用发票."""
Zero = Literal["", "exempt", "untaxed"]
"""Why a rate is 0 %: an ordinary zero rate, 免税 (03), 不征税 (04)."""


class Buyer(msgspec.Struct, frozen=True):
    """Whom an invoice is made out to. Personal data: never in a record, never in a log."""

    title: str
    person: bool = False
    tax_id: str = ""
    address: str = ""
    phone: str = ""
    bank: str = ""
    account: str = ""
    email: str = ""
    mobile: str = ""


class Sold(msgspec.Struct, frozen=True):
    """A line of an order as it is stored: `list_fen` before everything taken off, `net_fen` paid.

    A returned line has the `line_no` of the line it takes back and negative figures.
    """

    line_no: int
    name: str
    unit: str
    milli: int
    list_fen: int
    net_fen: int
    tax_bp: int
    tax_fen: int
    spec: str = ""
    tax_code: str = ""
    category: str = ""


class Item(msgspec.Struct, frozen=True):
    """A row of an invoice, and the discount row that follows it where something was taken off.

    `n` is the row's number on the invoice, discount rows counted: red letters name it.
    """

    n: int
    line_no: int
    name: str
    short_name: str
    tax_code: str
    spec: str
    unit: str
    milli: int
    tax_bp: int
    zero: Zero
    gross_fen: int
    gross_tax_fen: int
    discount_fen: int
    discount_tax_fen: int

    @property
    def net_fen(self) -> int:
        """Paid for the row, tax included."""
        return self.gross_fen - self.discount_fen

    @property
    def tax_fen(self) -> int:
        """Tax in `net_fen`: the stored split of the order's line."""
        return self.gross_tax_fen - self.discount_tax_fen

    @property
    def rows(self) -> int:
        """Rows it takes on the invoice."""
        return 2 if self.discount_fen else 1


class Document(msgspec.Struct, frozen=True):
    """An invoice to be issued under `invoice_no`, our own number, committed before it is sent."""

    invoice_no: str
    order_number: str
    kind: Kind
    buyer: Buyer
    items: tuple[Item, ...]
    remark: str
    at: str
    """When it was asked for, `clock.stamp`."""

    @property
    def total_fen(self) -> int:
        """Tax included."""
        return sum(item.net_fen for item in self.items)

    @property
    def tax_fen(self) -> int:
        """Tax in the total."""
        return sum(item.tax_fen for item in self.items)


class RedRow(msgspec.Struct, frozen=True):
    """What goes back of the invoice's row `n`: positive figures, tax included in `net_fen`."""

    item: Item
    milli: int
    net_fen: int
    tax_fen: int


RedReason = Literal["return", "mistake", "stopped", "allowance"]
"""销货退回, 开票有误, 服务中止, 销售折让."""


class RedForm(msgspec.Struct, frozen=True):
    """A red-letter form (红字确认单) under `red_no`, our own number. `whole`: the invoice as it was
    issued, whose rows are not named."""

    red_no: str
    blue_no: str
    kind: Kind
    buyer_title: str
    buyer_tax_id: str
    reason: RedReason
    rows: tuple[RedRow, ...]
    total_fen: int
    tax_fen: int
    phone: str = ""
    email: str = ""
    whole: bool = False


class Limits(msgspec.Struct, frozen=True):
    """What a provider takes at most: characters, rows of one invoice, fen of one (0: no limit)."""

    name: int = 90
    unit: int = 20
    spec: int = 40
    remark: int = 200
    rows: int = 2000
    fen: int = 0
