"""Export in a child process: openpyxl never loads into a running till."""

from __future__ import annotations

import tempfile
from collections.abc import Callable, Sequence
from pathlib import Path

import msgspec

from pos.child import Child
from pos.invoices.document import Document
from pos.invoices.settings import InvoiceSettings
from pos.invoices.workbook.filling import Report


class Asked(msgspec.Struct, frozen=True):
    """What the child reads."""

    documents: tuple[Document, ...]
    settings: InvoiceSettings
    source: str
    folder: str
    stem: str


class Done(msgspec.Struct, frozen=True, tag_field="kind", tag="done"):
    """The child's last line."""

    report: Report


CHILD = Child("pos.invoices.workbook", Done, "invoice_stopped")


def in_child(
    documents: Sequence[Document],
    settings: InvoiceSettings,
    source: Path,
    folder: Path,
    stem: str,
    progress: Callable[[int, int], bool],
) -> Report:
    """`filling.export` in a child process; it blocks. Refused as there, and "child_failed"."""
    asked = Asked(tuple(documents), settings, str(source), str(folder), stem)
    with tempfile.TemporaryFile() as told:  # buyers are in it: a file without a name
        told.write(msgspec.json.encode(asked))
        told.seek(0)
        return CHILD.run([], progress, told).report
