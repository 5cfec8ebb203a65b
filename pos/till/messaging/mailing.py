"""A receipt by mail, asked for at the counter: to the customer's own address or one they tell."""

from __future__ import annotations

from contextlib import closing
from typing import TYPE_CHECKING, Any

from pos.access.rights import require
from pos.access.signing import where_of
from pos.invoices.buyers import check as check_buyer
from pos.invoices.document import Buyer
from pos.record import MessageAsked
from pos.refusal import Refused
from pos.store import persons
from pos.store.finding import FoundOrder
from pos.store.reader import Reader
from pos.till import moving, receipts, training
from pos.till.messaging import customers, desk

if TYPE_CHECKING:
    from pos.store.ledger import Ledger
    from pos.till.till import Till


def ask(till: Till, order: FoundOrder) -> None:
    """Ask for the address; Enter alone takes the one the customer left.

    Refused: message_receipts_off, order_not_closed, training_refuses.
    """
    require("mail_receipt", till.session)
    training.refuse_outside(till)
    if not till.config.settings.messages.receipts:
        raise Refused("message_receipts_off")
    if order.state != "closed":
        raise Refused("order_not_closed", number=order.number)
    person_id, _ = till.reader.order_person(order.order_id)
    known = ""
    if person_id:
        known = persons.mail_of(till.reader, receipts.vault_of(till.config), person_id)
    words = till.words.messages

    def told(text: str) -> None:
        to = text or known
        if not to:
            raise Refused("message_address_missing")
        # one rule for mail addresses: what a provider takes, mail servers take
        address = check_buyer(Buyer("x", person=True, email=to), "normal").buyer.email
        _put(till, order, address, person_id)

    hint = words.mail_keep.format(to=customers.masked(known)) if known else words.mail_hint
    moving.ask(till, words.mail_to, hint, told, free=True, optional=True)


def _put(till: Till, order: FoundOrder, to: str, person_id: str) -> None:
    """On record who had what sent to whom (the person, not the address), with the mail itself."""
    config, clock, where = till.config, till.clock, where_of(till.session)
    again = f":{till.ids.uuid7()[-12:]}"

    def job(ledger: Ledger) -> None:
        owner = person_id or persons.add(ledger, receipts.vault_of(config), "", "", to)
        with closing(Reader(config.ledger)) as reader:
            message = customers.receipt(config, reader, order.order_id, to, again)
        fact = MessageAsked(where, "receipt", order.order_id, order.number, owner)

        def put(connection: Any) -> None:
            desk.add(connection, config, clock, message, owner)

        ledger.write(fact, also=put)

    def done(_: None) -> None:
        if till.messenger is not None:
            till.messenger.look()
        till.tell(till.words.messages.mail_queued.format(to=customers.masked(to)), "ok")

    till.write(job, done)
