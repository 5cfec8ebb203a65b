"""`python -m tests.trust.life FOLDER SEED COUNT [ACT…]`: one life of a till, acks on stdout.

`POS_WEAK=synchronous` runs it with a protection taken away, for the tests of the tests. With
`POS_GOES_ON=1` an act that is refused is told on stderr by its code, and the next one is tried.
"""

from __future__ import annotations

import os
import random
import sys
from pathlib import Path

import msgspec

from pos.refusal import Refused
from pos.store import engine
from tests.shop import Shop
from tests.trust.acts import ACTS, Life


def main(folder: str, seed: str, count: str, *names: str) -> None:
    """Acts in a row, each acknowledged by one write."""
    if os.environ.get("POS_WEAK") == "synchronous":
        engine._PRAGMAS["synchronous"] = 1  # NORMAL
    told = (Refused,) if os.environ.get("POS_GOES_ON") == "1" else ()
    rng = random.Random(int(seed))
    try:
        life = Life(Shop(Path(folder)), rng)
    except told as refused:
        os.write(2, f"{getattr(refused, 'code', '')}\n".encode())
        return
    for _ in range(int(count)):
        try:
            ack = life.act(rng.choice(names or tuple(ACTS)))
        except told as refused:
            os.write(2, f"{getattr(refused, 'code', '')}\n".encode())
        else:
            os.write(1, msgspec.json.encode(ack) + b"\n")
    life.stop()


if __name__ == "__main__":
    main(*sys.argv[1:])
