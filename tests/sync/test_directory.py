"""Members of a chain: who joined at one till is found at another; who was erased, nowhere."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import closing
from pathlib import Path
from typing import Any

import pytest

from pos.config import load
from pos.record import Where
from pos.refusal import Refused
from pos.sealing import Vault
from pos.store import members, persons
from pos.store.members import Member
from pos.store.reader import Reader
from pos.sync.link import Link
from pos.sync.requests import Requests
from pos.sync.trouble import LinkFailed
from tests.sync.office import Office, TillSide, direct, enrol_till

WHERE = Where("1001", "shift-1", "2026-03-02")
PHONE, CARD = "13800001234", "880001"
ON = {"enabled = false            # F2 signs": "enabled = true  # F2 signs"}


@pytest.fixture
def tills(tmp_path: Path, office: Office) -> Iterator[tuple[TillSide, TillSide]]:
    made = [enrol_till(tmp_path / f"t{n}", office, till=f"0{n}", extra=ON) for n in (1, 2)]
    yield made[0], made[1]
    for one in made:
        one.close()


def vault(till: TillSide) -> Vault:
    return Vault(load(till.shop.config_file).person_key.read_bytes())


def joined(till: TillSide, phone: str = PHONE, card: str = CARD) -> str:
    who = persons.add(till.ledger, vault(till), "王小明", phone)
    members.join(till.ledger, vault(till), who, WHERE, level="普通会员", card=card, birthday="0502")
    till.visit()
    return who


def sought(till: TillSide, text: str) -> int:
    with closing(till.new_link()) as link:
        config = load(till.shop.config_file)
        return Requests(config, till.shop.hands.clock(), link, direct(till.ledger)).people(text)


def known(till: TillSide, who: str) -> Member | None:
    with closing(Reader(till.ledger.place.path)) as reader:
        return members.get(reader, vault(till), who)


@pytest.mark.parametrize("text", [PHONE, "1234", "王小明", CARD])
def test_who_joined_at_one_till_is_known_at_the_other(
    office: Office, tills: tuple[TillSide, TillSide], text: str
) -> None:
    one, other = tills
    who = joined(one)
    assert known(other, who) is None
    assert sought(other, "13999999999") == 0
    assert sought(other, text) == 1
    there, here = known(one, who), known(other, who)
    assert here == there
    assert here is not None
    assert (here.person.phone, here.card, here.birthday) == (PHONE, CARD, "05-02")
    assert sought(other, text) == 1, "once more changes nothing"
    [row] = office.rows("SELECT * FROM people")
    told = repr(dict(row))
    assert PHONE not in told
    assert CARD not in told
    assert "小明" not in told


def test_levels_and_erasing_reach_every_till(
    office: Office, tills: tuple[TillSide, TillSide]
) -> None:
    one, other = tills
    who = joined(one)
    sought(other, PHONE)
    members.change(other.ledger, vault(other), who, "level", "金卡", WHERE)
    other.visit()
    one.visit()
    assert (found := known(one, who)) is not None
    assert found.level == "金卡"
    persons.erase(one.ledger, who, WHERE)
    one.visit()
    other.visit()
    assert known(other, who) is None
    assert sought(other, PHONE) == 0
    with closing(Reader(other.ledger.place.path)) as reader:
        [row] = reader.rows("SELECT * FROM persons")
    assert (row["wrapped_key"], row["phone_mac"], row["name"]) == (None, None, None)


def test_who_joined_before_there_was_a_head_office_is_told_of_too(
    office: Office, tills: tuple[TillSide, TillSide]
) -> None:
    one, other = tills
    office.stop()
    for n in range(3):
        who = persons.add(one.ledger, vault(one), f"王{n}", f"1380000123{n}")
        members.join(one.ledger, vault(one), who, WHERE, level="普通会员")
    with pytest.raises(Refused):
        sought(other, "13800001232")
    office.start()
    one.visit()
    assert sought(other, "13800001232") == 1


@pytest.mark.parametrize(("status", "told_later"), [(404, True), (400, False)])
def test_a_head_office_that_takes_no_members_still_gets_the_records(
    office: Office,
    tills: tuple[TillSide, TillSide],
    monkeypatch: pytest.MonkeyPatch,
    status: int,
    told_later: bool,
) -> None:
    one, _ = tills
    ask = Link.ask

    def older(link: Link, method: str, target: str, *rest: Any) -> Any:
        if target.startswith("/v1/people"):
            raise LinkFailed("told", "ho_not_found", status=status)
        return ask(link, method, target, *rest)

    with monkeypatch.context() as patched:
        patched.setattr(Link, "ask", older)
        joined(one)
    assert office.rows("SELECT 1 AS x FROM inbox")
    one.visit()
    assert bool(office.rows("SELECT 1 AS x FROM people")) is told_later
