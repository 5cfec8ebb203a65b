"""pay, precreate, query, cancel, close (opendocs.alipay.com, 当面付)."""

from __future__ import annotations

import json
import re
from typing import TYPE_CHECKING, Any

from pos.simulators.alipay.gateway import GatewayError, business, said
from pos.simulators.alipay.wishes import expiry, fen
from pos.simulators.wallets.amounts import yuan
from pos.simulators.wallets.book import Order, digest
from pos.simulators.wallets.clock import plain
from pos.simulators.wallets.scripts import Decline, Script

if TYPE_CHECKING:
    from pos.simulators.alipay.simulator import AlipaySimulator

QR_VALID_S = 7200.0
CODE_VALID_S = 3 * 3600.0
REFUNDABLE_S = 90 * 86400
_CODE = re.compile(r"(2[5-9]|30)\d{14,22}")
MOST_FEN = 10_000_000_000
_DECLINED: dict[Decline, tuple[str, str]] = {
    "balance": ("ACQ.BUYER_BALANCE_NOT_ENOUGH", "买家余额不足"),
    "expired": (
        "ACQ.PAYMENT_AUTH_CODE_INVALID",
        "支付失败，付款码已过期，请顾客刷新付款码后重新收款",
    ),
    "invalid": (
        "ACQ.PAYMENT_AUTH_CODE_INVALID",
        "支付失败，获取顾客账户信息失败，请顾客刷新付款码后重新收款",
    ),
    "declined": ("ACQ.PAYMENT_FAIL", "支付失败"),
    "blocked": ("ACQ.BUYER_ENABLE_STATUS_FORBID", "买家状态非法"),
    "bank": ("ACQ.PAYMENT_FAIL", "支付失败"),
}


def find(sim: AlipaySimulator, wish: dict[str, Any]) -> Order | None:
    """By the provider's number if it is given, as the provider prefers it."""
    if "trade_no" in wish:
        return sim.book.by_provider_id(wish["trade_no"])
    return sim.book.orders.get(wish["out_trade_no"])


def existing(sim: AlipaySimulator, wish: dict[str, Any]) -> Order:
    """A QR nobody has scanned is no trade yet."""
    order = find(sim, wish)
    if order is None or not _begun(order):
        raise business("ACQ.TRADE_NOT_EXIST", "交易不存在")
    return order


def _begun(order: Order) -> bool:
    return order.kind == "code" or order.scanned


def pay(sim: AlipaySimulator, wish: dict[str, Any], script: Script) -> dict[str, Any]:
    """10000 paid, 10003 the buyer has to do something, 40004 declined."""
    asked = digest("pay", json.dumps(wish, sort_keys=True))
    old = sim.book.orders.get(wish["out_trade_no"])
    if old is not None:
        return _pay_again(sim, old, wish, asked)
    if not _CODE.fullmatch(wish["auth_code"]):
        raise business(*_DECLINED["invalid"])
    order = _make(sim, wish, "code", asked, script)
    order.code_hash = digest("code", wish["auth_code"])
    if order.code_hash in sim.book.used_codes:
        raise business(*_DECLINED["invalid"])
    order.expires = expiry(wish, sim.book.now(), CODE_VALID_S)
    declined = sim.begin_code_payment(order, script)
    if declined:
        raise business(*_DECLINED[declined])
    return _pay_answer(sim, order)


def _pay_again(
    sim: AlipaySimulator, old: Order, wish: dict[str, Any], asked: str
) -> dict[str, Any]:
    """The same wishes tell how it stands; nothing is charged twice."""
    if old.kind != "code" or old.fen != fen(wish["total_amount"]):
        raise business("ACQ.CONTEXT_INCONSISTENT", "交易信息被篡改")
    if old.asked != asked:
        if old.state == "paid":
            raise business("ACQ.TRADE_HAS_SUCCESS", "交易已被支付")
        if old.code_hash != digest("code", wish["auth_code"]):
            raise business("ACQ.TRADE_BUYER_NOT_MATCH", "交易买家不匹配")
        raise business("ACQ.CONTEXT_INCONSISTENT", "交易信息被篡改")
    if old.state == "failed":
        raise business(*_DECLINED["declined"])
    if old.state in ("closed", "revoked"):
        raise business("ACQ.TRADE_HAS_CLOSE", "交易已经关闭")
    return _pay_answer(sim, old)


def _pay_answer(sim: AlipaySimulator, order: Order) -> dict[str, Any]:
    paid = order.paid_at is not None
    data = said("10000" if paid else "10003") | _buyer(order) | _amounts(order)
    if order.paid_at is not None:
        data["gmt_payment"] = plain(order.paid_at)
        data["fund_bill_list"] = _funds(order)
    return data | _store(order)


def precreate(sim: AlipaySimulator, wish: dict[str, Any], script: Script) -> dict[str, Any]:
    """A QR; the trade begins when it is scanned."""
    now = sim.book.now()
    asked = digest("precreate", json.dumps(wish, sort_keys=True))
    old = sim.book.orders.get(wish["out_trade_no"])
    if old is not None:
        if old.kind != "qr" or old.asked != asked:
            raise business("ACQ.CONTEXT_INCONSISTENT", "交易信息被篡改")
        if old.paid_at is not None:
            raise business("ACQ.TRADE_HAS_SUCCESS", "交易已被支付")
        if not old.live:
            raise business("ACQ.TRADE_HAS_CLOSE", "交易已经关闭")
        return said() | {"out_trade_no": old.no, "qr_code": old.qr}
    order = _make(sim, wish, "qr", asked, script)
    order.expires = expiry(wish, now, QR_VALID_S)
    order.qr = f"https://qr.alipay.com/bax{digest('qr', order.no, now)[:21]}"
    sim.begin_qr(order, script)
    return said() | {"out_trade_no": order.no, "qr_code": order.qr}


def query(sim: AlipaySimulator, wish: dict[str, Any]) -> dict[str, Any]:
    order = find(sim, wish)
    if order is not None:
        sim.book.note_query(order)
    order = existing(sim, wish)
    data = said() | _buyer(order) | _amounts(order) | {"trade_status": status(sim, order)}
    if order.paid_at is not None:
        data["send_pay_date"] = plain(order.paid_at)
        data["fund_bill_list"] = _funds(order)
    return data | _store(order)


def status(sim: AlipaySimulator, order: Order) -> str:
    """TRADE_CLOSED is both: never paid, or paid and wholly given back."""
    if order.live:
        return "WAIT_BUYER_PAY"
    if order.state != "paid" or order.paid_at is None or settled(sim, order) >= order.fen:
        return "TRADE_CLOSED"
    if sim.book.now() - order.paid_at > REFUNDABLE_S:
        return "TRADE_FINISHED"
    return "TRADE_SUCCESS"


def settled(sim: AlipaySimulator, order: Order) -> int:
    """Fen that did go back."""
    return sum(it.fen for it in sim.book.of_order(order) if it.state == "success")


def cancel(sim: AlipaySimulator, wish: dict[str, Any]) -> dict[str, Any]:
    """撤销: closes what is unpaid, gives back what is paid; a number never seen is fine too."""
    order = find(sim, wish)
    if order is None:
        return said() | {"out_trade_no": wish.get("out_trade_no", ""), "retry_flag": "N"}
    if sim.book.now() - order.created > 86400:
        raise business("ACQ.TRADE_CANCEL_TIME_OUT", "超过撤销时间范围")
    sim.book.note_cancel(order)
    if order.state == "paid":
        sim.book.give_back(order)
    elif order.live or order.state == "failed":
        sim.book.end(order, "closed")
    return cancelled(order, "N")


def cancelled(order: Order, retry: str) -> dict[str, Any]:
    data = said() | {"out_trade_no": order.no, "retry_flag": retry}
    if retry == "N":
        data["action"] = "refund" if order.paid_at is not None else "close"
    if _begun(order):
        data["trade_no"] = order.provider_id
    return data


def close(sim: AlipaySimulator, wish: dict[str, Any]) -> dict[str, Any]:
    order = existing(sim, wish)
    sim.book.note_cancel(order)
    if not order.live:
        raise business("ACQ.TRADE_STATUS_ERROR", "交易状态不合法")
    sim.book.end(order, "closed")
    return said() | {"out_trade_no": order.no, "trade_no": order.provider_id}


def _make(
    sim: AlipaySimulator, wish: dict[str, Any], kind: Any, asked: str, script: Script
) -> Order:
    amount = fen(wish["total_amount"])
    if amount > MOST_FEN:
        raise business("ACQ.TOTAL_FEE_EXCEED", "订单总金额不在允许范围内")
    if wish.get("seller_id", sim.app.seller_id) != sim.app.seller_id:
        raise business("ACQ.INVALID_PARAMETER", "参数无效：seller_id")
    order = Order(
        wish["out_trade_no"],
        kind,
        amount,
        script.name,
        asked,
        sim.new_provider_id(),
        sim.book.now(),
    )
    order.text = {
        "subject": wish["subject"],
        "attach": wish.get("body", ""),
        "terminal": wish.get("terminal_id", ""),
        "store": wish.get("store_id", ""),
        "operator": wish.get("operator_id", ""),
    }
    return order


def _buyer(order: Order) -> dict[str, Any]:
    return {
        "out_trade_no": order.no,
        "trade_no": order.provider_id,
        "buyer_logon_id": "138****8000",
        "buyer_user_id": f"2088{int(digest('buyer', order.no)[:12], 16) % 10**12:012d}",
    }


def _amounts(order: Order) -> dict[str, Any]:
    paid = order.fen if order.paid_at is not None else 0
    return {
        "total_amount": yuan(order.fen),
        "receipt_amount": yuan(paid),
        "buyer_pay_amount": yuan(max(paid - order.coupon_fen, 0)),
        "point_amount": "0.00",
        "invoice_amount": yuan(max(paid - order.coupon_fen, 0)),
    }


def _funds(order: Order) -> list[dict[str, str]]:
    funds = [{"amount": yuan(order.fen - order.coupon_fen), "fund_channel": "ALIPAYACCOUNT"}]
    if order.coupon_fen:
        funds.append({"amount": yuan(order.coupon_fen), "fund_channel": "COUPON"})
    return funds


def _store(order: Order) -> dict[str, str]:
    names = {"store_id": "store", "terminal_id": "terminal"}
    return {name: order.text[key] for name, key in names.items() if order.text.get(key)}


def paying_problem() -> GatewayError:
    """A system error: the outcome is not known."""
    return GatewayError("20000", "aop.ACQ.SYSTEM_ERROR", "系统异常")
