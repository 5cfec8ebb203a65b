"""The verbs, put together. Each is asked for by its row in the command table."""

from __future__ import annotations

import functools
import os
import sqlite3
import sys
from collections.abc import Callable
from typing import Annotated, Any

import typer
from typer.exceptions import TyperException

from pos.access.rights import require
from pos.cli import (
    backup,
    books,
    cash,
    catalog,
    checks,
    demo,
    devices,
    headoffice,
    invoices,
    journal,
    member,
    messages,
    operators,
    orders,
    payments,
    printers,
    promo,
    receipts,
    rekeying,
    reports,
    returning,
    run,
    selling,
    setup,
    shifts,
    simulators,
    stock,
    sync,
)
from pos.cli.desk import ConfigOption, complain, desk, words_of
from pos.commands import BY_ID
from pos.config import find
from pos.words.cli import HELP

app = typer.Typer(
    help=HELP["app"],
    add_completion=False,
    pretty_exceptions_enable=False,
    rich_markup_mode=None,  # plain pages: rich would also read markup in what people typed
)


def run_till(
    training: Annotated[bool, typer.Option("--training", help="练习 practise")] = False,
    config: ConfigOption = None,
) -> None:
    """Open the till."""
    with desk(config) as place:
        raise typer.Exit(run.run(place.config, training=training))


VERBS: dict[str, Callable[..., None]] = {
    "cli.run": run_till,
    "cli.demo": demo.demo,
    "cli.init": setup.init,
    "cli.doctor": checks.doctor,
    "cli.headoffice.init": headoffice.init,
    "cli.headoffice.serve": headoffice.serve,
    "cli.headoffice.migrate": headoffice.migrate,
    "cli.headoffice.import": headoffice.import_goods,
    "cli.headoffice.offers": headoffice.put_offers,
    "cli.headoffice.setting": headoffice.setting,
    "cli.headoffice.account.add": headoffice.account_add,
    "cli.headoffice.account.reset": headoffice.account_reset,
    "cli.headoffice.till.add": headoffice.till_add,
    "cli.headoffice.till.revoke": headoffice.till_revoke,
    "cli.headoffice.till.list": headoffice.till_list,
    "cli.keys": checks.keys,
    "cli.sell": selling.sell,
    "cli.order.list": orders.list_orders,
    "cli.order.show": orders.show_order,
    "cli.order.reprint": orders.reprint,
    "cli.order.deliver": orders.deliver,
    "cli.order.return": returning.give_back,
    "cli.order.voucher": orders.voucher,
    "cli.receipt.show": receipts.show_receipt,
    "cli.receipt.render": receipts.render,
    "cli.catalog.import": catalog.import_file,
    "cli.catalog.export": catalog.export_file,
    "cli.catalog.find": catalog.find,
    "cli.catalog.edit": catalog.edit,
    "cli.operator.add": operators.add,
    "cli.operator.pin": operators.pin,
    "cli.operator.disable": operators.disable,
    "cli.operator.list": operators.list_operators,
    "cli.config.check": checks.config_check,
    "cli.config.schema": checks.config_schema,
    "cli.config.rekey": rekeying.rekey,
    "cli.journal.verify": journal.verify,
    "cli.journal.export": journal.export,
    "cli.journal.replay": journal.replay,
    "cli.promo.list": promo.list_offers,
    "cli.promo.check": promo.check,
    "cli.promo.explain": promo.explain,
    "cli.catalog.labels": devices.labels,
    "cli.scanner.test": devices.scanner,
    "cli.scale.test": devices.scale,
    "cli.display.test": devices.display,
    "cli.printer.discover": printers.discover,
    "cli.printer.doctor": printers.doctor,
    "cli.printer.test": printers.try_print,
    "cli.printer.jobs": printers.list_jobs,
    "cli.printer.retry": printers.retry,
    "cli.printer.cancel": printers.cancel,
    "cli.payment.pending": payments.list_pending,
    "cli.payment.recover": payments.recover,
    "cli.payment.resolve": payments.resolve,
    "cli.payment.refund": payments.refund,
    "cli.payment.reconcile": payments.reconcile,
    "cli.backup.key": backup.key,
    "cli.backup.create": backup.create,
    "cli.backup.verify": backup.verify,
    "cli.backup.restore": backup.restore,
    "cli.sync.now": sync.now,
    "cli.sync.status": sync.status,
    "cli.sync.rejected": sync.rejected,
    "cli.member.add": member.add,
    "cli.member.topup": member.topup,
    "cli.member.payout": member.payout,
    "cli.member.find": member.find,
    "cli.member.show": member.show_member,
    "cli.member.edit": member.edit,
    "cli.member.erase": member.erase,
    "cli.stock.receive": stock.receive,
    "cli.stock.count": stock.count,
    "cli.stock.move": stock.move,
    "cli.stock.moves": stock.list_moves,
    "cli.stock.low": stock.low,
    "cli.shift.open": shifts.open_shift,
    "cli.shift.count": shifts.count,
    "cli.shift.close": shifts.close,
    "cli.day.close": shifts.close_day,
    "cli.report.x": reports.x,
    "cli.report.z": reports.z,
    "cli.report.sales": reports.sales,
    "cli.report.tax": reports.tax,
    "cli.report.stock": reports.stock,
    "cli.report.audit": reports.audit,
    "cli.cash.in": cash.pay_in,
    "cli.cash.out": cash.pay_out,
    "cli.cash.drop": cash.drop,
    "cli.cash.open-drawer": cash.open_drawer,
    "cli.voucher.export": books.export,
    "cli.invoice.issue": invoices.issue,
    "cli.invoice.status": invoices.status,
    "cli.invoice.red": invoices.red,
    "cli.invoice.export": invoices.export_waiting,
    "cli.invoice.amend": invoices.amend,
    "cli.invoice.resend": invoices.resend,
    "cli.invoice.mark": invoices.mark,
    "cli.message.list": messages.list_messages,
    "cli.message.again": messages.send_again,
    "cli.simulator.printer": simulators.printer,
    "cli.simulator.wechat": simulators.wechat,
    "cli.simulator.alipay": simulators.alipay,
    "cli.simulator.tax": simulators.tax,
}
"""Rows of the command table and what does them; those with a right ask who is there themselves."""


_PASSED_ON = {"allow_extra_args": True, "ignore_unknown_options": True, "help_option_names": []}
"""A simulator reads its own arguments, `--help` too: it knows nothing of the rest of `pos`."""


def _asked(command: str, verb: Callable[..., None]) -> Callable[..., None]:
    """A verb that anybody may do passes `require` here, before it starts."""
    if BY_ID[command].right is not None:
        return verb

    @functools.wraps(verb)
    def asked(**values: Any) -> None:
        require(command, None)
        verb(**values)

    return asked


def _build() -> None:
    groups: dict[str, typer.Typer] = {}
    for command, verb in VERBS.items():
        _, *group, name = command.split(".")
        place = app
        for depth, part in enumerate(group, 1):
            path = ".".join(group[:depth])
            if path not in groups:
                groups[path] = typer.Typer(help=HELP[part])
                place.add_typer(groups[path], name=part)
            place = groups[path]
        text = HELP.get(f"{group[-1]} {name}" if group else name) or HELP[name]
        settings = _PASSED_ON if group == ["simulator"] else None
        place.command(name, help=text, context_settings=settings)(_asked(command, verb))


_build()


@functools.cache
def _line() -> Any:
    """Every verb with its options, put together once: that takes a tenth of a second."""
    return typer.main.get_command(app)


def dispatch(arguments: list[str]) -> int:
    """Do what the command line says; the exit code.

    What goes wrong is one line on stderr, never a traceback; wrong usage is 2.
    """
    words = words_of(find(None))
    try:
        code = _line()(arguments or ["--help"], prog_name="pos", standalone_mode=False)
    except TyperException as error:
        complain(words.refusals.wrong_usage.format(why=error.format_message()))
        return error.exit_code
    except (typer.Abort, KeyboardInterrupt, EOFError):
        sys.stderr.write("\n")
        return 1
    except BrokenPipeError:
        # whoever read us has gone; Python would complain once more at exit
        os.dup2(os.open(os.devnull, os.O_WRONLY), sys.stdout.fileno())
        return 1
    except (OSError, sqlite3.Error) as error:
        complain(words.cli.failed.format(why=error))
        return 1
    return code if isinstance(code, int) else 0
