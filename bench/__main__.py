"""`python -m bench NAME [--json] [--quick|--full]`: speed with its floor, measured in one run."""

from __future__ import annotations

import argparse

from bench import (
    catalog,
    close,
    invoices,
    payments,
    promotions,
    receipt,
    sale,
    scan,
    start,
    sync,
    trust,
)

BENCHES = {
    "scan": scan.run,
    "sale": sale.run,
    "start": start.run,
    "catalog": catalog.run,
    "receipt": receipt.run,
    "promotions": promotions.run,
    "payments": payments.run,
    "sync": sync.run,
    "invoices": invoices.run,
    "close": close.run,
    "trust": trust.run,
}


def main() -> None:
    """Run one bench, or all."""
    parser = argparse.ArgumentParser(prog="python -m bench")
    parser.add_argument("name", choices=[*BENCHES, "all"])
    parser.add_argument("--json", action="store_true")
    parser.add_argument("--quick", action="store_true")
    parser.add_argument("--full", action="store_true")
    chosen = parser.parse_args()
    for name in BENCHES if chosen.name == "all" else [chosen.name]:
        result = BENCHES[name](chosen.quick, chosen.full)
        print(result.to_json() if chosen.json else result.to_text(), flush=True)


if __name__ == "__main__":
    main()
