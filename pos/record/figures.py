"""What an X or a Z adds up, as it stands in the records that close a shift and a day.

Fen and thousandths throughout. Figures of what came back are negative as they are stored, so that
every `net` is a plain sum: list of what was sold + list of what came back - discounts - 抹零 = net.
"""

from __future__ import annotations

from typing import Literal

import msgspec

ScopeKind = Literal["shift", "date", "range", "z"]


class Plain(msgspec.Struct, frozen=True, forbid_unknown_fields=True):
    """Plain data that may stand in a record."""


class Scope(Plain, frozen=True):
    """Which facts are added up: those of a shift, a business date, a range, or since the last Z.

    Records after `after_jn` up to `upto_jn`, 0 for no bound. A scope of kind `z` has no other
    bound, so that every order is in exactly one Z; its date is only its name.
    """

    kind: ScopeKind
    first: str = ""
    last: str = ""
    shift_id: str = ""
    after_jn: int = 0
    upto_jn: int = 0


class Amount(Plain, frozen=True):
    """How often something happened and what it comes to."""

    key: str
    count: int
    fen: int


class Rate(Plain, frozen=True):
    """A tax rate: money with tax, and the tax that is in `net_fen`."""

    tax_bp: int
    sold_fen: int
    returned_fen: int
    net_fen: int
    tax_fen: int

    @property
    def without_tax_fen(self) -> int:
        """Revenue without tax."""
        return self.net_fen - self.tax_fen


class Way(Plain, frozen=True):
    """A way of paying: what was kept (change is not in it), what went back, and both together."""

    way: str
    count: int
    taken_fen: int
    refunds: int
    refunded_fen: int
    net_fen: int


class Group(Plain, frozen=True):
    """A category of products, as it is today."""

    key: str
    lines: int
    sold_fen: int
    returned_fen: int
    net_fen: int
    tax_fen: int


class Seller(Plain, frozen=True):
    """An operator: orders closed, returns among them, and what they come to."""

    key: str
    orders: int
    net_fen: int
    tax_fen: int


class Drawer(Plain, frozen=True):
    """The cash drawer: what lay in it at first, what sales left there, what came and went."""

    float_fen: int = 0
    kept_fen: int = 0
    in_fen: int = 0
    out_fen: int = 0
    drop_fen: int = 0

    @property
    def expected_fen(self) -> int:
        """What should lie in it. `kept_fen` has neither change nor what was refunded."""
        return self.float_fen + self.kept_fen + self.in_fen - self.out_fen - self.drop_fen


class Counted(Plain, frozen=True):
    """A way of paying as declared after a blind count; positive `difference_fen` is over."""

    way: str
    declared_fen: int
    expected_fen: int
    difference_fen: int


class Figures(Plain, frozen=True):
    """Everything an X or a Z shows. `held`, `unsent` and `unresolved` are as of now.

    `topup_fen` is stored value paid in: it is among the tenders, and no revenue.
    """

    of: Scope
    first_seq: int
    last_seq: int
    first_at: str
    last_at: str
    orders: int
    returns: int
    lines: int
    gross_fen: int
    returned_list_fen: int
    discounts: tuple[Amount, ...]
    rounding_fen: int
    sold_fen: int
    returned_fen: int
    net_fen: int
    tax_fen: int
    change_fen: int
    taxes: tuple[Rate, ...]
    tenders: tuple[Way, ...]
    categories: tuple[Group, ...]
    operators: tuple[Seller, ...]
    prices: Amount
    voided_orders: Amount
    voided_lines: Amount
    overrides: tuple[Amount, ...]
    drawer_opens: int
    reprints: int
    drawer: Drawer
    cost_fen: int
    uncosted_lines: int
    held: int
    unsent: int
    unresolved: Amount
    topup_fen: int = 0

    @property
    def expected(self) -> dict[str, int]:
        """What should be there by way of paying; cash is what should lie in the drawer."""
        found = {way.way: way.net_fen for way in self.tenders}
        return {"cash": self.drawer.expected_fen} | {
            way: fen for way, fen in found.items() if way != "cash"
        }

    @property
    def discount_fen(self) -> int:
        """All discounts together, 抹零 not among them."""
        return sum(one.fen for one in self.discounts)
