"""What the command line says. `verbs` and `options` fill the help pages."""

from __future__ import annotations

from dataclasses import dataclass


@dataclass(frozen=True)
class CliWords:
    """One field a sentence; braces are filled in by the command."""

    done: str


ZH = CliWords(done="完成")
EN = CliWords(done="Done")
