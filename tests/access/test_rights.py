"""Every row of the command table, for every role and for nobody."""

from __future__ import annotations

from pathlib import Path

import pytest

from pos.access.pins import check_pin
from pos.access.rights import ROLES, Role, Session, check_discount, check_price, require, session_of
from pos.commands import TABLE, Command
from pos.config import Roles
from pos.refusal import Refused
from tests.shop import WATER, make_shop
from tests.tables import changed, contents
from tests.till.person import Person

EXEMPT = {
    "help", "lock", "sign_out", "duties", "print_slip",
    "cli.headoffice.account.add", "cli.headoffice.account.reset",
    "up", "down", "page_up", "page_down", "back", "quit",
    "cli.run", "cli.demo", "cli.init", "cli.doctor", "cli.keys", "cli.config.check",
    "cli.config.schema", "cli.journal.verify", "cli.receipt.render",
    "cli.printer.discover", "cli.scanner.test", "cli.scale.test",
    "cli.display.test", "cli.printer.doctor", "cli.printer.test",
    "cli.journal.replay", "cli.backup.key", "cli.backup.verify", "cli.backup.restore",
    "cli.simulator.printer", "cli.simulator.wechat", "cli.simulator.alipay",
    "cli.simulator.tax",
    *("cli.headoffice.init", "cli.headoffice.serve", "cli.headoffice.migrate"),
    "cli.headoffice.import",
    "cli.headoffice.offers",
    "cli.headoffice.setting",
    *("cli.headoffice.till.add", "cli.headoffice.till.revoke", "cli.headoffice.till.list"),
    "cli.sync.now", "cli.sync.status",
}  # fmt: skip
CASHIER = {
    "settle", "quantity", "discount_line", "reduce_line", "decrement", "increment",
    "delete_line", "hold", "discount_order", "reduce_order", "cash", "quick_1", "quick_2",
    "quick_3", "quick_4", "bank", "transfer", "take_back", "cli.sell", "cli.order.list",
    "wechat", "alipay", "static_code", "pay_query", "pay_park", "pay_large", "pay_print",
    "unresolved",
    "invoice_day", "invoices_before", "invoices_after", "invoices_ask", "invoices_filter",
    "mail_receipt", "cli.message.list",
    "invoice", "cli.invoice.issue", "cli.invoice.status", "cli.invoice.resend",
    "cli.payment.pending", "cli.payment.recover",
    "cli.order.show", "print_jobs", "last_receipt", "weigh", "cli.printer.jobs",
    "close_shift", "count_late", "count_next", "count_submit", "count_clear", "recount",
    "count_unsigned", "cli.shift.open", "cli.shift.count", "cli.shift.close",
    "find_products", "find_orders", "customer", "deliver", "pick",
    "refund", "order_status", "fulfil", "voucher", "cli.order.deliver", "cli.order.voucher",
    "cli.receipt.show", "cli.catalog.find", "cli.catalog.labels",
    "stock", "stock_done", "stock_cost", "stock_cost_all", "stock_remove", "stock_partner",
    "stored", "points", "top_up",
    "stock_drop", "cli.stock.moves", "cli.stock.low",
    "share", "sync",
    "offers",
    "seller", "note", "repeat", "price_check", "quick_keys", "quick_pick",
    "cli.promo.list", "cli.promo.explain",
    "cli.member.add", "cli.member.topup", "cli.member.find", "cli.member.show",
}  # fmt: skip
SUPERVISOR = CASHIER | {
    "price",
    "void_order",
    "training",
    "open_drawer",
    "devices",
    "reprint",
    "return_goods",
    "return_more",
    "return_less",
    "return_all",
    "return_damaged",
    "return_bare",
    "reopen",
    "cli.order.return",
    "cli.order.reprint",
    "cli.printer.retry",
    "cli.printer.cancel",
    "cli.journal.export",
    "stock_post",
    "cli.stock.receive",
    "cli.stock.count",
    "cli.stock.move",
    "close_day",
    "x_report",
    "closes",
    "cash_in",
    "cash_out",
    "cash_drop",
    "cli.day.close",
    "cli.report.x",
    "cli.report.z",
    "cli.cash.in",
    "cli.cash.out",
    "cli.cash.drop",
    "cli.cash.open-drawer",
    "cli.member.edit",
    "cli.member.erase",
}
MANAGER = SUPERVISOR | {
    "cli.catalog.import", "cli.operator.add", "cli.operator.pin", "cli.operator.disable",
    "count_sign", "reports", "report_today", "report_yesterday", "report_week", "report_month",
    "report_last_month", "report_range", "report_csv", "report_xlsx", "cli.report.sales",
    "cli.report.tax", "cli.report.stock", "cli.report.audit", "cli.voucher.export",
    "cli.operator.list", "new_product", "edit_price", "edit_name", "switch_product",
    "import_products", "cli.catalog.edit", "cli.catalog.export",
    "cli.backup.create",
    "payment_decide", "reconcile", "refund_cash", "cli.member.payout", "cli.config.rekey",
    "cli.promo.check",
    "cli.payment.resolve", "cli.payment.refund", "cli.payment.reconcile",
    "invoice_amend", "invoices_again", "cli.message.again", "invoices_issue", "invoices_export",
    "cli.invoice.red", "cli.invoice.export", "cli.invoice.amend", "cli.invoice.mark",
    "cli.sync.rejected", "sync_again",
}  # fmt: skip
ALLOWED: dict[Role, set[str]] = {
    "cashier": CASHIER,
    "supervisor": SUPERVISOR,
    "manager": MANAGER,
    "technician": {
        "cli.backup.create",
        "cli.config.rekey",
        "cli.sync.rejected",
        "sync_again",
        "cli.journal.export",
        "cli.operator.list",
        "find_products",
        "cli.catalog.find",
        "cli.catalog.labels",
        "cli.promo.list",
        "price_check",
    },
}


def session(role: Role) -> Session:
    return session_of("1", "x", role, Roles())


@pytest.mark.parametrize("command", TABLE, ids=lambda c: c.id)
@pytest.mark.parametrize("role", ROLES)
def test_each_command_for_each_role(command: Command, role: Role) -> None:
    if command.id in EXEMPT | ALLOWED[role]:
        require(command.id, session(role))
    else:
        with pytest.raises(Refused, match="no_right"):
            require(command.id, session(role))


@pytest.mark.parametrize("command", TABLE, ids=lambda c: c.id)
def test_each_command_for_nobody(command: Command) -> None:
    if command.id in EXEMPT:
        require(command.id, None)
    else:
        with pytest.raises(Refused, match="not_signed_in"):
            require(command.id, None)


def test_a_command_without_a_row_is_denied_to_all() -> None:
    with pytest.raises(Refused, match="unknown_command"):
        require("invented", session("manager"))


def test_limits() -> None:
    cashier, manager = session("cashier"), session("manager")
    check_discount(cashier, 28, 550)
    with pytest.raises(Refused, match="discount_over_limit"):
        check_discount(cashier, 29, 550)
    check_discount(manager, 549, 550)
    check_price(cashier, 500, 600)
    with pytest.raises(Refused, match="price_over_limit"):
        check_price(cashier, 500, 499)
    check_price(manager, 500, 1)


@pytest.mark.parametrize("pin", ["", "12345", "abcdef", "1234567890123", "１２３５７９"])
def test_pins_that_are_none(pin: str) -> None:
    with pytest.raises(Refused, match="pin_form"):
        check_pin(pin)


@pytest.mark.parametrize("pin", ["000000", "123456", "987654", "890123"])
def test_pins_a_thief_tries_first(pin: str) -> None:
    with pytest.raises(Refused, match="pin_weak"):
        check_pin(pin)


@pytest.mark.parametrize("who", ["1001", ""])
def test_no_key_does_more_than_its_right(tmp_path: Path, who: str) -> None:
    """Every key of the table at a real till, by a cashier and by nobody: what is not allowed
    leaves the ledger as it was."""
    person = Person(make_shop(tmp_path))
    if who:
        person.sign_in(who)
        person.scan(WATER)
    ledger = person.till.config.ledger
    allowed, before = EXEMPT | (CASHIER if who else set()), contents(ledger)
    for command in TABLE:
        if command.keys and command.id not in allowed:
            person.key(command.id, "50")
            person.enter("5")
            person.enter("1")
            assert changed(before, contents(ledger)) == [], command.id
            while person.mode() not in ("selling", "signing"):
                person.key("back")
            person.key("back")
    person.leave()
