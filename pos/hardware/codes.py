"""What a scanned code is: one pure function, and the screen decides where shapes overlap.

An 18-digit number may be a customer's wallet or a label of the shop's scale. On the payment
screen it is a wallet; on the sale screen it is a label where a pattern and its check digit fit,
and otherwise a wallet that was shown too early, never goods.
"""

from __future__ import annotations

import re
from collections.abc import Sequence
from typing import Literal

import msgspec

from pos.devices import ScaleLabel
from pos.hardware.gs1 import Elements, elements, gtin, is_digits, shortest
from pos.hardware.scale_labels import BadCheck, read_label
from pos.text import FNC1

Screen = Literal["sale", "payment", "find"]
Wallet = Literal["wechat", "alipay"]

ORDER_NUMBER_DIGITS = 15
"""shop 4 + till 2 + epoch 2 + seq 7: what is printed under a receipt's barcode."""

_AIM = re.compile(r"\][A-Za-z][0-9A-Za-z]")
_GS1_KINDS = frozenset({"C1", "e0", "d2", "Q3", "J1"})


class Goods(msgspec.Struct, frozen=True):
    """An article. `code` is what to look up, `gtin` its 14 digits where the check digit is right.

    The rest is on GS1 codes only; weights in grams, money in fen, dates `YYMMDD` as they stand.
    """

    code: str
    gtin: str = ""
    kind: str = ""
    milli: int | None = None
    amount_fen: int | None = None
    pieces: int | None = None
    batch: str = ""
    serial: str = ""
    best_before: str = ""
    expires: str = ""


class Weighed(msgspec.Struct, frozen=True):
    """A scale's label with a weight (or pieces × 1000), and what it asks for where it says so."""

    item: str
    milli: int
    amount_fen: int | None = None
    unit_fen: int | None = None


class Priced(msgspec.Struct, frozen=True):
    """A scale's label with an amount and no weight."""

    item: str
    amount_fen: int
    unit_fen: int | None = None


class Member(msgspec.Struct, frozen=True):
    """A member's card."""

    card: str


class PaymentCode(msgspec.Struct, frozen=True):
    """A customer's wallet. It is money: `repr` shows the last four digits."""

    wallet: Wallet
    code: str

    def __repr__(self) -> str:
        return f"PaymentCode({self.wallet}, …{self.code[-4:]})"


class ReceiptNumber(msgspec.Struct, frozen=True):
    """The number under a receipt's barcode."""

    number: str


class Wrong(msgspec.Struct, frozen=True):
    """A code that must not be sold by: `reason` is a word of `words.hardware`."""

    reason: Literal["label_check_digit", "code_empty"]
    code: str


Code = Goods | Weighed | Priced | Member | PaymentCode | ReceiptNumber | Wrong


def read_code(text: str, labels: Sequence[ScaleLabel], screen: Screen, kind: str = "") -> Code:
    """What `text` is on `screen`. `text` has been through `pos.text.clean_code`.

    `kind` is an AIM id without its bracket (`E0`, `C1`), where the scanner's thread took one off;
    one that is still there is taken off here.
    """
    if not kind:
        kind, text = split_aim(text)
    text = text.strip(" ")
    if not text:
        return Wrong("code_empty", "")
    wallet = wallet_of(text) if kind not in _GS1_KINDS else None
    if wallet and screen == "payment":
        return PaymentCode(wallet, text)
    label = read_label(text, labels) if is_digits(text) else None
    if isinstance(label, BadCheck):
        return PaymentCode(wallet, text) if wallet else Wrong("label_check_digit", text)
    if label is not None:
        if label.member:
            return Member(label.member)
        if label.milli is not None:
            return Weighed(label.item, label.milli, label.amount_fen, label.unit_fen)
        if label.amount_fen is not None:
            return Priced(label.item, label.amount_fen, label.unit_fen)
    if wallet:
        return PaymentCode(wallet, text)
    if screen == "find" and len(text) == ORDER_NUMBER_DIGITS and is_digits(text):
        return ReceiptNumber(text)
    return _goods(text, kind)


def split_aim(text: str) -> tuple[str, str]:
    """The AIM symbology id in front of a code, without its bracket, and the code."""
    if _AIM.match(text):
        return text[1:3], text[3:]
    return "", text


def wallet_of(text: str) -> Wallet | None:
    """Whose payment code has this shape: WeChat 18 digits 10–15…, Alipay 16–24 digits 25–30…"""
    if not is_digits(text):
        return None
    head = int(text[:2])
    if len(text) == 18 and 10 <= head <= 15:
        return "wechat"
    if 16 <= len(text) <= 24 and 25 <= head <= 30:
        return "alipay"
    return None


def _goods(text: str, kind: str) -> Goods:
    if kind in _GS1_KINDS or FNC1 in text or (len(text) >= 16 and text.startswith("01")):
        found = elements(text)
        if found is not None and found.gtin:
            return _of_elements(found, kind)
    plain = text.replace(FNC1, "")
    return Goods(plain, gtin(plain), kind)


def _of_elements(found: Elements, kind: str) -> Goods:
    return Goods(
        code=shortest(found.gtin),
        gtin=found.gtin,
        kind=kind,
        milli=found.weight_milli,
        amount_fen=found.amount_fen,
        pieces=found.pieces,
        batch=found.data.get("10", ""),
        serial=found.data.get("21", ""),
        best_before=found.data.get("15", ""),
        expires=found.data.get("17", ""),
    )
