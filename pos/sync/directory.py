"""Members of the chain: told to head office sealed, found there by keyed hashes, opened here.

Keys come from the chain's pepper, which every enrolled till has: head office keeps what it cannot
read. What is told is read from the tables when it is sent, so that of whoever was erased meanwhile
nothing goes out.
"""

from __future__ import annotations

from collections.abc import Callable
from concurrent.futures import Future
from contextlib import closing
from functools import partial
from typing import TYPE_CHECKING, Any
from urllib.parse import quote

import msgspec

from pos.config import Config
from pos.protocol.people import By, Card, Found, Seek
from pos.sealing import Vault
from pos.store import directory, members, persons
from pos.store.directory import TOLD, Told
from pos.store.reader import Reader
from pos.sync.link import Link
from pos.sync.trouble import LinkFailed
from pos.system import read_private
from pos.text import clean

if TYPE_CHECKING:
    from pos.store.ledger import Ledger

Submit = Callable[[Callable[["Ledger"], Any]], Future[Any]]
WAIT_SECONDS = 30.0
RARELY = 1000
"""So many records without members go by before that is put down."""
LAST_DIGITS, WHOLE_NUMBER = 4, 7


class _Fields(msgspec.Struct, frozen=True, array_like=True):
    """What is sealed."""

    name: str
    phone: str
    card: str
    birthday: str


class Directory:
    """One till's part of it, over one link, in one thread."""

    def __init__(self, config: Config, link: Link, submit: Submit) -> None:
        self._config, self._link, self._submit = config, link, submit

    @property
    def used(self) -> bool:
        """Whether this shop keeps members, and has the chain's key."""
        return self._config.settings.members.enabled and self._config.chain_pepper.exists()

    def _vaults(self) -> tuple[Vault, Vault]:
        own, pepper = read_private(self._config.person_key), read_private(self._config.chain_pepper)
        return Vault(own), Vault(pepper)

    def tell(self) -> None:
        """Tell who joined, changed or was erased here since the last time; LinkFailed."""
        if not self.used:
            return
        while True:
            with closing(Reader(self._config.ledger)) as reader:
                after = int(reader.meta(TOLD) or 0)
                found, upto = directory.changed(reader, after)
                own, chain = self._vaults() if found else (None, None)
                cards = [self._card(reader, own, chain, who) for who in found if own and chain]
            if not all(self._told(card) for card in cards):
                return  # a head office of before: what it cannot take waits for its next version
            if found or upto - after > RARELY:
                self._write(partial(_told_up_to, upto))
            if not found:
                return

    def _told(self, card: Card) -> bool:
        """Whether head office knows such calls; one card that it will not have holds up nothing."""
        try:
            self._link.ask("PUT", f"/v1/people/{quote(card.member_id, safe='')}", Card, card)
        except LinkFailed as failed:
            if failed.kind != "told" or failed.final or failed.status not in (400, 404, 405, 413):
                raise
            return failed.status not in (404, 405)
        return True

    def _write(self, job: Callable[[Ledger], Any]) -> None:
        self._submit(job).result(WAIT_SECONDS)

    @staticmethod
    def _card(reader: Reader, own: Vault, chain: Vault, who: str) -> Card:
        found = directory.member(reader, own, who)
        if found is None:
            return Card(who, erased=True)
        key, told = found
        fields = msgspec.json.encode(_Fields(told.name, told.phone, told.card, told.birthday))
        return Card(
            who,
            told.level,
            told.joined_at,
            phone_mac=_mac(chain, "phone", told.phone),
            last4_mac=_mac(chain, "last4", told.phone[-LAST_DIGITS:]),
            name_mac=_mac(chain, "name", persons.normal_name(told.name)),
            card_mac=_mac(chain, "card", told.card),
            wrapped_key=chain.wrap(who, key).hex(),
            sealed=persons.closed(key, fields.decode(), f"{who}/chain").hex(),
        )

    def find(self, text: str) -> int:
        """Have whoever is found under a card, phone, last four digits or name known here too.

        How many there were. LinkFailed where nobody answers.
        """
        if not self.used:
            return 0
        own, chain = self._vaults()
        for by, value in _ways(text):
            asked = Seek(by, _mac(chain, by, value))
            found = self._link.ask("POST", "/v1/people/find", Found, asked).people
            for card in found:
                self._take_in(own, chain, card)
            if found:
                return len(found)
        return 0

    def _take_in(self, own: Vault, chain: Vault, card: Card) -> None:
        who = card.member_id
        key = chain.unwrap(who, bytes.fromhex(card.wrapped_key))
        text = persons.opened(key, bytes.fromhex(card.sealed), f"{who}/chain")
        fields = msgspec.json.decode(text, type=_Fields)
        name, phone, number, birthday = map(clean, msgspec.structs.astuple(fields))
        told = Told(who, card.level, card.joined_at, name, phone, number, birthday)
        self._write(lambda ledger: directory.take_in(ledger, own, key, told))


def _told_up_to(jn: int, ledger: Ledger) -> None:
    ledger.set_meta(TOLD, str(jn))


def _mac(chain: Vault, kind: str, text: str) -> str:
    mac = chain.mac(kind, text)
    return mac.hex() if mac else ""


def _ways(text: str) -> list[tuple[By, str]]:
    """How to look for what was typed: as at the till itself, a card or a number before a name."""
    phone, name = persons.normal_phone(text), persons.normal_name(text)
    found: list[tuple[By, str]] = []
    if phone and persons.is_number(text):
        if len(phone) == LAST_DIGITS:
            found.append(("last4", phone))
        elif len(phone) >= WHOLE_NUMBER:
            found.append(("phone", phone))
    elif name:
        found.append(("name", name))
    if card := members.card_in(text):
        found.append(("card", card))
    return found
