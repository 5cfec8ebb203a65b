"""Every word on screen and paper, in Chinese and English: one dataclass a room."""

from __future__ import annotations

from typing import Literal

import msgspec

from pos.words import (
    backup,
    billing,
    cli,
    commands,
    counter,
    finding,
    invoices,
    members,
    messages,
    payments,
    printing,
    refusals,
    returns,
    selling,
    shifts,
    slips,
    stock,
    sync,
    wallets,
)

Language = Literal["zh", "en"]


class Words(msgspec.Struct, frozen=True):
    """The catalogue of one language."""

    commands: commands.CommandWords
    counter: counter.CounterWords
    refusals: refusals.RefusalWords
    selling: selling.SellingWords
    cli: cli.CliWords
    finding: finding.FindingWords
    invoices: invoices.InvoiceWords
    slips: slips.SlipWords
    stock: stock.StockWords
    members: members.MemberWords
    messages: messages.MessageWords
    printing: printing.PrintingWords
    payments: payments.PaymentWords
    wallets: wallets.WalletWords
    backup: backup.BackupWords
    shifts: shifts.ShiftWords
    returns: returns.ReturnWords
    billing: billing.BillingWords
    sync: sync.SyncWords


CATALOGUE: dict[Language, Words] = {
    "zh": Words(
        commands=commands.ZH,
        counter=counter.ZH,
        refusals=refusals.ZH,
        selling=selling.ZH,
        cli=cli.ZH,
        finding=finding.ZH,
        invoices=invoices.ZH,
        slips=slips.ZH,
        stock=stock.ZH,
        members=members.ZH,
        messages=messages.ZH,
        printing=printing.ZH,
        payments=payments.ZH,
        wallets=wallets.ZH,
        backup=backup.ZH,
        shifts=shifts.ZH,
        returns=returns.ZH,
        billing=billing.ZH,
        sync=sync.ZH,
    ),
    "en": Words(
        commands=commands.EN,
        counter=counter.EN,
        refusals=refusals.EN,
        selling=selling.EN,
        cli=cli.EN,
        finding=finding.EN,
        invoices=invoices.EN,
        slips=slips.EN,
        stock=stock.EN,
        members=members.EN,
        messages=messages.EN,
        printing=printing.EN,
        payments=payments.EN,
        wallets=wallets.EN,
        backup=backup.EN,
        shifts=shifts.EN,
        returns=returns.EN,
        billing=billing.EN,
        sync=sync.EN,
    ),
}
