"""The verbs and the command table say the same."""

from __future__ import annotations

import re
from collections.abc import Iterator
from typing import Any

import pytest
import typer

from pos.cli.app import VERBS, app
from pos.commands import TABLE
from tests.cli.conftest import Pos
from tests.shop import Shop, make_shop

ROWS = {command.id: command for command in TABLE if "cli" in command.modes}
GUARDED = [name for name, command in ROWS.items() if command.right]
FREE = [name for name, command in ROWS.items() if not command.right]
_PLACE = ["--shop", "0001", "--till", "01"]
NEEDS = {
    "cli.headoffice.account.add": ["x"],
    "cli.headoffice.account.reset": ["x"],
    "cli.headoffice.till.add": _PLACE,
    "cli.headoffice.import": ["x.csv"],
    "cli.headoffice.offers": ["x.toml"],
    "cli.headoffice.setting": ["returns.days", "7"],
    "cli.headoffice.till.revoke": _PLACE,
    "cli.sell": ["690001", "--cash", "5"],
    "cli.order.show": ["000101010000001"],
    "cli.promo.explain": ["000101010000001"],
    "cli.order.reprint": ["000101010000001"],
    "cli.order.deliver": ["000101010000001"],
    "cli.order.return": ["000101010000001", "--all"],
    "cli.order.voucher": ["000101010000001"],
    "cli.receipt.show": ["000101010000001"],
    "cli.receipt.render": ["x.receipt"],
    "cli.journal.export": ["x"],
    "cli.journal.replay": ["x", "--into", "x"],
    "cli.backup.key": ["x"],
    "cli.backup.verify": ["x", "--identity", "x"],
    "cli.backup.restore": ["x", "--identity", "x", "--into", "x"],
    "cli.payment.resolve": ["x", "--as", "paid", "--reason", "x"],
    "cli.payment.refund": ["x", "--reason", "x"],
    "cli.payment.reconcile": ["--channel", "wechat", "--date", "2026-03-01"],
    "cli.printer.retry": ["x"],
    "cli.printer.cancel": ["x"],
    "cli.member.add": ["--phone", "13800001234"],
    "cli.member.topup": ["x", "1"],
    "cli.member.payout": ["x", "1", "--reason", "x"],
    "cli.member.find": ["x"],
    "cli.member.show": ["x"],
    "cli.member.edit": ["x", "--card", "12345678"],
    "cli.member.erase": ["x"],
    "cli.stock.receive": ["690001"],
    "cli.stock.count": ["690001"],
    "cli.stock.move": ["out", "690001", "--partner", "x"],
    "cli.invoice.issue": ["000101010000001"],
    "cli.invoice.red": ["x"],
    "cli.invoice.amend": ["x"],
    "cli.invoice.resend": ["x"],
    "cli.invoice.mark": ["x", "2" * 20],
    "cli.message.again": ["x"],
    "cli.catalog.labels": ["--printer", "x"],
    "cli.catalog.import": ["x.csv"],
    "cli.catalog.export": ["x.csv"],
    "cli.catalog.edit": ["690001", "--price", "1"],
    "cli.cash.in": ["1", "--reason", "x"],
    "cli.cash.out": ["1", "--reason", "x"],
    "cli.cash.drop": ["1", "--reason", "x"],
    "cli.cash.open-drawer": ["--reason", "x"],
    "cli.voucher.export": ["--date", "2026-03-01"],
    "cli.operator.add": ["1009", "--name", "X"],
    "cli.operator.pin": ["1001"],
    "cli.operator.disable": ["1001"],
}


@pytest.fixture(scope="module")
def shop(tmp_path_factory: pytest.TempPathFactory) -> Shop:
    """One for all: whatever is asked of it here, its journal stays as it is."""
    return make_shop(tmp_path_factory.mktemp("shop"))


def _verbs(command: Any, head: str) -> Iterator[str]:
    for name, below in getattr(command, "commands", {}).items():
        if hasattr(below, "commands"):
            yield from _verbs(below, f"{head}.{name}")
        else:
            yield f"{head}.{name}"


def test_every_verb_is_a_row_and_every_row_a_verb() -> None:
    assert sorted(_verbs(typer.main.get_command(app), "cli")) == sorted(ROWS)
    assert sorted(VERBS) == sorted(ROWS)


@pytest.mark.parametrize("name", GUARDED)
def test_nobody_gets_past_a_verb_that_needs_a_right(pos: Pos, name: str) -> None:
    words = name.split(".")[1:] + NEEDS.get(name, [])
    before = pos.head()
    assert "工号" in pos(*words).why
    assert "密码" in pos(*words, "--operator", "9001").why
    assert pos.head() == before


@pytest.mark.parametrize("name", FREE)
def test_the_others_ask_the_same_question(
    pos: Pos, name: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    asked = []

    def require(command: str, session: object) -> None:
        asked.append((command, session))
        raise typer.Exit(7)

    monkeypatch.setattr("pos.cli.app.require", require)
    words = name.split(".")[1:] + NEEDS.get(name, [])
    words += ["--config", "x", "--"] if name == "cli.run" else []
    assert pos(*words).code == 7
    assert asked == [(name, None)]


@pytest.mark.parametrize("name", sorted(ROWS))
def test_every_verb_has_a_page_of_help(pos: Pos, name: str) -> None:
    answer = pos(*name.split(".")[1:], "--help")
    assert answer.code == 0
    assert re.search("[\u4e00-\u9fff]", answer.out)


def test_help_and_nothing_at_all(pos: Pos) -> None:
    assert pos().out == pos("--help").out
    for wrong in (["order"], ["frob"], ["order", "frob"], ["keys", "--frob"], ["order", "show"]):
        answer = pos(*wrong)
        assert (answer.code, answer.out, len(answer.err.splitlines())) == (2, "", 1)
