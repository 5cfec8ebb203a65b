"""The platform as a server: tokens, signatures, methods, callbacks, and `/_admin/…` for tests.

GET _admin/ledger, _admin/clock   POST _admin/script {"script": NAME, "number": …}
POST _admin/clock {"set"|"advance"|"resume"}   POST _admin/confirm {"form": BILL_ID}
POST _admin/settings {NAME: SECONDS}   POST _admin/revoke {} (the token in force dies)
"""

from __future__ import annotations

import base64
import hashlib
import hmac
import json
import secrets
import threading
from dataclasses import asdict
from pathlib import Path
from types import TracebackType
from typing import Any, Self
from urllib.parse import parse_qs, urlencode
from urllib.request import Request as Call
from urllib.request import urlopen

from pos.simulators.tax.book import Book, Invoice, Settings
from pos.simulators.tax.methods import METHODS, WRITES, told
from pos.simulators.tax.papers import paper
from pos.simulators.tax.scripts import script
from pos.simulators.wallets.clock import WalletClock, rfc3339
from pos.simulators.wallets.server import Reply, Request, WalletServer

TOKEN_LIFE_S = 86_400
TOKENS_IN_30_DAYS = 50
_DRIFT_S = 600
_SPACE = "nuonuo.OpeMplatform."
Data = dict[str, Any]


class TaxSimulator:
    """`with` it. `folder` gets the appSecret (0600) and, with `keep`, what was taken."""

    def __init__(
        self,
        folder: Path,
        port: int = 0,
        clock: WalletClock | None = None,
        settings: Settings | None = None,
        keep: bool = True,
        seller: str = "339902999999789113",
    ) -> None:
        folder.mkdir(parents=True, exist_ok=True)
        self.folder = folder
        self.seller = seller
        self.app_key = "SimApp01"
        self.secret = _secret(folder / "nuonuo.secret")
        self.clock = clock or WalletClock()
        self.settings = settings or Settings()
        self.book = Book(self.clock, self.settings, folder / "tax.journal" if keep else None)
        self.calls: dict[str, int] = {}
        self.called_back = 0
        self._tokens: dict[str, float] = {}
        self._fetched: list[float] = []
        self._wishes: dict[str, str] = {}
        self._called: dict[tuple[str, int], bool] = {}
        self._ending = threading.Event()
        self._server = WalletServer(self, port)
        self._caller = threading.Thread(target=self._call_back, name="tax:callbacks", daemon=True)
        self.url = self._server.url

    def __enter__(self) -> Self:
        self._server.start()
        self._caller.start()
        return self

    def __exit__(
        self,
        kind: type[BaseException] | None,
        value: BaseException | None,
        trace: TracebackType | None,
    ) -> None:
        self.stop()

    def stop(self) -> None:
        self._ending.set()
        self._server.stop()
        if self._caller.is_alive():
            self._caller.join(5)
        self.book.close()

    def files(self) -> dict[str, str]:
        """What a till's settings need."""
        return {
            "app_key": self.app_key,
            "app_secret": str(self.folder / "nuonuo.secret"),
            "seller": self.seller,
        }

    def wish(self, name: str, number: str = "") -> None:
        """The script of a number, or of the next order without one. Raises `LookupError`."""
        with self.book.lock:
            self._wishes[number] = script(name).name

    # --- the wire ---

    def answer(self, request: Request) -> Reply:
        """Called from many threads."""
        with self.book.lock:
            if request.path == "/accessToken":
                return self._token(request)
            if request.path == "/open/v1/services":
                return self._service(request)
            if request.path.startswith("/file/"):
                return paper(self.book, request.path.removeprefix("/file/"))
            if request.path.startswith("/_admin/"):
                return self._admin(request)
        return _json({"code": "404"}, 404)

    def _token(self, request: Request) -> Reply:
        form = {name: values[0] for name, values in parse_qs(request.body.decode()).items()}
        now = self.clock.now()
        self._fetched = [at for at in self._fetched if now - at < 30 * 86_400]
        if (form.get("client_id"), form.get("client_secret")) != (self.app_key, self.secret):
            return _json({"error": "invalid_client", "error_description": "appkey或appsecret错误"})
        if form.get("grant_type") != "client_credentials":
            return _json({"error": "unsupported_grant_type"})
        if len(self._fetched) >= TOKENS_IN_30_DAYS:
            return _json({"error": "070306", "error_description": "30天内最多获取50次"})
        self._fetched.append(now)
        token = secrets.token_hex(16)
        self._tokens[token] = now + TOKEN_LIFE_S
        return _json({"access_token": token, "expires_in": TOKEN_LIFE_S})

    def _service(self, request: Request) -> Reply:
        refusal = self._refused(request)
        if refusal:
            return _json(refusal)
        method = request.headers.get("method", "").removeprefix(_SPACE)
        try:
            data = json.loads(request.body)
        except ValueError:
            return _json(told("E4000", "报文不是JSON"))
        if method not in METHODS or not isinstance(data, dict):
            return _json(told("E9338", "没有接口权限"))
        self.calls[method] = self.calls.get(method, 0) + 1
        name = self._script_of(method, data)
        answer = script(name).answer if method in WRITES else ""
        if answer in ("dropped", "unavailable"):
            self._wishes.pop(_number(data), None)
            return Reply(502, how="lost" if answer == "dropped" else "")
        reply = _json(METHODS[method](self.book, data, self.seller, name, self.url))
        if answer in ("lost", "hang", "half"):
            reply.how = answer
            reply.wait_s = self.settings.hang_s
        return reply

    def _refused(self, request: Request) -> Data | None:
        query = {name: values[0] for name, values in parse_qs(request.query).items()}
        if query.get("appkey") != self.app_key:
            return told("070101", "获取app密钥失败或appkey无效")
        if self._tokens.get(request.headers.get("accesstoken", ""), 0.0) <= self.clock.now():
            return told("070305", "bad credentials")
        if len(query.get("senid", "")) != 32 or len(query.get("nonce", "")) != 8:
            return told("E4000", "senid或nonce不正确")
        timestamp = query.get("timestamp", "")
        if not timestamp.isdigit() or abs(int(timestamp) - self.clock.now()) > _DRIFT_S:
            return told("070103", "时间戳超出范围")
        parts = {
            "a": "services", "l": "v1", "p": "open", "k": self.app_key, "i": query["senid"],
            "n": query["nonce"], "t": timestamp, "f": request.body.decode("utf-8", "replace"),
        }  # fmt: skip
        text = "&".join(f"{key}={value}" for key, value in parts.items())
        mac = hmac.new(self.secret.encode(), text.encode(), hashlib.sha1)
        if base64.b64encode(mac.digest()).decode() != request.headers.get("x-nuonuo-sign"):
            return told("070102", "签名错误")
        if request.headers.get("usertax") != self.seller:
            return told("E9301", "税号未注册")
        return None

    def _script_of(self, method: str, data: Data) -> str:
        if method not in WRITES:
            return "good"
        number = _number(data)
        if number in self._wishes:
            return self._wishes[number]
        name = self._wishes.pop("", "good")
        if name != "good":
            self._wishes[number] = name
        if method == "saveInvoiceRedConfirm" and data.get("blueInvoiceLine") == "bs":
            # the buyer of a special invoice has booked it: they have to confirm
            return name if script(name).form != "free" else "buyer_confirms"
        return name

    # --- callbacks ---

    def _call_back(self) -> None:
        while not self._ending.wait(0.05):
            with self.book.lock:
                due = [one for i in self.book.invoices.values() for one in self._due(i)]
            for url, form in due:
                body = urlencode(form).encode()
                try:
                    with urlopen(Call(url, body), timeout=2):  # noqa: S310  # nosec B310  # checked to be http
                        self.called_back += 1
                except OSError:
                    continue

    def _due(self, invoice: Invoice) -> list[tuple[str, dict[str, str]]]:
        url = str(invoice.data.get("callBackUrl", ""))
        done = self.book.done_at(invoice)
        if done is None or not url.startswith("http://127.0.0.1:"):
            return []
        calls = []
        for number, after in enumerate(script(invoice.script).callbacks):
            key = (invoice.order_no, number)
            if key not in self._called and self.clock.now() >= done + after:
                self._called[key] = True
                calls.append((url, self._told_back(invoice)))
        return calls

    def _told_back(self, invoice: Invoice) -> dict[str, str]:
        good = self.book.status(invoice) == "2"
        content = {
            "c_status": "1" if good else "2",
            "c_fpqqlsh": invoice.serial,
            "c_orderno": invoice.order_no,
            "allElectronicInvoiceNumber": invoice.number if good else "",
            "c_errorMessage": "" if good else script(invoice.script).cause,
        }
        return {
            "operater": "callback",
            "orderno": invoice.order_no,
            "content": json.dumps(content, ensure_ascii=False),
        }

    # --- the world behind it ---

    def _admin(self, request: Request) -> Reply:
        what = request.path.removeprefix("/_admin/")
        try:
            wishes = json.loads(request.body or b"{}")
            return _json(self._do(what, wishes))
        except LookupError as why:
            return _json({"error": str(why)}, 404)
        except (ValueError, TypeError, AttributeError) as why:
            return _json({"error": str(why)}, 400)

    def _do(self, what: str, wishes: Data) -> Data:
        if what == "script":
            self.wish(str(wishes["script"]), str(wishes.get("number", "")))
        elif what == "confirm":
            self.book.confirm(self.book.forms[str(wishes["form"])])
        elif what == "revoke":
            self._tokens.clear()
        elif what == "settings":
            known = asdict(self.settings)
            for name, value in wishes.items():
                if name not in known:
                    raise LookupError(name)
                setattr(self.settings, name, float(value))
        elif what == "clock":
            if "set" in wishes:
                self.clock.set(float(wishes["set"]))
            if "advance" in wishes:
                self.clock.advance(float(wishes["advance"]))
            if wishes.get("resume"):
                self.clock.resume()
        elif what != "ledger":
            raise LookupError(what)
        return self.ledger()

    def ledger(self) -> Data:
        """Everything that was taken, with its state by now."""
        with self.book.lock:
            for form in list(self.book.forms.values()):
                self.book.red_of(form)
            return {
                "time": rfc3339(self.clock.now()),
                "invoices": [
                    {
                        "orderNo": i.order_no,
                        "number": i.number,
                        "status": self.book.status(i),
                        "red": i.red,
                        "blue": i.blue,
                        "buyerName": i.data.get("buyerName", ""),
                    }
                    for i in self.book.invoices.values()
                ],
                "forms": [
                    {"billId": f.bill_id, "status": self.book.form_status(f), "blue": f.blue}
                    for f in self.book.forms.values()
                ],
                "calls": dict(self.calls),
            }


def _number(data: Data) -> str:
    order = data.get("order")
    return str(order.get("orderNo", "") if isinstance(order, dict) else data.get("billId", ""))


def _json(data: object, status: int = 200) -> Reply:
    body = json.dumps(data, ensure_ascii=False).encode()
    return Reply(status, body, {"Content-Type": "application/json; charset=utf-8"})


def _secret(path: Path) -> str:
    if not path.exists():
        path.touch(0o600)
        path.write_text(secrets.token_hex(16))
    return path.read_text().strip()
