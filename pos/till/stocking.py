"""Goods received, moved and counted at the till, by scanning; every step is on disk at once.

A count is blind: what the books hold is not shown before somebody with the right has looked.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

from msgspec.structs import replace

from pos.access.rights import require
from pos.access.signing import where_of
from pos.clock import stamp
from pos.goods import stock as rules
from pos.money import MILLI, quantity
from pos.record import StockCounted, StockMoved
from pos.refusal import Refused
from pos.sale import entry as typing
from pos.sale.order import Product
from pos.store import levels, stock
from pos.store.stock import KINDS, Draft, DraftKind, Entry
from pos.text import clean, clean_code
from pos.till import finding, moving, printing, reading, signing
from pos.till.state import Approved, Stocking

if TYPE_CHECKING:
    from pos.till.till import Till

LONGEST = 40
MOST_LOW = 500


def menu(till: Till) -> None:
    """What can be done with stock; an unfinished document says so."""
    require("stock", till.session)
    words = till.words.stock
    drafts = {kind: stock.draft(till.reader, kind) for kind in KINDS}
    rows = []
    for kind in KINDS:
        left = drafts[kind]
        note = words.menu_open.format(lines=len(left.entries)) if left else ""
        rows.append((words.kinds[kind], note))
    rows += [(words.menu_low, ""), (words.menu_negative, "")]

    def pick(index: int) -> None:
        if index < len(KINDS):
            _open(till, KINDS[index], drafts[KINDS[index]])
        else:
            _low(till, negative=index > len(KINDS))

    moving.offer(till, words.menu, words.menu_columns, tuple(rows), pick)


def now(till: Till) -> Stocking:
    """The document on the screen."""
    if till.state.stock is None:
        raise Refused("not_here")
    return till.state.stock


def _open(till: Till, kind: DraftKind, left: Draft | None) -> None:
    words = till.words.stock
    if left is not None:
        _show(till, Stocking(left, left, max(len(left.entries) - 1, 0)))
        till.tell(words.resumed.format(kind=words.kinds[kind]), "ok")
        return
    new = Draft(till.ids.uuid7(), kind, till.session.operator_id, stamp(till.clock.now()))
    if kind == "written_off":
        reasons = words.write_off_reasons
        moving.offer_reasons(till, reasons, lambda why: _begin(till, replace(new, reason=why)))
    else:
        _begin(till, new)


def _begin(till: Till, new: Draft) -> None:
    _show(till, Stocking(new))
    _keep(till, new)
    if new.kind not in ("counted", "written_off"):
        _ask_partner(till)


def _show(till: Till, shown: Stocking) -> None:
    till.state.stock, till.state.mode, till.state.quantity = shown, "stocking", None


def _ask_partner(till: Till) -> None:
    words, draft = till.words.stock, now(till).draft

    def named(partner: str) -> None:
        def numbered(reference: str) -> None:
            _keep(
                till,
                replace(
                    now(till).draft,
                    partner=clean(partner, LONGEST),
                    reference=clean(reference, LONGEST),
                ),
            )

        moving.ask(till, words.reference, words.reference_hint, numbered, free=True, optional=True)

    label = words.partners[draft.kind]
    moving.ask(till, label, draft.partner or words.partner_hint, named, free=True, optional=True)


def _keep(till: Till, draft: Draft, entry: Entry | None = None) -> None:
    """Save the draft; the entry that changed is the chosen one."""
    shown = now(till)
    old = shown.saved

    def saved(_: object) -> None:
        shown.draft = shown.saved = draft
        numbers = [one.line_no for one in draft.entries]
        if entry is not None and entry.line_no in numbers:
            shown.selected = numbers.index(entry.line_no)
        shown.selected = max(0, min(shown.selected, len(numbers) - 1))

    till.write(lambda ledger: stock.save(ledger, draft, old), saved)


def entered(till: Till, text: str, burst: bool) -> None:
    """A code, scanned or typed; Enter alone gives the chosen product the quantity typed before."""
    state = till.state
    if not text:
        if state.quantity is not None:
            wanted, state.quantity = state.quantity, None
            _set_quantity(till, wanted)
        return
    code, milli = clean_code(text), state.quantity
    found = reading.goods_of(till, code, off=True)
    if found is None and milli is None and (counted := typing.split_counted(code)):
        milli, code = counted[0], clean_code(counted[1])
        found = reading.goods_of(till, code, off=True)
    if found is None:
        raise Refused("unknown_code", code=code[:32])
    milli = milli or found.milli
    if found.product.weighed and milli is None:
        product, words = found.product, till.words.stock

        def weighed(typed: str) -> None:
            _add(till, code, typing.read_quantity(typed), product)

        label = words.weight.format(name=product.name)
        moving.ask(till, label, till.words.counter.weight_hint, weighed)
        return
    _add(till, found.code, MILLI if milli is None else milli, found.product)
    state.quantity = None


def _add(till: Till, code: str, milli: int, product: Product) -> None:
    draft = rules.add(till.reader, now(till).draft, code, milli, product)
    _keep(till, draft, rules.of_product(draft, product.product_id))


def acted(till: Till, command: str, text: str) -> None:
    """A key on a document."""
    require(command, till.session)
    if not applies(till, command):
        raise Refused("not_here")
    match command:
        case "quantity":
            if not text:
                raise Refused("quantity_first")
            till.state.quantity = typing.read_quantity(text)
        case "stock_cost":
            _cost(till, text, whole=False)
        case "stock_cost_all":
            _cost(till, text, whole=True)
        case "stock_remove":
            entry = _chosen(till)
            _keep(till, rules.remove(now(till).draft, entry))
        case "stock_partner":
            _ask_partner(till)
        case "stock_drop":
            _drop(till)
        case "stock_done":
            _done(till)
        case "find_products":
            blind = now(till).draft.kind == "counted"
            finding.open_products(till, text, lambda code: entered(till, code, False), blind=blind)
        case _:
            raise Refused("not_here")


def _chosen(till: Till) -> Entry:
    shown = now(till)
    if not shown.draft.entries:
        raise Refused("stock_empty")
    return shown.draft.entries[shown.selected]


def _set_quantity(till: Till, milli: int) -> None:
    entry = _chosen(till)
    _keep(till, rules.set_quantity(till.reader, now(till).draft, entry, milli), entry)


def _cost(till: Till, text: str, *, whole: bool) -> None:
    entry, words = _chosen(till), till.words.stock

    def priced(typed: str) -> None:
        fen = typing.read_amount(typed)
        draft = now(till).draft
        changed = (
            rules.set_cost(draft, entry, all_fen=fen)
            if whole
            else rules.set_cost(draft, entry, unit_fen=fen)
        )
        _keep(till, changed, entry)

    if text:
        priced(text)
    else:
        label = (words.cost_all if whole else words.cost).format(name=entry.name)
        moving.ask(till, label, "", priced)


def leave(till: Till) -> None:
    """Back to selling; the draft stays."""
    words, shown = till.words.stock, now(till)
    till.state.stock, till.state.mode, till.state.quantity = None, "selling", None
    if shown.draft.entries:
        till.tell(words.kept.format(kind=words.kinds[shown.draft.kind]), "ok")
    else:
        till.write(lambda ledger: stock.drop(ledger, shown.draft.doc_id), lambda _: None)


def allowed(till: Till, command: str) -> bool:
    """Whether somebody else has allowed it."""
    shown = till.state.stock
    return command == "stock_post" and shown is not None and shown.approved is not None


def applies(till: Till, command: str) -> bool:
    """Whether a key means something for the document on the screen: a count has no costs."""
    shown = till.state.stock
    if shown is None:
        return True
    kind = shown.draft.kind
    if command in ("stock_cost", "stock_cost_all"):
        return kind in stock.INWARD
    return command != "stock_partner" or kind not in ("counted", "written_off")


def _drop(till: Till) -> None:
    words, shown = till.words.stock, now(till)
    kind = words.kinds[shown.draft.kind]

    def pick(index: int) -> None:
        if index:

            def gone(_: object) -> None:
                till.state.stock, till.state.mode = None, "selling"
                till.tell(words.dropped.format(kind=kind), "warn")

            till.write(lambda ledger: stock.drop(ledger, shown.draft.doc_id), gone)

    rows = tuple((text,) for text in words.drop_choices)
    moving.offer(till, words.drop_title.format(kind=kind), ("",), rows, pick)


def _done(till: Till) -> None:
    """Look the document over, by right; a count first says how far it went."""
    shown = now(till)
    if not shown.draft.entries:
        raise Refused("stock_empty")
    if shown.draft.kind != "counted":
        _review(till, shown.draft, whole=False)
        return
    words = till.words.stock

    def pick(index: int) -> None:
        _review(till, shown.draft, whole=bool(index))

    rows = tuple((text,) for text in words.scope_choices)
    moving.offer(till, words.scope_title, ("",), rows, pick)


def _review(till: Till, draft: Draft, *, whole: bool) -> None:
    def act(approved: Approved | None) -> None:
        shown = now(till)
        final = draft
        if whole:
            rest = levels.uncounted(till.reader, draft, draft.next_line)
            final = replace(draft, entries=(*draft.entries, *rest))
        shown.final, shown.whole, shown.approved, shown.selected = final, whole, approved, 0
        till.state.mode = "reviewing"

    signing.guard(till, "stock_post", lambda _: None, act)


def unreview(till: Till) -> None:
    """Back to the document."""
    shown = now(till)
    shown.final, shown.approved = None, None
    shown.selected = max(len(shown.draft.entries) - 1, 0)
    till.state.mode = "stocking"


def confirmed(till: Till, text: str, burst: bool) -> None:
    """A scan while a document is looked over goes nowhere."""
    if text:
        raise Refused("not_here")


def posted(till: Till, command: str, text: str) -> None:
    """Post what was looked over: one transaction, then the slip."""
    shown = now(till)
    final = shown.final
    if command != "stock_post" or final is None:
        raise Refused("not_here")
    where, approved = where_of(till.session), shown.approved
    approver = approved.approver if approved else till.session.operator_id
    facts = signing.override(till, "stock_post", approved, "", final.kind)
    whole = shown.whole

    def counted(fact: StockCounted) -> None:
        differ = sum(1 for line in fact.lines if line.milli)
        _posted(till, till.words.stock.counted.format(number=fact.number, lines=differ))

    def moved(fact: StockMoved) -> None:
        words = till.words.stock
        kind = words.kinds[fact.move]
        said = words.posted.format(kind=kind, number=fact.number, lines=len(fact.lines))
        _posted(till, said)

    if final.kind == "counted":
        till.write(
            lambda ledger: stock.post_count(
                ledger, final, where, *facts, approver=approver, whole=whole
            ),
            counted,
        )
    else:
        till.write(lambda ledger: stock.post_move(ledger, final, where, *facts), moved)


def _posted(till: Till, said: str) -> None:
    till.state.stock, till.state.mode = None, "selling"
    till.tell(said, "ok")
    printing.take_up(till)
    till.refresh_header()


def _low(till: Till, *, negative: bool) -> None:
    words = till.words.stock
    found = list(levels.low(till.reader, negative=negative))[:MOST_LOW]
    if not found:
        raise Refused("stock_none_low")
    title = words.negative_title if negative else words.low_title

    def pick(index: int) -> None:
        finding.open_products(till, found[index].sku)

    rows = tuple(low_row(one) for one in found)
    moving.offer(till, title, words.low_columns, rows, pick)


def low_row(one: levels.Low) -> tuple[str, ...]:
    """A product that runs low, in words."""
    bottom = "" if one.low_milli is None else quantity(one.low_milli)
    want = quantity(one.suggested_milli)
    return one.name, one.sku, quantity(one.milli), bottom, want, one.supplier
