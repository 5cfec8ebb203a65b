"""`svg()`: a picture of a receipt on its paper."""

from __future__ import annotations

from pos.receiptline.drawing import LEADING, PAPER, bars, height, piece, shape, text_style
from pos.receiptline.rows import COLUMN_DOTS, CutRow, Layout, TextRow

_MARGIN = 36
_TOOTH = 8
_SHADOW = 10
_LEAST_DOTS = 24


def svg(layout: Layout) -> str:
    """One SVG document, a dot a unit: the paper with its margins, torn above and below.

    It holds no script and refers to nothing outside; pictures are in it. Signs stand at the
    columns they have on paper whatever font the viewer has.
    """
    paper = layout.columns * COLUMN_DOTS
    rows = list(layout.rows)
    while rows and isinstance(rows[-1], CutRow):
        # the last cut is where the paper ends
        rows.pop()
    body: list[str] = []
    down = _MARGIN
    for row in rows:
        if isinstance(row, TextRow):
            foot = height(row) - LEADING // 2
            drawn = bars(row) + "".join(piece(part, foot) for part in row.pieces)
        else:
            drawn = shape(row, paper)
        if drawn:
            body.append(f'<g transform="translate({_MARGIN} {down})">{drawn}</g>')
        down += height(row)
    down = max(down, _MARGIN + _LEAST_DOTS) + _MARGIN
    wide = paper + 2 * _MARGIN
    frame = f"{wide + 2 * _SHADOW} {down + 2 * _SHADOW}"
    sheet = _sheet(wide, down)
    return (
        f'<svg xmlns="http://www.w3.org/2000/svg" viewBox="{-_SHADOW} {-_SHADOW} {frame}"'
        f' width="{wide + 2 * _SHADOW}" height="{down + 2 * _SHADOW}">'
        f'<path d="{sheet}" transform="translate(0 3)" opacity=".10" stroke="#000"'
        ' stroke-width="6" stroke-linejoin="round"/>'
        f'<path d="{sheet}" fill="{PAPER}" stroke="#d9d6cf"/>'
        f"<g {text_style()}>{''.join(body)}</g></svg>\n"
    )


def _sheet(wide: int, tall: int) -> str:
    """The outline of a strip of paper torn off on a saw above and below."""
    teeth = wide // (2 * _TOOTH)
    step = wide / teeth / 2
    above = f"l{step:g} {-_TOOTH}l{step:g} {_TOOTH}" * teeth
    below = f"l{-step:g} {_TOOTH}l{-step:g} {-_TOOTH}" * teeth
    return f"M0 {_TOOTH}{above}V{tall - _TOOTH}{below}z"
