"""`text()`: a layout as plain text, a row a line, for tests, logs and eyes.

Codes, pictures and cuts are left out, and a scaled sign is followed by the spaces it covers: so
does the npm package `receiptline` with `command: 'text'`, and the result is equal to its own.
"""

from __future__ import annotations

from pos.receiptline.rows import FrameRow, Layout, Piece, RuleRow, TextRow
from pos.receiptline.width import char_width, clusters


def text(layout: Layout) -> str:
    """Every row ends with a line feed; columns are paper columns, not a terminal's."""
    lines = []
    for row in layout.rows:
        if isinstance(row, TextRow):
            lines.append(_text_row(row))
        elif isinstance(row, RuleRow):
            lines.append(" " * row.column + "-" * row.width)
        elif isinstance(row, FrameRow):
            lines.append(frame(row))
    return "".join(line + "\n" for line in lines)


def _text_row(row: TextRow) -> str:
    placed = [(piece.column, spread(piece), piece.width) for piece in row.pieces]
    placed += [(bar, "|", 1) for bar in row.bars]
    if row.bars:
        placed.sort(key=lambda part: part[0])
    line = ""
    at = 0
    for column, said, width in placed:
        line += " " * (column - at) + said
        at = column + width
    return line


def spread(piece: Piece) -> str:
    """The text of a piece with the spaces that a scaled sign covers."""
    scale = piece.style.width
    if scale == 1:
        return piece.text
    return "".join(sign + " " * (char_width(sign) * (scale - 1)) for sign in clusters(piece.text))


def frame(row: FrameRow) -> str:
    """A frame's line: `+` where a bar of either side meets it, `-` between."""
    line: list[str] = []
    for bars in (row.above, row.below):
        if bars:
            line += " " * (bars[-1] + 1 - len(line))
            for at in range(bars[0], bars[-1]):
                line[at] = "-"
    for bars in (row.above, row.below):
        for bar in bars:
            line[bar] = "+"
    return "".join(line)
