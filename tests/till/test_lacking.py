"""Every command of every mode, by somebody who has every right but the one it needs.

Each is pressed at a real till, in the mode a manager walked to (`tests.till.walks`): it has to end
in the dialog of an approval or in a refusal, with the mode, the screen and the ledger as they were.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from dataclasses import replace
from pathlib import Path

from pos.commands import BY_ID, TABLE, Mode, Right
from tests.shop import WATER
from tests.tables import changed, contents
from tests.till.person import Person
from tests.till.walks import MODES, WALKS, counter, go, home, walk

EVERYBODY: Right = "sell"
"""Whoever has not this one does not come to the counter at all."""

FIRST: dict[tuple[Mode, str], tuple[str, ...]] = {
    ("selling", "discount_line"): ("discount_line:85",),
    ("selling", "reduce_line"): ("reduce_line:1",),
    ("selling", "discount_order"): ("discount_order:85",),
    ("selling", "reduce_order"): ("reduce_order:1",),
    ("selling", "price"): ("price", "=4.00"),
    ("selling", "price_check"): ("price_check", f"={WATER}"),
    ("selling", "new_product"): ("new_product:690099",),
    ("products", "new_product"): ("new_product:690099",),
    ("selling", "reprint"): ("reprint",),
    ("collecting", "payment_decide"): ("payment_decide",),
    ("returning", "return_all"): ("return_all",),
    ("returning", "return_bare"): ("return_bare", "=1", f"={WATER}", "="),
}
"""What has to be said or marked before somebody is asked for; and where the view changes anyway."""

OPENS: dict[tuple[Mode, str], Mode] = {
    **{(mode, "return_goods"): "returning" for mode in ("selling", "orders", "receipt")},
    **{("returning", f"return_{what}"): "returning" for what in ("more", "less", "damaged")},
}
"""What shows or marks something; the right is asked for where it is to be done (`return_all`)."""

INSIDE: dict[Mode, tuple[Mode, str]] = {
    "orders": ("selling", "find_orders"),
    "invoices": ("duties", "invoice_day"),
    "report": ("duties", "reports"),
    "reviewing": ("stocking", "stock_post"),
}
"""Where nobody comes without the right, or somebody's approval: what opens it is tried there."""

STARTS: dict[tuple[Mode, str], tuple[str, ...]] = {
    ("selling", "training"): (),
    ("selling", "reprint"): ("@", "settle", "cash"),
    ("orders", "return_goods"): ("@", "settle", "cash", "find_orders"),
    ("orders", "reopen"): ("@", "settle", "cash", "find_orders"),
    ("refunding", "refund_cash"): (
        *("@", "settle", "bank", "=S001234"),
        *("return_goods", "=last", "return_all", "settle"),
    ),
}
"""Where the usual way does not lead to what the command is about."""

NOTHING_THERE = {
    ("collecting", "payment_decide"),
    ("choosing", "sync_again"),
    ("orders", "invoice_amend"),
    ("receipt", "invoice_amend"),
    ("invoices", "invoices_again"),
}
"""Refused before anybody asks who may: there is nothing there it could be done to."""

CHOICES: tuple[tuple[tuple[str, ...], str, tuple[str, ...]], ...] = (
    ((*WALKS["stocking"], f"={WATER}"), "stock_post", ("stock_done",)),
    (("@", "hold", "find_orders"), "hold", ("=",)),
    (("#",), "cli.member.edit", ("customer", "=4")),
    (("#",), "cli.member.erase", ("customer", "=5")),
    (("#", "customer", "=3", "="), "cli.member.edit", ("customer", "=3", "=1")),
    (("#",), "cli.member.edit", ("customer", "=4", "=12345678")),
    (("#",), "cli.member.edit", ("customer", "=5", "=1990-01-01")),
    (("#",), "cli.member.edit", ("customer", "=8")),
    (("#",), "cli.member.erase", ("customer", "=9")),
)
"""What is done by a row of a list, not by a key: the way there, what it needs, what is pressed."""


class Lacking:
    """A manager's till, and what goes wrong when somebody without a right presses keys."""

    def __init__(self, person: Person) -> None:
        self.person = person
        self.wrong: list[str] = []

    def tries(self, right: Right | None, steps: Iterable[str], name: str, known: bool) -> None:
        """It must not be done; `known`: it is refused, though not for want of the right."""
        till, before = self.person.till, self._kept()
        order, session = till.view().order, till.session
        till.state.session = replace(session, rights=session.rights - {right})
        for step in steps:
            go(self.person, [step])
            if self.person.mode() == "approving" or self._error():
                break
        approval = till.state.approval if self.person.mode() == "approving" else None
        if approval is not None:
            good = BY_ID[approval.command].right == right
        else:
            good = bool(self._error()) if known else self._error() == "没有这个权限"
        if not good:
            self.wrong.append(f"{name}: {self.person.mode()} {approval} {till.state.message}")
        self.wrong += [f"{name} wrote {what}" for what in changed(before, self._kept())]
        if approval is not None:
            self.person.key("back")
        till.state.session = session
        if till.view().order != order:
            self.wrong.append(f"{name} changed the order")

    def _kept(self) -> dict[str, list[str]]:
        """The ledger, but for what threads behind the till do meanwhile to what was begun before:
        they print, ask how a payment stands, and note when they last looked."""
        kept = contents(self.person.shop.place().path)
        kept["print_jobs"] = [" ".join(row.split(", ")[:4]) for row in kept["print_jobs"]]
        behind = {"meta"}
        if self.person.till.state.wallet is not None:
            behind |= {"journal", "payment_attempts", "payment_steps"}
        return {name: rows for name, rows in kept.items() if name not in behind}

    def _error(self) -> str:
        message = self.person.till.state.message
        return message.text if message is not None and message.tone == "error" else ""

    def presses(self, mode: Mode, command: str) -> None:
        """A command's key, in this mode."""
        at, name = (mode, command), f"{command} in {mode}"
        if at in STARTS:
            home(self.person)
            go(self.person, STARTS[at])
        right, panel = BY_ID[command].right, self.person.till.view().panel
        if at in OPENS:
            self._opens(at)
            return
        self.tries(right, FIRST.get(at, (command,)), name, at in NOTHING_THERE)
        back: Mode = "selling" if mode == "duties" else mode
        view = self.person.till.view()
        if at not in FIRST and (
            self.person.mode() != back or (back == mode and view.panel != panel)
        ):
            self.wrong.append(f"{name}: the screen is {view}")

    def _opens(self, at: tuple[Mode, str]) -> None:
        before = self._kept()
        self.person.key(at[1])
        if self.person.mode() != OPENS[at]:
            self.wrong.append(f"{at}: {self.person.till.view()}")
        self.wrong += [f"{at} wrote {what}" for what in changed(before, self._kept())]


def _of(mode: Mode) -> Iterator[str]:
    """The commands of a mode that somebody at the counter may have no right to."""
    opened = BY_ID[INSIDE[mode][1]].right if mode in INSIDE else None
    for command in TABLE:
        if mode in command.modes and command.right not in (None, EVERYBODY, opened):
            yield command.id


def _every(lacking: Lacking, mode: Mode) -> None:
    fresh = False
    for command in _of(mode):
        if not fresh or (mode, command) in STARTS:
            home(lacking.person)
            walk(lacking.person, mode)
        panel = lacking.person.till.view().panel
        lacking.presses(mode, command)
        fresh = lacking.person.mode() == mode and lacking.person.till.view().panel == panel


def test_no_key_of_any_mode_does_more_than_its_right(tmp_path: Path) -> None:
    with counter(tmp_path / "all") as day:
        lacking = Lacking(day.person)
        for mode in MODES:
            if mode != "code":
                _every(lacking, mode)
        for start, command, steps in CHOICES:
            home(day.person)
            go(day.person, start)
            lacking.tries(BY_ID[command].right, steps, f"{command} by {steps}", known=False)
    assert not lacking.wrong, "\n".join(lacking.wrong)


def test_what_is_named_here_is_in_the_table() -> None:
    named = {*FIRST, *OPENS, *STARTS, *NOTHING_THERE, *INSIDE.values()} - {
        ("stocking", "stock_post")
    }
    assert [at for at in named if at[0] not in BY_ID[at[1]].modes] == []
    assert list(_of("code")) == []  # the one mode that is not walked to
