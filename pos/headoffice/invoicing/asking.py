"""What is asked for: put down with its number, its document and its buyer, in one transaction.

The order's row is the lock: two customers at once, a customer and a return, a customer and a
manager come one after the other.
"""

from __future__ import annotations

from collections.abc import Sequence
from datetime import date

import msgspec
from msgspec.structs import replace

from pos.clock import local, stamp
from pos.headoffice import receipts
from pos.headoffice.database import Work, one
from pos.headoffice.house import House
from pos.headoffice.invoicing import buyers as vaulted
from pos.headoffice.invoicing import keeping
from pos.headoffice.invoicing.keeping import Issue, Shown
from pos.ids import system_ids
from pos.invoices import buyers, reds, selling
from pos.invoices.building import number_of
from pos.invoices.course import Course
from pos.invoices.document import Buyer, Document, Item, Kind, RedForm, RedReason, RedRow
from pos.refusal import Refused

MOST_TRIES = 5
"""Invoices of an order that failed, before a customer has to see the shop."""
_ORDER = "SELECT order_id FROM orders WHERE shop_id = :s AND number = :n AND state = 'closed'"


def check_owner(house: House) -> None:
    """Refused: invoice_at_counter where tills issue, invoice_off without a provider."""
    own = house.settings.invoices
    if own.owner != "headoffice":
        raise Refused("invoice_at_counter")
    if own.provider != "nuonuo":
        raise Refused("invoice_off")


def ask(house: House, number: str, buyer: Buyer, confirmed: bool) -> None:
    """A customer asks for the invoice of an order. Asking the same once more changes nothing.

    Refused: what `buyers` and `selling` say, invoice_tax_id_doubtful unless `confirmed`,
    invoice_other_buyer, invoice_exists, invoice_tries, link_waiting.
    """
    check_owner(house)
    checked = buyers.check(buyer, "normal")
    if checked.doubts and not confirmed:
        raise Refused(checked.doubts[0])

    def put(work: Work) -> None:
        order_id = _locked(work, number)
        known = keeping.of_order(work, number)
        if _same(house, work, known, checked.buyer, number):
            return
        if sum(one.kind == "invoice" for one in known) >= MOST_TRIES:
            raise Refused("invoice_tries", number=number)
        found = _found(work, number)
        documents = _documents(house, work, found, "normal", checked.buyer, known)
        _put(house, work, order_id, found, documents, by="")

    house.database.run(put)
    house.issuing.set()


def _same(house: House, work: Work, known: Sequence[Issue], buyer: Buyer, number: str) -> bool:
    """Whether this very invoice stands already. Refused where another does."""
    if any(one.stands for one in receipts.asked_at_till(work, number)):
        raise Refused("invoice_exists_here", number=number)
    backs = [back for back in known if back.kind == "red"]
    for asked in known:
        if asked.kind != "invoice" or keeping.standing(asked, backs) <= 0:
            continue
        document = keeping.document_of(work, house.vault, asked)
        if document is None or document.buyer != buyer:
            raise Refused("invoice_other_buyer", number=number)
        return True
    return False


def amend(house: House, no: str, buyer: Buyer, confirmed: bool, by: str) -> None:
    """A manager corrects an invoice: one that failed is asked for anew; one that was issued is
    taken back whole (开票有误) and the new one follows once the red letter is there.

    Refused: invoice_unknown, invoice_pending, invoice_red_already, invoice_red_first, and what
    `ask` says.
    """
    check_owner(house)

    def put(work: Work) -> None:
        old = keeping.get(work, no)
        if old is None or old.kind != "invoice":
            raise Refused("invoice_unknown", number=no[:24])
        kind: Kind = "special" if old.special else "normal"
        checked = buyers.check(buyer, kind)
        if checked.doubts and not confirmed:
            raise Refused(checked.doubts[0])
        order_id = _locked(work, old.number)
        known = keeping.of_order(work, old.number)
        old = next(one for one in known if one.no == no)
        if old.open:
            raise Refused("invoice_pending", number=old.number)
        backs = [one for one in known if one.kind == "red"]
        found = _found(work, old.number)
        left = keeping.standing(old, backs)
        others = [
            one
            for one in known
            if one.kind == "invoice" and one.no != no and keeping.standing(one, backs) > 0
        ]
        if old.state != "failed" and left <= 0:
            raise Refused("invoice_red_already", number=old.number)
        if any(one.replaces == no for one in others):
            raise Refused("invoice_exists_here", number=old.number)
        red = None
        if old.state != "failed":
            red = _red(house, work, old, known, "mistake", by)
        if others:  # one of several: its own rows for another buyer
            document = keeping.document_of(work, house.vault, old)
            if document is None or left not in (0, old.total_fen):
                raise Refused("invoice_red_first", number=old.number)
            again = number_of(old.number, _count(known) + 1)
            at = stamp(house.clock.now())
            documents: Sequence[Document] = (
                replace(document, invoice_no=again, buyer=checked.buyer, at=at),
            )
        else:
            documents = _documents(house, work, found, kind, checked.buyer, known)
        _put(house, work, order_id, found, documents, by, replaces=old, after=red)

    house.database.run(put)
    house.issuing.set()


def take_back(house: House, no: str, cause: RedReason, by: str) -> None:
    """A red letter to all that an issued invoice still stands for: also once more, where one
    failed, lapsed or was refused. Refused: invoice_unknown, invoice_not_issued, and what `reds`
    says."""

    def put(work: Work) -> None:
        old = keeping.get(work, no)
        if old is None or old.kind != "invoice":
            raise Refused("invoice_unknown", number=no[:24])
        _locked(work, old.number)
        known = keeping.of_order(work, old.number)
        old = next(one for one in known if one.no == no)
        if old.state != "issued":
            raise Refused("invoice_not_issued", number=old.number)
        _red(house, work, old, known, cause, by)
        keeping.tell(work, old.number, stamp(house.clock.now()))

    house.database.run(put)
    house.issuing.set()


def again(house: House, red_no: str, by: str) -> None:
    """The same red letter once more: one that failed, lapsed or was refused.

    Refused: invoice_unknown, invoice_pending, invoice_red_already, invoice_erased.
    """

    def put(work: Work) -> None:
        old = keeping.get(work, red_no)
        if old is None or old.kind != "red":
            raise Refused("invoice_unknown", number=red_no[:24])
        _locked(work, old.number)
        known = keeping.of_order(work, old.number)
        old = next(one for one in known if one.no == red_no)
        invoice = next(one for one in known if one.no == old.of_no)
        backs = [one for one in known if one.kind == "red"]
        if old.open:
            raise Refused("invoice_pending", number=old.number)
        if old.state == "red" or keeping.standing(invoice, backs) < old.total_fen:
            raise Refused("invoice_red_already", number=old.number)
        form = keeping.form_of(work, house.vault, old)
        if form is None:
            raise Refused("invoice_erased", number=old.number)
        number = f"{old.number}R{len(backs) + 1:02d}"
        put_red(house, work, invoice, replace(form, red_no=number), old.cause, "", by)
        keeping.tell(work, old.number, stamp(house.clock.now()))

    house.database.run(put)
    house.issuing.set()


def erase(house: House, no: str) -> None:
    """Destroy what names the buyer of an invoice and of all that was asked for with it.

    Refused: invoice_unknown, invoice_pending while something is under way.
    """
    now = stamp(house.clock.now())

    def put(work: Work) -> None:
        found = keeping.get(work, no)
        if found is None:
            raise Refused("invoice_unknown", number=no[:24])
        _locked(work, found.number)
        mine = [o for o in keeping.of_order(work, found.number) if o.person_id == found.person_id]
        if any(one.open for one in mine):
            raise Refused("invoice_pending", number=found.number)
        vaulted.erase(work, found.shop_id, found.person_id, now)

    house.database.run(put)


def put_red(
    house: House, work: Work, old: Issue, form: RedForm, cause: str, back: str, by: str
) -> Issue:
    """A red letter put down; it waits for an invoice that is still on its way."""
    now = house.clock.now()
    data = msgspec.json.encode(form)
    rows = [_row(row) for row in form.rows]
    red = Issue(
        old.shop_id, form.red_no, "red", old.number, old.order_id, _day(house), stamp(now), by,
        old.special, old.person_id, form.total_fen, form.tax_fen, cause, old.no, "", back,
        "new", 1, "", old.no if old.open else "", "", "", _json(rows),
        _json(Course(form.red_no, of=old.no)),
        vaulted.sealed(work, house.vault, old.shop_id, old.person_id, data, form.red_no),
    )  # fmt: skip
    keeping.put(work, [red])
    return red


def _red(
    house: House, work: Work, old: Issue, known: Sequence[Issue], cause: RedReason, by: str
) -> Issue:
    """A red letter to all that is left of an invoice."""
    document = keeping.document_of(work, house.vault, old)
    if document is None:
        raise Refused("invoice_erased", number=old.number)
    backs = [one for one in known if one.kind == "red"]
    standing = keeping.standing_rows(old, document, backs)
    rows = reds.whole(standing)
    whole = reds.is_whole(standing, rows)
    form = reds.form_of(document, old.bureau_no, rows, whole, cause, len(backs) + 1)
    return put_red(house, work, old, form, cause, "", by)


def _locked(work: Work, number: str) -> str:
    """The id of a closed order, whose row nobody else has until this transaction ends."""
    row = one(work.rows(_ORDER + work.locking, s=number[:4], n=number))
    if row is None:
        raise Refused("link_waiting", number=number)
    return str(row["order_id"])


def _found(work: Work, number: str) -> receipts.Arrived:
    found = receipts.arrived(work, number)
    if found is None:
        raise Refused("link_waiting", number=number)
    return found


def _documents(
    house: House,
    work: Work,
    found: receipts.Arrived,
    kind: Kind,
    buyer: Buyer,
    known: Sequence[Issue],
) -> Sequence[Document]:
    own, day = house.settings.invoices, found.fact.where.business_date
    selling.check_in_time(own, local(house.clock.now()).date(), day)
    order = receipts.order_of(found, receipts.goods_of(work, found))
    at = stamp(house.clock.now())
    first = _count(known) + 1
    return selling.documents(own, house.folder, order, day, kind, buyer, first, at, found.shop_name)


def _count(known: Sequence[Issue]) -> int:
    return sum(one.kind == "invoice" for one in known)


def _put(
    house: House,
    work: Work,
    order_id: str,
    found: receipts.Arrived,
    documents: Sequence[Document],
    by: str,
    replaces: Issue | None = None,
    after: Issue | None = None,
) -> None:
    """Rows of new invoices under one new buyer; what came back already, they leave out."""
    now = house.clock.now()
    number = found.fact.number
    shop, person_id = number[:4], system_ids().uuid7()
    vaulted.add(work, house.vault, shop, person_id, stamp(now))
    back = " ".join(sorted(one.number for one in found.back))
    issues = [
        Issue(
            shop, one.invoice_no, "invoice", number, order_id, _day(house), stamp(now), by,
            int(one.kind == "special"), person_id, one.total_fen, one.tax_fen, "", "",
            replaces.no if replaces else "", back, "new", 1, "", after.no if after else "",
            "", "", _json([_item(item) for item in one.items]), _json(Course(one.invoice_no)),
            vaulted.sealed(
                work, house.vault, shop, person_id, msgspec.json.encode(one), one.invoice_no
            ),
        )
        for one in documents
    ]  # fmt: skip
    keeping.put(work, issues)
    keeping.tell(work, number, stamp(now))


def _day(house: House) -> str:
    day: date = local(house.clock.now()).date()
    return day.isoformat()


def _item(item: Item) -> Shown:
    return Shown(item.n, item.line_no, item.milli, item.net_fen, item.tax_fen)


def _row(row: RedRow) -> Shown:
    return Shown(row.item.n, row.item.line_no, row.milli, row.net_fen, row.tax_fen)


def _json(value: object) -> str:
    return msgspec.json.encode(value).decode()
