"""The invoice platform 诺税通 and the tax bureau behind it, on loopback.

It checks what the platform checks, with the platform's codes, and goes through its states in
time: 20 issuing, 21 signing, 2 done, 22 failed, 24 not signed. Amounts are worked out here in
Decimal, so that a wrong split is found by somebody who did not make it. What it issues is marked
模拟: nothing of it is an invoice.
"""

from __future__ import annotations

from pos.simulators.tax.book import Settings
from pos.simulators.tax.provider import TaxSimulator
from pos.simulators.tax.run import main
from pos.simulators.tax.scripts import SCRIPTS

__all__ = ["SCRIPTS", "Settings", "TaxSimulator", "main"]
