"""Words of invoices: refusals, states, what the till, the command line and the phone show."""

from __future__ import annotations

from pos.words.invoices.en import EN
from pos.words.invoices.form import InvoiceWords
from pos.words.invoices.zh import ZH

__all__ = ["EN", "ZH", "InvoiceWords"]
