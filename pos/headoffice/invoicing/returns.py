"""Red letters for what came back: asked for behind the record of the return, which never waits."""

from __future__ import annotations

import logging

from pos.clock import stamp
from pos.headoffice import receipts
from pos.headoffice.database import Row, Work, one
from pos.headoffice.house import House
from pos.headoffice.invoicing import keeping
from pos.headoffice.invoicing.asking import put_red
from pos.headoffice.invoicing.keeping import Issue
from pos.invoices import reds
from pos.invoices.reds import Back

log = logging.getLogger("pos.headoffice")
_AT_ONCE = 100
_UNSEEN = f"SELECT * FROM returns_todo ORDER BY shop_id, order_id, by_number LIMIT {_AT_ONCE}"  # noqa: S608  # nosec B608  # a number of ours
_DONE = """DELETE FROM returns_todo
    WHERE shop_id = :s AND order_id = :o AND by_shop = :t AND by_number = :n"""
_ORDER = "SELECT number FROM orders WHERE shop_id = :s AND order_id = :o AND state = 'closed'"


def follow_returns(house: House) -> int:
    """Look at returns that came in since; how many there were. Each is looked at once, and once
    more does no harm."""
    todo = house.database.read(lambda work: work.rows(_UNSEEN))
    for row in todo:
        house.database.run(lambda work, row=row: _follow(house, work, row))  # type: ignore[misc]
    return len(todo)


def _follow(house: House, work: Work, row: Row) -> None:
    order = one(work.rows(_ORDER + work.locking, s=row["shop_id"], o=row["order_id"]))
    if order is not None:
        _red(house, work, order["number"], row["by_number"])
    values = {"t": row["by_shop"], "n": row["by_number"]}
    work.do(_DONE, s=row["shop_id"], o=row["order_id"], **values)


def _red(house: House, work: Work, number: str, by_number: str) -> None:
    """The red letters that one return makes of an order's invoices."""
    known = keeping.of_order(work, number)
    invoices = [one for one in known if one.kind == "invoice" and one.state != "failed"]
    if not invoices or any(one.kind == "red" and one.back == by_number for one in known):
        return
    back = _back(work, number, by_number)
    backs = [one for one in known if one.kind == "red"]
    for invoice in invoices:
        if by_number in invoice.back.split():
            continue
        back = _red_of(house, work, invoice, backs, back, by_number)
    keeping.tell(work, number, stamp(house.clock.now()))


def _red_of(
    house: House,
    work: Work,
    invoice: Issue,
    backs: list[Issue],
    back: tuple[Back, ...],
    by_number: str,
) -> tuple[Back, ...]:
    """The red letter of one invoice; what of the return is left for the next."""
    document = keeping.document_of(work, house.vault, invoice)
    if document is None:  # erased: by hand, at the bureau's site
        log.warning("no red letter to %s: its buyer was erased", invoice.no)
        return back
    standing = keeping.standing_rows(invoice, document, backs)
    rows = reds.rows_for(standing, back)
    if not rows:
        return back
    whole = reds.is_whole(standing, rows)
    n = len(backs) + 1
    form = reds.form_of(document, invoice.bureau_no, rows, whole, "return", n)
    backs.append(put_red(house, work, invoice, form, "return", by_number, ""))
    return reds.without(back, rows)


def _back(work: Work, number: str, by_number: str) -> tuple[Back, ...]:
    found = receipts.arrived(work, number)
    if found is None:
        return ()
    order_id = found.fact.order_id
    return tuple(
        Back(line.of_line, -line.milli, -line.net_fen, -line.tax_fen)
        for one in found.back
        if one.number == by_number
        for line in one.lines
        if line.of_order == order_id and line.net_fen < 0
    )
