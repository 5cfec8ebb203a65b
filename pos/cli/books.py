"""`pos voucher export`: the vouchers of a business date, as the accountant's program takes them.

The settlement voucher of one order (结账凭证) is another thing: `pos order voucher`.
"""

from __future__ import annotations

import sys
from pathlib import Path
from typing import Annotated, Any

import typer

from pos.books import accounts, exporting
from pos.books.exporting import SUFFIX
from pos.books.voucher import Voucher, daily
from pos.cli.desk import ConfigOption, JsonOption, OperatorOption, complain, desk, show, tell
from pos.refusal import Refused
from pos.reports.asked import dates_of
from pos.store import shifts
from pos.store.reader import Reader
from pos.system import replace_file
from pos.words.books import EN, ZH


def export(
    date: Annotated[str, typer.Option("--date", help="2026-03-02 或 2026-03-01..2026-03-31")],
    form: Annotated[str, typer.Option("--format", help=" | ".join(SUFFIX))] = "beancount",
    out: Annotated[
        Path | None, typer.Option("--out", help="文件 file; 不写到标准输出 stdout")
    ] = None,
    operator: OperatorOption = "",
    json: JsonOption = False,
    config: ConfigOption = None,
) -> None:
    """Export the vouchers (记账凭证) of a day's Z or of several days: balanced, always the same."""
    with desk(config) as place, place.looking("cli.voucher.export", operator) as reader:
        books, settings = place.config.settings.books, place.config.settings
        words = EN if settings.till.language == "en" else ZH
        known = accounts.of_settings(books.accounts)
        first, last = dates_of(date)
        found = [
            daily(shifts.day(reader, z), known, settings.shop.id, settings.till.id, words=words)
            for z in _between(reader, first, last)
        ]
        if not found:
            raise Refused("no_closed_day", date=date[:30])
        data = exporting.export(found, form, books.maker)
        if bare := sum(voucher.uncosted for voucher in found):
            complain(words.uncosted.format(count=bare))
        if out is not None:
            replace_file(out, data)
        if json:
            vouchers = [_told(voucher) for voucher in found]
            show({"format": form, "file": str(out) if out else "", "vouchers": vouchers})
        elif out is None:
            sys.stdout.buffer.write(data)
            sys.stdout.buffer.flush()
        else:
            tell(words.exported.format(count=len(found), path=out))


def _between(reader: Reader, first: str, last: str) -> list[int]:
    return [row.z for row in shifts.days(reader) if first <= row.business_date <= last]


def _told(voucher: Voucher) -> dict[str, Any]:
    return {
        "key": voucher.key,
        "date": voucher.date,
        "z": voucher.number,
        "debit_fen": voucher.debit_fen,
        "credit_fen": sum(entry.credit_fen for entry in voucher.entries),
        "uncosted": voucher.uncosted,
        "entries": [
            {
                "summary": entry.summary,
                "account": entry.account.code,
                "name": entry.account.name,
                "debit_fen": entry.debit_fen,
                "credit_fen": entry.credit_fen,
            }
            for entry in voucher.entries
        ],
    }
