"""An act that reaches the tax bureau: an invoice is asked for, sent, and asked after."""

from __future__ import annotations

from contextlib import closing
from typing import get_args

from pos.invoices.document import Buyer
from pos.store import invoices
from pos.till.invoicing import acts
from pos.till.invoicing.orders import Wanted
from pos.till.invoicing.working import Worker
from tests.trust.bureau import Bureau, Filing
from tests.trust.life import Ack, Life

BUYER = Buyer("深圳市腾讯计算机系统有限公司", tax_id="91440300708461136T")
ROUNDS = 60
_WITHOUT = """
SELECT number FROM orders o WHERE state = 'closed' AND total_fen > 0
AND NOT EXISTS (SELECT 1 FROM order_lines l WHERE l.of_order = o.order_id)
AND NOT EXISTS (SELECT 1 FROM invoices i WHERE i.order_id = o.order_id)
ORDER BY seq DESC LIMIT 1
"""


def invoice(life: Life) -> Ack:
    """The invoice of an order: on disk, then at the bureau, whatever becomes of it there."""
    with closing(life.reader()) as reader:
        found = [row["number"] for row in reader.rows(_WITHOUT)]
    if not found:
        return life.ack("nothing to invoice")
    bureau = Bureau(life.issued, life.filed)
    bureau.script = life.rng.choice(get_args(Filing))
    acts.ask(life.ledger, life.world.config, Wanted(found[0], BUYER), life.where)
    work_off(life, bureau)
    return life.ack("invoice")


def work_off(life: Life, bureau: Bureau) -> None:
    """All that is open of invoices and red letters, until nothing is; time goes by meanwhile."""
    config, clock = life.world.config, life.hands.clock()
    worker = Worker(config, clock, lambda job: job(life.ledger), lambda _config, _clock: bureau)
    for _ in range(ROUNDS):
        worker.turn()
        with closing(life.reader()) as reader:
            if not invoices.open_work(reader):
                return
        life.hands.go(30)
