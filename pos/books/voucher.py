"""The voucher of a day, from the figures of its Z: every amount is one that was stored.

Dr what was taken, by way of paying; Cr revenue without tax and output VAT, by rate. Discounts and
抹零 are inside the lines' net, so revenue is what was really charged (net method). A side that
would be negative (more came back than was sold) stands on the other side.

Its key is shop, till and Z number, so the same Z always gives the same voucher; what happens after
a close is in the next Z.
"""

from __future__ import annotations

import msgspec

from pos.books.accounts import Account, Accounts
from pos.record import DayClosed, Rate
from pos.refusal import Refused
from pos.words.books import ZH, BookWords

WORD = "记"
"""凭证字: the one kind of voucher of small shops."""


class Entry(msgspec.Struct, frozen=True):
    """One entry (分录); one of the two amounts is 0, the other is positive fen."""

    summary: str
    account: Account
    debit_fen: int
    credit_fen: int


class Voucher(msgspec.Struct, frozen=True):
    """A balanced voucher. `number` is its Z; `uncosted` counts lines whose cost nobody told."""

    key: str
    date: str
    number: int
    entries: tuple[Entry, ...]
    uncosted: int = 0

    @property
    def debit_fen(self) -> int:
        """All debits, which are all credits."""
        return sum(one.debit_fen for one in self.entries)


class _Writing:
    """A voucher being written: summaries are filled in, empty entries left out."""

    def __init__(self, **values: object) -> None:
        self._values = values
        self.entries: list[Entry] = []

    def debit(self, summary: str, account: Account, fen: int, **values: object) -> None:
        """Positive `fen` to the left, negative ones to the right."""
        if fen:
            told = summary.format(**self._values, **values)
            self.entries.append(Entry(told, account, max(fen, 0), max(-fen, 0)))

    def credit(self, summary: str, account: Account, fen: int, **values: object) -> None:
        """The other way round."""
        self.debit(summary, account, -fen, **values)


def daily(
    day: DayClosed,
    accounts: Accounts,
    shop: str,
    till: str,
    *,
    words: BookWords = ZH,
) -> Voucher:
    """The voucher of one Z.

    Stored value that was paid in is among the tenders, and owed to those who paid it. What was
    counted is taken from the close itself; without a count there is no over or short of cash.
    Refused("account_missing").
    """
    found = day.figures
    writing = _Writing(date=day.business_date, shop=shop, till=till, z=day.z)
    for way in found.tenders:
        writing.debit(words.sales, accounts.of_way(way.way), way.net_fen)
    for rate in found.taxes:
        writing.credit(words.sales, accounts.of_rate(rate.tax_bp), rate.without_tax_fen)
    for rate in found.taxes:
        writing.credit(words.tax, accounts.vat, rate.tax_fen, rate=_percent(rate))
    writing.credit(words.topup, accounts.of_way("stored_value"), found.topup_fen)
    writing.debit(words.cost, accounts.cost, found.cost_fen)
    writing.credit(words.cost, accounts.goods, found.cost_fen)
    _cash(writing, day, accounts, words)
    entries = balanced(tuple(writing.entries))
    key = f"{shop}-{till}-{day.business_date}-{day.z:06d}"
    return Voucher(key, day.business_date, day.z, entries, found.uncosted_lines)


def settlement(
    date: str,
    way: str,
    gross_fen: int,
    fee_fen: int,
    accounts: Accounts,
    shop: str,
    number: int,
    *,
    words: BookWords = ZH,
) -> Voucher:
    """A wallet's or card's money has come: into the bank, less the channel's fee.

    Refused: settlement_wrong, account_missing.
    """
    if not 0 <= fee_fen <= gross_fen:
        raise Refused("settlement_wrong", fee=fee_fen, gross=gross_fen)
    writing = _Writing(date=date, shop=shop, way=way)
    account = accounts.of_way(way)
    writing.debit(words.settled, accounts.deposit, gross_fen - fee_fen)
    writing.debit(words.fee, accounts.fee, fee_fen)
    writing.credit(words.settled, account, gross_fen)
    entries = balanced(tuple(writing.entries))
    return Voucher(f"{shop}-{way}-{date}", date, number, entries)


def balanced(entries: tuple[Entry, ...]) -> tuple[Entry, ...]:
    """The same entries; AssertionError where they do not balance: then a figure is wrong."""
    debit, credit = sum(e.debit_fen for e in entries), sum(e.credit_fen for e in entries)
    if debit != credit:
        raise AssertionError(f"voucher: {debit} debit, {credit} credit")
    return entries


def _cash(writing: _Writing, day: DayClosed, accounts: Accounts, words: BookWords) -> None:
    """Cash beside sales. What was dropped (解款) is on its way to the bank."""
    drawer, cash = day.figures.drawer, accounts.of_way("cash")
    writing.debit(words.drop, accounts.deposit, drawer.drop_fen)
    writing.credit(words.drop, cash, drawer.drop_fen)
    writing.debit(words.cash_in, cash, drawer.in_fen)
    writing.credit(words.cash_in, accounts.paid_in, drawer.in_fen)
    writing.debit(words.cash_out, accounts.paid_out, drawer.out_fen)
    writing.credit(words.cash_out, cash, drawer.out_fen)
    # what differs of the other ways is settled with their provider, not by counting
    fen = sum(one.difference_fen for one in day.counted or () if one.way == "cash")
    summary = words.over if fen > 0 else words.short
    writing.debit(summary, cash, fen)
    writing.credit(summary, accounts.over_short, fen)


def _percent(rate: Rate) -> str:
    whole, part = divmod(rate.tax_bp, 100)
    return f"{whole}.{part:02d}".rstrip("0").rstrip(".") + "%"
