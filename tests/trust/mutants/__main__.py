"""Draw, run, tell; ends with 1 where too few are killed or a survivor is not explained."""

from __future__ import annotations

import argparse
import json
import os
import sys
import time
import tomllib
from dataclasses import dataclass, field
from pathlib import Path
from tempfile import TemporaryDirectory

from tests.trust.mutants.making import COUNT, SEED, Mutant, drawn, files, mutants
from tests.trust.mutants.running import Bench

SURVIVORS = Path(__file__).with_name("survivors.toml")
LEAST = 0.9


@dataclass
class Outcome:
    """What became of the mutants drawn, and which lines of survivors.toml are not true any more."""

    killed: int = 0
    explained: list[Mutant] = field(default_factory=list)
    unexplained: list[Mutant] = field(default_factory=list)
    stale: list[str] = field(default_factory=list)

    @property
    def tried(self) -> int:
        """How many there were."""
        return self.killed + len(self.explained) + len(self.unexplained)

    @property
    def good(self) -> bool:
        """Whether enough are killed, and every survivor has its reason."""
        return self.killed >= LEAST * self.tried and not self.unexplained and not self.stale


class Known:
    """survivors.toml: name → was, now, why."""

    def __init__(self) -> None:
        self.rows: dict[str, dict[str, str]] = tomllib.loads(SURVIVORS.read_text("utf-8"))

    def explains(self, mutant: Mutant) -> bool:
        """Whether it says why the tests cannot see this change."""
        row = self.rows.get(mutant.name)
        return row is not None and (row["was"], row["now"]) == mutant.change() and bool(row["why"])

    def stale(self, every: list[Mutant]) -> list[str]:
        """Lines about a change that cannot be made any more."""
        there = {mutant.name: mutant for mutant in every}
        return [name for name in self.rows if name not in there or not self.explains(there[name])]


def run(chosen: list[Mutant], tests: dict[str, tuple[str, ...]], jobs: int) -> Outcome:
    """Every mutant against its tests."""
    outcome, known = Outcome(), Known()
    with TemporaryDirectory(prefix="guitai-mutants-") as room:
        bench = Bench(Path(room), jobs, tests)
        cost = bench.sound(tests[one.file] for one in chosen)
        for number, verdict in enumerate(bench.verdicts(chosen, cost), 1):
            one, word = verdict.mutant, "killed"
            if verdict.killed:
                outcome.killed += 1
                if known.explains(one):
                    outcome.stale.append(one.name)
            elif known.explains(one):
                outcome.explained.append(one)
                word = "survived, as is known"
            else:
                outcome.unexplained.append(one)
                word = "SURVIVED"
            tell(f"{number}/{len(chosen)} {one.name} {word} {verdict.cpu:.1f} s")
    return outcome


def tell(line: str) -> None:
    """To a person."""
    print(line, file=sys.stderr, flush=True)


def main() -> int:
    """The command."""
    parser = argparse.ArgumentParser(prog="python -m tests.trust.mutants")
    parser.add_argument("--count", type=int, default=COUNT)
    parser.add_argument("--seed", type=int, default=SEED)
    parser.add_argument("--jobs", type=int, default=os.cpu_count() or 1)
    parser.add_argument("--only", default="", help="of those drawn: in files that begin so")
    parser.add_argument("--tests", default="", help="run this file against every mutant instead")
    parser.add_argument("--json", action="store_true", help="only the outcome, as JSON")
    asked = parser.parse_args()
    begun = time.monotonic()
    tests = files()
    every = [mutant for file in tests for mutant in mutants(file)]
    chosen = [
        one for one in drawn(asked.seed, asked.count, every) if one.file.startswith(asked.only)
    ]
    if asked.tests:
        tests = dict.fromkeys(tests, (asked.tests,))
    outcome = run(chosen, tests, asked.jobs)
    outcome.stale += Known().stale(every)
    for one in outcome.unexplained:
        was, now = (json.dumps(line, ensure_ascii=False) for line in one.change())
        tell(f'\n["{one.name}"]\nwas = {was}\nnow = {now}\nwhy = ""')
    for name in outcome.stale:
        tell(f"survivors.toml: {name} is not so any more")
    told = {
        "name": "mutants",
        "seed": asked.seed,
        "of": len(every),
        "tried": outcome.tried,
        "killed": outcome.killed,
        "explained": len(outcome.explained),
        "unexplained": len(outcome.unexplained),
        "stale": len(outcome.stale),
        "seconds": round(time.monotonic() - begun),
    }
    print(json.dumps(told) if asked.json else " ".join(f"{k} {v}" for k, v in told.items()))
    return 0 if outcome.good else 1


if __name__ == "__main__":
    sys.exit(main())
