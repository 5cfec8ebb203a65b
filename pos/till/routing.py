"""Which controller an event of each mode goes to, and what that mode shows: one row a mode."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from typing import TYPE_CHECKING

import msgspec

from pos.commands import Mode
from pos.refusal import Refused
from pos.till import (
    comforts,
    counting,
    duties,
    finding,
    moving,
    panels,
    paying,
    quickkeys,
    refunding,
    reporting,
    returning,
    selling,
    signing,
    slipping,
    stocking,
    stockviews,
    syncing,
    wallets,
    walletview,
)
from pos.till.invoicing import daylist
from pos.till.view import Panel, PromptView

if TYPE_CHECKING:
    from pos.till.till import Till


def entered(till: Till, text: str, burst: bool) -> None:
    """Enter or a scan."""
    ROUTES[till.state.mode].entered(till, text, burst)


def acted(till: Till, command: str, text: str) -> None:
    """A key that means a command; what every mode shares comes first."""
    match command:
        case "help":
            moving.show_help(till)
        case "back":
            moving.back(till)
        case "up" | "down" | "page_up" | "page_down":
            moving.move(till, command)
        case "quit":
            till.quitting = True
        case "weigh":
            selling.weigh(till)
        case _:
            ROUTES[till.state.mode].acted(till, command, text)


def prompt(till: Till) -> PromptView:
    """The entry line."""
    return ROUTES[till.state.mode].prompt(till)


def panel(till: Till) -> Panel | None:
    """What is shown over the order."""
    return ROUTES[till.state.mode].panel(till)


def _sold(till: Till, text: str, burst: bool) -> None:
    till.state.change = None
    selling.entered(till, text)


def _sell_key(till: Till, command: str, text: str) -> None:
    till.state.change = None
    selling.acted(till, command, text)


def _chosen(till: Till, text: str, burst: bool) -> None:
    moving.choose(till, text)


def _answered(till: Till, text: str, burst: bool) -> None:
    moving.answer(till, text)


def _signed(till: Till, text: str, burst: bool) -> None:
    signing.entered(till, text)


def _not_here(till: Till, text: str, burst: bool) -> None:
    if text:
        raise Refused("not_here")


def _no_key(till: Till, command: str, text: str) -> None:
    raise Refused("not_here")


def _beyond_help(till: Till, text: str, burst: bool) -> None:
    """A scan goes where it belongs; a bare Enter only closes the help."""
    moving.back(till)
    if text:
        entered(till, text, burst)


class Route(msgspec.Struct, frozen=True):
    """A mode's controller and its views."""

    entered: Callable[[Till, str, bool], None]
    acted: Callable[[Till, str, str], None] = _no_key
    prompt: Callable[[Till], PromptView] = panels.ask_scan
    panel: Callable[[Till], Panel | None] = panels.change


ROUTES: Mapping[Mode, Route] = {
    "signing": Route(_signed, prompt=panels.ask_id, panel=panels.front_page),
    "locked": Route(_signed, prompt=panels.ask_own_id, panel=panels.locked),
    "approving": Route(_signed, prompt=panels.ask_id, panel=panels.approving),
    "selling": Route(_sold, _sell_key),
    "paying": Route(paying.entered, paying.acted, panels.ask_tender, panels.pay),
    "collecting": Route(wallets.entered, wallets.acted, walletview.prompt, walletview.panel),
    "choosing": Route(_chosen, syncing.acted, prompt=panels.ask_choice, panel=panels.choosing),
    "returning": Route(returning.entered, returning.acted, returning.prompt, returning.panel),
    "refunding": Route(refunding.entered, refunding.acted, refunding.prompt, refunding.panel),
    "asking": Route(_answered, prompt=panels.ask_text, panel=panels.asking),
    "products": Route(finding.entered, finding.acted, panels.ask_product, panels.found),
    "orders": Route(finding.entered, finding.acted, panels.ask_order, panels.found),
    "receipt": Route(_not_here, finding.acted, panels.ask_nothing, panels.receipt),
    "invoices": Route(daylist.entered, daylist.acted, daylist.prompt, daylist.panel),
    "code": Route(panels.code_entered, prompt=panels.ask_code, panel=panels.code),
    "stocking": Route(stocking.entered, stocking.acted, stockviews.ask_goods, stockviews.document),
    "reviewing": Route(
        stocking.confirmed, stocking.posted, stockviews.ask_post, stockviews.looked_over
    ),
    "duties": Route(duties.entered, duties.acted, panels.ask_choice, duties.panel),
    "counting": Route(counting.entered, counting.acted, counting.prompt, counting.panel),
    "counted": Route(
        counting.counted_entered,
        counting.counted_acted,
        counting.counted_prompt,
        counting.counted_panel,
    ),
    "slip": Route(slipping.entered, slipping.acted, slipping.prompt, slipping.panel),
    "reports": Route(reporting.entered, prompt=panels.ask_choice, panel=reporting.list_panel),
    "report": Route(reporting.report_entered, reporting.acted, reporting.prompt, reporting.panel),
    "quick": Route(quickkeys.entered, quickkeys.acted, quickkeys.ask, quickkeys.view),
    "pricing": Route(comforts.checked, prompt=comforts.ask_check, panel=comforts.looked_up),
    "working": Route(_not_here, panel=panels.working),
    "helping": Route(_beyond_help, panel=panels.keys),
}
