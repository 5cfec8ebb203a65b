"""Goods that come back: of which order, which lines, how many of them, and where they go."""

from __future__ import annotations

from typing import TYPE_CHECKING

from msgspec.structs import replace

from pos.access.rights import Session, check_return
from pos.money import MILLI, quantity, yuan
from pos.record import SoldLine
from pos.refusal import Refused
from pos.sale import entry, returns
from pos.sale import order as rules
from pos.sale.returns import Sold, Wanted
from pos.store import elsewhere
from pos.store.finding import FoundOrder
from pos.text import clean_code
from pos.till import bare_returns, finding, selling, signing
from pos.till.reading import goods_of
from pos.till.soldorders import NUMBER_DIGITS, find, key_of, load, reserved, work_of
from pos.till.state import Approved, Returning
from pos.till.view import FindView, PromptView

if TYPE_CHECKING:
    from pos.till.till import Till

NUMBER_END = 7
MOST_QUANTITY_DIGITS = 6
"""Longer runs are codes, never quantities."""


def begin(till: Till, text: str = "") -> None:
    """Ask which order something comes back of; `text` may already say."""
    order = till.state.order
    if order is not None:
        rules.check_open(order)
        if order.reopens:
            raise Refused("reopening_fixed")
    till.state.returning = Returning()
    till.state.mode = "returning"
    if text:
        find(till, text)


def begin_with(till: Till, order: FoundOrder) -> None:
    """Something comes back of an order that was found."""
    begin(till)
    till.state.find = till.state.receipt = None
    try:
        load(till, order.order_id)
    except Refused:
        till.state.returning, till.state.mode = None, "selling"
        raise


def entered(till: Till, text: str, burst: bool) -> None:
    """A receipt's barcode, the end of its number, a quantity, goods; nothing takes the chosen."""
    work = work_of(till)
    if work.sold is not None:
        if text:
            _chosen(till, work, work.sold, clean_code(text), burst)
        else:
            _take(till, work.sold)
    elif not text:
        end(till)
    elif work.bare:
        bare_returns.entered(till, clean_code(text))
    else:
        find(till, clean_code(text))


def acted(till: Till, command: str, text: str) -> None:
    """A key while something comes back."""
    work = work_of(till)
    match command:
        case "find_orders":
            finding.open_orders(till, text)
            return
        case "return_bare":
            bare_returns.begin(till)
            return
        case "return_damaged" if work.bare:
            work.damaged ^= {0}
            return
    sold = work.sold
    if sold is None:
        raise Refused("not_here")
    if text and command in ("return_more", "return_less", "return_damaged"):
        entered(till, text, False)
        if command != "return_damaged":
            return
    match command:
        case "return_more":
            _step(till, work, sold, MILLI)
        case "return_less":
            _step(till, work, sold, -MILLI)
        case "return_damaged":
            work.damaged ^= {_line(work, sold).line_no}
        case "return_all":
            for one in returns.everything(sold):
                work.wanted[one.line_no] = one.milli
            _take(till, sold)
        case _:
            raise Refused("not_here")


def back(till: Till) -> None:
    """Esc: from the lines to another receipt, from there to the order."""
    work = work_of(till)
    if work.sold is not None or work.bare:
        till.state.returning = Returning()
    else:
        end(till)


def end(till: Till) -> None:
    """Back to the order."""
    till.state.returning, till.state.mode = None, "selling"


# --- which of it ---


def _lines(sold: Sold) -> list[SoldLine]:
    return [line for line in sold.lines if line.milli > 0]


def _line(work: Returning, sold: Sold) -> SoldLine:
    return _lines(sold)[work.selected]


def move(till: Till, step: int) -> None:
    """The arrows."""
    work = work_of(till)
    if work.sold is not None:
        work.selected = max(0, min(work.selected + step, len(_lines(work.sold)) - 1))


def _chosen(till: Till, work: Returning, sold: Sold, text: str, burst: bool) -> None:
    """Goods that are scanned are one more of them; a number is how many of the chosen line."""
    digits = text.replace(".", "", 1)
    if digits.isascii() and digits.isdigit() and len(digits) <= MOST_QUANTITY_DIGITS and not burst:
        _set(till, work, sold, 0 if not digits.strip("0") else entry.read_quantity(text))
        return
    if len(text) == NUMBER_DIGITS and text.isdigit() and goods_of(till, text) is None:
        if any(work.wanted.values()):
            raise Refused("return_first")
        find(till, text)
        return
    goods = goods_of(till, text)
    if goods is None:
        raise Refused("unknown_code", code=text[:32])
    product = goods.product
    for place, line in enumerate(_lines(sold)):
        left = sold.left(line.line_no) - work.wanted.get(line.line_no, 0)
        if (line.product_id, line.factor) == (product.product_id, product.factor) and left > 0:
            work.selected = place
            part = left if line.milli % MILLI else min(MILLI, left)
            _set(till, work, sold, work.wanted.get(line.line_no, 0) + part)
            return
    raise Refused("return_none_there", name=product.name)


def _step(till: Till, work: Returning, sold: Sold, milli: int) -> None:
    line = _line(work, sold)
    now, left = work.wanted.get(line.line_no, 0), sold.left(line.line_no)
    weighed = line.milli % MILLI  # it comes back as a whole, or as typed
    whole = left if milli > 0 else 0
    _set(till, work, sold, whole if weighed else max(0, now + milli))


def _set(till: Till, work: Returning, sold: Sold, milli: int) -> None:
    line = _line(work, sold)
    if milli:
        returns.bring_back(sold, [Wanted(line.line_no, milli)])
    work.wanted[line.line_no] = milli


def _back(work: Returning, sold: Sold) -> tuple[SoldLine, ...]:
    wanted = [
        Wanted(line.line_no, milli, work.condition(line.line_no))
        for line in _lines(sold)
        if (milli := work.wanted.get(line.line_no, 0))
    ]
    return returns.bring_back(sold, wanted)


def _take(till: Till, sold: Sold) -> None:
    """Put what is chosen on the order, by right; too late needs a manager."""
    work = work_of(till)
    back = _back(work, sold)
    if not back:
        raise Refused("return_nothing", key=key_of(till, "return_all"))
    days, today = till.config.settings.returns.days, till.session.business_date

    def check(session: Session) -> None:
        check_return(session, lambda: returns.check_age(sold.sold_on, today, days))

    def act(approved: Approved | None) -> None:
        order = till.state.order or selling.new_order(till)
        for line in back:
            order = rules.bring_back(order, line)
        if not order.person_id:
            order = replace(order, person_id=sold.person_id)
        amount = yuan(-sum(line.net_fen for line in back))
        facts = signing.override(till, "return_goods", approved, sold.number, amount, order)

        def saved() -> None:
            end(till)
            till.state.selected = order.lines[-1].line_no
            said = till.words.returns.put_on
            till.tell(said.format(count=len(back), amount=amount), "ok")

        if elsewhere.found(till.reader.rows, sold.order_id) is None:
            till.keep_with(order, facts, saved)
            return
        till.tell(till.words.sync.asking)
        kept = reserved(till, sold, back, order)
        till.wait(kept, lambda _: till.keep_with(order, facts, saved))

    signing.guard(till, "return_goods", check, act)


# --- what is seen ---


def prompt(till: Till) -> PromptView:
    """What is asked for now."""
    work, words = work_of(till), till.words.returns
    if work.bare:
        return PromptView(words.bare, words.bare_hint, words.conditions[work.condition(0)] + " ")
    if work.sold is None:
        return PromptView(words.which, words.which_hint)
    return PromptView(words.what, words.what_hint)


def panel(till: Till) -> FindView | None:
    """The lines of the order, with what came back before and what comes back now."""
    work = till.state.returning
    if work is None or work.sold is None:
        return None
    sold, words = work.sold, till.words.returns
    back = {line.of_line: line for line in _back(work, sold)}
    rows = tuple(_row(till, work, sold, line, back.get(line.line_no)) for line in _lines(sold))
    pieces = sum(-x.milli if x.milli % MILLI == 0 else MILLI for x in back.values())
    amount = yuan(-sum(x.net_fen for x in back.values()))
    return FindView(
        words.title.format(number=sold.number, date=sold.sold_on),
        words.columns,
        rows,
        work.selected,
        words.note.format(count=quantity(pieces), amount=amount),
        frozenset({1, 2, 3, 4}),
        banner=words.banner_return,
    )


def _row(
    till: Till, work: Returning, sold: Sold, line: SoldLine, back: SoldLine | None
) -> tuple[str, ...]:
    done = line.milli - sold.left(line.line_no)
    return (
        line.name,
        quantity(line.milli),
        quantity(done) if done else "",
        quantity(-back.milli) if back else "",
        yuan(-back.net_fen) if back else "",
        till.words.returns.conditions[work.condition(line.line_no)],
    )
