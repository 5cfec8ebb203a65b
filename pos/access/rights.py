"""Roles and rights, and the one question every command is asked: `require`."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from typing import Literal, get_args

import msgspec

from pos.commands import BY_ID, RIGHTS, Right
from pos.config import Roles, basis_points
from pos.money import share_of
from pos.refusal import Refused

Role = Literal["cashier", "supervisor", "manager", "technician"]
ROLES: tuple[Role, ...] = get_args(Role)

_CASHIER: frozenset[Right] = frozenset(
    {
        "sell",
        "hold",
        "void_line",
        "discount_line",
        "discount_order",
        "order_view",
        "catalog_view",
        "stock_count",
        "invoice_issue",
    }
)
_SUPERVISOR: frozenset[Right] = _CASHIER | {
    "training",
    "void_order",
    "price_change",
    "drawer_open",
    "reprint",
    "stock_edit",
    "member_edit",
    "journal_verify",
    "cash_move",
    "x_report",
    "day_close",
    "return",
    "return_bare",
    "reopen",
}
RIGHTS_OF: dict[Role, frozenset[Right]] = {
    "cashier": _CASHIER,
    "supervisor": _SUPERVISOR,
    "manager": frozenset(RIGHTS) - {"settings"},
    "technician": frozenset(
        {"settings", "sync", "backup", "journal_verify", "operator_view", "catalog_view"}
    ),
}
NO_LIMIT_BP = 10_000


@dataclass(frozen=True)
class Session:
    """Somebody signed in. Limits are basis points off the list price."""

    operator_id: str
    name: str
    role: Role
    rights: frozenset[Right]
    discount_bp: int
    price_cut_bp: int
    shift_id: str = ""
    business_date: str = ""


class _Told(msgspec.Struct, frozen=True):
    """A role as head office sends it."""

    rights: tuple[str, ...]
    discount_bp: int = 0
    price_cut_bp: int = 0


def session_of(operator_id: str, name: str, role: Role, limits: Roles, told: str = "") -> Session:
    """The session of an operator whose PIN was right.

    `told` is what head office says of the role, as JSON; it goes before what stands here. Rights
    that are not known are passed over.
    """
    if told:
        said = msgspec.json.decode(told, type=_Told)
        known = frozenset(right for right in RIGHTS if right in said.rights)
        return Session(operator_id, name, role, known, said.discount_bp, said.price_cut_bp)
    discount = cut = NO_LIMIT_BP if role == "manager" else 0
    if role in ("cashier", "supervisor"):
        found = limits.cashier if role == "cashier" else limits.supervisor
        discount, cut = basis_points(found.discount), basis_points(found.price_cut)
    return Session(operator_id, name, role, RIGHTS_OF[role], discount, cut)


def require(command_id: str, session: Session | None) -> None:
    """Refuse a command to who may not do it: `not_signed_in` or `no_right`. Unknown: never."""
    command = BY_ID.get(command_id)
    if command is None:
        raise Refused("unknown_command", name=command_id, near="")
    if command.right is None:
        return
    if session is None:
        raise Refused("not_signed_in")
    if command.right not in session.rights:
        raise Refused("no_right", command=command_id)


def may(command_id: str, session: Session | None) -> bool:
    """Whether `require` would let it pass."""
    try:
        require(command_id, session)
    except Refused:
        return False
    return True


def check_discount(session: Session, off_fen: int, base_fen: int) -> None:
    """Refuse `off_fen` off `base_fen` above the session's limit."""
    if off_fen > share_of(base_fen, session.discount_bp):
        raise Refused("discount_over_limit", limit=_percent(session.discount_bp))


def check_price(session: Session, list_fen: int, fen: int) -> None:
    """Refuse a price further below the list price than the session's limit."""
    if fen < list_fen and (list_fen - fen) * NO_LIMIT_BP > list_fen * session.price_cut_bp:
        raise Refused("price_over_limit", limit=_percent(session.price_cut_bp))


def check_return(session: Session, check: Callable[[], None]) -> None:
    """Hold who is no manager to the shop's limits of returns, which `check` refuses beyond."""
    if session.role != "manager":
        check()


def _percent(bp: int) -> str:
    return f"{bp / 100:g}%"
