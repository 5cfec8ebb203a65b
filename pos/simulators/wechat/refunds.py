"""退款申请 and 查询单笔退款 (pay.weixin.qq.com 4012556457)."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from pos.simulators.wallets.book import Order, Refund
from pos.simulators.wallets.clock import rfc3339
from pos.simulators.wallets.scripts import Script
from pos.simulators.wechat.signing import ApiError

if TYPE_CHECKING:
    from pos.simulators.wechat.simulator import WechatSimulator

MOST_PARTS = 50
MOST_DAYS = 365
_STATUS = {
    "processing": "PROCESSING",
    "success": "SUCCESS",
    "abnormal": "ABNORMAL",
    "closed": "CLOSED",
}


def order_of(sim: WechatSimulator, wish: dict[str, Any]) -> Order | None:
    if wish.get("transaction_id"):
        return sim.book.by_provider_id(wish["transaction_id"])
    return sim.book.orders.get(wish.get("out_trade_no", ""))


def refund(sim: WechatSimulator, wish: dict[str, Any], script: Script) -> dict[str, Any]:
    """Accepts a refund; asking again with its number tells how it stands and refunds nothing."""
    if not wish.get("transaction_id") and not wish.get("out_trade_no"):
        raise ApiError(400, "PARAM_ERROR", "transaction_id与out_trade_no至少填一个")
    order = order_of(sim, wish)
    if order is None:
        raise ApiError(404, "RESOURCE_NOT_EXISTS", "订单不存在")
    fen, total = wish["amount"]["refund"], wish["amount"]["total"]
    old = sim.book.refunds.get(wish["out_refund_no"])
    if old is not None:
        if old.order_no != order.no or old.fen != fen or order.fen != total:
            raise ApiError(
                400, "INVALID_REQUEST", "订单金额或退款金额与之前请求不一致，请核实后再试"
            )
        return shown(sim, old)
    _check(sim, order, fen, total)
    made = sim.book.start_refund(
        order,
        wish["out_refund_no"],
        fen,
        "refund",
        script.refund,
        script.refund_after_s,
        "",
        wish.get("reason", ""),
    )
    return shown(sim, made)


def _check(sim: WechatSimulator, order: Order, fen: int, total: int) -> None:
    now = sim.book.now()
    if order.state == "revoked":
        raise ApiError(400, "INVALID_REQUEST", "订单已撤销")
    if order.state != "paid" or order.paid_at is None:
        raise ApiError(400, "INVALID_REQUEST", "订单未支付，不能退款")
    if total != order.fen:
        raise ApiError(400, "INVALID_REQUEST", "订单金额与支付金额不一致，请核实后再试")
    if now - order.paid_at > MOST_DAYS * 86400:
        raise ApiError(400, "INVALID_REQUEST", "订单已超过可退款的最大期限")
    left = order.fen - sim.book.refunded(order)
    if left == 0:
        raise ApiError(400, "INVALID_REQUEST", "订单已全额退款")
    if fen > left:
        raise ApiError(400, "INVALID_REQUEST", "退款金额大于可退金额")
    before = sim.book.of_order(order)
    if len(before) >= MOST_PARTS:
        raise ApiError(400, "INVALID_REQUEST", "部分退款次数超过上限")
    if any(now - it.created < sim.settings.refund_gap_s for it in before):
        raise ApiError(429, "FREQUENCY_LIMITED", "同一笔订单多次退款需间隔1分钟")


def query(sim: WechatSimulator, number: str) -> dict[str, Any]:
    found = sim.book.refunds.get(number)
    if found is None or found.kind != "refund":
        raise ApiError(404, "RESOURCE_NOT_EXISTS", "退款单不存在")
    return shown(sim, found)


def shown(sim: WechatSimulator, made: Refund) -> dict[str, Any]:
    order = sim.book.orders[made.order_no]
    data: dict[str, Any] = {
        "refund_id": made.refund_id,
        "out_refund_no": made.no,
        "transaction_id": order.provider_id,
        "out_trade_no": order.no,
        "channel": "ORIGINAL",
        "user_received_account": "支付用户零钱",
        "create_time": rfc3339(made.created),
        "status": _STATUS[made.state],
        "funds_account": "AVAILABLE",
        "amount": {
            "total": order.fen,
            "refund": made.fen,
            "from": [],
            "payer_total": order.fen - order.coupon_fen,
            "payer_refund": made.fen,
            "settlement_refund": made.fen,
            "settlement_total": order.fen,
            "discount_refund": 0,
            "currency": "CNY",
        },
        "promotion_detail": [],
    }
    if made.state == "success" and made.at is not None:
        data["success_time"] = rfc3339(made.at)
    return data
