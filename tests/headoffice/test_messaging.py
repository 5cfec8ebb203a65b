"""A silent till, records that wait for a person: a manager's mail and webhook, each told once."""

from __future__ import annotations

import json
from collections.abc import Iterator
from pathlib import Path

import pytest
from msgspec.structs import replace

from pos.headoffice.messaging import Teller
from pos.messages.settings import Hook, Mail, MessageSettings
from pos.protocol.records import Batch
from pos.system import write_private
from tests.headoffice.conftest import Office
from tests.messages.servers import Box, Server
from tests.payments.line import Line, Request, http


@pytest.fixture
def box() -> Iterator[tuple[Box, int]]:
    found = Box()
    server = Server(found)
    server.start()
    yield found, server.port
    server.stop()


def set_up(office: Office, folder: Path, port: int, hook: int = 0) -> Teller:
    """Who is told: a mail address, and a webhook where there is one."""
    hooks = {}
    if hook:
        write_private(folder / "hook.url", f"http://127.0.0.1:{hook}/told\n".encode())
        hooks = {"boss": Hook("generic", "hook.url", seconds=2.0)}
    office.house.folder = folder
    messages = MessageSettings(
        Mail("127.0.0.1", port, "none", sender="ho@shop.example"),
        hooks,
        managers=() if hook else ("boss@shop.example",),
        manager_hooks=("boss",) if hook else (),
        topics=("till_silent", "records_rejected"),
    )
    office.house.settings = replace(office.house.settings, messages=messages)
    return Teller(office.house)


def test_a_silent_till_is_told_of_once(
    office: Office, box: tuple[Box, int], tmp_path: Path
) -> None:
    side = office.till()
    side.beat()
    one = set_up(office, tmp_path, box[1])
    other = Teller(office.house)  # another process of the same head office
    assert one.turn() == 0
    office.now.later(minutes=61)
    assert one.turn() + other.turn() == 1
    office.now.later(minutes=10)
    assert one.turn() + other.turn() == 0
    [mail] = box[0].mails
    assert "失联" in str(mail["Subject"])
    side.beat()
    assert one.turn() == 0
    office.now.later(minutes=61)
    assert one.turn() == 1  # silent once more
    one.stop()
    other.stop()


def test_rejected_records_by_a_webhook_that_is_not_well(office: Office, tmp_path: Path) -> None:
    side = office.till()
    side.ledger.sell()
    sent = list(side.ledger.sent)
    sent[-1] = replace(sent[-1], body=sent[-1].body.replace("商品1", "商品9"))
    side.send(Batch(side.ledger.shop, side.ledger.till, 1, tuple(sent)))
    answers = [http(b"", status="503 Busy"), None, http(b"{}")]

    def answer(request: Request) -> bytes | None:
        return answers.pop(0)

    with Line(answer) as line:
        teller = set_up(office, tmp_path, 1, line._socket.getsockname()[1])
        assert teller.turn() == 1  # busy: it surely did not go
        office.now.later(seconds=11)
        assert teller.turn() == 1  # gone without an answer: it may have arrived
        office.now.later(seconds=61)
        assert teller.turn() == 1
        assert teller.turn() == 0
        teller.stop()
        told = [json.loads(request.body) for request in line.requests]
    assert [one["doubtful"] for one in told] == [False, False, True]
    assert len({one["id"] for one in told}) == 1
    assert "被总部退回" in told[0]["subject"]
    [row] = office.rows("SELECT state, tries, doubtful, held_until FROM messages")
    assert row == {"state": "sent", "tries": 3, "doubtful": 1, "held_until": ""}


def test_off_by_default(office: Office) -> None:
    teller = Teller(office.house)
    teller.start()
    assert teller.turn() == 0
    assert teller._thread is None
