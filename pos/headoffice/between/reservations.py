"""What is open of reserved quantities, and how it ends."""

from __future__ import annotations

from pos.headoffice.database import Work


def open_of(work: Work, shop: str, number: str, asker: str) -> list[str]:
    """Request ids of a till for an order that still keep something."""
    rows = work.rows(
        """SELECT request_id FROM reservations WHERE shop_id = :s AND number = :n AND asker = :a
        AND state IN ('held', 'confirmed')""",
        s=shop,
        n=number,
        a=asker,
    )
    return [str(row["request_id"]) for row in rows]


def end(
    work: Work, shop: str, request_id: str, state: str, now: str, order_number: str = ""
) -> None:
    """Set what became of a reservation. `arrived`: the return's record is here and counts."""
    work.do(
        """UPDATE reservations SET state = :x, ended_at = :n, order_number = :o
        WHERE shop_id = :s AND request_id = :r""",
        x=state,
        n=now,
        o=order_number,
        s=shop,
        r=request_id,
    )
    work.do(
        "UPDATE reserved SET state = :x WHERE shop_id = :s AND request_id = :r",
        x=state,
        s=shop,
        r=request_id,
    )
