"""Staging in a process of its own."""

from __future__ import annotations

import os
import signal
import subprocess
import sys
from collections.abc import Callable
from pathlib import Path

import pytest

from pos import child
from pos.child import Failed, Step, environment
from pos.goods.importing import ImportOptions, in_child, stage
from pos.goods.importing.__main__ import main
from pos.goods.importing.child import CHILD, Done, arguments
from pos.refusal import Refused
from tests.goods.importing.files import Shop, table

SOME = [[f"{n:05d}", f"茶{n}", "5"] for n in range(1200)]
MANY = [[f"{n:06d}", f"茶{n}", "5"] for n in range(150_000)]


def _goods(shop: Shop, rows: list[list[str]], header: str = "货号,名称,售价") -> Path:
    path = shop.folder / "-goods.csv"
    path.write_text(table(header, rows), "gb18030")
    return path


def test_the_same_report_as_in_our_own_process(shop: Shop) -> None:
    path = _goods(shop, [*SOME, ["x", "", "y"]], "货号,名字,售价")
    options = ImportOptions(
        default_tax_bp=900, encoding="gbk", delimiter=",", columns={"名字": "name"}
    )
    told: list[tuple[int, int]] = []

    def progress(done: int, total: int) -> bool:
        told.append((done, total))
        return False

    theirs = in_child(path, shop.staging, options, progress)
    assert told[-1] == (1202, 1202)
    kept = shop.staging.read_bytes()
    shop.staging.unlink()
    assert theirs == stage(path, shop.staging, options)
    assert kept == shop.staging.read_bytes()


def test_a_refusal_comes_over(shop: Shop) -> None:
    path = shop.folder / "goods.pdf"
    path.write_bytes(b"%PDF-1.4 x")
    with pytest.raises(Refused) as refused:
        in_child(path, shop.staging, ImportOptions(), lambda done, total: False)
    assert (refused.value.code, refused.value.values) == (
        "file_not_table",
        {"path": "goods.pdf", "kind": "PDF"},
    )


def test_stopped_by_the_person(shop: Shop) -> None:
    path = _goods(shop, MANY)
    with pytest.raises(Refused, match="import_stopped"):
        in_child(path, shop.staging, ImportOptions(), lambda done, total: done > 500)
    assert os.listdir(shop.folder) == ["-goods.csv"]


def test_what_was_there_stays(shop: Shop) -> None:
    shop.staging.write_bytes(b"the ledger")
    with pytest.raises(Refused, match="already_there"):
        in_child(_goods(shop, SOME), shop.staging, ImportOptions(), lambda done, total: False)
    assert shop.staging.read_bytes() == b"the ledger"


def _start(source: Path, staging: Path) -> subprocess.Popen[bytes]:
    return subprocess.Popen(
        [sys.executable, "-m", "pos.goods.importing", *arguments(source, staging, ImportOptions())],
        stdout=subprocess.PIPE,
        env=environment(),
    )


def _until_rows(process: subprocess.Popen[bytes]) -> None:
    assert process.stdout is not None
    for line in process.stdout:
        if b'"done":0' not in line:
            return


@pytest.mark.parametrize("signum", [signal.SIGTERM, signal.SIGINT])
def test_a_signal_ends_it_cleanly(shop: Shop, signum: int) -> None:
    with _start(_goods(shop, MANY), shop.staging) as process:
        _until_rows(process)
        assert shop.staging.exists()
        process.send_signal(signum)
        assert process.stdout is not None
        last = process.stdout.read().splitlines()[-1]
    assert process.returncode == 1
    assert CHILD.decoder.decode(last) == Failed("import_stopped", {})
    assert os.listdir(shop.folder) == ["-goods.csv"]


def test_a_parent_that_goes_away_ends_it(shop: Shop) -> None:
    with _start(_goods(shop, MANY), shop.staging) as process:
        _until_rows(process)
        assert process.stdout is not None
        process.stdout.close()
        assert process.wait(30) == 1
    assert os.listdir(shop.folder) == ["-goods.csv"]


@pytest.mark.parametrize(
    ("code", "why"),
    [
        ("raise SystemExit(3)", "exit 3"),
        ("raise ValueError('no luck')", "ValueError: no luck"),
        ("print('no json')", "exit 0"),
        ('print(\'{"kind":"step","done":1,"total":2}\')', "exit 0"),
        ("import os; os.kill(os.getpid(), 9)", "exit -9"),
    ],
)
def test_a_child_without_an_answer(
    shop: Shop, code: str, why: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    folder = shop.folder / "pos" / "goods" / "importing"
    folder.mkdir(parents=True)
    for package in (folder, folder.parent, folder.parent.parent):
        (package / "__init__.py").touch()
    (folder / "__main__.py").write_text(
        f"import sys; open(sys.argv[-1], 'w').close(); {code}\n", "utf-8"
    )
    elsewhere = os.environ | {"PYTHONPATH": str(shop.folder)}
    monkeypatch.setattr(child, "environment", lambda: elsewhere)
    with pytest.raises(Refused, match="child_failed") as refused:
        in_child(shop.folder / "x", shop.staging, ImportOptions(), lambda done, total: False)
    assert refused.value.values["why"] == why
    assert not shop.staging.exists()


def test_a_child_that_will_not_end(shop: Shop, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(child, "_END_SECONDS", 0.2)
    code = (
        "import signal, time; signal.signal(15, signal.SIG_IGN); print(flush=True); time.sleep(60)"
    )
    with subprocess.Popen([sys.executable, "-c", code], stdout=subprocess.PIPE) as process:
        assert process.stdout is not None
        process.stdout.readline()
        process.terminate()
        child._end(process)
        assert process.returncode == -9


@pytest.fixture
def said(
    monkeypatch: pytest.MonkeyPatch, capfdbinary: pytest.CaptureFixture[bytes]
) -> Callable[[], Step | Done | Failed]:
    """What `main` said last; the signals are as before afterwards."""
    monkeypatch.setattr(signal, "signal", lambda signum, handler: None)

    def last() -> Step | Done | Failed:
        line = capfdbinary.readouterr().out.splitlines()[-1]
        found: Step | Done | Failed = CHILD.decoder.decode(line)
        return found

    return last


def test_the_command_itself(shop: Shop, said: Callable[[], Step | Done | Failed]) -> None:
    path = _goods(shop, SOME[:3])
    assert main(arguments(path, shop.staging, ImportOptions())) == 0
    told = said()
    assert isinstance(told, Done)
    assert told.report.good == 3
    assert main(arguments(path, shop.staging, ImportOptions(columns={"x": "sku"}))) == 1
    told = said()
    assert isinstance(told, Failed)
    assert told.code == "column_unknown"
    with pytest.raises(SystemExit) as ended:
        main(["--tax=much", "a", "b"])
    assert ended.value.code == 2
