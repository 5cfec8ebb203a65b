"""A record: one fact in its place, its bytes, its hash and its signature."""

from __future__ import annotations

import hashlib

import msgspec

from pos.record.closes import DayClosed, ShiftClosed, ShiftCounted
from pos.record.counter import (
    CashMoved,
    DrawerOpened,
    Override,
    Session,
    ShiftOpened,
    TrainingSwitched,
)
from pos.record.invoices import InvoiceAsked, InvoiceEnded, RedAsked, RedEnded
from pos.record.members import MemberChanged
from pos.record.messages import MessageAsked
from pos.record.payments import (
    DifferenceResolved,
    PaymentResolved,
    PaymentStep,
    RefundAsked,
    RefundEnded,
    RefundSettled,
)
from pos.record.sales import Fulfilled, LineVoided, OrderClosed, OrderVoided, Reprinted
from pos.record.stock import StockCounted, StockMoved
from pos.record.upkeep import (
    CatalogImported,
    ClockJumped,
    ConfigChanged,
    EpochBegan,
    LedgerCreated,
    MasterReceived,
    OffersChanged,
    OperatorChanged,
    OrderShared,
    PersonErased,
    ProductChanged,
    RecordRecovered,
)

VERSION = 1
FIRST_PREVIOUS = bytes(32)

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
    | TrainingSwitched
    | ConfigChanged
    | ClockJumped
    | OperatorChanged
    | CatalogImported
    | ProductChanged
    | OffersChanged
    | Fulfilled
    | PersonErased
    | PaymentStep
    | PaymentResolved
    | RefundAsked
    | RefundEnded
    | RefundSettled
    | DifferenceResolved
    | ShiftClosed
    | ShiftCounted
    | DayClosed
    | MemberChanged
    | MessageAsked
    | StockMoved
    | StockCounted
    | EpochBegan
    | RecordRecovered
    | OrderShared
    | InvoiceAsked
    | InvoiceEnded
    | RedAsked
    | RedEnded
    | MasterReceived
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
    try:
        return _DECODER.decode(data)
    except (UnicodeDecodeError, RecursionError) as error:
        raise msgspec.DecodeError(str(error)) from error


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
