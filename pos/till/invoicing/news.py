"""What became of an invoice, told at the till once it is on disk."""

from __future__ import annotations

from functools import partial
from typing import TYPE_CHECKING

from pos.invoices.course import Course
from pos.store.invoices import Work
from pos.text import clean
from pos.till.invoicing import daylist

if TYPE_CHECKING:
    from pos.till.till import Till

LONGEST_WHY = 60


def heard(till: Till, work: Work, course: Course) -> None:
    """From the `invoicing` thread."""
    till.later(partial(_tell, till, work, course))


def _tell(till: Till, work: Work, course: Course) -> None:
    """One line; what failed is heard, too. A screen nobody looks at is left alone."""
    words = till.words.invoices
    if till.state.session is None or till.state.mode == "locked":
        return
    if till.state.invoices is not None:
        daylist.read(till)
    number = till.reader.number_of(work.order_id)
    if course.state in ("issued", "red"):
        said = words.issued_news if work.kind == "invoice" else words.red_news
        if till.state.message is None or till.state.message.tone != "error":
            till.tell(said.format(number=number, bureau_no=course.number), "ok")
        return
    if course.state == "exported":
        return
    why = clean(f"{course.code} {course.why}", LONGEST_WHY)
    said = words.failed_news if work.kind == "invoice" else words.red_failed_news
    till.alarm_message(said.format(number=number, why=why))
