"""What a till holds in memory while it runs."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass, field

import msgspec

from pos.access.rights import Session
from pos.commands import Mode
from pos.sale.order import Order
from pos.till.view import ChangeView, MessageView


class Approved(msgspec.Struct, frozen=True):
    """Another operator allowed one act."""

    approver: str
    reason: str


class Ask(msgspec.Struct, frozen=True):
    """One text is asked for; `answer` gets it. `free` lets any text through."""

    label: str
    hint: str
    answer: Callable[[str], None]
    back: Mode
    free: bool = False


class Choice(msgspec.Struct, frozen=True):
    """One row of a list is asked for; `pick` gets its index."""

    title: str
    columns: tuple[str, ...]
    rows: tuple[tuple[str, ...], ...]
    pick: Callable[[int], None]
    back: Mode


class Approval(msgspec.Struct, frozen=True):
    """An act that waits for somebody who may do it."""

    command: str
    why: str
    check: Callable[[Session], None]
    act: Callable[[Approved | None], None]
    back: Mode


@dataclass
class State:
    """Everything that changes. `order` is the newest, `shown` the one that is on disk."""

    mode: Mode = "signing"
    session: Session | None = None
    order: Order | None = None
    shown: Order | None = None
    selected: int = 0
    quantity: int | None = None
    message: MessageView | None = None
    change: ChangeView | None = None
    typed_id: str = ""
    ask: Ask | None = None
    choice: Choice | None = None
    choice_row: int = 0
    approval: Approval | None = None
    help_back: Mode = "signing"
    help_top: int = 0
    alarm: str = ""
    held: tuple[Order, ...] = field(default=())
    unsent: int = 0
    waiting_prints: int = 0
