"""Invoices as pages show them: those of an order, whoever issued them; those of a day."""

from __future__ import annotations

import msgspec

from pos.headoffice import receipts
from pos.headoffice.database import Row, Work
from pos.headoffice.invoicing import keeping
from pos.headoffice.invoicing.keeping import Issue
from pos.headoffice.receipts import Invoice
from pos.invoices.buyers import PERSON
from pos.invoices.document import Buyer
from pos.sealing import Vault

MOST = 200
STATES = ("issued", "failed", "asked", "red")
_HERE = f"""{keeping.SELECT} WHERE day = :d AND (:s = '' OR shop_id = :s)
    ORDER BY asked_at DESC, no LIMIT {MOST}"""
_AT_TILLS = f"""SELECT i.shop_id, i.invoice_no, i.number, i.at, i.total_fen,
        COALESCE(e.state, 'asked') AS state, COALESCE(e.bureau_no, '') AS bureau_no
    FROM invoices i LEFT JOIN invoice_ends e ON e.shop_id = i.shop_id AND e.no = i.invoice_no
    WHERE i.business_date = :d AND (:s = '' OR i.shop_id = :s)
    ORDER BY i.at DESC, i.invoice_no LIMIT {MOST}"""  # noqa: S608  # nosec B608  # a number of ours
_TROUBLE = """SELECT count(*) AS n FROM issuing i WHERE i.day >= :b AND (:s = '' OR i.shop_id = :s)
    AND i.state IN ('failed', 'lapsed', 'refused') AND NOT EXISTS (SELECT 1 FROM issuing o
        WHERE o.shop_id = i.shop_id AND o.number = i.number AND o.kind = i.kind
        AND o.asked_at > i.asked_at)"""


class Line(msgspec.Struct, frozen=True):
    """A row of the day's list. `state`: issued, failed, asked or red; `detail` the very state;
    `here` where head office issued it."""

    shop: str
    no: str
    number: str
    kind: str
    state: str
    detail: str
    at: str
    total_fen: int
    bureau_no: str
    here: bool


def of_order(work: Work, vault: Vault | None, number: str) -> list[Invoice]:
    """An order's invoices, in the order of their numbers; with titles where a vault opens them."""
    issues = keeping.of_order(work, number)
    reds = [one for one in issues if one.kind == "red"]
    here = [_invoice(work, vault, one, reds) for one in issues if one.kind == "invoice"]
    found = [*receipts.asked_at_till(work, number), *here]
    return sorted(found, key=lambda one: one.invoice_no)


def _invoice(work: Work, vault: Vault | None, issue: Issue, reds: list[Issue]) -> Invoice:
    red_fen = sum(r.total_fen for r in reds if r.of_no == issue.no and r.state == "red")
    document = keeping.document_of(work, vault, issue) if vault else None
    course = issue.at
    papers = (("PDF", course.pdf_url), ("OFD", course.ofd_url), ("XML", course.xml_url))
    return Invoice(
        issue.no,
        "red" if red_fen >= issue.total_fen else issue.told,
        issue.bureau_no,
        issue.total_fen,
        red_fen,
        True,
        _shown(document.buyer) if document else "",
        course.why if issue.state == "failed" else "",
        issue.asked_at,
        tuple((kind, to) for kind, to in papers if to),
    )


def _shown(buyer: Buyer) -> str:
    """A title for whoever holds the receipt: a person's name but for its first sign is nobody's
    business."""
    if not buyer.person or buyer.title == PERSON:
        return buyer.title
    return buyer.title[:1] + "*" * min(len(buyer.title) - 1, 2)


def of_day(work: Work, day: str, shop: str) -> list[Line]:
    """What was asked for on a day, the latest first; at most `MOST` of tills and of head office."""
    here = [_line(keeping.issue_of(row)) for row in work.rows(_HERE, d=day, s=shop)]
    told = [_at_till(row) for row in work.rows(_AT_TILLS, d=day, s=shop)]
    return sorted([*here, *told], key=lambda line: (line.at, line.no), reverse=True)


def _line(one: Issue) -> Line:
    state = {"red": "red", "issued": "issued"}.get(one.state, "asked" if one.open else "failed")
    if one.kind == "red" and one.open:
        state = "red"
    about = (one.shop_id, one.no, one.number, one.kind, state, one.told, one.asked_at)
    fen = -one.total_fen if one.kind == "red" else one.total_fen
    return Line(*about, fen, one.bureau_no, True)


def _at_till(row: Row) -> Line:
    state = {"exported": "issued"}.get(row["state"], row["state"])
    return Line(
        row["shop_id"],
        row["invoice_no"],
        row["number"],
        "invoice",
        str(state),
        row["state"],
        row["at"],
        row["total_fen"],
        row["bureau_no"],
        False,
    )


def trouble(work: Work, since: str, shop: str) -> int:
    """Invoices and red letters asked for since a day that failed and were not asked for again."""
    return int(work.rows(_TROUBLE, b=since, s=shop)[0]["n"])
