"""The sections of config.toml, each key with its kind, its default and what it is for."""

from __future__ import annotations

from typing import Annotated, Literal

import msgspec

from pos import devices
from pos.invoices.settings import InvoiceSettings
from pos.messages.settings import MessageSettings
from pos.money import parse_fen
from pos.payments.settings import PaymentSettings

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
    headoffice: Annotated[str, _about("this till's token at head office, by enrolment")] = (
        "data/headoffice.token"
    )
    chain_pepper: Annotated[str, _about("the chain's pepper, by enrolment")] = "data/chain.pepper"


class Backup(_Section, frozen=True):
    """Backups that only the holder of the technician's key can open."""

    folder: Annotated[str, _about("where they lie, relative to this file; best another disk")] = (
        "backups"
    )
    recipient: Annotated[
        str,
        msgspec.Meta(pattern=r"^(age1[0-9a-z]{20,2000})?$"),
        _about("the technician's public key, age1…: `pos backup key` makes a pair"),
    ] = ""
    keep: Annotated[int, msgspec.Meta(ge=1, le=1000), _about("how many of this till are kept")] = 14
    at_close: Annotated[bool, _about("one with each day close, once there is a recipient")] = True


class Tax(_Section, frozen=True):
    """Value added tax."""

    default_rate: Annotated[Percent, _about("rate of a product that names none")] = "13%"


class HeadOffice(_Section, frozen=True):
    """Head office, to which this till sends what happened; `pos init --enrol CODE` fills it in."""

    url: Annotated[
        str,
        msgspec.Meta(pattern=r"^(https?://[^/\s]+/?)?$"),
        _about("its address; empty: this till stands alone; http only to this machine"),
    ] = ""
    ca_file: Annotated[str, _about("PEM of an own authority; empty: the system's")] = ""
    poll_seconds: Annotated[
        int, msgspec.Meta(ge=5, le=3600), _about("how often it is asked when nothing happens")
    ] = 45
    settings: Annotated[
        Literal["till", "headoffice"],
        _about("who sets the shop's rules: this file alone, or head office what it sends"),
    ] = "till"


class Catalog(_Section, frozen=True):
    """Products and prices."""

    owner: Annotated[
        Literal["till", "headoffice"], _about("who keeps products: this till alone, or head office")
    ] = "till"


class Promotions(_Section, frozen=True):
    """Offers of a shop that keeps its own; else they come from head office with the products."""

    file: Annotated[str, _about("促销: TOML or CSV, relative to this file; empty: none")] = ""
    coupons: Annotated[str, _about("优惠券: CSV with code, offer, uses; empty: none")] = ""


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


class Returns(_Section, frozen=True):
    """Goods that come back. What goes beyond these limits a manager allows."""

    days: Annotated[
        int, msgspec.Meta(ge=0, le=3650), _about("days after the sale for a return; 0: any time")
    ] = 7
    without_receipt: Annotated[
        Amount, _about("most that one return without a receipt gives back")
    ] = "100.00"


class Members(_Section, frozen=True):
    """Members: cards, levels, points."""

    enabled: Annotated[bool, _about("F2 signs customers up as members")] = False
    levels: Annotated[
        tuple[Annotated[str, msgspec.Meta(min_length=1, max_length=20)], ...],
        msgspec.Meta(min_length=1, max_length=20),
        _about("levels of members; whoever joins gets the first"),
    ] = ("普通会员", "银卡", "金卡")
    points_per_yuan: Annotated[Amount, _about("points for a yuan paid; 0 for none")] = "1"
    stored_value: Annotated[
        bool, _about("members' money and gift cards; needs head office, at least on this machine")
    ] = False
    member_limit: Annotated[Amount, _about("most a member's account may hold (记名卡)")] = "5000.00"
    gift_limit: Annotated[Amount, _about("most a gift card may hold (不记名卡)")] = "1000.00"
    payout_cash: Annotated[
        Amount, _about("most of a balance paid back in cash; above, by transfer")
    ] = "100.00"
    level_points: Annotated[
        dict[str, Amount], _about("a level that earns otherwise: level = points for a yuan")
    ] = {}


class Shift(_Section, frozen=True):
    """Shifts and business dates."""

    cutoff_hour: Annotated[
        int, msgspec.Meta(ge=0, le=11), _about("sales before this hour count as yesterday's")
    ] = 4
    ask_float: Annotated[bool, _about("a shift begins with the float (备用金); Enter takes it")] = (
        True
    )
    float: Annotated[Amount, _about("what stays in the drawer for the next shift")] = "500.00"
    denominations: Annotated[
        tuple[Amount, ...], _about("notes and coins that are counted, in yuan")
    ] = ("100", "50", "20", "10", "5", "1", "0.50", "0.10")
    tolerance: Annotated[Amount, _about("over or short (长短款) up to this needs no signature")] = (
        "5.00"
    )
    held: Annotated[
        Literal["allow", "warn", "deny"],
        _about("orders on hold at a close: kept, told, or in the way"),
    ] = "warn"
    drawer_ceiling: Annotated[
        Amount, _about("more cash than this in the drawer must be dropped (解款); 0 never")
    ] = "0"
    copies: Annotated[str, _about("where each day close puts a checked copy; empty: none")] = (
        "data/closes"
    )
    keep_copies: Annotated[int, msgspec.Meta(ge=1, le=400), _about("newest copies kept")] = 14


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


class Books(_Section, frozen=True):
    """Vouchers for the accountant (凭证)."""

    maker: Annotated[str, msgspec.Meta(max_length=20), _about("制单人 of a voucher")] = "guitai"
    accounts: Annotated[
        dict[str, str],
        _about('account map: cash = "1001 库存现金", "revenue 13%" = "6001.01 销售-13%" …'),
    ] = {}


class Screen(_Section, frozen=True):
    """Looks."""

    theme: Annotated[Literal["dark", "light", "plain"], _about("colours")] = "dark"


class Settings(_Section, frozen=True):
    """The whole of config.toml."""

    shop: Shop = Shop()
    till: Till = Till()
    ledger: Ledger = Ledger()
    secrets: Secrets = Secrets()
    backup: Backup = Backup()
    tax: Tax = Tax()
    headoffice: HeadOffice = HeadOffice()
    catalog: Catalog = Catalog()
    promotions: Promotions = Promotions()
    cash: Cash = Cash()
    sale: Sale = Sale()
    returns: Returns = Returns()
    members: Members = Members()
    shift: Shift = Shift()
    access: Access = Access()
    roles: Roles = Roles()
    quick_keys: Annotated[
        dict[str, str], _about('goods without a barcode: a digit or letter = "item code"')
    ] = {}
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
    invoices: InvoiceSettings = InvoiceSettings()
    messages: MessageSettings = MessageSettings()
    books: Books = Books()
    screen: Screen = Screen()


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
