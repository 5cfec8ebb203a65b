"""The byte form of facts, the chain and the signatures."""

from __future__ import annotations

import hashlib
import json
from typing import Any, get_args

import msgspec
import pytest

from pos.record import (
    FIRST_PREVIOUS,
    VERSION,
    Adjustment,
    Amount,
    CashMoved,
    CatalogImported,
    ClockJumped,
    ConfigChanged,
    Counted,
    CountedLine,
    DayClosed,
    DifferenceResolved,
    Drawer,
    DrawerOpened,
    EpochBegan,
    Fact,
    Figures,
    Fulfilled,
    Group,
    InvoiceAsked,
    InvoiceEnded,
    InvoiceRow,
    LedgerCreated,
    LineVoided,
    MasterReceived,
    MemberChanged,
    MessageAsked,
    MovedLine,
    OffersChanged,
    OperatorChanged,
    OrderClosed,
    OrderShared,
    OrderVoided,
    Override,
    PaymentResolved,
    PaymentStep,
    PersonErased,
    ProductChanged,
    Rate,
    Record,
    RecordRecovered,
    RedAsked,
    RedEnded,
    RefundAsked,
    RefundEnded,
    RefundSettled,
    Reprinted,
    Scope,
    Seller,
    Session,
    ShiftClosed,
    ShiftCounted,
    ShiftOpened,
    Signer,
    SoldLine,
    StockCounted,
    StockMoved,
    Taken,
    TrainingSwitched,
    Way,
    Where,
    chain,
    from_bytes,
    kind_of,
    new_key,
    to_bytes,
    verify,
)

MOVED = MovedLine(1, 7, "000007", "690001", "清溪矿泉水", "瓶", 24_000, 2400, 2400)
SHELF = CountedLine(1, 7, "000007", "690001", "清溪矿泉水", "瓶", 24_000, 23_000, -100)
WHERE = Where("0042", "shift-1", "2026-03-01")
LINE = SoldLine(
    line_no=1,
    product_id=7,
    sku="A7",
    barcode="6901234567892",
    name="𠮷可乐 “330ml”",
    unit="罐",
    milli=2000,
    unit_fen=350,
    list_fen=700,
    adjustments=(Adjustment("line_discount", 35), Adjustment("rounding", 5)),
    net_fen=660,
    tax_bp=1300,
    tax_fen=76,
)
FIGURES = Figures(
    of=Scope("z", "2026-03-01", "2026-03-01", after_jn=3, upto_jn=90),
    first_seq=1,
    last_seq=9,
    first_at="2026-03-01T01:00:00.000Z",
    last_at="2026-03-01T12:00:00.000Z",
    orders=8,
    returns=1,
    lines=30,
    gross_fen=9000,
    returned_list_fen=-500,
    discounts=(Amount("promotion", 3, 400),),
    rounding_fen=5,
    sold_fen=8595,
    returned_fen=-500,
    net_fen=8095,
    tax_fen=931,
    change_fen=120,
    taxes=(Rate(1300, 8595, -500, 8095, 931),),
    tenders=(Way("cash", 7, 8595, 1, -500, 8095),),
    categories=(Group("饮品", 30, 8595, -500, 8095, 931),),
    operators=(Seller("0042", 8, 8095, 931),),
    prices=Amount("price", 1, 50),
    voided_orders=Amount("order", 1, 660),
    voided_lines=Amount("line", 2, 700),
    overrides=(Amount("price", 1, 0),),
    drawer_opens=1,
    reprints=1,
    drawer=Drawer(50_000, 8095, 100, 200, 30_000),
    cost_fen=5000,
    uncosted_lines=2,
    held=1,
    unsent=90,
    unresolved=Amount("unresolved", 1, 1234),
)
COUNTED = (Counted("cash", 27_990, 27_995, -5),)
FACTS: tuple[Fact, ...] = (
    LedgerCreated("ledger-1", "00" * 32),
    OrderClosed(
        where=WHERE,
        order_id="o1",
        seq=1,
        number="000101010000001",
        ref="",
        opened_at="2026-03-01T01:00:00.000Z",
        lines=(LINE,),
        tenders=(Taken("bank", 160, 160, "REF1"), Taken("cash", 500, 1000)),
        total_fen=660,
        tax_fen=76,
        rounding_fen=5,
        change_fen=500,
    ),
    OrderVoided(
        WHERE, "o2", 2, "000101010000002", "2026-03-01T01:00:00.000Z", (LINE,), 660, "客退"
    ),
    LineVoided(WHERE, "o1", 3, "A7", "可乐", 1000, 350, 350),
    Override(WHERE, "v1", "price", "0007", "破损", "3.50", "3.00", "o1"),
    DrawerOpened(WHERE, "换零"),
    CashMoved(WHERE, "c1", "drop", 100_000, "解款"),
    Session(WHERE, "wrong_pin", "cashier"),
    Reprinted(WHERE, "o1", "000101010000001", 1),
    ShiftOpened(WHERE),
    ConfigChanged("ab" * 32, ("cash.rounding", "keys.hold")),
    ClockJumped("2026-03-01T01:00:00.000Z", "2026-03-01T02:00:00.000Z", 3600),
    OperatorChanged("0001", "0042", "added", "cashier"),
    CatalogImported("0001", "cd" * 32, 10, 7, 2),
    ProductChanged(WHERE, 7, "A7", "edited", {"price_fen": ("350", "360")}),
    Fulfilled(WHERE, "o1", "000101010000001", "delivered"),
    OffersChanged("9001", "file", 2, 14, "ef" * 32),
    TrainingSwitched(WHERE, True),
    PersonErased(WHERE, "p1"),
    MessageAsked(WHERE, "receipt", "o1", "000101010000001", "p1"),
    PaymentStep("attempt", "a1", "begin", "sending", "wechat code 1234", "ef" * 32),
    PaymentResolved(WHERE, "a1", "o1", "wechat", "ab" * 16, 1234, "unpaid", "顾客手机无扣款"),
    RefundAsked(WHERE, "o1", "alipay", "ab" * 16, "cd" * 16, 1000, "退货"),
    RefundEnded("alipay", "ab" * 16, "cd" * 16, 1000, "refunded", "R1", ""),
    RefundSettled(
        *(WHERE, "o1", "wechat", "ab" * 16, "cd" * 16, 550, "bank", "778899", "账户已注销")
    ),
    DifferenceResolved(WHERE, "wechat", "2026-03-01", "long", "ab" * 16, "已退款"),
    ShiftClosed(
        where=WHERE,
        shift_id="s1",
        owner="0042",
        business_date="2026-03-01",
        opened_at="2026-03-01T01:00:00.000Z",
        figures=FIGURES,
        counted=COUNTED,
        denominations=((10_000, 2), (10, 799)),
        recounted=True,
        first_declared=(("cash", 27_000),),
        approver="0007",
        reason="找零差错",
        left_fen=20_000,
        auto=False,
    ),
    ShiftCounted(WHERE, "s1", COUNTED, ((10, 2799),), False, (), "", "", 0),
    DayClosed(
        where=WHERE,
        z=7,
        business_date="2026-03-01",
        first_seq=1,
        last_seq=9,
        shifts=2,
        figures=FIGURES,
        counted=None,
        uncounted=2,
        grand_total_fen=123_456,
        clock_jumps=1,
        auto=True,
    ),
    MemberChanged(WHERE, "p1", "joined", "普通会员"),
    StockMoved(WHERE, "d1", "K1", "received", "粮油批发", "PH-7", "", (MOVED,)),
    StockCounted(WHERE, "d2", "K2", "2026-03-01T01:00:00.000Z", "9001", False, "", (SHELF,)),
    EpochBegan("ledger-1", "00" * 32, 1, "restored", 9, "ab" * 32),
    RecordRecovered(1, 9, '{"v":1}', "ab" * 32, "cd" * 64),
    OrderShared(WHERE, "o1", "given", 2, 660, "王先生"),
    MasterReceived("chain", "12-ab", 3),
    InvoiceAsked(
        WHERE,
        "00010101000000101",
        "o1",
        "000101010000001",
        "nuonuo",
        False,
        "p1",
        660,
        76,
        (InvoiceRow(1, 1, 3000, 660, 76),),
        "",
    ),
    InvoiceEnded("00010101000000101", "o1", "issued", "2" * 20, "2026-03-01T01:00:00.000Z", ""),
    RedAsked(
        WHERE,
        "000101010000001R01",
        "00010101000000101",
        "o1",
        "return",
        220,
        25,
        (InvoiceRow(1, 1, 1000, 220, 25),),
    ),
    RedEnded("000101010000001R01", "00010101000000101", "o1", "red", "3" * 20, ""),
)
KINDS = [kind_of(fact) for fact in FACTS]
each_fact = pytest.mark.parametrize("fact", FACTS, ids=KINDS)


def record_of(fact: Fact, jn: int = 1) -> Record:
    return Record(VERSION, "0001", "01", 1, jn, "2026-03-01T01:00:00.000Z", fact)


def test_every_kind_of_fact_is_tried_here_and_has_its_own_name() -> None:
    assert {type(fact) for fact in FACTS} == set(get_args(Fact))
    assert len(set(KINDS)) == len(FACTS)


@each_fact
def test_there_and_back(fact: Fact) -> None:
    record = record_of(fact)
    data = to_bytes(record)
    assert from_bytes(data) == record
    assert to_bytes(from_bytes(data)) == data
    assert type(from_bytes(data).fact) is type(fact)


@each_fact
def test_bytes_are_canonical(fact: Fact) -> None:
    """Any JSON library can make the same bytes: keys sorted, no spaces, UTF-8 as it is."""
    data = to_bytes(record_of(fact))
    value = json.loads(data)
    again = json.dumps(value, sort_keys=True, separators=(",", ":"), ensure_ascii=False)
    assert again.encode() == data
    assert value["fact"]["kind"] == kind_of(fact)
    assert not _floats(value)


def _floats(value: Any) -> bool:
    if isinstance(value, dict):
        return any(_floats(v) for v in value.values())
    if isinstance(value, list):
        return any(_floats(v) for v in value)
    return isinstance(value, float)


def test_bytes_of_a_fact_never_change() -> None:
    """These bytes are in ledgers already: whoever changes them breaks every chain."""
    assert (
        to_bytes(record_of(DrawerOpened(WHERE, "换零"), jn=9))
        == (
            '{"at":"2026-03-01T01:00:00.000Z","epoch":1,"fact":{"kind":"drawer.opened","reason":"换零",'
            '"where":{"business_date":"2026-03-01","operator":"0042","shift_id":"shift-1"}},"jn":9,'
            '"shop":"0001","till":"01","v":1}'
        ).encode()
    )


@each_fact
def test_unknown_and_missing_fields_are_refused(fact: Fact) -> None:
    good = json.loads(to_bytes(record_of(fact)))
    for spoil in (
        {**good, "more": 1},
        {**good, "fact": {**good["fact"], "more": 1}},
        {key: value for key, value in good.items() if key != "jn"},
        {**good, "fact": {**good["fact"], "kind": "no.such.kind"}},
    ):
        with pytest.raises(msgspec.DecodeError):
            from_bytes(json.dumps(spoil).encode())
    later = {f.name for f in msgspec.structs.fields(fact) if not f.required}
    for name in good["fact"].keys() - later:  # older records lack what was added later
        less = {key: value for key, value in good["fact"].items() if key != name}
        with pytest.raises(msgspec.DecodeError):
            from_bytes(json.dumps({**good, "fact": less}).encode())


def test_unknown_fields_deep_inside_are_refused() -> None:
    good = to_bytes(record_of(FACTS[1])).decode()
    for place in ('"line_no":1', '"kind":"rounding"', '"way":"cash"', '"operator":"0042"'):
        assert place in good
        with pytest.raises(msgspec.DecodeError):
            from_bytes(good.replace(place, f'{place},"more":1', 1).encode())


@pytest.mark.parametrize(
    ("old", "new"),
    [
        ('"fen":500', '"fen":500.5'),
        ('"fen":500', '"fen":"500"'),
        ('"way":"cash"', '"way":"cheque"'),
        ('"kind":"rounding"', '"kind":"gift"'),
    ],
)
def test_wrong_types_are_refused(old: str, new: str) -> None:
    good = to_bytes(record_of(FACTS[1])).decode()
    assert old in good
    with pytest.raises(msgspec.DecodeError):
        from_bytes(good.replace(old, new).encode())


@pytest.mark.parametrize("data", [b"", b"{}", b"null", b"[]", b"\xff", b"{" * 5000, b'{"v":1}'])
def test_rubbish_is_refused(data: bytes) -> None:
    with pytest.raises((msgspec.DecodeError, RecursionError)):
        from_bytes(data)


def test_chain_is_sha256_over_previous_and_bytes() -> None:
    assert bytes(32) == FIRST_PREVIOUS
    assert chain(FIRST_PREVIOUS, b"x") == hashlib.sha256(bytes(32) + b"x").digest()


def heads(stored: list[bytes]) -> list[bytes]:
    found = [FIRST_PREVIOUS]
    for data in stored:
        found.append(chain(found[-1], data))
    return found[1:]


def test_the_chain_feels_every_byte_every_swap_and_every_gap() -> None:
    stored = [to_bytes(record_of(fact, jn)) for jn, fact in enumerate(FACTS, 1)]
    good = heads(stored)
    assert len(set(good)) == len(good)
    for place in range(0, len(stored[1]), 7):
        spoiled = bytearray(stored[1])
        spoiled[place] ^= 1
        bad = heads([stored[0], bytes(spoiled), *stored[2:]])
        assert bad[0] == good[0]
        assert all(b != g for b, g in zip(bad[1:], good[1:], strict=True))
    assert heads([stored[1], stored[0], *stored[2:]])[-1] != good[-1]
    assert heads([stored[0], *stored[2:]])[-1] != good[-1]


def test_signatures() -> None:
    signer = Signer(new_key())
    digest = chain(FIRST_PREVIOUS, b"fact")
    signature = signer.sign(digest)
    assert len(signature) == 64
    assert verify(signer.public_key, digest, signature)
    for place in range(64):
        bad = bytearray(signature)
        bad[place] ^= 1
        assert not verify(signer.public_key, digest, bytes(bad))
    for place in range(32):
        moved = bytearray(digest)
        moved[place] ^= 1
        assert not verify(signer.public_key, bytes(moved), signature)
    assert not verify(Signer(new_key()).public_key, digest, signature)


def test_a_key_read_again_is_the_same_key() -> None:
    pem = new_key()
    assert Signer(pem).public_key == Signer(pem).public_key
    assert verify(Signer(pem).public_key, b"d", Signer(pem).sign(b"d"))
    assert new_key() != pem


@pytest.mark.parametrize("public_key", ["", "zz" * 32, "00" * 31, "00" * 33, "密钥"])
def test_a_spoiled_public_key_verifies_nothing(public_key: str) -> None:
    signer = Signer(new_key())
    assert not verify(public_key, b"d", signer.sign(b"d"))


@pytest.mark.parametrize("signature", [b"", b"x" * 63, b"x" * 65])
def test_a_signature_of_another_length_verifies_nothing(signature: bytes) -> None:
    assert not verify(Signer(new_key()).public_key, b"d", signature)


def test_another_kind_of_key_is_refused() -> None:
    from cryptography.hazmat.primitives import serialization
    from cryptography.hazmat.primitives.asymmetric.x25519 import X25519PrivateKey

    pem = X25519PrivateKey.generate().private_bytes(
        serialization.Encoding.PEM,
        serialization.PrivateFormat.PKCS8,
        serialization.NoEncryption(),
    )
    with pytest.raises(ValueError, match="Ed25519"):
        Signer(pem)
