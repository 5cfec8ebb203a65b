"""The bars around the work: header, alarm, message, entry line, keys."""

from __future__ import annotations

from collections.abc import Mapping

from pos.screens.grid import Look, Piece, Row, padded, piece, plain, width_of
from pos.text import cells, cut
from pos.till.view import FooterKey, HeaderView, MessageView, PromptView, Tone
from pos.words.screen import ScreenWords

_SIGNS: Mapping[Tone, str] = {"info": " ", "ok": "✓", "warn": "!", "error": "✗"}
_GAP = "  "
LEAST_SHOP = 12
"""Cells that the name of the shop keeps before anything else is left out."""


def header(view: HeaderView, clock: str, width: int) -> Row:
    """Shop, till, operator and date; on the right the connections and the clock."""
    states = [plain(text) for text in (view.network, view.printer, view.unsent) if text]
    right = _GAP.join([*states, clock]) + " "
    while states and cells(right) > width // 2:
        states.pop(0)
        right = _GAP.join([*states, clock]) + " "
    room = width - cells(right) - LEAST_SHOP - 3
    left = [plain(text) for text in (view.till, view.operator, view.business_date) if text]
    if view.business_date and cells(_GAP.join(["", *left])) > room:
        left[-1] = left[-1][-5:]  # month and day
    while left and cells(_GAP.join(["", *left])) > room:
        left.pop()
    tail = _GAP.join(["", *left])
    shop = cut(plain(view.shop), max(width - cells(right) - cells(tail) - 3, 0))
    space = width - cells(shop) - cells(tail) - cells(right) - 1
    return padded(
        (
            (f" {shop}", "header"),
            (tail + " " * max(space, 0), "header_dim"),
            (right[: -len(clock) - 1], "header_dim"),
            (clock + " ", "header"),
        ),
        width,
        "header_dim",
    )


def alarm(text: str, width: int) -> Row:
    """What must not be overlooked, in a bar of its own."""
    return (piece(f" ! {text}", width, "alarm"),)


def banner(text: str, width: int) -> Row:
    """What kind of order this is, so that nobody takes it for a sale: words, not colour alone."""
    return (piece(text, width, "alarm", "^"),)


def message(view: MessageView | None, busy: bool, words: ScreenWords, width: int) -> Row:
    """One line for the person at the till: its tone is a sign as well as a colour."""
    if view is None:
        return (piece(f"   {words.busy}…" if busy else "", width, "dim"),)
    return (piece(f" {_SIGNS[view.tone]} {view.text}", width, view.tone),)


def prompt(view: PromptView, typed: str, width: int) -> Row:
    """The entry line: what is asked for, what is typed, and what helps."""
    label = f" {plain(view.label)} "
    shown = "*" * len(typed) if view.masked else plain(typed)
    prefix = " " + plain(view.prefix)
    room = width - cells(label) - cells(prefix) - 2
    while cells(shown) > room > 0:
        shown = shown[1:]
    left: Row = (
        (label, "key"),
        (prefix, "field"),
        (shown, "typed"),
        (" ", "cursor"),
    )
    space = width - width_of(left)
    hint = plain(view.hint)
    if not hint or cells(hint) + 3 > space:
        return padded(left, width, "field")
    return (*left, piece(hint + " ", space, "field", ">"))


def footer(keys: tuple[FooterKey, ...], width: int, rows: int) -> list[Row]:
    """The keys that do something now, most used first; what does not fit is left out.

    The last one, the help, always has its place at the right end. A key that the operator may not
    use stands in brackets.
    """
    if not keys:
        return [padded((), width, "key_name")] * rows
    *rest, last = [_key(key) for key in keys]
    lines: list[Row] = []
    for index in range(rows):
        room = width - (width_of(last) if index == rows - 1 else 0)
        line: Row = ()
        while rest and width_of(line) + width_of(rest[0]) <= room:
            line = (*line, *rest.pop(0))
        line = padded(line, room, "key_name")
        lines.append((*line, *last) if index == rows - 1 else line)
    return [padded(line, width, "key_name") for line in lines]


def _key(view: FooterKey) -> tuple[Piece, ...]:
    key, name = plain(view.key), plain(view.name)
    if not view.allowed:
        return ((f"({key} {name})", "key_off"), (" ", "key_name"))
    looks: tuple[Look, Look] = ("key", "key_name")
    return ((f" {key}", looks[0]), (f" {name} ", looks[1]))
