"""Native, codepay, query, close, reverse. Sources: the pages named in each function."""

from __future__ import annotations

import json
import re
from typing import TYPE_CHECKING, Any

from pos.simulators.wallets.book import Order, digest
from pos.simulators.wallets.clock import moment_of, rfc3339
from pos.simulators.wallets.scripts import Decline, Script
from pos.simulators.wechat.signing import ApiError

if TYPE_CHECKING:
    from pos.simulators.wechat.simulator import WechatSimulator

NATIVE_VALID_S = 7200
_CODE = re.compile(r"1[0-5]\d{16}")
_ZONE = re.compile(r"\d{4}-\d\d-\d\dT\d\d:\d\d:\d\d(Z|[+-]\d\d:\d\d)")
_DECLINED: dict[Decline, tuple[int, str, str]] = {
    "balance": (403, "NOT_ENOUGH", "余额不足"),
    "expired": (403, "AUTH_CODE_EXPIRE", "付款码已过期，请用户在微信上刷新后重新扫码"),
    "invalid": (400, "AUTH_CODE_INVALID", "付款码无效，请扫描微信支付付款码"),
    "declined": (403, "TRADE_ERROR", "交易失败，请用户更换其他方式付款"),
    "blocked": (403, "USER_ACCOUNT_ABNORMAL", "用户账户异常"),
    "bank": (500, "BANK_ERROR", "银行系统异常"),
}
_STATES = {
    "new": ("NOTPAY", "订单未支付"),
    "paid": ("SUCCESS", "支付成功"),
    "failed": ("PAYERROR", "支付失败，请撤销订单"),
    "closed": ("CLOSED", "订单已关闭"),
    "revoked": ("REVOKED", "已撤销"),
}


def native(sim: WechatSimulator, wish: dict[str, Any], script: Script) -> dict[str, Any]:
    """Native下单. The same number with the same wishes shows the same QR again."""
    _check_merchant(sim, wish)
    now = sim.book.now()
    expires = _expiry(wish, now)
    asked = digest("native", json.dumps(wish, sort_keys=True))
    old = sim.book.orders.get(wish["out_trade_no"])
    if old is not None:
        _check_again(old, "qr", asked)
        if old.state == "paid":
            raise ApiError(400, "ORDER_PAID", "该订单已支付")
        if not old.live:
            raise ApiError(400, "ORDER_CLOSED", "该订单已关闭，请重新下单")
        return {"code_url": old.qr}
    order = _make(sim, wish, "qr", asked, script)
    order.expires = expires
    order.qr = f"weixin://wxpay/bizpayurl?pr={digest('qr', order.no, now)[:7]}zz"
    sim.begin_qr(order, script)
    return {"code_url": order.qr}


def codepay(sim: WechatSimulator, wish: dict[str, Any], script: Script) -> dict[str, Any]:
    """付款码支付. 202 USERPAYING while the customer has to do something."""
    _check_merchant(sim, wish)
    code = wish["payer"]["auth_code"]
    store = wish["scene_info"]["store_info"]
    if not store.get("id") and not store.get("out_id"):
        raise ApiError(
            400, "PARAM_ERROR", "门店信息：id与out_id至少填一个", field="/scene_info/store_info"
        )
    asked = digest("code", json.dumps(wish, sort_keys=True))
    old = sim.book.orders.get(wish["out_trade_no"])
    if old is not None:
        _check_again(old, "code", asked)
        return _state_again(sim, old)
    if not _CODE.fullmatch(code):
        raise ApiError(*_DECLINED["invalid"])
    order = _make(sim, wish, "code", asked, script)
    order.code_hash = digest("code", code)
    if order.code_hash in sim.book.used_codes:
        raise ApiError(400, "AUTH_CODE_ERROR", "付款码仅限使用一次，请用户刷新后重新扫码")
    declined = sim.begin_code_payment(order, script)
    if declined:
        raise ApiError(*_DECLINED[declined])
    return _state_again(sim, order)


def _state_again(sim: WechatSimulator, order: Order) -> dict[str, Any]:
    if order.state == "waiting":
        raise ApiError(202, "USERPAYING", "用户支付中，需要输入密码")
    if order.state == "failed":
        raise ApiError(*_DECLINED["declined"])
    if order.state == "revoked":
        raise ApiError(400, "ORDER_REVERSED", "该订单已撤销")
    if order.state == "closed":
        raise ApiError(400, "ORDER_CLOSED", "该订单已关闭")
    return shown(sim, order)


def query(sim: WechatSimulator, number: str, by_id: bool) -> dict[str, Any]:
    """查询订单. By the provider's number only what was paid can be found."""
    order = sim.book.by_provider_id(number) if by_id else sim.book.orders.get(number)
    if order is not None:
        sim.book.note_query(order)
    if order is None or (by_id and order.paid_at is None):
        raise ApiError(404, "ORDER_NOT_EXIST", "订单不存在")
    return shown(sim, order)


def close(sim: WechatSimulator, number: str) -> None:
    """关闭订单. Repeating it does no harm; an order by payment code can only be reversed."""
    order = _existing(sim, number)
    if order.kind == "code":
        raise ApiError(
            400, "INVALID_REQUEST", "付款码支付订单只能撤销，不能关闭", issue="268449641"
        )
    sim.book.note_cancel(order)
    if order.state == "paid":
        raise ApiError(400, "ORDER_PAID", "该订单已支付")
    if order.live:
        sim.book.end(order, "closed")


def reverse(sim: WechatSimulator, number: str) -> dict[str, Any]:
    """撤销. Unpaid: closed; paid: all that is left goes back to the customer."""
    order = _existing(sim, number)
    if order.kind != "code":
        raise ApiError(400, "INVALID_REQUEST", "仅支持撤销付款码支付订单")
    age = sim.book.now() - order.created
    if age < sim.settings.reverse_min_s:
        raise ApiError(400, "INVALID_REQUEST", "付款码支付后15秒内不能撤销，请稍后再试")
    if age > 7 * 86400:
        raise ApiError(400, "INVALID_REQUEST", "订单已超过7天，不能撤销，请使用退款")
    sim.book.note_cancel(order)
    if order.state == "paid":
        sim.book.give_back(order)
    elif order.state != "revoked":
        sim.book.end(order, "revoked")
    return reversed_answer(sim, number, "N")


def reversed_answer(sim: WechatSimulator, number: str, recall: str) -> dict[str, Any]:
    merchant = sim.merchant
    return {
        "appid": merchant.appid,
        "mchid": merchant.mchid,
        "out_trade_no": number,
        "recall": recall,
    }


def shown(sim: WechatSimulator, order: Order) -> dict[str, Any]:
    """An order as queries and codepay tell it."""
    state, words = _STATES.get(order.state, ("USERPAYING", "用户支付中，需要输入密码"))
    if order.state == "waiting" and order.kind == "qr":
        state, words = _STATES["new"]
    if order.state == "paid" and sim.book.refunded(order):
        state, words = "REFUND", "订单发生过退款"
    data: dict[str, Any] = {
        "appid": sim.merchant.appid,
        "mchid": sim.merchant.mchid,
        "out_trade_no": order.no,
        "trade_state": state,
        "trade_state_desc": words,
        "attach": order.text.get("attach", ""),
        "amount": {"total": order.fen, "currency": "CNY"},
        "promotion_detail": [],
    }
    if order.text.get("terminal"):
        data["scene_info"] = {"device_id": order.text["terminal"]}
    if order.paid_at is None:
        return data | {"payer": {}}
    data["amount"] |= {"payer_total": order.fen - order.coupon_fen, "payer_currency": "CNY"}
    if order.coupon_fen:
        data["promotion_detail"] = [_coupon(order)]
    return data | {
        "transaction_id": order.provider_id,
        "trade_type": "NATIVE" if order.kind == "qr" else "MICROPAY",
        "bank_type": "OTHERS",
        "success_time": rfc3339(order.paid_at),
        "payer": {"openid": buyer(order)},
    }


def buyer(order: Order) -> str:
    return f"o{digest('buyer', order.no)[:27]}"


def _coupon(order: Order) -> dict[str, Any]:
    return {
        "coupon_id": digest("coupon", order.no)[:10],
        "name": "满减券",
        "scope": "GLOBAL",
        "type": "CASH",
        "amount": order.coupon_fen,
        "wechatpay_contribute": order.coupon_fen,
        "merchant_contribute": 0,
        "other_contribute": 0,
        "currency": "CNY",
        "goods_detail": [],
    }


def _existing(sim: WechatSimulator, number: str) -> Order:
    order = sim.book.orders.get(number)
    if order is None:
        raise ApiError(404, "ORDER_NOT_EXIST", "订单不存在")
    return order


def _check_merchant(sim: WechatSimulator, wish: dict[str, Any]) -> None:
    if wish["mchid"] != sim.merchant.mchid:
        raise ApiError(400, "PARAM_ERROR", "商户号与签名商户号不一致", field="/mchid")
    if wish["appid"] != sim.merchant.appid:
        raise ApiError(400, "APPID_MCHID_NOT_MATCH", "appid和mch_id不匹配，请检查后再试")


def _check_again(old: Order, kind: str, asked: str) -> None:
    if old.kind != kind:
        raise ApiError(403, "OUT_TRADE_NO_USED", "商户订单号重复")
    if old.asked != asked:
        raise ApiError(400, "INVALID_REQUEST", "请求重入时，参数与首次请求时不一致")


def _expiry(wish: dict[str, Any], now: float) -> float:
    text = wish.get("time_expire")
    if text is None:
        return now + NATIVE_VALID_S
    try:
        if not _ZONE.fullmatch(text):
            raise ValueError(text)
        expires = moment_of(text)
    except ValueError as why:
        raise ApiError(
            400, "PARAM_ERROR", "time_expire应为rfc3339格式", field="/time_expire", value=text
        ) from why
    if not now < expires <= now + 7 * 86400:
        raise ApiError(
            400, "PARAM_ERROR", "time_expire时间过期或过远", field="/time_expire", value=text
        )
    return min(expires, now + NATIVE_VALID_S)


def _make(
    sim: WechatSimulator, wish: dict[str, Any], kind: Any, asked: str, script: Script
) -> Order:
    scene = wish.get("scene_info", {})
    store = scene.get("store_info", {})
    order = Order(
        wish["out_trade_no"],
        kind,
        wish["amount"]["total"],
        script.name,
        asked,
        sim.new_provider_id(),
        sim.book.now(),
    )
    order.text = {
        "subject": wish["description"],
        "attach": wish.get("attach", ""),
        "terminal": scene.get("device_id", ""),
        "store": store.get("out_id") or store.get("id") or "",
    }
    return order
