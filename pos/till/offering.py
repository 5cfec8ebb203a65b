"""Offers at the counter: given at each change of the order, shown on a key, coupons scanned."""

from __future__ import annotations

from typing import TYPE_CHECKING

import msgspec
from msgspec.structs import replace

from pos.access.rights import require
from pos.money import MILLI, yuan
from pos.refusal import Refused
from pos.sale import order as rules
from pos.sale import spending
from pos.sale.order import Order
from pos.store import attempts
from pos.till import couponing, membership, moving, offerfiles, selling, syncing
from pos.till.promoting import Promoter
from pos.words.refusals import say

if TYPE_CHECKING:
    from pos.sale.promotions import Proposal
    from pos.till.till import Till

LOOK_EVERY_SECONDS = 30
MOST_COUPONS = 20


class Watched(msgspec.Struct):
    """What the files of offers looked like last, and when somebody looked."""

    seen: tuple[object, ...] = ()
    at: float = 0.0
    trouble: str = ""
    """Why they are not live; the offers before are."""


def opened(till: Till) -> None:
    """The ledger is open: its offers are live, then its files are looked at."""
    till.promoter = Promoter(till.reader, till.clock, till.config)
    _refresh(till)


def look(till: Till) -> None:
    """Now and then: whether somebody changed the files meanwhile."""
    watched, now = till.watched, till.clock.monotonic()
    if till.promoter is None or now - watched.at < LOOK_EVERY_SECONDS:
        return
    watched.at = now
    till.promoter.load()  # head office may have sent others
    if _stamps(till) != watched.seen:
        _refresh(till)


def _refresh(till: Till) -> None:
    till.watched.seen, till.watched.at = _stamps(till), till.clock.monotonic()

    def done(version: int) -> None:
        till.watched.trouble = ""
        if till.promoter is not None and version:
            till.promoter.load()

    def refused(why: Refused) -> None:
        till.refuse(why)
        till.watched.trouble = say(till.words.refusals, why)

    till.follow(till.submit(lambda ledger: offerfiles.refresh(ledger, till.config)), done, refused)


def _stamps(till: Till) -> tuple[object, ...]:
    """When the files were changed last; nothing of them is read."""
    found: list[object] = []
    for path in till.config.promotions:
        try:
            stat = path.stat() if path else None
        except OSError:
            stat = None
        found.append((stat.st_mtime_ns, stat.st_size) if stat else None)
    return tuple(found)


def promoted(till: Till, order: Order) -> Order:
    """The order with the offers it gets now.

    As it was where prices are frozen: money was taken or is being asked for, or it is on hold.
    """
    promoter = till.promoter
    if promoter is None or order.tenders or order.state == "held":
        return order
    if order.lines and attempts.any_live(till.reader, order.order_id):
        return order
    found = given(till, order)
    if order.points and spending.spent(found.offers)[0] != order.points:
        return given(till, spending.without(order))  # what was held is not what it would take now
    return found


def given(till: Till, order: Order) -> Order:
    """The order with what its offers come to at this moment."""
    if till.promoter is None:
        return order
    paying = till.state.mode in ("paying", "collecting")
    date = till.state.session.business_date if till.state.session else ""
    buyer = membership.buyer(till, order.person_id)
    return till.promoter.give(order, date, buyer, paying=paying)


def coupon(till: Till, code: str) -> bool:
    """Put a coupon on the order if the code is one; Refused says why it gives nothing."""
    promoter = till.promoter
    if promoter is None or not promoter.knows(code):
        return False
    require("settle", till.session)
    order = till.state.order
    if order is None or not order.lines:
        raise Refused("coupon_first_goods")
    rules.check_open(order)
    if code in order.coupons:
        _take_off(till, order, code)
        return True
    if len(order.coupons) >= MOST_COUPONS:
        raise Refused("coupons_most", most=MOST_COUPONS)
    after = promoted(till, replace(order, coupons=(*order.coupons, code)))
    given = next((g for g in after.offers.given if g.code == code), None)
    if given is None:
        why = promoter.why_not(code)
        promoted(till, order)
        raise Refused("coupon_no_use", why=why)
    said = till.words.selling.coupon_taken.format(name=given.name, amount=yuan(given.fen))

    def take() -> None:
        till.keep_with(after, (), lambda: till.tell(said, "ok"))

    if promoter.central(code):
        couponing.use(till, code, given.name, take)
    else:
        take()
    return True


def _take_off(till: Till, order: Order, code: str) -> None:
    """Scanned once more, a coupon is taken off again."""
    left = tuple(x for x in order.coupons if x != code)

    def off() -> None:
        syncing.let_go(till)
        till.tell(till.words.selling.coupon_off.format(code=code), "warn")

    till.keep_with(replace(order, coupons=left), (), off)


def unheld(till: Till, order: Order) -> Order:
    """An order that is put aside: nothing is kept for it at head office meanwhile."""
    promoter = till.promoter
    kept = tuple(x for x in order.coupons if promoter is None or not promoter.central(x))
    bare = spending.without(order)
    return promoted(till, bare if kept == order.coupons else replace(bare, coupons=kept))


def show(till: Till) -> None:
    """What was given, what could still be had, why other offers were not; an add-on is picked."""
    promoter, order = till.promoter, selling.current(till)
    if promoter is None or not order.lines:
        raise Refused("order_empty")
    promoted(till, order)  # the outcome of this order, not of one put aside meanwhile
    outcome = promoter.outcome
    if outcome is None:
        raise Refused("no_offers_here")
    from pos.sale.promotions.explaining import say_given, say_proposal, say_reason

    said, tongue = till.words.selling, promoter.words
    add_ons = [(p, sku) for p in outcome.proposals if p.wanted == "add_on" for sku in p.skus]
    rows: list[tuple[str, ...]] = []
    for proposal, sku in add_ons:
        product = till.reader.product(sku)
        name = product.name if product else sku
        rows.append((said.offers_add, f"{name} {yuan(proposal.price_fen)}", proposal.name))
    for given in outcome.applied:
        rows.append((said.offers_given, say_given(given, tongue), f"-{yuan(given.saving_fen)}"))
    near = [p for p in outcome.proposals if p.wanted != "add_on"]
    rows += [(said.offers_near, say_proposal(one, tongue), "") for one in near]
    rows += [(said.offers_not, say_reason(one, tongue), "") for one in outcome.reasons]
    if not rows:
        raise Refused("no_offers_here")

    def pick(index: int) -> None:
        if index < len(add_ons):
            _add_on(till, *add_ons[index])

    moving.offer(till, said.offers_title, said.offers_columns, tuple(rows), pick)


def _add_on(till: Till, proposal: Proposal, sku: str) -> None:
    """换购: the goods go on the order, and the offer gives them its price."""
    product = till.reader.product(sku)
    if product is None:
        raise Refused("unknown_code", code=sku)
    order = rules.add(
        selling.current(till), product, sku, MILLI, merge=False, seller=till.state.seller
    )
    till.state.selected = order.lines[-1].line_no
    said = till.words.selling.add_on.format(name=product.name, price=yuan(proposal.price_fen))
    till.keep_with(order, (), lambda: till.tell(said, "ok"))


def hint(till: Till) -> str:
    """The first thing the customer could still have, in a few words."""
    promoter, order = till.promoter, till.state.shown
    if promoter is None or order is None or order.tenders or order is not till.state.order:
        return ""
    return promoter.hint()
