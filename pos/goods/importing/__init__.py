"""Dirty product files in: `stage` reads, cleans and checks a file and writes a staging file.

The staging file is a plain SQLite database that the ledger attaches and applies in one
transaction; nothing here touches the ledger. Tables, all STRICT:

- `rows`: a product a row, NULL where the file says nothing; `initials` and `search` made here;
- `codes`: its barcodes; a code with a `factor` stands for that many units, at `price_fen` or,
  where that is NULL, at factor x price;
- `meta`: `format` (version), `sha256` of the file, `default_tax_bp` and the counts of the report.
"""

from pos.goods.importing.child import in_child
from pos.goods.importing.reading import Progress, stage
from pos.goods.importing.rejects import write_rejects
from pos.goods.importing.report import ImportOptions, Reject, Report, Warned

__all__ = [
    "ImportOptions",
    "Progress",
    "Reject",
    "Report",
    "Warned",
    "in_child",
    "stage",
    "write_rejects",
]
