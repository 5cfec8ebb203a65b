"""A thread that turns: what goes wrong once is told, once, and it goes on."""

from __future__ import annotations

import threading
from collections.abc import Callable

import pytest

from pos.refusal import Refused
from pos.till.turning import Turning


class Turns:
    """Does what is planned, turn by turn; the last again and again."""

    def __init__(self, *plan: Exception | None) -> None:
        self.plan, self.done, self.turned = plan, 0, threading.Semaphore(0)

    def __call__(self) -> None:
        error = self.plan[min(self.done, len(self.plan) - 1)]
        self.done += 1
        self.turned.release()
        if error is not None:
            raise error


@pytest.fixture
def told(monkeypatch: pytest.MonkeyPatch) -> list[tuple[str, str]]:
    said: list[tuple[str, str]] = []

    def hook(args: threading.ExceptHookArgs) -> None:
        assert args.thread is not None
        said.append((args.thread.name, str(args.exc_value)))

    monkeypatch.setattr(threading, "excepthook", hook)
    return said


def run(turns: Turns, count: int) -> Callable[[], bool]:
    made = Turning("turning", 600, turns)
    made.start()
    for _ in range(count):
        assert turns.turned.acquire(timeout=10)
        made.look()
    return made.stop


def test_it_goes_on_after_an_error_and_tells_it(told: list[tuple[str, str]]) -> None:
    turns = Turns(ValueError("one"), None, Refused("disk_full"), KeyError("two"), None)
    assert run(turns, 6)()
    assert told == [("turning", "one"), ("turning", "'two'")]


def test_it_stops_before_it_was_started_and_in_the_middle_of_a_wait() -> None:
    assert Turning("turning", 600, Turns(None)).stop()
    assert run(Turns(None), 1)()
