"""WeChat Pay API v3 for one merchant."""

from __future__ import annotations

import json
import re
import secrets
from collections.abc import Callable
from functools import partial
from typing import Any, ClassVar
from urllib.parse import parse_qs, unquote

from pos.simulators.wallets import keys
from pos.simulators.wallets.clock import beijing
from pos.simulators.wallets.downloads import Downloads
from pos.simulators.wallets.scripts import Wallet
from pos.simulators.wallets.server import Reply, Request
from pos.simulators.wallets.wallet import Call, WalletSimulator
from pos.simulators.wechat import bills, fields, orders, refunds
from pos.simulators.wechat.signing import (
    ApiError,
    Doorkeeper,
    Merchant,
    Platform,
    certificates,
    common_headers,
    signed_headers,
    to_json,
)

JSON = "application/json; charset=utf-8"
_ORDERS = "/v3/pay/transactions"
_OUT = re.compile(r"/v3/pay/transactions/out-trade-no/([^/]+)(?:/(close|reverse))?")
_ID = re.compile(r"/v3/pay/transactions/id/([^/]+)")
_REFUND = re.compile(r"/v3/refund/domestic/refunds/([^/]+)")


class WechatSimulator(WalletSimulator):
    """What a till needs from it is in `files()`; see `pos.simulators.wallets` for the scripts."""

    wallet: ClassVar[Wallet] = "wechat"
    merchant: Merchant
    platform: Platform

    def load_keys(self) -> None:
        folder = self.folder
        authority = keys.certificate(
            folder / "provider_authority.pem",
            keys.private_key(folder / "provider_authority_key.pem"),
            "Simulator Tenpay Root CA",
        )
        platform = keys.certificate(
            folder / "platform_cert.pem",
            keys.private_key(folder / "provider_platform_key.pem"),
            "Simulator platform",
            authority,
        )
        merchant = keys.certificate(
            folder / "merchant_cert.pem",
            keys.private_key(folder / "merchant_key.pem"),
            "1900000109",
            authority,
        )
        public = keys.private_key(folder / "provider_public_key_key.pem")
        stranger = keys.private_key(folder / "provider_stranger_key.pem")
        (folder / "wechatpay_public_key.pem").write_bytes(keys.public_pem(public))
        known = self._merchant_file(platform.serial)
        self.merchant = Merchant(known["mchid"], known["appid"], merchant, known["apiv3_key"])
        self.platform = Platform(platform, public, known["public_key_id"], stranger)
        keys.write_private(folder / "apiv3_key.txt", known["apiv3_key"].encode())
        self.door = Doorkeeper(self.merchant)
        self.downloads = Downloads()
        self._mixed = 0

    def _merchant_file(self, platform_serial: str) -> dict[str, str]:
        path = self.folder / "merchant.json"
        if not path.exists():
            known = {
                "mchid": "1900000109",
                "appid": "wx8888888888888888",
                "apiv3_key": secrets.token_hex(16),
                "public_key_id": "PUB_KEY_ID_01" + platform_serial[:30],
            }
            keys.write_private(path, json.dumps(known).encode())
        known = json.loads(path.read_text())
        return {str(name): str(value) for name, value in known.items()}

    def files(self) -> dict[str, str]:
        folder = self.folder
        told = {
            "base_url": self.url,
            "mchid": self.merchant.mchid,
            "appid": self.merchant.appid,
            "merchant_serial": self.merchant.certificate.serial,
            "merchant_key": str(folder / "merchant_key.pem"),
            "apiv3_key": str(folder / "apiv3_key.txt"),
            "public_key": str(folder / "wechatpay_public_key.pem"),
            "public_key_id": self.platform.public_key_id,
            "platform_cert": str(folder / "platform_cert.pem"),
            "platform_serial": self.platform.certificate.serial,
        }
        return told | ({"ca_file": str(self.ca_file)} if self.ca_file else {})

    def new_provider_id(self) -> str:
        day = beijing(self.book.now()).strftime("%Y%m%d")
        return f"42000000{day}{self.book.next_serial():012d}"

    # --- one request

    def respond(self, request: Request) -> Reply:
        now, serial = self.clock.now(), ""
        try:
            serial = self._answering_serial(request)
            self._check_headers(request)
            now = self.door.admit(request, (self.clock.now(), self.clock.real()))
            if request.path == "/v3/billdownload/file":
                return self._download(request, now)
            call = self._route(request)
        except ApiError as no:
            return self._reply(no.status, to_json(no.data()), now, serial)
        if isinstance(call, Reply):
            return self._signed_json(call, now, serial)
        fault = self.casting.next_fault(call.number, call.op, call.script)
        with self.book.open_at_now():
            status, data = self._perform(call, fault)
        if fault == "rate_limited":
            return Reply(429, to_json(data), common_headers(now) | {"Content-Type": JSON})
        return self.carry(
            self._reply(status, to_json(data) if data else b"", now, serial, fault), fault
        )

    def _perform(self, call: Call, fault: str) -> tuple[int, dict[str, Any] | None]:
        try:
            if fault == "twice":
                call.run()
            data = self._before(call, fault) or call.run()
        except ApiError as no:
            return no.status, no.data()
        except _NothingDoneError:
            return 200, {}
        if data is None:
            return 204, None
        if fault == "system":
            return 500, ApiError(500, "SYSTEM_ERROR", "系统异常，请用相同参数重新调用").data()
        return 200, _altered(data, fault)

    def _before(self, call: Call, fault: str) -> dict[str, Any] | None:
        """Faults that keep the request from being done."""
        if fault == "system_before":
            raise ApiError(500, "SYSTEM_ERROR", "系统异常，请用相同参数重新调用")
        if fault == "rate_limited":
            raise ApiError(429, "FREQUENCY_LIMITED", "频率超限，请降低请求接口频率")
        if fault == "paying":
            raise ApiError(400, "USERPAYING", "用户正在支付中，不能发起撤销")
        if fault == "short":
            raise ApiError(403, "NOT_ENOUGH", "基本账户余额不足，请充值后重新发起")
        if fault in ("not_done", "recall"):
            order = self.book.orders.get(call.number)
            if order is None:
                return None
            self.book.note_cancel(order)
            recall = "Y" if fault == "recall" else "N"
            return orders.reversed_answer(self, call.number, recall)
        if fault == "late_arrival":
            self.arrive_late(call, ApiError)
        if fault in ("late_arrival", "lost_before", "hang_before", "portal"):
            raise _NothingDoneError
        return None

    def _route(self, request: Request) -> Call | Reply:
        method, path = request.method, request.path
        if (method, path) == ("POST", f"{_ORDERS}/native"):
            return self._order(request, "create")
        if (method, path) == ("POST", f"{_ORDERS}/codepay"):
            return self._order(request, "pay")
        if (method, path) == ("POST", "/v3/refund/domestic/refunds"):
            return self._refund(request)
        if (method, path) == ("GET", "/v3/certificates"):
            return self._told(self._certificates)
        if (method, path) == ("GET", "/v3/bill/tradebill"):
            return self._told(partial(bills.apply_for, self, request.query))
        if method == "GET" and (found := _REFUND.fullmatch(path)):
            number = unquote(found[1])
            script = self.casting.known(number)
            run = partial(refunds.query, self, number)
            return Call("refund_query", number, script, run)
        return self._on_order(request)

    def _on_order(self, request: Request) -> Call:
        if request.method == "GET" and (found := _ID.fullmatch(request.path)):
            self._check_mchid(request)
            number = unquote(found[1])
            with self.book.open_at_now():
                order = self.book.by_provider_id(number)
            script = self.casting.known(order.no if order else number)
            return Call("query", number, script, partial(orders.query, self, number, True))
        found = _OUT.fullmatch(request.path)
        if found is None or (found[2] is None) != (request.method == "GET"):
            raise ApiError(404, "NOT_FOUND", "请求的资源不存在")
        number = unquote(found[1])
        script = self.casting.known(number)
        if found[2] is None:
            self._check_mchid(request)
            return Call("query", number, script, partial(orders.query, self, number, False))
        group = fields.CLOSE if found[2] == "close" else fields.REVERSE
        wish = fields.read(request.body, group)
        if wish["mchid"] != self.merchant.mchid or wish.get("appid", "") not in (
            "",
            self.merchant.appid,
        ):
            raise ApiError(400, "PARAM_ERROR", "商户号或appid不正确", location="body")
        if found[2] == "close":
            return Call("close", number, script, partial(orders.close, self, number))
        return Call("cancel", number, script, partial(orders.reverse, self, number))

    def _order(self, request: Request, op: Any) -> Call:
        qr = op == "create"
        wish = fields.read(request.body, fields.NATIVE if qr else fields.CODEPAY)
        number, fen = wish["out_trade_no"], wish["amount"]["total"]
        code = "" if qr else wish["payer"]["auth_code"]
        script = self.casting.of(number, "qr" if qr else "code", fen, code)
        act = orders.native if qr else orders.codepay
        return Call(op, number, script, partial(act, self, wish, script))

    def _refund(self, request: Request) -> Call:
        wish = fields.read(request.body, fields.REFUND)
        number, fen = wish["out_refund_no"], wish["amount"]["refund"]
        with self.book.open_at_now():
            order = refunds.order_of(self, wish)
        paid_under = self.casting.known(order.no if order else "")
        script = self.casting.of_refund(number, paid_under, fen)
        return Call("refund", number, script, partial(refunds.refund, self, wish, script))

    def _told(self, tell: Callable[[], object]) -> Reply:
        with self.book.open_at_now():
            return Reply(200, to_json(tell()))

    def _certificates(self) -> dict[str, object]:
        if self.settings.signing == "public_key":
            raise ApiError(
                404, "RESOURCE_NOT_EXISTS", "无可用的平台证书，请在商户平台申请使用微信支付公钥"
            )
        return certificates(self.platform, self.merchant.apiv3_key)

    # --- around it

    def _check_headers(self, request: Request) -> None:
        accept = request.headers.get("accept", "")
        if not any(kind in accept for kind in ("application/json", "*/*", "application/*")):
            raise ApiError(400, "PARAM_ERROR", "Http头Accept必须为application/json", field="Accept")
        if not request.headers.get("user-agent"):
            raise ApiError(400, "PARAM_ERROR", "Http头缺少User-Agent", field="User-Agent")
        kind = request.headers.get("content-type", "").partition(";")[0].strip().lower()
        if request.body and kind != "application/json":
            raise ApiError(400, "PARAM_ERROR", "Content-Type必须为application/json")

    def _check_mchid(self, request: Request) -> None:
        wish = parse_qs(request.query, keep_blank_values=True)
        if wish.get("mchid") != [self.merchant.mchid]:
            raise ApiError(400, "PARAM_ERROR", "商户号错误", field="mchid", location="query")

    def _answering_serial(self, request: Request) -> str:
        """Signs with what the request names; a merchant in one mode knows no other key."""
        certificate, public = self.platform.certificate.serial, self.platform.public_key_id
        allowed = {
            "public_key": (public,),
            "certificate": (certificate,),
            "mixed": (public, certificate),
        }[self.settings.signing]
        asked = request.headers.get("wechatpay-serial", "")
        if asked and asked not in allowed:
            raise ApiError(
                400, "PARAM_ERROR", "Http头Wechatpay-Serial不正确", field="Wechatpay-Serial"
            )
        if asked:
            return asked
        self._mixed += 1
        return allowed[self._mixed % len(allowed)]

    def _reply(self, status: int, body: bytes, now: float, serial: str, fault: str = "") -> Reply:
        headers = common_headers(now)
        if body:
            headers["Content-Type"] = JSON
        if serial:
            headers |= signed_headers(self.platform, serial, body, now, fault)
        return Reply(status, body, headers)

    def _signed_json(self, told: Reply, now: float, serial: str) -> Reply:
        return self._reply(told.status, told.body, now, serial)

    def _download(self, request: Request, now: float) -> Reply:
        """下载账单: the file itself, which carries no signature."""
        token = parse_qs(request.query).get("token", [""])[0]
        content = self.downloads.fetch(token, self.clock.now())
        if content is None:
            raise ApiError(400, "PARAM_ERROR", "token无效或已过期", field="token")
        return Reply(200, content, common_headers(now) | {"Content-Type": "text/plain"})


class _NothingDoneError(Exception):
    """The request was not done and nobody will read the answer."""


def _altered(data: dict[str, Any], fault: str) -> dict[str, Any]:
    """An answer that is signed well and says something else than what happened."""
    if fault == "wrong_amount" and "amount" in data:
        amount = {
            name: value + 100 if isinstance(value, int) else value
            for name, value in data["amount"].items()
        }
        return data | {"amount": amount}
    if fault == "wrong_id":
        return data | {"out_trade_no": data.get("out_trade_no", "")[::-1]}
    if fault == "wrong_merchant":
        return data | {"mchid": "1900000999"}
    if fault == "odd_text":
        return data | {"attach": 'A{B店 "}\\" 😀\u2028 }'}
    return data
