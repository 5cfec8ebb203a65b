"""`pos init` and `pos demo`: a whole till or nothing, and never over what is there."""

from __future__ import annotations

import stat
import tomllib
from pathlib import Path

import pytest

from pos import cli
from pos.cli import demo
from pos.cli.companions import Companions
from pos.config import default_text, load
from pos.invoices import classification
from pos.refusal import Refused
from pos.store.reader import Reader
from pos.system import read_private

PIN = "573914"
INIT = ["init", "--operator", "9001", "--name", "王店长", "--shop", "0420", "--till", "07"]


@pytest.fixture
def folder(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    monkeypatch.setenv("POS_CONFIG", str(tmp_path / "shop" / "config.toml"))
    monkeypatch.setenv("POS_PIN", PIN)
    return tmp_path / "shop"


def test_a_till_of_ones_own(folder: Path, capsys: pytest.CaptureFixture[str]) -> None:
    words = ["--shop-name", '福"来\\便利店', "--tax", "9%", "--rounding", "down_jiao"]
    assert cli.start([*INIT, *words]) == 0
    assert PIN not in capsys.readouterr().out
    config = load(folder / "config.toml")
    settings = config.settings
    assert (settings.shop.id, settings.till.id) == ("0420", "07")
    assert settings.shop.name == '福"来\\便利店'
    assert (settings.tax.default_rate, settings.cash.rounding) == ("9%", "down_jiao")
    for secret in (config.signing_key, config.pepper, config.person_key):
        assert stat.S_IMODE(secret.stat().st_mode) == 0o600
        assert read_private(secret)
    reader = Reader(config.ledger)
    assert [(o.operator_id, o.name, o.role) for o in reader.operators()] == [
        ("9001", "王店长", "manager")
    ]
    reader.close()
    assert cli.start(["operator", "list", "--operator", "9001"]) == 0
    assert cli.start(["journal", "verify"]) == 0


def test_the_comments_stay(folder: Path) -> None:
    cli.start(INIT)
    written = (folder / "config.toml").read_text("utf-8").splitlines()
    shipped = default_text().splitlines()
    assert [line.partition("#")[2] for line in written] == [
        line.partition("#")[2] for line in shipped
    ]
    tomllib.loads("\n".join(written))


@pytest.mark.parametrize(
    "there",
    ["config.toml", "data/ledger.db", "data/till.key", "data/pepper", "data/ledger.db-wal"],
)
def test_never_over_what_is_there(
    folder: Path, there: str, capsys: pytest.CaptureFixture[str]
) -> None:
    file = folder / there
    file.parent.mkdir(parents=True)
    file.write_bytes(b"mine")
    before = _everything(folder)
    assert cli.start(INIT) == 1
    assert there.rpartition("/")[2] in capsys.readouterr().err
    assert _everything(folder) == before


@pytest.mark.parametrize(
    ("words", "code"),
    [
        (["--tax", "abc"], 1),
        (["--shop", "12"], 1),
        (["--shop", "０００１"], 1),
        (["--rounding", "up"], 1),
        (["--operator", "boss"], 1),
        (["--operator", ""], 2),
    ],
)
def test_bad_answers_leave_nothing(
    folder: Path, words: list[str], code: int, capsys: pytest.CaptureFixture[str]
) -> None:
    assert cli.start([*INIT, *words]) == code
    assert len(capsys.readouterr().err.splitlines()) == 1
    assert not folder.exists()


@pytest.mark.parametrize("pin", ["", "123456", "111111", "12345", "abcdef"])
def test_the_first_manager_has_a_pin_of_his_own(
    folder: Path, monkeypatch: pytest.MonkeyPatch, pin: str
) -> None:
    monkeypatch.setenv("POS_PIN", pin)
    assert cli.start(INIT) == 1
    assert not folder.exists()


@pytest.mark.parametrize("error", [OSError(28, "No space left"), Refused("disk_full", path="x")])
def test_a_failure_on_the_way_leaves_nothing(
    folder: Path, monkeypatch: pytest.MonkeyPatch, error: Exception
) -> None:
    def full(*_: object) -> None:
        raise error

    monkeypatch.setattr("pos.store.operators.add", full)
    assert cli.start(INIT) == 1
    assert not folder.exists()


def test_a_demo_shop(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    words = ["demo", "--dir", str(tmp_path / "d"), "--no-run"]
    assert cli.start(words) == 0
    first = capsys.readouterr().out
    assert cli.start(words) == 0
    assert capsys.readouterr().out == first
    config = load(tmp_path / "d" / "config.toml")
    assert config.settings.shop.name == demo.DEMO_NAME
    reader = Reader(config.ledger)
    assert reader.products() > 290
    assert {o.role for o in reader.operators()} == {"cashier", "supervisor", "manager"}
    reader.close()
    assert (tmp_path / "d" / demo.PINS_FILE).stat().st_mode & 0o077 == 0


def test_the_demos_pins_open_it(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    cli.start(["demo", "--dir", str(tmp_path / "d"), "--no-run"])
    monkeypatch.setenv("POS_CONFIG", str(tmp_path / "d" / "config.toml"))
    for line in (tmp_path / "d" / demo.PINS_FILE).read_text("utf-8").splitlines():
        who, _, pin = line.split()
        monkeypatch.setenv("POS_PIN", pin)
        assert cli.start(["order", "list", "--operator", who]) == 0


def test_a_demo_takes_no_folder_of_others(
    tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    (tmp_path / "letter.txt").write_text("mine")
    assert cli.start(["demo", "--dir", str(tmp_path), "--no-run"]) == 1
    assert str(tmp_path) in capsys.readouterr().err
    assert [path.name for path in tmp_path.iterdir()] == ["letter.txt"]


def test_a_demo_that_fails_leaves_nothing(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    def full(*_: object) -> None:
        raise Refused("disk_full", path="x")

    monkeypatch.setattr("pos.store.staging.apply", full)
    assert cli.start(["demo", "--dir", str(tmp_path / "d"), "--no-run"]) == 1
    assert list(tmp_path.iterdir()) == []


def _everything(folder: Path) -> dict[str, bytes]:
    return {str(p): p.read_bytes() for p in sorted(folder.rglob("*")) if p.is_file()}


def test_the_demo_s_companions_are_written_into_its_config(tmp_path: Path) -> None:
    assert cli.start(["demo", "--dir", str(tmp_path / "d"), "--no-run"]) == 0
    file = tmp_path / "d" / "config.toml"
    before = file.read_text("utf-8").splitlines()
    with Companions(file) as companions:
        settings = load(file).settings
        assert settings.printers["receipt"].port != 9100
        assert settings.payments.wechat.enabled
        assert settings.payments.alipay.enabled
        assert settings.payments.wechat.base_url.startswith("http://127.0.0.1:")
        assert companions.printed.is_dir()
        own = settings.invoices
        assert own.provider == "nuonuo"
        assert own.nuonuo.base_url.startswith("http://127.0.0.1:")
        codes = classification.load(file.parent / own.codes)
        for code in (own.default_code, *own.categories.values()):
            codes.leaf(code, "goods")
    after = file.read_text("utf-8").splitlines()
    assert [line.partition(" #")[2] for line in after] == [x.partition(" #")[2] for x in before]
