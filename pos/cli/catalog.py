"""`pos catalog import`."""

from __future__ import annotations

import time
from pathlib import Path
from typing import Annotated

import typer

from pos.cli.desk import ConfigOption, JsonOption, OperatorOption, desk, show
from pos.goods.catalog import read_file


def import_file(
    file: Annotated[Path, typer.Argument()],
    operator: OperatorOption = "",
    json: JsonOption = False,
    config: ConfigOption = None,
) -> None:
    """Put a product file in, all or nothing."""
    with desk(config) as place, place.ledger("catalog import") as ledger:
        from pos.store.products import put_products

        session = place.known("cli.catalog.import", operator, ledger)
        start = time.monotonic()
        rows, digest = read_file(file, place.config.settings.tax.default_rate)
        created, updated, unchanged = put_products(ledger, rows, digest, session.operator_id)
        result = {
            "read": len(rows),
            "created": created,
            "updated": updated,
            "unchanged": unchanged,
            "rejected": 0,
            "conflicts": 0,
            "seconds": round(time.monotonic() - start, 2),
        }
        if json:
            show(result)
        else:
            print(place.words.cli.imported.format(**result))
