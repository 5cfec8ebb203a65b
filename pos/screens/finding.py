"""Lists that are searched, receipts to read, and long work: what fills the whole body."""

from __future__ import annotations

from pos.screens.bars import banner
from pos.screens.grid import Look, Row, blank, centered, framed, padded, piece, plain, width_of
from pos.text import cells
from pos.till.view import (
    FindView,
    ReceiptPiece,
    ReceiptRows,
    ReceiptView,
    ReportView,
    WorkView,
)

_BAR = " ▏▎▍▌▋▊▉"


def found(view: FindView, width: int, height: int) -> list[Row]:
    """Title and count, column names, the rows around the chosen one."""
    note = f"{plain(view.note)} "
    title: Row = (
        piece(f" {view.title}", width - cells(note), "strong"),
        piece(note, cells(note), "dim"),
    )
    sizes = _sizes(view, width)
    rows: list[Row] = [banner(view.banner, width)] if view.banner else []
    rows += [title, _row(" ", view.columns, sizes, view.right, "title", width)]
    visible = max(height - len(rows), 1)
    top = min(max(view.selected - visible // 2, 0), max(len(view.rows) - visible, 0))
    for index, cell_texts in enumerate(view.rows[top : top + visible], top):
        chosen = index == view.selected
        look: Look = "selected" if chosen else "text"
        rows.append(_row(">" if chosen else " ", cell_texts, sizes, view.right, look, width))
    return (rows + [blank(width)] * height)[:height]


def _sizes(view: FindView, width: int) -> list[int]:
    """The first column takes what the others leave; too wide ones are cut, widest first."""
    sizes = [
        max((cells(plain(row[n])) for row in (view.columns, *view.rows)), default=0)
        for n in range(len(view.columns))
    ]
    room = width - 3 - 2 * len(sizes)
    least = min(sizes[0], max(room // 3, 12))
    while sum(sizes[1:]) + least > room and max(sizes[1:]) > 4:
        at = 1 + sizes[1:].index(max(sizes[1:]))
        sizes[at] -= 1
    sizes[0] = max(room - sum(sizes[1:]), 4)
    return sizes


def _row(
    mark: str,
    texts: tuple[str, ...],
    sizes: list[int],
    right: frozenset[int],
    look: Look,
    width: int,
) -> Row:
    shown = f"{mark} "
    for n, (text, size) in enumerate(zip(texts, sizes, strict=True)):
        shown += piece(text, size, look, ">" if n in right else "<")[0] + "  "
    return (piece(shown, width, look),)


def receipt(view: ReceiptView, width: int, height: int) -> list[Row]:
    """A receipt in the middle, scrolled to `top`; the title tells which part is seen."""
    visible = max(height - 1, 1)
    top = min(view.top, max(len(view.rows) - visible, 0))
    last = min(top + visible, len(view.rows))
    part = "" if last - top == len(view.rows) else f"  {top + 1}-{last}/{len(view.rows)}"
    paper = [slip_row(row, view.columns) for row in view.rows[top:last]]
    rows: list[Row] = [(piece(f" {view.title}{part}", width, "title"),)]
    rows += [centered(row, width) for row in paper]
    return (rows + [blank(width)] * height)[:height]


def slip(rows: ReceiptRows, columns: int, height: int) -> list[Row]:
    """The head of a receipt, as much as `height` rows show."""
    shown = [slip_row(row, columns) for row in rows[:height]]
    if len(rows) > height:
        shown[-1] = (piece("⋮", columns + 2, "slip", "^"),)
    return shown + [blank(columns + 2, "slip")] * (height - len(shown))


def slip_row(row: tuple[ReceiptPiece, ...], columns: int) -> Row:
    """One row of paper with a blank at each side."""
    out: Row = ((" ", "slip"),)
    for part in row:
        gap = part.column + 1 - width_of(out)
        look: Look = "slip_strong" if part.bold else "slip"
        if part.invert:
            look = "slip_invert"
        if gap > 0:
            out = (*out, (" " * gap, "slip"))
        out = (*out, (plain(part.text), look))
    return padded(out, columns + 2, "slip")


def report(view: ReportView, width: int, height: int) -> list[Row]:
    """A table with a bar behind each row where there is room for one."""
    sizes = [
        max((cells(plain(row[n])) for row in (view.columns, *view.rows)), default=0)
        for n in range(len(view.columns))
    ]
    room = width - 2 - 2 * len(sizes)
    while sum(sizes) > room and max(sizes) > 4:
        sizes[sizes.index(max(sizes))] -= 1
    spare = room - sum(sizes)
    bars = min(spare - 1, 40) if view.bars and spare >= 8 else 0
    visible = max(height - 2, 1)
    top = min(view.top, max(len(view.rows) - visible, 0))
    last = min(top + visible, len(view.rows))
    part = "" if last - top == len(view.rows) else f"{top + 1}-{last}/{len(view.rows)} "
    note = view.note or part
    title: Row = (
        piece(f" {view.title}  {view.range}", width - cells(note), "strong"),
        piece(note, cells(note), "dim"),
    )
    rows: list[Row] = [title, _row(" ", view.columns, sizes, view.right, "title", width)]
    for index in range(top, last):
        text = _row(" ", view.rows[index], sizes, view.right, "text", width - bars)
        drawn = _drawn(view.bars[index], bars) if bars and index < len(view.bars) else ""
        rows.append((*text, piece(drawn, bars, "total")) if bars else text)
    return (rows + [blank(width)] * height)[:height]


def _drawn(thousandths: int, width: int) -> str:
    """A bar; anything above zero shows something."""
    eighths = max(thousandths * width * 8 // 1000, 1) if thousandths else 0
    return "█" * (eighths // 8) + (_BAR[eighths % 8] if eighths % 8 else "")


def work(view: WorkView, width: int) -> list[Row]:
    """What is being done and how far it is, as a bar and in per cent."""
    inner = min(width - 6, 64)
    rows: list[Row] = [blank(inner, "box")]
    rows += [(("   ", "box"), piece(line, inner - 6, "box")) for line in view.lines]
    done = max(0.0, min(view.part, 1.0))
    room = inner - 12
    eighths = round(done * room * 8)
    bar = "█" * (eighths // 8) + (_BAR[eighths % 8] if eighths % 8 else "")
    text = f"{round(done * 100):3d}%"
    rows.append((("   ", "box"), piece(bar, room, "total"), piece(f" {text}", 6, "strong")))
    return framed(view.title, [*rows, blank(inner, "box")], inner + 2)
