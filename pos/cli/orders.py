"""`pos order list|show|reprint|voucher|deliver`."""

from __future__ import annotations

import re
from collections.abc import Iterator
from contextlib import suppress
from typing import Annotated, Any, Literal

import typer

from pos.access.signing import where_of
from pos.cli.desk import ConfigOption, Desk, JsonOption, OperatorOption, desk, show, tell
from pos.cli.receipts import ColumnsOption, FormOption, put_out, slip_of
from pos.money import parse_fen, quantity, yuan
from pos.record import Fulfilled, Reprinted
from pos.refusal import Refused
from pos.sale.order import Order
from pos.sale.pricing import price
from pos.store import persons
from pos.store.finding import STATUSES, OrderQuery, Status
from pos.store.finding import orders as find_orders
from pos.store.reader import OrderRow, Reader
from pos.till.receipts import vault_of

_DIGITS, _DATE = re.compile(r"[0-9]{0,15}"), re.compile(r"([0-9]{4}-[0-9]{2}-[0-9]{2})?")


def list_orders(
    number: Annotated[str, typer.Option("--number", help="尾数也行 its last digits")] = "",
    date: Annotated[str, typer.Option("--date", help="2026-03-02")] = "",
    status: Annotated[str, typer.Option("--status", help="|".join(STATUSES))] = "",
    customer: Annotated[str, typer.Option("--customer", help="手机、姓名 phone, name")] = "",
    amount: Annotated[str, typer.Option("--amount", help="12.50")] = "",
    limit: Annotated[int, typer.Option("--limit", min=1, max=5000)] = 500,
    operator: OperatorOption = "",
    json: JsonOption = False,
    config: ConfigOption = None,
) -> None:
    """List orders, newest first."""
    with desk(config) as place:
        known: Status | Literal[""] = next((x for x in STATUSES if x == status), "")
        fen = parse_fen(amount) if amount else None
        if known != status or (amount and fen is None):
            raise Refused("wrong_usage", why=f"--status {status[:20]} --amount {amount[:20]}")
        if not _DIGITS.fullmatch(number) or not _DATE.fullmatch(date):
            raise Refused("wrong_usage", why="--number 1234 | --date 2026-03-02")
        with place.looking("cli.order.list", operator) as reader:
            people = None
            if customer:
                found = persons.find(reader, vault_of(place.config), customer)
                people = tuple(person.person_id for person in found)
            query = OrderQuery(number, date, "", fen, people, known, limit)
            rows = list(_rows(place, reader, query))
        if json:
            show(rows)
            return
        states = place.words.finding.status
        for one in rows:
            tell(
                f"{one['number'] or '-':15}  {one['at']}  {one['operator']:8}"
                f"  {yuan(one['total_fen']):>10}  {states[one['status']]}  {one['customer']}"
            )
        if not rows:
            tell(place.words.cli.nothing)


def show_order(
    number: Annotated[str, typer.Argument()],
    operator: OperatorOption = "",
    json: JsonOption = False,
    config: ConfigOption = None,
) -> None:
    """Show one ended order with its lines and tenders."""
    with desk(config) as place:
        with place.looking("cli.order.show", operator) as reader:
            order = _ended(reader, number)
            lines = reader.order_lines(order.order_id)
            tenders = reader.order_tenders(order.order_id)
            customer = masked(place, reader, reader.order_person(order.order_id)[0])
            copies = reader.copies(order.order_id)
        if json:
            fields = {name: getattr(order, name) for name in order.__struct_fields__}
            more = {"customer": customer, "copies": copies}
            show(fields | {"lines": lines, "tenders": tenders} | more)
            return
        words = place.words
        tell(f"{order.number}  {order.ended_at}  {order.operator}")
        for line in lines:
            tell(
                f"  {line['name']}  {quantity(line['milli'])} x {yuan(line['unit_fen'])}"
                f"  {yuan(line['net_fen'])}"
            )
        for tender in tenders:
            way = getattr(words.counter, tender["way"])
            tell(f"  {way} {yuan(tender['given_fen'])} {tender['reference']}")
        tell(
            words.cli.sold.format(
                number=order.number, total=yuan(order.total_fen), change=yuan(order.change_fen)
            )
        )


def _rows(place: Desk, reader: Reader, query: OrderQuery) -> Iterator[dict[str, Any]]:
    bare = not query.number and not query.date
    bare = bare and query.amount_fen is None and query.person_ids is None
    if query.status in ("", "held", "open") and bare:
        drafts = [x for x in reader.drafts() if query.status in ("", x.state)]
        yield from (_draft(x) for x in reversed(drafts))
    for row in find_orders(reader, query):
        yield {
            "number": row.number,
            "order_id": row.order_id,
            "status": row.status,
            "business_date": row.business_date,
            "at": row.ended_at,
            "operator": row.operator,
            "total_fen": row.total_fen,
            "customer": masked(place, reader, row.person_id),
        }


def masked(place: Desk, reader: Reader, person_id: str) -> str:
    """A customer as lists show them; empty where there is none or their data is sealed."""
    if not person_id:
        return ""
    with suppress(Refused):
        person = persons.get(reader, vault_of(place.config), person_id)
        return person.masked if person else ""
    return ""


def _draft(order: Order) -> dict[str, Any]:
    return {
        "number": "",
        "order_id": order.order_id,
        "status": order.state,
        "business_date": "",
        "at": order.opened_at,
        "operator": order.operator,
        "total_fen": price(order).total_fen,
        "customer": "",
    }


def reprint(
    number: Annotated[str, typer.Argument()],
    operator: OperatorOption = "",
    config: ConfigOption = None,
) -> None:
    """Queue a receipt once more, marked and counted."""
    with (
        desk(config) as place,
        place.working("cli.order.reprint", operator) as (ledger, reader, session),
    ):
        order = _ended(reader, number)
        copy = reader.copies(order.order_id) + 1
        fact = Reprinted(where_of(session), order.order_id, order.number, copy)
        ledger.print_again(order.order_id, copy, fact)
        tell(place.words.counter.reprinted.format(number=order.number, copy=copy))


def deliver(
    number: Annotated[str, typer.Argument()],
    undo: Annotated[bool, typer.Option("--undo", help="改回待送货 to deliver again")] = False,
    operator: OperatorOption = "",
    config: ConfigOption = None,
) -> None:
    """Mark an order's delivery as done."""
    with (
        desk(config) as place,
        place.working("cli.order.deliver", operator) as (ledger, reader, session),
    ):
        order = _ended(reader, number)
        if order.state != "closed" or not reader.order_person(order.order_id)[1]:
            raise Refused("nothing_to_deliver", number=order.number)
        state: Literal["delivered", "undelivered"] = "undelivered" if undo else "delivered"
        ledger.write(Fulfilled(where_of(session), order.order_id, order.number, state))
        tell(getattr(place.words.finding, state).format(number=order.number))


def voucher(
    number: Annotated[str, typer.Argument()],
    form: FormOption = "text",
    columns: ColumnsOption = 0,
    operator: OperatorOption = "",
    config: ConfigOption = None,
) -> None:
    """The settlement voucher of an order (结账凭证)."""
    with desk(config) as place:
        with place.looking("cli.order.voucher", operator) as reader:
            order = _ended(reader, number)
            if order.state != "closed":
                raise Refused("order_not_closed", number=order.number)
            layout = slip_of(place, reader, order.order_id, "voucher", columns)
        put_out(layout, form)


def _ended(reader: Reader, number: str) -> OrderRow:
    order = reader.order(number)
    if order is None:
        raise Refused("order_unknown", number=number[:20])
    return order
