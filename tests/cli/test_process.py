"""The command line as a process of its own: streams, exit codes, what a shell sees."""

from __future__ import annotations

import json
import os
import subprocess
import sys
from pathlib import Path

from tests.shop import PIN, WATER, Shop


def _pos(shop: Shop, *words: str, **env: str) -> subprocess.CompletedProcess[bytes]:
    environment = os.environ | {"POS_CONFIG": str(shop.config_file), "POS_PIN": PIN["1001"]} | env
    command = [sys.executable, "-m", "pos.cli", *words]
    return subprocess.run(
        command, env=environment, capture_output=True, stdin=subprocess.DEVNULL, check=False
    )


def test_json_alone_on_stdout_in_utf8(shop: Shop) -> None:
    done = _pos(
        shop, "sell", WATER, "--cash", "5", "--operator", "1001", "--json", PYTHONIOENCODING="gbk"
    )
    assert done.returncode == 0
    assert json.loads(done.stdout.decode("utf-8"))["lines"][0]["name"] == "清溪矿泉水550ml"
    assert done.stderr == b""


def test_a_second_writer_is_told_who_has_it(shop: Shop) -> None:
    ledger = shop.ledger()
    done = _pos(shop, "sell", WATER, "--cash", "5", "--operator", "1001", "--json")
    ledger.close()
    assert (done.returncode, done.stdout) == (1, b"")
    assert f"{os.getpid()} test" in done.stderr.decode()
    assert len(done.stderr.splitlines()) == 1


def test_the_till_wants_a_terminal(shop: Shop) -> None:
    for words in (["run"], ["run", "--config", str(shop.config_file)]):
        done = _pos(shop, *words)
        assert (done.returncode, done.stdout) == (1, b"")
        assert "终端" in done.stderr.decode()
    missing = _pos(shop, "run", "--config", str(shop.folder / "none.toml"))
    assert missing.returncode == 1
    assert b"none.toml" in missing.stderr
    assert _pos(shop, "run", "--fast").returncode == 2
    assert _pos(shop, "run", "--help").returncode == 0


def test_a_reader_that_goes_away() -> None:
    read, write = os.pipe()
    os.close(read)
    command = [sys.executable, "-m", "pos.cli", "config", "schema"]
    done = subprocess.run(command, stdout=write, stderr=subprocess.PIPE, check=False)
    os.close(write)
    assert (done.returncode, done.stderr) == (1, b"")


def test_bytes_that_are_no_text(shop: Shop, tmp_path: Path) -> None:
    command = [sys.executable.encode(), b"-m", b"pos.cli", b"sell", b"\xff\xfe", b"--cash", b"5"]
    env = os.environ | {"POS_CONFIG": str(shop.config_file), "POS_PIN": PIN["1001"]}
    done = subprocess.run(
        [*command, b"--operator", b"1001"], env=env, capture_output=True, check=False
    )
    assert done.returncode == 1
    assert "没有这个商品" in done.stderr.decode()
