"""config.toml → Settings. A wrong key is named with its file, its line and the nearest right one.

Every field carries its description; `pos config schema` prints them.
"""

from __future__ import annotations

import importlib.resources
import os
import re
import tomllib
import types
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import Annotated, Any, Literal, Union, get_args, get_origin

import msgspec

from pos import devices
from pos.commands import Keymap, keymap, nearest
from pos.money import parse_fen
from pos.payments.settings import PaymentSettings
from pos.refusal import Refused
from pos.text import clean

Amount = Annotated[str, msgspec.Meta(pattern=r"^[0-9]{1,7}(\.[0-9]{1,2})?$")]
Percent = Annotated[str, msgspec.Meta(pattern=r"^([0-9]{1,2}(\.[0-9]{1,2})?|100)%$")]


def _about(text: str) -> msgspec.Meta:
    return msgspec.Meta(description=text)


class _Section(msgspec.Struct, frozen=True, forbid_unknown_fields=True):
    pass


class Shop(_Section, frozen=True):
    """The shop this till stands in."""

    id: Annotated[str, msgspec.Meta(pattern=r"^[0-9]{4}$"), _about("门店号, 4 digits")] = "0001"
    name: Annotated[str, msgspec.Meta(max_length=40), _about("门店名, printed on receipts")] = ""


class Till(_Section, frozen=True):
    """This till."""

    id: Annotated[str, msgspec.Meta(pattern=r"^[0-9]{2}$"), _about("机号, 2 digits")] = "01"
    language: Annotated[Literal["zh", "en"], _about("language of the screens")] = "zh"


class Ledger(_Section, frozen=True):
    """Where sales are kept."""

    path: Annotated[str, _about("SQLite file, relative to this file; never a network drive")] = (
        "data/ledger.db"
    )


class Secrets(_Section, frozen=True):
    """Files with secrets, mode 0600, relative to this file. Never the secrets themselves."""

    signing_key: Annotated[str, _about("the till's Ed25519 key, PEM")] = "data/till.key"
    pepper: Annotated[str, _about("mixed into every PIN before it is hashed")] = "data/pepper"
    person_key: Annotated[str, _about("seals customers' names, phones and addresses")] = (
        "data/person.key"
    )


class Tax(_Section, frozen=True):
    """Value added tax."""

    default_rate: Annotated[Percent, _about("rate of a product that names none")] = "13%"


class Catalog(_Section, frozen=True):
    """Products and prices."""

    owner: Annotated[
        Literal["till", "headoffice"], _about("who keeps products: this till alone, or head office")
    ] = "till"


class Cash(_Section, frozen=True):
    """Cash at the counter. It can always be taken; there is no switch for it."""

    rounding: Annotated[
        Literal["none", "down_jiao", "down_yuan", "half_up_jiao", "half_up_yuan"],
        _about("抹零: none, 抹分, 抹角, 四舍五入到角, 四舍五入到元; on the cash remainder only"),
    ] = "none"
    most_change: Annotated[Amount, _about("more change than this is taken for a slip")] = "500.00"


class Sale(_Section, frozen=True):
    """Order entry."""

    merge_repeats: Annotated[bool, _about("a repeat of the last product raises its quantity")] = (
        True
    )
    most_held: Annotated[
        int, msgspec.Meta(ge=1, le=99), _about("orders on hold at one time (挂单)")
    ] = 10


class Shift(_Section, frozen=True):
    """Shifts and business dates."""

    cutoff_hour: Annotated[
        int, msgspec.Meta(ge=0, le=11), _about("sales before this hour count as yesterday's")
    ] = 4


class Access(_Section, frozen=True):
    """Who may do what."""

    idle_lock_seconds: Annotated[
        int, msgspec.Meta(ge=0, le=86_400), _about("lock after so long without a key; 0 never")
    ] = 300
    wrong_pins: Annotated[
        int, msgspec.Meta(ge=3, le=10), _about("wrong PINs before an operator has to wait")
    ] = 5
    wait_seconds: Annotated[
        int, msgspec.Meta(ge=10, le=3600), _about("first wait; it doubles with each further one")
    ] = 30


class Limits(_Section, frozen=True):
    """How far a role may go without a supervisor."""

    discount: Annotated[Percent, _about("largest discount on a line or an order")] = "0%"
    price_cut: Annotated[Percent, _about("how far below the list price a price may go")] = "0%"


class Roles(_Section, frozen=True):
    """Limits of the roles that have some; a manager has none."""

    cashier: Limits = Limits(discount="5%", price_cut="0%")
    supervisor: Limits = Limits(discount="30%", price_cut="30%")


class Receipt(_Section, frozen=True):
    """What receipts look like and what they say beside the sale."""

    columns: Annotated[
        Literal[32, 42, 48], _about("columns of the paper: 32 (58 mm) or 48 (80 mm)")
    ] = 48
    folder: Annotated[str, _about("own templates; what is not there is taken from the product")] = (
        "receipts"
    )
    phone: Annotated[str, msgspec.Meta(max_length=40), _about("the shop's phone")] = ""
    address: Annotated[str, msgspec.Meta(max_length=80), _about("the shop's address")] = ""
    policy: Annotated[str, msgspec.Meta(max_length=80), _about("returns: 凭小票 7 日内退换")] = (
        "凭小票 7 日内退换"
    )
    footer: Annotated[str, msgspec.Meta(max_length=80), _about("the last words; empty: thanks")] = (
        ""
    )
    printer: Annotated[
        str, msgspec.Meta(max_length=40), _about("which of [printers] prints; empty: the first")
    ] = ""
    preview: Annotated[bool, _about("show each receipt on the screen after the sale")] = True


class Screen(_Section, frozen=True):
    """Looks."""

    theme: Annotated[Literal["dark", "light", "plain"], _about("colours")] = "dark"


class Settings(_Section, frozen=True):
    """The whole of config.toml."""

    shop: Shop = Shop()
    till: Till = Till()
    ledger: Ledger = Ledger()
    secrets: Secrets = Secrets()
    tax: Tax = Tax()
    catalog: Catalog = Catalog()
    cash: Cash = Cash()
    sale: Sale = Sale()
    shift: Shift = Shift()
    access: Access = Access()
    roles: Roles = Roles()
    keys: Annotated[
        dict[str, str], _about('preset = "cn" | "guanjiapo" | "rtpos", then command = "key"')
    ] = {}
    receipt: Receipt = Receipt()
    printers: Annotated[
        dict[str, devices.Printer], _about("receipt and label printers, `[printers.NAME]` each")
    ] = {}
    drawer: devices.Drawer = devices.Drawer()
    scanners: Annotated[
        dict[str, devices.Scanner], _about("scanners that are no keyboards, `[scanners.NAME]`")
    ] = {}
    scale: devices.Scale = devices.Scale()
    display: devices.Display = devices.Display()
    scale_labels: Annotated[
        tuple[devices.ScaleLabel, ...], _about("in-store labels, `[[scale_labels]]` each")
    ] = ()
    payments: PaymentSettings = PaymentSettings()
    screen: Screen = Screen()


@dataclass(frozen=True)
class Config:
    """Settings with the file they came from; relative paths start at its folder."""

    file: Path
    settings: Settings
    keymap: Keymap

    @property
    def ledger(self) -> Path:
        """The ledger's file."""
        return self.file.parent / self.settings.ledger.path

    @property
    def signing_key(self) -> Path:
        """The file of the till's private key."""
        return self.file.parent / self.settings.secrets.signing_key

    @property
    def pepper(self) -> Path:
        """The file of the PIN pepper."""
        return self.file.parent / self.settings.secrets.pepper

    @property
    def receipts(self) -> Path:
        """The folder of the shop's own receipt templates."""
        return self.file.parent / self.settings.receipt.folder

    @property
    def person_key(self) -> Path:
        """The file of the key that seals people's data."""
        return self.file.parent / self.settings.secrets.person_key


def basis_points(percent: str) -> int:
    """`"13%"` as 1300; the text has passed `Percent`."""
    fen = parse_fen(percent.removesuffix("%"))
    if fen is None:
        raise ValueError(percent)
    return fen


def fen(amount: str) -> int:
    """`"500.00"` yuan as fen; the text has passed `Amount`."""
    value = parse_fen(amount)
    if value is None:
        raise ValueError(amount)
    return value


def find(option: Path | None) -> Path:
    """`--config FILE`, else `$POS_CONFIG`, else `./config.toml`."""
    return Path(option or os.environ.get("POS_CONFIG") or "config.toml").absolute()


def load(path: Path) -> Config:
    """Read and check; Refused names the first thing that is wrong."""
    problems, config = check(path)
    if problems or config is None:
        raise problems[0]
    return config


def check(path: Path) -> tuple[list[Refused], Config | None]:
    """Everything wrong with a file, in the order of its lines; and the Config if nothing is."""
    try:
        text = path.read_text("utf-8-sig")  # Windows' Notepad writes a byte order mark
    except FileNotFoundError:
        return [Refused("config_missing", file=path)], None
    except (OSError, UnicodeDecodeError) as error:
        return [Refused("config_unreadable", file=path, why=str(error))], None
    try:
        data = tomllib.loads(text)
    except (ValueError, RecursionError) as error:  # also numbers and nesting without end
        return [Refused("config_not_toml", file=path, why=str(error))], None
    lines = _lines_of(text)
    problems = list(_walk(Settings, data, (), path, lines))
    if problems:
        return sorted(problems, key=lambda p: int(str(p.values["line"]))), None
    settings = msgspec.convert(data, Settings)
    problems = [
        Refused(one.code, **one.values, file=path, line=_line(lines, ("printers", name)))
        for name, printer in settings.printers.items()
        for one in devices.problems(name, printer)
    ]
    if problems:
        return problems, None
    try:
        changed = dict(settings.keys)
        keys = keymap(changed.pop("preset", "cn"), changed)
    except Refused as refused:
        return [_in_keys(refused, path, lines)], None
    return [], Config(path, settings, keys)


def default_text() -> str:
    """The commented config.toml that travels with the product."""
    packed = importlib.resources.files("pos") / "config.toml"
    if packed.is_file():
        return packed.read_text("utf-8")
    return (Path(__file__).parent.parent / "config.toml").read_text("utf-8")


def changed_keys(old: Mapping[str, Any], new: Mapping[str, Any]) -> tuple[str, ...]:
    """Dotted names of keys whose values differ between two parsed files."""
    a, b = dict(_flat(old)), dict(_flat(new))
    return tuple(sorted(k for k in a.keys() | b.keys() if a.get(k) != b.get(k)))


def _flat(data: Mapping[str, Any], head: str = "") -> Iterator[tuple[str, object]]:
    for key, value in data.items():
        if isinstance(value, dict):
            yield from _flat(value, f"{head}{key}.")
        else:
            yield f"{head}{key}", value


def _walk(
    struct: type[msgspec.Struct],
    data: Mapping[str, Any],
    path: tuple[str, ...],
    file: Path,
    lines: Mapping[tuple[str, ...], int],
) -> Iterator[Refused]:
    fields = {f.name: f for f in msgspec.structs.fields(struct)}
    for key, value in data.items():
        here = (*path, key)
        at = {"file": file, "line": _line(lines, here), "key": clean(".".join(here))}
        if key not in fields:
            yield Refused("config_unknown_key", **at, near=nearest(key, fields))
            continue
        wanted = _plain(fields[key].type)
        if isinstance(wanted, type) and issubclass(wanted, msgspec.Struct):
            if not isinstance(value, dict):
                yield Refused("config_not_section", **at)
            else:
                yield from _walk(wanted, value, here, file, lines)
        elif get_origin(wanted) is dict:
            yield from _walk_dict(wanted, value, here, file, lines)
        elif (kind := _item_struct(wanted)) is not None and isinstance(value, list):
            for item in value:
                if isinstance(item, dict):
                    yield from _walk(kind, item, here, file, lines)
                else:
                    yield Refused("config_not_section", **at)
        elif not _fits(value, fields[key].type):
            yield Refused("config_bad_value", **at, wants=_wants(fields[key].type))


def _walk_dict(
    kind: Any, value: Any, path: tuple[str, ...], file: Path, lines: Mapping[tuple[str, ...], int]
) -> Iterator[Refused]:
    if not isinstance(value, dict):
        yield Refused(
            "config_not_section", file=file, line=_line(lines, path), key=clean(".".join(path))
        )
        return
    wanted = get_args(kind)[1]
    for key, item in value.items():
        if isinstance(wanted, type) and issubclass(wanted, msgspec.Struct):
            if isinstance(item, dict):
                yield from _walk(wanted, item, (*path, key), file, lines)
            else:
                here = (*path, key)
                at = {"file": file, "line": _line(lines, here), "key": clean(".".join(here))}
                yield Refused("config_not_section", **at)
        elif not _fits(item, wanted):
            here = (*path, key)
            at = {"file": file, "line": _line(lines, here), "key": clean(".".join(here))}
            yield Refused("config_bad_value", **at, wants=_wants(wanted))


def _item_struct(kind: Any) -> type[msgspec.Struct] | None:
    """The Struct of a `tuple[Struct, ...]`."""
    if get_origin(kind) is not tuple:
        return None
    item = get_args(kind)[0]
    return item if isinstance(item, type) and issubclass(item, msgspec.Struct) else None


def _fits(value: object, kind: Any) -> bool:
    """Whether a value is of its kind, and no text with control or format characters."""
    if isinstance(value, str) and not value.replace("\u3000", " ").isprintable():
        return False
    try:
        msgspec.convert(value, kind)
    except msgspec.ValidationError:
        return False
    return True


def _plain(kind: Any) -> Any:
    return get_args(kind)[0] if get_origin(kind) is Annotated else kind


def _wants(kind: Any) -> str:
    """What a key takes, in the fewest words."""
    metas: list[msgspec.Meta] = []
    while get_origin(kind) is Annotated:
        kind, *found = get_args(kind)
        metas += [m for m in found if isinstance(m, msgspec.Meta)]
    if get_origin(kind) is Literal:
        return " | ".join(f'"{value}"' for value in get_args(kind))
    if get_origin(kind) in (Union, types.UnionType):
        return " | ".join(_wants(part) for part in get_args(kind))
    low = next((m.ge for m in metas if m.ge is not None), None)
    high = next((m.le for m in metas if m.le is not None), None)
    pattern = next((m.pattern for m in metas if m.pattern), None)
    examples = {Amount: '"500.00"', Percent: '"13%"'}
    for known, example in examples.items():
        if pattern and pattern == get_args(known)[1].pattern:
            return example
    name = getattr(kind, "__name__", str(kind))
    span = f" {low}–{high}" if low is not None else ""
    return f"{name}{span}" + (f" {pattern}" if pattern else "")


_HEADER = re.compile(r"^\s*\[{1,2}\s*([^\[\]]+?)\s*\]")
_KEY = re.compile(r"^\s*([A-Za-z0-9_\-.\"']+)\s*=")


def _lines_of(text: str) -> dict[tuple[str, ...], int]:
    """Where each key stands: dotted path to line number from 1."""
    found: dict[tuple[str, ...], int] = {}
    section: tuple[str, ...] = ()
    for number, line in enumerate(text.split("\n"), 1):
        if header := _HEADER.match(line):
            section = tuple(part.strip(" \"'") for part in header[1].split("."))
            for depth in range(1, len(section) + 1):
                found.setdefault(section[:depth], number)
        elif key := _KEY.match(line):
            path = section + tuple(part.strip(" \"'") for part in key[1].split("."))
            found.setdefault(path, number)
    return found


def _line(lines: Mapping[tuple[str, ...], int], path: tuple[str, ...]) -> int:
    """The line of a key, or of the nearest section around it."""
    return next((lines[path[:n]] for n in range(len(path), 0, -1) if path[:n] in lines), 1)


def _in_keys(refused: Refused, file: Path, lines: Mapping[tuple[str, ...], int]) -> Refused:
    names = [str(refused.values[k]) for k in ("name", "one", "two") if k in refused.values]
    at = [lines[("keys", n)] for n in names if ("keys", n) in lines]
    line = max(at) if at else _line(lines, ("keys",))
    return Refused(refused.code, **refused.values, file=file, line=line)
