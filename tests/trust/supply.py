"""What a shop installs: the packages the product needs when it runs, and their licences.

`python -m tests.trust.supply` prints the lock's lines of these packages alone; `make sbom` makes
the bill of materials from them.
"""

from __future__ import annotations

import json
import re
import subprocess
import sys
import tomllib
from collections.abc import Iterator, Mapping
from importlib.metadata import PackageNotFoundError, distribution
from pathlib import Path

from packaging.requirements import Requirement
from packaging.utils import canonicalize_name

ROOT = Path(__file__).parent.parent.parent
LOCK = ROOT / "requirements.lock"
_PLACES = (
    {"sys_platform": "linux", "platform_system": "Linux", "os_name": "posix"},
    {"sys_platform": "win32", "platform_system": "Windows", "os_name": "nt"},
    {"sys_platform": "darwin", "platform_system": "Darwin", "os_name": "posix"},
)

ALLOWED = frozenset(
    {
        *("MIT", "MIT License", "MIT-0", "MIT-CMU", "ISC License (ISCL)"),
        *("BSD License", "BSD-2-Clause", "BSD-3-Clause"),
        *("Apache-2.0", "Apache Software License"),
        *("PSF-2.0", "Python Software Foundation License"),
        # used as it comes, beside the program, and never changed: what the LGPL asks is kept
        "LGPL-3.0-only",
    }
)
"""Licences under which a shop may use the product, as packages write them."""

READ = {
    # what the package says of itself, what its licence file is, words of that file
    "pyrage": ("UNKNOWN", "MIT", "Permission is hereby granted, free of charge"),
    "qrcode": (
        "BSD License; Other/Proprietary License",
        "BSD-3-Clause AND MIT",
        "Neither the package name nor the names of its contributors",
    ),
}
"""Licences that were read in the package, where its metadata does not tell them."""

ELSEWHERE = {"colorama": "BSD-3-Clause"}
"""Packages of the lock that only another platform installs."""


class LicenceError(Exception):
    """A package the product needs has a licence a shop may not rely on, or none."""


def lock() -> dict[str, tuple[str, str]]:
    """Version and lines of every package in requirements.lock, by its canonical name."""
    found: dict[str, tuple[str, str]] = {}
    for block in re.split(r"\n(?=\S)", LOCK.read_text("utf-8")):
        if told := re.match(r"([\w.-]+)==(\S+)", block):
            found[canonicalize_name(told[1])] = (told[2], block)
    return found


def runtime() -> tuple[str, ...]:
    """Names of what the till and head office need on any platform, with all that these need."""
    project = tomllib.loads((ROOT / "pyproject.toml").read_text("utf-8"))["project"]
    todo = [*project["dependencies"], *project["optional-dependencies"]["headoffice"]]
    seen: set[Requirement] = set()
    waiting = [Requirement(one) for one in todo]
    while waiting:
        one = waiting.pop()
        if one not in seen:
            seen.add(one)
            waiting += _needs(one)
    return tuple(sorted({canonicalize_name(one.name) for one in seen}))


def _needs(package: Requirement) -> Iterator[Requirement]:
    try:
        told = distribution(package.name).requires or []
    except PackageNotFoundError:
        if canonicalize_name(package.name) not in ELSEWHERE:
            raise
        return
    for one in map(Requirement, told):
        marker = one.marker
        if marker is None or any(
            marker.evaluate({**place, "extra": extra})
            for place in _PLACES
            for extra in ("", *package.extras)
        ):
            yield one


def licences(names: tuple[str, ...]) -> dict[str, str]:
    """The licence of each package, as its metadata or, where that says nothing, its file has it."""
    command = [sys.executable, "-m", "piplicenses", "--format=json", "--with-system"]
    told = subprocess.run(
        [*command, "--packages", *names], capture_output=True, check=True, text=True
    )
    rows = json.loads(told.stdout)
    by_name: dict[str, str] = {canonicalize_name(row["Name"]): row["License"] for row in rows}
    return {name: _licence(name, by_name) for name in names}


def _licence(name: str, said: Mapping[str, str]) -> str:
    if name not in said:
        return ELSEWHERE.get(name, "UNKNOWN")
    if name not in READ:
        return said[name]
    was, licence, words = READ[name]
    files = [path for path in distribution(name).files or () if "LICEN" in path.name.upper()]
    if said[name] != was or not any(words in path.read_text("utf-8") for path in files):
        raise LicenceError(f"{name} says {said[name]}: read its licence again")
    return licence


def judge(found: Mapping[str, str]) -> None:
    """LicenceError where any part of a licence is not in `ALLOWED`."""
    for name, licence in found.items():
        for part in re.split(r"; | AND | OR ", licence):
            if part not in ALLOWED:
                raise LicenceError(f"{name}: {licence}")


def page() -> str:
    """docs/licences.md, below its first line. LicenceError."""
    names, pinned = runtime(), lock()
    found = licences(names)
    judge(found)
    out = [
        "# 许可 Licences\n",
        "运行时用到的全部软件包，版本以 requirements.lock 为准。 "
        "Every package the product needs when it runs, as pinned in requirements.lock.\n",
        "| package | version | licence |",
        "|---|---|---|",
    ]
    out += [f"| {name} | {pinned[name][0]} | {found[name]} |" for name in names]
    return "\n".join(out) + "\n"


def main() -> None:
    """Print the lock's lines of what runs."""
    pinned = lock()
    print("\n".join(pinned[name][1] for name in runtime()))


if __name__ == "__main__":
    main()
