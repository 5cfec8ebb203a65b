"""THE table of what a person can do. Data only.

Bindings, footer, help, key card, rights, offline matrix and `[keys]` all come from it. A key is a
printable character itself (`*`), or a name as the terminal gives it (`f6`, `ctrl+delete`).
"""

from __future__ import annotations

import difflib
from collections.abc import Iterable, Mapping
from typing import Literal, get_args

import msgspec

from pos.refusal import Refused

Mode = Literal[
    "signing",  # sign-in
    "selling",
    "paying",
    "collecting",  # a wallet is being asked, or its answer is shown
    "choosing",  # one of a short list
    "asking",  # one text: a price, a weight, a reference
    "products",  # looking for a product
    "orders",  # looking for an order
    "receipt",  # reading an order's receipt
    "working",  # long work that can be stopped
    "approving",  # another operator's PIN for one act
    "locked",
    "helping",
    "cli",
]
Right = Literal[
    "sell",
    "hold",
    "void_line",
    "void_order",
    "discount_line",
    "discount_order",
    "price_change",
    "drawer_open",
    "reprint",
    "order_view",
    "catalog_view",
    "catalog_edit",
    "operator_view",
    "operator_manage",
    "journal_verify",
    "payment_decide",
    "settings",
]
LIVE: frozenset[Mode] = frozenset({"products", "orders"})
"""Modes in which every character that is typed changes what is shown."""
RIGHTS: tuple[Right, ...] = get_args(Right)
PRESETS = ("cn", "guanjiapo", "rtpos")


class Command(msgspec.Struct, frozen=True):
    """A row: what it is called, its keys in the `cn` preset, the right it needs and where.

    `right` None means exempt: anybody may do it, signed in or not. `rank` orders the footer,
    0 keeps it off the footer.
    """

    id: str
    keys: tuple[str, ...]
    right: Right | None
    modes: tuple[Mode, ...]
    rank: int = 0
    network: bool = False


_SELL: tuple[Mode, ...] = ("selling",)
_PAY: tuple[Mode, ...] = ("paying",)
_WALLET: tuple[Mode, ...] = ("paying", "collecting")
_CLI: tuple[Mode, ...] = ("cli",)
_LIST: tuple[Mode, ...] = ("selling", "choosing", "helping", "products", "orders", "receipt")
_PRODUCTS: tuple[Mode, ...] = ("products",)
_ORDERS: tuple[Mode, ...] = ("orders", "receipt")

TABLE: tuple[Command, ...] = (
    Command(
        "help",
        ("f1",),
        None,
        (
            *("signing", "selling", "paying", "collecting", "choosing", "asking", "products"),
            *("orders", "receipt"),
        ),
        90,
    ),
    Command("settle", ("+", "end"), "sell", _SELL, 10),
    Command("quantity", ("*",), "sell", _SELL, 30),
    Command("discount_line", ("/",), "discount_line", _SELL, 31),
    Command("reduce_line", ("insert",), "discount_line", _SELL, 60),
    Command("price", (".",), "price_change", _SELL, 32),
    Command("decrement", ("-",), "void_line", _SELL, 33),
    Command("increment", ("=",), "sell", _SELL, 0),
    Command("delete_line", ("delete",), "void_line", _SELL, 34),
    Command("void_order", ("ctrl+delete",), "void_order", _SELL, 50),
    Command("hold", ("f6",), "hold", _SELL, 20),
    Command("discount_order", ("f8",), "discount_order", _SELL, 40),
    Command("reduce_order", ("f9",), "discount_order", _SELL, 41),
    Command("open_drawer", ("f5",), "drawer_open", _SELL, 61),
    Command("weigh", ("f4",), "sell", ("asking",), 20),
    Command("last_receipt", ("ctrl+o",), "order_view", _SELL, 68),
    Command("devices", ("ctrl+e",), "drawer_open", _SELL, 67),
    Command("print_jobs", ("ctrl+t",), "sell", _SELL, 66),
    Command("find_products", ("f3",), "catalog_view", _SELL, 42),
    Command("find_orders", ("f10",), "order_view", _SELL, 43),
    Command("customer", ("f2",), "sell", _SELL, 44),
    Command("deliver", ("ctrl+d",), "sell", _SELL, 64),
    Command("new_product", ("ctrl+n",), "catalog_edit", ("selling", "products"), 65),
    Command("reprint", ("ctrl+p",), "reprint", ("selling", "orders", "receipt"), 62),
    Command("lock", ("home",), None, ("selling",), 63),
    Command("sign_out", ("f12",), None, ("selling",), 70),
    Command("up", ("up",), None, _LIST),
    Command("down", ("down",), None, _LIST),
    Command("page_up", ("pageup",), None, _LIST),
    Command("page_down", ("pagedown",), None, _LIST),
    Command("pick", ("enter",), "sell", ("products", "orders"), 10),
    Command("edit_price", ("f4",), "catalog_edit", _PRODUCTS, 20),
    Command("edit_name", ("f7",), "catalog_edit", _PRODUCTS, 21),
    Command("switch_product", ("f8",), "catalog_edit", _PRODUCTS, 22),
    Command("import_products", ("f9",), "catalog_edit", _PRODUCTS, 23),
    Command("order_status", ("f6",), "order_view", ("orders",), 20),
    Command("fulfil", ("f8",), "sell", _ORDERS, 21),
    Command("voucher", ("f9",), "order_view", _ORDERS, 22),
    Command("cash", ("enter",), "sell", _PAY, 10),
    Command("quick_1", ("q",), "sell", _PAY),
    Command("quick_2", ("w",), "sell", _PAY),
    Command("quick_3", ("e",), "sell", _PAY),
    Command("quick_4", ("r",), "sell", _PAY),
    Command("wechat", ("f5",), "sell", _WALLET, 11, network=True),
    Command("alipay", ("f6",), "sell", _WALLET, 12, network=True),
    Command("pay_query", ("f3",), "sell", ("collecting",), 13, network=True),
    Command("pay_park", ("f12",), "sell", ("collecting",), 14),
    Command("pay_large", ("f2",), "sell", ("collecting",), 15),
    Command("unresolved", ("ctrl+u",), "sell", ("selling", "paying", "collecting"), 67),
    Command("bank", ("f7",), "sell", _PAY, 20),
    Command("transfer", ("f4",), "sell", _PAY, 21),
    Command("take_back", ("delete",), "sell", _PAY, 30),
    Command("payment_decide", ("ctrl+y",), "payment_decide", ("collecting",), 68),
    Command(
        "back",
        ("escape",),
        None,
        (
            *("signing", "selling", "paying", "collecting", "choosing", "asking", "approving"),
            "helping",
            *("products", "orders", "receipt", "working"),
        ),
        80,
    ),
    Command("quit", ("ctrl+q",), None, ("signing",), 85),
    # verbs of the command line
    Command("cli.run", (), None, _CLI),
    Command("cli.demo", (), None, _CLI),
    Command("cli.init", (), None, _CLI),
    Command("cli.doctor", (), None, _CLI),
    Command("cli.keys", (), None, _CLI),
    Command("cli.config.check", (), None, _CLI),
    Command("cli.config.schema", (), None, _CLI),
    Command("cli.sell", (), "sell", _CLI),
    Command("cli.order.list", (), "order_view", _CLI),
    Command("cli.order.show", (), "order_view", _CLI),
    Command("cli.order.reprint", (), "reprint", _CLI),
    Command("cli.order.deliver", (), "sell", _CLI),
    Command("cli.order.voucher", (), "order_view", _CLI),
    Command("cli.receipt.show", (), "order_view", _CLI),
    Command("cli.receipt.render", (), None, _CLI),
    Command("cli.catalog.import", (), "catalog_edit", _CLI),
    Command("cli.catalog.export", (), "catalog_edit", _CLI),
    Command("cli.catalog.find", (), "catalog_view", _CLI),
    Command("cli.catalog.edit", (), "catalog_edit", _CLI),
    Command("cli.operator.add", (), "operator_manage", _CLI),
    Command("cli.operator.pin", (), "operator_manage", _CLI),
    Command("cli.operator.disable", (), "operator_manage", _CLI),
    Command("cli.operator.list", (), "operator_view", _CLI),
    Command("cli.journal.verify", (), None, _CLI),
    Command("cli.catalog.labels", (), "catalog_view", _CLI),
    Command("cli.scanner.test", (), None, _CLI),
    Command("cli.scale.test", (), None, _CLI),
    Command("cli.display.test", (), None, _CLI),
    Command("cli.printer.discover", (), None, _CLI),
    Command("cli.printer.doctor", (), None, _CLI),
    Command("cli.printer.test", (), None, _CLI),
    Command("cli.printer.jobs", (), "order_view", _CLI),
    Command("cli.printer.retry", (), "reprint", _CLI),
    Command("cli.printer.cancel", (), "reprint", _CLI),
    Command("cli.payment.pending", (), "order_view", _CLI),
    Command("cli.payment.recover", (), "sell", _CLI, network=True),
    Command("cli.payment.resolve", (), "payment_decide", _CLI),
    Command("cli.payment.refund", (), "payment_decide", _CLI, network=True),
    Command("cli.payment.reconcile", (), "payment_decide", _CLI, network=True),
    Command("cli.simulator.printer", (), None, _CLI),
    Command("cli.simulator.wechat", (), None, _CLI),
    Command("cli.simulator.alipay", (), None, _CLI),
)
BY_ID: Mapping[str, Command] = {command.id: command for command in TABLE}

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
    # [ 整单折扣
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
    },
}


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


_KNOWN_NAMES = frozenset(
    ["enter", "escape", "insert", "delete", "home", "end", "pageup", "pagedown", "space"]
    + ["up", "down", "left", "right", "tab", "backspace"]
    + [f"f{n}" for n in range(1, 13)]
)
# on a terminal Ctrl+J and Ctrl+M are Enter, Ctrl+I is Tab, Ctrl+H is Backspace
_RESERVED = frozenset(
    ["enter", "backspace", "tab", "space", "ctrl+c", "ctrl+h", "ctrl+i", "ctrl+j", "ctrl+m"]
)


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
