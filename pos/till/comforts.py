"""Small helps at the counter: who sells, notes, the last scan again, a price looked up."""

from __future__ import annotations

from typing import TYPE_CHECKING

from msgspec.structs import replace

from pos.access.rights import require
from pos.money import quantity, yuan
from pos.refusal import Refused
from pos.sale import order as rules
from pos.text import clean, clean_code
from pos.till import moving, selling
from pos.till.reading import goods_of
from pos.till.view import DialogView, PromptView

if TYPE_CHECKING:
    from pos.till.till import Till

LONGEST_NOTE = 60


def ask_seller(till: Till, text: str) -> None:
    """营业员: who sells the selected line and all that is scanned from now on; nobody ends it."""

    def named(typed: str) -> None:
        who = till.reader.operator(typed) if typed else None
        if typed and (who is None or not who.active):
            raise Refused("seller_unknown", id=typed[:12])
        till.state.seller = who.operator_id if who else ""
        till.state.seller_name = f"{who.operator_id} {who.name}" if who else ""
        words = till.words.selling
        said = words.seller_set.format(who=till.state.seller_name) if who else words.seller_ended
        order = till.state.order
        if order is None or not order.lines or order.tenders:
            till.tell(said, "ok")
            return
        line = selling.selected(till)
        if line.returned is not None:
            till.tell(said, "ok")
            return
        after = rules.change(order, replace(line, seller=till.state.seller))
        till.keep_with(after, (), lambda: till.tell(said, "ok"))

    if text:
        named(text)
    else:
        words = till.words.selling
        moving.ask(till, words.seller, words.seller_hint, named, optional=True)


def ask_note(till: Till) -> None:
    """A note on the order, for the receipt and whoever reads it later; none takes it off."""
    rules.check_open(selling.current(till))

    def noted(text: str) -> None:
        words, note = till.words.selling, clean(text, LONGEST_NOTE)
        said = words.note_set.format(note=note) if note else words.note_ended
        order = replace(selling.current(till), note=note)
        till.keep_with(order, (), lambda: till.tell(said, "ok"))

    words = till.words.selling
    moving.ask(till, words.note, words.note_hint, noted, free=True, optional=True)


def repeat(till: Till) -> None:
    """重复上次: the last code that was sold, once more."""
    if not till.state.last_code:
        raise Refused("nothing_to_repeat")
    selling.entered(till, till.state.last_code)


# --- 查价 ---


def start_check(till: Till) -> None:
    """Scans tell prices now, until Esc or Enter."""
    till.state.mode, till.state.looked_up = "pricing", None


def checked(till: Till, text: str, burst: bool) -> None:
    """A code was scanned to know its price; nothing is sold."""
    if not text:
        till.state.mode = "selling"
        return
    require("price_check", till.session)
    code = clean_code(text)
    found = goods_of(till, code)
    if found is None:
        raise Refused("unknown_code", code=code[:32])
    product, words = found.product, till.words.selling
    lines = [words.check_price.format(price=yuan(product.price_fen), unit=product.unit)]
    if found.amount_fen is not None:
        lines.append(words.check_label.format(amount=yuan(found.amount_fen)))
    if product.member_fen is not None:
        lines.append(words.check_member.format(price=yuan(product.member_fen)))
    if till.promoter is not None:
        lines += [f"· {name}" for name in till.promoter.offers_on(product)]
    milli = till.reader.on_hand(product.product_id)
    lines.append(words.check_stock.format(count=quantity(milli), unit=product.unit))
    till.state.looked_up = DialogView(product.name, (f"{found.code}  {product.sku}", *lines))


def ask_check(till: Till) -> PromptView:
    """A code whose price is asked for."""
    return PromptView(till.words.selling.check, till.words.selling.check_hint)


def looked_up(till: Till) -> DialogView:
    """What is known of the product, or what to do."""
    words = till.words.selling
    return till.state.looked_up or DialogView(words.check, (words.check_hint,))
