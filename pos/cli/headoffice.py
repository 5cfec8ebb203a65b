"""`pos headoffice …`: the other end, in a folder of its own; whoever may read its secrets runs it.

No operator is asked for: head office's machine has none, the folder's secrets are 0600.
"""

from __future__ import annotations

import os
from collections.abc import Iterator
from contextlib import contextmanager
from datetime import datetime
from pathlib import Path
from tempfile import TemporaryDirectory
from typing import TYPE_CHECKING, Annotated, Any
from urllib.parse import urlsplit

import msgspec
import typer

from pos.cli.desk import JsonOption, refusing, show, tell
from pos.clock import shop_zone, stamp, system_clock
from pos.refusal import Refused
from pos.words import CATALOGUE, Words, pages
from pos.words import headoffice as room

if TYPE_CHECKING:
    from pos.headoffice.house import House

FolderOption = Annotated[Path, typer.Option("--dir", help="head office's folder")]
UrlOption = Annotated[
    str,
    typer.Option(
        "--database-url",
        help="postgresql://… (password: PGPASSFILE, or POS_DATABASE_URL)",
    ),
]
LanguageOption = Annotated[str, typer.Option("--language", help="zh|en")]
ShopOption = Annotated[str, typer.Option("--shop", help="门店号 0001")]
TillOption = Annotated[str, typer.Option("--till", help="机号 01")]
NameArgument = Annotated[str, typer.Argument(help="账号 name")]
HOME = Path("headoffice")
_FIRST = "admin"
_BY_ENVIRONMENT = "POS_DATABASE_URL"


@contextmanager
def _desk(language: str) -> Iterator[room.HeadofficeWords]:
    """Words, and every refusal as one line; also where the extra is not installed."""
    words: Words = CATALOGUE["en" if language == "en" else "zh"]
    with refusing(words):
        try:
            import fastapi  # noqa: F401 - told apart from a fault of ours
            import uvicorn  # noqa: F401
        except ImportError as error:
            raise Refused("headoffice_not_installed", why=error.name) from error
        yield room.EN if language == "en" else room.ZH


@contextmanager
def _house(folder: Path, database_url: str) -> Iterator[House]:
    from pos.headoffice.house import open_house
    from pos.headoffice.migrating import check_version

    house = open_house(folder, system_clock(), _url(database_url))
    try:
        check_version(house.database)
        yield house
    finally:
        house.close()


def _act(folder: Path, database_url: str, act: str, **values: str) -> Any:
    """An act of the command line, done here, or by the process that has the database."""
    from pos.headoffice import beside
    from pos.headoffice.house import keys_of

    try:
        with _house(folder, database_url) as house:
            # on PostgreSQL a running head office locks nobody out, and may listen elsewhere
            house.reached_by(urlsplit(beside.listening(folder)).port)
            return beside.act(house, act, values)
    except Refused as refused:
        if refused.code != "headoffice_in_use":
            raise
    return beside.ask(folder, keys_of(folder), system_clock(), act, values)


def _url(database_url: str) -> str:
    return database_url or os.environ.get(_BY_ENVIRONMENT, "")


def init(
    folder: FolderOption = HOME,
    database_url: UrlOption = "",
    language: LanguageOption = "zh",
) -> None:
    """Make settings, secrets, the tables, and the first account of the pages."""
    with _desk(language) as words:
        from pos.headoffice.house import database_of, make_folder
        from pos.headoffice.migrating import migrate
        from pos.headoffice.pages import accounts

        make_folder(folder, _url(database_url))
        database = database_of(folder, _url(database_url))
        try:
            migrate(database)
        finally:
            database.close()
        tell(words.made.format(folder=folder, database=database.kind))
        with _house(folder, database_url) as house:
            _tell_password(language, _FIRST, accounts.add(house, _FIRST, "owner", "", "init"))


def serve(
    folder: FolderOption = HOME,
    database_url: UrlOption = "",
    host: Annotated[str, typer.Option("--host")] = "",
    port: Annotated[int, typer.Option("--port", help="0: any free one")] = -1,
    workers: Annotated[int, typer.Option("--workers", help="processes; PostgreSQL only")] = 1,
    json_: JsonOption = False,
    language: LanguageOption = "zh",
) -> None:
    """Serve tills and pages until Ctrl+C."""
    with _desk(language) as words:
        from msgspec.structs import replace

        from pos.headoffice.house import settings_of
        from pos.headoffice.service.serving import serve as run

        server = settings_of(folder).server
        server = replace(server, host=host or server.host, port=server.port if port < 0 else port)

        def ready(url: str) -> None:
            if json_:
                show({"url": url})
            else:
                tell(words.serving.format(url=url))

        run(folder, server, _url(database_url), workers, ready)


def migrate(
    folder: FolderOption = HOME,
    database_url: UrlOption = "",
    distribute: Annotated[str, typer.Option("--distribute", help="citus")] = "",
    rebuild: Annotated[
        bool, typer.Option("--rebuild", help="all tables anew from records")
    ] = False,
    json_: JsonOption = False,
    language: LanguageOption = "zh",
) -> None:
    """Bring the tables to this version; spread them; make them anew."""
    with _desk(language) as words:
        from pos.headoffice import migrating, projecting
        from pos.headoffice.house import make_keys, open_house

        if distribute not in ("", "citus"):
            raise Refused("wrong_usage", why="--distribute citus")
        make_keys(folder)
        house = open_house(folder, system_clock(), _url(database_url))
        try:
            version = migrating.migrate(house.database)
            spread = migrating.distribute(house.database) if distribute else []
            records = projecting.rebuild(house) if rebuild else 0
        finally:
            house.close()
        if json_:
            show({"version": version, "distributed": spread, "records": records})
            return
        tell(words.migrated.format(version=version))
        if distribute:
            tell(words.spread.format(tables=" ".join(spread) or "-"))
        if rebuild:
            tell(words.rebuilt.format(records=records))


def account_add(
    name: NameArgument,
    role: Annotated[str, typer.Option("--role", help="reader|manager|owner")] = "manager",
    shop: Annotated[str, typer.Option("--shop", help="只看一家店 one shop only")] = "",
    folder: FolderOption = HOME,
    database_url: UrlOption = "",
    json_: JsonOption = False,
    language: LanguageOption = "zh",
) -> None:
    """An account for the pages, with a one-time password."""
    with _desk(language):
        told = _act(folder, database_url, "account_add", name=name, role=role, shop=shop)
        _tell_password(language, name, told, json_)


def account_reset(
    name: NameArgument,
    folder: FolderOption = HOME,
    database_url: UrlOption = "",
    json_: JsonOption = False,
    language: LanguageOption = "zh",
) -> None:
    """A new one-time password for an account of the pages."""
    with _desk(language):
        told = _act(folder, database_url, "account_reset", name=name)
        _tell_password(language, name, told, json_)


def _tell_password(language: str, name: str, password: str, json_: bool = False) -> None:
    words = pages.EN if language == "en" else pages.ZH
    if json_:
        show({"account": name, "password": password})
    else:
        tell(words.account_made.format(name=name), password)


MOST_OFFERS = 100_000
"""Signs of one file of offers, as the protocol takes it."""


def till_add(
    shop: ShopOption,
    till: TillOption,
    shop_name: Annotated[str, typer.Option("--shop-name")] = "",
    folder: FolderOption = HOME,
    database_url: UrlOption = "",
    json_: JsonOption = False,
    language: LanguageOption = "zh",
) -> None:
    """A one-time code for a till."""
    with _desk(language) as words:
        from pos.headoffice.house import settings_of
        from pos.text import clean

        hours = settings_of(folder).limits.code_hours
        name = clean(shop_name, 40)
        code = _act(folder, database_url, "add", shop=shop, till=till, name=name)
        if json_:
            show({"shop": shop, "till": till, "code": code, "hours": hours})
        else:
            tell(words.code.format(shop=shop, till=till, hours=hours), code)


def till_revoke(
    shop: ShopOption,
    till: TillOption,
    folder: FolderOption = HOME,
    database_url: UrlOption = "",
    json_: JsonOption = False,
    language: LanguageOption = "zh",
) -> None:
    """Stop one till."""
    with _desk(language) as words:
        _act(folder, database_url, "revoke", shop=shop, till=till)
        if json_:
            show({"shop": shop, "till": till, "state": "revoked"})
        else:
            tell(words.revoked.format(shop=shop, till=till))


def till_list(
    folder: FolderOption = HOME,
    database_url: UrlOption = "",
    json_: JsonOption = False,
    language: LanguageOption = "zh",
) -> None:
    """Tills, when they were last heard of and what they have not sent."""
    with _desk(language) as words:
        found = _act(folder, database_url, "list")
        if json_:
            keys = ("shop_id", "till_id", "shop_name", "state", "epoch", "enrolled_at", "seen_at")
            more = ("seen_state", "version", "pending", "rejected", "oldest", "skew_seconds")
            show([{key: row[key] for key in (*keys, *more)} for row in found])
            return
        for row in found:
            state = words.states[row["state"]]
            seen = row["seen_at"] or words.never
            tell(
                f"{row['shop_id']} {row['till_id']}  {row['shop_name']}  {state}  {seen}"
                f"  {row['pending']}"
            )


def import_goods(
    file: Annotated[Path, typer.Argument(help="CSV | XLSX")],
    effective: Annotated[
        str, typer.Option("--effective", help="价格生效 2026-12-01[T08:00], shop time")
    ] = "",
    shop: Annotated[str, typer.Option("--shop", help="只给一家店的价格")] = "",
    tax: Annotated[str, typer.Option("--tax", help="13%: of new products without a rate")] = "13%",
    folder: FolderOption = HOME,
    database_url: UrlOption = "",
    json_: JsonOption = False,
    language: LanguageOption = "zh",
) -> None:
    """Products and prices for all tills, or prices of one shop; all good rows or none."""
    with _desk(language) as words, TemporaryDirectory(prefix="guitai-import-") as room:
        from pos.config import basis_points
        from pos.goods.importing import ImportOptions, stage

        values = {
            "staged": str(Path(room) / "staging.db"),
            "effective_at": _moment(effective),
            "shop": shop,
            "tax_bp": str(basis_points(tax)),
        }
        report = stage(file, Path(values["staged"]), ImportOptions(int(values["tax_bp"])))
        done = _act(folder, database_url, "import", **values)
        if json_:
            show(done | {"read": report.read, "rejected": report.rejected})
        else:
            tell(words.goods.format(**done))
        if report.rejected:
            raise typer.Exit(1)


def put_offers(
    file: Annotated[Path, typer.Argument(help="TOML | CSV")],
    coupons: Annotated[
        Path | None, typer.Option("--coupons", help="券码 CSV: code,offer,uses")
    ] = None,
    shop: Annotated[str, typer.Option("--shop", help="只给一家店")] = "",
    folder: FolderOption = HOME,
    database_url: UrlOption = "",
    json_: JsonOption = False,
    language: LanguageOption = "zh",
) -> None:
    """Offers for all tills or one shop, and coupon codes; the file's earlier offers go."""
    with _desk(language) as words, TemporaryDirectory(prefix="guitai-offers-") as room:
        from pos.headoffice.beside import OffersFile
        from pos.protocol.master import Coupon, Promotion
        from pos.till import offerfiles

        offers, codes = offerfiles.read_files(file, coupons, "en" if language == "en" else "zh")
        text = offerfiles.text_of(file)
        if len(text) > MOST_OFFERS:
            raise Refused("offers_too_large", most=MOST_OFFERS)
        given = OffersFile(
            (Promotion(file.stem[:64], text),),
            tuple(Coupon(one.code, one.offer_id, one.uses_left) for one in codes),
        )
        staged = Path(room) / "offers.json"
        staged.write_bytes(msgspec.json.encode(given))
        changed = _act(folder, database_url, "offers", staged=str(staged), shop=shop)
        told = {"offers": len(offers), "coupons": len(codes), "changed": changed}
        if json_:
            show(told)
        else:
            tell(words.offers_put.format(**told))


def setting(
    key: Annotated[str, typer.Argument(help="cash.rounding …, as in config.toml")],
    value: Annotated[str, typer.Argument(help='TOML: "down_jiao", 7, true')] = "",
    shop: Annotated[str, typer.Option("--shop", help="只给一家店 one shop only")] = "",
    clear: Annotated[bool, typer.Option("--clear", help="不再由总部设置")] = False,
    folder: FolderOption = HOME,
    database_url: UrlOption = "",
    json_: JsonOption = False,
    language: LanguageOption = "zh",
) -> None:
    """A setting for tills whose config.toml leaves them to head office; a shop's goes first."""
    with _desk(language) as words:
        if clear == bool(value):
            raise typer.BadParameter("VALUE | --clear")
        changed = _act(folder, database_url, "setting", key=key, value=value, shop=shop)
        if json_:
            show({"key": key, "value": value or None, "shop": shop, "changed": changed})
        else:
            tell(words.setting.format(key=key, value=value or "-", shop=shop or "*"))


def _moment(text: str) -> str:
    """A moment of the shop's clock as a stamp; empty for now and always."""
    if not text:
        return ""
    try:
        moment = datetime.fromisoformat(text)
    except ValueError:
        raise Refused("effective_form", text=text) from None
    return stamp(moment if moment.tzinfo else moment.replace(tzinfo=shop_zone()))
