"""Reports as tables: columns that know their unit, cells as they are kept, pairs for a chart."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping, Sequence
from typing import Literal

import msgspec

from pos.clock import local, moment_of
from pos.money import quantity, yuan
from pos.record import Counted, Figures, Way
from pos.reports.audit import Audited
from pos.reports.sales import Customers, Sales, SalesBy, TaxOfDay
from pos.reports.stock import Mover, StockValue
from pos.words.reports import ReportWords

Kind = Literal["text", "fen", "milli", "count", "rate"]
Cell = str | int | None


class Column(msgspec.Struct, frozen=True):
    """A column: its heading and the unit of its cells."""

    name: str
    kind: Kind = "text"


class Table(msgspec.Struct, frozen=True):
    """A report. `rows` have a cell for each column, None where there is nothing to say.

    `label` and `value` are the columns of its chart; `value` is -1 where it has none.
    """

    title: str
    columns: tuple[Column, ...]
    rows: tuple[tuple[Cell, ...], ...]
    label: int = 0
    value: int = -1

    @property
    def pairs(self) -> tuple[tuple[str, int], ...]:
        """Labels and values for a chart, in the order of the rows."""
        if self.value < 0:
            return ()
        return tuple(
            (str(row[self.label]), int(row[self.value] or 0))
            for row in self.rows
            if isinstance(row[self.value], int)
        )

    @property
    def texts(self) -> tuple[tuple[str, ...], ...]:
        """All rows as a person reads them."""
        return tuple(
            tuple(say(cell, column.kind) for cell, column in zip(row, self.columns, strict=True))
            for row in self.rows
        )


def say(cell: Cell, kind: Kind) -> str:
    """A cell as text: fen as yuan, thousandths without needless zeros, basis points as percent."""
    if cell is None or isinstance(cell, str):
        return cell or ""
    match kind:
        case "fen":
            return yuan(cell)
        case "milli":
            return quantity(cell)
        case "rate":
            return quantity(cell * 10) + "%"
        case _:
            return str(cell)


def of_sales(rows: Iterable[Sales], by: SalesBy, words: ReportWords) -> Table:
    """Sales by a key; products by what they brought in, the others by their key."""
    named = by == "product"
    found = sorted(rows, key=lambda row: (-row.net_fen, row.key)) if named else list(rows)
    columns = [Column(words.keys[by])]
    if named:
        columns.append(Column(words.name))
    columns += [
        Column(words.orders, "count"),
        Column(words.quantity, "milli"),
        Column(words.gross, "fen"),
        Column(words.discount, "fen"),
        Column(words.returned, "fen"),
        Column(words.net, "fen"),
        Column(words.tax, "fen"),
    ]
    cells = [
        (
            *((row.key or words.none_of[by],) if not named else (row.key, row.name)),
            row.orders,
            row.milli,
            row.list_fen,
            row.discount_fen,
            row.returned_fen,
            row.net_fen,
            row.tax_fen,
        )
        for row in found
    ]
    title = words.sales_by.format(key=words.keys[by])
    return Table(title, tuple(columns), tuple(cells), int(named), len(columns) - 2)


def of_tenders(rows: Iterable[Way], words: ReportWords) -> Table:
    """Money by way of paying."""
    columns = (
        Column(words.keys["tender"]),
        Column(words.times, "count"),
        Column(words.taken, "fen"),
        Column(words.refunds, "count"),
        Column(words.refunded, "fen"),
        Column(words.net, "fen"),
    )
    cells = tuple(
        (way_name(r.way, words), r.count, r.taken_fen, r.refunds, r.refunded_fen, r.net_fen)
        for r in rows
    )
    return Table(words.sales_by.format(key=words.keys["tender"]), columns, cells, 0, 5)


def of_tax(rows: Iterable[TaxOfDay], words: ReportWords) -> Table:
    """Tax by business date and rate."""
    columns = (
        Column(words.keys["day"]),
        Column(words.rate, "rate"),
        Column(words.sold, "fen"),
        Column(words.returned, "fen"),
        Column(words.net, "fen"),
        Column(words.without_tax, "fen"),
        Column(words.tax, "fen"),
    )
    cells = tuple(
        (
            row.day,
            row.rate.tax_bp,
            row.rate.sold_fen,
            row.rate.returned_fen,
            row.rate.net_fen,
            row.rate.without_tax_fen,
            row.rate.tax_fen,
        )
        for row in rows
    )
    return Table(words.tax_report, columns, cells)


def of_customers(found: Customers, words: ReportWords) -> Table:
    """Known customers and all others, as numbers."""
    columns = (
        Column(words.keys["customer"]),
        Column(words.persons, "count"),
        Column(words.orders, "count"),
        Column(words.net, "fen"),
    )
    cells = (
        (words.known, found.known, found.known_orders, found.known_fen),
        (words.unknown, None, found.other_orders, found.other_fen),
    )
    return Table(words.sales_by.format(key=words.keys["customer"]), columns, cells, 0, 3)


def of_stock(found: StockValue, words: ReportWords) -> Table:
    """The stock at cost, its sum last."""
    columns = (
        Column(words.keys["product"]),
        Column(words.name),
        Column(words.keys["category"]),
        Column(words.on_hand, "milli"),
        Column(words.unit),
        Column(words.cost, "fen"),
        Column(words.value, "fen"),
    )
    cells: list[tuple[Cell, ...]] = [
        (r.sku, r.name, r.category, r.milli, r.unit, r.cost_fen, r.value_fen) for r in found.rows
    ]
    cells.append((words.total, "", "", None, "", None, found.value_fen))
    return Table(words.stock_report, columns, tuple(cells))


def of_movers(rows: Sequence[Mover], title: str, words: ReportWords) -> Table:
    """What sells, or what lies."""
    columns = (
        Column(words.keys["product"]),
        Column(words.name),
        Column(words.quantity, "milli"),
        Column(words.net, "fen"),
        Column(words.on_hand, "milli"),
    )
    cells = tuple((r.sku, r.name, r.sold_milli, r.net_fen, r.stock_milli) for r in rows)
    return Table(title, columns, cells, 1, 3)


def of_audit(rows: Iterable[Audited], words: ReportWords) -> Table:
    """What is worth a look, oldest first."""
    columns = (
        Column(words.when),
        Column(words.act),
        Column(words.keys["operator"]),
        Column(words.approver),
        Column(words.subject),
        Column(words.detail),
        Column(words.reason),
        Column(words.amount, "fen"),
    )
    cells = tuple(
        (
            local(moment_of(r.at)).strftime("%Y-%m-%d %H:%M:%S"),
            words.acts.get(r.kind, r.kind),
            r.operator,
            r.approver,
            r.subject,
            r.detail,
            r.reason,
            r.fen or None,
        )
        for r in rows
    )
    return Table(words.audit_report, columns, cells)


def of_figures(found: Figures, words: ReportWords, counted: Iterable[Counted] = ()) -> Table:
    """An X or a Z as rows: what, how often, how much; `counted` is what was declared of it."""
    columns = (Column(words.item), Column(words.times, "count"), Column(words.amount, "fen"))
    rows = (
        *_sales_rows(found, words),
        *_money_rows(found, words),
        *_act_rows(found, words),
        *_drawer_rows(found, words),
        *_counted_rows(counted, words),
    )
    return Table(words.figures_report, columns, rows)


_Rows = Iterator[tuple[Cell, ...]]


def _sales_rows(found: Figures, words: ReportWords) -> _Rows:
    yield words.numbers, None, f"{found.first_seq}-{found.last_seq}"
    yield words.orders, found.orders, None
    yield words.gross, None, found.gross_fen
    yield words.returned_list, found.returns, found.returned_list_fen
    for one in found.discounts:
        yield words.discounts.get(one.key, one.key), one.count, -one.fen
    yield words.rounding, None, -found.rounding_fen
    yield words.net, None, found.net_fen
    for rate in found.taxes:
        percent = say(rate.tax_bp, "rate")
        yield f"{words.without_tax} {percent}", None, rate.without_tax_fen
        yield f"{words.tax} {percent}", None, rate.tax_fen


def _money_rows(found: Figures, words: ReportWords) -> _Rows:
    for way in found.tenders:
        yield way_name(way.way, words), way.count, way.taken_fen
        if way.refunds:
            told = f"{way_name(way.way, words)} {words.refunded}"
            yield told, way.refunds, way.refunded_fen
    yield words.change, None, found.change_fen
    for group in found.categories:
        name = group.key or words.none_of["category"]
        yield f"{words.keys['category']} {name}", group.lines, group.net_fen
    for who in found.operators:
        yield f"{words.keys['operator']} {who.key}", who.orders, who.net_fen


def _act_rows(found: Figures, words: ReportWords) -> _Rows:
    yield words.prices, found.prices.count, None
    yield words.voided_orders, found.voided_orders.count, found.voided_orders.fen
    yield words.voided_lines, found.voided_lines.count, found.voided_lines.fen
    for one in found.overrides:
        yield f"{words.override} {one.key}", one.count, None
    yield words.drawer_opens, found.drawer_opens, None
    yield words.reprints, found.reprints, None
    yield words.held, found.held, None
    yield words.unresolved, found.unresolved.count, found.unresolved.fen
    yield words.unsent, found.unsent, None


def _drawer_rows(found: Figures, words: ReportWords) -> _Rows:
    drawer = found.drawer
    yield words.float, None, drawer.float_fen
    yield words.cash_in, None, drawer.in_fen
    yield words.cash_out, None, -drawer.out_fen
    yield words.drop, None, -drawer.drop_fen
    yield words.expected, None, drawer.expected_fen


def _counted_rows(counted: Iterable[Counted], words: ReportWords) -> _Rows:
    for one in counted:
        yield f"{words.over_short} {way_name(one.way, words)}", None, one.difference_fen


def way_name(way: str, words: ReportWords) -> str:
    """A way of paying in words; one that is not known stays as it is kept."""
    names: Mapping[str, str] = words.ways
    return names.get(way, way)
