"""Where tests fork processes from: one server with everything loaded that any of them needs.

There is one server in a process. Whoever starts it says what it loads, and the others would load
theirs again in every fork.
"""

from __future__ import annotations

import multiprocessing
from multiprocessing.context import ForkServerContext

LOADED = (
    *("sqlmodel", "httpx2", "pos.store.ledger"),
    *("pos.payments.wechat.gateway", "pos.payments.alipay.gateway"),
    *("tests.till.killed", "tests.trust.forked", "tests.trust.warm", "tests.trust.dying"),
)


def forks() -> ForkServerContext:
    """What makes processes, pipes and queues of that server."""
    context = multiprocessing.get_context("forkserver")
    context.set_forkserver_preload(list(LOADED))
    return context
