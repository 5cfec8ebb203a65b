"""States that a power cut may leave, made from a recording.

At any moment a disk holds for sure what was written to a file before its last sync. Of what came
after, any part may be there, in any order, and the last piece torn at a sector (512 bytes). Names
are firm when their folder was synced: of those given, moved and taken away since, the first so many
hold. A rename syncs nothing: it may hold where the file's data does not. A state is a moment and a
choice; files are made from the state before the recording.
"""

from __future__ import annotations

import random
from collections import defaultdict
from collections.abc import Iterator, Sequence
from pathlib import Path

import msgspec

from tests.trust.life import Ack
from tests.trust.recording import BEHIND, Op

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
        disk, acks = _Disk(self.before), 0
        for op in self.ops[:moment]:
            if op.kind == "ack":
                acks += op.data.count(b"\n")
            else:
                disk.take(op)
        files = disk.cut(choice, rng)
        return State(
            {name: data for name, data in files.items() if not name.endswith("-shm")},
            acks,
            moment,
            choice,
        )


class _Disk:
    """Files by number, the names they go by, and what of both was not synced yet.

    A file's sync is of its data, a folder's of the names in it; neither is of the other.
    """

    def __init__(self, before: dict[str, bytes]) -> None:
        self._firm = [bytearray(data) for data in before.values()]
        self._loose: dict[int, list[Op]] = defaultdict(list)
        self._names = {name: number for number, name in enumerate(before)}
        self._firm_names = dict(self._names)
        self._moves: list[dict[str, int | None]] = []
        """What each op gave names to and took them from (no number), none of it firm."""

    def take(self, op: Op) -> None:
        """What a process did."""
        match op.kind:
            case "sync" if op.name in self._names:
                number = self._names[op.name]
                for one in self._loose.pop(number, ()):
                    _apply(self._firm[number], one)
            case "sync":
                self._sync_names(op.name)
            case "rename":
                self._move({op.to: self._number(op.name), op.name: None})
            case "remove":
                self._move({op.name: None})
            case "create":
                number = self._number(op.name)
                if op.empty:
                    self._loose[number].append(Op("truncate", op.name))
            case _:
                number = self._number(op.name)
                at = self._end(number) if op.at == BEHIND else op.at
                self._loose[number].append(Op(op.kind, op.name, at, op.data))

    def _number(self, name: str) -> int:
        if name not in self._names:
            self._firm.append(bytearray())
            self._move({name: len(self._firm) - 1})
        return self._names[name]

    def _end(self, number: int) -> int:
        data = bytearray(self._firm[number])
        for one in self._loose[number]:
            _apply(data, one)
        return len(data)

    def _move(self, names: dict[str, int | None]) -> None:
        _put(self._names, names)
        self._moves.append(names)

    def _sync_names(self, folder: str) -> None:
        later = []
        for move in self._moves:
            if folder in {name.rpartition("/")[0] for name in move}:
                _put(self._firm_names, move)
            else:
                later.append(move)
        self._moves = later

    def cut(self, choice: str, rng: random.Random) -> dict[str, bytes]:
        """What is there afterwards: names up to some moment, and of each file's data a choice."""
        names, moves = dict(self._firm_names), self._moves
        upto = {"none": 0, "all": len(moves)}.get(choice)
        for move in moves[: rng.randint(0, len(moves)) if upto is None else upto]:
            _put(names, move)
        files = {}
        for name, number in names.items():
            data = bytearray(self._firm[number])
            if number in self._loose:
                for one in _chosen(self._loose[number], choice, rng):
                    _apply(data, one)
            files[name] = bytes(data)
        return files


def _put(names: dict[str, int], move: dict[str, int | None]) -> None:
    for name, number in move.items():
        if number is None:
            names.pop(name, None)
        else:
            names[name] = number


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


def _apply(data: bytearray, op: Op) -> None:
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
