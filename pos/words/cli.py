"""What the command line prints."""

from __future__ import annotations

from dataclasses import dataclass


@dataclass(frozen=True)
class CliWords:
    """One field for each word."""


ZH = CliWords()
EN = CliWords()
