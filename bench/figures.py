"""What a bench gives back, and how medians and tails are taken."""

from __future__ import annotations

import json
import statistics
from collections.abc import Sequence
from dataclasses import dataclass, field


@dataclass
class Result:
    """One bench: figures in ms (p50, p99, unit, floor_p50, ratio), rates and counts."""

    name: str
    n: int
    figures: dict[str, dict[str, float | str | None]] = field(default_factory=dict)
    rates: dict[str, float] = field(default_factory=dict)
    counts: dict[str, float] = field(default_factory=dict)

    def add(self, name: str, seconds: Sequence[float], floor: Sequence[float] = ()) -> None:
        """A figure from samples in seconds, given in ms, with its floor of the same run."""
        p50 = statistics.median(seconds) * 1000
        floor_p50 = statistics.median(floor) * 1000 if floor else None
        self.figures[name] = {
            "p50": round(p50, 3),
            "p99": round(percentile(seconds, 99) * 1000, 3),
            "unit": "ms",
            "floor_p50": round(floor_p50, 3) if floor_p50 is not None else None,
            "ratio": round(p50 / floor_p50, 2) if floor_p50 else None,
        }

    def to_json(self) -> str:
        """The one line a program reads."""
        return json.dumps(self.__dict__, ensure_ascii=False)

    def to_text(self) -> str:
        """Lines a person reads."""
        lines = [f"{self.name} (n={self.n})"]
        for name, f in self.figures.items():
            beside = f"  floor {f['floor_p50']} x{f['ratio']}" if f["floor_p50"] else ""
            lines.append(f"  {name:18} p50 {f['p50']} p99 {f['p99']} {f['unit']}{beside}")
        lines += [f"  {name:18} {value}" for name, value in (self.rates | self.counts).items()]
        return "\n".join(lines)


def percentile(samples: Sequence[float], percent: int) -> float:
    """The value that `percent` of the samples do not exceed."""
    ordered = sorted(samples)
    return ordered[min(len(ordered) - 1, len(ordered) * percent // 100)]
