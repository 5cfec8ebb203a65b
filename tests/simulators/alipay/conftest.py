"""Simulators with made keys and a clock that stands still."""

from __future__ import annotations

from tests.simulators.wallets.shops import alipay, wechat

__all__ = ["alipay", "wechat"]
