"""Every word on screen and paper, in Chinese and English: one dataclass a room."""

from __future__ import annotations

from typing import Literal

import msgspec

from pos.words import cli, commands, counter, refusals

Language = Literal["zh", "en"]


class Words(msgspec.Struct, frozen=True):
    """The catalogue of one language."""

    commands: commands.CommandWords
    counter: counter.CounterWords
    refusals: refusals.RefusalWords
    cli: cli.CliWords


CATALOGUE: dict[Language, Words] = {
    "zh": Words(commands.ZH, counter.ZH, refusals.ZH, cli.ZH),
    "en": Words(commands.EN, counter.EN, refusals.EN, cli.EN),
}
