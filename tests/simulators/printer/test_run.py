"""`pos simulator printer` as a process."""

from __future__ import annotations

import json
import signal
import socket
import subprocess
import sys
from pathlib import Path

import pytest

from pos.simulators.printer.run import main
from pos.simulators.printer.trouble import Trouble, parse
from tests.simulators.printer.papers import CUT, INIT


def start(*arguments: str) -> subprocess.Popen[str]:
    return subprocess.Popen(
        [sys.executable, "-m", "pos.simulators.printer", *arguments],
        stdout=subprocess.PIPE,
        stderr=subprocess.PIPE,
        text=True,
    )


@pytest.mark.parametrize("number", [signal.SIGTERM, signal.SIGINT])
def test_from_its_start_to_its_end(tmp_path: Path, number: signal.Signals) -> None:
    process = start(
        "--port", "0", "--dir", str(tmp_path / "out"), "--width", "58", "--json", "--fault",
        "late:0.05", "--fault", "near-end",
    )  # fmt: skip
    try:
        assert process.stdout is not None
        told = json.loads(process.stdout.readline())
        assert told["simulator"] == "printer"
        assert (told["width_mm"], told["dir"]) == (58, str(tmp_path / "out"))
        with socket.create_connection((told["host"], told["port"]), timeout=5) as line:
            line.sendall(INIT + b"0" * 33 + b"\n" + CUT + b"no cut here\n\x1dr\x01")
            assert line.recv(1) == b"\x03"
        process.send_signal(number)
        out, errors = process.communicate(timeout=20)
    finally:
        process.kill()
        process.wait()
    assert process.returncode == 0
    assert out == ""
    assert "Traceback" not in errors
    assert (tmp_path / "out" / "receipt-0001.txt").read_text() == "0" * 32 + "\n0\n"
    said = json.loads((tmp_path / "out" / "receipt-0001.json").read_text())
    assert [fault["code"] for fault in said["faults"]] == ["overflow"]


def test_a_port_that_is_taken(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    handlers = {n: signal.getsignal(n) for n in (signal.SIGTERM, signal.SIGINT)}
    try:
        with socket.create_server(("127.0.0.1", 0)) as taken:
            port = taken.getsockname()[1]
            assert main(["--port", str(port), "--dir", str(tmp_path)]) == 1
        assert main(["--port", "99999", "--dir", str(tmp_path)]) == 1
        (tmp_path / "file").write_text("")
        assert main(["--port", "0", "--dir", str(tmp_path / "file")]) == 1
    finally:
        for number, handler in handlers.items():
            signal.signal(number, handler)
    assert "printer:" in capsys.readouterr().err


def test_a_fault_nobody_knows_is_wrong_usage(
    tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    with pytest.raises(SystemExit) as ended:
        main(["--dir", str(tmp_path), "--fault", "fire"])
    assert ended.value.code == 2
    assert "never-read" in capsys.readouterr().err


def test_faults_in_words() -> None:
    words = ["refuse", "slow:200", "die:7:off", "paper-out:9:1.5", "late:2", "cover", "noise"]
    trouble, states = parse(words)
    assert trouble == Trouble(
        refuse=True, slow=200, die_after=7, stay_dead=True, paper_out_at=9, resume_after=1.5,
        late=2.0, noise=True,
    )  # fmt: skip
    assert states == {"cover_open": True}
    assert parse([]) == (Trouble(), {})


@pytest.mark.parametrize(
    "word",
    ["", "slow", "slow:0", "slow:x", "die:-1", "die:1:2", "late:nan", "late:-1", "refuse:1",
     "paper-out:1:2:3"],
)  # fmt: skip
def test_faults_that_are_refused(word: str) -> None:
    with pytest.raises(ValueError, match=":"):
        parse([word])
