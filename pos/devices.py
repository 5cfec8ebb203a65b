"""What stands at the counter, as config.toml tells it: printers, drawer, scanners, scale, display.

Every field carries its description, as in `pos.config`. Whether keys fit together (a network
printer without a host) is `problems`' to say.
"""

from __future__ import annotations

from typing import Annotated, Literal

import msgspec

from pos.refusal import Refused

_MARK = r"^[ -~]*$"
_PATTERN = r"^[0-9]{1,8}[0-9xwnmuvsdc]{1,28}$"
_HEX = r"^([0-9a-fA-F]{2}( ?[0-9a-fA-F]{2})*)?$"


def _about(text: str) -> msgspec.Meta:
    return msgspec.Meta(description=text)


class _Section(msgspec.Struct, frozen=True, forbid_unknown_fields=True):
    pass


Baudrate = Annotated[int, msgspec.Meta(ge=300, le=921_600), _about("bits a second of the line")]
UsbId = Annotated[int, msgspec.Meta(ge=0, le=0xFFFF), _about("0x0416 form; 0: any printer")]


class Printer(_Section, frozen=True):
    """A receipt or label printer: `[printers.NAME]`."""

    enabled: Annotated[bool, _about("false: this printer is left alone")] = True
    connection: Annotated[
        Literal["network", "usb", "serial", "file", "cups", "virtual"],
        _about("how it is reached; file: a device like /dev/usb/lp0; virtual: jobs into a folder"),
    ] = "network"
    host: Annotated[str, msgspec.Meta(max_length=253), _about("network: address or name")] = ""
    port: Annotated[int, msgspec.Meta(ge=1, le=65535), _about("network: its TCP port")] = 9100
    usb_vendor: Annotated[UsbId, _about("usb: vendor id, 0 finds the only printer")] = 0
    usb_product: Annotated[UsbId, _about("usb: product id")] = 0
    usb_serial: Annotated[str, msgspec.Meta(max_length=64), _about("usb: serial number")] = ""
    device: Annotated[
        str, msgspec.Meta(max_length=200), _about("serial, file: /dev/serial/by-id/…, /dev/usb/lp0")
    ] = ""
    baudrate: Annotated[Baudrate, _about("serial: bits a second")] = 115_200
    flow: Annotated[
        Literal["none", "rtscts", "dsrdtr", "xonxoff"], _about("serial: flow control")
    ] = "none"
    queue: Annotated[str, msgspec.Meta(max_length=100), _about("cups: name of the queue")] = ""
    folder: Annotated[str, msgspec.Meta(max_length=200), _about("virtual: where jobs are kept")] = (
        "data/printed"
    )
    paper_mm: Annotated[Literal[58, 80], _about("width of the paper roll")] = 80
    columns: Annotated[
        int, msgspec.Meta(ge=0, le=96), _about("characters a line; 0: 32 on 58 mm, 48 on 80 mm")
    ] = 0
    encoding: Annotated[
        Literal["gb18030", "gbk", "big5", "image"],
        _about("what the printer understands; image: every line is drawn (no Chinese font)"),
    ] = "gb18030"
    missing: Annotated[
        Literal["replace", "draw"],
        _about("signs the printer has not: replaced by 〓, or their line is drawn"),
    ] = "replace"
    font: Annotated[
        str, msgspec.Meta(max_length=200), _about("font file for drawn lines; empty: one is found")
    ] = ""
    hanzi_size: Annotated[
        Literal["gs", "fs", "both"], _about("which command makes Chinese large: GS !, FS ! or both")
    ] = "both"
    qr: Annotated[Literal["native", "image"], _about("who draws QR codes: printer, program")] = (
        "native"
    )
    barcode: Annotated[
        Literal["native", "image"], _about("who draws barcodes: printer, program")
    ] = "native"
    cut: Annotated[Literal["full", "partial", "none"], _about("cut of the paper")] = "partial"
    feed_lines: Annotated[
        int, msgspec.Meta(ge=0, le=20), _about("lines fed before a cut: head to knife")
    ] = 4
    copies: Annotated[int, msgspec.Meta(ge=1, le=5), _about("receipts of a sale")] = 1
    buzzer: Annotated[int, msgspec.Meta(ge=0, le=9), _about("beeps after a receipt")] = 0
    logo: Annotated[
        str, msgspec.Meta(max_length=200), _about("PNG above each receipt, relative to this file")
    ] = ""
    status: Annotated[
        Literal["auto", "on", "off"],
        _about("asked before a job; on: no answer means do not print; off: it never answers"),
    ] = "auto"
    confirm: Annotated[
        Literal["gs_r", "gs_h", "off"], _about("how the printer is asked whether a job is done")
    ] = "gs_r"
    connect_seconds: Annotated[
        int, msgspec.Meta(ge=1, le=60), _about("longest wait for a connection")
    ] = 3
    answer_ms: Annotated[
        int, msgspec.Meta(ge=50, le=10_000), _about("longest wait for an answer about status")
    ] = 800
    job_seconds: Annotated[
        int, msgspec.Meta(ge=2, le=300), _about("longest wait for a job to be printed")
    ] = 20
    stand_in: Annotated[
        str, msgspec.Meta(max_length=40), _about("printer that prints in its place when it is out")
    ] = ""
    late_minutes: Annotated[
        int,
        msgspec.Meta(ge=0, le=1440),
        _about("receipts older than this do not print by themselves at start"),
    ] = 10

    @property
    def width(self) -> int:
        """Paper columns: 12 dots each."""
        return self.columns or (32 if self.paper_mm == 58 else 48)


class Drawer(_Section, frozen=True):
    """The cash drawer: `[drawer]`. It hangs on a printer's plug."""

    enabled: Annotated[bool, _about("false: there is none")] = True
    printer: Annotated[
        str, msgspec.Meta(max_length=40), _about("printer it hangs on; empty: the first")
    ] = ""
    pin: Annotated[Literal[2, 5], _about("which pin of the plug opens it")] = 2
    on_ms: Annotated[int, msgspec.Meta(ge=2, le=510), _about("length of the pulse")] = 100
    off_ms: Annotated[int, msgspec.Meta(ge=2, le=510), _about("rest after the pulse")] = 100
    open_on: Annotated[tuple[str, ...], _about('ways of payment that open it, as ["cash"]')] = (
        "cash",
    )
    open_signal: Annotated[
        Literal["high", "low", "none"],
        _about("level of pin 3 while it is open; none: nobody knows"),
    ] = "none"


class Scanner(_Section, frozen=True):
    """A scanner: `[scanners.NAME]`. One that types like a keyboard needs no entry."""

    enabled: Annotated[bool, _about("false: it is left alone")] = True
    mode: Annotated[
        Literal["keyboard", "serial", "evdev"],
        _about("serial: also USB-COM; evdev: a USB keyboard scanner taken for the till alone"),
    ] = "keyboard"
    device: Annotated[
        str, msgspec.Meta(max_length=200), _about("/dev/serial/by-id/… or /dev/input/by-id/…")
    ] = ""
    baudrate: Annotated[Baudrate, _about("serial: bits a second")] = 9600
    prefix: Annotated[
        str, msgspec.Meta(max_length=16, pattern=_MARK), _about("what it puts before a code")
    ] = ""
    suffix: Annotated[
        Literal["enter", "tab", "none"], _about("what ends a code; none: a silence of gap_ms")
    ] = "enter"
    gap_ms: Annotated[
        int, msgspec.Meta(ge=20, le=1000), _about("a silence this long ends or drops a code")
    ] = 100
    min_length: Annotated[int, msgspec.Meta(ge=1, le=64), _about("shorter codes are noise")] = 3
    aim_ids: Annotated[
        bool, _about("it sends AIM ids like ]E0; they are taken off and kept as the kind")
    ] = True


class Scale(_Section, frozen=True):
    """The scale: `[scale]`. `protocol = "other"` is told by request, frame, unit and stable."""

    enabled: Annotated[bool, _about("whether there is one")] = False
    device: Annotated[str, msgspec.Meta(max_length=200), _about("/dev/serial/by-id/…")] = ""
    protocol: Annotated[
        Literal["toledo8217", "ds781", "acs", "other"], _about("how the scale speaks")
    ] = "toledo8217"
    baudrate: Annotated[
        int, msgspec.Meta(ge=0, le=921_600), _about("bits a second; 0: the protocol's own")
    ] = 0
    line: Annotated[
        str, msgspec.Meta(pattern=r"^([78][NEO][12])?$"), _about('"8N1", "7E1"; empty: its own')
    ] = ""
    request: Annotated[
        str, msgspec.Meta(pattern=_HEX), _about("other: bytes that ask for a weight, hex")
    ] = ""
    frame: Annotated[
        str,
        msgspec.Meta(max_length=200, pattern=_MARK),
        _about("other: regex of an answer, groups weight, and flag, sign, unit where it has them"),
    ] = ""
    unit: Annotated[
        Literal["kg", "g", "jin"], _about("other: unit of a weight whose frame names none")
    ] = "kg"
    decimals: Annotated[
        int,
        msgspec.Meta(ge=0, le=4),
        _about("other: decimals of a weight that is sent without a point"),
    ] = 0
    stable: Annotated[
        str,
        msgspec.Meta(max_length=16, pattern=_MARK),
        _about("other: the flag of a weight at rest"),
    ] = ""
    wait_ms: Annotated[
        int, msgspec.Meta(ge=100, le=10_000), _about("longest wait for a weight at rest")
    ] = 1500


class Display(_Section, frozen=True):
    """The customer display: `[display]`."""

    enabled: Annotated[bool, _about("whether there is one")] = False
    device: Annotated[str, msgspec.Meta(max_length=200), _about("/dev/serial/by-id/…")] = ""
    protocol: Annotated[
        Literal["led8", "vfd"], _about("led8: 8 digits and lamps; vfd: two lines of 20")
    ] = "led8"
    baudrate: Annotated[
        int, msgspec.Meta(ge=0, le=921_600), _about("bits a second; 0: 2400 led8, 9600 vfd")
    ] = 0
    lamp: Annotated[Literal["ascii", "binary", "none"], _about("led8: how lamps are numbered")] = (
        "ascii"
    )
    welcome: Annotated[
        str, msgspec.Meta(max_length=20, pattern=_MARK), _about("vfd: shown between customers")
    ] = "WELCOME"


class ScaleLabel(_Section, frozen=True):
    """A kind of in-store label: `[[scale_labels]]`.

    `pattern` is the whole code: digits stand for themselves, then x item code, w weight, n pieces,
    m amount, u price of a unit, v or s member, d anything, c the check digit (last).
    `22xxxxxwwwwwc` is a weight, `23xxxxxmmmmmc` an amount, `22xxxxxwwwwwmmmmmc` both,
    `2001vvvvvv00c` and `29sssssss000c` are members' cards.
    """

    pattern: Annotated[
        str, msgspec.Meta(pattern=_PATTERN), _about('the whole code, as "22xxxxxwwwwwc"')
    ]
    weight_decimals: Annotated[
        int, msgspec.Meta(ge=0, le=4), _about("decimals of the weight in kg: 3 means grams")
    ] = 3
    amount_decimals: Annotated[
        int, msgspec.Meta(ge=0, le=2), _about("decimals of amount and price in yuan: 2 means fen")
    ] = 2
    check: Annotated[
        Literal["ean", "none"], _about("ean: the check digit must be right; none: it is anything")
    ] = "ean"


def problems(name: str, printer: Printer) -> list[Refused]:
    """Keys of `[printers.name]` that are missing for its connection."""
    wanted = {
        "network": "host",
        "serial": "device",
        "file": "device",
        "cups": "queue",
        "virtual": "folder",
    }.get(printer.connection, "")
    found = []
    if printer.enabled and wanted and not getattr(printer, wanted):
        found.append(
            Refused("printer_key_missing", printer=name, key=wanted, connection=printer.connection)
        )
    if printer.stand_in == name:
        found.append(Refused("printer_stands_in_for_itself", printer=name))
    return found
