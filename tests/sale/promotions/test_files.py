"""Offers from files and back, and what is told of files that are wrong."""

from __future__ import annotations

from datetime import date
from pathlib import Path
from random import Random

import pytest

from pos.refusal import Refused
from pos.sale.promotions.fields import off_of_rate, rate_text
from pos.sale.promotions.files import (
    read_csv,
    read_toml,
    refuse_faults,
    write_csv,
    write_toml,
)
from pos.sale.promotions.model import LAYER_OF, Give, Limits, Need, Offer, Scope, Slot, When
from pos.words.promotions import EN, ZH
from tests.sale.promotions.carts import cart

EXAMPLE = (Path(__file__).parent / "offers.toml").read_text("utf-8")

FULL = Offer(
    "full",
    "=什么都有;“引号”",
    "special",
    Scope(("A1", "A2"), ("食品/茶",), ("甲",), ("A3",), ("酒",), ("乙",)),
    When(date(2026, 3, 1), date(2026, 3, 31), (1, 5), ((540, 720), (1320, 60))),
    "level",
    ("金", "银"),
    ("0001",),
    give=Give(off_bp=1234),
    group="-组",
    priority=-3,
    stack_with_member_price=True,
    limits=Limits(1, 2, 3, 500_000),
)


def faults(text: str) -> list[tuple[int, str, str, str]]:
    return [(f.line, f.offer_id, f.field, f.code) for f in read_toml(text).faults]


def test_the_example_holds_every_kind() -> None:
    reading = read_toml(EXAMPLE)
    assert reading.faults == ()
    assert [o.kind for o in reading.offers] == list(LAYER_OF)
    offers = {o.id: o for o in reading.offers}
    cola = offers["cola-special"]
    assert cola.give.price_fen == 299
    assert (cola.when.first, cola.when.last) == (date(2026, 3, 1), date(2026, 3, 31))
    assert offers["member-day"].who == "member"
    assert offers["member-day"].give.levels == (("金", 1000), ("银", 500))
    assert offers["evening"].when.times == ((19 * 60, 22 * 60),)
    assert offers["tea-time"].need.slots == (
        Slot(Scope(skus=("C1",))),
        Slot(Scope(categories=("饮料",)), 2),
    )
    assert offers["points"].give == Give(points=100, off_fen=100, most_bp=5000)


def test_both_forms_give_back_what_they_were_given() -> None:
    made = [offer for seed in range(80) for offer in cart(Random(seed)).offers]
    numbered = [
        Offer(**{**{f: getattr(o, f) for f in o.__struct_fields__}, "id": f"o{n}"})
        for n, o in enumerate(made)
    ]
    offers = (*read_toml(EXAMPLE).offers, FULL, *numbered)
    assert read_toml(write_toml(offers)).offers == offers
    for words in (ZH.fields, EN.fields):
        assert read_csv(write_csv(offers, words)).offers == offers


def test_no_cell_is_a_formula() -> None:
    rows = write_csv((FULL,), EN.fields).splitlines()
    assert "'=什么都有" in rows[1]
    assert "'-组" in rows[1]
    assert ",-3," in rows[1]


def test_csv_as_a_shop_writes_it() -> None:
    text = (
        "\ufeff编号,名称,类型,货号,件数,折扣,可混搭,开始日期\r\n"
        "a,第二件半价,第N件M折,Y1；Y2,2,5折,是,2026/03/01\r\n"
        ",,,,,,,\r\n"
        'b,"特价, 周末",单品特价,Y1,,85,否,\r\n'
    )
    one, two = read_csv(text).offers
    assert one.when.first == date(2026, 3, 1)
    assert (one.kind, one.need, one.give, one.mix) == ("nth", Need(2), Give(off_bp=5000), True)
    assert one.scope.skus == ("Y1", "Y2")
    assert (two.name, two.give.off_bp, two.mix) == ("特价, 周末", 1500, False)
    assert read_csv(text.replace(",", "\t").replace('"特价\t 周末"', "特价")).offers[0] == one


@pytest.mark.parametrize(
    ("text", "off"),
    [("8.5", 1500), ("85", 1500), ("5折", 5000), ("0", 10_000), ("95.55%", 445), ("9", 1000)],
)
def test_rates(text: str, off: int) -> None:
    assert off_of_rate(text) == off
    assert off_of_rate(rate_text(off)) == off


def test_every_rate_is_written_so_that_it_is_read_the_same() -> None:
    assert all(off_of_rate(rate_text(bp)) == bp for bp in range(1, 10_001))


def test_faults_of_toml_have_their_lines() -> None:
    text = EXAMPLE.replace("price = 2.99", "price = 'cheap'").replace(
        "qty = 2\nfree", "qtty = 2\nfree"
    )
    text = text.replace("points = 100\n", "points = 100\nname2 = 'x'\n")
    lines = text.split("\n")
    found = faults(text)
    assert found == [
        (lines.index("price = 'cheap'") + 1, "cola-special", "price", "offer_value"),
        (lines.index('id = "drinks-2-1"'), "drinks-2-1", "qty", "offer_needs_one"),
        (lines.index("qtty = 2") + 1, "drinks-2-1", "qtty", "offer_field_unknown"),
        (lines.index("name2 = 'x'") + 1, "points", "name2", "offer_field_unknown"),
    ]
    assert read_toml(text).offers == ()


def test_lines_are_found_past_text_of_several_lines() -> None:
    text = '[[offer]]\nid = """\n[[offer]]\nx"""\nname = "a"\nkind = "special"\nrate = 9\noff = 1\n'
    assert [(line, field) for line, _, field, _ in faults(text)] == [(7, "rate")]


@pytest.mark.parametrize(
    ("line", "code"),
    [
        ("rate = [9]", "offer_value"),
        ("rate = {a = 1}", "offer_value"),
        ("rate = 9\nskus = ['a;b']", "offer_value"),
        ("rate = 9\nskus = [1.5, {}]", "offer_value"),
        ("rate = 9\nfrom = 2026-03-01T00:00:00", "offer_value"),
        ("rate = 9\nfrom = '2026-02-30'", "offer_value"),
        ("rate = 9\nweekdays = '1-9'", "offer_value"),
        ("rate = 9\ntimes = '9:00'", "offer_value"),
        ("rate = 9\ntimes = '9:60-10:00'", "offer_value"),
        ("rate = 9\nqty = 'two'", "offer_value"),
        ("rate = 9\nmix = 'maybe'", "offer_value"),
        ("rate = 9\nwho = 'friends'", "offer_value"),
        ("rate = 9\nprice = '1.234'", "offer_value"),
        ("rate = 101", "offer_value"),
        ("rate = 9\nlevel_rates = '金'", "offer_value"),
        ("rate = 9\nmost_rate = '50'", "offer_value"),
        ("rate = 9\nRATE = 8", "offer_field_unknown"),
    ],
)
def test_values_that_cannot_be_read(line: str, code: str) -> None:
    text = f"[[offer]]\nid = 'x'\nname = 'x'\nkind = 'special'\n{line}\n"
    found = faults(text)
    assert (5 + line.count("\n"), "x", code) in {(at, who, c) for at, who, _, c in found}


def test_files_that_are_no_offers_at_all() -> None:
    for text in ("offer = [", "a = " + "[" * 3000, "x = 1e9999999\noffer = 5\n["):
        with pytest.raises(Refused, match="offers_not_toml"):
            read_toml(text)
    assert faults("offer = 5\nother = 1\n") == [
        (1, "", "other", "offer_field_unknown"),
        (1, "", "offer", "offer_value"),
    ]
    with pytest.raises(Refused, match="offers_no_header"):
        read_csv("name,kind\n")
    with pytest.raises(Refused, match="offers_no_header"):
        read_csv("")
    with pytest.raises(Refused, match="offers_not_csv") as caught:
        read_csv('id,name,kind\na,b,special\nc,"d" x,special\n')
    assert caught.value.values["line"] == 3
    with pytest.raises(Refused, match="offers_too_many"):
        read_csv("x" * 5_000_001)
    with pytest.raises(Refused, match="offers_too_many"):
        read_csv("id,name,kind,rate\n" + "a,b,special,9\n" * 5001)
    assert read_toml("").offers == ()


def test_faults_of_csv_have_their_lines() -> None:
    text = 'id,name,kind,rate,colour\na,"two\nlines",special,9,\na,b,special,x,\nc,d,,9,,stray\n'
    found = [(f.line, f.offer_id, f.field, f.code) for f in read_csv(text).faults]
    assert found == [
        (1, "", "colour", "offer_field_unknown"),
        (4, "a", "rate", "offer_value"),
        (4, "a", "price", "offer_needs_one"),
        (4, "a", "id", "offer_repeated"),
        (5, "c", "", "offer_value"),
        (5, "c", "kind", "offer_missing"),
    ]
    twice = read_csv("id,name,kind,rate,折扣\na,b,special,9,9\n").faults
    assert [(f.line, f.code) for f in twice] == [(1, "offer_twice")]


def test_a_file_with_a_fault_is_refused_whole() -> None:
    good, bad = read_toml(EXAMPLE), read_toml(EXAMPLE.replace("qty = 3", "qty = 'x'"))
    assert refuse_faults(good, "") == good.offers
    with pytest.raises(Refused, match="offers_faults") as caught:
        refuse_faults(bad, "why")
    assert caught.value.values["first"] == "why"


def test_hidden_characters_do_not_come_in() -> None:
    text = "[[offer]]\nid = 'x'\nname = 'a\\u202e'\nkind='special'\nrate = 9\nskus=['\u200bA1']\n"
    (offer,) = read_toml(text.replace("'a\\u202e'", '"a\\u202e\\u001b"')).offers
    assert (offer.name, offer.scope.skus) == ("a", ("A1",))
