"""`python -m tests.trust.filling FOLDER [careless]`: a till on a disk that is full again and again.

One line of JSON for each sale that was tried: how much was free, what was told, in which mode, and
the number where it closed. `careless`: nobody looks how much is free before money is taken.
"""

from __future__ import annotations

import json
import sys
from collections.abc import Callable, Iterable, Mapping
from pathlib import Path
from unittest.mock import patch

from pos.refusal import Refused
from pos.system import free_bytes
from pos.till import selling
from pos.till.view import ChangeView, View
from tests.shop import MILK, Shop, make_shop
from tests.till.person import Person

FREE = (3_000_000, 1_900_000, 1_000_000, 300_000, 100_000, 40_000, 20_000, 8_000, 4_000, 0)


def main(folder: Path) -> None:
    """Fill, try, make room again; then a start on a full disk."""
    shop = make_shop(folder)
    person = Person(shop)
    person.sign_in()
    for free in FREE:
        ballast = fill(folder, free)
        tell(sale(person) | {"free": free})
        ballast.unlink()
        tell(sale(person) | {"free": -1})
    person.leave()
    ballast = fill(folder, 0)
    tell(start(shop))
    ballast.unlink()
    tell(start(shop))


def careless(folder: Path) -> None:
    """A sale where the disk is full before money is asked for, and nobody looks."""
    person = Person(make_shop(folder))
    person.sign_in()
    tell(sale(person))
    person.scan(MILK)
    fill(folder, 0)
    with patch.object(selling, "check_room", lambda ledger: None):
        tell(paid(person))
    person.leave()


def too_late(tried: Iterable[Mapping[str, object]]) -> list[str]:
    """Sales on a full disk in which somebody was asked for money, or that were refused without
    saying what is wrong and what helps."""
    found = []
    for one in tried:
        told = str(one.get("told", ""))
        if one.get("mode") != "selling":
            found.append(f"asked for money: {one}")
        elif "磁盘已满" not in told or "清理" not in told:
            found.append(f"told as: {one}")
    return found


def fill(folder: Path, free: int) -> Path:
    """A file that leaves so many bytes of the disk, to the page."""
    ballast = folder / "ballast"
    with ballast.open("wb") as out:
        left = free_bytes(folder) - free
        while left > 0:
            left -= out.write(bytes(min(left, 65536)))
    return ballast


def sale(person: Person) -> dict[str, object]:
    """Scan, pay, in cash; stops at the first refusal."""
    return _done(person, lambda: person.scan(MILK)) or paid(person)


def paid(person: Person) -> dict[str, object]:
    """What was scanned is paid in cash; stops at the first refusal."""
    for step in (lambda: person.key("settle"), person.enter):
        if told := _done(person, step):
            return told
    panel = person.till.view().panel
    return {"closed": panel.number if isinstance(panel, ChangeView) else ""}


def _done(person: Person, step: Callable[[], View]) -> dict[str, object]:
    mode, message = person.mode(), step().message
    if message is None or message.tone != "error":
        return {}
    return {"told": message.text, "mode": mode}


def start(shop: Shop) -> dict[str, object]:
    """A till that is switched on."""
    try:
        shop.ledger().close()
    except Refused as refused:
        return {"start": refused.code}
    return {"start": "ok"}


def tell(said: dict[str, object]) -> None:
    """One line."""
    sys.stdout.write(json.dumps(said, ensure_ascii=False) + "\n")


if __name__ == "__main__":
    (careless if sys.argv[2:] == ["careless"] else main)(Path(sys.argv[1]))
