"""Each verb, by each role without the right: refused for that very right, and nothing is written."""

from __future__ import annotations

from pathlib import Path

import pytest

from pos.access.rights import RIGHTS_OF, ROLES
from pos.cli import desk
from pos.commands import BY_ID, RIGHTS
from pos.refusal import Refused
from pos.store import operators
from pos.words import Words
from tests.access.test_rights import ALLOWED, EXEMPT
from tests.cli.conftest import Pos
from tests.cli.test_table import GUARDED, NEEDS
from tests.shop import PIN, CheapPins, Shop, make_shop
from tests.tables import changed, contents

NUMBER = "000101010000001"
MORE = [
    ("cli.order.return", [NUMBER, "--all", "--cash"], "refund_cash"),
    ("cli.config.rekey", ["--pins"], "cli.operator.pin"),
    ("cli.invoice.issue", [NUMBER, "--confirm"], "cli.invoice.amend"),
]
"""What a verb asks besides, where it is to do more."""
ASKED = [(name, NEEDS.get(name, []), name) for name in GUARDED] + MORE
TECHNICIAN, NEW = "7001", "864209"
WHO = {"cashier": "1001", "supervisor": "2001", "manager": "9001", "technician": TECHNICIAN}


@pytest.fixture(scope="module")
def shop(tmp_path_factory: pytest.TempPathFactory) -> Shop:
    """One for all: whatever is asked of it here, it stays as it is."""
    shop = make_shop(tmp_path_factory.mktemp("shop"))
    ledger = shop.ledger()
    pins = CheapPins((shop.folder / "data/pepper").read_bytes())
    operators.add(ledger, TECHNICIAN, "技术员", "technician", pins.hash(NEW), "test")
    ledger.close()
    return shop


@pytest.fixture
def refusals(monkeypatch: pytest.MonkeyPatch) -> list[Refused]:
    """What the verbs are refused for, before it is put in words."""
    seen: list[Refused] = []
    right = desk.fail

    def fail(words: Words, refused: Refused) -> None:
        seen.append(refused)
        right(words, refused)

    monkeypatch.setattr(desk, "fail", fail)
    monkeypatch.setenv("POS_NEW_PIN", NEW)
    return seen


def _files(shop: Shop) -> dict[Path, bytes]:
    found = (file for file in shop.folder.rglob("*") if file.is_file())
    return {file: file.read_bytes() for file in found if not file.name.startswith("ledger.db")}


def _wrongs(
    pos: Pos, refusals: list[Refused], who: str, name: str, words: list[str], asked: str
) -> list[str]:
    """What is not as it has to be when it is refused for want of the right to `asked`."""
    ledger = pos.shop.place().path
    before, files = contents(ledger), _files(pos.shop)
    refusals.clear()
    answer = pos(*name.split(".")[1:], *words, by=who, pin=PIN.get(who, NEW))
    wrong = [f"wrote {table}" for table in changed(before, contents(ledger))]
    told = [(refused.code, refused.values) for refused in refusals]
    if answer.code != 1 or told != [("no_right", {"command": asked})]:
        wrong.append(f"{answer.code} {told} {answer.err}")
    if _files(pos.shop) != files:
        wrong.append("wrote files")
    return [f"{name} by {who}: {what}" for what in wrong]


@pytest.mark.parametrize("role", ROLES)
def test_a_role_without_the_right_does_nothing(
    pos: Pos, refusals: list[Refused], role: str
) -> None:
    wrong = []
    for name, words, asked in ASKED:
        may = ALLOWED[role] | EXEMPT
        if asked not in may and (name == asked or name in may):
            wrong += _wrongs(pos, refusals, WHO[role], name, words, asked)
    assert wrong == []


def test_whoever_has_every_right_but_that_one_does_nothing(
    pos: Pos, refusals: list[Refused], monkeypatch: pytest.MonkeyPatch
) -> None:
    """So that no verb asks for another right than its own."""
    wrong = []
    for name, words, asked in ASKED:
        lacking = frozenset(RIGHTS) - {BY_ID[asked].right}
        monkeypatch.setitem(RIGHTS_OF, "cashier", lacking)
        wrong += _wrongs(pos, refusals, WHO["cashier"], name, words, asked)
    assert wrong == []
