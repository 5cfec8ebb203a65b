"""Facts of the counter: who works there, what was allowed, the drawer and its cash."""

from __future__ import annotations

from typing import Literal

from pos.record.parts import Base, CashKind, Where


class Session(Base, frozen=True, tag="session"):
    """An operator came, went, locked or unlocked the till, or gave a wrong PIN."""

    where: Where
    event: Literal["signed_in", "signed_out", "locked", "unlocked", "wrong_pin"]
    role: str


class ShiftOpened(Base, frozen=True, tag="shift.opened"):
    """One operator starts at one till; the business date of all that follows is set here."""

    where: Where


class Override(Base, frozen=True, tag="override"):
    """One act allowed by another operator; `before` and `after` say what it changed."""

    where: Where
    override_id: str
    command: str
    approver: str
    reason: str
    before: str
    after: str
    order_id: str


class DrawerOpened(Base, frozen=True, tag="drawer.opened"):
    """The cash drawer opened without a sale."""

    where: Where
    reason: str


class TrainingSwitched(Base, frozen=True, tag="training.switched"):
    """The till went into training (another ledger), or came back from it."""

    where: Where
    on: bool


class CashMoved(Base, frozen=True, tag="cash.moved"):
    """Cash put in or taken out beside sales; `fen` is positive, `move` gives the direction.

    `pieces` are the notes and coins (fen, pieces) where they were counted.
    """

    where: Where
    cash_id: str
    move: CashKind
    fen: int
    reason: str
    pieces: tuple[tuple[int, int], ...] = ()
