"""Facts as the data that receipt templates are filled with.

Money stays fen (filter `yuan`), quantities thousandths (filter `qty`). What a template may use is
listed in docs/receipts.md.
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable, Mapping
from typing import Any

import msgspec

from pos.clock import local, moment_of
from pos.config import Settings
from pos.money import MILLI, line_amount, tax_within
from pos.record import (
    Adjustment,
    CountedLine,
    GivenOffer,
    OrderClosed,
    OrderVoided,
    Record,
    SoldLine,
    StockCounted,
    StockMoved,
    Taken,
    Where,
)
from pos.words.slips import SlipWords
from pos.words.stock import StockWords

WITNESS_SIGNS = 16
"""Hexadecimal signs of the journal's head on a receipt (64 bits): DESIGN law 4."""

ORDER_KINDS = ("order_promotion", "coupon", "points", "order_discount")
"""Adjustments that are a line's share of what was taken off the order as a whole."""

Data = dict[str, Any]


def of_order(
    record: Record,
    digest: bytes,
    settings: Settings,
    words: SlipWords,
    *,
    copy: int = 0,
    customer: str = "",
    points_total: int | None = None,
    invoice_url: str = "",
    delivery: Mapping[str, str] | None = None,
    originals: Mapping[str, str] | None = None,
) -> Data:
    """The data of an ended order's receipt; TypeError where the record is none.

    `digest` is the record's hash; `copy` counts reprints from 1; `customer` is masked,
    `points_total` what they have with this order (None where head office has the sum); `delivery`
    has name, phone, address and note, for the slip that goes along with the goods; `originals`
    are the numbers of orders that something comes back of, by their ids; `invoice_url` is what a
    customer scans for an invoice.
    """
    fact = record.fact
    if not isinstance(fact, OrderClosed | OrderVoided):
        raise TypeError(type(fact).__name__)
    closed = fact if isinstance(fact, OrderClosed) else None
    names = {given.offer: _called(given, words) for given in closed.offers} if closed else {}
    rounding = closed.rounding_fen if closed else 0
    listed = sum(line.list_fen for line in fact.lines)
    net = sum(line.net_fen for line in fact.lines)
    return of_shop(settings, words) | {
        "till": record.till,
        "number": fact.number,
        "seq": fact.seq,
        "operator": fact.where.operator,
        "business_date": fact.where.business_date,
        **_moment(record.at),
        "lines": [_line(line, words, names) for line in fact.lines],
        "offers": _order_offers(fact.lines, words, names),
        "note": closed.note if closed else "",
        "sellers": list(dict.fromkeys(line.seller for line in fact.lines if line.seller)),
        "pieces": _pieces(line for line in fact.lines if line.milli > 0),
        "back_pieces": _pieces(line for line in fact.lines if line.milli < 0),
        "returned": any(line.milli < 0 for line in fact.lines),
        "exchange": len({line.milli < 0 for line in fact.lines}) > 1,
        "originals": sorted((originals or {}).values()),
        "refund": -min(net, 0),
        "reopened": bool(closed and closed.reopened_as),
        "list_total": listed,
        "saved": listed - net - rounding,
        "rounding": rounding,
        "total": net,
        "tax": sum(line.tax_fen for line in fact.lines),
        "taxes": _taxes(fact.lines),
        "tenders": [_tender(t, words) for t in closed.tenders] if closed else [],
        "given": sum(t.given_fen for t in closed.tenders) if closed else 0,
        "change": closed.change_fen if closed else 0,
        "voided": closed is None,
        "reason": fact.reason,
        "copy": copy,
        "reprint": words.reprint.format(copy=copy) if copy else "",
        "customer": customer,
        "points": sum(line.points for line in fact.lines),
        "points_total": points_total,
        "delivery": dict(delivery) if delivery else None,
        "witness": digest.hex()[:WITNESS_SIGNS],
        "invoice_url": invoice_url,
    }


def of_stock(
    record: Record, digest: bytes, settings: Settings, words: SlipWords, stock: StockWords
) -> Data:
    """The data of a stock document's slip; TypeError where the record is none.

    Lines of a count are those that differ.
    """
    fact = record.fact
    if not isinstance(fact, StockMoved | StockCounted):
        raise TypeError(type(fact).__name__)
    moved = fact if isinstance(fact, StockMoved) else None
    kind = moved.move if moved else "counted"
    lines: list[Data] = []
    for line in fact.lines:
        told: Data = {"name": line.name, "sku": line.sku, "unit": line.unit, "milli": line.milli}
        told["value"] = line.value_fen
        if isinstance(line, CountedLine):
            told |= {"book": line.expected_milli, "found": line.counted_milli}
            if not line.milli:
                continue
        else:
            told["paid"] = line.paid_fen
        lines.append(told)
    begun = fact.frozen_at if isinstance(fact, StockCounted) else record.at
    return of_shop(settings, words) | {
        "kind": kind,
        "title": stock.kinds[kind],
        "number": fact.number,
        "operator": fact.where.operator,
        "approver": fact.approver if isinstance(fact, StockCounted) else "",
        "business_date": fact.where.business_date,
        **_moment(record.at),
        "begun": " ".join(_moment(begun).values()),
        "partner": moved.partner if moved else "",
        "partner_name": stock.partners[kind],
        "reference": moved.reference if moved else "",
        "reason": fact.reason,
        "lines": lines,
        "summary": stock.summary.format(lines=len(fact.lines), differ=len(lines)),
        "pieces": sum(MILLI if line["milli"] % MILLI else line["milli"] for line in lines),
        "paid": sum(line.get("paid") or 0 for line in lines),
        "value": sum(line["value"] or 0 for line in lines),
        "s": msgspec.structs.asdict(stock),
        "witness": digest.hex()[:WITNESS_SIGNS],
    }


def of_shop(settings: Settings, words: SlipWords) -> Data:
    """What every slip knows: the shop, the paper, the words."""
    receipt = settings.receipt
    return {
        "shop": {
            "id": settings.shop.id,
            "name": settings.shop.name,
            "phone": receipt.phone,
            "address": receipt.address,
        },
        "till": settings.till.id,
        "columns": receipt.columns,
        "policy": receipt.policy,
        "footer": receipt.footer,
        "w": msgspec.structs.asdict(words),
        "training": False,
        "doubtful": False,
    }


def of_test(settings: Settings, words: SlipWords, at: str, columns: int) -> Data:
    """The data of a test print on paper `columns` wide."""
    ruler = ("1234567890" * 10)[:columns]
    return of_shop(settings, words) | _moment(at) | {"ruler": ruler}


def of_qr(
    settings: Settings, words: SlipWords, channel: str, fen: int, qr: str, until: str
) -> Data:
    """The data of a payment code on paper, good until the moment `until`."""
    name = words.ways.get(channel, channel)
    return of_shop(settings, words) | {"way": name, "fen": fen, "qr": qr, "until": _clock(until)}


def example(settings: Settings, at: str) -> Record:
    """An invented sale that has every kind of line: weighed, reduced, with a long name."""
    lines = (
        _example_line(1, "清溪矿泉水550ml", 3000, 200, 1300),
        _example_line(2, "北麓纯牛奶250ml*12 整箱装（家庭分享装）", 1000, 5500, 900, off=500),
        _example_line(3, "红富士苹果（散称）", 535, 1298, 900),
    )
    total = sum(line.net_fen for line in lines)
    given = 10_000
    fact = OrderClosed(
        where=Where("1001", "", at[:10]),
        order_id="",
        seq=1,
        number=f"{settings.shop.id}{settings.till.id}010000001",
        ref="",
        opened_at=at,
        lines=lines,
        tenders=(Taken("cash", total, given),),
        total_fen=total,
        tax_fen=sum(line.tax_fen for line in lines),
        rounding_fen=0,
        change_fen=given - total,
    )
    return Record(1, settings.shop.id, settings.till.id, 1, 1, at, fact)


def _example_line(
    no: int, name: str, milli: int, fen: int, tax_bp: int, *, off: int = 0
) -> SoldLine:
    listed = line_amount(fen, milli)
    net = listed - off
    return SoldLine(
        line_no=no,
        product_id=no,
        sku=f"{no:06d}",
        barcode=f"690000000000{no}",
        name=name,
        unit="件",
        milli=milli,
        unit_fen=fen,
        list_fen=listed,
        adjustments=(Adjustment("line_discount", off),) if off else (),
        net_fen=net,
        tax_bp=tax_bp,
        tax_fen=tax_within(net, tax_bp),
    )


def _moment(at: str) -> Data:
    when = local(moment_of(at))
    return {"date": f"{when:%Y-%m-%d}", "time": f"{when:%H:%M:%S}"}


def _clock(at: str) -> str:
    return f"{local(moment_of(at)):%H:%M:%S}"


def _pieces(lines: Iterable[SoldLine]) -> int:
    """What was weighed is one piece."""
    return sum(MILLI if line.milli % MILLI else abs(line.milli) for line in lines)


def _line(line: SoldLine, words: SlipWords, names: Mapping[str, str]) -> Data:
    return {
        "no": line.line_no,
        "name": line.name,
        "barcode": line.barcode,
        "sku": line.sku,
        "unit": line.unit,
        "milli": line.milli,
        "price": line.unit_fen,
        "list": line.list_fen,
        "net": line.net_fen,
        "saved": line.list_fen - line.net_fen,
        "tax": line.tax_fen,
        "tax_rate": f"{line.tax_bp / 100:g}%",
        "seller": line.seller,
        "back": line.milli < 0,
        "condition": words.conditions.get(line.condition, ""),
        "adjustments": [
            _off(a, words, names) | {"order": a.kind in ORDER_KINDS}
            for a in line.adjustments
            if a.kind != "rounding"
        ],
    }


def _called(given: GivenOffer, words: SlipWords) -> str:
    """The name of an offer; of points, how many were spent or go back."""
    if not given.points:
        return given.name
    return words.points_spent.format(name=given.name, points=abs(given.points))


def _off(adjustment: Adjustment, words: SlipWords, names: Mapping[str, str]) -> Data:
    """What was taken off, by the name of the offer where one did it."""
    name = names.get(adjustment.offer) if adjustment.offer else ""
    name = name or words.adjustments[adjustment.kind]
    return {"kind": adjustment.kind, "name": name, "off": -adjustment.fen}


def _order_offers(
    lines: tuple[SoldLine, ...], words: SlipWords, names: Mapping[str, str]
) -> list[Data]:
    """What was taken off the order as a whole, added up from the lines' shares."""
    sums: dict[tuple[str, str], Data] = {}
    for line in lines:
        for one in line.adjustments:
            if one.kind in ORDER_KINDS:
                known = sums.setdefault((one.kind, one.offer), _off(one, words, names) | {"off": 0})
                known["off"] -= one.fen
    return list(sums.values())


def _taxes(lines: tuple[SoldLine, ...]) -> list[Data]:
    """What was paid and the tax in it by rate, added up from the lines."""
    sums: dict[int, list[int]] = defaultdict(lambda: [0, 0])
    for line in lines:
        sums[line.tax_bp][0] += line.net_fen
        sums[line.tax_bp][1] += line.tax_fen
    return [
        {"rate": f"{bp / 100:g}%", "net": net, "tax": tax, "without": net - tax}
        for bp, (net, tax) in sorted(sums.items(), reverse=True)
    ]


def _tender(taken: Any, words: SlipWords) -> Data:
    return {
        "way": taken.way,
        "name": words.ways.get(taken.way, taken.way),
        "fen": taken.fen,
        "given": taken.given_fen,
        "reference": "" if taken.account else taken.reference,  # a request of ours says nothing
        "unverified": taken.unverified,
    }
