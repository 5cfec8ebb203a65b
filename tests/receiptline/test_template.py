"""Templates: what they may do, and that data never becomes markup."""

from __future__ import annotations

import time
from contextlib import suppress
from datetime import date
from decimal import Decimal

import pytest
from hypothesis import example, given
from hypothesis import strategies as st

from pos.receiptline.budget import MAX_OUTPUT
from pos.receiptline.layout import lay_out
from pos.receiptline.nodes import CutLine, RuleLine, SettingLine, TextLine
from pos.receiptline.parse import parse
from pos.receiptline.rows import TextRow
from pos.receiptline.template import MAX_SOURCE, fill
from pos.refusal import Refused
from pos.text import clean
from tests.receiptline.setting import SIGNS, STEADY

HOSTILE = st.text(st.sampled_from(SIGNS + "{%}#|") | st.characters(codec="utf-8"), max_size=30)


def refused(
    source: str, data: dict[str, object] | None = None, others: dict[str, str] | None = None
) -> Refused:
    with pytest.raises(Refused) as caught:
        fill(source, data or {}, "shop.receipt", others)
    return caught.value


def column(source: str) -> str:
    (line,) = parse(source).lines
    assert isinstance(line, TextLine)
    (only,) = line.columns
    return "".join(run.text for run in only.runs)


# escaping


@STEADY
@given(HOSTILE)
@example("---")
@example("===")
@example("{c:1}")
@example("a|b\n=\n")
@example("\\n\\x41\\")
@example("\u1fef\u037e")
def test_a_value_in_a_column_is_itself(value: str) -> None:
    for template in ("|{{ v }}|", "{{ v }}", "|{{ v }}", "{{ v }} |"):
        assert column(fill(template, {"v": value})) == clean(value)


@STEADY
@given(HOSTILE, HOSTILE)
def test_values_stay_in_their_columns(one: str, other: str) -> None:
    (line,) = parse(fill("|a{{ v }}~|{{ w }} |", {"v": one, "w": other})).lines
    assert isinstance(line, TextLine)
    texts = ["".join(run.text for run in part.runs) for part in line.columns]
    assert texts == [f"a{clean(one)} ", clean(other)]
    assert line.columns[0].align == "center"
    # nothing at all has no side to stand on
    assert line.columns[1].align == ("left" if clean(other) else "center")


@STEADY
@given(HOSTILE)
@example("a;option:qrcode")
@example("}\n{x:1}")
def test_a_value_in_a_property_is_itself(value: str) -> None:
    for template in ("{code:{{ v }}}", "{c: {{ v }} ; o:qrcode}", "{o:ean;c:{{v}}}"):
        (line,) = parse(fill(template, {"v": value})).lines
        assert isinstance(line, SettingLine)
        assert (line.code.data if line.code else "") == clean(value)


@STEADY
@given(st.lists(HOSTILE, min_size=1, max_size=5))
def test_values_make_no_rules_cuts_or_lines(values: list[str]) -> None:
    source = "{% for v in values %}\n{{ v }}\n{% endfor %}"
    lines = parse(fill(source, {"values": values})).lines
    assert len(lines) == len(values) + 1
    assert not any(isinstance(line, RuleLine | CutLine | SettingLine) for line in lines)


@pytest.mark.parametrize(
    "template",
    [
        "{{ v ~ '|' }}",
        "{{ v + '|' }}",
        "{% macro m(x) %}{{ x }}{% endmacro %}{{ m(v) ~ v }}{{ v ~ m(v) }}{{ m(m(v)) }}",
        "{% set w = v %}{{ w }}{{ '|' }}",
        "{% macro m() %}{{ v }}{% endmacro %}{{ m() + v }}{{ m()[0] }}{{ m()|last }}",
        "{{ [v, '|']|last }}{{ v }}",
    ],
)
def test_no_operation_unescapes(template: str) -> None:
    assert "|" not in fill(template, {"v": "|"})


@pytest.mark.parametrize("template", ["{{ v|safe }}", "{{ v|e }}", "{{ v|replace('a', 'b') }}"])
def test_filters_that_could_unescape_are_not_there(template: str) -> None:
    assert refused(template, {"v": "a"}).code == "receipt_template_syntax"


def test_what_wears_the_html_of_others_is_escaped() -> None:
    class Html(str):
        __slots__ = ()

        def __html__(self) -> str:
            return str(self)

    assert fill("{{ v }}", {"v": Html("|")}) == "\\x7c"


def test_a_backslash_before_a_value_is_refused() -> None:
    assert refused("a\n\\{{ v }}", {"v": "n"}).values["line"] == 2
    assert refused("\\x{{ v }}", {"v": "7c"}).code == "receipt_template_syntax"
    assert fill("\\\\{{ v }}", {"v": "n"}) == "\\\\n"


@pytest.mark.parametrize(
    ("value", "said"),
    [
        (None, ""),
        (3, "3"),
        (-3, "-3"),
        (1.5, "1.5"),
        (Decimal("2.50"), "2.50"),
        (date(2026, 8, 3), "2026-08-03"),
        ("  a \u202e b\n", "a b"),
        ("a" * 5000, "a" * 4000),
    ],
)
def test_values(value: object, said: str) -> None:
    assert column(fill("{{ v }}", {"v": value})) == said


@pytest.mark.parametrize("value", [[1], {"a": 1}, object(), True, b"a"])
def test_what_is_no_text_is_refused(value: object) -> None:
    assert refused("{{ v }}", {"v": value}).code == "receipt_template_fault"


# what a template can say


@pytest.mark.parametrize(
    ("source", "said"),
    [
        ("{% for i in range(3) %}\n{{ i }}\n{% endfor %}\nend", "0\n1\n2\nend"),
        ("a\n    {% if v == 'a' %}\nyes\n    {% endif %}\nb", "a\nyes\nb"),
        ("{% for x in lines %}{{ loop.index }}{{ x.name }}{% else %}-{% endfor %}", "1a2b"),
        ("{% for x in lines if x.name == 'b' %}{{ x.name }}{% endfor %}", "b"),
        ("{# a comment #}{a:left}", "{a:left}"),
        ("{{ nothing|default('d') }}", "d"),
        ("{{ order.items }}", "7"),
        ("{{ lines|length }}{{ (lines|first).name }}{{ lines[1].name }}", "2ab"),
        ("{{ 2 + 3 * 4 - 7 // 2 }}", "11"),
        ("{% set x = 2 %}{{ x ** 3 }}", "8"),
        ("{% macro row(x) %}{{ x }} | 1{% endmacro %}{{ row('a|') }}", "a\\x7c | 1"),
        ("{% macro m() %}|{{ caller() }}{% endmacro %}{% call m() %}-{% endcall %}", "|-"),
        ("{% include 'foot' %}", "-\n\\x7ca"),
        ("{% import 'rows' as r %}{{ r.row(v) }}", "a |"),
        ("{% from 'rows' import row %}{{ row('|') }}", "\\x7c |"),
        ("{% extends 'base' %}{% block body %}{{ super() }}=\n{% endblock %}", "top|\n-\n=\n"),
        ("{% raw %}{{ v }}{% endraw %}", "{{ v }}"),
    ],
)
def test_language(source: str, said: str) -> None:
    others = {
        "foot": "-\n{{ '|' }}{{ v }}",
        "rows": "{% macro row(x) %}{{ x }} |{% endmacro %}",
        "base": "top|\n{% block body %}\n-\n{% endblock %}\n",
    }
    data: dict[str, object] = {
        "v": "a",
        "lines": [{"name": "a"}, {"name": "b"}],
        "order": {"items": 7},
    }
    assert fill(source, data, "shop.receipt", others) == said


@pytest.mark.parametrize(
    ("source", "said"),
    [
        ("{{ 1230|yuan }}", "12.30"),
        ("{{ -5|yuan }}", "\\x2d0.05"),
        ("{{ (0 - 5)|yuan }}", "\\x2d0.05"),
        ("{{ 1000|qty }}", "1"),
        ("{{ 355|qty }}", "0.355"),
        ("{{ 12500|qty }}", "12.5"),
        ("{{ (0 - 20)|qty }}", "\\x2d0.02"),
        ("{{ 100000|qty }}", "100"),
        ("{{ '13800138000'|masked }}", "*******8000"),
        ("{{ '张三'|masked(1) }}", "*三"),
        ("{{ 'ab'|masked }}", "*b"),
        ("{{ ''|masked }}", ""),
        ("{{ '中|'|pad(5) }}", "中\\x7c\\x20\\x20"),
        ("{{ '中'|pad(4, 'right') }}", "\\x20\\x20中"),
        ("{{ '中文'|pad(3) }}", "中\\x20"),
    ],
)
def test_filters(source: str, said: str) -> None:
    assert fill(source, {}) == said


def test_padding_reaches_the_paper() -> None:
    (row,) = lay_out(parse(fill("|{{ '中'|pad(6) }}x|", {})), 32).rows
    assert isinstance(row, TextRow)
    assert row.pieces[0].text == "中    x"


def test_an_included_file_keeps_its_last_line_end() -> None:
    said = fill("{% include 'head' %}\nb\n", {}, "shop.receipt", {"head": "a\n"})
    assert said == "a\nb\n"


# what is refused


@pytest.mark.parametrize(
    ("source", "code", "line"),
    [
        ("a\n{{ v", "receipt_template_syntax", 2),
        ("\n\n{% for %}", "receipt_template_syntax", 3),
        ("\n{% set x %}a{% endset %}", "receipt_template_syntax", 2),
        ("\n{% filter first %}a{% endfilter %}", "receipt_template_syntax", 2),
        ("\n{% autoescape true %}{% endautoescape %}", "receipt_template_syntax", 2),
        ("{% for a in x recursive %}{% endfor %}", "receipt_template_syntax", 1),
        ("a\n\n{{ missing }}", "receipt_missing_value", 3),
        ("a\n{% for i in [1] %}\n{{ data.name }}\n{% endfor %}", "receipt_missing_value", 3),
        ("{% if missing %}{% endif %}", "receipt_missing_value", 1),
        ("\n{% for i in missing %}{% endfor %}", "receipt_missing_value", 2),
        ("\n{% include 'none' %}", "receipt_no_template", 2),
        ("\n{% extends 'none' %}", "receipt_no_template", 2),
        ("\n{{ 1 // 0 }}", "receipt_template_fault", 2),
        ("\n{{ 9 ** 9 ** 9 }}", "receipt_template_fault", 2),
        ("{{ 10 ** 60 }}", "receipt_template_fault", 1),
        ("{{ 999999999 * 9999999999 }}", "receipt_template_fault", 1),
        ("{{ 'a' * 1000000000 }}", "receipt_template_fault", 1),
        ("{{ [1] * 1000000000 }}", "receipt_template_fault", 1),
        ("{{ '%1000000000d' % 1 }}", "receipt_template_fault", 1),
        ("{{ '{:>1000000000}'.format(1) }}", "receipt_template_fault", 1),
        ("{{ range(1000000000)|length }}", "receipt_template_fault", 1),
        ("{{ data.__class__ }}", "receipt_missing_value", 1),
        ("{{ ''.__class__.__mro__ }}", "receipt_template_fault", 1),
        ("{{ 'a'.upper() }}", "receipt_template_fault", 1),
        ("{{ text.join }}", "receipt_template_fault", 1),
        ("{% call text.format() %}{% endcall %}", "receipt_template_fault", 1),
    ],
)
def test_refusals_name_the_line(source: str, code: str, line: int) -> None:
    no = refused(source, {"data": {}, "text": "a"})
    assert (no.code, no.values["name"], no.values["line"]) == (code, "shop.receipt", line)


def test_a_missing_value_is_named() -> None:
    assert refused("{{ shop.nmae }}", {"shop": {"name": "a"}}).values["what"] == "nmae"


def test_a_fault_in_another_template_names_that_one() -> None:
    no = refused("\n{% include 'foot' %}", {}, {"foot": "\n\n{{ v }}"})
    assert (no.values["name"], no.values["line"]) == ("foot", 3)


LOOP = "{% for i in range(999) %}"
ENDLESS = {
    "loops in loops": "\n" + LOOP * 4 + "{% endfor %}" * 4,
    "loops that pick nothing": "\n" + (LOOP[:-3] + " if i < 0 or true %}") * 4 + "{% endfor %}" * 4,
    "a macro that calls itself": "\n{% macro m() %}{{ m() }}{% endmacro %}{{ m() }}",
    "a macro that calls itself twice": (
        "\n{% macro m(n) %}{% if n %}{{ m(n - 1) }}{{ m(n - 1) }}{% endif %}{% endmacro %}"
        "{{ m(40) }}"
    ),
    "a block in itself": "\n{% block b %}{{ self.b() }}{% endblock %}",
    "a template in itself": "\n{% include 'shop.receipt' %}",
    "a template under itself": "{% extends 'shop.receipt' %}",
}


@pytest.mark.parametrize("source", ENDLESS.values(), ids=ENDLESS.keys())
def test_what_has_no_end_is_stopped(source: str) -> None:
    started = time.monotonic()
    no = refused(source)
    assert no.code == "receipt_endless"
    assert no.values["line"]
    assert time.monotonic() - started < 30


def test_includes_that_double_are_stopped() -> None:
    others = {f"t{n}": f"{{% include 't{n + 1}' %}}" * 2 for n in range(40)}
    others["t40"] = ""
    assert refused("{% include 't0' %}", {}, others).code == "receipt_endless"


@pytest.mark.parametrize(
    "source",
    [
        LOOP * 2 + "y" * 50 + "{% endfor %}" * 2,
        "{% macro m() %}" + "y" * 3000 + "{% endmacro %}" + LOOP + "{{ m() }}{% endfor %}",
        "{% set x = 'ab' %}" + "{% set x = x ~ x %}" * 60,
        "{% set x = 'ab' %}" + "{% set x = x + x %}" * 60,
        "{% set x = [1] %}" + "{% set x = x + x %}" * 60,
    ],
)
def test_what_grows_is_stopped(source: str) -> None:
    assert refused(source).code in (
        "receipt_too_long",
        "receipt_endless",
        "receipt_template_fault",
    )


def test_a_template_is_no_longer_than_any_receipt() -> None:
    assert refused("a" * (MAX_SOURCE + 1)).code == "receipt_too_long"


def test_a_receipt_of_two_thousand_lines_is_within_the_budget() -> None:
    source = (
        "{% for line in lines %}\n{width:*}\n|{{ line.name }} |\n{width:*,6,9}\n"
        "|{{ line.code }} |{{ line.milli|qty }}| {{ line.fen|yuan }}|\n"
        "{% if line.off %}\n|优惠 | | -{{ line.off|yuan }}|\n{% endif %}\n{% endfor %}"
    )
    line = {"name": "可口可乐 330ml 罐装", "code": "6901234567892", "milli": 1, "fen": 1, "off": 1}
    filled = fill(source, {"lines": [line] * 2000})
    assert len(filled) < MAX_OUTPUT
    assert not lay_out(parse(filled), 48).faults


@STEADY
@given(
    st.lists(
        st.sampled_from(
            [
                "{{ v }}",
                "{{",
                "}}",
                "{%",
                "%}",
                "{% for i in v %}",
                "{% endfor %}",
                "{% if v %}",
                "{% endif %}",
                "{{ v|pad(3) }}",
                "{{ v ~ 1 }}",
                "{{ v * 2 }}",
                "{{ v() }}",
                "{#",
                "{{ v.a }}",
                "{{ v[0] }}",
                "{% include v %}",
                "{% macro m(v) %}",
                "{% endmacro %}",
                "{{ m(v) }}",
                "\n",
                "|",
                "\\",
                "{c:",
                "}",
                "{{ v|yuan }}",
                "{{ v|masked(v) }}",
            ]
        ),
        max_size=8,
    ).map("".join),
    st.none() | st.text(max_size=5) | st.integers() | st.lists(st.integers(), max_size=3),
)
def test_nothing_but_a_refusal(source: str, value: object) -> None:
    with suppress(Refused):
        lay_out(parse(fill(source, {"v": value})), 32)
