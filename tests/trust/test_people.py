"""Nobody in: PINs hold through kills, keys are changed whole or not at all, secrets stay closed."""

from __future__ import annotations

import dataclasses
import signal
from collections.abc import Callable
from contextlib import closing
from pathlib import Path
from typing import Any

import msgspec
import pytest
from msgspec.structs import replace

from pos.access.pins import Pins
from pos.access.signing import Gate, authenticate
from pos.config import Config, Settings, load
from pos.ids import system_ids
from pos.invoices.nuonuo.gateway import Nuonuo
from pos.messages.hooks import Hooks
from pos.messages.mail import Mailer
from pos.messages.settings import Hook
from pos.payments.keys import private_key
from pos.payments.wechat.gateway import _api_v3_key
from pos.refusal import Refused
from pos.sealing import Vault
from pos.store import persons
from pos.store.reader import Reader
from pos.store.verify import verify_ledger
from pos.sync.link import open_link
from pos.system import read_private, write_private
from pos.till.opening import gate, open_ledger
from pos.till.receipts import vault_of
from tests.shop import PIN, CheapPins, Hands, Shop, make_shop
from tests.trust import dying
from tests.trust.forked import Forks

PHONE, NAME = "13912345678", "欧阳小满"


@pytest.fixture
def shop(tmp_path: Path) -> Shop:
    return make_shop(tmp_path)


def died(forks: Forks, work: Callable[..., None], shop: Shop, *how: object) -> None:
    """Do it in a process that ends by kill -9, at the latest when it is done."""
    assert forks.run(work, shop.folder, shop.hands, *how) == -signal.SIGKILL


# --- PINs ---


def tries(shop: Shop, pin: str) -> str:
    """What an operator is told at a till that has just been switched on."""
    config = load(shop.config_file)
    door = Gate(CheapPins(config.pepper.read_bytes()), config.settings)
    with closing(shop.ledger()) as ledger, closing(Reader(config.ledger)) as reader:
        try:
            authenticate(door, ledger, reader, "1001", pin)
        except Refused as refused:
            return refused.code
    return ""


def test_wrong_pins_are_counted_through_kills(shop: Shop, forks: Forks) -> None:
    """As many as config allows, each followed by kill -9: then even the right PIN has to wait."""
    for _ in range(load(shop.config_file).settings.access.wrong_pins):
        died(forks, dying.wrong_pin, shop)
    assert tries(shop, PIN["1001"]) == "must_wait"
    wait = load(shop.config_file).settings.access.wait_seconds
    shop.hands.go(wait + 1)
    died(forks, dying.wrong_pin, shop)
    shop.hands.go(wait + 1)
    assert tries(shop, PIN["1001"]) == "must_wait", "the wait did not double"
    shop.hands.go(wait)
    assert tries(shop, PIN["1001"]) == ""


def test_wrong_pins_of_commands_that_read_are_counted_through_kills(
    shop: Shop, forks: Forks
) -> None:
    """While a till holds the ledger: they make wait there too, and at the next till."""
    with closing(shop.ledger()):
        for _ in range(load(shop.config_file).settings.access.wrong_pins):
            died(forks, dying.wrong_pin_read, shop)
    assert tries(shop, PIN["1001"]) == "must_wait"
    with closing(Reader(shop.place().path)) as reader:
        [count] = reader.rows("SELECT count(*) AS n FROM events WHERE subject = 'wrong_pin'")
    assert count["n"] == load(shop.config_file).settings.access.wrong_pins
    shop.hands.go(load(shop.config_file).settings.access.wait_seconds + 1)
    assert tries(shop, PIN["1001"]) == ""


def test_a_clock_set_back_locks_nobody_out_through_a_kill(shop: Shop, forks: Forks) -> None:
    """Told to wait behind a clock set back, and killed: the wait is what was told."""
    access = load(shop.config_file).settings.access
    for _ in range(access.wrong_pins):
        tries(shop, "864201")
    shop.hands.go(-86_400)
    died(forks, dying.wrong_pin, shop)
    shop.hands.go(access.wait_seconds)
    assert tries(shop, PIN["1001"]) == ""


def test_a_count_in_memory_would_be_found_out(shop: Shop, forks: Forks) -> None:
    for _ in range(load(shop.config_file).settings.access.wrong_pins):
        died(forks, dying.wrong_pin, shop, False)
    assert tries(shop, PIN["1001"]) == ""


# --- another key for people's data ---


def somebody(shop: Shop) -> str:
    """A customer, kept."""
    config = load(shop.config_file)
    with closing(shop.ledger()) as ledger:
        return persons.add(ledger, Vault(read_private(config.person_key)), NAME, PHONE)


def known(shop: Shop) -> str:
    """Who is found by the phone at a till that opens."""
    config = load(shop.config_file)
    with closing(open_ledger(config, shop.hands.clock(), shop.ids, "test")):
        vault = Vault(read_private(config.person_key))
        with closing(Reader(config.ledger)) as reader:
            [person] = persons.find(reader, vault, PHONE)
    assert (person.name, person.phone) == (NAME, PHONE)
    assert not config.next_person_key.exists()
    assert verify_ledger(config.ledger).ok
    return person.person_id


@pytest.mark.parametrize("cut", ["before", "inside", "behind", "nowhere"])
def test_a_key_is_changed_whole_or_not_at_all(shop: Shop, forks: Forks, cut: dying.Cut) -> None:
    """Killed before the ledger's transaction, within it, behind it, and not at all."""
    who, config = somebody(shop), load(shop.config_file)
    old = read_private(config.person_key)
    died(forks, dying.rotate, shop, cut)
    assert known(shop) == who
    assert (read_private(config.person_key) != old) == (cut in ("behind", "nowhere"))


def test_a_change_that_nobody_ends_would_be_found_out(shop: Shop, forks: Forks) -> None:
    somebody(shop)
    config = load(shop.config_file)
    died(forks, dying.rotate, shop, "behind")
    assert config.next_person_key.exists()
    with closing(Reader(config.ledger)) as reader:
        [row] = reader.rows("SELECT person_id FROM persons")
        vault = Vault(read_private(config.person_key))
        with pytest.raises(Refused, match="person_sealed"):
            persons.get(reader, vault, row[0])


# --- files with secrets ---


def secrets(struct: type, place: str = "") -> set[str]:
    """Every setting that names a file of mode 0600, and all of [secrets]."""
    found: set[str] = set()
    for field in msgspec.structs.fields(struct):
        at = f"{place}.{field.name}".lstrip(".")
        told = msgspec.inspect.type_info(field.type)
        if isinstance(told, msgspec.inspect.Metadata):
            told = told.type
        if isinstance(told, msgspec.inspect.DictType):
            told = told.value_type
        if isinstance(told, msgspec.inspect.StructType):
            found |= secrets(told.cls, at)
        elif place == "secrets" or "0600" in str(getattr(field.type, "__metadata__", "")):
            found.add(at)
    return found


def _till(config: Config) -> object:
    return open_ledger(config, Hands().clock(), system_ids(), "test")


def _mail(config: Config) -> object:
    mail = replace(config.settings.messages.mail, host="localhost", sender="a@b.example", user="a")
    return Mailer(mail, config.file.parent, "")


def _nuonuo(config: Config) -> object:
    own = config.settings.invoices
    named = replace(own.nuonuo, app_key="k")
    seller = replace(own.seller, tax_id="91440300708461136T", name="x")
    set_up = replace(own, nuonuo=named, seller=seller, clerk="x")
    return Nuonuo(set_up, config.file.parent, Hands().clock().now)


def _link(config: Config) -> object:
    named = replace(config.settings.headoffice, url="https://ho.example")
    settings = replace(config.settings, headoffice=named)
    return open_link(dataclasses.replace(config, settings=settings), Hands().clock())


def _hook(url: str, secret: str) -> Callable[[Config], object]:
    return lambda config: Hooks(Hook("generic", url, secret), config.file.parent, "")


def _key(name: str) -> Callable[[Config], object]:
    return lambda config: private_key(config.file.parent / name)


READERS: dict[str, Callable[[Config], object]] = {
    "secrets.signing_key": _till,
    "secrets.pepper": gate,
    "secrets.chain_pepper": gate,
    "secrets.person_key": vault_of,
    "secrets.headoffice": _link,
    "payments.wechat.private_key": _key("secret"),
    "payments.wechat.api_v3_key": lambda c: _api_v3_key(c.settings.payments.wechat, c.file.parent),
    "payments.alipay.private_key": _key("secret"),
    "invoices.link_key": lambda c: read_private(c.file.parent / c.settings.invoices.link_key),
    "invoices.nuonuo.app_secret": _nuonuo,
    "messages.mail.password": _mail,
    "messages.hooks.url": _hook("secret", ""),
    "messages.hooks.secret": _hook("address", "secret"),
}
"""Who reads each secret."""


def with_secret(config: Config, setting: str, name: str) -> Config:
    """The config, with a setting that names another file."""
    path = setting.split(".")
    structs = [config.settings]
    for part in path[:-1]:
        structs.append(getattr(structs[-1], part))
    value: Any = name
    for struct, part in zip(reversed(structs), reversed(path), strict=True):
        value = replace(struct, **{part: value})
    return dataclasses.replace(config, settings=value)


def test_a_secret_that_others_may_read_is_refused(shop: Shop) -> None:
    file = shop.folder / "secret"
    file.write_bytes(b"x" * 32)
    write_private(shop.folder / "address", b"https://hook.example/x")
    for setting, reader in READERS.items():
        config = load(shop.config_file)
        if ".hooks." not in setting:  # a table of them: each reader has its own
            config = with_secret(config, setting, "secret")
        for mode in (0o644, 0o640, 0o604, 0o660, 0o701):
            file.chmod(mode)
            assert _refusal(reader, config) == "secret_mode", (setting, f"{mode:o}")
        file.chmod(0o600)
        assert _refusal(reader, config) != "secret_mode", setting


def _refusal(work: Callable[[Config], object], config: Config) -> str:
    """What it is refused for: here that what is in the file is no key."""
    try:
        made = work(config)
    except Refused as refused:
        return refused.code
    except ValueError:
        return "no key"
    getattr(made, "close", lambda: None)()
    return ""


def test_every_secret_of_the_config_is_tried() -> None:
    assert secrets(Settings) == set(READERS)


def test_a_pin_that_is_weak_is_never_hashed(shop: Shop) -> None:
    """However it comes to a till, by a command, an enrolment or the first start."""
    pins = gate(load(shop.config_file)).pins
    for weak in ("", "12345", "123456", "000000", "987654", "abcdef", "1357９0"):
        with pytest.raises(Refused, match=r"pin_(form|weak)"):
            pins.hash(weak)
    hashed = pins.hash("135790")
    assert hashed.startswith("$argon2id$v=19$m=19456,t=2,p=1$")
    assert pins.matches("135790", hashed)
    assert not Pins(b"another pepper" * 3).matches("135790", hashed)
