"""诺税通's wire against a simulator that shares no code with it, and against PyPI's own client."""

from __future__ import annotations

import stat
import threading
from typing import Any

import msgspec
import pytest
from msgspec.structs import replace
from nuonuo.signing import sign  # type: ignore[import-untyped]

from pos.invoices import course as courses
from pos.invoices import reds
from pos.invoices.course import Course
from pos.invoices.document import RedForm, RedRow
from pos.invoices.nuonuo import answers, fields
from pos.invoices.nuonuo.gateway import Nuonuo
from pos.invoices.nuonuo.signing import Stamp, signature
from pos.invoices.protocol import (
    Accepted,
    Delivered,
    Duplicate,
    Issued,
    NotFound,
    NotSent,
    Rejected,
    Unknown,
)
from pos.invoices.reds import Standing
from pos.refusal import Refused
from tests.invoices.orders import COMPANY, NUMBER, PERSON, document
from tests.invoices.platform import Platform

DOCUMENT = document()
NO = DOCUMENT.invoice_no
NO_FILE = {"app_secret": "absent"}


def test_the_signature_is_the_platforms() -> None:
    stamp = Stamp("a" * 32, "12345678", "1700000000")
    body = '{"order":{"buyerName":"个人"}}'
    ours = signature("sec", "app", stamp, body.encode())
    assert ours == "QpwRbH4jbqe1GQpb5IEw9tEzFsE="
    assert ours == sign("sec", "app", stamp.senid, stamp.nonce, body, stamp.timestamp)


def test_an_invoice_is_issued(platform: Platform) -> None:
    course = platform.drive(Course(NO), DOCUMENT)
    assert course.state == "issued"
    assert len(course.number) == 20
    assert course.ofd_url == f"{platform.sim.url}/file/{course.number}.ofd"
    assert platform.issued == 1
    (told,) = platform.sim.ledger()["invoices"]
    assert (told["orderNo"], told["buyerName"], told["status"]) == (NO, COMPANY.title, "2")


def test_the_platform_checks_what_we_send(platform: Platform) -> None:
    """Every row, discount and total passes checks written by somebody else."""
    (taken,) = _taken(platform)
    assert [r["invoiceLineProperty"] for r in taken["invoiceDetail"]] == ["2", "1", "0", "0"]
    assert taken["invoiceDetail"][1]["taxIncludedAmount"] == "-1.10"
    assert taken["invoiceDetail"][3]["favouredPolicyFlag"] == "03"
    assert taken["pushMode"] == "0"
    assert taken["invoiceLine"] == "pc"


def _taken(platform: Platform) -> list[dict[str, Any]]:
    assert isinstance(platform.provider.issue(DOCUMENT), Accepted)
    return [invoice.data for invoice in platform.sim.book.invoices.values()]


def test_a_person_and_a_special_invoice(platform: Platform) -> None:
    person = document(buyer=replace(PERSON, tax_id="11010519491231002X"))
    told = fields.order(person, platform.settings)["order"]
    assert (told["naturalPersonFlag"], told["pushMode"], told["buyerPhone"]) == (
        "1",
        "1",
        "13800001234",
    )
    special = document(kind="special", first=2)
    assert isinstance(platform.provider.issue(special), Accepted)
    assert platform.sim.book.invoices[special.invoice_no].data["invoiceLine"] == "bs"


@pytest.mark.parametrize(
    ("script", "requests"),
    [("lost", 1), ("hang", 1), ("half", 1), ("dropped", 2), ("unavailable", 2), ("lost_hidden", 1)],
)
def test_an_answer_that_is_lost_makes_no_second_invoice(
    platform: Platform, script: str, requests: int
) -> None:
    """Only what the platform does not know for minutes goes out again, under the same number."""
    platform.sim.wish(script)
    course = platform.drive(Course(NO), DOCUMENT)
    assert course.state == "issued"
    assert platform.issued == requests
    assert [i["orderNo"] for i in platform.sim.ledger()["invoices"]] == [NO]


def test_the_same_number_twice_is_asked_after(platform: Platform) -> None:
    assert isinstance(platform.provider.issue(DOCUMENT), Accepted)
    assert isinstance(platform.provider.issue(DOCUMENT), Duplicate)
    step = courses.step(Course(NO, "sending"), Duplicate(), platform.now())
    assert (step.course.state, step.act) == ("asked", "")
    assert platform.drive(step.course, DOCUMENT).state == "issued"


def test_a_kill_before_the_answer_asks_first(platform: Platform) -> None:
    sent = courses.step(Course(NO), courses.Wake(), platform.now())
    platform.provider.issue(DOCUMENT)  # and the power goes
    again = courses.step(sent.course, courses.Wake(), platform.now())
    assert again.act == "query"
    assert platform.drive(sent.course, DOCUMENT).state == "issued"
    assert platform.issued == 0


def test_what_the_bureau_does_not_issue(platform: Platform) -> None:
    platform.sim.wish("failed")
    course = platform.drive(Course(NO), DOCUMENT)
    assert (course.state, course.code) == ("failed", "22")
    assert course.why == "购方税号在电子税局中不存在"


@pytest.mark.parametrize(("script", "state"), [("unsigned", "issued"), ("never_signed", "failed")])
def test_a_missing_signature_is_tried_again(platform: Platform, script: str, state: str) -> None:
    platform.sim.wish(script)
    course = platform.drive(Course(NO), DOCUMENT)
    assert course.state == state
    assert platform.sim.calls["reInvoice"] == (1 if state == "issued" else courses.MOST_RETRIES)
    assert platform.issued == 1


def test_a_refusal_ends_it(platform: Platform) -> None:
    bad = replace(DOCUMENT, buyer=replace(COMPANY, email="x" * 60))
    told = platform.provider.issue(bad)
    assert told == Rejected("E4000", "email长度不能超过50")
    assert courses.step(Course(NO, "sending"), told, platform.now()).course.state == "failed"
    other = replace(platform.settings.seller, tax_id="91440300708461136T")
    stranger = Nuonuo(replace(platform.settings, seller=other), platform.folder, platform.now)
    assert stranger.issue(DOCUMENT) == Rejected("E9301", "税号未注册")
    stranger.close()


def test_nothing_leaves_where_nobody_listens(platform: Platform) -> None:
    assert isinstance(platform.provider.query(NO, ""), NotFound)  # a token is there
    platform.sim.stop()
    told = platform.provider.issue(DOCUMENT)
    assert told == NotSent("connect_failed")
    step = courses.step(Course(NO, "sending"), told, platform.now())
    assert step.course.state == "new"


def test_processes_that_share_a_token_fetch_one(platform: Platform) -> None:
    several = [Nuonuo(platform.settings, platform.folder, platform.now) for _ in range(4)]
    threads = [threading.Thread(target=one.query, args=(NO, "")) for one in several]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    for one in several:
        assert isinstance(one.query(NO, ""), NotFound)
        one.close()
    assert len(platform.sim._fetched) == 1


def test_tokens_are_kept_and_counted(platform: Platform) -> None:
    path = platform.folder / "nuonuo.token"
    platform.provider.query(NO, "")
    assert stat.S_IMODE(path.stat().st_mode) == 0o600
    again = Nuonuo(platform.settings, platform.folder, platform.now)
    assert isinstance(again.query(NO, ""), NotFound)
    assert len(platform.sim._fetched) == 1
    platform.sim._tokens.clear()
    assert again.query(NO, "") == NotSent("070305")
    assert again.query(NO, "") == NotSent("070305")  # not at once: there are 50 in 30 days
    platform.sim.clock.advance(301)
    assert again.query(NO, "") == NotSent("070305")
    assert isinstance(again.query(NO, ""), NotFound)
    assert len(platform.sim._fetched) == 2
    platform.sim.clock.advance(90_000)
    kept = msgspec.json.decode(path.read_bytes())
    kept["fetched"] = [platform.sim.clock.now()] * 50
    path.write_bytes(msgspec.json.encode(kept))
    third = Nuonuo(platform.settings, platform.folder, platform.now)
    assert third.query(NO, "") == NotSent("token_quota")
    path.write_bytes(b"{")
    fourth = Nuonuo(platform.settings, platform.folder, platform.now)
    assert isinstance(fourth.query(NO, ""), NotFound)
    for one in (again, third, fourth):
        one.close()


def test_settings_that_are_missing(platform: Platform) -> None:
    for settings, code in (
        (replace(platform.settings, clerk=""), "invoice_setting_missing"),
        (
            replace(platform.settings, nuonuo=replace(platform.settings.nuonuo, **NO_FILE)),
            "secret_missing",
        ),
    ):
        with pytest.raises(Refused, match=code):
            Nuonuo(settings, platform.folder, platform.now)
    (platform.folder / "nuonuo.secret").chmod(0o644)
    with pytest.raises(Refused, match="secret_mode"):
        Nuonuo(platform.settings, platform.folder, platform.now)


def test_an_invoice_is_sent_to_its_buyer_once_more(platform: Platform) -> None:
    course = platform.drive(Course(NO), DOCUMENT)
    assert isinstance(platform.provider.deliver(course.number, "a@b.cn", ""), Delivered)
    assert platform.provider.deliver("1" * 20, "a@b.cn", "") == Rejected(
        "E9999", "发票不存在不能重新交付"
    )


# --- red letters ---


def _form(blue: str, rows: tuple[RedRow, ...], kind: str = "normal") -> RedForm:
    return RedForm(
        NUMBER + "R01",
        blue,
        "special" if kind == "special" else "normal",
        COMPANY.title,
        COMPANY.tax_id,
        "return",
        rows,
        sum(row.net_fen for row in rows),
        sum(row.tax_fen for row in rows),
    )


def test_a_whole_and_a_partial_red_letter(platform: Platform) -> None:
    blue = platform.drive(Course(NO), DOCUMENT)
    standing = Standing(NO, DOCUMENT.items)
    rows = reds.rows_for(standing, [reds.Back(1, 1000, 440, 50), reds.Back(4, 535, 856, 0)])
    form = _form(blue.number, rows)
    assert [row["blueDetailIndex"] for row in fields.red(form, platform.settings)["detail"]] == [
        "1",
        "4",
    ]
    course = platform.drive_red(Course(form.red_no), form)
    assert course.state == "red"
    assert course.number != blue.number
    # the rest can still go, the same cannot
    rest = reds.whole(replace(standing, reds=rows))
    assert isinstance(
        platform.provider.red_apply(replace(_form(blue.number, rest), red_no="R2")), Accepted
    )
    again = platform.provider.red_apply(replace(_form(blue.number, rows), red_no="R3"))
    assert isinstance(again, Rejected)
    assert again.code == "E9103"


def test_red_reasons_are_the_platforms_numbers(platform: Platform) -> None:
    told = {r: fields.red(replace(_form("1", ()), reason=r), platform.settings)["redReason"]
            for r in fields.REASONS}  # fmt: skip
    assert told == {"return": "1", "mistake": "2", "stopped": "3", "allowance": "4"}
    assert reds.BUREAU_REASONS["return"] == "02"


def test_a_form_lapses_after_72_hours_and_may_be_applied_for_anew(platform: Platform) -> None:
    special = document(kind="special")
    blue = platform.drive(Course(NO), special)
    form = _form(blue.number, (), "special")
    course = platform.drive_red(Course(form.red_no), form, steps=5)
    assert (course.state, course.waiting) == ("asked", True)
    assert courses.lapses_at(course) is not None
    platform.sim.clock.advance(72 * 3600)
    course = platform.drive_red(course, form)
    assert course.state == "lapsed"
    second = replace(form, red_no=NUMBER + "R02")
    later = platform.drive_red(Course(second.red_no), second, steps=3)
    platform.sim.book.confirm(platform.sim.book.forms[second.red_no])
    assert platform.drive_red(later, second).state == "red"


@pytest.mark.parametrize(
    ("script", "state"), [("buyer_refuses", "refused"), ("form_failed", "failed"), ("lost", "red")]
)
def test_other_ends_of_a_form(platform: Platform, script: str, state: str) -> None:
    blue = platform.drive(Course(NO), DOCUMENT)
    platform.sim.wish(script)
    form = _form(blue.number, ())
    assert platform.drive_red(Course(form.red_no), form).state == state
    assert len(platform.sim.book.forms) == 1


# --- answers nobody should send ---


@pytest.mark.parametrize(
    "body",
    [
        b"",
        b"[]",
        b"<html>",
        b'{"code":null}',
        b'{"describe":"x"}',
        b'{"code":"E0000","result":"[x"}',
    ],
)
def test_no_answer_at_all(body: bytes) -> None:
    assert answers.envelope(body) is None


@pytest.mark.parametrize(
    ("result", "expected"),
    [
        ([{"orderNo": "other", "status": "2", "invoiceNo": "1" * 20}], Unknown("other_number")),
        ([{"orderNo": NO, "status": "2", "invoiceNo": "12"}], Unknown("no_number")),
        ([{"orderNo": NO, "status": "77"}], Unknown("status 77")),
        ([], NotFound()),
        ([{"orderNo": NO, "status": "2", "invoiceNo": "1" * 20, "invoiceTime": "x",
           "pdfUrl": "javascript:alert(1)"}], Issued("1" * 20, "")),
    ],
)  # fmt: skip
def test_answers_that_mean_little(result: object, expected: object) -> None:
    told = answers.Envelope("E0000", "", result)
    assert answers.of_query(told, NO) == expected
