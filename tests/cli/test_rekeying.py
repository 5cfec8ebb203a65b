"""`pos config rekey --pins`: another pepper, and PINs set anew under it."""

from __future__ import annotations

import stat
from contextlib import closing

import pytest

from pos.access.pins import Pins, new_pepper
from pos.config import load
from pos.store import operators
from pos.system import write_private
from pos.till import rekeying
from tests.cli.conftest import Pos
from tests.shop import PIN, WATER
from tests.trust.planted import found

NEW, OTHER = "864209", "753190"
REKEY = ("config", "rekey", "--pins", "--json")


def sells(pos: Pos, who: str, pin: str) -> bool:
    return pos("sell", WATER, "--cash", "5", by=who, pin=pin).code == 0


def test_pins_set_anew_under_a_new_pepper_work_and_the_old_ones_do_not(
    pos: Pos, monkeypatch: pytest.MonkeyPatch
) -> None:
    pepper = load(pos.shop.config_file).pepper
    old = pepper.read_bytes()
    assert pos(*REKEY, by="1001").code == 1, "not a cashier's"
    assert "POS_NEW_PIN" in pos(*REKEY, by="9001").why
    monkeypatch.setenv("POS_NEW_PIN", PIN["9001"])
    assert "旧的" in pos(*REKEY, by="9001").why
    assert pepper.read_bytes() == old, "nothing was changed"
    monkeypatch.setenv("POS_NEW_PIN", NEW)
    add = ("operator", "add", "3001", "--name", "小技", "--role", "technician")
    assert pos(*add, by="9001").code == 0
    assert pos(*REKEY, by="3001", pin=NEW).code == 1, "who cannot set the others' locks all out"
    assert pos(*REKEY, by="9001").json == {"pins_to_set": ["1001", "2001", "3001"]}
    assert (len(pepper.read_bytes()), pepper.read_bytes() == old) == (32, False)
    assert stat.S_IMODE(pepper.stat().st_mode) == 0o600
    assert not found([pos.shop.folder], {"old pepper": old})
    assert not sells(pos, "9001", PIN["9001"])
    assert not sells(pos, "1001", PIN["1001"])
    monkeypatch.setenv("POS_NEW_PIN", OTHER)
    assert pos("operator", "pin", "1001", by="9001", pin=NEW).code == 0
    assert sells(pos, "1001", OTHER)
    assert not sells(pos, "1001", PIN["1001"])
    assert sells(pos, "9001", NEW)
    pos.head()


def test_a_pin_that_head_office_sent_goes_on_under_a_new_pepper(
    pos: Pos, monkeypatch: pytest.MonkeyPatch
) -> None:
    config, chain = load(pos.shop.config_file), new_pepper()
    write_private(config.chain_pepper, chain)
    with closing(pos.shop.ledger()) as ledger:
        operators.set_pin(ledger, "1001", "cashier", Pins(chain).hash(OTHER), "9001")
    assert sells(pos, "1001", OTHER)
    monkeypatch.setenv("POS_NEW_PIN", NEW)
    assert pos(*REKEY, by="9001").code == 0
    assert sells(pos, "1001", OTHER)
    assert sells(pos, "9001", NEW)
    assert not sells(pos, "2001", PIN["2001"]), "hashed here, with the old pepper"
    assert config.chain_pepper.read_bytes() == chain


def test_cut_off_half_way_it_is_ended_or_undone_by_the_next_start(
    pos: Pos, monkeypatch: pytest.MonkeyPatch
) -> None:
    config = load(pos.shop.config_file)
    monkeypatch.setenv("POS_NEW_PIN", NEW)

    def gone(*_: object, **__: object) -> None:
        raise KeyboardInterrupt

    for name, left in (("operators.change_pepper", "9001"), ("_put_in_place", NEW)):
        with monkeypatch.context() as cut:
            cut.setattr(f"pos.till.rekeying.{name}", gone)
            pos(*REKEY, by="9001")
        assert config.next_pepper.exists(), name
        with closing(pos.shop.ledger()) as ledger:
            rekeying.settle(config, ledger)
        assert not config.next_pepper.exists(), name
        assert sells(pos, "9001", PIN.get(left, left)), name
        assert sells(pos, "1001", PIN["1001"]) == (left == "9001"), name
