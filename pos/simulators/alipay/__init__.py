"""Alipay's gateway.do on loopback: verifies as the provider would, signs, moves make-believe money.

precreate, pay, query, cancel, close, refund, fastpay.refund.query, bill download; RSA2 with keys or
certificates. Scripts and administration: `pos.simulators.wallets`.
"""

from __future__ import annotations

from collections.abc import Sequence

from pos.simulators.alipay.simulator import AlipaySimulator
from pos.simulators.wallets.run import run

__all__ = ["AlipaySimulator", "main"]


def main(argv: Sequence[str] | None = None) -> int:
    """`pos simulator alipay --dir D [--port N] [--tls] [--json]`; the exit status."""
    return run(AlipaySimulator, argv)
