"""A day's bill as both providers write it, read by the names of its columns.

WeChat Pay: CSV in UTF-8, 27 columns (older merchants 24), every field behind a backtick, then a
summary ("交易账单详细说明" 2024.11.25). Alipay: a ZIP of two CSVs in GBK with names in GBK,
25 columns, `#` lines around them. A line that does not hold is told by its number and left out;
the others stand. Nothing is read here that names a payer.
"""

from __future__ import annotations

import csv
import io
import re
import zipfile
import zlib
from collections.abc import Callable, Iterable, Iterator, Mapping
from datetime import datetime
from typing import Literal

import msgspec

from pos.clock import local
from pos.refusal import Refused
from pos.text import clean

RowKind = Literal["payment", "refund", "revoke"]
MOST_BYTES = 64 * 1024 * 1024
MOST_LINES = 1_000_000
MOST_LINE = 8192

_AMOUNT = re.compile(r"[+-]?(\d{1,10})(?:\.(\d{1,5}))?", re.ASCII)
_TIME = re.compile(r"\d{4}-\d\d-\d\d \d\d:\d\d:\d\d", re.ASCII)
_ID = re.compile(r"[0-9A-Za-z_\-|*@]{1,64}", re.ASCII)
_COUNT = re.compile(r"#(交易|退款)合计[：:]\s*(\d{1,9})\s*笔")


class BillRow(msgspec.Struct, frozen=True):
    """One row. Fen are sizes, never negative; `fee_milli` is thousandths of a fen, signed."""

    channel: str
    kind: RowKind
    line: int
    out_trade_no: str
    transaction_id: str
    fen: int
    """Payment: what was asked. Refund, revoke: what went back."""
    settled_fen: int
    """What of it the merchant gets before fees; less than `fen` where a coupon of ours paid."""
    at: datetime
    """Payment: when paid. Refund: when it was begun, its status never grows older."""
    out_refund_no: str = ""
    refund_id: str = ""
    fee_milli: int = 0
    place: str = ""
    """Shop and till as they were sent (six digits), or what other software wrote there."""


class BadLine(msgspec.Struct, frozen=True):
    """A line left out: `code` is a field of the words, `column` names what is wrong in it."""

    line: int
    code: str
    column: str = ""


class Bill(msgspec.Struct, frozen=True):
    """What could be read. `complete`: its own sums or counts agree; None where it has none."""

    channel: str
    rows: tuple[BillRow, ...]
    refused: tuple[BadLine, ...] = ()
    complete: bool | None = None


class _Bad(Exception):  # noqa: N818 - caught where the line's number is known
    def __init__(self, column: str) -> None:
        super().__init__(column)
        self.column = column


def read_bill(channel: str, content: bytes) -> Bill:
    """Raises Refused: bill_unreadable, bill_too_big, bill_columns, and "bill_channel"."""
    readers: dict[str, Callable[[bytes], Bill]] = {"wechat": read_wechat, "alipay": read_alipay}
    if channel not in readers:
        raise Refused("bill_channel", channel=clean(channel, 20))
    return readers[channel](content)


# --- WeChat Pay ---

_WECHAT_NEEDS = ("交易时间", "微信订单号", "商户订单号", "交易状态", "手续费")
_WECHAT_KINDS: dict[str, RowKind] = {
    "SUCCESS": "payment",
    "REFUND": "refund",
    "REVOKED": "revoke",
}


def read_wechat(content: bytes) -> Bill:
    """The trade bill (ALL, SUCCESS or REFUND), un-gzipped."""
    lines = _lines(content, "utf-8")
    header = _header(lines, ",", _WECHAT_NEEDS)
    rows: list[BillRow] = []
    refused: list[BadLine] = []
    complete: bool | None = None
    for number, line in lines:
        if line is None:
            refused.append(BadLine(number, "bill_line_bytes"))
        elif line.startswith("总交易单数"):
            complete = _wechat_sums(line, next(lines, (0, ""))[1] or "", rows)
            break
        elif line:
            _take(rows, refused, number, line, header, _wechat_row)
    return Bill("wechat", tuple(rows), tuple(refused), complete)


def _wechat_fields(line: str) -> list[str]:
    """A comma in a product's name is none of ours: fields part at comma and backtick."""
    return line[1:].split(",`") if line.startswith("`") else []


def _wechat_row(number: int, line: str, header: list[str]) -> BillRow:
    cell = _cells(header, _wechat_fields(line))
    kind = _WECHAT_KINDS.get(cell["交易状态"])
    if kind is None:
        raise _Bad("交易状态")
    if kind == "payment":
        column = "订单金额" if "订单金额" in cell else "总金额"
        fen = _fen(cell, column)
        settled = _fen(cell, "应结订单金额") if "应结订单金额" in cell else fen
    else:
        column = "申请退款金额" if _amounts(cell, "申请退款金额") else "退款金额"
        fen = settled = _fen(cell, column)
    attach, device = cell.get("商户数据包", ""), cell.get("设备号", "")
    return BillRow(
        channel="wechat",
        kind=kind,
        line=number,
        out_trade_no=_id(cell, "商户订单号"),
        transaction_id=_id(cell, "微信订单号"),
        fen=fen,
        settled_fen=settled,
        at=_moment(cell, "交易时间"),
        out_refund_no=_id(cell, "商户退款单号") if kind == "refund" else "",
        refund_id=_id(cell, "微信退款单号") if kind == "refund" else "",
        fee_milli=_milli(cell, "手续费"),
        place=clean(attach or device, 32),
    )


def _wechat_sums(header: str, line: str, rows: Iterable[BillRow]) -> bool:
    """Whether the summary says what the rows add up to."""
    names, fields = header.split(","), _wechat_fields(line)
    cell = dict(zip([name.strip() for name in names], fields, strict=False))
    known = list(rows)
    paid = [row for row in known if row.kind == "payment"]
    try:
        told = int(cell["总交易单数"])
        fen = _fen(cell, "订单总金额" if "订单总金额" in cell else "总交易额")
    except (KeyError, ValueError, _Bad):
        return False
    return told == len(known) and fen == sum(row.fen for row in paid)


# --- Alipay ---

_ALIPAY_NEEDS = ("支付宝交易号", "商户订单号", "业务类型", "完成时间", "订单金额(元)", "服务费(元)")
_ALIPAY_KINDS: dict[str, RowKind] = {"交易": "payment", "退款": "refund"}


def read_alipay(content: bytes) -> Bill:
    """The trade bill: a ZIP, or the detail CSV out of it."""
    packed = content[:2] == b"PK"
    lines = _lines(_unzipped(content) if packed else content, "gb18030")
    header = _header(lines, ",", _ALIPAY_NEEDS)
    rows: list[BillRow] = []
    refused: list[BadLine] = []
    counts: dict[str, int] = {}
    for number, line in lines:
        if line is None:
            refused.append(BadLine(number, "bill_line_bytes"))
        elif line.startswith("#"):
            counts |= {kind: int(count) for kind, count in _COUNT.findall(line)}
        elif line:
            _take(rows, refused, number, line, header, _alipay_row)
    complete = None
    if counts:
        found = {name: sum(r.kind == k for r in rows) for name, k in _ALIPAY_KINDS.items()}
        complete = all(found[name] == count for name, count in counts.items())
    return Bill("alipay", tuple(rows), tuple(refused), complete)


def _alipay_row(number: int, line: str, header: list[str]) -> BillRow:
    fields = [field.strip() for field in next(csv.reader([line]), [])]
    extra = len(fields) - len(header)
    if extra > 0 and "商品名称" in header:  # commas in the name of what was sold
        at = header.index("商品名称")
        fields[at : at + extra + 1] = [",".join(fields[at : at + extra + 1])]
    cell = _cells(header, fields)
    kind = _ALIPAY_KINDS.get(cell["业务类型"])
    if kind is None:
        raise _Bad("业务类型")
    fen = _fen(cell, "订单金额(元)")
    net = _fen(cell, "商家实收(元)") if "商家实收(元)" in cell else fen
    request = "退款批次号/请求号"
    return BillRow(
        channel="alipay",
        kind=kind,
        line=number,
        out_trade_no=_id(cell, "商户订单号"),
        transaction_id=_id(cell, "支付宝交易号"),
        fen=fen,
        settled_fen=net,
        at=_moment(cell, "完成时间"),
        out_refund_no=_id(cell, request) if kind == "refund" else "",
        fee_milli=abs(_milli(cell, "服务费(元)")),
        place=clean(cell.get("终端号") or cell.get("门店编号", ""), 32),
    )


def _unzipped(content: bytes) -> bytes:
    """The detail file: names are GBK without a flag; what unpacks to too much is refused."""
    try:
        with zipfile.ZipFile(io.BytesIO(content), metadata_encoding="gbk") as archive:
            names = [n for n in archive.namelist()[:20] if n.endswith(".csv") and "汇总" not in n]
            if len(names) != 1:
                raise Refused("bill_unreadable")
            with archive.open(names[0]) as file:
                found = file.read(MOST_BYTES + 1)
    except (zipfile.BadZipFile, zlib.error, OSError, RuntimeError, ValueError, EOFError):
        raise Refused("bill_unreadable") from None
    except NotImplementedError:  # a packing that no bill uses
        raise Refused("bill_unreadable") from None
    return found


# --- both ---


def _lines(content: bytes, encoding: str) -> Iterator[tuple[int, str | None]]:
    """Lines with their numbers from 1; None for one that is no text or far too long."""
    if len(content) > MOST_BYTES:
        raise Refused("bill_too_big")
    return _each_line(content, encoding)


def _each_line(content: bytes, encoding: str) -> Iterator[tuple[int, str | None]]:
    for number, raw in enumerate(io.BytesIO(content), 1):
        if number > MOST_LINES:
            raise Refused("bill_too_big")
        if len(raw) > MOST_LINE:
            yield number, None
            continue
        try:
            text = raw.decode(encoding).strip("\ufeff\r\n\t ")
        except UnicodeDecodeError:
            yield number, None
            continue
        yield number, None if "\x00" in text else text


def _header(lines: Iterator[tuple[int, str | None]], comma: str, needs: Iterable[str]) -> list[str]:
    """The first line that is no `#` line; Refused("bill_columns") names what it lacks."""
    wanted = list(needs)
    for _, line in lines:
        if not line or line.startswith("#"):
            continue
        names = [_narrow(name) for name in line.split(comma)]
        missing = [name for name in wanted if name not in names]
        if missing or len(set(names)) != len(names):
            raise Refused("bill_columns", columns=", ".join(missing) or "2×")
        return names
    raise Refused("bill_unreadable")


def _narrow(name: str) -> str:
    return name.strip().lstrip("`").replace("（", "(").replace("）", ")")


def _take(
    rows: list[BillRow],
    refused: list[BadLine],
    number: int,
    line: str,
    header: list[str],
    read: Callable[[int, str, list[str]], BillRow],
) -> None:
    try:
        rows.append(read(number, line, header))
    except _Bad as bad:
        refused.append(BadLine(number, "bill_line", bad.column))
    except csv.Error:
        refused.append(BadLine(number, "bill_line"))


def _cells(header: list[str], fields: list[str]) -> dict[str, str]:
    if len(fields) != len(header):
        raise _Bad("")
    return {name: field.strip() for name, field in zip(header, fields, strict=True)}


def _amounts(cell: Mapping[str, str], column: str) -> bool:
    return cell.get(column, "").strip("0. ") != ""


def _fen(cell: Mapping[str, str], column: str) -> int:
    """Yuan as fen, without its sign; a part of a fen is refused."""
    milli = abs(_milli(cell, column))
    if milli % 1000:
        raise _Bad(column)
    return milli // 1000


def _milli(cell: Mapping[str, str], column: str) -> int:
    """Yuan with up to 5 decimals as thousandths of a fen."""
    text = cell.get(column, "")
    match = _AMOUNT.fullmatch(text)
    if match is None:
        raise _Bad(column)
    size = int(match[1]) * 100_000 + int((match[2] or "").ljust(5, "0"))
    return -size if text.startswith("-") else size


def _id(cell: Mapping[str, str], column: str) -> str:
    text = cell.get(column, "")
    if not _ID.fullmatch(text):
        raise _Bad(column)
    return text


def _moment(cell: Mapping[str, str], column: str) -> datetime:
    text = cell.get(column, "")
    if not _TIME.fullmatch(text):
        raise _Bad(column)
    try:
        return local(datetime.fromisoformat(text + "+08:00"))
    except (ValueError, OverflowError):
        raise _Bad(column) from None
