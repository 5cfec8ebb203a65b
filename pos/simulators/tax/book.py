"""What the platform has taken and what has become of it by now. States follow from the clock."""

from __future__ import annotations

import threading
from dataclasses import asdict, dataclass
from pathlib import Path
from typing import Any

from pos.simulators.tax.scripts import script
from pos.simulators.wallets.clock import WalletClock, beijing
from pos.simulators.wallets.journal import Journal

HOURS_TO_CONFIRM = 72
MOST_RETRIES = 20
_PROVINCE = "33"


@dataclass
class Settings:
    """Seconds at 20 and at 21, how long a hanging answer hangs."""

    issue_s: float = 1.0
    sign_s: float = 1.0
    hang_s: float = 30.0


@dataclass
class Invoice:
    """An order that was taken; `at` seconds since 1970. `blue`: the order a red one answers."""

    order_no: str
    serial: str
    number: str
    at: float
    data: dict[str, Any]
    script: str
    red: bool = False
    blue: str = ""
    retries: int = 0
    signed_at: float | None = None


@dataclass
class Form:
    """A red-letter form (红字确认单)."""

    bill_id: str
    bill_no: str
    at: float
    data: dict[str, Any]
    script: str
    blue: str
    confirmed_at: float | None = None
    gone_at: float | None = None


class Book:
    """All of it, kept in a journal where there is a folder. Safe from many threads."""

    def __init__(self, clock: WalletClock, settings: Settings, path: Path | None) -> None:
        self.clock = clock
        self.settings = settings
        self.lock = threading.RLock()
        self.invoices: dict[str, Invoice] = {}
        self.forms: dict[str, Form] = {}
        self._journal = Journal(path, sync=False)
        for change in self._journal.open():
            self._apply(change)

    def close(self) -> None:
        self._journal.close()

    # --- what comes in ---

    def take(self, data: dict[str, Any], script_name: str) -> Invoice:
        """A blue order that passed its checks."""
        return self._issue(data["orderNo"], data, script_name)

    def take_form(self, data: dict[str, Any], script_name: str, blue: str) -> Form:
        """A red form that passed its checks."""
        number = len(self.forms) + 1
        bill_id = str(data.get("billId") or f"{number:018d}")
        form = Form(bill_id, f"33{number:014d}", self.clock.now(), data, script_name, blue)
        self._put("form", form)
        return form

    def retry(self, invoice: Invoice) -> None:
        """reInvoice: counts towards what the script wants before a signature holds."""
        invoice.retries += 1
        if self.status(invoice) == "24" and invoice.retries >= script(invoice.script).signs_after:
            invoice.signed_at = self.clock.now()
        self._put("invoice", invoice)

    def confirm(self, form: Form) -> None:
        """The buyer confirms. Raises `LookupError` where there is nothing to confirm."""
        if self.form_status(form) != "02":
            raise LookupError(f"{form.bill_id} waits for nobody")
        form.confirmed_at = self.clock.now()
        self._put("form", form)

    # --- what has become of it ---

    def status(self, invoice: Invoice) -> str:
        """20, 21, 2, 22 or 24 by now."""
        told = script(invoice.script)
        now = self.clock.now()
        issued = invoice.at + self.settings.issue_s + told.slow_s
        if now < issued:
            return "20"
        if told.fails == "22":
            return "22"
        if told.fails == "24" and invoice.signed_at is None:
            return "24" if now >= issued + self.settings.sign_s else "21"
        since = invoice.signed_at if invoice.signed_at is not None else issued
        return "2" if now >= since + self.settings.sign_s else "21"

    def done_at(self, invoice: Invoice) -> float | None:
        """When it ended in 2 or 22; None where it has not."""
        if self.status(invoice) not in ("2", "22"):
            return None
        told = script(invoice.script)
        end = invoice.at + self.settings.issue_s + told.slow_s
        if told.fails == "22":
            return end
        return (invoice.signed_at or end) + self.settings.sign_s

    def form_status(self, form: Form) -> str:
        """15, 01, 02, 04, 05, 07, 08 or 16 by now."""
        told = script(form.script)
        now = self.clock.now()
        if form.gone_at is not None:
            return "08"
        if now < form.at + self.settings.issue_s:
            return "15"
        if told.form == "failed":
            return "16"
        if told.form == "refused":
            return "05"
        if told.form == "free":
            return "01"
        if form.confirmed_at is not None:
            return "04"
        return "07" if now >= form.at + HOURS_TO_CONFIRM * 3600 else "02"

    def red_of(self, form: Form) -> Invoice | None:
        """The red invoice, made as soon as the form is free or confirmed."""
        order_no = str(form.data.get("orderNo") or form.bill_id)
        if self.form_status(form) not in ("01", "04"):
            return None
        if order_no not in self.invoices:
            self._issue(order_no, form.data, "good", form.blue)
        return self.invoices[order_no]

    def standing_forms(self, blue: str) -> list[Form]:
        """The forms of a blue order that are not void."""
        void = ("05", "07", "08", "16")
        return [
            f for f in self.forms.values() if f.blue == blue and self.form_status(f) not in void
        ]

    def by_number(self, number: str) -> Invoice | None:
        """An invoice that is done, by its 20 digits."""
        for invoice in self.invoices.values():
            if invoice.number == number and self.status(invoice) == "2":
                return invoice
        return None

    def _issue(
        self, order_no: str, data: dict[str, Any], script_name: str, blue: str = ""
    ) -> Invoice:
        number = len(self.invoices) + 1
        now = self.clock.now()
        year = f"{beijing(now).year % 100:02d}"
        invoice = Invoice(
            order_no,
            f"{beijing(now):%y%m%d%H%M%S}{number:08d}",
            f"{year}{_PROVINCE}2{number:015d}",
            now,
            data,
            script_name,
            bool(blue),
            blue,
        )
        self._put("invoice", invoice)
        return invoice

    def _put(self, kind: str, thing: Invoice | Form) -> None:
        change = {kind: asdict(thing)}
        self._journal.append(change)
        self._apply(change)

    def _apply(self, change: dict[str, Any]) -> None:
        for kind, told in change.items():
            if kind == "invoice":
                invoice = Invoice(**told)
                known = self.invoices.get(invoice.order_no)
                if known is None:
                    self.invoices[invoice.order_no] = invoice
                else:
                    known.__dict__.update(told)
            else:
                form = Form(**told)
                held = self.forms.get(form.bill_id)
                if held is None:
                    self.forms[form.bill_id] = form
                else:
                    held.__dict__.update(told)
