"""The table of what head office issues: put down, taken up by one process, kept, told to tills."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Literal

import msgspec
from msgspec.structs import astuple, replace

from pos.headoffice import master
from pos.headoffice.database import Row, Work, one
from pos.headoffice.invoicing import buyers
from pos.invoices.course import Course
from pos.invoices.document import Document, RedForm, RedRow
from pos.invoices.reds import Standing
from pos.protocol.master import Invoice, Kind
from pos.sealing import Vault

_COURSE = msgspec.json.Decoder(Course)
_DOCUMENT = msgspec.json.Decoder(Document)
_FORM = msgspec.json.Decoder(RedForm)
DONE = ("issued", "red")
_GONE = "null"


class Shown(msgspec.Struct, frozen=True):
    """Row `n` of an invoice, or what a red letter takes back of it."""

    n: int
    line_no: int
    milli: int
    net_fen: int
    tax_fen: int


_ITEMS = msgspec.json.Decoder(tuple[Shown, ...])


class Issue(msgspec.Struct, frozen=True):
    """A row of the table, without who holds it. Moments are `clock.stamp`, `day` is the shops'."""

    shop_id: str
    no: str
    kind: Literal["invoice", "red"]
    number: str
    order_id: str
    day: str
    asked_at: str
    asked_by: str
    special: int
    person_id: str
    total_fen: int
    tax_fen: int
    cause: str
    of_no: str
    replaces: str
    back: str
    state: str
    open: int
    next_at: str
    waits_for: str
    bureau_no: str
    ended_at: str
    items: str
    course: str
    sealed: str

    @property
    def told(self) -> str:
        """Its state in the words' terms: what is still to come is `asked`."""
        return "asked" if self.open else self.state

    @property
    def at(self) -> Course:
        """Where its machine stands."""
        return _COURSE.decode(self.course)

    @property
    def rows(self) -> tuple[Shown, ...]:
        """What it shows."""
        return _ITEMS.decode(self.items)


NAMES = " ".join(Issue.__struct_fields__)
SELECT = f"SELECT {', '.join(Issue.__struct_fields__)} FROM issuing"  # noqa: S608  # nosec B608  # our own names


def issue_of(row: Row) -> Issue:
    """A row of `SELECT`."""
    return Issue(**{name: row[name] for name in Issue.__struct_fields__})


def of_order(work: Work, number: str) -> list[Issue]:
    """Everything asked for of an order, the oldest first."""
    sql = f"{SELECT} WHERE shop_id = :s AND number = :n ORDER BY asked_at, no"
    return [issue_of(row) for row in work.rows(sql, s=number[:4], n=number)]


def get(work: Work, no: str) -> Issue | None:
    """One by our own number."""
    row = one(work.rows(f"{SELECT} WHERE shop_id = :s AND no = :n", s=no[:4], n=no))
    return None if row is None else issue_of(row)


def put(work: Work, issues: Sequence[Issue]) -> None:
    """Put down new ones; a number that is there already is another's: AssertionError."""
    columns = f"{NAMES} holder held_until"
    rows = [(*astuple(issue), "", "") for issue in issues]
    if work.put("issuing", columns, rows) != len(rows):
        raise AssertionError(issues[0].no)


def standing(invoice: Issue, reds: Sequence[Issue]) -> int:
    """What an invoice stands for, once every red letter that is asked for is there; fen."""
    if invoice.state == "failed":
        return 0
    gone = sum(red.total_fen for red in reds if red.of_no == invoice.no and counts(red))
    return invoice.total_fen - gone


def counts(red: Issue) -> bool:
    """Whether a red letter is there or still to come."""
    return bool(red.open) or red.state == "red"


def standing_rows(invoice: Issue, document: Document, reds: Sequence[Issue]) -> Standing:
    """An invoice with what its red letters took back."""
    items = {item.n: item for item in document.items}
    gone = [
        RedRow(items[row.n], row.milli, row.net_fen, row.tax_fen)
        for red in reds
        if red.of_no == invoice.no and counts(red)
        for row in red.rows
    ]
    return Standing(invoice.no, document.items, tuple(gone))


def document_of(work: Work, vault: Vault, issue: Issue) -> Document | None:
    """An invoice's document; None where its buyer was erased."""
    data = buyers.opened(work, vault, issue.shop_id, issue.person_id, issue.sealed, issue.no)
    return None if data is None else _DOCUMENT.decode(data)


def form_of(work: Work, vault: Vault, issue: Issue) -> RedForm | None:
    """A red letter's form with the number its invoice got meanwhile; None where erased."""
    data = buyers.opened(work, vault, issue.shop_id, issue.person_id, issue.sealed, issue.no)
    blue = get(work, issue.of_no)
    if data is None or blue is None:
        return None
    return replace(_FORM.decode(data), blue_no=blue.bureau_no)


# -- who works on it ----------------------------------------------------------

_DUE = """SELECT shop_id, no FROM issuing i WHERE open = 1 AND next_at <= :n AND held_until <= :n
    AND (waits_for = '' OR EXISTS (SELECT 1 FROM issuing o
        WHERE o.shop_id = i.shop_id AND o.no = i.waits_for AND o.open = 0))
    ORDER BY next_at, no LIMIT :m"""
_CLAIM = """UPDATE issuing SET holder = :h, held_until = :u
    WHERE shop_id = :s AND no = :o AND open = 1 AND next_at <= :n AND held_until <= :n"""
_KEEP = """UPDATE issuing SET state = :st, open = :op, next_at = :na, bureau_no = :bn,
    ended_at = :ea, course = :co WHERE shop_id = :s AND no = :o AND holder = :h"""


def due(work: Work, now: str, most: int) -> list[tuple[str, str]]:
    """Shop and number of what has its time and its turn, the oldest first."""
    return [(row["shop_id"], row["no"]) for row in work.rows(_DUE, n=now, m=most)]


def claim(work: Work, place: tuple[str, str], holder: str, now: str, until: str) -> Issue | None:
    """Take one up; None where another process was faster. The row is the lock."""
    if not work.do(_CLAIM, s=place[0], o=place[1], n=now, h=holder, u=until):
        return None
    return get(work, place[1])


def release(work: Work, shop: str, no: str, holder: str) -> None:
    """Let go of what is held."""
    sql = """UPDATE issuing SET holder = '', held_until = ''
        WHERE shop_id = :s AND no = :o AND holder = :h"""
    work.do(sql, s=shop, o=no, h=holder)


def release_all(work: Work) -> None:
    """Let go of what a process that is gone had in hand; for a database of one process."""
    work.do("UPDATE issuing SET holder = '', held_until = '' WHERE holder <> ''")


def keep(work: Work, issue: Issue, course: Course, holder: str, now: str) -> bool:
    """Keep a course, and where it has ended tell the tills; False where another holds it now."""
    values: dict[str, str | int] = {
        "st": course.state,
        "op": int(course.open),
        "na": course.next_at,
        "bn": course.number,
        "ea": "" if course.open else now,
        "co": msgspec.json.encode(course).decode(),
    }
    if not work.do(_KEEP, s=issue.shop_id, o=issue.no, h=holder, **values):
        return False
    if not course.open:
        tell(work, issue.number, now)
    return True


def ask_soon(work: Work, no: str, now: str) -> bool:
    """News may be there: it is asked after at once. False where nothing is to come."""
    sql = """UPDATE issuing SET next_at = :n
        WHERE shop_id = :s AND no = :o AND open = 1 AND next_at > :n AND state <> 'new'"""
    return bool(work.do(sql, s=no[:4], o=no, n=now))


# -- told to tills ------------------------------------------------------------


def tell(work: Work, number: str, now: str) -> None:
    """The order's invoice as the tills of its shop see it."""
    every = of_order(work, number)
    reds = [one for one in every if one.kind == "red"]
    last = [one for one in every if one.kind == "invoice"][-1]
    status = last.told
    if status == "issued" and standing(last, reds) <= 0:
        open_ = any(red.open for red in reds if red.of_no == last.no)
        status = "red_asked" if open_ else "red"
    course = last.at
    reason = f"{course.code} {course.why}".strip() if status == "failed" else ""
    value = Invoice(number, status, last.bureau_no, course.pdf_url[:500], reason[:200])
    key: tuple[Kind, str] = ("invoice", number)
    wanted = {key: msgspec.json.encode(value).decode()}
    master.publish(work, number[:4], wanted, "invoices", now)


def forget_told(work: Work, day: str, now: str) -> None:
    """Tills are no longer told of what was asked for on a day past which nobody asks."""
    for shop in work.rows("SELECT shop_id FROM shops"):
        sql = "SELECT DISTINCT number FROM issuing WHERE shop_id = :s AND day = :d"
        found = work.rows(sql, s=shop["shop_id"], d=day)
        wanted: dict[tuple[Kind, str], str] = {("invoice", r["number"]): _GONE for r in found}
        master.publish(work, shop["shop_id"], wanted, "invoices", now)
