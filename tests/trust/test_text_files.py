"""No text acts in a file or a message: every export, each of its texts hostile, read back."""

from __future__ import annotations

import csv
import email
import email.policy
import io
import json
import re
import zipfile
from collections.abc import Callable, Iterator, Mapping
from datetime import UTC, datetime
from pathlib import Path
from typing import Any, get_args, get_type_hints

import msgspec
import pytest
import typer
from openpyxl import load_workbook

from pos.books.exporting import Format
from pos.books.exporting import export as export_vouchers
from pos.books.voucher import Voucher
from pos.cli import desk
from pos.cli.app import app
from pos.goods import exporting
from pos.goods.importing import rejects
from pos.goods.importing.fields import STAGED
from pos.invoices.building import Order, documents
from pos.invoices.document import Buyer
from pos.invoices.workbook.filling import export as fill_workbook
from pos.invoices.workbook.rows import LIMITS
from pos.messages.hooks import Hooks
from pos.messages.mail import Mailer
from pos.messages.message import Message
from pos.messages.settings import Hook, Mail
from pos.refusal import Refused
from pos.reports import files
from pos.reports.tables import Column, Kind, Table
from pos.screens import crash
from pos.store.bills import DifferenceRow
from pos.system import write_private
from pos.till import differences
from tests.invoices.orders import AT, CODES, sold
from tests.invoices.template import make
from tests.invoices.test_workbook import SETTINGS
from tests.trust.corpus import FORMULA, HOSTILE, filled, obeyed, taken

NUMBER = re.compile(r"[+-]?[0-9]+(\.[0-9]+)?%?")
Write = Callable[[Path, str], Iterator[Path]]


def _reports(folder: Path, text: str) -> Iterator[Path]:
    kinds: tuple[Kind, ...] = get_args(Kind)
    columns = tuple(Column(text, kind) for kind in kinds)
    table = Table(text, columns, ((text,) * len(kinds), tuple(range(-2, len(kinds) - 2))), 0, 1)
    for suffix in ("csv", "xlsx"):
        path = folder / f"report.{suffix}"
        files.write(table, path)
        yield path


def _vouchers(folder: Path, text: str) -> Iterator[Path]:
    known = {"date": "2026-03-02", "code": "1001", "digits": "1001", "number": 7}
    voucher = filled(Voucher, text, known)
    for form in get_args(Format):
        path = folder / f"voucher.{form}"
        path.write_bytes(export_vouchers([voucher], form, text))
        yield path


def _catalog(folder: Path, text: str) -> Iterator[Path]:
    row: Mapping[str, object] = dict.fromkeys(STAGED.values(), text) | {
        key: 1 for key in STAGED.values() if key.rpartition("_")[2] in ("fen", "bp", "milli")
    }
    for suffix in ("csv", "xlsx"):
        path = folder / f"catalog.{suffix}"
        exporting.export([{**row, "codes": ((text, 1, None), (text, 12, 100))}], path, "zh")
        yield path


def _rejects(folder: Path, text: str) -> Iterator[Path]:
    path = folder / "rejects.csv"
    rejects.write_csv(path, (text, text), [(text, text)])
    yield path


def _differences(folder: Path, text: str) -> Iterator[Path]:
    path = folder / "differences.csv"
    differences.write_csv(path, [filled(DifferenceRow, text)])
    yield path


def _workbook(folder: Path, text: str) -> Iterator[Path]:
    source = make(folder / "t.xlsx")
    try:
        lines = (sold(1, text, 1000, 990, 880),)
        buyer = Buyer(text, tax_id="91440300708461136T")
        order = Order("000101010000001", lines)
        found = documents(order, "normal", buyer, CODES, LIMITS, 1, AT)
        report = fill_workbook(found, SETTINGS, source, folder, "发票", lambda done, total: False)
    except Refused:
        return
    yield from (folder / file.name for file in report.files)


EXPORTS: dict[str, Write | None] = {
    "report sales": _reports,
    "report tax": _reports,
    "report stock": _reports,
    "report audit": _reports,
    "voucher export": _vouchers,
    "catalog export": _catalog,
    "catalog import": _rejects,
    "payment reconcile": _differences,
    "invoice export": _workbook,
    # bytes for a printer: test_text_paper; JSON of the ledger, which holds no such text: the doors
    "catalog labels": None,
    "journal export": None,
}
"""Every verb that writes a file somebody opens, and what writes it."""


def _verbs(command: Any, path: str) -> Iterator[str]:
    inner = getattr(command, "commands", None)
    if inner is not None:
        for name in inner:
            yield from _verbs(inner[name], f"{path} {name}".strip())
    elif path.endswith("export") or any(
        opt in ("--out", "--csv", "--rejects") for param in command.params for opt in param.opts
    ):
        yield path


def test_every_verb_that_writes_a_file_is_tried() -> None:
    assert set(_verbs(typer.main.get_command(app), "")) == set(EXPORTS)


WRITERS = sorted({one.__name__: one for one in EXPORTS.values() if one}.items())


@pytest.mark.parametrize(("name", "write"), WRITERS, ids=[name for name, _ in WRITERS])
def test_no_formula_and_no_control_in_an_export(tmp_path: Path, name: str, write: Write) -> None:
    texts = taken([one for one, _ in WRITERS].index(name), len(WRITERS))
    for case, text in texts.items():
        for path in write(tmp_path, text):
            found = list(live(path))
            assert not found, (case, path.name, found[:3])


def live(path: Path) -> Iterator[str]:
    """What would run, or steer somebody's terminal, in a file."""
    data = path.read_bytes()
    match path.suffix:
        case ".xlsx":
            yield from _sheet(path)
        case ".csv":
            for row in csv.reader(io.StringIO(data.decode("utf-8-sig"), newline="")):
                yield from (cell for cell in row if runs(cell) or obeyed(cell, "\t\n"))
        case ".kis":
            yield from obeyed(_dbase(data))
        case _:
            encoding = "gbk" if path.suffix == ".u8" else "utf-8"
            text = data.decode(encoding)
            yield from obeyed(text, "\r\n")
            lines = text.splitlines()
            if path.suffix == ".u8":
                yield from (line for line in lines[1:] if line.count(",") != 47)
            else:
                yield from (line for line in lines if not re.match(r"[0-9 ]|option|$", line))


def runs(cell: str) -> bool:
    """Whether a spreadsheet takes a cell for a formula."""
    return bool(FORMULA.match(cell)) and not NUMBER.fullmatch(cell)


def _sheet(path: Path) -> Iterator[str]:
    book = load_workbook(path)
    for sheet in book:
        for row in sheet.iter_rows():
            for cell in row:
                if cell.data_type == "f" or obeyed(str(cell.value or ""), "\n\t"):
                    yield f"{cell.coordinate} {cell.value!r}"
    book.close()
    with zipfile.ZipFile(path) as archive:
        for part in archive.namelist():
            if b"<f>" in archive.read(part):
                yield part


def _dbase(data: bytes) -> str:
    """The text of a dBASE table's rows."""
    start = int.from_bytes(data[8:10], "little")
    return data[start:].rstrip(b"\x1a").decode("gbk")


def test_without_the_guards_the_same_test_finds_it(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(files, "safe", lambda cell, kind: str(cell))
    with pytest.raises(AssertionError, match=r"report\.csv"):
        test_no_formula_and_no_control_in_an_export(tmp_path, "_reports", _reports)
    monkeypatch.setattr(differences, "guarded", lambda text: text)
    monkeypatch.setattr(differences, "clean", lambda text, limit=200: text)
    with pytest.raises(AssertionError, match=r"differences\.csv"):
        test_no_formula_and_no_control_in_an_export(tmp_path, "_differences", _differences)


def test_a_mail_has_our_headers_and_no_others(tmp_path: Path) -> None:
    own = Mail(host="127.0.0.1", sender="a@example.invalid", security="none")
    mailer = Mailer(own, tmp_path, "repeat")
    now = datetime(2026, 3, 2, tzinfo=UTC)
    wanted = mailer._compose(Message("id", "mail", "b@example.invalid", "x", "s", "t"), False, now)
    for name, text in HOSTILE.items():
        told = Message("id", "mail", "b@example.invalid", text, text, f"{text}\n{text}")
        try:
            data = mailer._compose(told, False, now).as_bytes(policy=email.policy.SMTP)
        except UnicodeError:
            continue  # `send` refuses it in one word
        read = email.message_from_bytes(data, policy=email.policy.SMTP)
        assert read.keys() == wanted.keys(), name
        assert not obeyed(str(read["Subject"])), name
        body = read.get_body()
        assert body is not None
        assert not obeyed(body.get_content(), "\r\n"), name


KINDS = get_args(get_args(get_type_hints(Hook, include_extras=True)["kind"])[0])


@pytest.mark.parametrize("kind", KINDS)
def test_a_hook_says_it_in_json(tmp_path: Path, kind: str) -> None:
    write_private(tmp_path / "url", b"https://example.invalid/x")
    hook = Hooks(msgspec.convert({"kind": kind, "url": "url"}, Hook), tmp_path, "repeat")
    for name, text in HOSTILE.items():
        try:
            body = hook._body(Message("id", "hook", "x", text, text, text), True)
        except UnicodeError:
            continue
        assert not obeyed(body.decode("utf-8")), name
        told = json.loads(body)
        assert told["text"]
        shown = "".join(v for v in _texts(told))
        assert not obeyed(shown, "\n"), name
    hook.close()


def _texts(value: Any) -> Iterator[str]:
    if isinstance(value, str):
        yield value
    elif isinstance(value, dict):
        for one in value.values():
            yield from _texts(one)


def test_what_the_command_line_says(capsys: pytest.CaptureFixture[str]) -> None:
    for name, text in HOSTILE.items():
        desk.tell(text)
        desk.complain(text)
        out, err = capsys.readouterr()
        assert not obeyed(out + err, "\n"), name
        desk.show({"text": text, text: [text]})
        out = capsys.readouterr().out
        assert not obeyed(out, "\n"), name
        if name != "surrogate":
            assert json.loads(out)["text"] == text, name


def test_what_the_log_says(tmp_path: Path) -> None:
    for name, text in HOSTILE.items():
        assert crash.record(tmp_path / "pos.log", ValueError(text), text)
        assert not obeyed((tmp_path / "pos.log").read_text("utf-8"), "\n"), name
        (tmp_path / "pos.log").unlink()
