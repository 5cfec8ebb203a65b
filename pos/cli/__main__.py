"""`python -m pos.cli`, where no console script is installed."""

from __future__ import annotations

from pos.cli import main

main()
