"""Mutants beside each other, each in a process forked from one that has all but our code."""

from __future__ import annotations

import importlib
import os
import resource
import shutil
import signal
import sys
import time
import traceback
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass
from importlib.machinery import ModuleSpec, SourceFileLoader
from importlib.util import spec_from_file_location
from pathlib import Path
from types import CodeType

import pytest

from tests.trust.mutants.making import ROOT, Mutant

WALL = 180.0
"""Seconds after which a mutant that only waits is ended; one that works on ends by its CPU time."""

_SHARED = (
    *("argon2", "cryptography.hazmat.primitives.asymmetric.ed25519", "cryptography.x509"),
    *(
        "hypothesis.stateful",
        "msgspec",
        "rich.text",
        "sqlmodel",
        "typer",
        "uuid_utils",
        "zstandard",
    ),
)
"""What the tests import beside our own code, once for all mutants."""


@dataclass(frozen=True)
class Verdict:
    """What the tests said of a mutant."""

    mutant: Mutant
    killed: bool
    cpu: float


class _Mutated(SourceFileLoader):
    """Loads a module from another text than its file's."""

    def __init__(self, name: str, path: str, text: str) -> None:
        super().__init__(name, path)
        self._text = text

    def get_code(self, fullname: str) -> CodeType:
        """The code of the mutated text."""
        code: CodeType = compile(self._text, self.path, "exec", dont_inherit=True)
        return code


class _Finder:
    """Puts one mutated module in the place of its file."""

    def __init__(self, file: str, text: str) -> None:
        self._name = file.removesuffix(".py").removesuffix("/__init__").replace("/", ".")
        self._path, self._text = ROOT / file, text

    def find_spec(
        self, name: str, _path: object = None, _target: object = None
    ) -> ModuleSpec | None:
        """The mutated module's, nobody else's."""
        if name != self._name:
            return None
        loader = _Mutated(name, str(self._path), self._text)
        inside = [str(self._path.parent)] if self._path.name == "__init__.py" else None
        return spec_from_file_location(
            name, self._path, loader=loader, submodule_search_locations=inside
        )


def _child(file: str, text: str | None, tests: Sequence[str], cpu: int, room: Path) -> None:
    """In the forked process: run the tests of a module, mutated or as it is; never returns."""
    code = 99
    try:
        resource.setrlimit(resource.RLIMIT_CPU, (cpu, cpu + 5))
        resource.setrlimit(resource.RLIMIT_CORE, (0, 0))
        with (room / "said").open("wb") as said:
            os.dup2(said.fileno(), 1)
            os.dup2(said.fileno(), 2)
        os.chdir(ROOT)
        os.environ |= {"HYPOTHESIS_PROFILE": "unshrunk", "PYTEST_DISABLE_PLUGIN_AUTOLOAD": "1"}
        if text is not None:
            sys.meta_path.insert(0, _Finder(file, text))
        how = ["-x", "--assert=plain", "-p", "no:cacheprovider", f"--basetemp={room / 'tmp'}"]
        code = int(pytest.main([*how, *tests]))
    except BaseException:
        traceback.print_exc()
    finally:
        sys.stdout.flush()
        sys.stderr.flush()
        os._exit(code)


@dataclass(frozen=True)
class _Running:
    mutant: Mutant | None
    file: str
    room: Path
    until: float


class Bench:
    """Runs mutants beside each other, each in a process of its own."""

    def __init__(self, room: Path, jobs: int, tests: dict[str, tuple[str, ...]]) -> None:
        """`tests` are the files to run against a mutant of a file."""
        self._room, self._jobs, self._tests, self._made = room, jobs, tests, 0
        self._running: dict[int, _Running] = {}
        for name in _SHARED:
            importlib.import_module(name)
        assert not [name for name in sys.modules if name == "pos" or name.startswith("pos.")]

    def sound(self, tests: Iterable[tuple[str, ...]]) -> dict[tuple[str, ...], float]:
        """CPU seconds of each group of tests on the code as it is; they must pass."""
        cost = {}
        for group in tests:
            if group not in cost:
                self._start(None, "", None, group, 300)
                _, code, cost[group], said = self._next()
                assert code == 0, f"{group} fails without a mutant:\n{said}"
        return cost

    def verdicts(
        self, chosen: Sequence[Mutant], cost: dict[tuple[str, ...], float]
    ) -> Iterator[Verdict]:
        """Run them all, each against its tests."""
        waiting = list(reversed(chosen))
        while waiting or self._running:
            while waiting and len(self._running) < self._jobs:
                one = waiting.pop()
                group = self._tests[one.file]
                self._start(one, one.file, one.source(), group, 10 + int(5 * cost[group]))
            run, code, cpu, said = self._next()
            assert run.mutant is not None
            name = run.mutant.name
            assert code in (0, 1, 2, 3) or code < 0, f"{name} could not be run: {code}\n{said}"
            yield Verdict(run.mutant, code != 0, cpu)

    def _start(
        self, one: Mutant | None, file: str, text: str | None, tests: tuple[str, ...], cpu: int
    ) -> None:
        self._made += 1
        room = self._room / f"{self._made}"
        room.mkdir()
        pid = os.fork()
        if pid == 0:
            _child(file, text, tests, cpu, room)
        self._running[pid] = _Running(one, file, room, time.monotonic() + WALL)

    def _next(self) -> tuple[_Running, int, float, str]:
        """The next that ends: what it was, its exit code, its CPU seconds, what it printed."""
        while True:
            for pid, run in self._running.items():
                ended, status, used = os.wait4(pid, os.WNOHANG)
                if ended:
                    del self._running[pid]
                    said = (run.room / "said").read_text("utf-8", "replace")[-4000:]
                    shutil.rmtree(run.room, ignore_errors=True)
                    code = os.waitstatus_to_exitcode(status)
                    return run, code, used.ru_utime + used.ru_stime, said
                if time.monotonic() > run.until:
                    os.kill(pid, signal.SIGKILL)
            time.sleep(0.01)
