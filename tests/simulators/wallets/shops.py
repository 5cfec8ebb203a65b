"""Simulators for tests: keys are made once a process, clocks stand still."""

from __future__ import annotations

import shutil
import tempfile
from collections.abc import Iterator
from functools import cache
from pathlib import Path

import pytest

from pos.simulators.alipay import AlipaySimulator
from pos.simulators.wallets import Settings, WalletClock, WalletSimulator
from pos.simulators.wechat import WechatSimulator

NOON = 1_772_337_600.0  # 2026-03-01 12:00:00 in Beijing


@cache
def _keys(kind: type[WalletSimulator]) -> Path:
    """A folder of keys that lives as long as the process."""
    holder = tempfile.TemporaryDirectory(prefix="wallet-keys-")
    _HELD.append(holder)
    folder = Path(holder.name) / "keys"
    simulator = kind(folder, tls=True, keep=False)
    simulator.stop()
    return folder


_HELD: list[tempfile.TemporaryDirectory[str]] = []


def folder_of(kind: type[WalletSimulator], place: Path) -> Path:
    """A fresh folder with keys already in it."""
    target = place / kind.wallet
    shutil.copytree(_keys(kind), target)
    return target


def still_clock() -> WalletClock:
    clock = WalletClock()
    clock.set(NOON)
    return clock


def quick() -> Settings:
    """Hangs just long enough for a client to lose its patience."""
    return Settings(hang_s=1.0, slow_s=0.05)


@pytest.fixture
def wechat(tmp_path: Path) -> Iterator[WechatSimulator]:
    folder = folder_of(WechatSimulator, tmp_path)
    with WechatSimulator(folder, clock=still_clock(), settings=quick(), sync=False) as simulator:
        yield simulator


@pytest.fixture
def alipay(tmp_path: Path) -> Iterator[AlipaySimulator]:
    folder = folder_of(AlipaySimulator, tmp_path)
    with AlipaySimulator(folder, clock=still_clock(), settings=quick(), sync=False) as simulator:
        yield simulator
