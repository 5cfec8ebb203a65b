"""What ends a simulator is heard whenever it comes."""

from __future__ import annotations

import signal
import threading
import time
from collections.abc import Iterator

import pytest

from pos.simulators.ending import End


@pytest.fixture(autouse=True)
def handlers() -> Iterator[None]:
    before = {number: signal.getsignal(number) for number in (signal.SIGTERM, signal.SIGINT)}
    yield
    for number, handler in before.items():
        signal.signal(number, handler)


@pytest.mark.parametrize("number", [signal.SIGTERM, signal.SIGINT])
def test_a_signal_before_the_wait_ends_it(number: signal.Signals) -> None:
    end = End()
    signal.raise_signal(number)
    end.wait()


def test_a_signal_that_does_not_interrupt_the_wait_ends_it_all_the_same() -> None:
    """As one that comes just as the wait begins: taken by the process, noticed by nobody yet."""
    end = End()
    heard = threading.Event()
    other = threading.Thread(target=heard.wait)
    other.start()
    late: list[str] = []

    def send() -> None:
        time.sleep(0.05)
        assert other.ident is not None
        signal.pthread_kill(other.ident, signal.SIGTERM)
        if not heard.wait(10):
            late.append("nobody heard it")
            signal.raise_signal(signal.SIGTERM)

    sender = threading.Thread(target=send)
    sender.start()
    end.wait()
    heard.set()
    for thread in (other, sender):
        thread.join()
    assert not late
