"""Which facts are added up, as conditions of SQL."""

from __future__ import annotations

from collections.abc import Mapping

from pos.record import Scope

NO_END = 2**62


def where(scope: Scope, alias: str, *, indexed: bool = True) -> str:
    """The condition on a table of facts; `indexed`: it has an index by date."""
    # + keeps a date from losing against the index of jn, where there is one of dates
    jn = f"{'+' if indexed and scope.kind != 'z' else ''}{alias}.jn"
    bound = f"{jn} > :after AND {jn} <= :upto"
    if scope.kind == "z":
        return bound
    if scope.first and scope.first == scope.last:
        bound += f" AND {alias}.business_date = :first"
    elif scope.kind != "shift":
        bound += f" AND {alias}.business_date BETWEEN :first AND :last"
    if scope.kind == "shift":
        bound += f" AND {alias}.shift_id = :shift"
    return bound


def values(scope: Scope) -> Mapping[str, object]:
    """What the condition's names stand for."""
    return {
        "first": scope.first,
        "last": scope.last,
        "shift": scope.shift_id,
        "after": scope.after_jn,
        "upto": scope.upto_jn or NO_END,
    }


def of_date(business_date: str, after_jn: int = 0) -> Scope:
    """All of one business date, or what came after a record of it."""
    return Scope("date", business_date, business_date, after_jn=after_jn)


def of_range(first: str, last: str) -> Scope:
    """Business dates from `first` to `last`."""
    return Scope("range", first, last)


def of_shift(shift_id: str, business_date: str = "") -> Scope:
    """One shift; with its business date it is found by an index."""
    return Scope("shift", business_date, business_date, shift_id)


def of_z(business_date: str, after_jn: int, upto_jn: int = 0) -> Scope:
    """All that came after the record of the last Z."""
    return Scope("z", business_date, business_date, after_jn=after_jn, upto_jn=upto_jn)
