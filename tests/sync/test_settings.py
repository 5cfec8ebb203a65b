"""Settings of head office: whose they are, when they hold, what is refused."""

from __future__ import annotations

from pathlib import Path

import pytest

from pos.config import check, load, sent
from pos.config.editing import with_keys
from pos.headoffice import master
from pos.headoffice.beside import act
from pos.protocol.master import Setting
from pos.refusal import Refused
from tests.sync.office import Office, TillSide


def give(office: Office, key: str, value: str, shop: str = "") -> None:
    act(office.house, "setting", {"key": key, "value": value, "shop": shop})


def to_headoffice(till: TillSide) -> Path:
    file = till.shop.config_file
    keys = {"settings": "headoffice"}
    file.write_text(with_keys(file.read_text("utf-8"), "headoffice", keys), "utf-8")
    return file


def test_what_is_sent_goes_before_the_file_and_the_rest_stays(
    office: Office, till: TillSide
) -> None:
    file = to_headoffice(till)
    before = load(file).settings
    assert before.returns.days != 3
    give(office, "returns.days", "3")
    give(office, "receipt.policy", '"三日内退换"')
    assert till.visit().trouble == ""
    found = load(file)
    assert (found.settings.returns.days, found.settings.receipt.policy) == (3, "三日内退换")
    assert found.sent == ("receipt.policy", "returns.days")
    assert found.settings.cash == before.cash
    give(office, "returns.days", "")  # taken back: the technician's holds again
    till.visit()
    assert load(file).settings.returns.days == before.returns.days


def test_a_till_that_keeps_its_own_settings_uses_none(office: Office, till: TillSide) -> None:
    before = load(till.shop.config_file).settings
    give(office, "returns.days", "3")
    assert till.visit().trouble == ""
    found = load(till.shop.config_file)
    assert found.settings == before
    assert found.sent == ()


def test_the_shops_goes_before_the_chains_in_any_order(office: Office, till: TillSide) -> None:
    file = to_headoffice(till)
    give(office, "returns.days", "3", "0001")
    till.visit()
    give(office, "returns.days", "5")
    till.visit()
    assert load(file).settings.returns.days == 3
    give(office, "returns.days", "", "0001")
    till.visit()
    till.visit()  # the chain's is asked for once more
    assert load(file).settings.returns.days == 5


@pytest.mark.parametrize(
    ("key", "value"),
    [
        ("ledger.path", '"/elsewhere"'),
        ("headoffice.url", '"http://127.0.0.1:1"'),
        ("returns.days", "-1"),
        ("returns.days", "seven"),
        ("returns.days", '7\n[ledger]\npath = "x"'),
        ("nothing.here", "1"),
    ],
)
def test_a_bad_one_refuses_all_that_came_with_it(
    office: Office, till: TillSide, key: str, value: str
) -> None:
    file = to_headoffice(till)
    before = load(file).settings
    with pytest.raises(Refused):
        give(office, key, value)  # head office's own door
    both = [Setting("receipt.footer", '"再会"'), Setting(key, value)]
    master.put(office.house, both, "9001")
    status = till.visit()
    assert status.trouble == "ho_bad_change"
    assert status.trouble_values["key"] == key
    assert load(file).settings == before


def test_a_file_that_does_not_fit_stops_no_till(office: Office, till: TillSide) -> None:
    file = to_headoffice(till)
    sent.file_of(load(file).ledger).write_text("returns.days = 'many'\n", "utf-8")
    problems, found = check(file)
    assert not problems
    assert found is not None
    assert found.sent_trouble is not None
    assert found.sent_trouble.code == "config_bad_value"
    give(office, "returns.days", "9")
    till.visit()  # made anew from the ledger
    assert load(file).settings.returns.days == 9
