"""诺税通 as a provider: one call a method, nothing repeated inside, every doubt told as one."""

from __future__ import annotations

import secrets
from collections.abc import Callable
from datetime import datetime
from pathlib import Path
from typing import Any, TypeVar
from urllib.parse import urlencode

import msgspec

from pos.invoices.document import Document, Limits, RedForm
from pos.invoices.nuonuo import answers, fields
from pos.invoices.nuonuo.answers import Envelope
from pos.invoices.nuonuo.signing import Stamp, signature
from pos.invoices.nuonuo.tokens import NoToken, Tokens
from pos.invoices.protocol import (
    DeliverAnswer,
    IssueAnswer,
    Issued,
    NotSent,
    QueryAnswer,
    RedAnswer,
    RedQueryAnswer,
    RedTold,
    Unknown,
)
from pos.invoices.settings import InvoiceSettings
from pos.money import parse_fen
from pos.refusal import Refused
from pos.system import read_private
from pos.wire import Limits as Patience
from pos.wire import Wire, WireFailed

PATH = "/open/v1/services"
_SPACE = "nuonuo.OpeMplatform."
_T = TypeVar("_T")


class Nuonuo:
    """A connection to the platform for one seller. For one named thread."""

    name = "nuonuo"

    def __init__(
        self,
        settings: InvoiceSettings,
        folder: Path,
        now: Callable[[], datetime],
        call_back: Callable[[str], str] = lambda _no: "",
    ) -> None:
        """`folder`: where relative paths start; `call_back`: the address at which news of an
        invoice is taken, empty for none.

        Raises Refused: invoice_setting_missing, secret_missing, secret_mode, wire_url,
        wire_ca_file.
        """
        own = settings.nuonuo
        _needed(settings)
        patience = Patience(own.connect_seconds, own.read_seconds, own.read_seconds * 2)
        ca_file = folder / own.ca_file if own.ca_file else None
        secret = read_private(folder / own.app_secret).decode("utf-8", "replace").strip()
        self.limits = Limits(fen=parse_fen(settings.most) or 0)
        self._settings = settings
        self._call_back = call_back
        self._secret = secret
        self._now = now
        self._wire = Wire([own.base_url], patience, ca_file)
        self._token_wire = Wire([own.token_url], patience, ca_file)
        self._tokens = Tokens(self._token_wire, own.app_key, secret, folder / own.token, now)

    def issue(self, document: Document) -> IssueAnswer:
        """requestBillingNew."""
        body = fields.order(document, self._settings, self._call_back(document.invoice_no))
        return self._call("requestBillingNew", body, answers.issued_or_not)

    def query(self, invoice_no: str, asked_at: str) -> QueryAnswer:
        """queryInvoiceResult by our own number."""
        body = {"orderNos": [invoice_no], "isOfferInvoiceDetail": "0"}
        return self._call(
            "queryInvoiceResult", body, lambda told: answers.of_query(told, invoice_no)
        )

    def retry(self, invoice_no: str) -> IssueAnswer:
        """reInvoice."""
        return self._call("reInvoice", {"orderno": invoice_no}, answers.retried)

    def red_apply(self, form: RedForm) -> RedAnswer:
        """saveInvoiceRedConfirm."""
        return self._call("saveInvoiceRedConfirm", fields.red(form, self._settings), answers.of_red)

    def red_query(self, red_no: str) -> RedQueryAnswer:
        """queryInvoiceRedConfirm, and for a form that is free the red invoice itself."""
        body = {"identity": "0", "billId": red_no}
        told = self._call(
            "queryInvoiceRedConfirm", body, lambda found: answers.of_red_query(found, red_no)
        )
        if not isinstance(told, RedTold) or told.status != "confirmed":
            return told
        found = self.query(red_no, "")
        if isinstance(found, Issued):
            return RedTold("red", told.form_no, found.number, found.at)
        return told

    def deliver(self, number: str, email: str, mobile: str) -> DeliverAnswer:
        """deliveryInvoice."""
        body = {"taxnum": self._settings.seller.tax_id, "invoiceNum": number}
        body |= {"phone": mobile} if mobile else {}
        body |= {"mail": email} if email else {}
        return self._call("deliveryInvoice", body, answers.of_delivery)

    def close(self) -> None:
        """Close connections."""
        self._wire.close()
        self._token_wire.close()

    def _call(
        self, method: str, data: dict[str, Any], meaning: Callable[[Envelope], _T]
    ) -> _T | NotSent | Unknown:
        try:
            token = self._tokens.token()
        except NoToken as why:
            return NotSent(why.code)
        body = msgspec.json.encode(data)
        own = self._settings.nuonuo
        told = Stamp(
            secrets.token_hex(16),
            str(10_000_000 + secrets.randbelow(90_000_000)),
            str(int(self._now().timestamp())),
        )
        query = {**msgspec.to_builtins(told), "appkey": own.app_key}
        headers = {
            "Content-Type": "application/json; charset=UTF-8",
            "X-Nuonuo-Sign": signature(self._secret, own.app_key, told, body),
            "accessToken": token,
            "userTax": self._settings.seller.tax_id,
            "method": _SPACE + method,
        }
        try:
            reply = self._wire.call("POST", f"{PATH}?{urlencode(query)}", headers, body)
        except WireFailed as failed:
            return Unknown(failed.code) if failed.sent else NotSent(failed.code)
        found = answers.envelope(reply.body) if reply.status == 200 else None
        if found is None:
            return Unknown(f"http {reply.status}")
        if found.code in answers.TOKEN_CODES:
            self._tokens.refused()
            return NotSent(found.code)
        if found.code in answers.OUR_FAULT:
            return NotSent(found.code)
        return meaning(found)


def _needed(settings: InvoiceSettings) -> None:
    wanted = {
        "seller.tax_id": settings.seller.tax_id,
        "seller.name": settings.seller.name,
        "clerk": settings.clerk,
        "nuonuo.app_key": settings.nuonuo.app_key,
        "nuonuo.app_secret": settings.nuonuo.app_secret,
    }
    for name, value in wanted.items():
        if not value:
            raise Refused("invoice_setting_missing", key=f"invoices.{name}")
