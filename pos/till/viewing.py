"""From the till's state to what the screen paints."""

from __future__ import annotations

from collections.abc import Mapping
from typing import TYPE_CHECKING

from pos.access.rights import may
from pos.commands import shown_key
from pos.money import line_amount, quantity, yuan
from pos.record import SoldLine
from pos.sale.order import Line, Order
from pos.sale.pricing import price
from pos.till import (
    finding,
    holding,
    offering,
    printing,
    reducing,
    routing,
    stocking,
    syncing,
    walletview,
)
from pos.till.returning import NUMBER_END
from pos.till.view import (
    FooterKey,
    HeaderView,
    LineView,
    MessageView,
    OrderView,
    View,
)
from pos.words.commands import act

if TYPE_CHECKING:
    from pos.till.till import Till

_ON_ORDER = ("order_promotion", "coupon", "points")


def view(till: Till) -> View:
    """The whole screen."""
    state = till.state
    return View(
        mode=state.mode,
        header=_header(till),
        prompt=routing.prompt(till),
        footer=_footer(till),
        order=order_view(till, state.shown) if state.session else None,
        panel=routing.panel(till),
        message=_message(till),
        busy=till.pending,
    )


def _message(till: Till) -> MessageView | None:
    if till.state.message is None and not till.ready:
        return MessageView(till.words.counter.starting, "info")
    return till.state.message


def _header(till: Till) -> HeaderView:
    words, settings, state = till.words.counter, till.config.settings, till.state
    session = state.session
    return HeaderView(
        shop=settings.shop.name or words.shop.format(id=settings.shop.id),
        till=words.till.format(id=settings.till.id),
        operator=f"{session.operator_id} {session.name}" if session else "",
        business_date=session.business_date if session else "",
        network=" ".join(text for text in (syncing.header(till), walletview.header(till)) if text)
        or words.no_network,
        printer=printing.state_text(till),
        unsent=words.unsent.format(count=state.unsent),
        alarm=state.alarm or till.watched.trouble or _training(till),
    )


def _training(till: Till) -> str:
    return till.words.selling.training_mark if till.config.training else ""


def _footer(till: Till) -> tuple[FooterKey, ...]:
    keymap, session = till.keymap, till.state.session
    weighs = till.config.settings.scale.enabled
    return tuple(
        FooterKey(
            shown_key(keymap.key_of(command.id)),
            act(till.words.commands, command.id).name,
            may(command.id, session) or stocking.allowed(till, command.id),
        )
        for command in keymap.footer(till.state.mode)
        if stocking.applies(till, command.id) and (weighs or command.id != "weigh")
    )


def order_view(till: Till, order: Order | None) -> OrderView:
    """An order with its money; an empty one where there is none. Locked, it names no customer."""
    held, locked = len(till.state.held), till.state.mode == "locked"
    if order is None:
        return OrderView((), -1, "0", yuan(0), yuan(0), yuan(0), held)
    priced = price(order)
    sold = {line.line_no: line for line in priced.lines}
    names = {given.offer: given.name for given in order.offers.given}
    lines = tuple(till.line_view(line, sold[line.line_no], names) for line in order.lines)
    numbers = [line.line_no for line in order.lines]
    at = numbers.index(till.state.selected) if till.state.selected in numbers else len(numbers) - 1
    return OrderView(
        lines,
        at,
        holding.pieces(order.lines),
        yuan(priced.list_fen),
        yuan(priced.saved_fen),
        yuan(priced.total_fen),
        held,
        till.state.customer if order.person_id and not locked else "",
        till.words.finding.deliver_label if order.delivery_id else "",
        tuple((names.get(x.offer, x.offer), f"-{yuan(x.fen)}") for x in order.offers.order),
        offering.hint(till),
        _banner(till, order),
        till.state.seller_name,
        "" if locked else order.note,
    )


def _banner(till: Till, order: Order) -> str:
    words = till.words.returns
    if not order.returned:
        return ""
    if order.reopens:
        return words.banner_reopen
    return words.banner_exchange if order.sold else words.banner_return


def line_view(till: Till, line: Line, sold: SoldLine, names: Mapping[str, str]) -> LineView:
    """One line in words."""
    product = line.product
    unit_fen = product.price_fen if line.price_fen is None else line.price_fen
    return LineView(
        line_no=line.line_no,
        name=product.name,
        code=line.barcode,
        quantity=quantity(line.milli) + (product.unit if product.weighed else ""),
        unit_price=yuan(unit_fen),
        list_amount=yuan(sold.list_fen),
        net=yuan(sold.net_fen),
        note=_note(till, line, sold, names),
    )


def _note(till: Till, line: Line, sold: SoldLine, names: Mapping[str, str]) -> str:
    words, more = till.words.counter, till.words.selling
    notes: list[str] = []
    if line.returned is not None:
        return _back_note(till, line.returned)
    whole = sold.list_fen
    if line.price_fen is not None:
        notes.append(words.note_price.format(price=yuan(line.product.price_fen)))
        whole = line_amount(line.price_fen, line.milli)
    if line.discount_bp:
        notes.append(words.note_rate.format(rate=reducing.rate_text(line.discount_bp)))
    offers = [x for x in sold.adjustments if x.kind in ("member", "promotion")]
    spread = sum(x.fen for x in sold.adjustments if x.kind in _ON_ORDER)
    if offers:
        notes.append(more.note_was.format(amount=yuan(sold.list_fen)))
    notes += [f"{names.get(x.offer) or more.member_price} -{yuan(x.fen)}" for x in offers]
    if spread:
        notes.append(more.note_order.format(amount=yuan(spread)))
    rest = whole - sold.net_fen - spread - sum(x.fen for x in offers)
    if rest > 0:
        notes.append(words.note_off.format(amount=yuan(rest)))
    if low := finding.low_note(till, line.product.product_id, line.milli * line.product.factor):
        notes.append(low)
    return "，".join(notes)


def _back_note(till: Till, line: SoldLine) -> str:
    words = till.words.returns
    condition = words.conditions[line.condition or "stock"]
    if not line.of_order:
        return words.line_note_bare.format(condition=condition)
    number = till.reader.number_of(line.of_order)[-NUMBER_END:]
    return words.line_note.format(number=number, line=line.of_line, condition=condition)
