"""GS k (bar codes) and GS ( k (two-dimensional codes) of the ESC/POS command reference."""

from __future__ import annotations

from functools import lru_cache
from typing import TYPE_CHECKING

from qrcode.exceptions import DataOverflowError  # type: ignore[import-untyped]  # it has no types
from qrcode.main import QRCode  # type: ignore[import-untyped]  # it has no types
from qrcode.util import MODE_8BIT_BYTE, QRData  # type: ignore[import-untyped]  # it has no types

from pos.simulators.printer.bars import BadCode, encode
from pos.simulators.printer.commands import MORE, until_nul

if TYPE_CHECKING:
    from pos.simulators.printer.interpreter import Interpreter

_MOST = 255
_nul_rule = until_nul(3, _MOST)
_LEVELS = {48: "L", 49: "M", 50: "Q", 51: "H"}
_CORRECTION = {"L": 1, "M": 0, "Q": 3, "H": 2}
"""The two bits by which a QR code names its error correction level (ISO/IEC 18004)."""
_QR = 49
_MOST_STORED = 7089
_OTHER_KINDS = {48: "PDF417", 50: "MaxiCode", 51: "GS1 DataBar", 52: "Composite", 53: "Aztec",
                54: "DataMatrix"}  # fmt: skip


def bars_length(buffer: bytearray, at: int) -> int:
    """Form A ends with NUL (m 0–6), form B tells how many bytes follow (m 65–79)."""
    if len(buffer) < at + 3:
        return MORE
    m = buffer[at + 2]
    if m <= 6:
        return _nul_rule(buffer, at)
    if 65 <= m <= 79:
        return 4 + buffer[at + 3] if len(buffer) > at + 3 else MORE
    return 3


def bars(p: Interpreter, args: bytes) -> None:
    """GS k: prints the code if its data is right and it fits across."""
    m = args[0]
    if not (m <= 6 or 65 <= m <= 79):
        p.bad("GS k", m)
        return
    data = args[1:].removesuffix(b"\0") if m <= 6 else args[2:]
    try:
        symbol = encode(m, data)
    except BadCode as bad:
        p.fault("bad_code", f"GS k {m}: {bad}")
        return
    if symbol is None:
        p.fault("unsupported", f"GS k {m}")
        return
    if symbol.wrong_check_digit:
        p.fault("check_digit", symbol.caption)
    p.flush_line("GS k")
    runs = symbol.runs(p.mode.bar_width)
    if not p.strip.print_bars(symbol.kind, symbol.data, runs, symbol.caption, p.mode):
        p.fault("code_too_wide", f"{sum(runs)} dots of {p.mode.area}")


def two_dimensional(p: Interpreter, data: bytes) -> None:
    """GS ( k: `data` is cn fn and parameters. Only QR codes (cn 49) are printed."""
    if len(data) < 2:
        p.bad("GS ( k", len(data))
        return
    kind, function, rest = data[0], data[1], data[2:]
    if kind != _QR:
        if function in (81, 82):
            p.fault("unsupported", _OTHER_KINDS.get(kind, f"GS ( k {kind}"))
        return
    acts = {65: _model, 67: _module, 69: _level, 80: _store, 81: _print, 82: _tell}
    act = acts.get(function)
    if act is None or not rest:
        p.bad("GS ( k", function)
        return
    act(p, rest)


def _model(p: Interpreter, rest: bytes) -> None:
    if rest[0] not in (49, 50, 51):
        p.bad("GS ( k 165", rest[0])
        return
    if rest[0] != 50:
        p.fault("unsupported", "QR model 1" if rest[0] == 49 else "Micro QR")
    p.mode.qr_model = rest[0]


def _module(p: Interpreter, rest: bytes) -> None:
    if 1 <= rest[0] <= 16:
        p.mode.qr_size = rest[0]
    else:
        p.bad("GS ( k 167", rest[0])


def _level(p: Interpreter, rest: bytes) -> None:
    if rest[0] in _LEVELS:
        p.mode.qr_level = _LEVELS[rest[0]]
    else:
        p.bad("GS ( k 169", rest[0])


def _store(p: Interpreter, rest: bytes) -> None:
    data = rest[1:]
    if rest[0] != 48 or not 1 <= len(data) <= _MOST_STORED:
        p.bad("GS ( k 180", rest[0])
        return
    p.mode.qr_data = data


def _print(p: Interpreter, rest: bytes) -> None:
    if rest[0] != 48:
        p.bad("GS ( k 181", rest[0])
        return
    if p.mode.qr_data is None:
        p.fault("bad_code", "QR without data")
        return
    modules = qr_modules(p.mode.qr_data, p.mode.qr_level)
    if modules is None:
        p.fault("bad_code", f"{len(p.mode.qr_data)} bytes are too many for a QR code")
        return
    p.flush_line("GS ( k")
    if not p.strip.print_qr(p.mode.qr_data, modules, p.mode):
        p.fault("code_too_wide", f"{modules * p.mode.qr_size} dots of {p.mode.area}")


def _tell(p: Interpreter, rest: bytes) -> None:
    """Function 182 asks for the size of the stored symbol."""
    modules = qr_modules(p.mode.qr_data, p.mode.qr_level) if p.mode.qr_data else None
    side = 0 if modules is None else modules * p.mode.qr_size
    p.ask("GS ( k", side, b"")


def _symbol(data: bytes, level: str) -> QRCode:
    symbol = QRCode(error_correction=_CORRECTION[level], border=0)
    symbol.add_data(QRData(data, mode=MODE_8BIT_BYTE), optimize=0)
    return symbol


@lru_cache(maxsize=64)
def qr_modules(data: bytes, level: str) -> int | None:
    """Modules a side of the smallest QR code that holds `data`; None if none does."""
    try:
        return 17 + 4 * int(_symbol(data, level).best_fit(start=1))
    except (DataOverflowError, ValueError):
        return None


@lru_cache(maxsize=16)
def qr_matrix(data: bytes, level: str) -> tuple[tuple[bool, ...], ...]:
    """Rows of modules, true where dark; `data` must fit."""
    symbol = _symbol(data, level)
    symbol.make(fit=True)
    return tuple(tuple(bool(module) for module in row) for row in symbol.get_matrix())
