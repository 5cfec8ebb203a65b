"""Tests that notice nothing are none: changes to the rules are seen by the rules' own tests."""

from __future__ import annotations

import json
import subprocess
import sys
from pathlib import Path

import pytest

from tests.trust import SIZE

COUNT = SIZE.of(test=0, ci=16, full=16)
"""All 500 are tried by `make mutants`."""
SEED = 20_260_302

pytestmark = pytest.mark.skipif(SIZE.name == "test", reason="a change costs a second")
ROOT = Path(__file__).parents[2]


def run(*argv: str) -> tuple[int, dict[str, int], str]:
    done = subprocess.run(
        [sys.executable, "-m", "tests.trust.mutants", "--jobs", "1", "--json", *argv],
        cwd=ROOT,
        capture_output=True,
        text=True,
        check=False,
    )
    assert done.stdout, done.stderr[-3000:]
    told: dict[str, int] = json.loads(done.stdout.splitlines()[-1])
    return done.returncode, told, done.stdout + done.stderr[-3000:]


def test_the_tests_of_the_rules_notice_changes() -> None:
    code, told, said = run("--seed", str(SEED), "--count", str(COUNT))
    assert code == 0, said
    assert told["tried"] == COUNT
    assert told["killed"] >= 0.9 * COUNT
    assert told["unexplained"] == 0
    assert told["stale"] == 0


def test_tests_that_assert_nothing_are_found(tmp_path: Path) -> None:
    (tmp_path / "test_void.py").write_text("def test_void():\n    import pos.money\n", "utf-8")
    void = str(tmp_path / "test_void.py")
    code, told, said = run("--count", "40", "--only", "pos/money", "--tests", void)
    assert code == 1
    assert told["tried"] > 0, said
    assert told["killed"] == 0, said
