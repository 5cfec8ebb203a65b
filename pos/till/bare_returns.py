"""Goods that come back without a receipt: by right, with a reason, at today's price or less."""

from __future__ import annotations

from typing import TYPE_CHECKING

from msgspec.structs import replace

from pos.access.rights import Session, check_return
from pos.config import fen as fen_of
from pos.money import MILLI, yuan
from pos.record import SoldLine
from pos.refusal import Refused
from pos.sale import entry, returns
from pos.sale import order as rules
from pos.sale.order import Order, Product
from pos.text import clean_code
from pos.till import moving, selling, signing
from pos.till.reading import goods_of
from pos.till.soldorders import work_of
from pos.till.state import Approved, Returning

if TYPE_CHECKING:
    from pos.till.till import Till


def begin(till: Till) -> None:
    """Why there is no receipt; the right is asked for with each thing that comes back."""
    work = work_of(till)

    def picked(reason: str) -> None:
        till.state.returning = Returning(bare=reason)

    if any(work.wanted.values()):
        raise Refused("return_first")
    moving.offer_reasons(till, till.words.returns.bare_reasons, picked)


def entered(till: Till, text: str) -> None:
    """Goods that come back: a code, or how many of it before it."""
    found, milli = goods_of(till, text), None
    if found is None and (counted := entry.split_counted(text)):
        milli, text = counted[0], clean_code(counted[1])
        found = goods_of(till, text)
    if found is None:
        raise Refused("unknown_code", code=text[:32])
    product, code, size = found.product, found.code, milli or found.milli
    if size is not None or not product.weighed:
        _ask_price(till, product, code, MILLI if size is None else size)
        return
    words = till.words.counter

    def weighed(typed: str) -> None:
        _ask_price(till, product, code, entry.read_quantity(typed))

    moving.ask(till, words.weight.format(name=product.name), words.weight_hint, weighed)


def _ask_price(till: Till, product: Product, code: str, milli: int) -> None:
    words = till.words.returns
    rules.check_quantity(product, milli)

    def priced(text: str) -> None:
        fen = entry.read_amount(text) if text else None
        where = work_of(till).condition(0)
        line = returns.without_receipt(product, code, milli, where, price_fen=fen)
        _put_bare(till, line)

    hint = words.bare_price_hint.format(price=yuan(product.price_fen))
    label = words.bare_price.format(name=product.name)
    moving.ask(till, label, hint, priced, optional=True)


def _put_bare(till: Till, line: SoldLine) -> None:
    reason = work_of(till).bare
    order = till.state.order or selling.new_order(till)
    after = replace(rules.bring_back(order, line), reason=reason)
    most = fen_of(till.config.settings.returns.without_receipt)

    def check(session: Session) -> None:
        check_return(
            session,
            lambda: returns.check_limits(after.returned, without_receipt_fen=most),
        )

    def act(approved: Approved | None) -> None:
        amount = yuan(-line.net_fen)
        facts = signing.override(till, "return_bare", approved, line.name, amount, after)
        till.keep_with(after, facts, lambda: _select_last(till, after))

    signing.guard(till, "return_bare", check, act)


def _select_last(till: Till, order: Order) -> None:
    till.state.selected = order.lines[-1].line_no
    said = till.words.returns.put_on
    amount = yuan(-order.lines[-1].list_fen)
    till.tell(said.format(count=1, amount=amount), "ok")
