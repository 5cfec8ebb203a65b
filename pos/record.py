"""The one byte form of every fact, and the chain that binds them.

A record is canonical JSON: UTF-8, keys sorted, no spaces, whole numbers only. Each record's hash is
SHA-256(previous hash ‖ bytes), the first previous hash being 32 zero bytes; the till signs the hash
with Ed25519. What is stored is these bytes: nothing is ever hashed again from table rows.

Money is fen, quantities thousandths, rates basis points, moments UTC with milliseconds. A person
appears only as `person_id`; payment codes and card numbers never appear.

The cryptography package loads when a key is first used, so that it does not delay the first paint.
"""

from __future__ import annotations

import hashlib
from typing import Literal

import msgspec

VERSION = 1
FIRST_PREVIOUS = bytes(32)

AdjustmentKind = Literal[
    "price",  # 变价
    "member",  # 会员价
    "promotion",  # an offer on lines
    "line_discount",  # 单品折扣
    "order_promotion",  # an offer on the order
    "coupon",
    "points",
    "order_discount",  # 整单折扣
    "rounding",  # 抹零
]
TenderWay = Literal["cash", "bank", "transfer", "wechat", "alipay"]
CashKind = Literal["float", "in", "out", "drop"]


class Adjustment(msgspec.Struct, frozen=True, forbid_unknown_fields=True):
    """Fen taken off a line; negative where the price was raised."""

    kind: AdjustmentKind
    fen: int


class SoldLine(msgspec.Struct, frozen=True, forbid_unknown_fields=True):
    """A line as sold: `list_fen` - sum of `adjustments` = `net_fen`, which contains `tax_fen`.

    One unit of it is `factor` units of the product in stock (a pack).
    """

    line_no: int
    product_id: int
    sku: str
    barcode: str
    name: str
    unit: str
    milli: int
    unit_fen: int
    list_fen: int
    adjustments: tuple[Adjustment, ...]
    net_fen: int
    tax_bp: int
    tax_fen: int
    factor: int = 1


class Taken(msgspec.Struct, frozen=True, forbid_unknown_fields=True):
    """A tender: `given_fen` as handed over, `fen` of it kept, the rest was change.

    The `reference` of a wallet is our number at the provider, the attempt's out_trade_no.
    """

    way: TenderWay
    fen: int
    given_fen: int
    reference: str = ""


class Where(msgspec.Struct, frozen=True, forbid_unknown_fields=True):
    """Who did it and in which shift; a signed-out till has neither."""

    operator: str
    shift_id: str
    business_date: str


class _Fact(msgspec.Struct, frozen=True, forbid_unknown_fields=True, tag_field="kind"):
    """What every fact has: its kind among its fields, and no field that is not told here."""


class LedgerCreated(_Fact, frozen=True, tag="ledger.created"):
    """The first record: the key that signs all that follow."""

    ledger_id: str
    public_key: str


class OrderClosed(_Fact, frozen=True, tag="order.closed"):
    """A finished sale: sum of net = sum of tenders' `fen`; tax is inside net.

    `person_id` and `delivery_id` are empty where nobody was named and nothing is to be brought.
    """

    where: Where
    order_id: str
    seq: int
    number: str
    ref: str
    opened_at: str
    lines: tuple[SoldLine, ...]
    tenders: tuple[Taken, ...]
    total_fen: int
    tax_fen: int
    rounding_fen: int
    change_fen: int
    person_id: str = ""
    delivery_id: str = ""


class OrderVoided(_Fact, frozen=True, tag="order.voided"):
    """An order given up as a whole (整单取消); it moves no money and no goods."""

    where: Where
    order_id: str
    seq: int
    number: str
    opened_at: str
    lines: tuple[SoldLine, ...]
    total_fen: int
    reason: str


class LineVoided(_Fact, frozen=True, tag="line.voided"):
    """Goods taken off an open order (更正): `milli` of them, worth `list_fen` at list price."""

    where: Where
    order_id: str
    line_no: int
    sku: str
    name: str
    milli: int
    unit_fen: int
    list_fen: int


class Override(_Fact, frozen=True, tag="override"):
    """One act allowed by another operator; `before` and `after` say what it changed."""

    where: Where
    override_id: str
    command: str
    approver: str
    reason: str
    before: str
    after: str
    order_id: str


class DrawerOpened(_Fact, frozen=True, tag="drawer.opened"):
    """The cash drawer opened without a sale."""

    where: Where
    reason: str


class CashMoved(_Fact, frozen=True, tag="cash.moved"):
    """Cash put in or taken out beside sales; `fen` is positive, `move` gives the direction."""

    where: Where
    cash_id: str
    move: CashKind
    fen: int
    reason: str


class Session(_Fact, frozen=True, tag="session"):
    """An operator came, went, locked or unlocked the till, or gave a wrong PIN."""

    where: Where
    event: Literal["signed_in", "signed_out", "locked", "unlocked", "wrong_pin"]
    role: str


class Reprinted(_Fact, frozen=True, tag="receipt.reprinted"):
    """A receipt printed once more; `copy` counts from 1."""

    where: Where
    order_id: str
    number: str
    copy: int


class Fulfilled(_Fact, frozen=True, tag="order.fulfilled"):
    """What became of a closed order that is to be delivered; the order stays as it was."""

    where: Where
    order_id: str
    number: str
    state: Literal["delivered", "undelivered"]


class PersonErased(_Fact, frozen=True, tag="person.erased"):
    """A person's key was destroyed; nobody can read their data any more."""

    where: Where
    person_id: str


class ShiftOpened(_Fact, frozen=True, tag="shift.opened"):
    """One operator starts at one till; the business date of all that follows is set here."""

    where: Where


class ConfigChanged(_Fact, frozen=True, tag="config.changed"):
    """The till started with other settings than last time; names of keys, never values."""

    sha256: str
    keys: tuple[str, ...]


class ClockJumped(_Fact, frozen=True, tag="clock.jumped"):
    """Wall time moved by `seconds` against what it should be."""

    expected: str
    seen: str
    seconds: int


class OperatorChanged(_Fact, frozen=True, tag="operator.changed"):
    """An operator was added, disabled, or got a new PIN; the PIN is not told."""

    by: str
    operator: str
    change: Literal["added", "pin", "disabled", "enabled"]
    role: str


class CatalogImported(_Fact, frozen=True, tag="catalog.imported"):
    """A product file went in."""

    by: str
    file_sha256: str
    read: int
    created: int
    updated: int


class ProductChanged(_Fact, frozen=True, tag="product.changed"):
    """A product changed at the counter: each field that did, with its text before and after."""

    where: Where
    product_id: int
    sku: str
    change: Literal["created", "edited", "disabled", "enabled"]
    fields: dict[str, tuple[str, str]]


class PaymentResolved(_Fact, frozen=True, tag="payment.resolved"):
    """A manager decided on money whose provider gave no answer, or attached money that came late.

    It stays in reconciliation whatever was decided.
    """

    where: Where
    attempt_id: str
    order_id: str
    channel: str
    out_trade_no: str
    fen: int
    verdict: Literal["paid", "unpaid", "attached"]
    reason: str


class RefundAsked(_Fact, frozen=True, tag="payment.refund_asked"):
    """Money of a wallet is to go back the way it came, under a number of its own."""

    where: Where
    order_id: str
    channel: str
    out_trade_no: str
    out_refund_no: str
    fen: int
    reason: str


class RefundEnded(_Fact, frozen=True, tag="payment.refund_ended"):
    """The provider confirmed a refund or refused it; `refund_id` is the provider's number."""

    channel: str
    out_trade_no: str
    out_refund_no: str
    fen: int
    state: Literal["refunded", "refused"]
    refund_id: str
    reason: str


class DifferenceResolved(_Fact, frozen=True, tag="payment.difference_resolved"):
    """A manager settled a difference between a provider's bill of `day` and the till's records."""

    where: Where
    channel: str
    day: str
    difference: str
    number: str
    reason: str


Fact = (
    LedgerCreated
    | OrderClosed
    | OrderVoided
    | LineVoided
    | Override
    | DrawerOpened
    | CashMoved
    | Session
    | Reprinted
    | ShiftOpened
    | ConfigChanged
    | ClockJumped
    | OperatorChanged
    | CatalogImported
    | ProductChanged
    | Fulfilled
    | PersonErased
    | PaymentResolved
    | RefundAsked
    | RefundEnded
    | DifferenceResolved
)


class Record(msgspec.Struct, frozen=True, forbid_unknown_fields=True):
    """One fact in its place: the `jn`-th of a till's `epoch`, at a moment."""

    v: int
    shop: str
    till: str
    epoch: int
    jn: int
    at: str
    fact: Fact


_ENCODER = msgspec.json.Encoder(order="sorted")
_DECODER = msgspec.json.Decoder(Record)


def to_bytes(record: Record) -> bytes:
    """The record's canonical bytes."""
    return _ENCODER.encode(record)


def from_bytes(data: bytes) -> Record:
    """The record behind canonical bytes; msgspec.DecodeError where they are no record."""
    return _DECODER.decode(data)


def kind_of(fact: Fact) -> str:
    """The fact's kind as written in its bytes."""
    return str(type(fact).__struct_config__.tag)


def chain(previous: bytes, data: bytes) -> bytes:
    """The hash of a record that follows the hash `previous`."""
    return hashlib.sha256(previous + data).digest()


def new_key() -> bytes:
    """A fresh Ed25519 private key as PEM (PKCS 8, not encrypted)."""
    from cryptography.hazmat.primitives import serialization
    from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PrivateKey

    return Ed25519PrivateKey.generate().private_bytes(
        serialization.Encoding.PEM,
        serialization.PrivateFormat.PKCS8,
        serialization.NoEncryption(),
    )


class Signer:
    """Signs record hashes with the till's private key."""

    def __init__(self, pem: bytes) -> None:
        from cryptography.hazmat.primitives import serialization
        from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PrivateKey

        key = serialization.load_pem_private_key(pem, password=None)
        if not isinstance(key, Ed25519PrivateKey):
            raise ValueError("not an Ed25519 key")
        self._key = key
        self.public_key: str = key.public_key().public_bytes_raw().hex()

    def sign(self, digest: bytes) -> bytes:
        """64 bytes of signature over a record's hash."""
        return self._key.sign(digest)


def verify(public_key: str, digest: bytes, signature: bytes) -> bool:
    """Whether `signature` over `digest` was made with the key behind `public_key` (hex)."""
    from cryptography.exceptions import InvalidSignature
    from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PublicKey

    try:
        Ed25519PublicKey.from_public_bytes(bytes.fromhex(public_key)).verify(signature, digest)
    except (InvalidSignature, ValueError):  # ValueError: the key itself was tampered with
        return False
    return True
