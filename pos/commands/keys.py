"""Which key does what: presets, a shop's own changes, how keys are written and shown."""

from __future__ import annotations

import difflib
from collections.abc import Iterable, Mapping

from pos.commands.table import BY_ID, TABLE, Command, Mode
from pos.refusal import Refused

PRESETS = ("cn", "guanjiapo", "rtpos")

_PRESET_KEYS: Mapping[str, Mapping[str, tuple[str, ...]]] = {
    "cn": {},
    # 管家婆云零售: + and - step the quantity, F8 挂单, F10 整单折扣
    "guanjiapo": {
        "increment": ("+",),
        "settle": ("end",),
        "hold": ("f8",),
        "discount_order": ("f10",),
        "find_orders": ("f11",),
    },
    # 富基 RTPOS: Home 挂单, Insert 更正, PageUp 整单取消, F1 锁屏, F5 变价, F9 钱箱, P 折扣,
    # [ 整单折扣, PageDown 退货
    "rtpos": {
        "hold": ("home",),
        "delete_line": ("insert",),
        "void_order": ("pageup",),
        "page_up": ("ctrl+pageup",),
        "page_down": ("ctrl+pagedown",),
        "lock": ("f1",),
        "help": ("f11",),
        "price": ("f5",),
        "open_drawer": ("f9",),
        "reduce_order": ("f6",),
        "reduce_line": ("o",),
        "discount_line": ("p",),
        "discount_order": ("[",),
        "return_goods": ("pagedown",),
        "return_all": ("pagedown",),
    },
}

_KNOWN_NAMES = frozenset(
    ["enter", "escape", "insert", "delete", "home", "end", "pageup", "pagedown", "space"]
    + ["up", "down", "left", "right", "tab", "backspace"]
    + [f"f{n}" for n in range(1, 13)]
)

# on a terminal Ctrl+J and Ctrl+M are Enter, Ctrl+I is Tab, Ctrl+H is Backspace
_RESERVED = frozenset(
    ["enter", "backspace", "tab", "space", "ctrl+c", "ctrl+h", "ctrl+i", "ctrl+j", "ctrl+m"]
)


class Keymap:
    """Which key does what in which mode, after preset and `[keys]`."""

    def __init__(self, keys: Mapping[str, tuple[str, ...]]) -> None:
        """Raises Refused("key_clash") where one key would mean two things in one mode."""
        self.keys = dict(keys)
        self._by_mode: dict[tuple[Mode, str], Command] = {}
        for command in TABLE:
            for key in self.keys[command.id]:
                for mode in command.modes:
                    other = self._by_mode.setdefault((mode, key), command)
                    if other is not command:
                        raise Refused("key_clash", key=key, one=other.id, two=command.id)

    def command(self, mode: Mode, key: str) -> Command | None:
        """What `key` does in `mode`."""
        return self._by_mode.get((mode, key))

    def key_of(self, command_id: str) -> str:
        """The first key of a command, or an empty text where it has none."""
        keys = self.keys[command_id]
        return keys[0] if keys else ""

    def characters(self, mode: Mode) -> frozenset[str]:
        """Printable keys that act in `mode`; they act only when typed, never inside a scan."""
        return frozenset(key for m, key in self._by_mode if m == mode and len(key) == 1)

    def footer(self, mode: Mode) -> list[Command]:
        """The commands of `mode` that have a place on the footer, most used first."""
        found = [c for c in TABLE if c.rank and mode in c.modes and self.keys[c.id]]
        return sorted(found, key=lambda c: c.rank)


def normal_key(key: str) -> str:
    """A key as people write it (`F6`, `Ctrl+Del`, `PgUp`) in the table's form."""
    if len(key) == 1:
        return "space" if key == " " else key.lower()  # the footer shows letters as capitals
    parts = [part.strip().lower() for part in key.split("+") if part.strip()]
    short = {"del": "delete", "ins": "insert", "esc": "escape", "pgup": "pageup"}
    short |= {"pgdn": "pagedown", "return": "enter", "control": "ctrl"}
    *modifiers, last = [short.get(part, part) for part in parts] or [""]
    return "+".join([*sorted(set(modifiers)), last])  # sorted: as a terminal gives them


def shown_key(key: str) -> str:
    """A key as printed on the footer."""
    names = {"escape": "Esc", "pageup": "PgUp", "pagedown": "PgDn", "up": "↑", "down": "↓"}
    names |= {"delete": "Del", "insert": "Ins"}
    return "+".join(names.get(part, part.capitalize()) for part in key.split("+")) if key else ""


def keymap(preset: str = "cn", changed: Mapping[str, str] | None = None) -> Keymap:
    """The keymap of a preset with a shop's own changes (command id to key, "" for none).

    Raises Refused: unknown_preset, unknown_command, unknown_key, key_reserved, each naming the key
    of `[keys]` it stems from as `name`; key_clash names both commands as `one` and `two`.
    """
    if preset not in _PRESET_KEYS:
        raise Refused("unknown_preset", name="preset", preset=preset, known=" | ".join(PRESETS))
    keys = {c.id: c.keys for c in TABLE} | dict(_PRESET_KEYS[preset])
    for name, key in (changed or {}).items():
        if name not in BY_ID or not BY_ID[name].keys:
            raise Refused("unknown_command", name=name, near=nearest(name, bindable()))
        wanted = normal_key(key)
        if key and not _is_key(wanted):
            raise Refused("unknown_key", name=name, key=key)
        reserved = wanted in _RESERVED or (len(wanted) == 1 and wanted.isdigit())
        if reserved and wanted not in keys[name]:  # Enter is cash's own
            raise Refused("key_reserved", name=name, key=key)
        keys[name] = (wanted,) if wanted else ()
    return Keymap(keys)


def bindable() -> list[str]:
    """Ids that `[keys]` may name."""
    return [c.id for c in TABLE if c.keys]


def nearest(word: str, words: Iterable[str]) -> str:
    """The word a person most likely meant, or an empty text."""
    found = difflib.get_close_matches(word, list(words), 1, 0.5)
    return found[0] if found else ""


def _is_key(key: str) -> bool:
    if len(key) == 1:
        return key.isprintable() and key.isascii()
    *modifiers, last = key.split("+")
    if any(m not in {"ctrl", "shift"} for m in modifiers):
        return False
    return last in _KNOWN_NAMES or (len(last) == 1 and last.isalpha() and "ctrl" in modifiers)
