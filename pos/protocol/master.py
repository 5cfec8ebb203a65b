"""What comes down: goods, prices, people, stock; as changes since a cursor or as a snapshot."""

from __future__ import annotations

from typing import Annotated, Literal, get_args

import msgspec

from pos.protocol.fields import Count, Epoch, Fen, Message, Short
from pos.untrusted import decoded

Stream = Literal["chain", "shop"]
STREAMS: tuple[Stream, ...] = get_args(Stream)
Kind = Literal[
    "product",
    "barcode",
    "price",
    "promotion",
    "coupon",
    "operator",
    "role",
    "member",
    "stock",
    "cost",
    "invoice",
    "setting",
]
KINDS: tuple[Kind, ...] = get_args(Kind)
Text = Annotated[str, msgspec.Meta(max_length=200)]
Key = Annotated[str, msgspec.Meta(min_length=1, max_length=128)]
BasisPoints = Annotated[int, msgspec.Meta(ge=0, le=10_000)]


class Product(Message, frozen=True):
    """Key: sku. The columns of a till's product, but for its prices and codes."""

    sku: Key
    name: Text
    unit: Text
    tax_bp: BasisPoints
    short_name: Text = ""
    spec: Text = ""
    category: Text = ""
    brand: Text = ""
    origin: Text = ""
    supplier: Text = ""
    tax_code: Text = ""
    weighed: bool = False
    discountable: bool = True
    active: bool = True
    earns_points: bool = True
    stocked: bool = True
    low_milli: int | None = None
    high_milli: int | None = None


class Barcode(Message, frozen=True):
    """Key: code. `factor` units of `sku`; `price_fen` for the pack where it has its own."""

    code: Key
    sku: Key
    factor: Annotated[int, msgspec.Meta(ge=1, le=100_000)] = 1
    price_fen: Fen | None = None


class Price(Message, frozen=True):
    """Key: sku@effective_at. From `effective_at` (stamp; empty: always) on, until a later one.

    A price in the shop's stream goes before one in the chain's, whatever their times.
    """

    sku: Key
    effective_at: Annotated[str, msgspec.Meta(max_length=24)]
    price_fen: Fen
    member_fen: Fen | None = None
    lowest_fen: Fen | None = None


class Promotion(Message, frozen=True):
    """Key: its id. `text` is a promotion file as `pos promo check` takes it."""

    promotion_id: Key
    text: Annotated[str, msgspec.Meta(max_length=100_000)]
    active: bool = True


class Coupon(Message, frozen=True):
    """Key: code. What the customer shows for the offer, and how often it can be used in all.

    Whether it was used is asked for online.
    """

    code: Annotated[str, msgspec.Meta(min_length=1, max_length=64)]
    offer_id: Key
    uses: Annotated[int, msgspec.Meta(ge=1, le=1_000_000)] = 1


class Operator(Message, frozen=True):
    """Key: operator id. The PIN's hash is made with the chain's pepper."""

    operator_id: Key
    name: Text
    role: Text
    pin_hash: Short
    active: bool = True


class Role(Message, frozen=True):
    """Key: role. What its people may do, and how far below list price they may go."""

    role: Text
    rights: tuple[str, ...]
    discount_bp: BasisPoints = 0
    price_cut_bp: BasisPoints = 0


class Member(Message, frozen=True):
    """Key: member id. No name and no number in clear: `phone_mac` is keyed with the chain's pepper.
    One that is not active was erased.

    Points and stored value are as of this change; what may be spent is asked for online.
    """

    member_id: Key
    shop: Text
    card: Text
    level: Text
    shown_name: Text = ""
    phone_mac: Text = ""
    last4: Text = ""
    points: Count = 0
    stored_fen: Fen = 0
    active: bool = True


class Stock(Message, frozen=True):
    """Key: sku. What head office makes of all records of the shop it has; see `included`."""

    sku: Key
    milli: int


class Cost(Message, frozen=True):
    """Key: sku."""

    sku: Key
    cost_fen: Fen


class Invoice(Message, frozen=True):
    """Key: order number. How the invoice of an order stands at its owner."""

    number: Text
    status: Text
    invoice_no: Text = ""
    url: Annotated[str, msgspec.Meta(max_length=500)] = ""
    reason: Text = ""


class Setting(Message, frozen=True):
    """Key: the dotted key of config.toml; `value` as TOML."""

    key: Key
    value: Annotated[str, msgspec.Meta(max_length=2000)]


Value = (
    Product
    | Barcode
    | Price
    | Promotion
    | Coupon
    | Operator
    | Role
    | Member
    | Stock
    | Cost
    | Invoice
    | Setting
)
VALUES: dict[Kind, type[Value]] = {
    "product": Product,
    "barcode": Barcode,
    "price": Price,
    "promotion": Promotion,
    "coupon": Coupon,
    "operator": Operator,
    "role": Role,
    "member": Member,
    "stock": Stock,
    "cost": Cost,
    "invoice": Invoice,
    "setting": Setting,
}


class Change(Message, frozen=True):
    """A key's latest value, or that it is gone (null). Kinds that are not known are passed over."""

    kind: str
    key: str
    version: Count
    value: msgspec.Raw = msgspec.field(default_factory=lambda: msgspec.Raw(b"null"))

    @property
    def gone(self) -> bool:
        """Whether there is no such key any more."""
        return bytes(self.value) == b"null"


class Included(Message, frozen=True):
    """Own records up to here are in the stock levels of the shop's stream."""

    epoch: Epoch
    jn: Count


class Changes(Message, frozen=True):
    """What changed after the cursor asked for. `included` is told with the last page only."""

    stream: Stream
    cursor: str
    more: bool
    changes: tuple[Change, ...]
    included: tuple[Included, ...] = ()


class SnapshotHead(Message, frozen=True, tag_field="is", tag="head"):
    """The first line of a snapshot."""

    stream: Stream
    cursor: str
    included: tuple[Included, ...] = ()


class SnapshotEnd(Message, frozen=True, tag_field="is", tag="end"):
    """The last line: `sha256` over every byte before it, `count` changes."""

    count: Count
    sha256: str


def value_of(change: Change) -> Value | None:
    """The value of a change of a known kind, None where it is gone; msgspec.ValidationError."""
    kind = next((known for known in KINDS if known == change.kind), None)
    if kind is None or change.gone:
        return None
    return decoded(change.value, VALUES[kind])


def key_of(value: Value) -> tuple[Kind, str]:
    """The kind and key a value is kept under."""
    match value:
        case Product() | Stock() | Cost():
            key = value.sku
        case Price():
            key = f"{value.sku}@{value.effective_at}"
        case Barcode() | Coupon():
            key = value.code
        case Promotion():
            key = value.promotion_id
        case Operator():
            key = value.operator_id
        case Role():
            key = value.role
        case Member():
            key = value.member_id
        case Invoice():
            key = value.number
        case Setting():
            key = value.key
    return next(kind for kind, known in VALUES.items() if type(value) is known), key
