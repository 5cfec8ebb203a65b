"""Messages are kept, tried until they went, marked where they may have arrived, told once."""

from __future__ import annotations

import ast
from collections.abc import Sequence
from datetime import UTC, datetime, timedelta
from pathlib import Path

from hypothesis import given
from hypothesis import strategies as st

import pos.messages
from pos.clock import stamp
from pos.messages import addressing, queue
from pos.messages.message import Later, Message, Outcome, Rejected, Sent, Uncertain
from pos.messages.queue import Kept
from pos.messages.sending import Sender
from pos.messages.settings import TOPICS, MessageSettings
from pos.refusal import Refused
from pos.words import refusals
from pos.words.messages import EN, ZH, MessageWords, Text
from tests.invoices.test_words import gaps

NOW = datetime(2026, 7, 27, 2, 0, tzinfo=UTC)
MESSAGE = addressing.to_customer("a@example.cn", "receipt:1", "小票", "感谢惠顾")


class Memory:
    """A place to keep messages, and every state they went through."""

    def __init__(self) -> None:
        self.now = NOW
        self.kept: dict[str, Kept] = {MESSAGE.message_id: Kept(MESSAGE)}
        self.seen: list[Kept] = []

    def due(self, now: str) -> Sequence[Kept]:
        return [k for k in self.kept.values() if k.open and k.next_at <= now]

    def put(self, kept: Kept) -> None:
        self.kept[kept.message.message_id] = kept
        self.seen.append(kept)


@given(st.lists(st.sampled_from([Sent(), Rejected("x"), Later("x"), Uncertain("x")]), max_size=14))
def test_whatever_comes_it_ends_and_is_committed_before(outcomes: list[Outcome]) -> None:
    memory, sent = Memory(), list[bool]()

    def send(message: Message, doubtful: bool) -> Outcome:
        assert memory.kept[message.message_id].state == "sending"
        sent.append(doubtful)
        return outcomes[len(sent) - 1] if len(sent) <= len(outcomes) else Sent()

    for _ in range(20):
        if not queue.work(memory, send, lambda: memory.now):
            memory.now += timedelta(days=1)
    (kept,) = memory.kept.values()
    assert not kept.open
    assert kept.tries == len(sent) <= len(queue.PAUSES) + 1
    ended = next((i for i, o in enumerate(outcomes) if isinstance(o, Sent | Rejected)), None)
    assert ended is None or len(sent) <= ended + 1
    # everything after a send that may have arrived says so
    doubts = [isinstance(o, Uncertain) for o in outcomes[: len(sent)]]
    assert sent == [any(doubts[:n]) for n in range(len(sent))]


def test_a_crash_in_the_middle_leaves_a_doubt() -> None:
    begun = queue.begin(Kept(MESSAGE))
    assert not begun.doubtful
    again = queue.begin(begun)
    assert (again.state, again.doubtful, again.tries) == ("sending", True, 2)


def test_pauses_grow() -> None:
    kept, pauses = Kept(MESSAGE), []
    while kept.open:
        kept = queue.after(queue.begin(kept), Later("x"), NOW)
        pauses.append(kept.next_at)
    assert pauses[0] == stamp(NOW + timedelta(seconds=10))
    assert pauses[-1] == ""
    assert pauses[:-1] == sorted(pauses[:-1])


def test_managers_are_told_of_what_they_asked_for_once() -> None:
    settings = MessageSettings(
        managers=("a@x.cn", "b@x.cn"), manager_hooks=("group",), topics=("close",)
    )
    told = addressing.to_managers(settings, "close", "shift-1", "日结", "相符")
    assert [(m.channel, m.to) for m in told] == [
        ("mail", "a@x.cn"), ("mail", "b@x.cn"), ("hook", "group"),
    ]  # fmt: skip
    assert len({m.message_id for m in told}) == 3
    assert told == addressing.to_managers(settings, "close", "shift-1", "日结", "相符")
    assert addressing.to_managers(settings, "low_stock", "x", "", "") == ()
    assert not MessageSettings().on
    assert settings.on


def test_a_way_that_is_not_set_up_waits(tmp_path: Path) -> None:
    sender = Sender(MessageSettings(), tmp_path, "", lambda: NOW)
    assert sender.send(MESSAGE, False) == Later("message_setting_missing")
    hook = Message("1", "hook", "group", "x", "", "")
    assert sender.send(hook, False) == Rejected("no hook group")
    sender.close()


def test_words() -> None:
    for topic in TOPICS:
        assert hasattr(ZH, topic)
    for name in MessageWords.__struct_fields__:
        zh, en = getattr(ZH, name), getattr(EN, name)
        if isinstance(zh, Text):
            assert gaps(zh.subject + zh.text) == gaps(en.subject + en.text), name
        elif isinstance(zh, str):
            assert gaps(zh) == gaps(en), name
    for file in Path(pos.messages.__file__).parent.glob("*.py"):
        for node in ast.walk(ast.parse(file.read_text("utf-8"))):
            if isinstance(node, ast.Call) and getattr(node.func, "id", "") == "Refused":
                code = getattr(node.args[0], "value", "")
                assert not refusals.say(refusals.ZH, Refused(code)).startswith(code), code
