"""Lives of a till in processes of their own, forked from a server that has everything loaded."""

from __future__ import annotations

import os
import random
import shutil
import signal
import subprocess
import tempfile
from collections.abc import Callable, Iterator
from contextlib import contextmanager, suppress
from dataclasses import dataclass, replace
from multiprocessing.connection import Connection
from multiprocessing.context import ForkServerProcess
from pathlib import Path

import msgspec

from pos.refusal import Refused
from tests.forking import forks
from tests.trust.acts import ALONE, act
from tests.trust.life import OUTSIDE, Ack, Life
from tests.trust.weak import Weak, weaken
from tests.trust.world import World

_PATIENCE = 60


@dataclass(frozen=True)
class Plan:
    """What a life is to do: `acts` in turn, then it stops; none: any of `may`, without end.

    `held`: it waits for a word before it opens its ledger. `goes_on`: what is refused is told by
    its code and the next act is tried. `shift`: it begins one where none is open.
    """

    acts: tuple[str, ...] = ()
    may: tuple[str, ...] = ALONE
    held: bool = False
    endless: bool = True
    goes_on: bool = False
    shift: bool = True
    weak: Weak = ""


def live(world: World, seed: int, pipe: Connection, plan: Plan) -> None:
    """One life; every ack goes out by one write."""

    def told(ack: Ack) -> None:
        pipe.send_bytes(msgspec.json.encode(ack))

    rng = random.Random(seed)
    if plan.held:
        pipe.send_bytes(b"")
        pipe.recv_bytes()
    catch = (Refused,) if plan.goes_on else ()
    with weaken(plan.weak, told):
        try:
            life = Life(world, rng, told, plan.shift)
        except catch as refused:
            told(Ack("refused", number=getattr(refused, "code", "")))
            return
        told(life.ack("opened"))
        for name in _names(plan, rng):
            try:
                act(life, name)
            except catch as refused:
                told(Ack("refused", number=getattr(refused, "code", "")))
        life.stop()
        told(Ack("stopped"))


def _names(plan: Plan, rng: random.Random) -> Iterator[str]:
    yield from plan.acts
    while plan.endless:
        yield rng.choice(plan.may)


@dataclass
class Forked:
    """A life as its parent sees it."""

    process: ForkServerProcess
    pipe: Connection

    def ack(self) -> Ack | None:
        """The next thing it says, None where that is only that it is ready."""
        assert self.pipe.poll(_PATIENCE), "a life says nothing"
        said = self.pipe.recv_bytes()
        return msgspec.json.decode(said, type=Ack) if said else None

    def go(self) -> None:
        """It may open its ledger."""
        self.pipe.send_bytes(b"")

    def acts(self, count: int) -> list[Ack]:
        """What it says until it has opened and done so many acts."""
        acks: list[Ack] = []
        done = -1  # opening is the first
        while done < count:
            ack = self.ack()
            if ack is not None:
                acks.append(ack)
                done += ack.act not in OUTSIDE
        return acks

    def kill(self) -> list[Ack]:
        """End it at once; what it had said that was not read yet."""
        assert self.process.pid is not None
        with suppress(ProcessLookupError):  # it may be done already
            os.kill(self.process.pid, signal.SIGKILL)
        return self.rest()

    def rest(self) -> list[Ack]:
        """Wait for its end; what it had said that was not read yet."""
        acks: list[Ack] = []
        with suppress(EOFError, ConnectionResetError):
            while self.pipe.poll(_PATIENCE):
                acks.append(msgspec.json.decode(self.pipe.recv_bytes(), type=Ack))
        self.process.join(_PATIENCE)
        self.pipe.close()
        return acks

    @property
    def code(self) -> int | None:
        """How it ended."""
        return self.process.exitcode

    @contextmanager
    def traced(self, *options: str) -> Iterator[None]:
        """Under strace with these options, which end with the process."""
        argv = ["strace", "-f", "-e", "signal=none", *options, "-p", str(self.process.pid)]
        with subprocess.Popen(argv, stderr=subprocess.PIPE, text=True) as tracer:
            assert tracer.stderr is not None
            said = tracer.stderr.readline()
            assert "attached" in said, said
            yield
            assert self.process.pid is not None
            with suppress(ProcessLookupError):
                if self.process.is_alive():
                    os.kill(self.process.pid, signal.SIGKILL)
            tracer.communicate(timeout=_PATIENCE)


class Forks:
    """Where lives come from."""

    def __init__(self) -> None:
        self._context = forks()

    def start(self, world: World, seed: int, plan: Plan) -> Forked:
        """A life that begins."""
        here, there = self._context.Pipe()
        process = self._context.Process(target=live, args=(world, seed, there, plan), daemon=True)
        process.start()
        there.close()
        return Forked(process, here)

    def run(self, work: Callable[..., None], *args: object) -> int | None:
        """Do it in a process of its own, which has a minute; how that ended, by a signal if < 0."""
        process = self._context.Process(target=work, args=args, daemon=True)
        process.start()
        process.join(_PATIENCE)
        if process.exitcode is None:
            process.kill()
            raise AssertionError(f"{work.__name__} does not end")
        return process.exitcode


@contextmanager
def room() -> Iterator[Path]:
    """A folder in memory where there is some: what is killed loses nothing of a page cache."""
    memory = Path("/dev/shm")
    base = memory if os.access(memory, os.W_OK) else None
    with tempfile.TemporaryDirectory(prefix="guitai-", dir=base) as name:
        yield Path(name)


def copied(world: World, folder: Path) -> World:
    """The same shop in another folder, which it replaces."""
    shutil.rmtree(folder, ignore_errors=True)
    shutil.copytree(world.folder, folder)
    return replace(world, folder=folder)
