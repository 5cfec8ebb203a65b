"""`python -m tests.trust.filling FOLDER`: a till on a disk that is full again and again.

One line of JSON for each sale that was tried: how much was free, what was told, in which mode, and
the number where it closed.
"""

from __future__ import annotations

import json
import sys
from collections.abc import Callable
from pathlib import Path

from pos.refusal import Refused
from pos.system import free_bytes
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
    steps: list[Callable[[], View]] = [
        lambda: person.scan(MILK),
        lambda: person.key("settle"),
        person.enter,
    ]
    for step in steps:
        mode = person.mode()
        view = step()
        if view.message is not None and view.message.tone == "error":
            return {"told": view.message.text, "mode": mode}
    panel = person.till.view().panel
    return {"closed": panel.number if isinstance(panel, ChangeView) else ""}


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
    main(Path(sys.argv[1]))
