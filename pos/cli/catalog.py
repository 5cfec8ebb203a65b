"""`pos catalog import`."""

from __future__ import annotations

import time
from pathlib import Path
from typing import Annotated

import typer

from pos.cli.desk import ConfigOption, JsonOption, OperatorOption, complain, desk, show, tell
from pos.goods.catalog import Fault, read_file
from pos.refusal import Refused
from pos.words.refusals import say

MOST_TOLD = 50


def import_file(
    file: Annotated[Path, typer.Argument()],
    operator: OperatorOption = "",
    json: JsonOption = False,
    config: ConfigOption = None,
) -> None:
    """Put a product file in, all or nothing."""
    with (
        desk(config) as place,
        place.working("cli.catalog.import", operator) as (ledger, _, session),
    ):
        from pos.store.staging import put_products

        start = time.monotonic()
        found = read_file(file, place.config.settings.tax.default_rate)
        counts, faults = (0, 0, 0), list(found.faults)
        if not faults:
            try:
                counts = put_products(ledger, found.rows, found.sha256, session.operator_id)
            except Refused as refused:
                if refused.code != "barcode_taken":
                    raise
                line = found.line_of(str(refused.values["code"]))
                faults.append(Fault(line, refused, conflict=True))
        for fault in faults[:MOST_TOLD]:
            why = say(place.words.refusals, fault.why)
            told = Refused("file_row", path=file, line=fault.line, why=why)
            complain(say(place.words.refusals, told))
        if len(faults) > MOST_TOLD:
            complain(place.words.cli.and_more.format(more=len(faults) - MOST_TOLD))
        result = {
            "read": found.read,
            "created": counts[0],
            "updated": counts[1],
            "unchanged": counts[2],
            "rejected": len(faults),
            "conflicts": sum(fault.conflict for fault in faults),
            "seconds": round(time.monotonic() - start, 2),
        }
        if json:
            show(result)
        elif not faults:
            tell(place.words.cli.imported.format(**result))
        if faults:
            complain(place.words.cli.nothing_imported)
            raise typer.Exit(1)
