"""Is a program that ran long as it was in the beginning? The judge of the soak.

Memory grows while a program warms up and its bounded caches fill, until about the 4,000th sale;
in the second half of a run the slope has to be nothing. It is taken as the median of the slopes
between all pairs of samples (Theil and Sen), which single peaks do not bend.
"""

from __future__ import annotations

import statistics
import time
from collections.abc import Sequence
from dataclasses import dataclass
from itertools import combinations
from pathlib import Path

import msgspec

WARM = 0.2
"""The part of a run that counts as warming up."""
FILLED = 0.5
"""The part of a run in which caches fill."""


class Sample(msgspec.Struct, frozen=True):
    """A moment of a run: after so many sales, what the program holds; `cpu` is seconds so far."""

    sales: int
    rss_kb: int
    threads: int
    files: int
    log_bytes: int
    wal_bytes: int
    cpu: float
    work: float
    """Seconds of CPU that this machine needs at the moment for a fixed piece of work."""


@dataclass(frozen=True)
class Limits:
    """What a run may come to: per 1,000 sales, as a ratio of last tenth to first, or in all."""

    kb_per_1000: float = 64.0
    noise_kb: float = 1024.0
    """What memory may differ by for no reason between beginning and end of a run."""
    cpu_ratio: float = 1.15
    wall_ratio: float = 1.5
    threads: int = 1
    files: int = 2
    log_bytes: int = 65_536
    wal_bytes: int = 16 << 20


LIMITS = Limits()


class Verdict(msgspec.Struct, frozen=True):
    """The figures of a run and what is wrong with them."""

    kb_per_1000: float
    cpu_ratio: float
    scan_ratio: float
    close_ratio: float
    threads: tuple[int, int]
    files: tuple[int, int]
    log_bytes: int
    wal_bytes: int
    bad: tuple[str, ...]


def sample(pid: int, sales: int, log: Path, ledger: Path) -> Sample:
    """What a process holds now."""
    proc = Path(f"/proc/{pid}")
    status = dict(
        line.split(":", 1) for line in (proc / "status").read_text().splitlines() if ":" in line
    )
    ticks = (proc / "stat").read_text().rpartition(")")[2].split()[11:13]
    return Sample(
        sales,
        int(status["VmRSS"].split()[0]),
        int(status["Threads"]),
        len(list((proc / "fd").iterdir())),
        _size(log),
        _size(ledger.with_name(ledger.name + "-wal")),
        sum(map(int, ticks)) / 100,
        min(_work() for _ in range(3)),
    )


def _work() -> float:
    """A machine with much to do needs more CPU time for the same: caches and cores are shared."""
    begun = time.process_time()
    seen: dict[str, int] = {}
    for n in range(4000):
        seen[f"{n % 500:06d}"] = n
    return time.process_time() - begun


def _size(path: Path) -> int:
    return path.stat().st_size if path.exists() else 0


def slope(samples: Sequence[Sample]) -> float:
    """Growth of memory in the second half, in kB for 1,000 sales."""
    pairs = combinations(samples[int(len(samples) * FILLED) :], 2)
    slopes = [(b.rss_kb - a.rss_kb) * 1000 / (b.sales - a.sales) for a, b in pairs]
    return statistics.median(slopes)


def judge(
    samples: Sequence[Sample],
    scans: Sequence[float],
    closes: Sequence[float],
    floors: Sequence[float],
    limits: Limits = LIMITS,
) -> Verdict:
    """Compare the end of a run with its beginning.

    Seconds of scans, closes and floors in their order. What the machine itself became slower by
    (the floor, and its time for the same work) is no fault of the till.
    """
    warm = samples[int(len(samples) * WARM) :]
    grown = slope(samples)
    span = (1 - FILLED) * samples[-1].sales / 1000
    cpu = _cpu_ratio(warm)
    scan, close = (_slower(times, floors) for times in (scans, closes))
    threads = _levels([one.threads for one in warm])
    files = _levels([one.files for one in warm])
    log, wal = samples[-1].log_bytes, max(one.wal_bytes for one in samples)
    checks = {
        f"memory grows by {grown:.0f} kB for 1,000 sales": grown * span
        > limits.kb_per_1000 * span + limits.noise_kb,
        f"CPU time of a sale grows to {cpu:.2f}": cpu > limits.cpu_ratio,
        f"scans take {scan:.2f} as long": scan > limits.wall_ratio,
        f"closes take {close:.2f} as long": close > limits.wall_ratio,
        f"threads {threads}": threads[1] > threads[0] + limits.threads,
        f"open files {files}": files[1] > files[0] + limits.files,
        f"the log has {log} bytes": log > limits.log_bytes,
        f"the WAL has {wal} bytes": wal > limits.wal_bytes,
    }
    bad = tuple(said for said, wrong in checks.items() if wrong)
    return Verdict(grown, cpu, scan, close, threads, files, log, wal, bad)


def _tenth(count: int) -> int:
    return max(1, count // 10)


def ends(values: Sequence[float]) -> tuple[float, float]:
    """Medians of the first tenth after warming up, and of the last."""
    warm = values[int(len(values) * WARM) :]
    n = _tenth(len(values))
    return statistics.median(warm[:n]), statistics.median(warm[-n:])


def _ratio(seconds: Sequence[float]) -> float:
    first, last = ends(seconds)
    return last / first


def _slower(times: Sequence[float], floors: Sequence[float]) -> float:
    """By how much, as it was measured or against the floor, whichever says less.

    A machine that gets more to do slows both, but not alike; slower in both ways is the program.
    """
    ratio = _ratio(times)
    return min(ratio, ratio / _ratio(floors))


def _cpu_ratio(samples: Sequence[Sample]) -> float:
    """CPU time of a sale in the last tenth over the first; of a short run, in its thirds. The
    machine's own time for the same work is taken out, from the same samples."""
    n = max(len(samples) // 10, 1) if len(samples) >= 20 else max(len(samples) // 3, 1)

    def a_sale(first: Sample, last: Sample) -> float:
        return (last.cpu - first.cpu) / (last.sales - first.sales)

    def machine(some: Sequence[Sample]) -> float:
        return statistics.median(one.work for one in some)

    slower = machine(samples[-n:]) / machine(samples[:n])
    return a_sale(samples[-1 - n], samples[-1]) / a_sale(samples[0], samples[n]) / slower


def _levels(values: Sequence[int]) -> tuple[int, int]:
    n = max(_tenth(len(values)), min(3, len(values)))
    return round(statistics.median(values[:n])), round(statistics.median(values[-n:]))
