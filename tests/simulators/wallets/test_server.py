"""The server, its administration, its clock, and the simulator as a process."""

from __future__ import annotations

import http.client
import json
import os
import signal
import socket
import ssl
import stat
import subprocess
import sys
import time
from pathlib import Path
from typing import Any

import pytest

from pos.simulators.alipay import AlipaySimulator
from pos.simulators.wallets.amounts import fee_of, yuan
from pos.simulators.wallets.clock import WalletClock, moment_of, rfc3339
from pos.simulators.wallets.wallet import WalletSimulator
from pos.simulators.wechat import WechatSimulator
from tests.simulators.wallets.clients import Got, WechatClient, send
from tests.simulators.wallets.shops import NOON, folder_of
from tests.simulators.wechat.test_rules import ORDERS

KINDS: dict[str, type[WalletSimulator]] = {"wechat": WechatSimulator, "alipay": AlipaySimulator}


def _ask(url: str, what: str, wish: Any = None) -> tuple[int, Any]:
    body = b"" if wish is None else json.dumps(wish).encode()
    method = "GET" if wish is None else "POST"
    got: Got = send(url, method, f"/_admin/{what}", body, {}, 5)
    return got.status, json.loads(got.body)


def test_a_demonstration_by_the_administration(wechat: WechatSimulator) -> None:
    client, url = WechatClient(wechat), wechat.url
    assert _ask(url, "script", {"script": "qr_paid", "number": "ORDER001"})[0] == 200
    qr = client.call("POST", f"{ORDERS}/native", client.native_wish("ORDER001", 100)).data
    assert _ask(url, "clock", {"advance": 2})[1]["now"] == NOON + 2
    other = client.call("POST", f"{ORDERS}/native", client.native_wish("ORDER002", 200)).data
    assert other["code_url"] != qr["code_url"]
    assert _ask(url, "scan", {"qr": other["code_url"]}) == (200, {"state": "paid"})
    status, told = _ask(url, "ledger")
    assert (status, told["charged_fen"], told["returned_fen"]) == (200, 300, 0)
    assert told["entries"][0]["time"] == rfc3339(NOON + 2)
    assert _ask(url, "scan", {"qr": other["code_url"]})[0] == 409
    assert _ask(url, "confirm", {"order": "NOBODY"})[0] == 409
    assert _ask(url, "calls?number=ORDER001")[1]["create"] == 1
    assert _ask(url, "foreign", {"fen": 50, "kind": "refund"})[0] == 200
    assert _ask(url, "ledger")[1]["returned_fen"] == 50
    orders = _ask(url, "orders")[1]
    assert [it["state"] for it in orders["orders"]] == ["paid"] * 3
    assert len(_ask(url, "scripts")[1]) > 40
    assert _ask(url, "bill", {"date": "2026-03-01", "script": "bill_none"})[0] == 200
    assert _ask(url, "settings", {"hang_s": 2})[1]["hang_s"] == 2.0


@pytest.mark.parametrize(
    ("what", "wish", "status"),
    [
        ("nothing", None, 404),
        ("nothing", {}, 404),
        ("script", {"script": "nonsense"}, 404),
        ("script", {}, 404),
        ("clock", {"advance": -1}, 400),
        ("clock", {"set": "yesterday"}, 400),
        ("clock", [], 400),
        ("scan", {"qr": "x", "act": "steal"}, 400),
        ("foreign", {"fen": "1"}, 400),
        ("foreign", {"fen": 0}, 400),
        ("settings", {"hang_s": "1"}, 400),
        ("settings", {"what": 1}, 404),
        ("settings", {"signing": "none"}, 400),
        ("bill", {"date": "2026-03-01", "script": "lost"}, 404),
    ],
)
def test_the_administration_refuses_nonsense(
    wechat: WechatSimulator, what: str, wish: Any, status: int
) -> None:
    assert _ask(wechat.url, what, wish)[0] == status


def test_the_clock_stands_runs_and_never_goes_back() -> None:
    machine = [1000.0]
    clock = WalletClock(lambda: machine[0])
    clock.advance(5)
    machine[0] += 1
    assert (clock.now(), clock.real()) == (1006.0, 1001.0)
    clock.set(NOON)
    machine[0] += 100
    assert clock.now() == NOON
    clock.resume()
    machine[0] += 3
    assert clock.now() == NOON + 3
    other = WalletClock(lambda: machine[0])
    other.restore(clock.state())
    assert other.now() == clock.now()
    clock.reset()
    assert clock.now() == machine[0]
    with pytest.raises(ValueError, match="back"):
        clock.advance(-1)
    assert moment_of(rfc3339(NOON)) == moment_of("2026-03-01 12:00:00") == NOON


def test_amounts() -> None:
    assert [yuan(fen) for fen in (0, 5, 1205, -5, -1205)] == [
        "0.00",
        "0.05",
        "12.05",
        "-0.05",
        "-12.05",
    ]
    assert [fee_of(fen, 60) for fen in (83, 84, 1000)] == [0, 1, 6]


def test_a_connection_serves_many_requests_and_bad_ones_end_it(wechat: WechatSimulator) -> None:
    connection = http.client.HTTPConnection("127.0.0.1", wechat.server.port, timeout=5)
    for _ in range(5):
        connection.request("GET", "/_admin/clock")
        assert connection.getresponse().read()
    connection.close()
    for head in (
        b"POST /_admin/clock HTTP/1.1\r\nContent-Length: x\r\n\r\n",
        b"POST / HTTP/1.1\r\nTransfer-Encoding: chunked\r\n\r\n0\r\n\r\n",
        b"POST / HTTP/1.1\r\nContent-Length: 99999999\r\n\r\n",
        b"\x16\x03\x01\x00\xa5\x01\r\n\r\n",
    ):
        with socket.create_connection(("127.0.0.1", wechat.server.port), timeout=5) as raw:
            raw.sendall(head)
            assert b" 4" in raw.recv(4096)
    with socket.create_connection(("127.0.0.1", wechat.server.port), timeout=5) as raw:
        raw.sendall(b"POST / HTTP/1.1\r\nContent-Length: 10\r\n\r\nabc")
        raw.shutdown(socket.SHUT_WR)
        assert raw.recv(4096) == b""


def test_stopping_does_not_wait_for_a_hanging_answer(tmp_path: Path) -> None:
    folder = folder_of(WechatSimulator, tmp_path)
    with WechatSimulator(folder, keep=False) as sim:
        client = WechatClient(sim)
        sim.casting.give("hang")
        wish = client.code_wish("ORDER001", 100, "134567890123456789")
        with pytest.raises(Exception, match="timed out"):
            client.raw("POST", f"{ORDERS}/codepay", wish, patience=0.1)
        began = time.monotonic()
    assert time.monotonic() - began < 5


@pytest.mark.parametrize("name", KINDS)
def test_private_keys_are_for_their_owner_alone(tmp_path: Path, name: str) -> None:
    folder = folder_of(KINDS[name], tmp_path)
    for path in folder.iterdir():
        secret = b"PRIVATE KEY" in path.read_bytes() or "apiv3" in path.name
        if secret or path.name == "merchant.json":
            assert stat.S_IMODE(path.stat().st_mode) == 0o600


@pytest.mark.parametrize("name", KINDS)
def test_a_process_with_tls_ends_well_and_remembers(tmp_path: Path, name: str) -> None:
    folder = folder_of(KINDS[name], tmp_path)
    for turn, ending in enumerate((signal.SIGKILL, signal.SIGTERM)):
        child = _start(name, folder, "--tls", "--json")
        try:
            assert child.stdout is not None
            told = json.loads(child.stdout.readline())
            assert told["simulator"] == name
            assert all(Path(it).exists() for it in told["files"].values() if it.startswith("/"))
            context = ssl.create_default_context(cafile=told["files"]["ca_file"])
            port = int(told["url"].rpartition(":")[2])
            link = http.client.HTTPSConnection("127.0.0.1", port, context=context, timeout=10)
            link.request("POST", "/_admin/foreign", b'{"fen": 5}')
            assert link.getresponse().status == 200
            link.close()
            link.request("GET", "/_admin/ledger")
            assert json.loads(link.getresponse().read())["charged_fen"] == 5 * (turn + 1)
            link.close()
        finally:
            child.send_signal(ending)
            _, errors = child.communicate(timeout=10)
        assert (child.returncode, errors) == (-9 if ending == signal.SIGKILL else 0, "")


def _start(name: str, folder: Path, *more: str) -> subprocess.Popen[str]:
    code = f"import sys; from pos.simulators.{name} import main; sys.exit(main(sys.argv[1:]))"
    return subprocess.Popen(
        [sys.executable, "-c", code, "--dir", str(folder), *more],
        stdout=subprocess.PIPE,
        stderr=subprocess.PIPE,
        text=True,
        env=os.environ | {"PYTHONPATH": str(Path(__file__).parents[3])},
    )


def test_it_tells_a_person_and_refuses_a_taken_port(
    wechat: WechatSimulator, tmp_path: Path
) -> None:
    folder = folder_of(AlipaySimulator, tmp_path)
    child = _start("alipay", folder, "--port", str(wechat.server.port))
    _, errors = child.communicate(timeout=10)
    assert child.returncode == 1
    assert errors.startswith("alipay: ")
    child = _start("alipay", folder)
    assert child.stdout is not None
    first = child.stdout.readline()
    child.send_signal(signal.SIGTERM)
    assert child.stderr is not None
    with child.stdout, child.stderr:
        words, errors = child.stdout.read(), child.stderr.read()
    child.wait(10)
    assert first.startswith("alipay http://127.0.0.1:")
    assert "280000000000009915  lost" in words
    assert (child.returncode, errors) == (0, "")


def test_the_simulators_import_nothing_else_of_pos() -> None:
    code = (
        "import sys, pos.simulators.wechat, pos.simulators.alipay\n"
        "print(*[name for name in sys.modules if name.startswith('pos.')])"
    )
    environment = os.environ | {"PYTHONPATH": str(Path(__file__).parents[3])}
    told = subprocess.run(
        [sys.executable, "-c", code], capture_output=True, text=True, check=True, env=environment
    )
    assert all(name.startswith("pos.simulators") for name in told.stdout.split())
