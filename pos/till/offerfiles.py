"""The shop's own files of offers and coupons: read, checked, and put into the ledger."""

from __future__ import annotations

import hashlib
from pathlib import Path
from typing import TYPE_CHECKING

from pos.config import Config
from pos.refusal import Refused
from pos.words import CATALOGUE, Language
from pos.words.refusals import say

if TYPE_CHECKING:
    from pos.sale.promotions.model import Coupon, Offer
    from pos.store.ledger import Ledger

MOST_BYTES = 20_000_000


def refresh(ledger: Ledger, config: Config, by: str = "") -> int:
    """Bring the ledger up to the files of `[promotions]`; the version that is live then.

    Refused names what is wrong in which file; the offers before stay live. Files that did not
    change since last time are not read; a shop whose products are head office's has none.
    """
    if config.settings.catalog.owner != "till":
        return 0
    texts = tuple(text_of(path) for path in config.promotions)
    digest = hashlib.sha256(repr(texts).encode()).hexdigest() if any(texts) else ""
    if ledger.meta("offers_files") == digest:
        return 0
    from pos.store.promoting import keep

    offers, coupons = read(config)
    version = keep(ledger, offers, coupons, "file", by)
    ledger.set_meta("offers_files", digest)
    return version


def read(config: Config) -> tuple[tuple[Offer, ...], tuple[Coupon, ...]]:
    """The offers and coupons of the files; Refused("promotion_file") names file and line."""
    return read_files(*config.promotions, config.settings.till.language)


def read_files(
    offers_file: Path | None, coupons_file: Path | None, language: Language
) -> tuple[tuple[Offer, ...], tuple[Coupon, ...]]:
    """As `read`, of these files."""
    from pos.sale.promotions.coupons import read_coupons
    from pos.sale.promotions.explaining import say_fault
    from pos.sale.promotions.files import read_csv, read_toml, refuse_faults
    from pos.words import promotions as words

    offers: tuple[Offer, ...] = ()
    coupons: tuple[Coupon, ...] = ()
    path = offers_file
    try:
        if offers_file is not None:
            text = text_of(offers_file)
            reading = read_csv(text) if offers_file.suffix == ".csv" else read_toml(text)
            first = say_fault(reading.faults[0], words.of(language)) if reading.faults else ""
            offers = refuse_faults(reading, first)
        if coupons_file is not None:
            path = coupons_file
            coupons = read_coupons(
                text_of(coupons_file), {o.id for o in offers if o.kind == "coupon"}
            )
    except Refused as refused:
        if refused.code == "file_unreadable":
            raise
        why = say(CATALOGUE[language].refusals, refused)
        raise Refused("promotion_file", file=path.name if path else "", why=why) from refused
    return offers, coupons


def text_of(path: Path | None) -> str:
    """The text of a file of offers; empty where there is none."""
    if path is None:
        return ""
    try:
        if path.stat().st_size > MOST_BYTES:
            raise Refused("file_unreadable", path=path, why=f"> {MOST_BYTES} bytes")
        return path.read_text("utf-8-sig")
    except OSError as error:
        raise Refused("file_unreadable", path=path, why=error.strerror) from error
    except UnicodeDecodeError as error:
        raise Refused("file_unreadable", path=path, why=f"UTF-8: {error}") from error
