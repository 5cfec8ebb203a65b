"""`pos simulator tax`: the platform in the foreground until it is told to end."""

from __future__ import annotations

import argparse
import json
import sys
from collections.abc import Sequence
from pathlib import Path

from pos.simulators.ending import End
from pos.simulators.tax.provider import TaxSimulator
from pos.simulators.tax.scripts import SCRIPTS


def main(argv: Sequence[str] | None = None) -> int:
    """Listens until SIGTERM or Ctrl-C; 0 then, 1 when the port or the folder cannot be had."""
    parser = argparse.ArgumentParser(prog="pos simulator tax", description="诺税通 on 127.0.0.1")
    parser.add_argument("--port", type=int, default=0, help="0: a free one")
    parser.add_argument("--dir", type=Path, required=True, help="secret and ledger; made if absent")
    parser.add_argument("--seller", default="339902999999789113", help="the seller's tax number")
    parser.add_argument("--json", action="store_true", help="tell where it listens as JSON")
    wishes = parser.parse_args(argv)
    try:
        simulator = TaxSimulator(wishes.dir, wishes.port, seller=wishes.seller)
    except (OSError, ValueError, OverflowError) as why:
        print(f"tax: {why}", file=sys.stderr)
        return 1
    end = End()
    with simulator:
        if wishes.json:
            shown = {"simulator": "tax", "url": simulator.url, "files": simulator.files()}
            print(json.dumps(shown, ensure_ascii=False), flush=True)
        else:
            print(_words(simulator), flush=True)
        end.wait()
    return 0


def _words(simulator: TaxSimulator) -> str:
    lines = [f"tax {simulator.url}", ""]
    lines += [f"  {key:<16} {value}" for key, value in simulator.files().items()]
    lines += ["", f'scripts: POST {simulator.url}/_admin/script {{"script": NAME}}']
    lines += [f"  {one.name:<16} {one.does}" for one in SCRIPTS]
    return "\n".join(lines)
