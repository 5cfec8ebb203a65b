"""A course driven with a provider: committed first, acted on then, as far as it goes now."""

from __future__ import annotations

from collections.abc import Callable
from datetime import datetime

from pos.invoices import course as courses
from pos.invoices.course import Act, Course, Step
from pos.invoices.document import Document, RedForm
from pos.invoices.protocol import Answer, InvoiceProvider


def drive(
    course: Course,
    about: Document | RedForm,
    provider: InvoiceProvider,
    keep: Callable[[Course], None],
    now: Callable[[], datetime],
) -> None:
    """Wake a course. `keep` commits it, before each call and after the last; what it raises ends
    the round."""
    machine = courses.step if isinstance(about, Document) else courses.red_step
    step: Step = machine(course, courses.Wake(), now())
    while True:
        keep(step.course)
        if not step.act:
            return
        answer = _act(step.act, step.course, about, provider)
        step = machine(step.course, answer, now())


def _act(act: Act, course: Course, about: Document | RedForm, provider: InvoiceProvider) -> Answer:
    match act, about:
        case "issue", Document():
            return provider.issue(about)
        case "red_apply", RedForm():
            return provider.red_apply(about)
        case "red_query", _:
            return provider.red_query(course.no)
        case "retry", _:
            return provider.retry(course.no)
        case _:
            return provider.query(course.no, course.sent_at)
