"""What the demo shop has beside goods: offers and coupons, members at several levels, a gift card.

Money and points are opening balances, as a chain brings them along when it comes to this program.
"""

from __future__ import annotations

from contextlib import closing
from importlib import resources
from pathlib import Path
from typing import TYPE_CHECKING, NamedTuple

from pos.clock import system_clock
from pos.config import Config
from pos.config.editing import with_keys
from pos.record import Where
from pos.store import members, persons
from pos.store.reader import Reader
from pos.till.receipts import vault_of

if TYPE_CHECKING:
    from pos.protocol.master import Member
    from pos.store.ledger import Ledger

FILES = {"offers.toml": "demo_offers.toml", "coupons.csv": "demo_coupons.csv"}
GIFT, GIFT_FEN = "LP20260008", 10_000
COUPON = "QUAN8803"


class Somebody(NamedTuple):
    """An invented member: phone, name, level, birthday, points, stored value in fen."""

    phone: str
    name: str
    level: str
    birthday: str
    points: int
    fen: int


MEMBERS = (
    Somebody("13800001111", "王芳", "金卡", "0502", 1200, 20_000),
    Somebody("13900002222", "李强", "银卡", "", 260, 0),
    Somebody("13700003333", "张敏", "普通会员", "1111", 0, 0),
)


def switch_on(text: str) -> str:
    """A config with members, stored value and the demo's offers."""
    text = with_keys(text, "members", {"enabled": True, "stored_value": True})
    return with_keys(text, "promotions", {"file": "offers.toml", "coupons": "coupons.csv"})


def lay_files(folder: Path) -> None:
    """The files of offers and coupons beside the config."""
    for name, source in FILES.items():
        text = (resources.files("pos.goods") / source).read_text("utf-8")
        (folder / name).write_text(text, "utf-8")


def sign_up(ledger: Ledger, config: Config, operator: str) -> None:
    """The members join."""
    vault = vault_of(config)
    for one in MEMBERS:
        who = persons.add(ledger, vault, one.name, one.phone)
        where = Where(operator, "", "")
        members.join(ledger, vault, who, where, level=one.level, birthday=one.birthday)


def open_accounts(config: Config, folder: Path) -> None:
    """Opening balances at the head office in `folder`, which nobody serves yet."""
    from pos.headoffice import master
    from pos.headoffice.house import database_of, keys_of, open_house
    from pos.headoffice.migrating import migrate

    database = database_of(folder)
    migrate(database)
    database.close()
    pepper = bytes.fromhex(keys_of(folder).pepper)
    with closing(open_house(folder, system_clock())) as house:
        master.put(house, _accounts(config, pepper), "demo")


def _accounts(config: Config, pepper: bytes) -> list[Member]:
    from pos.protocol.master import Member
    from pos.till.storing import gift_of

    shop, found = config.settings.shop.id, []
    with closing(Reader(config.ledger)) as reader:
        vault = vault_of(config)
        for one in MEMBERS:
            [person] = persons.find(reader, vault, one.phone)
            who = person.person_id
            found.append(Member(who, shop, "", one.level, points=one.points, stored_fen=one.fen))
    gift = gift_of(pepper, GIFT)
    return [*found, Member(gift, shop, "", "", stored_fen=GIFT_FEN)]
