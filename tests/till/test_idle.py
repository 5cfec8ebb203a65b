"""A till left alone locks itself, wherever it stands: the order is kept, no customer is named."""

from __future__ import annotations

from pathlib import Path

import msgspec

from pos.commands import Mode
from pos.till.view import DialogView, WalletView
from tests.shop import PIN
from tests.till.person import Person
from tests.till.walks import (
    AT_THE_DOOR,
    MODES,
    NAME,
    NOTE,
    STREET,
    counter,
    home,
    phone_counter,
    walk,
)
from tests.till.wallets import World

IDLE = 21
STAYS = {"signing", "locked", "working"}
"""Nobody is in, or long work is on its way."""
NAMED = (NAME, NAME[0] + "*", "5678", STREET, AT_THE_DOOR, NOTE)


def test_a_till_left_alone_locks_wherever_it_stands(tmp_path: Path) -> None:
    with counter(tmp_path / "all") as day:
        for mode in MODES:
            if mode not in ("code", "collecting"):
                locks(day.person, mode)
    with phone_counter(tmp_path / "phone") as person:
        locks(person, "code")


def locks(person: Person, mode: Mode) -> None:
    """Left alone in this mode it locks; somebody else does not get in; all is as it was."""
    walk(person, mode)
    order, session = person.till.state.shown, person.till.state.session
    person.shop.hands.go(IDLE)
    person.till.tick()
    person.wait()
    if mode in STAYS:
        assert person.mode() in (mode, "products"), mode  # the work may be done by now
    else:
        assert session is not None
        assert person.mode() == "locked", mode
        told = msgspec.json.encode(person.till.view()).decode()
        assert not [name for name in NAMED if name in told], mode
        if session.operator_id != "1001":
            unlock(person, "1001")
            assert person.mode() == "locked", mode
        unlock(person, session.operator_id)
        assert person.mode() in ("selling", "paying", "refunding"), mode
        assert person.till.state.shown == order, mode
    home(person)


def unlock(person: Person, who: str) -> None:
    person.enter(who)
    person.enter(PIN[who])


def test_a_wallet_is_waited_for_while_it_may_still_pay(tmp_path: Path) -> None:
    with counter(tmp_path) as day:
        walk(day.person, "paying")
        day.person.scan(day.code("wechat", "declined"))
        day.until(lambda: not day.last().live)
        assert day.person.mode() == "collecting", "what came of it is shown"
        alone(day, "locked")
        unlock(day.person, "9001")
        day.person.key("settle")
        day.person.key("cash")
        assert day.closed()
        walk(day.person, "collecting")
        day.until(lambda: isinstance(shown(day), WalletView) and bool(day.panel.qr))
        alone(day, "collecting")
        day.sim("wechat").scan(day.panel.qr)
        day.play()
        day.until(day.closed)
        alone(day, "locked")
        assert isinstance(shown(day), DialogView)
        assert day.moved() == [(0, 0), (200, 0)]
        unlock(day.person, "9001")
        assert not day.person.order.lines


def shown(day: World) -> object:
    return day.person.till.view().panel


def alone(day: World, mode: Mode) -> None:
    """Nobody touches a key for longer than is set; the till is then in this mode."""
    day.go(IDLE)
    day.person.till.tick()
    day.person.wait()
    assert day.person.mode() == mode
