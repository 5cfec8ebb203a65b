"""`pos catalog import|export|find|edit`."""

from __future__ import annotations

import sys
import time
from contextlib import closing
from pathlib import Path
from tempfile import TemporaryDirectory
from typing import TYPE_CHECKING, Annotated, Any

import msgspec
import typer

from pos.access.signing import where_of
from pos.cli.desk import ConfigOption, Desk, JsonOption, OperatorOption, complain, desk, show, tell
from pos.config import basis_points
from pos.money import parse_fen, quantity, yuan
from pos.refusal import Refused
from pos.store import finding
from pos.store.reader import Reader
from pos.text import clean, clean_code
from pos.words import goods

if TYPE_CHECKING:
    from pos.goods.importing import Report

MOST_TOLD = 50


def import_file(
    file: Annotated[Path, typer.Argument(help="CSV | XLSX")],
    dry_run: Annotated[bool, typer.Option("--dry-run", help="只检查 check only")] = False,
    rejects: Annotated[
        Path | None, typer.Option("--rejects", help="未导入的行 rows left out, as CSV")
    ] = None,
    sheet: Annotated[str, typer.Option("--sheet")] = "",
    encoding: Annotated[str, typer.Option("--encoding", help="utf-8 | gb18030 …")] = "",
    operator: OperatorOption = "",
    json: JsonOption = False,
    config: ConfigOption = None,
) -> None:
    """Put all good rows of a product file in, in one transaction."""
    with (
        desk(config) as place,
        place.working("cli.catalog.import", operator) as (ledger, _, session),
        TemporaryDirectory(prefix="guitai-import-") as folder,
    ):
        from pos.goods.importing import ImportOptions, stage
        from pos.goods.leftovers import leftovers, write_leftovers
        from pos.store import staging

        check_owner(place)
        start = time.monotonic()
        tax = basis_points(place.config.settings.tax.default_rate)
        staged = Path(folder) / "staging.db"
        options = ImportOptions(default_tax_bp=tax, sheet=sheet, encoding=encoding)
        report = stage(file, staged, options, _Progress(place, quiet=json))
        done = staging.apply(ledger, staged, session.operator_id, tax, dry_run=dry_run)
        whole = leftovers(report, done)
        if rejects is not None:
            write_leftovers(report, done, rejects, place.config.settings.till.language)
        _tell_faults(place, whole)
        result = {
            "read": whole.read,
            "created": done.created,
            "updated": done.updated,
            "unchanged": done.unchanged,
            "repeated": whole.repeated,
            "rejected": whole.rejected,
            "conflicts": whole.conflicts,
            "seconds": round(time.monotonic() - start, 2),
        }
        if json:
            about = {"format": whole.format, "encoding": whole.encoding, "dry_run": dry_run}
            show(result | about | {"mapping": dict(whole.mapping), "warned": whole.warned})
        else:
            _tell_mapping(place, whole)
            tell(place.words.cli.imported.format(**result))
            if dry_run:
                tell(place.words.cli.dry_run)
        if whole.rejected:
            raise typer.Exit(1)


def check_owner(place: Desk) -> None:
    """Refuse to change products that head office keeps."""
    if place.config.settings.catalog.owner != "till":
        raise Refused("catalog_owned")


class _Progress:
    """Rows done on stderr where a person looks on; never stops the import, Ctrl+C does."""

    def __init__(self, place: Desk, *, quiet: bool) -> None:
        self._words = place.words.finding
        self._quiet = quiet or not sys.stderr.isatty()

    def __call__(self, done: int, total: int) -> bool:
        if not self._quiet:
            sys.stderr.write(f"\r{self._words.import_row.format(done=done, total=total)}  ")
            sys.stderr.write("\n" if done == total else "")
            sys.stderr.flush()
        return False


def _tell_faults(place: Desk, report: Report) -> None:
    words = goods.ZH if place.config.settings.till.language == "zh" else goods.EN
    lines = [
        goods.tell(words, one.line, one.column, one.code, one.values) for one in report.rejects
    ]
    lines += [
        goods.tell(words, one.line, one.column, one.code, one.values) for one in report.warnings
    ]
    for line in lines[:MOST_TOLD]:
        complain(line)
    if len(lines) > MOST_TOLD:
        complain(place.words.cli.and_more.format(more=len(lines) - MOST_TOLD))


def _tell_mapping(place: Desk, report: Report) -> None:
    tell(f"{report.format} {report.encoding}")
    for header, field in report.mapping:
        tell(f"  {header} → {field}")


def export_file(
    file: Annotated[Path, typer.Argument(help="CSV | XLSX")],
    operator: OperatorOption = "",
    json: JsonOption = False,
    config: ConfigOption = None,
) -> None:
    """Write all products to a file that imports again to the same."""
    with desk(config) as place:
        with place.looking("cli.catalog.export", operator) as reader:
            from pos.goods.exporting import export

            language = place.config.settings.till.language
            count = export(finding.all_products(reader), file, language)
        if json:
            show({"products": count})
        else:
            tell(place.words.cli.exported.format(count=count, path=file))


def find(
    query: Annotated[str, typer.Argument()] = "",
    operator: OperatorOption = "",
    json: JsonOption = False,
    config: ConfigOption = None,
) -> None:
    """Products by code, pinyin initials or name; without a query, what changed last."""
    with desk(config) as place:
        with place.looking("cli.catalog.find", operator) as reader:
            found = finding.products(reader, query)
        if json:
            show([msgspec.structs.asdict(one) for one in found])
            return
        for one in found:
            off = "" if one.active else place.words.finding.off_sale
            stock = "" if one.stock_milli is None else quantity(one.stock_milli)
            tell(f"{one.sku:14}  {yuan(one.price_fen):>9}  {one.name} {one.spec}  {stock} {off}")
        if not found:
            tell(place.words.cli.nothing)


def edit(
    code: Annotated[str, typer.Argument(help="条码或货号 barcode or item code")],
    price: Annotated[str, typer.Option("--price", help="12.50")] = "",
    name: Annotated[str, typer.Option("--name")] = "",
    off: Annotated[bool | None, typer.Option("--off/--on", help="停用/启用")] = None,
    operator: OperatorOption = "",
    config: ConfigOption = None,
) -> None:
    """Change a product, on record."""
    values: dict[str, Any] = {}
    with desk(config) as place:
        if price:
            fen = parse_fen(price)
            if not fen:
                raise Refused("not_an_amount", text=price[:20])
            values["price_fen"] = fen
        if name:
            values["name"] = clean(name, 80)
        if off is not None:
            values["active"] = int(not off)
        if not values:
            raise Refused("wrong_usage", why="--price | --name | --off | --on")
        with place.working("cli.catalog.edit", operator) as (ledger, reader, session):
            from pos.goods.initials import initials
            from pos.store import products

            check_owner(place)
            product = _product(reader, clean_code(code))
            products.edit(ledger, product.product_id, values, where_of(session))
            if name:
                products.set_initials(ledger, product.product_id, initials(values["name"]))
        with closing(place.reader()) as reader:
            [after] = finding.products_of(reader, [product.product_id])
            tell(f"{after.sku}  {yuan(after.price_fen)}  {after.name}")


def _product(reader: Reader, code: str) -> finding.FoundProduct:
    found = finding.products(reader, code, 1)
    if not found or code not in (found[0].sku, *finding.codes_of(reader, found[0].product_id)):
        raise Refused("unknown_code", code=code[:32])
    return found[0]
