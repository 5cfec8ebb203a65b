"""Whether an offer makes sense by itself: every fault names the offer, the field, what is wrong."""

from __future__ import annotations

from collections.abc import Iterator, Sequence

import msgspec

from pos.money import FULL_RATE, MAX_FEN
from pos.sale.promotions.model import SET_KINDS, Limits, Offer, OfferKind
from pos.text import clean

MAX_SET = 50
"""No set of an offer has more pieces: above it, a slip of the finger is likelier than an offer."""
MAX_ID = 40
MAX_NAME = 60
MAX_COUNT = 1_000_000
_MINUTES = 24 * 60


class Fault(msgspec.Struct, frozen=True):
    """One thing wrong with one offer. `code` names a field of `pos.words.promotions`.

    `line` is the line of the file it was read from, 0 where there is none.
    """

    offer_id: str
    field: str
    code: str
    line: int = 0
    text: str = ""
    near: str = ""

    def values(self) -> dict[str, object]:
        """What fills the gaps of its words."""
        return {
            "id": self.offer_id or "?",
            "field": self.field,
            "line": self.line,
            "text": self.text,
            "near": self.near,
        }


# what each kind must have (one of each tuple, where there are several) and may have besides
_PRICES = ("price", "off", "rate")
_NEEDED: dict[OfferKind, tuple[tuple[str, ...], ...]] = {
    "special": (_PRICES,),
    "member_price": ((*_PRICES, "level_rates"),),
    "time_price": (_PRICES, ("times", "weekdays")),
    "nth": (("qty",), ("rate",)),
    "buy_get": (("qty",), ("free",)),
    "bundle": (("qty", "slots"), _PRICES),
    "add_on": (("amount", "qty"), ("gifts",), ("price",)),
    "spend_off": (("amount", "qty"), ("off",)),
    "every_off": (("amount", "qty"), ("off",)),
    "spend_rate": (("amount", "qty"), ("rate",)),
    "coupon": (("off", "rate"),),
    "points": (("points",), ("off",)),
}
_ALLOWED: dict[OfferKind, frozenset[str]] = {
    "special": frozenset({"stack", "limits"}),
    "member_price": frozenset(),
    "time_price": frozenset({"stack", "limits"}),
    "nth": frozenset({"mix", "repeat", "stack", "limits"}),
    "buy_get": frozenset({"mix", "repeat", "stack", "limits"}),
    "bundle": frozenset({"mix", "repeat", "stack", "limits"}),
    "add_on": frozenset({"repeat", "limits"}),
    "spend_off": frozenset({"limits"}),
    "every_off": frozenset({"repeat", "limits"}),
    "spend_rate": frozenset({"most_off", "limits"}),
    "coupon": frozenset({"amount", "qty", "most_off", "limits"}),
    "points": frozenset({"most_rate", "most_off", "limits"}),
}
_SINGLE: frozenset[OfferKind] = frozenset({"special", "member_price", "time_price"})


def faults_of(offer: Offer) -> tuple[Fault, ...]:
    """Everything wrong with one offer; nothing where it can go live."""
    return tuple(_faults(offer))


def faults_of_all(offers: Sequence[Offer]) -> tuple[Fault, ...]:
    """The faults of every offer, and ids that are there twice."""
    found: list[Fault] = []
    seen: set[str] = set()
    for offer in offers:
        if offer.id in seen:
            found.append(Fault(offer.id, "id", "offer_repeated", text=offer.id))
        seen.add(offer.id)
        found += _faults(offer)
    return tuple(found)


def _faults(offer: Offer) -> Iterator[Fault]:
    for field, code, text in (
        *_names(offer),
        *_fields(offer),
        *_amounts(offer),
        *_when(offer),
        *_who(offer),
        *_scope(offer),
    ):
        yield Fault(offer.id, field, code, text=text)


_Found = Iterator[tuple[str, str, str]]


def _names(offer: Offer) -> _Found:
    for field, value, most in (("id", offer.id, MAX_ID), ("name", offer.name, MAX_NAME)):
        if not value:
            yield field, "offer_missing", ""
        elif clean(value, most) != value:
            yield field, "offer_text", clean(value, most)
    if clean(offer.group, MAX_ID) != offer.group:
        yield "group", "offer_text", clean(offer.group, MAX_ID)
    if abs(offer.priority) > MAX_COUNT:
        yield "priority", "offer_number", str(offer.priority)


def given_fields(offer: Offer) -> dict[str, bool]:
    """Which of the fields that not every kind takes are given, by their names in files."""
    need, give = offer.need, offer.give
    return {
        "qty": bool(need.qty),
        "amount": bool(need.amount_fen),
        "slots": bool(need.slots),
        "price": give.price_fen is not None,
        "off": give.off_fen is not None,
        "rate": give.off_bp is not None,
        "level_rates": bool(give.levels),
        "free": bool(give.free_qty),
        "gifts": bool(give.gifts),
        "points": bool(give.points),
        "most_rate": give.most_bp is not None,
        "most_off": give.most_off_fen is not None,
        "times": bool(offer.when.times),
        "weekdays": bool(offer.when.weekdays),
        "mix": offer.mix,
        "repeat": offer.repeat is not None,
        "stack": offer.stack_with_member_price,
        "limits": offer.limits != Limits(),
    }


def _fields(offer: Offer) -> _Found:
    given = given_fields(offer)
    known = {"times", "weekdays"} | _ALLOWED[offer.kind]
    for choices in _NEEDED[offer.kind]:
        known |= set(choices)
        present = [name for name in choices if given[name]]
        if not present:
            yield choices[0], "offer_needs_one", " | ".join(choices)
        elif len(present) > 1 and choices != ("times", "weekdays"):
            yield present[1], "offer_one_only", " | ".join(present)
    for name, there in given.items():
        if there and name not in known:
            yield name, "offer_field_not_for_kind", offer.kind
    if offer.mix and offer.need.slots:
        yield "mix", "offer_field_not_for_kind", "slots"
    if given["slots"] and not offer.scope.everything:
        yield "skus", "offer_field_not_for_kind", "slots"


def _amounts(offer: Offer) -> _Found:
    need, give = offer.need, offer.give
    least_price = 0 if offer.kind == "add_on" else 1
    rates_full = offer.kind == "nth"
    for field, value, least, most in (
        ("amount", need.amount_fen or None, 1, MAX_FEN),
        ("price", give.price_fen, least_price, MAX_FEN),
        ("off", give.off_fen, 1, MAX_FEN),
        ("most_off", give.most_off_fen, 1, MAX_FEN),
        ("budget", offer.limits.budget_fen, 1, MAX_FEN * 1000),
        ("rate", give.off_bp, 1, FULL_RATE if rates_full else FULL_RATE - 1),
        ("most_rate", give.most_bp, 1, FULL_RATE),
        ("points", give.points or None, 1, MAX_COUNT),
        ("repeat", offer.repeat, 1, MAX_COUNT),
        ("per_order", offer.limits.per_order, 1, MAX_COUNT),
        ("per_member", offer.limits.per_member, 1, MAX_COUNT),
        ("per_day", offer.limits.per_day, 1, MAX_COUNT),
        *(("level_rates", bp, 1, FULL_RATE - 1) for _, bp in give.levels),
    ):
        if value is not None and not least <= value <= most:
            yield field, "offer_number", str(value)
    least = 2 if offer.kind in ("nth", "bundle") else 1
    most_qty = MAX_SET if offer.kind in SET_KINDS else MAX_COUNT
    pieces = need.qty + give.free_qty + sum(slot.qty for slot in need.slots)
    if any(slot.qty < 1 for slot in need.slots):
        yield "slots", "offer_number", "0"
    elif need.qty < 0 or give.free_qty < 0 or pieces > most_qty:
        yield "free" if give.free_qty < 0 else "qty", "offer_number", str(pieces)
    elif offer.kind in SET_KINDS and 0 < pieces < least:
        yield "slots" if need.slots else "qty", "offer_number", str(pieces)
    if offer.kind in ("spend_off", "every_off") and 0 < need.amount_fen < (give.off_fen or 0):
        yield "off", "offer_off_above_amount", ""


def _when(offer: Offer) -> _Found:
    when = offer.when
    if when.first and when.last and when.last < when.first:
        yield "last", "offer_dates_reversed", f"{when.first} – {when.last}"
    if any(not 1 <= day <= 7 for day in when.weekdays) or _twice(when.weekdays):
        yield "weekdays", "offer_weekdays", ",".join(str(day) for day in when.weekdays)
    for start, end in when.times:
        if not (0 <= start < _MINUTES and 0 < end <= _MINUTES) or start == end:
            yield "times", "offer_times", f"{clock_text(start)}-{clock_text(end)}"


def clock_text(minute: int) -> str:
    """A minute of the day as `HH:MM`."""
    return f"{minute // 60:02d}:{minute % 60:02d}"


def _who(offer: Offer) -> _Found:
    if offer.who == "level" and not offer.levels:
        yield "levels", "offer_missing", ""
    if offer.who != "level" and offer.levels:
        yield "levels", "offer_levels_without_level", offer.who
    if offer.kind in ("member_price", "points") and offer.who == "all":
        yield "who", "offer_for_members", offer.kind
    if offer.limits.per_member is not None and offer.who == "all":
        yield "who", "offer_for_members", "per_member"
    names = [name for name, _ in offer.give.levels]
    if _twice(names) or not all(names):
        yield "level_rates", "offer_twice", ", ".join(names)


def _scope(offer: Offer) -> _Found:
    if offer.kind in _SINGLE and offer.give.price_fen is not None and offer.scope.everything:
        yield "skus", "offer_price_needs_scope", ""
    scopes = [offer.scope, *(slot.scope for slot in offer.need.slots)]
    for field, names in (
        ("skus", [s.skus + s.not_skus for s in scopes]),
        ("categories", [s.categories + s.not_categories for s in scopes]),
        ("brands", [s.brands + s.not_brands for s in scopes]),
        ("gifts", [offer.give.gifts]),
        ("levels", [offer.levels]),
        ("shops", [offer.shops]),
    ):
        for group in names:
            if _twice(group):
                yield field, "offer_twice", ", ".join(sorted({x for x in group if _many(x, group)}))
            elif not all(x and clean(x) == x for x in group):
                yield field, "offer_text", ""
    if offer.need.slots and any(s.everything for s in scopes[1:]):
        yield "slots", "offer_slot_empty", ""


def _twice(values: Sequence[object]) -> bool:
    return len(set(values)) != len(values)


def _many(value: str, values: Sequence[str]) -> bool:
    return values.count(value) > 1
