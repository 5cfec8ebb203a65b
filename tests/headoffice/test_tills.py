"""Tills: enrolled by a one-time code, believed by signature, stopped one by one, heard from."""

from __future__ import annotations

import pytest

from pos.headoffice import tills
from pos.protocol import framing
from pos.protocol.enrolment import Enrol, Enrolled, proof_digest
from pos.protocol.problems import Problem
from pos.protocol.records import OwnRecord, OwnRecords
from pos.protocol.signing import NONCE, TIME
from pos.record import new_key
from pos.refusal import Refused
from tests.headoffice.conftest import Office
from tests.headoffice.sides import Ledger, Side


def _enrol(ledger: Ledger, code: str, **changed: str) -> Enrol:
    key = ledger.signer.public_key
    proof = ledger.signer.sign(proof_digest(code, ledger.ledger_id, key)).hex()
    told = {"code": code, "ledger_id": ledger.ledger_id, "public_key": key, "proof": proof}
    return Enrol(**(told | changed), epoch=ledger.epoch)


def _asked(office: Office, asked: Enrol) -> Enrolled | Problem:
    answer = office.client.post("/v1/enrol", content=framing.encode(asked))
    if answer.status_code == 200:
        return framing.decode(answer.content, Enrolled)
    return framing.decode(answer.content, Problem)


def test_a_code_makes_a_till(office: Office) -> None:
    ledger = Ledger(shop="0003", till="07").begin()
    found = _asked(office, _enrol(ledger, tills.add(office.house, "0003", "07", "三店")))
    assert isinstance(found, Enrolled)
    assert (found.shop, found.till, found.shop_name, found.epoch) == ("0003", "07", "三店", 1)
    assert (len(found.token), found.pepper) == (64, (b"p" * 32).hex())
    assert found.token not in str(office.rows("SELECT * FROM tills"))
    assert found.token not in str(office.rows("SELECT * FROM codes"))


def test_a_lost_answer_is_told_again_and_a_second_till_gets_none(office: Office) -> None:
    ledger = Ledger().begin()
    code = tills.add(office.house, "0001", "01")
    first = _asked(office, _enrol(ledger, code))
    assert _asked(office, _enrol(ledger, code.lower())) == first
    thief = _asked(office, _enrol(Ledger(), code))
    assert isinstance(thief, Problem)
    assert thief.code == "code_unknown"


def test_codes_that_are_none(office: Office) -> None:
    ledger = Ledger()
    code = tills.add(office.house, "0001", "01")
    for asked in (
        _enrol(ledger, "7K3M-9QXA-0000-0000"),
        _enrol(ledger, code, proof="0" * 128),
        _enrol(ledger, code, public_key="f" * 64),
    ):
        found = _asked(office, asked)
        assert isinstance(found, Problem)
        assert found.code == "code_unknown"
    old = code
    code = tills.add(office.house, "0001", "01")
    assert isinstance(_asked(office, _enrol(ledger, old)), Problem)
    office.now.later(hours=49)
    assert isinstance(_asked(office, _enrol(ledger, code)), Problem)


def test_guessing_codes_ends(office: Office) -> None:
    told = [_asked(office, _enrol(Ledger(), "0000-0000-0000-0000")) for _ in range(35)]
    codes = [one.code for one in told if isinstance(one, Problem)]
    assert codes.count("code_unknown") == 30
    assert codes[-1] == "too_many"
    office.now.later(minutes=1)
    last = _asked(office, _enrol(Ledger(), "0000-0000-0000-0000"))
    assert isinstance(last, Problem)
    assert last.code == "code_unknown"


def test_another_ledger_gets_another_epoch(office: Office) -> None:
    side = office.till()
    side.send(side.ledger.batch())
    anew = Ledger(ledger_id="ledger-2").begin()
    found = Side(office.client, office.now, anew).enrol(tills.add(office.house, "0001", "01"))
    assert (found.epoch, [w.jn for w in found.high_water]) == (2, [2])
    assert side.refused("POST", "/v1/heartbeat").code == "unauthorised"  # the old token is void


def test_a_stopped_till(office: Office) -> None:
    side, other = office.till(), office.till(Ledger(till="02").begin())
    tills.revoke(office.house, "0001", "01")
    assert side.refused("POST", "/v1/records", side.ledger.batch()).code == "revoked"
    assert other.beat().state == "current"
    assert [row["state"] for row in tills.listed(office.house)] == ["revoked", "active"]
    with pytest.raises(Refused):
        tills.revoke(office.house, "0001", "09")
    with pytest.raises(Refused):
        tills.add(office.house, "1", "01")


def test_a_request_is_good_once(office: Office) -> None:
    side = office.till()
    batch = side.ledger.batch()
    side.send(batch)
    side.count -= 1
    assert side.refused("POST", "/v1/records", batch).code == "replayed"
    told = side.refused("POST", "/v1/records", batch, headers={NONCE: "f" * 32})
    assert told.code == "unauthorised"
    late = side.refused("POST", "/v1/records", batch, headers={TIME: "2026-03-02T01:00:00.000Z"})
    assert late.code == "unauthorised"
    office.now.later(minutes=20)
    tills.forget_nonces(office.house)
    assert office.rows("SELECT * FROM nonces") == []


def test_a_till_with_a_wrong_clock(office: Office) -> None:
    side = office.till()
    body = framing.compress(framing.encode(side.ledger.batch()))
    answer = side.call("POST", "/v1/records", raw=body)
    assert answer.status_code == 200
    made = side.call("POST", "/v1/records", raw=body).request.headers
    office.now.later(minutes=6)
    again = office.client.post(
        "/v1/records", content=body, headers=dict(made) | {"accept-encoding": "identity"}
    )
    assert framing.decode(again.content, Problem).code == "stale"


def test_too_many_requests(office: Office, monkeypatch: pytest.MonkeyPatch) -> None:
    side = office.till()
    from msgspec.structs import replace

    limits = replace(office.house.settings.limits, requests_per_minute=3)
    office.house.settings = replace(office.house.settings, limits=limits)
    for _ in range(3):
        side.beat()
    told = side.refused("POST", "/v1/heartbeat")
    assert told.code == "too_many"
    assert 0 < told.retry_after <= 60


def test_a_strange_till(office: Office) -> None:
    side = Side(office.client, office.now, Ledger(shop="9999"))
    side.token = "0" * 64
    told = side.refused("POST", "/v1/records", side.ledger.begin().batch())
    assert told.code == "unauthorised"
    english = side.refused("POST", "/v1/heartbeat", headers={"Accept-Language": "en"})
    assert english.words.startswith("Head office does not know")


def test_what_a_heartbeat_tells(office: Office) -> None:
    side = office.till()
    assert (side.beat().state, side.beat().next_epoch) == ("current", 2)
    side.send(side.ledger.batch())
    pulse = side.beat(pending=3, oldest="2026-03-02T01:00:00.000Z", version="0.1")
    assert (pulse.state, pulse.epoch, pulse.high_water[0].jn) == ("current", 1, 2)
    (row,) = tills.listed(office.house)
    assert (row["pending"], row["head_jn"], row["skew_seconds"]) == (3, 2, 0)
    assert side.beat(jn=1, hash=side.ledger.sent[0].hash).state == "behind"
    assert side.beat(jn=2, hash="0" * 64).state == "forked"
    assert side.beat(clock="2026-03-02T01:59:00.000Z").state == "current"
    assert tills.listed(office.house)[0]["skew_seconds"] == -60
    newer = Ledger(key=side.ledger.key, epoch=2).begin()
    side.send(newer.batch())
    assert side.beat().state == "fenced"
    assert side.beat(epoch=2, hash=newer.head).state == "current"


@pytest.mark.parametrize(
    ("changed", "code"),
    [
        ({"shop": "0002"}, "forbidden"),
        ({"clock": "yesterday"}, "malformed"),
        ({"clock": "2026-99-02T01:59:00.000Z"}, "malformed"),
        ({"version": "\0"}, "malformed"),
    ],
)
def test_heartbeats_that_are_none(office: Office, changed: dict[str, str], code: str) -> None:
    side = office.till()
    assert side.refused("POST", "/v1/heartbeat", side.heart(**changed)).code == code


def test_own_records_come_back_with_their_bytes(office: Office) -> None:
    side = office.till()
    for _ in range(700):
        side.ledger.sell(lines=1)
    side.send(side.ledger.batch(0, 400))
    side.send(side.ledger.batch(400, 702))
    found: list[OwnRecord] = []
    after = ""
    while True:
        page = side.ask("GET", f"/v1/records?after={after}", None, OwnRecords)
        found += page.records
        after = page.next
        if not after:
            break
    wanted = [(s.jn, s.body, s.hash, s.signature, s.previous) for s in side.ledger.sent]
    assert [(r.jn, r.body, r.hash, r.signature, r.previous) for r in found] == wanted
    page = side.ask("GET", "/v1/records?after=1.701", None, OwnRecords)
    assert ([r.jn for r in page.records], page.next) == ([702], "")
    assert side.refused("GET", "/v1/records?after=x").code == "malformed"


def test_keys_of_another_ledger_sign_nothing_here(office: Office) -> None:
    side = office.till()
    stranger = Ledger(key=new_key()).begin()
    verdicts = [one.code for one in side.send(stranger.batch()).records]
    assert verdicts == ["signature", "signature"]
