"""交易账单: 27 columns, a backtick before every field, a summary (pay.weixin.qq.com 4012556654,
"交易账单详细说明" 2024.11.25)."""

from __future__ import annotations

import gzip
import hashlib
import re
from datetime import date, timedelta
from typing import TYPE_CHECKING
from urllib.parse import parse_qs

from pos.simulators.wallets.amounts import yuan
from pos.simulators.wallets.clock import beijing, plain
from pos.simulators.wallets.days import Row, is_ready, rows_of
from pos.simulators.wechat.orders import buyer
from pos.simulators.wechat.signing import ApiError

if TYPE_CHECKING:
    from pos.simulators.wechat.simulator import WechatSimulator

LINK_VALID_S = 300
COLUMNS = (
    "交易时间,公众账号ID,商户号,特约商户号,设备号,微信订单号,商户订单号,用户标识,交易类型,交易状态,"
    "付款银行,货币种类,应结订单金额,代金券金额,微信退款单号,商户退款单号,退款金额,充值券退款金额,"
    "退款类型,退款状态,商品名称,商户数据包,手续费,费率,订单金额,申请退款金额,费率备注"
)
SUMMARY = (
    "总交易单数,应结订单总金额,退款总金额,充值券退款总金额,手续费总金额,订单总金额,申请退款总金额"
)


def apply_for(sim: WechatSimulator, query: str) -> dict[str, str]:
    """申请交易账单: a link and the SHA-1 of the file before it is packed."""
    wish = {name: values[-1] for name, values in parse_qs(query, keep_blank_values=True).items()}
    strange = set(wish) - {"bill_date", "bill_type", "tar_type"}
    if strange:
        raise ApiError(400, "PARAM_ERROR", "不是本接口的参数", field=min(strange), location="query")
    day, kind = wish.get("bill_date", ""), wish.get("bill_type", "ALL")
    pack = wish.get("tar_type", "")
    if kind not in ("ALL", "SUCCESS", "REFUND") or pack not in ("", "GZIP"):
        raise ApiError(400, "PARAM_ERROR", "bill_type或tar_type取值不正确", location="query")
    _check_day(sim, day)
    fault = sim.bill_fault(day)
    if fault == "bill_creating":
        raise ApiError(400, "STATEMENT_CREATING", "账单生成中，请稍后再试")
    rows = rows_of(sim.book, day, sim.settings.fee_bp, fault)
    if kind != "ALL":
        rows = [row for row in rows if (row.kind == "payment") == (kind == "SUCCESS")]
    if not rows or fault == "bill_none":
        raise ApiError(400, "NO_STATEMENT_EXIST", "账单文件不存在")
    text = _text(sim, rows, fault).encode()
    hashed = hashlib.sha1(text, usedforsecurity=False).hexdigest()
    if fault == "bill_hash":
        text = text.replace(b"`CNY", b"`USD", 1)
    token = sim.downloads.offer(
        sim.book.now() + LINK_VALID_S, gzip.compress(text, mtime=0) if pack else text
    )
    suffix = "&tartype=gzip" if pack else ""
    link = f"{sim.url}/v3/billdownload/file?token={token}{suffix}"
    return {"hash_type": "SHA1", "hash_value": hashed, "download_url": link}


def _check_day(sim: WechatSimulator, day: str) -> None:
    now = sim.book.now()
    try:
        if not re.fullmatch(r"\d{4}-\d\d-\d\d", day, re.ASCII):
            raise ValueError(day)
        wanted = date.fromisoformat(day)
    except ValueError as why:
        raise ApiError(
            400, "PARAM_ERROR", "bill_date格式应为yyyy-MM-DD", field="bill_date"
        ) from why
    today = beijing(now).date()
    if wanted >= today or wanted < today - timedelta(days=92):
        raise ApiError(400, "INVALID_REQUEST", "仅支持三个月内、昨日及以前的账单下载申请")
    if not is_ready(now, day, sim.settings.bill_hour):
        raise ApiError(400, "STATEMENT_CREATING", "账单生成中，请在次日10点后下载")


def _text(sim: WechatSimulator, rows: list[Row], fault: str) -> str:
    lines = [COLUMNS]
    lines += [",".join(f"`{cell}" for cell in _cells(sim, row)) for row in rows]
    lines += [SUMMARY, ",".join(f"`{cell}" for cell in _sums(rows, fault))]
    return "\r\n".join(lines) + "\r\n"


def _clean(text: str) -> str:
    return re.sub(r"[\r\n`]", " ", text)


def _cells(sim: WechatSimulator, row: Row) -> list[str]:
    order, refund = row.order, row.refund
    paid = row.kind == "payment"
    back = "0.00" if paid else yuan(row.fen)
    fee = f"{row.fee_fen / 100:.5f}"
    number = (refund.number if refund else "") or "0"
    return [
        plain(row.at),
        sim.merchant.appid,
        sim.merchant.mchid,
        "0",
        _clean(order.text.get("terminal", "")),
        order.provider_id,
        order.no,
        buyer(order),
        "NATIVE" if order.kind == "qr" else "MICROPAY",
        {"payment": "SUCCESS", "refund": "REFUND", "reversal": "REVOKED"}[row.kind],
        "OTHERS",
        "CNY",
        yuan(row.fen) if paid else "0.00",
        yuan(order.coupon_fen) if paid else "0.00",
        refund.refund_id if refund else "0",
        number,
        back,
        "0.00",
        "ORIGINAL" if refund else "",
        _status(row),
        _clean(order.text.get("subject", "")),
        _clean(order.text.get("attach", "")),
        fee if paid else f"-{fee}",
        f"{sim.settings.fee_bp / 100:.2f}%",
        yuan(row.fen) if paid else "0.00",
        back,
        "",
    ]


def _status(row: Row) -> str:
    """As it stood when the bill was made; a bill is never corrected afterwards."""
    if row.refund is None:
        return ""
    states = {"processing": "PROCESSING", "success": "SUCCESS", "closed": "FAIL"}
    return states.get(row.refund.state, "CHANGE")


def _sums(rows: list[Row], fault: str) -> list[str]:
    paid = sum(row.fen for row in rows if row.kind == "payment")
    back = sum(row.fen for row in rows if row.kind != "payment")
    fees = sum(row.fee_fen if row.kind == "payment" else -row.fee_fen for row in rows)
    if fault == "bill_sum_off":
        paid += 100
    return [
        str(len(rows)),
        yuan(paid),
        yuan(back),
        "0.00",
        f"{fees / 100:.5f}",
        yuan(paid),
        yuan(back),
    ]
