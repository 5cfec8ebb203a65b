"""States that a power cut may leave, made from a recording.

At any moment a disk holds for sure what was written to a file before its last sync. Of what came
after, any part may be there, in any order, and the last piece torn at a sector (512 bytes). A state
is a moment and a choice; files are made from the state before the recording.
"""

from __future__ import annotations

import random
from collections import defaultdict
from collections.abc import Iterator, Sequence
from pathlib import Path

import msgspec

from tests.trust.life import Ack
from tests.trust.recording import Op

SECTOR = 512
CHOICES = ("none", "all", "torn", "some", "some", "some")
"""How often each kind of choice is drawn."""


class State(msgspec.Struct, frozen=True):
    """What is on the disk, and what had been acknowledged by then."""

    files: dict[str, bytes]
    acks: int
    moment: int
    choice: str


class Recording:
    """A folder before, and what was done to it."""

    def __init__(self, before: dict[str, bytes], ops: Sequence[Op]) -> None:
        self.before, self.ops = before, ops
        self.acks = [
            msgspec.json.decode(line, type=Ack)
            for op in ops
            if op.kind == "ack"
            for line in op.data.splitlines()
        ]

    def states(self, rng: random.Random) -> Iterator[State]:
        """States without end: each a random moment and a random choice."""
        moments = [n for n, op in enumerate(self.ops) if op.kind != "ack"]
        while True:
            yield self.state(rng.choice(moments) + 1, rng.choice(CHOICES), rng)

    def state(self, moment: int, choice: str, rng: random.Random) -> State:
        """The disk after the first `moment` ops and a cut."""
        loose: dict[str, list[Op]] = defaultdict(list)
        firm = {name: bytearray(data) for name, data in self.before.items()}
        acks = 0
        for op in self.ops[:moment]:
            match op.kind:
                case "ack":
                    acks += op.data.count(b"\n")
                case "sync":
                    for one in loose.pop(op.name, ()):
                        _apply(firm, one)
                case "rename":  # names go with the directory's own sync; ours follow a sync at once
                    for one in loose.pop(op.name, ()):
                        _apply(firm, one)
                    firm[op.to] = firm.pop(op.name, bytearray())
                case "remove":
                    loose.pop(op.name, None)
                    firm.pop(op.name, None)
                case _:
                    loose[op.name].append(op)
        for name, waiting in loose.items():
            for one in _chosen(waiting, choice, rng):
                _apply(firm, one)
            firm.setdefault(name, bytearray())
        files = {name: bytes(data) for name, data in firm.items() if not name.endswith("-shm")}
        return State(files, acks, moment, choice)


def _chosen(waiting: list[Op], choice: str, rng: random.Random) -> list[Op]:
    match choice:
        case "none":
            return []
        case "all":
            return waiting
        case "torn":
            *whole, last = waiting
            if last.kind != "write":
                return whole
            end = SECTOR * rng.randint(0, len(last.data) // SECTOR)
            return [
                *whole,
                Op("write", last.name, last.at, last.data[:end]),
            ]
        case _:
            kept = [op for op in waiting if rng.random() < 0.5]
            rng.shuffle(kept)
            return kept


def _apply(files: dict[str, bytearray], op: Op) -> None:
    data = files.setdefault(op.name, bytearray())
    if op.kind == "write":
        end = op.at + len(op.data)
        if len(data) < op.at:
            data.extend(bytes(op.at - len(data)))
        data[op.at : end] = op.data
    elif op.kind == "truncate":
        del data[op.at :]
        data.extend(bytes(op.at - len(data)))


def lay(files: dict[str, bytes], folder: Path) -> None:
    """Put a state's files into an empty folder."""
    for name, data in files.items():
        path = folder / name
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_bytes(data)
        path.chmod(0o600)


def contents(folder: Path) -> dict[str, bytes]:
    """Every file below a folder, by its name there."""
    return {
        str(path.relative_to(folder)): path.read_bytes()
        for path in sorted(folder.rglob("*"))
        if path.is_file()
    }
