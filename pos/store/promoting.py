"""Offers put into the ledger: a new version of all of them with their coupons, on record."""

from __future__ import annotations

import hashlib
from collections.abc import Iterable, Sequence
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


def keep(
    ledger: Ledger, offers: Sequence[Offer], coupons: Iterable[Coupon], source: Source, by: str = ""
) -> int:
    """Make these the offers of the shop, at once and on record; the version they became.

    The same offers again make no new version; coupons are replaced all the same. Refused where an
    offer has a fault: then everything stays as it was.
    """
    for fault in faults_of_all(offers):
        raise Refused(fault.code, **fault.values())
    bodies = {offer.id: _ENCODE(offer) for offer in offers}
    codes = [{"code": c.code, "offer_id": c.offer_id, "uses": c.uses_left} for c in coupons]
    digest = hashlib.sha256(b"\n".join(bodies[name] for name in sorted(bodies)))
    sha256 = digest.hexdigest()
    versions = table("offer_versions")

    def put_coupons(connection: Connection) -> None:
        connection.execute(delete(table("coupons")))
        if codes:
            connection.execute(into("coupons"), codes)

    last = ledger.read(
        lambda connection: connection.execute(
            select(versions.c.version, versions.c.sha256).order_by(versions.c.version.desc())
        ).first()
    )
    if last is not None and last.sha256 == sha256:
        ledger.change(put_coupons)
        return int(last.version)
    version = 1 + (int(last.version) if last is not None else 0)

    def put(connection: Connection) -> None:
        row = {"version": version, "source": source, "sha256": sha256}
        connection.execute(
            into("offer_versions"), row | {"loaded_at": stamp(ledger.place.clock.now())}
        )
        rows = [{"version": version, "offer_id": k, "body": v} for k, v in bodies.items()]
        if rows:
            connection.execute(into("offers"), rows)
        put_coupons(connection)

    ledger.write(OffersChanged(by, source, version, len(bodies), sha256), also=put)
    return version
