"""What can go wrong with a printer on purpose."""

from __future__ import annotations

from collections.abc import Iterable

import msgspec


class Trouble(msgspec.Struct, frozen=True, kw_only=True):
    """Faults in force; they can be put together. All off is a printer that works.

    refuse            nobody listens on the port
    close_at_once     connections are accepted and closed
    never_read        connections are accepted, nothing is ever read
    slow              bytes read in a second
    die_after         after this many more bytes the printer loses its power: what they print is
                      on paper, the connection is reset, then the printer works again
    stay_dead         … or, after dying, nobody listens
    paper_out_at      after this many more bytes the paper ends
    resume_after      seconds until somebody puts in paper; None: until `load_paper`
    silent            no question is answered
    noise             an unasked status block (ASB) at every connection and before every answer
    wrong_status      answers of one byte with wrong fixed bits
    late              seconds by which every answer is late
    """

    refuse: bool = False
    close_at_once: bool = False
    never_read: bool = False
    slow: int | None = None
    die_after: int | None = None
    stay_dead: bool = False
    paper_out_at: int | None = None
    resume_after: float | None = None
    silent: bool = False
    noise: bool = False
    wrong_status: bool = False
    late: float = 0.0


STATES = {
    "cover": "cover_open",
    "near-end": "paper_near_end",
    "no-paper": "paper_end",
    "drawer": "drawer_open",
    "offline": "offline",
    "cutter": "cutter_error",
}
"""Words of the command line that set the printer's state instead: word → field of State."""

_SWITCHES = {
    "refuse": "refuse",
    "close": "close_at_once",
    "never-read": "never_read",
    "silent": "silent",
    "noise": "noise",
    "wrong-status": "wrong_status",
}

WORDS = (
    *_SWITCHES, *STATES, "slow:BYTES_PER_SECOND", "die:BYTES", "die:BYTES:off", "paper-out:BYTES",
    "paper-out:BYTES:SECONDS", "late:SECONDS",
)  # fmt: skip
"""What `parse` understands, for a help text."""


def parse(words: Iterable[str]) -> tuple[Trouble, dict[str, bool]]:
    """Words of the command line → faults, and the fields of State to set; ValueError for others."""
    fields: dict[str, bool | int | float] = {}
    states: dict[str, bool] = {}
    for word in words:
        name, *values = word.split(":")
        if name in _SWITCHES and not values:
            fields[_SWITCHES[name]] = True
        elif name in STATES and not values:
            states[STATES[name]] = True
        else:
            fields |= _with_values(word, name, values)
    return msgspec.convert(fields, Trouble), states


def _with_values(word: str, name: str, values: list[str]) -> dict[str, bool | int | float]:
    try:
        if name == "slow" and len(values) == 1:
            return {"slow": _count(values[0], least=1)}
        if name == "late" and len(values) == 1:
            return {"late": _seconds(values[0])}
        if name == "die" and (len(values) == 1 or values[1:] == ["off"]):
            return {"die_after": _count(values[0]), "stay_dead": len(values) == 2}
        if name == "paper-out" and len(values) in (1, 2):
            resume = {"resume_after": _seconds(values[1])} if len(values) == 2 else {}
            return {"paper_out_at": _count(values[0]), **resume}
    except ValueError as why:
        raise ValueError(f"{word}: {why}") from why
    raise ValueError(f"{word}: known are {', '.join(WORDS)}")


def _count(text: str, least: int = 0) -> int:
    number = int(text)
    if number < least:
        raise ValueError(f"at least {least}")
    return number


def _seconds(text: str) -> float:
    number = float(text)
    if not 0 <= number <= 86_400:
        raise ValueError("0 to 86400 seconds")
    return number
