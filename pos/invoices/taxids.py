"""Tax numbers of buyers: GB 32100-2015 (统一社会信用代码) and GB 11643-1999 (居民身份证)."""

from __future__ import annotations

import re
from typing import Literal

_ALPHABET = "0123456789ABCDEFGHJKLMNPQRTUWXY"
_WEIGHTS = (1, 3, 9, 27, 19, 26, 16, 17, 20, 29, 25, 13, 8, 24, 10, 30, 28)
_CREDIT = re.compile(rf"[0-9]{{8}}[{_ALPHABET}]{{10}}")
_OLD = re.compile(r"[0-9A-Z]{15}|[0-9A-Z]{17}|[0-9A-Z]{18}|[0-9A-Z]{20}")
_CITIZEN = re.compile(
    r"[1-9][0-9]{5}(19|20)[0-9]{2}(0[1-9]|1[0-2])(0[1-9]|[12][0-9]|3[01])[0-9]{3}[0-9X]"
)
_CITIZEN_WEIGHTS = (7, 9, 10, 5, 8, 4, 2, 1, 6, 3, 7, 9, 10, 5, 8, 4, 2)

Verdict = Literal["ok", "doubtful", "wrong"]
"""`doubtful`: an old number of 15, 17 or 20 signs, or a check digit that does not fit; a manager
may let it pass, since such numbers are in use."""


def company(tax_id: str) -> Verdict:
    """A company's number, upper case without spaces."""
    if _CREDIT.fullmatch(tax_id) and tax_id[17] == credit_check(tax_id[:17]):
        return "ok"
    return "doubtful" if _OLD.fullmatch(tax_id) else "wrong"


def credit_check(head: str) -> str:
    """The check sign of 17 signs (GB 32100-2015, annex A)."""
    total = sum(_ALPHABET.index(c) * w for c, w in zip(head, _WEIGHTS, strict=True))
    return _ALPHABET[(31 - total % 31) % 31]


def citizen(number: str) -> Verdict:
    """A person's identity number, upper case: ISO 7064, MOD 11-2."""
    if not _CITIZEN.fullmatch(number):
        return "wrong"
    total = sum(int(c) * w for c, w in zip(number, _CITIZEN_WEIGHTS, strict=False))
    return "ok" if "10X98765432"[total % 11] == number[17] else "wrong"
