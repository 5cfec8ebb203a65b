"""Disks that are what they claim: a small one that fills up, one that is mounted read-only.

Mounted in a namespace of their own, so that no privilege is needed where the system lets anybody
make one, and nothing is left behind.
"""

from __future__ import annotations

import shutil
import subprocess
import sys
from collections.abc import Sequence
from functools import cache
from pathlib import Path


@cache
def can_mount() -> bool:
    """Whether a file system can be mounted here without asking anybody."""
    if shutil.which("unshare") is None:
        return False
    return _inside("mount -t tmpfs -o size=64k guitai /mnt", ["true"]).returncode == 0


def _inside(mount: str, argv: Sequence[str]) -> subprocess.CompletedProcess[str]:
    script = f'{mount} && exec "$@"'
    return subprocess.run(
        ["unshare", "--user", "--map-root-user", "--mount", "sh", "-c", script, "sh", *argv],
        capture_output=True,
        text=True,
        timeout=300,
        check=False,
    )


def on_small_disk(
    folder: Path, kilobytes: int, module: str, *words: str
) -> subprocess.CompletedProcess[str]:
    """`python -m module words` where `folder` is an empty disk of that size."""
    mount = f"mount -t tmpfs -o size={kilobytes}k guitai '{folder}'"
    return _inside(mount, [sys.executable, "-m", module, *words])


def on_read_only_disk(folder: Path, module: str, *words: str) -> subprocess.CompletedProcess[str]:
    """`python -m module words` where nothing below `folder` can be written, by root either."""
    mount = f"mount --bind '{folder}' '{folder}' && mount -o remount,bind,ro '{folder}'"
    return _inside(mount, [sys.executable, "-m", module, *words])
