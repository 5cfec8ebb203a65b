"""Vouchers as a beancount ledger; text only, the program itself is never imported.

Traps (measured with beancount 3.2): a component of an account must begin with a capital letter or
a digit, so 1001-库存现金; a balance without a tolerance lets one cent pass, hence `~ 0.001`.
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Mapping, Sequence
from datetime import date, timedelta

from pos.books.voucher import Voucher
from pos.money import yuan
from pos.text import clean

CURRENCY = "CNY"


def to_beancount(vouchers: Sequence[Voucher], brought: Mapping[str, int] | None = None) -> bytes:
    """A whole ledger file: accounts opened, a transaction a voucher, balances after each date.

    `brought` are balances (fen by beancount account) from before; they are put in by an opening
    transaction. The same vouchers give the same bytes.
    """
    ordered = sorted(vouchers, key=lambda voucher: (voucher.date, voucher.key))
    before = dict(sorted((brought or {}).items()))
    names = {e.account.beancount for v in ordered for e in v.entries} | before.keys()
    lines = [f'option "operating_currency" "{CURRENCY}"', ""]
    if not ordered:
        return _bytes(lines)
    first = date.fromisoformat(ordered[0].date)
    if before:
        names |= {_OPENING}
    lines += [f"{first - timedelta(days=1)} open {name} {CURRENCY}" for name in sorted(names)]
    sums: dict[str, int] = defaultdict(int, before)
    if before:
        lines += ["", f'{first - timedelta(days=1)} * "期初余额"']
        lines += [_posting(name, fen) for name, fen in before.items()]
        lines.append(_posting(_OPENING, -sum(before.values())))
    for place, voucher in enumerate(ordered):
        lines += ["", *_transaction(voucher)]
        for entry in voucher.entries:
            sums[entry.account.beancount] += entry.debit_fen - entry.credit_fen
        if place + 1 == len(ordered) or ordered[place + 1].date != voucher.date:
            lines += ["", *_balances(voucher.date, sums)]
    return _bytes(lines)


_OPENING = "Equity:4001-期初余额"


def _transaction(voucher: Voucher) -> list[str]:
    summary = voucher.entries[0].summary if voucher.entries else voucher.key
    lines = [f'{voucher.date} * "{_quoted(summary)}"', f'  voucher: "{_quoted(voucher.key)}"']
    if voucher.uncosted:
        lines.append(f'  uncosted: "{voucher.uncosted}"')
    return lines + [
        _posting(entry.account.beancount, entry.debit_fen - entry.credit_fen)
        for entry in voucher.entries
    ]


def _balances(day: str, sums: Mapping[str, int]) -> list[str]:
    next_day = date.fromisoformat(day) + timedelta(days=1)
    return [
        f"{next_day} balance {name} {yuan(fen)} ~ 0.001 {CURRENCY}"
        for name, fen in sorted(sums.items())
    ]


def _posting(name: str, fen: int) -> str:
    return f"  {name}  {yuan(fen)} {CURRENCY}"


def _quoted(text: str) -> str:
    return clean(text, 200).replace("\\", "\\\\").replace('"', '\\"')


def _bytes(lines: Sequence[str]) -> bytes:
    return ("\n".join(lines) + "\n").encode("utf-8")
