"""积分抵现 at the counter: points of the member on the order, spent only against head office.

What the points offer takes is held there first, under a request that is on disk before it is asked.
The order names the request from then on; closing it confirms, and a draft that names it no longer
lets it go in the same transaction. An answer that is lost spends nothing.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

from msgspec.structs import replace

from pos.access.rights import require
from pos.money import yuan
from pos.protocol.between import Balance, Spend, Spent
from pos.refusal import Refused
from pos.sale import order as rules
from pos.sale import spending
from pos.sale.order import Order
from pos.till import membership, moving, offering, selling, syncing, training, wallets

if TYPE_CHECKING:
    from pos.till.till import Till

MOST = 10**12
"""More points than this nobody has."""


def start(till: Till, text: str) -> None:
    """Ask how many points there are and what they are worth here; once more takes them off.

    `text` is how many to use at most, empty for all that may be used.
    """
    require("points", till.session)
    order = selling.current(till)
    rules.check_open(order)
    wallets.check_idle(till)
    if order.points:

        def off() -> None:
            syncing.let_go(till)
            till.tell(till.words.members.points_off, "warn")

        till.keep_with(spending.without(order), (), off)
        return
    training.refuse_outside(till)
    if not order.person_id or membership.of_order(till, order.person_id) is None:
        raise Refused("points_no_member")
    if till.promoter is None or not till.promoter.spends_points():
        raise Refused("points_no_offer")
    wanted = _count(text) if text else None
    shop, who = till.config.settings.shop.id, order.person_id

    def known(balance: Balance) -> None:
        if wanted is None:
            _worth(till, balance.points)
        else:
            _some(till, balance.points, wanted)

    syncing.ask(till, lambda office: office.balance(shop, who), known)


def _count(text: str) -> int:
    if not (text.isascii() and text.isdigit() and 0 < int(text) <= MOST):
        raise Refused("points_form", text=text[:20])
    return int(text)


def _worth(till: Till, has: int) -> None:
    """Show it; nothing is held before somebody says so."""
    order, words = selling.current(till), till.words.members
    points, fen = _spent(till, order, max(0, has))
    if not points:
        raise Refused("points_too_few", has=has)

    def some(text: str) -> None:
        _some(till, has, _count(text) if text else points)

    def pick(index: int) -> None:
        if index == 0:
            _hold(till, points)
        elif index == 1:
            hint = words.points_hint.format(points=points)
            moving.ask(till, words.points_how_many, hint, some, optional=True)

    use = words.points_use.format(points=points, amount=yuan(fen))
    rows = ((use,), (words.points_some,), (words.points_keep,))
    moving.offer(till, words.points_title.format(points=has), ("",), rows, pick)


def _some(till: Till, has: int, wanted: int) -> None:
    """Use no more than `wanted`: whole steps of the offer, so that none are spent for nothing."""
    order = selling.current(till)
    most, _ = _spent(till, order, max(0, has))
    if wanted > most:
        raise Refused("points_too_many", has=has, most=most)
    points, _ = _spent(till, order, wanted)
    if not points:
        raise Refused("points_no_step", wanted=wanted)
    _hold(till, points)


def _spent(till: Till, order: Order, points: int) -> tuple[int, int]:
    """Of so many points, how many the offers would take, and the fen they would give."""
    return spending.spent(offering.given(till, replace(order, points=points)).offers)


def _hold(till: Till, points: int) -> None:
    order = selling.current(till)
    asked = Spend(
        request_id=till.ids.uuid7(),
        operator=till.session.operator_id,
        shop=till.config.settings.shop.id,
        member_id=order.person_id,
        asset="points",
        amount=points,
        order_id=order.order_id,
    )

    def held(_done: Spent) -> None:
        after = replace(selling.current(till), points=points, points_request=asked.request_id)
        _, fen = _spent(till, after, points)
        said = till.words.members.points_on.format(points=points, amount=yuan(fen))
        till.keep_with(after, (), lambda: till.tell(said, "ok"))

    syncing.ask(till, lambda office: office.spend(asked), held)
