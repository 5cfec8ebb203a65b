"""What comes with the product: files by their hash, licences allowed, findings read."""

from __future__ import annotations

import json
import re
import subprocess
import sys
from pathlib import Path

import pytest

from tests.trust import supply


def test_every_package_of_the_lock_has_its_hashes() -> None:
    pinned = supply.lock()
    assert len(pinned) > 100
    bare = [name for name, (_, lines) in pinned.items() if "--hash=sha256:" not in lines]
    assert not bare
    assert not re.search(r"https?://", supply.LOCK.read_text("utf-8"))


def test_everything_that_runs_is_in_the_lock() -> None:
    names = supply.runtime()
    assert {"textual", "psycopg-binary", "cffi", "colorama"} <= set(names)
    assert set(names) <= supply.lock().keys()
    assert not {"pytest", "beancount", "bandit"} & set(names)


@pytest.mark.parametrize("licence", ["GPL-2.0-only", "UNKNOWN", "MIT AND AGPL-3.0-or-later"])
def test_a_licence_a_shop_may_not_rely_on_is_found(licence: str) -> None:
    with pytest.raises(supply.LicenceError, match="some-package"):
        supply.judge({"rich": "MIT License", "some-package": licence})


def test_a_package_of_the_tests_would_be_found() -> None:
    """Beancount reads what we export, in a process of its own; imported it would be refused."""
    with pytest.raises(supply.LicenceError, match="beancount: GPL"):
        supply.judge(supply.licences(("beancount",)))


def test_the_bill_of_materials_has_everything_that_runs(tmp_path: Path) -> None:
    lines = "\n".join(supply.lock()[name][1] for name in supply.runtime())
    target = tmp_path / "sbom.json"
    command = [sys.executable, "-m", "cyclonedx_py", "requirements", "--no-validate"]
    subprocess.run(
        [*command, "--pyproject", "pyproject.toml", "--output-reproducible", "-o", target, "-"],
        input=lines,
        text=True,
        check=True,
        capture_output=True,
        cwd=supply.ROOT,
    )
    bill = json.loads(target.read_bytes())
    assert bill["metadata"]["component"]["name"] == "guitai"
    listed = {
        one["name"]: (one["version"], len(one["externalReferences"][0]["hashes"]))
        for one in bill["components"]
    }
    wanted = {
        name: (supply.lock()[name][0], supply.lock()[name][1].count("--hash"))
        for name in supply.runtime()
    }
    assert listed == wanted


def test_a_finding_that_is_let_pass_says_which_and_why() -> None:
    marks = [
        (path.name, line)
        for path in (supply.ROOT / "pos").rglob("*.py")
        for line in path.read_text("utf-8").splitlines()
        if "nosec" in line
    ]
    assert len(marks) > 50
    assert not [mark for mark in marks if not re.search(r"# nosec B\d{3}  # \S.{5,}", mark[1])]
