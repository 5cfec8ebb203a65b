"""`pos run`: the till on the screen. Imports nothing that is not needed for the first paint."""

from __future__ import annotations

import sys
from pathlib import Path
from typing import TYPE_CHECKING

from pos.clock import local, system_clock
from pos.config import Config, find, load
from pos.refusal import Refused
from pos.system import is_terminal, share_one_heap
from pos.words import CATALOGUE
from pos.words.refusals import say

if TYPE_CHECKING:
    from pos.till.till import Till


def open_till(file: str | None) -> int:
    """Run the till of a config file; the exit code."""
    try:
        return run(load(find(Path(file) if file else None)))
    except Refused as refused:
        print(say(CATALOGUE["zh"].refusals, refused), file=sys.stderr)
        return 1


def run(config: Config, *, training: bool = False) -> int:
    """Run a till until its operator quits; the exit code. It may begin with training."""
    from pos.screens.first import FirstPaint
    from pos.till.front import Front

    settings = config.settings
    words = CATALOGUE[settings.till.language]
    if not is_terminal():
        print(say(words.refusals, Refused("no_terminal")), file=sys.stderr)
        return 1
    front = Front(config, _till)
    if training:
        from pos.ids import system_ids

        front.train(system_clock(), system_ids())
    log = config.ledger.parent / "pos.log"
    theme, language = settings.screen.theme, settings.till.language
    with FirstPaint(front.view(), theme=theme, language=language, clock=_clock()):
        share_one_heap()
        from pos.screens.app import run as run_screens

        code = run_screens(front, log=log, theme=theme, language=language)
    if front.till is not None and front.till.failure is not None:
        print(say(words.refusals, front.till.failure), file=sys.stderr)
        return 1
    return code


def _clock() -> str:
    return local(system_clock().now()).strftime("%H:%M:%S")


def _till(config: Config) -> Till:
    from pos.ids import system_ids
    from pos.till.till import Surroundings, Till

    return Till(Surroundings(config, system_clock(), system_ids()))
