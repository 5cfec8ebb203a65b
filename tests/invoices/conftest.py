"""The platform's both ends for the tests here."""

from __future__ import annotations

from tests.invoices.platform import platform

__all__ = ["platform"]
