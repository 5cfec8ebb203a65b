"""`python -m tests.trust.proofs FILE…`: what runs told goes to results.toml and docs/trust.md.

A FILE is what `pytest --junitxml` wrote, or lines of JSON as `python -m bench trust --json`,
`make mutants` and `make soak` print them. Figures that a test gives with `record_property` count as
those lines do. Each result says when it was made, how large the run was and from which seed; what a
file says nothing about stays as it was. Failures are not taken: the page shows what holds.
"""

from __future__ import annotations

import json
import sys
import tomllib
from collections.abc import Iterable, Iterator
from datetime import UTC, datetime
from pathlib import Path
from typing import Any
from xml.etree import ElementTree

import msgspec

from pos.clock import local
from tests.trust import SIZE

ROOT = Path(__file__).parents[2]
PROMISES = Path(__file__).with_name("promises.toml")
RESULTS = Path(__file__).with_name("results.toml")
Figures = dict[str, int | float | str]
SIZES = ("test", "ci", "full")
"""From small to large; a run does not take the place of a larger one."""


class Promise(msgspec.Struct, frozen=True, forbid_unknown_fields=True):
    """One thing that is promised, and the tests that try it.

    `counts` are names of `tried_X` and `bad_X` in `python -m bench trust --json`; without a
    `command` of its own it is tried by `make trust`.
    """

    id: str
    zh: str
    en: str
    tests: tuple[str, ...]
    counts: tuple[str, ...] = ()
    command: str = ""


class Law(msgspec.Struct, frozen=True, forbid_unknown_fields=True):
    """A law and what it means for who uses the till."""

    zh: str
    en: str
    promise: tuple[Promise, ...]


class Result(msgspec.Struct, frozen=True, forbid_unknown_fields=True, omit_defaults=True):
    """What the last run of a promise's tests gave. `on` is a date of the shop's zone."""

    on: str
    size: str
    figures: Figures
    seed: int = 0


def laws() -> tuple[Law, ...]:
    """All promises, by law; AssertionError where a test is not there or an id is there twice."""
    found = msgspec.convert(tomllib.loads(PROMISES.read_text("utf-8"))["law"], tuple[Law, ...])
    ids = [promise.id for law in found for promise in law.promise]
    assert len(ids) == len(set(ids)), ids
    gone = [t for law in found for p in law.promise for t in p.tests if not (ROOT / t).exists()]
    assert not gone, f"promises.toml names tests that are gone: {gone}"
    return found


def promises() -> dict[str, Promise]:
    """Each promise by its id."""
    return {promise.id: promise for law in laws() for promise in law.promise}


def results() -> dict[str, Result]:
    """What is known of each promise, by its id."""
    if not RESULTS.exists():
        return {}
    told = tomllib.loads(RESULTS.read_text("utf-8"))
    return msgspec.convert(told, dict[str, Result])


def page() -> str:
    """docs/trust.md, below its first line."""
    known = results()
    strange = known.keys() - promises().keys()
    assert not strange, f"results.toml tells of what nobody promised: {strange}"
    out = [
        "# 凭什么相信它 Why it can be trusted\n",
        "每一条承诺、试它的测试、上一次全量运行的结果、重做一遍的命令。 "
        "结果由命令写进 `tests/trust/results.toml`，这一页由它生成；"
        "每个试验都有自检：去掉保护必须失败。\n",
        "Each promise, the tests that try it, what the last run gave, and the command that repeats "
        "it. Commands write the results, this page is made of them; each proof has a test of its "
        "own that must fail once the protection is taken away. `make trust` runs them all at full "
        "size, `make test` at a small one.",
    ]
    for law in laws():
        out += [
            f"\n## {law.zh}\n\n{law.en}.\n",
            "| 承诺 Promise | 试验 Tests | 结果 Figures | 命令 Command |",
        ]
        out.append("|---|---|---|---|")
        out += [_row(promise, known.get(promise.id)) for promise in law.promise]
    return "\n".join(out) + "\n"


def _row(promise: Promise, result: Result | None) -> str:
    tests = "<br>".join(f"`{test}`" for test in promise.tests)
    command = promise.command or "make trust"
    return f"| {promise.zh}。<br>{promise.en}. | {tests} | {_told(result)} | `{command}` |"


def _told(result: Result | None) -> str:
    if result is None:
        return "—"
    figures = "<br>".join(f"{name} **{_number(value)}**" for name, value in result.figures.items())
    seed = f", seed {result.seed}" if result.seed else ""
    return f"{figures}<br>{result.on}, {result.size}{seed}"


def _number(value: float | str) -> str:
    return f"{value:,}" if isinstance(value, int) else str(value)


def take(paths: Iterable[Path]) -> dict[str, Result]:
    """What these files tell, by promise. Of a test that is in several the last one counts: a run
    that was cut off is completed by another one."""
    found: dict[str, Result] = {}
    cases: dict[tuple[str, str], ElementTree.Element] = {}
    for path in paths:
        text = path.read_text("utf-8")
        if text.lstrip().startswith("<"):
            tree = ElementTree.fromstring(text)  # noqa: S314 - pytest wrote it
            done = [
                case for case in tree.iter("testcase") if "name" in case.attrib
            ]  # not: it was cut off
            cases |= {(_module(case), case.attrib["name"]): case for case in done}
        else:
            found |= dict(_of_lines(text))
    return dict(_of_cases(cases)) | found


def _made(figures: dict[str, Any], size: str) -> Result:
    seed = int(figures.pop("seed", 0))
    plain: Figures = {name: _plain(value) for name, value in figures.items()}
    return Result(local(datetime.now(UTC)).date().isoformat(), size, plain, seed)


def _plain(value: Any) -> int | float | str:
    """A list is of a beginning and an end."""
    if isinstance(value, list):
        return " → ".join(map(str, value))
    return value if isinstance(value, int | float | str) else json.dumps(value)


def _size() -> str:
    """How large a run of a command was: as large as it can be, unless `POS_TRUST` says ci."""
    return "full" if SIZE.name == "test" else SIZE.name


def _of_lines(text: str) -> Iterator[tuple[str, Result]]:
    for line in text.splitlines():
        if line.startswith("{"):
            yield from _of_told(json.loads(line))


def _of_told(told: dict[str, Any]) -> Iterator[tuple[str, Result]]:
    """One line of a command: of the bench, whose counts belong to several promises, or of one."""
    if told["name"] in promises():
        if not told.get("bad") and not told.get("unexplained"):
            left_out = {"name", "bad", "unexplained", "stale"}
            plain = {name: value for name, value in told.items() if name not in left_out}
            yield told["name"], _made(plain, _size())
        return
    counts: dict[str, int] = told.get("counts", {})
    for promise in promises().values():
        names = [f"{head}_{name}" for name in promise.counts for head in ("tried", "bad")]
        figures = {name: counts[name] for name in names if name in counts}
        bad = [name for name, value in figures.items() if name.startswith("bad") and value]
        if figures and not bad:
            yield promise.id, _made(figures | {"seed": counts.get("seed", 0)}, _size())


def _of_cases(
    cases: dict[tuple[str, str], ElementTree.Element],
) -> Iterator[tuple[str, Result]]:
    for promise in promises().values():
        if promise.command:  # its figures come from there
            continue
        names = {test.removesuffix(".py").replace("/", ".") for test in promise.tests}
        own = [case for (module, _), case in cases.items() if module in names]
        if not own or any(
            case.find("failure") is not None or case.find("error") is not None for case in own
        ):
            continue
        told = [
            json.loads(one.attrib["value"])
            for case in own
            for one in case.iter("property")
            if one.attrib["name"] == "figures"
        ]
        figures = _summed(told)
        for left_out in ("name", "bad", "unexplained", "stale"):
            figures.pop(left_out, None)
        done = [case for case in own if case.find("skipped") is None]
        figures |= {
            "tests": len(done),
            "test_seconds": round(sum(float(c.attrib["time"]) for c in done)),
        }
        yield promise.id, _made(figures, SIZE.name)


def _summed(told: Iterable[dict[str, Any]]) -> dict[str, Any]:
    """What several tests tried and found bad is added up; of all else the last counts."""
    figures: dict[str, Any] = {}
    for name, value in (item for some in told for item in some.items()):
        adds = name.startswith(("tried_", "bad_")) and name in figures
        figures[name] = figures[name] + value if adds else value
    return figures


def _module(case: ElementTree.Element) -> str:
    """The test's module; a test in a class has the class behind it."""
    parts = case.attrib["classname"].split(".")
    return ".".join(part for part in parts if not part[:1].isupper())


def _rank(result: Result) -> int:
    return SIZES.index(result.size)


def write(found: dict[str, Result]) -> None:
    """Put results beside those that are there, in the order of the promises."""
    known = results()
    for name, result in found.items():
        if name not in known or _rank(result) >= _rank(known[name]):
            known[name] = result
    out = ["# Written by `python -m tests.trust.proofs`; docs/trust.md is made of it.\n"]
    for name in promises():
        if name in known:
            result = known[name]
            figures = ", ".join(
                f"{n} = {json.dumps(v, ensure_ascii=False)}" for n, v in result.figures.items()
            )
            out.append(f'[{name}]\non = "{result.on}"\nsize = "{result.size}"')
            if result.seed:
                out.append(f"seed = {result.seed}")
            out.append(f"figures = {{ {figures} }}\n")
    RESULTS.write_text("\n".join(out), "utf-8")


def main() -> None:
    """Take the files named; `--tests` names the tests instead, all of tests/trust among them."""
    if sys.argv[1:] == ["--tests"]:
        named = {test for promise in promises().values() for test in promise.tests}
        print(*sorted({"tests/trust"} | {t for t in named if not t.startswith("tests/trust/")}))
        return
    found = take(map(Path, sys.argv[1:]))
    write(found)
    print("\n".join(f"{name}: {result.figures}" for name, result in found.items()))


if __name__ == "__main__":
    main()
