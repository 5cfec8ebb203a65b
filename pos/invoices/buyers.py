"""Whether an invoice can be made out to a buyer: what is refused, what a manager has to confirm."""

from __future__ import annotations

import re
import unicodedata

import msgspec
from msgspec.structs import replace

from pos.invoices import taxids
from pos.invoices.document import Buyer, Kind
from pos.refusal import Refused
from pos.text import clean, clean_code

MOST_TITLE = 100
MOST_ADDRESS = 80
MOST_EMAIL = 50
_MOBILE = re.compile(r"1[3-9][0-9]{9}")
_EMAIL = re.compile(r"[0-9A-Za-z._%+\-]{1,40}@[0-9A-Za-z\-]{1,40}(\.[0-9A-Za-z\-]{1,20}){1,4}")
_FORMULA = "=+-@＝＋－＠"
PERSON = "个人"
"""The title of a person who tells none."""


class Checked(msgspec.Struct, frozen=True):
    """A buyer in the form it is sent, and what a manager has to confirm before that."""

    buyer: Buyer
    doubts: tuple[str, ...] = ()


def check(buyer: Buyer, kind: Kind) -> Checked:
    """`buyer` made plain: full-width forms narrowed, tax number in capitals.

    Raises Refused: invoice_title_missing, invoice_title_long, invoice_title_sign,
    invoice_title_formula, invoice_special_person, invoice_tax_id_missing, invoice_tax_id_wrong,
    invoice_id_wrong, invoice_email_wrong, invoice_mobile_wrong, invoice_field_long,
    invoice_field_sign, invoice_field_formula.
    """
    title = _title(buyer)
    tax_id = clean_code(buyer.tax_id).replace(" ", "").replace("-", "").upper()
    doubts: tuple[str, ...] = ()
    if kind == "special" and buyer.person:
        raise Refused("invoice_special_person")
    if buyer.person:
        if tax_id and taxids.citizen(tax_id) != "ok":
            raise Refused("invoice_id_wrong")
    elif not tax_id:
        raise Refused("invoice_tax_id_missing")
    else:
        verdict = taxids.company(tax_id)
        if verdict == "wrong":
            raise Refused("invoice_tax_id_wrong", tax_id=tax_id[:24])
        if verdict == "doubtful":
            doubts = ("invoice_tax_id_doubtful",)
    return Checked(
        replace(
            buyer,
            title=title,
            tax_id=tax_id,
            address=_field("address", buyer.address, MOST_ADDRESS),
            phone=_field("phone", buyer.phone, 20),
            bank=_field("bank", buyer.bank, 60),
            account=_field("account", buyer.account, 40),
            email=_email(buyer.email),
            mobile=_mobile(buyer.mobile),
        ),
        doubts,
    )


def plain_name(text: str, most: int) -> str:
    """The name of goods without what no invoice can show (emoji and their kin), cut to `most`."""
    kept = "".join(c for c in clean(text, most * 2) if not _odd(c)).strip()
    return kept.lstrip(_FORMULA + " ")[:most].rstrip() or "商品"


def _title(buyer: Buyer) -> str:
    title = clean(buyer.title, 4 * MOST_TITLE)
    if not title:
        if not buyer.person:
            raise Refused("invoice_title_missing")
        title = PERSON
    if len(title) > MOST_TITLE:
        raise Refused("invoice_title_long", most=MOST_TITLE, length=len(title))
    for sign in title:
        if _odd(sign):
            raise Refused("invoice_title_sign", sign=sign)
    if title[0] in _FORMULA:
        raise Refused("invoice_title_formula", sign=title[0])
    return title


def _field(name: str, text: str, most: int) -> str:
    told = clean(text, 4 * most)
    if len(told) > most:
        raise Refused("invoice_field_long", field=name, most=most)
    if any(_odd(c) for c in told):
        raise Refused("invoice_field_sign", field=name)
    if told and told[0] in "=@＝＠":
        raise Refused("invoice_field_formula", field=name)
    return told


def _email(text: str) -> str:
    told = clean_code(text, 4 * MOST_EMAIL)
    if told and (len(told) > MOST_EMAIL or not _EMAIL.fullmatch(told)):
        raise Refused("invoice_email_wrong", most=MOST_EMAIL)
    return told


def _mobile(text: str) -> str:
    told = clean_code(text).replace(" ", "").replace("-", "").removeprefix("+86")
    if told and not _MOBILE.fullmatch(told):
        raise Refused("invoice_mobile_wrong")
    return told


def _odd(sign: str) -> bool:
    """Emoji, pictures and signs that the bureau's fonts and GB 18030 fonts do not print."""
    kind = unicodedata.category(sign)
    return (kind == "So" and sign not in "℃№㎡㎏㎎㎜㎝℉℡") or (kind == "Sk" and ord(sign) > 0xFFFF)
