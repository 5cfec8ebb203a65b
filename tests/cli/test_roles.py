"""Each verb by each role without its right: refused for that very right, nothing is written."""

from __future__ import annotations

import pytest

from pos.access.rights import RIGHTS_OF, ROLES, Role
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
WHO: dict[Role, str] = {
    "cashier": "1001",
    "supervisor": "2001",
    "manager": "9001",
    "technician": TECHNICIAN,
}


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


class Watch:
    """Somebody who tries verbs, with an eye on everything the shop keeps."""

    def __init__(self, pos: Pos, refusals: list[Refused]) -> None:
        self._pos, self._refusals = pos, refusals
        self._before = self._kept()
        self.wrong: list[str] = []

    def _kept(self) -> dict[str, object]:
        folder = self._pos.shop.folder
        files = {file.name: file for file in folder.rglob("*") if file.is_file()}
        own = {name: file.read_bytes() for name, file in files.items() if "ledger.db" not in name}
        beside = {name: b"" for name in files if name.endswith(".pins")}
        return {**contents(self._pos.shop.place().path), **own, **beside}

    def tries(self, who: str, name: str, words: list[str], asked: str) -> None:
        """It has to be refused for want of the right to `asked`."""
        self._refusals.clear()
        answer = self._pos(*name.split(".")[1:], *words, by=who, pin=PIN.get(who, NEW))
        told = [(refused.code, refused.values) for refused in self._refusals]
        if answer.code != 1 or told != [("no_right", {"command": asked})]:
            self.wrong.append(f"{name} by {who}: {answer.code} {told} {answer.err}")
        after = self._kept()
        self.wrong += [f"{name} by {who} wrote {what}" for what in changed(self._before, after)]
        self._before = after


@pytest.mark.parametrize("role", ROLES)
def test_a_role_without_the_right_does_nothing(
    pos: Pos, refusals: list[Refused], role: Role
) -> None:
    watch, may = Watch(pos, refusals), ALLOWED[role] | EXEMPT
    for name, words, asked in ASKED:
        if asked not in may and (name == asked or name in may):
            watch.tries(WHO[role], name, words, asked)
    assert watch.wrong == []


def test_whoever_has_every_right_but_that_one_does_nothing(
    pos: Pos, refusals: list[Refused], monkeypatch: pytest.MonkeyPatch
) -> None:
    """So that no verb asks for another right than its own."""
    watch = Watch(pos, refusals)
    for name, words, asked in ASKED:
        monkeypatch.setitem(RIGHTS_OF, "cashier", frozenset(RIGHTS) - {BY_ID[asked].right})
        watch.tries(WHO["cashier"], name, words, asked)
    assert watch.wrong == []
