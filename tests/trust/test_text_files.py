"""No text acts in a file or a message: every export, each of its texts hostile, read back."""

from __future__ import annotations

import email
import email.policy
import json
from collections.abc import Iterator
from datetime import UTC, datetime
from pathlib import Path
from typing import Any, get_args, get_type_hints

import msgspec
import pytest
import typer

from pos.cli import desk
from pos.cli.app import app
from pos.messages.hooks import Hooks
from pos.messages.mail import Mailer
from pos.messages.message import Message
from pos.messages.settings import Hook, Mail
from pos.reports import files
from pos.screens import crash
from pos.system import write_private
from pos.till import differences
from tests.conftest import Record
from tests.trust.corpus import HOSTILE, obeyed, taken
from tests.trust.texts.files import EXPORTS, WRITERS, look


def _verbs(command: Any, path: str) -> Iterator[str]:
    inner = getattr(command, "commands", None)
    if inner is not None:
        for name in inner:
            yield from _verbs(inner[name], f"{path} {name}".strip())
    elif path.endswith("export") or any(
        opt in ("--out", "--csv", "--rejects") for param in command.params for opt in param.opts
    ):
        yield path


def test_every_verb_that_writes_a_file_is_tried() -> None:
    assert set(_verbs(typer.main.get_command(app), "")) == set(EXPORTS)


@pytest.mark.parametrize("name", sorted(WRITERS))
def test_no_formula_and_no_control_in_an_export(tmp_path: Path, name: str, record: Record) -> None:
    found = look(tmp_path, taken(sorted(WRITERS).index(name), len(WRITERS)), [name])
    record(found.figures("text"))
    assert found.bad == []


def test_without_the_guards_the_same_test_finds_it(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    texts = {name: HOSTILE[name] for name in ("formula", "escape")}
    monkeypatch.setattr(files, "safe", lambda cell, kind: str(cell))
    assert [where for where, _ in look(tmp_path, texts, ["reports"]).bad] == [
        "reports formula",
        "reports escape",
    ]
    monkeypatch.setattr(differences, "guarded", lambda text: text)
    monkeypatch.setattr(differences, "clean", lambda text, limit=200: text)
    assert [where for where, _ in look(tmp_path, texts, ["differences"]).bad] == [
        "differences formula",
        "differences escape",
    ]


def test_a_mail_has_our_headers_and_no_others(tmp_path: Path) -> None:
    own = Mail(host="127.0.0.1", sender="a@example.invalid", security="none")
    mailer = Mailer(own, tmp_path, "repeat")
    now = datetime(2026, 3, 2, tzinfo=UTC)
    wanted = mailer._compose(Message("id", "mail", "b@example.invalid", "x", "s", "t"), False, now)
    for name, text in HOSTILE.items():
        told = Message("id", "mail", "b@example.invalid", text, text, f"{text}\n{text}")
        try:
            data = mailer._compose(told, False, now).as_bytes(policy=email.policy.SMTP)
        except UnicodeError:
            continue  # `send` refuses it in one word
        read = email.message_from_bytes(data, policy=email.policy.SMTP)
        assert read.keys() == wanted.keys(), name
        assert not obeyed(str(read["Subject"])), name
        body = read.get_body()
        assert body is not None
        assert not obeyed(body.get_content(), "\r\n"), name


KINDS = get_args(get_args(get_type_hints(Hook, include_extras=True)["kind"])[0])


@pytest.mark.parametrize("kind", KINDS)
def test_a_hook_says_it_in_json(tmp_path: Path, kind: str) -> None:
    write_private(tmp_path / "url", b"https://example.invalid/x")
    hook = Hooks(msgspec.convert({"kind": kind, "url": "url"}, Hook), tmp_path, "repeat")
    for name, text in HOSTILE.items():
        try:
            body = hook._body(Message("id", "hook", "x", text, text, text), True)
        except UnicodeError:
            continue
        assert not obeyed(body.decode("utf-8")), name
        told = json.loads(body)
        assert told["text"]
        shown = "".join(v for v in _texts(told))
        assert not obeyed(shown, "\n"), name
    hook.close()


def _texts(value: Any) -> Iterator[str]:
    if isinstance(value, str):
        yield value
    elif isinstance(value, dict):
        for one in value.values():
            yield from _texts(one)


def test_what_the_command_line_says(capsys: pytest.CaptureFixture[str]) -> None:
    for name, text in HOSTILE.items():
        desk.tell(text)
        desk.complain(text)
        out, err = capsys.readouterr()
        assert not obeyed(out + err, "\n"), name
        desk.show({"text": text, text: [text]})
        out = capsys.readouterr().out
        assert not obeyed(out, "\n"), name
        if name != "surrogate":
            assert json.loads(out)["text"] == text, name


def test_what_the_log_says(tmp_path: Path) -> None:
    for name, text in HOSTILE.items():
        assert crash.record(tmp_path / "pos.log", ValueError(text), text)
        assert not obeyed((tmp_path / "pos.log").read_text("utf-8"), "\n"), name
        (tmp_path / "pos.log").unlink()
