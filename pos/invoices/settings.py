"""Settings of `[invoices]`. Secrets are files, never values; paths are relative to config.toml."""

from __future__ import annotations

from datetime import date
from typing import Annotated, Literal

import msgspec

from pos.money import parse_fen

Rate = Annotated[str, msgspec.Meta(pattern=r"^[0-9]{1,2}(\.[0-9])?%$")]
Yuan = Annotated[str, msgspec.Meta(pattern=r"^[0-9]{1,8}(\.[0-9]{1,2})?$")]
Code = Annotated[str, msgspec.Meta(pattern=r"^([1-9][0-9]{0,18})?$")]
Seconds = Annotated[float, msgspec.Meta(ge=0.1, le=120)]


def _about(text: str) -> msgspec.Meta:
    return msgspec.Meta(description=text)


def _short(most: int, text: str) -> msgspec.Meta:
    return msgspec.Meta(max_length=most, description=text)


class _Section(msgspec.Struct, frozen=True, forbid_unknown_fields=True):
    pass


class Seller(_Section, frozen=True):
    """The shop as the tax bureau knows it."""

    tax_id: Annotated[
        str, msgspec.Meta(pattern=r"^([0-9A-Z]{15,20})?$"), _about("纳税人识别号")
    ] = ""
    name: Annotated[str, _short(100, "名称")] = ""
    address: Annotated[str, _short(80, "地址; empty: as the provider has it")] = ""
    phone: Annotated[str, _short(20, "电话")] = ""
    bank: Annotated[str, _short(60, "开户行")] = ""
    account: Annotated[str, _short(40, "银行账号")] = ""


class Nuonuo(_Section, frozen=True):
    """诺税通, an application of its own (自用型应用)."""

    app_key: Annotated[str, msgspec.Meta(pattern=r"^[0-9A-Za-z]{0,64}$"), _about("appKey")] = ""
    app_secret: Annotated[str, _about("file with the appSecret, mode 0600")] = ""
    token: Annotated[
        str, _about("file the access token is kept in: it may be asked for 50 times in 30 days")
    ] = "data/nuonuo.token"  # noqa: S105 - a path
    base_url: Annotated[str, _about("the services; http only to this machine")] = (
        "https://sdk.nuonuo.com"
    )
    token_url: Annotated[str, _about("where tokens come from")] = "https://open.nuonuo.com"  # noqa: S105 - an address
    extension: Annotated[
        str, msgspec.Meta(pattern=r"^[0-9]{0,5}$"), _about("分机号; empty: the provider's")
    ] = ""
    ca_file: Annotated[str, _about("PEM of a private authority; empty: the system's")] = ""
    connect_seconds: Annotated[Seconds, _about("until a connection is given up")] = 5.0
    read_seconds: Annotated[Seconds, _about("until an answer is given up")] = 20.0


class Rates(_Section, frozen=True):
    """Rates that may stand on an invoice from a day on."""

    since: Annotated[str, msgspec.Meta(pattern=r"^[0-9]{4}-[0-9]{2}-[0-9]{2}$"), _about("day")]
    general: Annotated[tuple[Rate, ...], _about("一般纳税人")]
    small: Annotated[tuple[Rate, ...], _about("小规模纳税人")]


class InvoiceSettings(_Section, frozen=True):
    """E-invoices (数电票). Off until a provider is named."""

    owner: Annotated[
        Literal["till", "headoffice"],
        _about("who issues: this till, or head office, which then serves the page on the phone"),
    ] = "till"
    provider: Annotated[
        Literal["none", "workbook", "nuonuo"],
        _about("none; the tax bureau's import workbook; 诺税通"),
    ] = "none"
    seller: Seller = Seller()
    clerk: Annotated[str, _short(16, "开票人, as signed in at the bureau")] = ""
    payee: Annotated[str, _short(16, "收款人")] = ""
    checker: Annotated[str, _short(16, "复核人")] = ""
    taxpayer: Annotated[
        Literal["general", "small"], _about("一般纳税人 or 小规模纳税人 (3% levied at 1%)")
    ] = "general"
    waiver: Annotated[
        Literal["", "earlier", "choice"],
        _about("小规模 who bills 3%: why 1% is given up: an earlier 3% invoice, or by choice"),
    ] = ""
    codes: Annotated[str, _about("CSV of tax codes and their short names (税收分类编码表)")] = (
        "tax-codes.csv"
    )
    default_code: Annotated[Code, _about("tax code of goods that name none")] = ""
    categories: Annotated[dict[str, Code], _about("tax code of a category's goods")] = {}
    zero: Annotated[
        dict[str, Literal["exempt", "untaxed"]],
        _about("why a category is at 0%: 免税 or 不征税; else an ordinary zero rate"),
    ] = {}
    most: Annotated[Yuan, _about("an invoice over this is split; 0: never")] = "0"
    valid_days: Annotated[
        int, msgspec.Meta(ge=1, le=365), _about("days in which an order can be invoiced")
    ] = 60
    link: Annotated[
        str,
        msgspec.Meta(pattern=r"^(https?://[^\s?#]{3,120})?$"),
        _about("head office's address in the QR code on receipts; empty: no code"),
    ] = ""
    link_key: Annotated[
        str, _about("file with the key that signs it, mode 0600, the same at head office")
    ] = "data/link.key"
    template: Annotated[str, _about("批量开票-导入开票模板.xlsx, as the bureau gives it")] = (
        "批量开票-导入开票模板.xlsx"
    )
    nuonuo: Nuonuo = Nuonuo()
    rates: Annotated[tuple[Rates, ...], _about("rates by day, `[[invoices.rates]]` each")] = (
        Rates("2026-01-01", ("13%", "9%", "6%", "3%", "0%"), ("3%", "1%", "0%")),
    )


def rates_on(settings: InvoiceSettings, day: date) -> frozenset[int]:
    """Basis points that may stand on an invoice of `day`; empty before the first entry."""
    past = [r for r in settings.rates if r.since <= day.isoformat()]
    if not past:
        return frozenset()
    latest = max(past, key=lambda r: r.since)
    texts = latest.general if settings.taxpayer == "general" else latest.small
    return frozenset(parse_fen(text.removesuffix("%")) or 0 for text in texts)
