"""The protocol: signatures, compressed bodies that lie, codes, and the kinds of master data."""

from __future__ import annotations

import zlib
from contextlib import suppress
from datetime import UTC, datetime, timedelta

import msgspec
import pytest
import zstandard
from hypothesis import given
from hypothesis import strategies as st

from pos.protocol import MAX_DECODED, VERSION, framing, master
from pos.protocol.enrolment import code_hash, new_code, plain_code, split_address, with_address
from pos.protocol.framing import Encoding
from pos.protocol.problems import CODES, STATUS, ProblemError
from pos.protocol.records import Batch, Sent, batch_hash
from pos.protocol.signing import (
    NONCE,
    PROTOCOL,
    SIGNATURE,
    TILL,
    TIME,
    caller_of,
    check_answer,
    check_request,
    new_nonce,
    sign_answer,
    signed_headers,
)

NOW = datetime(2026, 3, 2, 2, 0, tzinfo=UTC)
TOKEN = "a" * 64
TARGET = "/v1/changes?stream=chain&after="


def _headers(**changed: str) -> dict[str, str]:
    made = signed_headers(TOKEN, "0001", "02", "GET", TARGET, b"body", NOW, "b" * 32)
    return {name.lower(): value for name, value in (made | changed).items()}


def test_a_request_is_what_its_till_signed() -> None:
    caller = caller_of(_headers())
    assert (caller.shop, caller.till) == ("0001", "02")
    check_request(TOKEN, caller, "get", TARGET, b"body", NOW + timedelta(seconds=299))


@pytest.mark.parametrize(
    ("method", "target", "body", "token"),
    [
        ("POST", TARGET, b"body", TOKEN),
        ("GET", TARGET + "9", b"body", TOKEN),
        ("GET", TARGET, b"bodx", TOKEN),
        ("GET", TARGET, b"body", "c" * 64),
    ],
)
def test_whatever_is_changed_breaks_the_signature(
    method: str, target: str, body: bytes, token: str
) -> None:
    with pytest.raises(ProblemError) as found:
        check_request(token, caller_of(_headers()), method, target, body, NOW)
    assert found.value.code == "unauthorised"


@pytest.mark.parametrize(
    ("name", "value"),
    [(TILL, "000103"), (TIME, "2026-03-02T02:00:01.000Z"), (NONCE, "c" * 32)],
)
def test_every_signed_header_counts(name: str, value: str) -> None:
    with pytest.raises(ProblemError) as found:
        check_request(TOKEN, caller_of(_headers(**{name: value})), "GET", TARGET, b"body", NOW)
    assert found.value.code == "unauthorised"


@pytest.mark.parametrize("seconds", [-301, 301, 10**7])
def test_a_time_too_far_off_is_stale(seconds: int) -> None:
    with pytest.raises(ProblemError) as found:
        check_request(
            TOKEN, caller_of(_headers()), "GET", TARGET, b"body", NOW + timedelta(seconds=seconds)
        )
    assert found.value.code == "stale"


@pytest.mark.parametrize(
    ("name", "value", "code"),
    [
        (PROTOCOL, "99", "protocol"),
        (TILL, "00012", "unauthorised"),
        (TILL, "０００１０２", "unauthorised"),
        (NONCE, "zz", "unauthorised"),
        (SIGNATURE, "", "unauthorised"),
    ],
)
def test_headers_that_are_none(name: str, value: str, code: str) -> None:
    with pytest.raises(ProblemError) as found:
        caller_of(_headers(**{name: value}))
    assert found.value.code == code


def test_an_answer_fits_its_request_alone() -> None:
    nonce = new_nonce()
    made = sign_answer(TOKEN, nonce, 200, b"yes")
    assert check_answer(TOKEN, nonce, 200, b"yes", made)
    assert not check_answer(TOKEN, new_nonce(), 200, b"yes", made)
    assert not check_answer(TOKEN, nonce, 201, b"yes", made)
    assert not check_answer(TOKEN, nonce, 200, b"no", made)


@given(st.binary(max_size=3000), st.sampled_from(["identity", "zstd", "gzip"]))
def test_what_is_compressed_comes_out_again(data: bytes, encoding: Encoding) -> None:
    assert framing.expand(framing.compress(data, encoding), encoding) == data


@pytest.mark.parametrize("encoding", ["zstd", "gzip", "identity"])
def test_a_bomb_stops_at_the_limit(encoding: Encoding) -> None:
    with pytest.raises(ProblemError) as found:
        framing.expand(framing.compress(bytes(50_000_000), encoding), encoding, 1_000_000)
    assert found.value.code == "too_large"


def test_a_bomb_without_a_length_stops_too() -> None:
    packer = zstandard.ZstdCompressor(write_content_size=False).compressobj()
    bomb = b"".join(packer.compress(bytes(10**6)) for _ in range(20)) + packer.flush()
    with pytest.raises(ProblemError) as found:
        framing.expand(bomb, "zstd", 1_000_000)
    assert found.value.code == "too_large"


@pytest.mark.parametrize("encoding", ["zstd", "gzip"])
def test_cut_or_broken_bytes_are_malformed(encoding: Encoding) -> None:
    whole = framing.compress(b"0123456789" * 500, encoding)
    for data in (whole[:-9], b"not it at all", b""):
        with pytest.raises(ProblemError) as found:
            framing.expand(data, encoding)
        assert found.value.code == "malformed"


def test_an_encoding_nobody_speaks() -> None:
    with pytest.raises(ProblemError) as found:
        framing.expand(zlib.compress(b"x"), "deflate")
    assert found.value.code == "encoding"


@given(st.binary(max_size=200))
def test_any_bytes_are_opened_or_refused(data: bytes) -> None:
    for encoding in ("zstd", "gzip"):
        with suppress(ProblemError):
            assert len(framing.expand(data, encoding)) <= MAX_DECODED


def test_answers_are_compressed_for_those_who_read_it() -> None:
    data = b"x" * 5000
    assert framing.best_of("gzip;q=0.5, zstd", data)[0] == "zstd"
    assert framing.best_of("gzip", data)[0] == "gzip"
    assert framing.best_of("", data) == ("identity", data)
    assert framing.best_of("zstd", b"x") == ("identity", b"x")


def test_a_code_survives_being_read_out() -> None:
    code = new_code()
    assert len(plain_code(code)) == 16
    assert code_hash(code) == code_hash(f" {code.lower().replace('-', ' ')} ")
    assert plain_code("o0il-1") == "00111"
    assert split_address(with_address("https://ho.example.cn/", code)) == (
        "https://ho.example.cn",
        code,
    )
    assert split_address(code) == ("", code)


def test_a_batch_has_records_in_their_form_alone() -> None:
    good = Sent(1, "{}", "a" * 64, "b" * 128)
    data = framing.encode(Batch("0001", "01", 1, (good,)))
    assert framing.decode(data, Batch).records == (good,)
    for broken in (
        data.replace(b'"0001"', b'"1"'),
        data.replace(b'"jn":1', b'"jn":0'),
        data.replace(b"a" * 64, b"A" * 64),
        data.replace(b'[{"jn"', b'[],[{"jn"'),
        framing.encode(Batch("0001", "01", 1, (good,) * 501)),
        framing.encode(Batch("0001", "01", 1, ())),
        b"\xff",
        b"[" * 100_000,
    ):
        with pytest.raises(ProblemError) as found:
            framing.decode(broken, Batch)
        assert found.value.code == "malformed"


def test_the_hash_of_a_batch_counts_order_and_members() -> None:
    one, two = "a" * 64, "b" * 64
    assert len({batch_hash(x) for x in ([], [one], [one, two], [two, one])}) == 4


def test_every_code_has_a_status() -> None:
    assert set(STATUS) == set(CODES)
    assert all(400 <= status < 600 for status in STATUS.values())


def test_every_kind_of_master_data_has_its_key() -> None:
    values: tuple[master.Value, ...] = (
        master.Product("A1", "水", "瓶", 1300),
        master.Barcode("6901", "A1"),
        master.Price("A1", "2026-03-03T00:00:00.000Z", 200),
        master.Promotion("P1", "x"),
        master.Coupon("C1", "P1"),
        master.Operator("1001", "甲", "cashier", "$argon2id$"),
        master.Role("cashier", ("sell",)),
        master.Member("m1", "0001", "888", "gold"),
        master.Stock("A1", -1000),
        master.Cost("A1", 100),
        master.Invoice("000101010000001", "issued"),
        master.Setting("cash.rounding", '"down_jiao"'),
    )
    assert [master.key_of(value)[0] for value in values] == list(master.KINDS)
    for value in values:
        kind, key = master.key_of(value)
        change = master.Change(kind, key, 7, msgspec.Raw(framing.encode(value)))
        there = framing.decode(framing.encode(change), master.Change)
        assert master.value_of(there) == value
    assert master.value_of(master.Change("product", "A1", 8)) is None
    assert master.value_of(master.Change("unheard_of", "x", 9, msgspec.Raw(b"{}"))) is None
    assert VERSION == 1
