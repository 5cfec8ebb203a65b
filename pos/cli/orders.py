"""`pos order list|show`."""

from __future__ import annotations

import re
from collections.abc import Iterator
from typing import Annotated, Any

import typer

from pos.cli.desk import ConfigOption, JsonOption, OperatorOption, desk, show, tell
from pos.money import quantity, yuan
from pos.refusal import Refused
from pos.sale.order import Order
from pos.sale.pricing import price
from pos.store.reader import Reader

_DIGITS, _DATE = re.compile(r"[0-9]{0,15}"), re.compile(r"([0-9]{4}-[0-9]{2}-[0-9]{2})?")


def list_orders(
    number: Annotated[str, typer.Option("--number")] = "",
    date: Annotated[str, typer.Option("--date", help="2026-03-02")] = "",
    status: Annotated[str, typer.Option("--status", help="held|open|closed|voided")] = "",
    operator: OperatorOption = "",
    json: JsonOption = False,
    config: ConfigOption = None,
) -> None:
    """List orders, newest first."""
    with desk(config) as place:
        if status not in ("", "held", "open", "closed", "voided"):
            raise Refused("wrong_usage", why=f"--status {status[:20]}")
        if not _DIGITS.fullmatch(number) or not _DATE.fullmatch(date):
            raise Refused("wrong_usage", why="--number 1234 | --date 2026-03-02")
        with place.looking("cli.order.list", operator) as reader:
            rows = list(_rows(reader, number, date, status))
        if json:
            show(rows)
            return
        words = place.words
        states = {"closed": words.cli.closed, "voided": words.cli.voided}
        states |= {"held": words.counter.held_title, "open": words.cli.open}
        for one in rows:
            tell(
                f"{one['number'] or '-':15}  {one['at']}  {one['operator']:8}"
                f"  {yuan(one['total_fen']):>10}  {states[one['status']]}"
            )
        if not rows:
            tell(words.cli.nothing)


def show_order(
    number: Annotated[str, typer.Argument()],
    operator: OperatorOption = "",
    json: JsonOption = False,
    config: ConfigOption = None,
) -> None:
    """Show one ended order with its lines and tenders."""
    with desk(config) as place:
        with place.looking("cli.order.show", operator) as reader:
            order = reader.order(number)
            if order is None:
                raise Refused("order_unknown", number=number[:20])
            lines = reader.order_lines(order.order_id)
            tenders = reader.order_tenders(order.order_id)
        if json:
            fields = {name: getattr(order, name) for name in order.__struct_fields__}
            show(fields | {"lines": lines, "tenders": tenders})
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


def _rows(reader: Reader, number: str, date: str, status: str) -> Iterator[dict[str, Any]]:
    if status in ("", "held", "open") and not number and not date:
        drafts = [x for x in reader.drafts() if status in ("", x.state)]
        yield from (_draft(x) for x in reversed(drafts))
    if status not in ("held", "open"):
        for row in reader.orders(number=number, date=date, state=status):
            yield {
                "number": row.number,
                "order_id": row.order_id,
                "status": row.state,
                "business_date": row.business_date,
                "at": row.ended_at,
                "operator": row.operator,
                "total_fen": row.total_fen,
            }


def _draft(order: Order) -> dict[str, Any]:
    return {
        "number": "",
        "order_id": order.order_id,
        "status": order.state,
        "business_date": "",
        "at": order.opened_at,
        "operator": order.operator,
        "total_fen": price(order).total_fen,
    }
