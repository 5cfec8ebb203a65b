"""`pos simulator printer`: a printer in the foreground until it is told to end."""

from __future__ import annotations

import argparse
import json
import os
import sys
from collections.abc import Sequence
from contextlib import ExitStack
from pathlib import Path

from pos.simulators.ending import End
from pos.simulators.printer.device import VirtualPrinter
from pos.simulators.printer.folder import Folder
from pos.simulators.printer.fonts import NoFontError, find_font
from pos.simulators.printer.lines import FifoLine, PtyLine
from pos.simulators.printer.paper import Model
from pos.simulators.printer.server import PrinterServer
from pos.simulators.printer.trouble import WORDS, parse

_PORT = 9100


def _parser() -> argparse.ArgumentParser:
    parser = argparse.ArgumentParser(
        prog="pos simulator printer",
        description="A receipt printer on 127.0.0.1: keeps every receipt as text and picture.",
    )
    parser.add_argument("--port", type=int, default=_PORT, help="0: a free one (default 9100)")
    parser.add_argument("--dir", type=Path, required=True, help="for the receipts; made if absent")
    parser.add_argument(
        "--fault", action="append", default=[], metavar="FAULT",
        help=f"may be given more than once: {', '.join(WORDS)}",
    )  # fmt: skip
    parser.add_argument("--width", type=int, choices=(58, 80), default=80, help="paper in mm")
    parser.add_argument("--charset", choices=("gb18030", "gbk"), default="gb18030")
    parser.add_argument(
        "--hanzi", action="store_true", help="two-byte mode is on without FS &, as with many makes"
    )
    parser.add_argument("--font", type=Path, help="font file for the pictures")
    parser.add_argument("--pty", action="store_true", help="a serial line too")
    parser.add_argument("--fifo", type=Path, help="a FIFO too, made at this path")
    parser.add_argument("--json", action="store_true", help="tell where it listens as JSON")
    return parser


def main(argv: Sequence[str] | None = None) -> int:
    """Prints until SIGTERM or Ctrl-C; 0 then, 1 when port or folder cannot be had, 2 wrong usage.

    One line on standard output tells where it listens, as JSON with --json:
    `simulator, host, port, dir, width_mm, device, fifo`.
    """
    parser = _parser()
    wishes = parser.parse_args(argv)
    try:
        trouble, states = parse(wishes.fault)
    except ValueError as why:
        parser.error(str(why))
    model = Model.of_width(wishes.width, charset=wishes.charset, hanzi_at_start=wishes.hanzi)
    end = End()
    _warn_without_font(wishes.font)
    try:
        with ExitStack() as stack:
            folder = Folder(wishes.dir, wishes.font)
            stack.callback(folder.close)
            printer = VirtualPrinter(model, folder=folder, tear_on_close=True)
            printer.set_trouble(trouble)
            printer.change(**states)
            server = stack.enter_context(PrinterServer(printer, wishes.port))
            told: dict[str, object] = {
                "simulator": "printer",
                "host": server.host,
                "port": server.port,
                "dir": str(wishes.dir),
                "width_mm": wishes.width,
            }
            if wishes.pty:
                told["device"] = stack.enter_context(PtyLine(printer)).device
            if wishes.fifo:
                told["fifo"] = str(stack.enter_context(FifoLine(printer, wishes.fifo)).path)
            _tell(told, wishes.json)
            end.wait()
        if folder.complaint:
            print(f"printer: {folder.complaint}", file=sys.stderr)
    except (OSError, OverflowError) as why:
        print(f"printer: {why}", file=sys.stderr)
        return 1
    return 0


def _warn_without_font(font: Path | None) -> None:
    try:
        path = font or find_font()
        if not os.access(path, os.R_OK):
            raise NoFontError(f"字体文件读不了 cannot read font {path}")
    except NoFontError as why:
        print(f"printer: {why}", file=sys.stderr)


def _tell(told: dict[str, object], as_json: bool) -> None:
    if as_json:
        print(json.dumps(told, ensure_ascii=False), flush=True)
        return
    print(f"printer {told['host']}:{told['port']}  {told['width_mm']} mm  → {told['dir']}")
    for key in ("device", "fifo"):
        if key in told:
            print(f"  {key} {told[key]}")
    sys.stdout.flush()
