"""Templates in folders, the product's own among them, and one laid out."""

from __future__ import annotations

import importlib.resources
from collections.abc import Mapping
from pathlib import Path
from typing import TYPE_CHECKING

from pos.refusal import Refused

if TYPE_CHECKING:
    from pos.receiptline.rows import Layout

SUFFIX = ".receipt"
MOST_BYTES = 200_000


def shipped_templates() -> dict[str, str]:
    """The product's own templates by file name."""
    packed = importlib.resources.files("pos") / "receipts"
    shipped = Path(str(packed))
    if not shipped.is_dir():
        shipped = Path(__file__).parent.parent.parent / "receipts"
    return of_folder(shipped)


def of_folder(folder: Path) -> dict[str, str]:
    """The templates in a folder; none where there is no folder."""
    return {path.name: read_template(path) for path in sorted(folder.glob(f"*{SUFFIX}"))}


def read_template(path: Path) -> str:
    """The text of a template file. Refused: file_unreadable."""
    try:
        if path.stat().st_size > MOST_BYTES:
            raise Refused("file_unreadable", path=path, why=f"> {MOST_BYTES} bytes")
        return path.read_text("utf-8-sig")
    except OSError as error:
        raise Refused("file_unreadable", path=path, why=error.strerror) from error
    except UnicodeDecodeError as error:
        raise Refused("file_unreadable", path=path, why=f"UTF-8: {error}") from error


def lay_out(
    source: str, name: str, data: Mapping[str, object], columns: int, others: Mapping[str, str]
) -> Layout:
    """A template filled and laid out; Refused names its line."""
    from pos.receiptline import layout
    from pos.receiptline.parse import parse
    from pos.receiptline.template import fill

    text = fill(source, data, name, others).removesuffix("\n")  # the file's own last line end
    return layout.lay_out(parse(text, name), columns)
