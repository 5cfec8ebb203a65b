"""Which commands a test runs with the network cut, and how: held to what really ran."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from contextlib import contextmanager
from typing import TypeVar

from pos.commands import BY_ID, TABLE
from pos.store.verify import verify_ledger
from pos.till.view import ChangeView, View
from tests.cli.conftest import Answer, Pos
from tests.shop import Shop
from tests.till.invoicing import BISCUIT
from tests.till.person import Person

OFFLINE = frozenset(command.id for command in TABLE if not command.network)
"""What docs/offline.md promises."""

PAPER = {"[drawer]\n": '[printers.receipt]\nconnection = "virtual"\n\n[drawer]\n'}
INVOICES = {
    'provider = "none" ': 'provider = "workbook" ',
    'clerk = "" ': 'clerk = "王五" ',
    'default_code = "" ': f'default_code = "{BISCUIT}" ',
    'tax_id = "" ': 'tax_id = "339902999999789113" ',
    'name = ""                  # 名称': 'name = "柜台便利店有限公司" # 名称',
}
"""A printer that is there, and invoices that need nobody but the workbook."""

Test = TypeVar("Test", bound=Callable[..., object])
_COVERED: dict[str, set[str]] = {}


def runs(*commands: str) -> Callable[[Test], Test]:
    """Say what a test runs; the test gives `Ran.only` what it did run."""

    def mark(test: Test) -> Test:
        assert set(commands) <= OFFLINE, set(commands) - OFFLINE
        _COVERED[test.__name__] = set(commands)
        return test

    return mark


def covered() -> frozenset[str]:
    """What all tests that were loaded say they run."""
    return frozenset().union(*_COVERED.values())


@contextmanager
def held(test: str) -> Iterator[set[str]]:
    """What ran is put into the set; it has to be what the test said, no more and no less."""
    ran: set[str] = set()
    yield ran
    assert ran >= _COVERED[test], f"did not run: {sorted(_COVERED[test] - ran)}"


class Alone(Person):
    """Works a till that reaches nobody: a key that is answered by an error fails the test."""

    def __init__(self, shop: Shop, ran: set[str]) -> None:
        super().__init__(shop)
        self.ran = ran

    def key(self, command: str, text: str = "") -> View:
        """Press a key that has to work."""
        view = super().key(command, text)
        said = view.message
        assert said is None or said.tone != "error", f"{command}: {said.text}"
        self.ran.add(command)
        return view

    def enter(self, text: str = "") -> View:
        """Type what has to be taken."""
        view = super().enter(text)
        said = view.message
        assert said is None or said.tone != "error", f"{text}: {said.text}"
        return view

    def why(self) -> None:
        """Choose the first reason wherever one is asked for."""
        while self.mode() == "choosing":
            self.enter("1")

    def sell(self, *codes: str) -> str:
        """Sell for cash; the order's number."""
        self.scan(*codes)
        self.key("settle")
        panel = self.key("cash").panel
        assert isinstance(panel, ChangeView)
        return panel.number

    def end(self) -> None:
        """The till ends well, and its ledger is good."""
        self.leave()
        assert verify_ledger(self.till.config.ledger).ok


class Verbs:
    """`pos` without a network; a verb that does not end well fails the test."""

    def __init__(self, pos: Pos, ran: set[str]) -> None:
        self._pos, self._ran = pos, ran

    def __call__(self, *words: str, by: str = "") -> Answer:
        """Call it; it has to end well."""
        answer = self._pos(*words, by=by)
        assert answer.code == 0, (words, answer)
        self._ran.add(verb_of(words))
        return answer


def verb_of(words: tuple[str, ...]) -> str:
    """The row of the command table that these words call."""
    names = ("cli." + ".".join(words[:n]) for n in (3, 2, 1))
    return next(name for name in names if name in BY_ID)


def cli(names: str) -> tuple[str, ...]:
    """Verbs, written `order: list show; sell`."""
    found = []
    for part in names.split(";"):
        group, _, verbs = part.strip().rpartition(":")
        found += [f"cli.{group}.{verb}" if group else f"cli.{verb}" for verb in verbs.split()]
    return tuple(found)
