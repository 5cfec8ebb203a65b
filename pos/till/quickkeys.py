"""Quick keys: a page of goods without a barcode, each sold by one digit or letter."""

from __future__ import annotations

from typing import TYPE_CHECKING

from pos.access.rights import require
from pos.money import yuan
from pos.refusal import Refused
from pos.till import selling
from pos.till.view import GridView, PromptView

if TYPE_CHECKING:
    from pos.till.till import Till


def show(till: Till) -> None:
    """Open the page; a quantity typed before stays for what is picked."""
    if not till.config.settings.quick_keys:
        raise Refused("no_quick_keys")
    till.state.mode = "quick"


def acted(till: Till, command: str, text: str) -> None:
    """One of its keys."""
    if command != "quick_pick":
        raise Refused("not_here")
    _pick(till, text[-1:])


def entered(till: Till, text: str, burst: bool) -> None:
    """A scan sells as ever; a bare Enter only closes the page."""
    till.state.mode = "selling"
    if text.lower() in till.config.settings.quick_keys:
        _pick(till, text)
    elif text:
        selling.entered(till, text)


def _pick(till: Till, key: str) -> None:
    require("quick_keys", till.session)
    code = till.config.settings.quick_keys.get(key.lower())
    if code is None:
        raise Refused("quick_key_free", key=key)
    till.state.mode = "selling"
    selling.entered(till, code)


def view(till: Till) -> GridView:
    """The page: each key with its goods and their price."""
    cells = []
    for key, code in sorted(till.config.settings.quick_keys.items()):
        try:
            product = till.reader.product(code)
        except Refused:
            product = None
        name = product.name if product else till.words.selling.quick_gone.format(code=code)
        cells.append((key.upper(), name, yuan(product.price_fen) if product else ""))
    return GridView(till.words.selling.quick_title, tuple(cells))


def ask(till: Till) -> PromptView:
    """A key of the page."""
    return PromptView(till.words.selling.quick, till.words.selling.quick_hint)
