"""`python -m tests.trust.life FOLDER SEED COUNT [ACT…]`: one life of a till, acks on stdout.

`POS_WEAK=synchronous` runs it with a protection taken away, for the tests of the tests.
"""

from __future__ import annotations

import os
import random
import sys
from pathlib import Path

import msgspec

from pos.store import engine
from tests.shop import Shop
from tests.trust.acts import ACTS, Life


def main(folder: str, seed: str, count: str, *names: str) -> None:
    """Acts in a row, each acknowledged by one write."""
    if os.environ.get("POS_WEAK") == "synchronous":
        engine._PRAGMAS["synchronous"] = 1  # NORMAL
    rng = random.Random(int(seed))
    life = Life(Shop(Path(folder)), rng)
    for _ in range(int(count)):
        ack = life.act(rng.choice(names or tuple(ACTS)))
        os.write(1, msgspec.json.encode(ack) + b"\n")
    life.stop()


if __name__ == "__main__":
    main(*sys.argv[1:])
