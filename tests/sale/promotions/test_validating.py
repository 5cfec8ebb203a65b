"""Every fault of an offer, by its field and code."""

from __future__ import annotations

from datetime import date

import pytest
from msgspec.structs import replace

from pos.sale.promotions import Give, Limits, Need, Offer, Scope, Slot, When
from pos.sale.promotions.model import OfferKind
from pos.sale.promotions.validating import faults_of, faults_of_all

RATE = Give(off_bp=1000)
SPECIAL = Offer("s", "特价", "special", give=RATE)
NTH = Offer("n", "第二件", "nth", need=Need(2), give=RATE)
SPEND = Offer("m", "满减", "spend_off", need=Need(amount_fen=1000), give=Give(off_fen=100))
BUNDLE = Offer("b", "组合", "bundle", need=Need(slots=(Slot(Scope(skus=("A",)), 2),)), give=RATE)
ADD_ON = Offer(
    "a", "换购", "add_on", need=Need(qty=1), give=Give(price_fen=0, gifts=("A",))
)  # fmt: skip


@pytest.mark.parametrize(
    ("offer", "field", "code"),
    [
        (replace(SPECIAL, id=""), "id", "offer_missing"),
        (replace(SPECIAL, name="a\x1b"), "name", "offer_text"),
        (replace(SPECIAL, name="a" * 61), "name", "offer_text"),
        (replace(SPECIAL, group="a\n"), "group", "offer_text"),
        (replace(SPECIAL, priority=10**7), "priority", "offer_number"),
        (replace(SPECIAL, give=Give()), "price", "offer_needs_one"),
        (replace(SPECIAL, give=Give(off_bp=1, off_fen=1)), "rate", "offer_one_only"),
        (replace(SPECIAL, give=Give(off_bp=10_000)), "rate", "offer_number"),
        (replace(SPECIAL, give=Give(off_fen=0)), "off", "offer_number"),
        (replace(SPECIAL, give=Give(price_fen=0), scope=Scope(("A",))), "price", "offer_number"),
        (replace(SPECIAL, give=Give(price_fen=9)), "skus", "offer_price_needs_scope"),
        (replace(SPECIAL, need=Need(2)), "qty", "offer_field_not_for_kind"),
        (replace(SPECIAL, mix=True), "mix", "offer_field_not_for_kind"),
        (replace(SPECIAL, repeat=2), "repeat", "offer_field_not_for_kind"),
        (replace(SPECIAL, kind="time_price"), "times", "offer_needs_one"),
        (replace(SPECIAL, kind="member_price"), "who", "offer_for_members"),
        (replace(SPECIAL, limits=Limits(per_member=1)), "who", "offer_for_members"),
        (replace(SPECIAL, limits=Limits(per_order=0)), "per_order", "offer_number"),
        (replace(SPECIAL, limits=Limits(budget_fen=-1)), "budget", "offer_number"),
        (replace(SPECIAL, who="level"), "levels", "offer_missing"),
        (replace(SPECIAL, levels=("金",)), "levels", "offer_levels_without_level"),
        (replace(SPECIAL, scope=Scope(("A", "A"))), "skus", "offer_twice"),
        (replace(SPECIAL, scope=Scope(("A\x00",))), "skus", "offer_text"),
        (replace(SPECIAL, shops=("1", "1")), "shops", "offer_twice"),
        (
            replace(SPECIAL, when=When(date(2026, 3, 2), date(2026, 3, 1))),
            "last",
            "offer_dates_reversed",
        ),
        (replace(SPECIAL, when=When(weekdays=(0,))), "weekdays", "offer_weekdays"),
        (replace(SPECIAL, when=When(weekdays=(1, 1))), "weekdays", "offer_weekdays"),
        (replace(SPECIAL, when=When(times=((60, 60),))), "times", "offer_times"),
        (replace(SPECIAL, when=When(times=((60, 1441),))), "times", "offer_times"),
        (
            replace(SPECIAL, kind="member_price", who="member", give=Give(levels=(("金", 1),) * 2)),
            "level_rates",
            "offer_twice",
        ),
        (replace(NTH, need=Need(1)), "qty", "offer_number"),
        (replace(NTH, need=Need(51)), "qty", "offer_number"),
        (replace(NTH, need=Need(-2)), "qty", "offer_number"),
        (replace(NTH, repeat=0), "repeat", "offer_number"),
        (replace(NTH, give=Give(off_bp=1000, free_qty=1)), "free", "offer_field_not_for_kind"),
        (replace(BUNDLE, need=Need(slots=(Slot(Scope(("A",)), 0),))), "slots", "offer_number"),
        (replace(BUNDLE, need=Need(slots=(Slot(Scope()), Slot(Scope())))), "slots",
         "offer_slot_empty"),
        (replace(BUNDLE, scope=Scope(("A",))), "skus", "offer_field_not_for_kind"),
        (replace(BUNDLE, mix=True), "mix", "offer_field_not_for_kind"),
        (replace(BUNDLE, need=Need()), "qty", "offer_needs_one"),
        (replace(SPEND, give=Give(off_fen=1001)), "off", "offer_off_above_amount"),
        (replace(SPEND, need=Need(amount_fen=-5)), "amount", "offer_number"),
        (replace(ADD_ON, give=Give(price_fen=0)), "gifts", "offer_needs_one"),
        (replace(ADD_ON, give=Give(price_fen=0, gifts=("A", "A"))), "gifts", "offer_twice"),
    ],
)  # fmt: skip
def test_a_fault_is_named(offer: Offer, field: str, code: str) -> None:
    found = {(f.field, f.code) for f in faults_of(offer)}
    assert (field, code) in found
    assert all(f.offer_id == offer.id for f in faults_of(offer))


def test_sound_offers_have_none() -> None:
    assert faults_of_all((SPECIAL, NTH, SPEND, BUNDLE, ADD_ON)) == ()
    free: OfferKind = "nth"
    assert faults_of(replace(NTH, kind=free, give=Give(off_bp=10_000))) == ()


def test_an_id_is_there_once() -> None:
    assert [f.code for f in faults_of_all((SPECIAL, SPECIAL))] == ["offer_repeated"]
