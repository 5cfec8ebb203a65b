"""The rows."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Literal, get_args

import msgspec

Mode = Literal[
    "signing",  # sign-in
    "selling",
    "paying",
    "collecting",  # a wallet is being asked, or its answer is shown
    "returning",  # which order, then what of it comes back
    "refunding",  # money goes back
    "choosing",  # one of a short list
    "asking",  # one text: a price, a weight, a reference
    "products",  # looking for a product
    "orders",  # looking for an order
    "receipt",  # reading an order's receipt
    "invoices",  # a day's invoices
    "code",  # the code of an order for the customer's phone
    "stocking",  # goods received, moved or counted
    "reviewing",  # such a document looked over before it is posted
    "duties",  # 交班, 日结, cash, reports
    "counting",  # notes and coins, other ways of paying
    "counted",  # what differs
    "slip",  # an X, a Z or the slip of a shift being read
    "reports",  # which report
    "report",  # one report
    "working",  # long work that can be stopped
    "approving",  # another operator's PIN for one act
    "locked",
    "helping",
    "quick",  # a page of goods without a barcode
    "pricing",  # a price is looked up
    "cli",
]

Right = Literal[
    "sell",
    "hold",
    "void_line",
    "void_order",
    "discount_line",
    "discount_order",
    "price_change",
    "drawer_open",
    "reprint",
    "order_view",
    "catalog_view",
    "catalog_edit",
    "stock_count",
    "stock_edit",
    "member_edit",
    "operator_view",
    "operator_manage",
    "journal_verify",
    "payment_decide",
    "cash_move",
    "x_report",
    "day_close",
    "count_sign",
    "report_view",
    "voucher_export",
    "return",
    "return_bare",
    "refund_cash",
    "reopen",
    "training",
    "settings",
    "sync",
    "backup",
    "invoice_issue",
    "invoice_manage",
]

LIVE: frozenset[Mode] = frozenset({"products", "orders"})
"""Modes in which every character that is typed changes what is shown."""

RIGHTS: tuple[Right, ...] = get_args(Right)


class Command(msgspec.Struct, frozen=True):
    """A row: what it is called, its keys in the `cn` preset, the right it needs and where.

    `right` None means exempt: anybody may do it, signed in or not. `rank` orders the footer,
    0 keeps it off the footer.
    """

    id: str
    keys: tuple[str, ...]
    right: Right | None
    modes: tuple[Mode, ...]
    rank: int = 0
    network: bool = False


_SELL: tuple[Mode, ...] = ("selling",)

_PAY: tuple[Mode, ...] = ("paying",)

_WALLET: tuple[Mode, ...] = ("paying", "collecting")

_BACK: tuple[Mode, ...] = ("returning",)

_REFUND: tuple[Mode, ...] = ("refunding",)

_CLI: tuple[Mode, ...] = ("cli",)

_LIST: tuple[Mode, ...] = (
    *("selling", "choosing", "helping", "products", "orders", "receipt"),
    *("stocking", "reviewing"),
    *("duties", "counting", "counted", "slip", "reports", "report"),
    *("returning", "invoices"),
)

_DUTIES: tuple[Mode, ...] = ("duties",)

_INVOICES: tuple[Mode, ...] = ("invoices",)

_REPORT: tuple[Mode, ...] = ("report",)

_PRODUCTS: tuple[Mode, ...] = ("products",)

_STOCK: tuple[Mode, ...] = ("stocking",)

_ORDERS: tuple[Mode, ...] = ("orders", "receipt")

TABLE: tuple[Command, ...] = (
    Command(
        "help",
        ("f1",),
        None,
        (
            *("signing", "selling", "paying", "collecting", "choosing", "asking", "products"),
            *("orders", "receipt", "stocking", "reviewing", "returning", "refunding"),
            *("quick", "pricing"),
            *("duties", "counting", "counted", "slip", "reports", "report", "invoices"),
        ),
        90,
    ),
    Command("settle", ("+", "end"), "sell", _SELL, 10),
    Command("quantity", ("*",), "sell", ("selling", "stocking"), 30),
    Command("discount_line", ("/",), "discount_line", _SELL, 31),
    Command("reduce_line", ("insert",), "discount_line", _SELL, 60),
    Command("price", (".",), "price_change", _SELL, 32),
    Command("decrement", ("-",), "void_line", _SELL, 33),
    Command("increment", ("=",), "sell", _SELL, 0),
    Command("delete_line", ("delete",), "void_line", _SELL, 34),
    Command("void_order", ("ctrl+delete",), "void_order", _SELL, 50),
    Command("hold", ("f6",), "hold", _SELL, 20),
    Command("discount_order", ("f8",), "discount_order", _SELL, 40),
    Command("reduce_order", ("f9",), "discount_order", _SELL, 41),
    Command("open_drawer", ("f5",), "drawer_open", _SELL, 61),
    Command("weigh", ("f4",), "sell", ("asking",), 20),
    Command("last_receipt", ("ctrl+o",), "order_view", _SELL, 68),
    Command("share", ("ctrl+f",), "hold", _SELL, 69, network=True),
    Command("sync", ("ctrl+s",), "sell", _SELL, 69),
    Command("sync_again", ("ctrl+s",), "sync", ("choosing",)),
    Command("devices", ("ctrl+e",), "drawer_open", _SELL, 67),
    Command("print_jobs", ("ctrl+t",), "sell", _SELL, 66),
    Command("find_products", ("f3",), "catalog_view", ("selling", "stocking"), 42),
    Command("find_orders", ("f10",), "order_view", ("selling", "returning"), 43),
    Command("return_goods", ("f7",), "return", ("selling", *_ORDERS), 45),
    Command("customer", ("f2",), "sell", _SELL, 44),
    Command("deliver", ("ctrl+d",), "sell", _SELL, 64),
    Command("offers", ("ctrl+g",), "sell", _SELL, 45),
    Command("seller", ("f4",), "sell", _SELL, 46),
    Command("quick_keys", ("ctrl+x",), "sell", _SELL, 47),
    Command("price_check", ("ctrl+a",), "catalog_view", _SELL, 48),
    Command("repeat", ("ctrl+r",), "sell", _SELL, 49),
    Command("note", ("ctrl+b",), "sell", _SELL, 64),
    Command("training", ("ctrl+l",), "training", _SELL, 69),
    Command("quick_pick", tuple("1234567890abcdefghijklmnopqrstuvwxyz"), "sell", ("quick",)),
    Command("new_product", ("ctrl+n",), "catalog_edit", ("selling", "products"), 65),
    Command("reprint", ("ctrl+p",), "reprint", ("selling", "orders", "receipt"), 62),
    Command("top_up", ("ctrl+v",), "sell", _SELL, 71, network=True),
    Command("stock", ("ctrl+w",), "stock_count", _SELL, 69),
    Command("stock_done", ("+", "end"), "stock_count", _STOCK, 10),
    Command("stock_cost", (".",), "stock_count", _STOCK, 32),
    Command("stock_cost_all", ("/",), "stock_count", _STOCK, 33),
    Command("stock_remove", ("delete",), "stock_count", _STOCK, 34),
    Command("stock_partner", ("f4",), "stock_count", _STOCK, 35),
    Command("stock_drop", ("ctrl+delete",), "stock_count", _STOCK, 50),
    Command("stock_post", ("+", "end"), "stock_edit", ("reviewing",), 10),
    Command("lock", ("home",), None, ("selling",), 63),
    Command("duties", ("f12",), None, ("selling",), 70),
    Command("close_shift", ("f2",), "sell", _DUTIES, 10),
    Command("sign_out", ("f12",), None, _DUTIES, 11),
    Command("close_day", ("f3",), "day_close", _DUTIES, 12),
    Command("x_report", ("f4",), "x_report", _DUTIES, 13),
    Command("cash_in", ("f5",), "cash_move", _DUTIES, 14),
    Command("cash_out", ("f6",), "cash_move", _DUTIES, 15),
    Command("cash_drop", ("f7",), "cash_move", _DUTIES, 16),
    Command("reports", ("f8",), "report_view", _DUTIES, 17),
    Command("closes", ("f9",), "x_report", _DUTIES, 18),
    Command("count_late", ("f10",), "sell", _DUTIES, 19),
    Command("invoice_day", ("ctrl+y",), "invoice_issue", _DUTIES, 20),
    Command("invoices_before", ("f2",), "invoice_issue", _INVOICES, 20),
    Command("invoices_after", ("f3",), "invoice_issue", _INVOICES, 21),
    Command("invoices_again", ("f4",), "invoice_manage", _INVOICES, 13),
    Command("invoices_ask", ("f5",), "invoice_issue", _INVOICES, 11, network=True),
    Command("invoices_filter", ("f6",), "invoice_issue", _INVOICES, 12),
    Command("invoices_issue", ("f8",), "invoice_manage", _INVOICES, 14),
    Command("invoices_export", ("f9",), "invoice_manage", _INVOICES, 15),
    Command("count_next", ("enter",), "sell", ("counting",), 10),
    Command("count_submit", ("end", "f10"), "sell", ("counting",), 11),
    Command("count_clear", ("delete",), "sell", ("counting",), 12),
    Command("count_sign", ("enter",), "count_sign", ("counted",), 10),
    Command("recount", ("f2",), "sell", ("counted",), 11),
    Command("count_unsigned", ("f9",), "sell", ("counted",), 12),
    Command("print_slip", ("ctrl+p", "f10"), None, ("slip", "report"), 16),
    Command("report_today", ("f2",), "report_view", _REPORT, 10),
    Command("report_yesterday", ("f3",), "report_view", _REPORT, 20),
    Command("report_week", ("f4",), "report_view", _REPORT, 11),
    Command("report_month", ("f5",), "report_view", _REPORT, 12),
    Command("report_last_month", ("f6",), "report_view", _REPORT, 21),
    Command("report_range", ("f7",), "report_view", _REPORT, 13),
    Command("report_csv", ("f8",), "report_view", _REPORT, 14),
    Command("report_xlsx", ("f9",), "report_view", _REPORT, 15),
    Command("up", ("up",), None, _LIST),
    Command("down", ("down",), None, _LIST),
    Command("page_up", ("pageup",), None, _LIST),
    Command("page_down", ("pagedown",), None, _LIST),
    Command("pick", ("enter",), "sell", ("products", "orders"), 10),
    Command("edit_price", ("f4",), "catalog_edit", _PRODUCTS, 20),
    Command("edit_name", ("f7",), "catalog_edit", _PRODUCTS, 21),
    Command("switch_product", ("f8",), "catalog_edit", _PRODUCTS, 22),
    Command("import_products", ("f9",), "catalog_edit", _PRODUCTS, 23),
    Command("order_status", ("f6",), "order_view", ("orders",), 20),
    Command("fulfil", ("f8",), "sell", _ORDERS, 21),
    Command("mail_receipt", ("f5",), "order_view", _ORDERS, 22),
    Command("voucher", ("f9",), "order_view", _ORDERS, 22),
    Command("invoice", ("ctrl+y",), "invoice_issue", ("selling", *_ORDERS), 23),
    Command("invoice_amend", ("ctrl+g",), "invoice_manage", _ORDERS, 24, network=True),
    Command("cash", ("enter",), "sell", _PAY, 10),
    Command("quick_1", ("q",), "sell", _PAY),
    Command("quick_2", ("w",), "sell", _PAY),
    Command("quick_3", ("e",), "sell", _PAY),
    Command("quick_4", ("r",), "sell", _PAY),
    Command("wechat", ("f5",), "sell", _WALLET, 11, network=True),
    Command("alipay", ("f6",), "sell", _WALLET, 12, network=True),
    Command("pay_query", ("f3",), "sell", ("collecting",), 13, network=True),
    Command("pay_park", ("f12",), "sell", ("collecting",), 14),
    Command("pay_large", ("f2",), "sell", ("collecting",), 15),
    Command("pay_print", ("ctrl+p",), "sell", ("collecting",), 16),
    Command("unresolved", ("ctrl+u",), "sell", ("selling", "paying", "collecting"), 67),
    Command("reconcile", ("ctrl+k",), "payment_decide", _SELL, 69, network=True),
    Command("bank", ("f7",), "sell", _PAY, 20),
    Command("transfer", ("f4",), "sell", _PAY, 21),
    Command("static_code", ("f3",), "sell", _PAY, 22),
    Command("take_back", ("delete",), "sell", (*_PAY, *_REFUND), 30),
    Command("return_more", ("+", "="), "return", _BACK, 20),
    Command("return_less", ("-",), "return", _BACK, 21),
    Command("return_all", ("f7",), "return", _BACK, 10),
    Command("return_damaged", ("f6",), "return", _BACK, 22),
    Command("return_bare", ("f8",), "return_bare", _BACK, 30),
    Command("refund", ("enter",), "sell", _REFUND, 10),
    Command("refund_cash", ("f9",), "refund_cash", _REFUND, 20),
    Command("reopen", ("f4",), "reopen", _ORDERS, 23),
    Command("stored", ("f8",), "sell", _PAY, 13, network=True),
    Command("points", ("f9",), "sell", _PAY, 14, network=True),
    Command("payment_decide", ("ctrl+y",), "payment_decide", ("collecting",), 68),
    Command(
        "back",
        ("escape",),
        None,
        (
            *("signing", "selling", "paying", "collecting", "choosing", "asking", "approving"),
            *("helping", "products", "orders", "receipt", "stocking", "reviewing", "working"),
            *("duties", "counting", "counted", "slip", "reports", "report"),
            *("returning", "refunding", "quick", "pricing", "code", "invoices"),
        ),
        80,
    ),
    Command("quit", ("ctrl+q",), None, ("signing",), 85),
    # verbs of the command line
    Command("cli.run", (), None, _CLI),
    Command("cli.demo", (), None, _CLI),
    Command("cli.init", (), None, _CLI),
    Command("cli.doctor", (), None, _CLI),
    Command("cli.headoffice.init", (), None, _CLI),
    Command("cli.headoffice.serve", (), None, _CLI),
    Command("cli.headoffice.migrate", (), None, _CLI),
    Command("cli.headoffice.import", (), None, _CLI),
    Command("cli.headoffice.offers", (), None, _CLI),
    Command("cli.headoffice.setting", (), None, _CLI),
    Command("cli.headoffice.account.add", (), None, _CLI),
    Command("cli.headoffice.account.reset", (), None, _CLI),
    Command("cli.headoffice.till.add", (), None, _CLI),
    Command("cli.headoffice.till.revoke", (), None, _CLI),
    Command("cli.headoffice.till.list", (), None, _CLI),
    Command("cli.keys", (), None, _CLI),
    Command("cli.config.check", (), None, _CLI),
    Command("cli.config.schema", (), None, _CLI),
    Command("cli.config.rekey", (), "backup", _CLI),
    Command("cli.sell", (), "sell", _CLI),
    Command("cli.order.list", (), "order_view", _CLI),
    Command("cli.order.show", (), "order_view", _CLI),
    Command("cli.order.reprint", (), "reprint", _CLI),
    Command("cli.order.deliver", (), "sell", _CLI),
    Command("cli.order.return", (), "return", _CLI),
    Command("cli.order.voucher", (), "order_view", _CLI),
    Command("cli.receipt.show", (), "order_view", _CLI),
    Command("cli.receipt.render", (), None, _CLI),
    Command("cli.catalog.import", (), "catalog_edit", _CLI),
    Command("cli.catalog.export", (), "catalog_edit", _CLI),
    Command("cli.catalog.find", (), "catalog_view", _CLI),
    Command("cli.catalog.edit", (), "catalog_edit", _CLI),
    Command("cli.operator.add", (), "operator_manage", _CLI),
    Command("cli.operator.pin", (), "operator_manage", _CLI),
    Command("cli.operator.disable", (), "operator_manage", _CLI),
    Command("cli.operator.list", (), "operator_view", _CLI),
    Command("cli.journal.verify", (), None, _CLI),
    Command("cli.journal.export", (), "journal_verify", _CLI),
    Command("cli.journal.replay", (), None, _CLI),
    Command("cli.promo.list", (), "catalog_view", _CLI),
    Command("cli.promo.check", (), "catalog_edit", _CLI),
    Command("cli.promo.explain", (), "order_view", _CLI),
    Command("cli.catalog.labels", (), "catalog_view", _CLI),
    Command("cli.scanner.test", (), None, _CLI),
    Command("cli.scale.test", (), None, _CLI),
    Command("cli.display.test", (), None, _CLI),
    Command("cli.printer.discover", (), None, _CLI),
    Command("cli.printer.doctor", (), None, _CLI),
    Command("cli.printer.test", (), None, _CLI),
    Command("cli.printer.jobs", (), "order_view", _CLI),
    Command("cli.printer.retry", (), "reprint", _CLI),
    Command("cli.printer.cancel", (), "reprint", _CLI),
    Command("cli.payment.pending", (), "order_view", _CLI),
    Command("cli.payment.recover", (), "sell", _CLI, network=True),
    Command("cli.payment.resolve", (), "payment_decide", _CLI),
    Command("cli.payment.refund", (), "payment_decide", _CLI, network=True),
    Command("cli.payment.reconcile", (), "payment_decide", _CLI, network=True),
    Command("cli.backup.key", (), None, _CLI),
    Command("cli.backup.create", (), "backup", _CLI),
    Command("cli.backup.verify", (), None, _CLI),
    Command("cli.backup.restore", (), None, _CLI),
    Command("cli.sync.now", (), None, _CLI, network=True),
    Command("cli.sync.status", (), None, _CLI),
    Command("cli.sync.rejected", (), "sync", _CLI),
    Command("cli.member.add", (), "sell", _CLI),
    Command("cli.member.topup", (), "sell", _CLI, network=True),
    Command("cli.member.payout", (), "refund_cash", _CLI, network=True),
    Command("cli.member.find", (), "sell", _CLI),
    Command("cli.member.show", (), "sell", _CLI),
    Command("cli.member.edit", (), "member_edit", _CLI),
    Command("cli.member.erase", (), "member_edit", _CLI),
    Command("cli.stock.receive", (), "stock_edit", _CLI),
    Command("cli.stock.count", (), "stock_edit", _CLI),
    Command("cli.stock.move", (), "stock_edit", _CLI),
    Command("cli.stock.moves", (), "stock_count", _CLI),
    Command("cli.stock.low", (), "stock_count", _CLI),
    Command("cli.shift.open", (), "sell", _CLI),
    Command("cli.shift.count", (), "sell", _CLI),
    Command("cli.shift.close", (), "sell", _CLI),
    Command("cli.day.close", (), "day_close", _CLI),
    Command("cli.report.x", (), "x_report", _CLI),
    Command("cli.report.z", (), "x_report", _CLI),
    Command("cli.report.sales", (), "report_view", _CLI),
    Command("cli.report.tax", (), "report_view", _CLI),
    Command("cli.report.stock", (), "report_view", _CLI),
    Command("cli.report.audit", (), "report_view", _CLI),
    Command("cli.cash.in", (), "cash_move", _CLI),
    Command("cli.cash.out", (), "cash_move", _CLI),
    Command("cli.cash.drop", (), "cash_move", _CLI),
    Command("cli.cash.open-drawer", (), "drawer_open", _CLI),
    Command("cli.voucher.export", (), "voucher_export", _CLI),
    Command("cli.invoice.issue", (), "invoice_issue", _CLI, network=True),
    Command("cli.invoice.status", (), "order_view", _CLI),
    Command("cli.invoice.red", (), "invoice_manage", _CLI, network=True),
    Command("cli.invoice.export", (), "invoice_manage", _CLI),
    Command("cli.invoice.amend", (), "invoice_manage", _CLI, network=True),
    Command("cli.invoice.resend", (), "invoice_issue", _CLI, network=True),
    Command("cli.message.list", (), "order_view", _CLI),
    Command("cli.message.again", (), "invoice_manage", _CLI),
    Command("cli.invoice.mark", (), "invoice_manage", _CLI),
    Command("cli.simulator.printer", (), None, _CLI),
    Command("cli.simulator.wechat", (), None, _CLI),
    Command("cli.simulator.alipay", (), None, _CLI),
    Command("cli.simulator.tax", (), None, _CLI),
)

BY_ID: Mapping[str, Command] = {command.id: command for command in TABLE}
