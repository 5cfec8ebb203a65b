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
