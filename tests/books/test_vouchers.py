"""Vouchers of random days: balanced to the fen, the same bytes again, read by other programs."""

from __future__ import annotations

import csv
import io
import shutil
import subprocess
import sys
from collections import defaultdict
from collections.abc import Callable
from pathlib import Path

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from msgspec.structs import replace

from pos.books.accounts import Account, Accounts, check
from pos.books.beancount import to_beancount
from pos.books.dbase import Field, to_dbase
from pos.books.exporting import export
from pos.books.tables import KIS_FIELDS
from pos.books.voucher import Entry, Voucher, balanced, daily, settlement
from pos.money import yuan
from pos.record import Counted, DayClosed, Where
from pos.refusal import Refused
from pos.reports.adding import figures, grand_total
from pos.reports.scope import of_z
from pos.words.books import EN, ZH
from tests.reports.conftest import Made, made

__all__ = ["made"]

Make = Callable[..., Made]
ACCOUNTS = Accounts()
WHERE = Where("9001", "s", "2026-03-02")
FORMS = ("beancount", "csv", "kis", "u8")
STEADY = settings(derandomize=True, max_examples=100, deadline=None)


def closes(it: Made, *, counted: int | None = -50) -> list[DayClosed]:
    """A Z at the end of each business date, by the last record of it."""
    ends = it.reader.rows("SELECT business_date, max(jn) FROM orders GROUP BY 1 ORDER BY 1")
    days, after, total = [], 0, 0
    for z, (date, upto) in enumerate(ends, 1):
        found = figures(it.reader, of_z(date, after, upto))
        total = grand_total(it.reader, upto_jn=upto, base_jn=after, base_fen=total)
        told = None
        if counted is not None:
            cash = found.expected["cash"]
            told = (Counted("cash", cash + counted, cash, counted), Counted("bank", 9, 0, 9))
        days.append(
            DayClosed(
                where=WHERE,
                z=z,
                business_date=date,
                first_seq=found.first_seq,
                last_seq=found.last_seq,
                shifts=2,
                figures=found,
                counted=told,
                uncounted=0 if told else 2,
                grand_total_fen=total,
                clock_jumps=0,
                auto=told is None,
            )
        )
        after = upto
    return days


def vouchers(it: Made, **options: int | None) -> list[Voucher]:
    return [daily(day, ACCOUNTS, "0001", "01") for day in closes(it, **options)]


def by_account(voucher: Voucher) -> dict[str, int]:
    sums: dict[str, int] = defaultdict(int)
    for entry in voucher.entries:
        sums[entry.account.code] += entry.debit_fen - entry.credit_fen
    return sums


@pytest.mark.parametrize("seed", range(3))
def test_a_voucher_is_its_z(made: Make, seed: int) -> None:
    it = made(seed)
    days = closes(it)
    assert len(days) == 3
    assert days[-1].grand_total_fen == sum(day.figures.net_fen for day in days)
    for day in days:
        voucher = daily(day, ACCOUNTS, "0001", "01")
        assert sum(e.debit_fen for e in voucher.entries) == sum(
            e.credit_fen for e in voucher.entries
        )
        assert all(min(e.debit_fen, e.credit_fen) == 0 for e in voucher.entries)
        assert all(max(e.debit_fen, e.credit_fen) > 0 for e in voucher.entries)
        sums, found = by_account(voucher), day.figures
        drawer = found.drawer
        assert sums["6001"] == -(found.net_fen - found.tax_fen)
        assert sums["2221.01.01"] == -found.tax_fen
        assert sums["1001"] == drawer.expected_fen - drawer.float_fen - 50
        assert sums["1901"] == 50
        assert sums["1002.03"] == drawer.drop_fen
        assert sums["6401"] == -sums["1405"] == found.cost_fen
        ways = {way.way: way.net_fen for way in found.tenders}
        assert sums["1012.01"] == ways.get("wechat", 0)
        assert sums["1012.02"] == ways.get("alipay", 0)
        assert sums["1002.01"] == ways.get("bank", 0)
        assert voucher.uncosted == found.uncosted_lines > 0
        assert voucher.key == f"0001-01-{day.business_date}-{day.z:06d}"
        assert voucher.number == day.z


@pytest.mark.parametrize("form", FORMS)
def test_the_same_z_gives_the_same_bytes(made: Make, form: str) -> None:
    it = made(10, acts=30)
    assert export(vouchers(it), form, "店长") == export(vouchers(it), form, "店长")


def test_an_uncounted_close_has_no_over_or_short(made: Make) -> None:
    voucher = vouchers(made(20, acts=30), counted=None)[0]
    assert "1901" not in by_account(voucher)
    over = vouchers(made(21, acts=30), counted=120)[0]
    assert by_account(over)["1901"] == -120
    assert any("长款" in entry.summary for entry in over.entries)


def test_more_came_back_than_was_sold(made: Make) -> None:
    """A day of returns stands on the other sides; no amount is negative."""
    day = closes(made(30, acts=30), counted=None)[0]
    rates = tuple(
        replace(rate, net_fen=-rate.net_fen, tax_fen=-rate.tax_fen) for rate in day.figures.taxes
    )
    ways = tuple(replace(way, net_fen=-way.net_fen) for way in day.figures.tenders)
    turned = replace(day, figures=replace(day.figures, taxes=rates, tenders=ways))
    voucher = daily(turned, ACCOUNTS, "0001", "01")
    assert by_account(voucher)["6001"] == -by_account(daily(day, ACCOUNTS, "0001", "01"))["6001"]
    assert all(e.debit_fen >= 0 and e.credit_fen >= 0 for e in voucher.entries)


def test_topups_are_a_liability(made: Make) -> None:
    day = closes(made(31, acts=30), counted=None)[0]
    plain = by_account(daily(day, ACCOUNTS, "0001", "01"))
    ways = tuple(
        replace(way, net_fen=way.net_fen + 50_000) if way.way == "wechat" else way
        for way in day.figures.tenders
    )
    more = replace(day, figures=replace(day.figures, tenders=ways, topup_fen=50_000))
    topped = by_account(daily(more, ACCOUNTS, "0001", "01"))
    assert topped["2203"] == -50_000
    assert topped["6001"] == plain["6001"]
    assert topped["1012.01"] == plain["1012.01"] + 50_000


def test_a_channel_pays_out_less_its_fee() -> None:
    voucher = settlement("2026-03-03", "wechat", 100_000, 380, ACCOUNTS, "0001", 7)
    assert by_account(voucher) == {"1002.03": 99_620, "6603": 380, "1012.01": -100_000}
    with pytest.raises(Refused, match="settlement_wrong"):
        settlement("2026-03-03", "wechat", 100, 101, ACCOUNTS, "0001", 7)
    with pytest.raises(Refused, match="account_missing"):
        settlement("2026-03-03", "shells", 100, 1, ACCOUNTS, "0001", 7)


def test_unbalanced_is_a_fault_of_ours() -> None:
    with pytest.raises(AssertionError):
        balanced((Entry("x", ACCOUNTS.cost, 1, 0),))


@pytest.mark.parametrize("code", ["", "库存", "1001.", "1001,1", "=1"])
def test_codes_of_a_config(code: str) -> None:
    check(ACCOUNTS)
    with pytest.raises(Refused, match="account_wrong"):
        check(replace(ACCOUNTS, vat=Account(code, "x")))
    with pytest.raises(Refused, match="account_wrong"):
        check(replace(ACCOUNTS, revenues={1300: Account(code, "x")}))


def test_an_own_account_for_a_rate(made: Make) -> None:
    day = closes(made(32, acts=30), counted=None)[0]
    own = replace(ACCOUNTS, revenues={1300: Account("6001.01", "收入-13%", "Income")})
    sums = by_account(daily(day, own, "0001", "01"))
    rates = {rate.tax_bp: rate.without_tax_fen for rate in day.figures.taxes}
    assert sums["6001.01"] == -rates[1300]
    assert sums["6001"] == -rates[900]


# --- beancount ---


def bean_check(path: Path) -> subprocess.CompletedProcess[str]:
    """Run the program itself; skip where it is not installed."""
    beside = Path(sys.executable).with_name("bean-check")
    program = str(beside) if beside.exists() else shutil.which("bean-check")
    if program is None:
        pytest.skip("no bean-check here")
    command = [program, "--no-cache", str(path)]
    return subprocess.run(command, capture_output=True, text=True, timeout=60, check=False)


def test_bean_check_accepts_it_and_finds_a_fen(made: Make, tmp_path: Path) -> None:
    found = vouchers(made(40))
    data = to_beancount(found, {"Assets:1001-库存现金": 50_000}).decode()
    path = tmp_path / "ledger.beancount"
    path.write_text(data, "utf-8")
    done = bean_check(path)
    assert (done.returncode, done.stdout + done.stderr) == (0, "")
    assert data.count(" * ") == 4
    for mark in (" balance Assets:1001-库存现金 ", "  Income:6001-主营业务收入  "):
        line = next(x for x in data.splitlines() if mark in x)
        amount = line.split(mark)[1].split()[0]
        fen = round(float(amount) * 100) + 1
        path.write_text(data.replace(line, line.replace(amount, yuan(fen)), 1), "utf-8")
        assert bean_check(path).returncode != 0, mark


def test_texts_in_beancount(tmp_path: Path) -> None:
    odd = Account("1001", '库存"现金/\\主 店', "Assets")
    entries = (Entry('a"b\\c\n"', odd, 5, 0), Entry("x", ACCOUNTS.cost, 0, 5))
    data = to_beancount([Voucher("k", "2026-03-02", 1, entries)])
    path = tmp_path / "a.beancount"
    path.write_bytes(data)
    assert bean_check(path).returncode == 0
    assert to_beancount([]) == b'option "operating_currency" "CNY"\n\n'


# --- tables ---


def test_the_table_of_jingdouyun(made: Make) -> None:
    found = vouchers(made(50))
    rows = list(csv.DictReader(io.StringIO(export(found, "csv", "店长").decode("utf-8-sig"))))
    assert list(rows[0]) == list(ZH.columns) == list(EN.columns)
    assert len(rows) == sum(len(voucher.entries) for voucher in found)
    for voucher in found:
        mine = [row for row in rows if row["凭证号"] == str(voucher.number)]
        debit = sum(round(float(row["借方金额"] or 0) * 100) for row in mine)
        credit = sum(round(float(row["贷方金额"] or 0) * 100) for row in mine)
        assert debit == credit == voucher.debit_fen
        assert [row["分录序号"] for row in mine] == [str(n) for n in range(1, len(mine) + 1)]
    assert {"22210101", "1001", "6001"} <= {row["科目代码"] for row in rows}


def test_u8_reads_gbk_with_crlf(made: Make) -> None:
    found = vouchers(made(51, acts=40))
    data = export(found, "u8", "店长,一")
    lines = data.decode("gbk").split("\r\n")
    assert lines[0] == "填制凭证,V800"
    assert lines[-1] == ""
    rows = [line.split(",") for line in lines[1:-1]]
    assert {len(row) for row in rows} == {48}
    assert sum(float(row[6]) for row in rows) == pytest.approx(sum(float(r[7]) for r in rows))
    for row, entry in zip(rows, (e for v in found for e in v.entries), strict=True):
        assert row[1:4:2] == ["记", "0"]
        assert (row[6], row[7]) == (yuan(entry.debit_fen), yuan(entry.credit_fen))
        assert row[5] == entry.account.digits
        assert row[11] == "店长，一"
        assert len(row[4].encode("gbk")) <= 60


def test_kis_reads_a_dbase_table(made: Make, tmp_path: Path) -> None:
    dbfread = pytest.importorskip("dbfread")
    found = vouchers(made(52, acts=40))
    path = tmp_path / "v.dbf"
    path.write_bytes(export(found, "kis", "店长"))
    rows = list(dbfread.DBF(str(path), encoding="gbk"))
    entries = [(v, e) for v in found for e in v.entries]
    assert len(rows) == len(entries)
    for row, (voucher, entry) in zip(rows, entries, strict=True):
        assert str(row["FDATE"]) == voucher.date
        assert (row["FGROUP"], row["FNUM"], row["FPERIOD"]) == ("记", voucher.number, 3)
        assert row["FACCTID"] == entry.account.code
        assert round(row["FDEBIT"] * 100) == entry.debit_fen
        assert round(row["FCREDIT"] * 100) == entry.credit_fen
        assert row["FDC"] == ("D" if entry.debit_fen else "C")
        assert entry.summary.startswith(row["FEXP"])
        assert row["FPREPARE"] == "店长"
    with pytest.raises(Refused, match="voucher_format"):
        export(found, "xml", "店长")


@STEADY
@given(st.text(max_size=80))
def test_no_text_splits_a_row_or_runs(text: str) -> None:
    entries = (Entry(text, ACCOUNTS.cost, 5, 0), Entry("x", ACCOUNTS.goods, 0, 5))
    found = [Voucher("k", "2026-03-02", 1, entries)]
    lines = export(found, "u8", text).decode("gbk").split("\r\n")
    assert len(lines) == 4
    assert {line.count(",") for line in lines[1:3]} == {47}
    rows = list(csv.reader(io.StringIO(export(found, "csv", text).decode("utf-8-sig"))))
    assert len(rows) == 3
    assert not rows[1][5].startswith(("=", "+", "-", "@", "＝"))
    data = export(found, "kis", text)
    size = 1 + sum(field.width for field in KIS_FIELDS)
    assert len(data) == 32 * (len(KIS_FIELDS) + 1) + 1 + 2 * size + 1
    data[-1 - 2 * size : -1].decode("gbk")  # no character is cut in two


def test_a_number_is_never_cut() -> None:
    with pytest.raises(ValueError, match="A"):
        to_dbase([Field("A", "N", 4, 2)], [("12.34",)], "2026-03-02")
