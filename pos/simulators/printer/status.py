"""The printer's state and the bytes in which it tells it.

Bits: DLE EOT 1–4, GS r, GS a (automatic status back, ASB), GS I, GS ( H, GS ( k 182 and ESC u of
Epson's published ESC/POS command reference. Fixed bits let a reader tell the two kinds apart:
a DLE EOT byte has (b & 93h) = 12h, an ASB block begins with (b & 93h) = 10h.
"""

from __future__ import annotations

import msgspec

from pos.simulators.printer.paper import Model


class State(msgspec.Struct, frozen=True, kw_only=True):
    """What a person beside the printer sees.

    `offline` is offline for no other reason named here. The drawer's contact closes pin 3 to
    high when the drawer is open, the other way round with `drawer_inverted`; both are in use.
    """

    paper_near_end: bool = False
    paper_end: bool = False
    cover_open: bool = False
    drawer_open: bool = False
    drawer_inverted: bool = False
    offline: bool = False
    cutter_error: bool = False
    unrecoverable_error: bool = False
    overheated: bool = False
    feed_button: bool = False

    @property
    def error(self) -> bool:
        """Whether an error stops printing."""
        return self.cutter_error or self.unrecoverable_error or self.overheated

    @property
    def stopped(self) -> bool:
        """Whether the printer is offline: it takes bytes in but prints nothing."""
        return self.offline or self.cover_open or self.paper_end or self.error

    @property
    def pin3(self) -> bool:
        """Level of the drawer connector's pin 3."""
        return self.drawer_open != self.drawer_inverted


def _bits(*pairs: tuple[bool, int]) -> int:
    return sum(bit for true, bit in pairs if true)


def realtime(state: State, number: int) -> bytes:
    """The answer to DLE EOT `number`, one byte; none for numbers other than 1–4."""
    if number == 1:
        bits = _bits((state.pin3, 0x04), (state.stopped, 0x08), (state.feed_button, 0x40))
    elif number == 2:
        bits = _bits(
            (state.cover_open, 0x04),
            (state.feed_button, 0x08),
            (state.paper_end, 0x20),
            (state.error, 0x40),
        )
    elif number == 3:
        bits = _bits(
            (state.cutter_error, 0x08),
            (state.unrecoverable_error, 0x20),
            (state.overheated, 0x40),
        )
    elif number == 4:
        bits = _bits((state.paper_near_end or state.paper_end, 0x0C), (state.paper_end, 0x60))
    else:
        return b""
    return bytes([0x12 | bits])


def paper_sensors(state: State) -> bytes:
    """The answer to GS r 1 and ESC v."""
    near = state.paper_near_end or state.paper_end
    return bytes([_bits((near, 0x03), (state.paper_end, 0x0C))])


def drawer(state: State) -> bytes:
    """The answer to GS r 2 and ESC u."""
    return bytes([_bits((state.pin3, 0x01))])


def asb(state: State) -> bytes:
    """The four bytes of automatic status back."""
    near = state.paper_near_end or state.paper_end
    first = 0x10 | _bits(
        (state.pin3, 0x04),
        (state.stopped, 0x08),
        (state.cover_open, 0x20),
        (state.feed_button, 0x40),
    )
    second = _bits(
        (state.cutter_error, 0x08), (state.unrecoverable_error, 0x20), (state.overheated, 0x40)
    )
    third = _bits((near, 0x03), (state.paper_end, 0x0C))
    return bytes([first, second, third, 0x0F])


def asb_due(mask: int, before: State, after: State) -> bool:
    """Whether a change is told under GS a `mask`: 1 drawer, 2 on/offline, 4 error, 8 paper."""
    old, new = asb(before), asb(after)
    changed = (old[0] ^ new[0], old[1] ^ new[1], old[2] ^ new[2])
    return bool(
        (mask & 1 and changed[0] & 0x04)
        or (mask & 2 and changed[0] & 0x28)
        or (mask & 4 and changed[1])
        or (mask & 8 and changed[2])
        or (mask & 0x40 and changed[0] & 0x40)
    )


def identity(model: Model, number: int) -> bytes:
    """The answer to GS I: one byte for 1–3, ``_``, text and NUL for 65–69."""
    if number in (1, 2, 3, 49, 50, 51):
        two_bytes_and_cutter = 0x03
        return bytes([{1: 0x20, 2: two_bytes_and_cutter, 3: 0x01}[number % 48]])
    text = {
        65: model.firmware,
        66: model.maker,
        67: model.name,
        68: model.serial,
        69: model.charset.upper(),
    }.get(number)
    return b"" if text is None else b"_" + text.encode("ascii", "replace") + b"\0"


def process_id(data: bytes) -> bytes:
    """The answer to GS ( H 48: the four bytes that were sent, when their turn comes."""
    return b"\x37\x22" + data[:4] + b"\0"


def qr_size(side: int) -> bytes:
    """The answer to GS ( k 182: width and height of the stored symbol in dots; 0 × 0 for none."""
    printable = b"1" if side else b"0"
    size = str(side).encode()
    return b"\x37\x36" + size + b"\x1f" + size + b"\x1f1\x1f" + printable + b"\0"


BUFFER_CLEARED = b"\x37\x25\0"
"""The answer to DLE DC4 8."""
