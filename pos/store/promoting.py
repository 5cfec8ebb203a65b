"""Offers put into the ledger: a new version of all of them with their coupons, on record."""

from __future__ import annotations

import hashlib
from collections.abc import Callable, Iterable, Sequence
from typing import Literal

import msgspec
from sqlalchemy import Connection, delete, select

from pos.clock import stamp
from pos.record import OffersChanged
from pos.refusal import Refused
from pos.sale.promotions.model import Coupon, Offer
from pos.sale.promotions.validating import faults_of_all
from pos.store.ledger import Ledger
from pos.store.models import into, table

Source = Literal["file", "headoffice"]
_ENCODE = msgspec.json.Encoder(order="sorted").encode


class Version(msgspec.Struct, frozen=True):
    """Offers about to be put in: `put` in the transaction that writes `facts`; none if not new."""

    version: int
    facts: tuple[OffersChanged, ...]
    put: Callable[[Connection], None]


def keep(
    ledger: Ledger, offers: Sequence[Offer], coupons: Iterable[Coupon], source: Source, by: str = ""
) -> int:
    """Make these the offers of the shop, at once and on record; the version they became.

    The same offers again make no new version; coupons are replaced all the same. Refused where an
    offer has a fault: then everything stays as it was.
    """
    found = prepare(ledger, offers, coupons, source, by)
    if found.facts:
        ledger.write(*found.facts, also=found.put)
    else:
        ledger.change(found.put)
    return found.version


def prepare(
    ledger: Ledger,
    offers: Sequence[Offer],
    coupons: Iterable[Coupon] | None,
    source: Source,
    by: str = "",
) -> Version:
    """As `keep`, for who writes more in the same transaction; `coupons` None: they stay."""
    for fault in faults_of_all(offers):
        raise Refused(fault.code, **fault.values())
    bodies = {offer.id: _ENCODE(offer) for offer in offers}
    sha256 = hashlib.sha256(b"\n".join(bodies[name] for name in sorted(bodies))).hexdigest()
    versions = table("offer_versions")
    codes = None
    if coupons is not None:
        codes = [{"code": c.code, "offer_id": c.offer_id, "uses": c.uses_left} for c in coupons]

    def put_coupons(connection: Connection) -> None:
        if codes is not None:
            connection.execute(delete(table("coupons")))
        if codes:
            connection.execute(into("coupons"), codes)

    last = ledger.read(
        lambda connection: connection.execute(
            select(versions.c.version, versions.c.sha256).order_by(versions.c.version.desc())
        ).first()
    )
    if last is not None and last.sha256 == sha256:
        return Version(int(last.version), (), put_coupons)
    version = 1 + (int(last.version) if last is not None else 0)
    if last is None and not bodies:
        return Version(0, (), put_coupons)  # there never were any

    def put(connection: Connection) -> None:
        row = {"version": version, "source": source, "sha256": sha256}
        connection.execute(
            into("offer_versions"), row | {"loaded_at": stamp(ledger.place.clock.now())}
        )
        rows = [{"version": version, "offer_id": k, "body": v} for k, v in bodies.items()]
        if rows:
            connection.execute(into("offers"), rows)
        put_coupons(connection)

    fact = OffersChanged(by, source, version, len(bodies), sha256)
    return Version(version, (fact,), put)
