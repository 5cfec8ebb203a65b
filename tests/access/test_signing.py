"""Signing in at the service: what is counted, what is written, how long somebody waits."""

from __future__ import annotations

import errno
import shutil
from collections.abc import Iterator
from concurrent.futures import ThreadPoolExecutor
from contextlib import closing
from pathlib import Path

import pytest
from sqlalchemy import Connection, insert

from pos.access import signing
from pos.access.pins import Pins
from pos.access.rights import RIGHTS_OF, Session
from pos.access.signing import Gate, authenticate, recognise, role_of, sign_in, where_of
from pos.clock import moment_of
from pos.config import load
from pos.record import Fact, Where, from_bytes
from pos.record import Session as SessionFact
from pos.refusal import Refused
from pos.store import operators, wrong_pins
from pos.store.ledger import Ledger
from pos.store.models import table
from pos.store.reader import Reader
from pos.store.verify import verify_ledger
from tests.shop import PIN, CheapPins, Shop, make_shop

WRONG = "000001"


class Door:
    """A till's door: the ledger with its operators, and a clock moved by hand."""

    def __init__(self, shop: Shop) -> None:
        config = load(shop.config_file)
        self.hands = shop.hands
        self.pins = CheapPins(config.pepper.read_bytes())
        self.gate = Gate(self.pins, config.settings)
        self.ledger: Ledger = shop.ledger()
        self.reader = Reader(config.ledger)
        self.ways = {"knock": self.knock, "look": self.look}

    def knock(self, who: str, pin: str) -> Session:
        return authenticate(self.gate, self.ledger, self.reader, who, pin)

    def look(self, who: str, pin: str) -> Session:
        return recognise(self.gate, self.reader, self.hands.at, who, pin)

    def refused(self, who: str, pin: str, way: str = "knock") -> Refused:
        with pytest.raises(Refused) as refused:
            self.ways[way](who, pin)
        return refused.value

    def waits(self, who: str = "1001") -> int:
        """Seconds until the operator may try again, as kept."""
        row = self.reader.operator(who)
        assert row is not None
        if not row.wait_until:
            return -1
        return round((moment_of(row.wait_until) - self.hands.at).total_seconds())

    def wrong(self, who: str = "1001") -> int:
        row = self.reader.operator(who)
        assert row is not None
        return row.wrong_pins

    def last(self) -> Fact:
        """The fact recorded last."""
        return from_bytes(self.reader.rows("SELECT body FROM journal ORDER BY jn DESC")[0][0]).fact

    def events(self) -> list[tuple[str, str, str]]:
        """Who, what and with which role, of each coming and going."""
        rows = self.reader.rows(
            "SELECT operator, subject, detail FROM events WHERE kind = 'session' ORDER BY jn"
        )
        return [tuple(row) for row in rows]


@pytest.fixture(scope="module")
def built(tmp_path_factory: pytest.TempPathFactory) -> Path:
    return make_shop(tmp_path_factory.mktemp("door")).folder


@pytest.fixture
def door(built: Path, tmp_path: Path) -> Iterator[Door]:
    made = Door(Shop(Path(shutil.copytree(built, tmp_path / "shop"))))
    yield made
    made.reader.close()
    made.ledger.close()


def test_the_right_pin_gives_the_session_and_writes_nothing(door: Door) -> None:
    before = door.reader.head()
    found = door.knock("2001", PIN["2001"])
    assert found == Session("2001", "主管", "supervisor", RIGHTS_OF["supervisor"], 3000, 3000)
    assert door.reader.head() == before


def test_each_wrong_pin_is_counted_and_on_record_and_the_right_one_forgets_them(door: Door) -> None:
    for n in range(1, 5):
        assert door.refused("1001", WRONG).code == "wrong_pin"
        assert (door.wrong(), door.waits()) == (n, -1)
    assert [event[:2] for event in door.events()] == [("1001", "wrong_pin")] * 4
    assert door.last() == SessionFact(Where("1001", "", ""), "wrong_pin", "cashier")
    door.knock("1001", PIN["1001"])
    assert (door.wrong(), door.waits(), len(door.events())) == (0, -1, 4)
    assert door.wrong("2001") == 0


def test_the_fifth_waits_and_each_further_one_twice_as_long(door: Door) -> None:
    for _ in range(5):
        door.refused("1001", WRONG)
    wait = 30
    while wait < 30 * 2**4:
        assert door.waits() == wait
        early = door.refused("1001", PIN["1001"])  # even the right one
        assert (early.code, early.values) == ("must_wait", {"seconds": wait + 1})
        door.hands.go(wait - 0.5)
        assert door.refused("1001", WRONG).values == {"seconds": 1}
        assert door.wrong() == 5 + [30, 60, 120, 240].index(wait)  # knocking early is not counted
        door.hands.go(0.5)
        assert door.refused("1001", WRONG).code == "wrong_pin"
        wait *= 2
    door.hands.go(wait)
    assert door.knock("1001", PIN["1001"]).operator_id == "1001"
    assert door.wrong() == 0


def test_the_wait_ends_doubling(door: Door) -> None:
    operators.count_wrong(door.ledger, "1001", 40, "")
    door.refused("1001", WRONG)
    assert door.waits() == 30 * 2**10


@pytest.mark.parametrize("way", ["knock", "look"])
def test_a_clock_set_back_makes_nobody_wait_longer(door: Door, way: str) -> None:
    """They are in after the wait they were told, at the till and by a command that reads."""
    for _ in range(5):
        door.refused("1001", WRONG)
    for gone, told in ((-86_400, 31), (-3600, 31), (10, 21)):
        door.hands.go(gone)
        assert door.refused("1001", PIN["1001"], way).values == {"seconds": told}
    door.hands.go(20)
    assert door.ways[way]("1001", PIN["1001"]).operator_id == "1001"


def test_nobody_learns_who_is_an_operator(door: Door, monkeypatch: pytest.MonkeyPatch) -> None:
    """Neither by the words nor by the time: an unknown one costs a hash and a check, as a known."""
    asked: list[tuple[str, str]] = []
    right = Pins.matches

    def matches(self: Pins, pin: str, kept: str) -> bool:
        asked.append((pin, kept[:9]))
        return right(self, pin, kept)

    monkeypatch.setattr(Pins, "matches", matches)
    operators.set_active(door.ledger, "2001", "supervisor", False, "9001")
    for who in ("4711", "2001"):
        for pin in ("000000", "975318", PIN["2001"]):
            refused = door.refused(who, pin)
            assert (refused.code, refused.values) == ("wrong_pin", {})
            assert asked.pop() == (pin, "$argon2id")
    assert door.wrong("2001") == 0
    assert door.events() == []


def test_a_command_that_reads_counts_beside_the_ledger(door: Door) -> None:
    """What is wrong there makes wait everywhere, and is on record once the ledger has it."""
    head, beside = door.reader.head(), door.reader.path.with_name("ledger.db.pins")
    assert door.look("1001", PIN["1001"]).name == "收银员"
    assert not beside.exists()
    for _ in range(3):
        assert door.refused("1001", WRONG, "look").code == "wrong_pin"
    assert beside.stat().st_mode & 0o777 == 0o600
    assert (door.reader.head(), door.wrong()) == (head, 0)
    door.refused("1001", WRONG)
    assert (door.wrong(), len(door.events()), beside.exists()) == (4, 4, False)
    door.refused("1001", WRONG, "look")
    assert door.refused("1001", PIN["1001"], "look").values == {"seconds": 31}
    assert door.refused("1001", PIN["1001"]).values == {"seconds": 31}
    assert (door.wrong(), door.waits()) == (5, 30)
    assert door.events() == [("1001", "wrong_pin", "cashier")] * 5
    door.hands.go(30)
    assert door.refused("1001", WRONG, "look").code == "wrong_pin"
    assert door.refused("1001", PIN["1001"], "look").values == {"seconds": 61}
    assert door.look("2001", PIN["2001"]).name == "主管"


def test_the_right_pin_clears_what_lies_beside_but_not_what_is_on_record(door: Door) -> None:
    for _ in range(4):
        door.refused("1001", WRONG, "look")
        door.refused("2001", WRONG, "look")
    door.look("1001", PIN["1001"])
    assert door.refused("1001", WRONG, "look").code == "wrong_pin"
    assert door.look("1001", PIN["1001"]).operator_id == "1001"
    door.knock("9001", PIN["9001"])
    assert (door.wrong("1001"), door.wrong("2001"), door.wrong("9001")) == (0, 4, 0)
    assert sorted(door.events()) == (
        [("1001", "wrong_pin", "cashier")] * 5 + [("2001", "wrong_pin", "supervisor")] * 4
    )
    assert verify_ledger(door.reader.path).ok


def test_many_that_look_at_once_guess_no_more_than_one(door: Door) -> None:
    def guess(_: int) -> str:
        with closing(Reader(door.reader.path)) as reader, pytest.raises(Refused) as refused:
            recognise(door.gate, reader, door.hands.at, "1001", WRONG)
        return refused.value.code

    with ThreadPoolExecutor(12) as pool:
        told = sorted(pool.map(guess, range(12)))
    assert told == ["must_wait"] * 7 + ["wrong_pin"] * 5


def test_who_holds_the_lock_too_long_keeps_no_till_from_selling(
    door: Door, monkeypatch: pytest.MonkeyPatch
) -> None:
    """The till goes by what lies there all the same; a command that reads is refused."""
    monkeypatch.setattr(signing, "_TILL_SECONDS", 0.0)
    monkeypatch.setattr(signing, "_PATIENCE_SECONDS", 0.0)
    for _ in range(5):
        door.refused("1001", WRONG, "look")
    with wrong_pins.alone(door.reader.path, 0) as had:
        assert had
        assert door.refused("2001", PIN["2001"], "look").code == "ledger_in_use"
        assert door.knock("2001", PIN["2001"]).operator_id == "2001"
        assert door.refused("1001", PIN["1001"]).values == {"seconds": 31}
    assert door.wrong() == 0
    door.knock("2001", PIN["2001"])
    assert door.wrong() == 5


def test_a_disk_that_refuses_is_told(door: Door, monkeypatch: pytest.MonkeyPatch) -> None:
    def full(*_: object) -> None:
        raise OSError(errno.ENOSPC, "full")

    monkeypatch.setattr(wrong_pins, "replace_file", full)
    assert door.refused("1001", WRONG, "look").code == "disk_full"
    assert door.look("1001", PIN["1001"]).operator_id == "1001"


@pytest.mark.parametrize(
    "text",
    [
        *(b"", b"\xff{", b'{"1001": 5}', b"[" * 9000, b'{"1001": {"wrong": -1}}'),
        b'{"1001": {"wrong": 5, "wait_until": "never"}}',
        b'{"1001": {"wrong": 5, "wait_until": "2026-03-02T02:00:00"}}',
        b'{"1001": {"unrecorded": 99999999999999999999}}',
    ],
)
def test_a_file_beside_that_says_nothing_locks_nobody_out(door: Door, text: bytes) -> None:
    beside = door.reader.path.with_name("ledger.db.pins")
    beside.write_bytes(text)
    assert door.look("1001", PIN["1001"]).operator_id == "1001"
    assert door.knock("1001", PIN["1001"]).operator_id == "1001"
    assert door.refused("1001", WRONG, "look").code == "wrong_pin"
    assert list(wrong_pins.found(door.reader.path)) == ["1001"]


def test_signing_in_opens_one_shift_a_day_and_goes_on_in_it(door: Door) -> None:
    first = sign_in(door.gate, door.ledger, door.reader, "1001", PIN["1001"])
    again = sign_in(door.gate, door.ledger, door.reader, "1001", PIN["1001"])
    assert first == again
    assert where_of(first) == Where("1001", first.shift_id, "2026-03-02")
    assert first.shift_id
    other = sign_in(door.gate, door.ledger, door.reader, "2001", PIN["2001"])
    assert other.shift_id != first.shift_id
    shifts = door.reader.rows("SELECT shift_id, operator, business_date FROM shifts ORDER BY jn")
    assert [tuple(row) for row in shifts] == [
        (first.shift_id, "1001", "2026-03-02"),
        (other.shift_id, "2001", "2026-03-02"),
    ]
    assert [event[:2] for event in door.events()] == [
        ("1001", "signed_in"), ("1001", "signed_in"), ("2001", "signed_in"),
    ]  # fmt: skip
    door.hands.go(86_400)
    assert (
        sign_in(door.gate, door.ledger, door.reader, "1001", PIN["1001"]).shift_id != first.shift_id
    )


def test_what_head_office_says_of_a_role_holds_from_the_next_sign_in(door: Door) -> None:
    said = '{"rights":["sell","return"],"discount_bp":150,"price_cut_bp":0}'

    def put(connection: Connection) -> None:
        row = {"kind": "role", "key": "cashier", "stream": "roles", "version": 1, "value": said}
        connection.execute(insert(table("received")), row)

    door.ledger.change(put)
    found = door.knock("1001", PIN["1001"])
    assert (found.rights, found.discount_bp) == (frozenset({"sell", "return"}), 150)


def test_before_the_cutoff_it_is_still_yesterday(door: Door) -> None:
    door.hands.go(17 * 3600)  # 10:00 in the shop was noon … 03:00 is before four
    assert (
        sign_in(door.gate, door.ledger, door.reader, "1001", PIN["1001"]).business_date
        == "2026-03-02"
    )


def test_who_may_not_sell_does_not_come_to_the_counter(door: Door) -> None:
    pin_hash = door.pins.hash("864209")
    operators.add(door.ledger, "7001", "技术员", "technician", pin_hash, "9001")
    with pytest.raises(Refused, match="role_cannot_sell"):
        sign_in(door.gate, door.ledger, door.reader, "7001", "864209")
    assert door.events() == []


def test_a_role_that_is_none_is_refused() -> None:
    assert role_of("manager") == "manager"
    with pytest.raises(Refused) as refused:
        role_of("boss")
    assert (refused.value.code, refused.value.values) == ("unknown_role", {"role": "boss"})
