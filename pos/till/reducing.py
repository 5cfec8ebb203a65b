"""Prices and discounts by hand, each by right."""

from __future__ import annotations

from typing import TYPE_CHECKING

from pos.access.rights import NO_LIMIT_BP, Session, check_discount, check_price
from pos.money import share_of, yuan
from pos.record import SoldLine
from pos.sale import entry
from pos.sale import order as rules
from pos.sale.pricing import price
from pos.till import moving, selling, signing
from pos.till.state import Approved

if TYPE_CHECKING:
    from pos.till.till import Till


def ask_price(till: Till) -> None:
    line, words = selling.selected(till), till.words.counter
    rules.check_open(selling.current(till))

    def priced(text: str) -> None:
        fen = entry.read_amount(text)
        order = rules.set_price(selling.current(till), line.line_no, fen)

        def act(approved: Approved | None) -> None:
            old = line.product.price_fen if line.price_fen is None else line.price_fen
            facts = signing.override(till, "price", approved, yuan(old), yuan(fen))
            till.keep_with(order, facts, lambda: None)

        signing.guard(till, "price", lambda s: check_price(s, line.product.price_fen, fen), act)

    moving.ask(till, words.price.format(name=line.product.name), "", priced)


def discount_line(till: Till, command: str, *, bp: int = 0, fen: int = 0) -> None:
    line = selling.selected(till)
    before = price(selling.current(till))
    order = rules.discount_line(selling.current(till), line.line_no, bp=bp, fen=fen)
    after = price(order)
    was, now = (_net(p.lines, line.line_no) for p in (before, after))
    listed = line.list_fen

    def check(session: Session) -> None:
        check_discount(session, listed - now, listed)

    def act(approved: Approved | None) -> None:
        facts = signing.override(till, command, approved, yuan(was), yuan(now))
        till.keep_with(order, facts, lambda: _told(till, bp, fen))

    signing.guard(till, command, check, act)


def discount_order(till: Till, command: str, *, bp: int = 0, fen: int = 0) -> None:
    before = price(selling.current(till))
    order = rules.discount_order(selling.current(till), before.discountable_fen, bp=bp, fen=fen)
    after = price(order)
    base = before.discountable_fen

    def check(session: Session) -> None:
        check_discount(session, fen or share_of(base, bp), base)

    def act(approved: Approved | None) -> None:
        facts = signing.override(
            till, command, approved, yuan(before.total_fen), yuan(after.total_fen)
        )
        till.keep_with(order, facts, lambda: _told(till, bp, fen, whole=True))

    signing.guard(till, command, check, act)


def _net(lines: tuple[SoldLine, ...], line_no: int) -> int:
    return next(line.net_fen for line in lines if line.line_no == line_no)


def _told(till: Till, bp: int, fen: int, *, whole: bool = False) -> None:
    words = till.words.counter
    if not bp and not fen:
        till.tell(words.discount_ended, "ok")
    elif whole and bp:
        till.tell(words.order_discount.format(rate=rate_text(bp)), "ok")
    elif whole:
        till.tell(words.order_reduced.format(amount=yuan(fen)), "ok")


def rate_text(bp: int) -> str:
    """Basis points off as 折: 1500 is `85`."""
    return f"{(NO_LIMIT_BP - bp) / 100:g}"
