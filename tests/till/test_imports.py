"""What may be loaded before the first paint: a till that starts slowly makes a queue."""

from __future__ import annotations

import subprocess
import sys

HEAVY = (
    "textual",
    "rich.console",
    "sqlalchemy",
    "sqlmodel",
    "pydantic",
    "typer",
    "click",
    "escpos",
    "qrcode",
    "argon2",
    "pos.sale.order",
)
CODE = """
import sys
import pos.cli, pos.cli.run, pos.screens.first, pos.till.front
print(" ".join(name for name in sys.argv[1:] if name in sys.modules))
"""


def test_nothing_heavy_loads_before_the_first_paint() -> None:
    done = subprocess.run(
        [sys.executable, "-c", CODE, *HEAVY], capture_output=True, text=True, check=True
    )
    assert done.stdout.split() == []


LATER = (
    *("sqlalchemy", "sqlmodel", "jinja2", "openpyxl", "pypinyin", "escpos", "qrcode", "httpx2"),
    "zstandard",
)


def test_the_till_itself_leaves_the_heavy_modules_to_its_threads() -> None:
    code = CODE.replace("pos.till.front", "pos.till.front, pos.till.till")
    done = subprocess.run(
        [sys.executable, "-c", code, *LATER], capture_output=True, text=True, check=True
    )
    assert done.stdout.split() == []
