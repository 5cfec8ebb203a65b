"""refund and fastpay.refund.query."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from pos.simulators.alipay.gateway import business, said
from pos.simulators.alipay.trades import REFUNDABLE_S, existing, settled
from pos.simulators.alipay.wishes import fen
from pos.simulators.wallets.amounts import yuan
from pos.simulators.wallets.book import Order, Refund
from pos.simulators.wallets.clock import plain
from pos.simulators.wallets.scripts import Script

if TYPE_CHECKING:
    from pos.simulators.alipay.simulator import AlipaySimulator


def refund(sim: AlipaySimulator, wish: dict[str, Any], script: Script) -> dict[str, Any]:
    """The same `out_request_no` refunds once: asked again it answers `fund_change` N."""
    order = existing(sim, wish)
    amount, number = fen(wish["refund_amount"]), wish.get("out_request_no", order.no)
    key = f"{order.no}/{number}"
    old = sim.book.refunds.get(key)
    if old is not None:
        if old.fen != amount:
            raise business("ACQ.DISCORDANT_REPEAT_REQUEST", "请求信息不一致")
        return _answer(sim, order, old, "N")
    _check(sim, order, amount, "out_request_no" in wish)
    made = sim.book.start_refund(
        order,
        key,
        amount,
        "refund",
        "success",
        script.refund_after_s,
        f"{order.provider_id}R{len(sim.book.of_order(order)) + 1}",
        wish.get("refund_reason", ""),
    )
    if script.refund_after_s:
        return _answer(sim, order, made, "N")
    sim.book.finish_refund(made)
    return _answer(sim, order, made, "Y")


def _check(sim: AlipaySimulator, order: Order, amount: int, numbered: bool) -> None:
    if order.state != "paid" or order.paid_at is None:
        raise business("ACQ.TRADE_STATUS_ERROR", "交易状态不合法")
    if sim.book.now() - order.paid_at > REFUNDABLE_S:
        raise business("ACQ.TRADE_HAS_FINISHED", "交易已经结束，不能退款")
    left = order.fen - sim.book.refunded(order)
    if not numbered and amount != order.fen:
        raise business("ACQ.REFUND_AMT_NOT_EQUAL_TOTAL", "撤销或退款金额与订单金额不一致")
    if amount > left:
        raise business("ACQ.REASON_TRADE_REFUND_FEE_ERR", "退款金额无效")


def _answer(sim: AlipaySimulator, order: Order, made: Refund, change: str) -> dict[str, Any]:
    """`refund_fee` is all that went back of this trade, not this refund alone."""
    data = said() | {
        "out_trade_no": order.no,
        "trade_no": order.provider_id,
        "buyer_logon_id": "138****8000",
        "fund_change": change,
        "refund_fee": yuan(settled(sim, order)),
        "send_back_fee": yuan(made.fen if change == "Y" else 0),
    }
    if made.at is not None:
        data["gmt_refund_pay"] = plain(made.at)
    return data


def query(sim: AlipaySimulator, wish: dict[str, Any]) -> dict[str, Any]:
    """10000 alone says nothing: only `refund_status` REFUND_SUCCESS says that it went back."""
    order = existing(sim, wish)
    made = sim.book.refunds.get(f"{order.no}/{wish['out_request_no']}")
    if made is None or made.state != "success" or made.at is None:
        return said()
    return said() | {
        "out_trade_no": order.no,
        "trade_no": order.provider_id,
        "out_request_no": made.number,
        "total_amount": yuan(order.fen),
        "refund_amount": yuan(made.fen),
        "refund_status": "REFUND_SUCCESS",
        "gmt_refund_pay": plain(made.at),
    }
