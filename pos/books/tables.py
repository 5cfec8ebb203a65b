"""Vouchers as the tables other programs import: 精斗云 (CSV), 金蝶 KIS (dBASE), 用友 U8 (text).

A voucher without entries is left out: no program takes one.
"""

from __future__ import annotations

import csv
import io
from collections.abc import Iterator, Sequence

from pos.books.dbase import Field, to_dbase
from pos.books.voucher import WORD, Entry, Voucher
from pos.money import yuan
from pos.text import clean, guarded
from pos.words.books import ZH, BookWords

_SUMMARY = 60
"""U8 and KIS keep so many bytes of a summary."""
_U8_FIELDS = 48
_U8_ZEROS = frozenset((28, 30, *range(39, 44), *range(45, 49)))
"""Places (from 1) that a U8 row fills with 0; the others behind the maker stay empty."""
KIS_FIELDS = (
    Field("FDATE", "D", 8),
    Field("FTRANSDATE", "D", 8),
    Field("FPERIOD", "N", 4),
    Field("FGROUP", "C", 10),
    Field("FNUM", "N", 10),
    Field("FENTRYID", "N", 6),
    Field("FEXP", "C", _SUMMARY),
    Field("FACCTID", "C", 30),
    Field("FCLSNAME1", "C", 20),
    Field("FOBJID1", "C", 20),
    Field("FOBJNAME1", "C", 40),
    Field("FTRANSID", "C", 20),
    Field("FCYID", "C", 10),
    Field("FEXCHRATE", "N", 14, 7),
    Field("FDC", "C", 1),
    Field("FFCYAMT", "N", 18, 2),
    Field("FDEBIT", "N", 18, 2),
    Field("FCREDIT", "N", 18, 2),
    Field("FPREPARE", "C", 20),
)


def to_csv(vouchers: Sequence[Voucher], words: BookWords = ZH) -> bytes:
    """精斗云's columns as CSV (UTF-8 with a byte order mark); no summary runs as a formula."""
    text = io.StringIO(newline="")
    writer = csv.writer(text)
    writer.writerow(words.columns)
    for voucher, number, entry in _entries(vouchers):
        row = [
            voucher.date,
            WORD,
            voucher.number,
            0,
            number,
            guarded(clean(entry.summary)),
            entry.account.digits,
            guarded(clean(entry.account.name)),
            yuan(entry.debit_fen) if entry.debit_fen else "",
            yuan(entry.credit_fen) if entry.credit_fen else "",
        ]
        amount = yuan(entry.debit_fen or entry.credit_fen)
        writer.writerow([*row, *[""] * 8, amount, "RMB", 1])
    return text.getvalue().encode("utf-8-sig")


def to_kis(vouchers: Sequence[Voucher], maker: str) -> bytes:
    """金蝶 KIS's exchange fields as a dBASE III table; `maker` is who made it (制单人)."""
    rows = []
    for voucher, number, entry in _entries(vouchers):
        day = voucher.date.replace("-", "")
        amount = yuan(entry.debit_fen or entry.credit_fen)
        rows.append(
            (
                day,
                day,
                str(int(day[4:6])),
                WORD,
                str(voucher.number),
                str(number),
                clean(entry.summary),
                entry.account.code,
                *[""] * 4,
                "RMB",
                "1.0000000",
                "D" if entry.debit_fen else "C",
                amount,
                yuan(entry.debit_fen),
                yuan(entry.credit_fen),
                clean(maker, 20),
            )
        )
    return to_dbase(KIS_FIELDS, rows, vouchers[-1].date if vouchers else "1970-01-01")


def to_u8(vouchers: Sequence[Voucher], maker: str) -> bytes:
    """用友 U8's voucher text: GBK, CRLF, the version first, one entry a row."""
    lines = ["填制凭证,V800"]
    for voucher, _, entry in _entries(vouchers):
        row = [
            voucher.date,
            WORD,
            str(voucher.number),
            "0",
            _field(entry.summary),
            entry.account.digits,
            yuan(entry.debit_fen),
            yuan(entry.credit_fen),
            "0",
            "0",
            "",
            _field(maker),
        ]
        rest = range(len(row) + 1, _U8_FIELDS + 1)
        lines.append(",".join([*row, *("0" if n in _U8_ZEROS else "" for n in rest)]))
    return ("\r\n".join(lines) + "\r\n").encode("gbk", "replace")


def _entries(vouchers: Sequence[Voucher]) -> Iterator[tuple[Voucher, int, Entry]]:
    for voucher in vouchers:
        for number, entry in enumerate(voucher.entries, 1):
            yield voucher, number, entry


def _field(text: str) -> str:
    """A field of U8's text: no comma and no quote can split it, and not too long in GBK."""
    plain = clean(text).replace(",", "，").replace('"', "”")
    return plain.encode("gbk", "replace")[:_SUMMARY].decode("gbk", "ignore")
