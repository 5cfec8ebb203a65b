"""Templates filled: everything escaped, money and times in the form people read, nothing hidden.

Text that came from tills, files and people is shown with its control and direction characters
spelt out, so that none of it can look like something else.
"""

from __future__ import annotations

import unicodedata
from collections.abc import Mapping
from typing import Any

from jinja2 import Environment, PackageLoader, StrictUndefined
from markupsafe import Markup

from pos.clock import local, moment_of
from pos.money import quantity, yuan
from pos.words import Language
from pos.words.pages import PageWords

_SPELT = {"Cc", "Cf", "Cs", "Co", "Cn", "Zl", "Zp"}


def shown(text: str) -> str:
    """`text` with what cannot be seen spelt out as \\uXXXX; line breaks stay."""
    if text.isprintable():
        return text
    return "".join(
        c if c == "\n" or unicodedata.category(c) not in _SPELT else f"\\u{ord(c):04x}"
        for c in text
    )


def _finalize(value: Any) -> Any:
    return value if isinstance(value, Markup | int) else shown(str(value))


def moment(stamp: str) -> str:
    """A stamp on the shops' wall clock: 2026-03-02 18:05."""
    try:
        at = local(moment_of(stamp))
    except ValueError:
        return stamp
    return at.strftime("%Y-%m-%d %H:%M")


def grouped(fen: int) -> str:
    """Fen as yuan with groups: 1,234.50."""
    fen = int(fen)  # a sum of PostgreSQL is a Decimal
    text = yuan(abs(fen))
    head, _, tail = text.partition(".")
    return ("-" if fen < 0 else "") + f"{int(head):,}.{tail}"


def signed(fen: int) -> str:
    """As `grouped`, with a plus where it is more than nothing."""
    return ("+" if fen > 0 else "") + grouped(fen)


_environment = Environment(
    loader=PackageLoader("pos.headoffice.pages"),
    autoescape=True,
    undefined=StrictUndefined,
    finalize=_finalize,
    trim_blocks=True,
    lstrip_blocks=True,
)
_environment.filters |= {
    "yuan": grouped,
    "signed": signed,
    "quantity": lambda milli: quantity(int(milli)),
    "moment": moment,
}


def paint(template: str, words: PageWords, language: Language, values: Mapping[str, Any]) -> str:
    """The page as text."""
    found = _environment.get_template(template)
    return found.render(words=words, language=language, **values)


def look() -> bytes:
    """The style sheet."""
    from importlib import resources

    return (resources.files("pos.headoffice.pages") / "look.css").read_bytes()
