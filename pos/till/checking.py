"""The devices of the counter on the screen: how each is, and a test of it by one key."""

from __future__ import annotations

from collections.abc import Callable
from typing import TYPE_CHECKING

from pos.money import quantity
from pos.refusal import Refused
from pos.till import moving, signing, trying
from pos.words.refusals import say

if TYPE_CHECKING:
    from pos.till.till import Till

Test = Callable[[], str]


def show(till: Till) -> None:
    """List every device that config.toml names; Enter tests the chosen one."""
    rows, tests = _devices(till)
    if not rows:
        raise Refused("devices_none")
    words = till.words.printing

    def pick(index: int) -> None:
        name = rows[index][0]
        till.tell(words.testing.format(name=name))
        till.aside(tests[index], lambda said: till.tell(f"{name}  {said}", "ok"))

    def act(_: object) -> None:
        moving.offer(till, words.devices, words.device_columns, tuple(rows), pick)

    signing.guard(till, "devices", lambda _: None, act)


def _devices(till: Till) -> tuple[list[tuple[str, ...]], list[Test]]:
    words, settings = till.words.printing, till.config.settings
    rows: list[tuple[str, ...]] = []
    tests: list[Test] = []
    troubles = dict(till.beside.troubles)
    if till.spool is not None:
        troubles |= till.spool.troubles()

    def put(name: str, kind: str, where: str, test: Test) -> None:
        why = troubles.get(name, "")
        state = say(till.words.refusals, Refused(why)) if why else words.fine
        rows.append((name, kind, where, state))
        tests.append(test)

    for name, printer in settings.printers.items():
        if printer.enabled:
            where = printer.host or printer.device or printer.queue or printer.connection
            put(name, words.device_kinds["printer"], where, _page(till, name))
    if settings.drawer.enabled and till.spool is not None:
        put("drawer", words.device_kinds["drawer"], till.spool.drawer_printer, _kick(till))
    if settings.scale.enabled:
        put("scale", words.device_kinds["scale"], settings.scale.device, _weigh(till))
    if settings.display.enabled:
        put("display", words.device_kinds["display"], settings.display.device, _show(till))
    for name, scanner in settings.scanners.items():
        if scanner.enabled and scanner.mode != "keyboard":
            put(name, words.device_kinds["scanner"], scanner.device, lambda: words.scan_now)
    return rows, tests


def _page(till: Till, name: str) -> Test:
    def test() -> str:
        parts = trying.parts_of("")
        done = trying.print_page(till.config, name, till.clock, parts)
        if done.state not in ("printed", "sent"):
            raise Refused(done.reason, **done.values)
        return till.words.printing.states[done.state]

    return test


def _kick(till: Till) -> Test:
    def test() -> str:
        if till.spool is not None:
            till.spool.kick()
        return till.words.printing.kicked

    return test


def _weigh(till: Till) -> Test:
    return lambda: f"{quantity(till.beside.weigh())} kg"


def _show(till: Till) -> Test:
    def test() -> str:
        till.beside.show("total", 1234)
        return "12.34"

    return test
