"""`pos headoffice …`: the other end, in a folder of its own; whoever may read its secrets runs it.

No operator is asked for: head office's machine has none, the folder's secrets are 0600.
"""

from __future__ import annotations

import os
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import TYPE_CHECKING, Annotated

import typer

from pos.cli.desk import JsonOption, refusing, show, tell
from pos.clock import system_clock
from pos.refusal import Refused
from pos.words import CATALOGUE, Words
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
HOME = Path("headoffice")
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


def _url(database_url: str) -> str:
    return database_url or os.environ.get(_BY_ENVIRONMENT, "")


def init(
    folder: FolderOption = HOME,
    database_url: UrlOption = "",
    language: LanguageOption = "zh",
) -> None:
    """Make settings, secrets and the tables."""
    with _desk(language) as words:
        from pos.headoffice.house import database_of, make_folder
        from pos.headoffice.migrating import migrate

        make_folder(folder, _url(database_url))
        database = database_of(folder, _url(database_url))
        try:
            migrate(database)
        finally:
            database.close()
        tell(words.made.format(folder=folder, database=database.kind))


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
        from pos.headoffice.house import open_house

        if distribute not in ("", "citus"):
            raise Refused("wrong_usage", why="--distribute citus")
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
    with _desk(language) as words, _house(folder, database_url) as house:
        from pos.headoffice import tills
        from pos.protocol.enrolment import with_address
        from pos.text import clean

        code = with_address(
            house.settings.server.url, tills.add(house, shop, till, clean(shop_name, 40))
        )
        hours = house.settings.limits.code_hours
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
    with _desk(language) as words, _house(folder, database_url) as house:
        from pos.headoffice import tills

        tills.revoke(house, shop, till)
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
    with _desk(language) as words, _house(folder, database_url) as house:
        from pos.headoffice import tills

        found = tills.listed(house)
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
