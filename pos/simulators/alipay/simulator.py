"""Alipay's gateway for one application of one merchant."""

from __future__ import annotations

from collections.abc import Callable
from functools import partial
from typing import Any, ClassVar
from urllib.parse import parse_qs

from pos.simulators.alipay import bills, refunds, trades, wishes
from pos.simulators.alipay.gateway import (
    Application,
    Asked,
    GatewayError,
    bare_error,
    business,
    understand,
    wrapped,
)
from pos.simulators.wallets import keys
from pos.simulators.wallets.amounts import yuan
from pos.simulators.wallets.clock import beijing, http_date
from pos.simulators.wallets.downloads import Downloads
from pos.simulators.wallets.scripts import Op, Wallet
from pos.simulators.wallets.server import Reply, Request
from pos.simulators.wallets.wallet import Call, WalletSimulator

_OPS: dict[str, Op] = {
    "alipay.trade.pay": "pay",
    "alipay.trade.precreate": "create",
    "alipay.trade.query": "query",
    "alipay.trade.cancel": "cancel",
    "alipay.trade.close": "close",
    "alipay.trade.refund": "refund",
    "alipay.trade.fastpay.refund.query": "refund_query",
}
_UNSCRIPTED: dict[Op, Callable[..., dict[str, Any]]] = {
    "query": trades.query,
    "cancel": trades.cancel,
    "close": trades.close,
    "refund_query": refunds.query,
}
_MONEY = ("total_amount", "receipt_amount", "buyer_pay_amount", "invoice_amount", "refund_fee")


class AlipaySimulator(WalletSimulator):
    """What a till needs from it is in `files()`; see `pos.simulators.wallets` for the scripts."""

    wallet: ClassVar[Wallet] = "alipay"
    app: Application

    def load_keys(self) -> None:
        folder = self.folder
        root = keys.certificate(
            folder / "alipay_root_cert.pem",
            keys.private_key(folder / "provider_root_key.pem"),
            "Simulator Ant Root CA",
        )
        alipay = keys.certificate(
            folder / "alipay_cert.pem",
            keys.private_key(folder / "provider_alipay_cert_key.pem"),
            "Simulator Alipay",
            root,
        )
        app = keys.certificate(
            folder / "app_cert.pem",
            keys.private_key(folder / "app_private_key.pem"),
            "2088721613239151-2021000000000001",
            root,
        )
        public = keys.private_key(folder / "provider_alipay_key.pem")
        stranger = keys.private_key(folder / "provider_stranger_key.pem")
        (folder / "alipay_public_key.pem").write_bytes(keys.public_pem(public))
        (folder / "app_public_key.pem").write_bytes(keys.public_pem(app.key))
        self.app = Application(
            "2021000000000001", "2088721613239151", app, root, alipay, public, stranger
        )
        self.downloads = Downloads()

    def files(self) -> dict[str, str]:
        folder = self.folder
        told = {
            "gateway": f"{self.url}/gateway.do",
            "app_id": self.app.app_id,
            "seller_id": self.app.seller_id,
            "app_private_key": str(folder / "app_private_key.pem"),
            "alipay_public_key": str(folder / "alipay_public_key.pem"),
            "app_cert": str(folder / "app_cert.pem"),
            "alipay_cert": str(folder / "alipay_cert.pem"),
            "alipay_root_cert": str(folder / "alipay_root_cert.pem"),
        }
        return told | ({"ca_file": str(self.ca_file)} if self.ca_file else {})

    def new_provider_id(self) -> str:
        day = beijing(self.book.now()).strftime("%Y%m%d")
        return f"{day}22001{self.book.next_serial():015d}"

    # --- one request

    def respond(self, request: Request) -> Reply:
        if request.path == "/downloadBillFile.resource":
            return self._download(request)
        strict = self.settings.signing == "certificate"
        clocks = (self.clock.now(), self.clock.real())
        try:
            asked = understand(request, self.app, wishes.FORMS, clocks, strict)
        except GatewayError as no:
            return self._reply(bare_error(no.data()))
        try:
            wishes.check(asked.method, asked.biz)
            call = self._call(asked)
        except GatewayError as no:
            return self._reply(wrapped(self.app, asked, no.data()), asked.charset)
        if call is None:
            return self._bill(asked)
        fault = self.casting.next_fault(call.number, call.op, call.script)
        with self.book.open_at_now():
            data = self._perform(call, asked, fault)
        if fault == "unsigned_error":
            error = GatewayError("20000", "isp.unknow-error", "服务暂不可用")
            return self._reply(bare_error(error.data(), asked.charset), asked.charset)
        raw = wrapped(self.app, asked, data, fault)
        return self.carry(self._reply(raw, asked.charset), fault)

    def _call(self, asked: Asked) -> Call | None:
        op, wish = _OPS.get(asked.method), asked.biz
        if op is None:
            return None
        with self.book.open_at_now():
            order = trades.find(self, wish)
        number = order.no if order else str(wish.get("out_trade_no") or wish.get("trade_no"))
        if op in ("pay", "create"):
            fen = wishes.fen(wish["total_amount"])
            flow: Any = "code" if op == "pay" else "qr"
            script = self.casting.of(number, flow, fen, wish.get("auth_code", ""))
            act = trades.pay if op == "pay" else trades.precreate
            return Call(op, number, script, partial(act, self, wish, script))
        script = self.casting.known(number)
        if op == "refund":
            number = str(wish.get("out_request_no", number))
            script = self.casting.of_refund(number, script, wishes.fen(wish["refund_amount"]))
            return Call(op, number, script, partial(refunds.refund, self, wish, script))
        return Call(op, number, script, partial(_UNSCRIPTED[op], self, wish))

    def _perform(self, call: Call, asked: Asked, fault: str) -> dict[str, Any]:
        try:
            if fault == "twice":
                call.run()
            before = self._before(call, asked, fault)
            data: dict[str, Any] = call.run() if before is None else before
        except GatewayError as no:
            return no.data()
        if fault == "system":
            return trades.paying_problem().data()
        return _altered(data, fault)

    def _before(self, call: Call, asked: Asked, fault: str) -> dict[str, Any] | None:
        """Faults that keep the request from being done."""
        if fault == "system_before":
            problem = trades.paying_problem()
            if call.op == "cancel":
                problem.more = {"retry_flag": "Y"}
            raise problem
        if fault == "rate_limited":
            raise GatewayError("40005", "isv.app-call-limited", "应用调用次数超限")
        if fault == "short":
            raise business(
                "ACQ.SELLER_BALANCE_NOT_ENOUGH", "商户的支付宝账户中无足够的资金进行退款"
            )
        if fault in ("not_done", "recall"):
            order = trades.find(self, asked.biz)
            if order is None:
                return None
            self.book.note_cancel(order)
            return trades.cancelled(order, "Y" if fault == "recall" else "N")
        if fault == "late_arrival":
            self.arrive_late(call, GatewayError)
        if fault in ("late_arrival", "lost_before", "hang_before", "portal"):
            return {}
        return None

    # --- around it

    def _bill(self, asked: Asked) -> Reply:
        try:
            with self.book.open_at_now():
                data = bills.download_url(self, asked.biz)
        except GatewayError as no:
            data = no.data()
        return self._reply(wrapped(self.app, asked, data), asked.charset)

    def _reply(self, body: bytes, charset: str = "utf-8") -> Reply:
        name = "GBK" if charset == "gb18030" else "utf-8"
        headers = {"Date": http_date(self.clock.now()), "Server": "spanner"}
        return Reply(200, body, headers | {"Content-Type": f"text/html;charset={name}"})

    def _download(self, request: Request) -> Reply:
        token = parse_qs(request.query).get("token", [""])[0]
        content = self.downloads.fetch(token, self.clock.now())
        if content is None:
            return Reply(
                403, "下载链接已失效".encode(), {"Content-Type": "text/plain;charset=utf-8"}
            )
        return Reply(200, content, {"Content-Type": "application/octet-stream"})


def _altered(data: dict[str, Any], fault: str) -> dict[str, Any]:
    """An answer that is signed well and says something else than what happened."""
    if fault == "wrong_amount":
        more = {name: yuan(wishes.fen(data[name]) + 100) for name in _MONEY if name in data}
        return data | more
    if fault == "wrong_id":
        return data | {"out_trade_no": str(data.get("out_trade_no", ""))[::-1]}
    if fault == "odd_text":
        return data | {"store_name": 'A{B店 "}],\\" 😀 sign":"x'}
    return data
