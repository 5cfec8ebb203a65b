"""The counter as `pos doctor` sees it: receipts that lay out, printers that answer, ports."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path
from typing import Literal

from pos.clock import stamp, system_clock
from pos.config import Config
from pos.refusal import Refused
from pos.till import receipts, trying
from pos.words import Words
from pos.words.refusals import say

State = Literal["ok", "warn", "fail"]
Finding = tuple[str, State, str]
SLIPS = ("sale", "reprint", "return", "void", "voucher", "test")


def of_counter(config: Config, words: Words) -> Iterator[Finding]:
    """Templates, printers and serial ports; a printer that is out is no reason not to sell."""
    yield from _templates(config, words)
    for name, printer in config.settings.printers.items():
        if printer.enabled:
            yield _printer(config, words, name)
    settings = config.settings
    ports = [("scale", settings.scale.enabled, settings.scale.device)]
    ports.append(("display", settings.display.enabled, settings.display.device))
    ports += [
        (name, one.enabled and one.mode != "keyboard", one.device)
        for name, one in settings.scanners.items()
    ]
    for name, used, device in ports:
        if used:
            there = Path(device).exists()
            yield "devices", "ok" if there else "warn", f"{name} {device}"


def _templates(config: Config, words: Words) -> Iterator[Finding]:
    data = receipts.example(config, stamp(system_clock().now()))
    faults = []
    for kind in SLIPS:
        try:
            layout = receipts.slip(config, kind, data)
            faults += [say(words.refusals, x.refused(f"{kind}.receipt")) for x in layout.faults]
        except Refused as refused:
            faults.append(say(words.refusals, refused))
    for fault in faults:
        yield "receipts", "fail", fault
    if not faults:
        yield "receipts", "ok", str(config.receipts if config.receipts.is_dir() else "-")


def _printer(config: Config, words: Words, name: str) -> Finding:
    found = trying.examined(config, name, system_clock())
    codes = [code for code in (found.reason, found.status.trouble, found.hint) if code]
    if not codes:
        return "printers", "ok", f"{name} {found.connect_ms} ms {found.model}".strip()
    said = " ".join(say(words.refusals, Refused(code)) for code in codes)
    return "printers", "warn", f"{name}: {said}"
