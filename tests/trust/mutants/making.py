"""Which modules are mutated, which tests are to notice it, and the mutants themselves."""

from __future__ import annotations

import difflib
import hashlib
from collections import Counter
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass
from pathlib import Path

import libcst as cst
from mutmut.mutation.file_mutation import Mutation, create_mutations

ROOT = Path(__file__).parents[3]
SEED = 20_260_302
COUNT = 500
_ATTEMPT = tuple(
    f"tests/payments/test_{n}.py"
    for n in ("transitions", "attempt_paths", "attempt_cancel", "attempt_model")
)
_RECORD = ("tests/floor/test_record.py",)
_LIMITS = ("tests/access/test_limits.py", "tests/access/test_rights.py")
TESTS = {
    "pos/money.py": ("tests/floor/test_money.py",),
    "pos/sale/pricing.py": ("tests/sale/test_sold_lines.py", "tests/sale/test_pricing.py"),
    "pos/sale/tenders.py": ("tests/sale/test_tenders.py", "tests/sale/test_wallet_tenders.py"),
    "pos/payments/attempt.py": _ATTEMPT,
    "pos/record/*.py": _RECORD,
    "pos/access/pins.py": ("tests/access/test_pins.py",),
    "pos/access/rights.py": _LIMITS,
    "pos/access/signing.py": ("tests/access/test_signing.py", "tests/till/test_signing.py"),
}
"""The tests that are to notice a change in a module."""


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
        changed = self.function.deep_replace(
            self.mutation.original_node, self.mutation.mutated_node
        )
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
