"""`python -m tests.trust.soak --sales 10000`: run it, say how it went."""

from __future__ import annotations

import argparse
import json
import sys
from pathlib import Path
from tempfile import TemporaryDirectory

import msgspec

from tests.trust.soak.running import SEED, soak
from tests.trust.soak.till import PLANTS


def main() -> int:
    """0 where the till is as it was and everything agrees."""
    parser = argparse.ArgumentParser(prog="python -m tests.trust.soak", description=__doc__)
    parser.add_argument("--sales", type=int, default=10_000)
    parser.add_argument("--seconds", type=float, default=3600.0, help="sell no longer than that")
    parser.add_argument("--seed", type=int, default=SEED)
    parser.add_argument("--plant", choices=["none", *PLANTS], default="none")
    parser.add_argument("--samples", type=Path, help="file for the samples, a line of JSON each")
    asked = parser.parse_args()

    def progress(line: str) -> None:
        print(line, file=sys.stderr, flush=True)

    with TemporaryDirectory(prefix="guitai-soak-") as name:
        told = soak(
            Path(name),
            asked.sales,
            seed=asked.seed,
            seconds=asked.seconds,
            plant=asked.plant,
            progress=progress,
        )
    if asked.samples:
        lines = [msgspec.json.encode(one).decode() for one in told.cashier.samples]
        asked.samples.write_text("\n".join(lines) + "\n")
    print(json.dumps(told.figures(), ensure_ascii=False))
    return 0 if not told.bad else 1


if __name__ == "__main__":
    sys.exit(main())
