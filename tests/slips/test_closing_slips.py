"""X, Z, shift, cash and report slips as grids of text at 32 and 48 columns, of a real day.

`POS_GOLDEN=write` writes the grids anew; look at the difference before it is kept.
"""

from __future__ import annotations

import os
import random
from contextlib import closing as closed_after
from pathlib import Path

import pytest

from pos.ids import Ids
from pos.receiptline import as_text
from pos.record import ShiftOpened, Where
from pos.sale.counting import Cash, Count, accept, sign, submit
from pos.store import shifts
from pos.store.reader import Reader
from pos.till import closing, receipts
from pos.till.closing import Signed
from pos.words import Language
from tests.reports.days import Days
from tests.shop import Shop, make_shop
from tests.slips.test_slips import config_of

GOLDEN = Path(__file__).parent / "golden"
DAY = "2026-03-02"


@pytest.fixture(scope="module")
def day(tmp_path_factory: pytest.TempPathFactory) -> Shop:
    """A day of one cashier, counted short and signed, with a drop, and closed."""
    shop = make_shop(tmp_path_factory.mktemp("day"))
    numbers = iter(range(1, 10_000))
    shop.ids = Ids(lambda: f"00000000-0000-7000-8000-{next(numbers):012d}")
    ledger = shop.ledger()
    days = Days(shop, ledger, random.Random(5))
    days.where = Where("1001", "s1", DAY)
    ledger.write(ShiftOpened(days.where))
    closing.move_cash(ledger, days.where, "float", 50_000, "")
    for _ in range(12):
        days.sell()
        days.void_line()
        shop.hands.go(300)
    closing.move_cash(ledger, days.where, "drop", 20_000, "存银行")
    with closed_after(Reader(ledger.place.path)) as reader:
        [shift] = shifts.opened(reader)
        from pos.reports.closes import shift_figures

        expected = shift_figures(reader, shift).expected
        declared = {way: fen for way, fen in expected.items() if way != "cash"}
        count = submit(Count(expected), declared, Cash(((10_000, 3), (100, 4))))
        signed = Signed(sign(accept(count), "9001", "1001"), {"cash": 30_000}, "找零差错")
        closing.close_shift(ledger, reader, days.where, shift, signed, 50_000)
        closing.close_day(ledger, reader, Where("9001", "", DAY))
    ledger.close()
    return shop


def subject(reader: Reader, kind: str) -> str:
    match kind:
        case "cash":
            sql = "SELECT cash_id FROM cash_moves WHERE move = 'drop'"
            return str(reader.rows(sql)[0][0])
        case "shift":
            return "s1"
        case "x":
            return "s1:"
        case "report":
            return f"product:{DAY}:{DAY}"
        case _:
            return "1"


PAPERS: list[tuple[str, int, Language]] = [
    (kind, columns, "zh") for kind in receipts.CLOSES for columns in (32, 48)
]
PAPERS += [(kind, 48, "en") for kind in ("shift", "z")]


@pytest.mark.parametrize(("kind", "columns", "language"), PAPERS)
def test_the_grid_of_every_close(
    day: Shop, tmp_path: Path, kind: str, columns: int, language: Language
) -> None:
    config = config_of(tmp_path, columns, language)
    with closed_after(Reader(day.place().path)) as reader:
        layout = receipts.job_slip(config, reader, kind, subject(reader, kind))
        text = as_text.text(layout)
        if kind in ("z", "shift", "cash"):
            digest = shifts.record_of(reader, kind, subject(reader, kind))[1]
            text = text.replace(digest.hex()[:16], "0" * 16)  # a key of its own each time
    assert layout.faults == ()
    for line in text.splitlines():
        assert len(line.encode("gb18030")) <= columns, line
    file = GOLDEN / f"{kind}-{columns}-{language}.txt"
    if os.environ.get("POS_GOLDEN") == "write":
        file.write_text(text, "utf-8")
    assert text == file.read_text("utf-8")
