"""What stands over or beside the order: payment, change, lists, questions, help, the front page."""

from __future__ import annotations

import textwrap

from pos.screens.glyphs import BRAND, large
from pos.screens.grid import Look, Row, blank, centered, framed, padded, piece, plain, width_of
from pos.screens.lines import pair
from pos.text import cells, wrap
from pos.till.view import (
    ChangeView,
    DialogView,
    GridView,
    HelpView,
    ListView,
    PayView,
    RefundView,
    SignInView,
    TenderView,
)
from pos.words.screen import ScreenWords


def pay(view: PayView, words: ScreenWords, width: int, height: int) -> list[Row]:
    """Payment, beside the order: what is due, large; what was taken; what a key takes."""
    inner = width - 4
    figure = large(view.due, inner, 5 if height >= 16 else 3)
    rows: list[Row] = [(piece(words.due, inner, "strong"),), blank(inner)]
    rows += [(piece(row, inner, "total", ">"),) for row in figure]
    rows.append(blank(inner))
    if view.cash_due != view.due:
        rows.append(pair(words.cash_due, view.cash_due, inner, "strong"))
    rows += [pair(words.total, view.total, inner), pair(words.saved, view.saved, inner)]
    rows.append((("─" * inner, "border"),))
    bottom = _quick(view, words, inner)
    taken = _tenders(view.tenders, words, inner)
    room = max(height - len(rows) - len(bottom), 0)
    rows += taken[-room:] if room else []
    rows += [blank(inner)] * max(height - len(rows) - len(bottom), 0) + bottom
    return [(("│ ", "border"), *padded(row, inner), ("  ", "text")) for row in rows[:height]]


def refund(view: RefundView, words: ScreenWords, width: int, height: int) -> list[Row]:
    """Money that goes back, beside the order: how much, large, and how."""
    inner = width - 4
    figure = large(view.due, inner, 5 if height >= 16 else 3)
    rows: list[Row] = [(piece(words.refund, inner, "strong"),), blank(inner)]
    rows += [(piece(row, inner, "total", ">"),) for row in figure]
    rows += [blank(inner), pair(words.refund_total, view.total, inner)]
    rows.append((("─" * inner, "border"),))
    for title, found in ((words.refund_ways, view.backs), (words.refunded, view.given)):
        if found:
            rows.append((piece(title, inner, "label"),))
            rows += [_tender(tender, inner) for tender in found]
    rows = (rows + [blank(inner)] * height)[:height]
    return [(("│ ", "border"), *padded(row, inner), ("  ", "text")) for row in rows]


def _tenders(tenders: tuple[TenderView, ...], words: ScreenWords, width: int) -> list[Row]:
    if not tenders:
        return []
    rows: list[Row] = [(piece(words.tenders, width, "label"),)]
    return rows + [_tender(tender, width) for tender in tenders]


def _tender(tender: TenderView, width: int) -> Row:
    name = f"{tender.name} {tender.reference}".strip()
    return piece(name, width - 12), piece(tender.amount, 12, "strong", ">")


def _quick(view: PayView, words: ScreenWords, width: int) -> list[Row]:
    if not view.quick:
        return []
    rows: list[Row] = [(piece(words.quick, width, "label"),)]
    size = max(width // 2, 16)
    line: Row = ()
    for key, amount in view.quick:
        chip: Row = (
            (f" {plain(key)} ", "key"),
            piece(f" {amount}", size - cells(key) - 3, "strong"),
        )
        if width_of(line) + width_of(chip) > width:
            rows.append(line)
            line = ()
        line = (*line, *chip)
    return [*rows, line]


def change(view: ChangeView, words: ScreenWords, width: int, height: int) -> list[Row]:
    """A closed sale: the change as large as it can be, until the next key."""
    inner = min(width - 4, 72)
    figure = large(view.change, inner - 4, 5)
    title = words.refunded if view.refund else words.change
    rows: list[Row] = [blank(inner), centered(((title, "strong"),), inner), blank(inner)]
    rows += [centered(((line, "total"),), inner) for line in figure]
    rows += [blank(inner), blank(inner)]
    side = (inner - 28) // 2
    sums = [pair(words.total, view.total, 28)]
    sums += [] if view.refund else [pair(words.given, view.given, 28)]
    for tender in view.tenders:
        name = f"{tender.name} {tender.reference}".strip()
        sums.append((piece(f"  {name}", 18, "dim"), piece(tender.amount, 10, "dim", ">")))
    rows += [padded((*blank(side), *row), inner) for row in sums[: max(height - 14, 2)]]
    rows.append(blank(inner))
    number: Row = ((f"{words.number} ", "label"), (plain(view.number), "text"))
    rows.append(centered(number, inner))
    above = max((height - len(rows)) // 2, 0)
    full = [*[blank(width)] * above, *[centered(row, width) for row in rows]]
    return (full + [blank(width)] * height)[:height]


def choice(view: ListView, width: int, height: int) -> list[Row]:
    """A list in a box: a number before each row, the chosen one in a bar."""
    count = max(len(view.columns), *(len(row) for row in view.rows), 1) if view.rows else 1
    sizes = [0] * count
    for row in (view.columns, *view.rows):
        for index, text in enumerate(row):
            sizes[index] = max(sizes[index], cells(plain(text)))
    room = width - 10 - 2 * count
    while sum(sizes) > room and max(sizes) > 4:
        sizes[sizes.index(max(sizes))] -= 1
    inner = max(sum(sizes) + 2 * count + 7, min(44, width - 6))
    sums = {i for row in view.rows for i, cell in enumerate(row) if i and _is_number(cell)}
    named = any(view.columns)
    rows = [_choice_row("", view.columns, sizes, sums, "title", inner)] if named else []
    visible = max(height - 3, 1)
    top = min(max(view.selected - visible // 2, 0), max(len(view.rows) - visible, 0))
    for index, row in enumerate(view.rows[top : top + visible], top):
        look: Look = "selected" if index == view.selected else "box"
        rows.append(_choice_row(str(index + 1), row, sizes, sums, look, inner))
    return framed(view.title, rows, inner + 2)


def _choice_row(
    no: str, row: tuple[str, ...], sizes: list[int], sums: set[int], look: Look, width: int
) -> Row:
    text = f" {'>' if look == 'selected' else ' '} {no:>2}  "
    for index, cell in enumerate(row):
        text += piece(cell, sizes[index], look, ">" if index in sums else "<")[0] + "  "
    return (piece(text, width, look),)


def _is_number(text: str) -> bool:
    return bool(text) and text.replace(".", "").replace("-", "").isdigit()


def dialog(view: DialogView, width: int) -> list[Row]:
    """A question in a box; long lines are broken."""
    longest = max((cells(plain(line)) for line in (view.title, *view.lines)), default=0)
    inner = min(max(longest + 6, 48), width - 6)
    rows: list[Row] = [blank(inner, "box")]
    for line in view.lines:
        rows += [(("   ", "box"), (part, "box")) for part in folded(plain(line), inner - 6)]
    return framed(view.title, [*rows, blank(inner, "box")], inner + 2)


def grid(view: GridView, width: int) -> list[Row]:
    """A page of keys in columns: the key, the name, the price."""
    columns = max(1, min(4, (width - 4) // 24))
    size = (width - 6) // columns
    inner = size * columns
    rows: list[Row] = [blank(inner, "box")]
    for start in range(0, len(view.cells), columns):
        row: Row = ()
        for key, name, price in view.cells[start : start + columns]:
            room = size - cells(plain(key)) - cells(plain(price)) - 6
            row = (
                *row,
                (" ", "box"),
                (f" {plain(key)} ", "key"),
                piece(f" {name}", room, "box"),
                piece(price, size - room - cells(plain(key)) - 4, "strong", ">"),
                (" ", "box"),
            )
        rows.append(padded(row, inner, "box"))
        rows.append(blank(inner, "box"))
    return framed(view.title, rows, inner + 2)


def help_page(view: HelpView, width: int, height: int) -> list[Row]:
    """The keys in sections, from row `top` on; never past the end."""
    inner = width - 2
    rows: list[Row] = []
    for title, keys in view.sections:
        rows += [(piece(f" {title}", inner, "title"),)]
        for key, name, sentence in keys:
            parts = folded(plain(sentence), inner - 30) or [""]
            rows.append(
                (piece(f"  {key}", 12, "key"), piece(f" {name}", 16, "strong"), (parts[0], "box"))
            )
            rows += [((" " * 12, "key"), (" " * 16, "box"), (part, "box")) for part in parts[1:]]
    visible = height - 2
    top = min(max(view.top, 0), max(len(rows) - visible, 0))
    last = min(top + visible, len(rows))
    title = view.title if len(rows) <= visible else f"{view.title}  {top + 1}-{last} / {len(rows)}"
    shown = rows[top:last] + [blank(inner, "box")] * (visible - (last - top))
    return framed(title, shown, width)


def folded(text: str, width: int) -> list[str]:
    """`text` in lines of at most `width` cells: between words, or anywhere in Chinese."""
    if text.isascii():
        return textwrap.wrap(text, max(width, 8))
    return wrap(text, max(width, 8))


def front(view: SignInView, words: ScreenWords, width: int, height: int) -> list[Row]:
    """The front page: the name of the house, the shop, the till, what to do."""
    rows: list[Row] = [centered(((line, "brand"),), width) for line in BRAND]
    if height < len(BRAND) + len(view.lines) + 5:
        rows = []
    name = f"Guitai  {words.house}"
    rows += [blank(width), centered(((name, "label"),), width), blank(width)]
    place = f"{plain(view.shop)}  {plain(view.till)}"
    rows.append(centered((piece(place, min(cells(place), width - 2), "strong"),), width))
    for line in view.lines:
        rows.append(centered((piece(line, min(cells(plain(line)), width - 2), "dim"),), width))
    above = max((height - len(rows)) // 2, 0)
    return ([blank(width)] * above + rows + [blank(width)] * height)[:height]
