"""No formula in a file that a spreadsheet opens, and the way back.

A spreadsheet runs a cell that begins with = + - @ or white space before them (OWASP, "CSV
Injection"). Such text gets an apostrophe in front; text that already looks guarded gets one more,
so that `unguard(guard(text)) == text` for every text without white space around it.
"""

from __future__ import annotations

import re

_SPECIAL = re.compile(r"'*[=+\-@＝＋－＠\t\r\n]")
_GUARDED = re.compile(r"'+[=+\-@＝＋－＠\t\r\n]")
# what a spreadsheet takes for a number or a date and spoils: long codes, leading zeros, 5-1
_NUMBERLIKE = re.compile(
    r"[0-9][0-9.,:/\- eE+%]*|[0-9]+[-/][A-Za-z]{3,9}|[A-Za-z]{3,9}[-/ ][0-9]+|true|false"
    r"|[0-9年月日]+",
    re.ASCII | re.IGNORECASE,
)
_TEXT_FORMULA = re.compile(r'="((?:[^"]|"")*)"')


def guard(text: str) -> str:
    """`text` as a CSV cell that no spreadsheet runs."""
    return "'" + text if _SPECIAL.match(text) else text


def guard_as_text(text: str) -> str:
    """`guard`, and a tab behind what a spreadsheet would turn into a number or a date.

    Importing takes white space off; a spreadsheet keeps such a cell as the text it is.
    """
    if not text:
        return text
    return text + "\t" if _NUMBERLIKE.fullmatch(text) else guard(text)


def unguard(text: str) -> str:
    """A cell without its guard; `="690…"`, by which programs keep Excel from spoiling a code, too.

    `text` has no white space around it.
    """
    if text[0] == "'" and _GUARDED.match(text):
        return text[1:]
    if text[0] == "=" and (match := _TEXT_FORMULA.fullmatch(text)):
        return match[1].replace('""', '"')
    return text
