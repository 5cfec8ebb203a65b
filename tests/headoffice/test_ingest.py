"""Records come in: verdicts, high water, gaps, forks, epochs."""

from __future__ import annotations

import pytest
from msgspec.structs import replace

from pos.headoffice import deciding
from pos.protocol.records import Batch, batch_hash
from pos.record import FIRST_PREVIOUS
from pos.refusal import Refused
from tests.headoffice.conftest import Office
from tests.headoffice.sides import Ledger, Side


def _verdicts(side: Side, batch: Batch) -> list[str]:
    return [one.verdict + (f" {one.code}" if one.code else "") for one in side.send(batch).records]


@pytest.fixture
def side(office: Office) -> Side:
    found = office.till()
    for _ in range(6):
        found.ledger.sell()
    return found


@pytest.mark.parametrize("encoding", ["zstd", "gzip", "identity"])
def test_a_batch_is_taken_in_with_its_bytes(office: Office, side: Side, encoding: str) -> None:
    receipt = side.send(side.ledger.batch(), encoding)  # type: ignore[arg-type]
    assert [one.verdict for one in receipt.records] == ["accepted"] * 8
    assert receipt.batch == batch_hash(sent.hash for sent in side.ledger.sent)
    (water,) = receipt.high_water
    assert (water.epoch, water.jn, water.hash, water.top) == (1, 8, side.ledger.head, 8)
    rows = office.rows("SELECT * FROM inbox ORDER BY jn")
    kept = [(r["body"], r["hash"], r["signature"], r["previous"]) for r in rows]
    assert kept == [(s.body, s.hash, s.signature, s.previous) for s in side.ledger.sent]


def test_the_same_batch_again_changes_nothing(office: Office, side: Side) -> None:
    first = side.send(side.ledger.batch())
    before = office.rows("SELECT * FROM inbox")
    again = side.send(side.ledger.batch())
    assert [one.verdict for one in again.records] == ["duplicate"] * 8
    assert (again.batch, again.high_water) == (first.batch, first.high_water)
    assert office.rows("SELECT * FROM inbox") == before


def test_half_known_batches(side: Side) -> None:
    side.send(side.ledger.batch(0, 5))
    assert _verdicts(side, side.ledger.batch(3, 8)) == ["duplicate"] * 2 + ["accepted"] * 3


def test_one_bad_record_stops_no_other(office: Office, side: Side) -> None:
    sent = list(side.ledger.sent)
    sent[3] = replace(sent[3], body=sent[3].body.replace("商品1", "商品9"))
    batch = Batch("0001", "01", 1, tuple(sent))
    assert _verdicts(side, batch) == ["accepted"] * 3 + ["rejected hash"] + ["accepted"] * 4
    (water,) = side.send(batch).high_water
    assert water.jn == 8  # its bytes are here, kept aside
    (aside,) = office.rows("SELECT jn, verdict, code, body FROM quarantine")
    assert (aside["jn"], aside["verdict"], aside["code"]) == (4, "rejected", "hash")
    assert "商品9" in aside["body"]
    assert office.rows("SELECT kind, from_jn, to_jn FROM gaps") == [
        {"kind": "rejected", "from_jn": 4, "to_jn": 4}
    ]
    assert _verdicts(side, side.ledger.batch(3, 4)) == ["accepted"]
    assert office.rows("SELECT * FROM gaps") == []


@pytest.mark.parametrize(
    ("change", "code"),
    [
        (lambda s: replace(s, signature="0" * 128), "signature"),
        (lambda s: replace(s, hash="0" * 64), "hash"),
        (lambda s: replace(s, body="{}"), "hash"),
        (lambda s: replace(s, previous="1" * 64), "hash"),
    ],
)
def test_forged_records(side: Side, change: object, code: str) -> None:
    assert callable(change)
    batch = Batch("0001", "01", 1, (*side.ledger.sent[:2], change(side.ledger.sent[2])))
    assert _verdicts(side, batch) == ["accepted"] * 2 + [f"rejected {code}"]


@pytest.mark.parametrize(
    ("body", "code"),
    [
        (b"{}", "malformed"),
        (b"not json", "malformed"),
        (b"[" * 5000, "malformed"),
        (
            b'{"v":1,"shop":"0002","till":"01","epoch":1,"jn":3,"at":"x","fact":{}}',
            "misplaced",
        ),
        (
            b'{"v":1,"shop":"0001","till":"01","epoch":1,"jn":4,"at":"x","fact":{}}',
            "misplaced",
        ),
    ],
)
def test_signed_nonsense_is_kept_aside(office: Office, body: bytes, code: str) -> None:
    side = office.till()
    side.ledger.jn += 1
    side.ledger.add_bytes(body)
    assert _verdicts(side, side.ledger.batch())[2] == f"rejected {code}"


def test_a_fact_nobody_knows_is_taken_in(office: Office) -> None:
    side = office.till()
    side.ledger.jn += 1
    side.ledger.add_bytes(
        b'{"at":"2026-03-02T02:00:00.000Z","epoch":1,"fact":{"kind":"from.the.future"},"jn":3,'
        b'"shop":"0001","till":"01","v":2}'
    )
    assert _verdicts(side, side.ledger.batch()) == ["accepted"] * 3


def test_a_gap_is_told_and_closes(office: Office, side: Side) -> None:
    side.send(side.ledger.batch(0, 2))
    (water,) = side.send(side.ledger.batch(5, 8)).high_water
    assert (water.jn, water.top) == (2, 8)
    assert office.rows("SELECT kind, from_jn, to_jn FROM gaps") == [
        {"kind": "missing", "from_jn": 3, "to_jn": 5}
    ]
    (water,) = side.send(side.ledger.batch(3, 4)).high_water
    assert (water.jn, water.top) == (2, 8)
    (water,) = side.send(side.ledger.batch(2, 5)).high_water
    assert (water.jn, water.top, water.hash) == (8, 8, side.ledger.head)


def test_another_record_at_the_same_place_is_an_alarm(office: Office, side: Side) -> None:
    side.send(side.ledger.batch(0, 3))
    clone = Ledger(key=side.ledger.key).begin()
    clone.sell(lines=1)
    clone.sell(lines=1)
    assert _verdicts(side, clone.batch())[2:] == ["conflict chain", "rejected chain"]
    assert side.send(side.ledger.batch()).high_water[0].jn == 8
    assert [r["verdict"] for r in office.rows("SELECT verdict FROM quarantine ORDER BY jn")] == [
        "conflict",
        "rejected",
    ]


def test_a_gap_is_not_filled_by_a_stranger(side: Side) -> None:
    side.send(side.ledger.batch(0, 2))
    side.send(side.ledger.batch(3, 8))
    clone = Ledger(key=side.ledger.key).begin()
    clone.sell(lines=1)
    assert _verdicts(side, clone.batch())[2] == "rejected chain"


def test_a_new_epoch_fences_the_old(office: Office, side: Side) -> None:
    side.send(side.ledger.batch(0, 6))
    restored = Ledger(key=side.ledger.key, epoch=2)
    restored.jn, restored.head = 4, side.ledger.sent[3].hash
    restored.sell()
    assert _verdicts(side, restored.batch()) == ["accepted"]
    assert _verdicts(side, side.ledger.batch(4, 8)) == ["duplicate"] * 2 + ["rejected fenced"] * 2
    waters = side.beat().high_water
    assert [(w.epoch, w.jn, w.fenced) for w in waters] == [(1, 6, True), (2, 5, False)]
    assert len(office.rows("SELECT jn FROM quarantine WHERE code = 'fenced'")) == 2


def test_an_epoch_goes_on_from_the_right_record(side: Side) -> None:
    side.send(side.ledger.batch(0, 6))
    restored = Ledger(key=side.ledger.key, epoch=2)
    restored.jn, restored.head = 4, side.ledger.sent[2].hash
    restored.sell()
    assert _verdicts(side, restored.batch()) == ["rejected chain"]
    other = Ledger(key=side.ledger.key, epoch=2)
    other.jn, other.head = 0, "1" * 64
    other.sell()
    assert _verdicts(side, other.batch()) == ["rejected chain"]
    anew = Ledger(key=side.ledger.key, epoch=2)
    assert anew.head == FIRST_PREVIOUS.hex()
    anew.begin()
    assert _verdicts(side, anew.batch()) == ["accepted"] * 2


def test_an_epoch_may_go_on_from_any_life_before(side: Side) -> None:
    """Put back to a copy once, and then to a copy from before that."""
    side.send(side.ledger.batch(0, 8))
    second = Ledger(key=side.ledger.key, epoch=2)
    second.jn, second.head = 4, side.ledger.sent[3].hash
    second.sell()
    second.sell()
    side.send(second.batch())
    third = Ledger(key=side.ledger.key, epoch=3)
    third.jn, third.head = 6, side.ledger.sent[5].hash
    third.sell()
    assert _verdicts(side, third.batch()) == ["accepted"]


def test_batches_that_are_none(office: Office, side: Side) -> None:
    sent = side.ledger.sent
    other = Batch("0002", "01", 1, (sent[0],))
    assert side.refused("POST", "/v1/records", other).code == "forbidden"
    twice = Batch("0001", "01", 1, (sent[0], sent[0]))
    assert side.refused("POST", "/v1/records", twice).code == "malformed"
    back = Batch("0001", "01", 1, (sent[1], sent[0]))
    assert side.refused("POST", "/v1/records", back).code == "malformed"
    long = Batch("0001", "01", 1, (sent[0], replace(sent[1], body="x" * 1_000_001)))
    assert side.refused("POST", "/v1/records", long).code == "too_large"
    assert side.refused("POST", "/v1/records", raw=b"nothing").code == "malformed"
    assert office.rows("SELECT * FROM inbox") == []


def test_a_person_decides_about_records_of_an_ended_epoch(office: Office, side: Side) -> None:
    side.send(side.ledger.batch(0, 6))
    restored = Ledger(key=side.ledger.key, epoch=2)
    restored.jn, restored.head = 4, side.ledger.sent[3].hash
    restored.sell()
    side.send(restored.batch())
    forged = replace(side.ledger.sent[6], signature="0" * 128)
    side.send(Batch("0001", "01", 1, (forged,)))
    side.send(side.ledger.batch(6, 8))
    office.project()
    rows = deciding.aside(office.house)
    assert [(row["jn"], row["code"]) for row in rows] == [(7, "signature"), (8, "fenced")]
    for row, take_in in ((rows[0], True), (rows[1], True)):
        place = (row["shop_id"], row["till_id"], row["epoch"], row["jn"])
        if row["code"] == "signature":
            with pytest.raises(Refused, match="aside_not_ours"):
                deciding.decide(office.house, place, row["hash"], "9001", take_in=take_in)
            deciding.decide(office.house, place, row["hash"], "9001", take_in=False)
        else:
            deciding.decide(office.house, place, row["hash"], "9001", take_in=take_in)
    assert deciding.aside(office.house) == []
    office.project()
    assert len(office.rows("SELECT * FROM orders WHERE epoch = 1")) == 5
    with pytest.raises(Refused, match="aside_unknown"):
        deciding.decide(office.house, place, row["hash"], "9001", take_in=False)
