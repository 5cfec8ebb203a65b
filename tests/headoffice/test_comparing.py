"""Each till's Z beside what arrived: gaps, lateness and lives of a ledger."""

from __future__ import annotations

from msgspec.structs import replace

from pos.headoffice.comparing import Compared, compare
from pos.record import DayClosed, OrderClosed, RecordRecovered, from_bytes
from pos.record.figures import Amount, Drawer, Figures, Scope, Way
from tests.headoffice.conftest import Office
from tests.headoffice.sides import DAY, Ledger, Side


def _close(ledger: Ledger, after_jn: int, *, orders: int | None = None) -> DayClosed:
    """The Z of what the ledger holds after `after_jn`, or one that says another number."""
    facts = [from_bytes(sent.body.encode()).fact for sent in ledger.sent if sent.jn > after_jn]
    sold = [fact for fact in facts if isinstance(fact, OrderClosed)]
    net = sum(fact.total_fen for fact in sold)
    scope = Scope("z", after_jn=after_jn, upto_jn=ledger.jn)
    nothing = Amount("", 0, 0)
    way = Way("cash", len(sold), net, 0, 0, net)
    figures = Figures(
        of=scope,
        first_seq=1,
        last_seq=ledger.seq,
        first_at="",
        last_at="",
        orders=len(sold) if orders is None else orders,
        returns=0,
        lines=0,
        gross_fen=net,
        returned_list_fen=0,
        discounts=(),
        rounding_fen=0,
        sold_fen=net,
        returned_fen=0,
        net_fen=net,
        tax_fen=0,
        change_fen=0,
        taxes=(),
        tenders=(way,),
        categories=(),
        operators=(),
        prices=nothing,
        voided_orders=nothing,
        voided_lines=nothing,
        overrides=(),
        drawer_opens=0,
        reprints=0,
        drawer=Drawer(),
        cost_fen=0,
        uncosted_lines=0,
        held=0,
        unsent=0,
        unresolved=nothing,
    )
    return DayClosed(ledger.where(), 1, DAY, 1, ledger.seq, 1, figures, None, 0, net, 0, False)


def _told(office: Office, side: Side, first: int = 0, last: int | None = None) -> list[Compared]:
    side.send(side.ledger.batch(first, last))
    office.project()
    return compare(office.house, DAY, DAY)


def test_a_z_agrees_with_what_arrived(office: Office) -> None:
    side = office.till()
    for _ in range(3):
        side.ledger.sell()
    side.ledger.add(_close(side.ledger, 0))
    (found,) = _told(office, side)
    assert (found.agrees, found.orders, found.net_fen) == (True, (3, 3), (1650, 1650))
    assert found.ways == {"cash": (1650, 1650)}
    assert office.rows("SELECT z, orders, ways FROM closes") == [
        {"z": 1, "orders": 3, "ways": "cash:1650"}
    ]


def test_a_z_that_says_more_is_seen(office: Office) -> None:
    side = office.till()
    side.ledger.sell()
    side.ledger.add(_close(side.ledger, 0, orders=2))
    (found,) = _told(office, side)
    assert (found.agrees, found.orders) == (False, (2, 1))


def test_what_is_missing_is_seen_until_it_comes_late(office: Office) -> None:
    side = office.till()
    for _ in range(3):
        side.ledger.sell()
    side.ledger.add(_close(side.ledger, 0))
    side.ledger.sell(day="2026-03-03")
    side.send(side.ledger.batch(0, 3))
    (found,) = _told(office, side, 4)
    assert (found.agrees, found.orders, found.net_fen) == (False, (3, 2), (1650, 1100))
    (found,) = _told(office, side, 3, 4)
    assert found.agrees
    assert office.rows("SELECT jn, business_date FROM late") == [{"jn": 4, "business_date": DAY}]


def test_a_ledger_put_back_counts_each_order_once(office: Office) -> None:
    """Three sold, put back to after the first; one got back from head office, one more sold."""
    side = office.till()
    old = side.ledger
    for _ in range(3):
        old.sell()
    side.send(old.batch())
    copy = Ledger(key=old.key, epoch=2)
    copy.jn, copy.head, copy.sent = 3, old.sent[2].hash, old.sent[:3]
    lost = old.sent[3]
    copy.add(RecordRecovered(1, lost.jn, lost.body, lost.hash, lost.signature))
    copy.sell()
    close = _close(copy, 0)
    copy.add(_with(close, orders=3, net_fen=1650))
    side.ledger = copy
    (found,) = _told(office, side, 3)
    assert (found.orders, found.net_fen, found.agrees) == ((3, 3), (1650, 1650), True)


def _with(close: DayClosed, orders: int, net_fen: int) -> DayClosed:
    way = Way("cash", orders, net_fen, 0, 0, net_fen)
    figures = replace(close.figures, orders=orders, net_fen=net_fen, tenders=(way,))
    return replace(close, figures=figures)
