"""The cash drawer: its pulse is a job of its own and never part of one that may be sent again."""

from __future__ import annotations

from pos.devices import Drawer
from pos.hardware.status import Status

_UNIT_MS = 2
_MOST = 255


def pulse(drawer: Drawer) -> bytes:
    """`ESC p`: the whole pulse and the rest after it, in the printer's units of 2 ms.

    No real-time form: an offline printer would keep this one and open the drawer later, so a
    printer with trouble is asked before, and the drawer is then opened with its key.
    """
    pin = 0 if drawer.pin == 2 else 1
    return b"\x1bp" + bytes((pin, _units(drawer.on_ms), _units(drawer.off_ms)))


def is_open(status: Status, drawer: Drawer) -> bool | None:
    """Whether the drawer stands open; None where nobody can tell."""
    if status.drawer_high is None or drawer.open_signal == "none":
        return None
    return status.drawer_high == (drawer.open_signal == "high")


def _units(milliseconds: int) -> int:
    return max(1, min(_MOST, (milliseconds + _UNIT_MS - 1) // _UNIT_MS))
