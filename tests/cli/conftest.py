"""A shop and the command line in front of it."""

from __future__ import annotations

import json
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import pytest

from pos import cli
from pos.cli import cash, checks, desk, reports, shifts
from pos.config import load
from pos.till.opening import open_ledger
from tests.shop import PIN, Shop, make_shop


@dataclass
class Answer:
    """What a call of `pos` gave."""

    code: int
    out: str
    err: str

    @property
    def json(self) -> Any:
        """stdout, which has to be JSON and nothing else."""
        return json.loads(self.out)

    @property
    def why(self) -> str:
        """The one line on stderr of a call that was refused, with nothing on stdout."""
        assert self.code == 1, self
        assert self.out == ""
        lines = self.err.splitlines()
        assert len(lines) == 1, self.err
        assert lines[0].isprintable()
        return lines[0]


class Pos:
    """`pos …` in this process, on one shop."""

    def __init__(
        self, shop: Shop, capture: pytest.CaptureFixture[str], patch: pytest.MonkeyPatch
    ) -> None:
        self.shop, self._capture, self._patch = shop, capture, patch

    def __call__(self, *words: str, by: str = "", pin: str = "") -> Answer:
        """Call it, as an operator where `by` is given."""
        self._patch.delenv("POS_PIN", raising=False)
        arguments = list(words)
        if by:
            arguments += ["--operator", by]
        if by or pin:
            self._patch.setenv("POS_PIN", pin or PIN.get(by, "000000"))
        self._capture.readouterr()
        code = cli.start(arguments)
        out, err = self._capture.readouterr()
        return Answer(code, out, err)

    def sell(self, *words: str, by: str = "1001") -> Answer:
        """`pos sell … --json`."""
        return self("sell", *words, "--json", by=by)

    def head(self) -> str:
        """The journal's last hash; the journal has to be good."""
        verdict = self("journal", "verify", "--json").json
        assert verdict["ok"]
        return str(verdict["head"])


@pytest.fixture
def shop(tmp_path: Path) -> Shop:
    return make_shop(tmp_path)


@pytest.fixture
def pos(shop: Shop, capsys: pytest.CaptureFixture[str], monkeypatch: pytest.MonkeyPatch) -> Pos:
    monkeypatch.setenv("POS_CONFIG", str(shop.config_file))
    for module in (desk, checks, shifts, cash, reports):
        monkeypatch.setattr(module, "system_clock", shop.hands.clock)
    # what the settings are goes on record once, before a test looks at the journal
    open_ledger(load(shop.config_file), shop.hands.clock(), shop.ids, "test").close()
    return Pos(shop, capsys, monkeypatch)
