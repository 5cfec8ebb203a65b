"""Every word on screen and paper, in Chinese and English: one dataclass a room."""

from __future__ import annotations

from typing import Literal

import msgspec

from pos.words import cli, commands, counter, finding, printing, refusals, slips

Language = Literal["zh", "en"]


class Words(msgspec.Struct, frozen=True):
    """The catalogue of one language."""

    commands: commands.CommandWords
    counter: counter.CounterWords
    refusals: refusals.RefusalWords
    cli: cli.CliWords
    finding: finding.FindingWords
    slips: slips.SlipWords
    printing: printing.PrintingWords


CATALOGUE: dict[Language, Words] = {
    "zh": Words(commands.ZH, counter.ZH, refusals.ZH, cli.ZH, finding.ZH, slips.ZH, printing.ZH),
    "en": Words(commands.EN, counter.EN, refusals.EN, cli.EN, finding.EN, slips.EN, printing.EN),
}
