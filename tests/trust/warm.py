"""One whole life lived where lives are forked from: what a till loads when it first needs it is
loaded then, once for all of them."""

from __future__ import annotations

import gc
import random
import tempfile
from pathlib import Path

from tests.trust.acts import ALONE, act
from tests.trust.holding import wrong
from tests.trust.life import Ack, Life
from tests.trust.world import make_world


def live_once() -> None:
    """Each act, then the checks of a start."""
    acks: list[Ack] = []
    with tempfile.TemporaryDirectory(prefix="guitai-") as name:
        world = make_world(Path(name))
        life = Life(world, random.Random(0), acks.append)
        for each in ALONE:
            act(life, each)
        life.stop()
        assert wrong(world, acks) == []


live_once()
gc.freeze()  # what is there now is never collected: a fork shares its pages
