"""The real program in a real terminal."""

from __future__ import annotations

import sys
from collections.abc import Callable, Iterator
from pathlib import Path

import pytest

from bench.terminal import Terminal
from tests.shop import PIN, Shop, make_shop

Opener = Callable[..., Terminal]


@pytest.fixture
def shop(tmp_path: Path) -> Shop:
    return make_shop(tmp_path)


@pytest.fixture
def opened() -> Iterator[Opener]:
    """Opens tills, and closes them all at the end."""
    terminals: list[Terminal] = []

    def start(shop: Shop, *, columns: int = 80, rows: int = 24) -> Terminal:
        terminal = run_till(shop, columns=columns, rows=rows)
        terminals.append(terminal)
        return terminal

    yield start
    for terminal in terminals:
        terminal.close()


def run_till(shop: Shop, *, columns: int = 80, rows: int = 24) -> Terminal:
    """`pos run` on a shop."""
    env = {"POS_CONFIG": str(shop.config_file), "HOME": str(shop.folder)}
    argv = [sys.executable, "-m", "pos.cli", "run"]
    return Terminal(argv, columns=columns, rows=rows, env=env)


def sign_in(terminal: Terminal, who: str = "1001") -> None:
    """From the front page to the counter."""
    terminal.wait_for("工号")
    terminal.send(f"{who}\r{PIN[who]}\r")
    terminal.wait_for("营业日")
