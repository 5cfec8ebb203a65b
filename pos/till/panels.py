"""What each mode shows over the order, and how it names the entry line."""

from __future__ import annotations

from typing import TYPE_CHECKING

from pos.commands import TABLE, Mode, shown_key
from pos.money import quantity, yuan
from pos.refusal import Refused
from pos.sale.pricing import Priced, price
from pos.sale.tenders import cash_due, due
from pos.store.finding import MOST
from pos.text import harmless
from pos.till import front, paying, signing
from pos.till.view import (
    DialogView,
    FindView,
    HelpView,
    ListView,
    Panel,
    PayView,
    PromptView,
    ReceiptView,
    WorkView,
)
from pos.words.commands import act

if TYPE_CHECKING:
    from pos.till.till import Till


# --- over the order ---


def front_page(till: Till) -> Panel:
    """Nobody is signed in."""
    return front.page(till.config)


def locked(till: Till) -> Panel:
    """Only the PIN of who is signed in brings the order back."""
    words = till.words.counter
    return DialogView(words.locked, (words.locked_hint,))


def approving(till: Till) -> Panel:
    """What somebody else is asked to allow."""
    return DialogView(till.words.counter.approval, signing.approval_lines(till))


def receipt(till: Till) -> Panel | None:
    """A receipt as on paper."""
    page = till.state.receipt
    if page is None:
        return None
    title = till.words.finding.receipt_of.format(number=page.order.number)
    return ReceiptView(title, page.rows, page.columns, page.top)


def code(till: Till) -> Panel | None:
    """A code for the customer's phone."""
    return till.state.code[0] if till.state.code else None


def working(till: Till) -> Panel | None:
    """Long work, how far it is."""
    work = till.state.work
    return WorkView(work.title, work.lines, work.part) if work else None


def choosing(till: Till) -> Panel | None:
    """A short list."""
    choice = till.state.choice
    if choice is None:
        return None
    return ListView(choice.title, choice.columns, choice.rows, till.state.choice_row)


def change(till: Till) -> Panel | None:
    """The last sale's change, until the next key."""
    return till.state.change


def asking(till: Till) -> Panel | None:
    """What is asked for is shown on the entry line; the payment stays in sight."""
    ask = till.state.ask
    if ask and ask.about is not None:
        return ask.about
    return pay(till) if ask and ask.back == "paying" else till.state.change


def found(till: Till) -> Panel | None:
    """What was found of what is typed."""
    find = till.state.find
    if find is None:
        return None
    words, count = till.words.finding, len(find.rows)
    products = find.kind == "products"
    title = words.products if products else words.orders
    if find.query:
        title = f"{title}  {harmless(find.query)}"
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


def pay(till: Till) -> Panel | None:
    """What is due and what was taken of it."""
    order = till.state.shown
    if order is None:
        return till.state.change
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


def keys(till: Till) -> Panel:
    """The keys, those of the mode one comes from first."""
    words = till.words
    modes: tuple[Mode, ...] = (
        *("selling", "paying", "collecting"),
        *("returning", "refunding", "stocking", "reviewing", "signing"),
    )
    if till.state.help_back in words.counter.section:
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


# --- the entry line ---


def ask_id(till: Till) -> PromptView:
    """An id, then a PIN that is not shown."""
    words, typed = till.words.counter, till.state.typed_id
    if typed:
        return PromptView(words.pin, prefix=typed + " ", masked=True)
    return PromptView(words.operator_id, words.sign_in_hint)


def ask_own_id(till: Till) -> PromptView:
    """As above, of the one who is signed in."""
    words = till.words.counter
    if till.state.typed_id:
        return ask_id(till)
    return PromptView(words.operator_id, words.own_id_hint)


def ask_tender(till: Till) -> PromptView:
    """A sum, then a key of how it is paid."""
    return PromptView(till.words.counter.tender, till.words.counter.tender_hint)


def ask_choice(till: Till) -> PromptView:
    """A row's number."""
    return PromptView(till.words.counter.choose)


def ask_nothing(till: Till) -> PromptView:
    """A receipt is read with the arrows."""
    return PromptView(till.words.finding.receipt_of.format(number=""), "↑ ↓")


def ask_code(till: Till) -> PromptView:
    """The customer scans; Enter or Esc ends it."""
    return PromptView(till.words.invoices.code_title, till.words.invoices.code_hint)


def code_entered(till: Till, text: str, burst: bool) -> None:
    """Enter puts the code away."""
    if text or till.state.code is None:
        raise Refused("not_here")
    till.state.mode, till.state.code = till.state.code[1], None


def ask_product(till: Till) -> PromptView:
    """What a product is looked for by."""
    return PromptView(till.words.finding.products, till.words.finding.products_hint)


def ask_order(till: Till) -> PromptView:
    """What an order is looked for by."""
    return PromptView(till.words.finding.orders, till.words.finding.orders_hint)


def ask_text(till: Till) -> PromptView:
    """The one text that is asked for."""
    ask = till.state.ask
    return PromptView(ask.label, ask.hint) if ask else ask_scan(till)


def ask_scan(till: Till) -> PromptView:
    """A code, with the quantity that goes before it."""
    words, count = till.words.counter, till.state.quantity
    prefix = f"{quantity(count)} x " if count is not None else ""
    return PromptView(words.scan, words.scan_hint, prefix)
