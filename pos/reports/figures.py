"""What a report of figures holds, and the facts that close a shift and a day.

Fen and thousandths throughout. Figures of what came back are negative as they are stored, so that
every `net` is a plain sum: list of what was sold + list of what came back - discounts - 抹零 = net.
"""

from __future__ import annotations

from collections.abc import Mapping
from typing import Literal

import msgspec

from pos.record import Where

ScopeKind = Literal["shift", "date", "range", "z"]
NO_END = 2**62


class _Plain(msgspec.Struct, frozen=True, forbid_unknown_fields=True):
    """Plain data that may stand in a record."""


class Scope(_Plain, frozen=True):
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

    def where(self, alias: str, *, indexed: bool = True) -> str:
        """The condition on a table of facts; `indexed`: it has an index by date."""
        # + keeps a date from losing against the index of jn, where there is one of dates
        jn = f"{'+' if indexed and self.kind != 'z' else ''}{alias}.jn"
        bound = f"{jn} > :after AND {jn} <= :upto"
        if self.kind == "z":
            return bound
        if self.first and self.first == self.last:
            bound += f" AND {alias}.business_date = :first"
        elif self.kind != "shift":
            bound += f" AND {alias}.business_date BETWEEN :first AND :last"
        if self.kind == "shift":
            bound += f" AND {alias}.shift_id = :shift"
        return bound

    @property
    def values(self) -> Mapping[str, object]:
        """What the condition's names stand for."""
        return {
            "first": self.first,
            "last": self.last,
            "shift": self.shift_id,
            "after": self.after_jn,
            "upto": self.upto_jn or NO_END,
        }


def of_date(business_date: str, after_jn: int = 0) -> Scope:
    """All of one business date, or what came after a record of it."""
    return Scope("date", business_date, business_date, after_jn=after_jn)


def of_range(first: str, last: str) -> Scope:
    """Business dates from `first` to `last`."""
    return Scope("range", first, last)


def of_shift(shift_id: str, business_date: str = "") -> Scope:
    """One shift; with its business date it is found by an index."""
    return Scope("shift", business_date, business_date, shift_id)


def of_z(business_date: str, after_jn: int, upto_jn: int = 0) -> Scope:
    """All that came after the record of the last Z."""
    return Scope("z", business_date, business_date, after_jn=after_jn, upto_jn=upto_jn)


class Amount(_Plain, frozen=True):
    """How often something happened and what it comes to."""

    key: str
    count: int
    fen: int


class Rate(_Plain, frozen=True):
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


class Way(_Plain, frozen=True):
    """A way of paying: what was kept (change is not in it), what went back, and both together."""

    way: str
    count: int
    taken_fen: int
    refunds: int
    refunded_fen: int
    net_fen: int


class Group(_Plain, frozen=True):
    """A category of products, as it is today."""

    key: str
    lines: int
    sold_fen: int
    returned_fen: int
    net_fen: int
    tax_fen: int


class Operator(_Plain, frozen=True):
    """An operator: orders closed, returns among them, and what they come to."""

    key: str
    orders: int
    net_fen: int
    tax_fen: int


class Drawer(_Plain, frozen=True):
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


class Counted(_Plain, frozen=True):
    """A way of paying as declared after a blind count; positive `difference_fen` is over."""

    way: str
    declared_fen: int
    expected_fen: int
    difference_fen: int


class Figures(_Plain, frozen=True):
    """Everything an X or a Z shows. `held`, `unsent` and `unresolved` are as of now."""

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
    operators: tuple[Operator, ...]
    prices: Amount
    voided_orders: Amount
    voided_lines: Amount
    overrides: tuple[Amount, ...]
    drawer_opens: int
    reprints: int
    drawer: Drawer
    counted: tuple[Counted, ...]
    cost_fen: int
    uncosted_lines: int
    held: int
    unsent: int
    unresolved: int

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


class ShiftClosed(_Plain, frozen=True, tag_field="kind", tag="shift.closed"):
    """交班: every way of paying as declared, cash by denomination (fen, pieces).

    `recounted`: the first count was put aside; `approver` signed what still differed.
    """

    where: Where
    shift_id: str
    opened_at: str
    float_fen: int
    counted: tuple[Counted, ...]
    denominations: tuple[tuple[int, int], ...]
    recounted: bool
    approver: str


class DayClosed(_Plain, frozen=True, tag_field="kind", tag="day.closed"):
    """日结: the `z`-th of this till. `counted` is None where nobody has counted yet (`auto`)."""

    where: Where
    z: int
    business_date: str
    first_seq: int
    last_seq: int
    figures: Figures
    grand_total_fen: int
    auto: bool
    counted: tuple[Counted, ...] | None
