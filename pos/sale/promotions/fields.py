"""An offer as flat fields of text, the one form behind TOML and CSV, both ways.

Money is yuan (`9.90`), `rate` is 折 (`8.5`, `85`; `0` is free; `85%` is what the customer pays),
lists are parted by `;`, a part of a bundle is `SKU|category:X|brand:Y*2`.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Iterator, Mapping
from datetime import date
from typing import Any, get_args

import msgspec

from pos.money import FULL_RATE, parse_fen, yuan
from pos.refusal import Refused
from pos.sale.entry import read_rate
from pos.sale.promotions.model import (
    Give,
    Limits,
    Need,
    Offer,
    OfferKind,
    Scope,
    Slot,
    When,
    Who,
)
from pos.sale.promotions.validating import clock_text
from pos.text import clean
from pos.words.offers import (
    FIELDS_EN,
    FIELDS_ZH,
    KINDS_EN,
    KINDS_ZH,
    WHO_EN,
    WHO_ZH,
    FieldWords,
)

FIELDS: tuple[str, ...] = FieldWords.__struct_fields__
LISTS = frozenset(
    ("weekdays", "times", "levels", "shops", "skus", "categories", "brands", "not_skus")
) | {"not_categories", "not_brands", "slots", "level_rates", "gifts"}
NUMBERS = frozenset(
    {"qty", "free", "points", "repeat", "priority", "per_order", "per_member", "per_day"}
)
YES_NO = frozenset({"mix", "stack"})
_MOST_CELL = 20_000
_COUNT = re.compile(r"-?\d{1,9}", re.ASCII)
_DAYS = re.compile(r"([1-7])-([1-7])", re.ASCII)
_TIMES = re.compile(r"(\d{1,2}):(\d{2})\s*[-–~]\s*(\d{1,2}):(\d{2})", re.ASCII)
_PERCENT = re.compile(r"(\d{1,3})(?:\.(\d{1,2}))?%", re.ASCII)
_SLOT = re.compile(r"(.+?)(?:\s*[*×]\s*(\d{1,3}))?")


class Wrong(Exception):  # noqa: N818 - caught at once by who reads a file
    """A field whose text is not of its form: `example` is."""

    def __init__(self, field: str, text: str, example: str) -> None:
        super().__init__(field)
        self.field, self.text, self.example = field, text, example


def field_of(label: str) -> str | None:
    """The field behind a column's header: its own name, or its word in either language."""
    return _BY_LABEL.get(clean(label, 40).lower())


_BY_LABEL: dict[str, str] = {
    label.lower(): name
    for name in FIELDS
    for label in (name, getattr(FIELDS_ZH, name), getattr(FIELDS_EN, name))
}


def offer_of(row: Mapping[str, str], wrong: Callable[[Wrong], None]) -> Offer:
    """The offer that fields of text tell; each text that cannot be read is handed to `wrong`.

    An empty text is a field that is not given.
    """
    value = _Values(row, wrong)
    kind = value.one("kind", _KINDS, "special")
    who_else = "member" if kind in ("member_price", "points") else "all"
    return Offer(
        id=value.text("id"),
        name=value.text("name"),
        kind=kind,
        scope=Scope(
            skus=value.list("skus"),
            categories=value.list("categories"),
            brands=value.list("brands"),
            not_skus=value.list("not_skus"),
            not_categories=value.list("not_categories"),
            not_brands=value.list("not_brands"),
        ),
        when=When(
            first=value.read("first", _date, None, "2026-03-01"),
            last=value.read("last", _date, None, "2026-03-31"),
            weekdays=value.read("weekdays", _weekdays, (), "1;2 | 1-5"),
            times=value.read("times", _times, (), "17:00-20:00"),
        ),
        who=value.one("who", _WHO, who_else),
        levels=value.list("levels"),
        shops=value.list("shops"),
        need=Need(
            qty=value.count("qty") or 0,
            amount_fen=value.read("amount", _fen, 0, "100.00"),
            slots=value.read("slots", _slots, (), "A1*1;category:茶*2"),
        ),
        give=Give(
            price_fen=value.read("price", _fen, None, "9.90"),
            off_fen=value.read("off", _fen, None, "5.00"),
            off_bp=value.read("rate", off_of_rate, None, "8.5"),
            most_off_fen=value.read("most_off", _fen, None, "50.00"),
            levels=value.read("level_rates", _level_rates, (), "金=9;银=9.5"),
            free_qty=value.count("free") or 0,
            gifts=value.list("gifts"),
            points=value.count("points") or 0,
            most_bp=value.read("most_rate", _percent, None, "50%"),
        ),
        repeat=value.count("repeat"),
        mix=value.yes("mix"),
        group=value.text("group"),
        priority=value.count("priority") or 0,
        stack_with_member_price=value.yes("stack"),
        limits=Limits(
            per_order=value.count("per_order"),
            per_member=value.count("per_member"),
            per_day=value.count("per_day"),
            budget_fen=value.read("budget", _fen, None, "5000.00"),
        ),
    )


class _Values:
    """Reads fields of one row, and says which are wrong."""

    def __init__(self, row: Mapping[str, str], wrong: Callable[[Wrong], None]) -> None:
        self._row, self._wrong = row, wrong

    def text(self, field: str) -> str:
        return clean(self._row.get(field, ""), _MOST_CELL)

    def read(self, field: str, read: Callable[[str], Any], none: Any, example: str) -> Any:
        text = self.text(field)
        if not text:
            return none
        try:
            found = read(text)
        except (ValueError, Refused):
            found = None
        if found is None:
            self._wrong(Wrong(field, clean(text, 40), example))
            return none
        return found

    def one(self, field: str, known: Mapping[str, Any], none: Any) -> Any:
        examples = " | ".join(dict.fromkeys(str(x) for x in known.values()))
        return self.read(field, lambda text: known.get(text.lower()), none, examples)

    def count(self, field: str) -> int | None:
        found: int | None = self.read(field, _count, None, "2")
        return found

    def yes(self, field: str) -> bool:
        return bool(self.one(field, _YES, False))

    def list(self, field: str) -> tuple[str, ...]:
        return tuple(_parts(self.text(field)))


_KINDS: dict[str, OfferKind] = {
    label.lower(): kind
    for kind in get_args(OfferKind)
    for label in (kind, getattr(KINDS_ZH, kind), getattr(KINDS_EN, kind))
}
_WHO: dict[str, Who] = {
    label.lower(): who
    for who in get_args(Who)
    for label in (who, getattr(WHO_ZH, who), getattr(WHO_EN, who))
}
_YES: dict[str, bool] = {
    **dict.fromkeys(("true", "yes", "1", "是"), True),
    **dict.fromkeys(("false", "no", "0", "否"), False),
}


def _parts(text: str) -> Iterator[str]:
    return (part.strip() for part in text.replace("；", ";").split(";") if part.strip())


def _date(text: str) -> date:
    return date.fromisoformat(text.replace("/", "-"))


def _count(text: str) -> int | None:
    return int(text) if _COUNT.fullmatch(text) else None


def _fen(text: str) -> int | None:
    return parse_fen(text.removeprefix("¥").removesuffix("元"))


def _weekdays(text: str) -> tuple[int, ...]:
    days: list[int] = []
    for part in _parts(text.replace(",", ";")):
        span = _DAYS.fullmatch(part)
        days += range(int(span[1]), int(span[2]) + 1) if span else [int(part)]
    return tuple(days)


def _times(text: str) -> tuple[tuple[int, int], ...] | None:
    spans = []
    for part in _parts(text):
        match = _TIMES.fullmatch(part)
        if not match or int(match[2]) > 59 or int(match[4]) > 59:
            return None
        hours = [int(match[n]) for n in range(1, 5)]
        spans.append((hours[0] * 60 + hours[1], hours[2] * 60 + hours[3]))
    return tuple(spans)


def _percent(text: str) -> int | None:
    match = _PERCENT.fullmatch(text)
    return int(match[1]) * 100 + int((match[2] or "").ljust(2, "0")) if match else None


def off_of_rate(text: str) -> int | None:
    """折 as basis points taken off: `8.5` and `85` are 1500, `0` is 10000, `85%` is 1500."""
    bare = text.removesuffix("折")
    if bare == "0":
        return FULL_RATE
    percent = _percent(bare)
    return read_rate(bare) if percent is None else FULL_RATE - percent


def rate_text(off_bp: int) -> str:
    """Basis points taken off as 折, or as the percentage paid where 折 is not fine enough."""
    paid = FULL_RATE - off_bp
    if paid % 100:
        return f"{paid // 100}.{paid % 100:02d}%"
    return f"{paid // 1000}.{paid % 1000 // 100}".removesuffix(".0")


def _level_rates(text: str) -> tuple[tuple[str, int], ...] | None:
    rates = []
    for part in _parts(text):
        name, _, rate = part.partition("=")
        off = off_of_rate(rate.strip())
        if not name.strip() or off is None:
            return None
        rates.append((name.strip(), off))
    return tuple(rates)


def _slots(text: str) -> tuple[Slot, ...] | None:
    slots = []
    for part in _parts(text):
        match = _SLOT.fullmatch(part)
        if not match:
            return None
        names: dict[str, list[str]] = {"sku": [], "category": [], "brand": []}
        for name in match[1].split("|"):
            head, colon, rest = name.strip().partition(":")
            kind, own = (head, rest) if colon and head in names else ("sku", name)
            names[kind].append(own.strip())
        scope = Scope(tuple(names["sku"]), tuple(names["category"]), tuple(names["brand"]))
        slots.append(Slot(scope, int(match[2] or 1)))
    return tuple(slots)


def row_of(offer: Offer) -> dict[str, str | list[str]]:
    """The fields of an offer as text, lists as lists; what is not given is not there."""
    scope, when, need, give = offer.scope, offer.when, offer.need, offer.give
    limits = offer.limits
    row: dict[str, Any] = {
        "id": offer.id,
        "name": offer.name,
        "kind": offer.kind,
        "first": when.first and when.first.isoformat(),
        "last": when.last and when.last.isoformat(),
        "weekdays": [str(day) for day in when.weekdays],
        "times": [f"{clock_text(a)}-{clock_text(b)}" for a, b in when.times],
        "who": offer.who if offer.who != "all" else "",
        "levels": list(offer.levels),
        "shops": list(offer.shops),
        **{name: list(value) for name, value in msgspec.structs.asdict(scope).items()},
        "qty": need.qty or "",
        "amount": yuan(need.amount_fen) if need.amount_fen else "",
        "slots": [_slot_text(slot) for slot in need.slots],
        "price": _yuan(give.price_fen),
        "off": _yuan(give.off_fen),
        "rate": "" if give.off_bp is None else rate_text(give.off_bp),
        "most_off": _yuan(give.most_off_fen),
        "level_rates": [f"{name}={rate_text(bp)}" for name, bp in give.levels],
        "free": give.free_qty or "",
        "gifts": list(give.gifts),
        "points": give.points or "",
        "most_rate": "" if give.most_bp is None else f"{yuan(give.most_bp)}%",
        "repeat": offer.repeat,
        "mix": "true" if offer.mix else "",
        "group": offer.group,
        "priority": offer.priority or "",
        "stack": "true" if offer.stack_with_member_price else "",
        "per_order": limits.per_order,
        "per_member": limits.per_member,
        "per_day": limits.per_day,
        "budget": _yuan(limits.budget_fen),
    }
    return {
        name: value if isinstance(value, list) else str(value)
        for name, value in row.items()
        if value not in (None, "", [])
    }


def _yuan(fen: int | None) -> str:
    return "" if fen is None else yuan(fen)


def _slot_text(slot: Slot) -> str:
    scope = slot.scope
    names = [
        *scope.skus,
        *(f"category:{name}" for name in scope.categories),
        *(f"brand:{name}" for name in scope.brands),
    ]
    return "|".join(names) + f"*{slot.qty}"
