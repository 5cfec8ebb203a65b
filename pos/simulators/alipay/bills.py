"""The `trade` bill: a zip of two GBK files whose names are GBK too, without a flag saying so."""

from __future__ import annotations

import re
import struct
import zlib
from collections.abc import Iterable
from datetime import date, timedelta
from typing import TYPE_CHECKING, Any

from pos.simulators.alipay.gateway import business, said
from pos.simulators.wallets.amounts import yuan
from pos.simulators.wallets.clock import beijing, plain
from pos.simulators.wallets.days import Row, is_ready, rows_of

if TYPE_CHECKING:
    from pos.simulators.alipay.simulator import AlipaySimulator

LINK_VALID_S = 30
COLUMNS = (
    "支付宝交易号,商户订单号,业务类型,商品名称,创建时间,完成时间,门店编号,门店名称,操作员,终端号,对方账户,"
    "订单金额（元）,商家实收（元）,支付宝红包（元）,集分宝（元）,支付宝优惠（元）,商家优惠（元）,券核销金额（元）,"
    "券名称,商家红包消费金额（元）,卡消费金额（元）,退款批次号/请求号,服务费（元）,分润（元）,备注"
)
SUMMARY = (
    "门店编号,门店名称,交易订单总笔数,退款订单总笔数,订单金额（元）,商家实收（元）,支付宝优惠（元）,"
    "商家优惠（元）,卡消费金额（元）,服务费（元）,分润（元）,实收净额（元）"
)


def download_url(sim: AlipaySimulator, wish: dict[str, Any]) -> dict[str, Any]:
    """A link that lives 30 s. No bill, or not yet: 40004 isp.bill_not_exist."""
    day = wish["bill_date"]
    days = _days(sim, day)
    fault = sim.bill_fault(day)
    rows = [row for one in days for row in rows_of(sim.book, one, sim.settings.fee_bp, fault)]
    if wish["bill_type"] != "trade" or not rows or fault in ("bill_creating", "bill_none"):
        raise business("isp.bill_not_exist", "账单不存在")
    label = day.replace("-", "")
    name = f"{sim.app.seller_id}0156_{label}"
    content = zipped(
        (
            (f"{name}_业务明细.csv", _details(sim, rows, days)),
            (f"{name}_业务明细(汇总).csv", _summary(sim, rows, days, fault)),
        )
    )
    token = sim.downloads.offer(sim.book.now() + LINK_VALID_S, content)
    query = f"bizType=trade&fileType=csv.zip&downloadFileName={name}.csv.zip&token={token}"
    link = f"{sim.url}/downloadBillFile.resource?{query}"
    return said() | {"bill_download_url": link}


def _days(sim: AlipaySimulator, wanted: str) -> list[str]:
    """The days of a day or of a month. Raises `GatewayError` when they are not over."""
    now = sim.book.now()
    try:
        first = date.fromisoformat(wanted if len(wanted) == 10 else f"{wanted}-01")
    except ValueError as why:
        raise business("isv.invalid-arguments", "bill_date格式不正确") from why
    days = [first]
    if len(wanted) == 7:
        while (days[-1] + timedelta(days=1)).month == first.month:
            days.append(days[-1] + timedelta(days=1))
    texts = [day.isoformat() for day in days]
    too_old = first < beijing(now).date() - timedelta(days=6 * 366)
    if too_old or not is_ready(now, texts[-1], sim.settings.bill_hour):
        raise business("isp.bill_not_exist", "账单不存在")
    return texts


def _head(sim: AlipaySimulator, days: list[str], title: str) -> list[str]:
    end = (date.fromisoformat(days[-1]) + timedelta(days=1)).strftime("%Y年%m月%d日")
    begin = date.fromisoformat(days[0]).strftime("%Y年%m月%d日")
    line = "-" * 41
    return [
        "#支付宝业务明细查询" if title == "明细" else "#支付宝业务汇总查询",
        f"#账号：[{sim.app.seller_id}0156]",
        f"#起始日期：[{begin} 00:00:00]   终止日期：[{end} 00:00:00]",
        f"#{line}业务{title}列表{line}",
    ]


def _details(sim: AlipaySimulator, rows: list[Row], days: list[str]) -> str:
    lines = [*_head(sim, days, "明细"), COLUMNS]
    lines += [",".join(_cells(row)) for row in rows]
    paid = [row for row in rows if row.kind == "payment"]
    back = [row for row in rows if row.kind != "payment"]
    line = "-" * 41
    taken, given = yuan(sum(row.fen for row in paid)), yuan(-sum(row.fen for row in back))
    lines += [
        f"#{line}业务明细列表结束{line}",
        f"#交易合计：{len(paid)}笔，商家实收共{taken}元，商家优惠共0.00元",
        f"#退款合计：{len(back)}笔，商家实收退款共{given}元，商家优惠退款共0.00元",
        f"#导出时间：[{beijing(sim.book.now()).strftime('%Y年%m月%d日 %H:%M:%S')}]",
    ]
    return "\r\n".join(lines) + "\r\n"


def _clean(text: str) -> str:
    return re.sub(r"[\r\n\t,]", " ", text)


def _cells(row: Row) -> list[str]:
    """Ids end in a tab, so that no spreadsheet rounds them. What goes back is negative."""
    order, paid = row.order, row.kind == "payment"
    amount = row.fen if paid else -row.fen
    number = ""
    if row.refund is not None:
        number = row.refund.number or order.no
    coupon = order.coupon_fen if paid else 0
    return [
        f"{order.provider_id}\t",
        f"{order.no}\t",
        "交易" if paid else "退款",
        _clean(order.text.get("subject", "")),
        plain(order.created if paid else row.at),
        plain(row.at),
        _clean(order.text.get("store", "")) + "\t",
        "",
        _clean(order.text.get("operator", "")) + "\t",
        _clean(order.text.get("terminal", "")) + "\t",
        "*明(138****8000)\t",
        yuan(amount),
        yuan(amount),
        "0.00",
        "0.00",
        yuan(coupon),
        "0.00",
        "0.00",
        "",
        "0.00",
        "0.00",
        f"{number}\t",
        yuan(-row.fee_fen if paid else row.fee_fen),
        "0.00",
        "",
    ]


def _summary(sim: AlipaySimulator, rows: list[Row], days: list[str], fault: str) -> str:
    lines = [*_head(sim, days, "汇总"), SUMMARY]
    stores = sorted({row.order.text.get("store", "") for row in rows})
    for store in stores:
        mine = [row for row in rows if row.order.text.get("store", "") == store]
        lines.append(",".join(_sums(f"{_clean(store)}\t", mine, 0)))
    lines.append(",".join(_sums("合计", rows, 100 if fault == "bill_sum_off" else 0)))
    line = "-" * 41
    lines.append(f"#{line}业务汇总列表结束{line}")
    return "\r\n".join(lines) + "\r\n"


def _sums(label: str, rows: list[Row], off: int) -> list[str]:
    paid = [row for row in rows if row.kind == "payment"]
    back = [row for row in rows if row.kind != "payment"]
    amount = sum(row.fen for row in paid) - sum(row.fen for row in back) + off
    fees = sum(row.fee_fen for row in back) - sum(row.fee_fen for row in paid)
    coupons = sum(row.order.coupon_fen for row in paid)
    cells = [label, "", str(len(paid)), str(len(back)), yuan(amount), yuan(amount), yuan(coupons)]
    return [*cells, "0.00", "0.00", yuan(fees), "0.00", yuan(amount + fees)]


def zipped(files: Iterable[tuple[str, str]]) -> bytes:
    """A zip file as the provider packs it: names and contents in GBK, no UTF-8 flag."""
    body, directory, count = b"", b"", 0
    for name, text in files:
        raw, title = text.encode("gb18030", "replace"), name.encode("gbk")
        packer = zlib.compressobj(wbits=-15)
        packed = packer.compress(raw) + packer.flush()
        sizes = (zlib.crc32(raw), len(packed), len(raw), len(title))
        entry = struct.pack("<HHHHHIIIHH", 20, 0, 8, 0, 0x21, *sizes, 0)
        directory += b"PK\x01\x02" + struct.pack("<H", 20) + entry
        directory += struct.pack("<HHHII", 0, 0, 0, 0, len(body)) + title
        body += b"PK\x03\x04" + entry + title + packed
        count += 1
    end = struct.pack("<HHHHIIH", 0, 0, count, count, len(directory), len(body), 0)
    return body + directory + b"PK\x05\x06" + end
