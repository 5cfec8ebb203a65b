"""The platform's simulator with a clock that stands still, and our adapter that talks to it."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import UTC, datetime
from pathlib import Path

import pytest
from msgspec.structs import replace

from pos.invoices import course as courses
from pos.invoices.course import Act, Course
from pos.invoices.document import Document, RedForm
from pos.invoices.nuonuo.gateway import Nuonuo
from pos.invoices.protocol import Answer
from pos.invoices.settings import InvoiceSettings
from pos.simulators.tax import Settings, TaxSimulator
from pos.simulators.wallets.clock import WalletClock
from tests.invoices.orders import SETTINGS

NOON = 1_785_117_784.0  # 2026-07-27 10:03:04 in Beijing


class Platform:
    """Both ends, one clock, and a driver that does what a till's thread does."""

    def __init__(self, folder: Path, quick: float = 0.3) -> None:
        clock = WalletClock()
        clock.set(NOON)
        self.folder = folder
        self.sim = TaxSimulator(folder, clock=clock, settings=Settings(hang_s=3.0), keep=False)
        own = replace(
            SETTINGS.nuonuo,
            app_key=self.sim.app_key,
            base_url=self.sim.url,
            token_url=self.sim.url,
            token="nuonuo.token",  # noqa: S106 - a file's name
            read_seconds=quick,
        )
        self.settings: InvoiceSettings = replace(SETTINGS, nuonuo=own)
        self.provider = Nuonuo(self.settings, folder, self.now)
        self.issued = 0

    def now(self) -> datetime:
        """The one clock."""
        return datetime.fromtimestamp(self.sim.clock.now(), UTC)

    def act(self, act: Act, document: Document) -> Answer:
        """What the machine asks for."""
        if act == "issue":
            self.issued += 1
            return self.provider.issue(document)
        if act == "retry":
            return self.provider.retry(document.invoice_no)
        return self.provider.query(document.invoice_no, document.at)

    def drive(self, course: Course, document: Document, steps: int = 40) -> Course:
        """Until it ends: wake, act, answer, and time goes on."""
        for _ in range(steps):
            if not course.open:
                return course
            step = courses.step(course, courses.Wake(), self.now())
            while step.act:
                answer = self.act(step.act, document)
                step = courses.step(step.course, answer, self.now())
            course = step.course
            if course.open:
                self.sim.clock.set(max(self.sim.clock.now(), _seconds(course.next_at)))
        return course

    def drive_red(self, course: Course, form: RedForm, steps: int = 40) -> Course:
        """The same for a red letter."""
        for _ in range(steps):
            if not course.open:
                return course
            step = courses.red_step(course, courses.Wake(), self.now())
            answer: Answer = (
                self.provider.red_apply(form)
                if step.act == "red_apply"
                else self.provider.red_query(form.red_no)
            )
            course = courses.red_step(step.course, answer, self.now()).course
            if course.open:
                self.sim.clock.set(max(self.sim.clock.now(), _seconds(course.next_at)))
        return course


def _seconds(stamp: str) -> float:
    return datetime.fromisoformat(stamp).timestamp()


@pytest.fixture
def platform(tmp_path: Path) -> Iterator[Platform]:
    """Both ends in a folder of their own."""
    both = Platform(tmp_path)
    with both.sim:
        yield both
        both.provider.close()
