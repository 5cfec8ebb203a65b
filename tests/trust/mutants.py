"""`python -m tests.trust.mutants`: are the tests of the rules tests?

Mutants are those mutmut makes of the functions of the modules below; `--count` of them are drawn by a
seed. mutmut's own run has neither a draw nor tests chosen by module, so it makes the mutants here and
this module runs them: each in a process forked from one that has everything imported but our code,
against the quick tests of its module. A survivor is a fault of the tests, or changes nothing that can
be seen; then `survivors.toml` says why.
"""

from __future__ import annotations

import argparse
import difflib
import hashlib
import importlib
import json
import os
import resource
import shutil
import signal
import sys
import time
import tomllib
import traceback
from collections import Counter
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass
from importlib.machinery import ModuleSpec, SourceFileLoader
from importlib.util import spec_from_file_location
from pathlib import Path
from tempfile import TemporaryDirectory
from types import CodeType

import libcst as cst
import pytest
from mutmut.mutation.file_mutation import Mutation, create_mutations

ROOT = Path(__file__).parents[2]
SURVIVORS = Path(__file__).with_name("survivors.toml")
SEED = 20_260_302
COUNT = 500
WALL = 180.0
"""Seconds after which a mutant that only waits is ended; one that works on is ended by its CPU time."""

_ATTEMPT = tuple(f"tests/payments/test_attempt_{n}.py" for n in ("paths", "cancel", "model"))
_RECORD = ("tests/floor/test_record.py",)
_ACCESS = ("tests/access",)
TESTS = {
    "pos/money.py": ("tests/floor/test_money.py",),
    "pos/sale/pricing.py": ("tests/sale/test_pricing.py", "tests/sale/test_order.py"),
    "pos/sale/tenders.py": ("tests/sale/test_tenders.py",),
    "pos/payments/attempt.py": _ATTEMPT,
    "pos/record/*.py": _RECORD,
    "pos/access/*.py": _ACCESS,
}
"""The tests that are to notice a change in a module."""

_SHARED = (
    *("argon2", "cryptography.hazmat.primitives.asymmetric.ed25519", "cryptography.x509"),
    *("hypothesis.stateful", "msgspec", "rich.text", "sqlmodel", "typer", "uuid_utils", "zstandard"),
)
"""What the tests import beside our own code, once for all mutants."""


@dataclass(frozen=True)
class Mutant:
    """One change in one function; `name` stays as long as the function does."""

    name: str
    file: str
    function: cst.FunctionDef
    mutation: Mutation
    module: cst.Module

    def source(self) -> str:
        """The whole module with the change."""
        changed = self.function.deep_replace(self.mutation.original_node, self.mutation.mutated_node)
        assert isinstance(changed, cst.FunctionDef)
        mutated = self.module.deep_replace(self.function, changed)
        assert isinstance(mutated, cst.Module)
        return mutated.code

    def change(self) -> tuple[str, str]:
        """The lines that are other: as they were, and as they are now."""
        lines = difflib.ndiff(self.module.code.splitlines(), self.source().splitlines())
        parts: dict[str, list[str]] = {"-": [], "+": []}
        for line in lines:
            if line[0] in parts:
                parts[line[0]].append(line[2:].strip())
        return " ⏎ ".join(parts["-"]), " ⏎ ".join(parts["+"])


@dataclass(frozen=True)
class Verdict:
    """What the tests said of a mutant."""

    mutant: Mutant
    killed: bool
    cpu: float


def files() -> dict[str, tuple[str, ...]]:
    """Every module that is mutated, with its tests."""
    found = {}
    for pattern, tests in TESTS.items():
        for path in sorted(ROOT.glob(pattern)):
            found[str(path.relative_to(ROOT))] = tests
    return found


def mutants(file: str) -> Iterator[Mutant]:
    """Every mutant of a module."""
    module, mutations, _, _ = create_mutations(file, (ROOT / file).read_text("utf-8"))
    names = dict(_functions(module.body, file.removesuffix(".py").replace("/", ".")))
    numbers: Counter[str] = Counter()
    for mutation in mutations:
        function = mutation.contained_by_top_level_function
        if isinstance(function, cst.FunctionDef) and function in names:
            name = names[function]
            numbers[name] += 1
            yield Mutant(f"{name}#{numbers[name]}", file, function, mutation, module)


def _functions(
    body: Sequence[cst.BaseStatement | cst.BaseSmallStatement], above: str
) -> Iterator[tuple[cst.FunctionDef, str]]:
    for node in body:
        if isinstance(node, cst.FunctionDef):
            yield node, f"{above}.{node.name.value}"
        elif isinstance(node, cst.ClassDef):
            yield from _functions(node.body.body, f"{above}.{node.name.value}")


def drawn(seed: int, count: int, every: Iterable[Mutant]) -> list[Mutant]:
    """`count` mutants: a change in one function leaves the draw among the others as it was."""

    def lot(mutant: Mutant) -> bytes:
        return hashlib.sha256(f"{seed} {mutant.name}".encode()).digest()

    return sorted(sorted(every, key=lot)[:count], key=lambda one: (one.file, one.name))


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

    def find_spec(self, name: str, _path: object = None, _target: object = None) -> ModuleSpec | None:
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
            sys.meta_path.insert(0, _Finder(file, text))  # type: ignore[arg-type]
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

    def __init__(self, room: Path, jobs: int) -> None:
        self._room, self._jobs, self._made = room, jobs, 0
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
        waiting, tests = list(reversed(chosen)), files()
        while waiting or self._running:
            while waiting and len(self._running) < self._jobs:
                one = waiting.pop()
                group = tests[one.file]
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


def explained() -> dict[str, dict[str, str]]:
    """The survivors that are known, each with its change and the reason."""
    found: dict[str, dict[str, str]] = tomllib.loads(SURVIVORS.read_text("utf-8"))
    return found


def is_explained(mutant: Mutant) -> bool:
    """Whether it is known why the tests cannot see this change."""
    known = explained().get(mutant.name)
    return known is not None and (known["was"], known["now"]) == mutant.change()


def main() -> int:
    """Draw, run, tell; 1 when fewer than 90 % are killed or a survivor is not explained."""
    parser = argparse.ArgumentParser(prog="python -m tests.trust.mutants", description=__doc__)
    parser.add_argument("--count", type=int, default=COUNT)
    parser.add_argument("--seed", type=int, default=SEED)
    parser.add_argument("--jobs", type=int, default=os.cpu_count() or 1)
    parser.add_argument("--only", default="", help="of those drawn, the ones in files whose path begins so")
    parser.add_argument("--json", action="store_true")
    asked = parser.parse_args()
    begun = time.monotonic()
    tests = files()
    every = [mutant for file in tests for mutant in mutants(file)]
    chosen = drawn(asked.seed, asked.count, every)
    chosen = [one for one in chosen if one.file.startswith(asked.only)]
    survived = []
    with TemporaryDirectory(prefix="guitai-mutants-") as room:
        bench = Bench(Path(room), asked.jobs)
        cost = bench.sound(tests[one.file] for one in chosen)
        for number, verdict in enumerate(bench.verdicts(chosen, cost), 1):
            if not verdict.killed:
                survived.append(verdict.mutant)
            print(
                f"{number}/{len(chosen)} {verdict.mutant.name}"
                f" {'killed' if verdict.killed else 'SURVIVED'} {verdict.cpu:.1f}s",
                file=sys.stderr,
                flush=True,
            )
    unexplained = [one for one in survived if not is_explained(one)]
    for one in unexplained:
        was, now = one.change()
        print(f"\n[{json.dumps(one.name)}]\nwas = {json.dumps(was, ensure_ascii=False)}", end="")
        print(f"\nnow = {json.dumps(now, ensure_ascii=False)}\nwhy = ''", flush=True)
    killed = len(chosen) - len(survived)
    told = {
        "name": "mutants",
        "seed": asked.seed,
        "of": len(every),
        "tried": len(chosen),
        "killed": killed,
        "explained": len(survived) - len(unexplained),
        "unexplained": len(unexplained),
        "seconds": round(time.monotonic() - begun),
    }
    if asked.json:
        print(json.dumps(told))
    else:
        print(" ".join(f"{key} {value}" for key, value in told.items()))
    return 0 if killed >= 0.9 * len(chosen) and not unexplained else 1


if __name__ == "__main__":
    sys.exit(main())
