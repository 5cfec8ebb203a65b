"""Rows of a product file that stayed out, of both halves of an import, as one file."""

from __future__ import annotations

from pathlib import Path

from msgspec.structs import replace

from pos.goods.importing import Reject, Report, write_rejects
from pos.store.staging import Applied
from pos.words import Language, goods


def leftovers(report: Report, done: Applied) -> Report:
    """The report with what the ledger left out added to it."""
    more = [
        Reject(row.line, "", row.code, {"text": row.text}, (), row.conflict) for row in done.not_put
    ]
    rejects = sorted([*report.rejects, *more], key=lambda reject: reject.line)
    conflicts = report.conflicts + sum(row.conflict for row in done.not_put)
    return replace(
        report,
        rejects=tuple(rejects),
        rejected=report.rejected + len(more),
        conflicts=conflicts,
        good=report.good - len(more),
    )


def write_leftovers(report: Report, done: Applied, path: Path, language: Language) -> None:
    """The file of rejected rows, with reasons; Refused("file_unwritable")."""
    words = goods.ZH if language == "zh" else goods.EN
    write_rejects(leftovers(report, done), path, words)
