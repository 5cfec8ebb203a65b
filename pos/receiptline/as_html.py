"""`fragment()` and `page()`: a receipt for a telephone's or a desk's browser.

Text is text: it can be read out, searched and copied. Each sign has a box as wide as its columns
on paper, so columns stand under each other in every font. Codes and lines are SVG inside.
"""

from __future__ import annotations

import unicodedata
from html import escape
from itertools import groupby

from pos.receiptline.drawing import FONTS, INK, LEADING, PAPER, Shape, bars, height, shape
from pos.receiptline.drawing import text_style as _svg_text
from pos.receiptline.rows import COLUMN_DOTS, LINE_DOTS, CutRow, Layout, Piece, TextRow
from pos.receiptline.width import char_width, clusters

_WIDE = ("W", "F")

STYLE = f"""
.receipt{{box-sizing:border-box;width:max-content;margin:0 auto;padding:1.6em 1.5em;
font:min(20px,calc((100vw - 24px)/(var(--columns)/2 + 3)))/1 {FONTS};
color:{INK};background:{PAPER};white-space:pre;box-shadow:0 1px 3px #0003,0 6px 20px #0002}}
.receipt>div,.receipt>svg{{position:relative;display:block;width:calc(var(--columns)*.5em)}}
.receipt s{{position:absolute;bottom:{LEADING / 2 / LINE_DOTS:g}em;text-decoration:none;
transform-origin:0 100%;line-height:1}}
.receipt i{{display:inline-block;width:.5em;font-style:normal;text-align:center}}
.receipt i.w{{width:1em}}
.receipt .b{{font-weight:700}}
.receipt .u{{box-shadow:0 1px 0 currentColor}}
.receipt .v{{color:{PAPER};background:{INK}}}
.receipt svg{{overflow:visible}}
.receipt>div>svg{{position:absolute;inset:0;width:100%;height:100%}}
""".strip().replace("\n", "")
"""The style sheet of a fragment, for the page that holds it."""

_PAGE = """<!DOCTYPE html>
<html lang="zh-Hans"><head><meta charset="utf-8">
<meta name="viewport" content="width=device-width,initial-scale=1">
<meta http-equiv="Content-Security-Policy" content="default-src 'none'; img-src data:; \
style-src 'unsafe-inline'">
<title>{title}</title>
<style>body{{margin:0;padding:24px 0;background:#e9e7e2}}
@media print{{body{{padding:0;background:none}}.receipt{{box-shadow:none}}}}{style}</style></head>
<body>{body}</body></html>
"""


def page(layout: Layout, title: str = "") -> str:
    """A whole HTML page with nothing outside it: no script, no font, no picture to fetch.

    The receipt is made as wide as the window allows, so 48 columns fit a telephone too.
    """
    return _PAGE.format(title=escape(title), style=STYLE, body=fragment(layout))


def fragment(layout: Layout) -> str:
    """The receipt as one `div` of class `receipt`; it wants `STYLE` on its page."""
    paper = layout.columns * COLUMN_DOTS
    rows = list(layout.rows)
    while rows and isinstance(rows[-1], CutRow):
        rows.pop()
    body = "".join(
        _text_row(row, paper) if isinstance(row, TextRow) else _shape(row, paper) for row in rows
    )
    return f'<div class="receipt" style="--columns:{layout.columns}">{body}</div>'


def _shape(row: Shape, paper: int) -> str:
    dots = height(row)
    return (
        f'<svg viewBox="0 0 {paper} {dots}" style="height:{dots / LINE_DOTS:g}em">'
        f"<g {_svg_text()}>{shape(row, paper)}</g></svg>"
    )


def _text_row(row: TextRow, paper: int) -> str:
    dots = height(row)
    lines = ""
    if row.bars:
        lines = f'<svg viewBox="0 0 {paper} {dots}" preserveAspectRatio="none">{bars(row)}</svg>'
    body = "".join(map(_piece, row.pieces))
    return f'<div style="height:{dots / LINE_DOTS:g}em">{lines}{body}</div>'


def _piece(part: Piece) -> str:
    style = part.style
    marks = [
        mark for mark, on in (("b", style.bold), ("u", style.underline), ("v", style.invert)) if on
    ]
    named = f' class="{" ".join(marks)}"' if marks else ""
    scaled = ""
    if (style.width, style.height) != (1, 1):
        scaled = f";transform:scale({style.width},{style.height})"
    return f'<s{named} style="left:{part.column / 2:g}em{scaled}">{_boxes(part.text)}</s>'


def _boxes(text: str) -> str:
    """Signs in boxes of their columns. Han signs are as wide as the font is high in every font."""
    body = ""
    for han, group in groupby(clusters(text), _is_han):
        if han:
            body += escape("".join(group))
        else:
            body += "".join(
                f"<i class=w>{escape(c)}</i>" if char_width(c) == 2 else f"<i>{escape(c)}</i>"
                for c in group
            )
    return body


def _is_han(sign: str) -> bool:
    return len(sign) == 1 and unicodedata.east_asian_width(sign) in _WIDE
