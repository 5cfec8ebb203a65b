"""`pos promo …`: what is on offer, what is wrong with it, why an order cost what it did."""

from __future__ import annotations

from pathlib import Path
from typing import Annotated, Any

import typer
from msgspec.structs import replace

from pos.cli.desk import ConfigOption, Desk, JsonOption, OperatorOption, desk, show, tell
from pos.clock import local, system_clock
from pos.money import yuan
from pos.record import GivenOffer, OrderClosed
from pos.refusal import Refused
from pos.sale.promotions import Outcome, Part
from pos.sale.promotions.checking import check as findings_of
from pos.sale.promotions.explaining import explain as sentences
from pos.sale.promotions.explaining import say_fault, say_finding
from pos.sale.promotions.files import read_csv, read_toml
from pos.sale.promotions.matching import live_at
from pos.sale.promotions.model import LAYER_OF, OfferKind
from pos.sale.promotions.outcome import Applied
from pos.store import offers as kept
from pos.store.reader import Reader
from pos.till import offerfiles
from pos.words import promotions

_ON_ORDER = ("order_promotion", "coupon", "points")


def list_offers(
    operator: OperatorOption = "", json: JsonOption = False, config: ConfigOption = None
) -> None:
    """List the offers of the shop."""
    with desk(config) as place:
        with place.looking("cli.promo.list", operator) as reader:
            now = kept.kept(reader)
            totals = kept.totals(reader)
            codes = kept.coupons(reader)
        at = local(system_clock().now())
        rows = []
        for offer in now.offers:
            times, fen = totals.get(offer.id, (0, 0))
            rows.append(
                {
                    "offer_id": offer.id,
                    "name": offer.name,
                    "kind": offer.kind,
                    "from": offer.when.first.isoformat() if offer.when.first else "",
                    "to": offer.when.last.isoformat() if offer.when.last else "",
                    "live": live_at(offer.when, at),
                    "times": times,
                    "saved_fen": fen,
                }
            )
        if json:
            more = {"version": now.version, "source": now.source, "coupons": codes}
            show({**more, "offers": rows})
            return
        words = _words(place)
        for row in rows:
            kind = getattr(words.kinds, str(row["kind"]))
            dates = f"{row['from'] or '…'} - {row['to'] or '…'}"
            mark = "●" if row["live"] else "○"
            tell(f"{mark} {row['offer_id']:16}  {kind}  {row['name']}  {dates}")
        if not rows:
            tell(place.words.cli.nothing)


def check(
    file: Annotated[Path | None, typer.Argument(help="TOML, CSV")] = None,
    operator: OperatorOption = "",
    json: JsonOption = False,
    config: ConfigOption = None,
) -> None:
    """Look for faults, clashes and sales below cost before offers go live."""
    with desk(config) as place:
        words = _words(place)
        with place.looking("cli.promo.check", operator) as reader:
            faults, found, count = _checked(place, reader, file)
        wrong = bool(faults) or any(one.severity == "error" for one in found)
        if json:
            show(
                {
                    "ok": not wrong,
                    "offers": count,
                    "faults": [
                        {"line": f.line, "offer_id": f.offer_id, "field": f.field, "code": f.code}
                        | {"said": say_fault(f, words)}
                        for f in faults
                    ],
                    "findings": [
                        {"offer_id": f.offer_id, "code": f.code, "severity": f.severity}
                        | {"said": say_finding(f, words)}
                        for f in found
                    ],
                }
            )
        else:
            tell(*(f"✗ {say_fault(fault, words)}" for fault in faults))
            signs = {"error": "✗", "warning": "!"}
            tell(*(f"{signs[one.severity]} {say_finding(one, words)}" for one in found))
            if not faults and not found:
                tell(words.check_ok.format(count=count))
        if wrong:
            raise typer.Exit(1)


def _checked(place: Desk, reader: Reader, file: Path | None) -> tuple[Any, Any, int]:
    """Faults of the file, or what a check of its offers finds, and how many offers there are."""
    path = file or place.config.promotions[0]
    if path is None:
        offers = kept.kept(reader).offers
    else:
        text = offerfiles.text_of(path)
        reading = read_csv(text) if path.suffix == ".csv" else read_toml(text)
        if reading.faults:
            return reading.faults, (), 0
        offers = reading.offers
        if file is None:
            offerfiles.read(place.config)  # the coupons too
    products, facts = kept.goods(reader)
    return (), findings_of(offers, products, facts, system_clock().now()), len(offers)


def explain(
    number: Annotated[str, typer.Argument()],
    operator: OperatorOption = "",
    json: JsonOption = False,
    config: ConfigOption = None,
) -> None:
    """Say why an order cost what it did, from its record."""
    with desk(config) as place:
        with place.looking("cli.promo.explain", operator) as reader:
            order = reader.order(number)
            if order is None:
                raise Refused("order_unknown", number=number[:20])
            fact = reader.order_record(order.order_id)[0].fact
        if not isinstance(fact, OrderClosed):
            raise Refused("order_not_closed", number=order.number)
        applied = tuple(_applied(fact, given) for given in fact.offers)
        if json:
            show(
                {
                    "number": fact.number,
                    "total_fen": fact.total_fen,
                    "offers": [
                        {"offer_id": a.offer_id, "name": a.name, "kind": a.kind, "times": a.times}
                        | {"saving_fen": a.saving_fen, "code": a.code, "points": a.points}
                        | {
                            "lines": [
                                {"line_no": p.line_no, "saving_fen": p.saving_fen} for p in a.parts
                            ]
                        }
                        for a in applied
                    ],
                }
            )
            return
        said = sentences(Outcome(applied=applied), _words(place))
        tell(*said, place.words.slips.total + " " + yuan(fact.total_fen))


def _applied(fact: OrderClosed, given: GivenOffer) -> Applied:
    """An offer as it was given, its parts from the lines' stored adjustments."""
    kind: OfferKind = given.kind  # type: ignore[assignment]
    parts, spread = [], False
    for line in fact.lines:
        own = [
            a
            for a in line.adjustments
            if a.offer == given.offer and (given.offer or a.kind == "member")
        ]
        fen = sum(a.fen for a in own)
        if fen:
            spread = spread or any(a.kind in _ON_ORDER for a in own)
            parts.append(Part(line.line_no, line.milli, line.list_fen, fen))
    name = given.name
    found = Applied(
        given.offer, name, kind, LAYER_OF[kind], given.times, given.fen, tuple(parts), spread
    )
    return replace(found, code=given.code, points=given.points)


def _words(place: Desk) -> promotions.PromotionWords:
    return promotions.of(place.config.settings.till.language)
