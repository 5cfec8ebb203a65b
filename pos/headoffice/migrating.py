"""`pos headoffice migrate`: the steps, and spreading the tables over a distributed PostgreSQL."""

from __future__ import annotations

import re
from importlib import resources
from typing import Any

import msgspec

from pos.headoffice.database import TYPES, Database, Work, one
from pos.refusal import Refused

_HOME = "tills"
"""The table all others of a shop lie beside."""


class Table(msgspec.Struct, frozen=True):
    """A table of the steps; a shared one is the same on every machine."""

    name: str
    shared: bool


def step_sql(revision: str) -> str:
    """The SQL of a step, with its gaps."""
    return (resources.files("pos.headoffice") / "steps" / f"{revision}.sql").read_text("utf-8")


def tables() -> list[Table]:
    """All tables of all steps that no later step took away, in their order."""
    folder = resources.files("pos.headoffice") / "steps"
    names = sorted(file.name for file in folder.iterdir() if file.name.endswith(".sql"))
    found: list[Table] = []
    for name in names:
        text = (folder / name).read_text("utf-8")
        gone = set(re.findall(r"DROP TABLE (\w+)", text))
        found = [table for table in found if table.name not in gone]
        made = re.finditer(r"(-- shared\n(?:-- .*\n)*)?CREATE TABLE (\w+)", text)
        found += [Table(match[2], match[1] is not None) for match in made]
    return found


def run_step(revision: str) -> None:
    """Run the SQL of a step over Alembic's connection."""
    from alembic import op

    types = TYPES[op.get_bind().dialect.name]
    text = re.sub(r"--.*", "", step_sql(revision))
    for statement in text.split(";"):
        filled = re.sub(r"\{(\w+)\}", lambda match: types[match[1]], statement).strip()
        if filled:
            op.execute(filled)


def migrate(database: Database, step: str = "head") -> str:
    """Bring the tables to a step, all or nothing; the newest step there is."""
    from alembic import command
    from alembic.script import ScriptDirectory
    from sqlalchemy import create_engine, event, pool

    config = _config()
    engine = create_engine(database.alembic_url(), poolclass=pool.NullPool)
    if database.kind == "sqlite":  # its driver would begin no transaction before CREATE TABLE

        @event.listens_for(engine, "connect")
        def _quiet(raw: Any, _record: Any) -> None:
            raw.isolation_level = None

        @event.listens_for(engine, "begin")
        def _begin(connection: Any) -> None:
            connection.exec_driver_sql("BEGIN IMMEDIATE")

    try:
        with engine.begin() as connection:
            config.attributes["connection"] = connection
            command.upgrade(config, step)
    finally:
        engine.dispose()
    return ScriptDirectory.from_config(config).get_current_head() or ""


def check_version(database: Database) -> None:
    """Refused where the tables are not those of this program."""
    from alembic.script import ScriptDirectory

    wanted = ScriptDirectory.from_config(_config()).get_current_head()
    found = database.read(_version)
    if found != wanted:
        raise Refused("headoffice_not_migrated", found=found or "-", wanted=wanted)


def _version(work: Work) -> str:
    row = one(work.rows("SELECT version_num FROM alembic_version"))
    return "" if row is None else str(row["version_num"])


def _config() -> Any:
    from alembic.config import Config

    config = Config()
    config.set_main_option("script_location", "pos.headoffice:migrations")
    config.set_main_option("path_separator", "os")
    return config


def distribute(database: Database) -> list[str]:
    """Spread every table of a shop by `shop_id`, side by side; copy the shared ones everywhere.

    Citus's own functions do it. Refused: no_citus. Tables that are spread already are passed over.
    Returns the names of those that were not.
    """
    if database.kind != "postgresql" or not database.read(_has_citus):
        raise Refused("no_citus")
    if bad := database.read(keys_without_shop):
        raise Refused("headoffice_database", why=", ".join(bad))
    done = database.read(_spread)
    ordered = sorted(tables(), key=lambda table: (not table.shared, table.name != _HOME))
    fresh = [table for table in ordered if table.name not in done]
    for table in fresh:
        database.run(lambda work, table=table: _spread_out(work, table))  # type: ignore[misc]
    return [table.name for table in fresh]


def _spread_out(work: Work, table: Table) -> None:
    if table.shared:
        work.rows("SELECT create_reference_table(:name)", name=table.name)
    elif table.name == _HOME:
        work.rows("SELECT create_distributed_table(:name, 'shop_id')", name=table.name)
    else:
        work.rows(
            "SELECT create_distributed_table(:name, 'shop_id', colocate_with => :home)",
            name=table.name,
            home=_HOME,
        )


def keys_without_shop(work: Work) -> list[str]:
    """Primary and unique keys, of tables that belong to shops, which do not begin with shop_id."""
    found = work.rows(
        """SELECT t.relname AS name, i.relname AS key, a.attname AS first
        FROM pg_index x JOIN pg_class t ON t.oid = x.indrelid
        JOIN pg_class i ON i.oid = x.indexrelid
        JOIN pg_namespace n ON n.oid = t.relnamespace
        JOIN pg_attribute a ON a.attrelid = t.oid AND a.attnum = x.indkey[0]
        WHERE x.indisunique AND n.nspname = current_schema() ORDER BY 1, 2"""
    )
    of_shops = {table.name for table in tables() if not table.shared}
    return [r["key"] for r in found if r["name"] in of_shops and r["first"] != "shop_id"]


def _has_citus(work: Work) -> bool:
    row = one(work.rows("SELECT to_regproc('create_distributed_table') IS NOT NULL AS there"))
    return row is not None and bool(row["there"])


def _spread(work: Work) -> set[str]:
    if not work.rows("SELECT 1 AS x WHERE to_regclass('pg_dist_partition') IS NOT NULL"):
        return set()
    return {
        str(row["name"])
        for row in work.rows("SELECT logicalrelid::regclass::text AS name FROM pg_dist_partition")
    }
