"""Every verb of `pos` that docs/offline.md calls offline, run with the network cut."""

from __future__ import annotations

import json
import os
import signal
import sqlite3
import subprocess
import threading
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from pathlib import Path

import pytest

from bench.terminal import Terminal
from pos.cli import cash, checks, desk, reports, shifts
from tests.cli.conftest import Answer, Pos
from tests.cli.test_devices import saying
from tests.invoices.template import make
from tests.offers import TEA, offer, offers_shop
from tests.pty.conftest import sign_in
from tests.shop import MILK, WATER, Shop, make_shop
from tests.till.invoicing import TABLE
from tests.till.test_devices import Line as Serial
from tests.till.test_devices import set_keys
from tests.till.wallets import World, world
from tests.trust import SIZE, offline, test_offline_duties, test_offline_till
from tests.trust.cut import alone, cut
from tests.trust.offline import Alone, Verbs, cli, held, runs

Does = Callable[..., Answer]
LOADED = (test_offline_duties, test_offline_till)
"""They say what they run when they are loaded."""
PAPER = {
    "enabled = false            # F2 signs": "enabled = true  # F2 signs",
    **offline.PAPER,
    **offline.INVOICES,
    **test_offline_duties.TEMPLATE,
}
TITLE = ("--title", "某公司", "--tax-id", "91440300708461136T")


@pytest.fixture
def shop(tmp_path: Path) -> Shop:
    return make_shop(tmp_path, PAPER)


@pytest.fixture
def pos(shop: Shop, capsys: pytest.CaptureFixture[str], monkeypatch: pytest.MonkeyPatch) -> Pos:
    monkeypatch.setenv("POS_CONFIG", str(shop.config_file))
    monkeypatch.setenv("POS_NEW_PIN", "864209")
    for module in (desk, checks, shifts, cash, reports):
        monkeypatch.setattr(module, "system_clock", shop.hands.clock)
    return Pos(shop, capsys, monkeypatch)


COUNTER = cli(
    "sell doctor keys; config: check schema rekey; order: list show reprint deliver return voucher;"
    "receipt: show render; catalog: import export find edit labels;"
    "operator: add pin disable list; member: add find show edit erase;"
    "stock: receive count move moves low; printer: discover doctor test jobs retry cancel;"
    "payment: pending; sync: status rejected; invoice: status export mark"
)


# each of some fifty calls opens the ledger: in `make test` their own tests call them, uncut
whole = pytest.mark.skipif(SIZE.name == "test", reason="POS_TRUST=ci or full")


@whole
@runs(*COUNTER)
def test_at_the_counter(
    pos: Pos, shop: Shop, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    from pos.hardware import discovery

    for name in ("on_usb", "on_device_files", "on_serial", "on_cups"):
        monkeypatch.setattr(discovery, name, list)
    goods = tmp_path / "goods.csv"
    goods.write_text("条码,品名,单位,售价,税率\n6901,茶,瓶,3.50,13%\n", "utf-8")
    make(tmp_path / "t.xlsx")
    (tmp_path / "tax-codes.csv").write_text(TABLE, "utf-8")
    with cut(), held("test_at_the_counter") as ran:
        does = Verbs(pos, ran)
        for words in (("doctor",), ("keys",), ("config", "check"), ("config", "schema")):
            does(*words)
        number = does("sell", WATER, MILK, "--cash", "10", "--json", by="1001").json["number"]
        for verb in ("show", "reprint", "voucher"):
            does("order", verb, number, by="2001")
        does("order", "list", by="1001")
        does("receipt", "show", number, by="1001")
        does("receipt", "render", str(offline_receipt()))
        does("catalog", "import", str(goods), by="9001")
        does("catalog", "export", str(tmp_path / "out.csv"), by="9001")
        does("catalog", "find", "茶", by="1001")
        does("catalog", "edit", "6901", "--price", "3.60", by="9001")
        labels = ("--printer", "x", "--out", str(tmp_path / "labels.prn"))
        does("catalog", "labels", "茶", *labels, by="1001")
        does("operator", "add", "1002", "--name", "小李", "--role", "cashier", by="9001")
        does("operator", "pin", "1002", by="9001")
        does("operator", "disable", "1002", by="9001")
        does("operator", "list", by="9001")
        phone = "13800001234"
        does("member", "add", "--phone", phone, "--name", "王小明", by="1001")
        does("member", "find", phone, by="1001")
        does("member", "show", phone, by="1001")
        does("member", "edit", phone, "--level", "金卡", by="2001")
        assert does("config", "rekey", "--json", by="9001").json == {"persons": 1}
        does("member", "show", phone, by="1001")
        does("member", "erase", phone, by="2001")
        does("stock", "receive", f"10*{WATER}@1.20", "--supplier", "批发", by="2001")
        does("stock", "count", f"8*{WATER}", by="2001")
        does("stock", "move", "out", f"2*{WATER}", "--partner", "二店", by="2001")
        does("stock", "moves", by="1001")
        does("stock", "low", by="1001")
        devices(does)
        does("payment", "pending", by="1001")
        does("sync", "status")
        does("sync", "rejected", by="9001")
        asked = pos("invoice", "issue", number, *TITLE, "--wait", "0", "--json", by="9001")
        assert asked.json["invoices"][0]["state"] == "asked", asked
        does("invoice", "export", "--out", str(tmp_path), by="9001")
        shown = does("invoice", "status", number, "--json", by="1001").json
        no = shown["invoices"][0]["invoice_no"]
        does("invoice", "mark", no, "2" * 20, by="9001")
        does("order", "return", other(does), "--all", by="2001")
        delivered(does, shop)
        assert pos("journal", "verify").code == 0


def other(does: Does) -> str:
    """One more sale."""
    return str(does("sell", WATER, "--cash", "10", "--json", by="1001").json["number"])


def delivered(does: Does, shop: Shop) -> None:
    """An order that is brought to somebody."""
    from tests.cli.test_receipts import brought

    does("order", "deliver", brought(shop), by="1001")


def offline_receipt() -> Path:
    """A template that fills without data of a sale."""
    return Path(__file__).parent.parent.parent / "receipts" / "test.receipt"


def devices(does: Does) -> None:
    """A printer into a folder, and the jobs that wait for it."""
    does("printer", "discover")
    does("printer", "doctor")
    does("printer", "test")
    first, second = does("printer", "jobs", "--json", by="1001").json[:2]
    does("printer", "cancel", first["job_id"], by="2001")
    does("printer", "cancel", second["job_id"], by="2001")
    other(does)
    job = does("printer", "jobs", "--json", by="1001").json[0]
    assert job["state"] == "queued"
    put(does, job["job_id"])
    does("printer", "retry", job["job_id"], by="2001")


def put(does: Does, job_id: str) -> None:
    """A job that failed, as a printer that is off leaves it."""
    path = Path(os.environ["POS_CONFIG"]).parent / "data" / "ledger.db"
    db = sqlite3.connect(path)
    db.execute("UPDATE print_jobs SET state = 'failed' WHERE job_id = ?", (job_id,))
    db.commit()
    db.close()


BACK = cli(
    "shift: open count close; day: close; report: x z sales tax stock audit;"
    "cash: in out drop open-drawer; voucher: export; journal: verify export replay;"
    "backup: key create verify restore"
)


@whole
@runs(*BACK)
def test_in_the_back_room(pos: Pos, shop: Shop, tmp_path: Path) -> None:
    secret = tmp_path / "technician.key"
    with cut(), held("test_in_the_back_room") as ran:
        does = Verbs(pos, ran)
        public = does("backup", "key", str(secret), "--json").json["recipient"]
        text = shop.config_file.read_text("utf-8")
        text = text.replace('recipient = ""', f'recipient = "{public}"')
        shop.config_file.write_text(text, "utf-8")
        does("shift", "open", "--float", "300", by="1001")
        does("sell", WATER, MILK, "--cash", "10", by="1001")
        for way in ("in", "out", "drop"):
            does("cash", way, "10", "--reason", "找零", by="2001")
        does("cash", "open-drawer", "--reason", "换零钱", by="2001")
        for verb in ("x", "sales", "tax", "stock", "audit"):
            does("report", verb, by="9001")
        shop.hands.go(24 * 3600)
        does("sell", WATER, "--cash", "10", by="1001")
        does("shift", "count", "--pieces", "100=3,5=1,1=2,0.50=1", by="1001")
        does("shift", "close", "--pieces", "1=2", by="1001")
        does("day", "close", by="2001")
        z = does("report", "z", "--json", by="2001").json
        out = tmp_path / "day.beancount"
        span = f"2026-03-02..{z['business_date']}"
        does("voucher", "export", "--date", span, "--out", str(out), by="9001")
        does("journal", "verify")
        does("journal", "export", str(tmp_path / "journal.jsonl"), by="9001")
        does("journal", "replay", str(tmp_path / "journal.jsonl"), "--into", str(tmp_path / "n.db"))
        made = does("backup", "create", "--json", by="9001").json["path"]
        key = ("--identity", str(secret))
        does("backup", "verify", made, *key)
        does("backup", "restore", made, *key, "--into", str(tmp_path / "elsewhere"))


@runs(*cli("promo: list check explain"))
def test_offers(
    tmp_path: Path, capsys: pytest.CaptureFixture[str], monkeypatch: pytest.MonkeyPatch
) -> None:
    shop = offers_shop(tmp_path, offer("nth", 'skus = ["T1"]\nqty = 2\nrate = "50"'))
    monkeypatch.setenv("POS_CONFIG", str(shop.config_file))
    with cut(), held("test_offers") as ran:
        does = Verbs(Pos(shop, capsys, monkeypatch), ran)
        sold = does("sell", TEA, TEA, "--cash", "exact", "--json", by="1001").json
        does("promo", "list", by="1001")
        does("promo", "check", by="9001")
        does("promo", "explain", sold["number"], by="1001")


@runs(*cli("message: list again"))
def test_a_message_waits(
    tmp_path: Path, capsys: pytest.CaptureFixture[str], monkeypatch: pytest.MonkeyPatch
) -> None:
    shop = make_shop(tmp_path, test_offline_duties.MAIL)
    monkeypatch.setenv("POS_CONFIG", str(shop.config_file))
    monkeypatch.setattr(desk, "system_clock", shop.hands.clock)
    with cut(), held("test_a_message_waits") as ran:
        person = Alone(shop, set())
        person.sign_in()
        test_offline_duties.mailed(person)
        person.end()
        does = Verbs(Pos(shop, capsys, monkeypatch), ran)
        [row] = does("message", "list", "--json", by="9001").json
        told = does("message", "again", row["id"][:8], "--json", by="9001").json
        assert told == {"id": row["id"], "state": "waiting", "doubtful": False}


@runs(*cli("scanner: test; scale: test; display: test"))
def test_serial_lines(pos: Pos, shop: Shop) -> None:
    line = Serial()
    text = shop.config_file.read_text("utf-8")
    section = f'[scanners.front]\nmode = "serial"\ndevice = "{line.device}"\n\n[scale]\n'
    shop.config_file.write_text(text.replace("[scale]\n", section, 1), "utf-8")
    with cut(), held("test_serial_lines") as ran:
        does = Verbs(pos, ran)
        with saying(lambda: os.write(line.master, b"]E06901234567892\r")):
            does("scanner", "test", "--seconds", "0.2")
        keys = {"enabled": "true", "device": f'"{line.device}"', "protocol": '"acs"'}
        set_keys(shop, "scale", **keys)
        with saying(lambda: os.write(line.master, b"ST,GS,+  0.535kg\r\n")):
            does("scale", "test", "--seconds", "0.2")
        set_keys(shop, "display", enabled="true", device=f'"{line.device}"')
        does("display", "test", "--fen", "1250")
    line.close()


OFFICE = cli("headoffice: init migrate import offers setting; headoffice.account: add reset") + cli(
    "headoffice.till: add list revoke; init demo"
)


@whole
@runs(*OFFICE)
def test_a_till_and_a_head_office_are_set_up(
    pos: Pos, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    goods = tmp_path / "goods.csv"
    goods.write_text("条码,品名,单位,售价,税率\n6901,水,瓶,2.00,13%\n", "utf-8")
    folder = ("--dir", str(tmp_path / "ho"))
    with cut(), held("test_a_till_and_a_head_office_are_set_up") as ran:
        does = Verbs(pos, ran)
        does("headoffice", "init", *folder)
        does("headoffice", "migrate", *folder)
        does("headoffice", "import", str(goods), *folder)
        deal = tmp_path / "offers.toml"
        deal.write_text(offer("special", 'skus = ["T1"]\nprice = "4.00"'), "utf-8")
        does("headoffice", "offers", str(deal), *folder)
        does("headoffice", "setting", "returns.days", "7", *folder)
        does("headoffice", "account", "add", "wang", *folder)
        does("headoffice", "account", "reset", "wang", *folder)
        place = (*folder, "--shop", "0001", "--till", "01")
        does("headoffice", "till", "add", *place)
        does("headoffice", "till", "list", *folder)
        does("headoffice", "till", "revoke", *place)
        does("demo", "--dir", str(tmp_path / "demo"), "--no-run")
        monkeypatch.setenv("POS_CONFIG", str(tmp_path / "new" / "config.toml"))
        who = ("--operator", "9001", "--name", "店长", "--shop", "0420", "--till", "07")
        monkeypatch.setenv("POS_PIN", "573914")
        assert pos("init", *who, pin="573914").code == 0
        ran.add("cli.init")


SIMULATORS = ("printer", "wechat", "alipay", "tax")


@runs(*(f"cli.simulator.{name}" for name in SIMULATORS))
def test_simulators(pos: Pos, tmp_path: Path) -> None:
    handlers = {n: signal.getsignal(n) for n in (signal.SIGTERM, signal.SIGINT)}
    with cut(loopback=True), held("test_simulators") as ran:
        for name in SIMULATORS:
            with ended_once_it_serves(handlers[signal.SIGTERM]):
                place = ("--port", "0", "--json", "--dir", str(tmp_path / name))
                assert Verbs(pos, ran)("simulator", name, *place).json["simulator"]
    for number, handler in handlers.items():
        signal.signal(number, handler)


@contextmanager
def ended_once_it_serves(before: object) -> Iterator[None]:
    """What waits for SIGTERM in this thread gets it."""

    def end() -> None:
        while signal.getsignal(signal.SIGTERM) in (before, None):
            time.sleep(0.01)
        os.kill(os.getpid(), signal.SIGTERM)

    signal.signal(signal.SIGTERM, before)  # type: ignore[arg-type]
    thread = threading.Thread(target=end)
    thread.start()
    yield
    thread.join(20)
    assert not thread.is_alive()


@runs("cli.headoffice.serve")
def test_head_office_serves(pos: Pos, tmp_path: Path) -> None:
    folder = ("--dir", str(tmp_path / "ho"))
    assert pos("headoffice", "init", *folder).code == 0
    words = ("headoffice", "serve", "--port", "0", "--json", *folder)
    with held("test_head_office_serves") as ran:
        child = subprocess.Popen(
            alone(*words, loopback=True), stdout=subprocess.PIPE, stderr=subprocess.DEVNULL
        )
        try:
            assert child.stdout is not None
            assert json.loads(child.stdout.readline())["url"]
            child.terminate()
            assert child.wait(20) in (0, -signal.SIGTERM)
        finally:
            child.kill()
            child.wait()
            child.stdout.close()  # type: ignore[union-attr]
        ran.add("cli.headoffice.serve")


@runs("cli.run")
def test_the_till_in_a_terminal(shop: Shop) -> None:
    with held("test_the_till_in_a_terminal") as ran:
        env = {"POS_CONFIG": str(shop.config_file), "HOME": str(shop.folder)}
        with Terminal(alone("run"), env=env) as till:
            sign_in(till)
            till.send(f"{WATER}\r")
            till.wait_for("清溪矿泉水550ml")
            till.send("+")
            till.wait_for("实收")
            till.send("10\r")
            till.wait_for("8.00")
            till.send("\x1b[24~")
            till.wait_for("历次结单")
            till.send("\x1b[24~")
            till.wait_for("输工号")
            till.send("\x11")
            assert till.wait_exit() == 0
        ran.add("cli.run")


@pytest.fixture
def made(tmp_path: Path) -> Iterator[World]:
    with world(tmp_path, tmp_path / "keys") as found:
        yield found


@runs("cli.payment.resolve")
def test_a_manager_resolves_what_nobody_can_ask_about(
    made: World, capsys: pytest.CaptureFixture[str], monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("POS_CONFIG", str(made.shop.config_file))
    person = made.open()
    made.pay_screen(MILK)
    person.enter(made.code("wechat", "hang"))
    made.until(lambda: made.last().state == "unknown")
    person.leave()
    made.shop.hands.go(61)
    for sim in made.sims.values():
        sim.stop()
    pos = Pos(made.shop, capsys, monkeypatch)
    monkeypatch.setattr("pos.cli.desk.system_clock", made.shop.hands.clock)
    number = made.last().charge.out_trade_no
    words = ("payment", "resolve", number[:20], "--as", "paid", "--reason", "看了手机")
    with cut(), held("test_a_manager_resolves_what_nobody_can_ask_about") as ran:
        told = Verbs(pos, ran)(*words, "--json", by="9001").json
    assert told["state"] == "decided_paid"


def test_every_command_that_is_called_offline_is_run() -> None:
    assert offline.covered() == offline.OFFLINE, sorted(offline.OFFLINE - offline.covered())


def test_a_command_nobody_ran_is_found(monkeypatch: pytest.MonkeyPatch) -> None:
    with pytest.raises(AssertionError, match=r"did not run: .*print_slip"):  # noqa: SIM117
        with held("test_shift_day_and_reports"):
            pass
    covered = {k: v for k, v in offline._COVERED.items() if k != "test_goods_are_received"}
    monkeypatch.setattr(offline, "_COVERED", covered)
    assert "stock_post" in offline.OFFLINE - offline.covered()
