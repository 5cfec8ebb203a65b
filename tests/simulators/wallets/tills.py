"""A small till that does everything right, one for each wallet: the scripts are held against it.

It is not the product's till. Money is UNKNOWN until a signed answer with our number and amount says
otherwise; it queries every 5 s for 45 s, cancels until that is confirmed, watches afterwards.
"""

from __future__ import annotations

from abc import ABC, abstractmethod
from typing import Any, Literal

from pos.simulators.wallets.amounts import yuan
from pos.simulators.wallets.scripts import End, Script, code_for
from pos.simulators.wallets.wallet import WalletSimulator
from tests.simulators.wallets.clients import AlipayClient, NoAnswerError, WechatClient

Seen = Literal["paid", "over", "failed", "waiting", "absent", "declined", "unknown"]


class Till(ABC):
    def __init__(self, simulator: WalletSimulator, number: str, fen: int) -> None:
        self.simulator = simulator
        self.number = number
        self.fen = fen
        self.gave_back = False

    # --- what differs

    @abstractmethod
    def pay(self, code: str) -> Seen: ...

    @abstractmethod
    def create(self) -> str: ...

    @abstractmethod
    def query(self) -> Seen: ...

    @abstractmethod
    def cancel(self, qr: bool) -> None:
        """Asks for it; what came of it is for the query to say."""

    @abstractmethod
    def refund(self, number: str) -> Literal["success", "failed", "unknown"]: ...

    # --- what does not

    def ask(self) -> Seen:
        try:
            return self.query()
        except NoAnswerError:
            return "unknown"

    def wait(self, seconds: float) -> None:
        self.simulator.clock.advance(seconds)

    def by_code(self, script: Script, serial: int) -> End:
        try:
            seen = self.pay(code_for(script, self.simulator.wallet, serial))
        except NoAnswerError:
            seen = "unknown"
        if seen == "declined" and self.ask() in ("absent", "over"):
            return "not_paid"
        for _ in range(9):
            if seen in ("paid", "over", "failed"):
                break
            self.wait(5)
            seen = self.ask()
        return "paid" if seen == "paid" else self.give_up(qr=False)

    def by_qr(self) -> End:
        seen: Seen = "unknown"
        try:
            shown = self.create()
        except NoAnswerError:
            shown = ""
        for _ in range(12 if shown else 0):
            self.wait(5)
            seen = self.ask()
            if seen in ("paid", "over", "failed"):
                break
        return "paid" if seen == "paid" else self.give_up(qr=True)

    def give_up(self, qr: bool) -> End:
        for _ in range(12):
            self.wait(6)
            try:
                self.cancel(qr)
            except NoAnswerError:
                continue
            seen = self.ask()
            if seen in ("over", "absent"):
                break
            if seen == "paid" and qr:
                return self.return_money()
        else:
            raise AssertionError("never ended")
        for _ in range(4):
            self.wait(45)
            if self.ask() == "paid":
                return self.return_money()
        return "returned" if self.gave_back else "not_paid"

    def return_money(self) -> End:
        for _ in range(5):
            self.wait(61)
            try:
                if self.refund(f"{self.number[:20]}R1") == "success":
                    return "returned"
            except NoAnswerError:
                continue
        raise AssertionError("the money was not given back")

    def refund_flow(self, script: Script, serial: int) -> End:
        assert self.by_code(script, serial) == "paid"
        for _ in range(6):
            try:
                came = self.refund(f"{self.number[:20]}R1")
            except NoAnswerError:
                came = "unknown"
            if came != "unknown":
                return "refunded" if came == "success" else "refund_failed"
            self.wait(15)
        raise AssertionError("the refund never ended")


class WechatTill(Till):
    simulator: Any

    def __init__(self, simulator: Any, number: str, fen: int) -> None:
        super().__init__(simulator, number, fen)
        self.client = WechatClient(simulator)

    def _read(self, data: dict[str, Any]) -> Seen:
        mine = (self.number, self.client.files["mchid"], self.client.files["appid"], self.fen)
        told = (data["out_trade_no"], data["mchid"], data["appid"], data["amount"]["total"])
        if told != mine:
            return "unknown"
        state = data["trade_state"]
        if state in ("REVOKED", "CLOSED"):
            self.gave_back = self.gave_back or "transaction_id" in data
            return "over"
        return {"SUCCESS": "paid", "PAYERROR": "failed"}.get(state, "waiting")  # type: ignore[return-value]

    def pay(self, code: str) -> Seen:
        wish = self.client.code_wish(self.number, self.fen, code)
        got = self.client.call("POST", "/v3/pay/transactions/codepay", wish)
        if got.status == 200:
            return self._read(got.data)
        return "declined" if 400 <= got.status < 500 else "unknown"

    def create(self) -> str:
        wish = self.client.native_wish(self.number, self.fen)
        got = self.client.call("POST", "/v3/pay/transactions/native", wish)
        return str(got.data["code_url"])

    def query(self) -> Seen:
        path = f"/v3/pay/transactions/out-trade-no/{self.number}"
        got = self.client.call("GET", f"{path}?mchid={self.client.files['mchid']}")
        if got.status == 404 and got.data["code"] == "ORDER_NOT_EXIST":
            return "absent"
        return self._read(got.data) if got.status == 200 else "unknown"

    def cancel(self, qr: bool) -> None:
        path = f"/v3/pay/transactions/out-trade-no/{self.number}"
        wish = {"mchid": self.client.files["mchid"]}
        if qr:
            self.client.call("POST", f"{path}/close", wish)
        else:
            wish["appid"] = self.client.files["appid"]
            self.client.call("POST", f"{path}/reverse", wish)

    def refund(self, number: str) -> Literal["success", "failed", "unknown"]:
        wish = self.client.refund_wish(self.number, number, self.fen, self.fen)
        self.client.call("POST", "/v3/refund/domestic/refunds", wish)
        got = self.client.call("GET", f"/v3/refund/domestic/refunds/{number}")
        states = {"SUCCESS": "success", "CLOSED": "failed", "ABNORMAL": "failed"}
        return states.get(got.data.get("status", ""), "unknown")  # type: ignore[return-value]


class AlipayTill(Till):
    simulator: Any

    def __init__(self, simulator: Any, number: str, fen: int) -> None:
        super().__init__(simulator, number, fen)
        self.client = AlipayClient(simulator)

    def pay(self, code: str) -> Seen:
        wish = self.client.pay_wish(self.number, yuan(self.fen), code)
        data = self.client.call("alipay.trade.pay", wish)
        if data["code"] == "40004":
            return "declined"
        if data["code"] != "10000":
            return "unknown"
        told = data["out_trade_no"], data["total_amount"]
        return "paid" if told == (self.number, yuan(self.fen)) else "unknown"

    def create(self) -> str:
        wish = {"out_trade_no": self.number, "total_amount": yuan(self.fen), "subject": "柜台小店"}
        return str(self.client.call("alipay.trade.precreate", wish)["qr_code"])

    def query(self) -> Seen:
        data = self.client.call("alipay.trade.query", {"out_trade_no": self.number})
        if data.get("sub_code") == "ACQ.TRADE_NOT_EXIST":
            return "absent"
        told = data.get("out_trade_no"), data.get("total_amount")
        if data["code"] != "10000" or told != (self.number, yuan(self.fen)):
            return "unknown"
        if data["trade_status"] == "TRADE_CLOSED":
            self.gave_back = self.gave_back or "send_pay_date" in data
            return "over"
        return "paid" if data["trade_status"] == "TRADE_SUCCESS" else "waiting"

    def cancel(self, qr: bool) -> None:
        data = self.client.call("alipay.trade.cancel", {"out_trade_no": self.number})
        if data.get("retry_flag") == "Y":
            raise NoAnswerError("again")

    def refund(self, number: str) -> Literal["success", "failed", "unknown"]:
        which = {"out_trade_no": self.number, "out_request_no": number}
        self.client.call("alipay.trade.refund", which | {"refund_amount": yuan(self.fen)})
        data = self.client.call("alipay.trade.fastpay.refund.query", which)
        return "success" if data.get("refund_status") == "REFUND_SUCCESS" else "unknown"
