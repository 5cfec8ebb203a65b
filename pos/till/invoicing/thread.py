"""The `invoicing` thread: it issues, asks after and takes back while the till sells."""

from __future__ import annotations

from collections.abc import Callable
from concurrent.futures import Future
from typing import TYPE_CHECKING, Any

from pos.clock import Clock
from pos.config import Config
from pos.refusal import Refused
from pos.till.invoicing.working import Maker, Told, Worker, provider_of
from pos.till.turning import Turning

if TYPE_CHECKING:
    from pos.store.ledger import Ledger

Submit = Callable[[Callable[["Ledger"], Any]], Future[Any]]
LOOK_SECONDS = 2.0
"""How often is looked whether something is due."""


class Invoicing:
    """A till's invoices at work; what was open when the program ended goes on at its start."""

    def __init__(
        self,
        config: Config,
        clock: Clock,
        submit: Submit,
        told: Told,
        maker: Maker = provider_of,
    ) -> None:
        self._submit = submit
        self._worker = Worker(config, clock, self._run_in_ledger, maker, told)
        self._thread = Turning("invoicing", LOOK_SECONDS, self._worker.turn)

    @property
    def trouble(self) -> Refused | None:
        """Why the provider cannot be used as it is set up."""
        return self._worker.trouble

    def start(self) -> None:
        """Begin: what is open is looked after first."""
        self._thread.start()

    def stop(self) -> None:
        """Let the call under way come to its end, if it does so soon."""
        if self._thread.stop():
            self._worker.close()

    def look(self) -> None:
        """Something was asked for, or time was moved: see what is due."""
        self._thread.look()

    def _run_in_ledger(self, job: Callable[[Ledger], object]) -> object:
        return self._submit(job).result()


def start_invoicing(config: Config, clock: Clock, submit: Submit, told: Told) -> Invoicing | None:
    """The thread at work; None where this till issues nothing."""
    own = config.settings.invoices
    if config.training or own.owner != "till" or own.provider == "none":
        return None
    invoicing = Invoicing(config, clock, submit, told)
    invoicing.start()
    return invoicing
