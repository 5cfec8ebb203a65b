"""THE table of what a person can do. Data only.

Bindings, footer, help, key card, rights, offline matrix and `[keys]` all come from it. A key is a
printable character itself (`*`), or a name as the terminal gives it (`f6`, `ctrl+delete`).
"""

from __future__ import annotations

from pos.commands.keys import PRESETS, Keymap, bindable, keymap, nearest, normal_key, shown_key
from pos.commands.table import BY_ID, LIVE, RIGHTS, TABLE, Command, Mode, Right

__all__ = [
    "BY_ID",
    "LIVE",
    "PRESETS",
    "RIGHTS",
    "TABLE",
    "Command",
    "Keymap",
    "Mode",
    "Right",
    "bindable",
    "keymap",
    "nearest",
    "normal_key",
    "shown_key",
]
