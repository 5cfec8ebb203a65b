"""What the tests of this room share: one short way from markup to text."""

from __future__ import annotations

from hypothesis import settings

from pos.receiptline.as_text import text
from pos.receiptline.layout import lay_out
from pos.receiptline.parse import parse
from pos.receiptline.rows import Layout

STEADY = settings(derandomize=True, max_examples=150, deadline=None)
SIGNS = 'aB9 中文￥—…①é𠮷|{}~_"`^\\-=;:n\nx\t\r\x1b\u202e\u0301\u3000:,*'
# a red dot, 3 by 2
PNG = (
    "iVBORw0KGgoAAAANSUhEUgAAAAMAAAACCAIAAAASFvFNAAAAEElEQVR4nGP4z8AAQQxwFgBB0gX7h/C5SAAAAABJRU"
    "5ErkJggg=="
)


def laid(source: str, columns: int = 32) -> Layout:
    """`source` on paper."""
    return lay_out(parse(source), columns)


def shown(source: str, columns: int = 32) -> list[str]:
    """The lines of `source` as text."""
    return text(laid(source, columns)).split("\n")[:-1]
