"""`pos simulator wechat|alipay`: one provider in the foreground until it is told to end."""

from __future__ import annotations

import argparse
import json
import sys
from collections.abc import Sequence
from pathlib import Path

from pos.simulators.ending import End
from pos.simulators.wallets.scripts import BY_NAME, SCRIPTS, code_for
from pos.simulators.wallets.wallet import WalletSimulator


def run(kind: type[WalletSimulator], argv: Sequence[str] | None = None) -> int:
    """Listens until SIGTERM or Ctrl-C; 0 then, 1 when the port or the folder cannot be had."""
    name = kind.wallet
    parser = argparse.ArgumentParser(
        prog=f"pos simulator {name}", description=f"{name} on 127.0.0.1"
    )
    parser.add_argument("--port", type=int, default=0, help="0: a free one")
    parser.add_argument("--dir", type=Path, required=True, help="keys and ledger; made if absent")
    parser.add_argument("--tls", action="store_true", help="HTTPS with a certificate of its own")
    parser.add_argument("--customer", action="store_true", help="somebody scans each QR and pays")
    parser.add_argument("--json", action="store_true", help="tell where it listens as JSON")
    wishes = parser.parse_args(argv)
    try:
        simulator = kind(wishes.dir, wishes.port, tls=wishes.tls)
    except (OSError, ValueError, OverflowError) as why:
        print(f"{name}: {why}", file=sys.stderr)
        return 1
    if wishes.customer:
        simulator.casting.walk_in = BY_NAME["qr_customer"]
    end = End()
    with simulator:
        if wishes.json:
            told = {"simulator": name, "url": simulator.url, "files": simulator.files()}
            print(json.dumps(told, ensure_ascii=False), flush=True)
        else:
            print(_words(simulator), flush=True)
        end.wait()
    return 0


def _words(simulator: WalletSimulator) -> str:
    name = simulator.wallet
    lines = [f"{name} {simulator.url}", ""]
    lines += [f"  {key:<16} {value}" for key, value in simulator.files().items()]
    lines += ["", "payment codes:"]
    for script in SCRIPTS:
        if name in script.wallets and "code" in script.flows:
            lines.append(f"  {code_for(script, name)}  {script.name}: {script.does}")
    lines += ["", f"customer: POST {simulator.url}/_admin/scan " + '{"qr": "…", "act": "pay"}']
    return "\n".join(lines)
