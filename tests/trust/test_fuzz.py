"""Whatever bytes come in: what they say, or a refusal in words; never a crash, never a wait.

Each reader gets good files that were damaged at random, and its own worst signs. `ci` and `full`
try many more, with a limit on the time of each.
"""

from __future__ import annotations

import tempfile
from collections.abc import Callable, Iterator
from contextlib import suppress
from datetime import timedelta
from pathlib import Path
from typing import Any

import msgspec
import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from pos.config import check, default_text
from pos.invoices.nuonuo import answers as nuonuo
from pos.payments.alipay import answers as alipay
from pos.payments.bills import read_bill
from pos.payments.wechat import answers as wechat
from pos.protocol import enrolment, framing
from pos.protocol.master import Changes
from pos.protocol.problems import ProblemError
from pos.protocol.records import Batch
from pos.receiptline.as_html import page
from pos.receiptline.as_text import text as as_text
from pos.receiptline.layout import lay_out
from pos.receiptline.parse import parse
from pos.receiptline.shipped import shipped_templates
from pos.receiptline.template import fill
from pos.record import OrderClosed, Record, from_bytes, to_bytes
from pos.refusal import Refused
from pos.sale.promotions.coupons import read_coupons
from pos.sale.promotions.files import read_csv, read_toml
from pos.simulators.printer import interpret
from pos.sync.receiving import opened
from pos.words import CATALOGUE
from pos.words.refusals import say
from tests.payments.test_bills import GOOD_ALIPAY, GOOD_WECHAT
from tests.sale.promotions.test_files import EXAMPLE
from tests.screens.test_router import NAMES, TERMINATOR, Hand, Where
from tests.trust import SIZE
from tests.trust.corpus import HOSTILE, filled

EXAMPLES = SIZE.of(test=25, ci=600, full=10_000)
DEADLINE = None if SIZE.name == "test" else timedelta(seconds=20)
FUZZ = settings(
    derandomize=True,
    deadline=DEADLINE,
    max_examples=EXAMPLES,
    suppress_health_check=list(HealthCheck),
)
_SIGNS = [
    *(text.encode("utf-8", "surrogatepass") for text in HOSTILE.values() if len(text) < 200),
    *(b"", b"\0", b"\xff", b"\xfe", b"\n", b'"', b"'", b",", b"[", b"{", b"]]", b"1e999", b"-0"),
    *(b"NaN", b"9" * 30, b"0x", b"#", b"\\u0000", b"[[[[[[[[", b'{"":' * 40, b"\xef\xbb\xbf"),
]


def damaged(*good: bytes) -> st.SearchStrategy[bytes]:
    """One of the good files with some of it gone, doubled, or something else in its place."""
    change = st.tuples(
        st.integers(0, 1 << 20), st.sampled_from([0, 0, 1, 3, 40]),
        st.sampled_from(_SIGNS) | st.binary(max_size=8),
    )  # fmt: skip

    def apply(told: tuple[bytes, list[tuple[int, int, bytes]]]) -> bytes:
        data, changes = bytearray(told[0]), told[1]
        for at, gone, new in changes:
            place = at % (len(data) + 1)
            data[place : place + gone] = new
        return bytes(data)

    whole = st.tuples(st.sampled_from(good), st.lists(change, max_size=8)).map(apply)
    return whole | st.binary(max_size=300)


Reader = Callable[[bytes], object]


def _config(data: bytes) -> object:
    with tempfile.TemporaryDirectory() as folder:
        file = Path(folder) / "config.toml"
        file.write_bytes(data)
        problems, config = check(file)
    assert bool(problems) == (config is None)
    for problem in problems:
        told(problem)
    return config


def told(refused: Refused) -> None:
    """A refusal has words in both languages, of one line."""
    for words in CATALOGUE.values():
        assert say(words.refusals, refused)


def _template(data: bytes) -> object:
    document = fill(data.decode("utf-8", "replace"), SLIP, "x.receipt", shipped_templates())
    layout = lay_out(parse(document[:20_000]), 32)
    return as_text(layout), page(layout)


def _record(data: bytes) -> object:
    record = from_bytes(data)
    assert from_bytes(to_bytes(record)) == record
    return record


def _code(data: bytes) -> object:
    text = data.decode("utf-8", "replace")
    address, code = enrolment.split_address(text)
    assert enrolment.plain_code(enrolment.plain_code(code)) == enrolment.plain_code(code)
    return address, enrolment.code_hash(code)


def _wire(data: bytes) -> object:
    for encoding in ("identity", "zstd", "gzip"):
        with suppress(ProblemError):
            framing.expand(data, encoding, 1_000_000)
    for kind in (Batch, Changes):
        with suppress(ProblemError):
            framing.decode(data, kind)
    return None


def _answers(data: bytes) -> object:
    """What a gateway says, before anything in it is believed."""
    wallet = wechat.failure(data), wechat.of_qr(200, data), wechat.of_close(400, data)
    return wallet, nuonuo.envelope(data), alipay.decoded(data.decode("utf-8", "replace"))


ANSWER = msgspec.json.encode({"code": "E0000", "describe": "水", "result": [{"status": "2"}]})
SNAPSHOT = b'{"cursor":"c1","included":[]}\n{"count":1,"sha256":"00"}\n'
RECORD = to_bytes(filled(Record, "水", {"fact": filled(OrderClosed, "水")}))
SLIP: dict[str, Any] = {"w": {}, "shop": {"name": "水"}, "lines": [], "number": "1", "total": 100}
BATCH = msgspec.json.encode(filled(Batch, "0001"))
TEMPLATES = [text.encode() for text in shipped_templates().values()]
CODE = enrolment.with_address("https://ho.example.invalid", "7K3M-9QXA-7K3M-9QXA").encode()
OFFERS = "id,name,kind,skus,price\na,甲,special,T1,4.00\nb,乙,special,T2|T3,1\n".encode()
COUPONS = "券码,促销,可用次数\nQUAN-1,a,1\nQUAN-2,b,2\n".encode()
PAPER = b"\x1b@\x1c&" + "水 2.00\n".encode("gb18030") + b"\x1dk\x49\x05{B123\x1b(A\x1dV\x00\x1bp\0"

READERS: dict[str, tuple[st.SearchStrategy[bytes], Reader]] = {
    "config": (damaged(default_text().encode()), _config),
    "wechat bill": (damaged(GOOD_WECHAT), lambda data: read_bill("wechat", data)),
    "alipay bill": (damaged(GOOD_ALIPAY), lambda data: read_bill("alipay", data)),
    "offers toml": (
        damaged(EXAMPLE.encode()),
        lambda data: read_toml(data.decode("utf-8", "replace")),
    ),
    "offers csv": (damaged(OFFERS), lambda data: read_csv(data.decode("utf-8", "replace"))),
    "coupons": (damaged(COUPONS), lambda x: read_coupons(x.decode("utf-8", "replace"), ["a"])),
    "template": (damaged(*TEMPLATES), _template),
    "record": (damaged(RECORD), _record),
    "wire": (damaged(BATCH, RECORD, framing.compress(BATCH * 20)), _wire),
    "enrolment": (damaged(CODE, b"http://[::1#x", b"7K3M-9QXA"), _code),
    "answers": (damaged(ANSWER), _answers),
    "snapshot": (damaged(SNAPSHOT), lambda data: list(opened(data)[1])),
    "printer": (damaged(PAPER), interpret),
}
"""Everything that reads bytes of others; the importer of products has its own: goods/importing."""


@pytest.mark.parametrize("name", READERS)
def test_what_it_says_or_a_refusal(name: str) -> None:
    strategy, read = READERS[name]

    @FUZZ
    @given(strategy)
    def holds(data: bytes) -> None:
        try:
            read(data)
        except Refused as refused:
            told(refused)
        except msgspec.DecodeError:
            assert name == "record"  # what it promises

    holds()


KEYS = [*NAMES.values(), *TERMINATOR.values(), "escape", "backspace", "f1", "f12", "ctrl+q", "up"]


def strokes() -> Iterator[st.SearchStrategy[tuple[str, str | None, float]]]:
    """Keys as a terminal names them, signs of any kind, at any pace."""
    pace = st.sampled_from([0.0, 0.001, 0.05, 0.4])
    yield st.tuples(st.sampled_from(KEYS), st.none(), pace)
    yield st.characters().flatmap(lambda c: st.tuples(st.just(c), st.just(c), pace))
    signs = st.sampled_from("".join(text for text in HOSTILE.values() if len(text) < 200))
    yield signs.flatmap(lambda c: st.tuples(st.just(c), st.just(c), pace))


def test_any_keys_in_any_mode_at_any_pace() -> None:
    modes = st.sampled_from(["selling", "paying", "asking", "signing", "products", "choosing"])

    @FUZZ
    @given(modes, st.booleans(), st.lists(st.one_of(*strokes()), max_size=120))
    def holds(mode: Any, free: bool, pressed: list[tuple[str, str | None, float]]) -> None:
        hand = Hand(Where(mode=mode, free_text=free))
        for key, character, gap in pressed:
            hand.press(key, character)
            hand.wait(gap)
        hand.wait(2)
        assert hand.router.deadline is None
        for event in hand.events:
            text = getattr(event, "text", "")
            assert "\x1b" not in text

    holds()
