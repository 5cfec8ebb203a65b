"""WeChat Pay API v3 on loopback: verifies as the provider would, signs, moves make-believe money.

Native, codepay, query, close, reverse, refund, refund query, certificates, trade bill. Sources are
named where a rule stands; scripts and administration: `pos.simulators.wallets`.
"""

from __future__ import annotations

from collections.abc import Sequence

from pos.simulators.wallets.run import run
from pos.simulators.wechat.simulator import WechatSimulator

__all__ = ["WechatSimulator", "main"]


def main(argv: Sequence[str] | None = None) -> int:
    """`pos simulator wechat --dir D [--port N] [--tls] [--json]`; the exit status."""
    return run(WechatSimulator, argv)
