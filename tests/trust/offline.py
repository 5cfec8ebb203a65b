"""Which commands a test runs with the network cut: said by the test, held to what really ran."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from contextlib import contextmanager
from typing import TypeVar

from pos.commands import TABLE
from pos.till.view import View
from tests.shop import Shop
from tests.till.person import Person

OFFLINE = frozenset(command.id for command in TABLE if not command.network)
"""What docs/offline.md promises."""

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
