"""Training (练习): the same till on another ledger, with nothing that reaches anybody outside.

It has the shop's goods, prices, offers and operators as they are now and no sales; each time it
begins anew. No sender, no invoices, no wallets, no drawer; whatever is shown or printed says so.
"""

from __future__ import annotations

import dataclasses
from pathlib import Path
from typing import TYPE_CHECKING

from msgspec.structs import replace

from pos.access.signing import where_of
from pos.clock import Clock
from pos.config import Config, HeadOffice, Promotions
from pos.ids import Ids
from pos.record import Fact, TrainingSwitched, Where, new_key
from pos.refusal import Refused
from pos.system import write_private
from pos.till import signing
from pos.till.state import Approved

if TYPE_CHECKING:
    from pos.store.ledger import Ledger
    from pos.till.till import Till

FOLDER = "training"


def training_of(real: Config) -> Config:
    """The settings of a till that trains beside `real`."""
    settings = real.settings
    folder = Path(settings.ledger.path).parent / FOLDER
    payments = settings.payments
    changed = replace(
        settings,
        ledger=replace(settings.ledger, path=str(folder / "ledger.db")),
        secrets=replace(
            settings.secrets,
            signing_key=str(folder / "till.key"),
            person_key=str(folder / "person.key"),
        ),
        headoffice=HeadOffice(),
        promotions=Promotions(),
        payments=replace(
            payments,
            wechat=replace(payments.wechat, enabled=False),
            alipay=replace(payments.alipay, enabled=False),
        ),
        drawer=replace(settings.drawer, enabled=False, open_on=()),
    )
    return dataclasses.replace(real, settings=changed, training=True)


def prepare(config: Config, real: Config, clock: Clock, ids: Ids) -> None:
    """Lay out a fresh ledger for training; `real` is not being written meanwhile."""
    from pos.sealing import new_key as new_person_key
    from pos.store.ledger import Ledger, Place
    from pos.store.training import take_goods
    from pos.system import FileLock

    path = config.ledger
    path.parent.mkdir(parents=True, exist_ok=True)
    lock = FileLock(path.with_name(path.name + ".lock"), "pos run --training")
    try:
        for old in (*path.parent.glob("ledger.db*"), config.signing_key, config.person_key):
            if old.name != path.name + ".lock":
                old.unlink(missing_ok=True)
    finally:
        lock.release()
    key = new_key()
    write_private(config.signing_key, key)
    write_private(config.person_key, new_person_key())
    shop, till = config.settings.shop.id, config.settings.till.id
    prints = any(printer.enabled for printer in config.settings.printers.values())
    place = Place(path, shop, till, key, clock, ids, "pos run --training", prints)
    ledger = Ledger(place, create=True)
    try:
        take_goods(ledger, real.ledger)
        ledger.set_meta("config", config.file.read_text("utf-8"))
    finally:
        ledger.close()


def switch(till: Till) -> None:
    """Into training by who may allow it, or back from it; on record in the real ledger."""
    if till.config.training:
        till.leaving = True
        return
    if till.state.order is not None and till.state.order.lines:
        raise Refused("order_open")

    def act(approved: Approved | None) -> None:
        facts: list[Fact] = [*signing.override(till, "training", approved, "", "training")]
        where = where_of(till.session)

        def left(_: object) -> None:
            till.leaving = True

        till.write(lambda ledger: begin(ledger, where, *facts), left)

    signing.guard(till, "training", lambda _: None, act)


def begin(ledger: Ledger, where: Where, *facts: Fact) -> None:
    """Put on record that training begins; `came_back` ends it."""
    ledger.write(
        *facts,
        TrainingSwitched(where, True),
        also=lambda connection: ledger.keep(connection, "training", where.operator or "?"),
    )


def came_back(ledger: Ledger) -> bool:
    """Put on record that training has ended, where it had begun."""
    who = ledger.meta("training")
    if not who:
        return False
    ledger.write(
        TrainingSwitched(Where(who.strip("?"), "", ""), False),
        also=lambda connection: ledger.keep(connection, "training", ""),
    )
    return True


def refuse_outside(till: Till) -> None:
    """What would reach somebody outside is refused while training."""
    if till.config.training:
        raise Refused("training_refuses")
