"""The symbology tables: for each sign the widths of its bars and spaces, a bar first.

Units are modules; where a code knows only narrow and wide, 1 and 2 stand for them.
"""

from __future__ import annotations


def _each(text: str) -> list[tuple[int, ...]]:
    return [tuple(map(int, word)) for word in text.split()]


def _two(text: str) -> list[tuple[int, ...]]:
    return [tuple(2 if mark == "w" else 1 for mark in word) for word in text.split()]


def _parities(text: str) -> list[str]:
    return text.split()


# left-hand odd parity, right-hand the same with bars and spaces exchanged, even parity reversed
EAN_DIGITS = _each("3211 2221 2122 1411 1132 1231 1114 1312 1213 3112")
EAN_PARITY = _parities("OOOOOO OOEOEE OOEEOE OOEEEO OEOOEE OEEOOE OEEEOO OEOEOE OEOEEO OEEOEO")
UPCE_PARITY = _parities("EEEOOO EEOEOO EEOOEO EEOOOE EOEEOO EOOEEO EOOOEE EOEOEO EOEOOE EOOEOE")

ITF = _two("nnwwn wnnnw nwnnw wwnnn nnwnw wnwnn nwwnn nnnww wnnwn nwnwn")

CODE39 = dict(
    zip(
        "0123456789ABCDEFGHIJKLMNOPQRSTUVWXYZ-. $/+%*",
        _two(
            "nnnwwnwnn wnnwnnnnw nnwwnnnnw wnwwnnnnn nnnwwnnnw wnnwwnnnn nnwwwnnnn nnnwnnwnw"
            " wnnwnnwnn nnwwnnwnn wnnnnwnnw nnwnnwnnw wnwnnwnnn nnnnwwnnw wnnnwwnnn nnwnwwnnn"
            " nnnnnwwnw wnnnnwwnn nnwnnwwnn nnnnwwwnn wnnnnnnww nnwnnnnww wnwnnnnwn nnnnwnnww"
            " wnnnwnnwn nnwnwnnwn nnnnnnwww wnnnnnwwn nnwnnnwwn nnnnwnwwn wwnnnnnnw nwwnnnnnw"
            " wwwnnnnnn nwnnwnnnw wwnnwnnnn nwwnwnnnn nwnnnnwnw wwnnnnwnn nwwnnnwnn nwnwnwnnn"
            " nwnwnnnwn nwnnnwnwn nnnwnwnwn nwnnwnwnn"
        ),
        strict=True,
    )
)

CODABAR = dict(
    zip(
        "0123456789-$:/.+ABCD",
        _two(
            "nnnnnww nnnnwwn nnnwnnw wwnnnnn nnwnnwn wnnnnwn nwnnnnw nwnnwnn nwwnnnn wnnwnnn"
            " nnnwwnn nnwwnnn wnnnwnw wnwnnnw wnwnwnn nnwnwnw nnwwnwn nwnwnnw nnnwnww nnnwwwn"
        ),
        strict=True,
    )
)

# values 43 to 46 are the shift signs ($) (%) (/) (+), here a b c d; after them start and stop
CODE93_ALPHABET = "0123456789ABCDEFGHIJKLMNOPQRSTUVWXYZ-. $/+%abcd"
CODE93 = _each(
    "131112 111213 111312 111411 121113 121212 121311 111114 131211 141111 211113 211212"
    " 211311 221112 221211 231111 112113 112212 112311 122112 132111 111123 111222 111321"
    " 121122 131121 212112 212211 211122 211221 221121 222111 112122 112221 122121 123111"
    " 121131 311112 311211 321111 112131 113121 211131 121221 312111 311121 122211 111141"
)


def _shifted() -> list[str]:
    """Code 93's signs for each of the 128 ASCII characters."""
    signs = ["bU", *("a" + chr(65 + i) for i in range(26)), *("b" + chr(65 + i) for i in range(5))]
    signs += [" ", *("c" + chr(65 + i) for i in range(12)), "-", ".", "/"]
    signs += [*"0123456789", "cZ", *("b" + chr(70 + i) for i in range(5)), "bV"]
    signs += [*"ABCDEFGHIJKLMNOPQRSTUVWXYZ", *("b" + chr(75 + i) for i in range(5)), "bW"]
    signs += [*("d" + chr(65 + i) for i in range(26)), *("b" + chr(80 + i) for i in range(5))]
    for direct in "$%+":
        signs[ord(direct)] = direct
    return signs


CODE93_SHIFTED = _shifted()

CODE128 = _each(
    "212222 222122 222221 121223 121322 131222 122213 122312 132212 221213 221312 231212"
    " 112232 122132 122231 113222 123122 123221 223211 221132 221231 213212 223112 312131"
    " 311222 321122 321221 312212 322112 322211 212123 212321 232121 111323 131123 131321"
    " 112313 132113 132311 211313 231113 231311 112133 112331 132131 113123 113321 133121"
    " 313121 211331 231131 213113 213311 213131 311123 311321 331121 312113 312311 332111"
    " 314111 221411 431111 111224 111422 121124 121421 141122 141221 112214 112412 122114"
    " 122411 142112 142211 241211 221114 413111 241112 134111 111242 121142 121241 114212"
    " 124112 124211 411212 421112 421211 212141 214121 412121 111143 111341 131141 114113"
    " 114311 411113 411311 113141 114131 311141 411131 211412 211214 211232 2331112"
)
