"""`python -m pos.invoices.workbook`: fills workbooks with the documents on its standard input."""

from __future__ import annotations

import sys
from pathlib import Path

import msgspec

from pos.child import Speaker
from pos.invoices.workbook.child import Asked, Done
from pos.invoices.workbook.filling import export


def main() -> int:
    """Run; the exit code."""
    asked = msgspec.json.decode(sys.stdin.buffer.read(), type=Asked)
    speaker = Speaker()
    return speaker.attempt(
        lambda: Done(
            export(
                asked.documents,
                asked.settings,
                Path(asked.source),
                Path(asked.folder),
                asked.stem,
                speaker.progress,
            )
        )
    )


if __name__ == "__main__":
    sys.exit(main())
