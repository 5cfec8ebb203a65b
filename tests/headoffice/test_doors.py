"""The way in: what is too much, broken, strange or nobody's is told so and changes nothing."""

from __future__ import annotations

import pytest

from pos.protocol import framing
from pos.protocol.problems import Problem
from tests.headoffice.conftest import Office


@pytest.mark.parametrize("encoding", ["zstd", "gzip"])
def test_a_bomb(office: Office, encoding: framing.Encoding) -> None:
    side = office.till()
    bomb = framing.compress(bytes(200_000_000), encoding)
    headers = {"Content-Encoding": encoding}
    assert side.refused("POST", "/v1/records", raw=bomb, headers=headers).code == "too_large"


@pytest.mark.parametrize(
    ("raw", "headers", "code"),
    [
        (b"x" * 9_000_000, {}, "too_large"),
        (b"{}", {"Content-Encoding": "br"}, "encoding"),
        (b"not zstd", {"Content-Encoding": "zstd"}, "malformed"),
        (b"{", {}, "malformed"),
        (b"\xff\xfe", {}, "malformed"),
        (b"[" * 100_000, {}, "malformed"),
        (b'{"shop":"0001"}', {}, "malformed"),
        (b"", {}, "malformed"),
        (b"null", {}, "malformed"),
    ],
)
def test_bodies_that_are_none(
    office: Office, raw: bytes, headers: dict[str, str], code: str
) -> None:
    side = office.till()
    for path in ("/v1/records", "/v1/heartbeat", "/v1/returns", "/v1/spends"):
        assert side.refused("POST", path, raw=raw, headers=headers).code == code
    assert office.rows("SELECT * FROM inbox") == []


@pytest.mark.parametrize(
    ("method", "path", "status"),
    [
        ("GET", "/v1/nothing", 404),
        ("DELETE", "/v1/records", 405),
        ("GET", "/none", 404),
        ("POST", "/openapi.json", 405),
    ],
)
def test_places_that_are_none(office: Office, method: str, path: str, status: int) -> None:
    answer = office.client.request(method, path)
    assert answer.status_code == status
    assert framing.decode(answer.content, Problem).words


@pytest.mark.parametrize(
    "path",
    [
        "/v1/orders/12345",
        "/v1/orders/00010101000000x",
        "/v1/members/1/m1",
        "/v1/members/0001/%00",
        "/v1/changes?stream=all",
        "/v1/changes?stream=chain&after=%00",
        "/v1/records?after=1",
        "/v1/records?after=1.99999999999999999999",
    ],
)
def test_names_that_are_none(office: Office, path: str) -> None:
    side = office.till()
    assert side.refused("GET", path).code in ("malformed", "not_found", "snapshot_needed")


def test_unsigned_calls_learn_nothing(office: Office) -> None:
    for path in ("/v1/holds", "/v1/changes?stream=chain", "/v1/snapshot?stream=chain"):
        answer = office.client.get(path)
        assert answer.status_code == 400
        assert framing.decode(answer.content, Problem).code == "protocol"
        assert "Pos-Answer" not in answer.headers


def test_health_and_metrics(office: Office) -> None:
    side = office.till()
    side.send(side.ledger.batch())
    assert office.client.get("/healthz").json()["status"] == "ok"
    text = office.client.get("/metrics").text
    assert 'pos_records_total{verdict="accepted"} 2' in text
    assert 'pos_requests_total{method="POST",path="/v1/records",status="200"} 1' in text
    assert "pos_records_not_projected 2" in text
    office.project()
    assert "pos_records_not_projected 0" in office.client.get("/metrics").text


def test_a_fault_of_ours_is_told_calmly(office: Office, monkeypatch: pytest.MonkeyPatch) -> None:
    side = office.till()

    def broken(*_values: object) -> None:
        raise RuntimeError("secret")

    monkeypatch.setattr("pos.headoffice.pulse.beat", broken)
    told = side.refused("POST", "/v1/heartbeat", side.heart())
    assert (told.code, "secret" in told.words + told.detail) == ("failed", False)
