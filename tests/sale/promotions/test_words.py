"""Every code of offers has its words in both languages, and sentences say why."""

from __future__ import annotations

import re
import string
from pathlib import Path
from typing import get_args

import msgspec
import pytest

import pos.sale.promotions
from pos.money import yuan
from pos.refusal import Refused
from pos.sale.promotions import Coupon, Give, Member, Need, Offer, Scope
from pos.sale.promotions.checking import check
from pos.sale.promotions.explaining import explain, say_fault, say_finding, say_on_line
from pos.sale.promotions.files import read_toml
from pos.sale.promotions.model import OfferKind, Who
from pos.sale.promotions.validating import Fault
from pos.words.offers import KindWords, WhoWords
from pos.words.promotions import EN, ZH, PromotionWords
from pos.words.refusals import _FILL
from tests.sale.promotions.goods import (
    ALL,
    CHIPS,
    FACTS,
    MOMENT,
    PEACH,
    TEA,
    YOGURTS,
    given,
    order_of,
)

ROOM = Path(pos.sale.promotions.__file__).parent
SOURCES = "".join(path.read_text("utf-8") for path in sorted(ROOM.glob("*.py")))
PLAIN = [n for n in PromotionWords.__struct_fields__ if n not in ("kinds", "who", "fields")]
REASONS = PLAIN[PLAIN.index("not_this_shop") : PLAIN.index("given")]


def test_codes_and_words_are_the_same() -> None:
    codes = set(re.findall(r'"(offers?_[a-z_]+|found_[a-z_]+)"', SOURCES))
    codes -= {"offer_id", "found_unknown_"}
    codes |= {f"found_unknown_{x}" for x in ("sku", "category", "brand")}
    words = {n for n in PLAIN if n.startswith(("offer_", "offers_", "found_"))}
    assert codes == words
    assert all(f'"{code}"' in SOURCES for code in REASONS)
    assert KindWords.__struct_fields__ == get_args(OfferKind)
    assert WhoWords.__struct_fields__ == get_args(Who)


@pytest.mark.parametrize("words", [ZH, EN], ids=["zh", "en"])
def test_words_are_one_line_with_known_gaps(words: PromotionWords) -> None:
    for name in PLAIN:
        said = getattr(words, name)
        gaps = {gap for _, gap, _, _ in string.Formatter().parse(said) if gap}
        assert "\n" not in said
        if name.startswith("offer_"):
            assert {"id", "line"} <= gaps <= {"id", "line", "field", "text", "near"}
        elif name.startswith("found_"):
            assert {"id"} <= gaps <= {"id", "text", "other", "fen", "limit"}
        elif name in REASONS:
            assert gaps <= {"missing"}
    for part in (words.kinds, words.who, words.fields):
        labels = list(msgspec.structs.asdict(part).values())
        assert len(set(labels)) == len(labels)


def test_both_languages_fill_the_same_gaps() -> None:
    for name in PLAIN:
        one, two = (
            {gap for _, gap, _, _ in string.Formatter().parse(getattr(w, name)) if gap}
            for w in (ZH, EN)
        )
        assert one == two or name in ("near_add_on", "found_nothing"), name


def test_faults_and_findings_can_be_said() -> None:
    text = "[[offer]]\nid = 'x'\nname = 'x'\nkind = 'special'\nprize = '1'\n"
    low = Offer("low", "特价", "special", Scope(skus=("C1",)), give=Give(price_fen=590))
    findings = check((low,), ALL, FACTS, MOMENT)
    for words in (ZH, EN):
        said = [say_fault(fault, words) for fault in read_toml(text).faults]
        assert len(said) == 2
        assert any("prize" in line and "price" in line for line in said)
        for finding in findings:
            line = say_finding(finding, words)
            assert "low" in line
            assert yuan(finding.fen) in line
            said.append(line)
        assert len(set(said)) == 4
        assert not any("{" in line for line in said)


def test_a_fault_that_goes_live_is_refused_in_the_same_words() -> None:
    fault = Fault("x", "prize", "offer_field_unknown", 5, "prize", "price")
    refused = Refused(fault.code, **fault.values())
    template = ZH.offer_field_unknown
    assert say_fault(fault, ZH) == _FILL.vformat(template, (), refused.values)


def test_an_order_is_explained() -> None:
    half = Offer(
        "half", "第二件{半价}", "nth", YOGURTS, need=Need(2), give=Give(off_bp=5000), mix=True
    )
    less = Offer(
        "less", "满 20 减 3", "spend_off", need=Need(amount_fen=2000), give=Give(off_fen=300)
    )
    more = Offer(
        "more", "满 40 减 9", "spend_off", need=Need(amount_fen=4000), give=Give(off_fen=900)
    )
    gift = Offer(
        "gift",
        "换毛巾",
        "add_on",
        need=Need(amount_fen=1000),
        give=Give(price_fen=990, gifts=("G1",)),
    )
    card = Offer("card", "三元券", "coupon", give=Give(off_fen=300))
    points = Offer("pts", "积分", "points", who="member", give=Give(points=100, off_fen=100))
    order = order_of((PEACH, 2), (TEA, 2), (CHIPS, 1))
    outcome = given(
        order, half, less, more, gift, card, points, member=Member(points=200), points=150,
        coupons=(Coupon("K1", "card"), Coupon("K2", "none")),
    )  # fmt: skip
    assert explain(outcome, ZH) == [
        "第二件{半价}（第N件M折）1 次，省 4.00 元",
        "  第 1 行 2 ×：原 16.00 元，省 4.00 元",
        "满 20 减 3（满减）1 次，省 3.00 元",
        "  按金额摊到整单各行",
        "三元券（优惠券 K1），省 3.00 元",
        "  按金额摊到整单各行",
        "积分（积分抵现）用 100 分，抵 1.00 元",
        "  按金额摊到整单各行",
        "共省 11.00 元",
        "没有用 none K2：没有这种券，请核对券码",
        "没有用 换毛巾：没有选换购品",
        "没有用 满 40 减 9：还差 8.10 元",
        "可加 9.90 元换购 G1（换毛巾，还可换 1 件）",
        "再买 8.10 元，享 满 40 减 9",
    ]
    english = explain(outcome, EN)
    assert len(english) == 14
    assert english[0] == "第二件{半价} (n-th piece) 1 times, saves 4.00"
    applied, part = outcome.of_line(1)[0]
    assert say_on_line(applied, part, ZH) == "第二件{半价} -4.00"


def test_a_member_price_of_the_product_has_a_name() -> None:
    outcome = given(order_of((ALL[0], 1)), member=Member())
    assert explain(outcome, ZH)[0] == "商品会员价（会员价）1 次，省 0.60 元"
