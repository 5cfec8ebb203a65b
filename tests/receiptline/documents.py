"""Documents that go through the whole grammar, and a maker of any number of others."""

from __future__ import annotations

import random

from tests.receiptline.setting import PNG

WRITTEN = [
    # columns and alignment
    *["a", "|a", "a|", "|a|", "| a", "a |", "| a|", "|a |", "| a |", "  a|", "  a |", "\ta|"],
    *["Asparagus | 0.99", "a|b|c", "||a|", "a||b", "|a||b|", "|", "||", "|||", "", " ", "a|||"],
    # rules, cuts, dashes in text
    *["-", "---", "|-|", "- ", "=", "a\n=\nb", "-|-", "=|=", "--=", "-a", r"\-", r"\x2d\x2d"],
    # marks
    *["~a~", "_a_b", '"a"b', "`a`b", "^a", "^^a", "^^^a", "^^^^a", "^^^^^a", "^^^^^^a"],
    *["^^^^^^^a", "^^^^^^^^^a^b", "^a^^b^c", "^中文|^^x", '_"^a|b', "^~a|", "a~~|b", "^é—①𠮷|"],
    # escapes
    *[r"\\ \| \{ \} \- \= \~ \_ \" \` \^", r"\x41\x7c\x5e|", r"a\nb", r"a\n\nb", r"a\qb", "a\\"],
    *[r"\n", r"\na", r"a\n", r"a\x4gb", r"\x20a\x20|", r"a\;b", "a\r\nb\rc", "\x01a\x7fb"],
    # widths of signs
    *["￥12.50|", "— … · ①|", "䶮|", "𠮷野家|", "e\u0301|", "🥤可乐|", "한국|", "ｱ㎡|", "\u3000a|"],
    # widths of columns
    *["{w:*}\na|b", "{w:10,10}\na|b", "{w:10,*}\na|b", "{w:20,20}\n|a|b|", "{w:40}\n|a"],
    *["{w:30,5}\na|b|c", "{w:*,20,20,*}\n|a|b|c|d|", "{w:0,*}\na|b", "{w:5,,5}\na|b|c", "{w:0}\n-"],
    *["{w:10, *}\na|b|c", "{w:1 1 1 1 1}\na|b|c|d|e", "{w:5,5}\n|a|", "{width:7;a:right}\n|a"],
    *["{w:5,auto}\na|b", "{w:5;w:}\na", "|".join("abcdefghijklmnopqrstuvwxyz"), "{a:left;w:5}\na"],
    # borders
    *["{b:none}\na|b", "{b:0}\na|b", "{b:2}\na|b|c", "{border:line}\na|b\n-\nc|d|e", "{b:line}"],
    *["{b:line;w:6}\n-", "{b:line;w:5,5;a:left}\n|a|b\n-\n{w:3,4,5}\n|c|d|e", "{b:line}\n^a|^^b"],
    *["{b:line;w:5;a:left}\na\n-\n{w:11;a:right}\nb", "{b:line}\na\n=\n-\nb", "{b:line}\n\na"],
    *["{b:line}\na\n-\n{b:space}\n-\nb|c", "{b:line}\na|b\n{c:123}\nc|d", "{b:line}\n\\na|b"],
    *["{b:line;w:0}\na|b", "{b:line;w:5,0,*}\na|b|c|d", "{b:line}\na\n-\n{c:1}\nb|c"],
    # wrap and nowrap
    *["{w:3}\nab中c", "{w:3}\nabc\\nd", "{w:3}\nab中\\nd", "{w:1}\n|a中\\nb", "{w:3}\nx^^^^^a^^b"],
    *[
        "{t:nowrap}\n|a" + "中文" * 15 + "|x",
        "{t:nowrap}\nab\\ncd",
    ],
    *[
        "{t:nowrap;w:3}\n中^a^b",
        "{w:5,5}\n|abcdefg|a\\n\\nb|",
        "a中文中文中文中文中文中文中文中文中文中文中文中文",
    ],
    # codes, pictures, comments
    *["{c:6901234567892;o:ean 3 100 hri}\na", "{o:qrcode 6 h}\n{c:中}\n|a", f"{{i:{PNG}}}\na"],
    *["{comment:a}\nb", "{_:a|b}\nb", "{}\na", "{;w:5;;a:left}\na", "{ w : 5 }\na", "{w:5}|\na"],
    # receipts
    "^^^晨光便利\n{w:*,6,9}\n|品名 |数量| 金额|\n-\n{w:*}\n|可口可乐 330ml — 罐装·特惠 |\n"
    "{w:*,6,9}\n"
    '|~6901234567892 | 3| 9.00|\n{w:auto}\n-\n|"合计" | ￥9.00|\n'
    "{b:line;w:*,10}\n|微信 | 9.00|\n-\n"
    "|找零 | 0.00|\n{b:space;w:auto}\n{c:6901234567892;o:ean hri}\n_谢谢惠顾_\n=",
]

_PARTS = [
    *["a", "bc", "中", "价格￥", "—", "…", "0.99", "^", "^^", "^^^", "^^^^^", "_", '"', "`", "~"],
    *[" ", "  ", "\\n", "\\|", "\\{", "\\-", "\\x41", "word", "①", "𠮷", "=", "-", "\\\\", "é"],
]
_WIDTHS = ["0", "*", "1", "3", "5", "8", "12", "40"]


def made(seed: int, count: int) -> list[str]:
    """`count` documents of up to eight lines, the same for the same seed."""
    chance = random.Random(seed)
    return ["\n".join(_line(chance) for _ in range(chance.randint(1, 8))) for _ in range(count)]


def _line(chance: random.Random) -> str:
    kind = chance.random()
    if kind < 0.16:
        return chance.choice(["-", "---", "| - |", "=", ""])
    if kind < 0.36:
        return "{" + ";".join(_property(chance) for _ in range(chance.randint(1, 3))) + "}"
    columns = [
        chance.choice(["", " "])
        + "".join(chance.choice(_PARTS) for _ in range(chance.choice([0, 1, 2, 3, 5, 12])))
        + chance.choice(["", " "])
        for _ in range(chance.choice([1, 1, 2, 2, 3, 4]))
    ]
    return chance.choice(["", "|"]) + "|".join(columns) + chance.choice(["", "|"])


def _property(chance: random.Random) -> str:
    # never hidden columns alone: in a frame npm draws that as the word "undefined"
    widths = [chance.choice(_WIDTHS[1:]), *chance.choices(_WIDTHS, k=chance.randint(0, 4))]
    chance.shuffle(widths)
    return chance.choice(
        [
            "width:" + chance.choice([",", " "]).join(widths),
            "w:" + chance.choice(["auto", "*", ""]),
            "border: line",
            "b:" + chance.choice(["line", "space", "none", "0", "1", "2", ""]),
            "align: " + chance.choice(["left", "right", "center"]),
            "t:" + chance.choice(["wrap", "nowrap"]),
            "c:12;o:" + chance.choice(["code39 hri", "qrcode 4 m", "itf"]),
        ]
    )
