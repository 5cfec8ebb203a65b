"""What must hold of a till that was cut off: it opens as after any crash, finds out what it did not
know, and then everything that somebody outside has seen is there, once and whole."""

from __future__ import annotations

import random
from collections import Counter
from collections.abc import Sequence
from contextlib import closing
from unittest.mock import patch

from pos.payments.row import Attempt
from pos.refusal import Refused
from pos.store import attempts
from pos.store.reader import Reader
from pos.store.verify import verify_ledger
from pos.till import settling, storing
from pos.untrusted import decoded
from tests.trust.batches import by_halves
from tests.trust.bureau import Bureau
from tests.trust.invoicing import work_off
from tests.trust.life import OUTSIDE, Ack, Life
from tests.trust.outside import Bank
from tests.trust.paper import unsaid
from tests.trust.spending import unfitting
from tests.trust.taking import settler_of
from tests.trust.world import World

WAYS = ("wechat", "alipay")
_WITHOUT_SLIP = {
    "order {} is closed and nothing prints it": """SELECT number FROM orders o
        WHERE state = 'closed' AND NOT EXISTS
        (SELECT 1 FROM print_jobs p WHERE p.order_id = o.order_id)""",
    "shift {} is closed and nothing prints it": """SELECT shift_id FROM shift_closes s
        WHERE NOT EXISTS (SELECT 1 FROM print_jobs p WHERE p.order_id = s.shift_id)""",
    "Z {} is closed and nothing prints it": """SELECT z FROM day_closes d
        WHERE NOT EXISTS (SELECT 1 FROM print_jobs p
            WHERE p.kind = 'z' AND p.order_id = CAST(d.z AS TEXT))""",
    "order {} is closed and open": "SELECT order_id FROM drafts JOIN orders USING (order_id)",
}

_INVOICES = """
SELECT invoice_no AS no, total_fen AS fen, coalesce(e.state, 'asked') AS state
FROM invoices LEFT JOIN invoice_ends e USING (invoice_no)
UNION ALL SELECT red_no, -total_fen, coalesce(e.state, 'asked')
FROM invoice_reds LEFT JOIN red_ends e USING (red_no)
"""


def wrong(world: World, acks: list[Ack]) -> list[str]:
    """Everything that does not hold, after a start. The books of the bank and the tax bureau are in
    `acks`: what they do when the till finds out is added to them."""
    bank, bureau = Bank(acks.append, acks), Bureau(acks.append, acks)
    try:
        life = Life(world, random.Random(0), shift=False)
    except BaseException as error:
        return [f"does not open: {error!r}"]
    try:
        found = ["the witness says that the tail is lost"] if life.ledger.tail_lost else []
        _find_out(life, bank)
        storing.let_go(life.ledger)
        work_off(life, bureau)
    except Refused as refused:
        return [f"does not find out: {refused!r}"]
    finally:
        life.stop()
    verdict = verify_ledger(world.ledger)
    if not verdict.ok:
        found.append(f"record {verdict.first_bad}: {verdict.what}")
    with closing(life.reader()) as reader:
        found += _seen(reader, acks)
        found += _by_halves(reader)
        found += _money(reader, bank)
        found += _invoices(reader, bureau)
        found += unfitting(reader)
        found += unsaid(reader, acks)
        found += by_halves(reader)
    return found


def _find_out(life: Life, bank: Bank) -> None:
    """Whatever is unresolved is asked for, as a till does that starts."""
    with closing(life.reader()) as reader:
        if not (attempts.open_attempts(reader) or attempts.open_refunds(reader)):
            return
    settler = settler_of(life, bank)
    with patch.object(settling, "sleep", lambda seconds: life.hands.go(max(seconds, 1.0))):
        settler.recover(900.0)


def _seen(reader: Reader, acks: Sequence[Ack]) -> list[str]:
    hashes = {row["jn"]: row["hash"].hex() for row in reader.rows("SELECT jn, hash FROM journal")}
    orders = {
        row["order_id"]: (row["number"], row["total_fen"])
        for row in reader.rows("SELECT order_id, number, total_fen FROM orders")
    }
    found = []
    for ack in acks:
        if ack.jn and hashes.get(ack.jn) != ack.hash:
            found.append(f"{ack.act} {ack.jn}: acknowledged and not there")
        closed = ack.order_id and ack.act not in OUTSIDE
        if closed and orders.get(ack.order_id) != (ack.number, ack.total_fen):
            found.append(f"order {ack.number}: {orders.get(ack.order_id)}")
    return found


def _by_halves(reader: Reader) -> list[str]:
    found = [said.format(row[0]) for said, sql in _WITHOUT_SLIP.items() for row in reader.rows(sql)]
    seqs = [row["seq"] for row in reader.rows("SELECT seq FROM orders ORDER BY seq")]
    if seqs != list(range(1, len(seqs) + 1)):
        found.append("numbers have a gap")
    if int(reader.meta("acked_jn") or 0) > reader.head()[0]:
        found.append("more was answered for than there is")
    return found


def _money(reader: Reader, bank: Bank) -> list[str]:
    """Every charge is one tender or went back; every refund that was given is known."""
    rows = reader.rows(
        "SELECT reference, fen FROM order_tenders WHERE way IN (?, ?) AND fen > 0", WAYS
    )
    taken = Counter(row["reference"] for row in rows)
    sums = {row["reference"]: row["fen"] for row in rows}
    for draft in reader.drafts():
        for tender in draft.tenders:
            if tender.way in WAYS:
                taken[tender.reference] += 1
                sums[tender.reference] = tender.fen
    kept = reader.rows("SELECT body FROM payment_attempts")
    known = {one.charge.out_trade_no: one for one in map(_attempt, kept)}
    found = [f"{number}: a tender {n} times" for number, n in taken.items() if n > 1]
    found += [f"{number}: nobody was charged" for number in taken if number not in bank.charged]
    found += [f"{n}: never found out" for n, one in known.items() if one.unresolved]
    for number, fen in bank.charged.items():
        if number not in known:
            found.append(f"{number}: charged and nowhere")
        elif number in taken and sums[number] != fen:
            found.append(f"{number}: charged {fen}, tendered {sums[number]}")
        elif number not in taken and bank.held(number):
            found.append(f"{number}: charged and no tender")
    refunds = {
        row["out_refund_no"]: (row["state"], row["fen"])
        for row in reader.rows("SELECT out_refund_no, state, fen FROM payment_refunds")
    }
    for refund, (number, fen) in bank.given.items():
        if refund != f"C{number}" and refunds.get(refund) != ("refunded", fen):
            found.append(f"refund {refund}: given back, here {refunds.get(refund)}")
    found += [f"refund {one}: not given" for one in refunds if one not in bank.given]
    return found


def _invoices(reader: Reader, bureau: Bureau) -> list[str]:
    """All that the bureau has was sent once and is known here, one invoice an order; nothing is
    called issued that it has not."""
    sent = Counter(one.number for one in bureau.book)
    found = [f"invoice {number}: sent {n} times" for number, n in sent.items() if n > 1]
    orders = Counter(one.of for one in bureau.book if one.fen > 0)
    found += [f"order {number}: {n} invoices" for number, n in orders.items() if n > 1]
    known = {row["no"]: (row["state"], row["fen"]) for row in reader.rows(_INVOICES)}
    for number, _, fen in bureau.book:
        if known.get(number) != ("issued" if fen > 0 else "red", fen):
            found.append(f"invoice {number}: {fen} at the bureau, here {known.get(number)}")
    for number, (state, _) in known.items():
        if state == "asked":
            found.append(f"invoice {number}: never found out")
        elif state != "failed" and number not in sent:
            found.append(f"invoice {number}: {state}, and the bureau has none")
    return found


def _attempt(row: tuple[bytes]) -> Attempt:
    return decoded(row[0], Attempt)
