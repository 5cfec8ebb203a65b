"""Offers that come down as texts of promotion files: all are read before any is put in."""

from __future__ import annotations

import sqlite3
from contextlib import closing
from typing import TYPE_CHECKING

from pos.protocol.framing import decode
from pos.protocol.master import Promotion
from pos.refusal import Refused
from pos.store.incoming import Staged
from pos.store.reader import Reader
from pos.words import CATALOGUE, Language
from pos.words.refusals import say

if TYPE_CHECKING:
    from pos.sale.promotions.model import Offer

_HERE = (
    "SELECT key, value FROM received WHERE kind = 'promotion' AND (stream <> ? OR NOT ?)"
    " ORDER BY key"
)
_TOLD = "SELECT key, value FROM other WHERE kind = 'promotion'"


def coming(reader: Reader, staged: Staged, language: Language) -> tuple[Offer, ...] | None:
    """The shop's offers once `staged` is in; None where it changes none of them.

    Refused("ho_bad_change", …) names the promotion that is wrong and why.
    """
    if not staged.goods:
        return None  # the shop's own files are its offers
    with closing(sqlite3.connect(staged.path)) as raw:
        told: dict[str, str | None] = dict(raw.execute(_TOLD))
    if not told and not staged.whole:
        return None
    here: dict[str, str | None] = dict(reader.rows(_HERE, (staged.stream, staged.whole)))
    found: list[Offer] = []
    for key, value in sorted((here | told).items()):
        promotion = decode(value.encode(), Promotion) if value else None
        if promotion is not None and promotion.active:
            found += _read(key, promotion.text, language)
    _check_together(found, language)
    return tuple(found)


def _read(key: str, text: str, language: Language) -> tuple[Offer, ...]:
    from pos.sale.promotions.explaining import say_fault
    from pos.sale.promotions.files import read_csv, read_toml
    from pos.words import promotions

    try:
        reading = read_toml(text) if "[[" in text or not text.strip() else read_csv(text)
    except Refused as refused:
        raise _bad(key, say(CATALOGUE[language].refusals, refused)) from refused
    if reading.faults:
        raise _bad(key, say_fault(reading.faults[0], promotions.of(language)))
    return reading.offers


def _check_together(offers: list[Offer], language: Language) -> None:
    """Each is right by itself; two may still have one id."""
    from pos.sale.promotions.explaining import say_fault
    from pos.sale.promotions.validating import faults_of_all
    from pos.words import promotions

    for fault in faults_of_all(offers):
        raise _bad(fault.offer_id, say_fault(fault, promotions.of(language)))


def _bad(key: str, why: str) -> Refused:
    return Refused("ho_bad_change", kind="promotion", key=key[:60], why=why[:120])
