"""From the till's state to what the screen paints."""

from __future__ import annotations

from typing import TYPE_CHECKING

from pos.access.rights import may
from pos.commands import TABLE, Mode, shown_key
from pos.money import line_amount, quantity, yuan
from pos.sale.order import Line, Order
from pos.sale.pricing import Priced, price
from pos.sale.tenders import cash_due, due
from pos.store.finding import MOST
from pos.till import finding, holding, paying, printing, reducing, signing, wallets
from pos.till.front import page
from pos.till.state import Finding
from pos.till.view import (
    DialogView,
    FindView,
    FooterKey,
    HeaderView,
    HelpView,
    LineView,
    ListView,
    MessageView,
    OrderView,
    Panel,
    PayView,
    PromptView,
    ReceiptView,
    View,
    WorkView,
)
from pos.words.commands import act

if TYPE_CHECKING:
    from pos.till.till import Till


def view(till: Till) -> View:
    """The whole screen."""
    state = till.state
    return View(
        mode=state.mode,
        header=_header(till),
        prompt=_prompt(till),
        footer=_footer(till),
        order=order_view(till, state.shown) if state.session else None,
        panel=_panel(till),
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
        network=wallets.header(till) or words.no_network,
        printer=printing.state_text(till),
        unsent=words.unsent.format(count=state.unsent),
        alarm=state.alarm,
    )


def _prompt(till: Till) -> PromptView:
    words, state = till.words.counter, till.state
    match state.mode:
        case "signing" | "approving":
            if state.typed_id:
                return PromptView(words.pin, prefix=state.typed_id + " ", masked=True)
            return PromptView(words.operator_id, words.sign_in_hint)
        case "locked":
            if state.typed_id:
                return PromptView(words.pin, prefix=state.typed_id + " ", masked=True)
            return PromptView(words.operator_id, words.own_id_hint)
        case "paying":
            return PromptView(words.tender, words.tender_hint)
        case "collecting":
            return wallets.prompt(till)
        case "choosing":
            return PromptView(words.choose)
        case "receipt" if state.receipt:
            return PromptView(till.words.finding.receipt_of.format(number=""), "↑ ↓")
        case "products":
            return PromptView(till.words.finding.products, till.words.finding.products_hint)
        case "orders":
            return PromptView(till.words.finding.orders, till.words.finding.orders_hint)
        case "asking" if state.ask:
            return PromptView(state.ask.label, state.ask.hint)
    prefix = f"{quantity(state.quantity)} x " if state.quantity is not None else ""
    return PromptView(words.scan, words.scan_hint, prefix)


def _footer(till: Till) -> tuple[FooterKey, ...]:
    keymap, session = till.keymap, till.state.session
    return tuple(
        FooterKey(
            shown_key(keymap.key_of(command.id)),
            act(till.words.commands, command.id).name,
            may(command.id, session),
        )
        for command in keymap.footer(till.state.mode)
    )


def order_view(till: Till, order: Order | None) -> OrderView:
    """An order with its money; an empty one where there is none."""
    held = len(till.state.held)
    if order is None:
        return OrderView((), -1, "0", yuan(0), yuan(0), yuan(0), held)
    priced = price(order)
    sold = {line.line_no: line for line in priced.lines}
    lines = tuple(
        till.line_view(line, sold[line.line_no].list_fen, sold[line.line_no].net_fen)
        for line in order.lines
    )
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
        till.state.customer if order.person_id else "",
        till.words.finding.deliver_label if order.delivery_id else "",
    )


def line_view(till: Till, line: Line, list_fen: int, net_fen: int) -> LineView:
    """One line in words."""
    product = line.product
    unit_fen = product.price_fen if line.price_fen is None else line.price_fen
    return LineView(
        line_no=line.line_no,
        name=product.name,
        code=line.barcode,
        quantity=quantity(line.milli) + (product.unit if product.weighed else ""),
        unit_price=yuan(unit_fen),
        list_amount=yuan(list_fen),
        net=yuan(net_fen),
        note=_note(till, line, list_fen, net_fen),
    )


def _note(till: Till, line: Line, list_fen: int, net_fen: int) -> str:
    words, notes = till.words.counter, []
    whole = list_fen
    if line.price_fen is not None:
        notes.append(words.note_price.format(price=yuan(line.product.price_fen)))
        whole = line_amount(line.price_fen, line.milli)
    if line.discount_bp:
        notes.append(words.note_rate.format(rate=reducing.rate_text(line.discount_bp)))
    rest = whole - net_fen
    if rest > 0:
        notes.append(words.note_off.format(amount=yuan(rest)))
    if low := finding.low_note(till, line.product.product_id, line.milli * line.product.factor):
        notes.append(low)
    return "，".join(notes)


def _panel(till: Till) -> Panel | None:
    state, words = till.state, till.words.counter
    match state.mode:
        case "signing":
            return page(till.config)
        case "locked":
            return DialogView(words.locked, (words.locked_hint,))
        case "approving":
            return DialogView(words.approval, signing.approval_lines(till))
        case "products" | "orders" if state.find:
            return _found(till, state.find)
        case "receipt" if state.receipt:
            page_of, words_found = state.receipt, till.words.finding
            title = words_found.receipt_of.format(number=page_of.order.number)
            return ReceiptView(title, page_of.rows, page_of.columns, page_of.top)
        case "working" if state.work:
            return WorkView(state.work.title, state.work.lines, state.work.part)
        case "choosing" if state.choice:
            choice = state.choice
            return ListView(choice.title, choice.columns, choice.rows, state.choice_row)
        case "helping":
            return _help(till)
        case "collecting" if state.wallet:
            return wallets.view(till, state.wallet)
        case "paying" | "collecting" if state.shown:
            return _pay(till, state.shown)
        case "asking" if state.ask and state.ask.back == "paying" and state.shown:
            return _pay(till, state.shown)
    return state.change


def _found(till: Till, find: Finding) -> FindView:
    words, count = till.words.finding, len(find.rows)
    products = find.kind == "products"
    title = words.products if products else words.orders
    if find.query:
        title = f"{title}  {find.query}"
    elif products:
        title = f"{title}  {words.products_changed}"
    if not products and find.status:
        title = f"{title}  [{words.status[find.status]}]"
    note = words.found if count < MOST else words.found_more
    return FindView(
        title,
        words.product_columns if products else words.order_columns,
        find.rows,
        find.selected,
        note.format(count=count) if count else words.found_none,
        frozenset({3, 4, 5} if products else {3}),
    )


def _pay(till: Till, order: Order) -> PayView:
    priced: Priced = price(order)
    asked = cash_due(order, till.config.settings.cash.rounding)
    keys = [shown_key(till.keymap.key_of(f"quick_{n}")) for n in range(1, 5)]
    return PayView(
        total=yuan(priced.total_fen),
        saved=yuan(priced.saved_fen),
        due=yuan(due(order)),
        cash_due=yuan(asked),
        tenders=paying.tender_views(till, order.tenders),
        quick=tuple((key, yuan(fen)) for key, fen in zip(keys, paying.quick(till), strict=False)),
    )


def _help(till: Till) -> HelpView:
    words = till.words
    modes: tuple[Mode, ...] = ("selling", "paying", "signing")
    if till.state.help_back in modes:
        modes = (till.state.help_back, *(m for m in modes if m != till.state.help_back))
    sections = []
    for mode in modes:
        rows = []
        for command in TABLE:
            keys = till.keymap.keys[command.id]
            if mode in command.modes and keys:
                said = act(words.commands, command.id)
                rows.append(("/".join(shown_key(k) for k in keys), said.name, said.help))
        sections.append((words.counter.section[mode], tuple(rows)))
    return HelpView(words.counter.help_title, tuple(sections), till.state.help_top)
